#include "review/change/libgit2.h"

#include "exec/library.h"
#include "review/change/change.h"

#ifndef LIBGIT2_SONAME /* the Makefile asks the library that is linked against */
#define LIBGIT2_SONAME "libgit2.so"
#endif

#define NAME(name) #name,
static const char *const names[] = {LIBGIT2_FUNCTIONS(NAME) NULL};

/* The table is filled as an array of pointers in the order of `names`, which is that of its members. */
G_STATIC_ASSERT(sizeof(LibGit2) == (G_N_ELEMENTS(names) - 1) * sizeof(gpointer));

/* libgit2 built with mbedTLS reads all certificate authorities of the system when it is started, which takes
 * 12 ms: three times what all else of a small review does. No network is ever used here; so the function of
 * mbedTLS that does it is this one, which the program exports (see the Makefile) and which has found nothing
 * to read. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);
int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    (void)chain;
    (void)path;
    return 0;
}

/* Made once and never changed or unloaded. */
static gpointer loaded;

static LibGit2 *load(GError **error) {
    g_autoptr(GError) local = NULL;
    gpointer *table = library_load(LIBGIT2_SONAME, names, &local);

    if (table == NULL)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "libgit2: %s", local->message);
    return (LibGit2 *)(void *)table;
}

bool libgit2_load(GError **error) {
    LibGit2 *table;

    if (libgit2() != NULL)
        return true;
    table = load(error);
    if (table != NULL && !g_atomic_pointer_compare_and_exchange(&loaded, NULL, table))
        g_free(table);
    return libgit2() != NULL;
}

const LibGit2 *libgit2(void) {
    return g_atomic_pointer_get(&loaded);
}
