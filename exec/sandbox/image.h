/* image.h: sallyport-init, as it is carried in this program. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

/* A descriptor of the program for execveat(2): sealed memory, so that nobody changes it. The caller's. -1
 * with `error` set (SANDBOX_ERROR). */
int image_open(GError **error);
/* Starts it as a child of this process, with an empty environment, in a session of its own; it has the socket
 * as descriptor 3, and none else. `namespaces`: in a new user and a new pid namespace, with all capabilities
 * in there. -1 with errno. */
pid_t image_start(int image, char **argv, int socket, bool namespaces);
/* The same without namespaces, and not as a child: it ends by itself. false with errno. */
bool image_start_detached(int image, char **argv, int socket);
