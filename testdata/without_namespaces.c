/* Runs a program where no namespace can be made, as in many containers: a seccomp filter refuses new ones,
 * and clone3(2) as a whole, whose flags it cannot see.
 *
 *     without_namespaces PROGRAM ARG... */
#include "testdata/without_namespaces.h"

#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 2 || !refuse_namespaces()) {
        perror("without_namespaces");
        return 125;
    }
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
