/* run_result.h: the result of one run as JSON, as `sallyport run --json` prints it. sallyport(1) has its
 * schema. */
#pragma once

#include "exec/command.h"

#include <glib.h>
#include <jansson.h>

/* One object and a newline; newly allocated. `result` NULL: the review rejected what was to be run. */
char *run_result_json(const CommandResult *result);
/* Its member `isolation`; null for NULL. */
json_t *run_result_isolation(const Isolation *isolation);
