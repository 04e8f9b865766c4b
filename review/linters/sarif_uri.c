#include "review/linters/sarif_uri.h"

#include "review/linters/json_read.h"

#include <string.h>

/* Bases can stand on bases (3.14.14's uriBaseId), which a log could make a circle of. */
#define MOST_BASES 8u

/* What percent-encodings stand for. One that is none stays as it is: some tools do not encode at all. */
static char *decode(const char *text) {
    GString *out = g_string_new(NULL);

    for (const char *p = text; *p != '\0'; p++) {
        if (p[0] == '%' && g_ascii_isxdigit(p[1]) && g_ascii_isxdigit(p[2]) &&
            (p[1] != '0' || p[2] != '0')) { /* a path has no NUL */
            g_string_append_c(out, (char)(g_ascii_xdigit_value(p[1]) * 16 + g_ascii_xdigit_value(p[2])));
            p += 2;
        } else {
            g_string_append_c(out, *p);
        }
    }
    return g_string_free(out, FALSE);
}

/* "https:", as RFC 3986, 3.1 has it; a single letter is somebody's drive. */
static gsize scheme_length(const char *uri) {
    gsize len = strspn(uri, "+-.0123456789" G_CSET_a_2_z G_CSET_A_2_Z);

    return len > 1 && uri[len] == ':' && g_ascii_isalpha(uri[0]) ? len + 1 : 0;
}

/* The path of a URI reference; of what is no file, itself, which is no file's name either. */
static char *path_of(const char *uri) {
    gsize scheme = scheme_length(uri);
    const char *rest = uri + scheme;

    if (scheme == 0)
        return decode(uri);
    if (g_ascii_strncasecmp(uri, "file:", 5) != 0)
        return g_strdup(uri);
    if (g_str_has_prefix(rest, "//")) { /* behind a host: "file://localhost/a", "file:///a" */
        rest = strchr(rest + 2, '/');
        if (rest == NULL)
            return g_strdup("/");
    }
    return decode(rest);
}

static char *resolve(const json_t *run, const json_t *location, guint depth) {
    const json_t *bases = json_object_get(run, "originalUriBaseIds"), *base;
    g_autofree char *uri = json_read_text(location, "uri"), *id = json_read_text(location, "uriBaseId");
    g_autofree char *path = uri != NULL ? path_of(uri) : NULL, *folder = NULL;

    if (path != NULL && (g_path_is_absolute(path) || scheme_length(uri) > 0))
        return g_steal_pointer(&path);
    base = id != NULL ? json_object_get(bases, id) : NULL;
    folder = base != NULL && depth < MOST_BASES ? resolve(run, base, depth + 1) : NULL;
    if (folder == NULL)
        return g_steal_pointer(&path);
    return path != NULL ? g_build_filename(folder, path, NULL) : g_steal_pointer(&folder);
}

char *sarif_path(const json_t *run, const json_t *location) {
    const json_t *index = json_object_get(location, "index");

    /* 3.4.5: the rest of it may stand in the run's artifacts alone. */
    if (json_object_get(location, "uri") == NULL && json_is_integer(index) && json_integer_value(index) >= 0)
        location = json_object_get(
            json_array_get(json_object_get(run, "artifacts"), (size_t)json_integer_value(index)), "location");
    if (json_object_get(location, "uri") == NULL)
        return NULL;
    return resolve(run, location, 0);
}
