#include "review/linters/version.h"

#include "exec/text.h"
#include "review/linters/linter.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "20.8b1" is {20, 8}, pre-release "b1". */
enum { MOST_PARTS = 8 };

typedef struct {
    guint64 parts[MOST_PARTS];
    guint n;
    bool pre;
} Version;

/* What of a version stands behind its numbers: PEP 440 has a, b, rc and dev (and other spellings) before the
 * release, post behind it, and a local version behind a plus. */
static bool is_pre_release(const char *rest) {
    static const char *const names[] = {"a", "b", "c", "rc", "alpha", "beta", "pre", "dev"};

    rest += strspn(rest, "-_.");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strncasecmp(rest, names[i], strlen(names[i])) == 0)
            return true;
    return false;
}

/* Reads the numbers that a version begins with; returns what stands behind them, or NULL where there are
 * none, too many, or one is out of bounds. */
static const char *version_read(const char *text, Version *ret_version) {
    Version version = {0};
    const char *p = text;

    while (version.n < MOST_PARTS && g_ascii_isdigit(*p)) {
        gsize digits = strspn(p, "0123456789");

        if (digits > 18)
            return NULL;
        version.parts[version.n++] = g_ascii_strtoull(p, NULL, 10);
        p += digits;
        if (p[0] != '.' || !g_ascii_isdigit(p[1]))
            break;
        p++;
    }
    if (version.n == 0 || g_ascii_isdigit(*p))
        return NULL;
    version.pre = is_pre_release(p);
    *ret_version = version;
    return p;
}

static int version_order(const Version *a, const Version *b) {
    for (guint i = 0; i < MOST_PARTS; i++)
        if (a->parts[i] != b->parts[i])
            return a->parts[i] < b->parts[i] ? -1 : 1;
    return (int)b->pre - (int)a->pre;
}

/* Whether the first `n` numbers are the same: what "==1.2.*" asks. */
static bool version_begins(const Version *version, const Version *bound, guint n) {
    return memcmp(version->parts, bound->parts, n * sizeof *bound->parts) == 0;
}

static const char *const operators[] = {">=", "<=", "==", "!=", "~=", ">", "<"};

static const char *operator_of(const char *clause) {
    for (gsize i = 0; i < G_N_ELEMENTS(operators); i++)
        if (g_str_has_prefix(clause, operators[i]))
            return operators[i];
    return NULL;
}

/* One clause of a constraint: an operator, a version, perhaps ".*". */
typedef struct {
    const char *op;
    Version bound;
    bool any_rest; /* ".*" */
} Clause;

static bool is_equality(const char *op) {
    return strcmp(op, "==") == 0 || strcmp(op, "!=") == 0;
}

/* What may stand behind the numbers of a bound. */
static bool is_rest(const char *rest) {
    return *rest == '\0' || *rest == '+' || is_pre_release(rest) || g_str_has_prefix(rest, ".post");
}

static bool clause_read(const char *text, Clause *ret_clause) {
    Clause clause = {.op = operator_of(text)};
    g_autofree char *bound = NULL;
    const char *rest;

    if (clause.op == NULL)
        return false;
    bound = g_strstrip(g_strdup(text + strlen(clause.op)));
    if (g_str_has_suffix(bound, ".*")) {
        clause.any_rest = true;
        bound[strlen(bound) - 2] = '\0';
    }
    rest = version_read(bound, &clause.bound);
    if (rest == NULL || !is_rest(rest))
        return false;
    if (clause.any_rest && (*rest != '\0' || !is_equality(clause.op)))
        return false;
    if (clause.op[0] == '~' && clause.bound.n < 2) /* ~=1 would ask for nothing */
        return false;
    *ret_clause = clause;
    return true;
}

/* 1.0rc1 is before 1.0, and yet not what "<1.0" means (PEP 440, exclusive ordered comparison). */
static bool is_pre_release_of(const Version *version, const Version *bound) {
    return version->pre && !bound->pre && version_begins(version, bound, MOST_PARTS);
}

static VersionFit clause_compare(const Version *version, const Clause *clause) {
    const Version *bound = &clause->bound;
    int order = version_order(version, bound);
    bool same = clause->any_rest ? version_begins(version, bound, bound->n) : order == 0;

    switch (clause->op[0]) {
    case '>':
        return order > 0 || (order == 0 && clause->op[1] == '=') ? VERSION_FITS : VERSION_TOO_OLD;
    case '<':
        if (clause->op[1] == '=')
            return order <= 0 ? VERSION_FITS : VERSION_TOO_NEW;
        return order < 0 && !is_pre_release_of(version, bound) ? VERSION_FITS : VERSION_TOO_NEW;
    case '!':
        return same ? VERSION_OTHER : VERSION_FITS;
    case '~': /* ~=1.4.2 is >=1.4.2,==1.4.* */
        if (order < 0)
            return VERSION_TOO_OLD;
        return version_begins(version, bound, bound->n - 1) ? VERSION_FITS : VERSION_TOO_NEW;
    default:
        if (same)
            return VERSION_FITS;
        return order < 0 ? VERSION_TOO_OLD : VERSION_TOO_NEW;
    }
}

static VersionFit unreadable(GError **error, const char *what, const char *text, const char *expected) {
    g_autofree char *shown = text_line(text, -1, 100);

    g_set_error(error, LINTER_ERROR, 0, "the version %s '%s' cannot be read: expected %s", what, shown,
                expected);
    return VERSION_OTHER;
}

VersionFit version_compare(const char *text, const char *constraint, GError **error) {
    g_autofree char *number = version_in(text);
    g_auto(GStrv) clauses = g_strsplit(constraint, ",", -1);
    VersionFit fit = VERSION_FITS;
    Version version;

    if (number == NULL || version_read(number, &version) == NULL)
        return unreadable(error, "number", text, "one such as 0.14.2");
    if (clauses[0] == NULL)
        return unreadable(error, "constraint", constraint, "one such as >=0.14,<1");
    for (char **text_of = clauses; *text_of != NULL; text_of++) {
        Clause clause;

        if (!clause_read(g_strstrip(*text_of), &clause))
            return unreadable(error, "constraint", constraint, "one such as >=0.14,<1");
        if (fit == VERSION_FITS)
            fit = clause_compare(&version, &clause);
    }
    return fit;
}

bool linter_version_fits(const char *version, const char *constraint, GError **error) {
    return version_compare(version, constraint, error) == VERSION_FITS;
}

char *version_in(const char *text) {
    for (const char *p = text; *p != '\0';) {
        gsize word = strcspn(p, " \t\r\n,()");

        if (g_ascii_isdigit(*p))
            return g_strndup(p, word);
        if (*p == 'v' && g_ascii_isdigit(p[1])) /* as tools of Node's say it */
            return g_strndup(p + 1, word - 1);
        p += word;
        p += strspn(p, " \t\r\n,()");
    }
    return NULL;
}

/* Whether the list of a package's files (RECORD: path, hash and size, by the specification "Recording
 * installed projects") has bin/NAME with the size of the file that stands there. */
static bool record_names(const char *package, const char *name, const char *path) {
    g_autofree char *record_path = g_build_filename(package, "RECORD", NULL);
    g_autofree char *start = g_strdup_printf("../../../bin/%s,", name);
    g_autofree char *record = NULL;
    g_auto(GStrv) lines = NULL;
    struct stat st;

    if (stat(path, &st) != 0 || !g_file_get_contents(record_path, &record, NULL, NULL))
        return false;
    lines = g_strsplit(record, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        char *size = strrchr(*line, ',');
        guint64 bytes;

        if (g_str_has_prefix(*line, start) &&
            g_ascii_string_to_unsigned(g_strchomp(size + 1), 10, 0, G_MAXINT64, &bytes, NULL))
            return bytes == (guint64)st.st_size;
    }
    return false;
}

/* The version of the one package NAME-VERSION.dist-info in that site-packages folder. */
static char *version_in_packages(const char *packages, const char *name, const char *path) {
    g_autoptr(GDir) dir = g_dir_open(packages, 0, NULL);
    g_autofree char *prefix = g_strconcat(name, "-", NULL);
    g_autofree char *found = NULL;
    const char *entry;

    while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
        g_autofree char *package = g_build_filename(packages, entry, NULL);

        if (!g_str_has_prefix(entry, prefix) || !g_str_has_suffix(entry, ".dist-info"))
            continue;
        if (found != NULL || !record_names(package, name, path))
            return NULL;
        found = g_strndup(entry + strlen(prefix), strlen(entry) - strlen(prefix) - strlen(".dist-info"));
    }
    return g_steal_pointer(&found);
}

char *version_installed(const char *name, const char *path) {
    g_autofree char *real = realpath(path, NULL); /* of pipx and the like: a link into the environment */
    g_autofree char *bin = g_path_get_dirname(real != NULL ? real : path);
    g_autofree char *prefix = g_path_get_dirname(bin);
    g_autofree char *config = g_build_filename(prefix, "pyvenv.cfg", NULL);
    g_autofree char *lib = g_build_filename(prefix, "lib", NULL);
    g_autoptr(GDir) dir = NULL;
    g_autofree char *version = NULL;
    const char *entry;

    if (!g_file_test(config, G_FILE_TEST_EXISTS))
        return NULL;
    dir = g_dir_open(lib, 0, NULL);
    while (dir != NULL && (entry = g_dir_read_name(dir)) != NULL) {
        g_autofree char *packages = g_build_filename(lib, entry, "site-packages", NULL);

        if (!g_str_has_prefix(entry, "python") || !g_file_test(packages, G_FILE_TEST_IS_DIR))
            continue;
        if (version != NULL)
            return NULL; /* of two Pythons in one environment it is not clear which one runs */
        version = version_in_packages(packages, name, path);
    }
    return g_steal_pointer(&version);
}
