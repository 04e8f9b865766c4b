#include "exec/sandbox/probe.h"

#include "exec/sandbox/remedy.h"

#include <errno.h>
#include <linux/landlock.h>
#include <sys/syscall.h>
#include <unistd.h>

int probe_landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

    return abi > 0 ? (int)abi : 0;
}

static void set_missing(MechanismState *state, int error, const char *detail, const char *remedy) {
    state->error = error;
    state->detail = g_strdup(detail);
    state->remedy = g_strdup(remedy);
}

static void set_landlock(Isolation *isolation, int abi, MechanismState *state) {
    isolation->landlock_abi = abi;
    state->applied = isolation->landlock_abi > 0;
    if (state->applied)
        state->detail = g_strdup_printf("ABI %d", isolation->landlock_abi);
    else
        set_missing(state, ENOSYS, "landlock_create_ruleset: not in this kernel, or turned off",
                    "boot with lsm=landlock,... (Linux 5.13 or newer, CONFIG_SECURITY_LANDLOCK)");
}

/* An old Landlock is something on top of namespaces, and not enough without them. Then, too, what is limited
 * by watching is looked for in proc. */
static void set_landlock_alone(const Isolation *isolation, const RemedyFacts *facts, MechanismState *state) {
    const MechanismState *on_top = &isolation->mechanisms[MECHANISM_LANDLOCK];

    if (!on_top->applied) {
        set_missing(state, on_top->error, on_top->detail, on_top->remedy);
    } else if (isolation->landlock_abi < PROBE_LANDLOCK_ALONE) {
        g_autofree char *detail = g_strdup_printf("ABI %d; without namespaces %d is needed",
                                                  isolation->landlock_abi, PROBE_LANDLOCK_ALONE);

        set_missing(state, ENOTSUP, detail, "Linux 6.12 or newer");
    } else if (facts->foreign_proc) {
        set_missing(state, ESRCH, "/proc is not of this pid namespace, and so limits could not be watched",
                    remedy_for("write uid_map", EACCES, facts));
    } else {
        state->applied = true;
        state->detail = g_strdup(on_top->detail);
    }
}

static void copy_state(const MechanismState *from, MechanismState *to) {
    g_free(to->detail);
    g_free(to->remedy);
    *to = (MechanismState){
        .applied = from->applied,
        .error = from->error,
        .detail = g_strdup(from->detail),
        .remedy = g_strdup(from->remedy),
    };
}

static void set_group(Isolation *isolation, const ProbeFindings *findings, const RemedyFacts *facts,
                      MechanismState *state) {
    const GError *error = findings->no_groups;

    state->applied = findings->groups != NULL && findings->namespaces == NULL;
    if (state->applied) {
        isolation->cgroup_version = cgroup_version(findings->groups);
        state->detail = g_strdup_printf("version %d", isolation->cgroup_version);
    } else if (error != NULL) {
        set_missing(state, error->code, error->message,
                    remedy_for_groups(error->message, error->code, facts));
    }
}

/* Which of those that are made together a step belongs to; see init/base.c and init/place.c. */
static Mechanism mechanism_of(const char *step) {
    static const struct {
        const char *prefix;
        Mechanism mechanism;
    } steps[] = {
        {"create namespaces: network", MECHANISM_NETWORK_NAMESPACE},
        {"create a cgroup namespace", MECHANISM_CGROUP_NAMESPACE},
        {"mount /proc", MECHANISM_PID_NAMESPACE},
        {"sethostname", MECHANISM_UTS_NAMESPACE},
        {"mount", MECHANISM_ROOT},
        {"pivot_root", MECHANISM_ROOT},
        {"unmount", MECHANISM_ROOT},
        {"make", MECHANISM_ROOT},
        {"open", MECHANISM_ROOT},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++)
        if (g_str_has_prefix(step, steps[i].prefix))
            return steps[i].mechanism;
    return MECHANISM_USER_NAMESPACE;
}

/* One has failed, and all that are made together with it are missing. */
static void set_no_namespaces(Isolation *isolation, const GError *error, const RemedyFacts *facts) {
    Mechanism culprit = mechanism_of(error->message);

    for (int i = 0; i <= MECHANISM_ROOT; i++)
        isolation->mechanisms[i].applied = false;
    set_missing(&isolation->mechanisms[culprit], error->code, error->message,
                remedy_for(error->message, error->code, facts));
}

static Tier tier_of(const Isolation *isolation, bool namespaces) {
    if (!namespaces)
        return isolation->landlock_alone.applied ? TIER_LANDLOCK : TIER_NONE;
    return isolation->cgroup_version > 0 && isolation->landlock_abi > 0 ? TIER_FULL : TIER_NAMESPACES;
}

/* Landlock, the filter and the rest are applied to every program, or it does not start. */
Isolation *probe_isolation(const ProbeFindings *findings) {
    Isolation *isolation = isolation_new();
    MechanismState *landlock = &isolation->mechanisms[MECHANISM_LANDLOCK];
    bool namespaces = findings->namespaces == NULL;
    RemedyFacts facts;

    remedy_facts(&facts);
    for (int i = 0; i < MECHANISMS; i++)
        isolation->mechanisms[i].applied = i != MECHANISM_LANDLOCK;
    if (!namespaces)
        set_no_namespaces(isolation, findings->namespaces, &facts);
    set_landlock(isolation, findings->landlock_abi, landlock);
    set_landlock_alone(isolation, &facts, &isolation->landlock_alone);
    if (!namespaces)
        copy_state(&isolation->landlock_alone, landlock);
    set_group(isolation, findings, &facts, &isolation->mechanisms[MECHANISM_CGROUP]);
    isolation->tier = tier_of(isolation, namespaces);
    return isolation;
}
