/* message.h: the messages of wire.h, from commands. */
#pragma once

#include "exec/command.h"
#include "exec/sandbox/filter.h"
#include "exec/sandbox/root.h"
#include "exec/sandbox/wire.h"
#include "exec/user.h"

#include <glib.h>
#include <stdbool.h>

/* What a job's message is made of, beside its command. */
typedef struct {
    guint64 flags;          /* WireJobFlags */
    const char *folder;     /* of the host, for work/ and tmp/, where there are no namespaces; else NULL */
    bool has_tree;          /* the tree is in the work directory already */
    const GPtrArray *steps; /* of RootStep: what Landlock must let through */
    GBytes *build_filter;
} JobMessage;

GByteArray *message_base(guint64 flags, const User *user, int landlock_abi, const GPtrArray *steps);
/* `flags` of WirePlaceFlags; `deadly`: see filter_deadly(). */
GByteArray *message_place(guint64 flags, const Limits *limits, GBytes *filter, const FilterCalls *deadly);
GByteArray *message_job(const Command *command, const JobMessage *message);

/* Sends a header, the payload and the descriptors. false with errno set. */
bool message_send(int socket, guint32 kind, const GByteArray *payload, const int *fds, guint count);
/* One answer of `size` bytes, with the descriptor that may come with it (else -1). */
bool message_receive(int socket, void *ret_answer, gsize size, int *ret_fd);

/* `text`, which names paths as the sandbox has them, for a place without mount namespaces: "/snapshot/a:/tmp"
 * becomes "FOLDER/snapshot/a:FOLDER/tmp", and each mount's target its source. Newly allocated. */
char *message_translate(const Command *command, const char *folder, const char *text);
