#include "cmd/cmd.h"

#include "exec/caps.h"
#include "exec/language.h"
#include "exec/text.h"
#include "review/linters/linter.h"
#include "rules/rule.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void cmd_error(const char *format, ...) {
    va_list args;
    g_autofree char *text = NULL;

    va_start(args, format);
    text = g_strdup_vprintf(format, args);
    va_end(args);
    fprintf(stderr, "sallyport: %s\n", text);
}

void cmd_error_lines(const char *text) {
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

    for (char **line = lines; *line != NULL; line++)
        if (**line != '\0')
            cmd_error("%s", *line);
}

void cmd_optional_values(int argc, char **argv, const char *const *options) {
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        for (const char *const *option = options; *option != NULL; option++)
            if (g_str_has_prefix(*option, argv[i]) && strlen(*option) == strlen(argv[i]) + 1)
                argv[i] = (char *)*option;
}

bool cmd_options(int *argc, char ***argv, const GOptionEntry *entries, const char *verb, const char *usage,
                 const char *summary, const char *examples, int *ret_status) {
    gboolean help = FALSE;
    const GOptionEntry help_entry[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autofree char *name = g_strconcat("sallyport ", verb, NULL);
    g_autoptr(GOptionContext) context = g_option_context_new(usage);
    g_autoptr(GError) error = NULL;

    g_set_prgname(name);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_set_summary(context, summary);
    g_option_context_set_description(context, examples);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, help_entry, NULL);
    if (!g_option_context_parse(context, argc, argv, &error)) {
        cmd_error("%s (see 'sallyport %s --help')", error->message, verb);
        *ret_status = EXIT_REQUEST;
        return false;
    }
    if (help) {
        g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);

        *ret_status = cmd_write(STDOUT_FILENO, text, strlen(text)) ? EXIT_PASSED : EXIT_UNDECIDED;
        return false;
    }
    return true;
}

/* The words that policies may name. */
static PolicyWords policy_words(void) {
    return (PolicyWords){
        .linters = linter_names(),
        .packs = rule_pack_names(),
        .languages = language_names(),
        .languages_with_venv = language_names_with_venv(),
        .languages_with_sanitizers = language_names_with_sanitizers(),
        .formats = report_names(),
        .complexity = linter_names_with_complexity(),
        .severity = linter_severity,
    };
}

static Policy *parse(GBytes *bytes, const char *source, GError **error) {
    g_autoptr(YamlErrors) errors = yaml_errors_new(source);
    gsize len;
    const char *text = g_bytes_get_data(bytes, &len);
    const PolicyWords words = policy_words();
    Policy *policy = policy_parse(text != NULL ? text : "", len, source, &words, errors);

    if (policy == NULL) {
        g_autofree char *all = yaml_errors_text(errors);

        g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, all);
    }
    return policy;
}

/* What is wrong with the file itself is said as a mistake in it would be. */
GBytes *cmd_read_bytes(const char *path, gsize most, GError **error) {
    g_autofree char *shown = text_path(path);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    guint8 buffer[65536];
    ssize_t n = fd;

    while (n >= 0 && bytes->len <= most && (n = read(fd, buffer, sizeof buffer)) > 0)
        g_byte_array_append(bytes, buffer, (guint)n);
    if (n < 0)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "%s: %s", shown, g_strerror(errno));
    else if (bytes->len > most)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_LIMIT,
                    "%s: larger than the %" G_GSIZE_FORMAT " bytes that are read", shown, most);
    if (fd >= 0)
        close(fd);
    return n < 0 || bytes->len > most ? NULL : g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
}

GBytes *cmd_read(const char *path, gsize most) {
    g_autoptr(GError) error = NULL;
    GBytes *bytes = cmd_read_bytes(path, most, &error);

    if (bytes == NULL)
        cmd_error("%s", error->message);
    return bytes;
}

static Policy *load_file(const char *file, GError **error) {
    g_autofree char *shown = text_path(file);
    g_autoptr(GBytes) bytes = cmd_read_bytes(file, CAP_POLICY_BYTES, error);

    return bytes != NULL ? parse(bytes, shown, error) : NULL;
}

Policy *cmd_load_policy(const char *file, Change *change, GError **error) {
    g_autofree char *source = NULL;
    g_autoptr(GError) own = NULL;
    g_autoptr(GBytes) bytes = NULL;
    const char *base;

    if (file != NULL)
        return load_file(file, error);
    base = change_trusted_from(change);
    source = base != NULL ? g_strdup_printf("%s:%s", base, POLICY_FILE) : g_strdup(POLICY_FILE);
    bytes = change_trusted(change, POLICY_FILE, &own);
    if (own != NULL) {
        g_propagate_prefixed_error(error, g_steal_pointer(&own), "%s: ", source);
        return NULL;
    }
    const PolicyWords words = policy_words();
    return bytes != NULL ? parse(bytes, source, error) : policy_default(&words);
}

Change *cmd_open_worktree(GError **error) {
    g_autofree char *directory = g_get_current_dir();
    g_autoptr(Change) change = change_open(directory, error);

    if (change == NULL || !change_load(change, CHANGE_WORKTREE, NULL, NULL, NULL, error))
        return NULL;
    return g_steal_pointer(&change);
}

bool cmd_today(guint *ret_today) {
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    guint64 seconds = (guint64)(g_get_real_time() / G_USEC_PER_SEC);
    g_autoptr(GDateTime) now = NULL;
    guint64 last = 253402300799; /* of the year 9999 */

    if (epoch != NULL && !g_ascii_string_to_unsigned(epoch, 10, 0, last, &seconds, NULL)) {
        cmd_error("SOURCE_DATE_EPOCH is no number of seconds: '%s'", epoch);
        return false;
    }
    now = g_date_time_new_from_unix_utc((gint64)seconds);
    *ret_today = (guint)(g_date_time_get_year(now) * 10000 + g_date_time_get_month(now) * 100 +
                         g_date_time_get_day_of_month(now));
    return true;
}

bool cmd_color(const char *when, int fd, bool *ret_color) {
    const char *no_color = g_getenv("NO_COLOR"); /* no-color.org: present and not empty */

    if (when == NULL || strcmp(when, "auto") == 0)
        *ret_color =
            isatty(fd) && (no_color == NULL || *no_color == '\0') && g_strcmp0(g_getenv("TERM"), "dumb") != 0;
    else if (strcmp(when, "always") == 0 || strcmp(when, "never") == 0)
        *ret_color = when[0] == 'a';
    else {
        cmd_error("--color is auto, always or never, not '%s'", when);
        return false;
    }
    return true;
}

char *cmd_cache_folder(void) {
    const char *cache = g_getenv("XDG_CACHE_HOME"), *home = g_getenv("HOME");

    if (cache != NULL &&
        g_path_is_absolute(cache)) /* others count for nothing: XDG Base Directory Specification */
        return g_build_filename(cache, "sallyport", NULL);
    /* A home that is not there, as of a user of services, is not made. */
    return home != NULL && g_path_is_absolute(home) && g_file_test(home, G_FILE_TEST_IS_DIR)
               ? g_build_filename(home, ".cache", "sallyport", NULL)
               : NULL;
}

bool cmd_write(int fd, const char *text, gsize len) {
    while (len > 0) {
        ssize_t n = write(fd, text, len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            cmd_error("write: %s", g_strerror(errno));
            return false;
        }
        text += n;
        len -= (gsize)n;
    }
    return true;
}

/* A pipe or a device cannot be replaced by a new file: it is written to. */
static bool write_special(const char *path, const GString *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    bool written;

    if (fd < 0) {
        cmd_error("%s: %s", path, g_strerror(errno));
        return false;
    }
    written = cmd_write(fd, text->str, text->len);
    return close(fd) == 0 && written;
}

bool cmd_write_file(const char *path, const GString *text) {
    g_autofree char *folder = g_path_get_dirname(path);
    g_autoptr(GError) error = NULL;
    struct stat st;

    if (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return write_special(path, text);
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        cmd_error("%s: %s", folder, g_strerror(errno));
        return false;
    }
    if (!g_file_set_contents_full(path, text->str, (gssize)text->len, G_FILE_SET_CONTENTS_CONSISTENT, 0666,
                                  &error)) {
        cmd_error("%s", error->message);
        return false;
    }
    return true;
}

bool cmd_has_link(const char *root, const char *file) {
    g_auto(GStrv) parts = g_strsplit(file, "/", -1);
    g_autoptr(GString) path = g_string_new(root);
    struct stat st;

    for (char **part = parts; *part != NULL; part++) {
        g_string_append_printf(path, "/%s", *part);
        if (lstat(path->str, &st) == 0 && S_ISLNK(st.st_mode))
            return true;
    }
    return false;
}

int cmd_exit_status(Verdict verdict) {
    static const int statuses[] = {EXIT_PASSED, EXIT_REJECTED, EXIT_UNDECIDED};

    return statuses[verdict];
}
