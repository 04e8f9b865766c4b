/* The assembler takes the program in as it is (.incbin), so that no file has to be found, or can be put in
 * its place. */
#include "exec/sandbox/image.h"

#include "exec/sandbox/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef SALLYPORT_INIT /* the Makefile says where it was built */
#define SALLYPORT_INIT "build/sallyport-init"
#endif
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

__asm__(".pushsection .rodata, \"a\"\n"
        ".hidden sallyport_init, sallyport_init_end\n"
        ".global sallyport_init, sallyport_init_end\n"
        "sallyport_init: .incbin \"" SALLYPORT_INIT "\"\n"
        "sallyport_init_end: .byte 0\n"
        ".popsection\n");
extern const char sallyport_init[] __attribute__((visibility("hidden")));
extern const char sallyport_init_end[] __attribute__((visibility("hidden")));

static bool write_all(int fd) {
    gsize size = (gsize)(sallyport_init_end - sallyport_init);

    for (gsize done = 0; done < size;) {
        ssize_t n = write(fd, sallyport_init + done, size - done);

        if (n < 0 && errno != EINTR)
            return false;
        done += n > 0 ? (gsize)n : 0;
    }
    return true;
}

int image_open(GError **error) {
    int fd = memfd_create("sallyport-init", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC);

    if (fd < 0 && errno == EINVAL) /* before Linux 6.3 */
        fd = memfd_create("sallyport-init", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd >= 0 && write_all(fd) &&
        fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0)
        return fd;
    sandbox_set_error(error, "make memory for sallyport-init");
    if (fd >= 0)
        close(fd);
    return -1;
}
