#include "rules/clang/worker/complexity.h"

#include "rules/clang/worker/names.h"
#include "rules/clang/worker/words.h"

#include <string.h>

/* The way down the tree: what a node is counted for. */
typedef struct {
    Complexity *all;
    Function *function; /* outside of any: one that nobody asks for */
    int number;         /* its index, or -1 */
} Walk;

static void walk(const Walk *w, CXCursor cursor, unsigned nesting);

static unsigned offset_of(const Complexity *all, CXSourceLocation location) {
    unsigned offset = 0;
    CXFile file = NULL;

    clang.getFileLocation(location, &file, NULL, NULL, &offset);
    return file != NULL && clang.File_isEqual(file, all->file) != 0 ? offset : G_MAXUINT;
}

static unsigned start_of(const Complexity *all, CXCursor cursor) {
    return offset_of(all, clang.getRangeStart(clang.getCursorExtent(cursor)));
}

static unsigned end_of(const Complexity *all, CXCursor cursor) {
    return offset_of(all, clang.getRangeEnd(clang.getCursorExtent(cursor)));
}

static enum CXChildVisitResult collect(CXCursor cursor, CXCursor parent G_GNUC_UNUSED,
                                       CXClientData children) {
    g_array_append_val((GArray *)children, cursor);
    return CXChildVisit_Continue;
}

static GArray *children_of(CXCursor cursor) {
    GArray *children = g_array_new(FALSE, FALSE, sizeof(CXCursor));

    clang.visitChildren(cursor, collect, children);
    return children;
}

static CXCursor child(const GArray *children, guint i) {
    return g_array_index(children, CXCursor, i);
}

static void walk_range(const Walk *w, const GArray *children, guint from, guint to, unsigned nesting) {
    for (guint i = from; i < to; i++)
        walk(w, child(children, i), nesting);
}

static void walk_all(const Walk *w, CXCursor cursor, unsigned nesting) {
    g_autoptr(GArray) children = children_of(cursor);

    walk_range(w, children, 0, children->len, nesting);
}

/* The word where a statement begins; NULL: that is not written here. */
static WordPlace *word_at(const Walk *w, CXCursor cursor, Word word) {
    unsigned at = start_of(w->all, cursor);

    return at < G_MAXUINT ? words_find(w->all->words, (unsigned)word, at, at + 1) : NULL;
}

/* The same of a word between two parts. */
static WordPlace *word_between(const Walk *w, unsigned words, CXCursor before, CXCursor after) {
    unsigned from = end_of(w->all, before), to = start_of(w->all, after);

    return from < G_MAXUINT && to < G_MAXUINT ? words_find(w->all->words, words, from, to) : NULL;
}

/* Whether it is to be counted: a macro may use an argument twice, and libclang shows some parts twice. */
static bool take(WordPlace *place) {
    bool is_new = place != NULL && !place->seen;

    if (place != NULL)
        place->seen = true;
    return is_new;
}

/* Statements. */

static void walk_if(const Walk *w, CXCursor cursor, unsigned nesting, bool is_else_if) {
    g_autoptr(GArray) children = children_of(cursor);
    guint count = children->len, last = count - 1;
    bool has_else;
    CXCursor other;

    if (!take(word_at(w, cursor, WORD_IF)) || count == 0) {
        walk_range(w, children, 0, count, nesting);
        return;
    }
    w->function->cyclomatic++;
    w->function->cognitive += is_else_if ? 1 : 1 + nesting;
    has_else =
        count > 1 && word_between(w, WORD_ELSE, child(children, last - 1), child(children, last)) != NULL;
    if (!has_else) {
        walk_range(w, children, 0, last, nesting);
        walk(w, child(children, last), nesting + 1);
        return;
    }
    walk_range(w, children, 0, last - 1, nesting);
    walk(w, child(children, last - 1), nesting + 1);
    other = child(children, last);
    if (clang.getCursorKind(other) == CXCursor_IfStmt && word_at(w, other, WORD_IF) != NULL) {
        walk_if(w, other, nesting, true);
        return;
    }
    w->function->cognitive++;
    walk(w, other, nesting + 1);
}

/* A statement of which the last part is what it holds: for, while, switch, catch. */
static void walk_holder(const Walk *w, CXCursor cursor, Word word, unsigned nesting) {
    g_autoptr(GArray) children = children_of(cursor);
    guint last = MAX(children->len, 1) - 1;

    if (!take(word_at(w, cursor, word))) {
        walk_range(w, children, 0, children->len, nesting);
        return;
    }
    w->function->cyclomatic += word != WORD_SWITCH;
    w->function->cognitive += 1 + nesting;
    walk_range(w, children, 0, last, nesting);
    walk_range(w, children, last, children->len, nesting + 1);
}

static void walk_do(const Walk *w, CXCursor cursor, unsigned nesting) {
    g_autoptr(GArray) children = children_of(cursor);
    unsigned deeper = nesting;

    if (take(word_at(w, cursor, WORD_DO))) {
        w->function->cyclomatic++;
        w->function->cognitive += 1 + nesting;
        deeper++;
    }
    if (children->len > 1)
        (void)take(word_between(w, WORD_WHILE, child(children, 0), child(children, 1)));
    walk_range(w, children, 0, MIN(children->len, 1), deeper);
    walk_range(w, children, 1, children->len, nesting);
}

/* Expressions. */

/* `a ? b : c`; in `a ?: b` libclang shows a several times. */
static void walk_conditional(const Walk *w, const GArray *children, bool is_shorthand, unsigned nesting) {
    CXCursor condition = child(children, 0);
    CXCursor next = child(children, is_shorthand ? children->len - 1 : 1);
    bool is_there = take(word_between(w, WORD_QUESTION, condition, next));

    w->function->cyclomatic += is_there;
    w->function->cognitive += is_there && !is_shorthand ? 1 + nesting : 0;
    walk(w, condition, nesting);
    walk_range(w, children, is_shorthand ? children->len - 1 : 1, children->len,
               nesting + (is_there && !is_shorthand));
}

/* The operator && or || of a node, as it is written; NULL where it is none. */
static WordPlace *logical_operator(const Walk *w, CXCursor cursor, const GArray *children) {
    if (clang.getCursorKind(cursor) != CXCursor_BinaryOperator || children->len != 2)
        return NULL;
    return word_between(w, WORD_AND | WORD_OR, child(children, 0), child(children, 1));
}

/* From left to right; `*last` is the operator that the sequence so far ends with. */
static void walk_sequence(const Walk *w, CXCursor cursor, unsigned nesting, Word *last) {
    enum CXCursorKind kind = clang.getCursorKind(cursor);
    g_autoptr(GArray) children = NULL;
    WordPlace *place;

    if (kind != CXCursor_BinaryOperator && kind != CXCursor_ParenExpr && kind != CXCursor_UnexposedExpr) {
        walk(w, cursor, nesting);
        return;
    }
    children = children_of(cursor);
    place = logical_operator(w, cursor, children);
    if (place != NULL) {
        walk_sequence(w, child(children, 0), nesting, last);
        if (take(place)) {
            w->function->cyclomatic++;
            w->function->cognitive += *last != place->word;
            *last = place->word;
        }
        walk_sequence(w, child(children, 1), nesting, last);
    } else if (kind != CXCursor_BinaryOperator && children->len == 1) {
        walk_sequence(w, child(children, 0), nesting, last);
    } else {
        walk(w, cursor, nesting);
    }
}

/* Functions. */

static bool is_function(enum CXCursorKind kind) {
    return kind == CXCursor_FunctionDecl || kind == CXCursor_CXXMethod || kind == CXCursor_Constructor ||
           kind == CXCursor_Destructor || kind == CXCursor_ConversionFunction ||
           kind == CXCursor_FunctionTemplate;
}

static void function_free(Function *function) {
    g_free(function->name);
    g_array_unref(function->calls);
    g_free(function);
}

static Function *function_new(CXCursor cursor, char *name) {
    Function *function = g_new0(Function, 1);

    function->name = name;
    function->cyclomatic = 1;
    function->cursor = clang.getCanonicalCursor(cursor);
    function->calls = g_array_new(FALSE, FALSE, sizeof(CXCursor));
    return function;
}

/* The walk within a function that begins here. */
static Walk enter_function(const Walk *w, Function *function, CXCursor cursor, unsigned at,
                           unsigned name_end) {
    Walk inner = *w;

    function->start = at;
    function->end = name_end > at && name_end < G_MAXUINT ? name_end : at + 1;
    function->body_start = start_of(w->all, cursor);
    function->body_end = end_of(w->all, cursor);
    function->code_start = function->body_start;
    function->outer = w->number;
    inner.function = function;
    inner.number = (int)w->all->functions->len;
    g_ptr_array_add(w->all->functions, function);
    g_hash_table_insert(w->all->numbers, &function->cursor, GUINT_TO_POINTER(w->all->functions->len));
    return inner;
}

static guint number_of(const Complexity *all, CXCursor cursor) {
    CXCursor canonical = clang.getCanonicalCursor(cursor);

    return GPOINTER_TO_UINT(g_hash_table_lookup(all->numbers, &canonical));
}

/* What of a function is code: its body, and of a constructor what comes before it. */
static bool is_body(enum CXCursorKind function, CXCursor part) {
    enum CXCursorKind kind = clang.getCursorKind(part);

    if (kind == CXCursor_CompoundStmt || kind == CXCursor_CXXTryStmt)
        return true;
    return function == CXCursor_Constructor && kind >= CXCursor_FirstExpr && kind <= CXCursor_LastExpr;
}

static void walk_body(const Walk *w, CXCursor part) {
    if (w->function->code_start == w->function->body_start)
        w->function->code_start = start_of(w->all, part);
    walk(w, part, 0);
}

static void walk_function(const Walk *w, CXCursor cursor) {
    enum CXCursorKind kind = clang.getCursorKind(cursor);
    unsigned at = offset_of(w->all, clang.getCursorLocation(cursor));
    g_autoptr(GArray) children = children_of(cursor);
    Function *function;
    unsigned name_end;
    Walk inner;

    if (at == G_MAXUINT || clang.isCursorDefinition(cursor) == 0 || number_of(w->all, cursor) > 0)
        return;
    name_end = offset_of(w->all, clang.getRangeEnd(clang.Cursor_getSpellingNameRange(cursor, 0, 0)));
    function = function_new(cursor, names_full(cursor));
    inner = enter_function(w, function, cursor, at, name_end);
    for (guint i = 0; i < children->len; i++)
        if (is_body(kind, child(children, i)))
            walk_body(&inner, child(children, i));
}

static void walk_lambda(const Walk *w, CXCursor cursor, unsigned nesting) {
    unsigned at = start_of(w->all, cursor);
    Walk inner;

    if (w->number >= 0 || at == G_MAXUINT) {
        walk_all(w, cursor, nesting + 1);
        return;
    }
    inner = enter_function(w, function_new(cursor, g_strdup("lambda")), cursor, at, at + 1);
    walk_all(&inner, cursor, 0);
}

static void note_call(const Walk *w, CXCursor cursor) {
    CXCursor callee = clang.getCursorReferenced(cursor), pattern;

    if (clang.Cursor_isNull(callee) != 0)
        return;
    pattern = clang.getSpecializedCursorTemplate(callee);
    callee = clang.getCanonicalCursor(clang.Cursor_isNull(pattern) != 0 ? callee : pattern);
    g_array_append_val(w->function->calls, callee);
}

static void walk_expression(const Walk *w, CXCursor cursor, enum CXCursorKind kind, unsigned nesting) {
    g_autoptr(GArray) children = children_of(cursor);
    Word none = 0;

    if (kind == CXCursor_ConditionalOperator && children->len >= 2)
        walk_conditional(w, children, children->len == 2, nesting);
    else if (kind == CXCursor_UnexposedExpr && children->len == 4) /* BinaryConditionalOperator has four */
        walk_conditional(w, children, true, nesting);
    else if (logical_operator(w, cursor, children) != NULL)
        walk_sequence(w, cursor, nesting, &none);
    else
        walk_range(w, children, 0, children->len, nesting);
}

static void walk_goto(const Walk *w, CXCursor cursor, unsigned nesting) {
    w->function->cognitive += take(word_at(w, cursor, WORD_GOTO));
    walk_all(w, cursor, nesting);
}

static void walk_case(const Walk *w, CXCursor cursor, unsigned nesting) {
    w->function->cyclomatic += take(word_at(w, cursor, WORD_CASE));
    walk_all(w, cursor, nesting);
}

static void walk(const Walk *w, CXCursor cursor, unsigned nesting) {
    enum CXCursorKind kind = clang.getCursorKind(cursor);

    if (is_function(kind)) {
        walk_function(w, cursor);
        return;
    }
    switch (kind) {
    case CXCursor_IfStmt:
        walk_if(w, cursor, nesting, false);
        return;
    case CXCursor_ForStmt:
    case CXCursor_CXXForRangeStmt:
        walk_holder(w, cursor, WORD_FOR, nesting);
        return;
    case CXCursor_WhileStmt:
        walk_holder(w, cursor, WORD_WHILE, nesting);
        return;
    case CXCursor_SwitchStmt:
        walk_holder(w, cursor, WORD_SWITCH, nesting);
        return;
    case CXCursor_CXXCatchStmt:
        walk_holder(w, cursor, WORD_CATCH, nesting);
        return;
    case CXCursor_DoStmt:
        walk_do(w, cursor, nesting);
        return;
    case CXCursor_CaseStmt:
        walk_case(w, cursor, nesting);
        return;
    case CXCursor_GotoStmt:
    case CXCursor_IndirectGotoStmt:
        walk_goto(w, cursor, nesting);
        return;
    case CXCursor_LambdaExpr:
        walk_lambda(w, cursor, nesting);
        return;
    case CXCursor_CallExpr:
        note_call(w, cursor);
        walk_all(w, cursor, nesting);
        return;
    case CXCursor_BinaryOperator:
    case CXCursor_ConditionalOperator:
    case CXCursor_UnexposedExpr:
        walk_expression(w, cursor, kind, nesting);
        return;
    default:
        walk_all(w, cursor, nesting);
    }
}

static enum CXChildVisitResult walk_top(CXCursor cursor, CXCursor parent G_GNUC_UNUSED, CXClientData data) {
    const Walk *w = data;

    if (clang.isPreprocessing(clang.getCursorKind(cursor)) == 0 && start_of(w->all, cursor) < G_MAXUINT)
        walk(w, cursor, 0);
    return CXChildVisit_Continue;
}

static guint hash_cursor(gconstpointer cursor) {
    return clang.hashCursor(*(const CXCursor *)cursor);
}

static gboolean equal_cursors(gconstpointer a, gconstpointer b) {
    return clang.equalCursors(*(const CXCursor *)a, *(const CXCursor *)b) != 0;
}

Complexity *complexity_measure(CXTranslationUnit unit, CXFile file, bool is_cpp) {
    Complexity *all = g_new0(Complexity, 1);
    CXCursor top = clang.getTranslationUnitCursor(unit);
    Function *outside = function_new(top, NULL);
    Walk w = {.all = all, .function = outside, .number = -1};

    all->functions = g_ptr_array_new_with_free_func((GDestroyNotify)function_free);
    all->numbers = g_hash_table_new(hash_cursor, equal_cursors);
    all->words = words_read(unit, file);
    all->unit = unit;
    all->file = file;
    all->is_cpp = is_cpp;
    clang.visitChildren(top, walk_top, &w);
    function_free(outside);
    return all;
}

void complexity_free(Complexity *complexity) {
    g_hash_table_unref(complexity->numbers);
    g_ptr_array_unref(complexity->functions);
    g_array_unref(complexity->words);
    g_free(complexity);
}
