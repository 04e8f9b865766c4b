/* isolation.h: what a sandbox is made of on this machine, as words: which tier, and each mechanism as applied
 * or missing. Plain data; every run result carries it. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum { TIER_NONE, TIER_LANDLOCK, TIER_NAMESPACES, TIER_FULL } Tier;

/* "none", "landlock", "namespaces", "full" */
const char *tier_name(Tier tier);

/* In the order in which a sandbox is made. */
typedef enum {
    MECHANISM_USER_NAMESPACE,
    MECHANISM_MOUNT_NAMESPACE,
    MECHANISM_PID_NAMESPACE,
    MECHANISM_NETWORK_NAMESPACE,
    MECHANISM_IPC_NAMESPACE,
    MECHANISM_UTS_NAMESPACE,
    MECHANISM_CGROUP_NAMESPACE,
    MECHANISM_ROOT,
    MECHANISM_LANDLOCK,
    MECHANISM_SECCOMP,
    MECHANISM_NO_NEW_PRIVS,
    MECHANISM_CAPABILITIES,
    MECHANISM_RLIMITS,
    MECHANISM_CGROUP,
    MECHANISMS /* their number */
} Mechanism;

/* "user_namespace", ... */
const char *mechanism_name(Mechanism mechanism);

typedef struct {
    bool applied;
    int error; /* where not: errno of what was tried; 0: it was not tried in this tier */
    char *
        detail; /* "version 2", "ABI 7", or what was tried: "mount /proc: Operation not permitted"; or NULL */
    char *remedy; /* how to get it; or NULL */
} MechanismState;

typedef struct {
    Tier tier;
    int landlock_abi;   /* 0: none */
    int cgroup_version; /* 0: none */
    MechanismState mechanisms[MECHANISMS];
    MechanismState landlock_alone; /* of Landlock, where it is all that confines a program */
} Isolation;

/* What keeps this machine from that tier: of the mechanisms it consists of, the first that was tried and
 * failed, or else is missing, with its state in `*ret_state`. MECHANISMS: nothing does. */
Mechanism isolation_obstacle(const Isolation *isolation, Tier tier, const MechanismState **ret_state);

/* The same as a sentence: "this machine gives `namespaces`: cgroup: ...", newly allocated, and how to mend it
 * in `*ret_remedy` (the isolation's, or NULL). NULL where the tier is to be had. */
char *isolation_shortfall(const Isolation *isolation, Tier tier, const char **ret_remedy);

Isolation *isolation_new(void);
Isolation *isolation_ref(const Isolation *isolation);
void isolation_unref(Isolation *isolation);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Isolation, isolation_unref)
