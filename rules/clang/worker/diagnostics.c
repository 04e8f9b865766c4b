#include "rules/clang/worker/diagnostics.h"

#include <string.h>

#define MOST_EDITS 16u

static json_t *take_string(CXString said) {
    const char *text = clang.getCString(said);
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);

    clang.disposeString(said);
    return json_string(valid);
}

/* Its own fix-its. NULL where it has none, or one lies elsewhere. */
static json_t *edits_of(const Ast *ast, CXDiagnostic diagnostic) {
    unsigned count = clang.getDiagnosticNumFixIts(diagnostic);
    json_t *edits = count > 0 && count <= MOST_EDITS ? json_array() : NULL;

    for (unsigned i = 0; edits != NULL && i < count; i++) {
        CXSourceRange range;
        json_t *text = take_string(clang.getDiagnosticFixIt(diagnostic, i, &range));
        unsigned start = ast_offset(ast, clang.getRangeStart(range));
        unsigned end = ast_offset(ast, clang.getRangeEnd(range));

        if (start == G_MAXUINT || end == G_MAXUINT || start > end) {
            json_decref(text);
            json_decref(edits);
            return NULL;
        }
        json_array_append_new(edits, json_pack("{s:I, s:I, s:o}", "start", (json_int_t)start, "end",
                                               (json_int_t)end, "text", text));
    }
    return edits;
}

/* {"does": "...", "edits": [...]} of the diagnostic, if it says what the rule wants of it. */
static json_t *fix_of(const Conditions *c, CXDiagnostic diagnostic, const char *wanted) {
    json_t *says = take_string(clang.getDiagnosticSpelling(diagnostic));
    json_t *edits =
        condition_matches(c, wanted, json_string_value(says)) ? edits_of(c->ast, diagnostic) : NULL;

    if (edits != NULL)
        return json_pack("{s:o, s:o}", "does", says, "edits", edits);
    json_decref(says);
    return NULL;
}

/* Of the diagnostic, or of the notes below it. */
static json_t *find_fix(const Conditions *c, CXDiagnostic diagnostic, const char *wanted) {
    json_t *fix = fix_of(c, diagnostic, wanted);
    CXDiagnosticSet notes = clang.getChildDiagnostics(diagnostic);
    unsigned count = clang.getNumDiagnosticsInSet(notes);

    for (unsigned i = 0; fix == NULL && i < count; i++) {
        CXDiagnostic note = clang.getDiagnosticInSet(notes, i);

        fix = fix_of(c, note, wanted);
        clang.disposeDiagnostic(note);
    }
    return fix;
}

/* The word that begins at an offset, or the one byte. */
static unsigned end_of_word(const Ast *ast, unsigned start) {
    unsigned end = start;

    while (end < ast->len && (g_ascii_isalnum(ast->text[end]) || ast->text[end] == '_'))
        end++;
    return MAX(end, start + 1);
}

static bool has_flag(CXDiagnostic diagnostic, const json_t *flags) {
    CXString said = clang.getDiagnosticOption(diagnostic, NULL);
    const char *option = clang.getCString(said);
    const json_t *flag;
    bool has = false;
    gsize i;

    json_array_foreach(flags, i, flag) {
        has = has || (option != NULL && g_str_has_prefix(option, "-W") &&
                      strcmp(option + 2, json_string_value(flag)) == 0);
    }

    clang.disposeString(said);
    return has;
}

/* NULL where it is none of the rule's. */
static json_t *finding_of(const Conditions *c, CXDiagnostic diagnostic, const json_t *rule) {
    const char *wanted = json_string_value(json_object_get(rule, "says"));
    const char *fixit = json_string_value(json_object_get(rule, "fixit"));
    unsigned start = ast_offset(c->ast, clang.getDiagnosticLocation(diagnostic));
    json_t *finding, *says, *fix;

    if (start == G_MAXUINT || start >= c->ast->len || !has_flag(diagnostic, json_object_get(rule, "flags")))
        return NULL;
    says = take_string(clang.getDiagnosticSpelling(diagnostic));
    if (wanted != NULL && !condition_matches(c, wanted, json_string_value(says))) {
        json_decref(says);
        return NULL;
    }
    finding = json_pack("{s:I, s:I, s:o}", "start", (json_int_t)start, "end",
                        (json_int_t)end_of_word(c->ast, start), "says", says);
    fix = fixit != NULL ? find_fix(c, diagnostic, fixit) : NULL;
    if (fix != NULL)
        json_object_set_new(finding, "fix", fix);
    return finding;
}

json_t *diagnostics_find(const Conditions *c, const json_t *rule) {
    json_t *findings = json_array();
    unsigned count = clang.getNumDiagnostics(c->ast->unit);

    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang.getDiagnostic(c->ast->unit, i);
        json_t *finding = finding_of(c, diagnostic, rule);

        if (finding != NULL)
            json_array_append_new(findings, finding);
        clang.disposeDiagnostic(diagnostic);
    }
    return findings;
}
