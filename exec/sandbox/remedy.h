/* remedy.h: how to get what this machine does not give: a sentence that can be carried out, for the step that
 * has failed and its errno. What is in the way is told apart by what can be seen of the machine. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    bool root;                /* the effective user is 0, in whatever user namespace */
    bool systemd;             /* it runs the machine */
    bool foreign_proc;        /* /proc is that of another pid namespace */
    bool filtered;            /* a seccomp filter is in force already: a container's */
    bool apparmor_restricts;  /* kernel.apparmor_restrict_unprivileged_userns: Ubuntu 23.10 and newer */
    bool apparmor_confines;   /* a profile is in force: a container's "docker-default" */
    bool userns_clone_is_off; /* kernel.unprivileged_userns_clone is 0: Debian before 11, hardened kernels */
} RemedyFacts;

/* Looks. */
void remedy_facts(RemedyFacts *ret_facts);

/* Static text, or NULL where nothing is known. */
const char *remedy_for(const char *step, int error, const RemedyFacts *facts);
/* The same for this machine. */
const char *remedy_here(const char *step, int error);
/* The same for a message of cgroup_open(). */
const char *remedy_for_groups(const char *message, int error, const RemedyFacts *facts);

/* The AppArmor profile that gives the program at `path` user namespaces, and nothing else. Newly allocated.
 */
char *remedy_apparmor_profile(const char *path);
