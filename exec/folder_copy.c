#include "exec/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MOST_DEPTH 256

static bool copy_file(int from, int to, const char *name, mode_t mode) {
    int in = openat(from, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    int out = openat(to, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode & 0777) | 0600);
    bool copied = in >= 0 && out >= 0;
    char buffer[65536];
    ssize_t n;

    while (copied && (n = read(in, buffer, sizeof buffer)) != 0)
        copied = n > 0 && write(out, buffer, (size_t)n) == n;
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return copied;
}

static bool copy_link(int from, int to, const char *name) {
    char target[PATH_MAX];
    ssize_t n = readlinkat(from, name, target, sizeof target - 1);

    if (n < 0)
        return false;
    target[n] = '\0';
    return symlinkat(target, to, name) == 0;
}

static bool copy_folder(int from, int to, int depth);

static bool copy_one(int from, int to, const char *name, int depth) {
    int in, out;
    struct stat st;
    bool copied;

    if (fstatat(from, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return false;
    if (S_ISREG(st.st_mode))
        return copy_file(from, to, name, st.st_mode);
    if (S_ISLNK(st.st_mode))
        return copy_link(from, to, name);
    if (!S_ISDIR(st.st_mode))
        return true;
    if (mkdirat(to, name, (st.st_mode & 0777) | 0700) != 0)
        return false;
    in = openat(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    out = openat(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    copied = in >= 0 && out >= 0 && copy_folder(in, out, depth + 1);
    if (in >= 0)
        close(in);
    if (out >= 0)
        close(out);
    return copied;
}

/* The next entry but "." and ".."; `folder` is read through a descriptor of its own. */
static DIR *open_entries(int folder) {
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    return fd >= 0 ? fdopendir(fd) : NULL;
}

static const struct dirent *next_entry(DIR *entries) {
    const struct dirent *entry;

    do
        entry = readdir(entries);
    while (entry != NULL && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    return entry;
}

static bool copy_folder(int from, int to, int depth) {
    DIR *entries = depth < MOST_DEPTH ? open_entries(from) : NULL;
    const struct dirent *entry;
    bool copied = entries != NULL;

    while (copied && (entry = next_entry(entries)) != NULL)
        copied = copy_one(from, to, entry->d_name, depth);
    if (entries != NULL)
        closedir(entries);
    return copied;
}

bool folder_copy(int from, int to) {
    return copy_folder(from, to, 0);
}

static void add_usage(int folder, int depth, uint64_t *bytes, uint64_t *files) {
    DIR *entries = depth < MOST_DEPTH ? open_entries(folder) : NULL;
    const struct dirent *entry;
    struct stat st;

    while (entries != NULL && (entry = next_entry(entries)) != NULL) {
        if (fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        *bytes += (uint64_t)st.st_blocks * 512;
        *files += 1;
        if (S_ISDIR(st.st_mode)) {
            int inner = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

            if (inner >= 0) {
                add_usage(inner, depth + 1, bytes, files);
                close(inner);
            }
        }
    }
    if (entries != NULL)
        closedir(entries);
}

void folder_usage(int folder, uint64_t *ret_bytes, uint64_t *ret_files) {
    *ret_bytes = *ret_files = 0;
    add_usage(folder, 0, ret_bytes, ret_files);
}

static bool give(int folder, uid_t uid, gid_t gid, int depth) {
    DIR *entries = depth < MOST_DEPTH ? open_entries(folder) : NULL;
    const struct dirent *entry;
    bool given = entries != NULL;

    while (given && (entry = next_entry(entries)) != NULL) {
        int inner = openat(folder, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

        given = fchownat(folder, entry->d_name, uid, gid, AT_SYMLINK_NOFOLLOW) == 0 &&
                (inner < 0 || give(inner, uid, gid, depth + 1));
        if (inner >= 0)
            close(inner);
    }
    if (entries != NULL)
        closedir(entries);
    return given;
}

bool folder_give(int folder, uid_t uid, gid_t gid) {
    return give(folder, uid, gid, 0);
}
