#include "rules/clang/worker/parse.h"

#include "rules/clang/worker/lost.h"
#include "rules/clang/worker/pragmas.h"

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
static Tree parse_as(const ParseRequest *request, const Matcher *matcher, const char *path, bool is_cpp,
                     bool with_record) {
    static const char *const ours[] = {"-ferror-limit=0", "-fno-spell-checking", "-fno-caret-diagnostics",
                                       "-resource-dir"};
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *blanked = NULL;
    Tree tree = {.is_cpp = is_cpp};
    gsize len = 0;

    g_ptr_array_add(argv, g_strdup("-x"));
    g_ptr_array_add(argv, g_strdup(is_cpp ? "c++" : "c"));
    for (guint i = 0; i < request->flags->len; i++)
        g_ptr_array_add(argv, g_strdup(request->flags->pdata[i]));
    matcher_flags(matcher, request->rules, argv);
    for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
        g_ptr_array_add(argv, g_strdup(ours[i]));
    g_ptr_array_add(argv, g_strdup(clang.resources));
    tree.index = clang.createIndex(0, 0);
    blanked = pragmas_blanked(path, &len);
    if (clang.parseTranslationUnit2(tree.index, path, (const char *const *)argv->pdata, (int)argv->len,
                                    &(struct CXUnsavedFile){path, blanked, len}, blanked != NULL ? 1 : 0,
                                    CXTranslationUnit_KeepGoing |
                                        (with_record ? CXTranslationUnit_DetailedPreprocessingRecord : 0),
                                    &tree.unit) != CXError_Success)
        tree.unit = NULL;
    tree.errors = tree.unit != NULL ? count_errors(tree.unit) : G_MAXUINT;
    return tree;
}

/* A header of either language is C, unless as C++ it has fewer errors. */
static Tree parse_any(const ParseRequest *request, const Matcher *matcher, const char *path,
                      bool with_record) {
    Tree first = parse_as(request, matcher, path, strcmp(request->language, "cpp") == 0, with_record), second;

    if (strcmp(request->language, "header") != 0 || first.errors == 0)
        return first;
    second = parse_as(request, matcher, path, true, with_record);
    if (second.errors < first.errors) {
        tree_clear(&first);
        return second;
    }
    tree_clear(&second);
    return first;
}

/* The record of what the preprocessor skipped costs time. It is needed for what functions are
 * made of, and where there are errors, to tell what was not understood from what was not to be. */
static Tree parse(const ParseRequest *request, const Matcher *matcher, const char *path) {
    Tree tree = parse_any(request, matcher, path, request->wants_functions);

    if (request->wants_functions || tree.errors == 0)
        return tree;
    tree_clear(&tree);
    return parse_any(request, matcher, path, true);
}

static json_t *function_json(const Function *function) {
    g_autofree char *name = g_utf8_make_valid(function->name, -1);

    return json_pack("{s:s, s:I, s:I, s:I, s:I, s:b}", "name", name, "start", (json_int_t)function->start,
                     "end", (json_int_t)function->end, "cyclomatic", (json_int_t)function->cyclomatic,
                     "cognitive", (json_int_t)function->cognitive, "lost", function->lost);
}

static void add_functions(Complexity *complexity, json_t *answer) {
    json_t *functions = json_array();
    Lost lost = lost_find(complexity);

    complexity_add_recursion(complexity);
    for (guint i = 0; i < complexity->functions->len; i++)
        json_array_append_new(functions, function_json(complexity->functions->pdata[i]));
    json_object_set_new(answer, "functions", functions);
    if (lost.unparsed < G_MAXUINT)
        json_object_set_new(answer, "unparsed", json_integer(lost.unparsed));
    if (lost.error != NULL) {
        json_object_set_new(answer, "error", json_string(lost.error));
        json_object_set_new(answer, "error_at", json_integer(lost.error_at));
    }
    g_free(lost.error);
}

json_t *parse_file(const ParseRequest *request, Matcher *matcher) {
    g_autofree char *path = g_strconcat("./", request->path, NULL);
    g_auto(Tree) tree = parse(request, matcher, path);
    CXFile file = tree.unit != NULL ? clang.getFile(tree.unit, path) : NULL;
    json_t *answer;

    if (file == NULL)
        return NULL;
    answer = json_pack("{s:[]}", "functions");
    if (request->wants_functions) {
        Complexity *complexity = complexity_measure(tree.unit, file, tree.is_cpp);

        add_functions(complexity, answer);
        complexity_free(complexity);
    }
    if (request->rules->len > 0)
        matcher_run(matcher, request->rules, tree.unit, file, answer);
    return answer;
}
