/* caps.h: the largest sizes, counts, depths and times that are taken from outside.
 *
 * Everything that reads from outside (a repository, a policy, a linter, a child process) has its bound here
 * and nowhere else. Who passes a bound gets a clear error or an `undecided` file, never a silent cut. Sizes
 * are bytes, times milliseconds. */
#pragma once

#define CAP_POLICY_BYTES (1u << 20)          /* a policy or a rule file */
#define CAP_YAML_NODES 100000u               /* nodes of a document, after aliases are expanded */
#define CAP_YAML_DEPTH 64u                   /* nesting of a document */
#define CAP_YAML_ERRORS 20u                  /* errors that are reported of one document */
#define CAP_FILE_BYTES (64u << 20)           /* a file that is reviewed; a larger one is undecided */
#define CAP_CHANGED_FILES 200000u            /* paths in one change */
#define CAP_PATCH_BYTES (64u << 20)          /* a patch given to `check --apply` */
#define CAP_PATCH_RESULT_BYTES (512u << 20)  /* all files that it changes, as it makes them */
#define CAP_PATCH_STEPS (1u << 30)           /* lines and bytes compared to find where its hunks fit */
#define CAP_IMPORTS 10000u                   /* different modules that the changed files import */
#define CAP_CONFIGURATION 20000u             /* files that the configuration of one linter names */
#define CAP_LINTER_OUTPUT (64u << 20)        /* each of stdout and stderr of a linter */
#define CAP_LINTER_FINDINGS 100000u          /* findings of one linter */
#define CAP_LINTER_TIMEOUT_MS (60u * 1000u)  /* default deadline of a linter */
#define CAP_TIMEOUT_MS (24u * 3600u * 1000u) /* the longest deadline that a policy may ask for */
#define CAP_MESSAGE_BYTES 4096u              /* a finding's message */
#define CAP_HELP_BYTES (64u << 10)           /* what a tool says of a rule */
#define CAP_PATTERN_BYTES 8192u              /* a rule's pattern */
#define CAP_RULES 10000u                     /* rules in all */
#define CAP_MATCHES_PER_FILE 1000u           /* matches of one rule in one file */
#define CAP_ANNOTATIONS 100000u              /* of each kind in one file: annotation.h */
#define CAP_REGEX_MATCH_LIMIT 1000000u       /* PCRE2's match limit */
#define CAP_REGEX_DEPTH_LIMIT 10000u         /* PCRE2's depth limit (interpreter only) */
#define CAP_REGEX_HEAP_KIB 65536u            /* PCRE2's heap limit, KiB */
#define CAP_LEXER_DEPTH 10000u               /* strings, substitutions and brackets within each other */
#define CAP_CALL_TOKENS 4000000u             /* tokens of a file that is looked at for calls */
#define CAP_CALL_ARGUMENTS 1000u             /* arguments of a call that are known */
#define CAP_CALL_TEXT 4096u                  /* of an argument that a rule compares */
#define CAP_COMPLEXITY 10000u                /* the largest limit of complexity that a gate may set */
#define CAP_SUPPRESSIONS 1000u               /* suppressions in one file; further ones are findings */
#define CAP_SUPPRESSION_BYTES 4096u          /* one suppression */
#define CAP_BASELINE_ENTRIES 100000u         /* findings in a baseline */
#define CAP_ARGV_BYTES (1u << 20)         /* argument bytes of one child; more files are split over several */
#define CAP_INPUT_BYTES (256u << 20)      /* standard input given to `run` */
#define CAP_SNIPPET_BYTES (1u << 20)      /* code given to `run` */
#define CAP_SESSION_AGE_S (7 * 24 * 3600) /* a session that nobody has used for longer is removed */
#define CAP_FIX_PASSES 10u               /* reviews of what `check --fix` has fixed, until there is no more */
#define CAP_OUTPUTS 64u                  /* files that come back from one job */
#define CAP_CACHE_BYTES (256u << 20)     /* the cache of what linters found */
#define CAP_CACHE_ENTRY_BYTES (4u << 20) /* what one linter found in one file; more is not kept */
#define CAP_CLANG_FILE_BYTES (16u << 20) /* a file that clang is to parse */
#define CAP_CLANG_ANSWER (8u << 20)      /* what is said of one file */
#define CAP_CLANG_CPU_MS (10u * 1000u)   /* to parse one file; whole seconds */
#define CAP_CLANG_WALL_MS (20u * 1000u)  /* likewise, by the clock */
#define CAP_CLANG_MEMORY (1u << 30)      /* address space of the process that parses one file */
#define CAP_CLANG_PARALLEL 4u            /* files that are parsed at a time */
#define CAP_CLANG_STARTS 8u              /* how often clang is started again where it has ended early */
#define CAP_CLANG_HEADERS 20000u         /* headers of the repository laid out for it */
#define CAP_CLANG_HEADER_BYTES (256u << 20) /* all of them */
