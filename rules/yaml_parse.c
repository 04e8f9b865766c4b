/* The tree of yaml.h, from libyaml's events.
 *
 * One function a kind of node, each called with the first event of its node in `event`, each leaving the last
 * one there. Two sorts of error: after a fatal one (syntax, a limit, an alias of nothing) there is no tree
 * and NULL goes up; after the other (a key twice, a tag, a merge key) reading goes on, so that all of them
 * are told in one go. */
#include "rules/yaml.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>
#include <yaml.h>

/* Text of all scalars after aliases are expanded. Without aliases it cannot be reached: an escape such as
 * "\L" is at most half as long again as what it stands for. */
#define MOST_TEXT_BYTES (2 * CAP_POLICY_BYTES)

typedef struct {
    const YamlNode *node;
    guint nodes; /* of the subtree, with itself */
    gsize bytes; /* of its scalars */
} Anchor;

typedef struct {
    yaml_parser_t yaml;
    yaml_event_t event;
    const char *text;
    gsize len;
    YamlErrors *errors;
    GHashTable *anchors; /* name -> Anchor */
    GPtrArray *dropped;  /* of YamlNode: left out of the tree, but an anchor may point into them */
    guint nodes;
    gsize bytes;
} Parser;

static YamlNode *read_node(Parser *parser, const char *where, guint depth);

void yaml_node_free(YamlNode *node) {
    if (node == NULL)
        return;
    g_free(node->where);
    g_free(node->scalar);
    if (node->items != NULL)
        g_ptr_array_unref(node->items);
    if (node->keys != NULL)
        g_ptr_array_unref(node->keys);
    g_free(node);
}

static YamlNode *node_new(YamlKind kind, const char *where, guint line, guint column) {
    YamlNode *node = g_new0(YamlNode, 1);

    node->kind = kind;
    node->line = line;
    node->column = column;
    node->where = g_strdup(where);
    if (kind != YAML_SCALAR)
        node->items = g_ptr_array_new_with_free_func((GDestroyNotify)yaml_node_free);
    if (kind == YAML_MAPPING)
        node->keys = g_ptr_array_new_with_free_func((GDestroyNotify)yaml_node_free);
    return node;
}

static void error_at_mark(Parser *parser, const yaml_mark_t *mark, const char *where, const char *message) {
    yaml_error_at(parser->errors, (guint)mark->line + 1, (guint)mark->column + 1, where, "%s", message);
}

/* Line and column of a byte of the text. */
static void place_of(const Parser *parser, gsize offset, guint *ret_line, guint *ret_column) {
    *ret_line = *ret_column = 1;
    for (gsize i = 0; i < MIN(offset, parser->len); i++) {
        if (parser->text[i] == '\n') {
            ++*ret_line;
            *ret_column = 1;
        } else if (((guchar)parser->text[i] & 0xc0) != 0x80) {
            ++*ret_column; /* not a continuation byte */
        }
    }
}

static bool is_tab_at(const Parser *parser, const yaml_mark_t *mark) {
    const char *p = parser->text, *end = parser->text + parser->len;

    for (gsize i = 0; i < mark->index && p < end; i++)
        p = g_utf8_next_char(p);
    return p < end && *p == '\t';
}

/* What libyaml says, with the place where it begins, in words. */
static void syntax_error(Parser *parser) {
    const yaml_parser_t *yaml = &parser->yaml;
    g_autoptr(GString) message = g_string_new("this is not valid YAML: ");

    if (yaml->error == YAML_READER_ERROR) {
        guint line, column;

        place_of(parser, yaml->problem_offset, &line, &column);
        yaml_error_at(parser->errors, line, column, "", "the control character 0x%02x is not allowed in YAML",
                      (guint)yaml->problem_value);
        return;
    }
    if (is_tab_at(parser, &yaml->problem_mark))
        g_string_append(message, "a tab stands where only spaces may indent");
    else
        g_string_append(message, yaml->problem != NULL ? yaml->problem : "it cannot be read");
    if (yaml->context != NULL)
        g_string_append_printf(message, ", %s that begins at line %zu, column %zu", yaml->context,
                               yaml->context_mark.line + 1, yaml->context_mark.column + 1);
    error_at_mark(parser, &yaml->problem_mark, "", message->str);
}

static bool next_event(Parser *parser) {
    yaml_event_delete(&parser->event);
    if (yaml_parser_parse(&parser->yaml, &parser->event))
        return true;
    syntax_error(parser);
    return false;
}

/* Counts what becomes part of the tree; false, with an error, where it is too much. Aliases are counted
 * before they are copied, so that a document that expands without end costs nothing. */
static bool count(Parser *parser, guint nodes, gsize bytes, const char *where) {
    const yaml_mark_t *mark = &parser->event.start_mark;

    if (nodes > CAP_YAML_NODES - parser->nodes) {
        yaml_error_at(parser->errors, (guint)mark->line + 1, (guint)mark->column + 1, where,
                      "the document has more than %u nodes, aliases expanded", CAP_YAML_NODES);
        return false;
    }
    if (bytes > MOST_TEXT_BYTES - parser->bytes) {
        yaml_error_at(parser->errors, (guint)mark->line + 1, (guint)mark->column + 1, where,
                      "the document has more than %u bytes of text, aliases expanded", MOST_TEXT_BYTES);
        return false;
    }
    parser->nodes += nodes;
    parser->bytes += bytes;
    return true;
}

static bool check_depth(Parser *parser, const char *where, guint depth) {
    if (depth <= CAP_YAML_DEPTH)
        return true;
    yaml_error_at(parser->errors, (guint)parser->event.start_mark.line + 1,
                  (guint)parser->event.start_mark.column + 1, where, "nested deeper than %u levels",
                  CAP_YAML_DEPTH);
    return false;
}

/* "a.b" and "c" to "a.b.c", with a bound: the names of deep nodes must not cost more than the document. */
static char *where_of_key(const char *where, const char *key) {
    g_autofree char *shown = text_line(key, -1, 60);

    if (g_str_has_suffix(where, "…"))
        return g_strdup(where);
    if (strlen(where) > 200)
        return g_strconcat(where, "…", NULL);
    return g_strconcat(where, *where != '\0' ? "." : "", shown, NULL);
}

static char *where_of_item(const char *where, guint index) {
    if (g_str_has_suffix(where, "…"))
        return g_strdup(where);
    if (strlen(where) > 200)
        return g_strconcat(where, "…", NULL);
    return g_strdup_printf("%s[%u]", where, index);
}

/* YAML 1.2, 10.3: the core schema has these tags, and a node may have none. */
static void check_tag(Parser *parser, const char *tag, YamlKind kind, const char *where) {
    static const char *const of_scalars[] = {YAML_STR_TAG,   YAML_INT_TAG,  YAML_BOOL_TAG,
                                             YAML_FLOAT_TAG, YAML_NULL_TAG, NULL};
    g_autofree char *shown = NULL, *message = NULL;

    if (tag == NULL || (kind == YAML_SCALAR && g_strv_contains(of_scalars, tag)) ||
        (kind == YAML_SEQUENCE && strcmp(tag, YAML_SEQ_TAG) == 0) ||
        (kind == YAML_MAPPING && strcmp(tag, YAML_MAP_TAG) == 0))
        return;
    shown = text_line(tag, -1, 60);
    message = g_strdup_printf("the tag '%s' is not allowed here", shown);
    error_at_mark(parser, &parser->event.start_mark, where, message);
}

static YamlNode *begin_node(Parser *parser, YamlKind kind, const char *tag, const char *where, guint depth) {
    const yaml_mark_t *mark = &parser->event.start_mark;

    if (!check_depth(parser, where, depth) || !count(parser, 1, 0, where))
        return NULL;
    check_tag(parser, tag, kind, where);
    return node_new(kind, where, (guint)mark->line + 1, (guint)mark->column + 1);
}

static YamlNode *read_scalar(Parser *parser, const char *where, guint depth) {
    const char *value = (const char *)parser->event.data.scalar.value;
    gsize length = parser->event.data.scalar.length;
    const char *tag = (const char *)parser->event.data.scalar.tag;
    g_autoptr(YamlNode) node = begin_node(parser, YAML_SCALAR, tag, where, depth);

    if (node == NULL || !count(parser, 0, length, where))
        return NULL;
    if (memchr(value, '\0', length) != NULL) {
        error_at_mark(parser, &parser->event.start_mark, where, "a NUL character is not allowed");
        length = 0;
    }
    node->scalar = g_strndup(value, length);
    node->plain = tag != NULL ? strcmp(tag, YAML_STR_TAG) != 0
                              : parser->event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    return g_steal_pointer(&node);
}

static YamlNode *read_sequence(Parser *parser, const char *where, guint depth) {
    g_autoptr(YamlNode) node =
        begin_node(parser, YAML_SEQUENCE, (const char *)parser->event.data.sequence_start.tag, where, depth);

    if (node == NULL)
        return NULL;
    while (next_event(parser)) {
        g_autofree char *item_where = where_of_item(where, node->items->len);
        YamlNode *item;

        if (parser->event.type == YAML_SEQUENCE_END_EVENT)
            return g_steal_pointer(&node);
        item = read_node(parser, item_where, depth + 1);
        if (item == NULL)
            return NULL;
        g_ptr_array_add(node->items, item);
    }
    return NULL;
}

/* Why a key cannot stand in its mapping, newly allocated; NULL where it can. `seen` has the keys so far. */
static char *wrong_key(const YamlNode *key, GHashTable *seen) {
    g_autofree char *shown = NULL;
    const YamlNode *first;

    if (key->kind != YAML_SCALAR)
        return g_strdup_printf("a key must be text, not a %s",
                               key->kind == YAML_SEQUENCE ? "list" : "mapping");
    if (key->plain && strcmp(key->scalar, "<<") == 0)
        return g_strdup("merge keys ('<<') are not supported: write out the keys that are meant");
    first = g_hash_table_lookup(seen, key->scalar);
    if (first == NULL)
        return NULL;
    shown = text_line(key->scalar, -1, 60);
    return g_strdup_printf("the key '%s' stands twice, first at line %u", shown, first->line);
}

static bool read_pair(Parser *parser, YamlNode *mapping, GHashTable *seen, guint depth) {
    g_autoptr(YamlNode) key = read_node(parser, mapping->where, depth + 1);
    g_autoptr(YamlNode) value = NULL;
    g_autofree char *where = NULL, *wrong = NULL;

    if (key == NULL || !next_event(parser))
        return false;
    where = where_of_key(mapping->where, key->kind == YAML_SCALAR ? key->scalar : "?");
    value = read_node(parser, where, depth + 1);
    if (value == NULL)
        return false;
    wrong = wrong_key(key, seen);
    if (wrong != NULL) {
        yaml_error(parser->errors, key, "%s", wrong);
        g_ptr_array_add(parser->dropped, g_steal_pointer(&key));
        g_ptr_array_add(parser->dropped, g_steal_pointer(&value));
        return true;
    }
    g_hash_table_insert(seen, key->scalar, key);
    g_ptr_array_add(mapping->keys, g_steal_pointer(&key));
    g_ptr_array_add(mapping->items, g_steal_pointer(&value));
    return true;
}

static YamlNode *read_mapping(Parser *parser, const char *where, guint depth) {
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(YamlNode) node =
        begin_node(parser, YAML_MAPPING, (const char *)parser->event.data.mapping_start.tag, where, depth);

    if (node == NULL)
        return NULL;
    while (next_event(parser)) {
        if (parser->event.type == YAML_MAPPING_END_EVENT)
            return g_steal_pointer(&node);
        if (!read_pair(parser, node, seen, depth))
            return NULL;
    }
    return NULL;
}

/* A copy of an anchor's node as it stands at the alias: its text keeps its line, `where` is the alias's. */
static YamlNode *copy_node(Parser *parser, const YamlNode *node, const char *where, guint depth) {
    g_autoptr(YamlNode) copy = node_new(node->kind, where, node->line, node->column);

    if (!check_depth(parser, where, depth))
        return NULL;
    if (node->kind == YAML_SCALAR) {
        copy->scalar = g_strdup(node->scalar);
        copy->plain = node->plain;
        return g_steal_pointer(&copy);
    }
    for (guint i = 0; i < node->items->len; i++) {
        const YamlNode *key = node->kind == YAML_MAPPING ? node->keys->pdata[i] : NULL;
        g_autofree char *item_where =
            key != NULL ? where_of_key(where, key->scalar) : where_of_item(where, i);
        YamlNode *item = copy_node(parser, node->items->pdata[i], item_where, depth + 1);

        if (item == NULL)
            return NULL;
        g_ptr_array_add(copy->items, item);
        if (key != NULL)
            g_ptr_array_add(copy->keys, copy_node(parser, key, where, depth));
    }
    return g_steal_pointer(&copy);
}

static YamlNode *read_alias(Parser *parser, const char *where, guint depth) {
    const char *name = (const char *)parser->event.data.alias.anchor;
    const Anchor *anchor = g_hash_table_lookup(parser->anchors, name);

    if (anchor == NULL) {
        g_autofree char *shown = text_line(name, -1, 60);

        yaml_error_at(parser->errors, (guint)parser->event.start_mark.line + 1,
                      (guint)parser->event.start_mark.column + 1, where,
                      "the alias '*%s' has no anchor '&%s' that ends before it", shown, shown);
        return NULL;
    }
    if (!count(parser, anchor->nodes, anchor->bytes, where))
        return NULL;
    return copy_node(parser, anchor->node, where, depth);
}

static YamlNode *read_content(Parser *parser, const char *where, guint depth) {
    switch (parser->event.type) {
    case YAML_SCALAR_EVENT:
        return read_scalar(parser, where, depth);
    case YAML_SEQUENCE_START_EVENT:
        return read_sequence(parser, where, depth);
    case YAML_MAPPING_START_EVENT:
        return read_mapping(parser, where, depth);
    default:
        return read_alias(parser, where, depth); /* nothing else can begin a node */
    }
}

static const char *anchor_of(const yaml_event_t *event) {
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        return (const char *)event->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT:
        return (const char *)event->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT:
        return (const char *)event->data.mapping_start.anchor;
    default:
        return NULL;
    }
}

/* An anchor is known once its node has ended: an alias within it would have no end. */
static YamlNode *read_node(Parser *parser, const char *where, guint depth) {
    g_autofree char *name = g_strdup(anchor_of(&parser->event));
    guint nodes = parser->nodes;
    gsize bytes = parser->bytes;
    YamlNode *node = read_content(parser, where, depth);

    if (node != NULL && name != NULL) {
        Anchor *anchor = g_new(Anchor, 1);

        *anchor = (Anchor){node, parser->nodes - nodes, parser->bytes - bytes};
        g_hash_table_replace(parser->anchors, g_steal_pointer(&name), anchor);
    }
    return node;
}

/* The whole stream, which has one document at most. */
static YamlNode *read_stream(Parser *parser) {
    g_autoptr(YamlNode) node = NULL;

    if (!next_event(parser) || !next_event(parser)) /* the start of the stream, and of the document */
        return NULL;
    if (parser->event.type == YAML_STREAM_END_EVENT)
        return node_new(YAML_MAPPING, "", 1, 1);
    if (!next_event(parser))
        return NULL;
    node = read_node(parser, "", 1);
    if (node == NULL || !next_event(parser) || !next_event(parser)) /* the end of the document */
        return NULL;
    if (parser->event.type != YAML_STREAM_END_EVENT) {
        error_at_mark(parser, &parser->event.start_mark, "", "a second document begins: only one is allowed");
        return NULL;
    }
    if (yaml_is_null(node)) {
        g_autoptr(YamlNode) nothing = g_steal_pointer(&node);

        return node_new(YAML_MAPPING, "", nothing->line, nothing->column);
    }
    return g_steal_pointer(&node);
}

/* libyaml would say where, but not in lines; and it takes UTF-16 for text. */
static bool check_bytes(Parser *parser) {
    const char *end;
    guint line, column;

    if (parser->len > CAP_POLICY_BYTES) {
        yaml_error(parser->errors, NULL, "the file is larger than %u bytes", CAP_POLICY_BYTES);
        return false;
    }
    if (g_utf8_validate_len(parser->text, parser->len, &end))
        return true;
    place_of(parser, (gsize)(end - parser->text), &line, &column);
    if (*end == '\0')
        yaml_error_at(parser->errors, line, column, "", "a NUL byte is not allowed");
    else
        yaml_error_at(parser->errors, line, column, "", "the byte 0x%02x is not UTF-8", (guchar)*end);
    return false;
}

YamlNode *yaml_parse_all(const char *text, gsize len, YamlErrors *errors) {
    bool has_mark = len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0; /* a byte order mark */
    Parser parser = {.text = has_mark   ? text + 3
                             : len != 0 ? text
                                        : "", /* an empty GBytes gives NULL, which libyaml refuses */
                     .len = has_mark ? len - 3 : len,
                     .errors = errors};
    g_autoptr(GHashTable) anchors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GPtrArray) dropped = g_ptr_array_new_with_free_func((GDestroyNotify)yaml_node_free);
    YamlNode *node;

    if (!check_bytes(&parser))
        return NULL;
    if (!yaml_parser_initialize(&parser.yaml)) {
        yaml_error(errors, NULL, "out of memory");
        return NULL;
    }
    yaml_parser_set_encoding(&parser.yaml, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser.yaml, (const guchar *)parser.text, parser.len);
    parser.anchors = anchors;
    parser.dropped = dropped;
    node = read_stream(&parser);
    yaml_event_delete(&parser.event);
    yaml_parser_delete(&parser.yaml);
    return node;
}
