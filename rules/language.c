#include "rules/rule.h"

#include "exec/shebang.h"

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
    {"batch", "bat cmd"},
    {"dart", "dart"},
    {"elixir", "ex exs"},
    {"erlang", "erl hrl"},
    {"groovy", "groovy gradle"},
    {"haskell", "hs lhs elm purs agda idr"},
    {"julia", "jl"},
    {"lisp", "lisp lsp el scm ss rkt clj cljs cljc"},
    {"protobuf", "proto"},
    {"r", "r R"},
    {"tex", "tex sty cls ltx"},
    {"vb", "vb vbs bas"},
    {"vim", "vim"},
    {"pascal", "pas pp dpr lpr"},
    {"asm", "s S asm nasm"},
};

/* By the whole name. */
static const Words by_name[] = {
    {"python", "SConstruct SConscript wscript"},
    {"shell",
     ".bashrc .bash_profile .bash_logout .profile .zshrc .zshenv .zprofile .envrc PKGBUILD APKBUILD"},
    {"make", "Makefile makefile GNUmakefile"},
    {"cmake", "CMakeLists.txt"},
    {"dockerfile", "Dockerfile Containerfile"},
    {"groovy", "Jenkinsfile"},
    {"vim", ".vimrc _vimrc .gvimrc vimrc"},
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
    "any",        "asm",    "batch",      "c",         "cmake",  "cpp",     "csharp", "css",        "dart",
    "dockerfile", "elixir", "erlang",     "go",        "groovy", "haskell", "html",   "ini",        "java",
    "javascript", "json",   "julia",      "kotlin",    "lisp",   "lua",     "make",   "markdown",   "pascal",
    "perl",       "php",    "powershell", "protobuf",  "python", "r",       "ruby",   "rust",       "scala",
    "shell",      "sql",    "swift",      "terraform", "tex",    "text",    "toml",   "typescript", "vb",
    "vim",        "xml",    "yaml",       NULL};

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

static const char *language_of_head(const char *head, gsize len) {
    g_autofree char *word = shebang_word(head, len);
    g_autofree char *program = word != NULL ? shebang_program(word) : NULL;

    return program != NULL ? look_up(by_interpreter, G_N_ELEMENTS(by_interpreter), program) : NULL;
}

const char *rule_language_of(const char *path, const char *head, gsize len) {
    const char *language = language_of_name(path);
    if (!language)
        language = language_of_head(head, len);
    return language ? language : "text";
}

char *rule_language_example(const char *language) {
    for (gsize i = 0; i < G_N_ELEMENTS(by_extension); i++)
        if (strcmp(by_extension[i].language, language) == 0)
            return g_strdup_printf("example.%.*s", (int)strcspn(by_extension[i].words, " "),
                                   by_extension[i].words);
    return g_strdup("example");
}
