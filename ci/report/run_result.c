#include "ci/report/run_result.h"

#include "exec/text.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

static json_t *text_or_null(const char *text) {
    return text != NULL ? json_string_nocheck(text) : json_null();
}

static json_t *number(guint64 value) {
    return json_integer((json_int_t)MIN(value, (guint64)G_MAXINT64));
}

/* Where what was cut ends in the middle of a character, without the beginning of that. */
static gsize whole_characters(const char *data, gsize len, bool truncated) {
    const char *end = data;

    return truncated && !g_utf8_validate(data, (gssize)len, &end) && data + len - end < 4
               ? (gsize)(end - data)
               : len;
}

/* As text where it is UTF-8, else as base64. JSON has no place for NUL in what reads it as C strings. */
static json_t *content(GBytes *bytes, bool truncated, const char **ret_encoding) {
    gsize len;
    const char *data = g_bytes_get_data(bytes, &len);
    g_autofree char *encoded = NULL;

    *ret_encoding = "utf-8";
    if (len == 0)
        return json_string("");
    len = whole_characters(data, len, truncated);
    if (g_utf8_validate(data, (gssize)len, NULL) && memchr(data, '\0', len) == NULL)
        return json_stringn_nocheck(data, len);
    *ret_encoding = "base64";
    encoded = g_base64_encode((const guchar *)data, len);
    return json_string_nocheck(encoded);
}

static json_t *stream(GBytes *bytes, guint64 total) {
    const char *encoding;
    bool truncated = total > g_bytes_get_size(bytes);
    json_t *text = content(bytes, truncated, &encoding), *object = json_object();

    json_object_set_new(object, "text", text);
    json_object_set_new(object, "encoding", json_string(encoding));
    json_object_set_new(object, "bytes", number(total));
    json_object_set_new(object, "truncated", json_boolean(truncated));
    return object;
}

static json_t *metrics_of(const CommandResult *result) {
    const Metrics *metrics = &result->metrics;
    json_t *object = json_object();

    json_object_set_new(object, "wall_us", number(metrics->wall_us));
    json_object_set_new(object, "user_us", number(metrics->user_us));
    json_object_set_new(object, "system_us", number(metrics->system_us));
    json_object_set_new(object, "memory_peak_bytes", number(metrics->memory_peak));
    json_object_set_new(object, "minor_faults", number(metrics->minor_faults));
    json_object_set_new(object, "major_faults", number(metrics->major_faults));
    json_object_set_new(object, "voluntary_switches", number(metrics->voluntary_switches));
    json_object_set_new(object, "involuntary_switches", number(metrics->involuntary_switches));
    json_object_set_new(object, "processes_peak", number(metrics->processes_peak));
    json_object_set_new(object, "disk_bytes", number(metrics->disk_bytes));
    return object;
}

static json_t *mechanism_of(const MechanismState *state) {
    json_t *object = json_object();

    json_object_set_new(object, "applied", json_boolean(state->applied));
    json_object_set_new(object, "errno", state->error != 0 ? json_integer(state->error) : json_null());
    json_object_set_new(object, "detail", text_or_null(state->detail));
    json_object_set_new(object, "remedy", text_or_null(state->remedy));
    return object;
}

json_t *run_result_isolation(const Isolation *isolation) {
    json_t *object, *mechanisms;

    if (isolation == NULL)
        return json_null();
    object = json_object();
    mechanisms = json_object();
    json_object_set_new(object, "tier", json_string(tier_name(isolation->tier)));
    json_object_set_new(object, "landlock_abi", json_integer(isolation->landlock_abi));
    json_object_set_new(object, "cgroup_version", json_integer(isolation->cgroup_version));
    for (int i = 0; i < MECHANISMS; i++)
        json_object_set_new(mechanisms, mechanism_name((Mechanism)i),
                            mechanism_of(&isolation->mechanisms[i]));
    json_object_set_new(object, "mechanisms", mechanisms);
    return object;
}

static json_t *outputs_of(const GPtrArray *outputs) {
    json_t *array = json_array();

    for (guint i = 0; outputs != NULL && i < outputs->len; i++) {
        const Output *output = outputs->pdata[i];
        g_autofree char *path = text_path(output->path);
        json_t *object = json_object();

        json_object_set_new(object, "path", json_string_nocheck(path));
        json_object_set_new(object, "bytes",
                            output->bytes != NULL ? number(g_bytes_get_size(output->bytes)) : json_null());
        json_object_set_new(object, "error", text_or_null(output->error));
        json_array_append_new(array, object);
    }
    return array;
}

/* What has ended. */
static const char *phase_of(const CommandResult *result) {
    if (result->status == STATUS_REJECTED || result->status == STATUS_SETUP_ERROR)
        return NULL;
    return result->in_build ? "build" : "run";
}

/* What was cancelled had no time to end by itself. */
static int signal_of(const CommandResult *result) {
    return result->status == STATUS_CANCELLED ? SIGKILL : result->signal;
}

static const char *error_of(const CommandResult *result) {
    return result->status == STATUS_CANCELLED ? "sallyport was asked to stop" : result->error;
}

static json_t *result_of(const CommandResult *result) {
    int signal = signal_of(result);
    json_t *object = json_object();

    json_object_set_new(object, "version", json_integer(1));
    json_object_set_new(object, "status", json_string(command_status_name(result->status)));
    json_object_set_new(object, "phase", text_or_null(phase_of(result)));
    json_object_set_new(object, "exit_code",
                        signal <= 0 && result->exit_code >= 0 ? json_integer(result->exit_code)
                                                              : json_null());
    json_object_set_new(object, "signal", signal > 0 ? json_integer(signal) : json_null());
    json_object_set_new(object, "denied", text_or_null(result->denied));
    json_object_set_new(object, "error", text_or_null(error_of(result)));
    json_object_set_new(object, "remedy", text_or_null(result->remedy));
    json_object_set_new(object, "stdout", stream(result->out, result->out_total));
    json_object_set_new(object, "stderr", stream(result->err, result->err_total));
    json_object_set_new(object, "outputs", outputs_of(result->outputs));
    json_object_set_new(object, "metrics", metrics_of(result));
    json_object_set_new(object, "isolation", run_result_isolation(result->isolation));
    return object;
}

char *run_result_json(const CommandResult *result) {
    g_autoptr(GBytes) nothing = g_bytes_new(NULL, 0);
    const CommandResult rejected = {
        .status = STATUS_REJECTED, .exit_code = -1, .out = nothing, .err = nothing};
    json_t *object = result_of(result != NULL ? result : &rejected);
    char *dumped = json_dumps(object, JSON_INDENT(2)), *text = g_strconcat(dumped, "\n", NULL);

    free(dumped);
    json_decref(object);
    return text;
}
