/* finding.h: what a check says about a place in a file, and of the rule by which it says so.
 *
 * Plain data. A check makes findings with finding_new(), which is the one place where text from outside is
 * cleaned; triage fills in what only the whole change can tell (new_code, fingerprint, line_text); reports
 * read. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum {
    SEVERITY_OFF, /* not wanted: triage drops the finding */
    SEVERITY_NOTE,
    SEVERITY_WARNING,
    SEVERITY_ERROR,
} Severity;

/* "off", "note", "warning", "error". */
const char *severity_name(Severity severity);
/* false where the word is none of these. */
bool severity_parse(const char *word, Severity *ret_severity);

/* Lines and columns count from 1; a column counts Unicode code points; the end column is the one after the
 * last character. start_line 0: the finding is of the file as a whole. start_column 0: of whole lines. */
typedef struct {
    guint start_line, start_column, end_line, end_column;
} Region;

typedef struct {
    Region region; /* what is replaced; empty for an insertion */
    char *text;    /* what stands there afterwards */
} Edit;

typedef enum { FIX_SAFE, FIX_UNSAFE, FIX_DISPLAY_ONLY } FixKind;

typedef struct {
    char *description; /* one line */
    FixKind kind;
    GPtrArray *edits; /* of Edit; sorted, not overlapping; within the finding's file */
} Fix;

/* What is known of a rule, for reports. id is as in a finding. Everything but id may be NULL or 0. */
typedef struct {
    char *id;                 /* "ruff.F401" */
    char *name;               /* "unused-import" */
    char *summary;            /* one sentence: what the rule is about */
    char *help;               /* a few sentences: why, and the better way */
    char *help_markdown;      /* the same in Markdown, where a tool has that */
    char *help_uri;           /* where to read more */
    char *precision;          /* "high", "medium", "low" */
    double security_severity; /* 0: not a security rule */
    Severity severity;        /* the default */
    GArray *cwe;              /* of guint; NULL where there is none */
} RuleInfo;

/* A comment in the source that says that a finding is all right, or its tool's own word. */
typedef struct {
    guint line;          /* on which the comment stands; 0: the tool says so */
    char *justification; /* "known input; until 2027-01-31; owner ada"; NULL where it gives no reason */
} Suppression;

/* What a step of triage did to a finding. */
typedef struct {
    const char *step; /* static */
    char *text;       /* one line */
} FindingNote;

/* What comparing with the version before the change says (review/match.h). */
typedef enum {
    AGE_UNKNOWN, /* nothing: its lines tell */
    AGE_NEW,     /* that version did not have it */
    AGE_OLD,     /* it was there already, here or where it was moved from */
    AGE_SILENT,  /* likewise, and was suppressed there */
} FindingAge;

typedef struct {
    char *tool; /* "ruff"; "sallyport" for built-in rules, "clang" for those of C and C++ */
    char *code; /* "F401"; for built-in rules the id, "python.eval" */
    char *rule; /* the full id: "ruff.F401", "python.eval" */
    Severity severity;
    char *message; /* one line, clean */
    char *path;    /* bytes, relative to the repository's root */
    Region region;
    GPtrArray *fixes; /* of Fix; never NULL */

    FindingAge age; /* filled in by review/base.h */
    bool of_change; /* it says what the change does, not what is there: it counts though no line may be new,
                       and no comment hides it, which the change could bring along */

    /* filled in by triage and the gate */
    bool new_code;            /* lies within the gate's scope */
    bool unchanged;           /* the baseline has it */
    Suppression *suppression; /* NULL: it is not suppressed; a tool may say itself that it is */
    char *line_text;          /* the line that `region` starts on, clean; NULL for a whole-file finding */
    char *fingerprint;        /* "0123456789abcdef:1" */
    char *line_hash;          /* of that line alone, blanks left out; of a whole-file finding "file" */
    bool over_limit;          /* of its rule there are more than the gate allows */
    GPtrArray *notes;         /* of FindingNote, in order; NULL unless the review is explained */
    GPtrArray *also; /* of char *, sorted: the rules by which other tools say the same; NULL: none does */
} Finding;

/* A finding with its own copies of all text. `code` is "F401"; the id is built as TOOL.CODE, or is `code`
 * itself for finding_tool_is_own(). Free with finding_free(). */
Finding *finding_new(const char *tool, const char *code, Severity severity, const char *path, Region region,
                     const char *message);
void finding_free(Finding *finding);

/* Whether the tool is a part of this program: its codes are the ids of rules. */
bool finding_tool_is_own(const char *tool);

/* All rules by which it was found: "ruff.F401, flake8.F401". Newly allocated. */
char *finding_rules(const Finding *finding);

/* Whether it counts at the gate: it is new, and neither suppressed nor in the baseline. */
bool finding_counts(const Finding *finding);

/* Whether a suppression that names this rule means it: the id in full, or the code alone. */
bool finding_is_called(const Finding *finding, const char *rule);

/* Whether no comment is to hide it: it is of the change, or says that nobody could look into the file. */
bool finding_is_out_of_reach(const Finding *finding);

/* Takes the text. */
void finding_suppress(Finding *finding, guint line, char *justification);
void finding_add_note(Finding *finding, const char *step, char *text);

/* Whether it says that the tool could not parse the file (invalid-syntax, E999, E901, E902), and so saw
 * nothing else in it. */
bool finding_is_syntax_error(const Finding *finding);

/* Order of reports: path, region, rule, message. For g_ptr_array_sort(). */
int finding_compare(gconstpointer a, gconstpointer b);

Fix *fix_new(const char *description, FixKind kind);
void fix_add(Fix *fix, Region region, const char *text);
void fix_free(Fix *fix);

RuleInfo *rule_info_new(const char *id);
void rule_info_free(RuleInfo *info);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Finding, finding_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fix, fix_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(RuleInfo, rule_info_free)
