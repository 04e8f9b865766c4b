/* error.h: what could not be built. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* The code of such an error is the errno of the step that its message names. */
#define SANDBOX_ERROR (sandbox_error_quark())
GQuark sandbox_error_quark(void);

/* "STEP: strerror(errno)", with errno as the code. Always false. */
bool sandbox_set_error(GError **error, const char *step);
