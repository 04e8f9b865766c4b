/* overrides.h: a step of triage: the policy's `overrides`, severities for files by their path. */
#pragma once

#include "review/triage.h"

#include <glib.h>
#include <stdbool.h>

/* Grades every finding. */
bool overrides_apply(Triage *triage, GError **error);
/* The last override whose files and whose severities fit a finding gives it its severity. Of a file that
 * cannot be parsed only a key speaks that names that, as everywhere: see severity_map_get_named(). */
void overrides_grade(const Triage *triage, Finding *finding);
