/* Finds the repository as git does. libgit2 1.5 has GIT_REPOSITORY_OPEN_FROM_ENV for this, but refuses
 * GIT_WORK_TREE and passes over GIT_DIR where it is given a place to start; so the variables that git(1)
 * gives to hooks are read here. */
#include "exec/text.h"
#include "review/change/private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Extensions of a repository's format that change nothing for a reader of objects, refs and the index:
 * libgit2 1.5 would refuse a sparse checkout, a partial clone, and one from which others borrow. */
static const char *const harmless_extensions[] = {"worktreeconfig", "partialclone", "preciousobjects",
                                                  "relativeworktrees"};

static char *from_directory(const char *directory, const char *path) {
    return g_path_is_absolute(path) ? g_strdup(path) : g_build_filename(directory, path, NULL);
}

/* git_repository_open_ext() says of a work tree that belongs to somebody else: GIT_EOWNER, or, where no
 * configuration names a safe.directory at all, "config value 'safe.directory' was not found". */
static bool is_unsafe_ownership(int code, const char *message) {
    return code == GIT_EOWNER || strstr(message, "safe.directory") != NULL;
}

static void set_unsafe_ownership(const char *directory, GError **error) {
    git_buf found = {0};
    g_autofree char *folder = NULL, *argument = NULL, *line = NULL;

    if (git_repository_discover(&found, directory, 0, NULL) == 0)
        folder = g_strndup(found.ptr, found.size);
    else
        folder = g_canonicalize_filename(directory, NULL);
    git_buf_dispose(&found);
    if (g_str_has_suffix(folder, "/"))
        folder[strlen(folder) - 1] = '\0';
    if (g_str_has_suffix(folder, "/.git"))
        folder[strlen(folder) - strlen("/.git")] = '\0';
    argument = g_shell_quote(folder);
    line = text_line(argument, -1, CAP_MESSAGE_BYTES);
    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                "the repository belongs to another user, and git does not trust it; if you do: "
                "git config --global --add safe.directory %s",
                line);
}

static void set_open_error(int code, const char *directory, GError **error) {
    const char *git_dir = g_getenv("GIT_DIR");
    const char *message = git_error_last() != NULL ? git_error_last()->message : "";
    g_autofree char *place = text_path(git_dir != NULL ? git_dir : directory);

    if (is_unsafe_ownership(code, message))
        set_unsafe_ownership(directory, error);
    else if (strstr(message, "extensions.objectformat") != NULL)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                    "the repository's object ids are not SHA-1 (extensions.objectFormat), and libgit2 reads "
                    "SHA-1 only; review a clone made with: git init --object-format=sha1");
    else if (strstr(message, "unsupported extension name") != NULL)
        g_set_error(
            error, CHANGE_ERROR, CHANGE_ERROR_STATE,
            "the repository is of a format that libgit2 does not read: %s; review a clone of it that has "
            "the plain format (of extensions.refstorage: git clone --ref-format=files)",
            message);
    else if (code != GIT_ENOTFOUND)
        change_git_error(error, "cannot open the repository");
    else if (git_dir != NULL)
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_REPOSITORY,
                    "the environment's GIT_DIR, %s, is not a git repository; unset it, or correct it", place);
    else
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_NO_REPOSITORY,
                    "not a git repository: %s (nor any folder above it); go into one, or make one with: git "
                    "init",
                    place);
}

static bool open_repository(Change *change, const char *directory, GError **error) {
    const char *git_dir = g_getenv("GIT_DIR");
    g_autofree char *start = from_directory(directory, git_dir != NULL ? git_dir : ".");
    unsigned int flags = 0;
    int code;

    if (git_dir != NULL)
        flags = GIT_REPOSITORY_OPEN_NO_SEARCH | GIT_REPOSITORY_OPEN_NO_DOTGIT;
    else if (g_getenv("GIT_DISCOVERY_ACROSS_FILESYSTEM") != NULL)
        flags = GIT_REPOSITORY_OPEN_CROSS_FS;
    git_error_clear();
    code = git_repository_open_ext(&change->repo, start, flags, g_getenv("GIT_CEILING_DIRECTORIES"));
    if (code < 0) {
        set_open_error(code, start, error);
        return false;
    }
    return true;
}

/* Whether the real path of `directory` is `folder` or lies below it. */
static bool lies_in(const char *directory, const char *folder) {
    g_autofree char *real = realpath(directory, NULL), *real_folder = realpath(folder, NULL);
    gsize len;

    if (real == NULL || real_folder == NULL)
        return false;
    if (g_str_equal(real_folder, "/"))
        return true;
    len = strlen(real_folder);
    return g_str_has_prefix(real, real_folder) && (real[len] == '/' || real[len] == '\0');
}

bool change_has_config(git_repository *repo, const char *name) {
    g_autoptr(git_config) config = NULL;
    git_config_entry *entry = NULL;
    bool has =
        git_repository_config_snapshot(&config, repo) == 0 && git_config_get_entry(&entry, config, name) == 0;

    git_config_entry_free(entry);
    return has;
}

/* GIT_WORK_TREE; or, with GIT_DIR alone, the current directory, as git(1) has it, unless that lies in the
 * work tree that the repository names itself (a hook may have gone into a subdirectory). */
static bool set_work_tree(Change *change, const char *directory, GError **error) {
    const char *work_tree = g_getenv("GIT_WORK_TREE");
    const char *own = git_repository_workdir(change->repo);
    g_autofree char *folder = NULL;

    if (work_tree != NULL)
        folder = from_directory(directory, work_tree);
    else if (g_getenv("GIT_DIR") == NULL || own == NULL || lies_in(directory, own) ||
             change_has_config(change->repo, "core.worktree"))
        return true;
    else
        folder = g_strdup(directory);
    if (git_repository_set_workdir(change->repo, folder, 0) < 0)
        return change_git_error(error, "cannot use the work tree that the environment names");
    return true;
}

/* While a push is received, its objects lie in a quarantine that only these variables name
 * (git-receive-pack(1)). */
static bool add_object_folders(Change *change, const char *directory, GError **error) {
    static const char *const names[] = {"GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES"};

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *value = g_getenv(names[i]);
        g_auto(GStrv) folders = g_strsplit(value != NULL ? value : "", ":", -1);

        for (char **folder = folders; *folder != NULL; folder++) {
            g_autofree char *path = from_directory(directory, *folder);
            g_autoptr(git_odb) odb = NULL;

            if (**folder == '\0')
                continue;
            if (git_repository_odb(&odb, change->repo) < 0 || git_odb_add_disk_alternate(odb, path) < 0)
                return change_git_error(error, names[i]);
        }
    }
    return true;
}

static bool open_root(Change *change, GError **error) {
    const char *workdir = git_repository_workdir(change->repo);

    if (git_repository_is_bare(change->repo) || workdir == NULL)
        return true;
    change->root = g_strdup(workdir);
    for (gsize len = strlen(change->root); len > 1 && change->root[len - 1] == '/'; len--)
        change->root[len - 1] = '\0';
    change->root_fd = open(change->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (change->root_fd < 0) {
        g_autofree char *root = text_path(change->root);

        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE, "the work tree, %s, cannot be opened: %s", root,
                    g_strerror(errno));
        return false;
    }
    return true;
}

Change *change_open(const char *directory, GError **error) {
    g_autoptr(Change) change = g_new0(Change, 1);

    change->root_fd = -1;
    if (!libgit2_load(error))
        return NULL;
    if (git_libgit2_init() < 0) {
        change_git_error(error, "cannot start libgit2");
        return NULL;
    }
    change->library = true;
    if (git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless_extensions, G_N_ELEMENTS(harmless_extensions)) <
        0) {
        change_git_error(error, "cannot set up libgit2");
        return NULL;
    }
    if (g_getenv("GIT_COMMON_DIR") != NULL) {
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                    "GIT_COMMON_DIR is set, which libgit2 does not follow; unset it");
        return NULL;
    }
    if (!open_repository(change, directory, error) || !set_work_tree(change, directory, error) ||
        !add_object_folders(change, directory, error) || !open_root(change, error))
        return NULL;
    return g_steal_pointer(&change);
}

static bool set_index_error(GError **error) {
    const char *message = git_error_last() != NULL ? git_error_last()->message : "";

    if (strstr(message, "mandatory extension") == NULL)
        return change_git_error(error, "cannot read the index");
    g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                "the index is split or sparse, which libgit2 does not read; write a plain one with: git "
                "update-index --no-split-index, or git sparse-checkout init --no-sparse-index");
    return false;
}

/* git goes to the work tree's root before it reads GIT_INDEX_FILE, so a relative one starts there. */
char *change_index_file(const Change *change) {
    const char *named = g_getenv("GIT_INDEX_FILE");

    if (named == NULL)
        return g_build_filename(git_repository_path(change->repo), "index", NULL);
    return from_directory(change->root != NULL ? change->root : ".", named);
}

const char *change_git_folder(const Change *change) {
    return git_repository_path(change->repo);
}

char *change_objects_folder(const Change *change) {
    const char *named = g_getenv("GIT_OBJECT_DIRECTORY");

    if (named != NULL)
        return from_directory(".", named);
    return g_build_filename(git_repository_commondir(change->repo), "objects", NULL);
}

int change_open_folder(const Change *change, const char *path, const char **ret_name) {
    g_autofree char *folder = g_path_get_dirname(path);
    const char *slash = strrchr(path, '/');

    *ret_name = slash != NULL ? slash + 1 : path;
    return work_open_beneath(change->root_fd, folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

bool change_open_index(Change *change, GError **error) {
    const char *named = g_getenv("GIT_INDEX_FILE");
    g_autofree char *own = g_build_filename(git_repository_path(change->repo), "index", NULL);
    g_autofree char *file = change_index_file(change);
    g_autofree char *canonical = g_canonicalize_filename(file, NULL);
    g_autoptr(git_index) index = NULL;
    struct stat st;

    /* The time is taken before the index is read: a later writer then makes more files look racy, not fewer.
     */
    if (stat(file, &st) == 0) {
        change->index_time = st.st_mtim;
    } else if (!g_str_equal(canonical, own)) {
        g_autofree char *shown = text_path(named);

        /* It would read as an index without files, and so as a change that deletes everything. */
        g_set_error(error, CHANGE_ERROR, CHANGE_ERROR_STATE,
                    "the index that GIT_INDEX_FILE names, %s, is not there; unset it, or correct it", shown);
        return false;
    }
    if (named != NULL &&
        (git_index_open(&index, file) < 0 || git_repository_set_index(change->repo, index) < 0))
        return set_index_error(error);
    if (git_repository_index(&change->index, change->repo) < 0)
        return set_index_error(error);
    return true;
}
