#include "rules/syntax_table.h"

#include <string.h>

const CommentSign syntax_signs[SYNTAX_SIGNS] = {
    {"#", NULL},     {"//", NULL},   {"--", NULL},  {";", NULL},  {"%", NULL},  {"/*", "*/"},
    {"<!--", "-->"}, {"--[[", "]]"}, {"{-", "-}"},  {"<#", "#>"}, {"#|", "|#"}, {"'", NULL},
    {"REM", NULL},   {"Rem", NULL},  {"rem", NULL}, {"::", NULL},
};

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
    COMMON = HASH | SLASHES | DASHES | SEMICOLON | PERCENT | STAR | MARKUP,
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
static const Quote go[] = {{"\"", "\"", QUOTE_ESCAPES},
                           {"`", "`", QUOTE_LINES},
                           {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR},
                           {NULL, NULL, 0}};
static const Quote rust[] = {
    {"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES}, {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR}, {NULL, NULL, 0}};
static const Quote javascript[] = {{"`", "`", QUOTE_ESCAPES | QUOTE_LINES | QUOTE_FIELDS},
                                   {"\"", "\"", QUOTE_ESCAPES},
                                   {"'", "'", QUOTE_ESCAPES},
                                   {NULL, NULL, 0}};
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
static const Quote shell[] = {{"$'", "'", QUOTE_ESCAPES | QUOTE_LINES},
                              {"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES},
                              {"'", "'", QUOTE_LINES},
                              {NULL, NULL, 0}};
static const Quote script[] = {{"\"", "\"", QUOTE_ESCAPES}, {"'", "'", QUOTE_ESCAPES}, {NULL, NULL, 0}};
static const Quote lines[] = {
    {"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES}, {"'", "'", QUOTE_ESCAPES | QUOTE_LINES}, {NULL, NULL, 0}};
static const Quote lisp[] = {{"\"", "\"", QUOTE_ESCAPES | QUOTE_LINES}, {NULL, NULL, 0}};
static const Quote haskell[] = {
    {"\"", "\"", QUOTE_ESCAPES}, {"'", "'", QUOTE_ESCAPES | QUOTE_CHAR | QUOTE_WORD}, {NULL, NULL, 0}};
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
    {"batch", REMARK | COLONS, none, SYNTAX_LINE_START},
    {"c", C_LIKE, c, 0},
    {"cmake", HASH, double_quotes, SYNTAX_LONG},
    {"cpp", C_LIKE, c, SYNTAX_RAW_CPP | SYNTAX_DIGITS},
    {"csharp", C_LIKE, csharp, 0},
    {"css", C_LIKE, c, 0}, /* two slashes in SCSS and Less */
    {"dart", C_LIKE, triple, 0},
    {"dockerfile", HASH, none, SYNTAX_LINE_START},
    {"elixir", HASH, triple, 0},
    {"erlang", PERCENT, double_quotes, 0},
    {"go", C_LIKE, go, 0},
    {"groovy", C_LIKE, triple, 0},
    {"haskell", DASHES | BRACE_DASH, haskell, SYNTAX_NESTED},
    {"html", MARKUP | C_LIKE, markup, SYNTAX_TAGS | SYNTAX_SCRIPTS},
    {"ini", HASH | SEMICOLON, none, 0},
    {"java", C_LIKE, java, 0},
    {"javascript", C_LIKE, javascript, SYNTAX_REGEX},
    {"json", C_LIKE, json, 0}, /* JSON5, JSON with comments */
    {"julia", HASH, double_quotes, 0},
    {"kotlin", C_LIKE, java, SYNTAX_NESTED},
    {"lisp", SEMICOLON | HASH_BAR, lisp, SYNTAX_BACKSLASH | SYNTAX_NESTED},
    {"lua", DASHES | LONG_DASHES, script, SYNTAX_LONG},
    {"make", HASH, script, SYNTAX_BACKSLASH},
    {"markdown", MARKUP, markdown, 0},
    {"perl", HASH, script, SYNTAX_HASH_WORD | SYNTAX_HEREDOC},
    {"php", HASH | C_LIKE | MARKUP, script, SYNTAX_HEREDOC},
    {"powershell", HASH | ANGLE_HASH, powershell, SYNTAX_HASH_WORD},
    {"protobuf", C_LIKE, c, 0},
    {"python", HASH, NULL, 0}, /* it has a lexer */
    {"r", HASH, lines, 0},
    {"ruby", HASH, script, SYNTAX_HASH_WORD | SYNTAX_HEREDOC},
    {"rust", C_LIKE, rust, SYNTAX_RAW_HASH | SYNTAX_NESTED},
    {"scala", C_LIKE, java, SYNTAX_NESTED},
    {"shell", HASH, shell, SYNTAX_HASH_WORD | SYNTAX_HEREDOC | SYNTAX_BACKSLASH},
    {"sql", DASHES | STAR, sql, SYNTAX_DOLLAR},
    {"swift", C_LIKE, java, SYNTAX_RAW_HASH | SYNTAX_NESTED},
    {"terraform", HASH | C_LIKE, double_quotes, SYNTAX_HEREDOC},
    {"tex", PERCENT, none, SYNTAX_BACKSLASH},
    {"toml", HASH, toml, 0},
    {"typescript", C_LIKE, javascript, SYNTAX_REGEX},
    {"vb", APOSTROPHE | REMARK, vb, 0},
    {"xml", MARKUP, markup, SYNTAX_TAGS},
    {"yaml", HASH, yaml, SYNTAX_HASH_WORD | SYNTAX_BLOCKS},
};

const Syntax *syntax_find(const char *language) {
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        if (strcmp(table[i].language, language) == 0)
            return &table[i];
    return NULL;
}

guint syntax_signs_of(const char *language) {
    const Syntax *syntax = syntax_find(language);

    return syntax != NULL ? syntax->signs : COMMON;
}
