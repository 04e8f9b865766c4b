#include "rules/clang/worker/parse.h"

#include "rules/clang/worker/lost.h"

#include <string.h>

/* A file as a tree. */
typedef struct {
    CXIndex index;
    CXTranslationUnit unit;
    unsigned errors;
    bool is_cpp;
} Tree;

static void tree_clear(Tree *tree) {
    if (tree->unit != NULL)
        clang.disposeTranslationUnit(tree->unit);
    if (tree->index != NULL)
        clang.disposeIndex(tree->index);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tree, tree_clear)

static unsigned count_errors(CXTranslationUnit unit) {
    unsigned count = clang.getNumDiagnostics(unit), errors = 0;

    for (unsigned i = 0; i < count; i++) {
        CXDiagnostic diagnostic = clang.getDiagnostic(unit, i);

        errors += clang.getDiagnosticSeverity(diagnostic) >= CXDiagnostic_Error;
        clang.disposeDiagnostic(diagnostic);
    }
    return errors;
}

/* Ours stand behind the file's own, and win. The name begins with "./", so that it is no option. */
static Tree parse_as(const ParseRequest *request, const char *path, bool is_cpp) {
    static const char *const ours[] = {"-w", "-ferror-limit=0", "-fno-spell-checking",
                                       "-fno-caret-diagnostics"};
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    Tree tree = {.is_cpp = is_cpp};

    g_ptr_array_add(argv, "-x");
    g_ptr_array_add(argv, is_cpp ? "c++" : "c");
    for (guint i = 0; i < request->flags->len; i++)
        g_ptr_array_add(argv, request->flags->pdata[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
        g_ptr_array_add(argv, (gpointer)ours[i]);
    g_ptr_array_add(argv, "-resource-dir");
    g_ptr_array_add(argv, clang.resources);
    tree.index = clang.createIndex(0, 0);
    if (clang.parseTranslationUnit2(
            tree.index, path, (const char *const *)argv->pdata, (int)argv->len, NULL, 0,
            CXTranslationUnit_KeepGoing | CXTranslationUnit_DetailedPreprocessingRecord,
            &tree.unit) != CXError_Success)
        tree.unit = NULL;
    tree.errors = tree.unit != NULL ? count_errors(tree.unit) : G_MAXUINT;
    return tree;
}

/* A header of either language is C, unless as C++ it has fewer errors. */
static Tree parse_any(const ParseRequest *request, const char *path) {
    Tree first = parse_as(request, path, strcmp(request->language, "cpp") == 0), second;

    if (strcmp(request->language, "header") != 0 || first.errors == 0)
        return first;
    second = parse_as(request, path, true);
    if (second.errors < first.errors) {
        tree_clear(&first);
        return second;
    }
    tree_clear(&second);
    return first;
}

static json_t *function_json(const Function *function) {
    g_autofree char *name = g_utf8_make_valid(function->name, -1);

    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:b}", "name", name, "start", (json_int_t)function->start,
                     "end", (json_int_t)function->end, "cyclomatic", (json_int_t)function->cyclomatic,
                     "cognitive", (json_int_t)function->cognitive, "lost", function->lost);
}

json_t *parse_file(const ParseRequest *request) {
    g_autofree char *path = g_strconcat("./", request->path, NULL);
    g_auto(Tree) tree = parse_any(request, path);
    CXFile file = tree.unit != NULL ? clang.getFile(tree.unit, path) : NULL;
    json_t *answer, *functions;
    Complexity *complexity;
    Lost lost;

    if (file == NULL)
        return NULL;
    complexity = complexity_measure(tree.unit, file, tree.is_cpp);
    lost = lost_find(complexity);
    complexity_add_recursion(complexity);
    functions = json_array();
    for (guint i = 0; i < complexity->functions->len; i++)
        json_array_append_new(functions, function_json(complexity->functions->pdata[i]));
    answer = json_pack("{s:o}", "functions", functions);
    if (lost.unparsed < G_MAXUINT)
        json_object_set_new(answer, "unparsed", json_integer(lost.unparsed));
    if (lost.error != NULL) {
        json_object_set_new(answer, "error", json_string(lost.error));
        json_object_set_new(answer, "error_at", json_integer(lost.error_at));
    }
    g_free(lost.error);
    complexity_free(complexity);
    return answer;
}
