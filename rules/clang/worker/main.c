/* sallyport-clang: reads what wire.h says, and answers. Runs in the sandbox, started by client.c.
 *
 * libclang is loaded once. Then each file has a process of its own, forked from this one, which may crash,
 * hang or be taken over by what it parses: all that it has is a pipe, on which it says so many bytes for so
 * long, and no file that it could write to. This process never looks at what comes, and hands it on. */
#include "exec/caps.h"
#include "rules/clang/worker/libclang.h"
#include "rules/clang/worker/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ANSWER_FD 3

/* A file that is being parsed. */
typedef struct {
    guint32 file;
    pid_t pid; /* 0: none */
    int pidfd, fd;
    gint64 deadline; /* monotonic microseconds */
    GByteArray *said;
    ClangOutcome outcome; /* what is known so far */
} Child;

static bool write_all(int fd, const void *bytes, gsize len) {
    for (gsize done = 0; done < len;) {
        ssize_t n = write(fd, (const char *)bytes + done, len - done);

        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (gsize)n : 0;
    }
    return true;
}

static void answer(guint32 file, ClangOutcome outcome, const void *bytes, gsize len) {
    const ClangFrame frame = {CLANG_MAGIC, file, outcome, (guint32)len};

    if (!write_all(STDOUT_FILENO, &frame, sizeof frame) || !write_all(STDOUT_FILENO, bytes, len))
        _exit(1); /* nobody listens */
}

static void answer_json(guint32 file, json_t *json) {
    char *text = json_dumps(json, JSON_COMPACT);

    answer(file, CLANG_DONE, text, strlen(text));
    free(text);
    json_decref(json);
}

/* The request. */

static GByteArray *read_all(void) {
    GByteArray *bytes = g_byte_array_new();
    guint8 buffer[65536];
    ssize_t n;

    while ((n = read(STDIN_FILENO, buffer, sizeof buffer)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0)
            g_byte_array_append(bytes, buffer, (guint)n);
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return bytes;
}

static void request_free(ParseRequest *request) {
    g_ptr_array_unref(request->flags);
    g_array_unref(request->rules);
    g_free(request);
}

/* "f,0,7": whether functions are wanted, and the rules. */
static void read_wanted(ParseRequest *request, const char *wanted) {
    g_auto(GStrv) words = g_strsplit(wanted, ",", -1);

    request->rules = g_array_new(FALSE, FALSE, sizeof(guint));
    for (char **word = words; *word != NULL; word++) {
        guint number = (guint)g_ascii_strtoull(*word, NULL, 10);

        if (strcmp(*word, "f") == 0)
            request->wants_functions = true;
        else if (**word != '\0')
            g_array_append_val(request->rules, number);
    }
}

/* The strings of a file; NULL where there are no more. */
static ParseRequest *next_request(const char **at, const char *end) {
    ParseRequest *request;
    const char *fields[3];

    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (*at >= end)
            return NULL;
        fields[i] = *at;
        *at += strlen(*at) + 1;
    }
    request = g_new0(ParseRequest, 1);
    request->path = fields[0];
    request->language = fields[1];
    read_wanted(request, fields[2]);
    request->flags = g_ptr_array_new();
    for (; *at < end && **at != '\0'; *at += strlen(*at) + 1)
        g_ptr_array_add(request->flags, (gpointer)*at);
    (*at)++;
    return request;
}

/* Behind the rules. */
static GPtrArray *read_requests(const GByteArray *bytes) {
    GPtrArray *requests = g_ptr_array_new_with_free_func((GDestroyNotify)request_free);
    const char *at = (const char *)bytes->data, *end = at + bytes->len - 1;
    ParseRequest *request;

    at += strlen(at) + 1;
    while ((request = next_request(&at, end)) != NULL)
        g_ptr_array_add(requests, request);
    return requests;
}

/* In the child. */

static void limit(int resource, rlim_t most) {
    const struct rlimit limits = {most, most};

    if (setrlimit((__rlimit_resource_t)resource, &limits) != 0)
        _exit(1);
}

static G_GNUC_NORETURN void parse_and_exit(const ParseRequest *request, Matcher *matcher, int pipe_fd) {
    int null = open("/dev/null", O_RDWR);
    json_t *json;
    char *text;

    if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0 ||
        dup2(pipe_fd, ANSWER_FD) < 0 || syscall(SYS_close_range, ANSWER_FD + 1, ~0U, 0) != 0)
        _exit(1);
    limit(RLIMIT_AS, CAP_CLANG_MEMORY);
    limit(RLIMIT_CPU, CAP_CLANG_CPU_MS / 1000);
    limit(RLIMIT_FSIZE, 0);
    json = parse_file(request, matcher);
    text = json != NULL ? json_dumps(json, JSON_COMPACT) : NULL;
    if (text == NULL || !write_all(ANSWER_FD, text, strlen(text)))
        _exit(2);
    _exit(0);
}

/* In the parent. */

static void start(Child *child, const ParseRequest *request, Matcher *matcher, guint32 file) {
    int fds[2];

    *child = (Child){.file = file, .pid = -1, .pidfd = -1};
    if (pipe2(fds, O_CLOEXEC) != 0 || (child->pid = fork()) < 0)
        _exit(1); /* the caller sees that there was no answer */
    if (child->pid == 0)
        parse_and_exit(request, matcher, fds[1]);
    close(fds[1]);
    child->fd = fds[0];
    child->pidfd = (int)syscall(SYS_pidfd_open, child->pid, 0);
    if (child->pidfd < 0 || fcntl(child->fd, F_SETFL, O_NONBLOCK) != 0)
        _exit(1);
    child->deadline = g_get_monotonic_time() + (gint64)CAP_CLANG_WALL_MS * 1000;
    child->said = g_byte_array_new();
}

static void stop(Child *child, ClangOutcome outcome) {
    if (child->outcome == CLANG_DONE)
        child->outcome = outcome;
    (void)kill(child->pid, SIGKILL);
}

/* Takes what it has said by now. */
static void listen_to(Child *child) {
    guint8 buffer[65536];
    ssize_t n = 1;

    while (child->fd >= 0 && n > 0) {
        n = read(child->fd, buffer, sizeof buffer);
        if (n > 0 && child->said->len + (gsize)n <= CAP_CLANG_ANSWER)
            g_byte_array_append(child->said, buffer, (guint)n);
        else if (n > 0)
            stop(child, CLANG_TOO_MUCH), n = 0;
        else if (n == 0 || errno != EAGAIN)
            close(child->fd), child->fd = -1;
    }
}

static ClangOutcome outcome_of(int status, const struct rusage *usage) {
    if (WIFEXITED(status))
        return WEXITSTATUS(status) == 0 ? CLANG_DONE : CLANG_REFUSED;
    if (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL) /* by RLIMIT_CPU */
        return CLANG_TIMED_OUT;
    /* It aborts where it gets no more memory. */
    if (WTERMSIG(status) == SIGABRT && (guint64)usage->ru_maxrss * 1024 > CAP_CLANG_MEMORY / 2)
        return CLANG_NO_MEMORY;
    return CLANG_CRASHED;
}

/* It has ended. Its own children may still hold the pipe, which must not keep the others waiting. */
static void finish(Child *child) {
    struct rusage usage = {0};
    int status = 0;

    listen_to(child);
    while (wait4(child->pid, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    if (child->outcome == CLANG_DONE)
        child->outcome = outcome_of(status, &usage);
    answer(child->file, child->outcome, child->said->data,
           child->outcome == CLANG_DONE ? child->said->len : 0);
    if (child->fd >= 0)
        close(child->fd);
    close(child->pidfd);
    g_byte_array_unref(child->said);
    child->pid = 0;
}

/* How long poll(2) may wait. */
static int time_left(const Child *children, guint count) {
    gint64 now = g_get_monotonic_time(), first = now + (gint64)CAP_CLANG_WALL_MS * 1000;

    for (guint i = 0; i < count; i++)
        if (children[i].pid > 0 && children[i].outcome == CLANG_DONE)
            first = MIN(first, children[i].deadline);
    return first > now ? (int)((first - now) / 1000) + 1 : 0;
}

/* Waits until something happens, and sees to it. */
static void wait_for(Child *children, guint count) {
    g_autofree struct pollfd *fds = g_new0(struct pollfd, 2 * count);

    for (guint i = 0; i < count; i++) {
        bool runs = children[i].pid > 0;

        fds[2 * i] = (struct pollfd){.fd = runs ? children[i].fd : -1, .events = POLLIN};
        fds[2 * i + 1] = (struct pollfd){.fd = runs ? children[i].pidfd : -1, .events = POLLIN};
    }
    if (poll(fds, 2 * count, time_left(children, count)) < 0 && errno != EINTR)
        _exit(1);
    for (guint i = 0; i < count; i++) {
        if (children[i].pid <= 0)
            continue;
        if (fds[2 * i].revents != 0)
            listen_to(&children[i]);
        if (g_get_monotonic_time() >= children[i].deadline)
            stop(&children[i], CLANG_TIMED_OUT);
        if (fds[2 * i + 1].revents != 0)
            finish(&children[i]);
    }
}

static void parse_all(const GPtrArray *requests, Matcher *matcher, guint parallel) {
    g_autofree Child *children = g_new0(Child, parallel);
    guint next = 0, running = 0;

    while (next < requests->len || running > 0) {
        running = 0;
        for (guint i = 0; i < parallel; i++) {
            if (children[i].pid <= 0 && next < requests->len) {
                start(&children[i], requests->pdata[next], matcher, next);
                next++;
            }
            running += children[i].pid > 0;
        }
        if (running > 0)
            wait_for(children, parallel);
    }
}

static bool introduce(void) {
    if (!libclang_load()) {
        answer_json(CLANG_ITSELF,
                    json_pack("{s:s, s:s}", "error", "libclang is not installed", "remedy",
                              "install it (on Debian: apt install libclang1-19 libclang-common-19-dev)"));
        return false;
    }
    if (clang.resources == NULL) {
        answer_json(CLANG_ITSELF,
                    json_pack("{s:s, s:s}", "error", "clang's own headers are not installed", "remedy",
                              "install those of the same version as libclang (on Debian: "
                              "apt install libclang-common-19-dev)"));
        return false;
    }
    answer_json(CLANG_ITSELF, json_pack("{s:s}", "version", clang.version));
    return true;
}

int main(int argc, char **argv) {
    guint parallel = argc == 2 ? (guint)g_ascii_strtoull(argv[1], NULL, 10) : 0;
    GByteArray *bytes = read_all();
    GPtrArray *requests = read_requests(bytes);
    Matcher *matcher = matcher_new((const char *)bytes->data);

    /* So that no child can get at this one's descriptors by proc. */
    if (matcher == NULL || parallel == 0 || parallel > CAP_CLANG_PARALLEL || prctl(PR_SET_DUMPABLE, 0) != 0)
        return 1;
    if (introduce())
        parse_all(requests, matcher, parallel);
    matcher_free(matcher);
    g_ptr_array_unref(requests);
    g_byte_array_unref(bytes);
    return 0;
}
