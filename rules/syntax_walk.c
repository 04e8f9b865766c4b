#include "rules/syntax_walk.h"

#include <string.h>

void walk_take_to(Walk *walk, gsize to, guint8 place) {
    gsize from = walk->lex.pos;

    if (to > walk->lex.len) {
        lex_lose(&walk->lex, from);
        return;
    }
    lex_take_to(&walk->lex, to, place);
    for (gsize i = from; i < to; i++)
        if (walk->lex.text[i] == '\n')
            walk->line = i + 1;
}

void walk_take_behind(Walk *walk, gsize pos, const char *word, guint8 place) {
    bool found;
    gsize end = lex_find_behind(&walk->lex, pos, word, &found);

    walk_take_to(walk, found ? end : G_MAXSIZE, place);
}

char walk_last_code(const Walk *walk) {
    for (gsize i = walk->lex.pos; i > walk->line; i--)
        if (!lex_is_blank(walk->lex.text[i - 1]))
            return walk->lex.text[i - 1];
    return '\0';
}

bool walk_at_word_start(const Walk *walk) {
    char before = walk->lex.pos > walk->line ? walk->lex.text[walk->lex.pos - 1] : '\n';

    return before == '\0' || strchr(" \t\r\n;&|()`", before) != NULL;
}
