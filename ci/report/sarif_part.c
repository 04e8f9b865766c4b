/* What all trees of a SARIF log are made of. */
#include "ci/report/sarif.h"
#include "exec/text.h"

#include <string.h>

json_t *sarif_message(const char *text) {
    json_t *in = tree_object();

    tree_set_text(in, "text", text);
    return in;
}

json_t *sarif_artifact_location(const char *path) {
    g_autofree char *uri = text_path_uri(path);
    json_t *in = tree_object();

    tree_set_text(in, "uri", uri);
    tree_set_text(in, "uriBaseId", SARIF_ROOT_ID);
    return in;
}

const char *sarif_level(Severity severity) {
    return severity == SEVERITY_OFF ? "none" : severity_name(severity);
}

json_t *sarif_strings(const GPtrArray *strings) {
    json_t *list = tree_array();

    for (guint i = 0; i < strings->len; i++)
        tree_append(list, tree_string(g_ptr_array_index(strings, i)));
    return list;
}
