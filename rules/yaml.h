/* yaml.h: a YAML document as a small tree whose nodes know their place, for policies and rule files.
 *
 * libyaml's events become nodes; aliases are expanded under a bound (CAP_YAML_NODES, CAP_YAML_DEPTH), a key
 * that stands twice in a mapping, a second document, a tag other than the core schema's and bytes that are
 * not UTF-8 are errors. Order: yaml_parse(), walk with the accessors, which report into the same `errors`,
 * yaml_free().
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

/* The errors of one document: a GPtrArray of char *, and the file's name for their head. */
typedef struct {
    char *file;
    GPtrArray *list;
} YamlErrors;

YamlErrors *yaml_errors_new(const char *file);
void yaml_errors_free(YamlErrors *errors);
/* Adds an error at a node. After CAP_YAML_ERRORS further ones are counted but not kept. */
void yaml_error(YamlErrors *errors, const YamlNode *node, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* All of them, a line each, sorted by place; newly allocated. */
char *yaml_errors_text(const YamlErrors *errors);

/* The document's top node, or NULL with errors added. An empty document is an empty mapping. */
YamlNode *yaml_parse(const char *text, gsize len, YamlErrors *errors);
void yaml_free(YamlNode *node);

/* Checks that `node` is a mapping whose keys all are in the NULL-terminated `known`; reports each other key
 * with a suggestion. Returns whether it is a mapping. */
bool yaml_keys(const YamlNode *node, const char *const *known, YamlErrors *errors);
/* The value of `key`, or NULL where it is missing (or `node` is no mapping). */
const YamlNode *yaml_get(const YamlNode *node, const char *key);

/* Scalars. Each reports what was expected and returns false where the node is something else. */
bool yaml_string(const YamlNode *node, char **ret_string, YamlErrors *errors); /* not empty */
bool yaml_strings(const YamlNode *node, GStrv *ret_strings,
                  YamlErrors *errors); /* a sequence of strings, or one */
bool yaml_uint(const YamlNode *node, guint64 least, guint64 most, guint64 *ret, YamlErrors *errors);
bool yaml_double(const YamlNode *node, double least, double most, double *ret, YamlErrors *errors);
bool yaml_bool(const YamlNode *node, bool *ret, YamlErrors *errors); /* true, false, on, off, yes, no */
bool yaml_severity(const YamlNode *node, Severity *ret, YamlErrors *errors);
/* "30s", "500ms", "2m", "1h" or a plain number of seconds, to milliseconds, 1 ms .. most_ms. */
bool yaml_duration(const YamlNode *node, guint64 most_ms, guint64 *ret_ms, YamlErrors *errors);
/* "256M", "1G", "64K" (powers of 1024, optional iB/B) or plain bytes. */
bool yaml_size(const YamlNode *node, guint64 least, guint64 most, guint64 *ret, YamlErrors *errors);
/* One of the NULL-terminated `words`; its index. Reports the choices and a suggestion. */
bool yaml_choice(const YamlNode *node, const char *const *words, guint *ret_index, YamlErrors *errors);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlErrors, yaml_errors_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlNode, yaml_free)
