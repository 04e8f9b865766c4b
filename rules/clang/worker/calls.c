#include "rules/clang/worker/calls.h"

#include <string.h>

#define BIT(n) (1u << (n))

static const Call calls[] = {
    /* From outside. */
    {.name = "getenv", .gives_outside = true},
    {.name = "secure_getenv", .gives_outside = true},
    {.name = "gets", .gives_outside = true, .outside = BIT(0)},
    {.name = "fgets", .gives_outside = true, .outside = BIT(0)},
    {.name = "fgetws", .gives_outside = true, .outside = BIT(0)},
    {.name = "getline", .outside = BIT(0)},
    {.name = "getdelim", .outside = BIT(0)},
    {.name = "fread", .outside = BIT(0)},
    {.name = "read", .outside = BIT(1)},
    {.name = "pread", .outside = BIT(1)},
    {.name = "recv", .outside = BIT(1)},
    {.name = "recvfrom", .outside = BIT(1)},
    {.name = "scanf", .outside = CALL_ALL_FROM(1)},
    {.name = "wscanf", .outside = CALL_ALL_FROM(1)},
    {.name = "fscanf", .outside = CALL_ALL_FROM(2)},
    {.name = "fwscanf", .outside = CALL_ALL_FROM(2)},
    {.name = "getc", .gives_outside = true},
    {.name = "fgetc", .gives_outside = true},
    {.name = "getchar", .gives_outside = true},
    {.name = "getpass", .gives_outside = true},
    {.name = "readline", .gives_outside = true},
    {.name = "readlink", .outside = BIT(1)},
    /* From one argument to another. */
    {.name = "strcpy", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "stpcpy", .to = BIT(0), .from = BIT(1)},
    {.name = "strncpy", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "strcat", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "strncat", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "strlcpy", .to = BIT(0), .from = BIT(1)},
    {.name = "strlcat", .to = BIT(0), .from = BIT(1)},
    {.name = "memcpy", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "memmove", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "mempcpy", .to = BIT(0), .from = BIT(1)},
    {.name = "memset", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "bcopy", .to = BIT(1), .from = BIT(0)},
    {.name = "wcscpy", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "wcsncpy", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "wcscat", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "wcsncat", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "wmemcpy", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "wmemset", .to = BIT(0), .from = BIT(1), .gives = BIT(0)},
    {.name = "sprintf", .to = BIT(0), .from = CALL_ALL_FROM(1)},
    {.name = "snprintf", .to = BIT(0), .from = CALL_ALL_FROM(2)},
    {.name = "swprintf", .to = BIT(0), .from = CALL_ALL_FROM(2)},
    {.name = "asprintf", .to = BIT(0), .from = CALL_ALL_FROM(1)},
    {.name = "vsprintf", .to = BIT(0), .from = CALL_ALL_FROM(1)},
    {.name = "vsnprintf", .to = BIT(0), .from = CALL_ALL_FROM(2)},
    {.name = "sscanf", .to = CALL_ALL_FROM(2), .from = BIT(0)},
    {.name = "swscanf", .to = CALL_ALL_FROM(2), .from = BIT(0)},
    /* From an argument to the result. */
    {.name = "strdup", .gives = BIT(0)},
    {.name = "strndup", .gives = BIT(0)},
    {.name = "g_strdup", .gives = BIT(0)},
    {.name = "xstrdup", .gives = BIT(0)},
    {.name = "strchr", .gives = BIT(0)},
    {.name = "strrchr", .gives = BIT(0)},
    {.name = "strstr", .gives = BIT(0)},
    {.name = "strpbrk", .gives = BIT(0)},
    {.name = "strtok", .gives = BIT(0)},
    {.name = "strtok_r", .gives = BIT(0)},
    {.name = "basename", .gives = BIT(0)},
    {.name = "dirname", .gives = BIT(0)},
    {.name = "atoi", .gives = BIT(0)},
    {.name = "atol", .gives = BIT(0)},
    {.name = "atoll", .gives = BIT(0)},
    {.name = "atof", .gives = BIT(0)},
    {.name = "strtol", .gives = BIT(0)},
    {.name = "strtoul", .gives = BIT(0)},
    {.name = "strtoll", .gives = BIT(0)},
    {.name = "strtoull", .gives = BIT(0)},
    {.name = "abs", .gives = BIT(0)},
    {.name = "toupper", .gives = BIT(0)},
    {.name = "tolower", .gives = BIT(0)},
    {.name = "ntohl", .gives = BIT(0)},
    {.name = "ntohs", .gives = BIT(0)},
    {.name = "htonl", .gives = BIT(0)},
    {.name = "htons", .gives = BIT(0)},
    /* Translations, of what is in the program. */
    {.name = "gettext", .gives = BIT(0)},
    {.name = "_", .gives = BIT(0)},
    {.name = "dgettext", .gives = BIT(1)},
    {.name = "dcgettext", .gives = BIT(1)},
    {.name = "Q_", .gives = BIT(0) | BIT(1)},
    {.name = "ngettext", .gives = BIT(0) | BIT(1)},
    {.name = "dngettext", .gives = BIT(1) | BIT(2)},
    {.name = "strerror", .is_fixed = true},
    {.name = "gai_strerror", .is_fixed = true},
    {.name = "strsignal", .is_fixed = true},
    /* Sizes of memory. */
    {.name = "malloc", .size = 1, .is_fixed = true},
    {.name = "alloca", .size = 1, .is_fixed = true},
    {.name = "calloc", .size = 1, .size_by = 2, .is_fixed = true},
};

const Call *call_find(const char *name) {
    for (gsize i = 0; name != NULL && i < G_N_ELEMENTS(calls); i++)
        if (strcmp(calls[i].name, name) == 0)
            return &calls[i];
    return NULL;
}

bool call_only_reads(const char *name) {
    static const char *const names[] = {
        "free",   "fclose", "close", "printf",  "fprintf",  "dprintf", "puts",   "fputs",  "strlen", "wcslen",
        "syslog", "err",    "errx",  "warn",    "warnx",    "execl",   "execlp", "execle", "execv",  "execvp",
        "write",  "system", "popen", "wprintf", "fwprintf", "putenv",  "perror", NULL};

    for (gsize i = 0; names[i] != NULL; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}
