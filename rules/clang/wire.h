/* wire.h: what is said between client.c, in the program, and the worker, in the sandbox.
 *
 * The request stands on the worker's stdin. First the rules, as a JSON list that is ended by a NUL; rules are
 * known by their place in it:
 *   {"kind": 103, "callee": ["strcpy"], "result": "unused", "under": ["loop"], "not_under": ["void-cast"],
 *    "name": "PATTERN", "where": [{"arg": 1, "origin": ["external"]}]}           a rule of the kind c_ast
 *   {"flags": ["parentheses"], "says": "PATTERN", "fixit": "PATTERN"}           one of the kind clang
 * with the keys of rule files (rules/rule_c_ast.c), but that a kind is CXCursorKind's number. Then for each
 * file its path, its language ("c", "cpp", or "header": C, unless it is better C++), what is wanted of it
 * ("f" for its functions, and numbers of rules, with commas) and its flags, each ended by a NUL, and behind
 * the last flag one NUL more. Paths are bytes, relative to CLANG_SOURCE, where the files lie, read-only, and
 * which is the current directory.
 *
 * The answer comes on its stdout, in frames: a ClangFrame, and so many bytes of JSON. The first is about the
 * worker itself:
 *   {"version": "Debian clang version 19.1.7 (3+b1)"}   or   {"error": "...", "remedy": "..."}
 * and there is one for each file, in any order, as its parsing has ended:
 *   {"functions": [{"name": "f", "start": 4, "end": 5, "cyclomatic": 2, "cognitive": 1, "lost": false}],
 *    "unparsed": 120, "error": "expected ';'", "error_at": 100,
 *    "findings": [{"rule": 0, "start": 40, "end": 46, "callee": "strcpy", "args": ["a", "b"],
 *                  "function": "f", "says": "clang's words",
 *                  "fix": {"does": "...", "edits": [{"start": 40, "end": 41, "text": "=="}]}}],
 *    "over": 0, "missed": 0, "missed_at": 140}
 * where places are offsets of bytes in the file. "unparsed" to "error_at" are there only where something
 * could not be understood, "over" where that rule has found more than CAP_MATCHES_PER_FILE, and "missed"
 * where what that rule looks for is called at a place that could not be understood. Parsers of hostile text
 * run in the worker, so whoever reads the answer believes none of it. */
#pragma once

#include <glib.h>

#define CLANG_SOURCE "/source"

#define CLANG_MAGIC 0x53474c43u /* "CLGS" */
#define CLANG_ITSELF G_MAXUINT32

typedef enum {
    CLANG_DONE,    /* the JSON is there */
    CLANG_CRASHED, /* the parser ended by a signal */
    CLANG_TIMED_OUT,
    CLANG_NO_MEMORY,
    CLANG_TOO_MUCH, /* more than CAP_CLANG_ANSWER bytes to say of it */
    CLANG_REFUSED,  /* libclang gives no tree for it */
} ClangOutcome;

typedef struct {
    guint32 magic, file, outcome, size; /* file: its place in the request, or CLANG_ITSELF */
} ClangFrame;
