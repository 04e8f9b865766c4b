#include "rules/clang/worker/lost.h"

#include "rules/clang/worker/reading.h"
#include "rules/clang/worker/words.h"

#define STATEMENTS (WORDS_OF_STATEMENTS & ~(WORD_ELSE | WORD_GOTO))
/* Of a lost do-while, it is the `while` that counts. */
#define DECISIONS                                                                                            \
    (WORD_IF | WORD_FOR | WORD_WHILE | WORD_CASE | WORD_CATCH | WORD_QUESTION | WORD_AND | WORD_OR)
/* Without these, the cognitive complexity of a function is not known. */
#define PARTS (DECISIONS | WORD_DO | WORD_SWITCH | WORD_GOTO)

/* The offsets of the errors in the file, in order. */
static GArray *read_errors(const Complexity *all) {
    GArray *errors = g_array_new(FALSE, FALSE, sizeof(unsigned));
    unsigned count = clang.getNumDiagnostics(all->unit);

    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang.getDiagnostic(all->unit, i);
        CXFile file = NULL;
        unsigned offset = 0;

        clang.getFileLocation(clang.getDiagnosticLocation(diagnostic), &file, NULL, NULL, &offset);
        if (clang.getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error && file != NULL &&
            clang.File_isEqual(file, all->file) != 0)
            g_array_append_val(errors, offset);
        clang.disposeDiagnostic(diagnostic);
    }
    return errors;
}

static bool has_error(const GArray *errors, unsigned from, unsigned to, unsigned *ret_at) {
    for (guint i = 0; i < errors->len; i++) {
        *ret_at = g_array_index(errors, unsigned, i);
        if (*ret_at >= from && *ret_at < to)
            return true;
    }
    return false;
}

/* The innermost function that holds the place; -1: none. They stand in the order of the file. */
static int function_at(const GPtrArray *functions, unsigned offset) {
    guint low = 0, high = functions->len;
    int found;

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (((const Function *)functions->pdata[middle])->body_start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    found = (int)low - 1;
    while (found >= 0 && ((const Function *)functions->pdata[found])->body_end <= offset)
        found = ((const Function *)functions->pdata[found])->outer;
    return found;
}

static char *message_at(const Complexity *all, unsigned offset) {
    unsigned count = clang.getNumDiagnostics(all->unit);
    char *message = NULL;

    for (unsigned i = 0; i < count && message == NULL; i++) {
        CXDiagnostic diagnostic = clang.getDiagnostic(all->unit, i);
        CXString said = clang.getDiagnosticSpelling(diagnostic);
        CXFile file = NULL;
        unsigned at = 0;

        clang.getFileLocation(clang.getDiagnosticLocation(diagnostic), &file, NULL, NULL, &at);
        if (clang.getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error && at == offset && file != NULL &&
            clang.File_isEqual(file, all->file) != 0)
            message = g_utf8_make_valid(clang.getCString(said), -1);
        clang.disposeString(said);
        clang.disposeDiagnostic(diagnostic);
    }
    return message;
}

static void mark_errors(const Complexity *all, const GArray *errors) {
    for (guint i = 0; i < errors->len; i++) {
        int number = function_at(all->functions, g_array_index(errors, unsigned, i));

        if (number >= 0)
            ((Function *)all->functions->pdata[number])->has_error = true;
    }
}

/* Counts a word that nobody has seen. */
static void count_lost(const Complexity *all, const WordPlace *place, const GArray *errors, Lost *lost,
                       unsigned *first) {
    int number = function_at(all->functions, place->offset);
    Function *function = number >= 0 ? all->functions->pdata[number] : NULL;
    unsigned at;

    if (function == NULL) {
        if ((place->word & STATEMENTS) == 0 || lost->unparsed < G_MAXUINT)
            return;
        lost->unparsed = place->offset;
        *first = MIN(*first, g_array_index(errors, unsigned, 0));
    } else if (function->has_error && has_error(errors, function->body_start, function->body_end, &at)) {
        function->cyclomatic += (place->word & DECISIONS) != 0;
        function->lost = function->lost || place->word != WORD_CASE;
        *first = MIN(*first, at);
    }
}

Lost lost_find(Complexity *all) {
    g_autoptr(GArray) errors = read_errors(all);
    g_autoptr(GHashTable) names = reading_names(all);
    unsigned first = G_MAXUINT;
    Lost lost = {.unparsed = G_MAXUINT};

    mark_errors(all, errors);
    for (guint i = 0; errors->len > 0 && i < all->words->len; i++) {
        const WordPlace *place = &g_array_index(all->words, WordPlace, i);

        if (!place->seen && !place->is_prefix && (place->word & PARTS) != 0)
            count_lost(all, place, errors, &lost, &first);
    }
    for (guint i = 0; i < all->functions->len; i++)
        if (((const Function *)all->functions->pdata[i])->has_error)
            reading_of(all, names, (int)i);
    if (first < G_MAXUINT) {
        lost.error = message_at(all, first);
        lost.error_at = first;
    }
    return lost;
}
