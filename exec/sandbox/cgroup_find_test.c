/* Texts of /proc/self/cgroup and /proc/self/mountinfo as they were seen on machines of many kinds. */
#include "exec/sandbox/cgroup_find.h"

#include <glib.h>

static void assert_found(const char *groups, const char *mounts, const char *controller, const char *own,
                         const char *top) {
    g_autofree char *found_top = NULL, *found = cgroup_find(groups, mounts, controller, &found_top);

    g_assert_cmpstr(found, ==, own);
    g_assert_cmpstr(found_top, ==, top);
}

#define DEBIAN_MOUNTS                                                                                        \
    "24 1 254:0 / / rw,relatime shared:1 - ext4 /dev/root rw\n"                                              \
    "25 24 0:22 / /sys rw,nosuid,nodev,noexec,relatime shared:2 - sysfs sysfs rw\n"                          \
    "32 25 0:26 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:5 - cgroup2 cgroup2 "                \
    "rw,nsdelegate,memory_recursiveprot\n"

/* Debian 12: a login over ssh, a service, a scope of the user's own systemd, the root group. */
static void test_unified(void) {
    assert_found("0::/user.slice/user-1000.slice/session-3.scope\n", DEBIAN_MOUNTS, NULL,
                 "/sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope", "/sys/fs/cgroup");
    assert_found("0::/system.slice/runner.service\n", DEBIAN_MOUNTS, NULL,
                 "/sys/fs/cgroup/system.slice/runner.service", "/sys/fs/cgroup");
    assert_found("0::/user.slice/user-1000.slice/user@1000.service/app.slice/run-r400bd3bb.scope\n",
                 DEBIAN_MOUNTS, NULL,
                 "/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/app.slice/run-r400bd3bb.scope",
                 "/sys/fs/cgroup");
    assert_found("0::/\n", DEBIAN_MOUNTS, NULL, "/sys/fs/cgroup", "/sys/fs/cgroup");
    assert_found("0::/\n", DEBIAN_MOUNTS, "memory", NULL, NULL);
    assert_found("0::/a:b/c\n", DEBIAN_MOUNTS, NULL, "/sys/fs/cgroup/a:b/c", "/sys/fs/cgroup");
}

#define LEGACY_MOUNTS                                                                                        \
    "36 35 0:32 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:10 - cgroup cgroup rw,cpu,cpuacct\n"         \
    "37 35 0:33 / /sys/fs/cgroup/memory rw,relatime shared:11 - cgroup cgroup rw,memory\n"                   \
    "38 35 0:34 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids\n"                                 \
    "39 35 0:35 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw\n"

#define LEGACY_GROUPS                                                                                        \
    "12:pids:/user.slice/user-0.slice/session-1.scope\n"                                                     \
    "7:cpu,cpuacct:/user.slice\n"                                                                            \
    "4:memory:/user.slice\n"                                                                                 \
    "1:name=systemd:/user.slice/user-0.slice/session-1.scope\n"                                              \
    "0::/user.slice/user-0.slice/session-1.scope\n"

/* Version 1, and version 2 beside it without controllers ("hybrid"): Debian 10. */
static void test_hybrid(void) {
    assert_found(LEGACY_GROUPS, LEGACY_MOUNTS, "memory", "/sys/fs/cgroup/memory/user.slice",
                 "/sys/fs/cgroup/memory");
    assert_found(LEGACY_GROUPS, LEGACY_MOUNTS, "pids",
                 "/sys/fs/cgroup/pids/user.slice/user-0.slice/session-1.scope", "/sys/fs/cgroup/pids");
    assert_found(LEGACY_GROUPS, LEGACY_MOUNTS, "cpuacct", "/sys/fs/cgroup/cpu,cpuacct/user.slice",
                 "/sys/fs/cgroup/cpu,cpuacct");
    assert_found(LEGACY_GROUPS, LEGACY_MOUNTS, "cpu", "/sys/fs/cgroup/cpu,cpuacct/user.slice",
                 "/sys/fs/cgroup/cpu,cpuacct");
    assert_found(LEGACY_GROUPS, LEGACY_MOUNTS, NULL,
                 "/sys/fs/cgroup/unified/user.slice/user-0.slice/session-1.scope", "/sys/fs/cgroup/unified");
    assert_found(LEGACY_GROUPS, LEGACY_MOUNTS, "hugetlb", NULL, NULL);
    assert_found("0::/\n", LEGACY_MOUNTS, "memory", NULL, NULL);
}

/* Docker. Version 2 has a cgroup namespace; version 1 shows the host's path, and mounts the part of the
 * hierarchy that starts there. */
static void test_container(void) {
    assert_found("0::/\n",
                 "661 660 0:26 / /sys/fs/cgroup ro,nosuid,nodev,noexec,relatime - cgroup2 cgroup rw\n", NULL,
                 "/sys/fs/cgroup", "/sys/fs/cgroup");
    assert_found("4:memory:/docker/1f0e/sub\n",
                 "661 660 0:33 /docker/1f0e /sys/fs/cgroup/memory ro,relatime master:18 - cgroup cgroup "
                 "rw,memory\n",
                 "memory", "/sys/fs/cgroup/memory/sub", "/sys/fs/cgroup/memory");
    /* "/docker/1f" is no folder above "/docker/1f0e". */
    assert_found("4:memory:/docker/1f0e\n",
                 "661 660 0:33 /docker/1f /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory\n",
                 "memory", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/memory");
    /* A cgroup namespace that still sees the mount of the one above: where its group stands in there is not
       known. */
    assert_found("0::/\n", "32 25 0:26 /.. /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n", NULL,
                 "/sys/fs/cgroup", "/sys/fs/cgroup");
    /* A group that stands outside of the namespace. */
    assert_found("0::/../other\n", "32 25 0:26 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n", NULL,
                 "/sys/fs/cgroup", "/sys/fs/cgroup");
}

/* Mount points and roots are escaped, groups are not: proc_pid_mountinfo(5). */
static void test_spaces(void) {
    assert_found("0::/my group/b\\c\n", "32 25 0:26 / /mnt/my\\040groups rw,relatime - cgroup2 cgroup2 rw\n",
                 NULL, "/mnt/my groups/my group/b\\c", "/mnt/my groups");
    assert_found("4:memory:/my group/sub\n",
                 "32 25 0:26 /my\\040group /memory rw,relatime - cgroup none rw,memory\n", "memory",
                 "/memory/sub", "/memory");
}

/* None, or what cannot be read. */
static void test_none(void) {
    assert_found("", "", NULL, NULL, NULL);
    assert_found("0::/a\n", "24 1 254:0 / / rw,relatime - ext4 /dev/root rw\n", NULL, NULL, NULL);
    assert_found("0::/a\n", "32 25 0:26 / /sys/fs/cgroup\n", NULL, NULL, NULL);
    assert_found("rubbish\n", DEBIAN_MOUNTS, NULL, NULL, NULL);
    assert_found("4:memory:/a\n", "32 25 0:26 / /memory rw,relatime - cgroup\n", "memory", NULL, NULL);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cgroup-find/unified", test_unified);
    g_test_add_func("/cgroup-find/hybrid", test_hybrid);
    g_test_add_func("/cgroup-find/container", test_container);
    g_test_add_func("/cgroup-find/spaces", test_spaces);
    g_test_add_func("/cgroup-find/none", test_none);
    return g_test_run();
}
