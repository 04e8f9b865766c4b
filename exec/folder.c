#include "exec/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/* Opens a folder to be emptied, whatever its mode is. fchmod(2) wants a descriptor that is open for reading,
 * which such a folder may refuse; /proc/self/fd names what O_PATH has found, and no link in its place. */
static int open_to_empty(int parent, const char *name) {
    int fd = openat(parent, name, FOLDER), found;
    char path[64];
    struct stat st;

    if (fd >= 0) {
        if (fstat(fd, &st) == 0 && (st.st_mode & 0300) != 0300)
            (void)fchmod(fd, 0700);
        return fd;
    }
    if (errno != EACCES)
        return -1;
    found = openat(parent, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (found < 0)
        return -1;
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", found);
    if (chmod(path, 0700) == 0)
        fd = openat(found, ".", FOLDER);
    close(found);
    return fd;
}

void folder_remove(int parent, const char *name) {
    const struct dirent *entry;
    DIR *folder;
    int fd;

    if (unlinkat(parent, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
        return;
    fd = open_to_empty(parent, name);
    folder = fd >= 0 ? fdopendir(fd) : NULL;
    while (folder != NULL && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            folder_remove(dirfd(folder), entry->d_name);
    if (folder != NULL)
        closedir(folder);
    else if (fd >= 0)
        close(fd);
    (void)unlinkat(parent, name, AT_REMOVEDIR);
}
