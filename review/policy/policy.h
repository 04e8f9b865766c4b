/* policy.h: the policy, .sallyport.yaml, as a struct.
 *
 * Order: policy_parse() or policy_default(); read the fields; policy_free(). All errors of a file are
 * reported in one go. What is not in the file has its default in the struct already: nobody else knows a
 * default. sallyport-policy(5) says what each key means. */
#pragma once

#include "exec/command.h"
#include "exec/isolation.h"
#include "rules/finding.h"
#include "rules/match.h"
#include "rules/yaml.h"

#include <glib.h>
#include <stdbool.h>

#define POLICY_FILE ".sallyport.yaml"

/* Severities by code prefix; the longest prefix that fits wins. See severity_map_get(). */
typedef struct {
    char *prefix; /* "F", "E9", "F401", "*" */
    Severity severity;
} SeverityEntry;

/* The formats that the findings of a linter of the policy's own are read from. */
typedef enum { OUTPUT_GCC, OUTPUT_SARIF, OUTPUT_CHECKSTYLE, OUTPUT_RDJSONL, OUTPUT_PATTERN } OutputFormat;

/* What is laid out for a job, or for a linter of the policy's own. */
typedef enum { NEEDS_TREE, NEEDS_CHANGED, NEEDS_PATHS } Needs;

/* How a linter of the policy's own is started and read. */
typedef struct {
    GStrv files;     /* patterns of the files that it looks at */
    Match *match;    /* the same, compiled */
    GStrv command;   /* program and arguments; one of them is "{files}", else some have "{file}" in them */
    bool one_by_one; /* without {files}: it is started once a file */
    OutputFormat output;
    char *pattern;      /* with OUTPUT_PATTERN; see output_pattern.h */
    GArray *success;    /* of guint: exit codes with which it has done its work */
    GStrv config;       /* names of its configuration files; never NULL */
    bool alone;         /* what it finds in a file does not depend on others */
    Needs needs;        /* what it sees beside the files that linters look at; NEEDS_CHANGED: nothing */
    GStrv needs_paths;  /* patterns, with NEEDS_PATHS */
    Match *needs_match; /* the same, compiled */
} CustomLinter;

typedef struct {
    char *name;       /* "ruff" */
    char *version;    /* ">=0.14", or NULL for any */
    GStrv args;       /* never NULL */
    GArray *severity; /* of SeverityEntry, the linter's defaults included; never NULL */
    guint64 timeout_ms;
    Tier require;         /* the policy's */
    CustomLinter *custom; /* NULL: one of PolicyWords.linters */
    guint max_complexity; /* the gate's, for a linter that measures it; 0: none */
} LinterPolicy;

/* Severities for files by their path; of several that fit a finding, the last one holds. */
typedef struct {
    GStrv files;      /* patterns */
    Match *match;     /* the same, compiled */
    GArray *severity; /* of SeverityEntry */
} OverridePolicy;

typedef enum { SCOPE_CHANGED_LINES, SCOPE_CHANGED_FILES, SCOPE_EVERYTHING } GateScope;

/* Whether the version before the change is reviewed too, to tell which findings are new. */
typedef enum {
    MATCH_BASE_AUTO, /* with --base */
    MATCH_BASE_ALWAYS,
    MATCH_BASE_NEVER,
} MatchBase;

#define GATE_UNLIMITED G_MAXUINT64

typedef struct {
    char *rule; /* "ruff.E501", or what a severity can be given by */
    guint64 count;
} RuleLimit;

typedef struct {
    GateScope scope;
    guint64 allow[SEVERITY_ERROR + 1]; /* by Severity; [SEVERITY_OFF] is unused */
    guint64 allow_per_file;            /* counted findings of any severity in one file */
    bool merge_duplicates;             /* the same problem from two tools is one finding */
    GArray *allow_rules;               /* of RuleLimit; never NULL */
    guint max_complexity;              /* cyclomatic; 0: none */
    guint max_cognitive;               /* the same of cognitive complexity, in C and C++ alone */
    char *baseline;                    /* a file in the repository, or NULL */
    MatchBase match_base;              /* of use with SCOPE_CHANGED_LINES alone */
} GatePolicy;

/* What a suppression in a comment has to say. */
enum { SUPPRESS_REASON = 1, SUPPRESS_UNTIL = 2, SUPPRESS_OWNER = 4 };

typedef struct {
    bool comments;   /* `inline`: whether comments suppress at all */
    guint require;   /* of SUPPRESS_REASON, ... */
    Severity unused; /* of a suppression that suppresses nothing */
} SuppressPolicy;

typedef struct {
    char *name;
    GStrv files;   /* patterns, one run a matching file; NULL: one run in all */
    char *lang;    /* "python"; or NULL, and then */
    GStrv command; /* [python3, -I, "{file}"] */
    Needs needs;
    GStrv needs_paths; /* patterns, with NEEDS_PATHS */
    Limits limits;
    Network network;
    GStrv env;     /* "K=V", sorted; never NULL */
    char *venv;    /* a Python virtual environment, relative to the repository's root, or absolute; or NULL */
    char *root;    /* another root file system; likewise */
    bool sanitize; /* C and C++: with sanitizers */
    GStrv outputs; /* what comes back of the work directory; NULL: nothing */
} JobPolicy;

/* A language of the policy's own. */
typedef struct {
    char *name;  /* "lua" */
    GStrv files; /* patterns */
    GStrv run;   /* [lua, "{file}"] */
} LanguagePolicy;

typedef struct {
    char *format;
    char *file; /* relative to the repository's root, or absolute */
} ReportPolicy;

typedef struct {
    char *source; /* where it comes from, for people: ".sallyport.yaml", "main:.sallyport.yaml", "the built-in
                     default" */
    bool is_default;    /* there was no file */
    GStrv exclude;      /* patterns; never NULL */
    GPtrArray *linters; /* of LinterPolicy, in the file's order, `off` ones left out */
    GStrv packs;        /* never NULL */
    GStrv rule_files;   /* patterns of files in the repository; never NULL */
    GArray
        *rule_severity;   /* of SeverityEntry: rule ids, or a prefix of them that ends before a dot, or "*" */
    GPtrArray *overrides; /* of OverridePolicy, in the file's order */
    GatePolicy gate;
    SuppressPolicy suppress;
    GPtrArray *jobs;      /* of JobPolicy */
    GPtrArray *languages; /* of LanguagePolicy */
    Tier require;         /* less isolation than that is refused */
    GPtrArray *reports;   /* of ReportPolicy */
} Policy;

/* The words that a policy can name but this module cannot know. Each list is NULL-terminated. */
typedef struct {
    const char *const *linters;
    const char *const *packs;
    const char *const *languages; /* of `run[].lang`, beside the policy's own */
    const char *const *languages_with_venv;
    const char *const *languages_with_sanitizers;
    const char *const *formats;    /* of `reports` */
    const char *const *complexity; /* those of the linters that measure it; may be NULL */
    /* The default severities of a linter's codes, ending with a NULL prefix; may be NULL: there are none. */
    const SeverityEntry *(*severity)(const char *linter);
} PolicyWords;

/* NULL, with every error in `errors`, where the text is not a valid policy. `source` is kept for reports. */
Policy *policy_parse(const char *text, gsize len, const char *source, const PolicyWords *words,
                     YamlErrors *errors);
/* What holds without a file: all known linters, the default packs, errors reject. */
Policy *policy_default(const PolicyWords *words);
void policy_free(Policy *policy);

/* The resolved policy as YAML that policy_parse() reads back to the same; newly allocated. */
char *policy_show(const Policy *policy);

/* By name; by a file's path. NULL where there is none. */
const LanguagePolicy *policy_language_find(const Policy *policy, const char *name);
const LanguagePolicy *policy_language_of_file(const Policy *policy, const char *path);
/* `builtin` (may be NULL) and the policy's own. */
GStrv policy_language_names(const Policy *policy, const char *const *builtin);

/* Why no linter measures gate.max_complexity; NULL where one does. */
const char *policy_complexity_gap(const Policy *policy);

/* A job with all defaults: free it with the policy that it is added to. */
JobPolicy *policy_job_new(const char *name);
/* Reads one limit by its name in the policy; false, with the range that is allowed told, where it is wrong.
 */
bool policy_read_limit(const YamlNode *node, const char *name, Limits *limits, YamlErrors *errors);

/* The severity of a code by a map; false where no entry fits. A one-letter key fits a code whose letters are
 * just that (F fits F401, not FBT001); a longer one fits what begins with it; "*" fits all. For rule ids
 * ("python.eval") a key fits as a whole or up to a dot; a key may name the tool: "ruff.F401". */
bool severity_map_get(const GArray *map, const char *tool, const char *code, Severity *ret_severity);
/* The same, but only a key of two letters or more that fits counts: neither "*", nor the tool's name alone,
 * nor a whole family of codes such as E. */
bool severity_map_get_named(const GArray *map, const char *tool, const char *code, Severity *ret_severity);
/* Whether a single key fits a code. */
bool severity_key_fits(const char *key, const char *tool, const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Policy, policy_free)
