/* #! lines as they are met. */
#include "exec/shebang.h"

#include <string.h>

static void test_words(void) {
    static const struct {
        const char *head, *word, *program;
    } cases[] = {
        {"#!/bin/sh\n", "/bin/sh", "sh"},
        {"#! /usr/bin/python3.11 -I\nimport os\n", "/usr/bin/python3.11", "python"},
        {"#!/usr/bin/env bash\n", "bash", "bash"},
        {"#!/usr/bin/env -S node --no-warnings\n", "node", "node"},
        {"#!/usr/bin/env -Spython3\n", "python3", "python"},
        {"#!/usr/bin/env -u PATH A=b python3.13t\n", "python3.13t", "python"},
        {"\xef\xbb\xbf#!/bin/bash\r\n", "/bin/bash", "bash"},
        {"#!/bin/sh", "/bin/sh", "sh"},
        {"#!\n", NULL, NULL},
        {"#!/usr/bin/env\n", NULL, NULL},
        {"# !/bin/sh\n", NULL, NULL},
        {"", NULL, NULL},
        {"\177ELF", NULL, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *word = shebang_word(cases[i].head, strlen(cases[i].head));
        g_autofree char *program = word != NULL ? shebang_program(word) : NULL;

        g_assert_cmpstr(word, ==, cases[i].word);
        g_assert_cmpstr(program, ==, cases[i].program);
    }
}

/* Only what was read is looked at. */
static void test_length(void) {
    g_autofree char *word = shebang_word("#!/bin/shell", 9);

    g_assert_cmpstr(word, ==, "/bin/sh");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/shebang/words", test_words);
    g_test_add_func("/shebang/length", test_length);
    return g_test_run();
}
