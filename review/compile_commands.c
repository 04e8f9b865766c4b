#include "review/compile_commands.h"

#include <jansson.h>
#include <string.h>

#define MOST_FLAGS 4096u /* of one file */

typedef struct {
    GPtrArray *flags; /* of char * */
    const char *language;
} Entry;

struct CompileCommands {
    char *root;          /* absolute; NULL: not known */
    GHashTable *entries; /* path -> Entry */
};

static void entry_free(gpointer data) {
    Entry *entry = data;

    g_ptr_array_unref(entry->flags);
    g_free(entry);
}

void compile_commands_free(CompileCommands *commands) {
    if (commands == NULL)
        return;
    g_hash_table_unref(commands->entries);
    g_free(commands->root);
    g_free(commands);
}

/* Paths. */

/* Relative to the root, "" for the root itself; NULL for what lies elsewhere. */
static char *within(const char *root, const char *path) {
    gsize len = strlen(root);

    if (strncmp(path, root, len) != 0 || (path[len] != '/' && path[len] != '\0'))
        return NULL;
    return g_strdup(path[len] == '/' ? path + len + 1 : "");
}

/* The same of a path as an entry has it. Where the root is not known, or the entry was written elsewhere,
 * relative names are the root's. */
static char *in_repository(const CompileCommands *commands, const char *directory, const char *path) {
    static const char nowhere[] = "/repository"; /* stands for the root */
    const char *root = commands->root != NULL ? commands->root : nowhere;
    g_autofree char *base = NULL, *clean = NULL, *inside = NULL;

    if (directory != NULL && g_path_is_absolute(directory))
        inside = within(root, directory);
    else
        inside = g_strdup(directory != NULL ? directory : "");
    base = g_build_filename(root, inside != NULL ? inside : "", NULL);
    clean = g_canonicalize_filename(path, base);
    return within(root, clean);
}

/* The argument of an option that names a folder; NULL where clang must not look there. */
static char *folder_of(const CompileCommands *commands, const char *directory, const char *path) {
    g_autofree char *inside = NULL, *clean = NULL;

    if (*path == '\0' || *path == '=') /* -I=DIR: below the system root */
        return NULL;
    inside = in_repository(commands, directory, path);
    if (inside != NULL)
        return g_strconcat("./", inside, NULL);
    clean = g_path_is_absolute(path) ? g_canonicalize_filename(path, "/") : NULL;
    return clean != NULL && g_str_has_prefix(clean, "/usr/") ? g_steal_pointer(&clean) : NULL;
}

/* Flags. */

static bool is_language_flag(const char *flag) {
    static const char *const known[] = {"-ansi",
                                        "-nostdinc",
                                        "-nostdinc++",
                                        "-pthread",
                                        "-m32",
                                        "-m64",
                                        "-fsigned-char",
                                        "-funsigned-char",
                                        "-fno-signed-char",
                                        "-fshort-enums",
                                        "-fshort-wchar",
                                        "-fms-extensions",
                                        "-fgnu89-inline",
                                        "-fgnu-keywords",
                                        "-fno-gnu-keywords",
                                        "-fexceptions",
                                        "-fno-exceptions",
                                        "-frtti",
                                        "-fno-rtti",
                                        "-fchar8_t",
                                        "-fno-char8_t",
                                        "-ffreestanding",
                                        "-fhosted",
                                        "-fno-builtin",
                                        "-fblocks",
                                        "-fasm",
                                        "-fno-asm",
                                        "-fopenmp",
                                        "-fopenmp-simd",
                                        "-fcoroutines",
                                        "-fno-operator-names",
                                        "-fdeclspec",
                                        NULL};

    return g_strv_contains(known, flag);
}

static bool is_standard(const char *flag) {
    return g_str_has_prefix(flag, "-std=") && flag[5] != '\0' &&
           strspn(flag + 5, "abcdefghijklmnopqrstuvwxyz0123456789+:") == strlen(flag + 5);
}

/* Work on the arguments of one entry. */
typedef struct {
    const CompileCommands *commands;
    const char *directory;
    char **at; /* the next argument */
    Entry *entry;
} Reader;

/* The value of the option `name`, joined to it or behind it; NULL: it is another one, or has none. */
static const char *value_of(Reader *reader, const char *name) {
    const char *flag = *reader->at;

    if (!g_str_has_prefix(flag, name))
        return NULL;
    if (flag[strlen(name)] != '\0')
        return flag + strlen(name);
    if (reader->at[1] == NULL)
        return NULL;
    reader->at++;
    return *reader->at;
}

static bool read_folder(Reader *reader) {
    static const char *const names[] = {"-isystem", "-iquote", "-idirafter", "-I"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = value_of(reader, names[i]);
        g_autofree char *folder =
            value != NULL ? folder_of(reader->commands, reader->directory, value) : NULL;

        if (folder != NULL)
            g_ptr_array_add(reader->entry->flags, g_strconcat(names[i], folder, NULL));
        if (value != NULL)
            return true;
    }
    return false;
}

static bool read_macro(Reader *reader) {
    static const char *const names[] = {"-D", "-U"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = value_of(reader, names[i]);

        if (value != NULL && (g_ascii_isalpha(*value) || *value == '_'))
            g_ptr_array_add(reader->entry->flags, g_strconcat(names[i], value, NULL));
        if (value != NULL)
            return true;
    }
    return false;
}

static bool read_language(Reader *reader) {
    const char *value = value_of(reader, "-x");

    if (value == NULL)
        return false;
    if (strcmp(value, "c") == 0 || strcmp(value, "c-header") == 0)
        reader->entry->language = "c";
    else if (strcmp(value, "c++") == 0 || strcmp(value, "c++-header") == 0)
        reader->entry->language = "cpp";
    return true;
}

/* Options whose argument stands behind them; without this it would be taken for one more. */
static void skip_argument(Reader *reader) {
    static const char *const names[] = {"-o",           "-MF",
                                        "-MT",          "-MQ",
                                        "-include",     "-imacros",
                                        "-Xclang",      "-Xlinker",
                                        "-Xassembler",  "-Xpreprocessor",
                                        "-L",           "-l",
                                        "-isysroot",    "--sysroot",
                                        "-target",      "-arch",
                                        "-T",           "-u",
                                        "-z",           "-iprefix",
                                        "-iwithprefix", "-iwithprefixbefore",
                                        "-include-pch", "-mllvm",
                                        "-cxx-isystem", "-F",
                                        "-iframework",  NULL};

    if (g_strv_contains(names, *reader->at) && reader->at[1] != NULL)
        reader->at++;
}

static void read_flags(Reader *reader) {
    for (; *reader->at != NULL && reader->entry->flags->len < MOST_FLAGS; reader->at++) {
        if (read_folder(reader) || read_macro(reader) || read_language(reader))
            continue;
        if (is_standard(*reader->at) || is_language_flag(*reader->at))
            g_ptr_array_add(reader->entry->flags, g_strdup(*reader->at));
        else
            skip_argument(reader);
    }
}

/* Entries. */

/* The words of a command; NULL where it has none. */
static GStrv arguments_of(const json_t *object) {
    const json_t *list = json_object_get(object, "arguments"), *value;
    const char *command = json_string_value(json_object_get(object, "command"));
    g_autoptr(GPtrArray) words = NULL;
    GStrv argv = NULL;
    gsize i;

    if (json_is_array(list)) {
        words = g_ptr_array_new_with_free_func(g_free);
        json_array_foreach(list, i, value) {
            if (json_is_string(value))
                g_ptr_array_add(words, g_strdup(json_string_value(value)));
        }
        g_ptr_array_add(words, NULL);
        return (GStrv)g_ptr_array_steal(words, NULL);
    }
    return command != NULL && g_shell_parse_argv(command, NULL, &argv, NULL) ? argv : NULL;
}

static void read_entry(CompileCommands *commands, const json_t *object) {
    const char *file = json_string_value(json_object_get(object, "file"));
    const char *directory = json_string_value(json_object_get(object, "directory"));
    g_autofree char *path = file != NULL ? in_repository(commands, directory, file) : NULL;
    g_auto(GStrv) argv = path != NULL ? arguments_of(object) : NULL;
    Reader reader = {.commands = commands, .directory = directory};

    if (argv == NULL || argv[0] == NULL || g_hash_table_contains(commands->entries, path))
        return;
    reader.entry = g_new0(Entry, 1);
    reader.entry->flags = g_ptr_array_new_with_free_func(g_free);
    reader.at = argv + 1; /* behind the compiler */
    read_flags(&reader);
    g_hash_table_insert(commands->entries, g_steal_pointer(&path), reader.entry);
}

CompileCommands *compile_commands_parse(const char *text, gsize len, const char *root, GError **error) {
    json_error_t wrong;
    json_t *list = json_loadb(text, len, 0, &wrong), *object;
    CompileCommands *commands;
    gsize i;

    if (!json_is_array(list)) {
        if (list != NULL)
            g_set_error_literal(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "is not a list of commands");
        else
            g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "line %d: %s", wrong.line, wrong.text);
        json_decref(list);
        return NULL;
    }
    commands = g_new0(CompileCommands, 1);
    commands->root = g_strdup(root);
    commands->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free);
    json_array_foreach(list, i, object) {
        read_entry(commands, object);
    }
    json_decref(list);
    return commands;
}

const char *const *compile_commands_paths(void) {
    static const char *const paths[] = {"compile_commands.json", "build/compile_commands.json", NULL};

    return paths;
}

CompileCommands *compile_commands_load(Change *change, GError **error) {
    const char *const *paths = compile_commands_paths();

    for (gsize i = 0; paths[i] != NULL; i++) {
        g_autoptr(GError) own = NULL;
        g_autoptr(GBytes) bytes = change_trusted(change, paths[i], &own);
        CompileCommands *commands = NULL;
        gsize len;
        const char *text = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;

        if (bytes == NULL && own == NULL)
            continue;
        if (own == NULL)
            commands = compile_commands_parse(text != NULL ? text : "", text != NULL ? len : 0,
                                              change_root(change), &own);
        if (commands == NULL)
            g_propagate_prefixed_error(error, g_steal_pointer(&own), "%s: ", paths[i]);
        return commands;
    }
    return NULL;
}

bool compile_commands_flags(const CompileCommands *commands, const char *path, GPtrArray *flags,
                            const char **ret_language) {
    const Entry *entry = commands != NULL ? g_hash_table_lookup(commands->entries, path) : NULL;

    if (entry == NULL)
        return false;
    for (guint i = 0; i < entry->flags->len; i++)
        g_ptr_array_add(flags, g_strdup(entry->flags->pdata[i]));
    if (entry->language != NULL)
        *ret_language = entry->language;
    return true;
}
