/* libclang.h: libclang, as it is loaded: clang.visitChildren() is clang_visitChildren().
 *
 * It is not linked, so that the newest one there is will do, and that where there is none this program can
 * say so. The C API has stayed the same since version 13. */
#pragma once

#include <clang-c/Index.h>
#include <stdbool.h>

#define LIBCLANG_FUNCTIONS(X)                                                                                \
    X(Cursor_Evaluate)                                                                                       \
    X(Cursor_getSpellingNameRange)                                                                           \
    X(Cursor_getVarDeclInitializer)                                                                          \
    X(Cursor_isNull)                                                                                         \
    X(EvalResult_dispose)                                                                                    \
    X(EvalResult_getAsLongLong)                                                                              \
    X(EvalResult_getAsStr)                                                                                   \
    X(EvalResult_getKind)                                                                                    \
    X(File_isEqual)                                                                                          \
    X(Location_isInSystemHeader)                                                                             \
    X(Type_getSizeOf)                                                                                        \
    X(createIndex)                                                                                           \
    X(disposeDiagnostic)                                                                                     \
    X(disposeIndex)                                                                                          \
    X(disposeSourceRangeList)                                                                                \
    X(disposeString)                                                                                         \
    X(disposeTokens)                                                                                         \
    X(disposeTranslationUnit)                                                                                \
    X(equalCursors)                                                                                          \
    X(getArgType)                                                                                            \
    X(getArrayElementType)                                                                                   \
    X(getCString)                                                                                            \
    X(getCanonicalCursor)                                                                                    \
    X(getCanonicalType)                                                                                      \
    X(getChildDiagnostics)                                                                                   \
    X(getClangVersion)                                                                                       \
    X(getCursorExtent)                                                                                       \
    X(getCursorKind)                                                                                         \
    X(getCursorLinkage)                                                                                      \
    X(getCursorLocation)                                                                                     \
    X(getCursorReferenced)                                                                                   \
    X(getCursorSemanticParent)                                                                               \
    X(getCursorSpelling)                                                                                     \
    X(getCursorType)                                                                                         \
    X(getDiagnostic)                                                                                         \
    X(getDiagnosticFixIt)                                                                                    \
    X(getDiagnosticInSet)                                                                                    \
    X(getDiagnosticLocation)                                                                                 \
    X(getDiagnosticNumFixIts)                                                                                \
    X(getDiagnosticOption)                                                                                   \
    X(getDiagnosticSeverity)                                                                                 \
    X(getDiagnosticSpelling)                                                                                 \
    X(getFile)                                                                                               \
    X(getFileContents)                                                                                       \
    X(getFileLocation)                                                                                       \
    X(getLocationForOffset)                                                                                  \
    X(getNullCursor)                                                                                         \
    X(getNumDiagnostics)                                                                                     \
    X(getNumDiagnosticsInSet)                                                                                \
    X(getPointeeType)                                                                                        \
    X(getRange)                                                                                              \
    X(getRangeEnd)                                                                                           \
    X(getRangeStart)                                                                                         \
    X(getSkippedRanges)                                                                                      \
    X(getSpecializedCursorTemplate)                                                                          \
    X(getSpellingLocation)                                                                                   \
    X(getTokenExtent)                                                                                        \
    X(getTokenKind)                                                                                          \
    X(getTranslationUnitCursor)                                                                              \
    X(getTypeSpelling)                                                                                       \
    X(hashCursor)                                                                                            \
    X(isConstQualifiedType)                                                                                  \
    X(isCursorDefinition)                                                                                    \
    X(isFunctionTypeVariadic)                                                                                \
    X(isPreprocessing)                                                                                       \
    X(parseTranslationUnit2)                                                                                 \
    X(tokenize)                                                                                              \
    X(visitChildren)

typedef struct {
#define LIBCLANG_FIELD(name) __typeof__(clang_##name) *name; /* NOLINT(bugprone-macro-parentheses) */
    LIBCLANG_FUNCTIONS(LIBCLANG_FIELD)
#undef LIBCLANG_FIELD
    int (*getCursorBinaryOperatorKind)(CXCursor); /* since version 17; else NULL */
    int (*getCursorUnaryOperatorKind)(CXCursor);
    char *version;   /* as it says itself */
    char *resources; /* the folder of its own headers; NULL: not found */
} Libclang;

extern Libclang clang;

/* Loads the newest one. false where there is none. */
bool libclang_load(void);
