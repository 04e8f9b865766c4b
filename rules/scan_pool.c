#include "rules/scan_pool.h"

#include "rules/scan.h"

/* What is on its way at most, but for one file: these bytes, and a file a thread. */
#define MOST_BYTES (32u << 20)
/* A file takes so much at least. */
#define LEAST_BYTES 4096u

typedef struct {
    char *path;
    GBytes *bytes;
    bool binary;
    CheckResult *result; /* NULL: nothing was found */
} Job;

struct ScanPool {
    GThreadPool *threads; /* NULL: none but the caller's */
    GAsyncQueue *idle;    /* of Scanner */
    GPtrArray *jobs;      /* of Job, in the order of the files */
    GMutex mutex;
    GCond taken;
    gsize bytes;   /* on their way */
    gint given_up; /* what has not been scanned is not to be */
};

static void job_free(Job *job) {
    g_free(job->path);
    g_clear_pointer(&job->bytes, g_bytes_unref);
    check_result_free(job->result);
    g_free(job);
}

static gsize weight_of(GBytes *bytes) {
    return MAX(g_bytes_get_size(bytes), LEAST_BYTES);
}

static void scan_job(ScanPool *pool, Job *job) {
    Scanner *scanner = g_async_queue_pop(pool->idle);
    CheckResult *result = check_result_new("sallyport");
    gsize len;
    const char *text = g_bytes_get_data(job->bytes, &len);

    (job->binary ? scan_binary : scan_file)(scanner, job->path, text, len, result);
    if (result->findings->len > 0 || g_hash_table_size(result->failures) > 0)
        job->result = g_steal_pointer(&result);
    check_result_free(result);
    g_async_queue_push(pool->idle, scanner);
}

static void work(gpointer data, gpointer user_data) {
    ScanPool *pool = user_data;
    Job *job = data;
    gsize weight = weight_of(job->bytes);

    if (!g_atomic_int_get(&pool->given_up))
        scan_job(pool, job);
    g_clear_pointer(&job->bytes, g_bytes_unref);
    g_mutex_lock(&pool->mutex);
    pool->bytes -= weight;
    g_cond_signal(&pool->taken);
    g_mutex_unlock(&pool->mutex);
}

static void join(ScanPool *pool) {
    if (pool->threads != NULL)
        g_thread_pool_free(g_steal_pointer(&pool->threads), FALSE, TRUE);
}

ScanPool *scan_pool_new(const RuleSet *rules, const Prefilter *prefilter, guint threads) {
    ScanPool *pool = g_new0(ScanPool, 1);
    g_autoptr(GError) error = NULL;

    pool->idle = g_async_queue_new_full((GDestroyNotify)scanner_free);
    pool->jobs = g_ptr_array_new_with_free_func((GDestroyNotify)job_free);
    g_mutex_init(&pool->mutex);
    g_cond_init(&pool->taken);
    for (guint i = 0; i < MAX(threads, 1); i++) {
        Scanner *scanner = scanner_new(rules);

        if (prefilter != NULL)
            scanner_use(scanner, prefilter);
        g_async_queue_push(pool->idle, scanner);
    }
    /* Of its own threads, which end with it: a process that starts others is better without any. */
    if (threads > 1)
        pool->threads = g_thread_pool_new(work, pool, (int)threads, TRUE, &error);
    if (error != NULL)
        join(pool);
    return pool;
}

void scan_pool_free(ScanPool *pool) {
    if (pool == NULL)
        return;
    g_atomic_int_set(&pool->given_up, 1);
    join(pool);
    g_async_queue_unref(pool->idle);
    g_ptr_array_unref(pool->jobs);
    g_mutex_clear(&pool->mutex);
    g_cond_clear(&pool->taken);
    g_free(pool);
}

void scan_pool_add(ScanPool *pool, const char *path, GBytes *bytes, bool binary) {
    Job *job = g_new0(Job, 1);

    job->path = g_strdup(path);
    job->bytes = g_bytes_ref(bytes);
    job->binary = binary;
    g_ptr_array_add(pool->jobs, job);
    g_mutex_lock(&pool->mutex);
    while (pool->bytes > MOST_BYTES)
        g_cond_wait(&pool->taken, &pool->mutex);
    pool->bytes += weight_of(bytes);
    g_mutex_unlock(&pool->mutex);
    if (pool->threads != NULL)
        (void)g_thread_pool_push(pool->threads, job, NULL); /* it is queued, whatever it says */
    else
        work(job, pool);
}

void scan_pool_finish(ScanPool *pool, CheckResult *result) {
    join(pool);
    for (guint i = 0; i < pool->jobs->len; i++) {
        const Job *job = pool->jobs->pdata[i];

        if (job->result != NULL)
            check_merge(result, job->result);
    }
    g_ptr_array_set_size(pool->jobs, 0);
}
