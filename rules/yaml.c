#include "rules/yaml.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <math.h>
#include <string.h>

typedef struct {
    guint line, column; /* 0, 0: the file as a whole */
} Place;

YamlErrors *yaml_errors_new(const char *file) {
    YamlErrors *errors = g_new0(YamlErrors, 1);

    errors->file = g_strdup(file);
    errors->list = g_ptr_array_new_with_free_func(g_free);
    errors->places = g_array_new(FALSE, FALSE, sizeof(Place));
    return errors;
}

void yaml_errors_free(YamlErrors *errors) {
    if (errors == NULL)
        return;
    g_free(errors->file);
    g_ptr_array_unref(errors->list);
    g_array_unref(errors->places);
    g_free(errors);
}

/* Where an error at `place` goes: behind those of the same place. */
static guint index_for(const YamlErrors *errors, Place place) {
    guint i = errors->list->len;

    while (i > 0) {
        Place before = g_array_index(errors->places, Place, i - 1);

        if (before.line < place.line || (before.line == place.line && before.column <= place.column))
            break;
        i--;
    }
    return i;
}

G_GNUC_PRINTF(4, 0)
static void add_error(YamlErrors *errors, Place place, const char *where, const char *format, va_list args) {
    guint index = index_for(errors, place);
    g_autofree char *message = NULL;
    g_autoptr(GString) line = NULL;

    if (errors->list->len == CAP_YAML_ERRORS) {
        errors->dropped++;
        if (index == CAP_YAML_ERRORS)
            return;
        g_ptr_array_remove_index(errors->list, CAP_YAML_ERRORS - 1);
        g_array_remove_index(errors->places, CAP_YAML_ERRORS - 1);
    }
    message = g_strdup_vprintf(format, args);
    line = g_string_new(errors->file);
    if (place.line != 0)
        g_string_append_printf(line, ":%u:%u", place.line, place.column);
    g_string_append_printf(line, ": %s%s%s", where, *where != '\0' ? ": " : "", message);
    g_ptr_array_insert(errors->list, (gint)index, text_line(line->str, (gssize)line->len, CAP_MESSAGE_BYTES));
    g_array_insert_val(errors->places, index, place);
}

void yaml_error(YamlErrors *errors, const YamlNode *node, const char *format, ...) {
    Place place = {node != NULL ? node->line : 0, node != NULL ? node->column : 0};
    va_list args;

    va_start(args, format);
    add_error(errors, place, node != NULL ? node->where : "", format, args);
    va_end(args);
}

void yaml_error_at(YamlErrors *errors, guint line, guint column, const char *where, const char *format, ...) {
    va_list args;

    va_start(args, format);
    add_error(errors, (Place){line, column}, where, format, args);
    va_end(args);
}

char *yaml_errors_text(const YamlErrors *errors) {
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < errors->list->len; i++)
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", (const char *)errors->list->pdata[i]);
    if (errors->dropped > 0) {
        g_autofree char *file = text_line(errors->file, -1, CAP_MESSAGE_BYTES);
        g_autofree char *more = text_count(errors->dropped, "more error");

        g_string_append_printf(text, "\n%s: and %s", file, more);
    }
    return g_string_free(text, FALSE);
}

bool yaml_is_null(const YamlNode *node) {
    static const char *const words[] = {"", "~", "null", "Null", "NULL", NULL};

    return node->kind == YAML_SCALAR && node->plain && g_strv_contains(words, node->scalar);
}

/* YAML 1.1 and 1.2 together: 1.2 only has true and false. */
static bool bool_of(const YamlNode *node, bool *ret) {
    static const char *const trues[] = {"true", "True", "TRUE", "on", "On", "ON", "yes", "Yes", "YES", NULL};
    static const char *const falses[] = {"false", "False", "FALSE", "off", "Off",
                                         "OFF",   "no",    "No",    "NO",  NULL};

    if (node->kind != YAML_SCALAR || !node->plain)
        return false;
    if (!g_strv_contains(trues, node->scalar) && !g_strv_contains(falses, node->scalar))
        return false;
    *ret = g_strv_contains(trues, node->scalar);
    return true;
}

bool yaml_is_off(const YamlNode *node) {
    bool value;

    return bool_of(node, &value) && !value;
}

char *yaml_found(const YamlNode *node) {
    g_autofree char *shown = NULL;

    if (node->kind == YAML_SEQUENCE)
        return g_strdup("a list");
    if (node->kind == YAML_MAPPING)
        return g_strdup("a mapping");
    if (yaml_is_null(node))
        return g_strdup("nothing");
    shown = text_line(node->scalar, -1, 60);
    return g_strdup_printf("%c%s%c", node->plain ? '\'' : '"', shown, node->plain ? '\'' : '"');
}

char *yaml_word_list(const char *const *words) {
    GString *list = g_string_new(NULL);

    for (guint i = 0; words[i] != NULL; i++)
        g_string_append_printf(list, "%s%s", i == 0 ? "" : words[i + 1] != NULL ? ", " : " or ", words[i]);
    return g_string_free(list, FALSE);
}

/* "expected WHAT, found 'abc'"; always false. */
static bool expected(const YamlNode *node, YamlErrors *errors, const char *what) {
    g_autofree char *found = yaml_found(node);

    yaml_error(errors, node, "expected %s, found %s", what, found);
    return false;
}

bool yaml_keys(const YamlNode *node, const char *const *known, YamlErrors *errors) {
    if (node->kind != YAML_MAPPING)
        return expected(node, errors, "a mapping ('key: value')");
    for (guint i = 0; i < node->keys->len; i++) {
        const YamlNode *key = node->keys->pdata[i];
        g_autofree char *shown = NULL;
        const char *meant;

        if (g_strv_contains(known, key->scalar))
            continue;
        shown = text_line(key->scalar, -1, 60);
        meant = text_suggest(key->scalar, known);
        if (meant != NULL) {
            yaml_error(errors, key, "unknown key '%s' (did you mean '%s'?)", shown, meant);
        } else {
            g_autofree char *all = yaml_word_list(known);

            yaml_error(errors, key, "unknown key '%s'; expected %s", shown, all);
        }
    }
    return true;
}

const YamlNode *yaml_get(const YamlNode *node, const char *key) {
    if (node->kind != YAML_MAPPING)
        return NULL;
    for (guint i = 0; i < node->keys->len; i++) {
        if (strcmp(((const YamlNode *)node->keys->pdata[i])->scalar, key) == 0)
            return node->items->pdata[i];
    }
    return NULL;
}

static bool is_text(const YamlNode *node) {
    return node->kind == YAML_SCALAR && !yaml_is_null(node);
}

bool yaml_string(const YamlNode *node, char **ret_string, YamlErrors *errors) {
    if (!is_text(node) || *node->scalar == '\0')
        return expected(node, errors, "text that is not empty");
    *ret_string = g_strdup(node->scalar);
    return true;
}

bool yaml_strings(const YamlNode *node, GStrv *ret_strings, YamlErrors *errors) {
    g_autoptr(GPtrArray) strings = g_ptr_array_new_with_free_func(g_free);
    bool ok = true;
    char *string;

    if (node->kind == YAML_MAPPING || yaml_is_null(node))
        return expected(node, errors, "a list of strings");
    if (node->kind == YAML_SCALAR) {
        ok = yaml_string(node, &string, errors);
        if (ok)
            g_ptr_array_add(strings, string);
    }
    for (guint i = 0; node->kind == YAML_SEQUENCE && i < node->items->len; i++) {
        if (yaml_string(node->items->pdata[i], &string, errors))
            g_ptr_array_add(strings, string);
        else
            ok = false;
    }
    if (!ok)
        return false;
    g_ptr_array_add(strings, NULL);
    *ret_strings = (GStrv)g_ptr_array_free(g_steal_pointer(&strings), FALSE);
    return true;
}

bool yaml_digits(const char *text, guint64 least, guint64 most, guint64 *ret) {
    if (text[0] == '0' && text[1] != '\0') /* 010 is eight to some readers */
        return false;
    return g_ascii_string_to_unsigned(text, 10, least, most, ret, NULL);
}

bool yaml_uint(const YamlNode *node, guint64 least, guint64 most, guint64 *ret, YamlErrors *errors) {
    g_autofree char *what = NULL;

    if (is_text(node) && node->plain && yaml_digits(node->scalar, least, most, ret))
        return true;
    what = least == most ? g_strdup_printf("the number %" G_GUINT64_FORMAT, least)
                         : g_strdup_printf("a whole number from %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                                           least, most);
    return expected(node, errors, what);
}

/* A decimal number with an optional fraction and exponent: strtod(3) also takes "inf", "nan" and "0x1p3". */
static bool double_of(const char *text, double *ret) {
    char *end;
    double value = g_ascii_strtod(text, &end);

    if (*text == '\0' || text[strspn(text, "0123456789+-.eE")] != '\0' || *end != '\0' || !isfinite(value))
        return false;
    *ret = value;
    return true;
}

bool yaml_double(const YamlNode *node, double least, double most, double *ret, YamlErrors *errors) {
    g_autofree char *what = NULL;
    double value;

    if (is_text(node) && node->plain && double_of(node->scalar, &value) && value >= least && value <= most) {
        *ret = value;
        return true;
    }
    what = g_strdup_printf("a number from %g to %g", least, most);
    return expected(node, errors, what);
}

bool yaml_bool(const YamlNode *node, bool *ret, YamlErrors *errors) {
    return bool_of(node, ret) || expected(node, errors, "true or false");
}

static bool choose(const char *word, const char *const *words, guint *ret_index) {
    for (guint i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

bool yaml_choice(const YamlNode *node, const char *const *words, guint *ret_index, YamlErrors *errors) {
    g_autofree char *found = NULL, *all = NULL, *meant = NULL;

    if (is_text(node) && choose(node->scalar, words, ret_index))
        return true;
    found = yaml_found(node);
    all = yaml_word_list(words);
    meant = is_text(node) ? text_did_you_mean(node->scalar, words) : g_strdup("");
    yaml_error(errors, node, "expected %s, found %s%s", all, found, meant);
    return false;
}

bool yaml_severity(const YamlNode *node, Severity *ret, YamlErrors *errors) {
    static const char *const words[] = {"error", "warning", "note", "off", NULL};
    static const Severity severities[] = {SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE, SEVERITY_OFF};
    guint index;

    if (!yaml_choice(node, words, &index, errors))
        return false;
    *ret = severities[index];
    return true;
}

/* A suffix and what one of it is. The first that divides a value shows it. */
typedef struct {
    const char *suffix;
    guint64 value;
} Unit;

static const Unit duration_units[] = {{"h", 3600 * 1000}, {"m", 60 * 1000}, {"s", 1000}, {"ms", 1}};
static const Unit size_units[] = {
    {"G", (guint64)1 << 30}, {"M", (guint64)1 << 20}, {"K", (guint64)1 << 10}, {"", 1}};

static char *show_units(guint64 value, const Unit *units) {
    const Unit *unit = units;

    while (value % unit->value != 0 || (value == 0 && unit->value != 1))
        unit++; /* the last is 1 */
    return g_strdup_printf("%" G_GUINT64_FORMAT "%s", value / unit->value, unit->suffix);
}

char *yaml_show_duration(guint64 ms) {
    return show_units(ms, duration_units);
}

char *yaml_show_size(guint64 bytes) {
    return show_units(bytes, size_units);
}

/* "DIGITS" times `unit`, in range. */
static bool product(const char *digits, gsize len, guint64 unit, guint64 least, guint64 most, guint64 *ret) {
    g_autofree char *number = g_strndup(digits, len);
    guint64 value;

    if (!yaml_digits(number, 0, G_MAXUINT64 / unit, &value) || value * unit < least || value * unit > most)
        return false;
    *ret = value * unit;
    return true;
}

static bool parse_duration(const char *text, guint64 least, guint64 most, guint64 *ret) {
    gsize len = strspn(text, "0123456789");

    if (text[len] == '\0')
        return product(text, len, 1000, least, most, ret);
    for (gsize i = 0; i < G_N_ELEMENTS(duration_units); i++) {
        if (strcmp(text + len, duration_units[i].suffix) == 0)
            return product(text, len, duration_units[i].value, least, most, ret);
    }
    return false;
}

bool yaml_duration_between(const YamlNode *node, guint64 least_ms, guint64 most_ms, guint64 *ret_ms,
                           YamlErrors *errors) {
    g_autofree char *least = NULL, *most = NULL, *what = NULL;

    if (is_text(node) && parse_duration(node->scalar, least_ms, most_ms, ret_ms))
        return true;
    least = yaml_show_duration(least_ms);
    most = yaml_show_duration(most_ms);
    what = g_strdup_printf("a time from %s to %s, such as 500ms, 30s, 2m or 1h", least, most);
    return expected(node, errors, what);
}

bool yaml_duration(const YamlNode *node, guint64 most_ms, guint64 *ret_ms, YamlErrors *errors) {
    return yaml_duration_between(node, 1, most_ms, ret_ms, errors);
}

/* "", "B"; "K", "KB", "KiB": all powers of 1024, in any case. */
static bool is_size_suffix(const char *text, const char *suffix) {
    static const char *const tails[] = {"", "B", "iB"};

    for (gsize i = 0; i < G_N_ELEMENTS(tails); i++) {
        g_autofree char *whole = g_strconcat(suffix, tails[i], NULL);

        if (g_ascii_strcasecmp(text, whole) == 0)
            return *suffix != '\0' || i < 2;
    }
    return false;
}

static bool parse_size(const char *text, guint64 least, guint64 most, guint64 *ret) {
    gsize len = strspn(text, "0123456789");

    for (gsize i = 0; i < G_N_ELEMENTS(size_units); i++) {
        if (is_size_suffix(text + len, size_units[i].suffix))
            return product(text, len, size_units[i].value, least, most, ret);
    }
    return false;
}

bool yaml_size(const YamlNode *node, guint64 least, guint64 most, guint64 *ret, YamlErrors *errors) {
    g_autofree char *smallest = NULL, *largest = NULL, *what = NULL;

    if (is_text(node) && parse_size(node->scalar, least, most, ret))
        return true;
    smallest = yaml_show_size(least);
    largest = yaml_show_size(most);
    what = g_strdup_printf("a size from %s to %s, such as 64K, 256M or 1G", smallest, largest);
    return expected(node, errors, what);
}

/* A word that YAML reads as text wherever it stands: no bool, no null, no number, no sign. */
static bool is_harmless(const char *text) {
    static const char *const special[] = {"true", "false", "on", "off", "yes", "no", "null", "y", "n", NULL};
    g_autofree char *lower = g_ascii_strdown(text, -1);

    return g_ascii_isalpha(*text) && text[strspn(text, "-._0123456789" G_CSET_a_2_z G_CSET_A_2_Z)] == '\0' &&
           !g_strv_contains(special, lower);
}

static void append_char(GString *out, gunichar c) {
    if (c == '"' || c == '\\')
        g_string_append_printf(out, "\\%c", (char)c);
    else if (c == '\n')
        g_string_append(out, "\\n");
    else if (c == '\t')
        g_string_append(out, "\\t");
    else if (g_unichar_isprint(c) && c != 0x2028 && c != 0x2029) /* line breaks to YAML 1.1 */
        g_string_append_unichar(out, c);
    else if (c < 0x100)
        g_string_append_printf(out, "\\x%02x", c);
    else if (c < 0x10000)
        g_string_append_printf(out, "\\u%04x", c);
    else
        g_string_append_printf(out, "\\U%08x", c);
}

char *yaml_show_string(const char *text) {
    GString *out;

    if (is_harmless(text))
        return g_strdup(text);
    out = g_string_new("\"");
    for (const char *p = text; *p != '\0'; p = g_utf8_next_char(p))
        append_char(out, g_utf8_get_char(p));
    g_string_append_c(out, '"');
    return g_string_free(out, FALSE);
}

guint yaml_item_count(const YamlNode *node) {
    return node->kind == YAML_SEQUENCE ? node->items->len : 1;
}

const YamlNode *yaml_item(const YamlNode *node, guint i) {
    return node->kind == YAML_SEQUENCE ? node->items->pdata[i] : node;
}
