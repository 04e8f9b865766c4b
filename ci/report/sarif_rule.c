/* SARIF's view of a tool: its rules, with what GitHub asks for beyond the standard (ci/report/sarif.c). */
#include "ci/report/sarif.h"

#include "exec/text.h"

#include <string.h>

/* The URI where it is a link that a browser may be given, else NULL: it can come from a linter's output. */
static const char *web_uri(const char *uri) {
    if (uri == NULL || (!g_str_has_prefix(uri, "https://") && !g_str_has_prefix(uri, "http://")))
        return NULL;
    /* GLib lets pass what RFC 3986 has no place for, and this would end a link in Markdown. */
    if (strpbrk(uri, " \t\r\n\"<>\\^`{|}") != NULL || !g_uri_is_valid(uri, G_URI_FLAGS_NONE, NULL))
        return NULL;
    return uri;
}

/* Property bag of a rule (3.8), with the names that GitHub reads. */
static json_t *rule_properties(const RuleInfo *rule) {
    json_t *in = tree_object(), *tags = tree_array();

    for (guint i = 0; rule->cwe != NULL && i < rule->cwe->len; i++) {
        g_autofree char *tag = g_strdup_printf("external/cwe/cwe-%03u", g_array_index(rule->cwe, guint, i));

        tree_append_new(tags, tree_string(tag));
    }
    if (rule->security_severity > 0)
        tree_append(tags, tree_string("security"));
    tree_set(in, "tags", tags);
    tree_set_text(in, "precision", rule->precision);
    if (rule->security_severity > 0) {
        char number[G_ASCII_DTOSTR_BUF_SIZE];

        g_ascii_formatd(number, sizeof number, "%.1f", rule->security_severity);
        tree_set_text(in, "security-severity", number);
    }
    return in;
}

/* 3.49.12. */
static json_t *rule_help(const RuleInfo *rule, const char *text) {
    const char *uri = web_uri(rule->help_uri),
               *marked = rule->help_markdown != NULL ? rule->help_markdown : text;
    g_autofree char *plain = NULL, *markdown = NULL;
    json_t *in;

    if (uri != NULL) {
        plain = g_strdup_printf("%s\n\n%s", text, uri);
        markdown = g_strdup_printf("%s\n\n[Read more](<%s>)", marked, uri);
    }
    in = sarif_message(plain != NULL ? plain : text);
    tree_set_text(in, "markdown", markdown != NULL ? markdown : marked);
    return in;
}

/* 3.49. GitHub wants both descriptions and the help of every rule, so what is not known falls back. */
static json_t *rule_object(const RuleInfo *rule) {
    json_t *in = tree_object(), *configuration = tree_object();
    const char *summary = rule->summary != NULL ? rule->summary : rule->name != NULL ? rule->name : rule->id;
    const char *help = rule->help != NULL ? rule->help : summary;

    tree_set_text(in, "id", rule->id);
    tree_set_text(in, "name", rule->name);
    tree_set(in, "shortDescription", sarif_message(summary));
    tree_set(in, "fullDescription", sarif_message(help));
    tree_set(in, "help", rule_help(rule, help));
    tree_set_text(in, "helpUri", web_uri(rule->help_uri));
    tree_set_text(configuration, "level", sarif_level(rule->severity));
    tree_set(in, "defaultConfiguration", configuration);
    tree_set(in, "properties", rule_properties(rule));
    return in;
}

GPtrArray *sarif_rule_ids(const ToolView *tool) {
    GPtrArray *ids = g_ptr_array_new();
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer id;

    if (tool->check != NULL) {
        g_hash_table_iter_init(&iter, tool->check->rules);
        while (g_hash_table_iter_next(&iter, &id, NULL))
            g_hash_table_add(seen, id);
    }
    for (guint i = 0; i < tool->findings->len; i++)
        g_hash_table_add(seen, ((Finding *)g_ptr_array_index(tool->findings, i))->rule);
    g_hash_table_iter_init(&iter, seen);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_ptr_array_add(ids, id);
    g_ptr_array_sort(ids, text_compare);
    return ids;
}

static json_t *rule_list(const ToolView *tool, const GPtrArray *ids) {
    json_t *list = tree_array();

    for (guint i = 0; i < ids->len; i++) {
        const char *id = g_ptr_array_index(ids, i);
        const RuleInfo *rule = tool->check != NULL ? g_hash_table_lookup(tool->check->rules, id) : NULL;
        g_autoptr(RuleInfo) unknown = rule == NULL ? rule_info_new(id) : NULL;

        tree_append(list, rule_object(rule != NULL ? rule : unknown));
    }
    return list;
}

/* The grammar of semver.org, version 2.0.0. */
static bool is_semantic_version(const char *version) {
    return g_regex_match_simple("^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)"
                                "(-(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
                                "(\\.(0|[1-9][0-9]*|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*))*)?"
                                "(\\+[0-9a-zA-Z-]+(\\.[0-9a-zA-Z-]+)*)?$",
                                version, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* 3.19. */
json_t *sarif_driver(const ToolView *tool, const GPtrArray *ids) {
    json_t *in = tree_object();
    const char *version = tool->check != NULL ? tool->check->version : NULL;

    tree_set_text(in, "name", tool->name);
    tree_set_text(in, "version", version);
    if (version != NULL && is_semantic_version(version))
        tree_set_text(in, "semanticVersion", version);
    if (tool->check != NULL)
        tree_set_text(in, "informationUri", web_uri(tool->check->information_uri));
    tree_set(in, "rules", rule_list(tool, ids));
    return in;
}
