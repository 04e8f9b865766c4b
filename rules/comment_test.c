#include "rules/comment.h"

#include <string.h>

#define WORD "word:"

/* What is found, as "LINE:COLUMN-ENDCOLUMN>NEXT[text]" with a space between. */
static char *found(const char *language, const char *text, gsize len) {
    g_autoptr(GArray) comments = comment_find(language, text, len, WORD, 5);
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < comments->len; i++) {
        const Comment *comment = &g_array_index(comments, Comment, i);

        g_string_append_printf(out, "%s%u:%u-%u>%u[%.*s]", i > 0 ? " " : "", comment->line, comment->column,
                               comment->end_column, comment->next_line, (int)(comment->end - comment->text),
                               text + comment->text);
    }
    return g_string_free(out, FALSE);
}

static void assert_found(const char *language, const char *text, const char *expected) {
    g_autofree char *got = found(language, text, strlen(text));
    g_autofree char *shown = g_strescape(text, NULL);

    g_test_message("%s: %s", language, shown);
    g_assert_cmpstr(got, ==, expected);
}

static void test_python(void) {
    assert_found("python", "x = 1  # word: a \nb\n", "1:10-17>0[word: a]");
    assert_found("python", "# word: a\r\nb\r\n", "1:3-10>2[word: a]");
    assert_found("python", "x = 1 # noqa  # word: a", "1:17-24>0[word: a]");
    assert_found("python", "# noqa  # word: a\nx\n", "1:11-18>2[word: a]");
    assert_found("python", "## word: a\nx\n", "1:4-11>2[word: a]");
    assert_found("python", "# about word: a\n", "");
    assert_found("python", "x = '# word: a'\ny = f'{a}# word: b'\n", "");
    assert_found("python", "'''\n# word: a\n'''\n# word: b\n", "4:3-10>5[word: b]");
    assert_found("python", "// word: a\n-- word: b\n/* word: c */\n", "");
    assert_found("python", "#word:a", "1:2-8>2[word:a]");
    assert_found("python", "", "");
}

/* Columns are code points; a byte order mark is none. */
static void test_columns(void) {
    assert_found("python", "\xef\xbb\xbf# word: a\nb", "1:3-10>2[word: a]");
    assert_found("python", "x = '\xc3\xa9' # word: \xc3\xa9", "1:11-18>0[word: \xc3\xa9]");
    assert_found("shell", "\xff\xfe # word: a", "1:6-13>0[word: a]");
}

/* The next line of code, past further comments. */
static void test_next_line(void) {
    assert_found("python", "a\n  # word: a\n  # more\n\t# word: b\n\nb\n",
                 "2:5-12>5[word: a] 4:4-11>5[word: b]");
    assert_found("python", "a # word: a\nb\n", "1:5-12>0[word: a]");
    assert_found("c", "/* word: a */\nb;\n", "1:4-11>2[word: a]");
    assert_found("c", "/* word: a */ b;\n", "1:4-11>0[word: a]");
    assert_found("c", "/* word: a\n * more\n */\n// more\nb;\n", "1:4-11>5[word: a]");
    assert_found("c", "/* word: a\n */ b;\n", "1:4-11>0[word: a]");
    assert_found("c", "// word: a\n/* more\n * still */\nb;\n", "1:4-11>4[word: a]");
    assert_found("c", "// word: a\n/* more */ b;\n", "1:4-11>2[word: a]");
    assert_found("markdown", "<!-- word: a -->\ntext\n", "1:6-13>2[word: a]");
}

static void test_signs(void) {
    assert_found("c", "a; // word: a\n", "1:7-14>0[word: a]");
    assert_found("c", "a; /// word: a\n", "1:8-15>0[word: a]");
    assert_found("c", "a; /** word: a */ b;\n", "1:8-15>0[word: a]");
    assert_found("c", "# word: a\n-- word: b\n", "");
    assert_found("cpp", "a; /*word: a*/\n", "1:6-13>0[word: a]");
    assert_found("sql", "a -- word: a\n", "1:6-13>0[word: a]");
    assert_found("ini", "; word: a\n# word: b\n", "1:3-10>3[word: a] 2:3-10>3[word: b]");
    assert_found("html", "<!-- word: a --><p>\n", "1:6-13>0[word: a]");
    assert_found("markdown", "# word: a\n\nx  # word: b\n", "");
    assert_found("text", "# word: 1\n// word: 2\n-- word: 3\n; word: 4\n% word: 5\n",
                 "1:3-10>6[word: 1] 2:4-11>6[word: 2] 3:4-11>6[word: 3] 4:3-10>6[word: 4] 5:3-10>6[word: 5]");
    assert_found("text", "word: a\n`word: b`\n", "");
}

/* What stands in a string is none, and opens no block either. */
static void test_strings(void) {
    assert_found("c", "x = \"// word: a\"; // word: b\n", "1:22-29>0[word: b]");
    assert_found("javascript", "x = `\n// word: a\n`;\n// word: b\n", "4:4-11>5[word: b]");
    assert_found("typescript", "x = 'src/**';\n  word: a\n", "");
    assert_found("shell", "cat <<EOF\n# word: a\nEOF\necho '# word: b' # word: c\n", "4:20-27>0[word: c]");
    assert_found("yaml", "a: |\n  # word: a\nb: '# word: b' # word: c\n", "3:18-25>0[word: c]");
    assert_found("sql", "SELECT '-- word: a' -- word: b\n", "1:24-31>0[word: b]");
    assert_found("dockerfile", "RUN echo # word: a\n# word: b\n", "2:3-10>3[word: b]");
    assert_found("markdown", "`<!-- word: a -->`\n<!-- word: b -->\n", "2:6-13>3[word: b]");
}

static void test_other_signs(void) {
    assert_found("lua", "--[[ word: a ]] x()\n-- word: b\n", "1:6-13>0[word: a] 2:4-11>3[word: b]");
    assert_found("haskell", "{- word: a -}\nx\n", "1:4-11>2[word: a]");
    assert_found("powershell", "<# word: a #>\nx # word: b\n", "1:4-11>2[word: a] 2:5-12>0[word: b]");
    assert_found("lisp", "(x) ;; word: a\n#| word: b |#\n", "1:8-15>0[word: a] 2:4-11>3[word: b]");
    assert_found("tex", "10\\% word: a % word: b\n", "1:16-23>0[word: b]");
    assert_found("vb", "x = \"' word: a\" ' word: b\n", "1:19-26>0[word: b]");
    assert_found("vim", "\" word: a\nlet x = \"\\\" word: b\"\n", "1:3-10>2[word: a]");
    assert_found("pascal", "x := '{ word: a'; { word: b }\n(* word: c *)\n// word: d\n",
                 "1:21-28>0[word: b] 2:4-11>4[word: c] 3:4-11>4[word: d]");
    assert_found("asm", "mov r0, r1 @ word: a\n.ascii \"@ word: b\"\n; word: c\n",
                 "1:14-21>0[word: a] 3:3-10>4[word: c]");
    assert_found("batch", "REM word: a\n:: word: b\nrem word: c\nx\n",
                 "1:5-12>4[word: a] 2:4-11>4[word: b] 3:5-12>4[word: c]");
    assert_found("javascript", "<p>it's {/* word: a */}</p>", "1:13-20>0[word: a]");
    assert_found("julia", "#= word: a =#\nx\n", "1:4-11>2[word: a]");
}

/* In JSX a comment stands in braces, which are not there for anything else. */
static void test_braces(void) {
    assert_found("javascript", "<p>\n  { /* word: a */ }\n  b\n</p>\n", "2:8-15>3[word: a]");
    assert_found("javascript", "{/* word: a */ b}\nc\n", "1:5-12>0[word: a]");
    assert_found("javascript", "if (a) {/* word: a */}\nc\n", "1:12-19>0[word: a]");
}

/* Of languages that are not known. */
static void test_rare_signs(void) {
    assert_found("text", ";; word: a\nx\n/// word: b\ny\n", "1:4-11>2[word: a] 3:5-12>4[word: b]");
    assert_found("text", "x = 1 ! word: a\n", "1:9-16>0[word: a]");
    assert_found("text", "(* word: a *)\nx\n", "1:4-11>2[word: a]");
    assert_found("text", "{# word: a #}\nx\n", "1:4-11>2[word: a]");
    assert_found("text", "{{! word: a }}\nx\n", "1:5-12>2[word: a]");
    assert_found("text", "{{!-- word: a --}}\nx\n", "1:7-14>2[word: a]");
    assert_found("text", "<%-- word: a --%>\nx\n", "1:6-13>2[word: a]");
    assert_found("text", "@* word: a *@\nx\n", "1:4-11>2[word: a]");
    assert_found("text", ".. word: a\nx\n", "1:4-11>2[word: a]");
    assert_found("text", ".\\\" word: a\nx\n", "1:5-12>2[word: a]");
    assert_found("text", "dnl word: a\nx\n", "1:5-12>2[word: a]");
    /* They are something else mostly. */
    assert_found("text", "(*f)(x);\n/*\n word: a\n*/\nx\n", "3:2-9>5[word: a]");
    assert_found("c", "(* word: a *)\n", "");
}

/* Comments that no sign of the table opens. */
static void test_forms(void) {
    assert_found("lua", "--[==[\nword: a\n]==]\nx\n", "2:1-8>4[word: a]");
    assert_found("ruby", "=begin\nword: a\n=end\nx\n", "2:1-8>4[word: a]");
    assert_found("perl", "=pod\n\nword: a\n\n=cut\n", "3:1-8>4[word: a]");
}

/* A sign of a block in a comment of one line opens none. */
static void test_sign_in_comment(void) {
    assert_found("c", "// src/*.c\n* word: a\n/* b */\n", "");
}

/* A line of a block comment, which may begin with stars; but none of code. */
static void test_blocks(void) {
    assert_found("c", "/*\n * word: a\n */\nb;\n", "2:4-11>4[word: a]");
    assert_found("c", "/**\n   word: a */\nb;\n", "2:4-11>3[word: a]");
    assert_found("c", "a;\n * word: a\nword: b\n", "");
    assert_found("c", "/* a */\nword: a\n", "");
    assert_found("xml", "<!--\nword: a\n-->\n<b/>\n", "2:1-8>4[word: a]");
    assert_found("c", "/*\n about word: a\n*/\n", "");
    assert_found("c", "/*/\nword: a\n*/\n", "2:1-8>4[word: a]");
}

/* A comment that never ends is none. */
static void test_not_closed(void) {
    assert_found("c", "/* word: a\nb;", "");
    assert_found("c", "/* word: a", "");
}

static void test_most(void) {
    assert_found("shell", "# word: 1\n# word: 2\n# word: 3\n# word: 4\n# word: 5\n# word: 6\nb\n",
                 "1:3-10>7[word: 1] 2:3-10>7[word: 2] 3:3-10>7[word: 3] 4:3-10>7[word: 4] 5:3-10>7[word: 5]");
}

/* Time is linear in the text, whatever stands in it: a quadratic reader would take hours here. */
static void test_time(void) {
    static const char *const parts[] = {"word:", "/* word:", "<!--word:", "/*\n", "*", "\n * word:", "# x\n"};

    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autoptr(GString) text = g_string_new("/*\n");
        g_autofree char *got = NULL;

        while (text->len < (1u << 20))
            g_string_append(text, parts[i]);
        got = found("text", text->str, text->len);
        g_assert_nonnull(got);
    }
}

/* What is not UTF-8, or holds a NUL, is text like any other. */
static void test_bytes(void) {
    static const char text[] = "a\0 # word: \xff\n";
    g_autofree char *got = found("shell", text, sizeof text - 1);

    g_assert_cmpstr(got, ==, "1:6-13>0[word: \xff]");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/comment/python", test_python);
    g_test_add_func("/comment/columns", test_columns);
    g_test_add_func("/comment/next-line", test_next_line);
    g_test_add_func("/comment/signs", test_signs);
    g_test_add_func("/comment/strings", test_strings);
    g_test_add_func("/comment/other-signs", test_other_signs);
    g_test_add_func("/comment/braces", test_braces);
    g_test_add_func("/comment/rare-signs", test_rare_signs);
    g_test_add_func("/comment/forms", test_forms);
    g_test_add_func("/comment/sign-in-comment", test_sign_in_comment);
    g_test_add_func("/comment/blocks", test_blocks);
    g_test_add_func("/comment/not-closed", test_not_closed);
    g_test_add_func("/comment/most", test_most);
    g_test_add_func("/comment/time", test_time);
    g_test_add_func("/comment/bytes", test_bytes);
    return g_test_run();
}
