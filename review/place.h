/* place.h: steps of triage: what a finding's line says, and the line's fingerprint.
 *
 * The text of each file is read once, and of a secret no report shows more than the beginning. */
#pragma once

#include "review/triage.h"

#include <glib.h>
#include <stdbool.h>

/* Fills in line_text, line_hash and fingerprint. The findings are sorted. false with `error` set where the
 * text of a file with findings cannot be had any more. */
bool place_findings(Triage *triage, GError **error);

/* A report is read by more people than the file: of a secret it shows the first characters only, whatever
 * tool has something to say of that line. */
bool place_mask_secrets(Triage *triage, GError **error);
