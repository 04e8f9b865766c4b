#include "rules/clang/worker/names.h"

#include <string.h>

#define NAME_BYTES 256 /* of a full name */

static bool is_scope(enum CXCursorKind kind) {
    return kind == CXCursor_ClassDecl || kind == CXCursor_StructDecl || kind == CXCursor_UnionDecl ||
           kind == CXCursor_Namespace || kind == CXCursor_ClassTemplate ||
           kind == CXCursor_ClassTemplatePartialSpecialization;
}

char *names_spelling(CXCursor cursor) {
    CXString said = clang.getCursorSpelling(cursor);
    const char *text = clang.getCString(said);
    char *copy = g_strdup(text != NULL ? text : "");

    clang.disposeString(said);
    return copy;
}

char *names_full(CXCursor cursor) {
    char *name = names_spelling(cursor);

    for (CXCursor scope = clang.getCursorSemanticParent(cursor);
         is_scope(clang.getCursorKind(scope)) && strlen(name) < NAME_BYTES;
         scope = clang.getCursorSemanticParent(scope)) {
        g_autofree char *outer = names_spelling(scope), *inner = name;

        name = *outer != '\0' && *outer != '(' ? g_strconcat(outer, "::", inner, NULL) : g_strdup(inner);
    }
    return name;
}
