/* (...): pcre2pattern(3), from "GROUPS" to "GROUPS AS SUBROUTINES". */
#include "rules/shape_read.h"

#include <string.h>

typedef struct {
    bool caseless, extended, dot_all;
} Flags;

static Flags flags_of(const Reader *reader) {
    return (Flags){reader->caseless, reader->extended, reader->dot_all};
}

static void set_flags(Reader *reader, Flags flags) {
    reader->caseless = flags.caseless;
    reader->extended = flags.extended;
    reader->dot_all = flags.dot_all;
}

/* The rest of a group, with its ). Flags that are set in it end with it. */
static ShapeNode *read_body(Reader *reader) {
    Flags flags = flags_of(reader);
    ShapeNode *body = shape_read_choice(reader);

    set_flags(reader, flags);
    return body != NULL && shape_skip(reader, ")") ? body : NULL;
}

/* A name that ends with `close`; newly allocated. */
static char *read_name(Reader *reader, char close) {
    const char *end = memchr(reader->at, close, (gsize)(reader->end - reader->at));
    char *name;

    if (end == NULL)
        return NULL;
    name = g_strndup(reader->at, (gsize)(end - reader->at));
    reader->at = end + 1;
    return name;
}

static ShapeNode *read_capture(Reader *reader, char *name) {
    guint number = ++reader->groups;
    ShapeNode *body = read_body(reader);

    if (reader->numbered->len <= number)
        g_ptr_array_set_size(reader->numbered, (int)number + 1);
    reader->numbered->pdata[number] = body;
    if (name != NULL)
        g_hash_table_replace(reader->named, name,
                             g_hash_table_contains(reader->named, name) ? NULL : (gpointer)body);
    return body;
}

ShapeNode *shape_read_reference(Reader *reader, char close, bool is_call) {
    ShapeNode *node = shape_node(reader->shape, SHAPE_REFERENCE);
    bool back = shape_skip(reader, "-"), ahead = !back && shape_skip(reader, "+");
    bool known = is_call || !reader->caseless; /* another case than the group had */
    g_autofree char *name = NULL;
    guint number;

    if (reader->at < reader->end && g_ascii_isdigit(*reader->at)) {
        if (!shape_read_number(reader, &number) || (back && number > reader->groups))
            return NULL;
        if (back || ahead)
            number = back ? reader->groups - number + 1 : reader->groups + number;
        node->number = known ? number : 0;
        return close == '\0' || (reader->at < reader->end && *reader->at++ == close) ? node : NULL;
    }
    name = close != '\0' && !back && !ahead ? read_name(reader, close) : NULL;
    if (name == NULL)
        return NULL;
    if (known && strcmp(name, "R") != 0)
        node->name = g_steal_pointer(&name);
    return node;
}

/* Behind "(?". */
static ShapeNode *read_flags(Reader *reader) {
    Flags before = flags_of(reader);
    bool on = true;
    ShapeNode *body;

    if (shape_skip(reader, "^"))
        set_flags(reader, (Flags){false, false, false});
    for (; reader->at < reader->end && strchr("imsxJU-", *reader->at) != NULL; reader->at++) {
        char flag = *reader->at;

        if (flag == 'x' && reader->at + 1 < reader->end && reader->at[1] == 'x')
            return NULL;
        on = on && flag != '-';
        reader->caseless = flag == 'i' ? on : reader->caseless;
        reader->extended = flag == 'x' ? on : reader->extended;
        reader->dot_all = flag == 's' ? on : reader->dot_all;
    }
    if (shape_skip(reader, ")"))
        return shape_node(reader->shape, SHAPE_EMPTY);
    if (!shape_skip(reader, ":"))
        return NULL;
    body = read_body(reader);
    set_flags(reader, before);
    return body;
}

static bool skip_condition(Reader *reader) {
    g_autofree char *name = NULL;

    if (shape_skip(reader, "?"))
        reader->at--; /* it looks around */
    else
        return (name = read_name(reader, ')')) != NULL && *name != '*';
    return shape_read_group(reader) != NULL;
}

/* Behind "(?(". */
static ShapeNode *read_conditional(Reader *reader) {
    bool define = shape_skip(reader, "DEFINE)");
    ShapeNode *body, *choice;

    if (!define && !skip_condition(reader))
        return NULL;
    body = read_body(reader);
    if (body == NULL || define)
        return body != NULL ? shape_node(reader->shape, SHAPE_EMPTY) : NULL;
    if (body->kind == SHAPE_CHOICE)
        return body;
    choice = shape_node(reader->shape, SHAPE_CHOICE);
    g_ptr_array_add(choice->parts, body);
    g_ptr_array_add(choice->parts, shape_node(reader->shape, SHAPE_EMPTY));
    return choice;
}

static ShapeNode *read_named(Reader *reader, char close) {
    char *name = read_name(reader, close);

    return name != NULL ? read_capture(reader, name) : NULL;
}

/* Of a group that is called: (?1), (?-1), (?+1), (?R). A - without a digit unsets a flag. */
static bool is_at_number(const Reader *reader) {
    return reader->at + 1 < reader->end &&
           (g_ascii_isdigit(*reader->at) || *reader->at == 'R' || *reader->at == '+' ||
            (*reader->at == '-' && g_ascii_isdigit(reader->at[1])));
}

ShapeNode *shape_read_group(Reader *reader) {
    static const char *const around[] = {"=", "!", "<=", "<!", "*", "<*"};

    if (shape_skip(reader, "*"))
        return NULL;
    if (!shape_skip(reader, "?"))
        return read_capture(reader, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(around); i++)
        if (shape_skip(reader, around[i]))
            return read_body(reader) != NULL ? shape_node(reader->shape, SHAPE_EMPTY) : NULL;
    if (shape_skip(reader, "|"))
        reader->any_reference = true;
    else if (shape_skip(reader, "<") || shape_skip(reader, "P<"))
        return read_named(reader, '>');
    else if (shape_skip(reader, "'"))
        return read_named(reader, '\'');
    else if (shape_skip(reader, "("))
        return read_conditional(reader);
    else if (shape_skip(reader, "P="))
        return shape_read_reference(reader, ')', false);
    else if (shape_skip(reader, "P>") || shape_skip(reader, "&") || is_at_number(reader))
        return shape_read_reference(reader, ')', true);
    else if (!shape_skip(reader, ":") && !shape_skip(reader, ">"))
        return read_flags(reader);
    return read_body(reader);
}
