#include "exec/sandbox/remedy.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Whether a file of one value begins with `value`. */
static bool holds(const char *path, const char *value) {
    g_autofree char *text = NULL;

    return g_file_get_contents(path, &text, NULL, NULL) && g_str_has_prefix(text, value);
}

static bool is_filtered(void) {
    g_autofree char *text = NULL;

    return g_file_get_contents("/proc/self/status", &text, NULL, NULL) &&
           strstr(text, "\nSeccomp:\t2") != NULL;
}

/* "docker-default (enforce)"; "unconfined"; nothing where there is no AppArmor. */
static bool is_confined(void) {
    g_autofree char *text = NULL;

    return g_file_get_contents("/proc/self/attr/current", &text, NULL, NULL) &&
           strstr(text, "(enforce)") != NULL;
}

static bool is_proc_foreign(void) {
    g_autofree char *own = g_strdup_printf("%d", (int)getpid());
    g_autofree char *self = g_file_read_link("/proc/self", NULL);

    return g_strcmp0(own, self) != 0;
}

void remedy_facts(RemedyFacts *ret_facts) {
    *ret_facts = (RemedyFacts){
        .root = geteuid() == 0,
        .systemd = g_file_test("/run/systemd/system", G_FILE_TEST_IS_DIR),
        .foreign_proc = is_proc_foreign(),
        .filtered = is_filtered(),
        .apparmor_restricts = holds("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1"),
        .apparmor_confines = is_confined(),
        .userns_clone_is_off = holds("/proc/sys/kernel/unprivileged_userns_clone", "0"),
    };
}

/* From what is certain to what is likely. */
static const char *for_namespaces(const RemedyFacts *facts) {
    if (facts->foreign_proc)
        return "have /proc be that of this pid namespace: mount -t proc proc /proc (bwrap --proc /proc)";
    if (facts->userns_clone_is_off && !facts->root)
        return "allow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1";
    if (facts->apparmor_restricts && !facts->root)
        return "allow sallyport user namespaces: sallyport doctor --apparmor-profile | sudo tee "
               "/etc/apparmor.d/sallyport && sudo apparmor_parser -r /etc/apparmor.d/sallyport";
    if (facts->apparmor_confines && facts->filtered)
        return "start the container with --security-opt seccomp=unconfined --security-opt "
               "apparmor=unconfined --security-opt systempaths=unconfined (podman: unmask=ALL for the last)";
    if (facts->filtered)
        return "start the container with --security-opt seccomp=unconfined --security-opt "
               "systempaths=unconfined (podman: unmask=ALL for the last)";
    if (facts->apparmor_confines)
        return "have the AppArmor profile that is in force allow user namespaces and mounts (in a container: "
               "--security-opt apparmor=unconfined)";
    return "allow user namespaces: in a chroot none can be made; on SELinux, allow user_namespace:create";
}

const char *remedy_for(const char *step, int error, const RemedyFacts *facts) {
    bool maps = g_str_has_prefix(step, "write uid_map") || g_str_has_prefix(step, "write gid_map") ||
                g_str_has_prefix(step, "write setgroups");
    bool mounts = strstr(step, "mount") != NULL || strstr(step, "pivot_root") != NULL;

    /* Where parts of a proc are covered, the kernel gives no other: mount_namespaces(7), "locked". */
    if (g_str_has_prefix(step, "mount /proc") && error == EPERM)
        return "parts of /proc are covered here: start the container with --security-opt "
               "systempaths=unconfined (podman: --security-opt unmask=ALL)";
    if ((strstr(step, "namespace") != NULL || maps) && (error == ENOSPC || error == EUSERS))
        return "raise the limit: sysctl -w user.max_user_namespaces=16384 (and max_net_namespaces, "
               "max_mnt_namespaces, max_pid_namespaces, where they are lower)";
    if (facts->foreign_proc && maps)
        return for_namespaces(facts);
    if (maps && error == EPERM && facts->root) /* user_namespaces(7): since Linux 5.12 */
        return "a root without CAP_SETFCAP cannot hand on id 0: keep that capability (bwrap --cap-add "
               "CAP_SETFCAP), or start it as an ordinary user";
    if ((strstr(step, "namespace") != NULL || maps || mounts || g_str_has_prefix(step, "sethostname")) &&
        (error == EPERM || error == EACCES))
        return for_namespaces(facts);
    if (g_str_has_prefix(step, "open /") && error == EACCES && facts->root)
        return "without namespaces a program of root's runs as nobody, who cannot come there: install it "
               "where everybody may read, such as /usr/local";
    if (error == ENOSYS)
        return "Linux 5.12 or newer is needed";
    return NULL;
}

const char *remedy_for_groups(const char *message, int error, const RemedyFacts *facts) {
    bool is_denied = error == EACCES || error == EPERM;

    if (error == EROFS)
        return "have /sys/fs/cgroup writable: docker run --security-opt writable-cgroups=true (Docker 28), "
               "podman run --security-opt unmask=/sys/fs/cgroup";
    if (error == ENOENT && strstr(message, "version 1") != NULL)
        return "have memory, pids and cpuacct mounted below /sys/fs/cgroup, as they are outside of here";
    if (error == ENOENT)
        return "mount -t cgroup2 cgroup2 /sys/fs/cgroup, with the memory controller (where the kernel leaves "
               "it out: boot with cgroup_enable=memory)";
    if (is_denied && strstr(message, "version 1") != NULL)
        return "run it as root, or boot with version 2, where a group can be delegated: "
               "systemd.unified_cgroup_hierarchy=1";
    if ((is_denied || error == EBUSY) && facts->systemd && !facts->root)
        return "have a group delegated: systemd-run --user --scope -p Delegate=yes sallyport ...";
    if ((is_denied || error == EBUSY) && facts->systemd)
        return "have a group delegated: systemd-run --scope -p Delegate=yes sallyport ...";
    if (error == EBUSY)
        return "move the other processes into a group below: cd /sys/fs/cgroup && mkdir init && "
               "for p in $(cat cgroup.procs); do echo $p >init/cgroup.procs; done";
    if (is_denied)
        return "have a group delegated: as root mkdir /sys/fs/cgroup/NAME, chown USER it, its cgroup.procs "
               "and "
               "cgroup.subtree_control, and move the shell there";
    return NULL;
}

const char *remedy_here(const char *step, int error) {
    RemedyFacts facts;

    remedy_facts(&facts);
    return remedy_for(step, error, &facts);
}

/* apparmor.d(5). A program started from there stays in the profile, which confines nothing. */
char *remedy_apparmor_profile(const char *path) {
    return g_strdup_printf("# Lets sallyport make user namespaces, which its sandbox is built of: "
                           "/etc/apparmor.d/sallyport\n"
                           "abi <abi/4.0>,\n"
                           "include <tunables/global>\n"
                           "\n"
                           "profile sallyport \"%s\" flags=(unconfined) {\n"
                           "  userns,\n"
                           "\n"
                           "  include if exists <local/sallyport>\n"
                           "}\n",
                           path);
}
