#include "review/cursor.h"

#include <string.h>

void cursor_skip_space(Cursor *text) {
    while (text->at < text->end) {
        gsize left = (gsize)(text->end - text->at);

        if (*text->at == ' ' || *text->at == '\t')
            text->at++;
        else if (left >= 2 && memcmp(text->at, "\\\n", 2) == 0)
            text->at += 2;
        else if (left >= 3 && memcmp(text->at, "\\\r\n", 3) == 0)
            text->at += 3;
        else
            return;
    }
}
