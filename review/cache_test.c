/* What is kept from run to run: found again, never another's, never in the way. */
#include "review/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST (64u << 20)

typedef struct {
    char *top, *folder;
} Fixture;

static Fixture *fixture_new(void) {
    Fixture *fixture = g_new0(Fixture, 1);

    fixture->top = g_dir_make_tmp("cache-test-XXXXXX", NULL);
    g_assert_nonnull(fixture->top);
    fixture->folder = g_build_filename(fixture->top, "home", "cache", NULL);
    return fixture;
}

static void fixture_free(Fixture *fixture) {
    const char *argv[] = {"rm", "-rf", fixture->top, NULL};

    g_assert_true(
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
    g_free(fixture->top);
    g_free(fixture->folder);
    g_free(fixture);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Fixture, fixture_free)

static char *file_of(const Fixture *fixture, const char *name) {
    return g_build_filename(fixture->folder, name, NULL);
}

static void put(Cache *cache, const char *key, const char *text) {
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));

    cache_put(cache, key, bytes);
}

/* A run of its own that keeps one thing. */
static void keep(const Fixture *fixture, const char *key, const char *text) {
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);

    put(cache, key, text);
    cache_store(cache);
    g_assert_cmpstr(cache_problem(cache), ==, NULL);
}

static void assert_has(Cache *cache, const char *key, const char *expected) {
    g_autoptr(GBytes) bytes = cache_get(cache, key);
    gsize len = 0;
    const char *text = bytes != NULL ? g_bytes_get_data(bytes, &len) : NULL;

    if (expected != NULL)
        g_assert_cmpstr(cache_problem(cache), ==, NULL); /* why there is none */
    if (expected == NULL)
        g_assert_null(bytes);
    else
        g_assert_cmpmem(text, len, expected, strlen(expected));
}

static void assert_kept(const Fixture *fixture, const char *key, const char *expected) {
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);

    assert_has(cache, key, expected);
    g_assert_cmpstr(cache_problem(cache), ==, NULL);
    g_assert_cmpstr(cache_damage(cache), ==, NULL);
}

static void test_kept(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);
    g_autofree char *none = cache_account(cache), *account = NULL;
    struct stat st;

    g_assert_null(none);
    keep(fixture, "one", "first");
    keep(fixture, "two", "second");
    keep(fixture, "one", "anew");
    keep(fixture, "empty", "");
    assert_has(cache, "one", "anew");
    assert_has(cache, "two", "second");
    assert_has(cache, "empty", "");
    assert_has(cache, "three", NULL);
    account = cache_account(cache);
    g_assert_cmpstr(account, ==, "the cache knew 3 of 4 results");
    g_assert_cmpint(stat(fixture->folder, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0700);
}

/* What is not needed is not made. */
static void test_lazy(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);

    cache_store(cache);
    g_assert_false(g_file_test(fixture->folder, G_FILE_TEST_EXISTS));
}

static void assert_unused(Cache *cache, const char *why) {
    put(cache, "one", "first");
    assert_has(cache, "one", NULL);
    cache_store(cache);
    g_assert_nonnull(cache_problem(cache));
    if (strstr(cache_problem(cache), why) == NULL)
        g_error("no \"%s\" in \"%s\"", why, cache_problem(cache));
    g_assert_cmpstr(cache_damage(cache), ==, NULL);
}

/* Whoever may write there decides verdicts. */
static void test_not_private(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);

    keep(fixture, "one", "first");
    g_assert_no_errno(chmod(fixture->folder, 0770));
    assert_unused(cache, "others than its owner may look into it, or write");
    g_assert_no_errno(chmod(fixture->folder, 0700));
    assert_kept(fixture, "one", "first");
}

static void test_no_folder(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *home = g_path_get_dirname(fixture->folder);
    g_autofree char *elsewhere = g_build_filename(fixture->top, "elsewhere", NULL);
    g_autoptr(Cache) file = cache_new(fixture->folder, MOST), link = cache_new(fixture->folder, MOST),
                     null = cache_new("/dev/null/cache", MOST);

    g_assert_no_errno(g_mkdir(home, 0700));
    g_assert_true(g_file_set_contents(fixture->folder, "text", -1, NULL));
    assert_unused(file, "it is no folder, or somebody else's");
    g_assert_no_errno(g_unlink(fixture->folder));
    g_assert_no_errno(g_mkdir(elsewhere, 0700));
    g_assert_no_errno(symlink(elsewhere, fixture->folder));
    assert_unused(link, "it is no folder, or somebody else's");
    assert_unused(null, "it would stand in somebody else's folder");
}

/* Root with another one's $HOME; /proc is root's, so that an ordinary user has a case, too. */
static void test_somebody_elses(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *home = g_path_get_dirname(fixture->folder);
    g_autoptr(Cache) below = cache_new(fixture->folder, MOST), own = cache_new("/proc/sallyport/cache", MOST);

    if (geteuid() != 0) {
        assert_unused(own, "it would stand in somebody else's folder");
        return;
    }
    g_assert_no_errno(g_mkdir(home, 0700));
    g_assert_no_errno(chown(home, 4242, 4242));
    assert_unused(below, "it would stand in somebody else's folder");
    g_assert_false(g_file_test(fixture->folder, G_FILE_TEST_EXISTS));
}

/* By another program. */
static void edit_database(const Fixture *fixture, const char *sql) {
    static const char script[] = "import sqlite3, sys\n"
                                 "with sqlite3.connect(sys.argv[1]) as database:\n"
                                 "    database.execute(sys.argv[2])\n";
    g_autofree char *path = file_of(fixture, "results-1.db");
    const char *argv[] = {"python3", "-c", script, path, sql, NULL};
    int status = -1;

    g_assert_true(
        g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

/* Damage. */

static void overwrite(const char *path, gint64 at, const char *bytes, gsize len) {
    int fd = open(path, O_WRONLY | O_CLOEXEC);

    g_assert_cmpint(fd, >=, 0);
    g_assert_cmpint(pwrite(fd, bytes, len, at), ==, (gssize)len);
    g_assert_no_errno(close(fd));
}

static void assert_aside(const Fixture *fixture, const Cache *cache) {
    g_autofree char *aside = file_of(fixture, "results-1.damaged");

    g_assert_nonnull(cache_damage(cache));
    g_assert_nonnull(strstr(cache_damage(cache), "was damaged; it is now"));
    g_assert_true(g_file_test(aside, G_FILE_TEST_EXISTS));
}

/* Put aside, and a new one is begun in the same run. */
static void assert_recovers(const Fixture *fixture, const char *key) {
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);

    assert_has(cache, key, NULL);
    assert_aside(fixture, cache);
    put(cache, "new", "after");
    cache_store(cache);
    g_assert_cmpstr(cache_problem(cache), ==, NULL);
    assert_kept(fixture, "new", "after");
    assert_kept(fixture, key, NULL);
}

static void test_no_database(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *path = file_of(fixture, "results-1.db");

    keep(fixture, "one", "first");
    g_assert_true(g_file_set_contents(path, "this is no database, by far", -1, NULL));
    assert_recovers(fixture, "one");
}

static void test_cut(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *path = file_of(fixture, "results-1.db");

    keep(fixture, "one", "first");
    g_assert_no_errno(truncate(path, 6000));
    assert_recovers(fixture, "one");
}

/* A single byte of what was kept, which SQLite does not see. */
static void test_changed_byte(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *path = file_of(fixture, "results-1.db"), *text = NULL;
    const char *found;
    gsize len;

    keep(fixture, "one", "findings: none of them");
    g_assert_true(g_file_get_contents(path, &text, &len, NULL));
    found = memmem(text, len, "none of them", strlen("none of them"));
    g_assert_nonnull(found);
    overwrite(path, found - text, "N", 1);
    assert_recovers(fixture, "one");
}

/* An entry under another one's key. */
static void test_changed_key(void) {
    g_autoptr(Fixture) fixture = fixture_new();

    keep(fixture, "one", "first");
    edit_database(fixture, "UPDATE results SET key = CAST('two' AS BLOB)");
    assert_recovers(fixture, "two");
}

static void test_other_table(void) {
    g_autoptr(Fixture) fixture = fixture_new();

    g_assert_no_errno(g_mkdir_with_parents(fixture->folder, 0700));
    edit_database(fixture, "CREATE TABLE results (a)");
    assert_recovers(fixture, "one");
}

/* Found while it is written. */
static void test_damage_in_store(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Cache) cache = cache_new(fixture->folder, MOST);
    g_autofree char *path = file_of(fixture, "results-1.db");

    keep(fixture, "one", "first");
    g_assert_true(g_file_set_contents(path, "this is no database, by far", -1, NULL));
    put(cache, "two", "second");
    cache_store(cache);
    assert_aside(fixture, cache);
    assert_kept(fixture, "two", "second");
}

/* Several at once. */

#define RUNS 4
#define EACH 100

/* On a busy machine a run may wait longer for the others than it is ready to, and then goes without. */
static bool is_busy(const Cache *cache) {
    return cache_problem(cache) != NULL && strstr(cache_problem(cache), "locked") != NULL;
}

static bool try_one(const Fixture *fixture, const char *key) {
    g_autoptr(Cache) writer = cache_new(fixture->folder, MOST), reader = cache_new(fixture->folder, MOST);
    g_autoptr(GBytes) bytes = NULL;

    put(writer, key, key);
    cache_store(writer);
    if (is_busy(writer))
        return false;
    g_assert_cmpstr(cache_problem(writer), ==, NULL);
    bytes = cache_get(reader, key);
    if (is_busy(reader))
        return false;
    g_assert_cmpstr(cache_problem(reader), ==, NULL);
    g_assert_cmpstr(cache_damage(reader), ==, NULL);
    g_assert_cmpmem(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), key, strlen(key));
    return true;
}

static void run_one(const Fixture *fixture, int number) {
    for (int i = 0; i < EACH; i++) {
        g_autofree char *key = g_strdup_printf("%d-%d", number, i);

        while (!try_one(fixture, key))
            continue;
    }
}

/* From the very first: all of them make the folder and the table. */
static void test_several(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    pid_t runs[RUNS];

    for (int i = 0; i < RUNS; i++) {
        runs[i] = fork();
        g_assert_cmpint(runs[i], >=, 0);
        if (runs[i] == 0) {
            run_one(fixture, i);
            _exit(0);
        }
    }
    for (int i = 0; i < RUNS; i++) {
        int status = -1;

        g_assert_cmpint(waitpid(runs[i], &status, 0), ==, runs[i]);
        g_assert_cmpint(status, ==, 0);
    }
    for (int i = 0; i < RUNS * EACH; i++) {
        g_autofree char *key = g_strdup_printf("%d-%d", i / EACH, i % EACH);

        assert_kept(fixture, key, key);
    }
}

/* All find the damage at once; one new file is begun, in which everything is kept. */
static void test_several_find_damage(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *path = file_of(fixture, "results-1.db");
    pid_t runs[RUNS];

    keep(fixture, "one", "first");
    g_assert_true(g_file_set_contents(path, "this is no database, by far", -1, NULL));
    for (int i = 0; i < RUNS; i++) {
        runs[i] = fork();
        g_assert_cmpint(runs[i], >=, 0);
        if (runs[i] == 0) {
            g_autofree char *key = g_strdup_printf("run-%d", i);

            keep(fixture, key, key);
            _exit(0);
        }
    }
    for (int i = 0; i < RUNS; i++) {
        int status = -1;

        g_assert_cmpint(waitpid(runs[i], &status, 0), ==, runs[i]);
        g_assert_cmpint(status, ==, 0);
    }
    for (int i = 0; i < RUNS; i++) {
        g_autofree char *key = g_strdup_printf("run-%d", i);

        assert_kept(fixture, key, key);
    }
}

/* Room. */

static void keep_many(const Fixture *fixture, const char *name, guint count, guint64 most) {
    g_autoptr(Cache) cache = cache_new(fixture->folder, most);
    g_autofree char *text = g_strnfill(10000, 'x');

    for (guint i = 0; i < count; i++) {
        g_autofree char *key = g_strdup_printf("%s-%u", name, i);

        put(cache, key, text);
    }
    cache_store(cache);
    g_assert_cmpstr(cache_problem(cache), ==, NULL);
}

/* What was not used for long goes; what was used today stays, however old it is. */
static void test_room(void) {
    const guint64 most = 1 << 20;
    g_autoptr(Fixture) fixture = fixture_new();
    g_autofree char *path = file_of(fixture, "results-1.db");
    struct stat st;

    keep_many(fixture, "first", 40, most);
    keep_many(fixture, "second", 40, most);
    edit_database(fixture, "UPDATE results SET used = used - 10000");
    for (guint i = 0; i < 2; i++) {
        g_autoptr(Cache) cache = cache_new(fixture->folder, most);
        g_autoptr(GBytes) bytes = cache_get(cache, "first-0");

        g_assert_nonnull(bytes);
        cache_store(cache);
    }
    keep_many(fixture, "third", 40, most);
    g_assert_no_errno(stat(path, &st));
    g_assert_cmpint(st.st_size, <=, most);
    g_assert_cmpint(st.st_size, >, most / 2);
    for (guint i = 0; i < 40; i++) {
        g_autofree char *key = g_strdup_printf("third-%u", i), *text = g_strnfill(10000, 'x');

        assert_kept(fixture, key, text);
    }
    g_autofree char *text = g_strnfill(10000, 'x');
    assert_kept(fixture, "first-0", text);
    assert_kept(fixture, "first-1", NULL);
}

/* One thing that is larger than what there may be in all is not kept, and not in the way. */
static void test_too_large(void) {
    g_autoptr(Fixture) fixture = fixture_new();
    g_autoptr(Cache) cache = cache_new(fixture->folder, 64 * 1024);
    g_autofree char *text = g_strnfill(200000, 'x');

    put(cache, "large", text);
    cache_store(cache);
    g_assert_cmpstr(cache_problem(cache), ==, NULL);
    assert_kept(fixture, "large", NULL);
    keep(fixture, "small", "text");
    assert_kept(fixture, "small", "text");
}

int main(int argc, char **argv) {
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cache/kept", test_kept);
    g_test_add_func("/cache/lazy", test_lazy);
    g_test_add_func("/cache/not-private", test_not_private);
    g_test_add_func("/cache/no-folder", test_no_folder);
    g_test_add_func("/cache/somebody-elses", test_somebody_elses);
    g_test_add_func("/cache/damage/no-database", test_no_database);
    g_test_add_func("/cache/damage/cut", test_cut);
    g_test_add_func("/cache/damage/changed-byte", test_changed_byte);
    g_test_add_func("/cache/damage/changed-key", test_changed_key);
    g_test_add_func("/cache/damage/other-table", test_other_table);
    g_test_add_func("/cache/damage/in-store", test_damage_in_store);
    g_test_add_func("/cache/several", test_several);
    g_test_add_func("/cache/several-find-damage", test_several_find_damage);
    g_test_add_func("/cache/room", test_room);
    g_test_add_func("/cache/too-large", test_too_large);
    return g_test_run();
}
