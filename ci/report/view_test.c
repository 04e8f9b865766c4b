#include "ci/report/view.h"

#include <string.h>

static void assert_tail(const char *output, gsize len, guint lines, gsize most, const char *expected,
                        bool expected_cut) {
    g_autoptr(GBytes) bytes = g_bytes_new(output, len);
    bool cut;
    g_autofree char *tail = view_tail(bytes, lines, most, &cut);

    g_assert_cmpstr(tail, ==, expected);
    g_assert_cmpint(cut, ==, expected_cut);
}

static void test_tail_by_lines(void) {
    assert_tail("one\ntwo\nthree\n", 14, 3, 100, "one\ntwo\nthree", false);
    assert_tail("one\ntwo\nthree\n", 14, 2, 100, "two\nthree", true);
    assert_tail("one\ntwo\nthree", 13, 1, 100, "three", true);
    assert_tail("\n\nthree", 7, 2, 100, "\nthree", true);
}

static void test_tail_by_bytes(void) {
    /* From the first whole line within the last bytes on; or of a single line its last characters. */
    assert_tail("one\ntwo\nthree\n", 14, 9, 8, "three", true);
    assert_tail("one long line", 13, 9, 4, "line", true);
    assert_tail("\xc3\xa9\xc3\xa9\xc3\xa9", 6, 9, 3, "\xc3\xa9", true);
}

static void test_tail_of_nothing(void) {
    bool cut = true;
    g_autofree char *tail = view_tail(NULL, 5, 100, &cut);

    g_assert_cmpstr(tail, ==, "");
    g_assert_false(cut);
    assert_tail("", 0, 5, 100, "", false);
    assert_tail("\r\n\n", 3, 5, 100, "", false);
}

static void test_tail_is_clean(void) {
    assert_tail("a\ab\x1b[2J\xff\r\n", 10, 5, 100, "a\\x07b\\x1b[2J\xef\xbf\xbd", false);
}

static void assert_outcome(const JobResult *job, JobOutcome expected, const char *expected_text) {
    g_autofree char *text = view_job_text(job);

    g_assert_cmpint(view_job_outcome(job), ==, expected);
    g_assert_cmpstr(text, ==, expected_text);
}

static void assert_outcome_of_status(CommandStatus status, JobOutcome expected) {
    CommandResult result = {.status = status, .remedy = (char *)"how to mend it"};
    const JobResult job = {.result = &result, .summary = (char *)"how it ended"};

    assert_outcome(&job, expected, "how it ended; remedy: how to mend it");
}

static void test_job_outcome(void) {
    const JobResult skipped = {.skipped = (char *)"why not"}, lost = {0};

    assert_outcome_of_status(STATUS_SUCCESS, JOB_PASSED);
    assert_outcome_of_status(STATUS_EXECUTION_ERROR, JOB_FAILED);
    assert_outcome_of_status(STATUS_SIGNALED, JOB_FAILED);
    assert_outcome_of_status(STATUS_TIMEOUT, JOB_FAILED);
    assert_outcome_of_status(STATUS_CPU_LIMIT, JOB_FAILED);
    assert_outcome_of_status(STATUS_OUTPUT_LIMIT, JOB_FAILED);
    assert_outcome_of_status(STATUS_DENIED, JOB_FAILED);
    assert_outcome_of_status(STATUS_CANCELLED, JOB_ERROR);
    assert_outcome_of_status(STATUS_SETUP_ERROR, JOB_ERROR);
    assert_outcome(&skipped, JOB_SKIPPED, "why not");
    /* No result and no reason: whatever happened there, it did not pass. */
    assert_outcome(&lost, JOB_ERROR, "there is no account of how it ended");
}

static void test_first_path(void) {
    g_assert_cmpstr(view_first("a", "b"), ==, "a");
    g_assert_cmpstr(view_first("b", "a"), ==, "a");
    g_assert_cmpstr(view_first(NULL, "a"), ==, "a");
    g_assert_cmpstr(view_first("a", NULL), ==, "a");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/tail-by-lines", test_tail_by_lines);
    g_test_add_func("/view/tail-by-bytes", test_tail_by_bytes);
    g_test_add_func("/view/tail-of-nothing", test_tail_of_nothing);
    g_test_add_func("/view/tail-is-clean", test_tail_is_clean);
    g_test_add_func("/view/job-outcome", test_job_outcome);
    g_test_add_func("/view/first-path", test_first_path);
    return g_test_run();
}
