/* clang_read(): the worker's answer. All of it may be the words of a hostile file. */
#include "rules/clang/client.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "rules/clang/wire.h"

#include <jansson.h>
#include <string.h>

#define NAME_BYTES 512     /* of a function's name, that is kept */
#define ARGUMENT_BYTES 200 /* of an argument, as it is written */
#define MOST_ARGUMENTS 10u
#define EDIT_BYTES 4096u
#define MOST_EDITS 16u

static void function_free(ClangFunction *function) {
    g_free(function->name);
    g_free(function);
}

static void edit_free(ClangEdit *edit) {
    g_free(edit->text);
    g_free(edit);
}

static void finding_free_all(ClangFinding *finding) {
    g_free(finding->callee);
    g_free(finding->function);
    g_free(finding->says);
    g_free(finding->does);
    g_clear_pointer(&finding->args, g_ptr_array_unref);
    g_clear_pointer(&finding->edits, g_ptr_array_unref);
    g_free(finding);
}

static void file_free(ClangFile *file) {
    g_clear_pointer(&file->findings, g_ptr_array_unref);
    g_free(file->failure);
    g_clear_pointer(&file->functions, g_ptr_array_unref);
    g_free(file->error);
    g_free(file);
}

ClangResult *clang_result_new(guint files, guint rules) {
    ClangResult *result = g_new0(ClangResult, 1);

    result->rules = rules;
    result->files = g_ptr_array_new_with_free_func((GDestroyNotify)file_free);
    for (guint i = 0; i < files; i++)
        g_ptr_array_add(result->files, g_new0(ClangFile, 1));
    return result;
}

void clang_result_free(ClangResult *result) {
    if (result == NULL)
        return;
    g_free(result->version);
    g_free(result->failure);
    g_free(result->remedy);
    g_ptr_array_unref(result->files);
    g_free(result);
}

static bool read_number(const json_t *object, const char *key, guint *ret) {
    const json_t *value = json_object_get(object, key);

    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) > G_MAXINT32)
        return false;
    *ret = (guint)json_integer_value(value);
    return true;
}

/* Clean and short, since it goes into messages. NULL where it is none. */
static char *read_text(const json_t *object, const char *key, gsize most) {
    const json_t *value = json_object_get(object, key);

    return json_is_string(value)
               ? text_line(json_string_value(value), (gssize)json_string_length(value), most)
               : NULL;
}

static ClangFunction *read_function(const json_t *object) {
    ClangFunction *function = g_new0(ClangFunction, 1);
    const json_t *lost = json_object_get(object, "lost");

    function->name = read_text(object, "name", NAME_BYTES);
    if (function->name != NULL && read_number(object, "start", &function->start) &&
        read_number(object, "end", &function->end) && function->start < function->end &&
        read_number(object, "cyclomatic", &function->cyclomatic) && function->cyclomatic > 0 &&
        read_number(object, "cognitive", &function->cognitive) && json_is_boolean(lost)) {
        function->lost = json_is_true(lost);
        return function;
    }
    function_free(function);
    return NULL;
}

static bool read_functions(const json_t *array, ClangFile *file) {
    const json_t *value;
    gsize i;

    file->functions = g_ptr_array_new_with_free_func((GDestroyNotify)function_free);
    if (!json_is_array(array))
        return false;
    json_array_foreach(array, i, value) {
        ClangFunction *function = read_function(value);

        if (function == NULL)
            return false;
        g_ptr_array_add(file->functions, function);
    }
    return true;
}

static bool read_lost(const json_t *object, ClangFile *file) {
    file->is_unparsed = json_object_get(object, "unparsed") != NULL;
    if (file->is_unparsed && !read_number(object, "unparsed", &file->unparsed))
        return false;
    if (json_object_get(object, "error") == NULL)
        return true;
    file->error = read_text(object, "error", CAP_MESSAGE_BYTES);
    return file->error != NULL && read_number(object, "error_at", &file->error_at);
}

/* Findings. */

static bool has(const json_t *object, const char *key) {
    return json_object_get(object, key) != NULL;
}

/* A text that may be missing; false where it is something else. */
static bool read_optional(const json_t *object, const char *key, gsize most, char **ret) {
    if (!has(object, key))
        return true;
    *ret = read_text(object, key, most);
    return *ret != NULL;
}

static bool read_place(const json_t *object, guint *ret_start, guint *ret_end) {
    return read_number(object, "start", ret_start) && read_number(object, "end", ret_end) &&
           *ret_start <= *ret_end;
}

/* What an edit writes goes into files, so it stays as it is, if it is text without control characters. */
static char *read_edit_text(const json_t *object) {
    const char *text = json_string_value(json_object_get(object, "text"));

    if (text == NULL || strlen(text) > EDIT_BYTES ||
        strlen(text) != json_string_length(json_object_get(object, "text")))
        return NULL;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at))
        if (!g_unichar_isprint(g_utf8_get_char(at)) && *at != '\n' && *at != '\t')
            return NULL;
    return g_strdup(text);
}

static bool read_edits(const json_t *array, ClangFinding *finding) {
    const json_t *value;
    guint before = 0;
    gsize i;

    finding->edits = g_ptr_array_new_with_free_func((GDestroyNotify)edit_free);
    if (!json_is_array(array) || json_array_size(array) == 0 || json_array_size(array) > MOST_EDITS)
        return false;
    json_array_foreach(array, i, value) {
        ClangEdit *edit = g_new0(ClangEdit, 1);

        g_ptr_array_add(finding->edits, edit);
        edit->text = read_edit_text(value);
        if (edit->text == NULL || !read_place(value, &edit->start, &edit->end) || edit->start < before)
            return false;
        before = edit->end;
    }
    return true;
}

static bool read_args(const json_t *array, ClangFinding *finding) {
    const json_t *value;
    gsize i;

    if (array == NULL)
        return true;
    if (!json_is_array(array) || json_array_size(array) > MOST_ARGUMENTS)
        return false;
    finding->args = g_ptr_array_new_with_free_func(g_free);
    json_array_foreach(array, i, value) {
        if (!json_is_string(value))
            return false;
        g_ptr_array_add(finding->args, text_line(json_string_value(value), (gssize)json_string_length(value),
                                                 ARGUMENT_BYTES));
    }
    return true;
}

static ClangFinding *read_finding(const json_t *object, guint rules) {
    ClangFinding *finding = g_new0(ClangFinding, 1);
    const json_t *fix = json_object_get(object, "fix");

    if (read_number(object, "rule", &finding->rule) && finding->rule < rules &&
        read_place(object, &finding->start, &finding->end) && finding->start < finding->end &&
        read_optional(object, "callee", NAME_BYTES, &finding->callee) &&
        read_optional(object, "function", NAME_BYTES, &finding->function) &&
        read_optional(object, "says", CAP_MESSAGE_BYTES, &finding->says) &&
        read_args(json_object_get(object, "args"), finding) &&
        (fix == NULL || (read_optional(fix, "does", CAP_MESSAGE_BYTES, &finding->does) &&
                         read_edits(json_object_get(fix, "edits"), finding))))
        return finding;
    finding_free_all(finding);
    return NULL;
}

static bool read_findings(const json_t *array, guint rules, ClangFile *file) {
    const json_t *value;
    gsize i;

    if (array == NULL)
        return true;
    file->findings = g_ptr_array_new_with_free_func((GDestroyNotify)finding_free_all);
    if (!json_is_array(array))
        return false;
    json_array_foreach(array, i, value) {
        ClangFinding *finding = read_finding(value, rules);

        if (finding == NULL)
            return false;
        g_ptr_array_add(file->findings, finding);
    }
    return true;
}

/* What of the rules' work is not done. */
static bool read_undone(const json_t *object, guint rules, ClangFile *file) {
    file->is_over = has(object, "over");
    file->is_missed = has(object, "missed");
    return (!file->is_over || (read_number(object, "over", &file->over) && file->over < rules)) &&
           (!file->is_missed || (read_number(object, "missed", &file->missed) && file->missed < rules &&
                                 read_number(object, "missed_at", &file->missed_at)));
}

static void fail(ClangFile *file, const char *why) {
    if (file->failure == NULL)
        file->failure = g_strdup(why);
}

static void read_file(const char *text, gsize len, guint rules, ClangFile *file) {
    json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

    if (!json_is_object(object) || !read_functions(json_object_get(object, "functions"), file) ||
        !read_lost(object, file) || !read_findings(json_object_get(object, "findings"), rules, file) ||
        !read_undone(object, rules, file))
        fail(file, "clang's answer cannot be understood");
    json_decref(object);
}

static void read_itself(const char *text, gsize len, ClangResult *result) {
    json_t *object = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);

    if (result->version == NULL)
        result->version = read_text(object, "version", NAME_BYTES);
    if (result->failure == NULL) {
        result->failure = read_text(object, "error", CAP_MESSAGE_BYTES);
        result->remedy = read_text(object, "remedy", CAP_MESSAGE_BYTES);
    }
    json_decref(object);
}

/* Why there is no answer of a file; NULL where there is one. */
static char *failure_of(guint32 outcome) {
    switch (outcome) {
    case CLANG_DONE:
        return NULL;
    case CLANG_CRASHED:
        return g_strdup("clang crashed on it; is something in it nested very deeply?");
    case CLANG_TIMED_OUT:
        return g_strdup_printf("clang does not come to an end of it within %u s of CPU time, or %u s",
                               CAP_CLANG_CPU_MS / 1000, CAP_CLANG_WALL_MS / 1000);
    case CLANG_NO_MEMORY:
        return g_strdup_printf("clang needs more than %u MiB of memory for it", CAP_CLANG_MEMORY >> 20);
    case CLANG_TOO_MUCH:
        return g_strdup_printf("clang has more than %u MiB to say of it", CAP_CLANG_ANSWER >> 20);
    case CLANG_REFUSED:
        return g_strdup("clang cannot parse it");
    default:
        return g_strdup("clang's answer cannot be understood");
    }
}

/* Of a file that was answered already, nothing more is taken. */
static bool read_answer(const ClangFrame *frame, const char *text, const GArray *asked, ClangResult *result) {
    ClangFile *file = result->files->pdata[g_array_index(asked, guint, frame->file)];

    if (file->functions != NULL || file->failure != NULL)
        return false;
    file->failure = failure_of(frame->outcome);
    if (file->failure == NULL)
        read_file(text, frame->size, result->rules, file);
    return true;
}

guint clang_read(const char *bytes, gsize len, const GArray *asked, ClangResult *result) {
    guint answered = 0;
    ClangFrame frame;

    for (gsize at = 0; len - at >= sizeof frame; at += frame.size) {
        memcpy(&frame, bytes + at, sizeof frame);
        at += sizeof frame;
        if (frame.magic != CLANG_MAGIC || frame.size > CAP_CLANG_ANSWER || frame.size > len - at ||
            (frame.file != CLANG_ITSELF && frame.file >= asked->len))
            break; /* what follows cannot be found */
        if (frame.file == CLANG_ITSELF)
            read_itself(bytes + at, frame.size, result);
        else if (read_answer(&frame, bytes + at, asked, result))
            answered++;
    }
    return answered;
}
