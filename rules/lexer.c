#include "rules/lexer.h"

#include "rules/lex.h"
#include "rules/syntax.h"

#include <string.h>

static const struct {
    const char *language;
    void (*read)(Lex *lex);
} lexers[] = {
    {"c", lexer_c},           {"cpp", lexer_c},       {"javascript", lexer_javascript},
    {"python", lexer_python}, {"shell", lexer_shell}, {"typescript", lexer_javascript},
};

/* NULL where it has none of its own. */
static void (*lexer_of(const char *language))(Lex *lex) {
    for (gsize i = 0; i < G_N_ELEMENTS(lexers); i++)
        if (strcmp(lexers[i].language, language) == 0)
            return lexers[i].read;
    return NULL;
}

bool lexer_knows(const char *language) {
    return lexer_of(language) != NULL || syntax_is_exact(language);
}

guint8 *lexer_places(const char *language, const char *text, gsize len) {
    void (*read)(Lex *lex) = lexer_of(language);
    guint8 *places;

    g_return_val_if_fail(lexer_knows(language), NULL);
    if (read == NULL)
        return syntax_places(language, text, len);
    places = g_malloc(MAX(len, 1));
    read(&(Lex){.text = text, .len = len, .places = places});
    return places;
}
