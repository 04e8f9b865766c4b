/* Any bytes as source: each byte has a place, and the same text the same ones. The first byte chooses the
 * language. */
#include "rules/lexer.h"
#include "rules/rule.h"
#include "rules/syntax.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const char *const *languages = rule_languages();
    guint count = g_strv_length((GStrv)languages);
    const char *language, *text = (const char *)data + 1;
    g_autofree guint8 *places = NULL, *again = NULL;

    if (size == 0)
        return 0;
    language = languages[data[0] % count];
    places = lexer_knows(language) ? lexer_places(language, text, size - 1)
                                   : syntax_places(language, text, size - 1);
    if (places == NULL)
        return 0;
    for (size_t i = 0; i + 1 < size; i++)
        g_assert_true(places[i] == PLACE_CODE || places[i] == PLACE_STRING || places[i] == PLACE_COMMENT ||
                      places[i] == PLACE_ANY);
    again = lexer_knows(language) ? lexer_places(language, text, size - 1)
                                  : syntax_places(language, text, size - 1);
    g_assert_cmpmem(places, size - 1, again, size - 1);
    return 0;
}
