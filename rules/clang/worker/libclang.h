/* libclang.h: libclang, as it is loaded: clang.visitChildren() is clang_visitChildren().
 *
 * It is not linked, so that the newest one there is will do, and that where there is none this program can
 * say so. The C API has stayed the same since version 13. */
#pragma once

#include <clang-c/Index.h>
#include <stdbool.h>

#define LIBCLANG_FUNCTIONS(X)                                                                                \
    X(Cursor_getSpellingNameRange)                                                                           \
    X(Cursor_isNull)                                                                                         \
    X(File_isEqual)                                                                                          \
    X(createIndex)                                                                                           \
    X(disposeDiagnostic)                                                                                     \
    X(disposeIndex)                                                                                          \
    X(disposeSourceRangeList)                                                                                \
    X(disposeString)                                                                                         \
    X(disposeTokens)                                                                                         \
    X(disposeTranslationUnit)                                                                                \
    X(equalCursors)                                                                                          \
    X(getCString)                                                                                            \
    X(getCanonicalCursor)                                                                                    \
    X(getClangVersion)                                                                                       \
    X(getCursorExtent)                                                                                       \
    X(getCursorKind)                                                                                         \
    X(getCursorLocation)                                                                                     \
    X(getCursorReferenced)                                                                                   \
    X(getCursorSemanticParent)                                                                               \
    X(getCursorSpelling)                                                                                     \
    X(getDiagnostic)                                                                                         \
    X(getDiagnosticLocation)                                                                                 \
    X(getDiagnosticSeverity)                                                                                 \
    X(getDiagnosticSpelling)                                                                                 \
    X(getFile)                                                                                               \
    X(getFileContents)                                                                                       \
    X(getFileLocation)                                                                                       \
    X(getLocationForOffset)                                                                                  \
    X(getNumDiagnostics)                                                                                     \
    X(getRange)                                                                                              \
    X(getRangeEnd)                                                                                           \
    X(getRangeStart)                                                                                         \
    X(getSkippedRanges)                                                                                      \
    X(getSpecializedCursorTemplate)                                                                          \
    X(getTokenExtent)                                                                                        \
    X(getTokenKind)                                                                                          \
    X(getTranslationUnitCursor)                                                                              \
    X(hashCursor)                                                                                            \
    X(isCursorDefinition)                                                                                    \
    X(isPreprocessing)                                                                                       \
    X(parseTranslationUnit2)                                                                                 \
    X(tokenize)                                                                                              \
    X(visitChildren)

typedef struct {
#define LIBCLANG_FIELD(name) __typeof__(clang_##name) *name; /* NOLINT(bugprone-macro-parentheses) */
    LIBCLANG_FUNCTIONS(LIBCLANG_FIELD)
#undef LIBCLANG_FIELD
    char *version;   /* as it says itself */
    char *resources; /* the folder of its own headers; NULL: not found */
} Libclang;

extern Libclang clang;

/* Loads the newest one. false where there is none. */
bool libclang_load(void);
