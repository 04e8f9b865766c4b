/* sarif.h: what the files of the SARIF report share; nobody else includes it. Section numbers are of
 * SARIF 2.1.0.
 *
 *   sarif.c         the log, its runs, their invocations and artifacts
 *   sarif_rule.c    a tool and its rules
 *   sarif_result.c  its findings: places, fixes, suppressions
 *   sarif_part.c    what they all are made of
 *
 * Every tree is the caller's.
 */
#pragma once

#include "ci/report/tree.h"
#include "ci/report/view.h"

#define SARIF_ROOT_ID "%SRCROOT%"

/* sarif_part.c: a message (3.11) or a multiformatMessageString (3.12). */
json_t *sarif_message(const char *text);
/* 3.4: a path of the repository. */
json_t *sarif_artifact_location(const char *path);
const char *sarif_level(Severity severity);
json_t *sarif_strings(const GPtrArray *strings);

/* sarif_rule.c: the ids of all rules of a tool, sorted: those that the check knows, and those of its
 * findings. They are the tool's. */
GPtrArray *sarif_rule_ids(const ToolView *tool);
/* 3.19, with the rules of those ids. */
json_t *sarif_driver(const ToolView *tool, const GPtrArray *ids);

/* sarif_result.c: what the results of a run have in common. */
typedef struct {
    bool suppressions; /* 3.27.23: all results have the list, or none */
    bool states;       /* likewise `baselineState`, 3.27.24 */
    bool brief;        /* of a baseline */
} ResultForm;

/* The results of a tool; `ids` are those of its rules, for their index. */
json_t *sarif_results(const ToolView *tool, const GPtrArray *ids, ResultForm form);
