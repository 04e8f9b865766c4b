/* yaml.h: a YAML document as a small tree whose nodes know their place, for policies and rule files.
 *
 * libyaml's events become nodes; aliases are expanded under a bound (CAP_YAML_NODES, CAP_YAML_DEPTH), a key
 * that stands twice in a mapping, a merge key (`<<`), a second document, a tag other than the core schema's
 * and bytes that are not UTF-8 are errors. Order: yaml_parse_all(), walk with the accessors, which report
 * into the same `errors`, yaml_node_free().
 *
 * An error is one string "FILE:LINE:COLUMN: where.it.is[2]: what is wrong, and what was expected". Readers
 * report all of them in one go: every accessor takes the error list, adds to it and goes on. Lines and
 * columns count from 1. */
#pragma once

#include "rules/finding.h"

#include <glib.h>
#include <stdbool.h>

typedef enum { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING } YamlKind;

typedef struct YamlNode YamlNode;
struct YamlNode {
    YamlKind kind;
    guint line, column; /* where it starts */
    char *where;        /* "run[0].limits.wall"; "" for the top */
    char *scalar;       /* YAML_SCALAR: the text, without NUL bytes */
    bool plain; /* YAML_SCALAR: written without quotes, so that `null`, `true`, `5` mean what YAML says */
    GPtrArray *items; /* YAML_SEQUENCE: of YamlNode; YAML_MAPPING: the values, beside `keys` */
    GPtrArray *keys;  /* YAML_MAPPING: of YamlNode (scalars), same length as `items` */
};

/* The errors of one document, and the file's name for their head. `list` is sorted by place; no error was
 * found exactly where it is empty. */
typedef struct {
    char *file;      /* as it is to be shown: see text_path() */
    GPtrArray *list; /* of char *, clean lines */
    GArray *places;  /* of line and column, beside `list` */
    guint dropped;   /* how many more there were */
} YamlErrors;

YamlErrors *yaml_errors_new(const char *file);
void yaml_errors_free(YamlErrors *errors);
/* Adds an error at a node (NULL: of the file as a whole). The first CAP_YAML_ERRORS of the file are kept,
 * further ones are counted. */
void yaml_error(YamlErrors *errors, const YamlNode *node, const char *format, ...) G_GNUC_PRINTF(3, 4);
void yaml_error_at(YamlErrors *errors, guint line, guint column, const char *where, const char *format, ...)
    G_GNUC_PRINTF(5, 6);
/* All of them, a line each, sorted by place; newly allocated. */
char *yaml_errors_text(const YamlErrors *errors);

/* The document's top node; an empty document is an empty mapping. NULL, with errors added, where it has no
 * shape. Where it has one in spite of its errors (a key twice, an unknown tag), the tree comes back beside
 * them, so that the reader can report its own in the same go: the reader has to look into `errors`, and not
 * only at what comes back. */
YamlNode *yaml_parse_all(const char *text, gsize len, YamlErrors *errors);
void yaml_node_free(YamlNode *node); /* libyaml has a yaml_free() of its own */

/* Whether the value is missing: `key:`, `~` or `null`. */
bool yaml_is_null(const YamlNode *node);
/* Whether it is the plain word `off`, `false` or `no` in place of something that can be turned off. */
bool yaml_is_off(const YamlNode *node);

/* Checks that `node` is a mapping whose keys all are in the NULL-terminated `known`; reports each other key
 * with a suggestion. Returns whether it is a mapping. */
bool yaml_keys(const YamlNode *node, const char *const *known, YamlErrors *errors);
/* The value of `key`, or NULL where it is missing (or `node` is no mapping). */
const YamlNode *yaml_get(const YamlNode *node, const char *key);

/* The items of a list; a single value is a list of one. */
guint yaml_item_count(const YamlNode *node);
const YamlNode *yaml_item(const YamlNode *node, guint i);

/* Scalars. Each reports what was expected and returns false where the node is something else, with `ret`
 * untouched. Text may be quoted or not; a whole number, a floating one and a bool may not be quoted. */
bool yaml_string(const YamlNode *node, char **ret_string, YamlErrors *errors); /* not empty */
bool yaml_strings(const YamlNode *node, GStrv *ret_strings,
                  YamlErrors *errors); /* a sequence of strings, or one */
bool yaml_uint(const YamlNode *node, guint64 least, guint64 most, guint64 *ret, YamlErrors *errors);
bool yaml_double(const YamlNode *node, double least, double most, double *ret, YamlErrors *errors);
bool yaml_bool(const YamlNode *node, bool *ret, YamlErrors *errors); /* true, false, on, off, yes, no */
bool yaml_severity(const YamlNode *node, Severity *ret, YamlErrors *errors);
/* "30s", "500ms", "2m", "1h" or a plain number of seconds, to milliseconds, 1 ms .. most_ms. */
bool yaml_duration(const YamlNode *node, guint64 most_ms, guint64 *ret_ms, YamlErrors *errors);
bool yaml_duration_between(const YamlNode *node, guint64 least_ms, guint64 most_ms, guint64 *ret_ms,
                           YamlErrors *errors);
/* "256M", "1G", "64K" (powers of 1024, optional iB/B) or plain bytes. */
bool yaml_size(const YamlNode *node, guint64 least, guint64 most, guint64 *ret, YamlErrors *errors);
/* One of the NULL-terminated `words`; its index. Reports the choices and a suggestion. */
bool yaml_choice(const YamlNode *node, const char *const *words, guint *ret_index, YamlErrors *errors);

/* Whether the text is a whole number in range: decimal digits, without a sign or a zero before them. */
bool yaml_digits(const char *text, guint64 least, guint64 most, guint64 *ret);
/* What stands at a node, for messages: "'abc'", "a list", "a mapping", "nothing". Newly allocated. */
char *yaml_found(const YamlNode *node);
/* The NULL-terminated words as "a, b or c". Newly allocated. */
char *yaml_word_list(const char *const *words);
/* "30s" and "256M", exactly, as the accessors read them back. Newly allocated. */
char *yaml_show_duration(guint64 ms);
char *yaml_show_size(guint64 bytes);
/* Text as YAML: plain where it is a harmless word, else in double quotes. Newly allocated. */
char *yaml_show_string(const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlErrors, yaml_errors_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlNode, yaml_node_free)
