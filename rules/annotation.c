#include "rules/annotation.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/comment.h"
#include "rules/example.h"

#include <string.h>

static const struct {
    const char *word;
    bool finds, todo;
} words[] = {
    {"ruleid:", true, false},
    {"ok:", false, false},
    {"todoruleid:", true, true},
    {"todook:", false, true},
};

/* A rule's id has a dot: "ok: so far" is a remark. */
static bool is_remark(const char *id) {
    return strchr(id, '.') == NULL || strpbrk(id, " \t") != NULL;
}

static void annotation_free(Annotation *annotation) {
    g_free(annotation->rule);
    g_free(annotation);
}

static GStrv ids_of(const char *from, gsize len) {
    g_autofree char *rest = g_strndup(from, len);
    GStrv ids = g_strsplit(rest, ",", -1);

    for (char **id = ids; *id != NULL; id++)
        g_strstrip(*id);
    return ids;
}

static bool add(GPtrArray *all, const RuleSet *rules, const Comment *comment, const char *text, gsize word,
                char **ret_error) {
    gsize head = strlen(words[word].word);
    g_auto(GStrv) ids = ids_of(text + comment->text + head, comment->end - comment->text - head);

    if (ids[0] == NULL) {
        *ret_error = g_strdup_printf("%u: no id of a rule behind '%s'", comment->line, words[word].word);
        return false;
    }

    for (char **id = ids; *id != NULL; id++) {
        Annotation *annotation;

        if (!words[word].finds && is_remark(*id))
            continue;
        if (rule_set_find(rules, *id) == NULL) {
            g_autofree char *shown = text_line(*id, -1, 80);

            *ret_error = g_strdup_printf("%u: there is no rule '%s'", comment->line, shown);
            return false;
        }
        annotation = g_new0(Annotation, 1);
        annotation->rule = g_strdup(*id);
        annotation->at = comment->line;
        annotation->line = comment->next_line > 0 ? 0 : comment->line;
        annotation->finds = words[word].finds;
        annotation->todo = words[word].todo;
        g_ptr_array_add(all, annotation);
    }
    return true;
}

static int compare_annotations(gconstpointer a, gconstpointer b) {
    const Annotation *left = *(Annotation *const *)a, *right = *(Annotation *const *)b;

    return left->at != right->at ? (left->at > right->at) - (left->at < right->at)
                                 : strcmp(left->rule, right->rule);
}

/* Those above other ones speak of the line below all of them. From the last one up. */
static void set_lines(const GPtrArray *all) {
    guint at = 0, line = 0;

    for (guint i = all->len; i-- > 0;) {
        Annotation *annotation = all->pdata[i];

        if (annotation->line > 0)
            continue;
        if (annotation->at != at)
            line = annotation->at + 1 == at ? line : annotation->at + 1;
        at = annotation->at;
        annotation->line = line;
    }
}

GPtrArray *annotation_read(const RuleSet *rules, const char *language, const char *text, gsize len,
                           char **ret_error) {
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func((GDestroyNotify)annotation_free);

    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(GArray) comments = comment_find(language, text, len, words[i].word, CAP_ANNOTATIONS + 1);

        if (comments->len > CAP_ANNOTATIONS) {
            *ret_error =
                g_strdup_printf("%u: more than %u annotations in one file",
                                g_array_index(comments, Comment, CAP_ANNOTATIONS).line, CAP_ANNOTATIONS);
            return NULL;
        }
        for (guint j = 0; j < comments->len; j++)
            if (!add(all, rules, &g_array_index(comments, Comment, j), text, i, ret_error))
                return NULL;
    }
    g_ptr_array_sort(all, compare_annotations);
    set_lines(all);
    return g_steal_pointer(&all);
}

static char *key_of(const char *rule, guint line) {
    return g_strdup_printf("%u:%s", line, rule);
}

/* What was found: "LINE:RULE". */
static GHashTable *found_in(const CheckResult *result) {
    GHashTable *found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];

        g_hash_table_add(found, key_of(finding->rule, finding->region.start_line));
    }
    return found;
}

static void compare_strictly(const GPtrArray *annotations, const CheckResult *result, const char *file,
                             GPtrArray *failures) {
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < annotations->len; i++) {
        const Annotation *annotation = annotations->pdata[i];

        g_hash_table_add(told, key_of(annotation->rule, annotation->line));
    }
    for (guint i = 0; i < result->findings->len; i++) {
        const Finding *finding = result->findings->pdata[i];
        char *key = key_of(finding->rule, finding->region.start_line);

        if (g_hash_table_add(told, key))
            test_failures_add(failures, file, finding->region.start_line,
                              g_strdup_printf("%s finds something that no comment expects: %s", finding->rule,
                                              finding->message));
    }
}

void annotation_compare(const GPtrArray *annotations, const CheckResult *result, const char *file,
                        bool strict, GPtrArray *failures) {
    g_autoptr(GHashTable) found = found_in(result);

    for (guint i = 0; i < annotations->len; i++) {
        const Annotation *annotation = annotations->pdata[i];
        g_autofree char *key = key_of(annotation->rule, annotation->line);

        if (!annotation->todo && g_hash_table_contains(found, key) != annotation->finds)
            test_failures_add(
                failures, file, annotation->line,
                g_strdup_printf("%s finds %s here, which the comment in line %u does not expect",
                                annotation->rule, annotation->finds ? "nothing" : "something",
                                annotation->at));
    }
    if (strict)
        compare_strictly(annotations, result, file, failures);
}
