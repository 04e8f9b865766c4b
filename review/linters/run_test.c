/* linter_start() and linter_finish() in the sandbox, over scripts that stand in for Ruff. Each says by its
 * output what a tool may do. */
#include "review/linters/testing.h"

/* A folder with the tree of files, and one with the tool. */
typedef struct {
    char *root, *bin, *search_path;
    LinterPolicy policy;
    GPtrArray *paths;
} Stage;

static void set_up(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    static const char *const none[] = {NULL};

    stage->root = testing_folder();
    stage->bin = testing_folder();
    stage->search_path = g_strconcat(stage->bin, ":/usr/bin:/bin", NULL);
    stage->policy = (LinterPolicy){.name = (char *)"ruff",
                                   .args = g_strdupv((char **)none),
                                   .severity = g_array_new(FALSE, FALSE, sizeof(SeverityEntry)),
                                   .timeout_ms = 10000};
    stage->paths = g_ptr_array_new_with_free_func(g_free);
    testing_write(stage->root, "a.py", "import os\n", -1);
    testing_write(stage->root, "b.py", "x = 1\n", -1);
    g_ptr_array_add(stage->paths, g_strdup("a.py"));
    g_ptr_array_add(stage->paths, g_strdup("b.py"));
}

static void tear_down(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    testing_remove(stage->root);
    testing_remove(stage->bin);
    g_free(stage->search_path);
    g_strfreev(stage->policy.args);
    g_array_unref(stage->policy.severity);
    g_ptr_array_unref(stage->paths);
}

/* What every stand-in begins with; then LOOK logs all its files, as Ruff does. */
#define HEAD                                                                                                 \
    "#!/bin/sh\n"                                                                                            \
    "if [ \"$1\" = --version ]; then echo 'ruff 0.17.6'; exit 0; fi\n"                                       \
    "while [ \"$1\" != -- ]; do shift; done\n"                                                               \
    "shift\n"
#define LOOK                                                                                                 \
    "for path in \"$@\"; do echo \"[t][DEBUG] Checking: /snapshot/${path#./}\" >&2; done\n"                  \
    "echo \"[t][DEBUG] Checked $# files in: 1ms\" >&2\n"
#define FIND                                                                                                 \
    "echo '[{\"filename\": \"/snapshot/a.py\", \"code\": \"F401\", \"message\": \"unused\",'\n"              \
    "echo '\"location\": {\"row\": 1, \"column\": 8}, \"end_location\": {\"row\": 1, \"column\": 10}}]'\n"

static void install(const Stage *stage, const char *script) {
    g_autofree char *tool = g_build_filename(stage->bin, "ruff", NULL);

    testing_write(stage->bin, "ruff", script, -1);
    g_assert_cmpint(g_chmod(tool, 0755), ==, 0);
}

static CheckResult *run(const Stage *stage) {
    g_autoptr(Supervisor) supervisor = supervisor_new(2, -1);
    LinterRun *started =
        linter_start(&stage->policy, stage->paths, NULL, stage->root, stage->search_path, supervisor);

    g_assert_true(supervisor_wait(supervisor));
    return linter_finish(started, supervisor);
}

static void assert_run(const Stage *stage, const char *expected, const char *remedy) {
    g_autoptr(CheckResult) result = run(stage);
    g_autofree char *found = testing_dump(result);

    g_assert_cmpstr(found, ==, expected);
    g_assert_cmpstr(result->remedy, ==, remedy);
}

static void test_finding(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    g_autoptr(CheckResult) result = NULL;
    g_autofree char *found = NULL;

    install(stage, HEAD LOOK FIND "exit 1\n");
    result = run(stage);
    found = testing_dump(result);
    g_assert_cmpstr(found, ==, "a.py:1:8-1:10: ruff.F401: unused\n");
    g_assert_cmpstr(result->version, ==, "0.17.6");
    g_assert_cmpstr(result->information_uri, ==, "https://docs.astral.sh/ruff/");
    g_assert_true(result->ran);
    g_assert_cmpint(result->exit_code, ==, 1);
    g_assert_cmpuint(result->paths->len, ==, 2);
    g_assert_null(check_failure_of(result, "b.py"));
}

static void assert_severity(const Stage *stage, Severity expected) {
    g_autoptr(CheckResult) result = run(stage);
    const Finding *finding = result->findings->pdata[0];

    g_assert_cmpstr(severity_name(finding->severity), ==, severity_name(expected));
    g_assert_cmpstr(severity_name(check_rule(result, "ruff.F401")->severity), ==, "error");
}

/* The policy's map comes first; where it says nothing, the linter's own. */
static void test_severity(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    SeverityEntry other = {(char *)"E", SEVERITY_NOTE}, exact = {(char *)"F401", SEVERITY_OFF};

    install(stage, HEAD LOOK FIND "exit 1\n");
    assert_severity(stage, SEVERITY_ERROR);
    g_array_append_val(stage->policy.severity, other);
    assert_severity(stage, SEVERITY_ERROR);
    g_array_append_val(stage->policy.severity, exact);
    assert_severity(stage, SEVERITY_OFF);
}

static void test_not_found(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    g_free(stage->search_path);
    stage->search_path = g_strdup(stage->bin);
    assert_run(stage, "undecided: not found on the PATH\n",
               "install it (pip install ruff), or take it out of the policy's linters");
}

static void test_too_old(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(stage, HEAD LOOK "echo '[]'\n");
    stage->policy.version = (char *)">=0.20,<1";
    assert_run(stage, "undecided: version 0.17.6 is too old: the policy asks for >=0.20,<1\n",
               "install one that fits (pip install 'ruff>=0.20,<1'), or change linters.ruff.version in the "
               "policy");
    stage->policy.version = (char *)"<0.17";
    assert_run(
        stage, "undecided: version 0.17.6 is too new: the policy asks for <0.17\n",
        "install one that fits (pip install 'ruff<0.17'), or change linters.ruff.version in the policy");
    stage->policy.version = (char *)">=0.17";
    assert_run(stage, "", NULL);
}

/* That is well as long as no version is asked for. */
static void test_no_version(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(
        stage,
        "#!/bin/sh\n[ \"$1\" = --version ] && exit 1\nwhile [ \"$1\" != -- ]; do shift; done\nshift\n" LOOK
        "echo '[]'\n");
    assert_run(stage, "", NULL);
    stage->policy.version = (char *)">=0.17";
    assert_run(stage, "undecided: does not say its version, and the policy asks for >=0.17\n", NULL);
}

static void test_timeout(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(stage, HEAD "sleep 30\n");
    stage->policy.timeout_ms = 1000;
    assert_run(stage, "undecided: was stopped after 1 s (wall-clock limit)\n",
               "raise linters.ruff.timeout in the policy");
}

static void test_crash(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(stage, HEAD LOOK "echo 'out of luck' >&2\nkill -SEGV $$\n");
    assert_run(stage, "undecided: was ended by signal 11 (Segmentation fault): out of luck\n", NULL);
    install(stage, HEAD LOOK "echo '[]'; echo 'error: bad settings' >&2; exit 2\n");
    assert_run(stage, "undecided: ended with exit code 2: error: bad settings\n", NULL);
}

static void test_fewer_files(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(stage, HEAD "set -- \"$1\"\n" LOOK "echo '[]'\n");
    assert_run(stage,
               "b.py: undecided: did not look at it: does it leave out such files by itself? Then exclude "
               "them in the policy\n",
               NULL);
}

/* Nothing of the caller's environment gets in, and the files cannot be written. */
static void test_surroundings(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(stage, HEAD "touch a.py 2>/dev/null && access=writable || access=read-only\n"
                        "echo \"$PWD $HOME ${SECRET-none} $(cat a.py) $access\" >&2; exit 2\n");
    g_assert_true(g_setenv("SECRET", "token", TRUE));
    assert_run(stage, "undecided: ended with exit code 2: /snapshot /tmp none import os read-only\n", NULL);
}

/* More names than one process takes: several processes, and each file is looked at. */
static void test_many_files(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    g_autofree char *folder = g_strnfill(200, 'd');

    install(stage, HEAD LOOK "echo '[]'\n[ $# -lt 6000 ] || exit 2\n");
    for (guint i = 0; i < 6000; i++)
        g_ptr_array_add(stage->paths, g_strdup_printf("%s/%05u.py", folder, i));
    g_ptr_array_sort(stage->paths, text_compare);
    assert_run(stage, "", NULL);
}

static void test_dash(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    install(stage, HEAD LOOK "echo '[]'\n");
    g_ptr_array_insert(stage->paths, 0, g_strdup("-"));
    assert_run(stage, "-: undecided: its name would mean standard input to the linter\n", NULL);
}

/* The folder of files is gone. */
static void test_sandbox_fails(Stage *stage, gconstpointer data G_GNUC_UNUSED) {
    char *root = stage->root;
    g_autofree char *gone = g_strdup(root);
    g_autoptr(CheckResult) result = NULL;

    install(stage, HEAD LOOK "echo '[]'\n");
    testing_remove(root);
    stage->root = gone;
    result = run(stage);
    g_assert_true(g_str_has_prefix(result->failure != NULL ? result->failure : "", "could not be started: "));
    g_assert_false(result->ran);
    stage->root = testing_folder();
}

#define ADD(name, function) g_test_add("/linter-run/" name, Stage, NULL, set_up, function, tear_down)

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    ADD("finding", test_finding);
    ADD("severity", test_severity);
    ADD("not-found", test_not_found);
    ADD("too-old", test_too_old);
    ADD("no-version", test_no_version);
    ADD("timeout", test_timeout);
    ADD("crash", test_crash);
    ADD("fewer-files", test_fewer_files);
    ADD("surroundings", test_surroundings);
    ADD("many-files", test_many_files);
    ADD("dash", test_dash);
    ADD("sandbox-fails", test_sandbox_fails);
    return g_test_run();
}
