/* bases.h: running zygotes. The first command that sees certain parts of the host gets one for itself, that
 * ends with it, since most often there is no other; from the second on they share one. */
#pragma once

#include "exec/command.h"
#include "exec/sandbox/cgroup.h"
#include "exec/sandbox/zygote.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Bases Bases;

/* The descriptors of a job: pipes for what it writes, the socket for its reports. Of each the other side's
 * end is the second. -1 where there is none. */
typedef struct {
    int out[2], err[2], report[2];
} BasePipes;

/* A place that has been asked for. */
typedef struct {
    Limits limits;
    GBytes *filter;
    Cgroup *group; /* NULL: none */
    BasePipes pipes;
} BasePlace;

typedef struct SandboxBase {
    GBytes *key; /* what tells two of them apart */
    Zygote *zygote;
    bool once;       /* for one command */
    BasePlace *next; /* of the next command; NULL: there is none yet */
    Limits limits;   /* of the last command, and its filter: the next may be like it */
    GBytes *filter;  /* NULL: there was none yet */
    guint running;   /* commands: it is not dropped while there are any */
    guint64 uses, last_use;
} SandboxBase;

Bases *bases_new(void);
/* Ends all of them, and what runs in them. */
void bases_free(Bases *bases);

/* sallyport-init, opened once: see image_open(). It stays the bases'. */
int bases_image(Bases *bases, GError **error);

/* What holds for all bases of this machine. */
typedef struct {
    bool namespaces;
    bool own_user;    /* see BASE_OWN_USER */
    bool own_network; /* see BASE_OWN_NETWORK */
    int landlock_abi; /* 0: none */
} BaseKind;

/* The one for `command`, started if need be: zygote_wait() before it is known to be of use. Without
 * namespaces there is one for all commands. It is the caller's until base_release(), `bases` must live as
 * long. */
SandboxBase *bases_get(Bases *bases, const Command *command, const BaseKind *kind, GError **error);
/* All that are shared. */
const GPtrArray *bases_shared(const Bases *bases);
/* For whom the base is used now. */
void base_remember(SandboxBase *base, const Limits *limits, GBytes *filter);
BasePlace *base_place_new(const Limits *limits, GBytes *filter);
void base_place_free(BasePlace *place);
/* The command has ended. May be NULL. */
void base_release(SandboxBase *base);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Bases, bases_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SandboxBase, base_release)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BasePlace, base_place_free)
