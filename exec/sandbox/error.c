#include "exec/sandbox/error.h"

#include <errno.h>

G_DEFINE_QUARK(sallyport-sandbox-error, sandbox_error)

bool sandbox_set_error(GError **error, const char *step) {
    int saved = errno;

    g_set_error(error, SANDBOX_ERROR, saved, "%s: %s", step, g_strerror(saved));
    return false;
}
