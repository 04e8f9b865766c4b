/* The lexers against the languages' own, over source code that this machine has: Python's standard library
 * with tokenize, shell scripts with what bash makes of them, JavaScript with acorn. A part of the files, and
 * all of them with `-m slow`. */
#include "rules/lexer_testing.h"

/* Each prints for a file one line: its path, a tab, and "LETTER START END" for each token that is no code, in
 * bytes; "f" is a string that may hold code. Of the files each STEPth one, the argument. */
static const char python_script[] =
    "import os, re, sys, sysconfig, tokenize\n"
    "kinds = {'COMMENT': 'c', 'STRING': 's', 'FSTRING_START': 's', 'FSTRING_MIDDLE': 's', 'FSTRING_END': "
    "'s'}\n"
    "paths = sorted(os.path.join(folder, name) for folder, _, names in "
    "os.walk(sysconfig.get_path('stdlib'))\n"
    "               if '-packages' not in folder for name in names if name.endswith('.py'))\n"
    "for path in paths[::int(sys.argv[1])]:\n"
    "    with open(path, 'rb') as file:\n"
    "        data = file.read()\n"
    "    try:\n"
    "        text = data.decode('utf-8')\n"
    "        tokens = list(tokenize.tokenize(iter(data.splitlines(True)).__next__))\n"
    "    except Exception:\n"
    "        continue\n"
    "    if '\\r' in text or text.startswith('\\ufeff'):\n"
    "        continue\n"
    "    lines = text.split('\\n')\n"
    "    starts = [0]\n"
    "    for line in lines:\n"
    "        starts.append(starts[-1] + len(line.encode()) + 1)\n"
    "    def byte(row, column):\n"
    "        return starts[row - 1] + len(lines[row - 1][:column].encode()) if row <= len(lines) else "
    "len(data)\n"
    "    out = []\n"
    "    for token in tokens:\n"
    "        name = tokenize.tok_name[token.type]\n"
    "        if name not in kinds:\n"
    "            continue\n"
    "        start, end, kind = byte(*token.start), byte(*token.end), kinds[name]\n"
    "        if name == 'FSTRING_MIDDLE' and end > start and data[end - 1:end + 1] in (b'{{', b'}}'):\n"
    "            end += 1\n"
    "        if name == 'STRING' and re.match('[rR]?[fF]', token.string):\n"
    "            kind = 'f'\n"
    "        out.append(f'{kind} {start} {end}')\n"
    "    print(path, ' '.join(out), sep='\\t')\n";

static const char javascript_script[] =
    "const fs = require('fs');\n"
    "const modules = process.cwd() + '/.venv/node_modules/';\n"
    "const parser = require(modules + 'acorn').Parser.extend(require(modules + 'acorn-jsx')());\n"
    "const strings = new Set(['string', 'regexp', 'template', 'invalidTemplate', '`', 'jsxText']);\n"
    "const paths = fs.readdirSync(modules, {recursive: true}).filter((path) => "
    "/[.][cm]?js$/.test(path)).sort();\n"
    "const step = Number(process.argv[1]);\n"
    "for (let i = 0; i < paths.length; i += step) {\n"
    "  const path = modules + paths[i], data = fs.readFileSync(path), text = data.toString('latin1');\n"
    "  let onToken, onComment, read = false;\n"
    "  for (const sourceType of ['module', 'script']) {\n"
    "    try {\n"
    "      onToken = [];\n"
    "      onComment = [];\n"
    "      parser.parse(text, {ecmaVersion: 'latest', sourceType, onToken, onComment});\n"
    "      read = true;\n"
    "      break;\n"
    "    } catch { }\n"
    "  }\n"
    "  if (!read) continue;\n"
    "  const out = text.startsWith('#!') ? [`c 0 ${(text + '\\n').indexOf('\\n')}`] : [];\n"
    "  for (const {start, end} of onComment) out.push(`c ${start} ${end}`);\n"
    "  for (const {type, start, end} of onToken)\n"
    "    if (strings.has(type.label) && end > start) out.push(`s ${start} ${end}`);\n"
    "  console.log(path + '\\t' + out.join(' '));\n"
    "}\n";

static char *output_of(const char *const *argv) {
    g_autoptr(GError) error = NULL;
    char *out = NULL;
    int status = 0;

    g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                 &out, NULL, &status, &error);
    g_assert_no_error(error);
    if (g_spawn_check_wait_status(status, NULL))
        return out;
    g_free(out);
    return NULL;
}

/* What the lexer says is what the line says; line ends may be of either side. */
static void assert_same(const char *language, const char *path, char **tokens) {
    g_autofree char *text = NULL, *letters = NULL, *wanted = NULL;
    gsize len;

    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    letters = letters_of(language, text, len);
    wanted = g_strnfill(len, '.');
    for (char **token = tokens; token[0] != NULL && token[1] != NULL && token[2] != NULL; token += 3) {
        gsize start = g_ascii_strtoull(token[1], NULL, 10), end = g_ascii_strtoull(token[2], NULL, 10);

        g_assert_cmpuint(end, <=, len);
        memset(wanted + start, **token, end - start);
    }
    for (gsize i = 0; i < len; i++) {
        bool same = letters[i] == wanted[i] || (wanted[i] == 'f' && letters[i] != 'c');

        if (same || text[i] == '\n' || text[i] == '\r')
            continue;
        g_test_message("%s at byte %zu, wanted '%c', got '%c': %.60s", path, i, wanted[i], letters[i],
                       text + i);
        g_assert_not_reached();
    }
}

static void compare(const char *language, const char *const *argv, guint least) {
    g_autofree char *out = output_of(argv);
    guint count = 0;

    g_assert_nonnull(out);
    g_auto(GStrv) lines = g_strsplit(out, "\n", -1);
    for (char **line = lines; *line != NULL && **line != '\0'; line++, count++) {
        char *tab = strchr(*line, '\t');

        g_assert_nonnull(tab);
        *tab = '\0';
        g_auto(GStrv) tokens = g_strsplit(tab + 1, " ", -1);
        assert_same(language, *line, tokens);
    }
    g_test_message("%u files", count);
    g_assert_cmpuint(count, >=, least);
}

static void test_python(void) {
    const char *argv[] = {"python3", "-c", python_script, g_test_slow() ? "1" : "40", NULL};

    compare("python", argv, 10);
}

static void test_javascript(void) {
    const char *argv[] = {"node", "-e", javascript_script, g_test_slow() ? "1" : "20", NULL};

    if (!g_file_test(".venv/node_modules/acorn", G_FILE_TEST_IS_DIR))
        g_test_skip("eslint is not installed"); /* acorn comes with it */
    else
        compare("javascript", argv, 10);
}

/* The shell's own reading of a script, without its comments; NULL where it cannot read it. */
static char *printed(const char *path) {
    const char *argv[] = {"bash", "--pretty-print", path, NULL};

    return output_of(argv);
}

/* Whether the script is the same without what the lexer takes for comments, so that none of it was code. */
static bool compare_script(const char *path, const char *blanked) {
    g_autofree char *text = NULL, *letters = NULL, *before = NULL, *after = NULL;
    gsize len;

    if (!g_file_get_contents(path, &text, &len, NULL) || !g_str_has_prefix(text, "#!/bin/") ||
        strstr(text, "sh\n") == NULL || strchr(text, '\n') < strstr(text, "sh\n") ||
        (before = printed(path)) == NULL)
        return false;
    letters = letters_of("shell", text, len);
    g_test_message("%s", path);
    g_assert_null(strchr(letters, '?'));
    for (gsize i = 0; i < len; i++) {
        /* Nor is a comment taken for code. */
        g_assert_false(text[i] == '#' && letters[i] == '.' && (i == 0 || letters[i - 1] == '\n'));
        if (letters[i] == 'c')
            text[i] = ' ';
    }
    g_assert_true(g_file_set_contents(blanked, text, (gssize)len, NULL));
    after = printed(blanked);
    g_assert_cmpstr(after, ==, before);
    return true;
}

static void test_shell(void) {
    static const char *const folders[] = {"/usr/bin", "/usr/sbin", "/usr/lib/git-core"};
    g_autofree char *blanked = g_build_filename(g_get_tmp_dir(), "lexer-shell", NULL);
    guint count = 0;

    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autoptr(GDir) folder = g_dir_open(folders[i], 0, NULL);

        for (const char *name; folder != NULL && (name = g_dir_read_name(folder)) != NULL;) {
            g_autofree char *path = g_build_filename(folders[i], name, NULL);

            if (count < 60 || g_test_slow())
                count += compare_script(path, blanked);
        }
    }
    g_test_message("%u scripts", count);
    g_assert_cmpuint(count, >=, 10);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/trees/python", test_python);
    g_test_add_func("/lexer/trees/javascript", test_javascript);
    g_test_add_func("/lexer/trees/shell", test_shell);
    return g_test_run();
}
