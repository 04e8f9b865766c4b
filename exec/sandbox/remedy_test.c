/* What is told to whom: machines that this one is not. */
#include "exec/sandbox/remedy.h"

#include <errno.h>
#include <glib.h>
#include <string.h>

/* The remedy begins with, or holds, `expected`. */
static void assert_remedy(const char *remedy, const char *expected) {
    if (expected == NULL || remedy == NULL)
        g_assert_cmpstr(remedy, ==, expected);
    else if (strstr(remedy, expected) == NULL)
        g_error("\"%s\" does not hold \"%s\"", remedy, expected);
}

static const char NAMESPACES[] = "create namespaces: Operation not permitted";
static const char PROC[] = "mount /proc: Operation not permitted";

static void test_ubuntu(void) {
    const RemedyFacts user = {.systemd = true, .apparmor_restricts = true};
    const RemedyFacts root = {.systemd = true, .apparmor_restricts = true, .root = true};

    /* The namespace is made, but no capability comes with it: the next step fails. */
    assert_remedy(remedy_for(NAMESPACES, EPERM, &user), "sallyport doctor --apparmor-profile | sudo tee");
    assert_remedy(remedy_for("write uid_map: Permission denied", EACCES, &user), "apparmor_parser -r");
    assert_remedy(remedy_for("mount a root: Permission denied", EACCES, &user), "apparmor_parser -r");
    assert_remedy(remedy_for(NAMESPACES, EPERM, &root), "in a chroot");
}

static void test_docker(void) {
    const RemedyFacts docker = {.root = true, .filtered = true, .apparmor_confines = true};
    const RemedyFacts fedora = {.root = true, .filtered = true};
    const RemedyFacts unconfined = {.apparmor_confines = true};

    assert_remedy(remedy_for(NAMESPACES, EPERM, &docker), "--security-opt apparmor=unconfined");
    assert_remedy(remedy_for(NAMESPACES, EPERM, &docker), "--security-opt seccomp=unconfined");
    assert_remedy(remedy_for(NAMESPACES, EPERM, &fedora),
                  "--security-opt seccomp=unconfined --security-opt systempaths=unconfined");
    assert_remedy(remedy_for("mount a root: Permission denied", EACCES, &unconfined),
                  "--security-opt apparmor=unconfined");
    assert_remedy(remedy_for(PROC, EPERM, &fedora), "parts of /proc are covered here");
    assert_remedy(remedy_for(PROC, EPERM, &fedora), "--security-opt systempaths=unconfined");
}

static void test_sysctl(void) {
    const RemedyFacts old = {.userns_clone_is_off = true}, plain = {0};

    assert_remedy(remedy_for(NAMESPACES, EPERM, &old), "sysctl -w kernel.unprivileged_userns_clone=1");
    assert_remedy(remedy_for("create namespaces: No space left on device", ENOSPC, &plain),
                  "sysctl -w user.max_user_namespaces=16384");
    assert_remedy(remedy_for("mount_setattr /usr: Function not implemented", ENOSYS, &plain), "Linux 5.12");
    assert_remedy(remedy_for("open /no/such: No such file or directory", ENOENT, &plain), NULL);
    assert_remedy(remedy_for("start /bin/x: Permission denied", EACCES, &plain), NULL);
}

/* bubblewrap without --proc, and with --uid 0. */
static void test_nested(void) {
    const RemedyFacts foreign = {.foreign_proc = true, .filtered = true}, root = {.root = true};

    assert_remedy(remedy_for("write setgroups: Permission denied", EACCES, &foreign),
                  "mount -t proc proc /proc");
    assert_remedy(remedy_for("write setgroups: No such file or directory", ENOENT, &foreign),
                  "mount -t proc proc /proc");
    assert_remedy(remedy_for("write uid_map: Operation not permitted", EPERM, &root), "CAP_SETFCAP");
}

static void test_groups(void) {
    const RemedyFacts user = {.systemd = true}, root = {.systemd = true, .root = true},
                      container = {.root = true}, plain = {0};
    const char *unified = "make a control group of version 2 in /sys/fs/cgroup/a";
    const char *legacy = "make a control group of version 1 in /sys/fs/cgroup/memory";

    assert_remedy(remedy_for_groups(unified, EACCES, &user), "systemd-run --user --scope -p Delegate=yes");
    assert_remedy(remedy_for_groups(unified, EBUSY, &user), "systemd-run --user --scope -p Delegate=yes");
    assert_remedy(remedy_for_groups(unified, EBUSY, &root), "systemd-run --scope -p Delegate=yes");
    assert_remedy(remedy_for_groups(unified, EBUSY, &container), "mkdir init");
    assert_remedy(remedy_for_groups(unified, EACCES, &plain), "chown USER");
    assert_remedy(remedy_for_groups(unified, EROFS, &container), "--security-opt writable-cgroups=true");
    assert_remedy(remedy_for_groups(legacy, EACCES, &user), "systemd.unified_cgroup_hierarchy=1");
    assert_remedy(remedy_for_groups(legacy, ENOENT, &root), "memory, pids and cpuacct");
    assert_remedy(remedy_for_groups("find a control group with memory and pids", ENOENT, &root),
                  "mount -t cgroup2 cgroup2 /sys/fs/cgroup");
}

static void test_profile(void) {
    g_autofree char *profile = remedy_apparmor_profile("/opt/my tools/sallyport");

    g_assert_nonnull(strstr(profile, "\nabi <abi/4.0>,\n"));
    g_assert_nonnull(
        strstr(profile, "\nprofile sallyport \"/opt/my tools/sallyport\" flags=(unconfined) {\n  userns,\n"));
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/remedy/ubuntu", test_ubuntu);
    g_test_add_func("/remedy/docker", test_docker);
    g_test_add_func("/remedy/sysctl", test_sysctl);
    g_test_add_func("/remedy/nested", test_nested);
    g_test_add_func("/remedy/groups", test_groups);
    g_test_add_func("/remedy/profile", test_profile);
    return g_test_run();
}
