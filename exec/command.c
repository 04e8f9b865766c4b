#include "exec/command.h"

#include "exec/text.h"

#include <string.h>

const char *command_status_name(CommandStatus status) {
    static const char *const names[] = {
        [STATUS_SUCCESS] = "success",
        [STATUS_EXECUTION_ERROR] = "execution_error",
        [STATUS_SIGNALED] = "signaled",
        [STATUS_TIMEOUT] = "timeout",
        [STATUS_CPU_LIMIT] = "cpu_limit",
        [STATUS_MEMORY_LIMIT] = "memory_limit",
        [STATUS_PROCESS_LIMIT] = "process_limit",
        [STATUS_DISK_LIMIT] = "disk_limit",
        [STATUS_OUTPUT_LIMIT] = "output_limit",
        [STATUS_DENIED] = "denied",
        [STATUS_REJECTED] = "rejected",
        [STATUS_CANCELLED] = "signaled", /* by ours: the run result tells in its error whose it was */
        [STATUS_SETUP_ERROR] = "setup_error",
    };

    return names[status];
}

static void mount_free(Mount *mount) {
    g_free(mount->source);
    g_free(mount->target);
    g_free(mount);
}

static void file_free(WorkFile *file) {
    g_free(file->path);
    g_bytes_unref(file->bytes);
    g_free(file);
}

Command *command_new(void) {
    Command *command = g_new0(Command, 1);

    command->input_fd = -1;
    command->work.keep_fd = -1;
    command->require = TIER_NAMESPACES;
    command->work.files = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);

    command->mounts = g_ptr_array_new_with_free_func((GDestroyNotify)mount_free);
    command->limits = limits_default();
    return command;
}

void command_free(Command *command) {
    if (command == NULL)
        return;
    g_strfreev(command->build);
    g_strfreev(command->argv);
    g_strfreev(command->env);
    g_free(command->cwd);
    if (command->input != NULL)
        g_bytes_unref(command->input);
    g_ptr_array_unref(command->mounts);
    g_free(command->root);
    g_free(command->work.tree);
    g_ptr_array_unref(command->work.files);
    g_strfreev(command->work.outputs);
    g_free(command);
}

void command_add_mount(Command *command, const char *source, const char *target) {
    Mount *mount = g_new0(Mount, 1);

    mount->source = g_strdup(source);
    mount->target = g_strdup(target);
    g_ptr_array_add(command->mounts, mount);
}

void command_add_file(Command *command, const char *path, GBytes *bytes, bool executable) {
    WorkFile *file = g_new0(WorkFile, 1);

    file->path = g_strdup(path);
    file->bytes = g_bytes_ref(bytes);
    file->executable = executable;
    g_ptr_array_add(command->work.files, file);
}

static char *seconds(guint64 ms) {
    return ms % 1000 == 0 ? g_strdup_printf("%" G_GUINT64_FORMAT " s", ms / 1000)
                          : g_strdup_printf("%" G_GUINT64_FORMAT " ms", ms);
}

char *command_result_text(const Command *command, const CommandResult *result) {
    g_autofree char *wall = seconds(command->limits.wall_ms);
    g_autofree char *cpu = seconds(command->limits.cpu_ms);

    switch (result->status) {
    case STATUS_SUCCESS:
        return g_strdup("succeeded");
    case STATUS_EXECUTION_ERROR:
        return g_strdup_printf(result->in_build ? "could not be compiled (exit code %d)"
                                                : "ended with exit code %d",
                               result->exit_code);
    case STATUS_SIGNALED:
        return g_strdup_printf("was ended by signal %d (%s)", result->signal, strsignal(result->signal));
    case STATUS_TIMEOUT:
        return g_strdup_printf("was stopped after %s (wall-clock limit)", wall);
    case STATUS_CPU_LIMIT:
        return g_strdup_printf("was stopped after %s of CPU time (cpu limit)", cpu);
    case STATUS_MEMORY_LIMIT: {
        g_autofree char *size = g_format_size_full(command->limits.memory, G_FORMAT_SIZE_IEC_UNITS);

        return g_strdup_printf("used more than %s (memory limit)", size);
    }
    case STATUS_PROCESS_LIMIT:
        return g_strdup_printf("wanted more than %" G_GUINT64_FORMAT
                               " processes and threads (processes limit)",
                               command->limits.processes);
    case STATUS_DISK_LIMIT:
        return g_strdup("filled its disk (disk, inodes or file_size limit)");
    case STATUS_REJECTED:
        return g_strdup("was not run: the review rejected it");
    case STATUS_OUTPUT_LIMIT:
        return g_strdup_printf("wrote more than %" G_GUINT64_FORMAT " bytes (output limit)",
                               command->limits.output);
    case STATUS_DENIED:
        return g_strdup_printf("was ended for a forbidden system call (%s)",
                               result->denied != NULL ? result->denied : "unknown");
    case STATUS_CANCELLED:
        return g_strdup("was stopped on request");
    case STATUS_SETUP_ERROR:
        return g_strdup_printf("could not be started: %s", result->error);
    }
    g_assert_not_reached();
}

static void output_free(Output *output) {
    g_free(output->path);
    g_clear_pointer(&output->bytes, g_bytes_unref);
    g_free(output->error);
    g_free(output);
}

GPtrArray *command_outputs_new(void) {
    return g_ptr_array_new_with_free_func((GDestroyNotify)output_free);
}

CommandResult *command_result_not_started(const char *error) {
    CommandResult *result = g_new0(CommandResult, 1);

    result->status = STATUS_SETUP_ERROR;
    result->exit_code = -1;
    result->out = g_bytes_new(NULL, 0);
    result->err = g_bytes_new(NULL, 0);
    result->error = text_line(error, -1, 1024);
    return result;
}

void command_result_free(CommandResult *result) {
    if (result == NULL)
        return;
    g_clear_pointer(&result->out, g_bytes_unref);
    g_clear_pointer(&result->err, g_bytes_unref);
    g_free(result->error);
    g_free(result->remedy);
    g_free(result->denied);
    g_free(result->keep_error);
    g_clear_pointer(&result->outputs, g_ptr_array_unref);
    isolation_unref(result->isolation);
    g_free(result);
}
