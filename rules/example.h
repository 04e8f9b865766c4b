/* example.h: the examples of a rule, which stand in its `tests`, and whether they hold: that it finds
 * something in each bad one, and nothing in a good one.
 *
 * An example is a text, or says more of the file that it stands for:
 *
 *   - "eval(x)"
 *   - {path: a.pyi, text: "eval(x)"}     # without a path, a name that fits the rule's first language
 *
 * One of a rule on the change (rule_change.h) says what it needs of
 *
 *   - path: bin/tool          # without it, "example"
 *     text: "#!/bin/sh"       # and bytes behind it:
 *     hex: "7f 45 4c 46"
 *     size: 6M                # without it, as many bytes as there are
 *     mode: "100755"          # without it, "100644", or a link's
 *     old_mode: "100644"      # without it, the mode; "000000" of an added file
 *     status: modified        # without it, added; modified where there is an old_mode
 *     binary: true            # nul: true where a NUL byte makes it so
 *     pointer: true           # it is one of git-lfs
 *     link: ../x              # it is a symbolic link, which points there
 *     tree: [a.c, b.c]        # what else there is in the repository, unchanged; "a -> b" is a link
 *     changed: [c.c]          # and what else has changed
 *     files: 200              # how many files the change has in all, and new lines
 *     lines: 9000
 *
 * Each kind of rule has one function that runs a rule over an example: `kinds` in example.c. */
#pragma once

#include "rules/check.h"
#include "rules/rule.h"
#include "rules/yaml.h"

#include <glib.h>
#include <stdbool.h>

/* What an example says of a change, but for its path and text. */
typedef struct {
    GBytes *bytes; /* the text, and what stands behind it */
    guint64 size, files, lines;
    guint32 mode, old_mode;
    const char *status; /* a word of change_status_words */
    bool binary, nul, pointer;
    char *link;          /* may be NULL */
    GStrv tree, changed; /* may be NULL */
} ChangeExample;

typedef struct {
    bool bad;
    guint line;            /* where it stands in the rule's file */
    char *path;            /* NULL: any that fits */
    char *text;            /* valid UTF-8; may be NULL */
    ChangeExample *change; /* of a rule on the change; else NULL */
} RuleExample;

/* example_change.c: such an example is read, run over its rule, and shown. */
ChangeExample *change_example_read(const YamlNode *node, RuleExample *example, YamlErrors *errors);
void change_example_free(ChangeExample *change);
void change_example_try(const Rule *rule, const RuleExample *example, CheckResult *result);
char *change_example_show(const RuleExample *example);

/* Adds the example at a node to those of the rule, whose languages and kind were read before. What is wrong
 * with it is in `errors`. */
void rule_example_read(const YamlNode *node, Rule *rule, bool bad, YamlErrors *errors);
void rule_example_free(RuleExample *example);

/* The file that it stands for: its path, or a name that fits. Newly allocated. */
char *rule_example_path(const RuleExample *example, const Rule *rule);

/* The example for people: its text, or what else there is. Newly allocated. */
char *rule_example_show(const RuleExample *example);
/* Whether the rule looks at what a text says, so that a comment in there can suppress what it finds. */
bool rule_looks_at_text(const Rule *rule);

/* An example that does not hold, or an annotation (annotation.h). */
typedef struct {
    char *file; /* as it is to be shown */
    guint line;
    char *text; /* what was expected, a clean line */
} TestFailure;

/* Of TestFailure; what stands in it is owned by the array. */
GPtrArray *test_failures_new(void);
/* Copies `file`, and takes `text`. */
void test_failures_add(GPtrArray *failures, const char *file, guint line, char *text);

/* Tries all examples of a rule, each by itself, and adds those that do not hold to `failures`. Returns how
 * many there are. */
guint rule_try_examples(const Rule *rule, GPtrArray *failures);
