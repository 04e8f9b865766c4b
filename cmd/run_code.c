#include "cmd/cmd.h"
#include "cmd/run.h"

#include "exec/caps.h"
#include "exec/text.h"

#include <string.h>

void run_code_clear(RunCode *code) {
    g_free(code->name);
    g_free(code->text);
}

static bool read_code_file(const char *path, RunCode *code) {
    g_autoptr(GBytes) bytes = cmd_read(path, CAP_SNIPPET_BYTES);

    if (bytes == NULL)
        return false;
    code->text = g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    code->len = g_bytes_get_size(bytes);
    return true;
}

static bool set_named_language(const char *name, const Policy *policy, RunCode *code) {
    g_auto(GStrv) names = policy_language_names(policy, language_names());
    g_autofree char *meant = text_did_you_mean(name, (const char *const *)names);
    g_autofree char *all = g_strjoinv(", ", names);

    code->own = policy_language_find(policy, name);
    code->language = code->own == NULL ? language_meant(name) : NULL;
    if (code->language == NULL && code->own == NULL)
        cmd_error("no such language '%s'%s; there are %s", name, meant, all);
    return code->language != NULL || code->own != NULL;
}

static bool set_language(const RunFlags *flags, const Policy *policy, RunCode *code) {
    if (flags->lang != NULL)
        return set_named_language(flags->lang, policy, code);
    if (code->name != NULL) {
        code->own = policy_language_of_file(policy, code->name);
        code->language = code->own == NULL ? language_of_file(code->name, code->text, code->len) : NULL;
        if (code->language == NULL && code->own == NULL)
            cmd_error("%s: neither its name nor a #! line says in which language it is; use --lang",
                      code->name);
        return code->language != NULL || code->own != NULL;
    }
    code->language = language_of_file("", code->text, code->len);
    code->language = code->language != NULL ? code->language : language_find("python");
    return true;
}

/* A line, as from a file: without its end a linter would have something to say of it. */
static bool take_text(const char *text, RunCode *code) {
    code->text = g_str_has_suffix(text, "\n") ? g_strdup(text) : g_strconcat(text, "\n", NULL);
    code->len = strlen(code->text);
    if (code->len <= CAP_SNIPPET_BYTES)
        return true;
    cmd_error("-c: larger than the %u bytes that can be run", CAP_SNIPPET_BYTES);
    return false;
}

/* What is run: -c, a file, or stdin; words behind it are its arguments. */
static bool read_text(const RunFlags *flags, RunCode *code) {
    char **words = flags->words;

    code->args = words;
    if (flags->code != NULL)
        return take_text(flags->code, code);
    if (words == NULL || words[0] == NULL) {
        cmd_error("what is to be run? Give -c CODE, a FILE, or - for stdin (see 'sallyport run --help')");
        return false;
    }
    code->args = words + 1;
    if (strcmp(words[0], "-") == 0) {
        if (flags->input != NULL && strcmp(flags->input, "-") == 0) {
            cmd_error("- and --stdin - cannot both read the standard input");
            return false;
        }
        return read_code_file("/dev/stdin", code);
    }
    code->name = g_path_get_basename(words[0]);
    return read_code_file(words[0], code);
}

bool run_code_read(const RunFlags *flags, const Policy *policy, RunCode *code) {
    if (!read_text(flags, code))
        return false;
    if (memchr(code->text, '\0', code->len) != NULL) {
        cmd_error("not a text: there is a NUL byte in it, so it cannot be reviewed");
        return false;
    }
    if (!set_language(flags, policy, code))
        return false;
    if (code->name == NULL)
        code->name =
            g_strconcat("snippet", code->language != NULL ? language_extension(code->language) : "", NULL);
    return true;
}
