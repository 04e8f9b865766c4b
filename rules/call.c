#include "rules/call.h"

#include "exec/caps.h"
#include "rules/call_site.h"

#include <string.h>

struct CallFile {
    const char *text;
    gsize len;
    GArray *tokens; /* NULL: there are too many */
    Scopes *scopes;
    GArray *sites;    /* of CallSite */
    GArray *mentions; /* likewise, made when a rule asks */
    pcre2_match_context *context;
    pcre2_match_data *match;
};

/* What a condition says of a call. */
typedef enum { HOLDS_NOT, HOLDS, HOLDS_UNKNOWN } Answer;

typedef struct {
    const CallRule *rule;
    CallFile *file;
    const CallSite *site;
    GArray *arguments; /* of CallArgument */
    char *error;       /* why it cannot be told */
} Question;

bool call_knows(const char *language) {
    return strcmp(language, "python") == 0 || strcmp(language, "javascript") == 0 ||
           strcmp(language, "typescript") == 0;
}

CallFile *call_file_new(const char *language, const char *text, gsize len, const guint8 *places) {
    CallFile *file = g_new0(CallFile, 1);
    bool python = strcmp(language, "python") == 0;

    file->text = text;
    file->len = len;
    file->tokens = tokens_read(text, len, places, python);
    if (file->tokens == NULL)
        return file;
    file->scopes = scopes_new(file->tokens, text, python);
    if (python)
        scopes_read_python(file->scopes);
    else
        scopes_read_javascript(file->scopes);
    file->sites = call_sites(file->scopes);
    file->match = pcre2_match_data_create(1, NULL);
    file->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(file->context, CAP_REGEX_MATCH_LIMIT);
    pcre2_set_depth_limit(file->context, CAP_REGEX_DEPTH_LIMIT);
    pcre2_set_heap_limit(file->context, CAP_REGEX_HEAP_KIB);
    return file;
}

void call_file_free(CallFile *file) {
    if (file == NULL)
        return;
    g_clear_pointer(&file->sites, g_array_unref);
    g_clear_pointer(&file->mentions, g_array_unref);
    scopes_free(file->scopes);
    g_clear_pointer(&file->tokens, g_array_unref);
    pcre2_match_data_free(file->match);
    pcre2_match_context_free(file->context);
    g_free(file);
}

/* Callees. */

/* Whether the path is that one; a * stands for one name of it. */
static bool is_path(const char *path, const char *wanted) {
    while (*wanted != '\0') {
        if (*wanted == '*') {
            if (*path == '\0' || *path == '.')
                return false;
            path += strcspn(path, ".");
            wanted++;
        } else if (*path++ != *wanted++) {
            return false;
        }
    }
    return *path == '\0';
}

static bool is_callee(const Scopes *scopes, const CallSite *site, const char *wanted) {
    guint8 before = token_kind(&scopes->tokens, site->last - 1);

    if (*wanted == '.')
        return (before == '.' || before == TOKEN_CHAIN) && token_is(&scopes->tokens, site->last, wanted + 1);
    if (g_str_has_prefix(wanted, "new ")) {
        if (!site->is_new)
            return false;
        wanted += strlen("new ");
    }
    for (guint i = 0; i < site->paths->len; i++)
        if (is_path(site->paths->pdata[i], wanted))
            return true;
    return false;
}

static bool is_any_callee(const Question *question) {
    for (char **callee = question->rule->callees; *callee != NULL; callee++)
        if (is_callee(question->file->scopes, question->site, *callee))
            return true;
    return false;
}

/* Whatever a name is imported as, somewhere in the text it stands. */
static bool may_hold(const CallRule *rule, const CallFile *file) {
    for (char **callee = rule->callees; *callee != NULL; callee++) {
        const char *dot = strrchr(*callee, '.'), *space = strrchr(*callee, ' ');
        const char *name = dot != NULL ? dot + 1 : space != NULL ? space + 1 : *callee;

        if (*name == '*' || memmem(file->text, file->len, name, strlen(name)) != NULL)
            return true;
    }
    return false;
}

/* Conditions. */

/* The argument as it is written, without comments, and with blanks only behind commas and between words.
 * Calls may stand in each other's arguments, so only so much of it is taken. */
static char *text_of(const Tokens *tokens, guint from, guint to) {
    GString *text = g_string_new(NULL);

    for (guint i = from; i < to && text->len < CAP_CALL_TEXT; i++) {
        const Token *token = token_at(tokens, i);

        if (i > from && (token_kind(tokens, i - 1) == ',' ||
                         (token->kind == TOKEN_NAME && (token_kind(tokens, i - 1) == TOKEN_NAME ||
                                                        token_kind(tokens, i - 1) == TOKEN_NUMBER))))
            g_string_append_c(text, ' ');
        g_string_append_len(text, tokens->text + token->start, token->end - token->start);
    }
    return g_string_free(text, FALSE);
}

/* All that the argument may be called: what a string holds, what a name stands for, and how it is written. */
static GPtrArray *texts_of(const Scopes *scopes, guint from, guint to) {
    const Tokens *tokens = &scopes->tokens;
    GPtrArray *texts = NULL;
    guint first = from;

    if (to > from && token_kind(tokens, to - 1) == TOKEN_NAME)
        texts = scopes_paths(scopes, to - 1, &first);
    if (texts == NULL || first != from) {
        g_clear_pointer(&texts, g_ptr_array_unref);
        texts = g_ptr_array_new_with_free_func(g_free);
    }
    if (to == from + 1 && token_kind(tokens, from) == TOKEN_STRING)
        g_ptr_array_add(texts, token_string(tokens, from));
    else
        g_ptr_array_add(texts, text_of(tokens, from, to));
    return texts;
}

static bool matches(Question *question, const pcre2_code *pattern, const char *text) {
    int rc = pcre2_match(pattern, (PCRE2_SPTR)text, strlen(text), 0, PCRE2_NO_UTF_CHECK,
                         question->file->match, question->file->context);
    char message[256];

    if (rc >= 0)
        return true;
    if (rc != PCRE2_ERROR_NOMATCH && question->error == NULL) {
        pcre2_get_error_message(rc, (PCRE2_UCHAR *)message, sizeof message);
        question->error = g_strdup(message);
    }
    return false;
}

static bool has_text(Question *question, const CallCondition *condition, guint from, guint to) {
    g_autoptr(GPtrArray) texts = texts_of(question->file->scopes, from, to);
    bool equal = condition->equals == NULL, match = condition->matches == NULL;

    for (guint i = 0; i < texts->len; i++) {
        equal = equal || g_strv_contains((const char *const *)condition->equals, texts->pdata[i]);
        match = match || matches(question, condition->matches, texts->pdata[i]);
    }
    return equal && match;
}

static Answer ask_count(const Question *question, const CallCondition *condition) {
    if (question->site->close == 0)
        return HOLDS_UNKNOWN;
    for (guint i = 0; i < question->arguments->len; i++) {
        const CallArgument *argument = &g_array_index(question->arguments, CallArgument, i);

        if (argument->spread || argument->named)
            return HOLDS_UNKNOWN;
    }
    return question->arguments->len >= condition->least && question->arguments->len <= condition->most
               ? HOLDS
               : HOLDS_NOT;
}

static Answer ask_argument(Question *question, const CallCondition *condition) {
    const Scopes *scopes = question->file->scopes;
    CallFoundArgument found =
        call_find_argument(scopes, question->site, question->arguments, condition->arguments);
    bool is_there = found.state == ARGUMENT_THERE;

    if (found.state == ARGUMENT_UNKNOWN)
        return HOLDS_UNKNOWN;
    if (condition->has_present && condition->present != is_there)
        return HOLDS_NOT;
    if (!condition->has_literal && condition->equals == NULL && condition->matches == NULL)
        return HOLDS;
    if (!is_there)
        return HOLDS_NOT;
    if (condition->has_literal && condition->literal != scopes_are_literal(scopes, found.from, found.to))
        return HOLDS_NOT;
    return has_text(question, condition, found.from, found.to) ? HOLDS : HOLDS_NOT;
}

static bool holds_one(Question *question, const CallCondition *condition) {
    Answer answer = condition->has_count ? ask_count(question, condition) : HOLDS;

    if (answer == HOLDS && condition->arguments != NULL)
        answer = ask_argument(question, condition);
    return answer == HOLDS || (answer == HOLDS_UNKNOWN && condition->unknown_matches);
}

static bool holds(Question *question, const CallCondition *condition) {
    if (condition->any == NULL)
        return holds_one(question, condition);
    for (guint i = 0; i < condition->any->len; i++)
        if (holds_one(question, condition->any->pdata[i]))
            return true;
    return false;
}

static bool hold_all(Question *question) {
    bool all = true;

    question->arguments = call_arguments(question->file->scopes, question->site);
    for (guint i = 0; all && i < question->rule->where->len; i++)
        all = holds(question, question->rule->where->pdata[i]);
    return all;
}

/* The region. */

static void find_region(const Question *question, guint *ret_from, guint *ret_to) {
    const CallSite *site = question->site;
    const CallCondition *first = question->rule->where->len > 0 ? question->rule->where->pdata[0] : NULL;
    CallFoundArgument found = {.state = ARGUMENT_ABSENT};

    *ret_from = site->first;
    *ret_to = question->rule->region == CALL_CALLEE || site->close == 0 ? site->last : site->close;
    if (question->rule->region == CALL_ARGUMENT && first != NULL && first->arguments != NULL)
        found = call_find_argument(question->file->scopes, site, question->arguments, first->arguments);
    if (found.state == ARGUMENT_THERE) {
        *ret_from = found.from;
        *ret_to = found.to - 1;
    }
}

/* What is named, but not called. An import counts where nothing of this file uses it: then others do. */
static void look_at_mentions(Question *question, guint count, CallFound found, gpointer data) {
    CallFile *file = question->file;
    const Tokens *tokens = &file->scopes->tokens;
    const CallSite *import = NULL;

    if (file->mentions == NULL)
        file->mentions = call_mentions(file->scopes);
    for (guint i = 0; i < file->mentions->len; i++) {
        const CallSite *site = question->site = &g_array_index(file->mentions, CallSite, i);

        if (!is_any_callee(question))
            continue;
        if (token_at(tokens, site->last)->in_import)
            import = import != NULL ? import : site;
        else if (count++,
                 !found(token_at(tokens, site->first)->start, token_at(tokens, site->last)->end, data))
            return;
    }
    if (count == 0 && import != NULL)
        found(token_at(tokens, import->first)->start, token_at(tokens, import->last)->end, data);
}

/* false: it is to end here. */
static bool look_at(Question *question, guint *count, CallFound found, gpointer data) {
    const Tokens *tokens = &question->file->scopes->tokens;
    guint from, to;
    bool go_on = true;

    if (!is_any_callee(question))
        return true;
    if (hold_all(question)) {
        find_region(question, &from, &to);
        ++*count;
        go_on = found(token_at(tokens, from)->start, token_at(tokens, to)->end, data);
    }
    g_clear_pointer(&question->arguments, g_array_unref);
    return go_on;
}

char *call_run(const CallRule *rule, CallFile *file, CallFound found, gpointer data) {
    Question question = {.rule = rule, .file = file};
    guint count = 0;

    if (!may_hold(rule, file))
        return NULL;
    if (file->tokens == NULL)
        return g_strdup_printf("the file has more than %u names and signs", CAP_CALL_TOKENS);
    for (guint i = 0; i < file->sites->len; i++) {
        question.site = &g_array_index(file->sites, CallSite, i);
        if (!look_at(&question, &count, found, data))
            return question.error;
    }
    if (rule->references)
        look_at_mentions(&question, count, found, data);
    return question.error;
}

void call_condition_free(CallCondition *condition) {
    if (condition == NULL)
        return;
    if (condition->any != NULL)
        g_ptr_array_unref(condition->any);
    g_strfreev(condition->arguments);
    g_strfreev(condition->equals);
    pcre2_code_free(condition->matches);
    g_free(condition);
}

void call_rule_free(CallRule *rule) {
    if (rule == NULL)
        return;
    g_strfreev(rule->callees);
    if (rule->where != NULL)
        g_ptr_array_unref(rule->where);
    g_free(rule);
}
