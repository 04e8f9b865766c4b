#include "rules/clang/worker/matcher.h"

#include "exec/caps.h"
#include "rules/clang/worker/diagnostics.h"
#include "rules/clang/worker/missed.h"
#include "rules/clang/worker/names.h"
#include "rules/clang/worker/words.h"

#include <string.h>

#define MOST_ARGUMENTS 10u /* that a message can name */
#define TEXT_BYTES 200u    /* of an argument, as it is written */

struct Matcher {
    json_t *rules;
    GHashTable *patterns; /* see condition.h */
};

/* Work on one file. */
typedef struct {
    const Matcher *matcher;
    const GArray *rules; /* of guint: those that are asked for */
    const Ast *ast;
    Conditions c;
    GHashTable *by_callee; /* name -> GArray of guint: rules */
    GArray *by_kind;       /* of guint: rules that name no callee */
    bool wants_names;      /* there are rules of names that are not called */
    json_t *answer, *findings;
    guint *counts; /* by rule */
} Run;

Matcher *matcher_new(const char *json) {
    Matcher *matcher;
    json_t *rules = json_loads(json, 0, NULL);

    if (!json_is_array(rules)) {
        json_decref(rules);
        return NULL;
    }
    matcher = g_new0(Matcher, 1);
    matcher->rules = rules;
    matcher->patterns = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_regex_unref);
    return matcher;
}

void matcher_free(Matcher *matcher) {
    if (matcher == NULL)
        return;
    json_decref(matcher->rules);
    g_hash_table_unref(matcher->patterns);
    g_free(matcher);
}

static const json_t *rule_of(const Matcher *matcher, guint number) {
    return json_array_get(matcher->rules, number);
}

static enum CXCursorKind kind_of(const json_t *rule) {
    return (enum CXCursorKind)json_integer_value(json_object_get(rule, "kind"));
}

static const char *string_of(const json_t *rule, const char *key) {
    return json_string_value(json_object_get(rule, key));
}

/* Warnings that no rule asks for are no trouble of ours, and cost time. */
void matcher_flags(const Matcher *matcher, const GArray *rules, GPtrArray *argv) {
    guint first = argv->len;

    g_ptr_array_add(argv, g_strdup("-w"));
    for (guint i = 0; i < rules->len; i++) {
        const json_t *flags = json_object_get(rule_of(matcher, g_array_index(rules, guint, i)), "flags"),
                     *flag;
        gsize j;

        json_array_foreach(flags, j, flag) {
            g_ptr_array_add(argv, g_strconcat("-W", json_string_value(flag), NULL));
        }
    }
    if (argv->len > first + 1) {
        g_free(argv->pdata[first]);
        argv->pdata[first] = g_strdup("-Wno-everything");
    }
}

/* Findings. */

/* false where the rule has found too much by now. */
static bool take_place(Run *run, guint rule) {
    if (run->counts[rule]++ < CAP_MATCHES_PER_FILE)
        return true;
    json_object_set_new(run->answer, "over", json_integer(rule));
    return false;
}

static json_t *text_json(const Ast *ast, guint node) {
    g_autofree char *text = ast_text(ast, node);
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "...", -1);

    if (strlen(valid) > TEXT_BYTES)
        memcpy(g_utf8_find_prev_char(valid, valid + TEXT_BYTES), "", 1);
    return json_string(valid);
}

static void add_names(const Run *run, guint node, const char *callee, json_t *finding) {
    json_t *arguments = json_array();
    guint count = MIN(flow_argument_count(run->ast, node), MOST_ARGUMENTS);
    guint function = ast_function(run->ast, node);

    for (guint i = 0; i < count; i++)
        json_array_append_new(arguments, text_json(run->ast, flow_argument(run->ast, node, i)));
    json_object_set_new(finding, "args", arguments);
    if (callee != NULL)
        json_object_set_new(finding, "callee", json_string(callee));
    if (function != AST_NONE) {
        g_autofree char *name = names_full(ast_node(run->ast, function)->cursor);
        g_autofree char *valid = g_utf8_make_valid(name, -1);

        json_object_set_new(finding, "function", json_string(valid));
    }
}

/* A call is where its function is named. */
static bool place_of(const Ast *ast, guint node, unsigned *ret_start, unsigned *ret_end) {
    if (ast_node(ast, node)->kind == CXCursor_CallExpr && ast_child(ast, node, 0) != AST_NONE)
        return ast_range(ast, ast_child(ast, node, 0), ret_start, ret_end);
    return ast_range(ast, node, ret_start, ret_end);
}

static void add_finding(Run *run, guint rule, guint node, const char *callee) {
    unsigned start, end;
    json_t *finding;

    if (!place_of(run->ast, node, &start, &end) || !take_place(run, rule))
        return;
    finding = json_pack("{s:I, s:I, s:I}", "rule", (json_int_t)rule, "start", (json_int_t)start, "end",
                        (json_int_t)end);
    add_names(run, node, callee, finding);
    json_array_append_new(run->findings, finding);
}

static bool names_match(const Run *run, guint node, const json_t *rule) {
    const char *pattern = string_of(rule, "name");
    g_autofree char *name = pattern != NULL ? names_spelling(ast_node(run->ast, node)->cursor) : NULL;

    return pattern == NULL || condition_matches(&run->c, pattern, name);
}

static void try_rule(Run *run, guint number, guint node, const char *callee) {
    const json_t *rule = rule_of(run->matcher, number);
    const json_t *result = json_object_get(rule, "result"), *under = json_object_get(rule, "under");

    if (kind_of(rule) != ast_node(run->ast, node)->kind || !names_match(run, node, rule) ||
        (result != NULL && !condition_unused(run->ast, node)) ||
        (under != NULL && !condition_under(run->ast, node, under)) ||
        condition_under(run->ast, node, json_object_get(rule, "not_under")) ||
        !condition_all(&run->c, node, json_object_get(rule, "where")))
        return;
    add_finding(run, number, node, callee);
}

/* Whether the name of what is called is written in a macro of the system's: that is none of the file's. */
static bool is_systems(const Ast *ast, guint node) {
    CXSourceLocation location = clang.getCursorLocation(ast_node(ast, node)->cursor);
    CXFile file = NULL;
    unsigned offset = 0;

    clang.getSpellingLocation(location, &file, NULL, NULL, &offset);
    return file != NULL && clang.File_isEqual(file, ast->file) == 0 &&
           clang.Location_isInSystemHeader(clang.getLocationForOffset(ast->unit, file, offset)) != 0;
}

static void try_callee(Run *run, guint node) {
    g_autofree char *callee = flow_callee(run->ast, node);
    const GArray *rules = callee != NULL ? g_hash_table_lookup(run->by_callee, callee) : NULL;

    if (rules == NULL || is_systems(run->ast, node))
        return;
    for (guint i = 0; i < rules->len; i++)
        try_rule(run, g_array_index(rules, guint, i), node, callee);
}

static void match_tree(Run *run) {
    for (guint node = 0; node < run->ast->nodes->len; node++) {
        enum CXCursorKind kind = ast_node(run->ast, node)->kind;

        if (kind == CXCursor_CallExpr || (kind == CXCursor_DeclRefExpr && run->wants_names))
            try_callee(run, node);
        for (guint i = 0; i < run->by_kind->len; i++)
            try_rule(run, g_array_index(run->by_kind, guint, i), node, NULL);
    }
}

static void match_diagnostics(Run *run) {
    for (guint i = 0; i < run->rules->len; i++) {
        guint number = g_array_index(run->rules, guint, i);
        const json_t *rule = rule_of(run->matcher, number);
        json_t *found = json_object_get(rule, "flags") != NULL ? diagnostics_find(&run->c, rule) : NULL;
        json_t *finding;
        gsize j;

        json_array_foreach(found, j, finding) {
            if (!take_place(run, number))
                break;
            json_object_set_new(finding, "rule", json_integer(number));
            json_array_append(run->findings, finding);
        }
        json_decref(found);
    }
}

/* What was not understood. */

static bool has_errors(CXTranslationUnit unit) {
    unsigned count = clang.getNumDiagnostics(unit);
    bool any = false;

    for (unsigned i = 0; !any && i < count; i++) {
        CXDiagnostic diagnostic = clang.getDiagnostic(unit, i);

        any = clang.getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        clang.disposeDiagnostic(diagnostic);
    }
    return any;
}

/* The names in the file that the tree has: a set of offsets. */
static GHashTable *known_names(const Ast *ast) {
    GHashTable *known = g_hash_table_new(NULL, NULL);

    for (guint i = 0; i < ast->nodes->len; i++) {
        unsigned offset = ast_offset(ast, clang.getCursorLocation(ast_node(ast, i)->cursor));

        if (offset != G_MAXUINT)
            g_hash_table_add(known, GUINT_TO_POINTER(offset));
    }
    return known;
}

/* The first rule that looks for a call of that name, and may find this one; G_MAXUINT: none. */
static guint missed_by(const Run *run, const GArray *words, guint at, const char *name) {
    const GArray *rules = g_hash_table_lookup(run->by_callee, name);

    for (guint i = 0; rules != NULL && i < rules->len; i++) {
        guint number = g_array_index(rules, guint, i);

        if (missed_may_match(&run->c, rule_of(run->matcher, number), words, at, name))
            return number;
    }
    return G_MAXUINT;
}

static void find_missed(Run *run) {
    g_autoptr(GArray) words = words_read(run->ast->unit, run->ast->file);
    g_autoptr(GHashTable) known = NULL;

    for (guint i = 0; i + 1 < words->len; i++) {
        const WordPlace *place = &g_array_index(words, WordPlace, i);
        g_autofree char *name = NULL;
        guint rule;

        if (place->word != WORD_NAME || place[1].word != WORD_OPEN)
            continue;
        name = g_strndup(run->ast->text + place->offset, place->end - place->offset);
        if (!g_hash_table_contains(run->by_callee, name))
            continue;
        if (known == NULL)
            known = known_names(run->ast);
        if (g_hash_table_contains(known, GUINT_TO_POINTER(place->offset)))
            continue;
        rule = missed_by(run, words, i, name);
        if (rule == G_MAXUINT)
            continue;
        json_object_set_new(run->answer, "missed", json_integer(rule));
        json_object_set_new(run->answer, "missed_at", json_integer(place->offset));
        return;
    }
}

static void array_free(gpointer data) {
    g_array_unref(data);
}

static void sort_rules(Run *run) {
    for (guint i = 0; i < run->rules->len; i++) {
        guint number = g_array_index(run->rules, guint, i);
        const json_t *rule = rule_of(run->matcher, number), *callees = json_object_get(rule, "callee"), *name;
        gsize j;

        run->wants_names = run->wants_names || kind_of(rule) == CXCursor_DeclRefExpr;
        if (callees == NULL && json_object_get(rule, "flags") == NULL)
            g_array_append_val(run->by_kind, number);
        json_array_foreach(callees, j, name) {
            GArray *rules = g_hash_table_lookup(run->by_callee, json_string_value(name));

            if (rules == NULL) {
                rules = g_array_new(FALSE, FALSE, sizeof(guint));
                g_hash_table_insert(run->by_callee, (gpointer)json_string_value(name), rules);
            }
            g_array_append_val(rules, number);
        }
    }
}

void matcher_run(Matcher *matcher, const GArray *rules, CXTranslationUnit unit, CXFile file, json_t *answer) {
    g_autoptr(GHashTable) by_callee = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, array_free);
    g_autoptr(GArray) by_kind = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autofree guint *counts = g_new0(guint, json_array_size(matcher->rules));
    Ast *ast = ast_read(unit, file);
    Run run = {.matcher = matcher,
               .rules = rules,
               .ast = ast,
               .c = {ast, flow_new(ast), matcher->patterns},
               .by_callee = by_callee,
               .by_kind = by_kind,
               .answer = answer,
               .findings = json_array(),
               .counts = counts};

    sort_rules(&run);
    match_tree(&run);
    match_diagnostics(&run);
    if (has_errors(unit) && ast->text != NULL)
        find_missed(&run);
    json_object_set_new(answer, "findings", run.findings);
    flow_free(run.c.flow);
    ast_free(ast);
}
