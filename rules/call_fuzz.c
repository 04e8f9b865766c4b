/* Any bytes as source in which calls are looked for: each that is found lies within it. The first byte
 * chooses the language. */
#include "rules/call.h"
#include "rules/lexer.h"
#include "rules/rule.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char rule_text[] =
    "rules:\n"
    "  - id: a.b\n"
    "    message: M\n"
    "    severity: note\n"
    "    tests: {bad: [x]}\n"
    "    languages: [python, javascript, typescript]\n"
    "    call:\n"
    "      callee: [f, os.system, .g, 'h.*', new F, child_process.exec]\n"
    "      where:\n"
    "        - any: [{count: {most: 3}}, {arg: [0, a], literal: false, unknown: match}]\n"
    "        - any: [{arg: [b, 1], matches: '^[a-z]'}, {arg: c, present: false}, {arg: 0, equals: [x, "
    "os.path]}]\n";

static bool look(gsize start, gsize end, gpointer data) {
    const size_t *len = data;

    g_assert_cmpuint(start, <, end);
    g_assert_cmpuint(end, <=, *len);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const languages[] = {"python", "javascript", "typescript"};
    const char *language, *text = (const char *)data + 1;
    g_autoptr(RuleSet) set = rule_set_new();
    g_autoptr(YamlErrors) errors = yaml_errors_new("fuzz");
    g_autofree guint8 *places = NULL;
    g_autofree char *why = NULL;
    g_autoptr(CallFile) file = NULL;
    size_t len = size - 1;

    if (size == 0 || !g_utf8_validate(text, (gssize)size - 1, NULL))
        return 0; /* the scanner makes it valid before */
    g_assert_true(rule_set_add_text(set, rule_text, strlen(rule_text), errors));
    language = languages[data[0] % G_N_ELEMENTS(languages)];
    places = lexer_places(language, text, size - 1);
    file = call_file_new(language, text, size - 1, places);
    why = call_run(((const Rule *)set->rules->pdata[0])->call, file, look, &len);
    g_assert_null(why);
    return 0;
}
