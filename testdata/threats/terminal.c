/* Row ten: a terminal obeys what is written to it, and takes what is put into its input for the user's own.
 */
#include "testdata/threats/threats.h"

#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>

/* A title, an answer-back, a colour, C1 controls, a carriage return over what stands there, the clipboard. */
static const char sequence[] = "\033]0;TITLE\007\033[6n\033[31mred\033P$q\033\\\r\xc2\x9b"
                               "31m\033]52;c;aGk=\007\b\b\n";

static void to_output(const char *name) {
    (void)name;
    (void)!write(1, sequence, sizeof sequence - 1);
    (void)!write(2, sequence, sizeof sequence - 1);
}

/* A terminal that was given for reading often is open for writing. */
static void to_input(const char *name) {
    if (tell(name, write(0, "\033]0;BY-INPUT\007", 13)))
        return;
    (void)tell("reopen", open("/proc/self/fd/0", O_WRONLY | O_NOCTTY));
    (void)tell("reopen-dev", open("/dev/stdin", O_WRONLY | O_NOCTTY));
}

static void push(const char *name) {
    char typed[] = "typed";

    for (int fd = 0; fd < 3; fd++)
        for (const char *at = typed; *at != '\0'; at++)
            (void)tell(name, ioctl(fd, TIOCSTI, at));
    /* The kernel takes the low half of the number. */
    (void)tell("TIOCSTI-high", syscall(SYS_ioctl, 0, (1UL << 32) | TIOCSTI, typed));
    (void)tell("TIOCLINUX", ioctl(0, TIOCLINUX, "\x03"));
    (void)tell("tty", open("/dev/tty", O_RDWR));
}

/* Without ISIG no Ctrl-C ends anything. */
static void set(const char *name) {
    struct termios mode;
    struct winsize size = {.ws_row = 7, .ws_col = 7};
    pid_t group = getpgrp();

    for (int fd = 0; fd < 3; fd++)
        if (ioctl(fd, TCGETS, &mode) == 0) {
            mode.c_lflag &= ~(tcflag_t)(ISIG | ECHO | ICANON);
            (void)tell(name, ioctl(fd, TCSETS, &mode));
            (void)tell("set-wait", ioctl(fd, TCSETSW, &mode));
            (void)tell("size", ioctl(fd, TIOCSWINSZ, &size));
            (void)tell("controlling", ioctl(fd, TIOCSCTTY, 1));
            (void)tell("foreground", ioctl(fd, TIOCSPGRP, &group));
            (void)tell("exclusive", ioctl(fd, TIOCEXCL));
            (void)tell("stop", ioctl(fd, TCXONC, TCOOFF) == 0 ? ioctl(fd, TCXONC, TCOON) : -1);
        }
}

int main(int argc, char **argv) {
    static const Attack attacks[] = {
        {"output", to_output, false}, {"input", to_input, false}, {"TIOCSTI", push, false},
        {"set", set, false},          {NULL, NULL, false},
    };

    return threats_main(attacks, argc, argv);
}
