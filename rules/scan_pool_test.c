#include "rules/scan_pool.h"

#include "exec/caps.h"
#include "rules/scan.h"
#include "rules/vectorscan.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* Without a NUL behind it. */
static void put(char *text, const char *word) {
    while (*word != '\0')
        *text++ = *word++;
}

static RuleSet *set_of(const char *text) {
    g_autoptr(YamlErrors) errors = yaml_errors_new("test.yaml");
    RuleSet *set = rule_set_new();

    (void)rule_set_add_text(set, text, strlen(text), errors);
    g_autofree char *all = yaml_errors_text(errors);
    g_assert_cmpstr(all, ==, "");
    return set;
}

#define RULE(id, regex)                                                                                      \
    "  - {id: " id ", message: M, severity: error, tests: {bad: [x]}, regex: {" regex "}}\n"

/* NULL where the library is not there: then the test shows that it is not needed. */
static Prefilter *prefilter_of(const RuleSet *set) {
    g_autoptr(Prefilter) prefilter = prefilter_new(set);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = vectorscan_load(NULL) ? prefilter_compile(prefilter, &error) : NULL;

    g_assert_no_error(error);
    return bytes != NULL ? g_steal_pointer(&prefilter) : NULL;
}

static void append(GString *told, const CheckResult *result) {
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];

        g_string_append_printf(told, "%s %s %u; ", finding->path, finding->rule, finding->region.start_line);
    }
}

/* What a pool of so many threads says of 300 files, some of which fail. */
static char *told_by(const RuleSet *set, const Prefilter *prefilter, guint threads) {
    g_autoptr(ScanPool) pool = scan_pool_new(set, prefilter, threads);
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autoptr(GString) told = g_string_new(NULL);

    for (guint i = 0; i < 300; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autofree char *path = g_strdup_printf("f%03u.txt", i);
        g_autoptr(GBytes) bytes = NULL;

        for (guint line = 0; line < i % 40; line++)
            g_string_append(text, line % 7 == 0 ? "a secret here\n" : "nothing\n");
        if (i % 50 == 1)
            g_string_append(text, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
        bytes = g_bytes_new(text->str, text->len);
        scan_pool_add(pool, path, bytes, i % 3 == 0);
    }
    scan_pool_finish(pool, result);
    append(told, result);
    g_assert_cmpuint(g_hash_table_size(result->failures), ==, 4); /* of 6, two are binary */
    g_assert_cmpstr(check_failure_of(result, "f001.txt"), ==, "rule t.slow hit the match limit");
    g_assert_cmpuint(g_hash_table_size(result->rules), ==, 1);
    return g_strdup(told->str);
}

static void test_order(void) {
    g_autoptr(RuleSet) set =
        set_of("rules:\n" RULE("t.secret", "pattern: secret") RULE("t.slow", "pattern: '(a+)+$'"));
    g_autoptr(Prefilter) prefilter = prefilter_of(set);
    g_autofree char *one = told_by(set, NULL, 1), *four = told_by(set, NULL, 4),
                    *with = told_by(set, prefilter, 3);

    g_assert_true(g_str_has_prefix(one, "f001.txt t.secret 1; f002.txt t.secret 1; "));
    g_assert_cmpstr(four, ==, one);
    g_assert_cmpstr(with, ==, one);
}

/* What was not scanned when it is given up is not, and nobody waits for it. */
static void test_given_up(void) {
    g_autoptr(RuleSet) set = set_of("rules:\n" RULE("t.secret", "pattern: secret"));
    g_autoptr(GBytes) bytes = g_bytes_new_static("secret", 6);
    ScanPool *pool = scan_pool_new(set, NULL, 2);

    for (guint i = 0; i < 1000; i++)
        scan_pool_add(pool, "a", bytes, false);
    scan_pool_free(pool);
}

static void test_binary(void) {
    g_autoptr(RuleSet) set =
        set_of("rules:\n" RULE("t.all", "pattern: secret, binary: true") RULE("t.text", "pattern: secret"));
    g_autoptr(GBytes) bytes = g_bytes_new_static("a\0secret", 8), text = g_bytes_new_static("secret", 6);
    g_autoptr(ScanPool) pool = scan_pool_new(set, NULL, 1);
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autoptr(GString) told = g_string_new(NULL);

    scan_pool_add(pool, "a", bytes, false);
    scan_pool_add(pool, "b", text, false);
    scan_pool_add(pool, "c", text, true);
    scan_pool_finish(pool, result);
    append(told, result);
    g_assert_cmpstr(told->str, ==, "a t.all 1; b t.all 1; b t.text 1; c t.all 1; ");
}

static long peak_kib(void) {
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/* However much goes through, no more is held than what is on its way. 256 MiB here; SCAN_POOL_MIB says
 * another count. */
static void test_memory(void) {
    g_autoptr(RuleSet) set = set_of("rules:\n" RULE("t.secret", "pattern: 'secret\\w+'"));
    g_autoptr(Prefilter) prefilter = prefilter_of(set);
    g_autoptr(ScanPool) pool = scan_pool_new(set, prefilter, 2);
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    const char *wanted = g_getenv("SCAN_POOL_MIB");
    guint64 mib = wanted != NULL ? g_ascii_strtoull(wanted, NULL, 10) : 256;
    long before = peak_kib();

    for (guint i = 0; i < mib; i++) {
        char *text = g_strnfill(1 << 20, i % 2 == 0 ? 'a' : '\xe9');
        g_autoptr(GBytes) bytes = g_bytes_new_take(text, 1 << 20);

        memset(text + 1000, '\n', 10);
        scan_pool_add(pool, "a", bytes, false);
    }
    scan_pool_finish(pool, result);
    g_assert_cmpuint(result->findings->len, ==, 0);
    g_test_message("%ld KiB, of which %ld before", peak_kib(), before);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed for a while */
    g_assert_cmpint(peak_kib() - before, <, 96 << 10);
#endif
}

static void scan_one(const RuleSet *set, const Prefilter *prefilter, const char *text, gsize len,
                     CheckResult *result) {
    g_autoptr(Scanner) scanner = scanner_new(set);

    if (prefilter != NULL)
        scanner_use(scanner, prefilter);
    scan_file(scanner, "a", text, len, result);
}

/* A line of as much as a file may be: with and without the prefilter in time that is linear. */
static void test_long_line(void) {
    g_autoptr(RuleSet) set = set_of("rules:\n" RULE("t.word", "pattern: '\\bsecret\\w*'") RULE(
        "t.line", "pattern: '\\w+_secret\\w*'") RULE("t.long", "pattern: 'BEGIN[^!]*END'"));
    g_autoptr(Prefilter) prefilter = prefilter_of(set);
    const gsize len = CAP_FILE_BYTES;
    g_autofree char *text = g_strnfill(len, ' ');
    gint64 start = g_get_monotonic_time();

    for (gsize i = 0; i < 500; i++)
        put(text + i * (len / 500), "my_secret");
    put(text + len / 2 + 100, "BEGIN");
    put(text + len - 3, "END");
    for (guint i = 0; i < 2; i++) {
        g_autoptr(CheckResult) result = check_result_new("sallyport");
        const Finding *last;

        scan_one(set, i == 0 ? prefilter : NULL, text, len, result);
        g_assert_null(check_failure_of(result, "a"));
        g_assert_cmpuint(result->findings->len, ==, 501);
        last = result->findings->pdata[500];
        g_assert_cmpuint(last->region.end_column, ==, len + 1);
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <, 60 * G_USEC_PER_SEC);
}

static void test_nul(void) {
    g_autoptr(RuleSet) set = set_of("rules:\n" RULE("t.all", "pattern: 'secret', binary: true"));
    g_autoptr(Prefilter) prefilter = prefilter_of(set);
    g_autofree char *text = g_malloc0(CAP_FILE_BYTES);
    g_autoptr(CheckResult) result = check_result_new("sallyport");

    put(text + CAP_FILE_BYTES - 6, "secret");
    scan_one(set, prefilter, text, CAP_FILE_BYTES, result);
    g_assert_cmpuint(result->findings->len, ==, 1);
}

/* As many as there may be, of several files: each is no larger than a rule file may be. */
static void test_many_rules(void) {
    g_autoptr(CheckResult) result = check_result_new("sallyport");
    g_autoptr(YamlErrors) errors = yaml_errors_new("test.yaml");
    g_autoptr(RuleSet) set = rule_set_new();
    gint64 start = g_get_monotonic_time();

    for (guint i = 0; i < CAP_RULES;) {
        g_autoptr(GString) text = g_string_new("rules:\n");

        for (guint end = i + CAP_RULES / 4; i < end; i++)
            g_string_append_printf(text, RULE("t.r%05u", "pattern: '\\bkey%05u\\s*=\\s*\\w{8,20}'"), i, i);
        g_assert_true(rule_set_add_text(set, text->str, text->len, errors));
    }
    g_autoptr(Prefilter) prefilter = prefilter_of(set);
    g_test_message("%" G_GINT64_FORMAT " ms", (g_get_monotonic_time() - start) / 1000);
    scan_one(set, prefilter, "key00000 = 12345678\nkey09999 = abcdefgh\nkey1", 43, result);
    g_assert_cmpuint(result->findings->len, ==, 2);
    g_assert_cmpint(g_get_monotonic_time() - start, <, 120 * G_USEC_PER_SEC);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/scan-pool/memory", test_memory); /* first: a peak stays */
    g_test_add_func("/scan-pool/order", test_order);
    g_test_add_func("/scan-pool/given-up", test_given_up);
    g_test_add_func("/scan-pool/binary", test_binary);
    g_test_add_func("/scan-pool/long-line", test_long_line);
    g_test_add_func("/scan-pool/nul", test_nul);
    g_test_add_func("/scan-pool/many-rules", test_many_rules);
    return g_test_run();
}
