#include "review/cache.h"

#include "exec/caps.h"
#include "exec/text.h"
#include "review/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* With another layout of the table it has another name. */
#define FILE_NAME "results-1.db"
#define ASIDE_NAME "results-1.damaged"
#define LOCK_NAME "lock"

/* So long a run waits for another one that writes. */
#define BUSY_MS 2000
#define LOCK_STEP_MS 5
/* An entry is noted as used at most so often. */
#define USED_STEP_S 3600
/* What is to go when there is too much, at least. */
#define EVICT_PART 4

struct Cache {
    char *folder, *path;
    guint64 most;
    bool opened; /* it was tried */
    sqlite3 *db; /* NULL: it is of no use */
    sqlite3_stmt *find;
    ino_t file;      /* that was opened; where it was moved meanwhile, the one before it */
    bool again;      /* it was opened once more, since another run has put the file aside */
    GHashTable *put; /* key -> GBytes */
    GArray *used;    /* of gint64: the ids of entries to be noted as used */
    guint64 asked, found;
    char *problem, *damage;
};

Cache *cache_new(const char *folder, guint64 most) {
    Cache *cache = g_new0(Cache, 1);

    cache->folder = g_strdup(folder);
    cache->path = g_build_filename(folder, FILE_NAME, NULL);
    cache->most = most;
    cache->put = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
    cache->used = g_array_new(FALSE, FALSE, sizeof(gint64));
    return cache;
}

static void close_database(Cache *cache) {
    if (cache->db == NULL)
        return;
    sqlite3_finalize(cache->find);
    sqlite3_close_v2(cache->db);
    cache->find = NULL;
    cache->db = NULL;
}

void cache_free(Cache *cache) {
    if (cache == NULL)
        return;
    close_database(cache);
    g_free(cache->folder);
    g_free(cache->path);
    g_hash_table_unref(cache->put);
    g_array_unref(cache->used);
    g_free(cache->problem);
    g_free(cache->damage);
    g_free(cache);
}

const char *cache_problem(const Cache *cache) {
    return cache->problem;
}

const char *cache_damage(const Cache *cache) {
    return cache->damage;
}

char *cache_account(const Cache *cache) {
    g_autofree char *results = text_count(cache->asked, "result");

    return cache->asked > 0
               ? g_strdup_printf("the cache knew %" G_GUINT64_FORMAT " of %s", cache->found, results)
               : NULL;
}

static bool give_up(Cache *cache, const char *what, const char *why) {
    g_autofree char *folder = text_path(cache->folder);
    g_autofree char *text = g_strdup_printf("the cache in %s is not used: %s%s%s", folder, what,
                                            why != NULL ? ": " : "", why != NULL ? why : "");

    close_database(cache);
    if (cache->problem == NULL)
        cache->problem = text_line(text, -1, CAP_MESSAGE_BYTES);
    return false;
}

/* The folder. */

static bool is_ours(const char *path, mode_t *ret_mode) {
    struct stat st;

    if (lstat(path, &st) != 0 || !S_ISDIR(st.st_mode) || st.st_uid != geteuid())
        return false;
    *ret_mode = st.st_mode & 07777;
    return true;
}

/* Whether what is to be made will stand in a folder of ours. */
static bool is_below_ours(const char *path) {
    g_autofree char *above = g_path_get_dirname(path);
    mode_t mode;

    if (g_file_test(above, G_FILE_TEST_EXISTS) || strcmp(above, path) == 0)
        return is_ours(above, &mode);
    return is_below_ours(above);
}

static bool make_folder(Cache *cache) {
    g_autofree char *above = g_path_get_dirname(cache->folder);
    struct stat st;
    mode_t mode;

    if (lstat(cache->folder, &st) == 0) {
        if (!is_ours(cache->folder, &mode))
            return give_up(cache, "it is no folder, or somebody else's", NULL);
        return (mode & 077) == 0 || give_up(cache, "others than its owner may look into it, or write", NULL);
    }
    if (!is_below_ours(cache->folder))
        return give_up(cache, "it would stand in somebody else's folder", NULL);
    if (g_mkdir_with_parents(above, 0700) != 0 ||
        (mkdir(cache->folder, 0700) != 0 && errno != EEXIST)) /* another run may have made it */
        return give_up(cache, "it cannot be made", g_strerror(errno));
    return (is_ours(cache->folder, &mode) && (mode & 077) == 0) ||
           give_up(cache, "it is no folder, or somebody else's", NULL);
}

/* The file. */

/* Beside it SQLite keeps what is on its way. */
static const char *const file_names[] = {FILE_NAME, FILE_NAME "-wal", FILE_NAME "-shm", FILE_NAME "-journal"};

/* Whether nobody else can have written to it: while the folder was open to others, someone could have put a
 * file of their own there. What is not there is made by us; what has no name any more is being removed. */
static bool are_files_ours(Cache *cache) {
    for (gsize i = 0; i < G_N_ELEMENTS(file_names); i++) {
        g_autofree char *path = g_build_filename(cache->folder, file_names[i], NULL);
        g_autofree char *what = NULL;
        struct stat st;

        if (lstat(path, &st) != 0 ||
            (S_ISREG(st.st_mode) && st.st_uid == geteuid() && st.st_nlink <= 1 && (st.st_mode & 022) == 0))
            continue;
        what = g_strconcat(file_names[i], " is no file that is yours alone: remove it", NULL);
        return give_up(cache, what, NULL);
    }
    return true;
}

static ino_t file_at(const char *path) {
    struct stat st;

    return stat(path, &st) == 0 ? st.st_ino : 0;
}

/* What several runs must not do at once; -1 where another one has been at it for long. */
static int lock_folder(const Cache *cache) {
    g_autofree char *path = g_build_filename(cache->folder, LOCK_NAME, NULL);
    int lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

    for (guint waited = 0; lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0; waited += LOCK_STEP_MS) {
        if (waited > BUSY_MS) {
            close(lock);
            return -1;
        }
        g_usleep(LOCK_STEP_MS * 1000);
    }
    return lock;
}

static void unlock_folder(int lock) {
    if (lock >= 0)
        close(lock);
}

static int run(const Cache *cache, const char *sql) {
    return sqlite3_exec(cache->db, sql, NULL, NULL, NULL);
}

static int prepare_find(Cache *cache) {
    return sqlite3_prepare_v2(cache->db, "SELECT id, bytes, hash, used FROM results WHERE key = ?", -1,
                              &cache->find, NULL);
}

/* Makes the table, where it is the first time. */
static int set_up(Cache *cache) {
    static const char sql[] =
        "PRAGMA auto_vacuum = INCREMENTAL;"
        "PRAGMA journal_mode = WAL;"
        "CREATE TABLE IF NOT EXISTS results (id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE,"
        " bytes BLOB NOT NULL, hash BLOB NOT NULL, used INTEGER NOT NULL)";
    int lock = lock_folder(cache);
    int code = lock >= 0 ? run(cache, sql) : SQLITE_BUSY;

    unlock_folder(lock);
    return code == SQLITE_OK ? prepare_find(cache) : code;
}

static int open_database(Cache *cache) {
    static const char always[] =
        "PRAGMA synchronous = OFF;" /* what a loss of power takes away, or damages, is found again */
        "PRAGMA cell_size_check = ON;"
        "PRAGMA trusted_schema = OFF";
    int code;

    cache->file = file_at(cache->path);
    code = sqlite3_open_v2(cache->path, &cache->db,
                           SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);

    if (code == SQLITE_OK)
        code = sqlite3_busy_timeout(cache->db, BUSY_MS);
    if (code == SQLITE_OK)
        code = run(cache, always);
    if (code == SQLITE_OK)
        code = prepare_find(cache);
    if (code == SQLITE_ERROR) /* there is no table */
        code = set_up(cache);
    return code;
}

/* Also a table that is not ours. */
static bool is_damage(int code) {
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR;
}

/* Whoever finds the damage first moves the file away; who finds it at the same time must not do so with the
 * new one. */
static void put_aside(Cache *cache) {
    static const char *const beside[] = {"-wal", "-shm"};
    g_autofree char *aside = g_build_filename(cache->folder, ASIDE_NAME, NULL);
    g_autofree char *shown = text_path(cache->path), *shown_aside = text_path(aside);
    int lock;

    close_database(cache);
    g_array_set_size(cache->used, 0);
    lock = lock_folder(cache);
    if (lock >= 0 && file_at(cache->path) == cache->file && rename(cache->path, aside) == 0) {
        for (gsize i = 0; i < G_N_ELEMENTS(beside); i++) {
            g_autofree char *path = g_strconcat(cache->path, beside[i], NULL);

            (void)unlink(path);
        }
    }
    unlock_folder(lock);
    if (cache->damage == NULL)
        cache->damage = g_strdup_printf("the cache %s was damaged; it is now %s, and a new one was begun",
                                        shown, shown_aside);
}

/* After an error: the file that another run has begun meanwhile, or a new one where it was damaged, each
 * once; else there is no cache any more. */
static void recover(Cache *cache, int code) {
    g_autofree char *why = g_strdup(cache->db != NULL ? sqlite3_errmsg(cache->db) : "it cannot be opened");
    bool again = cache->damage != NULL;

    if (!cache->again && file_at(cache->path) != cache->file) {
        cache->again = true;
        close_database(cache);
        g_array_set_size(cache->used, 0);
    } else if (is_damage(code & 0xff) && !again) {
        put_aside(cache);
    } else {
        give_up(cache, why, NULL);
        return;
    }
    code = open_database(cache);
    if (code != SQLITE_OK)
        recover(cache, code);
}

/* Opens it when it is first needed; whether there is one to be used. */
static bool is_open(Cache *cache) {
    g_autoptr(GError) error = NULL;
    int code;

    if (cache->opened)
        return cache->db != NULL;
    cache->opened = true;
    if (!make_folder(cache) || !are_files_ours(cache))
        return false;
    if (!sqlite_load(&error))
        return give_up(cache, error->message, NULL);
    code = open_database(cache);
    if (code != SQLITE_OK)
        recover(cache, code);
    return cache->db != NULL;
}

/* Reading. */

static char *hash_of(const char *key, const void *bytes, gsize len) {
    g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);

    g_checksum_update(checksum, (const guchar *)key, (gssize)strlen(key) + 1);
    g_checksum_update(checksum, bytes, (gssize)len);
    return g_strdup(g_checksum_get_string(checksum));
}

static bool column_is(sqlite3_stmt *row, int column, const char *text) {
    const void *bytes = sqlite3_column_blob(row, column);
    gsize len = (gsize)sqlite3_column_bytes(row, column);

    return bytes != NULL && len == strlen(text) && memcmp(bytes, text, len) == 0;
}

/* The row's bytes; NULL where they are not those that were written. */
static GBytes *take_row(Cache *cache, const char *key) {
    const void *bytes = sqlite3_column_blob(cache->find, 1);
    gsize len = (gsize)sqlite3_column_bytes(cache->find, 1);
    g_autofree char *hash = hash_of(key, bytes != NULL ? bytes : "", len);
    gint64 id = sqlite3_column_int64(cache->find, 0), used = sqlite3_column_int64(cache->find, 3);

    if (!column_is(cache->find, 2, hash))
        return NULL;
    if (g_get_real_time() / G_USEC_PER_SEC - used > USED_STEP_S)
        g_array_append_val(cache->used, id);
    return g_bytes_new(bytes, len);
}

GBytes *cache_get(Cache *cache, const char *key) {
    GBytes *bytes = NULL;
    int code;

    cache->asked++;
    if (!is_open(cache))
        return NULL;
    sqlite3_bind_blob(cache->find, 1, key, (int)strlen(key), SQLITE_STATIC);
    code = sqlite3_step(cache->find);
    if (code == SQLITE_ROW) {
        bytes = take_row(cache, key);
        code = bytes != NULL ? SQLITE_DONE : SQLITE_CORRUPT;
        cache->found += bytes != NULL;
    }
    sqlite3_reset(cache->find);
    if (code != SQLITE_DONE)
        recover(cache, code);
    return bytes;
}

/* Writing. */

void cache_put(Cache *cache, const char *key, GBytes *bytes) {
    if (g_bytes_get_size(bytes) <= CAP_CACHE_ENTRY_BYTES)
        g_hash_table_insert(cache->put, g_strdup(key), g_bytes_ref(bytes));
}

static int insert_all(const Cache *cache, gint64 now) {
    sqlite3_stmt *insert = NULL;
    int code = sqlite3_prepare_v2(
        cache->db, "INSERT OR REPLACE INTO results (key, bytes, hash, used) VALUES (?, ?, ?, ?)", -1, &insert,
        NULL);
    GHashTableIter iter;
    gpointer key, put;

    g_hash_table_iter_init(&iter, cache->put);
    while (code == SQLITE_OK && g_hash_table_iter_next(&iter, &key, &put)) {
        gsize len;
        const void *bytes = g_bytes_get_data(put, &len);
        g_autofree char *hash = hash_of(key, bytes != NULL ? bytes : "", len);

        sqlite3_bind_blob(insert, 1, key, (int)strlen(key), SQLITE_STATIC);
        sqlite3_bind_blob(insert, 2, bytes != NULL ? bytes : "", (int)len, SQLITE_STATIC);
        sqlite3_bind_blob(insert, 3, hash, (int)strlen(hash), SQLITE_STATIC);
        sqlite3_bind_int64(insert, 4, now);
        code = sqlite3_step(insert);
        code = code == SQLITE_DONE ? sqlite3_reset(insert) : code;
    }
    sqlite3_finalize(insert);
    return code;
}

static int note_used(const Cache *cache, gint64 now) {
    sqlite3_stmt *update = NULL;
    int code = sqlite3_prepare_v2(cache->db, "UPDATE results SET used = ? WHERE id = ?", -1, &update, NULL);

    for (guint i = 0; code == SQLITE_OK && i < cache->used->len; i++) {
        sqlite3_bind_int64(update, 1, now);
        sqlite3_bind_int64(update, 2, g_array_index(cache->used, gint64, i));
        code = sqlite3_step(update);
        code = code == SQLITE_DONE ? sqlite3_reset(update) : code;
    }
    sqlite3_finalize(update);
    return code;
}

/* The number that a statement gives; 0 where it gives none. */
static guint64 number(const Cache *cache, const char *sql) {
    sqlite3_stmt *row = NULL;
    guint64 value = 0;

    if (sqlite3_prepare_v2(cache->db, sql, -1, &row, NULL) == SQLITE_OK && sqlite3_step(row) == SQLITE_ROW)
        value = (guint64)sqlite3_column_int64(row, 0);
    sqlite3_finalize(row);
    return value;
}

static guint64 size_of(const Cache *cache) {
    return (number(cache, "PRAGMA page_count") - number(cache, "PRAGMA freelist_count")) *
           number(cache, "PRAGMA page_size");
}

/* Takes out the quarter that was not used for the longest time, until there is room. */
static int make_room(const Cache *cache) {
    while (size_of(cache) > cache->most) {
        guint64 entries = number(cache, "SELECT count(*) FROM results");
        g_autofree char *sql = g_strdup_printf("DELETE FROM results WHERE id IN (SELECT id FROM results "
                                               "ORDER BY used, id LIMIT %" G_GUINT64_FORMAT ")",
                                               entries / EVICT_PART + 1);
        int code = entries > 0 ? run(cache, sql) : SQLITE_DONE;

        if (code != SQLITE_OK)
            return code == SQLITE_DONE ? SQLITE_OK : code;
    }
    return SQLITE_OK;
}

static int store(const Cache *cache) {
    gint64 now = g_get_real_time() / G_USEC_PER_SEC;
    int code = run(cache, "BEGIN IMMEDIATE");

    if (code == SQLITE_OK)
        code = insert_all(cache, now);
    if (code == SQLITE_OK)
        code = note_used(cache, now);
    if (code == SQLITE_OK)
        code = make_room(cache);
    if (code == SQLITE_OK)
        code = run(cache, "COMMIT");
    if (code == SQLITE_OK)
        code = run(cache, "PRAGMA incremental_vacuum");
    return code;
}

void cache_store(Cache *cache) {
    int code;

    if ((g_hash_table_size(cache->put) == 0 && cache->used->len == 0) || !is_open(cache))
        return;
    code = store(cache);
    while (code != SQLITE_OK) {
        recover(cache, code);
        code = cache->db != NULL ? store(cache) : SQLITE_OK; /* into the new file */
    }
}
