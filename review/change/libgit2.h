/* libgit2.h: libgit2, which is loaded when the first repository is opened: with all that it brings along
 * (twenty libraries for network protocols that are not used here) it takes longer to load than most of what a
 * program does that has no repository to look at.
 *
 * To be included instead of <git2.h>. What is called below are the functions of the loaded library:
 * libgit2_load() first. A function that is used anew is added to both lists; where that is forgotten, the
 * program does not link. */
#pragma once

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <glib.h>
#include <stdbool.h>

#define LIBGIT2_FUNCTIONS(X)                                                                                 \
    X(git_attr_get)                                                                                          \
    X(git_attr_value)                                                                                        \
    X(git_blob_free)                                                                                         \
    X(git_blob_lookup)                                                                                       \
    X(git_blob_rawcontent)                                                                                   \
    X(git_blob_rawsize)                                                                                      \
    X(git_buf_dispose)                                                                                       \
    X(git_commit_free)                                                                                       \
    X(git_commit_id)                                                                                         \
    X(git_commit_lookup)                                                                                     \
    X(git_commit_parent_id)                                                                                  \
    X(git_commit_parentcount)                                                                                \
    X(git_commit_time)                                                                                       \
    X(git_commit_tree)                                                                                       \
    X(git_config_entry_free)                                                                                 \
    X(git_config_free)                                                                                       \
    X(git_config_get_bool)                                                                                   \
    X(git_config_get_entry)                                                                                  \
    X(git_diff_buffers)                                                                                      \
    X(git_diff_find_options_init)                                                                            \
    X(git_diff_find_similar)                                                                                 \
    X(git_diff_free)                                                                                         \
    X(git_diff_get_delta)                                                                                    \
    X(git_diff_index_to_index)                                                                               \
    X(git_diff_num_deltas)                                                                                   \
    X(git_diff_options_init)                                                                                 \
    X(git_diff_tree_to_index)                                                                                \
    X(git_diff_tree_to_tree)                                                                                 \
    X(git_error_clear)                                                                                       \
    X(git_error_last)                                                                                        \
    X(git_filter_list_apply_to_buffer)                                                                       \
    X(git_filter_list_free)                                                                                  \
    X(git_filter_list_load)                                                                                  \
    X(git_ignore_path_is_ignored)                                                                            \
    X(git_index_add)                                                                                         \
    X(git_index_entrycount)                                                                                  \
    X(git_index_find)                                                                                        \
    X(git_index_find_prefix)                                                                                 \
    X(git_index_free)                                                                                        \
    X(git_index_get_byindex)                                                                                 \
    X(git_index_get_bypath)                                                                                  \
    X(git_index_has_conflicts)                                                                               \
    X(git_index_new)                                                                                         \
    X(git_index_open)                                                                                        \
    X(git_index_read_tree)                                                                                   \
    X(git_index_remove)                                                                                      \
    X(git_index_write)                                                                                       \
    X(git_libgit2_init)                                                                                      \
    X(git_libgit2_opts)                                                                                      \
    X(git_libgit2_shutdown)                                                                                  \
    X(git_merge_base)                                                                                        \
    X(git_object_free)                                                                                       \
    X(git_object_id)                                                                                         \
    X(git_object_peel)                                                                                       \
    X(git_object_type)                                                                                       \
    X(git_object_type2string)                                                                                \
    X(git_odb_add_backend)                                                                                   \
    X(git_odb_add_disk_alternate)                                                                            \
    X(git_odb_backend_data_alloc)                                                                            \
    X(git_odb_free)                                                                                          \
    X(git_odb_hash)                                                                                          \
    X(git_odb_init_backend)                                                                                  \
    X(git_odb_open)                                                                                          \
    X(git_odb_read_header)                                                                                   \
    X(git_odb_write)                                                                                         \
    X(git_oid_cmp)                                                                                           \
    X(git_oid_cpy)                                                                                           \
    X(git_oid_equal)                                                                                         \
    X(git_oid_fromstr)                                                                                       \
    X(git_oid_is_zero)                                                                                       \
    X(git_oid_tostr)                                                                                         \
    X(git_reference_free)                                                                                    \
    X(git_reference_lookup)                                                                                  \
    X(git_reference_name_is_valid)                                                                           \
    X(git_repository_commondir)                                                                              \
    X(git_repository_config_snapshot)                                                                        \
    X(git_repository_discover)                                                                               \
    X(git_repository_free)                                                                                   \
    X(git_repository_head_unborn)                                                                            \
    X(git_repository_index)                                                                                  \
    X(git_repository_is_bare)                                                                                \
    X(git_repository_is_shallow)                                                                             \
    X(git_repository_odb)                                                                                    \
    X(git_repository_open_ext)                                                                               \
    X(git_repository_path)                                                                                   \
    X(git_repository_set_index)                                                                              \
    X(git_repository_set_workdir)                                                                            \
    X(git_repository_workdir)                                                                                \
    X(git_revparse_single)                                                                                   \
    X(git_submodule_free)                                                                                    \
    X(git_submodule_lookup)                                                                                  \
    X(git_submodule_wd_id)                                                                                   \
    X(git_tree_dup)                                                                                          \
    X(git_tree_entry_bypath)                                                                                 \
    X(git_tree_entry_filemode)                                                                               \
    X(git_tree_entry_free)                                                                                   \
    X(git_tree_entry_id)                                                                                     \
    X(git_tree_entry_name)                                                                                   \
    X(git_tree_entry_type)                                                                                   \
    X(git_tree_free)                                                                                         \
    X(git_tree_walk)

#define LIBGIT2_MEMBER(name) __typeof__(name)(*(name));
typedef struct {
    LIBGIT2_FUNCTIONS(LIBGIT2_MEMBER)
} LibGit2;

/* Loads the version that this was built with; at once where it is there already. false with `error` set where
 * it cannot be loaded. */
bool libgit2_load(GError **error);
/* NULL before. */
const LibGit2 *libgit2(void);

#define git_attr_get (libgit2()->git_attr_get)
#define git_attr_value (libgit2()->git_attr_value)
#define git_blob_free (libgit2()->git_blob_free)
#define git_blob_lookup (libgit2()->git_blob_lookup)
#define git_blob_rawcontent (libgit2()->git_blob_rawcontent)
#define git_blob_rawsize (libgit2()->git_blob_rawsize)
#define git_buf_dispose (libgit2()->git_buf_dispose)
#define git_commit_free (libgit2()->git_commit_free)
#define git_commit_id (libgit2()->git_commit_id)
#define git_commit_lookup (libgit2()->git_commit_lookup)
#define git_commit_parent_id (libgit2()->git_commit_parent_id)
#define git_commit_parentcount (libgit2()->git_commit_parentcount)
#define git_commit_time (libgit2()->git_commit_time)
#define git_commit_tree (libgit2()->git_commit_tree)
#define git_config_entry_free (libgit2()->git_config_entry_free)
#define git_config_free (libgit2()->git_config_free)
#define git_config_get_bool (libgit2()->git_config_get_bool)
#define git_config_get_entry (libgit2()->git_config_get_entry)
#define git_diff_buffers (libgit2()->git_diff_buffers)
#define git_diff_find_options_init (libgit2()->git_diff_find_options_init)
#define git_diff_find_similar (libgit2()->git_diff_find_similar)
#define git_diff_free (libgit2()->git_diff_free)
#define git_diff_get_delta (libgit2()->git_diff_get_delta)
#define git_diff_index_to_index (libgit2()->git_diff_index_to_index)
#define git_diff_num_deltas (libgit2()->git_diff_num_deltas)
#define git_diff_options_init (libgit2()->git_diff_options_init)
#define git_diff_tree_to_index (libgit2()->git_diff_tree_to_index)
#define git_diff_tree_to_tree (libgit2()->git_diff_tree_to_tree)
#define git_error_clear (libgit2()->git_error_clear)
#define git_error_last (libgit2()->git_error_last)
#define git_filter_list_apply_to_buffer (libgit2()->git_filter_list_apply_to_buffer)
#define git_filter_list_free (libgit2()->git_filter_list_free)
#define git_filter_list_load (libgit2()->git_filter_list_load)
#define git_ignore_path_is_ignored (libgit2()->git_ignore_path_is_ignored)
#define git_index_add (libgit2()->git_index_add)
#define git_index_entrycount (libgit2()->git_index_entrycount)
#define git_index_find (libgit2()->git_index_find)
#define git_index_find_prefix (libgit2()->git_index_find_prefix)
#define git_index_free (libgit2()->git_index_free)
#define git_index_get_byindex (libgit2()->git_index_get_byindex)
#define git_index_get_bypath (libgit2()->git_index_get_bypath)
#define git_index_has_conflicts (libgit2()->git_index_has_conflicts)
#define git_index_new (libgit2()->git_index_new)
#define git_index_open (libgit2()->git_index_open)
#define git_index_read_tree (libgit2()->git_index_read_tree)
#define git_index_remove (libgit2()->git_index_remove)
#define git_index_write (libgit2()->git_index_write)
#define git_libgit2_init (libgit2()->git_libgit2_init)
#define git_libgit2_opts (libgit2()->git_libgit2_opts)
#define git_libgit2_shutdown (libgit2()->git_libgit2_shutdown)
#define git_merge_base (libgit2()->git_merge_base)
#define git_object_free (libgit2()->git_object_free)
#define git_object_id (libgit2()->git_object_id)
#define git_object_peel (libgit2()->git_object_peel)
#define git_object_type (libgit2()->git_object_type)
#define git_object_type2string (libgit2()->git_object_type2string)
#define git_odb_add_backend (libgit2()->git_odb_add_backend)
#define git_odb_add_disk_alternate (libgit2()->git_odb_add_disk_alternate)
#define git_odb_backend_data_alloc (libgit2()->git_odb_backend_data_alloc)
#define git_odb_free (libgit2()->git_odb_free)
#define git_odb_hash (libgit2()->git_odb_hash)
#define git_odb_init_backend (libgit2()->git_odb_init_backend)
#define git_odb_open (libgit2()->git_odb_open)
#define git_odb_read_header (libgit2()->git_odb_read_header)
#define git_odb_write (libgit2()->git_odb_write)
#define git_oid_cmp (libgit2()->git_oid_cmp)
#define git_oid_cpy (libgit2()->git_oid_cpy)
#define git_oid_equal (libgit2()->git_oid_equal)
#define git_oid_fromstr (libgit2()->git_oid_fromstr)
#define git_oid_is_zero (libgit2()->git_oid_is_zero)
#define git_oid_tostr (libgit2()->git_oid_tostr)
#define git_reference_free (libgit2()->git_reference_free)
#define git_reference_lookup (libgit2()->git_reference_lookup)
#define git_reference_name_is_valid (libgit2()->git_reference_name_is_valid)
#define git_repository_commondir (libgit2()->git_repository_commondir)
#define git_repository_config_snapshot (libgit2()->git_repository_config_snapshot)
#define git_repository_discover (libgit2()->git_repository_discover)
#define git_repository_free (libgit2()->git_repository_free)
#define git_repository_head_unborn (libgit2()->git_repository_head_unborn)
#define git_repository_index (libgit2()->git_repository_index)
#define git_repository_is_bare (libgit2()->git_repository_is_bare)
#define git_repository_is_shallow (libgit2()->git_repository_is_shallow)
#define git_repository_odb (libgit2()->git_repository_odb)
#define git_repository_open_ext (libgit2()->git_repository_open_ext)
#define git_repository_path (libgit2()->git_repository_path)
#define git_repository_set_index (libgit2()->git_repository_set_index)
#define git_repository_set_workdir (libgit2()->git_repository_set_workdir)
#define git_repository_workdir (libgit2()->git_repository_workdir)
#define git_revparse_single (libgit2()->git_revparse_single)
#define git_submodule_free (libgit2()->git_submodule_free)
#define git_submodule_lookup (libgit2()->git_submodule_lookup)
#define git_submodule_wd_id (libgit2()->git_submodule_wd_id)
#define git_tree_dup (libgit2()->git_tree_dup)
#define git_tree_entry_bypath (libgit2()->git_tree_entry_bypath)
#define git_tree_entry_filemode (libgit2()->git_tree_entry_filemode)
#define git_tree_entry_free (libgit2()->git_tree_entry_free)
#define git_tree_entry_id (libgit2()->git_tree_entry_id)
#define git_tree_entry_name (libgit2()->git_tree_entry_name)
#define git_tree_entry_type (libgit2()->git_tree_entry_type)
#define git_tree_free (libgit2()->git_tree_free)
#define git_tree_walk (libgit2()->git_tree_walk)
