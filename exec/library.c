#include "exec/library.h"

#include <dlfcn.h>

gpointer *library_load(const char *name, const char *const *names, GError **error) {
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    gpointer *table;

    if (handle == NULL) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s cannot be loaded: %s", name, dlerror());
        return NULL;
    }
    table = g_new0(gpointer, g_strv_length((char **)names) + 1);
    for (gsize i = 0; names[i] != NULL; i++) {
        table[i] = dlsym(handle, names[i]);
        if (table[i] != NULL)
            continue;
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s cannot be used: %s", name, dlerror());
        g_free(table);
        dlclose(handle);
        return NULL;
    }
    return table;
}
