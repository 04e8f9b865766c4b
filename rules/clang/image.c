#include "rules/clang/image.h"

#ifndef SALLYPORT_CLANG /* the Makefile says where it was built */
#define SALLYPORT_CLANG "build/sallyport-clang"
#endif

__asm__(".pushsection .rodata, \"a\"\n"
        ".hidden sallyport_clang, sallyport_clang_size\n"
        ".global sallyport_clang, sallyport_clang_size\n"
        "sallyport_clang: .incbin \"" SALLYPORT_CLANG "\"\n"
        ".balign 8\n"
        "sallyport_clang_size: .quad sallyport_clang_size - sallyport_clang\n"
        ".popsection\n");
extern const char sallyport_clang[] __attribute__((visibility("hidden")));
extern const guint64 sallyport_clang_size __attribute__((visibility("hidden"))); /* with padding */

GBytes *clang_image(void) {
    return g_bytes_new_static(sallyport_clang, sallyport_clang_size);
}
