#include "exec/sandbox/probe.h"

#include "exec/sandbox/sandbox.h"

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

/* An old Landlock is something on top of namespaces, and not enough without them. */
static void set_landlock_alone(const Isolation *isolation, MechanismState *state) {
    if (!state->applied || isolation->landlock_abi >= PROBE_LANDLOCK_ALONE)
        return;
    state->applied = false;
    g_free(state->detail);
    state->detail = g_strdup_printf("ABI %d; without namespaces %d is needed", isolation->landlock_abi,
                                    PROBE_LANDLOCK_ALONE);
    state->error = ENOTSUP;
    state->remedy = g_strdup("Linux 6.12 or newer");
}

static void set_group(Isolation *isolation, const ProbeFindings *findings, MechanismState *state) {
    state->applied = findings->groups != NULL && findings->namespaces == NULL;
    if (state->applied) {
        isolation->cgroup_version = cgroup_version(findings->groups);
        state->detail = g_strdup_printf("version %d", isolation->cgroup_version);
    } else if (findings->no_groups != NULL) {
        set_missing(state, findings->no_groups->code, findings->no_groups->message,
                    geteuid() == 0
                        ? "mount the cgroup file system so that it can be written to"
                        : "delegate one: systemd-run --user --scope -p Delegate=yes sallyport ...");
    }
}

static Tier tier_of(const Isolation *isolation, bool namespaces) {
    if (!namespaces)
        return isolation->landlock_abi >= PROBE_LANDLOCK_ALONE ? TIER_LANDLOCK : TIER_NONE;
    return isolation->cgroup_version > 0 && isolation->landlock_abi > 0 ? TIER_FULL : TIER_NAMESPACES;
}

/* Landlock, the filter and the rest are applied to every program, or it does not start. */
Isolation *probe_isolation(const ProbeFindings *findings) {
    Isolation *isolation = isolation_new();
    bool namespaces = findings->namespaces == NULL;

    for (int i = 0; i < MECHANISMS; i++)
        isolation->mechanisms[i].applied = i > MECHANISM_ROOT || namespaces;
    for (int i = 0; i <= MECHANISM_ROOT && !namespaces; i++)
        set_missing(&isolation->mechanisms[i], findings->namespaces->code, findings->namespaces->message,
                    sandbox_remedy(findings->namespaces->message, findings->namespaces->code));
    isolation->mechanisms[MECHANISM_LANDLOCK].applied = false;
    set_landlock(isolation, findings->landlock_abi, &isolation->mechanisms[MECHANISM_LANDLOCK]);
    if (!namespaces)
        set_landlock_alone(isolation, &isolation->mechanisms[MECHANISM_LANDLOCK]);
    set_group(isolation, findings, &isolation->mechanisms[MECHANISM_CGROUP]);
    isolation->tier = tier_of(isolation, namespaces);
    return isolation;
}
