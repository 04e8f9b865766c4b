#include "rules/vectorscan.h"

#ifdef SALLYPORT_VECTORSCAN

#include "exec/library.h"

/* So it is called since Hyperscan 5. */
#define SONAME "libhs.so.5"

#define NAME(name) #name,
static const char *const names[] = {VECTORSCAN_FUNCTIONS(NAME) NULL};

/* The table is filled as an array of pointers in the order of `names`, which is that of its members. */
G_STATIC_ASSERT(sizeof(Vectorscan) == (G_N_ELEMENTS(names) - 1) * sizeof(gpointer));

/* Made once and never changed or unloaded. */
static gpointer loaded;

bool vectorscan_load(GError **error) {
    gpointer *table;

    if (vectorscan() != NULL)
        return true;
    table = library_load(SONAME, names, error);
    if (table != NULL && !g_atomic_pointer_compare_and_exchange(&loaded, NULL, table))
        g_free(table);
    return vectorscan() != NULL;
}

const Vectorscan *vectorscan(void) {
    return g_atomic_pointer_get(&loaded);
}

#else

bool vectorscan_load(GError **error) {
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "this program was built without Vectorscan");
    return false;
}

#endif
