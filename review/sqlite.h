/* sqlite.h: SQLite, which is loaded when a database is first opened, as libgit2 is (change/libgit2.h).
 *
 * To be included instead of <sqlite3.h>. What is called below are the functions of the loaded library:
 * sqlite_load() first. A function that is used anew is added to both lists. */
#pragma once

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#define SQLITE_FUNCTIONS(X)                                                                                  \
    X(sqlite3_bind_blob)                                                                                     \
    X(sqlite3_bind_int64)                                                                                    \
    X(sqlite3_busy_timeout)                                                                                  \
    X(sqlite3_close_v2)                                                                                      \
    X(sqlite3_column_blob)                                                                                   \
    X(sqlite3_column_bytes)                                                                                  \
    X(sqlite3_column_int64)                                                                                  \
    X(sqlite3_errmsg)                                                                                        \
    X(sqlite3_exec)                                                                                          \
    X(sqlite3_finalize)                                                                                      \
    X(sqlite3_open_v2)                                                                                       \
    X(sqlite3_prepare_v2)                                                                                    \
    X(sqlite3_reset)                                                                                         \
    X(sqlite3_step)

#define SQLITE_MEMBER(name) __typeof__(name)(*(name));
typedef struct {
    SQLITE_FUNCTIONS(SQLITE_MEMBER)
} Sqlite;

/* At once where it is there already. false with `error` set where it cannot be loaded. */
bool sqlite_load(GError **error);
/* NULL before. */
const Sqlite *sqlite(void);

#define sqlite3_bind_blob (sqlite()->sqlite3_bind_blob)
#define sqlite3_bind_int64 (sqlite()->sqlite3_bind_int64)
#define sqlite3_busy_timeout (sqlite()->sqlite3_busy_timeout)
#define sqlite3_close_v2 (sqlite()->sqlite3_close_v2)
#define sqlite3_column_blob (sqlite()->sqlite3_column_blob)
#define sqlite3_column_bytes (sqlite()->sqlite3_column_bytes)
#define sqlite3_column_int64 (sqlite()->sqlite3_column_int64)
#define sqlite3_errmsg (sqlite()->sqlite3_errmsg)
#define sqlite3_exec (sqlite()->sqlite3_exec)
#define sqlite3_finalize (sqlite()->sqlite3_finalize)
#define sqlite3_open_v2 (sqlite()->sqlite3_open_v2)
#define sqlite3_prepare_v2 (sqlite()->sqlite3_prepare_v2)
#define sqlite3_reset (sqlite()->sqlite3_reset)
#define sqlite3_step (sqlite()->sqlite3_step)
