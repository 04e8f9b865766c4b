#include "review/sqlite.h"

#include "exec/library.h"

/* So it is called wherever SQLite 3 is. */
#define SONAME "libsqlite3.so.0"

#define NAME(name) #name,
static const char *const names[] = {SQLITE_FUNCTIONS(NAME) NULL};

/* The table is filled as an array of pointers in the order of `names`, which is that of its members. */
G_STATIC_ASSERT(sizeof(Sqlite) == (G_N_ELEMENTS(names) - 1) * sizeof(gpointer));

/* Made once and never changed or unloaded. */
static gpointer loaded;

bool sqlite_load(GError **error) {
    gpointer *table;

    if (sqlite() != NULL)
        return true;
    table = library_load(SONAME, names, error);
    if (table != NULL && !g_atomic_pointer_compare_and_exchange(&loaded, NULL, table))
        g_free(table);
    return sqlite() != NULL;
}

const Sqlite *sqlite(void) {
    return g_atomic_pointer_get(&loaded);
}
