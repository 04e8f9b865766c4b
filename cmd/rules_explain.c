#include "cmd/rules.h"

#include "exec/text.h"
#include "rules/cwe.h"
#include "rules/example.h"

#include <string.h>
#include <unistd.h>

enum { WIDTH = 78, MOST_TEXT = 4000 };

typedef struct {
    GString *text;
    bool color;
} Page;

static void put_heading(const Page *page, const char *heading) {
    g_string_append_printf(page->text, "\n%s%s%s\n", page->color ? "\x1b[1m" : "", heading,
                           page->color ? "\x1b[0m" : "");
}

/* Words, two blanks in, broken before WIDTH. */
static void put_words(const Page *page, const char *words) {
    g_autofree char *clean = text_line(words, -1, MOST_TEXT);
    g_auto(GStrv) each = g_strsplit(clean, " ", -1);
    glong column = 0;

    for (char **word = each; *word != NULL; word++) {
        glong len = g_utf8_strlen(*word, -1);

        if (len == 0)
            continue;
        if (column > 0 && column + 1 + len > WIDTH) {
            g_string_append_c(page->text, '\n');
            column = 0;
        }
        g_string_append_printf(page->text, "%s%s", column > 0 ? " " : "  ", *word);
        column += len + (column > 0 ? 1 : 2);
    }
    g_string_append_c(page->text, '\n');
}

static void put_field(const Page *page, const char *name, const char *value) {
    if (value != NULL)
        g_string_append_printf(page->text, "  %-11s %s\n", name, value);
}

/* "error", "warning here, error by itself", "error, not in force here". */
static char *severity_of(const Described *described) {
    const char *own = severity_name(described->info->severity);

    if (described->severity == SEVERITY_OFF)
        return g_strdup_printf("%s, but off by the policy", own);
    if (!described->in_force)
        return g_strdup_printf("%s, but not in force by the policy", own);
    if (described->severity != described->info->severity)
        return g_strdup_printf("%s by the policy, %s by itself", severity_name(described->severity), own);
    return g_strdup(own);
}

static void put_cwe(const Page *page, const RuleInfo *info) {
    for (guint i = 0; info->cwe != NULL && i < info->cwe->len; i++) {
        guint number = g_array_index(info->cwe, guint, i);
        const char *name = cwe_name(number);
        g_autofree char *value =
            g_strdup_printf("CWE-%u%s%s", number, name != NULL ? ": " : "", name != NULL ? name : "");

        put_field(page, i == 0 ? "weakness" : "", value);
    }
}

static void put_head(const Page *page, const Described *described) {
    const RuleInfo *info = described->info;
    g_autofree char *severity = severity_of(described);
    g_autofree char *languages =
        described->rule != NULL ? g_strjoinv(", ", described->rule->languages) : NULL;
    g_autofree char *security =
        info->security_severity > 0 ? g_strdup_printf("%.1f of 10", info->security_severity) : NULL;
    g_autofree char *summary = text_line(info->summary, -1, MOST_TEXT);

    g_string_append_printf(page->text, "%s%s%s: %s\n\n", page->color ? "\x1b[1m" : "", info->id,
                           page->color ? "\x1b[0m" : "", summary);
    put_field(page, "severity", severity);
    put_field(page, "confidence", info->precision);
    put_field(page, "pack", described->pack);
    put_field(page, "languages", languages);
    put_field(page, "security", security);
    put_cwe(page, info);
}

/* The first good or bad one. */
static const RuleExample *first_example(const Rule *rule, bool bad) {
    for (guint i = 0; i < rule->examples->len; i++) {
        const RuleExample *example = rule->examples->pdata[i];

        if (example->bad == bad)
            return example;
    }
    return NULL;
}

static void put_example(const Page *page, const Rule *rule, bool bad) {
    const RuleExample *example = first_example(rule, bad);
    g_autofree char *shown = example != NULL ? rule_example_show(example) : NULL;
    g_autofree char *block = shown != NULL ? text_block(shown, -1, MOST_TEXT) : NULL;
    g_auto(GStrv) lines = block != NULL ? g_strsplit(block, "\n", -1) : NULL;

    if (lines == NULL)
        return;
    put_heading(page, bad ? "Bad" : "Good");
    for (char **line = lines; *line != NULL; line++)
        if (**line != '\0' || line[1] != NULL)
            g_string_append_printf(page->text, "    %s\n", *line);
}

static void put_references(const Page *page, const Described *described) {
    const char *const alone[] = {described->info->help_uri, NULL};
    const char *const *references = described->rule != NULL && described->rule->references != NULL
                                        ? (const char *const *)described->rule->references
                                        : alone;

    if (references[0] == NULL)
        return;
    put_heading(page, "References");
    for (; *references != NULL; references++) {
        g_autofree char *clean = text_line(*references, -1, MOST_TEXT);

        g_string_append_printf(page->text, "  %s\n", clean);
    }
}

/* What says something of the change, or of a comment itself, no comment suppresses. */
static bool is_suppressible(const Described *described) {
    return described->rule != NULL ? rule_looks_at_text(described->rule)
                                   : !g_str_has_prefix(described->info->id, "change.") &&
                                         !g_str_has_prefix(described->info->id, "suppress.");
}

static void put_ways_out(const Page *page, const Described *described) {
    const char *id = described->info->id;

    put_heading(page, "To live with it");
    if (strcmp(id, "c.complexity") == 0 || strcmp(id, "c.cognitive-complexity") == 0)
        g_string_append(page->text, "  gate: {max_complexity: 20}      in the policy, another limit\n");
    else
        g_string_append_printf(page->text,
                               "  In the policy, everywhere, or in some files (off, or another severity):\n"
                               "    rules: {severity: {%s: off}}\n"
                               "    overrides: [{files: [\"tests/**\"], severity: {%s: off}}]\n",
                               id, id);
    if (is_suppressible(described))
        g_string_append_printf(page->text,
                               "  In one place, by a comment on its line or above it:\n"
                               "    sallyport: ignore[%s] -- REASON\n",
                               id);
    else
        g_string_append(page->text, "  No comment in a file suppresses it.\n");
}

static char *page_of(const Described *described, bool color) {
    g_autoptr(GString) text = g_string_new(NULL);
    const Page page = {text, color};

    put_head(&page, described);
    if (described->rule != NULL) {
        put_heading(&page, "It says");
        put_words(&page, described->rule->message);
    }
    if (described->info->help != NULL) {
        put_heading(&page, "Why, and the better way");
        put_words(&page, described->info->help);
    }
    if (described->rule != NULL) {
        put_example(&page, described->rule, true);
        put_example(&page, described->rule, false);
    }
    put_references(&page, described);
    put_ways_out(&page, described);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Linters' rules are theirs to explain. */
static void say_unknown(const Catalogue *catalogue, const char *id) {
    g_autofree const char **ids = g_new0(const char *, catalogue->rules->len + 1);
    g_autofree char *meant = NULL, *shown = text_line(id, -1, 100);

    for (guint i = 0; i < catalogue->rules->len; i++)
        ids[i] = g_array_index(catalogue->rules, Described, i).info->id;
    meant = text_did_you_mean(id, ids);
    cmd_error("there is no rule '%s'%s (see 'sallyport rules list')", shown, meant);
}

int rules_explain(int argc, char **argv) {
    g_autofree char *file = NULL, *when = NULL;
    const GOptionEntry entries[] = {
        {"policy", 'p', 0, G_OPTION_ARG_FILENAME, &file, "Go by this policy instead of " POLICY_FILE, "FILE"},
        {"color", 0, 0, G_OPTION_ARG_STRING, &when, "auto, always or never", "WHEN"},
        {NULL, 0, 0, G_OPTION_ARG_NONE, NULL, NULL, NULL},
    };
    g_autoptr(Catalogue) catalogue = NULL;
    const Described *described;
    g_autofree char *text = NULL;
    bool color;
    int status;

    if (!cmd_options(&argc, &argv, entries, "rules explain", "ID - show what a rule is about",
                     "What the rule says, why, what is better, an example that it finds and one that is all\n"
                     "right, where to read more, and how to turn it off.",
                     "Exit status: 0 shown, 2 there is no such rule, or the policy is not valid.", &status))
        return status;
    if (argc != 2) {
        cmd_error("rules explain takes the id of one rule (see 'sallyport rules list')");
        return EXIT_REQUEST;
    }
    if (!cmd_color(when, STDOUT_FILENO, &color) || (catalogue = catalogue_new(file)) == NULL)
        return EXIT_REQUEST;
    described = catalogue_find(catalogue, argv[1]);
    if (described == NULL) {
        say_unknown(catalogue, argv[1]);
        return EXIT_REQUEST;
    }
    text = page_of(described, color);
    return cmd_write(STDOUT_FILENO, text, strlen(text)) ? EXIT_PASSED : EXIT_UNDECIDED;
}
