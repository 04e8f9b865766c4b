/* vectorscan.h: Vectorscan, or Hyperscan, of which it is the portable fork: looks for many expressions at a
 * time. It is loaded when much is to be scanned, as libgit2 is (review/change/libgit2.h), and need not be
 * there: neither when the program is built (then SALLYPORT_VECTORSCAN is not defined) nor when it runs.
 *
 * To be included instead of <hs.h>. What is called below are the functions of the loaded library:
 * vectorscan_load() first. A function that is used anew is added to both lists. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* false with `error` set where it is not there, or was not when the program was built. */
bool vectorscan_load(GError **error);

#ifdef SALLYPORT_VECTORSCAN
#include <hs.h>

#define VECTORSCAN_FUNCTIONS(X)                                                                              \
    X(hs_alloc_scratch)                                                                                      \
    X(hs_compile_multi)                                                                                      \
    X(hs_deserialize_database)                                                                               \
    X(hs_free_compile_error)                                                                                 \
    X(hs_free_database)                                                                                      \
    X(hs_free_scratch)                                                                                       \
    X(hs_scan)                                                                                               \
    X(hs_serialize_database)                                                                                 \
    X(hs_valid_platform)                                                                                     \
    X(hs_version)

#define VECTORSCAN_MEMBER(name) __typeof__(name)(*(name));
typedef struct {
    VECTORSCAN_FUNCTIONS(VECTORSCAN_MEMBER)
} Vectorscan;

/* NULL before. */
const Vectorscan *vectorscan(void);

#define hs_alloc_scratch (vectorscan()->hs_alloc_scratch)
#define hs_compile_multi (vectorscan()->hs_compile_multi)
#define hs_deserialize_database (vectorscan()->hs_deserialize_database)
#define hs_free_compile_error (vectorscan()->hs_free_compile_error)
#define hs_free_database (vectorscan()->hs_free_database)
#define hs_free_scratch (vectorscan()->hs_free_scratch)
#define hs_scan (vectorscan()->hs_scan)
#define hs_serialize_database (vectorscan()->hs_serialize_database)
#define hs_valid_platform (vectorscan()->hs_valid_platform)
#define hs_version (vectorscan()->hs_version)
#endif
