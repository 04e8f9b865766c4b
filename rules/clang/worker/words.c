#include "rules/clang/worker/words.h"

#include <string.h>

static const struct {
    const char *text;
    Word word;
} known[] = {
    {"if", WORD_IF},         {"else", WORD_ELSE},
    {"for", WORD_FOR},       {"while", WORD_WHILE},
    {"do", WORD_DO},         {"switch", WORD_SWITCH},
    {"case", WORD_CASE},     {"catch", WORD_CATCH},
    {"goto", WORD_GOTO},     {"?", WORD_QUESTION},
    {"&&", WORD_AND},        {"and", WORD_AND},
    {"||", WORD_OR},         {"or", WORD_OR},
    {"(", WORD_OPEN},        {")", WORD_CLOSE},
    {"{", WORD_BEGIN},       {"}", WORD_END},
    {"[", WORD_BRACKET},     {"]", WORD_UNBRACKET},
    {";", WORD_SEMICOLON},   {",", WORD_COMMA},
    {":", WORD_COLON},       {"=", WORD_ASSIGN},
    {"return", WORD_ASSIGN}, {"co_return", WORD_ASSIGN},
    {"throw", WORD_ASSIGN},  {"this", WORD_NAME},
    {"true", WORD_NAME},     {"false", WORD_NAME},
    {"nullptr", WORD_NAME},  {".", WORD_MEMBER},
    {"->", WORD_MEMBER},     {"<%", WORD_BEGIN},
    {"%>", WORD_END},        {"<:", WORD_BRACKET},
    {":>", WORD_UNBRACKET},
};

/* Tokens on their way to words. */
typedef struct {
    const char *text; /* the file's */
    gsize len;
    unsigned end;      /* of the token before */
    bool in_directive; /* it is of one */
    bool is_operand;   /* it can be the end of an operand */
} Reader;

/* Whether between two tokens a line ends that does not go on behind a backslash. */
static bool ends_line(const Reader *reader, unsigned from, unsigned to) {
    for (unsigned i = from; i < to && i < reader->len; i++) {
        unsigned before = i;

        if (reader->text[i] != '\n')
            continue;
        while (before > from && strchr(" \t\r\v\f", reader->text[before - 1]) != NULL)
            before--;
        if (before == from || reader->text[before - 1] != '\\')
            return true;
    }
    return false;
}

static Word word_of(CXTokenKind kind, const char *text, gsize len) {
    if (kind == CXToken_Identifier) /* `and` is one in C */
        return WORD_NAME;
    for (gsize i = 0; kind != CXToken_Literal && i < G_N_ELEMENTS(known); i++)
        if (strlen(known[i].text) == len && memcmp(known[i].text, text, len) == 0)
            return known[i].word;
    return WORD_OTHER;
}

static void read_token(Reader *reader, CXTranslationUnit unit, CXToken token, GArray *words) {
    CXTokenKind kind = clang.getTokenKind(token);
    CXSourceRange extent = clang.getTokenExtent(unit, token);
    unsigned start, end;
    WordPlace place;

    clang.getFileLocation(clang.getRangeStart(extent), NULL, NULL, NULL, &start);
    clang.getFileLocation(clang.getRangeEnd(extent), NULL, NULL, NULL, &end);
    if (start >= reader->len || end > reader->len || end <= start)
        return;
    if (reader->end == 0 || ends_line(reader, reader->end, start))
        reader->in_directive = kind == CXToken_Punctuation &&
                               (reader->text[start] == '#' || reader->text[start] == '%') &&
                               (end - start == 1) == (reader->text[start] == '#');
    reader->end = end;
    if (kind == CXToken_Comment || reader->in_directive)
        return;
    place =
        (WordPlace){.offset = start, .end = end, .word = word_of(kind, reader->text + start, end - start)};
    place.is_prefix = (place.word & (WORD_AND | WORD_OR)) != 0 && !reader->is_operand;
    reader->is_operand =
        kind == CXToken_Literal || (place.word & (WORD_NAME | WORD_CLOSE | WORD_UNBRACKET | WORD_END)) != 0;
    g_array_append_val(words, place);
}

/* Takes out what the preprocessor skipped. */
static void drop_skipped(CXTranslationUnit unit, CXFile file, GArray *words) {
    CXSourceRangeList *skipped = clang.getSkippedRanges(unit, file);
    guint kept = 0, range = 0;

    for (guint i = 0; skipped != NULL && i < words->len; i++) {
        WordPlace *place = &g_array_index(words, WordPlace, i);
        unsigned start = G_MAXUINT, end = 0;

        for (; range < skipped->count; range++) {
            clang.getFileLocation(clang.getRangeStart(skipped->ranges[range]), NULL, NULL, NULL, &start);
            clang.getFileLocation(clang.getRangeEnd(skipped->ranges[range]), NULL, NULL, NULL, &end);
            if (place->offset < end)
                break;
        }
        if (range == skipped->count || place->offset < start)
            g_array_index(words, WordPlace, kept++) = *place;
    }
    if (skipped != NULL) {
        g_array_set_size(words, kept);
        clang.disposeSourceRangeList(skipped);
    }
}

GArray *words_read(CXTranslationUnit unit, CXFile file) {
    GArray *words = g_array_new(FALSE, FALSE, sizeof(WordPlace));
    Reader reader = {0};
    CXToken *tokens = NULL;
    unsigned count = 0;

    reader.text = clang.getFileContents(unit, file, &reader.len);
    if (reader.text == NULL)
        return words;
    clang.tokenize(unit,
                   clang.getRange(clang.getLocationForOffset(unit, file, 0),
                                  clang.getLocationForOffset(unit, file, (unsigned)reader.len)),
                   &tokens, &count);
    for (unsigned i = 0; i < count; i++)
        read_token(&reader, unit, tokens[i], words);
    clang.disposeTokens(unit, tokens, count);
    drop_skipped(unit, file, words);
    return words;
}

guint words_index(const GArray *words, unsigned from) {
    guint low = 0, high = words->len;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (g_array_index(words, WordPlace, middle).offset < from)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

WordPlace *words_find(GArray *words, unsigned kinds, unsigned from, unsigned to) {
    for (guint i = words_index(words, from); i < words->len; i++) {
        WordPlace *place = &g_array_index(words, WordPlace, i);

        if (place->offset >= to)
            return NULL;
        if ((place->word & kinds) != 0)
            return place;
    }
    return NULL;
}
