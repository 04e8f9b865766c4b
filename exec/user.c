#include "exec/user.h"

#include <glib.h>
#include <stdio.h>
#include <unistd.h>

/* On every system known. */
#define NOBODY 65534

/* Whether an id is there in this user namespace: user_namespaces(7). */
static bool is_mapped(const char *map, guint id) {
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(map, &text, NULL, NULL))
        return false;
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        g_auto(GStrv) words = g_strsplit_set(g_strstrip(*line), " ", -1);
        guint64 numbers[3] = {0};
        gsize count = 0;

        for (char **word = words; *word != NULL && count < G_N_ELEMENTS(numbers); word++)
            if (**word != '\0')
                numbers[count++] = g_ascii_strtoull(*word, NULL, 10);
        if (count == 3 && id >= numbers[0] && id - numbers[0] < numbers[2])
            return true;
    }
    return false;
}

User user_of_children(void) {
    if (geteuid() == 0 && is_mapped("/proc/self/uid_map", NOBODY) && is_mapped("/proc/self/gid_map", NOBODY))
        return (User){.uid = NOBODY, .gid = NOBODY};
    return (User){.uid = geteuid(), .gid = getegid()};
}

/* user_namespaces(7), "Interaction with system calls that change process UIDs or GIDs". */
bool user_can_drop_groups(void) {
    g_autofree char *text = NULL;

    return geteuid() == 0 && (!g_file_get_contents("/proc/self/setgroups", &text, NULL, NULL) ||
                              !g_str_has_prefix(text, "deny"));
}
