/* The calls that the filter refuses come here: seccomp_unotify(2). Each is answered with an error; none is
 * let through, since what its arguments point to may be changed by another thread after it was looked at. A
 * signal is only told: it may be sent. */
#include "exec/sandbox/init/init.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

static void note(Refusals *refusals, int call) {
    refusals->count++;
    for (int i = 0; i < WIRE_REFUSED; i++) {
        if (refusals->calls[i] == call)
            return;
        if (refusals->calls[i] < 0) {
            refusals->calls[i] = call;
            return;
        }
    }
}

static bool is_deadly(const Place *place, int call) {
    return call >= 0 && (size_t)call / 8 < place->deadly_size &&
           (place->deadly[call / 8] & (1 << (call % 8))) != 0;
}

static bool is_file_size(int call) {
    return call == SYS_truncate || call == SYS_ftruncate || call == SYS_fallocate;
}

static bool is_signal(int call) {
    return call == SYS_kill || call == SYS_tkill || call == SYS_tgkill || call == SYS_rt_sigqueueinfo ||
           call == SYS_rt_tgsigqueueinfo;
}

bool refuse_one(int listener, const Place *place, Refusals *refusals) {
    struct seccomp_notif request;
    struct seccomp_notif_resp answer = {.error = -EPERM};

    memset(&request, 0, sizeof request); /* the kernel wants it so */
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0)
        return false; /* whoever called has been killed meanwhile */
    answer.id = request.id;
    if (is_deadly(place, request.data.nr)) {
        refusals->denied = request.data.nr;
        return true; /* it never gets an answer */
    }
    if (is_file_size(request.data.nr)) {
        refusals->file_size = true;
        return true;
    }
    if (is_signal(request.data.nr)) {
        refusals->sent_size_signal = true;
        answer.error = 0;
        answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    } else {
        note(refusals, request.data.nr);
    }
    (void)ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    return false;
}
