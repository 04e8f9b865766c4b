#include "rules/syntax_table.h"

#include <string.h>

/* The rare ones: Fortran; OCaml, F#; Jinja; Handlebars; JSP; Razor; reStructuredText; roff; m4. */
const CommentSign syntax_signs[SYNTAX_SIGNS] = {
    {"#", NULL},       {"//", NULL},     {"--", NULL},  {";", NULL},  {"%", NULL},     {"/*", "*/"},
    {"<!--", "-->"},   {"--[[", "]]"},   {"{-", "-}"},  {"<#", "#>"}, {"#|", "|#"},    {"'", NULL},
    {"REM", NULL},     {"Rem", NULL},    {"rem", NULL}, {"::", NULL}, {"#=", "=#"},    {"\"", NULL},
    {"{", "}"},        {"@", NULL},      {"!", NULL},   {"(*", "*)"}, {"{#", "#}"},    {"{{!", "}}"},
    {"{{!--", "--}}"}, {"<%--", "--%>"}, {"@*", "*@"},  {"..", NULL}, {".\\\"", NULL}, {"dnl", NULL}};

enum {
    HASH = 1 << 0,
    SLASHES = 1 << 1,
    DASHES = 1 << 2,
    SEMICOLON = 1 << 3,
    PERCENT = 1 << 4,
    STAR = 1 << 5,
    MARKUP = 1 << 6,
    LONG_DASHES = 1 << 7,
    BRACE_DASH = 1 << 8,
    ANGLE_HASH = 1 << 9,
    HASH_BAR = 1 << 10,
    APOSTROPHE = 1 << 11,
    REMARK = 1 << 12 | 1 << 13 | 1 << 14,
    COLONS = 1 << 15,
    HASH_EQUALS = 1 << 16,
    DOUBLE_QUOTE = 1 << 17,
    BRACE = 1 << 18,
    AT = 1 << 19,
    BRACKET_STAR = 1 << 21,
    RARE = (1 << SYNTAX_SIGNS) - (1 << SYNTAX_RARE),
    COMMON = HASH | SLASHES | DASHES | SEMICOLON | PERCENT | STAR | MARKUP | RARE,
    C_LIKE = SLASHES | STAR,
};

static const Quote none[] = {{NULL, NULL, 0}};
static const Quote c[] = {{"\"", "\"", QUOTE_ESCAPES}, {"'", "'", QUOTE_ESCAPES}, {NULL, NULL, 0}};
static const Quote double_quotes[] = {{"\"", "\"", QUOTE_ESCAPES}, {NULL, NULL, 0}};
static const Quote json[] = {{"\"", "\"", QUOTE_ESCAPES}, {"'", "'", QUOTE_ESCAPES}, {NULL, NULL, 0}};
static const Quote csharp[] = {{"\"\"\"", "\"\"\"", QUOTE_LINES},
                               {"$@\"", "\"", QUOTE_DOUBLED | QUOTE_LINES},
                               {"@$\"", "\"", QUOTE_DOUBLED | QUOTE_LINES},
                               {"@\"", "\"", QUOTE_DOUBLED | QUOTE_LINES},
                               {"\"", "\"", QUOTE_ESCAPES},
                               {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR},
                               {NULL, NULL, 0}};
static const Quote java[] = {{"\"\"\"", "\"\"\"", QUOTE_ESCAPES | QUOTE_LINES},
                             {"\"", "\"", QUOTE_ESCAPES},
                             {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR},
                             {NULL, NULL, 0}};
static const Quote raw_triple[] = {{"\"\"\"", "\"\"\"", QUOTE_LINES},
                                   {"\"", "\"", QUOTE_ESCAPES},
                                   {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR},
                                   {NULL, NULL, 0}};
static const Quote go[] = {{"\"", "\"", QUOTE_ESCAPES},
                           {"`", "`", QUOTE_LINES},
                           {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR},
                           {NULL, NULL, 0}};
static const Quote rust[] = {
    {"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES}, {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR}, {NULL, NULL, 0}};
static const Quote triple[] = {{"\"\"\"", "\"\"\"", QUOTE_ESCAPES | QUOTE_LINES},
                               {"'''", "'''", QUOTE_ESCAPES | QUOTE_LINES},
                               {"\"", "\"", QUOTE_ESCAPES},
                               {"'", "'", QUOTE_ESCAPES},
                               {NULL, NULL, 0}};
static const Quote toml[] = {{"\"\"\"", "\"\"\"", QUOTE_ESCAPES | QUOTE_LINES},
                             {"'''", "'''", QUOTE_LINES},
                             {"\"", "\"", QUOTE_ESCAPES},
                             {"'", "'", 0},
                             {NULL, NULL, 0}};
static const Quote script[] = {{"\"", "\"", QUOTE_ESCAPES}, {"'", "'", QUOTE_ESCAPES}, {NULL, NULL, 0}};
static const Quote lines[] = {
    {"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES}, {"'", "'", QUOTE_ESCAPES | QUOTE_LINES}, {NULL, NULL, 0}};
static const Quote lisp[] = {{"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES}, {NULL, NULL, 0}};
static const Quote haskell[] = {
    {"\"", "\"", QUOTE_ESCAPES}, {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR | QUOTE_WORD}, {NULL, NULL, 0}};
static const Quote julia[] = {{"\"\"\"", "\"\"\"", QUOTE_ESCAPES | QUOTE_LINES},
                              {"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES},
                              {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR | QUOTE_WORD},
                              {NULL, NULL, 0}};
static const Quote sql[] = {
    {"'", "'", QUOTE_DOUBLED | QUOTE_LINES}, {"\"", "\"", QUOTE_DOUBLED}, {"`", "`", 0}, {NULL, NULL, 0}};
static const Quote yaml[] = {{"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES | QUOTE_WORD},
                             {"'", "'", QUOTE_DOUBLED | QUOTE_LINES | QUOTE_WORD},
                             {NULL, NULL, 0}};
static const Quote vb[] = {{"\"", "\"", QUOTE_DOUBLED}, {NULL, NULL, 0}};
static const Quote powershell[] = {{"@\"", "\n\"@", QUOTE_LINES},
                                   {"@'", "\n'@", QUOTE_LINES},
                                   {"\"", "\"", QUOTE_BACKTICK | QUOTE_DOUBLED | QUOTE_LINES},
                                   {"'", "'", QUOTE_DOUBLED | QUOTE_LINES},
                                   {NULL, NULL, 0}};
static const Quote markup[] = {{"\"", "\"", QUOTE_LINES}, {"'", "'", QUOTE_LINES}, {NULL, NULL, 0}};
static const Quote markdown[] = {{"```", "```", QUOTE_LINES},
                                 {"~~~", "~~~", QUOTE_LINES},
                                 {"``", "``", 0},
                                 {"`", "`", 0},
                                 {NULL, NULL, 0}};

static const Syntax table[] = {
    {"asm", double_quotes, AT | SEMICOLON | HASH | C_LIKE, 0},
    {"batch", none, REMARK | COLONS, SYNTAX_LINE_START},
    {"c", NULL, C_LIKE, 0},
    {"cmake", lisp, HASH, SYNTAX_LONG | SYNTAX_EXACT},
    {"cpp", NULL, C_LIKE, 0},
    {"csharp", csharp, C_LIKE, 0},
    {"css", c, C_LIKE, SYNTAX_URL | SYNTAX_EXACT}, /* two slashes in SCSS and Less */
    {"dart", triple, C_LIKE, 0},
    {"dockerfile", none, HASH, SYNTAX_LINE_START | SYNTAX_EXACT},
    {"elixir", triple, HASH, 0},
    {"erlang", double_quotes, PERCENT, 0},
    {"go", go, C_LIKE, SYNTAX_EXACT},
    {"groovy", triple, C_LIKE, 0},
    {"haskell", haskell, DASHES | BRACE_DASH, SYNTAX_NESTED},
    {"html", markup, MARKUP | C_LIKE, SYNTAX_TAGS | SYNTAX_SCRIPTS},
    {"ini", none, HASH | SEMICOLON, 0},
    {"java", java, C_LIKE, SYNTAX_EXACT},
    {"javascript", NULL, C_LIKE, 0},
    {"json", json, C_LIKE, SYNTAX_EXACT}, /* JSON5, JSON with comments */
    {"julia", julia, HASH | HASH_EQUALS, SYNTAX_NESTED},
    {"kotlin", raw_triple, C_LIKE, SYNTAX_NESTED},
    {"lisp", lisp, SEMICOLON | HASH_BAR, SYNTAX_BACKSLASH | SYNTAX_NESTED},
    {"lua", script, DASHES | LONG_DASHES, SYNTAX_LONG | SYNTAX_EXACT},
    {"make", script, HASH, SYNTAX_BACKSLASH},
    {"markdown", markdown, MARKUP, 0},
    {"pascal", sql, BRACE | BRACKET_STAR | SLASHES, 0},
    {"perl", script, HASH, SYNTAX_HASH_WORD | SYNTAX_HEREDOC | SYNTAX_POD},
    {"php", script, HASH | C_LIKE | MARKUP, SYNTAX_HEREDOC},
    {"powershell", powershell, HASH | ANGLE_HASH, SYNTAX_HASH_WORD},
    {"protobuf", c, C_LIKE, SYNTAX_EXACT},
    {"python", NULL, HASH, 0},
    {"r", lines, HASH, 0},
    {"ruby", script, HASH, SYNTAX_HASH_WORD | SYNTAX_HEREDOC | SYNTAX_POD},
    {"rust", rust, C_LIKE, SYNTAX_RAW_HASH | SYNTAX_NESTED | SYNTAX_EXACT},
    {"scala", raw_triple, C_LIKE, SYNTAX_NESTED},
    {"shell", NULL, HASH, 0},
    {"sql", sql, DASHES | STAR, SYNTAX_DOLLAR | SYNTAX_EXACT},
    {"swift", java, C_LIKE, SYNTAX_RAW_HASH | SYNTAX_NESTED},
    {"terraform", double_quotes, HASH | C_LIKE, SYNTAX_HEREDOC},
    {"tex", none, PERCENT, SYNTAX_BACKSLASH},
    {"toml", toml, HASH, SYNTAX_EXACT},
    {"typescript", NULL, C_LIKE, 0},
    {"vb", vb, APOSTROPHE | REMARK, 0},
    {"vim", none, DOUBLE_QUOTE, SYNTAX_LINE_START},
    {"xml", markup, MARKUP, SYNTAX_TAGS | SYNTAX_EXACT},
    {"yaml", yaml, HASH, SYNTAX_HASH_WORD | SYNTAX_BLOCKS | SYNTAX_EXACT},
};

const Syntax *syntax_find(const char *language) {
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i].language, language) == 0)
            return &table[i];
    return NULL;
}

bool syntax_is_exact(const char *language) {
    const Syntax *syntax = syntax_find(language);

    return syntax != NULL && (syntax->flags & SYNTAX_EXACT) != 0;
}

guint syntax_signs_of(const char *language) {
    const Syntax *syntax = syntax_find(language);

    return syntax != NULL ? syntax->signs : COMMON;
}
