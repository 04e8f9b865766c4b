/* Which files go to which process of a linter. */
#include "review/linters/private.h"

#include "exec/caps.h"

#include <string.h>

/* Files with a name that the tool cannot print have a process each: not for any number of them. */
#define MOST_SINGLE 32u

/* What an argument takes of the room that execve(2) gives: its text and its pointer. */
static gsize room(const char *argument) {
    return strlen(argument) + 1 + sizeof(char *);
}

/* Starts the tool over many files, several times where their names are too long for one, or where it is to
 * be given one at a time. */
static void start_many(LinterRun *run, const GPtrArray *paths, Supervisor *supervisor) {
    g_autoptr(GPtrArray) head = process_arguments(run, NULL, run->linter->ask);
    bool one_by_one = run->policy->custom != NULL && run->policy->custom->one_by_one;
    gsize fixed = 0, used = 0;
    Process *process = NULL;

    for (guint i = 0; i < head->len; i++)
        fixed += room(head->pdata[i]);
    for (guint i = 0; i <= paths->len; i++) {
        gsize size = i < paths->len ? room(paths->pdata[i]) + strlen(run->linter->path_prefix) : 0;

        if (process != NULL && (i == paths->len || one_by_one || used + size > CAP_ARGV_BYTES)) {
            process_set_arguments(run, process, NULL);
            process_start(run, process, supervisor);
            process = NULL;
        }
        if (i == paths->len)
            break;
        if (process == NULL) {
            g_autoptr(GPtrArray) own = g_ptr_array_new();

            process = process_new(run, own, false);
            used = fixed;
        }
        g_ptr_array_add(process->paths, paths->pdata[i]);
        used += size;
    }
}

/* The folder of the configuration that is nearest above a file; newly allocated, "." where there is none. */
static char *config_folder(const LinterRun *run, const char *path) {
    char *folder = g_path_get_dirname(path);

    while (strcmp(folder, ".") != 0) {
        for (const char *const *name = run->linter->config_files; *name != NULL; name++) {
            g_autofree char *config = g_build_filename(run->root, folder, *name, NULL);

            if (g_file_test(config, G_FILE_TEST_EXISTS))
                return folder;
        }
        char *above = g_path_get_dirname(folder);

        g_free(folder);
        folder = above;
    }
    return folder;
}

/* What it says of a file is to be the same whatever is given beside, also since it is kept. */
static void start_by_config(LinterRun *run, const GPtrArray *paths, Supervisor *supervisor) {
    g_autoptr(GHashTable) by_folder =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref);
    g_autoptr(GPtrArray) groups = g_ptr_array_new(); /* in order of their first files */

    for (guint i = 0; i < paths->len; i++) {
        char *folder = config_folder(run, paths->pdata[i]);
        GPtrArray *group = g_hash_table_lookup(by_folder, folder);

        if (group == NULL) {
            group = g_ptr_array_new();
            g_ptr_array_add(groups, group);
            g_hash_table_insert(by_folder, folder, group);
        } else {
            g_free(folder);
        }
        g_ptr_array_add(group, paths->pdata[i]);
    }
    for (guint i = 0; i < groups->len; i++)
        start_many(run, groups->pdata[i], supervisor);
}

/* Starts the tool over one file whose name it cannot print. */
static void start_single(LinterRun *run, char *path, Supervisor *supervisor) {
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    Process *process = process_new(run, own, true);

    g_ptr_array_add(own, path);
    process_set_arguments(run, process, NULL);
    if (run->linter->single_by_stdin) {
        g_autofree char *name = g_build_filename(run->root, path, NULL);
        char *text;
        gsize len;

        if (!g_file_get_contents(name, &text, &len, NULL)) {
            check_fail_file(run->result, path, "the file cannot be read again");
            process_free(process);
            return;
        }
        process->command->input = g_bytes_new_take(text, len);
    }
    process_start(run, process, supervisor);
}

static bool can_print(const Linter *linter, const char *path) {
    if (linter->needs_utf8 && !g_utf8_validate(path, -1, NULL))
        return false;
    if (linter->needs_no_escape && strchr(path, '\033') != NULL)
        return false;
    for (const char *p = path; linter->needs_line && *p != '\0'; p++)
        if (g_ascii_iscntrl(*p))
            return false;
    return true;
}

void run_start_all(LinterRun *run, Supervisor *supervisor) {
    const GPtrArray *paths = run->result->paths;
    g_autoptr(GPtrArray) many = g_ptr_array_new();
    guint single = 0;

    for (guint i = 0; i < paths->len; i++) {
        char *path = paths->pdata[i];

        if (strcmp(path, "-") == 0)
            check_fail_file(run->result, path, "its name would mean standard input to the linter");
        else if (can_print(run->linter, path))
            g_ptr_array_add(many, path);
        else if (single++ < MOST_SINGLE)
            start_single(run, path, supervisor);
        else
            check_fail_file(
                run->result, path,
                run->linter->needs_line
                    ? "its name is no line of UTF-8, which the linter may not be able to print, and "
                      "there are too many such files"
                    : "the linter cannot print its name, which is not UTF-8 or holds an escape character, "
                      "and there are "
                      "too many such files");
    }
    if (run->linter->one_config)
        start_by_config(run, many, supervisor);
    else
        start_many(run, many, supervisor);
}
