/* The worker over real files, in the sandbox. */
#include "rules/clang/testing.h"

#include "exec/caps.h"
#include "rules/clang/wire.h"

#include <glib.h>
#include <string.h>

static void assert_failure(const Testing *c, guint i, const char *expected) {
    g_assert_cmpstr(testing_file(c, i)->failure, ==, expected);
}

static void test_files(void) {
    g_autoptr(Testing) c = testing_new();

    testing_add(c, "a.c", "c", "int f(int a) { if (a) return 1; return 0; }\n");
    testing_add(c, "caf\xe9 \n-x.cc", "cpp",
                "namespace n { struct S { int m() const; }; int S::m() const { return 1; } }\n");
    testing_add(c, "-x.c", "c", "int g(void);\nint h(void) { return g(); }\n");
    testing_run(c);
    g_assert_cmpstr(c->result->failure, ==, NULL);
    g_assert_nonnull(strstr(c->result->version, "clang version"));
    testing_assert(c, 0, "f 2/1");
    testing_assert(c, 1, "n::S::m 1/0");
    testing_assert(c, 2, "h 1/0");
    g_assert_cmpuint(((const ClangFunction *)testing_file(c, 0)->functions->pdata[0])->start, ==, 4);
    g_assert_cmpuint(((const ClangFunction *)testing_file(c, 0)->functions->pdata[0])->end, ==, 5);
    g_assert_cmpuint(((const ClangFunction *)testing_file(c, 2)->functions->pdata[0])->start, ==, 17);
}

/* A string so many times. */
static void repeat(GString *text, const char *string, guint times) {
    for (guint i = 0; i < times; i++)
        g_string_append(text, string);
}

/* Each crashes, hangs or swells a parser; what stands beside it is parsed all the same. */
static void test_hostile(void) {
    static const char no_memory[] = "clang needs more than 1024 MiB of memory for it";
    static const char no_end[] = "clang does not come to an end of it within 10 s of CPU time, or 20 s";
    g_autoptr(Testing) c = testing_new();
    g_autoptr(GString) ifs = g_string_new("int f(int a) { "), tildes = g_string_new("int a = ");
    g_autoptr(GString) bomb = g_string_new("#define A0 1 + 1\n");

    repeat(ifs, "if (a) ", 20000);
    g_string_append(ifs, "a++; }\n");
    repeat(tildes, "~", 1000000);
    g_string_append(tildes, "1;\n");
    for (guint i = 1; i < 64; i++)
        g_string_append_printf(bomb, "#define A%u A%u + A%u\n", i, i - 1, i - 1);
    g_string_append(bomb, "int a = A63;\n");
    testing_add(c, "before.c", "c", "int f(int a) { return a ? 1 : 2; }\n");
    testing_add(c, "ifs.c", "c", ifs->str);
    testing_add(c, "tildes.c", "c", tildes->str);
    testing_add(c, "bomb.c", "c", bomb->str);
    testing_add(c, "zero.c", "c", "#include \"/dev/zero\"\n");
    testing_add(c, "embed.c", "c", "char a[] = {\n#embed \"/dev/zero\"\n};\n");
    testing_add(c, "pipe.c", "c", "#include \"/proc/self/fd/3\"\n");
    testing_add(c, "none.c", "nothing", "");
    testing_add(c, "after.c", "c", "int f(int a) { return a ? 1 : 2; }\n");
    g_ptr_array_add(c->sources, clang_source_new("missing.c", "c"));
    testing_run(c);
    testing_assert(c, 0, "f 2/1");
    if (testing_file(c, 1)->failure == NULL) /* as fast as the machine is */
        g_assert_cmpuint(((ClangFunction *)testing_file(c, 1)->functions->pdata[0])->cyclomatic, ==, 20001);
    else
        assert_failure(c, 1, no_end);
    assert_failure(c, 2, "clang crashed on it; is something in it nested very deeply?");
    if (strcmp(testing_file(c, 3)->failure, no_end) != 0) /* the one or the other comes first */
        assert_failure(c, 3, no_memory);
    assert_failure(c, 4, no_memory);
    assert_failure(c, 5, no_memory);
    assert_failure(c, 6, no_end);
    testing_assert(c, 8, "f 2/1");
    assert_failure(c, 9, "clang cannot parse it");
}

/* Nothing outside of the sandbox is read, and nothing is written. */
static void test_sandbox(void) {
    g_autoptr(Testing) c = testing_new();
    const char *canary = "/tmp/sallyport-clang-canary"; /* a folder that is there within, too */
    g_autofree char *output = g_strconcat("-o", canary, NULL);
    ClangSource *source;

    testing_add(c, "a.c", "c", "int f(void) { return 0\n#include \"/etc/hostname\"\n; }\n");
    testing_add(c, "b.c", "c", "char a[] = {\n#embed \"/etc/shadow\"\n};\n");
    source = testing_add(c, "c.c", "c", "int f(void) { return 1; }\n");
    g_ptr_array_add(source->flags, g_strdup("-MMD"));
    g_ptr_array_add(source->flags, g_strdup("-MF"));
    g_ptr_array_add(source->flags, g_strdup(canary));
    g_ptr_array_add(source->flags, g_steal_pointer(&output));
    testing_run(c);
    testing_assert(c, 0, "f 1/0");
    g_assert_cmpstr(testing_file(c, 0)->error, ==, NULL);
    testing_assert(c, 1, "");
    g_assert_cmpstr(testing_file(c, 1)->error, ==, NULL);
    assert_failure(c, 2,
                   "clang crashed on it; is something in it nested very deeply?"); /* of its first byte */
    g_assert_false(g_file_test(canary, G_FILE_TEST_EXISTS));
}

/* What a worker that was taken over may say. */
static void say(GByteArray *bytes, guint32 file, guint32 outcome, const char *json) {
    const ClangFrame frame = {CLANG_MAGIC, file, outcome, (guint32)strlen(json)};

    g_byte_array_append(bytes, (const guint8 *)&frame, sizeof frame);
    g_byte_array_append(bytes, (const guint8 *)json, frame.size);
}

static void assert_read(const char *json, const char *failure, const char *functions) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(ClangResult) result = clang_result_new(1, 2);
    const ClangFile *file = result->files->pdata[0];
    guint number = 0;

    g_array_append_val(asked, number);
    say(bytes, 0, CLANG_DONE, json);
    g_assert_cmpuint(clang_read((const char *)bytes->data, bytes->len, asked, result), ==, 1);
    g_assert_cmpstr(file->failure, ==, failure);
    if (failure == NULL) {
        g_autofree char *said = testing_functions(file);

        g_assert_cmpstr(said, ==, functions);
    }
}

static void test_answers(void) {
    static const char bad[] = "clang's answer cannot be understood";
    static const char good[] =
        "{\"functions\": [{\"name\": \"f\", \"start\": 4, \"end\": 5, \"cyclomatic\": 2, "
        "\"cognitive\": 1, \"lost\": false}]}";
    static const char *const wrong[][2] = {
        {"\"f\"", "7"},         {"4", "-1"},    {"4", "5"},     {"5", "4294967296"},     {"2", "0"},
        {"2", "1.5"},           {"1", "\"1\""}, {"1", "null"},  {"false", "0"},          {"[{", "{"},
        {"functions", "other"}, {"}]}", "}]"},  {"}]", "},7]"}, {"\"end\"", "\"start\""}};

    assert_read(good, NULL, "f 2/1");
    assert_read("{\"functions\": []}", NULL, "");
    assert_read("{\"functions\": [], \"unparsed\": -1}", bad, NULL);
    assert_read("{\"functions\": [], \"error\": 7}", bad, NULL);
    assert_read("{\"functions\": [], \"error\": \"e\"}", bad, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GString) text = g_string_new(good);

        g_string_replace(text, wrong[i][0], wrong[i][1], 1);
        assert_read(text->str, bad, NULL);
    }
}

/* A file's answer counts once, and frames that are none end the reading. */
static void test_frames(void) {
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GArray) asked = g_array_new(FALSE, FALSE, sizeof(guint));
    g_autoptr(ClangResult) result = clang_result_new(3, 2);
    const guint numbers[] = {2, 0};

    g_array_append_vals(asked, numbers, 2);
    say(bytes, CLANG_ITSELF, CLANG_DONE, "{\"version\": \"clang\\u001b 19\"}");
    say(bytes, 0, CLANG_CRASHED, "");
    say(bytes, 0, CLANG_DONE, "{\"functions\": []}");
    say(bytes, 1, 77, "");
    say(bytes, 2, CLANG_DONE, "{\"functions\": []}");
    say(bytes, 1, CLANG_DONE, "{\"functions\": []}");
    for (gsize len = 0; len <= bytes->len; len++) {
        g_autoptr(ClangResult) part = clang_result_new(3, 2);

        (void)clang_read((const char *)bytes->data, len, asked, part);
    }
    g_assert_cmpuint(clang_read((const char *)bytes->data, bytes->len, asked, result), ==, 2);
    g_assert_cmpstr(result->version, ==, "clang\\x1b 19");
    g_assert_cmpstr(((ClangFile *)result->files->pdata[2])->failure, ==,
                    "clang crashed on it; is something in it nested very deeply?");
    g_assert_null(((ClangFile *)result->files->pdata[1])->failure);
    g_assert_null(((ClangFile *)result->files->pdata[1])->functions);
    g_assert_cmpstr(((ClangFile *)result->files->pdata[0])->failure, ==,
                    "clang's answer cannot be understood");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clang/files", test_files);
    g_test_add_func("/clang/hostile", test_hostile);
    g_test_add_func("/clang/sandbox", test_sandbox);
    g_test_add_func("/clang/answers", test_answers);
    g_test_add_func("/clang/frames", test_frames);
    return g_test_run();
}
