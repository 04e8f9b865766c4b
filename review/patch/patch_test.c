/* Patches as text, against what git itself writes and makes of them. */
#include "review/patch/patch.h"

#include "review/change/fixture.h"

static GPtrArray *parse(const char *text) {
    g_autoptr(GError) error = NULL;
    GPtrArray *files = patch_parse(text, strlen(text), &error);

    g_assert_no_error(error);
    return files;
}

static const PatchFile *first(const GPtrArray *files) {
    return g_ptr_array_index(files, 0);
}

/* What the first file of a patch makes of `old`, as text; NULL where it does not fit. */
static char *apply(const char *patch, const char *old, char **ret_why) {
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) files = parse(patch);
    g_autoptr(GBytes) bytes = g_bytes_new(old, strlen(old)), made = NULL;
    PatchBudget budget = PATCH_BUDGET;

    made = patch_apply(first(files), bytes, &budget, &error);
    g_assert_true((made == NULL) == (error != NULL));
    if (ret_why != NULL)
        *ret_why = made == NULL ? g_strdup(error->message) : NULL;
    else
        g_assert_no_error(error);
    return made != NULL ? g_strndup(g_bytes_get_data(made, NULL), g_bytes_get_size(made)) : NULL;
}

#define assert_applies(patch, old, expected)                                                                 \
    do {                                                                                                     \
        g_autofree char *made_ = apply(patch, old, NULL);                                                    \
        g_assert_cmpstr(made_, ==, expected);                                                                \
    } while (0)

#define assert_misfits(patch, old, expected)                                                                 \
    do {                                                                                                     \
        g_autofree char *why_ = NULL, *made_ = apply(patch, old, &why_);                                     \
        g_assert_null(made_);                                                                                \
        g_assert_cmpstr(why_, ==, expected);                                                                 \
    } while (0)

static void assert_malformed(const char *text, const char *expected) {
    g_autoptr(GError) error = NULL;

    g_assert_null(patch_parse(text, strlen(text), &error));
    g_assert_error(error, PATCH_ERROR, 0);
    g_assert_cmpstr(error->message, ==, expected);
}

#define NAMES "--- a/x\n+++ b/x\n"
#define MISFIT "the lines that it changes, or those around them, are not those of the file"

static void test_hunks(void) {
    assert_applies(NAMES "@@ -1,3 +1,3 @@ where\n a\n-b\n+B\n c\n", "a\nb\nc\n", "a\nB\nc\n");
    /* Moved down, moved up, and the nearest of several places. */
    assert_applies(NAMES "@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n", "1\n2\n3\na\nb\nc\n", "1\n2\n3\na\nB\nc\n");
    assert_applies(NAMES "@@ -9,3 +9,3 @@\n a\n-b\n+B\n c\n", "0\na\nb\nc\n", "0\na\nB\nc\n");
    assert_applies(NAMES "@@ -5,3 +5,3 @@\n a\n-b\n+B\n c\n", "a\nb\nc\na\nb\nc\n1\n2\n3\na\nb\nc\n",
                   "a\nb\nc\na\nB\nc\n1\n2\n3\na\nb\nc\n");
    /* The second hunk moves with the first. */
    assert_applies(NAMES "@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n@@ -6,3 +6,3 @@\n a\n-b\n+B\n c\n",
                   "0\n1\n2\n3\na\nb\nc\n4\na\nb\nc\n5\n", "0\n1\n2\n3\na\nB\nc\n4\na\nB\nc\n5\n");
    assert_misfits(NAMES "@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n", "0\na\nx\nc\n",
                   "x: hunk 1 (@@ -2,3 +2,3 @@) does not fit: " MISFIT);
}

/* Text without a final newline, on either side. */
static void test_ends(void) {
#define NONE "\\ No newline at end of file\n"
    assert_applies(NAMES "@@ -1 +1 @@\n-a\n" NONE "+b\n", "a", "b\n");
    assert_applies(NAMES "@@ -1 +1 @@\n-a\n+b\n" NONE, "a\n", "b");
    assert_applies(NAMES "@@ -1,2 +1,2 @@\n-a\n+b\n c\n" NONE, "a\nc", "b\nc");
    assert_misfits(NAMES "@@ -1,2 +1,2 @@\n-a\n+b\n c\n" NONE, "a\nc\n",
                   "x: hunk 1 (@@ -1,2 +1,2 @@) does not fit: " MISFIT);
    assert_misfits(NAMES "@@ -1,2 +1,2 @@\n-a\n+b\n c\n", "a\nc",
                   "x: hunk 1 (@@ -1,2 +1,2 @@) does not fit: " MISFIT);
    /* "c" must not be taken for the beginning of "cd". */
    assert_misfits(NAMES "@@ -1,2 +1,2 @@\n-a\n+b\n c\n" NONE, "a\ncd\n",
                   "x: hunk 1 (@@ -1,2 +1,2 @@) does not fit: " MISFIT);
    assert_applies(NAMES "@@ -1,2 +0,0 @@\n-a\n-b\n", "a\nb\n", "");
    assert_applies(NAMES "@@ -0,0 +1 @@\n+a\r\n", "", "a\r\n");
}

/* Where context says that the file begins or ends, it has to. */
static void test_anchors(void) {
    assert_misfits(NAMES "@@ -1,2 +1,3 @@\n+new\n a\n b\n", "0\na\nb\n",
                   "x: hunk 1 (@@ -1,2 +1,3 @@) does not fit: " MISFIT);
    assert_misfits(NAMES "@@ -2,2 +2,3 @@\n a\n b\n+new\n", "0\na\nb\nc\n",
                   "x: hunk 1 (@@ -2,2 +2,3 @@) does not fit: " MISFIT);
    assert_applies(NAMES "@@ -2,2 +2,3 @@\n a\n b\n+new\n", "0\n1\n2\na\nb\n", "0\n1\n2\na\nb\nnew\n");
    /* Without context, where it says or nowhere. */
    assert_applies(NAMES "@@ -2 +2 @@\n-b\n+B\n@@ -3,0 +4,2 @@\n+d\n+e\n", "a\nb\nc\nf\n",
                   "a\nB\nc\nd\ne\nf\n");
    assert_misfits(NAMES "@@ -2 +2 @@\n-b\n+B\n", "a\na\nb\nc\n",
                   "x: hunk 1 (@@ -2,1 +2,1 @@) does not fit: " MISFIT);
    /* No hunk reaches back into the one before it. */
    assert_misfits(NAMES "@@ -2,3 +2,3 @@\n a\n-b\n+B\n c\n@@ -7,3 +7,3 @@\n a\n-b\n+B\n c\n",
                   "0\na\nb\nc\n1\n", "x: hunk 2 (@@ -7,3 +7,3 @@) does not fit: " MISFIT);
}

static void test_malformed(void) {
    assert_malformed("", "the patch is empty");
    assert_malformed("\n\nno\n", "there is no patch in it (as git diff writes one)");
    assert_malformed(NAMES "@@ -1,2 +1,2 @@\n-a\n+b\n",
                     "line 6: hunk 1 has fewer lines than its header says");
    assert_malformed(NAMES "@@ -1,2 +1 @@\n-a\n+b\n+c\n",
                     "line 6: hunk 1 has other lines than its header says");
    assert_malformed(NAMES "@@ -1 +1 @@\n-a\n+b\n+c\n", "line 6: hunk 1 has more lines than its header says");
    assert_malformed(NAMES "@@ -1 +1 @@\n-a\n+b\n@@ 2 @@\n",
                     "line 6: hunk 2 has no header like \"@@ -1,2 +1,3 @@\"");
    assert_malformed(NAMES "@@ -0,1 +1 @@\n-a\n+b\n",
                     "line 3: hunk 1 has no header like \"@@ -1,2 +1,3 @@\"");
    assert_malformed(NAMES "@@ -1,2 +1 @@\n-a\n" NONE "-b\n+c\n",
                     "line 6: hunk 1 goes on behind the end of the file");
    assert_malformed("diff --git a/x b/x\n" NAMES, "line 4: a file without hunks");
    assert_malformed("diff --git a/x b/x\nnew file mode 100600\n", "line 2: '100600' is no mode of a file");
    assert_malformed("diff --git a/x b/x\nnew file mode 040000\n", "line 2: '040000' is no mode of a file");
    assert_malformed("diff --git a/x b/x\nindex 1..2 100644\n", "line 3: a file of which nothing changes");
    assert_malformed("diff --git a/x b/y z\nold mode 100644\nnew mode 100755\n",
                     "line 1: one cannot tell which file it is of");
    assert_malformed("diff --git a/x b/y\nrename from x\n",
                     "line 1: one cannot tell which file it is of: \"from\" and \"to\" go together");
    assert_malformed("diff --git a/x b/x\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-a\n+b\n",
                     "line 1: its headers and its names contradict each other");
    assert_malformed("diff --git a/x b/x\nnew file mode 100644\n" NAMES "@@ -1 +1 @@\n-a\n+b\n",
                     "line 5: its headers and its names contradict each other");
    assert_malformed(
        "text\n\n" NAMES "@@ -1 +1 @@\n-a\n+b\ntext\n--- /dev/null\n+++ b/../y\n@@ -0,0 +1 @@\n+a\n",
        "line 9: the path ../y leaves the repository: it is absolute, or has a part that is empty, "
        "'.', '..' or '.git'");
    assert_malformed("--- a/x\n+++ \"b/x\\000\"\n@@ -1 +1 @@\n-a\n+b\n",
                     "line 2: a name is expected after \"+++ \"");
    assert_malformed("Subject: x\ncontent-transfer-encoding: Quoted-Printable\n\n" NAMES
                     "@@ -1 +1 @@\n-a\n+b=3D\n",
                     "line 2: the mail is encoded; take the patch out of it with: git mailinfo (or git am)");
    assert_malformed("Binary files a/x and b/x differ\n",
                     "line 1: a binary file without its content; make the patch with: git diff --binary");
}

static void test_names(void) {
    static const struct {
        const char *header, *old_name, *new_name;
    } cases[] = {{"a/x b/x", "a/x", "b/x"},
                 {"a/x y b/x y", "a/x y", "b/x y"},
                 {"a/x b/x b/x b/x", "a/x b/x", "b/x b/x"},
                 {"x x", "x", "x"},
                 {"\"a/\\303\\244\\n\\\"\" \"b/\\303\\244\\n\\\"\"", "a/\303\244\n\"", "b/\303\244\n\""},
                 {"a/x y \"b/\\t\"", "a/x y", "b/\t"},
                 {"\"a/\\t\" b/x y", "a/\t", "b/x y"},
                 {"a/one b/two", "a/one", "b/two"},
                 {"a/one two b/three four", NULL, NULL},
                 {"\"a/x b/x", NULL, NULL},
                 {"\"a/x\\\" b/x", NULL, NULL},
                 {"x", NULL, NULL},
                 {"", NULL, NULL}};

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *old_name = NULL, *new_name = NULL;
        bool good = patch_split_names(cases[i].header, strlen(cases[i].header), &old_name, &new_name);

        g_assert_cmpint(good, ==, cases[i].old_name != NULL);
        g_assert_cmpstr(old_name, ==, cases[i].old_name);
        g_assert_cmpstr(new_name, ==, cases[i].new_name);
    }
}

/* "modify x => x 100644 2" (kind, names, mode, hunks) for each file. */
static char *describe_files(const GPtrArray *files) {
    static const char *const kinds[] = {"modify", "add", "delete", "rename", "copy"};
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < files->len; i++) {
        const PatchFile *file = g_ptr_array_index(files, i);

        g_string_append_printf(text, "%u %s %s => %s %o %u%s\n", file->line, kinds[file->kind],
                               file->old_path != NULL ? file->old_path : "-",
                               file->new_path != NULL ? file->new_path : "-", file->mode, file->hunks->len,
                               file->starts_mail ? " mail" : "");
    }
    return g_string_free(text, FALSE);
}

static void test_parts(void) {
    g_autoptr(GPtrArray) files = parse(
        "From 0123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] one\n\n"
        "--- not a name\n\n---\n x | 2 +-\n"
        "diff --git a/x b/x\nindex 1234567..89abcde 100644\n" NAMES "@@ -1 +1 @@\n-a\n+b\n"
        "diff --git a/old mode b/old mode\nold mode 100644\nnew mode 100755\n"
        "diff --git a/e b/e\nnew file mode 120000\nindex 0000000..e69de29\n"
        "diff --git a/f b/f\ndeleted file mode 100644\nindex e69de29..0000000\n"
        "diff --git a/one b/two words\nsimilarity index 100%\nrename from one\nrename to two words\n-- "
        "\n2.39.2\n\n"
        "From 1123456789012345678901234567890123456789 Mon Sep 17 00:00:00 2001\n\n"
        "diff --git a/c b/d\nsimilarity index 90%\ncopy from c\ncopy to d\n--- a/c\n+++ b/d\n@@ -1 +1,2 @@\n "
        "a\n+b\n-- \n");
    g_autofree char *text = describe_files(files);

    g_assert_cmpstr(
        text, ==,
        "8 modify x => x 0 1 mail\n15 modify old mode => old mode 100755 0\n18 add - => e 120000 0\n"
        "21 delete f => - 0 0\n24 rename one => two words 0 0\n33 copy c => d 0 1 mail\n");
}

static void test_budget(void) {
    g_autoptr(GPtrArray) files = parse(NAMES "@@ -5,3 +5,3 @@\n a\n-b\n+B\n c\n");
    g_autoptr(GBytes) old = g_bytes_new_static("1\n2\n3\n4\n5\n6\na\nb\nc\n", 18);
    PatchBudget steps = {.steps = 2, .bytes = 100}, bytes = {.steps = 1000, .bytes = 17};
    g_autoptr(GError) error = NULL;

    g_assert_null(patch_apply(first(files), old, &steps, &error));
    g_assert_error(error, PATCH_ERROR, 0);
    g_assert_cmpstr(
        error->message, ==,
        "x: hunk 1 (@@ -5,3 +5,3 @@) does not fit: it takes too long to find where (make a new patch "
        "from HEAD)");
    g_clear_error(&error);
    g_assert_null(patch_apply(first(files), old, &bytes, &error));
    g_assert_error(error, PATCH_ERROR, 0);
    bytes.bytes = 18;
    g_clear_pointer(&old, g_bytes_unref);
    old = g_bytes_new_static("1\n2\n3\n4\n5\n6\na\nb\nc\n", 18);
    g_clear_error(&error);
    g_autoptr(GBytes) made = patch_apply(first(files), old, &bytes, &error);
    g_assert_no_error(error);
    g_assert_nonnull(made);
    g_assert_cmpuint(bytes.bytes, ==, 0);
}

static void test_deletion(void) {
    assert_misfits("diff --git a/x b/x\ndeleted file mode 100644\n", "left\n",
                   "x: the patch does not fit: it deletes the file, but has not all that the file holds");
}

/* Binary content that lies about itself. */
static void test_binary(void) {
#define BINARY "diff --git a/x b/x\nindex 1..2\nGIT binary patch\n"
    assert_malformed(BINARY "nothing\n",
                     "line 4: binary content begins with \"literal\" or \"delta\", and a size");
    assert_malformed(BINARY "literal 99999999\nA00000\n\n",
                     "line 4: binary content of more than 67108864 bytes");
    assert_malformed(BINARY "literal 3\nA0000\n\n", "line 5: this is no line of binary content");
    assert_malformed(BINARY "literal 3\nA~~~~~\n\n", "line 5: this is no line of binary content");
    assert_malformed(BINARY "literal 3\nA00000\n",
                     "line 6: binary content ends with an empty line, which is not there");
    assert_misfits(BINARY "literal 3\nA00000\n\n", "",
                   "x: the patch does not fit: its binary content is damaged");
}

/* Of what git itself writes. */

static void assert_bytes_equal(GBytes *made, const GByteArray *expected) {
    g_assert_cmpmem(g_bytes_get_data(made, NULL), g_bytes_get_size(made), expected->data, expected->len);
}

/* Few different lines, so that many places look alike. */
static void append_random(GRand *random, GByteArray *bytes, bool binary) {
    static const char *const lines[] = {"\n",       "a\n",     "b\n",           "a\r\n",
                                        "\tdeep\n", "--- x\n", "@@ -1 +1 @@\n", "+\n"};
    const char *line = lines[g_rand_int_range(random, 0, G_N_ELEMENTS(lines))];
    guint8 byte = (guint8)g_rand_int(random);

    if (binary)
        g_byte_array_append(bytes, &byte, 1);
    g_byte_array_append(bytes, (const guint8 *)line, (guint)strlen(line));
}

static GByteArray *random_bytes(GRand *random, bool binary) {
    GByteArray *bytes = g_byte_array_new();

    for (gint left = g_rand_int_range(random, 0, 60); left > 0; left--)
        append_random(random, bytes, binary);
    if (bytes->len > 0 && g_rand_boolean(random))
        g_byte_array_set_size(bytes, bytes->len - 1);
    return bytes;
}

static GByteArray *random_edit(GRand *random, const GByteArray *old, bool binary) {
    GByteArray *bytes = g_byte_array_new();

    for (guint at = 0; at < old->len; at++) {
        gint what = g_rand_int_range(random, 0, 40);

        if (what == 0)
            append_random(random, bytes, binary);
        if (what != 1)
            g_byte_array_append(bytes, old->data + at, 1);
    }
    return bytes;
}

/* What git's patch of two random versions makes of the first is the second. */
static void test_random(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(GRand) random = g_rand_new_with_seed(20260101);
    static const char *const contexts[] = {"-U0", "-U1", "-U3", "-U9"};

    for (guint i = 0; i < 300; i++) {
        bool binary = i % 4 == 0;
        g_autoptr(GByteArray) old = random_bytes(random, binary), edited = random_edit(random, old, binary);
        const char *argv[] = {"git", "diff", "--no-index", "--binary", contexts[i % 4], "old", "new", NULL};
        g_autofree char *patch = NULL;
        g_autofree char *with_newline = NULL;
        g_autoptr(GPtrArray) files = NULL;
        g_autoptr(GBytes) bytes = g_bytes_new(old->data, old->len), made = NULL;
        g_autoptr(GError) error = NULL;
        PatchBudget budget = PATCH_BUDGET;
        int status;

        write_bytes("old", (const char *)old->data, (gssize)old->len);
        write_bytes("new", (const char *)edited->data, (gssize)edited->len);
        patch = run_in(".", argv, &status);
        if (*patch == '\0') /* they are the same */
            continue;
        with_newline = g_strconcat(patch, "\n", NULL);
        for (char *name; (name = strstr(with_newline, "b/new")) != NULL;)
            name[2] = 'o', name[3] = 'l', name[4] = 'd';
        files = parse(with_newline);
        made = patch_apply(first(files), bytes, &budget, &error);
        g_assert_no_error(error);
        assert_bytes_equal(made, edited);
    }
}

int main(int argc, char **argv) {
    fixture_environment();
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/patch/hunks", test_hunks);
    g_test_add_func("/patch/ends", test_ends);
    g_test_add_func("/patch/anchors", test_anchors);
    g_test_add_func("/patch/malformed", test_malformed);
    g_test_add_func("/patch/names", test_names);
    g_test_add_func("/patch/parts", test_parts);
    g_test_add_func("/patch/budget", test_budget);
    g_test_add_func("/patch/deletion", test_deletion);
    g_test_add_func("/patch/binary", test_binary);
    g_test_add_func("/patch/random", test_random);
    return g_test_run();
}
