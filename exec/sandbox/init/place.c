/* Where a job runs: namespaces that are its own, a disk of the size that it may fill, its work directory.
 * Without namespaces there is a directory of the host instead, which sallyport has made and removes. */
#include "exec/folder.h"
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

/* Where the job's tmpfs is mounted while its parts are being bound to their places. */
#define DISK "/.disk"
/* An empty directory. */
#define NOTHING "/.none"

static void write_self(const char *path, const char *text) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
        fail(NOBODY, "write", path);
    close(fd);
}

/* The same ids as in the base: the namespace is there so that RLIMIT_NPROC counts in it, and nowhere else.
 * proc still is the host's here, and lets only a dumpable process write its maps. */
static void map_user(const Base *base) {
    char uids[64], gids[64];

    (void)snprintf(uids, sizeof uids, "%u %u 1", base->uid, base->uid);
    (void)snprintf(gids, sizeof gids, "%u %u 1", base->gid, base->gid);
    (void)prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
    write_self("/proc/self/setgroups", "deny");
    write_self("/proc/self/uid_map", uids);
    write_self("/proc/self/gid_map", gids);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

/* The new cgroup namespace comes after the move, so that the job's own group is the root that it sees. */
static void join_groups(const Place *place) {
    for (int i = 0; i < place->join_count; i++) {
        if (write(place->join_fds[i], "0", 1) != 1)
            fail(SOCKET, "join the control group", NULL);
        close(place->join_fds[i]);
    }
    if (unshare(CLONE_NEWCGROUP) != 0)
        fail(SOCKET, "create a cgroup namespace", NULL);
}

static void bring_up_loopback(void) {
    struct ifreq request = {.ifr_name = "lo"};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) != 0)
        fail(NOBODY, "bring up the loopback interface", NULL);
    close(fd);
}

static void make_folder(const char *path, mode_t mode) {
    if (mkdir(path, 0700) != 0 || chmod(path, mode) != 0)
        fail(NOBODY, "mkdir", path);
}

static void bind_folder(const char *source, const char *target) {
    if (mount(source, target, NULL, MS_BIND, NULL) != 0)
        fail(NOBODY, "mount", target);
}

static void copy_to_work(const char *tree, const char *work, int report_fd) {
    int from = open(tree, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int to = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (from < 0 || to < 0 || !folder_copy(from, to))
        fail(report_fd, "copy the tree to", work);
    close(from);
    close(to);
}

/* The tree under the work directory: what is written goes to the job's disk, what is read comes from the
 * tree. */
static bool overlay_tree(void) {
    make_folder(DISK "/ovl", 0700);
    return mount("overlay", WIRE_WORK, "overlay", MS_NOSUID | MS_NODEV,
                 "lowerdir=" WIRE_TREE ",upperdir=" DISK "/work,workdir=" DISK "/ovl,userxattr") == 0;
}

static void make_work(const Base *base) {
    make_folder(DISK "/work", 0755);
    if ((base->flags & BASE_TREE) != 0 && overlay_tree())
        return;
    bind_folder(DISK "/work", WIRE_WORK);
    /* No overlay in a user namespace (before Linux 5.11): then it is a copy. */
    if ((base->flags & BASE_TREE) != 0)
        copy_to_work(WIRE_TREE, WIRE_WORK, NOBODY);
}

/* One tmpfs for all that can be written, so that one limit holds for all of it. Its size comes with the job.
 */
static int mount_disk(const Base *base) {
    int disk;

    if (mount("tmpfs", DISK, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") != 0)
        fail(NOBODY, "mount", "a disk");
    disk = open(DISK, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    make_folder(DISK "/tmp", 01777);
    make_folder(DISK "/shm", 01777);
    bind_folder(DISK "/tmp", "/tmp");
    bind_folder(DISK "/shm", "/dev/shm");
    if ((base->flags & BASE_WORK) != 0)
        make_work(base);
    /* Covered, no path leads to it any more; to unmount it would take as long as all of the above. */
    bind_folder(NOTHING, DISK);
    return disk;
}

/* What the disk has hidden is bound on top of it. */
static void bind_over(const Step *step) {
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC), fd;
    struct stat st;

    if (root < 0 || stat(step->text, &st) != 0)
        fail(NOBODY, "stat", step->target);
    make_directory(root, step->target, !S_ISDIR(st.st_mode), NOBODY);
    if (!S_ISDIR(st.st_mode)) {
        fd = open(step->target, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (fd < 0)
            fail(NOBODY, "make", step->target);
        close(fd);
    }
    if (mount(step->text, step->target, NULL, MS_BIND | MS_REC, NULL) != 0)
        fail(NOBODY, "mount", step->target);
    close(root);
}

static void limit_disk(const Place *place) {
    char options[128];

    (void)snprintf(options, sizeof options, "size=%llu,nr_inodes=%llu",
                   (unsigned long long)place->limits[WIRE_DISK],
                   (unsigned long long)place->limits[WIRE_INODES] + 8);
    if (mount(NULL, "/tmp", NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV, options) != 0)
        fail(SOCKET, "limit", "the disk");
}

static void mount_proc(void) {
    /* subset=pid (Linux 5.8) leaves out what is not of processes. */
    if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, "hidepid=2,subset=pid") != 0)
        fail(NOBODY, "mount", "/proc");
}

static void write_files(const Job *job, int work) {
    for (size_t i = 0; i < job->file_count; i++) {
        const File *file = &job->files[i];
        size_t done = 0;
        int fd;

        make_directory(work, file->path, true, job->report_fd);
        fd = openat(work, file->path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
                    file->executable ? 0755 : 0644);
        while (fd >= 0 && done < file->size) {
            ssize_t n = write(fd, file->bytes + done, file->size - done);

            if (n <= 0)
                fail(job->report_fd, "write", file->path);
            done += (size_t)n;
        }
        if (fd < 0)
            fail(job->report_fd, "write", file->path);
        close(fd);
    }
}

static void fill_work(const Job *job) {
    const WireReport report = {.kind = REPORT_WORK, .denied = -1};
    int work;

    if ((job->flags & JOB_WORK) == 0)
        return;
    work = open(job->work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (work < 0)
        fail(job->report_fd, "open", job->work);
    write_files(job, work);
    if ((job->flags & JOB_WANT_WORK) != 0 && !wire_send(job->report_fd, &report, sizeof report, work))
        fail(job->report_fd, "hand over the work directory", NULL);
    close(work);
}

int place_make(const Base *base) {
    int disk;

    if ((base->flags & BASE_NAMESPACES) == 0)
        return -1;
    if ((base->flags & BASE_OWN_USER) != 0)
        map_user(base);
    if ((base->flags & BASE_LOOPBACK) != 0)
        bring_up_loopback();
    mount_proc();
    disk = mount_disk(base);
    for (size_t i = 0; i < base->count; i++)
        if (base->steps[i].kind == STEP_OVER)
            bind_over(&base->steps[i]);
    return disk;
}

void place_limit(const Base *base, const Place *place) {
    if ((base->flags & BASE_NAMESPACES) == 0)
        return;
    join_groups(place);
    limit_disk(place);
}

void place_fill(const Base *base, const Job *job) {
    if ((base->flags & BASE_NAMESPACES) == 0 && (job->flags & JOB_WORK) != 0 && job->tree[0] != '\0')
        copy_to_work(job->tree, job->work, job->report_fd);
    fill_work(job);
}
