/* The packs are part of the program: the assembler takes them in as they are (.incbin, with a path from the
 * repository's root, where the compiler runs). So no file needs to be found when the program runs, and none
 * can be put in its place. */
#include "rules/rule.h"

#include <string.h>

#define PACK(name)                                                                                           \
    __asm__(".pushsection .rodata, \"a\"\n"                                                                  \
            ".hidden sallyport_pack_" #name ", sallyport_pack_" #name "_end\n"                               \
            ".global sallyport_pack_" #name ", sallyport_pack_" #name "_end\n"                               \
            "sallyport_pack_" #name ": .incbin \"rules/packs/" #name ".yaml\"\n"                             \
            "sallyport_pack_" #name "_end: .byte 0\n"                                                        \
            ".popsection\n");                                                                                \
    extern const char sallyport_pack_##name[] __attribute__((visibility("hidden")));                         \
    extern const char sallyport_pack_##name##_end[] __attribute__((visibility("hidden")))

PACK(c);
PACK(change);
PACK(python);
PACK(secrets);
PACK(text);

static const struct {
    const char *name, *text, *end;
} packs[] = {
    {"c", sallyport_pack_c, sallyport_pack_c_end},
    {"change", sallyport_pack_change, sallyport_pack_change_end},
    {"python", sallyport_pack_python, sallyport_pack_python_end},
    {"secrets", sallyport_pack_secrets, sallyport_pack_secrets_end},
    {"text", sallyport_pack_text, sallyport_pack_text_end},
};

const char *const *rule_pack_names(void) {
    static const char *const names[] = {"c", "change", "default", "python", "secrets", "text", NULL};
    return names;
}

bool rule_pack_text(const char *name, const char **ret_text, gsize *ret_len) {
    for (gsize i = 0; i < G_N_ELEMENTS(packs); i++) {
        if (strcmp(packs[i].name, name) != 0)
            continue;
        *ret_text = packs[i].text;
        *ret_len = (gsize)(packs[i].end - packs[i].text);
        return true;
    }
    return false;
}
