/* clang_examples_run(): the tests that stand in rules of C and C++. */
#include "rules/clang/client.h"

#include "exec/folder.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>

ClangExample *clang_example_new(const Rule *rule, const char *text) {
    ClangExample *example = g_new0(ClangExample, 1);

    example->rule = rule;
    example->text = g_strdup(text);
    return example;
}

void clang_example_free(ClangExample *example) {
    g_free(example->text);
    g_free(example->failure);
    g_free(example);
}

/* The files, and the rules, each once. */
static bool lay_out(const GPtrArray *examples, const char *root, GPtrArray *sources, GPtrArray *rules,
                    GError **error) {
    for (guint i = 0; i < examples->len; i++) {
        const ClangExample *example = examples->pdata[i];
        const char *language = example->rule->languages[0];
        g_autofree char *name =
            g_strdup_printf("example-%u.%s", i, g_str_equal(language, "cpp") ? "cc" : "c");
        g_autofree char *path = g_build_filename(root, name, NULL);
        ClangSource *source = clang_source_new(name, g_str_equal(language, "cpp") ? "cpp" : "c");
        guint number;

        g_ptr_array_add(sources, source);
        if (!g_ptr_array_find(rules, example->rule, &number)) {
            number = rules->len;
            g_ptr_array_add(rules, (gpointer)example->rule);
        }
        source->wants_functions = false;
        g_array_append_val(source->rules, number);
        if (!g_file_set_contents(path, example->text, -1, error))
            return false;
    }
    return true;
}

static void take(const GPtrArray *examples, const GPtrArray *rules, const ClangResult *result) {
    for (guint i = 0; i < examples->len; i++) {
        ClangExample *example = examples->pdata[i];
        const ClangFile *file = result->files->pdata[i];
        g_autoptr(GBytes) text = g_bytes_new_static(example->text, strlen(example->text));
        g_autoptr(CheckResult) account = check_result_new("clang");

        g_free(example->failure);
        example->failure = g_strdup(file->failure);
        if (file->failure != NULL)
            continue;
        clang_report(file, rules, "example", text, account);
        example->found = account->findings->len;
        example->failure = g_strdup(g_hash_table_lookup(account->failures, "example"));
    }
}

static bool run(const GPtrArray *examples, const char *root, Tier require, GError **error) {
    g_autoptr(GPtrArray) sources = g_ptr_array_new_with_free_func((GDestroyNotify)clang_source_free);
    g_autoptr(GPtrArray) rules = g_ptr_array_new();
    g_autoptr(Supervisor) supervisor = NULL;
    g_autoptr(ClangResult) result = NULL;
    const ClangRequest request = {.sources = sources, .rules = rules, .root = root, .require = require};
    ClangRun *started;

    if (!lay_out(examples, root, sources, rules, error))
        return false;
    supervisor = supervisor_new(2, -1);
    started = clang_start(&request, supervisor);
    (void)supervisor_wait(supervisor);
    result = clang_finish(started, supervisor);
    if (result->failure != NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "%s%s%s", result->failure,
                    result->remedy != NULL ? "; " : "", result->remedy != NULL ? result->remedy : "");
        return false;
    }
    take(examples, rules, result);
    return true;
}

bool clang_examples_run(const GPtrArray *examples, Tier require, GError **error) {
    g_autofree char *root = NULL;
    bool ok;

    if (examples->len == 0)
        return true;
    root = g_dir_make_tmp("sallyport-examples-XXXXXX", error);
    if (root == NULL)
        return false;
    (void)g_chmod(root, 0755); /* the sandbox reads it as another user */
    ok = run(examples, root, require, error);
    folder_remove(AT_FDCWD, root);
    return ok;
}
