/* cwe.h: the names of the weaknesses that rules speak of, as MITRE's list has them (cwe.mitre.org, 4.16). */
#pragma once

#include <glib.h>

/* "Improper Check ..." of a number; NULL where it is not known. Static text. */
const char *cwe_name(guint number);
