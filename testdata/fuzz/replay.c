/* replay.c: runs a fuzz target over each file of a corpus, as one test. It stands in for libFuzzer in
 * `make check`, so that what the fuzzer once found stays mended, and needs no clang.
 *
 *     NAME_replay CORPUS
 *
 * Each file is named before it is read: where the target crashes, the last name is the culprit. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int by_name(gconstpointer a, gconstpointer b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static GPtrArray *names_in(const char *folder, GError **error) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    if (!dir) {
        return NULL;
    }
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_ptr_array_add(names, g_strdup(name));
    }
    g_ptr_array_sort(names, by_name);
    return names;
}

/* The target gets a copy of just the right size: a sanitizer then sees the first byte read too far. */
static bool replay(const char *folder, const char *name, GError **error) {
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *text = NULL;
    gsize len;
    if (!g_file_get_contents(path, &text, &len, error)) {
        return false;
    }
    printf("# %s\n", path);
    fflush(stdout);
    g_autofree uint8_t *data = g_malloc(MAX(len, 1));
    memcpy(data, text, len);
    LLVMFuzzerTestOneInput(data, len);
    return true;
}

static bool replay_all(const char *folder, guint *ret_count, GError **error) {
    g_autoptr(GPtrArray) names = names_in(folder, error);
    if (!names) {
        return false;
    }
    for (guint i = 0; i < names->len; i++) {
        if (!replay(folder, names->pdata[i], error)) {
            return false;
        }
    }
    *ret_count = names->len;
    return true;
}

int main(int argc, char **argv) {
    g_autoptr(GError) error = NULL;
    guint count = 0;

    printf("1..1\n");
    if (argc != 2) {
        printf("not ok 1 usage: NAME_replay CORPUS\n");
        return 2;
    }
    if (!replay_all(argv[1], &count, &error)) {
        printf("not ok 1 %s\n", error->message);
        return 1;
    }
    printf("%s 1 %u inputs replayed\n", count > 0 ? "ok" : "not ok", count);
    return count > 0 ? 0 : 1;
}
