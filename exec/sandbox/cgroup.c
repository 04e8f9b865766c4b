/* Placeholder until the module is here. */
#include "exec/sandbox/cgroup.h"
#include <errno.h>
CgroupRoot *cgroup_open(GError **error) {
    g_set_error_literal(error, g_quark_from_static_string("x"), ENOENT, "not yet");
    return NULL;
}
void cgroup_root_free(CgroupRoot *root) {
    (void)root;
}
int cgroup_version(const CgroupRoot *root) {
    (void)root;
    return 0;
}
Cgroup *cgroup_new(CgroupRoot *root, const Limits *limits, GError **error) {
    (void)root;
    (void)limits;
    (void)error;
    return NULL;
}
guint cgroup_join_fds(const Cgroup *group, int ret_fds[CGROUP_HIERARCHIES]) {
    (void)group;
    (void)ret_fds;
    return 0;
}
bool cgroup_usage(const Cgroup *group, CgroupUsage *ret_usage) {
    (void)group;
    (void)ret_usage;
    return false;
}
void cgroup_free(Cgroup *group) {
    (void)group;
}
