#include "rules/shape.h"

#include "rules/shape_read.h"

#include <string.h>

static void node_free(ShapeNode *node) {
    if (node->set != NULL)
        g_array_unref(node->set);
    if (node->parts != NULL)
        g_ptr_array_unref(node->parts);
    g_free(node->name);
    g_free(node);
}

void shape_free(Shape *shape) {
    if (shape == NULL)
        return;
    g_ptr_array_unref(shape->nodes);
    g_free(shape);
}

ShapeNode *shape_node(Shape *shape, ShapeKind kind) {
    ShapeNode *node = g_new0(ShapeNode, 1);

    node->kind = kind;
    if (kind == SHAPE_SET)
        node->set = charset_new();
    if (kind == SHAPE_SEQUENCE || kind == SHAPE_CHOICE || kind == SHAPE_REPEAT)
        node->parts = g_ptr_array_new();
    g_ptr_array_add(shape->nodes, node);
    return node;
}

/* What stands in a pattern and is none of it. false where that cannot be told. */
static bool skip_ignored(Reader *reader) {
    for (;;) {
        if (shape_skip(reader, "(?#")) {
            const char *end = memchr(reader->at, ')', (gsize)(reader->end - reader->at));

            if (end == NULL)
                return false;
            reader->at = end + 1;
        } else if (!reader->extended || reader->at >= reader->end) {
            return true;
        } else if (shape_skip(reader, "#")) {
            while (reader->at < reader->end && *reader->at != '\n' && *reader->at != '\r')
                reader->at++;
        } else if (g_ascii_isspace(*reader->at) || *reader->at == '\v') {
            reader->at++;
        } else {
            return (*reader->at & 0x80) == 0; /* some of them are white space */
        }
    }
}

static ShapeNode *read_line_end(Shape *shape) {
    static const guint32 ends[] = {0xa, 0xd, 0x85, 0x85, 0x2028, 0x2029, 0, 0};
    ShapeNode *repeat = shape_node(shape, SHAPE_REPEAT), *set = shape_node(shape, SHAPE_SET);

    charset_add_pairs(set->set, ends);
    g_ptr_array_add(repeat->parts, set);
    repeat->least = 1;
    repeat->most = 2;
    return repeat;
}

static ShapeNode *read_cluster(Shape *shape) {
    ShapeNode *repeat = shape_node(shape, SHAPE_REPEAT), *set = shape_node(shape, SHAPE_SET);

    charset_add(set->set, 0, CHARSET_LAST);
    g_ptr_array_add(repeat->parts, set);
    repeat->least = 1;
    repeat->most = SHAPE_NO_END;
    return repeat;
}

/* \1, \g1, \g{..}, \g<..>, \g'..', \k<..>, \k'..', \k{..}: the two latter of \g are calls. */
static ShapeNode *read_reference(Reader *reader) {
    bool is_call;

    if (reader->at < reader->end && g_ascii_isdigit(*reader->at)) {
        ShapeNode *node = shape_read_reference(reader, '\0', false);

        /* From \10 on it may be a character in octal. */
        return node != NULL && node->number < 10 && !g_ascii_isdigit(reader->at[-2]) ? node : NULL;
    }
    is_call = reader->at[-1] == 'g';
    if (shape_skip(reader, "{"))
        return shape_read_reference(reader, '}', false);
    if (shape_skip(reader, "<"))
        return shape_read_reference(reader, '>', is_call);
    if (shape_skip(reader, "'"))
        return shape_read_reference(reader, '\'', is_call);
    return shape_read_reference(reader, '\0', false);
}

static ShapeNode *read_set(Reader *reader, guint32 c) {
    static const guint32 line_ends[] = {'\n', '\n', '\r', '\r', 0, 0};
    ShapeNode *node = shape_node(reader->shape, SHAPE_SET);

    if (c == '[')
        return shape_read_class(reader, node->set) ? node : NULL;
    if (c == '.' && !reader->dot_all)
        charset_add_pairs(node->set, line_ends);
    if (c == '.')
        charset_invert(node->set);
    else
        charset_add(node->set, c, c);
    if (c != '.' && reader->caseless)
        charset_fold(node->set);
    return node;
}

static ShapeNode *read_escaped(Reader *reader) {
    ShapeNode *set = shape_node(reader->shape, SHAPE_SET);
    guint32 c;

    switch (shape_read_escape(reader, false, set->set, &c)) {
    case ESCAPE_CHAR:
        charset_add(set->set, c, c);
        if (reader->caseless)
            charset_fold(set->set);
        return set;
    case ESCAPE_SET:
        return set;
    case ESCAPE_EMPTY:
        return shape_node(reader->shape, SHAPE_EMPTY);
    case ESCAPE_BOUNDARY:
        return shape_node(reader->shape, SHAPE_BOUNDARY);
    case ESCAPE_LINE_END:
        return read_line_end(reader->shape);
    case ESCAPE_CLUSTER:
        return read_cluster(reader->shape);
    case ESCAPE_REFERENCE:
        return read_reference(reader);
    default:
        return NULL;
    }
}

static ShapeNode *read_item(Reader *reader) {
    guint32 c;

    if (!shape_read_char(reader, &c))
        return NULL;
    switch (c) {
    case '\\':
        return read_escaped(reader);
    case '(':
        return shape_read_group(reader);
    case '^':
    case '$':
        return shape_node(reader->shape, SHAPE_EMPTY);
    default:
        return read_set(reader, c);
    }
}

/* {3}, {3,}, {3,5}; what is not that stands for itself. From 10.43 on PCRE2 takes more. */
static bool read_braces(Reader *reader, guint *ret_least, guint *ret_most, bool *ret_there) {
    const char *start = reader->at++;

    *ret_there = false;
    if (reader->at < reader->end && (*reader->at == ',' || *reader->at == ' ' || *reader->at == '\t'))
        return false;
    if (shape_read_number(reader, ret_least)) {
        *ret_most = *ret_least;
        if (shape_skip(reader, ",") && !shape_read_number(reader, ret_most))
            *ret_most = SHAPE_NO_END;
        if (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\t'))
            return false;
        *ret_there = shape_skip(reader, "}");
    }
    if (!*ret_there)
        reader->at = start;
    return true;
}

/* false where it cannot be told. `ret_there`: there is one. */
static bool read_quantifier(Reader *reader, guint *ret_least, guint *ret_most, bool *ret_there) {
    *ret_there = reader->at < reader->end && strchr("*+?", *reader->at) != NULL;
    if (*ret_there) {
        *ret_least = *reader->at == '+' ? 1 : 0;
        *ret_most = *reader->at == '?' ? 1 : SHAPE_NO_END;
        reader->at++;
    } else if (reader->at < reader->end && *reader->at == '{') {
        if (!read_braces(reader, ret_least, ret_most, ret_there))
            return false;
    }
    if (*ret_there && !shape_skip(reader, "?"))
        (void)shape_skip(reader, "+");
    return true;
}

static ShapeNode *read_sequence(Reader *reader) {
    ShapeNode *sequence = shape_node(reader->shape, SHAPE_SEQUENCE);

    for (;;) {
        ShapeNode *item, *repeat;
        guint least, most;
        bool there;

        if (!skip_ignored(reader))
            return NULL;
        if (reader->at >= reader->end || *reader->at == '|' || *reader->at == ')')
            return sequence;
        item = read_item(reader);
        if (item == NULL || !skip_ignored(reader) || !read_quantifier(reader, &least, &most, &there))
            return NULL;
        if (!there) {
            g_ptr_array_add(sequence->parts, item);
            continue;
        }
        repeat = shape_node(reader->shape, SHAPE_REPEAT);
        repeat->least = least;
        repeat->most = most;
        g_ptr_array_add(repeat->parts, item);
        g_ptr_array_add(sequence->parts, repeat);
    }
}

ShapeNode *shape_read_choice(Reader *reader) {
    ShapeNode *choice = NULL;

    for (;;) {
        ShapeNode *sequence = read_sequence(reader);

        if (sequence == NULL)
            return NULL;
        if (choice == NULL && (reader->at >= reader->end || *reader->at != '|'))
            return sequence;
        if (choice == NULL)
            choice = shape_node(reader->shape, SHAPE_CHOICE);
        g_ptr_array_add(choice->parts, sequence);
        if (!shape_skip(reader, "|"))
            return choice;
    }
}

static void find_targets(const Reader *reader) {
    for (guint i = 0; i < reader->shape->nodes->len; i++) {
        ShapeNode *node = reader->shape->nodes->pdata[i];

        if (node->kind != SHAPE_REFERENCE || reader->any_reference)
            continue;
        if (node->name != NULL)
            node->target = g_hash_table_lookup(reader->named, node->name);
        else if (node->number < reader->numbered->len)
            node->target = reader->numbered->pdata[node->number];
    }
}

Shape *shape_read(const char *text, gsize len) {
    g_autoptr(Shape) shape = g_new0(Shape, 1);
    g_autoptr(GPtrArray) numbered = g_ptr_array_new();
    g_autoptr(GHashTable) named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Reader reader = {.at = text, .end = text + len, .shape = shape, .numbered = numbered, .named = named};

    shape->nodes = g_ptr_array_new_with_free_func((GDestroyNotify)node_free);
    g_ptr_array_add(numbered, NULL); /* number 0 is the whole: it stands within itself */
    shape->top = shape_read_choice(&reader);
    if (shape->top == NULL || reader.at != reader.end)
        return NULL;
    find_targets(&reader);
    return g_steal_pointer(&shape);
}

/* How much it takes. */

static guint add(guint a, guint b) {
    return a < SHAPE_NO_END - b ? a + b : SHAPE_NO_END;
}

static guint times(guint a, guint b) {
    return a == 0 || b == 0 ? 0 : a < SHAPE_NO_END / b ? a * b : SHAPE_NO_END;
}

static guint bytes_of(guint32 c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void measure_parts(ShapeNode *node) {
    for (guint i = 0; i < node->parts->len; i++) {
        guint least, most;

        shape_width(node->parts->pdata[i], &least, &most);
        if (node->kind == SHAPE_CHOICE) {
            node->narrow = i == 0 ? least : MIN(node->narrow, least);
            node->wide = MAX(node->wide, most);
        } else {
            node->narrow = add(node->narrow, least);
            node->wide = add(node->wide, most);
        }
    }
}

static void measure(ShapeNode *node) {
    switch (node->kind) {
    case SHAPE_SET:
        if (node->set->len > 0) {
            node->narrow = bytes_of(g_array_index(node->set, CharRange, 0).first);
            node->wide = bytes_of(g_array_index(node->set, CharRange, node->set->len - 1).last);
        }
        break;
    case SHAPE_SEQUENCE:
    case SHAPE_CHOICE:
    case SHAPE_REPEAT:
        measure_parts(node);
        break;
    case SHAPE_REFERENCE:
        if (node->target != NULL)
            shape_width(node->target, &node->narrow, &node->wide);
        else
            node->wide = SHAPE_NO_END;
        break;
    default:
        break;
    }
    if (node->kind == SHAPE_REPEAT) {
        node->narrow = times(node->narrow, node->least);
        node->wide = times(node->wide, node->most);
    }
}

void shape_width(ShapeNode *node, guint *ret_least, guint *ret_most) {
    if (node->busy && !node->measured) { /* it stands within itself */
        *ret_least = 0;
        *ret_most = SHAPE_NO_END;
        return;
    }
    if (!node->measured) {
        node->busy = true;
        measure(node);
        node->busy = false;
        node->measured = true;
    }
    *ret_least = node->narrow;
    *ret_most = node->wide;
}
