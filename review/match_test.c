/* Which findings are old: pairs over real changes, with findings as a linter would have them. */
#include "review/match.h"

#include "review/change/fixture.h"

typedef struct {
    Change *change, *before;
    GPtrArray *head, *base; /* of Finding */
} Case;

static Case *case_new(void) {
    Case *c = g_new0(Case, 1);
    g_autoptr(GError) error = NULL;

    do_git("add", "-A");
    do_git("commit", "-q", "-m", "second");
    c->change = load_change(CHANGE_BASE, "main", NULL);
    c->before = change_before(c->change, &error);
    g_assert_no_error(error);
    c->head = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    c->base = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free);
    return c;
}

static void case_free(Case *c) {
    g_ptr_array_unref(c->head);
    g_ptr_array_unref(c->base);
    change_free(c->before);
    change_free(c->change);
    g_free(c);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Case, case_free)

/* main's version is committed; what follows is the branch's. */
static void branch(void) {
    do_commit("first");
    do_git("checkout", "-q", "-b", "feature");
}

static Finding *add(GPtrArray *findings, const char *tool, const char *code, const char *path, guint first,
                    guint last, const char *message) {
    Finding *finding = finding_new(tool, code, SEVERITY_ERROR, path,
                                   (Region){first, first > 0 ? 1 : 0, last, first > 0 ? 2 : 0}, message);

    g_ptr_array_add(findings, finding);
    return finding;
}

static Finding *at(GPtrArray *findings, const char *path, guint line) {
    return add(findings, "ruff", "X1", path, line, line, "m");
}

/* "+" for a new finding, "-" for an old one, "s" for one that was suppressed, in the order in which they were
 * added. */
static void assert_ages(const Case *c, const char *expected) {
    g_autoptr(GString) ages = g_string_new(NULL);

    match_findings(c->head, c->base, c->change, c->before);
    for (guint i = 0; i < c->head->len; i++)
        g_string_append_c(ages, " +-s"[((const Finding *)c->head->pdata[i])->age]);
    g_assert_cmpstr(ages->str, ==, expected);
}

static void test_message(void) {
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
    g_autofree char *said =
        match_message("a/b.py: `f1` from line 30 is too complex (12 > 10), see b.py", "a/b.py", numbers);

    g_assert_cmpstr(said, ==, "\x1f: `f1` from line \x1e is too complex (\x1e > \x1e), see \x1f");
    g_assert_cmpuint(numbers->len, ==, 3);
    g_assert_cmpuint(g_array_index(numbers, guint64, 0), ==, 0);
    g_assert_cmpuint(g_array_index(numbers, guint64, 1), ==, 12);
    g_assert_cmpuint(g_array_index(numbers, guint64, 2), ==, 10);
}

static void test_unchanged_lines(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "one\ntwo\nthree\nfour\nfive\n");
    branch();
    write_text("a.py", "zero\none\ntwo\nthree\n4\nfive\n");
    c = case_new();
    at(c->base, "a.py", 2);
    at(c->base, "a.py", 4);
    finding_suppress(at(c->base, "a.py", 5), 4, g_strdup("why"));
    at(c->head, "a.py", 3);                                     /* "two" */
    at(c->head, "a.py", 4);                                     /* "three", which the change caused */
    at(c->head, "a.py", 5);                                     /* another line instead of "four" */
    add(c->head, "ruff", "X2", "a.py", 3, 3, "m");              /* another rule */
    add(c->head, "ruff", "X1", "a.py", 3, 3, "something else"); /* another message */
    at(c->head, "a.py", 6);
    assert_ages(c, "-++++s");
}

static void test_messages(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("old.py", "1\n2\n3\n4\n5\n6\n7\n8\n");
    branch();
    do_git("mv", "old.py", "new.py");
    c = case_new();
    add(c->base, "ruff", "X1", "old.py", 1, 1, "again, as in line 12");
    add(c->base, "ruff", "X1", "old.py", 2, 2, "too long (12 > 10)");
    add(c->base, "ruff", "X1", "old.py", 3, 3, "too long (12 > 10)");
    add(c->base, "ruff", "X1", "old.py", 4, 4, "old.py is no module");
    add(c->base, "ruff", "X1", "old.py", 5, 5, "`a1` is not used");
    add(c->head, "ruff", "X1", "new.py", 1, 1, "again, as in line 40");
    add(c->head, "ruff", "X1", "new.py", 2, 2, "too long (11 > 10)");
    add(c->head, "ruff", "X1", "new.py", 3, 3, "too long (13 > 10)");
    add(c->head, "ruff", "X1", "new.py", 4, 4, "new.py is no module");
    add(c->head, "ruff", "X1", "new.py", 5, 5, "`a0` is not used");
    assert_ages(c, "--+-+");
}

/* Each old finding accounts for one, and best for the one that stands where it stood. */
static void test_once(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "one\nsame\ntwo\n");
    branch();
    write_text("a.py", "one\nsame\ntwo\none\nsame\ntwo\n");
    c = case_new();
    at(c->base, "a.py", 2);
    at(c->head, "a.py", 2);
    at(c->head, "a.py", 5);
    assert_ages(c, "-+");
}

static void test_moved(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "a\nb\nc\n1\n2\n3\n4\n5\n6\n7\n8\n9\nx\ny\nz\nalone\n");
    write_text("gone.py", "left\nmiddle\nright\nlonely\n");
    branch();
    write_text("a.py", "alone\n1\n2\n3\n4\n5\n6\n7\n8\n9\n  a\n\n  b\n  c\nx\nz\nmiddle\nright\n");
    do_git("rm", "-q", "gone.py");
    write_text("other.py", "lonely\n0\ny\n");
    c = case_new();
    at(c->base, "a.py", 2);
    at(c->base, "a.py", 14);
    at(c->base, "a.py", 16);
    at(c->base, "gone.py", 2);
    at(c->base, "gone.py", 4);
    at(c->head, "a.py", 13);    /* "b", which is indented now, below a blank line */
    at(c->head, "a.py", 1);     /* "alone", which is not far away */
    at(c->head, "a.py", 17);    /* "middle", from another file, with its neighbour */
    at(c->head, "other.py", 1); /* "lonely", without one */
    at(c->head, "other.py", 3); /* "y", likewise */
    assert_ages(c, "---++");
}

/* What stays where it was cannot be what stands elsewhere. */
static void test_not_moved(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "import os\none\n2\n3\n4\n5\n");
    branch();
    write_text("a.py", "import os\none\n2\n3\n4\n5\nimport os\none\n");
    c = case_new();
    at(c->base, "a.py", 1);
    at(c->head, "a.py", 7);
    assert_ages(c, "+");
}

/* A line that was there before, and had no such finding, has it by the change; but of two blocks that are
 * alike a diff may take one for the other. */
static void test_untouched(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "f\nx\n1\n\ng\nx\n2\n\nh\ny\n3\n");
    branch();
    write_text("a.py", "f\n1\n\ng\nx\n4\n\nh\ny\n3\n");
    c = case_new();
    at(c->base, "a.py", 2);
    at(c->head, "a.py", 5);
    assert_ages(c, "+");
}

/* Not even where the lines above and below say the same, unless one of them is new. */
static void test_untouched_around(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "A\nf\nx\nlog\n1\n\nB\nf\nx\nlog\n2\n\nh\ny\n3\n");
    branch();
    write_text("a.py", "A\n1\n\nB\nf\nx\nlog\n4\n\nh\ny\n3\n");
    c = case_new();
    at(c->base, "a.py", 3);
    at(c->head, "a.py", 6);
    assert_ages(c, "+");
}

static void test_mistaken_blocks(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "f\nx\n1\np\nq\nr\ng\nx\n2\n");
    branch();
    write_text("a.py", "p\nq\nr\nf\nx\n1\n"); /* to the diff, that "x" is the one of "g" */
    c = case_new();
    at(c->base, "a.py", 2);
    at(c->head, "a.py", 5);
    assert_ages(c, "-");
}

static void test_far(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autofree char *old = NULL, *new = NULL;
    g_autoptr(Case) c = NULL;

    for (guint i = 0; i < 100; i++)
        g_string_append_printf(lines, "%u\n", i);
    old = g_strconcat("alone\n", lines->str, NULL);
    new = g_strconcat(lines->str, "alone\n", NULL);
    write_text("a.py", old);
    branch();
    write_text("a.py", new);
    c = case_new();
    at(c->base, "a.py", 1);
    at(c->head, "a.py", 101);
    assert_ages(c, "+");
}

/* All lines of a finding have to say the same. */
static void test_several_lines(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "import a\nimport b\n1\n2\n3\n4\nx\ny\n");
    branch();
    write_text("a.py", "import a\nimport c\nimport b\n1\n2\n3\n4\n5\nx\ny\n");
    c = case_new();
    add(c->base, "ruff", "I001", "a.py", 1, 2, "unsorted");
    add(c->base, "ruff", "I001", "a.py", 7, 8, "unsorted");
    add(c->head, "ruff", "I001", "a.py", 1, 3, "unsorted");
    add(c->head, "ruff", "I001", "a.py", 9, 10, "unsorted");
    assert_ages(c, "+-");
}

static void test_whole_file(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;

    write_text("a.py", "1\n2\n3\n");
    write_text("gone.py", "4\n");
    branch();
    write_text("a.py", "1\n2\n4\n");
    write_text("b.py", "5\n");
    do_git("rm", "-q", "gone.py");
    c = case_new();
    add(c->base, "ruff", "X1", "a.py", 0, 0, "no licence");
    add(c->base, "ruff", "X1", "gone.py", 0, 0, "no licence");
    add(c->head, "ruff", "X1", "a.py", 0, 0, "no licence");
    add(c->head, "ruff", "X1", "b.py", 0, 0, "no licence");
    assert_ages(c, "-+");
}

static void edit(Finding *finding, Region region, const char *text) {
    Fix *fix = finding->fixes->len > 0 ? finding->fixes->pdata[0] : fix_new("Reformat", FIX_SAFE);

    if (finding->fixes->len == 0)
        g_ptr_array_add(finding->fixes, fix);
    fix_add(fix, region, text);
}

/* Two of Black's become one when what stands between them goes, and one becomes two. */
static void test_stretches(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Case) c = NULL;
    Finding *finding;

    write_text("a.py", "bad1\n2\n3\n4\n5\nbad6\n7\n8\n");
    branch();
    write_text("a.py", "bad1\n2\nbad6\n7\n8\nbad9\n");
    c = case_new();
    finding = add(c->base, "black", "format", "a.py", 1, 1, "Black would reformat this line");
    edit(finding, (Region){1, 1, 2, 1}, "good\n");
    finding = add(c->base, "black", "format", "a.py", 6, 6, "Black would reformat this line");
    edit(finding, (Region){6, 1, 7, 1}, "good\n");
    edit(finding, (Region){8, 1, 8, 1}, "\n");
    finding = add(c->head, "black", "format", "a.py", 1, 5, "Black would reformat these 2 lines");
    edit(finding, (Region){1, 1, 2, 1}, "good\n");
    edit(finding, (Region){3, 1, 4, 1}, "good\n");
    edit(finding, (Region){5, 1, 5, 1}, "\n");
    finding = add(c->head, "black", "format", "a.py", 6, 6, "Black would reformat this line");
    edit(finding, (Region){6, 1, 7, 1}, "good\n");
    finding = add(c->head, "black", "format", "a.py", 4, 4, "Black would reformat this line");
    edit(finding, (Region){4, 1, 5, 1}, "good\n");
    assert_ages(c, "-++");
}

int main(int argc, char **argv) {
    fixture_environment();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/match/message", test_message);
    g_test_add_func("/match/unchanged-lines", test_unchanged_lines);
    g_test_add_func("/match/messages", test_messages);
    g_test_add_func("/match/once", test_once);
    g_test_add_func("/match/moved", test_moved);
    g_test_add_func("/match/not-moved", test_not_moved);
    g_test_add_func("/match/untouched", test_untouched);
    g_test_add_func("/match/untouched-around", test_untouched_around);
    g_test_add_func("/match/mistaken-blocks", test_mistaken_blocks);
    g_test_add_func("/match/far", test_far);
    g_test_add_func("/match/several-lines", test_several_lines);
    g_test_add_func("/match/whole-file", test_whole_file);
    g_test_add_func("/match/stretches", test_stretches);
    return g_test_run();
}
