#include "exec/shebang.h"

#include <stdbool.h>
#include <string.h>

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

/* The words of the first line behind the #!, without white space. */
static GPtrArray *words_of(const char *line, gsize len, char ***ret_split) {
    GPtrArray *words = g_ptr_array_new();
    gsize end = 0;

    while (end < len && line[end] != '\n' && line[end] != '\r' && line[end] != '\0')
        end++;
    g_autofree char *text = g_strndup(line, end);
    *ret_split = g_strsplit_set(text, " \t", -1);
    for (char **word = *ret_split; *word != NULL; word++)
        if (**word != '\0')
            g_ptr_array_add(words, *word);
    g_ptr_array_add(words, NULL);
    return words;
}

char *shebang_word(const char *head, gsize len) {
    g_auto(GStrv) split = NULL;

    if (len >= 3 && memcmp(head, "\xef\xbb\xbf", 3) == 0) {
        head += 3;
        len -= 3;
    }
    if (len < 2 || memcmp(head, "#!", 2) != 0)
        return NULL;
    g_autoptr(GPtrArray) words = words_of(head + 2, len - 2, &split);
    const char *first = words->pdata[0];
    if (first == NULL)
        return NULL;
    g_autofree char *program = shebang_program(first);
    return g_strdup(strcmp(program, "env") == 0 ? word_of_env((char **)words->pdata + 1) : first);
}

/* "/usr/bin/python3.11" to "python". A "t" may follow the version (python3.13t: without the global lock). */
char *shebang_program(const char *word) {
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
