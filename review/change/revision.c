/* Names to commits, and the merge base of two of them. */
#include "exec/text.h"
#include "review/change/private.h"

#include <string.h>

static bool reference_exists(git_repository *repo, const char *name) {
    g_autoptr(git_reference) reference = NULL;

    return git_reference_lookup(&reference, repo, name) == 0;
}

/* Not git_remote_lookup(), which leaks memory in libgit2 1.5. */
static bool remote_exists(git_repository *repo, const char *name) {
    g_autofree char *key = g_strconcat("remote.", name, ".url", NULL);

    return change_has_config(repo, key);
}

/* "what may help to name or to get the revision", or NULL. A CI system often fetches one branch only. */
static char *missing_revision_hint(git_repository *repo, const char *revision) {
    const char *slash = strchr(revision, '/');
    g_autofree char *remote = slash != NULL ? g_strndup(revision, slash - revision) : NULL;
    g_autofree char *tracking = g_strconcat("refs/remotes/origin/", revision, NULL);
    g_autofree char *branch = g_strconcat("refs/heads/", revision, NULL);
    int valid = 0;

    if (strstr(revision, "..") != NULL)
        return g_strdup("a range of commits is given by its two ends: --base REV --head REV");
    if (git_reference_name_is_valid(&valid, branch) < 0 || !valid)
        return git_repository_is_shallow(repo)
                   ? g_strdup("this clone is shallow; get its history with: git fetch --unshallow")
                   : NULL;
    if (remote != NULL && (g_str_equal(remote, "origin") || remote_exists(repo, remote)))
        return g_strdup_printf("if it is a branch there: git fetch %s %s", remote, slash + 1);
    if (reference_exists(repo, tracking))
        return g_strdup_printf("did you mean 'origin/%s'?", revision);
    if (remote_exists(repo, "origin"))
        return g_strdup_printf("if it is a branch there: git fetch origin %s, then name it origin/%s",
                               revision, revision);
    return NULL;
}

static void set_no_revision(Change *change, const char *revision, int code, GError **error) {
    g_autofree char *hint = NULL, *clean_hint = NULL, *name = text_line(revision, -1, 200);

    if (code == GIT_EAMBIGUOUS) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_REVISION,
                    "revision '%s' is ambiguous; give more of its id, or its full name", name);
        return;
    }
    if (g_str_equal(revision, "HEAD") && git_repository_head_unborn(change->repo) == 1) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_REVISION,
                    "no such revision 'HEAD': the branch has no commit yet; use --staged or --worktree");
        return;
    }
    hint = missing_revision_hint(change->repo, revision);
    clean_hint = text_line(hint != NULL ? hint : "", -1, CAP_MESSAGE_BYTES);
    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_REVISION, "no such revision '%s'%s%s%s", name,
                hint != NULL ? " (" : "", clean_hint, hint != NULL ? ")" : "");
}

/* The commit that a reference of that full name leads to; false where there is none. */
static bool commit_of_reference(git_repository *repo, const char *folder, const char *name, git_oid *ret_id) {
    g_autofree char *full = g_strdup_printf("%s%s^{commit}", folder, name);
    g_autoptr(git_object) object = NULL;

    if (git_revparse_single(&object, repo, full) != 0)
        return false;
    git_oid_cpy(ret_id, git_object_id(object));
    return true;
}

/* Of a tag and a branch of one name git takes the tag, and warns. Whoever can push a tag would choose what a
 * change is judged by; so it is refused, unless both are the same commit. */
static bool is_unambiguous(Change *change, const char *revision, GError **error) {
    static const char *const folders[] = {"refs/heads/", "refs/remotes/"};
    g_autofree char *name = g_strndup(revision, strcspn(revision, "^~:")), *shown = NULL;
    char *suffix = strstr(name, "@{");
    git_oid tag, branch;

    if (suffix != NULL)
        *suffix = '\0';
    if (*name == '\0' || reference_exists(change->repo, name) ||
        !commit_of_reference(change->repo, "refs/tags/", name, &tag))
        return true;
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        if (!commit_of_reference(change->repo, folders[i], name, &branch) || git_oid_equal(&tag, &branch))
            continue;
        shown = text_line(name, -1, 200);
        g_set_error(
            error, CHANGE_ERROR, CHANGE_ERROR_NO_REVISION,
            "revision '%s' is ambiguous, a tag and a branch; name the one that is meant: refs/tags/%s or "
            "%s%s",
            shown, shown, folders[i], shown);
        return false;
    }
    return true;
}

git_commit *change_commit(Change *change, const char *revision, GError **error) {
    g_autoptr(git_object) object = NULL;
    git_object *commit = NULL;
    int code;

    if (!is_unambiguous(change, revision, error))
        return NULL;
    git_error_clear();
    code = *revision != '\0' ? git_revparse_single(&object, change->repo, revision) : GIT_ENOTFOUND;
    if (code == 0 && object == NULL)
        code = GIT_ENOTFOUND;
    if (code == GIT_ERROR) {
        change_git_error(error, "cannot read a revision");
        return NULL;
    }
    if (code < 0) {
        set_no_revision(change, revision, code, error);
        return NULL;
    }
    if (git_object_peel(&commit, object, GIT_OBJECT_COMMIT) < 0) {
        g_autofree char *name = text_line(revision, -1, 200);

        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_REVISION, "'%s' is not a commit, but a %s", name,
                    git_object_type2string(git_object_type(object)));
        return NULL;
    }
    return (git_commit *)commit;
}

/* The merge base in a shallow clone. git_merge_base() of libgit2 1.5 does not know of .git/shallow: it asks
 * for parents that are not there, and fails even where the merge base is. */

static GHashTable *oid_set_new(void) {
    return g_hash_table_new_full(change_oid_hash, change_oid_equal, g_free, NULL);
}

static bool oid_set_add(GHashTable *set, const git_oid *id) {
    return g_hash_table_add(set, g_memdup2(id, sizeof(*id)));
}

/* The commits whose parents the clone has not got: a line each of $GIT_COMMON_DIR/shallow
 * (gitformat-index(5), "shallow"). */
static GHashTable *read_shallow(git_repository *repo, GError **error) {
    g_autofree char *path = g_build_filename(git_repository_commondir(repo), "shallow", NULL);
    g_autoptr(GHashTable) set = oid_set_new();
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;

    if (!g_file_get_contents(path, &text, NULL, error))
        return NULL;
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL; line++) {
        git_oid id;

        if (git_oid_fromstr(&id, g_strstrip(*line)) == 0)
            oid_set_add(set, &id);
    }
    return g_steal_pointer(&set);
}

/* All commits that are reached from `start`, itself included. Where `stop` is given, the walk does not go
 * beyond its members, and those that it met are added to `met`. */
static GHashTable *reach(git_repository *repo, GHashTable *shallow, const git_oid *start, GHashTable *stop,
                         GHashTable *met, GError **error) {
    g_autoptr(GHashTable) seen = oid_set_new();
    g_autoptr(GArray) todo = g_array_new(FALSE, FALSE, sizeof(git_oid));

    g_array_append_vals(todo, start, 1);
    while (todo->len > 0) {
        git_oid id = g_array_index(todo, git_oid, todo->len - 1);
        g_autoptr(git_commit) commit = NULL;

        g_array_set_size(todo, todo->len - 1);
        if (!oid_set_add(seen, &id))
            continue;
        if (stop != NULL && g_hash_table_contains(stop, &id)) {
            oid_set_add(met, &id);
            continue;
        }
        if (g_hash_table_contains(shallow, &id))
            continue;
        if (git_commit_lookup(&commit, repo, &id) < 0) {
            change_git_error(error, "cannot read the history");
            return NULL;
        }
        for (unsigned int i = 0; i < git_commit_parentcount(commit); i++)
            g_array_append_vals(todo, git_commit_parent_id(commit, i), 1);
    }
    return g_steal_pointer(&seen);
}

static GArray *oid_set_members(GHashTable *set) {
    GArray *members = g_array_new(FALSE, FALSE, sizeof(git_oid));
    GHashTableIter iter;
    gpointer id;

    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &id, NULL))
        g_array_append_vals(members, id, 1);
    return members;
}

/* Takes from `candidates` each that another one descends from. */
static bool drop_ancestors(git_repository *repo, GHashTable *shallow, GHashTable *candidates,
                           GError **error) {
    g_autoptr(GArray) ids = oid_set_members(candidates);

    for (guint i = 0; ids->len > 1 && i < ids->len; i++) {
        g_autoptr(GHashTable) reached =
            reach(repo, shallow, &g_array_index(ids, git_oid, i), NULL, NULL, error);

        if (reached == NULL)
            return false;
        for (guint j = 0; j < ids->len; j++)
            if (j != i && g_hash_table_contains(reached, &g_array_index(ids, git_oid, j)))
                g_hash_table_remove(candidates, &g_array_index(ids, git_oid, j));
    }
    return true;
}

/* The newest; of several of one second, the one with the smallest id. */
static bool choose(git_repository *repo, GHashTable *candidates, git_oid *ret_base, GError **error) {
    g_autoptr(GArray) ids = oid_set_members(candidates);
    git_time_t newest = 0;

    for (guint i = 0; i < ids->len; i++) {
        const git_oid *id = &g_array_index(ids, git_oid, i);
        g_autoptr(git_commit) commit = NULL;
        git_time_t time;

        if (git_commit_lookup(&commit, repo, id) < 0)
            return change_git_error(error, "cannot read the history");
        time = git_commit_time(commit);
        if (i == 0 || time > newest || (time == newest && git_oid_cmp(id, ret_base) < 0)) {
            newest = time;
            git_oid_cpy(ret_base, id);
        }
    }
    return true;
}

/* `ret_found` false: there is none among the commits that are here. */
static bool shallow_merge_base(git_repository *repo, const git_oid *base, const git_oid *head,
                               bool *ret_found, git_oid *ret_base, GError **error) {
    g_autoptr(GHashTable) shallow = read_shallow(repo, error);
    g_autoptr(GHashTable) candidates = oid_set_new();
    g_autoptr(GHashTable) of_base = NULL, of_head = NULL;

    if (shallow == NULL)
        return false;
    of_base = reach(repo, shallow, base, NULL, NULL, error);
    if (of_base == NULL)
        return false;
    of_head = reach(repo, shallow, head, of_base, candidates, error);
    if (of_head == NULL || !drop_ancestors(repo, shallow, candidates, error))
        return false;
    *ret_found = g_hash_table_size(candidates) > 0;
    return choose(repo, candidates, ret_base, error);
}

bool change_merge_base(Change *change, git_commit *base, const char *base_name, git_commit *head,
                       const char *head_name, git_oid *ret_base, GError **error) {
    const git_oid *base_id = git_commit_id(base), *head_id = git_commit_id(head);
    g_autofree char *base_text = text_line(base_name, -1, 200), *head_text = text_line(head_name, -1, 200);
    bool shallow = git_repository_is_shallow(change->repo) == 1, found = true;

    if (shallow) {
        if (!shallow_merge_base(change->repo, base_id, head_id, &found, ret_base, error))
            return false;
    } else {
        int code = git_merge_base(ret_base, change->repo, base_id, head_id);

        if (code < 0 && code != GIT_ENOTFOUND)
            return change_git_error(error, "cannot find the merge base");
        found = code == 0;
    }
    if (!found)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_MERGE_BASE, "no common ancestor of '%s' and '%s' %s",
                    base_text, head_text,
                    shallow ? "is in this shallow clone; get more history with: git fetch --unshallow (or "
                              "git fetch --deepen=100)"
                            : "exists: their histories are unrelated; name a base that the branch was made "
                              "from, or review everything with --all");
    return found;
}
