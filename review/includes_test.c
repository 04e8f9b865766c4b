/* What changed files of C and C++ include: what is laid out of it, and how clang is to find it. */
#include "review/includes.h"

#include "review/change/fixture.h"

static void assert_names(const char *text, const char *expected) {
    g_autoptr(GPtrArray) names = includes_of(text, strlen(text));
    g_autofree char *said = NULL;

    g_ptr_array_add(names, NULL);
    said = g_strjoinv(" ", (char **)names->pdata);
    g_assert_cmpstr(said, ==, expected);
}

static void test_names(void) {
    assert_names("#include <a.h>\n#include \"b/c.h\"\n", "<a.h \"b/c.h");
    assert_names("  #\t include\\\n <a.h>\n#include_next <b.h>\n#import \"c.h\"\n", "<a.h <b.h \"c.h");
    assert_names("#include\n<a.h>\n#include <a\n.h>\n#include \"\"\n#include NAME\n#includes", "");
    assert_names("#include \"a", "");
    assert_names("#", "");
    assert_names("", "");
    assert_names("#embed \"a.bin\"\n", "");
}

/* What is laid out beside a file that is reviewed, and the flags: "a.h b/c.h: -iquote./b/". */
static void assert_laid_out(Change *change, const char *path, bool has_flags, const char *expected) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Snapshot) snapshot = snapshot_new(&error);
    g_autoptr(GBytes) content = change_read(change, path, &error);
    g_autoptr(Includes) includes = NULL;
    g_autoptr(GPtrArray) flags = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *files = NULL, *words = NULL, *said = NULL;

    g_assert_no_error(error);
    g_assert_true(snapshot_add_review(snapshot, path, 0100644, content, &error));
    includes = includes_new(change, snapshot, &error);
    g_assert_no_error(error);
    g_assert_true(includes_lay_out(includes, path, has_flags, flags, &error));
    g_ptr_array_add(flags, NULL);
    words = g_strjoinv(" ", (char **)flags->pdata);
    files = run_in(
        snapshot_review_path(snapshot),
        PATHS("sh", "-c",
              "find . -type f -printf '%P ' | tr ' ' '\\n' | grep -v '^$' | LC_ALL=C sort | tr '\\n' ' '"),
        NULL);
    said = g_strdup_printf("%s: %s", files, words);
    g_assert_cmpstr(said, ==, expected);
}

static void test_files(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("src/a.c",
               "#include \"a.h\"\n#include <lib/b.h>\n#include <stdio.h>\n#include \"../../etc/x.h\"\n");
    write_text("src/a.h", "#include \"deep/c.h\"\n#include \"a.h\"\n");
    write_text("include/lib/b.h", "#include \"near.h\"\n");
    write_text("include/deep/c.h", "#include \"../near.h\"\n");
    write_text("include/near.h", "");
    write_text("other/include/lib/b.h", "");
    write_text("not-included.h", "");
    write_text("etc/x.h", "");
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_laid_out(change, "src/a.c", false,
                    "include/deep/c.h include/lib/b.h include/near.h src/a.c src/a.h : -idirafter./include/ "
                    "-iquote./include/");
    assert_laid_out(change, "src/a.c", true,
                    "include/deep/c.h include/lib/b.h include/near.h src/a.c src/a.h : -idirafter./include/");
    assert_laid_out(change, "include/near.h", false, "include/near.h : ");
}

/* A link, a FIFO and a name out of the repository are as if they were not there. */
static void test_hostile(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();
    g_autoptr(Change) change = NULL;

    write_text("a.c",
               "#include \"link.h\"\n#include \"fifo.h\"\n#include \"/etc/hostname\"\n#include \"../a.c\"\n");
    write_text("b.c", "int b;\n");
    g_assert_cmpint(symlink("/etc/hostname", "link.h"), ==, 0);
    g_assert_cmpint(mkfifo("fifo.h", 0600), ==, 0);
    change = load_change(CHANGE_WORKTREE, NULL, NULL);
    assert_laid_out(change, "a.c", false, "a.c : ");
}

static void assert_language(const char *path, const char *expected) {
    g_autoptr(GError) error = NULL;
    g_autoptr(Change) change = load_change(CHANGE_WORKTREE, NULL, NULL);
    g_autoptr(Snapshot) snapshot = snapshot_new(&error);
    g_autoptr(Includes) includes = includes_new(change, snapshot, &error);

    g_assert_no_error(error);
    g_assert_cmpstr(includes_language(includes, path), ==, expected);
}

static void test_languages(void) {
    g_autoptr(Fixture) fixture = fixture_new_repository();

    write_text("a.h", "");
    assert_language("a.h", "header");
    write_text("a.c", "");
    assert_language("a.h", "c");
    write_text("a.cc", "");
    assert_language("a.h", "header");
    g_assert_cmpint(g_remove("a.c"), ==, 0);
    assert_language("a.h", "cpp");
    assert_language("a.c", "c");
    assert_language("a.hpp", "cpp");
    assert_language("a.py", NULL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    fixture_environment();
    g_test_add_func("/includes/names", test_names);
    g_test_add_func("/includes/files", test_files);
    g_test_add_func("/includes/hostile", test_hostile);
    g_test_add_func("/includes/languages", test_languages);
    return g_test_run();
}
