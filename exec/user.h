/* user.h: whom a sandboxed program is on the host, by whose ids the kernel judges what it may touch. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

typedef struct {
    uid_t uid;
    gid_t gid;
} User;

/* An ordinary user stays that. Root's programs are nobody: limits bind nobody, and root's files cannot be
 * written to. Where nobody is not mapped (some containers), they stay root. What such a program is to change
 * must be given to this user. */
User user_of_children(void);

/* Whether this process can give up its further groups: root can, unless its user namespace forbids it to
 * (`unshare -r`), where they are those of the ordinary user who made it. */
bool user_can_drop_groups(void);
