#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where reading is. A payload that ends too early is a mistake of ours: better to end than to guess. */
typedef struct {
    char *at;
    size_t left;
} Cursor;

static char *take(Cursor *cursor, size_t size) {
    char *at = cursor->at;

    if (size > cursor->left)
        abort();
    cursor->at += size;
    cursor->left -= size;
    return at;
}

static uint64_t take_number(Cursor *cursor) {
    WireNumber number;

    memcpy(&number, take(cursor, sizeof number), sizeof number);
    return number;
}

static char *take_bytes(Cursor *cursor, size_t *ret_size) {
    uint64_t size = take_number(cursor);

    if (size >= cursor->left)
        abort();
    *ret_size = (size_t)size;
    return take(cursor, (size_t)size + 1); /* the NUL */
}

static char *take_string(Cursor *cursor) {
    size_t size;

    return take_bytes(cursor, &size);
}

static void *take_array(Cursor *cursor, size_t element, size_t *ret_count) {
    uint64_t count = take_number(cursor);
    void *array;

    if (count > cursor->left)
        abort();
    array = calloc((size_t)count + 1, element);
    if (array == NULL)
        abort();
    *ret_count = (size_t)count;
    return array;
}

static char **take_strings(Cursor *cursor) {
    size_t count;
    char **strings = take_array(cursor, sizeof *strings, &count);

    for (size_t i = 0; i < count; i++)
        strings[i] = take_string(cursor);
    return strings;
}

static bool receive_all(int socket, char *buffer, size_t size) {
    for (size_t done = 0; done < size;) {
        ssize_t n = read(socket, buffer + done, size - done);

        if (n == 0 || (n < 0 && errno != EINTR))
            return false;
        done += n > 0 ? (size_t)n : 0;
    }
    return true;
}

bool wire_receive(int socket, WireHeader *ret_header, char **ret_payload, int ret_fds[WIRE_MOST_FDS]) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(WIRE_MOST_FDS * sizeof(int))];
    } control;
    struct iovec part = {.iov_base = ret_header, .iov_len = sizeof *ret_header};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    const struct cmsghdr *rights;
    ssize_t n;

    do
        n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    while (n < 0 && errno == EINTR);
    if (n != (ssize_t)sizeof *ret_header)
        return false;
    for (int i = 0; i < WIRE_MOST_FDS; i++)
        ret_fds[i] = -1;
    rights = CMSG_FIRSTHDR(&message);
    if (rights != NULL && rights->cmsg_type == SCM_RIGHTS)
        memcpy(ret_fds, CMSG_DATA(rights), rights->cmsg_len - CMSG_LEN(0));
    if (ret_header->size > WIRE_MOST_BYTES || (*ret_payload = malloc((size_t)ret_header->size + 1)) == NULL)
        abort();
    return receive_all(socket, *ret_payload, ret_header->size);
}

bool wire_send(int socket, const void *bytes, size_t size, int fd) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {
        .align = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int))}};
    struct iovec part = {.iov_base = (void *)bytes, .iov_len = size};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    ssize_t n;

    if (fd >= 0) {
        message.msg_control = &control;
        message.msg_controllen = sizeof control;
        memcpy(CMSG_DATA(&control.align), &fd, sizeof fd);
    }
    do
        n = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == (ssize_t)size;
}

void wire_read_base(char *payload, size_t size, Base *ret_base) {
    Cursor cursor = {payload, size};

    ret_base->flags = take_number(&cursor);
    ret_base->uid = (uid_t)take_number(&cursor);
    ret_base->gid = (gid_t)take_number(&cursor);
    ret_base->landlock_abi = (int)take_number(&cursor);
    ret_base->steps = take_array(&cursor, sizeof *ret_base->steps, &ret_base->count);
    for (size_t i = 0; i < ret_base->count; i++) {
        Step *step = &ret_base->steps[i];

        step->kind = (int)take_number(&cursor);
        step->target = take_string(&cursor);
        step->source = take_string(&cursor);
        step->text = take_string(&cursor);
        step->fd = -1;
    }
}

void wire_close(const int *fds) {
    for (int i = 0; i < WIRE_MOST_FDS; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static void take_files(Cursor *cursor, Job *job) {
    job->files = take_array(cursor, sizeof *job->files, &job->file_count);
    for (size_t i = 0; i < job->file_count; i++) {
        job->files[i].path = take_string(cursor);
        job->files[i].bytes = take_bytes(cursor, &job->files[i].size);
        job->files[i].executable = take_number(cursor) != 0;
    }
}

static void take_paths(Cursor *cursor, Job *job) {
    job->paths = take_array(cursor, sizeof *job->paths, &job->path_count);
    for (size_t i = 0; i < job->path_count; i++) {
        job->paths[i].path = take_string(cursor);
        job->paths[i].rights = (int)take_number(cursor);
    }
}

void wire_read_place(char *payload, size_t size, const int *fds, Place *ret_place) {
    Cursor cursor = {payload, size};

    memset(ret_place, 0, sizeof *ret_place);
    for (int i = 0; i < WIRE_MOST_FDS && fds[i] >= 0; i++)
        ret_place->join_fds[ret_place->join_count++] = fds[i];
    ret_place->flags = take_number(&cursor);
    for (int i = 0; i < WIRE_LIMITS; i++)
        ret_place->limits[i] = take_number(&cursor);
    ret_place->filter = take_bytes(&cursor, &ret_place->filter_size);
    ret_place->deadly = (const uint8_t *)take_bytes(&cursor, &ret_place->deadly_size);
}

void wire_read_job(char *payload, size_t size, const int *fds, Job *ret_job) {
    Cursor cursor = {payload, size};

    memset(ret_job, 0, sizeof *ret_job);
    ret_job->in_fd = fds[0];
    ret_job->out_fd = fds[1];
    ret_job->err_fd = fds[2];
    ret_job->report_fd = fds[3];
    if (ret_job->report_fd < 0)
        abort();
    ret_job->flags = take_number(&cursor);
    ret_job->work = take_string(&cursor);
    ret_job->tree = take_string(&cursor);
    ret_job->cwd = take_string(&cursor);
    ret_job->build = take_strings(&cursor);
    ret_job->argv = take_strings(&cursor);
    ret_job->env = take_strings(&cursor);
    take_files(&cursor, ret_job);
    take_paths(&cursor, ret_job);
    ret_job->build_filter = take_bytes(&cursor, &ret_job->build_filter_size);
}

static void set_failure(WireReport *report, const char *step, const char *detail) {
    size_t most = sizeof report->step - 1, len = strnlen(step, most);

    *report = (WireReport){.kind = REPORT_FAILED, .error = errno, .denied = -1};
    memcpy(report->step, step, len);
    if (detail != NULL && len + 1 < most) {
        report->step[len++] = ' ';
        memcpy(report->step + len, detail, strnlen(detail, most - len));
    }
}

void refuse_place(const char *step, const char *detail) {
    WireReport report;
    WireHeader header;
    char *payload;
    int fds[WIRE_MOST_FDS];

    set_failure(&report, step, detail);
    do {
        if (!wire_receive(SOCKET, &header, &payload, fds))
            _exit(0);
        wire_close(fds);
        free(payload);
    } while (header.kind != WIRE_PLACE);
    (void)wire_send(SOCKET, &report, sizeof report, -1);
}

void fail(int report_fd, const char *step, const char *detail) {
    WireReport report;

    set_failure(&report, step, detail);
    if (report_fd == NOBODY)
        refuse_place(step, detail);
    else
        (void)wire_send(report_fd, &report, sizeof report, -1);
    _exit(1);
}
