#include "rules/candidate.h"

#include <math.h>

/* What a window is at most, where the rule does not say it. */
#define MOST_WINDOW 4096u
/* How rare the part must be, in bits: so many of two to that power random places hold it. And what is rarer
 * than that need not be longer: a short expression is looked for faster. */
#define LEAST_BITS 15.0
#define ENOUGH_BITS 72.0
/* Steps in which it is taken apart; a pattern can call its groups in a way that has no end. */
#define MOST_STEPS 20000u
#define MOST_EXPRESSION 6000u
/* Larger counts make an expression slow to look for: they are taken for none. */
#define MOST_REPEATS 160u
#define COMMON 96.0 /* characters that a text is made of */

#define KELVIN 0x212au
#define LONG_S 0x17fu

typedef struct {
    Shape *shape;
    bool lined; /* what does not take a line end may be of any width; else what is narrow enough */
    guint steps;
} Cutter;

static bool takes_line_end(Cutter *cutter, ShapeNode *node) {
    bool takes = false;

    if (++cutter->steps > MOST_STEPS || (node->kind == SHAPE_REFERENCE && node->target == NULL))
        return true;
    if (node->kind == SHAPE_SET)
        return charset_has(node->set, '\n');
    if (node->kind == SHAPE_REFERENCE && node->busy)
        return false; /* it was asked already, further up */
    node->busy = true;
    if (node->kind == SHAPE_REFERENCE)
        takes = takes_line_end(cutter, node->target);
    for (guint i = 0; node->parts != NULL && i < node->parts->len && !takes; i++)
        takes = takes_line_end(cutter, node->parts->pdata[i]);
    node->busy = false;
    return takes;
}

static bool fits(Cutter *cutter, ShapeNode *node) {
    guint least, most;

    shape_width(node, &least, &most);
    return cutter->lined ? !takes_line_end(cutter, node) : most <= MOST_WINDOW;
}

/* What each match begins with, as far as it fits; `ret_whole`: that is all of the node. */
static ShapeNode *head_of(Cutter *cutter, ShapeNode *node, bool *ret_whole);

static ShapeNode *head_of_sequence(Cutter *cutter, const ShapeNode *node) {
    ShapeNode *sequence = shape_node(cutter->shape, SHAPE_SEQUENCE);
    guint width = 0, least, most;
    bool whole = true;

    for (guint i = 0; i < node->parts->len && whole; i++) {
        ShapeNode *part = head_of(cutter, node->parts->pdata[i], &whole);

        shape_width(part, &least, &most);
        if (!cutter->lined && most > MOST_WINDOW - width)
            break;
        width += cutter->lined ? 0 : most;
        g_ptr_array_add(sequence->parts, part);
    }
    return sequence;
}

static ShapeNode *head_of_choice(Cutter *cutter, const ShapeNode *node) {
    ShapeNode *choice = shape_node(cutter->shape, SHAPE_CHOICE);
    bool whole;

    for (guint i = 0; i < node->parts->len; i++)
        g_ptr_array_add(choice->parts, head_of(cutter, node->parts->pdata[i], &whole));
    return choice;
}

static ShapeNode *head_of_repeat(Cutter *cutter, const ShapeNode *node) {
    guint least, most;
    bool whole;
    ShapeNode *part, *repeat;

    if (node->least == 0)
        return shape_node(cutter->shape, SHAPE_EMPTY);
    part = head_of(cutter, node->parts->pdata[0], &whole);
    shape_width(part, &least, &most);
    if (!whole || cutter->lined || most == 0)
        return part;
    repeat = shape_node(cutter->shape, SHAPE_REPEAT);
    repeat->least = repeat->most = MIN(node->least, MOST_WINDOW / most);
    g_ptr_array_add(repeat->parts, part);
    return repeat;
}

static ShapeNode *head_of(Cutter *cutter, ShapeNode *node, bool *ret_whole) {
    ShapeNode *head;

    *ret_whole = ++cutter->steps < MOST_STEPS && fits(cutter, node);
    if (*ret_whole)
        return node;
    if (cutter->steps >= MOST_STEPS || node->busy)
        return shape_node(cutter->shape, SHAPE_EMPTY);
    node->busy = true;
    if (node->kind == SHAPE_SEQUENCE)
        head = head_of_sequence(cutter, node);
    else if (node->kind == SHAPE_CHOICE)
        head = head_of_choice(cutter, node);
    else if (node->kind == SHAPE_REPEAT)
        head = head_of_repeat(cutter, node);
    else if (node->kind == SHAPE_REFERENCE && node->target != NULL)
        head = head_of(cutter, node->target, ret_whole);
    else
        head = shape_node(cutter->shape, SHAPE_EMPTY);
    node->busy = false;
    *ret_whole = false;
    return head;
}

/* How rare it is, in bits. */

static double bits_of_set(const Charset *set) {
    guint ascii = charset_count(set, 0x80);

    if (ascii == 0)
        return 8;
    return set->len > 0 && g_array_index(set, CharRange, set->len - 1).last > KELVIN
               ? MAX(0, log2(COMMON / (ascii + 32)))
               : MAX(0, log2(COMMON / ascii));
}

static double bits_of(Cutter *cutter, ShapeNode *node) {
    double bits = 0;

    if (++cutter->steps > MOST_STEPS || node->busy)
        return 0;
    if (node->kind == SHAPE_SET)
        return bits_of_set(node->set);
    node->busy = true;
    if (node->kind == SHAPE_REFERENCE && node->target != NULL)
        bits = bits_of(cutter, node->target);
    for (guint i = 0; node->parts != NULL && i < node->parts->len; i++) {
        double part = bits_of(cutter, node->parts->pdata[i]);

        bits = node->kind != SHAPE_CHOICE || i == 0 ? bits + part : MIN(bits, part);
    }
    node->busy = false;
    if (node->kind == SHAPE_CHOICE && node->parts != NULL)
        return MAX(0, bits - log2(node->parts->len));
    return node->kind == SHAPE_REPEAT ? bits * node->least : bits;
}

/* The parts of sequences within sequences, in one. */
static void flatten(Cutter *cutter, ShapeNode *node, GPtrArray *parts) {
    cutter->steps++;
    if (node->kind == SHAPE_EMPTY)
        return;
    if (node->kind != SHAPE_SEQUENCE || node->busy || cutter->steps > MOST_STEPS) {
        g_ptr_array_add(parts, node);
        return;
    }
    node->busy = true;
    for (guint i = 0; i < node->parts->len; i++)
        flatten(cutter, node->parts->pdata[i], parts);
    node->busy = false;
}

/* What need not be there at the end is left away: then the part ends earlier, and once. */
static void trim(Cutter *cutter, GPtrArray *parts) {
    while (parts->len > 0) {
        ShapeNode *last = parts->pdata[parts->len - 1];
        const ShapeNode *before = parts->len > 1 ? parts->pdata[parts->len - 2] : NULL;

        if (last->kind == SHAPE_REPEAT && last->least > 0 && last->least < last->most) {
            ShapeNode *repeat = shape_node(cutter->shape, SHAPE_REPEAT);

            repeat->least = repeat->most = last->least;
            g_ptr_array_add(repeat->parts, last->parts->pdata[0]);
            parts->pdata[parts->len - 1] = repeat;
            return;
        }
        if ((last->kind != SHAPE_REPEAT || last->least > 0) &&
            (last->kind != SHAPE_BOUNDARY || (before != NULL && before->kind == SHAPE_SET)))
            return;
        g_ptr_array_set_size(parts, (int)parts->len - 1);
    }
}

/* A part that is rare, or NULL. */
static ShapeNode *rare_head(Shape *shape, ShapeNode *node, bool lined) {
    Cutter cutter = {.shape = shape, .lined = lined};
    ShapeNode *rare = shape_node(shape, SHAPE_SEQUENCE);
    double bits = 0;
    bool whole;

    flatten(&cutter, head_of(&cutter, node, &whole), rare->parts);
    for (guint i = 0; i < rare->parts->len; i++) {
        bits += bits_of(&cutter, rare->parts->pdata[i]);
        if (bits >= ENOUGH_BITS)
            g_ptr_array_set_size(rare->parts, (int)i + 1);
    }
    trim(&cutter, rare->parts);
    return bits >= LEAST_BITS && cutter.steps < MOST_STEPS ? rare : NULL;
}

/* The expression. */

typedef struct {
    GString *text;
    bool folds, failed;
} Writer;

static void write_node(Writer *writer, ShapeNode *node);

static void write_count(Writer *writer, guint least, guint most) {
    least = MIN(least, MOST_REPEATS);
    if (least == 1 && most == 1)
        return;
    if (most > MOST_REPEATS && least < 2)
        g_string_append_c(writer->text, least == 0 ? '*' : '+');
    else if (most > MOST_REPEATS)
        g_string_append_printf(writer->text, "{%u,}", least);
    else if (least == most)
        g_string_append_printf(writer->text, "{%u}", least);
    else
        g_string_append_printf(writer->text, "{%u,%u}", least, most);
}

static void write_byte(Writer *writer, guint byte) {
    if (byte < 0x80 && g_ascii_isalnum((char)byte))
        g_string_append_c(writer->text, (char)byte);
    else
        g_string_append_printf(writer->text, "\\x%02x", byte);
}

static void write_range(Writer *writer, guint first, guint last) {
    write_byte(writer, first);
    if (last > first)
        g_string_append_c(writer->text, '-');
    if (last > first)
        write_byte(writer, last);
}

/* One character, of which the bytes are known. */
static void write_character(Writer *writer, guint32 c, guint least, guint most) {
    char bytes[6];
    int len = g_unichar_to_utf8(c, bytes);

    if (len > 1)
        g_string_append(writer->text, "(?:");
    for (int i = 0; i < len; i++)
        write_byte(writer, (guint8)bytes[i]);
    if (len > 1)
        g_string_append_c(writer->text, ')');
    write_count(writer, least, most);
}

/* The set without what only stands in it since case does not count. */
static Charset *unfolded(Writer *writer, const Charset *set) {
    Charset *plain = charset_new();

    for (guint i = 0; i < set->len; i++) {
        CharRange range = g_array_index(set, CharRange, i);

        if (range.first == range.last && ((range.first == KELVIN && charset_has(set, 'k')) ||
                                          (range.first == LONG_S && charset_has(set, 's'))))
            writer->folds = true;
        else
            charset_add(plain, range.first, range.last);
    }
    return plain;
}

/* A character that is not ASCII is two to four bytes, of 0x80 to 0xff each. */
static void write_set(Writer *writer, const Charset *all, guint least, guint most) {
    g_autoptr(GArray) set = unfolded(writer, all);
    const CharRange *ranges = (const CharRange *)(const void *)set->data;
    bool wide = set->len > 0 && ranges[set->len - 1].last > 0x7f;

    if (set->len == 0) {
        writer->failed = true;
        return;
    }
    if (set->len == 1 && ranges->first == ranges->last) {
        write_character(writer, ranges->first, least, most);
        return;
    }
    g_string_append_c(writer->text, '[');
    for (guint i = 0; i < set->len && ranges[i].first < 0x80; i++)
        write_range(writer, ranges[i].first, MIN(ranges[i].last, 0x7f));
    if (wide)
        g_string_append(writer->text, "\\x80-\\xff");
    g_string_append_c(writer->text, ']');
    write_count(writer, least, !wide ? most : most > MOST_REPEATS ? SHAPE_NO_END : 4 * most);
}

static void write_repeat(Writer *writer, const ShapeNode *node) {
    ShapeNode *part = node->parts->pdata[0];

    if (node->most == 0)
        return;
    if (part->kind == SHAPE_SET) {
        write_set(writer, part->set, node->least, node->most);
        return;
    }
    g_string_append(writer->text, "(?:");
    write_node(writer, part);
    g_string_append_c(writer->text, ')');
    write_count(writer, node->least, node->most);
}

static void write_parts(Writer *writer, const ShapeNode *node) {
    if (node->kind == SHAPE_CHOICE)
        g_string_append(writer->text, "(?:");
    for (guint i = 0; i < node->parts->len; i++) {
        if (node->kind == SHAPE_CHOICE && i > 0)
            g_string_append_c(writer->text, '|');
        write_node(writer, node->parts->pdata[i]);
    }
    if (node->kind == SHAPE_CHOICE)
        g_string_append_c(writer->text, ')');
}

static void write_node(Writer *writer, ShapeNode *node) {
    if (writer->text->len > MOST_EXPRESSION)
        writer->failed = true;
    if (writer->failed)
        return;
    if (node->kind == SHAPE_SET)
        write_set(writer, node->set, 1, 1);
    if (node->kind == SHAPE_BOUNDARY)
        g_string_append(writer->text, "\\b");
    if (node->kind == SHAPE_REFERENCE && (node->target == NULL || node->busy))
        g_string_append(writer->text, "[\\x00-\\xff]*");
    if (node->busy || node->kind == SHAPE_SET)
        return;
    node->busy = true;
    if (node->kind == SHAPE_REFERENCE && node->target != NULL)
        write_node(writer, node->target);
    else if (node->kind == SHAPE_REPEAT)
        write_repeat(writer, node);
    else if (node->parts != NULL)
        write_parts(writer, node);
    node->busy = false;
}

static bool write_expression(Candidate *candidate, CandidateKind kind, ShapeNode *node) {
    g_autoptr(GString) text = g_string_new(NULL);
    Writer writer = {.text = text};

    if (node == NULL)
        return false;
    write_node(&writer, node);
    shape_width(node, &candidate->least, &candidate->most);
    if (writer.failed || candidate->least == 0)
        return false;
    candidate->kind = kind;
    candidate->folds = writer.folds;
    candidate->expression = g_strdup(text->str);
    return true;
}

Candidate candidate_plan(Shape *shape, guint window) {
    Candidate candidate = {.kind = CANDIDATE_NONE};
    Cutter cutter = {.shape = shape};
    guint least, most;

    if (shape == NULL)
        return candidate;
    shape_width(shape->top, &least, &most); /* before any node is busy */
    if (!write_expression(&candidate, CANDIDATE_WINDOW, rare_head(shape, shape->top, false)) &&
        !write_expression(&candidate, CANDIDATE_LINE, rare_head(shape, shape->top, true)) &&
        bits_of(&cutter, shape->top) >= LEAST_BITS)
        (void)write_expression(&candidate, CANDIDATE_FILE, shape->top);
    if (candidate.kind != CANDIDATE_NONE && window != SHAPE_NO_END) {
        candidate.kind = CANDIDATE_WINDOW;
        candidate.most = MIN(candidate.most, window);
        candidate.least = MIN(candidate.least, candidate.most);
    }
    return candidate;
}
