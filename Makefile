# sallyport: `make demo` shows it, `make check` tests it, `make help` lists the rest.
#
# Sources are found, not listed: every .c below a folder of FOLDERS is part of the library, but NAME_test.c (a GLib test
# program), NAME_fuzz.c (a libFuzzer target) and cmd/*.c (the program itself).

PREFIX ?= /usr/local
BUILD ?= build$(if $(SANITIZE),/sanitize)
CC ?= cc
CFLAGS ?= -O2 -g
VERSION := 0.1.0

FOLDERS := exec rules review ci
PACKAGES := glib-2.0 libgit2 yaml-0.1 libpcre2-8 libseccomp jansson

sources := $(sort $(shell find $(FOLDERS) cmd -name '*.c'))
headers := $(sort $(shell find $(FOLDERS) cmd -name '*.h'))
test_sources := $(filter %_test.c,$(sources))
fuzz_sources := $(filter %_fuzz.c,$(sources))
plain_sources := $(filter-out $(test_sources) $(fuzz_sources),$(sources))
cmd_sources := $(filter cmd/%,$(plain_sources))
lib_sources := $(filter-out cmd/%,$(plain_sources))
packs := $(sort $(wildcard rules/packs/*.yaml))

object = $(patsubst %.c,$(BUILD)/%.o,$(1))
tests := $(patsubst %.c,$(BUILD)/%,$(test_sources))
fuzzers := $(patsubst %.c,$(BUILD)/%,$(fuzz_sources))
replays := $(patsubst %.c,$(BUILD)/%_replay,$(fuzz_sources))

sanitize_flags := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
warnings := -Wall -Wextra -Wshadow -Wvla -Wstrict-prototypes -Wmissing-prototypes -Wformat=2 $(if $(WERROR),-Werror)
compile_flags = -std=gnu17 -D_GNU_SOURCE -DSALLYPORT_VERSION='"$(VERSION)"' -I. $(warnings) \
    -fstack-protector-strong $(shell pkg-config --cflags $(PACKAGES)) $(sanitize_flags) $(CFLAGS)
link_flags = $(sanitize_flags) $(LDFLAGS) -Wl,--as-needed
libraries = $(shell pkg-config --libs $(PACKAGES))
# Asked of pkg-config once, when something is compiled.
compile_flags := $(if $(shell command -v pkg-config),$(compile_flags))
libraries := $(if $(shell command -v pkg-config),$(libraries))

all: $(BUILD)/sallyport

$(BUILD)/sallyport: $(call object,$(cmd_sources)) $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -o $@ $^ $(libraries)

$(BUILD)/libsallyport.a: $(call object,$(lib_sources))
	rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(compile_flags) -MMD -MP -c -o $@ $<

$(BUILD)/%_test: $(BUILD)/%_test.o $(BUILD)/libsallyport.a
	$(CC) $(link_flags) -o $@ $^ $(libraries)

# The packs are assembled into the program (.incbin in rules/pack.c).
$(BUILD)/rules/pack.o: $(packs)

-include $(patsubst %.c,$(BUILD)/%.d,$(sources))

.PHONY: all
.SECONDARY:
