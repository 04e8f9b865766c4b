/* How a pattern is read and tried follows git's dir.c (parse_path_pattern, last_matching_pattern) and
 * wildmatch.c, which gitignore(5) describes; match_test.c compares with git itself.
 *
 * A pattern becomes a list of tokens. Matching needs no recursion: when a token does not fit, the last `*` of
 * this folder takes one byte more; when that is not possible, the last `**` does. To go back to an earlier
 * star cannot help, since the later one can take whatever the earlier one would. */
#include "rules/match.h"

#include "exec/caps.h"

#include <string.h>

typedef struct {
    guint32 bits[8];
} ByteSet;

typedef struct {
    enum {
        TOKEN_BYTE,
        TOKEN_SET,    /* `?` or [...] */
        TOKEN_STAR,   /* any bytes but a slash */
        TOKEN_ALL,    /* a `**` that crosses folders: any bytes */
        TOKEN_FOLDERS /* a `**` with its slash: any number of folders, none too */
    } kind;
    guint8 byte;
    ByteSet set;
} Token;

typedef struct {
    bool negative;    /* `!` */
    bool folder_only; /* ends with a slash */
    bool basename;    /* without a slash: tried on the last part of the path */
    GArray *tokens;   /* of Token */
} Pattern;

struct Match {
    GPtrArray *patterns; /* of Pattern */
};

static void set_add(ByteSet *set, guint8 from, guint8 to) {
    for (guint byte = from; byte <= to; byte++)
        set->bits[byte / 32] |= 1u << (byte % 32);
}

static bool set_has(const ByteSet *set, guint8 byte) {
    return set->bits[byte / 32] >> (byte % 32) & 1;
}

static void set_invert(ByteSet *set) {
    for (guint i = 0; i < G_N_ELEMENTS(set->bits); i++)
        set->bits[i] = ~set->bits[i];
}

static void set_remove_slash(ByteSet *set) {
    set->bits['/' / 32] &= ~(1u << ('/' % 32));
}

/* Adds "alpha" of [[:alpha:]], as the C locale has it. */
static bool set_add_class(ByteSet *set, const char *name, gsize len) {
    static const struct {
        const char *name;
        const char *ranges; /* pairs: from, to */
    } classes[] = {
        {"alnum", "09AZaz"},   {"alpha", "AZaz"},       {"blank", "  \t\t"}, {"cntrl", "\x01\x1f\x7f\x7f"},
        {"digit", "09"},       {"graph", "!~"},         {"lower", "az"},     {"print", " ~"},
        {"punct", "!/:@[`{~"}, {"space", "  \t\n\r\r"}, {"upper", "AZ"},     {"xdigit", "09AFaf"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
        if (strlen(classes[i].name) != len || memcmp(classes[i].name, name, len) != 0)
            continue;
        for (const char *range = classes[i].ranges; *range; range += 2)
            set_add(set, (guint8)range[0], (guint8)range[1]);
        return true;
    }
    return false;
}

/* Reads a set. `p` stands behind the "["; what comes back stands behind the "]", or is NULL where the set
 * does not end or names a class that does not exist. A "]" that comes first is a member. */
static const char *parse_set(const char *p, ByteSet *set) {
    bool inverted = *p == '!' || *p == '^';
    if (inverted)
        p++;
    guint8 from = 0; /* what a following "-" starts at; 0: nothing */
    for (bool first = true; first || *p != ']'; first = false) {
        if (!*p)
            return NULL;
        if (*p == '[' && p[1] == ':') {
            const char *end = strchr(p + 2, ']');
            if (!end)
                return NULL;
            if (end - p >= 3 && end[-1] == ':') {
                if (!set_add_class(set, p + 2, (gsize)(end - p - 3)))
                    return NULL;
                p = end + 1;
                from = 0;
                continue;
            }
        }
        bool range = *p == '-' && from && p[1] && p[1] != ']';
        if (range)
            p++;
        if (*p == '\\' && !*++p)
            return NULL;
        guint8 byte = (guint8)*p++;
        set_add(set, range ? from : byte, byte);
        from = range ? 0 : byte;
    }
    if (inverted)
        set_invert(set);
    set_remove_slash(set);
    return p + 1;
}

/* Reads the stars at `p`. `starts` says that nothing or a slash stands before them. */
static const char *parse_stars(const char *p, bool starts, Token *token) {
    const char *end = p + strspn(p, "*");
    bool crosses = end - p > 1 && starts && (!*end || *end == '/' || (end[0] == '\\' && end[1] == '/'));
    token->kind = !crosses ? TOKEN_STAR : *end == '/' ? TOKEN_FOLDERS : TOKEN_ALL;
    return token->kind == TOKEN_FOLDERS ? end + 1 : end;
}

static bool parse_tokens(const char *p, GArray *tokens, GError **error) {
    const char *start = p;
    bool literal = true; /* no special character yet */
    while (*p) {
        Token token = {.kind = TOKEN_BYTE};
        bool special = strchr("*?[\\", *p) != NULL;
        if (*p == '*') {
            /* Git compares the literal start of a pattern by itself and gives wildmatch the rest, so a `**`
             * directly behind it counts as one at the start: foo**\/bar crosses folders. */
            p = parse_stars(p, literal || p == start || p[-1] == '/', &token);
        } else if (*p == '?') {
            token.kind = TOKEN_SET;
            set_invert(&token.set);
            set_remove_slash(&token.set);
            p++;
        } else if (*p == '[') {
            token.kind = TOKEN_SET;
            p = parse_set(p + 1, &token.set);
            if (!p) {
                g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            "'[' has no ']' or names an unknown class (write \\[ for the character)");
                return false;
            }
        } else {
            if (*p == '\\' && !*++p) {
                g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                            "a backslash at the end (write \\\\ for the character)");
                return false;
            }
            token.byte = (guint8)*p++;
        }
        literal = literal && !special;
        g_array_append_val(tokens, token);
    }
    return true;
}

/* Spaces at the end do not count, unless a backslash stands before them. */
static void trim_spaces(char *pattern) {
    char *end = pattern;
    for (char *p = pattern; *p; p++) {
        if (*p == '\\' && p[1])
            end = ++p + 1;
        else if (*p != ' ')
            end = p + 1;
    }
    *end = '\0';
}

static void pattern_free(gpointer data) {
    Pattern *pattern = data;
    g_array_unref(pattern->tokens);
    g_free(pattern);
}

static Pattern *pattern_new(const char *source, GError **error) {
    if (strlen(source) > CAP_PATTERN_BYTES) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "longer than %u bytes",
                    CAP_PATTERN_BYTES);
        return NULL;
    }
    if (*source == '#') {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE,
                    "a pattern that begins with '#' is a comment (write \\# for the character)");
        return NULL;
    }
    g_autofree char *copy = g_strdup(source);
    trim_spaces(copy);
    char *p = copy;
    bool negative = *p == '!';
    if (negative)
        p++;
    gsize len = strlen(p);
    bool folder_only = len > 0 && p[len - 1] == '/';
    if (folder_only)
        p[len - 1] = '\0';
    bool has_slash = strchr(p, '/') != NULL;
    if (*p == '/')
        p++;
    if (!*p) {
        g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_BAD_VALUE, "an empty pattern matches nothing");
        return NULL;
    }
    Pattern *pattern = g_new0(Pattern, 1);
    pattern->negative = negative;
    pattern->folder_only = folder_only;
    pattern->basename = !has_slash;
    pattern->tokens = g_array_new(FALSE, FALSE, sizeof(Token));
    if (!parse_tokens(p, pattern->tokens, error)) {
        pattern_free(pattern);
        return NULL;
    }
    return pattern;
}

Match *match_new(const char *const *patterns, GError **error) {
    g_autoptr(Match) match = g_new0(Match, 1);
    match->patterns = g_ptr_array_new_with_free_func(pattern_free);
    for (; patterns && *patterns; patterns++) {
        Pattern *pattern = pattern_new(*patterns, error);
        if (!pattern)
            return NULL;
        g_ptr_array_add(match->patterns, pattern);
    }
    return g_steal_pointer(&match);
}

void match_free(Match *match) {
    if (!match)
        return;
    g_ptr_array_unref(match->patterns);
    g_free(match);
}

/* Lets the last `**` take more: a byte, or a folder. false where there is nothing more to take. */
static bool grow(const Token *stars, const char *text, gsize len, gsize *taken_to) {
    if (stars->kind == TOKEN_ALL)
        return (*taken_to)++ < len;
    const char *slash = memchr(text + *taken_to, '/', len - *taken_to);
    if (!slash)
        return false;
    *taken_to = (gsize)(slash - text) + 1;
    return true;
}

static bool tokens_match(const GArray *array, const char *text, gsize len) {
    const Token *tokens = (const Token *)(const void *)array->data;
    const gsize none = G_MAXSIZE;
    gsize at = 0, pos = 0;
    gsize star = none, star_to = 0;   /* the last `*`, and how far it has taken the text */
    gsize stars = none, stars_to = 0; /* the last `**` */
    for (;;) {
        const Token *token = at < array->len ? &tokens[at] : NULL;
        if (!token && pos == len)
            return true;
        if (token && token->kind == TOKEN_STAR) {
            star = at++;
            star_to = pos;
        } else if (token && (token->kind == TOKEN_ALL || token->kind == TOKEN_FOLDERS)) {
            stars = at++;
            stars_to = pos;
            star = none;
        } else if (token && pos < len &&
                   (token->kind == TOKEN_BYTE ? token->byte == (guint8)text[pos]
                                              : set_has(&token->set, (guint8)text[pos]))) {
            at++;
            pos++;
        } else if (star != none && star_to < len && text[star_to] != '/') {
            at = star + 1;
            pos = ++star_to;
        } else if (stars != none && grow(&tokens[stars], text, len, &stars_to)) {
            at = stars + 1;
            pos = stars_to;
            star = none;
        } else {
            return false;
        }
    }
}

/* What the last pattern that fits says of exactly this path. */
static bool matched_itself(const Match *match, const char *path, gsize len, bool folder) {
    const char *slash = memrchr(path, '/', len);
    gsize base = slash ? (gsize)(slash - path) + 1 : 0;
    for (guint i = match->patterns->len; i-- > 0;) {
        const Pattern *pattern = match->patterns->pdata[i];
        if (pattern->folder_only && !folder)
            continue;
        gsize skip = pattern->basename ? base : 0;
        if (tokens_match(pattern->tokens, path + skip, len - skip))
            return !pattern->negative;
    }
    return false;
}

bool match_path(const Match *match, const char *path) {
    if (match->patterns->len == 0)
        return false;
    for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/'))
        if (matched_itself(match, path, (gsize)(slash - path), true))
            return true;
    gsize len = strlen(path);
    return len > 0 && path[len - 1] != '/' && matched_itself(match, path, len, false);
}
