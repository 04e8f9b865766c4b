/* Strings and comments that a table of quotes cannot describe: raw strings, here-documents, block scalars. */
#include "rules/syntax_walk.h"

#include <string.h>

/* Words behind << that end nowhere: each costs a look at the whole rest of the text. */
#define MOST_LOST_HEREDOCS 50u
#define MOST_WORD 80u
#define MOST_HASHES 200u

/* r#"..."#, #"..."#, ##"..."##. */
static bool read_raw_hash(Walk *walk) {
    gsize pos = walk->lex.pos + (lex_at(&walk->lex, walk->lex.pos) == 'r'), hashes = 0;
    char close[MOST_HASHES + 2] = "\"";

    while (hashes < MOST_HASHES && lex_at(&walk->lex, pos + hashes) == '#')
        hashes++;
    if (lex_at(&walk->lex, pos + hashes) != '"' || (hashes == 0 && pos == walk->lex.pos) ||
        (walk->lex.pos > 0 && lex_is_word(walk->lex.text[walk->lex.pos - 1]) &&
         walk->lex.text[walk->lex.pos - 1] != 'b'))
        return false;
    memset(close + 1, '#', hashes);
    walk_take_behind(walk, pos + hashes + 1, close, PLACE_STRING);
    return true;
}

/* [==[...]==]; behind "--" (Lua) or "#" (CMake) a comment. */
static bool read_long(Walk *walk) {
    gsize sign = lex_has(&walk->lex, walk->lex.pos, "--")   ? 2
                 : lex_at(&walk->lex, walk->lex.pos) == '#' ? 1
                                                            : 0,
          level = 0;
    gsize pos = walk->lex.pos + sign;
    char close[MOST_HASHES + 3] = "]";

    if (lex_at(&walk->lex, pos) != '[')
        return false;
    while (level < MOST_HASHES && lex_at(&walk->lex, pos + 1 + level) == '=')
        level++;
    if (lex_at(&walk->lex, pos + 1 + level) != '[')
        return false;
    memset(close + 1, '=', level);
    close[level + 1] = ']';
    walk_take_behind(walk, pos + 2 + level, close, sign > 0 ? PLACE_COMMENT : PLACE_STRING);
    return true;
}

/* Lines from one with a word behind "=" to the one that ends them, or to the end. */
static bool read_pod(Walk *walk) {
    bool ruby = strcmp(walk->syntax->language, "ruby") == 0, found;
    gsize end;

    if (walk->lex.pos != walk->line || !g_ascii_isalpha(lex_at(&walk->lex, walk->lex.pos + 1)) ||
        (ruby && !lex_has(&walk->lex, walk->lex.pos, "=begin")))
        return false;
    end = lex_find_behind(&walk->lex, walk->lex.pos, ruby ? "\n=end" : "\n=cut", &found);
    walk_take_to(walk, lex_line_end(&walk->lex, end), PLACE_COMMENT);
    return true;
}

/* url(a//b). */
static bool read_url(Walk *walk) {
    gsize pos = walk->lex.pos + 4;

    if (walk->lex.len - walk->lex.pos < 4 ||
        g_ascii_strncasecmp(walk->lex.text + walk->lex.pos, "url(", 4) != 0)
        return false;
    while (lex_is_of(lex_at(&walk->lex, pos), " \t\r\n"))
        pos++;
    if (lex_is_of(lex_at(&walk->lex, pos), "\"'"))
        return false;
    walk_take_to(walk, walk->lex.pos + 4, PLACE_CODE);
    while (pos < walk->lex.len && !lex_is_of(walk->lex.text[pos], ")\n"))
        pos++;
    walk_take_to(walk, pos, PLACE_STRING);
    return true;
}

/* $tag$...$tag$. */
static bool read_dollar(Walk *walk) {
    g_autofree char *tag = NULL;
    gsize word = 0;

    if (lex_at(&walk->lex, walk->lex.pos) != '$' ||
        (walk->lex.pos > 0 && lex_is_word(walk->lex.text[walk->lex.pos - 1])))
        return false;
    while (word < MOST_WORD && lex_is_word(lex_at(&walk->lex, walk->lex.pos + 1 + word)))
        word++;
    if (lex_at(&walk->lex, walk->lex.pos + 1 + word) != '$' ||
        g_ascii_isdigit(lex_at(&walk->lex, walk->lex.pos + 1)))
        return false;
    tag = g_strndup(walk->lex.text + walk->lex.pos, word + 2);
    walk_take_behind(walk, walk->lex.pos + word + 2, tag, PLACE_STRING);
    return true;
}

/* Heredocs. */

/* The word behind <<, in quotes or without; NULL where there is none. PHP has three of these signs. */
static char *heredoc_word(const Walk *walk, gsize *ret_end, bool *ret_tabs) {
    gsize pos = walk->lex.pos + (lex_has(&walk->lex, walk->lex.pos, "<<<") ? 3 : 2), len = 0;
    char quote;

    *ret_tabs = lex_at(&walk->lex, pos) == '-' || lex_at(&walk->lex, pos) == '~' ||
                lex_has(&walk->lex, walk->lex.pos, "<<<");
    pos += lex_at(&walk->lex, pos) == '-' || lex_at(&walk->lex, pos) == '~';
    while (lex_is_blank(lex_at(&walk->lex, pos)))
        pos++;
    pos += lex_at(&walk->lex, pos) == '\\';
    quote =
        lex_at(&walk->lex, pos) == '\'' || lex_at(&walk->lex, pos) == '"' ? lex_at(&walk->lex, pos++) : '\0';
    while (len < MOST_WORD && (lex_is_word(lex_at(&walk->lex, pos + len)) ||
                               (quote != '\0' && strchr("\n'\"", lex_at(&walk->lex, pos + len)) == NULL)))
        len++;
    if (len == 0 || g_ascii_isdigit(lex_at(&walk->lex, pos)) ||
        (quote != '\0' && lex_at(&walk->lex, pos + len) != quote))
        return NULL;
    *ret_end = pos + len + (quote != '\0');
    return g_strndup(walk->lex.text + pos, len);
}

/* Where the line behind the one with the word alone on it begins; 0 where there is none. */
static gsize heredoc_end(const Walk *walk, gsize pos, const char *word, bool tabs) {
    while (pos < walk->lex.len) {
        gsize end = lex_line_end(&walk->lex, pos), from = pos, len = strlen(word);

        while (tabs && from < end && lex_is_blank(walk->lex.text[from]))
            from++;
        if (lex_has(&walk->lex, from, word) &&
            (from + len == end || !lex_is_word(walk->lex.text[from + len])) &&
            (tabs || from + len == end || walk->lex.text[from + len] == '\r'))
            return MIN(end + 1, walk->lex.len);
        pos = end + 1;
    }
    return 0;
}

static bool note_heredoc(Walk *walk) {
    gsize end;
    bool tabs;
    char *word;

    if (!lex_has(&walk->lex, walk->lex.pos, "<<") || walk->lost_heredocs >= MOST_LOST_HEREDOCS)
        return false;
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
            heredoc_end(walk, walk->lex.pos, walk->heredocs->pdata[i], g_array_index(walk->tabs, bool, i));

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

    while (lex_at(&walk->lex, pos) == ' ')
        pos++;
    return pos - line;
}

/* The column of the node that a block scalar on this line belongs to: behind "- " stands a node of its own,
 * but for the scalar itself. */
static gsize parent_column(const Walk *walk) {
    gsize column = indent_of(walk, walk->line);

    while (lex_at(&walk->lex, walk->line + column) == '-' &&
           lex_at(&walk->lex, walk->line + column + 1) == ' ') {
        gsize next = column + 1;

        while (lex_at(&walk->lex, walk->line + next) == ' ')
            next++;
        if (lex_at(&walk->lex, walk->line + next) == '|' || lex_at(&walk->lex, walk->line + next) == '>')
            break;
        column = next;
    }
    return column;
}

/* "|", ">-", "|2 # why" behind a key, a dash, or a tag: the lines below that stand further in are text. */
static bool read_block_scalar(Walk *walk) {
    gsize pos = walk->lex.pos, parent, first = 0;
    char last;

    if ((lex_at(&walk->lex, pos) != '|' && lex_at(&walk->lex, pos) != '>') || !walk_at_word_start(walk))
        return false;
    last = walk_last_code(walk);
    if (last != ':' && last != '-' && !lex_is_word(last))
        return false;
    for (pos++; lex_at(&walk->lex, pos) == '+' || lex_at(&walk->lex, pos) == '-' ||
                g_ascii_isdigit(lex_at(&walk->lex, pos));
         pos++)
        continue;
    while (lex_is_blank(lex_at(&walk->lex, pos)))
        pos++;
    if (lex_at(&walk->lex, pos) != '\n' && lex_at(&walk->lex, pos) != '\r' && lex_at(&walk->lex, pos) != '#')
        return false;
    parent = parent_column(walk);
    walk_take_to(walk, pos, PLACE_CODE);
    if (lex_at(&walk->lex, pos) == '#')
        walk_take_to(walk, lex_line_end(&walk->lex, pos), PLACE_COMMENT);
    walk_take_to(walk, MIN(lex_line_end(&walk->lex, walk->lex.pos) + 1, walk->lex.len), PLACE_CODE);
    for (pos = walk->lex.pos; pos < walk->lex.len; pos = lex_line_end(&walk->lex, pos) + 1) {
        gsize indent = indent_of(walk, pos);
        char c = lex_at(&walk->lex, pos + indent);

        if (c == '\n' || c == '\r')
            continue;
        if (first == 0 && indent > parent)
            first = indent;
        if (first == 0 || indent < first)
            break;
    }
    walk_take_to(walk, MIN(pos, walk->lex.len), PLACE_STRING);
    return true;
}

bool walk_read_special(Walk *walk) {
    guint flags = walk->syntax->flags;
    char c = lex_at(&walk->lex, walk->lex.pos);

    return ((flags & SYNTAX_RAW_HASH) != 0 && (c == 'r' || c == '#') && read_raw_hash(walk)) ||
           ((flags & SYNTAX_LONG) != 0 && (c == '[' || c == '-' || c == '#') && read_long(walk)) ||
           ((flags & SYNTAX_URL) != 0 && (c == 'u' || c == 'U') && read_url(walk)) ||
           ((flags & SYNTAX_DOLLAR) != 0 && read_dollar(walk)) ||
           ((flags & SYNTAX_POD) != 0 && c == '=' && read_pod(walk)) ||
           ((flags & SYNTAX_HEREDOC) != 0 && note_heredoc(walk)) ||
           ((flags & SYNTAX_BLOCKS) != 0 && read_block_scalar(walk));
}
