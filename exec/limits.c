#include "exec/limits.h"

#include "exec/caps.h"

#include <stddef.h>

#define KIB ((guint64)1 << 10)
#define MIB ((guint64)1 << 20)
#define GIB ((guint64)1 << 30)

const LimitInfo limit_infos[] = {
    {"wall", offsetof(Limits, wall_ms), LIMIT_DURATION, 10, CAP_TIMEOUT_MS, 60 * 1000},
    {"cpu", offsetof(Limits, cpu_ms), LIMIT_DURATION, 1000, CAP_TIMEOUT_MS, 60 * 1000},
    {"memory", offsetof(Limits, memory), LIMIT_SIZE, 4 * MIB, 1024 * GIB, 1 * GIB},
    {"processes", offsetof(Limits, processes), LIMIT_COUNT, 1, 32768, 256},
    {"output", offsetof(Limits, output), LIMIT_SIZE, 1, 64 * MIB, 1 * MIB},
    {"disk", offsetof(Limits, disk), LIMIT_SIZE, 4 * KIB, 1024 * GIB, 64 * MIB},
    {"inodes", offsetof(Limits, inodes), LIMIT_COUNT, 16, 16777216, 16384},
    {"file_size", offsetof(Limits, file_size), LIMIT_SIZE, 1, 1024 * GIB, 64 * MIB},
    {"open_files", offsetof(Limits, open_files), LIMIT_COUNT, 8, 1048576, 1024},
    {"stack", offsetof(Limits, stack), LIMIT_SIZE, 64 * KIB, 1 * GIB, 8 * MIB},
    {NULL, 0, LIMIT_COUNT, 0, 0, 0},
};

Limits limits_default(void) {
    Limits limits;

    for (const LimitInfo *info = limit_infos; info->name != NULL; info++)
        *(guint64 *)((char *)&limits + info->offset) = info->standard;
    return limits;
}
