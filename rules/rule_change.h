/* rule_change.h: what a rule of the kind `change` looks for: what a change does to a file, not what it says.
 *
 *   change:                       # all that is said must hold
 *     status: [added, modified]   # what became of the file; also deleted, renamed, copied, type-changed.
 *                                 # Without it, all but deleted; with it, the rule is of changes alone,
 *                                 # and not asked where every file is reviewed
 *     files: ["*.o"]              # its path, as in .gitignore
 *     size_over: 5M
 *     mode: executable            # or gained, lost: the executable bit, by the change
 *     interpreter: true           # whether it begins with #!
 *     binary: true                # as git has it, with .gitattributes
 *     hidden: true                # no check looks at it: a NUL byte alone makes it binary, or git-lfs keeps
 *                                 # what it holds
 *     format: [elf, pe]           # by its first bytes; also mach-o, java-class, wasm, python-bytecode
 *     link: outside               # a symbolic link whose target is not within the repository
 *     submodule: true             # added, moved to another commit, or taken away
 *     path: [git, control]        # a part of it is .git in disguise, holds control characters; also
 *                                 # dot-dot, trailing, device, reserved (what Windows does not take)
 *     conflict: true              # another path is the same, but for case or Unicode's forms
 *     line_ends: mixed
 *     encoding: invalid           # text that is not UTF-8, and does not say what it is
 *     head: '@generated'          # a pattern, in the first lines
 *     partner:                    # a file that belongs to it, by the names of both
 *       {is: unchanged, where: below, of: {Cargo.lock: [Cargo.toml]}}
 *                                 # is: missing from the repository, or unchanged while it is there;
 *                                 # where: here (the same folder, the default), below or above, too
 *     files_over: 100             # of the change as a whole: files, and new lines; each alone
 *     lines_over: 5000
 *
 * What it found out is told behind the rule's message. hygiene.h runs these rules. */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/match.h"

#include <glib.h>
#include <pcre2.h>
#include <stdbool.h>

typedef enum {
    CHANGE_STATUS,
    CHANGE_FILES,
    CHANGE_SIZE_OVER,
    CHANGE_MODE,
    CHANGE_BINARY,
    CHANGE_HIDDEN,
    CHANGE_SUBMODULE,
    CHANGE_PATH,
    CHANGE_PARTNER,
    CHANGE_CONFLICT,
    CHANGE_LINK,
    CHANGE_INTERPRETER,
    CHANGE_FORMAT,
    CHANGE_HEAD,
    CHANGE_ENCODING,
    CHANGE_LINE_ENDS,
    CHANGE_FILES_OVER,
    CHANGE_LINES_OVER,
} ChangeKind; /* in the order in which they are asked: the cheap ones first */

enum { MODE_EXECUTABLE, MODE_GAINED, MODE_LOST };
enum { PARTNER_MISSING, PARTNER_UNCHANGED };
enum { PARTNER_HERE, PARTNER_BELOW, PARTNER_ABOVE };

/* Bits of CHANGE_PATH, CHANGE_STATUS and CHANGE_FORMAT: 1 << the index of the word. */
extern const char *const change_path_words[], *const change_status_words[], *const change_format_words[];
enum {
    PATH_GIT = 1,
    PATH_DOT_DOT = 2,
    PATH_CONTROL = 4,
    PATH_TRAILING = 8,
    PATH_DEVICE = 16,
    PATH_RESERVED = 32
};

typedef struct {
    char *name;     /* of the file that the rule looks at */
    GStrv partners; /* names */
} ChangePartner;

typedef struct {
    ChangeKind kind;
    guint64 number;      /* a size, a count, bits of words, the index of a word, or 0 and 1 */
    Match *files;        /* CHANGE_FILES */
    pcre2_code *pattern; /* CHANGE_HEAD */
    guint where;         /* CHANGE_PARTNER */
    GPtrArray *partners; /* CHANGE_PARTNER: of ChangePartner */
} ChangeCondition;

typedef struct {
    GPtrArray *conditions; /* of ChangeCondition, in the order of ChangeKind */
    bool of_changes;       /* it is not asked where all files are reviewed */
    bool of_whole;         /* files_over, lines_over */
    bool of_deleted;       /* it is asked of a deleted file, too */
} ChangeRule;
