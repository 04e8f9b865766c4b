/* What is found with the prefilter is what is found without it: over patterns that a window could cut, over
 * random patterns and texts, and over what this machine has of source code. */
#include "rules/prefilter.h"

#include "rules/scan.h"
#include "rules/vectorscan.h"

#include <string.h>

static RuleSet *set_of(const char *const *patterns, const char *more) {
    g_autoptr(GString) text = g_string_new("rules:\n");
    g_autoptr(YamlErrors) errors = yaml_errors_new("test.yaml");
    RuleSet *set = rule_set_new();

    for (guint i = 0; patterns[i] != NULL; i++) {
        g_auto(GStrv) quoted = g_strsplit(patterns[i], "'", -1);
        g_autofree char *pattern = g_strjoinv("''", quoted);

        g_string_append_printf(text,
                               "  - {id: t.r%04u, message: M, severity: error, tests: {bad: [x]}, "
                               "regex: {pattern: '%s'%s}}\n",
                               i, pattern, more);
    }
    (void)rule_set_add_text(set, text->str, text->len, errors);
    g_autofree char *all = yaml_errors_text(errors);
    g_assert_cmpstr(all, ==, "");
    return set;
}

/* Loaded from the bytes of another one's database, as from the cache. */
static Prefilter *loaded(const RuleSet *set) {
    g_autoptr(Prefilter) first = prefilter_new(set);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = prefilter_compile(first, &error);
    Prefilter *prefilter = prefilter_new(set);

    g_assert_no_error(error);
    g_assert_true(prefilter_load(prefilter, bytes));
    return prefilter;
}

/* "t.r0001 3:1-3:5; ...". NULL where a rule came to a limit: with the prefilter it may not come to that. */
static char *found_by(Scanner *scanner, const char *path, const char *text, gsize len) {
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    GString *found = g_string_new(NULL);

    scan_file(scanner, path, text, len, result);
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        const Region *at = &finding->region;

        g_string_append_printf(found, "%s %u:%u-%u:%u; ", finding->rule, at->start_line, at->start_column,
                               at->end_line, at->end_column);
    }
    return g_string_free(found, check_failure_of(result, path) != NULL);
}

typedef struct {
    RuleSet *set;
    Prefilter *prefilter;
    Scanner *with, *without;
} Both;

static void both_open(Both *both, RuleSet *set) {
    both->set = set;
    both->prefilter = loaded(set);
    both->with = scanner_new(set);
    both->without = scanner_new(set);
    scanner_use(both->with, both->prefilter);
}

static void both_close(Both *both) {
    scanner_free(both->with);
    scanner_free(both->without);
    prefilter_free(both->prefilter);
    rule_set_free(both->set);
}

/* How many bytes the account of the findings has. */
static gsize assert_equal(const Both *both, const char *path, const char *text, gsize len) {
    g_autofree char *with = found_by(both->with, path, text, len);
    g_autofree char *without = found_by(both->without, path, text, len);

    if (without == NULL)
        return 0;
    g_assert_nonnull(with);
    if (strcmp(with, without) != 0) {
        g_autofree char *shown = g_strescape(text, NULL);
        g_auto(GStrv) here = g_strsplit(with, "; ", -1), there = g_strsplit(without, "; ", -1);
        guint i = 0;

        while (here[i] != NULL && g_strcmp0(here[i], there[i]) == 0)
            i++;
        g_test_message("%s: %.2000s", path, shown);
        for (guint j = 0; j < both->set->rules->len; j++)
            if (g_str_has_prefix(here[i] != NULL && *here[i] ? here[i] : there[i],
                                 ((const Rule *)both->set->rules->pdata[j])->info->id))
                g_test_message("%s", ((const Rule *)both->set->rules->pdata[j])->regex->source);
        g_assert_cmpstr(here[i], ==, there[i]);
    }
    return strlen(with);
}

static bool is_there(void) {
    if (vectorscan_load(NULL))
        return true;
    g_test_skip("Vectorscan is not installed");
    return false;
}

/* Each alone could be cut by a window, or be missed by what the library makes of it. */
static const char *const nasty[] = {
    "(?<=secret: )\\w+",
    "(?<!no )secret",
    "(?<=^key=)value",
    "^secret",
    "secret$",
    "^secret$",
    "(?<=\\r)secret",
    "secret(?=\\r?\\n)",
    "secret(?!\\w)",
    "\\bsecret\\b",
    "\\Bsecret",
    "\\Asecret",
    "secret\\z",
    "secret\\Z",
    "BEGIN[\\s\\S]*END",
    "BEGIN[\\s\\S]*?END",
    "(?s)BEGIN.*END",
    "BEGIN[^-]{0,2000}END",
    "[\\s\\S]*secret",
    ".*secret",
    "(?s).*secret",
    "\\w+_secret",
    "\\w*?_secret\\w*",
    "[a-z]+\\s*=\\s*secret",
    "key = \\Ksecret",
    "key = \\Kse(?=cret)",
    "secret(*SKIP)(*FAIL)|secre",
    "no secret(*SKIP)(*F)|secret",
    "sec(*COMMIT)ret",
    "sec(*ACCEPT)ret",
    "\\Gsecret",
    "(secret|key) \\1",
    "(?i)(secret) \\1",
    "(?<a>secret|key) (?&a)",
    "(?(DEFINE)(?<gap>[ \\t]*+))key(?&gap)=(?&gap)secret",
    "(\\((?:[^()]|(?1))*\\))",
    "secret\\((?:[^()]|(?R))*\\)",
    "(?|(secret)|(key)) \\1",
    "(key)?(?(1) = secret|secret)",
    "(?(?=key)key = \\w+|secret)",
    "(?>secret|secretive)",
    "secret(?:ive)?+\\w",
    "secret\\Rkey",
    "secret\\h+key",
    "secret\\v*key",
    "secret\\X",
    "secret\\N+",
    "\\p{L}+ secret",
    "[[:upper:]]{3,}END",
    "(?i)[[:upper:]]{6}",
    "(?i)secret",
    "(?i)SECRET_KEY",
    "(?i)[k-s]ey",
    "(?i)k[^e]y",
    "(?i)stra\303\237e secret",
    "(?i)\xc3\x89t\xc3\xa9 secret",
    "\xc3\xa9{2}secret",
    "[^\\x00-\\x7f]{3}",
    "\\x{1F600}+ key",
    "secret\\x00key",
    "[]s]ecret",
    "[^]]ecret",
    "[\\]s\\-x]ecret",
    "[s-]ecret",
    "(?x) sec ret # a comment ) [ \n | (?: key ) \\  = ",
    "(?x)secret\\ [ ]key",
    "sec(?#comment)ret",
    "secret{1,a}",
    "sec(?i)RET|KEY =",
    "(?i:SEC)ret",
    "(?-i)secret",
    "(?:secret|key){2,3}",
    "(?:a|b){3}secret",
    "(?:secret)*key",
    "\\d{4,300}END",
    "x{170}",
    "x{100,200}END",
    "(?:ab){50,}END",
    "s?",
    "secret|",
    "$",
    "(?=secret)",
    "\\bkey\\b(?=[\\s\\S]{0,40}secret)",
    "key(?![\\s\\S]{0,40}secret)",
    "(?<![\\w.])secret\\s*\\(",
    "secret(?:\\s|\\n)+key",
    "(a+)+$",
    "(?:secret)(?:){3}",
    "(?:\\b|_)secret",
    "(?:^|;)secret",
    "\\Qsecret\\E",
    "\\Qse.c\\Eret|secret",
    "\\x73ecret|\\163ecret|\\o{163}ecret",
    "\\cIsecret|\\tsecret|\\esecret",
    "secret\\.key|secret\\/key",
    "(?P<n>sec)ret(?P=n)|(?P>n)ret",
    "(?'n'sec)ret\\k'n'|\\g<n>ret|\\g'n'ret|\\k{n}ret|\\g{n}ret",
    "(sec)ret\\g{-1}|\\g1ret|(?-1)ret|(?+1)r(et)",
    "[\\w.-]{0,50}?(?i:secret|token)(?:[ \\t\\w.-]{0,20})[\\s'\"]{0,3}(?:=|>|:=|=>)[\\s'\"]{0,5}([\\w]{4,})",
    NULL};

static const char *const words[] = {
    "secret",
    "key",
    " = ",
    "BEGIN",
    "END",
    "\n",
    "\r\n",
    "\r",
    " ",
    "\t",
    "_",
    "no ",
    "(",
    ")",
    "x",
    "ab",
    "SECRET",
    "Key",
    "=",
    ":",
    ";",
    "\"",
    "\xc3\xa9",
    "\xe2\x84\xaa",
    "\xc5\xbf",
    "\xf0\x9f\x98\x80",
    "\xff",
    "sec",
    "ret",
    "ey",
    "ive",
    "aaaa",
    "1234",
    "\xc2\x85",
    "\xe2\x80\xa8",
    "]",
    "-",
    "secretive",
    "key=value",
    "secret: ",
    "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "strasse",
    "\xc3\x9f",
    ".",
    "secret_key",
    "\v",
    "\f",
    "  secret(",
    "stra\303\237e secret",
    "\xc3\xa9T\xc3\x89 secret",
    "abababababababababababababababababababababababababab",
    "\0",
};

static GString *random_text(GRand *random, guint most) {
    GString *text = g_string_new(NULL);
    guint count = (guint)g_rand_int_range(random, 0, (gint32)most);

    for (guint i = 0; i < count; i++)
        g_string_append(text, words[(guint)g_rand_int_range(random, 0, G_N_ELEMENTS(words) - 1)]);
    return text;
}

static void test_nasty(void) {
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    Both both;
    gsize found = 0;

    if (!is_there())
        return;
    both_open(&both, set_of(nasty, ""));
    g_assert_cmpuint(prefilter_count(both.prefilter), >, 70);
    for (guint i = 0; i < 800; i++) {
        g_autoptr(GString) text = random_text(random, i % 10 == 0 ? 400 : 12);

        found += assert_equal(&both, "a.txt", text->str, text->len);
    }
    g_assert_cmpuint(found, >, 200000);
    both_close(&both);
}

static void test_limited(void) {
    static const char *const windows[] = {", window: 6", ", window: 12", ", window: 100", ", window: file"};
    g_autoptr(GRand) random = g_rand_new_with_seed(6);

    if (!is_there())
        return;
    for (guint i = 0; i < G_N_ELEMENTS(windows); i++) {
        Both both;

        both_open(&both, set_of(nasty, windows[i]));
        for (guint j = 0; j < 150; j++) {
            g_autoptr(GString) text = random_text(random, j % 10 == 0 ? 200 : 12);

            assert_equal(&both, "a.txt", text->str, text->len);
        }
        both_close(&both);
    }
}

/* Any pattern of these atoms, with groups and quantifiers. */
static void random_pattern(GRand *random, GString *pattern, guint depth) {
    static const char *const atoms[] = {
        "a",        "b",      "cab",   "ab",    "abc",      "bca",    "abcab", "\\w",
        "\\s",      "\\n",    "[ab]",  "[^a]",  ".",        "\\d",    "\\b",   "^",
        "$",        "(?<=a)", "(?!b)", "(?=c)", "\xc3\xa9", "[^\\n]", "\\x61", "(?<!c)",
        "[\\s\\S]", "(?i:k)", "\\W",   "s",     "k",        "\\B",    "\\R",   "1",
    };
    static const char *const opens[] = {"(", "(?:", "(?>", "(?i:", "(?s:", "(?=", "(?:"};
    static const char *const counts[] = {"",      "",     "",   "",   "*",  "+",      "?", "{2}",
                                         "{1,3}", "{2,}", "*?", "+?", "++", "{0,2}?", "??"};
    guint items = (guint)g_rand_int_range(random, 1, 6);

    for (guint i = 0; i < items; i++) {
        if (depth > 0 && g_rand_int_range(random, 0, 3) == 0) {
            g_string_append(pattern, opens[g_rand_int_range(random, 0, G_N_ELEMENTS(opens))]);
            random_pattern(random, pattern, depth - 1);
            g_string_append_c(pattern, ')');
        } else {
            g_string_append(pattern, atoms[g_rand_int_range(random, 0, G_N_ELEMENTS(atoms))]);
        }
        g_string_append(pattern, counts[g_rand_int_range(random, 0, G_N_ELEMENTS(counts))]);
        if (i + 1 < items && g_rand_int_range(random, 0, 6) == 0)
            g_string_append_c(pattern, '|');
    }
}

static GString *random_letters(GRand *random) {
    static const char *const letters[] = {
        "a", "b",        "c",  "a",     "b",        "c", "ab", "abc",
        " ", "\n",       "\r", "1",     "\xc3\xa9", "k", "K",  "\xe2\x84\xaa",
        "s", "\xc5\xbf", "S",  "abcabc"};
    GString *text = g_string_new(NULL);
    guint count = (guint)g_rand_int_range(random, 0, 60);

    for (guint i = 0; i < count; i++)
        g_string_append(text, letters[g_rand_int_range(random, 0, G_N_ELEMENTS(letters))]);
    return text;
}

static GPtrArray *random_patterns(GRand *random, guint count) {
    GPtrArray *patterns = g_ptr_array_new_with_free_func(g_free);

    while (patterns->len < count) {
        g_autoptr(GString) pattern = g_string_new(NULL);
        g_autoptr(GRegex) valid = NULL;

        random_pattern(random, pattern, 2);
        if (patterns->len % 4 != 0) { /* something that is rare enough to be looked for */
            g_string_append(pattern, patterns->len % 4 == 1 ? "abc" : "(?:cab|bca)b?");
            random_pattern(random, pattern, 2);
        }
        valid = g_regex_new(pattern->str, G_REGEX_MULTILINE, 0, NULL);
        if (valid != NULL)
            g_ptr_array_add(patterns, g_strdup(pattern->str));
    }
    g_ptr_array_add(patterns, NULL);
    return patterns;
}

static void test_random(void) {
    g_autoptr(GRand) random = g_rand_new_with_seed(7);
    gsize found = 0;
    guint count = 0;

    if (!is_there())
        return;
    for (guint i = 0; i < 12; i++) {
        g_autoptr(GPtrArray) patterns = random_patterns(random, 40);
        Both both;

        both_open(&both, set_of((const char *const *)patterns->pdata, ""));
        count += prefilter_count(both.prefilter);
        for (guint j = 0; j < 60; j++) {
            g_autoptr(GString) text = random_letters(random);

            found += assert_equal(&both, "a.txt", text->str, text->len);
        }
        both_close(&both);
    }
    g_assert_cmpuint(found, >, 200000);
    g_assert_cmpuint(count, >, 240); /* of 480 */
}

/* What this machine has of real source code, some megabytes of each kind. */
static gsize compare_tree(const Both *both, const char *folder, gsize *left, gsize *found) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    gsize bytes = 0;

    for (const char *name; dir != NULL && *left > 0 && (name = g_dir_read_name(dir)) != NULL;) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;
        gsize len;

        if (g_file_test(path, G_FILE_TEST_IS_SYMLINK))
            continue;
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            bytes += compare_tree(both, path, left, found);
        } else if (g_file_get_contents(path, &text, &len, NULL)) {
            *found += assert_equal(both, path, text, len);
            *left -= MIN(len, *left);
            bytes += len;
        }
    }
    return bytes;
}

/* Patterns that find much in source code: long, short, over several lines, of any case. */
static const char *const code[] = {
    "\\b(?:eval|exec|system)\\s*\\(",
    "(?i)[\\w.-]{0,50}?(?:key|token)[ \\t\\w.-]{0,20}[\\s'\"]{0,3}[=:][\\s'\"]{0,5}(\\w{4,})",
    "https?://[\\w.-]+(?:/\\S*)?",
    "/\\*[\\s\\S]*?copyright[\\s\\S]*?\\*/",
    "^#\\s*include\\s*<(\\w+)",
    "[ \\t]+$",
    "\\bNOTE\\b.*",
    "(?<!\\w)return\\s+(\\w+)\\s*;",
    "\"(?:[^\"\\\\\\n]|\\\\.){60,}\"",
    "\\bif\\b[^\\n]*\\bnot\\b",
    "0x[0-9a-f]{8,}",
    "import\\s+\\K\\w+(?=\\s+as)",
    "(?s)def \\w+\\(self.{0,200}?return None",
    "[\\w.+-]+@[\\w-]+\\.[\\w.-]+",
    "\\\\\\n\\s+define",
    "(?i)struct\\s+(\\w+)\\s*\\{[^}]*\\}",
    "(\\w{6,})\\s+\\1\\b",
    "<<(\\w+)[\\s\\S]*?^\\1$",
    NULL,
};

static void test_real(void) {
    static const char *const trees[] = {"/usr/include",
                                        "/usr/lib/python3",
                                        "/usr/share/perl",
                                        "/usr/lib/node_modules",
                                        "/usr/share/doc",
                                        "/usr/lib/git-core",
                                        "rules",
                                        "review",
                                        "exec",
                                        "cmd"};
    gsize bytes = 0, found = 0;
    Both both;

    if (!is_there())
        return;
    both_open(&both, set_of(code, ""));
    for (guint i = 0; i < G_N_ELEMENTS(trees); i++) {
        gsize left = 2u << 20;

        bytes += compare_tree(&both, trees[i], &left, &found);
    }
    g_test_message("%zu bytes, %zu of findings", bytes, found);
    g_assert_cmpuint(bytes, >, 1 << 20);
    g_assert_cmpuint(found, >, 100000);
    both_close(&both);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/prefilter/nasty", test_nasty);
    g_test_add_func("/prefilter/limited", test_limited);
    g_test_add_func("/prefilter/random", test_random);
    g_test_add_func("/prefilter/real", test_real);
    return g_test_run();
}
