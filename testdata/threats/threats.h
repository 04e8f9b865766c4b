/* threats.h: what the programs of this folder share. Each tries the attacks of one row of the threat table,
 * and says of each what it believes that it got: "NAME: GOT ..." or "NAME: why not". Whether that is so is
 * judged from outside, by threats.bash. Nothing here is ever to be run outside of a sandbox or a throw-away
 * namespace.
 *
 *   PROGRAM              all attacks but those that a sandbox answers by ending the program
 *   PROGRAM NAME...      these alone
 *   PROGRAM --deadly     names of those that end it
 *
 * What is attacked stands in the environment; see scene_open() in threats.bash. */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *name;
    void (*attempt)(const char *name);
    bool is_deadly;
} Attack;

static inline void got(const char *name, const char *what) {
    printf("%s: GOT %s\n", name, what);
    (void)fflush(stdout);
}

/* What a system call has returned: below 0 it failed. */
static inline bool tell(const char *name, long result) {
    if (result >= 0)
        got(name, "it");
    else
        printf("%s: %s\n", name, strerror(errno));
    (void)fflush(stdout);
    return result >= 0;
}

/* What is in a descriptor, which is closed. */
static inline void show(const char *name, int fd) {
    char text[4096];
    ssize_t n = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;

    if (n <= 0) {
        printf("%s: %s\n", name, n == 0 ? "nothing" : strerror(errno));
    } else {
        for (ssize_t i = 0; i < n; i++)
            text[i] = text[i] >= ' ' && text[i] <= '~' ? text[i] : text[i] == '\n' ? ' ' : '?';
        text[n] = '\0';
        got(name, text);
    }
    if (fd >= 0)
        close(fd);
}

/* A variable of the scene; one that is not there leads nowhere. */
static inline const char *of_scene(const char *name) {
    const char *value = getenv(name);

    return value != NULL ? value : "/nowhere";
}

static inline long number_of_scene(const char *name) {
    return strtol(of_scene(name), NULL, 10);
}

static inline int threats_main(const Attack *attacks, int argc, char **argv) {
    (void)signal(SIGPIPE, SIG_IGN); /* who hangs up ends no attack */
    for (const Attack *attack = attacks; attack->name != NULL; attack++) {
        bool is_named = argc == 1 && !attack->is_deadly;

        if (argc == 2 && strcmp(argv[1], "--deadly") == 0 && attack->is_deadly)
            puts(attack->name);
        for (int i = 1; i < argc; i++)
            is_named |= strcmp(argv[i], attack->name) == 0;
        if (is_named)
            attack->attempt(attack->name);
    }
    puts("done");
    (void)fflush(stdout);
    return 0;
}
