/* rule.h: the built-in rules, read from YAML: the packs that are part of the program, and a team's own files.
 *
 * Order: rule_set_new(), rule_set_add_pack() and rule_set_add_text() for each, then scan_file() (scan.h)
 * reads it. A rule that cannot be used (a pattern that does not compile, an unknown key, no bad example) is
 * an error with file:line:column, and the set is refused: a rule that was written and does not run would be a
 * silent pass. Whether the examples of a rule hold is asked by example.h.
 *
 *   version: 1
 *   pack: example                      # optional, for people
 *   rules:
 *     - id: python.eval                # required: [a-z0-9]+(\.[a-z0-9-]+)+
 *       message: what a finding says   # required
 *       severity: error                # required: error, warning, note
 *       summary: what the rule is about; without it, the message
 *       help: why, and the better way
 *       confidence: high               # high, medium, low
 *       security_severity: 8.1         # 0 .. 10
 *       cwe: [95]
 *       references: ["https://..."]    # the first is the help_uri of reports
 *       languages: [python]            # of rule_languages(); without it, any
 *       paths: {exclude: ["testdata/"]}
 *       require_any: [eval]            # one of these must be in the file, or the pattern is not tried
 *       regex:                         # what is looked for: exactly one such key
 *         pattern: '\beval\('          # required: PCRE2, see below
 *         group: 0                     # which group is the region; unset in a match: the whole match
 *         in: [code]                   # of code, string, comment: where the region starts (lexer.h)
 *         entropy: 3.0                 # a region with less (Shannon, bits a byte) is let go
 *         window: 512                  # a longer match (in bytes) is none; or file: of any length
 *         binary: true                 # it looks at binary files, too
 *       change: {size_over: 5M}        # or this: what a change does to a file (rule_change.h)
 *       c_ast: {callee: [system]}      # or this, of C and C++: see rule_c_ast.c
 *       clang: {flag: parentheses}     # or this: what clang warns of, see rule_clang.c
 *       fix:
 *         replace: "literal_$1"        # what the region becomes: $0 the match, $1 a group, $$ a dollar
 *         safe: true                   # without that it is shown, but not applied
 *       allow:                         # a region that holds one of these is let go; case counts
 *         {stopwords: [EXAMPLE], regexes: []}
 *       tests:                         # at least one bad; see example.h
 *         {bad: ["eval(x)"], good: ["x.eval()", {path: a.pyi, text: "eval(x)"}]}
 *
 * In place of `regex`, for Python, JavaScript and TypeScript, calls:
 *
 *       call:
 *         callee: [subprocess.run]       # required: one of these is called
 *         where:                         # and all of these hold
 *           - {arg: shell, equals: "True"}
 *           - {arg: [0, args], literal: false}
 *         region: call                   # call: from the callee to the closing parenthesis, so that a change
 *                                        # of any argument makes the finding new; callee; arg: the argument
 *                                        # of the first condition
 *         references: true               # where it is named but not called, too: assigned, passed on,
 * imported # for others; then without `where`
 *
 * A callee is the full name of what is called, wherever it was imported as: of `from subprocess import run as
 * r` r(...) is a call of subprocess.run, and so is that of a name that was assigned, and getattr(subprocess,
 * 'run')(...). A module that is relative ('.subprocess', './fs') is another one; a built-in that the file
 * defines or imports otherwise is none. In JavaScript "child_process.exec" is what import and require() of
 * 'child_process' or 'node:child_process' give. ".execute" is a method of that name of anything; "requests.*"
 * any one name; "new Function" only with new, and "Function" with and without.
 *
 * Of a condition all that is said must hold:
 *   arg       its position from 0, or its name (in JavaScript: of a property of an object among the
 * arguments); of several the first that is there literal   whether its value is written there: strings,
 * numbers, lists and sums of them, and names that have such a value once and for all. An f-string or a
 * template with something computed in it, %, .format() and sums with other things are not. equals    it is
 * written so, or one of a list. A string is what is in its quotes; a name what it stands for (ssl.CERT_NONE),
 * or as it is written; all else as it is written, with blanks only behind commas and between words, as in
 * `not f(1, -x)`. matches   a pattern matches that present   whether it is there count     how many arguments
 * there are: 2, or {least: 1, most: 3} unknown   `match`: it also holds where *args, **args, ...args, or an
 * object from elsewhere could give the argument. Without that it does not. any       a list of conditions, of
 * which one must hold
 *
 * Patterns match code points. `^` and `$` are at line ends; a line ends at \n, \r\n or \r, which `.` does not
 * match. \d, \s, \w are ASCII. \C is refused. */
#pragma once

#define PCRE2_CODE_UNIT_WIDTH 8

#include "rules/call.h"
#include "rules/check.h"
#include "rules/finding.h"
#include "rules/match.h"
#include "rules/rule_change.h"
#include "rules/yaml.h"

#include <glib.h>
#include <pcre2.h>
#include <stdbool.h>

/* A pattern that is looked for. */
typedef struct {
    pcre2_code *pattern;
    char *source;   /* the pattern as it is written */
    gsize jit_once; /* scan.c: the pattern is compiled to machine code when it is first needed */
    guint group;    /* which group is the region; 0: the whole match */
    guint8 places;  /* of PLACE_CODE ... (lexer.h), where a region may start */
    double entropy; /* least entropy of the region; 0: any */
    guint window;   /* a longer match is none, in bytes; 0: of any length */
    bool whole;     /* `window: file`: where it may match, it is tried everywhere */
    bool binary;    /* it looks at binary files, too */
} RegexRule;

typedef struct {
    RuleInfo *info;    /* id, severity, help, ... */
    char *pack;        /* the file's `pack`; may be NULL */
    char *file;        /* where it is written, as it is to be shown, */
    guint line;        /* and the line */
    char *message;     /* what a finding says */
    GStrv references;  /* may be NULL */
    GStrv languages;   /* {"any"} or names of rule_language_of(); never NULL */
    Match *exclude;    /* paths that it does not look at; may be NULL */
    GStrv require_any; /* it is only tried in a file that holds one of these; may be NULL */
    RegexRule *regex;  /* what it looks for: exactly one of these is there */
    CallRule *call;
    ChangeRule *change;
    char *clang;   /* what clang is asked for: JSON, as rules/clang/wire.h has it */
    char *replace; /* the fix, as it is written; NULL: there is none */
    FixKind fix_kind;
    GStrv stopwords;     /* a match that holds one of these is let go; may be NULL */
    GPtrArray *allow;    /* of pcre2_code: a match that one of these matches is let go; may be NULL */
    GPtrArray *examples; /* of RuleExample (example.h): its tests, as they are written */
} Rule;

typedef struct {
    GPtrArray *rules; /* of Rule, sorted by id */
    GPtrArray *packs; /* of char *: the packs that were added */
} RuleSet;

/* The names of the packs within the program, NULL-terminated: "c", "change", "default" (all of them),
 * "python", "secrets", "text". */
const char *const *rule_pack_names(void);
/* The YAML text of a pack, static and NUL-terminated behind `len`. false for "default", which has none of its
 * own, and for a name that is not known. */
bool rule_pack_text(const char *name, const char **ret_text, gsize *ret_len);

RuleSet *rule_set_new(void);
void rule_set_free(RuleSet *set);
/* Whether the rule looks at files of that name, language and text. */
bool rule_is_for(const Rule *rule, const char *path, const char *language, const char *text, gsize len);

/* Adds a pack's rules. A pack that is there already is not added again. The name must be one of
 * rule_pack_names(). Fails only where a rule of the same id was added before. */
bool rule_set_add_pack(RuleSet *set, const char *name, YamlErrors *errors);
bool rule_set_has_pack(const RuleSet *set, const char *name);
/* Adds the rules of a file's text; `errors` names the file. An id that is there already is an error. false
 * where there is any error in it; then none of its rules is added. */
bool rule_set_add_text(RuleSet *set, const char *text, gsize len, YamlErrors *errors);
/* The rule of that id, or NULL. */
const Rule *rule_set_find(const RuleSet *set, const char *id);

/* What is known of the rule, into the rules of `result`. */
void rule_describe(const Rule *rule, CheckResult *result);

/* The language of a file by its name, else by the #! line within `head` (its first bytes): "python", "shell",
 * "javascript", "typescript", "c", "cpp", "yaml", ... or "text". Static text, one of rule_languages(). */
const char *rule_language_of(const char *path, const char *head, gsize len);
/* All of these, and "any". */
const char *const *rule_languages(void);
/* A name of such a file: "example.py"; of "any" and "text", "example". Newly allocated. */
char *rule_language_example(const char *language);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleSet, rule_set_free)
