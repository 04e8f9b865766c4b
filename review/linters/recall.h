/* recall.h: what a linter found in one file, as bytes to keep, and the key to find them by.
 *
 * The key is a hash over all that the result depends on: this program, the linter's entry in the policy, the
 * tool (its file; of a Python program also the interpreter, and what is installed beside it), the linter's
 * configuration as it lies in the snapshot, the file's path, bytes and whether it can be executed, and which
 * of the modules that the file imports the snapshot has, by which Ruff and isort tell first-party imports.
 *
 * Order: recall_new() for a linter and a snapshot; recall_key() for each file; recall_unpack() of what was
 * kept by that key, or recall_pack() of what the linter found, to be kept. */
#pragma once

#include "review/policy/policy.h"
#include "rules/check.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Recall Recall;

/* `root` is the snapshot's folder, `config` (path -> GBytes, or NULL: not there) the configuration that lies
 * in it, `search_path` the PATH. NULL where nothing of that linter can be kept: what it finds in a file
 * depends on other files, or it is a program of which it is not known what it consists of: neither one
 * executable file nor one of Python's, or with packages whose code lies elsewhere. */
Recall *recall_new(const LinterPolicy *policy, const char *root, GHashTable *config, const char *search_path);
void recall_free(Recall *recall);

/* Newly allocated; NULL where the file cannot be read. */
char *recall_key(const Recall *recall, const char *path);

/* What `result` has of one of its files. NULL where that must not be kept: the file is undecided, or has
 * findings that do not fit. */
GBytes *recall_pack(const CheckResult *result, const char *path);
/* Adds it to `result` as if the linter had just looked at the file. false, and nothing is added, where the
 * bytes are not those of recall_pack(). */
bool recall_unpack(GBytes *bytes, const char *path, CheckResult *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Recall, recall_free)
