#include "rules/clang/worker/libclang.h"

#include <dlfcn.h>
#include <glib.h>
#include <stdlib.h>

#define NEWEST 30
#define OLDEST 13

Libclang clang;

static bool load_functions(void *library) {
    static const char *const names[] = {
#define LIBCLANG_NAME(name) "clang_" #name,
        LIBCLANG_FUNCTIONS(LIBCLANG_NAME)
#undef LIBCLANG_NAME
    };
    void **table = (void **)&clang; /* the functions stand first in it, in this order */

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if ((table[i] = dlsym(library, names[i])) == NULL)
            return false;
    clang.getCursorBinaryOperatorKind =
        (int (*)(CXCursor))dlsym(library, "clang_getCursorBinaryOperatorKind");
    clang.getCursorUnaryOperatorKind = (int (*)(CXCursor))dlsym(library, "clang_getCursorUnaryOperatorKind");
    return true;
}

/* FOLDER/VERSION, if it has clang's own headers; VERSION begins with the number. */
static char *resources_in(const char *folder, int version) {
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    char *found = NULL;
    const char *name;

    while (dir != NULL && found == NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *header = g_build_filename(folder, name, "include", "stddef.h", NULL);

        if (g_ascii_strtoll(name, NULL, 10) == version && g_file_test(header, G_FILE_TEST_EXISTS))
            found = g_build_filename(folder, name, NULL);
    }
    return found;
}

/* They stand in "clang" beside the library, where Debian's packages have a link to it that libclang itself
 * would not find; and where clang the compiler has them. */
static void find_resources(int version) {
    Dl_info info;
    char *real = dladdr((void *)clang.createIndex, &info) != 0 ? realpath(info.dli_fname, NULL) : NULL;
    g_autofree char *beside = real != NULL ? g_path_get_dirname(real) : g_strdup("/usr/lib");
    char *folders[] = {
        g_build_filename(beside, "clang", NULL), g_strdup_printf("/usr/lib/llvm-%d/lib/clang", version),
        g_strdup_printf("/usr/lib/llvm%d/lib/clang", version), g_strdup("/usr/lib/clang"), NULL};

    for (char **folder = folders; *folder != NULL && clang.resources == NULL; folder++)
        clang.resources = resources_in(*folder, version);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++)
        g_free(folders[i]);
    free(real);
}

static bool load(int version) {
    /* Debian's and Ubuntu's names; then those of others. */
    static const char *const patterns[] = {"libclang-%d.so.1", "libclang-%d.so.%d",
                                           "/usr/lib/llvm-%d/lib/libclang.so.1",
                                           "/usr/lib/llvm%d/lib/libclang.so", "libclang.so.%d"};

    for (gsize i = 0; i < G_N_ELEMENTS(patterns); i++) {
        g_auto(GStrv) parts = g_strsplit(patterns[i], "%d", -1);
        g_autofree char *number = g_strdup_printf("%d", version), *name = g_strjoinv(number, parts);
        void *library = dlopen(name, RTLD_LAZY | RTLD_LOCAL);

        if (library != NULL && load_functions(library)) {
            find_resources(version);
            return true;
        }
        if (library != NULL)
            dlclose(library);
    }
    return false;
}

bool libclang_load(void) {
    int version = NEWEST;

    while (version >= OLDEST && !load(version))
        version--;
    if (version < OLDEST)
        return false;
    CXString said = clang.getClangVersion();
    clang.version = g_strdup(clang.getCString(said));
    clang.disposeString(said);
    return true;
}
