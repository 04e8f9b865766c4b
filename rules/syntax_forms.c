/* Strings and comments that a table of quotes cannot describe: raw strings, here-documents, regular
 * expressions, block scalars. */
#include "rules/syntax_walk.h"

#include <string.h>

/* Words behind << that end nowhere: each costs a look at the whole rest of the text. */
#define MOST_LOST_HEREDOCS 50u
#define MOST_WORD 80u
#define MOST_HASHES 200u

/* R"x(...)x". */
static bool read_raw_cpp(Walk *walk) {
    const char *start = walk->text + walk->pos + 2;
    g_autofree char *close = NULL;
    gsize word = 0, end;
    bool found;

    if (!walk_has(walk, walk->pos, "R\""))
        return false;
    while (word <= 16 && walk->pos + 2 + word < walk->end && strchr("( )\\\n\t\"", start[word]) == NULL)
        word++;
    if (walk_at(walk, walk->pos + 2 + word) != '(')
        return false;
    close = g_strdup_printf(")%.*s\"", (int)word, start);
    end = walk_find_behind(walk, walk->pos + 2 + word, close, &found);
    walk_take_to(walk, end, PLACE_STRING);
    return true;
}

/* r#"..."#, #"..."#, ##"..."##. */
static bool read_raw_hash(Walk *walk) {
    gsize pos = walk->pos + (walk_at(walk, walk->pos) == 'r'), hashes = 0;
    char close[MOST_HASHES + 2] = "\"";
    bool found;

    while (hashes < MOST_HASHES && walk_at(walk, pos + hashes) == '#')
        hashes++;
    if (walk_at(walk, pos + hashes) != '"' || (hashes == 0 && pos == walk->pos) ||
        (walk->pos > 0 && walk_is_word(walk->text[walk->pos - 1]) && walk->text[walk->pos - 1] != 'b'))
        return false;
    memset(close + 1, '#', hashes);
    walk_take_to(walk, walk_find_behind(walk, pos + hashes + 1, close, &found), PLACE_STRING);
    return true;
}

/* [==[...]==]; behind "--" (Lua) or "#" (CMake) a comment. */
static bool read_long(Walk *walk) {
    gsize sign = walk_has(walk, walk->pos, "--") ? 2 : walk_at(walk, walk->pos) == '#' ? 1 : 0, level = 0;
    gsize pos = walk->pos + sign;
    char close[MOST_HASHES + 3] = "]";
    bool found;

    if (walk_at(walk, pos) != '[')
        return false;
    while (level < MOST_HASHES && walk_at(walk, pos + 1 + level) == '=')
        level++;
    if (walk_at(walk, pos + 1 + level) != '[')
        return false;
    memset(close + 1, '=', level);
    close[level + 1] = ']';
    walk_take_to(walk, walk_find_behind(walk, pos + 2 + level, close, &found),
                 sign > 0 ? PLACE_COMMENT : PLACE_STRING);
    return true;
}

/* Lines from one with a word behind "=" to the one that ends them, or to the end. */
static bool read_pod(Walk *walk) {
    bool ruby = strcmp(walk->syntax->language, "ruby") == 0, found;
    gsize end;

    if (walk->pos != walk->line || !g_ascii_isalpha(walk_at(walk, walk->pos + 1)) ||
        (ruby && !walk_has(walk, walk->pos, "=begin")))
        return false;
    end = walk_find_behind(walk, walk->pos, ruby ? "\n=end" : "\n=cut", &found);
    walk_take_to(walk, walk_line_end(walk, end), PLACE_COMMENT);
    return true;
}

/* $tag$...$tag$. */
static bool read_dollar(Walk *walk) {
    g_autofree char *tag = NULL;
    gsize word = 0;
    bool found;

    if (walk_at(walk, walk->pos) != '$' || (walk->pos > 0 && walk_is_word(walk->text[walk->pos - 1])))
        return false;
    while (word < MOST_WORD && walk_is_word(walk_at(walk, walk->pos + 1 + word)))
        word++;
    if (walk_at(walk, walk->pos + 1 + word) != '$' || g_ascii_isdigit(walk_at(walk, walk->pos + 1)))
        return false;
    tag = g_strndup(walk->text + walk->pos, word + 2);
    walk_take_to(walk, walk_find_behind(walk, walk->pos + word + 2, tag, &found), PLACE_STRING);
    return true;
}

/* Whether a slash begins a regular expression: where a value may stand. */
static bool may_be_regex(const Walk *walk) {
    static const char *const words[] = {"return", "typeof", "case",   "in",    "of",  "do",
                                        "else",   "void",   "delete", "throw", "new", NULL};
    gsize end = walk->pos, start;
    g_autofree char *word = NULL;

    while (end > walk->line && walk_is_blank(walk->text[end - 1]))
        end--;
    if (end == walk->line)
        return true;
    if (!walk_is_word(walk->text[end - 1]))
        return strchr(")]}\"'`", walk->text[end - 1]) == NULL;
    for (start = end; start > walk->line && end - start < 10 && walk_is_word(walk->text[start - 1]);)
        start--;
    word = g_strndup(walk->text + start, end - start);
    return g_strv_contains(words, word);
}

bool walk_read_regex(Walk *walk) {
    bool in_class = false;

    if (walk_at(walk, walk->pos) != '/' || walk->pos < walk->no_regex || !may_be_regex(walk))
        return false;
    for (gsize pos = walk->pos + 1; pos < walk->end && walk->text[pos] != '\n'; pos++) {
        if (walk->text[pos] == '\\') {
            pos++;
        } else if (walk->text[pos] == '[') {
            in_class = true;
        } else if (walk->text[pos] == ']') {
            in_class = false;
        } else if (walk->text[pos] == '/' && !in_class) {
            walk_take_to(walk, pos + 1, PLACE_STRING);
            return true;
        }
    }
    walk->no_regex = walk_line_end(walk, walk->pos);
    return false;
}

/* Heredocs. */

/* The word behind <<, in quotes or without; NULL where there is none. PHP has three of these signs. */
static char *heredoc_word(const Walk *walk, gsize *ret_end, bool *ret_tabs) {
    gsize pos = walk->pos + (walk_has(walk, walk->pos, "<<<") ? 3 : 2), len = 0;
    char quote;

    *ret_tabs = walk_at(walk, pos) == '-' || walk_at(walk, pos) == '~' || walk_has(walk, walk->pos, "<<<");
    pos += walk_at(walk, pos) == '-' || walk_at(walk, pos) == '~';
    while (walk_is_blank(walk_at(walk, pos)))
        pos++;
    pos += walk_at(walk, pos) == '\\';
    quote = walk_at(walk, pos) == '\'' || walk_at(walk, pos) == '"' ? walk_at(walk, pos++) : '\0';
    while (len < MOST_WORD && (walk_is_word(walk_at(walk, pos + len)) ||
                               (quote != '\0' && strchr("\n'\"", walk_at(walk, pos + len)) == NULL)))
        len++;
    if (len == 0 || g_ascii_isdigit(walk_at(walk, pos)) ||
        (quote != '\0' && walk_at(walk, pos + len) != quote))
        return NULL;
    *ret_end = pos + len + (quote != '\0');
    return g_strndup(walk->text + pos, len);
}

/* Where the line behind the one with the word alone on it begins; 0 where there is none. */
static gsize heredoc_end(const Walk *walk, gsize pos, const char *word, bool tabs) {
    while (pos < walk->end) {
        gsize end = walk_line_end(walk, pos), from = pos, len = strlen(word);

        while (tabs && from < end && walk_is_blank(walk->text[from]))
            from++;
        if (walk_has(walk, from, word) && (from + len == end || !walk_is_word(walk->text[from + len])) &&
            (tabs || from + len == end || walk->text[from + len] == '\r'))
            return MIN(end + 1, walk->end);
        pos = end + 1;
    }
    return 0;
}

static bool note_heredoc(Walk *walk) {
    gsize end;
    bool tabs;
    char *word;

    if (!walk_has(walk, walk->pos, "<<") || walk->lost_heredocs >= MOST_LOST_HEREDOCS)
        return false;
    if (walk_has(walk, walk->pos, "<<<") &&
        strcmp(walk->syntax->language, "php") != 0) { /* a shell's string */
        walk_take_to(walk, walk->pos + 3, PLACE_CODE);
        return true;
    }
    word = heredoc_word(walk, &end, &tabs);
    if (word == NULL)
        return false;
    g_ptr_array_add(walk->heredocs, word);
    g_array_append_val(walk->tabs, tabs);
    walk_take_to(walk, end, PLACE_CODE);
    return true;
}

/* At the beginning of the line behind the one with the words. What has no end was none: 1<<n. */
void walk_read_heredocs(Walk *walk) {
    for (guint i = 0; i < walk->heredocs->len; i++) {
        gsize end =
            heredoc_end(walk, walk->pos, walk->heredocs->pdata[i], g_array_index(walk->tabs, bool, i));

        if (end > 0)
            walk_take_to(walk, end, PLACE_STRING);
        else
            walk->lost_heredocs++;
    }
    g_ptr_array_set_size(walk->heredocs, 0);
    g_array_set_size(walk->tabs, 0);
}

/* YAML. */

static gsize indent_of(const Walk *walk, gsize line) {
    gsize pos = line;

    while (walk_at(walk, pos) == ' ')
        pos++;
    return pos - line;
}

/* The column of the node that a block scalar on this line belongs to: behind "- " stands a node of its own,
 * but for the scalar itself. */
static gsize parent_column(const Walk *walk) {
    gsize column = indent_of(walk, walk->line);

    while (walk_at(walk, walk->line + column) == '-' && walk_at(walk, walk->line + column + 1) == ' ') {
        gsize next = column + 1;

        while (walk_at(walk, walk->line + next) == ' ')
            next++;
        if (walk_at(walk, walk->line + next) == '|' || walk_at(walk, walk->line + next) == '>')
            break;
        column = next;
    }
    return column;
}

/* "|", ">-", "|2 # why" behind a key, a dash, or a tag: the lines below that stand further in are text. */
static bool read_block_scalar(Walk *walk) {
    gsize pos = walk->pos, parent, first = 0;
    char last;

    if ((walk_at(walk, pos) != '|' && walk_at(walk, pos) != '>') || !walk_at_word_start(walk))
        return false;
    last = walk_last_code(walk);
    if (last != ':' && last != '-' && !walk_is_word(last))
        return false;
    for (pos++; walk_at(walk, pos) == '+' || walk_at(walk, pos) == '-' || g_ascii_isdigit(walk_at(walk, pos));
         pos++)
        continue;
    while (walk_is_blank(walk_at(walk, pos)))
        pos++;
    if (walk_at(walk, pos) != '\n' && walk_at(walk, pos) != '\r' && walk_at(walk, pos) != '#')
        return false;
    parent = parent_column(walk);
    walk_take_to(walk, pos, PLACE_CODE);
    if (walk_at(walk, pos) == '#')
        walk_take_to(walk, walk_line_end(walk, pos), PLACE_COMMENT);
    walk_take_to(walk, walk_line_end(walk, walk->pos) + 1, PLACE_CODE);
    for (pos = walk->pos; pos < walk->end; pos = walk_line_end(walk, pos) + 1) {
        gsize indent = indent_of(walk, pos);
        char c = walk_at(walk, pos + indent);

        if (c == '\n' || c == '\r')
            continue;
        if (first == 0 && indent > parent)
            first = indent;
        if (first == 0 || indent < first)
            break;
    }
    walk_take_to(walk, MIN(pos, walk->end), PLACE_STRING);
    return true;
}

bool walk_read_special(Walk *walk) {
    guint flags = walk->syntax->flags;
    char c = walk_at(walk, walk->pos);

    return ((flags & SYNTAX_RAW_CPP) != 0 && c == 'R' && read_raw_cpp(walk)) ||
           ((flags & SYNTAX_RAW_HASH) != 0 && (c == 'r' || c == '#') && read_raw_hash(walk)) ||
           ((flags & SYNTAX_LONG) != 0 && (c == '[' || c == '-' || c == '#') && read_long(walk)) ||
           ((flags & SYNTAX_DOLLAR) != 0 && read_dollar(walk)) ||
           ((flags & SYNTAX_POD) != 0 && c == '=' && read_pod(walk)) ||
           ((flags & SYNTAX_HEREDOC) != 0 && note_heredoc(walk)) ||
           ((flags & SYNTAX_BLOCKS) != 0 && read_block_scalar(walk));
}
