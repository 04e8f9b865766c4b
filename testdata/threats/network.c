/* Row five: TCP, UDP, DNS, unix sockets by name, netlink, vsock, packets. The scene has a listener for each,
 * which writes down whatever it hears. */
#include "testdata/threats/threats.h"

#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static struct sockaddr_in address_of(const char *host, const char *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)number_of_scene(port))};

    (void)inet_pton(AF_INET, host, &address.sin_addr);
    return address;
}

/* "@name" is abstract. */
static socklen_t name_of(const char *name, struct sockaddr_un *ret_address) {
    size_t len = strlen(name);

    *ret_address = (struct sockaddr_un){.sun_family = AF_UNIX};
    (void)snprintf(ret_address->sun_path, sizeof ret_address->sun_path, "%s", name);
    if (name[0] == '@')
        ret_address->sun_path[0] = '\0';
    return (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len + (name[0] != '@'));
}

static void to_tcp(const char *name, const char *host, int type, int protocol) {
    struct sockaddr_in address = address_of(host, "TCP_PORT");
    int fd = socket(AF_INET, type | SOCK_NONBLOCK, protocol);
    struct pollfd wait = {.fd = fd, .events = POLLOUT};
    int failed = 0;
    socklen_t size = sizeof failed;

    if (fd < 0 || (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 && errno != EINPROGRESS)) {
        (void)tell(name, -1);
        return;
    }
    (void)poll(&wait, 1, 200);
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && failed == 0 && wait.revents != 0)
        got(name, host);
    (void)!write(fd, name, strlen(name));
    close(fd);
}

static void tcp(const char *name) {
    to_tcp(name, "127.0.0.1", SOCK_STREAM, 0);
    to_tcp(name, of_scene("ADDRESS"), SOCK_STREAM, 0);
    to_tcp("mptcp", "127.0.0.1", SOCK_STREAM, 262);
}

/* Whoever can make one has the kernel run what hardly anybody has looked at, and load it as a module. */
static void rare_protocols(const char *name) {
    static const struct {
        int type, protocol;
    } rare[] = {{SOCK_STREAM, IPPROTO_SCTP},   {SOCK_SEQPACKET, IPPROTO_SCTP}, {SOCK_DCCP, IPPROTO_DCCP},
                {SOCK_DGRAM, IPPROTO_UDPLITE}, {SOCK_DGRAM, 115 /* L2TP */},   {SOCK_STREAM, 256 /* SMC */}};

    for (size_t i = 0; i < sizeof rare / sizeof *rare; i++) {
        int fd = socket(AF_INET, rare[i].type, rare[i].protocol);

        /* The filter's answer, not that of a kernel that has no such protocol. */
        if (fd >= 0 || errno != EPERM)
            got(name, "the kernel was asked");
        if (fd >= 0)
            close(fd);
    }
}

/* No connect(2) that could be refused. */
static void fast_open(const char *name) {
    struct sockaddr_in address = address_of("127.0.0.1", "TCP_PORT");
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (sendto(fd, name, strlen(name), MSG_FASTOPEN, (struct sockaddr *)&address, sizeof address) < 0 &&
        errno != EINPROGRESS)
        (void)tell(name, -1);
    (void)usleep(50 * 1000);
    close(fd);
}

/* The second is a question for the address of example.org. */
static void udp(const char *name) {
    static const char question[] = "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x07"
                                   "example\x03org\x00\x00\x01\x00\x01";
    const char *hosts[] = {"127.0.0.1", of_scene("ADDRESS")};

    for (int i = 0; i < 2; i++) {
        struct sockaddr_in address = address_of(hosts[i], "UDP_PORT");
        int fd = socket(AF_INET, SOCK_DGRAM, 0);

        (void)tell(name, sendto(fd, name, strlen(name), 0, (struct sockaddr *)&address, sizeof address));
        (void)tell("dns",
                   sendto(fd, question, sizeof question, 0, (struct sockaddr *)&address, sizeof address));
    }
}

static void to_name(const char *name, const char *where, int type) {
    struct sockaddr_un address;
    socklen_t size = name_of(where, &address);
    int fd = socket(AF_UNIX, type, 0);

    if (tell(name, connect(fd, (struct sockaddr *)&address, size)))
        (void)!write(fd, name, strlen(name));
    if (fd >= 0)
        close(fd);
}

static void abstract(const char *name) {
    to_name(name, of_scene("ABSTRACT_STREAM"), SOCK_STREAM);
    to_name("abstract-datagram", of_scene("ABSTRACT_DATAGRAM"), SOCK_DGRAM);
}

static void by_path(const char *name) {
    to_name(name, of_scene("PATH_STREAM"), SOCK_STREAM);
    to_name("path-datagram", of_scene("PATH_DATAGRAM"), SOCK_DGRAM);
    to_name("journal", "/run/systemd/journal/socket", SOCK_DGRAM);
    to_name("docker", "/run/docker.sock", SOCK_STREAM);
    to_name("bus", "/run/dbus/system_bus_socket", SOCK_STREAM);
}

/* A pair needs no socket(2), and a datagram no connect(2). */
static void by_pair(const char *name) {
    static const int types[] = {SOCK_DGRAM, SOCK_RAW, SOCK_STREAM, SOCK_SEQPACKET};
    const char *const names[] = {of_scene("ABSTRACT_DATAGRAM"), of_scene("PATH_DATAGRAM")};

    for (size_t i = 0; i < 8; i++) {
        struct sockaddr_un address;
        socklen_t size = name_of(names[i % 2], &address);
        struct msghdr message = {.msg_name = &address, .msg_namelen = size};
        struct iovec part = {.iov_base = (void *)name, .iov_len = strlen(name)};
        int fds[2];

        message.msg_iov = &part;
        message.msg_iovlen = 1;
        if (socketpair(AF_UNIX, types[i / 2], 0, fds) != 0) {
            (void)tell(name, -1);
            continue;
        }
        /* Sent it is in any case, but where to is the listener's to say: this kind of pair takes no notice of
         * the name. */
        if (types[i / 2] == SOCK_SEQPACKET) {
            (void)sendto(fds[0], name, strlen(name), 0, (struct sockaddr *)&address, size);
            continue;
        }
        (void)tell(name, sendto(fds[0], name, strlen(name), 0, (struct sockaddr *)&address, size));
        (void)tell("pair-message", sendmsg(fds[0], &message, 0));
        (void)tell("pair-connect", connect(fds[0], (struct sockaddr *)&address, size));
    }
}

static void netlink(const char *name) {
    static const int protocols[] = {NETLINK_ROUTE, NETLINK_AUDIT, NETLINK_KOBJECT_UEVENT, NETLINK_SOCK_DIAG,
                                    NETLINK_NETFILTER};

    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++)
        (void)tell(name, socket(AF_NETLINK, SOCK_RAW, protocols[i]));
}

static void vsock(const char *name) {
    static const unsigned ids[] = {VMADDR_CID_LOCAL, VMADDR_CID_HOST};
    int fd = socket(AF_VSOCK, SOCK_STREAM, 0);

    (void)tell(name, fd);
    for (int i = 0; i < 2 && fd >= 0; i++) {
        struct sockaddr_vm address = {.svm_family = AF_VSOCK, .svm_port = 1, .svm_cid = ids[i]};

        if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
            printf("%s: connect: %s\n", name, strerror(errno));
    }
}

static void packet(const char *name) {
    (void)tell(name, socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL)));
    (void)tell("raw", socket(AF_INET, SOCK_RAW, IPPROTO_ICMP));
    (void)tell("raw6", socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
}

/* The code of a family is loaded when one asks for it, whether it gives a socket or not. */
static void families(const char *name) {
    static const int wanted[] = {AF_ALG, AF_KEY,       AF_CAN, AF_TIPC, AF_XDP,
                                 AF_RDS, AF_BLUETOOTH, AF_X25, AF_NFC,  AF_KCM};
    char what[64];
    int fds[2];

    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        (void)snprintf(what, sizeof what, "%s %d", name, wanted[i]);
        (void)tell(what, socket(wanted[i], SOCK_SEQPACKET, 0));
        /* EPERM is the filter's; any other error the kernel's own. */
        if (socketpair(wanted[i], SOCK_SEQPACKET, 0, fds) == 0 || errno != EPERM)
            got("pair-family", strerror(errno));
    }
}

/* Somebody outside knocks at this port. */
static void serve(const char *name) {
    struct sockaddr_in address = address_of("0.0.0.0", "OPEN_PORT");
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    struct pollfd wait = {.fd = fd, .events = POLLIN};

    if (bind(fd, (struct sockaddr *)&address, sizeof address) != 0 || listen(fd, 1) != 0)
        (void)tell(name, -1);
    else if (poll(&wait, 1, 300) > 0)
        got(name, "a visitor");
    close(fd);
}

static void set_up(const char *name) {
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = 0};
    int fd = socket(AF_INET, SOCK_DGRAM, 0);

    (void)tell(name, ioctl(fd, SIOCSIFFLAGS, &request));
    if (fd >= 0)
        close(fd);
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"tcp", tcp, false},
        {"fast-open", fast_open, false},
        {"udp", udp, false},
        {"abstract", abstract, false},
        {"path", by_path, false},
        {"pair", by_pair, false},
        {"netlink", netlink, false},
        {"vsock", vsock, false},
        {"packet", packet, false},
        {"family", families, false},
        {"serve", serve, false},
        {"interface", set_up, false},
        {"protocols", rare_protocols, false},
        {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
