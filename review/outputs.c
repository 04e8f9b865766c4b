#include "review/outputs.h"

#include "exec/outputs.h"
#include "exec/text.h"
#include "review/job.h"

#include <string.h>

static void lose(JobResult *result, const char *path, const char *why) {
    g_autofree char *shown = text_path(path);
    g_autofree char *text = g_strdup_printf("%s did not come back: %s", shown, why);

    if (result->lost == NULL)
        result->lost = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(result->lost, text_line(text, -1, 1024));
}

static const GPtrArray *outputs_of(const JobResult *result) {
    return result->result != NULL ? result->result->outputs : NULL;
}

/* Which run has made each path: of the first run; a path that several have made is in `twice`. */
static GHashTable *find_makers(const GPtrArray *results, GHashTable *twice) {
    GHashTable *makers = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < results->len; i++) {
        const GPtrArray *outputs = outputs_of(results->pdata[i]);

        for (guint o = 0; outputs != NULL && o < outputs->len; o++) {
            const Output *output = outputs->pdata[o];

            if (output->bytes == NULL)
                continue;
            if (g_hash_table_contains(makers, output->path))
                g_hash_table_add(twice, output->path);
            else
                g_hash_table_insert(makers, output->path, results->pdata[i]);
        }
    }
    return makers;
}

/* Why it is not written, newly allocated; NULL where it has been. */
static char *write_one(Output *output, Change *change) {
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    const char *root = change_root(change);
    bool tracked = false;

    if (root == NULL)
        return g_strdup("there is no work tree to write it to");
    if (!change_is_tracked(change, output->path, &tracked, &error))
        return g_strdup(error->message);
    if (tracked)
        return g_strdup("git tracks a file of that name");
    g_ptr_array_add(one, output);
    return outputs_write(one, root, &error) ? NULL : g_strdup(error->message);
}

static void write_outputs(JobResult *result, Change *change, GHashTable *twice) {
    const GPtrArray *outputs = outputs_of(result);

    for (guint i = 0; outputs != NULL && i < outputs->len; i++) {
        Output *output = outputs->pdata[i];
        g_autofree char *why = NULL;

        if (output->bytes == NULL)
            why = g_strdup(output->error);
        else if (g_hash_table_contains(twice, output->path))
            why = g_strdup("more than one run has made it");
        else
            why = write_one(output, change);
        if (why != NULL)
            lose(result, output->path, why);
    }
}

void job_outputs_write(const GPtrArray *results, Change *change) {
    g_autoptr(GHashTable) twice = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) makers = find_makers(results, twice);

    if (change_source(change) == CHANGE_PATCH) /* no file is touched */
        return;
    for (guint i = 0; i < results->len; i++)
        write_outputs(results->pdata[i], change, twice);
}
