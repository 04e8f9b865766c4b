#include "rules/scan.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/encoding.h"
#include "rules/lexer.h"

#include <math.h>
#include <string.h>

#define JIT_STACK_START (32u << 10)
#define JIT_STACK_MOST (1u << 20)
#define MOST_REPLACED 9u /* the largest group that a fix can name */
#define HEAD_BYTES 512u  /* in which a #! line is looked for */

struct Scanner {
    const RuleSet *rules;
    pcre2_match_context *context;
    pcre2_match_data *match; /* room for the groups of any rule of the set */
    pcre2_jit_stack *stack;
    Hits *hits; /* NULL: every pattern is tried everywhere */
};

/* Where the next match is looked for. */
typedef struct {
    const GArray *windows; /* NULL: everywhere */
    guint window;          /* the first that is not behind `at` */
    gsize at;
} Search;

/* A place in the text, moved forwards from match to match. */
typedef struct {
    gsize offset;
    guint line, column;
} Cursor;

/* The file that is scanned. */
typedef struct {
    Scanner *scanner;
    CheckResult *result;
    const char *path, *language;
    const char *text; /* valid UTF-8, without a byte order mark */
    gsize len;
    Encoding encoding;
    guint8 *places;  /* of each byte, from the lexer; made when a rule asks */
    CallFile *calls; /* likewise */
} File;

Scanner *scanner_new(const RuleSet *rules) {
    Scanner *scanner = g_new0(Scanner, 1);
    guint32 groups = 0;
    for (guint i = 0; i < rules->rules->len; i++)
        if (((const Rule *)rules->rules->pdata[i])->regex != NULL)
            groups = MAX(groups, ((const Rule *)rules->rules->pdata[i])->regex->group);
    scanner->rules = rules;
    scanner->match = pcre2_match_data_create(MAX(groups, MOST_REPLACED) + 1, NULL);
    scanner->context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(scanner->context, CAP_REGEX_MATCH_LIMIT);
    pcre2_set_depth_limit(scanner->context, CAP_REGEX_DEPTH_LIMIT);
    pcre2_set_heap_limit(scanner->context, CAP_REGEX_HEAP_KIB);
    return scanner;
}

void scanner_use(Scanner *scanner, const Prefilter *prefilter) {
    hits_free(scanner->hits);
    scanner->hits = hits_new(prefilter);
}

void scanner_free(Scanner *scanner) {
    if (!scanner)
        return;
    pcre2_match_data_free(scanner->match);
    pcre2_match_context_free(scanner->context);
    pcre2_jit_stack_free(scanner->stack);
    hits_free(scanner->hits);
    g_free(scanner);
}

/* Machine code costs a tenth of a millisecond a pattern, so it is made for those that are tried. Where it
 * cannot be made (no JIT on this machine, or memory must not be executable) PCRE2 interprets. */
static void prepare(Scanner *scanner, Rule *rule) {
    if (!scanner->stack) {
        scanner->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MOST, NULL);
        if (scanner->stack)
            pcre2_jit_stack_assign(scanner->context, NULL, scanner->stack);
    }
    if (g_once_init_enter(&rule->regex->jit_once)) {
        pcre2_jit_compile(rule->regex->pattern, PCRE2_JIT_COMPLETE);
        g_once_init_leave(&rule->regex->jit_once, 1);
    }
}

static int run(const File *file, const pcre2_code *pattern, const char *text, gsize len, gsize start) {
    return pcre2_match(pattern, (PCRE2_SPTR)text, len, start, PCRE2_NO_UTF_CHECK, file->scanner->match,
                       file->scanner->context);
}

/* The first match at or behind `at`: as if it were tried everywhere, since elsewhere there is none. The text
 * around the windows is seen, and a match may reach beyond them. */
static int find(const File *file, const Rule *rule, Search *search) {
    pcre2_match_context *context = file->scanner->context;
    int rc = PCRE2_ERROR_NOMATCH;

    if (search->windows == NULL)
        return run(file, rule->regex->pattern, file->text, file->len, search->at);
    for (; search->window < search->windows->len; search->window++) {
        const Window *window = &g_array_index(search->windows, Window, search->window);
        gsize start = MAX(search->at, window->first);

        if (start > window->last)
            continue;
        while (start > search->at && (file->text[start] & 0xc0) == 0x80)
            start--;
        pcre2_set_offset_limit(context, window->last);
        rc = run(file, rule->regex->pattern, file->text, file->len, start);
        pcre2_set_offset_limit(context, PCRE2_UNSET);
        if (rc != PCRE2_ERROR_NOMATCH)
            break;
    }
    return rc;
}

/* Which of the limits it is depends on whether the machine has a JIT: one message for all of them. */
static bool is_limit(int rc) {
    return rc == PCRE2_ERROR_MATCHLIMIT || rc == PCRE2_ERROR_DEPTHLIMIT || rc == PCRE2_ERROR_HEAPLIMIT ||
           rc == PCRE2_ERROR_JIT_STACKLIMIT;
}

static void fail(const File *file, const Rule *rule, int rc) {
    g_autofree char *why = NULL;
    if (is_limit(rc)) {
        why = g_strdup_printf("rule %s hit the match limit", rule->info->id);
    } else {
        char message[256];
        pcre2_get_error_message(rc, (PCRE2_UCHAR *)message, sizeof message);
        why = g_strdup_printf("rule %s could not be run to its end: %s", rule->info->id, message);
    }
    check_fail_file(file->result, file->path, why);
}

static void move_to(Cursor *cursor, const File *file, gsize offset) {
    if (offset < cursor->offset)
        *cursor = (Cursor){.line = 1, .column = 1};
    for (; cursor->offset < offset; cursor->offset++) {
        char byte = file->text[cursor->offset];
        if (byte == '\n') {
            cursor->line++;
            cursor->column = 1;
        } else if ((byte & 0xc0) != 0x80) { /* not the second or a later byte of a character */
            cursor->column++;
        }
    }
}

static Region region_of(Cursor *cursor, const File *file, gsize start, gsize end) {
    Region region;
    move_to(cursor, file, start);
    region.start_line = cursor->line;
    region.start_column = cursor->column;
    Cursor ahead = *cursor;
    move_to(&ahead, file, end);
    region.end_line = ahead.line;
    region.end_column = ahead.column;
    return region;
}

/* Shannon's, in bits a byte. */
static double entropy_of(const char *text, gsize len) {
    guint counts[256] = {0};
    double entropy = 0;
    for (gsize i = 0; i < len; i++)
        counts[(guint8)text[i]]++;
    for (guint i = 0; i < G_N_ELEMENTS(counts); i++)
        if (counts[i] > 0)
            entropy -= counts[i] * log2((double)counts[i] / (double)len);
    return len > 0 ? entropy / (double)len : 0;
}

static bool holds_any(const char *text, gsize len, GStrv words) {
    for (char **word = words; *word; word++)
        if (memmem(text, len, *word, strlen(*word)))
            return true;
    return false;
}

static const guint8 *places_of(File *file) {
    if (!file->places)
        file->places = lexer_places(file->language, file->text, file->len);
    return file->places;
}

static bool in_place(File *file, const Rule *rule, gsize start) {
    if (rule->regex->places == PLACE_ANY || start >= file->len)
        return true;
    return places_of(file)[start] & rule->regex->places;
}

/* Whether a match is none after all. An error of an `allow` pattern does not let it go. */
static bool is_let_go(File *file, const Rule *rule, gsize start, gsize end) {
    const char *text = file->text + start;
    gsize len = end - start;
    if (rule->regex && rule->regex->entropy > 0 && entropy_of(text, len) < rule->regex->entropy)
        return true;
    if (rule->stopwords && holds_any(text, len, rule->stopwords))
        return true;
    for (guint i = 0; rule->allow && i < rule->allow->len; i++) {
        int rc = run(file, rule->allow->pdata[i], text, len, 0);
        if (rc >= 0)
            return true;
        if (rc != PCRE2_ERROR_NOMATCH)
            fail(file, rule, rc);
    }
    return false;
}

/* What the region becomes; the groups are those of `span`, the last match. NULL where that cannot be told: it
 * holds a NUL byte, or bytes that are not what the file has. */
static char *replacement(const File *file, const Rule *rule, const PCRE2_SIZE *span) {
    GString *text = g_string_new(NULL);
    const char *at = rule->replace;
    for (const char *dollar; (dollar = strchr(at, '$')) != NULL; at = dollar + 2) {
        g_string_append_len(text, at, dollar - at);
        if (dollar[1] == '$') {
            g_string_append_c(text, '$');
            continue;
        }
        guint group = (guint)(dollar[1] - '0');
        if (span[2 * group] != PCRE2_UNSET)
            g_string_append_len(text, file->text + span[2 * group],
                                (gssize)(span[2 * group + 1] - span[2 * group]));
    }
    g_string_append(text, at);
    return g_string_free(
        text, strlen(text->str) != text->len || !encoding_maps_back(file->encoding, text->str, text->len) ||
                  !encoding_maps_back(file->encoding, file->text + span[0], span[1] - span[0]));
}

static Finding *add_finding(const File *file, const Rule *rule, Region region) {
    Finding *finding =
        finding_new("sallyport", rule->info->id, rule->info->severity, file->path, region, rule->message);
    rule_describe(rule, file->result);
    g_ptr_array_add(file->result->findings, finding);
    return finding;
}

static void add_fix(Finding *finding, const Rule *rule, const char *text) {
    g_autofree char *description = g_strconcat("Fix by ", rule->info->id, NULL);
    Fix *fix = fix_new(description, rule->fix_kind);
    fix_add(fix, finding->region, text);
    g_ptr_array_add(finding->fixes, fix);
}

static gsize behind_character(const File *file, gsize offset) {
    return offset < file->len ? offset + (gsize)g_utf8_skip[(guint8)file->text[offset]] : offset + 1;
}

/* Where to go on after a match that was taken: a line end is not looked at between its two characters. */
static gsize behind_match(const File *file, gsize start, gsize end) {
    if (end > start)
        return end;
    if (end + 1 < file->len && memcmp(file->text + end, "\r\n", 2) == 0)
        return end + 2;
    return behind_character(file, end);
}

/* A match of `length` bytes that is longer than the rule takes is none. */
static bool is_too_long(const Rule *rule, gsize length) {
    return rule->regex->window > 0 && length > rule->regex->window;
}

static bool has_room(const File *file, const Rule *rule, guint found) {
    g_autofree char *why = NULL;

    if (found < CAP_MATCHES_PER_FILE)
        return true;
    why = g_strdup_printf("rule %s matches more than %u times", rule->info->id, found);
    check_fail_file(file->result, file->path, why);
    return false;
}

static void run_rule(File *file, Rule *rule, const GArray *windows) {
    Cursor cursor = {.line = 1, .column = 1};
    Search search = {.windows = windows};
    guint found = 0;

    prepare(file->scanner, rule);
    while (search.at <= file->len) {
        int rc = find(file, rule, &search);
        if (rc == PCRE2_ERROR_NOMATCH)
            return;
        if (rc < 0) {
            fail(file, rule, rc);
            return;
        }
        const PCRE2_SIZE *span = pcre2_get_ovector_pointer(file->scanner->match);
        gsize tried = pcre2_get_startchar(file->scanner->match), match_start = span[0], match_end = span[1];
        guint group = span[2 * rule->regex->group] != PCRE2_UNSET ? rule->regex->group : 0;
        gsize start = span[2 * group], end = span[2 * group + 1];
        g_autofree char *fix = rule->replace ? replacement(file, rule, span) : NULL;

        if (is_too_long(rule, match_end - tried)) {
            search.at = behind_character(file, tried);
            continue;
        }
        if (!in_place(file, rule, start)) {
            search.at = behind_character(file, match_start);
            continue;
        }
        search.at = behind_match(file, match_start, match_end);
        if (is_let_go(file, rule, start, end))
            continue;
        if (!has_room(file, rule, found))
            return;
        found++;
        Finding *finding = add_finding(file, rule, region_of(&cursor, file, start, end));
        if (fix)
            add_fix(finding, rule, fix);
    }
}

/* A rule that looks for calls. */
typedef struct {
    File *file;
    const Rule *rule;
    Cursor cursor;
    guint found;
} Calls;

static bool found_call(gsize start, gsize end, gpointer data) {
    Calls *calls = data;
    File *file = calls->file;
    const PCRE2_SIZE span[] = {start, end};
    g_autofree char *fix = calls->rule->replace ? replacement(file, calls->rule, span) : NULL;

    if (is_let_go(file, calls->rule, start, end))
        return true;
    if (!has_room(file, calls->rule, calls->found))
        return false;
    calls->found++;
    Finding *finding = add_finding(file, calls->rule, region_of(&calls->cursor, file, start, end));
    if (fix)
        add_fix(finding, calls->rule, fix);
    return true;
}

static void run_call_rule(File *file, const Rule *rule) {
    Calls calls = {.file = file, .rule = rule, .cursor = {.line = 1, .column = 1}};
    g_autofree char *why = NULL;

    if (!file->calls)
        file->calls = call_file_new(file->language, file->text, file->len, places_of(file));
    why = call_run(rule->call, file->calls, found_call, &calls);
    if (why) {
        g_autofree char *text =
            g_strdup_printf("rule %s could not be run to its end: %s", rule->info->id, why);
        check_fail_file(file->result, file->path, text);
    }
}

static bool is_for(const File *file, const Rule *rule) {
    if (rule->change != NULL || rule->clang != NULL) /* hygiene.h's, and clang/client.h's */
        return false;
    if (file->encoding == ENCODING_BINARY && (rule->regex == NULL || !rule->regex->binary))
        return false;
    return rule_is_for(rule, file->path, file->language, file->text, file->len);
}

/* The rules that may match, one after another. */
static void run_rules(File *file) {
    const GPtrArray *rules = file->scanner->rules->rules;

    for (guint i = 0; i < rules->len; i++) {
        const GArray *windows = file->scanner->hits != NULL ? hits_of(file->scanner->hits, i) : NULL;
        Rule *rule = rules->pdata[i];

        if (windows != NULL && windows->len == 0)
            continue;
        if (is_for(file, rule) && rule->call)
            run_call_rule(file, rule);
        else if (is_for(file, rule))
            run_rule(file, rule, windows);
    }
}

static void scan(Scanner *scanner, const char *path, const Decoded *decoded, CheckResult *result) {
    File file = {.scanner = scanner, .result = result, .path = path};

    file.text = decoded->text;
    file.len = decoded->len;
    file.encoding = decoded->encoding;
    file.language = rule_language_of(path, file.text, MIN(file.len, HEAD_BYTES));
    if (scanner->hits != NULL)
        hits_find(scanner->hits, file.text, file.len);
    run_rules(&file);
    call_file_free(file.calls);
    g_free(file.places);
}

void scan_file(Scanner *scanner, const char *path, const char *text, gsize len, CheckResult *result) {
    g_auto(Decoded) decoded = {0};

    decode(text, len, &decoded);
    scan(scanner, path, &decoded, result);
}

void scan_binary(Scanner *scanner, const char *path, const char *text, gsize len, CheckResult *result) {
    g_auto(Decoded) decoded = {0};

    decode(text, len, &decoded);
    decoded.encoding = ENCODING_BINARY;
    scan(scanner, path, &decoded, result);
}
