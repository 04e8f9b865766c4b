#include "cmd/rules.h"

#include "exec/text.h"

#include <jansson.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *pack, *language; /* NULL: all */
} Wanted;

/* The names of packs that may be asked for: those of the program, and of the policy's rule files. */
static bool is_pack(const Catalogue *catalogue, const char *pack) {
    for (guint i = 0; i < catalogue->rules->len; i++)
        if (g_strcmp0(g_array_index(catalogue->rules, Described, i).pack, pack) == 0)
            return true;
    return g_strv_contains(rule_pack_names(), pack);
}

static const char *const *languages_of(const Described *described) {
    static const char *const any[] = {"any", NULL}, *const c[] = {"c", "cpp", NULL};

    if (described->rule != NULL)
        return (const char *const *)described->rule->languages;
    return g_str_has_prefix(described->info->id, "c.") ? c : any;
}

static bool is_wanted(const Described *described, const Wanted *wanted) {
    const char *const *languages = languages_of(described);

    if (wanted->pack != NULL && strcmp(wanted->pack, "default") != 0 &&
        g_strcmp0(described->pack, wanted->pack) != 0)
        return false;
    return wanted->language == NULL || g_strv_contains(languages, wanted->language) ||
           g_strv_contains(languages, "any");
}

static const char *or_dash(const char *text) {
    return text != NULL ? text : "-";
}

static const char *force_of(const Described *described) {
    return described->in_force ? severity_name(described->severity) : "off";
}

static json_t *json_text(const char *text) {
    return text != NULL ? json_string(text) : json_null();
}

static json_t *json_languages(const Described *described) {
    json_t *list = json_array();

    for (const char *const *language = languages_of(described); *language != NULL; language++)
        json_array_append_new(list, json_string(*language));
    return list;
}

static json_t *json_rule(const Described *described) {
    const RuleInfo *info = described->info;
    json_t *object = json_object(), *cwe = json_array();

    json_object_set_new(object, "id", json_string(info->id));
    json_object_set_new(object, "in_force", json_boolean(described->in_force));
    json_object_set_new(object, "severity", json_string(severity_name(described->severity)));
    json_object_set_new(object, "default_severity", json_string(severity_name(info->severity)));
    json_object_set_new(object, "pack", json_text(described->pack));
    json_object_set_new(object, "languages", json_languages(described));
    json_object_set_new(object, "confidence", json_text(info->precision));
    json_object_set_new(object, "summary", json_text(info->summary));
    json_object_set_new(object, "help", json_text(info->help));
    json_object_set_new(object, "help_uri", json_text(info->help_uri));
    for (guint i = 0; info->cwe != NULL && i < info->cwe->len; i++)
        json_array_append_new(cwe, json_integer(g_array_index(info->cwe, guint, i)));
    json_object_set_new(object, "cwe", cwe);
    return object;
}

static char *as_json(const Catalogue *catalogue, const Wanted *wanted) {
    json_t *top = json_object(), *rules = json_array();
    g_autofree char *text = NULL;

    for (guint i = 0; i < catalogue->rules->len; i++) {
        const Described *described = &g_array_index(catalogue->rules, Described, i);

        if (is_wanted(described, wanted))
            json_array_append_new(rules, json_rule(described));
    }
    json_object_set_new(top, "version", json_integer(1));
    json_object_set_new(top, "policy", json_string(catalogue->policy->source));
    json_object_set_new(top, "rules", rules);
    text = json_dumps(top, JSON_INDENT(2));
    json_decref(top);
    return g_strconcat(text, "\n", NULL);
}

static char *as_text(const Catalogue *catalogue, const Wanted *wanted) {
    g_autoptr(GString) text = g_string_new(NULL);
    guint all = 0, in_force = 0, id = 0, pack = 0, language = 0;
    g_autofree char *count = NULL, *source = text_line(catalogue->policy->source, -1, 1000);

    for (guint i = 0; i < catalogue->rules->len; i++) {
        const Described *described = &g_array_index(catalogue->rules, Described, i);
        g_autofree char *languages = g_strjoinv(",", (char **)languages_of(described));

        if (!is_wanted(described, wanted))
            continue;
        id = MAX(id, (guint)strlen(described->info->id));
        pack = MAX(pack, (guint)strlen(or_dash(described->pack)));
        language = MAX(language, (guint)strlen(languages));
    }
    for (guint i = 0; i < catalogue->rules->len; i++) {
        const Described *described = &g_array_index(catalogue->rules, Described, i);
        g_autofree char *languages = g_strjoinv(",", (char **)languages_of(described));
        g_autofree char *summary = text_line(or_dash(described->info->summary), -1, 200);

        if (!is_wanted(described, wanted))
            continue;
        all++;
        in_force += described->in_force;
        g_string_append_printf(text, "%-*s  %-7s  %-*s  %-*s  %-6s  %s\n", (int)id, described->info->id,
                               force_of(described), (int)pack, or_dash(described->pack),
                               (int)MIN(language, 24), languages, or_dash(described->info->precision),
                               summary);
    }
    count = text_count(all, "rule");
    g_string_append_printf(text, "%s%s, %u in force by %s\n", all > 0 ? "\n" : "", count, in_force, source);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Whether there is such a pack and such a language. */
static bool is_known(const Catalogue *catalogue, const Wanted *wanted) {
    if (wanted->pack != NULL && !is_pack(catalogue, wanted->pack)) {
        g_autofree char *meant = text_did_you_mean(wanted->pack, rule_pack_names());

        cmd_error("there is no pack '%s'%s", wanted->pack, meant);
        return false;
    }
    if (wanted->language != NULL && !g_strv_contains(rule_languages(), wanted->language)) {
        g_autofree char *meant = text_did_you_mean(wanted->language, rule_languages());

        cmd_error("there is no language '%s'%s", wanted->language, meant);
        return false;
    }
    return true;
}

int rules_list(int argc, char **argv) {
    g_autofree char *file = NULL, *pack = NULL, *language = NULL;
    gboolean json = FALSE;
    const GOptionEntry entries[] = {
        {"pack", 0, 0, G_OPTION_ARG_STRING, &pack, "Only the rules of this pack", "PACK"},
        {"language", 0, 0, G_OPTION_ARG_STRING, &language, "Only rules that look at this language", "L"},
        {"json", 0, 0, G_OPTION_ARG_NONE, &json, "As JSON, with all that is known of each", NULL},
        {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &file, "Go by this policy instead of " POLICY_FILE, "FILE"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Catalogue) catalogue = NULL;
    g_autofree char *text = NULL;
    int status;

    if (!cmd_options(&argc, &argv, entries, "rules list", "- show all rules",
                     "A line each: id, severity by the policy that holds here (off: not in force), pack,\n"
                     "languages, confidence, summary.",
                     "Exit status: 0 shown, 2 the policy or a rule file is not valid.", &status))
        return status;
    if (argc > 1) {
        cmd_error("rules list takes no argument '%s' (see 'sallyport rules list --help')", argv[1]);
        return EXIT_REQUEST;
    }
    catalogue = catalogue_new(file);
    const Wanted wanted = {pack, language};
    if (catalogue == NULL || !is_known(catalogue, &wanted))
        return EXIT_REQUEST;
    text = json ? as_json(catalogue, &wanted) : as_text(catalogue, &wanted);
    return cmd_write(STDOUT_FILENO, text, strlen(text)) ? EXIT_PASSED : EXIT_UNDECIDED;
}
