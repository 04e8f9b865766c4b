/* prefilter_private.h: for prefilter.c and hits.c alone. */
#pragma once

#include "rules/candidate.h"
#include "rules/prefilter.h"

struct Prefilter {
    /* By rule; one more stands behind them, which all with `folds` depend on: see candidate.h. */
    Candidate *candidates;
    guint rules;
    struct hs_database *database; /* NULL: not loaded yet */
};
