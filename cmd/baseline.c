#include "cmd/baseline.h"

#include "cmd/cmd.h"
#include "exec/text.h"

char *baseline_target(const char *given, const Policy *policy, const Change *change, GError **error) {
    const char *file = policy->gate.baseline, *root = change_root(change);
    const char *why = NULL;

    if (*given != '\0')
        return g_strdup(given);
    if (file == NULL)
        why = "the policy names no gate.baseline";
    else if (root == NULL)
        why = "there is no work tree";
    else if (cmd_has_link(root, file))
        why = "the baseline that the policy names is not written through a symbolic link";
    if (why == NULL)
        return g_build_filename(root, file, NULL);
    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                "--write-baseline: %s; name the file by --write-baseline=FILE", why);
    return NULL;
}

bool baseline_write(const Review *review, const char *file) {
    const ReportOptions options = {.baseline = true};
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *shown = text_path(file), *count = NULL;
    guint written = 0;

    if (review->verdict == VERDICT_UNDECIDED) {
        cmd_error("%s: not written, since the review is undecided: findings may be missing", shown);
        return false;
    }
    for (guint i = 0; i < review->findings->len; i++)
        written += ((const Finding *)review->findings->pdata[i])->unchanged;
    report_sarif.write(review, &options, text);
    if (written > CAP_BASELINE_ENTRIES || text->len > CAP_FILE_BYTES) {
        cmd_error("%s: not written, since it would be too large to be read again", shown);
        return false;
    }
    if (!cmd_write_file(file, text))
        return false;
    count = text_count(written, "finding");
    cmd_error("%s: written, with %s", shown, count);
    return true;
}
