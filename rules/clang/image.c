#include "rules/clang/image.h"

#ifndef SALLYPORT_CLANG /* the Makefile says where it was built */
#define SALLYPORT_CLANG "build/sallyport-clang"
#endif

__asm__(".pushsection .rodata, \"a\"\n"
        ".hidden sallyport_clang, sallyport_clang_end\n"
        ".global sallyport_clang, sallyport_clang_end\n"
        "sallyport_clang: .incbin \"" SALLYPORT_CLANG "\"\n"
        "sallyport_clang_end: .byte 0\n"
        ".popsection\n");
extern const char sallyport_clang[] __attribute__((visibility("hidden")));
extern const char sallyport_clang_end[] __attribute__((visibility("hidden")));

GBytes *clang_image(void) {
    return g_bytes_new_static(sallyport_clang, (gsize)(sallyport_clang_end - sallyport_clang));
}
