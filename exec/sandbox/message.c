#include "exec/sandbox/message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void put_number(GByteArray *payload, guint64 value) {
    WireNumber number = value;

    g_byte_array_append(payload, (const guint8 *)&number, sizeof number);
}

static void put_bytes(GByteArray *payload, const void *bytes, gsize size) {
    put_number(payload, size);
    if (size > 0)
        g_byte_array_append(payload, bytes, (guint)size);
    g_byte_array_append(payload, (const guint8 *)"", 1);
}

static void put_string(GByteArray *payload, const char *text) {
    text = text != NULL ? text : "";
    put_bytes(payload, text, strlen(text));
}

GByteArray *message_base(guint64 flags, const User *user, int landlock_abi, const GPtrArray *steps) {
    GByteArray *payload = g_byte_array_sized_new(4096);

    put_number(payload, flags);
    put_number(payload, user->uid);
    put_number(payload, user->gid);
    put_number(payload, (guint64)landlock_abi);
    put_number(payload, steps->len);
    for (guint i = 0; i < steps->len; i++) {
        const RootStep *step = steps->pdata[i];

        put_number(payload, step->kind);
        put_string(payload, step->target);
        put_string(payload, step->source);
        put_string(payload, step->text);
    }
    return payload;
}

/* Where a path of the sandbox stands on the host; NULL: nowhere else. */
static char *host_path(const Command *command, const char *folder, const char *path) {
    if ((command->work.wanted && strcmp(path, COMMAND_WORK) == 0) || strcmp(path, "/tmp") == 0)
        return g_strconcat(folder, path, NULL);
    for (guint i = 0; i < command->mounts->len; i++) {
        const Mount *mount = command->mounts->pdata[i];

        if (strcmp(mount->target, path) == 0)
            return g_strdup(mount->source);
    }
    return NULL;
}

/* Where a path that begins at `at` may end so that it is one of the sandbox's. */
static gsize next_end(const char *text, gsize at) {
    do
        at++;
    while (text[at] != '\0' && strchr("/:=,;\"' \n", text[at]) == NULL);
    return at;
}

char *message_translate(const Command *command, const char *folder, const char *text) {
    GString *result = g_string_new(NULL);
    gsize at = 0;

    while (text[at] != '\0') {
        bool may_begin = text[at] == '/' && (at == 0 || strchr(":=,;\"' \n", text[at - 1]) != NULL);
        g_autofree char *found = NULL;
        gsize end = at, found_end = at;

        while (may_begin && text[end] != '\0' && (end == at || text[end] == '/')) {
            end = next_end(text, end);
            g_autofree char *path = g_strndup(text + at, end - at);
            char *host = host_path(command, folder, path);

            if (host != NULL) {
                g_free(found);
                found = host;
                found_end = end;
            }
        }
        if (found != NULL) {
            g_string_append(result, found);
            at = found_end;
        } else {
            g_string_append_c(result, text[at++]);
        }
    }
    return g_string_free(result, FALSE);
}

static void put_path(GByteArray *payload, const Command *command, const char *folder, const char *text) {
    g_autofree char *translated = folder != NULL ? message_translate(command, folder, text) : NULL;

    put_string(payload, translated != NULL ? translated : text);
}

static void put_vector(GByteArray *payload, const Command *command, const char *folder, char *const *vector) {
    put_number(payload, g_strv_length((char **)vector));
    for (; *vector != NULL; vector++)
        put_path(payload, command, folder, *vector);
}

static void put_limits(GByteArray *payload, const Limits *limits) {
    const guint64 values[WIRE_LIMITS] = {
        [WIRE_CPU_MS] = limits->cpu_ms,         [WIRE_MEMORY] = limits->memory,
        [WIRE_PROCESSES] = limits->processes,   [WIRE_DISK] = limits->disk,
        [WIRE_INODES] = limits->inodes,         [WIRE_FILE_SIZE] = limits->file_size,
        [WIRE_OPEN_FILES] = limits->open_files, [WIRE_STACK] = limits->stack,
    };

    for (int i = 0; i < WIRE_LIMITS; i++)
        put_number(payload, values[i]);
}

static void put_files(GByteArray *payload, const GPtrArray *files) {
    put_number(payload, files->len);
    for (guint i = 0; i < files->len; i++) {
        const WorkFile *file = files->pdata[i];
        gsize size;
        const void *bytes = g_bytes_get_data(file->bytes, &size);

        put_string(payload, file->path);
        put_bytes(payload, bytes, size);
        put_number(payload, file->executable);
    }
}

/* The tree is copied, not shown. */
static bool is_shown(const RootStep *step) {
    return step->kind == STEP_DEVICE || (step->kind == STEP_BIND && strcmp(step->target, WIRE_TREE) != 0);
}

/* Landlock in place of the mounts: what would be mounted may be read. */
static void put_host_rights(GByteArray *payload, const GPtrArray *steps, const char *folder) {
    guint64 count = 1;

    for (guint i = 0; i < steps->len; i++)
        count += is_shown(steps->pdata[i]);
    put_number(payload, count);
    for (guint i = 0; i < steps->len; i++) {
        const RootStep *step = steps->pdata[i];

        if (!is_shown(step))
            continue;
        put_string(payload, step->source);
        put_number(payload, step->kind == STEP_BIND ? PATH_READ : PATH_DEVICE);
    }
    put_string(payload, folder);
    put_number(payload, PATH_WRITE);
}

static void put_filter(GByteArray *payload, GBytes *filter) {
    gsize size = 0;
    const void *code = filter != NULL ? g_bytes_get_data(filter, &size) : NULL;

    put_bytes(payload, code, size);
}

GByteArray *message_place(guint64 flags, const Limits *limits, GBytes *filter, const FilterCalls *deadly) {
    GByteArray *payload = g_byte_array_sized_new(8192);

    put_number(payload, flags);
    put_limits(payload, limits);
    put_filter(payload, filter);
    put_bytes(payload, deadly->bits, sizeof deadly->bits);
    return payload;
}

GByteArray *message_job(const Command *command, const JobMessage *message) {
    GByteArray *payload = g_byte_array_sized_new(8192);
    const char *folder = message->folder;
    g_autofree char *work = g_strconcat(folder != NULL ? folder : "", COMMAND_WORK, NULL);

    put_number(payload, message->flags);
    put_string(payload, work); /* also where the program has none, and something else is shown there */
    put_string(payload, command->work.tree == NULL || message->has_tree ? ""
                        : folder != NULL                                ? command->work.tree
                                                                        : WIRE_TREE);
    put_path(payload, command, folder,
             command->cwd != NULL   ? command->cwd
             : command->work.wanted ? COMMAND_WORK
                                    : "/");
    if (command->build != NULL)
        put_vector(payload, command, folder, command->build);
    else
        put_number(payload, 0);
    put_vector(payload, command, folder, command->argv);
    put_vector(payload, command, folder, command->env);
    put_files(payload, command->work.files);
    if (folder != NULL)
        put_host_rights(payload, message->steps, folder);
    else
        put_number(payload, 0);
    put_filter(payload, message->build_filter);
    return payload;
}

static bool send_rest(int socket, const guint8 *bytes, gsize size) {
    while (size > 0) {
        ssize_t n = send(socket, bytes, size, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            return false;
        bytes += n > 0 ? n : 0;
        size -= n > 0 ? (gsize)n : 0;
    }
    return true;
}

bool message_send(int socket, guint32 kind, const GByteArray *payload, const int *fds, guint count) {
    WireHeader header = {.kind = kind, .size = payload->len};
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(WIRE_MOST_FDS * sizeof(int))];
    } control = {.align = {.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
    struct iovec parts[] = {{&header, sizeof header}, {payload->data, payload->len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = G_N_ELEMENTS(parts)};
    ssize_t n;

    if (count > 0) {
        control.align.cmsg_len = CMSG_LEN(count * sizeof(int));
        memcpy(CMSG_DATA(&control.align), fds, count * sizeof(int));
        message.msg_control = &control;
        message.msg_controllen = CMSG_SPACE(count * sizeof(int));
    }
    do
        n = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    if (n < (ssize_t)sizeof header)
        return false;
    return send_rest(socket, payload->data + n - sizeof header, payload->len + sizeof header - (gsize)n);
}

bool message_receive(int socket, void *ret_answer, gsize size, int *ret_fd) {
    union {
        struct cmsghdr align;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec part = {.iov_base = ret_answer, .iov_len = size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    const struct cmsghdr *rights;
    ssize_t n;

    *ret_fd = -1;
    do
        n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_WAITALL);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return false;
    rights = CMSG_FIRSTHDR(&message);
    if (rights != NULL && rights->cmsg_type == SCM_RIGHTS && rights->cmsg_len == CMSG_LEN(sizeof(int)))
        memcpy(ret_fd, CMSG_DATA(rights), sizeof(int));
    if (n == (ssize_t)size)
        return true;
    errno = n == 0 ? ECHILD : EBADMSG;
    return false;
}
