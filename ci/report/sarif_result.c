/* SARIF's view of findings: where they are, how they can be mended, why they do not count. */
#include "ci/report/sarif.h"

#include <string.h>

/* 3.30. Our regions are SARIF's: counted from 1, in code points, the end column behind the last character.
 * Bounds that lie before the start are left out, which gives them their default. */
static json_t *region(const Region *place) {
    json_t *in = tree_object();
    guint end_line = MAX(place->end_line, place->start_line);

    tree_set(in, "startLine", tree_integer(place->start_line));
    if (place->start_column > 0)
        tree_set(in, "startColumn", tree_integer(place->start_column));
    tree_set(in, "endLine", tree_integer(end_line));
    if (place->start_column > 0 && place->end_column > 0 &&
        (end_line > place->start_line || place->end_column >= place->start_column))
        tree_set(in, "endColumn", tree_integer(place->end_column));
    return in;
}

/* The part of its line that a finding is about, or NULL where that is not within the one line that is known.
 */
static char *snippet_text(const Finding *finding) {
    const Region *place = &finding->region;
    glong length = g_utf8_strlen(finding->line_text, -1);

    if (place->end_line > place->start_line)
        return NULL;
    if (place->start_column == 0)
        return g_strdup(finding->line_text);
    if (place->end_column <= place->start_column || (glong)place->end_column - 1 > length)
        return NULL;
    return g_utf8_substring(finding->line_text, (glong)place->start_column - 1, (glong)place->end_column - 1);
}

/* 3.29. The whole line is the context of a region that is a part of it (3.29.5). */
static json_t *physical_location(const Finding *finding, bool with_lines) {
    json_t *in = tree_object(), *place, *context;
    g_autofree char *snippet = NULL;

    tree_set(in, "artifactLocation", sarif_artifact_location(finding->path));
    if (finding->region.start_line == 0)
        return in;
    place = region(&finding->region);
    tree_set(in, "region", place);
    if (finding->line_text == NULL || !with_lines)
        return in;
    snippet = snippet_text(finding);
    if (snippet != NULL)
        tree_set(place, "snippet", sarif_message(snippet));
    if (finding->region.end_line > finding->region.start_line || g_strcmp0(snippet, finding->line_text) == 0)
        return in;
    context = tree_object();
    tree_set(context, "startLine", tree_integer(finding->region.start_line));
    tree_set(context, "snippet", sarif_message(finding->line_text));
    tree_set(in, "contextRegion", context);
    return in;
}

/* 3.55 to 3.57. */
static json_t *fix_object(const Finding *finding, const Fix *fix) {
    json_t *in = tree_object(), *changes = tree_array(), *change = tree_object(),
           *replacements = tree_array(), *properties = tree_object();
    g_autofree char *description = g_strconcat(
        fix->description, fix->kind == FIX_UNSAFE ? " (unsafe: may change what the code does)" : "", NULL);

    for (guint i = 0; i < fix->edits->len; i++) {
        const Edit *edit = g_ptr_array_index(fix->edits, i);
        json_t *replacement = tree_object();

        tree_set(replacement, "deletedRegion", region(&edit->region));
        tree_set(replacement, "insertedContent", sarif_message(edit->text));
        tree_append(replacements, replacement);
    }
    tree_set(change, "artifactLocation", sarif_artifact_location(finding->path));
    tree_set(change, "replacements", replacements);
    tree_append(changes, change);
    tree_set(in, "description", sarif_message(description));
    tree_set(in, "artifactChanges", changes);
    tree_set_text(properties, "applicability", fix->kind == FIX_UNSAFE ? "unsafe" : "safe");
    tree_set(in, "properties", properties);
    return in;
}

/* NULL where there is no fix that could be applied. A fix without edits or with one of the file as a whole is
 * none: SARIF asks for a replacement with a region. */
static json_t *fix_list(const Finding *finding) {
    json_t *list = tree_array();

    for (guint i = 0; i < finding->fixes->len; i++) {
        const Fix *fix = g_ptr_array_index(finding->fixes, i);
        bool applicable = fix->kind != FIX_DISPLAY_ONLY && fix->edits->len > 0;

        for (guint j = 0; j < fix->edits->len; j++)
            applicable =
                applicable && ((const Edit *)g_ptr_array_index(fix->edits, j))->region.start_line > 0;
        if (applicable)
            tree_append_new(list, fix_object(finding, fix));
    }
    if (json_array_size(list) > 0)
        return list;
    json_decref(list);
    return NULL;
}

/* 3.35. */
static json_t *suppression_list(const Finding *finding) {
    json_t *list = tree_array(), *in, *location, *physical;
    const Suppression *suppression = finding->suppression;
    const Region line = {suppression != NULL ? suppression->line : 0, 0, 0, 0};

    if (suppression == NULL)
        return list;
    in = tree_object();
    tree_append(list, in);
    tree_set_text(in, "kind", suppression->line > 0 ? "inSource" : "external");
    tree_set_text(in, "status", "accepted");
    tree_set_text(in, "justification", suppression->justification);
    if (suppression->line == 0)
        return list;
    location = tree_object();
    physical = tree_object();
    tree_set(physical, "artifactLocation", sarif_artifact_location(finding->path));
    tree_set(physical, "region", region(&line));
    tree_set(location, "physicalLocation", physical);
    tree_set(in, "location", location);
    return list;
}

/* 3.27. What other tools call the same problem (review/merge.h) is a property of ours. */
static json_t *result(const Finding *finding, const char *rule, guint rule_index, const ResultForm *form) {
    json_t *in = tree_object(), *locations = tree_array(), *location = tree_object(),
           *fixes = form->brief ? NULL : fix_list(finding);

    tree_set_text(in, "ruleId", rule);
    if (!form->brief)
        tree_set(in, "ruleIndex", tree_integer(rule_index));
    tree_set_text(in, "level", sarif_level(finding->severity));
    tree_set(in, "message", sarif_message(finding->message));
    tree_set(location, "physicalLocation", physical_location(finding, !form->brief));
    tree_append(locations, location);
    tree_set(in, "locations", locations);
    if (finding->fingerprint != NULL) {
        json_t *fingerprints = tree_object();

        tree_set_text(fingerprints, "primaryLocationLineHash", finding->fingerprint);
        if (form->brief)
            tree_set_text(fingerprints, "sallyportLineHash/v1", finding->line_hash);
        tree_set(in, "partialFingerprints", fingerprints);
    }
    if (fixes != NULL)
        tree_set(in, "fixes", fixes);
    if (form->suppressions)
        tree_set(in, "suppressions", suppression_list(finding));
    if (form->states)
        tree_set_text(in, "baselineState", finding->unchanged ? "unchanged" : "new");
    if (finding->also != NULL && !form->brief) {
        json_t *properties = tree_object();

        tree_set(properties, "alsoFoundBy", sarif_strings(finding->also));
        tree_set(in, "properties", properties);
    }
    return in;
}

json_t *sarif_results(const ToolView *tool, const GPtrArray *ids, ResultForm form) {
    json_t *list = tree_array();
    g_autoptr(GHashTable) index_of = g_hash_table_new(g_str_hash, g_str_equal);

    for (guint i = 0; i < ids->len; i++)
        g_hash_table_insert(index_of, g_ptr_array_index(ids, i), GUINT_TO_POINTER(i));
    for (guint i = 0; i < tool->findings->len; i++)
        form.suppressions |= ((const Finding *)g_ptr_array_index(tool->findings, i))->suppression != NULL;
    for (guint i = 0; i < tool->findings->len; i++) {
        const Finding *finding = g_ptr_array_index(tool->findings, i);

        tree_append(list, result(finding, finding->rule,
                                 GPOINTER_TO_UINT(g_hash_table_lookup(index_of, finding->rule)), &form));
        /* In a baseline each name is an entry of its own: findings are merged after they are found again. */
        for (guint j = 0; form.brief && finding->also != NULL && j < finding->also->len; j++)
            tree_append(list, result(finding, g_ptr_array_index(finding->also, j), 0, &form));
    }
    return list;
}
