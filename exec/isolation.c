#include "exec/isolation.h"

const char *tier_name(Tier tier) {
    static const char *const names[] = {
        [TIER_NONE] = "none",
        [TIER_LANDLOCK] = "landlock",
        [TIER_NAMESPACES] = "namespaces",
        [TIER_FULL] = "full",
    };

    return names[tier];
}

const char *mechanism_name(Mechanism mechanism) {
    static const char *const names[MECHANISMS] = {
        [MECHANISM_USER_NAMESPACE] = "user_namespace",
        [MECHANISM_MOUNT_NAMESPACE] = "mount_namespace",
        [MECHANISM_PID_NAMESPACE] = "pid_namespace",
        [MECHANISM_NETWORK_NAMESPACE] = "network_namespace",
        [MECHANISM_IPC_NAMESPACE] = "ipc_namespace",
        [MECHANISM_UTS_NAMESPACE] = "uts_namespace",
        [MECHANISM_CGROUP_NAMESPACE] = "cgroup_namespace",
        [MECHANISM_ROOT] = "root",
        [MECHANISM_LANDLOCK] = "landlock",
        [MECHANISM_SECCOMP] = "seccomp",
        [MECHANISM_NO_NEW_PRIVS] = "no_new_privs",
        [MECHANISM_CAPABILITIES] = "capabilities",
        [MECHANISM_RLIMITS] = "rlimits",
        [MECHANISM_CGROUP] = "cgroup",
    };

    return names[mechanism];
}

/* Landlock confines what has no root of its own, and is one more wall where there is one. */
static bool consists_of(Tier tier, Mechanism mechanism) {
    switch (mechanism) {
    case MECHANISM_CGROUP:
        return tier == TIER_FULL;
    case MECHANISM_LANDLOCK:
        return tier == TIER_FULL || tier == TIER_LANDLOCK;
    default:
        return tier > TIER_NONE && (mechanism > MECHANISM_ROOT || tier >= TIER_NAMESPACES);
    }
}

static const MechanismState *state_of(const Isolation *isolation, Tier tier, Mechanism mechanism) {
    return tier == TIER_LANDLOCK && mechanism == MECHANISM_LANDLOCK ? &isolation->landlock_alone
                                                                    : &isolation->mechanisms[mechanism];
}

Mechanism isolation_obstacle(const Isolation *isolation, Tier tier, const MechanismState **ret_state) {
    Mechanism obstacle = MECHANISMS;

    for (int i = 0; i < MECHANISMS; i++) {
        const MechanismState *state = state_of(isolation, tier, (Mechanism)i);

        if (!consists_of(tier, (Mechanism)i) || state->applied)
            continue;
        if (obstacle == MECHANISMS || ((*ret_state)->error == 0 && state->error != 0)) {
            obstacle = (Mechanism)i;
            *ret_state = state;
        }
    }
    return obstacle;
}

char *isolation_shortfall(const Isolation *isolation, Tier tier, const char **ret_remedy) {
    const MechanismState *state = NULL;
    Mechanism obstacle;

    if (isolation->tier >= tier)
        return NULL;
    obstacle = isolation_obstacle(isolation, tier, &state);
    *ret_remedy = state != NULL ? state->remedy : NULL;
    return g_strdup_printf("this machine gives `%s`: %s: %s", tier_name(isolation->tier),
                           obstacle < MECHANISMS ? mechanism_name(obstacle) : "sandbox",
                           state != NULL && state->detail != NULL ? state->detail : "missing");
}

Isolation *isolation_new(void) {
    return g_atomic_rc_box_new0(Isolation);
}

Isolation *isolation_ref(const Isolation *isolation) {
    return g_atomic_rc_box_acquire((Isolation *)isolation);
}

static void clear(gpointer data) {
    Isolation *isolation = data;

    for (int i = 0; i < MECHANISMS; i++) {
        g_free(isolation->mechanisms[i].detail);
        g_free(isolation->mechanisms[i].remedy);
    }
    g_free(isolation->landlock_alone.detail);
    g_free(isolation->landlock_alone.remedy);
}

void isolation_unref(Isolation *isolation) {
    if (isolation != NULL)
        g_atomic_rc_box_release_full(isolation, clear);
}
