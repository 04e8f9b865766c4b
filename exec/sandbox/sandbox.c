#include "exec/sandbox/sandbox.h"

#include "exec/folder.h"
#include "exec/sandbox/bases.h"
#include "exec/sandbox/error.h"
#include "exec/sandbox/filter.h"
#include "exec/sandbox/janitor.h"
#include "exec/sandbox/message.h"
#include "exec/sandbox/probe.h"
#include "exec/sandbox/spawn.h"
#include "exec/user.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    FilterOptions options;
    GBytes *bytes;
} Filter;

struct Sandbox {
    Isolation *isolation; /* NULL: not found out yet */
    int landlock_abi;
    CgroupRoot *groups;
    char *folder; /* where jobs have theirs without namespaces; NULL: not made yet */
    Janitor *janitor;
    Bases *bases;
    GPtrArray *filters; /* of Filter */
    FilterCalls deadly;
};

static void filter_free(Filter *filter) {
    g_bytes_unref(filter->bytes);
    g_free(filter);
}

Sandbox *sandbox_new(void) {
    Sandbox *sandbox = g_new0(Sandbox, 1);

    sandbox->bases = bases_new();
    sandbox->filters = g_ptr_array_new_with_free_func((GDestroyNotify)filter_free);
    sandbox->deadly = filter_deadly();
    return sandbox;
}

void sandbox_free(Sandbox *sandbox) {
    if (sandbox == NULL)
        return;
    bases_free(sandbox->bases);
    cgroup_root_free(sandbox->groups);
    if (sandbox->folder != NULL)
        folder_remove(AT_FDCWD, sandbox->folder);
    janitor_free(sandbox->janitor);
    g_free(sandbox->folder);
    g_ptr_array_unref(sandbox->filters);
    isolation_unref(sandbox->isolation);
    g_free(sandbox);
}

/* As far as it is known. */
static bool has_namespaces(const Sandbox *sandbox) {
    return sandbox->isolation == NULL || sandbox->isolation->tier >= TIER_NAMESPACES;
}

/* What the bases of this machine are, as far as it is known. */
static BaseKind kind_of(const Sandbox *sandbox) {
    return (BaseKind){
        .namespaces = has_namespaces(sandbox),
        .own_user = sandbox->groups == NULL,
        /* Abstract unix sockets are the network namespace's: only Landlock's scopes keep two jobs of one
           apart. */
        .own_network = sandbox->landlock_abi < PROBE_LANDLOCK_ALONE,
        .landlock_abi = sandbox->landlock_abi,
    };
}

static bool are_equal(const FilterOptions *a, const FilterOptions *b) {
    return a->profile == b->profile && a->network == b->network && a->shared_host == b->shared_host &&
           a->uncounted == b->uncounted && a->file_size == b->file_size;
}

static GBytes *find_filter(Sandbox *sandbox, const Command *command, FilterProfile profile) {
    const FilterOptions options = {
        .profile = profile,
        .network = command->network,
        .file_size = command->limits.file_size,
        .shared_host = !has_namespaces(sandbox),
        .uncounted = !has_namespaces(sandbox) || sandbox->groups == NULL,
    };
    Filter *filter;

    for (guint i = 0; i < sandbox->filters->len; i++) {
        filter = sandbox->filters->pdata[i];
        if (are_equal(&filter->options, &options))
            return filter->bytes;
    }
    filter = g_new0(Filter, 1);
    filter->options = options;
    filter->bytes = filter_build(&options);
    g_ptr_array_add(sandbox->filters, filter);
    return filter->bytes;
}

static Spawn spawn_like(const Sandbox *sandbox, SandboxBase *base, const Limits *limits, GBytes *filter) {
    return (Spawn){
        .base = base,
        .namespaces = has_namespaces(sandbox),
        .groups = has_namespaces(sandbox) ? sandbox->groups : NULL,
        .deadly = &sandbox->deadly,
        .limits = limits,
        .filter = filter,
    };
}

static Spawn spawn_of(Sandbox *sandbox, const Command *command, SandboxBase *base) {
    Spawn spawn = spawn_like(sandbox, base, &command->limits, find_filter(sandbox, command, command->filter));

    spawn.command = command;
    spawn.folder = sandbox->folder;
    spawn.build_filter = command->build != NULL ? find_filter(sandbox, command, FILTER_GENERAL) : NULL;
    return spawn;
}

/* What would stay behind of this process if it was killed has somebody who removes it. */
static bool start_janitor(Sandbox *sandbox, GError **error) {
    const char *const folders[] = {sandbox->folder, NULL};
    const char *const *groups = sandbox->groups != NULL ? cgroup_folders(sandbox->groups) : NULL;
    int image = sandbox->janitor == NULL ? bases_image(sandbox->bases, error) : -1;

    if (image >= 0)
        sandbox->janitor = janitor_start(image, folders, groups, error);
    return sandbox->janitor != NULL;
}

/* Started, and ready on return. */
static SandboxBase *get_ready(Sandbox *sandbox, const Command *command, GError **error) {
    const BaseKind kind = kind_of(sandbox);
    SandboxBase *base = bases_get(sandbox->bases, command, &kind, error);

    if (base != NULL && zygote_wait(base->zygote, error))
        return base;
    base_release(base);
    return NULL;
}

/* What can be done while a base is being built. What fails will again, and is told then. */
static void work_meanwhile(Sandbox *sandbox, const Command *command, SandboxBase *base) {
    const Spawn spawn = spawn_of(sandbox, command, base);

    if (sandbox->groups != NULL && start_janitor(sandbox, NULL))
        (void)spawn_prepare(&spawn, NULL);
}

/* The machine's tier is found out by starting the first command's base, while which this process looks for
 * control groups. Where the base cannot be built, the command's own mounts may be why: then the plainest base
 * tells whether it is the machine. NULL with `error` set in both cases. */
static SandboxBase *find_out(Sandbox *sandbox, const Command *command, GError **error) {
    g_autoptr(Command) plain = command_new();
    g_autoptr(GError) problem = NULL, no_namespaces = NULL, no_groups = NULL;
    SandboxBase *base;

    sandbox->landlock_abi = probe_landlock_abi();
    const BaseKind kind = kind_of(sandbox);
    base = bases_get(sandbox->bases, command, &kind, &problem);
    sandbox->groups = cgroup_open(&no_groups);
    if (base != NULL)
        work_meanwhile(sandbox, command, base);
    if (base != NULL && !zygote_wait(base->zygote, &problem))
        g_clear_pointer(&base, base_release);
    if (base == NULL) {
        g_clear_pointer(&sandbox->janitor, janitor_free);
        base_release(get_ready(sandbox, plain, &no_namespaces));
    }
    const ProbeFindings findings = {
        .landlock_abi = sandbox->landlock_abi,
        .namespaces = no_namespaces,
        .groups = sandbox->groups,
        .no_groups = no_groups,
    };
    sandbox->isolation = probe_isolation(&findings);
    if (!has_namespaces(sandbox)) /* then they are not used */
        g_clear_pointer(&sandbox->groups, cgroup_root_free);
    if (base == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return base;
}

const Isolation *sandbox_isolation(Sandbox *sandbox) {
    if (sandbox->isolation == NULL) {
        g_autoptr(Command) plain = command_new();

        base_release(find_out(sandbox, plain, NULL));
    }
    return sandbox->isolation;
}

/* Where there are no namespaces, the command can do without. */
static SandboxBase *find_base(Sandbox *sandbox, const Command *command, GError **error) {
    g_autoptr(GError) problem = NULL;
    SandboxBase *base;

    if (sandbox->isolation != NULL)
        return get_ready(sandbox, command, error);
    base = find_out(sandbox, command, &problem);
    if (base == NULL && sandbox->isolation->tier < TIER_NAMESPACES)
        return get_ready(sandbox, command, error);
    if (base == NULL)
        g_propagate_error(error, g_steal_pointer(&problem));
    return base;
}

/* What the tier cannot give is refused, not left out. */
static bool check_tier(const Sandbox *sandbox, const Command *command, GError **error) {
    const char *what = command->root != NULL                  ? "another root file system"
                       : command->network == NETWORK_LOOPBACK ? "a network of its own"
                                                              : NULL;
    const char *remedy;
    g_autofree char *shortfall =
        isolation_shortfall(sandbox->isolation, MAX(command->require, TIER_LANDLOCK), &remedy);

    if (shortfall != NULL)
        g_set_error(error, SANDBOX_ERROR, ENOTSUP, "`%s` is required, and %s", tier_name(command->require),
                    shortfall);
    else if (sandbox->isolation->tier == TIER_LANDLOCK && what != NULL)
        g_set_error(error, SANDBOX_ERROR, ENOTSUP, "%s needs namespaces, which this machine does not give",
                    what);
    else
        return true;
    return false;
}

/* Where jobs have their folders without namespaces. Its janitor is there before it. */
static bool make_folder(Sandbox *sandbox, GError **error) {
    /* Children that are another user must come through. */
    const mode_t mode = user_of_children().uid == geteuid() ? 0700 : 0711;

    sandbox->folder = janitor_new_path();
    if (start_janitor(sandbox, error)) {
        if (mkdir(sandbox->folder, mode) == 0)
            return true;
        (void)sandbox_set_error(error, "make a work directory");
    }
    g_clear_pointer(&sandbox->janitor, janitor_free);
    g_clear_pointer(&sandbox->folder, g_free);
    return false;
}

static bool make_places(Sandbox *sandbox, GError **error) {
    if (!has_namespaces(sandbox))
        return sandbox->folder != NULL || make_folder(sandbox, error);
    return sandbox->groups == NULL || start_janitor(sandbox, error);
}

bool sandbox_spawn(Sandbox *sandbox, const Command *command, SandboxChild *ret_child, GError **error) {
    g_autoptr(GError) problem = NULL;
    g_autoptr(SandboxBase) base = find_base(sandbox, command, &problem);
    Spawn spawn;

    if (!check_tier(sandbox, command, error))
        return false;
    if (base == NULL) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    if (!make_places(sandbox, error))
        return false;
    spawn = spawn_of(sandbox, command, base);
    base_remember(base, &command->limits, spawn.filter);
    base = NULL; /* the child's */
    return spawn_job(&spawn, ret_child, error);
}

/* A base that is used again will be used more often. What fails here will again when it is needed, and is
 * told then. */
void sandbox_rest(Sandbox *sandbox) {
    const GPtrArray *bases = bases_shared(sandbox->bases);

    for (guint i = 0; i < bases->len; i++) {
        SandboxBase *base = bases->pdata[i];
        const Spawn spawn = spawn_like(sandbox, base, &base->limits, base->filter);

        if (base->uses > 1 && base->next == NULL && base->filter != NULL)
            (void)spawn_prepare(&spawn, NULL);
    }
    if (sandbox->groups != NULL)
        cgroup_rest(sandbox->groups);
}
