# sallyport: `make demo` shows it, `make check` tests it, `make help` lists the rest.
#
# Sources are found, not listed: every .c below a folder of FOLDERS is part of the library, but NAME_test.c (a GLib test
# program), NAME_fuzz.c (a libFuzzer target), NAME_bench.c (a program that measures) and cmd/*.c (the program itself).

PREFIX ?= /usr/local
BUILD ?= build$(if $(SANITIZE),/sanitize)
CC ?= cc
CFLAGS ?= -O2 -g
VERSION := 0.1.0
# The suffix of clang's programs: clang$(LLVM), clang-tidy$(LLVM), clang-format$(LLVM).
LLVM ?= -19

FOLDERS := exec rules review ci
PACKAGES := glib-2.0 libgit2 sqlite3 yaml-0.1 libpcre2-8 libseccomp jansson zlib

sources := $(sort $(shell find $(FOLDERS) cmd -name '*.c'))
headers := $(sort $(shell find $(FOLDERS) cmd testdata -name '*.h'))
bats := $(sort $(shell find .ci $(FOLDERS) cmd testdata -name '*.bats'))
test_sources := $(filter %_test.c,$(sources))
fuzz_sources := $(filter %_fuzz.c,$(sources))
bench_sources := $(filter %_bench.c,$(sources))
plain_sources := $(filter-out $(test_sources) $(fuzz_sources) $(bench_sources),$(sources))
cmd_sources := $(filter cmd/%,$(plain_sources))
init_sources := $(filter exec/sandbox/init/% exec/sandbox/cgroup_remove.c exec/folder.c exec/folder_copy.c,\
    $(plain_sources))
clang_sources := $(filter rules/clang/worker/%,$(plain_sources))
lib_sources := $(filter-out cmd/% exec/sandbox/init/% rules/clang/worker/%,$(plain_sources))
replay_source := testdata/fuzz/replay.c
# Programs that tests run: in a sandbox, or around one.
test_tools := $(sort $(wildcard testdata/*.c testdata/threats/*.c))
packs := $(sort $(wildcard rules/packs/*.yaml))
pages := $(sort $(wildcard cmd/*.1 cmd/*.5))

object = $(patsubst %.c,$(BUILD)/%.o,$(1))
tests := $(patsubst %.c,$(BUILD)/%,$(test_sources))
fuzzers := $(patsubst %.c,$(BUILD)/%,$(fuzz_sources))
replays := $(patsubst %.c,$(BUILD)/%_replay,$(fuzz_sources))

sanitize_flags := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
warnings := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 $(if $(WERROR),-Werror)
link_flags = $(sanitize_flags) $(LDFLAGS) -Wl,--as-needed
# Asked of pkg-config when something is first compiled, and once: on a fresh machine .ci/setup brings it, and the goals
# that call .ci/setup compile nothing themselves.
compile_flags = $(eval compile_flags := -std=gnu17 -D_GNU_SOURCE -DSALLYPORT_VERSION='"$(VERSION)"' -I. $(warnings) \
    -fstack-protector-strong $$(shell pkg-config --cflags $(PACKAGES)) $(vectorscan) $(clang_include) $(sanitize_flags) $(CFLAGS))$(compile_flags)
# It need not be there: rules/vectorscan.h.
vectorscan = $(shell pkg-config --exists libhs && echo -DSALLYPORT_VECTORSCAN \
    $$(pkg-config --cflags-only-I libhs | sed 's/-I/-isystem /g'))
# Where clang-c/Index.h is, if not among the system's headers: any version's will do, the library is looked for by the
# program itself.
clang_include = $(patsubst %/clang-c/Index.h,-isystem %,$(firstword $(wildcard $(patsubst %,/usr/lib/llvm%/include/clang-c/Index.h,$(LLVM) -*))))
# libgit2 and SQLite are loaded when they are needed: exec/library.h.
libraries = $(eval libraries := $$(shell pkg-config --libs $(filter-out libgit2 sqlite3,$(PACKAGES))) -lm)$(libraries)
libgit2_soname = $(eval libgit2_soname := $$(shell readelf -d $$$$(pkg-config --variable=libdir libgit2)/libgit2.so | \
    sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p'))$(libgit2_soname)

all: $(BUILD)/sallyport

$(BUILD)/sallyport: $(call object,$(cmd_sources)) $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -Wl,--export-dynamic-symbol=mbedtls_x509_crt_parse_file -o $@ $^ $(libraries)

$(BUILD)/libsallyport.a: $(call object,$(lib_sources)) $(BUILD)/made-of
	rm -f $@ && $(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/%.o: %.c $(BUILD)/made-with
	@mkdir -p $(@D)
	$(CC) $(compile_flags) $(own_flags) -MMD -MP -c -o $@ $<

$(BUILD)/%_test: $(BUILD)/%_test.o $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -o $@ $^ $(libraries)

$(BUILD)/%_bench: $(BUILD)/%_bench.o $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -o $@ $^ $(libraries)

$(BUILD)/%_fuzz: $(BUILD)/%_fuzz.o $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -fsanitize=fuzzer -o $@ $^ $(libraries)

$(BUILD)/%_fuzz_replay: $(BUILD)/%_fuzz.o $(call object,$(replay_source)) $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -o $@ $^ $(libraries)

# Not for the sanitizers: they need what a limit takes away.
$(BUILD)/testdata/%: testdata/%.c $(BUILD)/made-with
	@mkdir -p $(@D)
	$(CC) $(compile_flags) $(if $(SANITIZE),-fno-sanitize=all) -MMD -MP -Wl,--as-needed -o $@ $< $(libraries)

# The sandbox's first process: a static program without any library, which is assembled into the library
# (.incbin in exec/sandbox/image.c). Not one for the sanitizers: they need what a sandbox takes away. With musl, which
# has no headers of the kernel's own, it is a tenth of the size, and starts in half the time.
init_cc = $(eval init_cc := $$(if $$(shell command -v musl-gcc),musl-gcc -idirafter /usr/include -idirafter \
    /usr/include/$$(shell musl-gcc -print-multiarch),$(CC)))$(init_cc)
static_flags = -std=gnu17 -D_GNU_SOURCE -I. $(warnings) -fstack-protector-strong -Os -ffunction-sections -static \
    -Wl,--gc-sections,-z,noseparate-code -s
$(BUILD)/sallyport-init: $(init_sources) exec/sandbox/init/init.h exec/sandbox/wire.h \
    exec/sandbox/cgroup_remove.h exec/folder.h $(BUILD)/made-with
	$(init_cc) $(static_flags) -o $@ $(init_sources)
$(BUILD)/exec/sandbox/image.o: $(BUILD)/sallyport-init
$(BUILD)/review/change/libgit2.o: own_flags = -DLIBGIT2_SONAME='"$(libgit2_soname)"'
$(BUILD)/exec/sandbox/image.o: own_flags = -DSALLYPORT_INIT='"$(BUILD)/sallyport-init"'

# What parses C and C++: a program that is assembled into the library too (rules/clang/client.c), and is run in the
# sandbox, with less memory than sanitizers take.
$(BUILD)/sallyport-clang: $(clang_sources) $(wildcard rules/clang/worker/*.h) rules/clang/wire.h exec/caps.h \
    $(BUILD)/made-with
	$(CC) $(compile_flags) $(if $(SANITIZE),-fno-sanitize=all) -s -Wl,--as-needed -o $@ $(clang_sources) $(libraries)
$(BUILD)/rules/clang/image.o: $(BUILD)/sallyport-clang
$(BUILD)/rules/clang/image.o: own_flags = -DSALLYPORT_CLANG='"$(BUILD)/sallyport-clang"'

# What is tried inside of a sandbox (exec/sandbox/threats.bats).
$(BUILD)/testdata/threats/%: testdata/threats/%.c testdata/threats/threats.h $(BUILD)/made-with
	@mkdir -p $(@D)
	$(init_cc) $(static_flags) -o $@ $<

# The packs are assembled into the program (.incbin in rules/pack.c).
$(BUILD)/rules/pack.o: $(packs)

# Files that change only when what they hold does: the compiler and its flags, for which every object is made anew, and
# the list of sources, for which only the library is.
$(BUILD)/made-with: FORCE
	@$(call keep,$(CC) $(compile_flags))
$(BUILD)/made-of: FORCE
	@$(call keep,$(lib_sources))
keep = $(shell mkdir -p $(@D))$(if $(filter x$(call one_word,$(file <$@)),x$(call one_word,$(1))),,$(file >$@,$(1)))
one_word = $(subst $() ,_,$(1))

-include $(patsubst %.c,$(BUILD)/%.d,$(sources) $(replay_source) $(test_tools))

# The goals below first see to it that what they need is there, and build with a make of their own that then finds it.
parallel = --no-print-directory $(if $(findstring --jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
python := .venv/bin/python

demo:  ## install what is missing, build, review a sample change, run what passes
	@.ci/setup
	@$(MAKE) $(parallel) -s all
	@.ci/demo $(BUILD)/sallyport

check:  ## install what is missing, build, run every test (TESTS="change check.bats": only those)
	@.ci/setup
	@$(MAKE) $(parallel) -s test-programs
	@$(python) .ci/test --build $(BUILD) $(TESTS:%=--only %) $(tests) $(replays) $(bats)

golden:  ## rewrite the golden files that the tests compare with
	@.ci/setup
	@$(MAKE) $(parallel) -s test-programs
	@SALLYPORT_GOLDEN=1 $(python) .ci/test --build $(BUILD) $(TESTS:%=--only %) $(tests) $(bats)

lint:  ## warnings of gcc and clang as errors, clang-tidy, cppcheck, layout, scripts, man pages, the house's own rules
	@.ci/setup lint
	@$(MAKE) $(parallel) -s BUILD=build/lint lint-all

fuzz:  ## run each fuzz target for SECONDS (60) on a copy of its corpus
	@.ci/setup fuzz
	@$(MAKE) $(parallel) -s BUILD=build/fuzz CC=clang$(LLVM) SANITIZE=fuzzer-no-link,address,undefined fuzzers
	@$(python) .ci/fuzz --seconds $(or $(SECONDS),60) $(fuzzers:$(BUILD)/%=build/fuzz/%)

bench:  ## measure against peers (RUNS=21, ROWS="hook true"); a table, and build/bench.json
	@.ci/setup bench
	@$(MAKE) $(parallel) -s all $(bench_sources:%.c=$(BUILD)/%)
	@$(python) .ci/bench $(RUNS:%=--runs %) $(ROWS:%=--row %) $(BUILD)/sallyport

accuracy:  ## measure precision, recall and noise of the built-in rules (EXAMPLES=3 shows places)
	@.ci/setup
	@$(MAKE) $(parallel) -s all
	@$(python) .ci/accuracy $(EXAMPLES:%=--examples %) $(BUILD)/sallyport

install: all  ## install the program and its man pages below DESTDIR and PREFIX
	install -D -m 755 $(BUILD)/sallyport $(DESTDIR)$(PREFIX)/bin/sallyport
	$(foreach page,$(pages),install -D -m 644 $(page) $(DESTDIR)$(PREFIX)/share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page)) &&) true

clean:  ## remove what was built
	rm -rf build

help:  ## this list
	@printf '%-10s %s\n' make 'build build/sallyport (SANITIZE=address,undefined: with sanitizers, in build/sanitize)'
	@sed -n 's/^\([a-z]*\):.*##  *\(.*\)/\1|\2/p' Makefile | while IFS='|' read -r goal what; do printf '%-10s %s\n' "$$goal" "$$what"; done

objects: $(call object,$(sources) $(replay_source) $(test_tools))
test-programs: all $(tests) $(replays) $(test_tools:%.c=$(BUILD)/%)
fuzzers: $(fuzzers)
lint-all:
	@$(python) .ci/lint --make $(MAKE) --llvm=$(LLVM) --build $(BUILD) $(sources) $(replay_source) $(test_tools) $(headers) -- $(compile_flags)

.PHONY: accuracy all bench check clean demo fuzz fuzzers golden help install lint lint-all objects test-programs FORCE
.SECONDARY:
