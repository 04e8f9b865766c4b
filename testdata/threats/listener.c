/* What a sandboxed program must not reach: listens on TCP, UDP and unix sockets by path and by abstract name,
 * and writes down a line for whatever it hears. It knocks at the last port, too, and has a file come and go
 * whose name is the secret of FOLDER/secret.
 *
 *   listener FOLDER TOKEN    prints the ports, NAME=VALUE; writes to FOLDER/heard; serves until it is ended
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { TCP, UDP, ABSTRACT_STREAM, ABSTRACT_DATAGRAM, PATH_STREAM, PATH_DATAGRAM, SOCKETS };

static const char *const names[] = {"TCP",         "UDP",          "ABSTRACT_STREAM", "ABSTRACT_DATAGRAM",
                                    "PATH_STREAM", "PATH_DATAGRAM"};

static void give_up(const char *what) {
    perror(what);
    exit(1);
}

static int by_port(int type, const char *name) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, type, 0);

    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        (type == SOCK_STREAM && listen(fd, 8) != 0))
        give_up(name);
    (void)getsockname(fd, (struct sockaddr *)&address, &size);
    printf("%s_PORT=%d\n", name, ntohs(address.sin_port));
    return fd;
}

static int by_name(int type, const char *path, bool is_abstract, const char *name) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(path) + !is_abstract);
    int fd = socket(AF_UNIX, type, 0);

    (void)snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    if (is_abstract)
        address.sun_path[0] = '\0';
    if (bind(fd, (struct sockaddr *)&address, size) != 0 || (type == SOCK_STREAM && listen(fd, 8) != 0))
        give_up(name);
    if (!is_abstract && chmod(path, 0777) != 0)
        give_up(name);
    printf("%s=%s%s\n", name, is_abstract ? "" : "/", path);
    return fd;
}

/* In a new network namespace it is down. */
static void bring_up_loopback(void) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    (void)ioctl(fd, SIOCSIFFLAGS, &request);
    close(fd);
}

/* The secret as an attribute of the file, too. Not every file system has those. */
static void set_attribute(const char *folder, char *secret, size_t size) {
    char path[512];
    int fd;
    ssize_t n;

    (void)snprintf(path, sizeof path, "%s/secret", folder);
    fd = open(path, O_RDONLY);
    n = read(fd, secret, size - 1);
    secret[n > 0 ? n - 1 : 0] = '\0';
    (void)setxattr(path, "user.secret", secret, strlen(secret), 0);
    close(fd);
}

/* A file whose name is the secret comes and goes. */
static void show_name(const char *folder, const char *secret) {
    char path[512];

    (void)snprintf(path, sizeof path, "%s/name-%s", folder, secret);
    close(open(path, O_WRONLY | O_CREAT, 0644));
    (void)unlink(path);
}

static bool knock(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    bool opened;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    opened = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
    close(fd);
    return opened;
}

/* A port that nobody has, for the program to listen on; none of those that the kernel gives away, since who
 * had it next would hear the knocking. */
static int free_port(void) {
    int port = 20000 + getpid() % 10000;

    while (knock(port))
        port++;
    printf("OPEN_PORT=%d\n", port);
    return port;
}

int main(int argc, char **argv) {
    char path[512], secret[64];
    struct pollfd polls[SOCKETS];
    int log, port;

    if (argc != 3)
        return 2;
    bring_up_loopback();
    set_attribute(argv[1], secret, sizeof secret);
    polls[TCP].fd = by_port(SOCK_STREAM, "TCP");
    polls[UDP].fd = by_port(SOCK_DGRAM, "UDP");
    (void)snprintf(path, sizeof path, "@%s-stream", argv[2]);
    polls[ABSTRACT_STREAM].fd = by_name(SOCK_STREAM, path, true, names[ABSTRACT_STREAM]);
    (void)snprintf(path, sizeof path, "@%s-datagram", argv[2]);
    polls[ABSTRACT_DATAGRAM].fd = by_name(SOCK_DGRAM, path, true, names[ABSTRACT_DATAGRAM]);
    (void)snprintf(path, sizeof path, "%s/stream", argv[1]);
    polls[PATH_STREAM].fd = by_name(SOCK_STREAM, path, false, names[PATH_STREAM]);
    (void)snprintf(path, sizeof path, "%s/datagram", argv[1]);
    polls[PATH_DATAGRAM].fd = by_name(SOCK_DGRAM, path, false, names[PATH_DATAGRAM]);
    port = free_port();
    (void)snprintf(path, sizeof path, "%s/heard", argv[1]);
    log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    (void)fclose(stdout);
    for (int i = 0; i < SOCKETS; i++)
        polls[i].events = POLLIN;
    for (;;) {
        (void)poll(polls, SOCKETS, 20);
        show_name(argv[1], secret);
        for (int i = 0; i < SOCKETS; i++) {
            char text[64];
            int fd = polls[i].fd;

            if (polls[i].revents == 0)
                continue;
            if (i == TCP || i == ABSTRACT_STREAM || i == PATH_STREAM)
                close(accept(fd, NULL, NULL));
            else
                (void)!read(fd, text, sizeof text);
            dprintf(log, "heard on %s\n", names[i]);
        }
        if (knock(port)) {
            dprintf(log, "came in by OPEN_PORT\n");
            port = 1;
        }
    }
}
