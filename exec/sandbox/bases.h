/* bases.h: running zygotes, one for all commands that see the same of the host. */
#pragma once

#include "exec/command.h"
#include "exec/sandbox/zygote.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Bases Bases;

typedef struct SandboxBase {
    GBytes *key; /* what tells two of them apart */
    Zygote *zygote;
    guint running; /* commands: it is not dropped while there are any */
    guint64 uses, last_use;
} SandboxBase;

Bases *bases_new(void);
/* Ends all of them, and what runs in them. */
void bases_free(Bases *bases);

/* What holds for all bases of this machine. */
typedef struct {
    bool namespaces;
    bool own_user;    /* see BASE_OWN_USER */
    bool own_network; /* see BASE_OWN_NETWORK */
    int landlock_abi; /* 0: none */
} BaseKind;

/* The one for `command`, started if need be. It is `bases`'s. Without namespaces there is one for all
 * commands. */
SandboxBase *bases_get(Bases *bases, const Command *command, const BaseKind *kind, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bases, bases_free)
