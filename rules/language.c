#include "rules/rule.h"

#include <string.h>

typedef struct {
    const char *language;
    const char *words; /* separated by spaces */
} Words;

/* By the end of the name. Case counts: a compiler takes .C for C++. Without a fit, lower case is tried. */
static const Words by_extension[] = {
    {"python", "py pyi pyw pyx pxd"},
    {"shell", "sh bash dash ksh zsh bats"},
    {"javascript", "js mjs cjs jsx"},
    {"typescript", "ts mts cts tsx"},
    {"c", "c h"},
    {"cpp", "C H cc cpp cxx c++ hh hpp hxx h++ ipp tpp inl"},
    {"yaml", "yaml yml"},
    {"json", "json jsonc json5 ipynb"},
    {"toml", "toml"},
    {"ini", "ini cfg conf properties env"},
    {"markdown", "md markdown mdx"},
    {"html", "html htm xhtml vue svelte"},
    {"css", "css scss sass less"},
    {"xml", "xml xsd xsl xslt svg"},
    {"go", "go"},
    {"rust", "rs"},
    {"java", "java"},
    {"kotlin", "kt kts"},
    {"scala", "scala"},
    {"csharp", "cs"},
    {"swift", "swift"},
    {"ruby", "rb rake gemspec"},
    {"perl", "pl pm t"},
    {"php", "php phtml"},
    {"lua", "lua"},
    {"sql", "sql"},
    {"make", "mk mak"},
    {"cmake", "cmake"},
    {"dockerfile", "dockerfile"},
    {"powershell", "ps1 psm1 psd1"},
    {"terraform", "tf tfvars hcl"},
};

/* By the whole name. */
static const Words by_name[] = {
    {"python", "SConstruct SConscript wscript"},
    {"shell",
     ".bashrc .bash_profile .bash_logout .profile .zshrc .zshenv .zprofile .envrc PKGBUILD APKBUILD"},
    {"make", "Makefile makefile GNUmakefile"},
    {"cmake", "CMakeLists.txt"},
    {"dockerfile", "Dockerfile Containerfile"},
    {"ruby", "Rakefile Gemfile Vagrantfile"},
    {"ini", ".env .npmrc .pypirc .gitconfig .editorconfig"},
    {"toml", "Cargo.lock poetry.lock uv.lock Pipfile"},
    {"json", "Pipfile.lock .babelrc .eslintrc"},
};

/* By the program of a #! line, without the version at its end. */
static const Words by_interpreter[] = {
    {"python", "python pypy ipython uv pipx"},
    {"shell", "sh bash dash ash ksh mksh zsh busybox bats"},
    {"javascript", "node nodejs bun"},
    {"typescript", "deno tsx ts-node"},
    {"perl", "perl"},
    {"ruby", "ruby"},
    {"php", "php"},
    {"lua", "lua luajit"},
    {"make", "make"},
    {"powershell", "pwsh"},
};

static const char *const languages[] = {
    "any",  "c",          "cmake",  "cpp",        "csharp", "css",   "dockerfile", "go",       "html",
    "ini",  "java",       "json",   "javascript", "kotlin", "lua",   "make",       "markdown", "perl",
    "php",  "powershell", "python", "ruby",       "rust",   "scala", "shell",      "sql",      "swift",
    "text", "terraform",  "toml",   "typescript", "xml",    "yaml",  NULL};

const char *const *rule_languages(void) {
    return languages;
}

static bool has_word(const char *words, const char *word) {
    gsize len = strlen(word);
    for (const char *found = strstr(words, word); found && len > 0; found = strstr(found + 1, word))
        if ((found == words || found[-1] == ' ') && (found[len] == '\0' || found[len] == ' '))
            return true;
    return false;
}

static const char *look_up(const Words *table, gsize count, const char *word) {
    if (strchr(word, ' '))
        return NULL;
    for (gsize i = 0; i < count; i++)
        if (has_word(table[i].words, word))
            return table[i].language;
    return NULL;
}

static const char *language_of_name(const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *language = look_up(by_name, G_N_ELEMENTS(by_name), name);
    const char *dot = strrchr(name, '.');
    if (language || !dot)
        return language;
    language = look_up(by_extension, G_N_ELEMENTS(by_extension), dot + 1);
    if (language)
        return language;
    g_autofree char *lower = g_ascii_strdown(dot + 1, -1);
    return look_up(by_extension, G_N_ELEMENTS(by_extension), lower);
}

/* "/usr/bin/python3.11" to "python". A "t" may follow the version (python3.13t: without the global lock). */
static char *program_of(const char *word) {
    const char *slash = strrchr(word, '/');
    char *program = g_strdup(slash ? slash + 1 : word);
    gsize len = strlen(program);
    if (len > 1 && program[len - 1] == 't' && g_ascii_isdigit(program[len - 2]))
        len--;
    while (len > 0 &&
           (g_ascii_isdigit(program[len - 1]) || program[len - 1] == '.' || program[len - 1] == '-'))
        len--;
    program[len] = '\0';
    return program;
}

/* The word that env(1) starts, or NULL: past its options and the variables that it sets. */
static const char *word_of_env(char **words) {
    static const char *const with_value[] = {"-u", "--unset", "-C", "--chdir", "-a", "--argv0", NULL};
    for (; *words; words++) {
        if (g_str_has_prefix(*words, "--split-string="))
            return *words + strlen("--split-string=");
        if (g_strv_contains(with_value, *words) && words[1])
            words++;
        else if (**words == '-' && (*words)[1] != '-' && strchr(*words, 'S') && strchr(*words, 'S')[1])
            return strchr(*words, 'S') + 1; /* -Spython3, -vSpython3 */
        else if (**words != '-' && !strchr(*words, '='))
            return *words;
    }
    return NULL;
}

static const char *language_of_head(const char *head, gsize len) {
    if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) {
        head += 3;
        len -= 3;
    }
    if (len < 2 || memcmp(head, "#!", 2) != 0)
        return NULL;
    gsize end = 2;
    while (end < len && head[end] != '\n' && head[end] != '\r' && head[end] != '\0')
        end++;
    g_autofree char *line = g_strndup(head + 2, end - 2);
    g_auto(GStrv) split = g_strsplit_set(line, " \t", -1);
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (char **word = split; *word; word++)
        if (**word)
            g_ptr_array_add(words, *word);
    if (words->len == 0)
        return NULL;
    g_ptr_array_add(words, NULL);
    g_autofree char *program = program_of(words->pdata[0]);
    if (strcmp(program, "env") == 0) {
        const char *word = word_of_env((char **)words->pdata + 1);
        g_free(program);
        program = program_of(word ? word : "");
    }
    return look_up(by_interpreter, G_N_ELEMENTS(by_interpreter), program);
}

const char *rule_language_of(const char *path, const char *head, gsize len) {
    const char *language = language_of_name(path);
    if (!language)
        language = language_of_head(head, len);
    return language ? language : "text";
}
