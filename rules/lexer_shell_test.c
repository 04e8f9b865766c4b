#include "rules/lexer_testing.h"

static const struct {
    const char *text, *places;
} cases[] = {
    {"", ""},
    {"#!/bin/sh\necho a # b\n", "ccccccccc\n.......ccc\n"},
    {"echo '# a' \"# b\" # c", ".....sssss.sssss.ccc"},
    {"echo $# ${a#b} a#b \\' # c", "......................ccc"},
    {"echo ${#a} ${#} $((16#ff)) # c", "...........................ccc"},
    {"a;#b\nc&#d\n(#e)", "..cc\n..cc\n...."},
    {"( # e'\n'f')", "..cccc\nsss."},
    {"echo \\# a\\ #b", "............."},
    {"echo 'a\n# b\n' # c", ".....ss\nsss\ns.ccc"},
    {"echo a\\\n#b", ".......\n.."},
    {"echo \\\n# b", "......\nccc"},
    /* quotes */
    {"'a\\' b", "ssss.."},
    {"\"a\\\"b\" c", "ssssss.."},
    {"$'a\\'b' c", "sssssss.."},
    {"$\"a\" b", "ssss.."},
    {"\"$'a\" 'b'", "sssss.sss"},
    {"a'b'\"c\"d", ".ssssss."},
    {"\"a", "??"},
    {"echo 'a\nb", ".....??\n?"},
    /* expansions within strings */
    {"\"a $(echo \"b\" 'c') d\" # e", "sss.......sss.sss.sss.ccc"},
    {"\"a `echo 'b'` c\" # d", "sss......sss.sss.ccc"},
    {"\"$(a # it's\n)\" b", "s....cccccc\n.s.."},
    {"`a # it's` b", "...cccccc..."},
    {"\"${a:-'}\" # c", "sssssssss.ccc"},
    {"\"${a#'}'}\" # c", "ssssssssss.ccc"},
    {"\"${a:-\"b c\"}\" # d", "sssssssssssss.ccc"},
    {"\"${a:-$(b 'c')}\" # d", "ssssss....sss.ss.ccc"},
    {"${a:-'}'} # c", ".....sss..ccc"},
    {"\"${a[$i]} ${!b} ${#c[@]} ${d//\\\"/}\" # e", "sssssssssssssssssssssssssssssssssss.ccc"},
    {"\"$((1 + $(b)))\" # c", "s.............s.ccc"},
    {"$(a $(b \"c $(d)\") e) # f", "........sss....s.....ccc"},
    /* arithmetic and substitutions */
    {"x=$((1<<n))\n# c\n", "...........\nccc\n"},
    {"((x = 1 << 2)) # c\n# d", "...............ccc\nccc"},
    {"x=$( (a); b ) # c", "..............ccc"},
    {"x=$((a); b) # c", "............ccc"},
    {"((a); (b)) # c", "...........ccc"},
    {"x=$((a[(1)])) # c", "..............ccc"},
    {"diff <(a 'b') >(c \"d\") # e", ".........sss......sss..ccc"},
    {"[[ $a =~ ^(#|;) ]] # c", "...................ccc"},
    {"[[ a =~ b ]] # c", ".............ccc"},
    /* case */
    {"x=$(case a in a) b;; (c|d) e;; esac) # f", ".....................................ccc"},
    {"\"$(case $a in\n'b') c ;;\n*) d;& # e\nesac)\"", "s............\nsss......\n.......ccc\n.....s"},
    {"x=$(case a in b) case c in d) e;; esac;; esac) # f",
     "...............................................ccc"},
    {"x=$(echo case in a) # f", "....................ccc"},
    {"x=$(case in in in) a;; esac) # f", ".............................ccc"},
    {"x=$(if a; then case b in c) d;; esac; fi) # f", "..........................................ccc"},
    {"case a in esac # b", "...............ccc"},
    /* here-documents */
    {"cat <<EOF # a\n# b\nEOF\n# c", "..........ccc\nsss\nsss\nccc"},
    {"cat <<-'A' <<\\B\n# a\n\tA\n# b\nB\n# c", "...............\nsss\nss\nsss\ns\nccc"},
    {"cat <<-A\n\t$(b 'c')\n\tA\n'd'", "........\ns....sss.\nss\nsss"},
    {"cat <<'A'\n$(b 'c')\nA\n'd'", ".........\nssssssss\ns\nsss"},
    {"cat <<A\nit's \\$(b) `c \"d\"`\nA\n# e", ".......\nsssssssssss...sss.\ns\nccc"},
    {"cat <<A <<B\na\nA\nb\nB\n# c", "...........\ns\ns\ns\ns\nccc"},
    {"cat <<\"A B\"\na\nA B\n# c", "...........\ns\nsss\nccc"},
    {"cat <<A; echo 'b'\nc\nA", "..............sss\ns\ns"},
    {"x=$(cat <<A\nit's )\nA\n) # b", "...........\nssssss\ns\n..ccc"},
    {"cat <<A\n A\nAA\nA\n# c", ".......\nss\nss\ns\nccc"},
    {"cat <<A\r\nb\r\nA\r\n# c", "........\nss\nss\nccc"},
    {"cat <<A\nb", ".......\n?"},
    {"cat <<<word\n# c", "...........\nccc"},
    {"cat <<<'word' # c", ".......ssssss.ccc"},
    {"cat <<'A B'\n# a\nA B\n# c", "...........\nsss\nsss\nccc"},
    {"x=\"$(f \"a # b\" '(' $((1))) # s\" # c", "..s....sssssss.sss........sssss.ccc"},
    /* the way people write */
    {"for i in {1..3}; do a[$i]=(\"$b\"); done # c", "...........................ssss........ccc"},
    {"if [ \"$#\" -gt 0 ]; then :; fi # c", ".....ssss.....................ccc"},
    {"sed -e 's/#.*//' -e \"s/'//\" # c", ".......sssssssss....sssssss.ccc"},
    {"awk '{ print \"#\" $1 }' # it's", "....ssssssssssssssssss.cccccc"},
    {"find . -name '*.c' -exec rm {} \\; # c", ".............sssss................ccc"},
    {"f() { # c\n  echo 'a'; }", "......ccc\n.......sss..."},
    {"echo a\\\\ # c", ".........ccc"},
    {"PS1='$(x)' # c", "....ssssss.ccc"},
    {"eval \"$x='$y'\" # c", ".....sssssssss.ccc"},
    {"trap 'rm -f \"$t\"' EXIT # c", ".....ssssssssssss......ccc"},
    {"setopt x; a=(*(#q) b) # c", "......................ccc"},
};

static void test_places(void) {
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_places("shell", cases[i].text, cases[i].places);
}

static void test_depth(void) {
    g_autoptr(GString) text = g_string_new(NULL);

    for (guint i = 0; i < CAP_LEXER_DEPTH; i++)
        g_string_append(text, "\"$(");
    g_string_append(text, " # b");
    g_autofree char *places = letters_of("shell", text->str, text->len);
    g_assert_null(strchr(places, 'c'));
    g_assert_true(g_str_has_suffix(places, "????"));
}

static void test_time(void) {
    static const char *const parts[] = {
        "\"",      "'",          "$(",     "`",           "${",
        "${a[",    "$((",        "((",     "<<A\n",       "<<'A'\n",
        "<<\"A",   "case x in ", "a) ;; ", "\\",          "$'\\'",
        "\"${a:-", "=~ (",       "# `",    "`# ",         "<<A <<B ",
        "<<\\\n",  ")",          "esac ",  "<<-A\n\tA\n", "\"$(case a in b)\" "};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
        assert_linear("shell", parts[i]);
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lexer/shell/places", test_places);
    g_test_add_func("/lexer/shell/depth", test_depth);
    g_test_add_func("/lexer/shell/time", test_time);
    return g_test_run();
}
