/* tiers.h: a test in each tier that a machine can be made to give, as root and as an ordinary user.
 *
 * A place is entered in a child process, which has given up what a higher tier would need: user and groups,
 * the sight of control groups (an empty tmpfs over them), namespaces (a seccomp filter that refuses clone(2)
 * and unshare(2) of them). So everything that is tested starts in there, as on a machine of that kind.
 *
 *     tiers_add("/status", test_status);      a GLib test /status/full/root, /status/namespaces/user, ...
 *
 * The function runs in the child: g_test_fail(), a failed assertion and a crash in it are the test's failure.
 * Who leaves a process behind there has failed, too. */
#pragma once

#include "exec/supervisor.h"
#include "testdata/without_namespaces.h"

#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    const char *name;
    Tier tier;
    bool as_user;
} Place;

typedef void (*PlaceTest)(const Place *place);

static const Place places[] = {
    {"full/root", TIER_FULL, false},
    {"full/user", TIER_FULL, true},
    {"namespaces/root", TIER_NAMESPACES, false},
    {"namespaces/user", TIER_NAMESPACES, true},
    {"landlock/root", TIER_LANDLOCK, false},
    {"landlock/user", TIER_LANDLOCK, true},
};

typedef struct {
    const Place *place;
    PlaceTest test;
} PlacedTest;

/* No mistake of the sandbox's is to fill the machine with processes. Binds all but root, whose programs are
 * nobody. */
#define TIERS_PROCESSES 2000

/* An id that nobody has, nor another test at the same time. */
static inline uid_t tiers_user(void) {
    return 50000 + (uid_t)getpid() % 10000;
}

/* Not g_get_tmp_dir(), which would remember it for the user as well. */
static inline const char *tiers_tmp(void) {
    return g_getenv("TMPDIR") != NULL ? g_getenv("TMPDIR") : "/tmp";
}

/* In a mount namespace of its own, where TMPDIR does not depend on how fast a disk is. */
static inline bool tiers_unshare_mounts(void) {
    return unshare(CLONE_NEWNS) == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
           mount("tmpfs", tiers_tmp(), "tmpfs", 0, "mode=1777") == 0;
}

static inline bool tiers_hide_groups(void) {
    return mount("tmpfs", "/sys/fs/cgroup", "tmpfs", 0, NULL) == 0;
}

/* With a TMPDIR and HOME that are the user's. */
static inline bool tiers_become_user(void) {
    const uid_t user = tiers_user();
    g_autofree char *folder = g_strdup_printf("%s/user-%d", tiers_tmp(), (int)getpid());

    return g_mkdir(folder, 0700) == 0 && chown(folder, user, user) == 0 && setgroups(0, NULL) == 0 &&
           setresgid(user, user, user) == 0 && setresuid(user, user, user) == 0 &&
           prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) == 0 && g_setenv("TMPDIR", folder, TRUE) &&
           g_setenv("HOME", folder, TRUE);
}

static inline bool tiers_enter(const Place *place) {
    const struct rlimit processes = {TIERS_PROCESSES, TIERS_PROCESSES};

    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0 || setrlimit(RLIMIT_NPROC, &processes) != 0)
        return false;
    if (geteuid() == 0 && !tiers_unshare_mounts())
        return false;
    if (place->tier == TIER_NAMESPACES && geteuid() == 0 && !place->as_user && !tiers_hide_groups())
        return false;
    if (place->as_user && geteuid() == 0 && !tiers_become_user())
        return false;
    return place->tier != TIER_LANDLOCK || refuse_namespaces();
}

/* Whatever was started has ended. What this process did not wait for itself comes to it as to a system's
 * first. */
static inline void tiers_expect_no_child(void) {
    pid_t pid = waitpid(-1, NULL, WNOHANG);

    for (int i = 0; i < 40 && pid >= 0; i += pid == 0) {
        if (pid == 0)
            g_usleep(5000);
        pid = waitpid(-1, NULL, WNOHANG);
    }
    if (pid >= 0 || errno != ECHILD) {
        g_test_message("a process was left behind");
        g_test_fail();
    }
}

enum { PLACE_GOOD = 0, PLACE_FAILED = 1, PLACE_OTHER_TIER = 77 };

static inline int tiers_run_inside(const PlacedTest *test) {
    g_autoptr(Supervisor) supervisor = NULL;
    Tier tier;

    if (!tiers_enter(test->place)) {
        g_test_message("%s: %s", test->place->name, g_strerror(errno));
        return PLACE_OTHER_TIER;
    }
    supervisor = supervisor_new(1, -1);
    tier = supervisor_isolation(supervisor)->tier;
    g_clear_pointer(&supervisor, supervisor_free);
    if (tier != test->place->tier) {
        g_test_message("this machine gives `%s` here", tier_name(tier));
        return PLACE_OTHER_TIER;
    }
    test->test(test->place);
    tiers_expect_no_child();
    return g_test_failed() ? PLACE_FAILED : PLACE_GOOD;
}

static inline void tiers_run(gconstpointer data) {
    const PlacedTest *test = data;
    int status = -1, ended;
    pid_t pid;

    (void)fflush(NULL);
    pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        ended = tiers_run_inside(test);
        (void)fflush(NULL);
        _exit(ended);
    }
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == PLACE_OTHER_TIER)
        g_test_skip("this place is not to be had on this machine");
    else if (!WIFEXITED(status) || WEXITSTATUS(status) != PLACE_GOOD)
        g_test_fail();
}

/* The places by their names, NULL-terminated; NULL: all. An ordinary user has no root's; where the machine
 * has version 1 of control groups alone, there is no full/user. */
static inline void tiers_add_in(const char *name, PlaceTest function, const char *const *names) {
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autofree char *path = g_strdup_printf("%s/%s", name, places[i].name);
        PlacedTest *test;

        if ((geteuid() != 0 && !places[i].as_user) || (places[i].tier == TIER_FULL && places[i].as_user) ||
            (names != NULL && !g_strv_contains(names, places[i].name)))
            continue;
        test = g_new0(PlacedTest, 1);
        *test = (PlacedTest){.place = &places[i], .test = function};
        g_test_add_data_func_full(path, test, tiers_run, g_free);
    }
}

static inline void tiers_add(const char *name, PlaceTest function) {
    tiers_add_in(name, function, NULL);
}
