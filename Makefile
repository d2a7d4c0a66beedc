# Remelt. `make run` and `make check` install what is missing, build and go; see README.md.
VERSION  := 0.1.0
# make's own default is cc; an environment or command line choice is kept.
ifeq ($(origin CC),default)
CC       := gcc
endif
BUILD    ?= build
OPT      ?= -O2 -g
SAN      ?=
# The program is optimised as a whole at its link (a tenth faster); test programs, many and short,
# are linked from the same objects as usual. Not with clang, which would need its own ar and linker.
LTO      ?= $(if $(findstring gcc,$(CC)),$(if $(strip $(SAN)),,-flto=auto -ffat-lto-objects))
PREFIX   ?= /usr/local
DESTDIR  ?=
JOBS     ?= $(shell nproc)
PYTHON   := /usr/bin/python3

CSTD     := -std=c17 -D_POSIX_C_SOURCE=200809L
WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
FLAGS    := $(CSTD) $(WARN) $(OPT) $(LTO) -ffp-contract=off -fopenmp $(SAN) $(CPPFLAGS) $(CFLAGS)
LINK     := $(CC) -fopenmp $(if $(LTO),-fno-lto) $(SAN) $(LDFLAGS)

GSL      := -lgsl -lgslcblas
HDF5     := $(shell pkg-config --libs hdf5-serial 2>/dev/null) -lhdf5_serial_hl -lhdf5_serial
HDF5_CF  := $(shell pkg-config --cflags hdf5-serial 2>/dev/null)
COMMIT   := $(shell git describe --always --dirty --abbrev=12 2>/dev/null || echo unknown)

FLOORS   := sim models scenarios output cli
sources   = $(wildcard $(1)/*.c)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))

# A make below this one shares its jobs; one called without -j uses all cores.
submake   = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: all tests tools FORCE
all: $(BUILD)/remelt

# ---- objects, libraries, program

# Objects depend on a file that changes with the compiler and its flags.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D); echo '$(CC) $(FLAGS)' | cmp -s - $@ || echo '$(CC) $(FLAGS)' >$@
$(BUILD)/commit: FORCE
	@mkdir -p $(@D); echo '$(VERSION) $(COMMIT)' | cmp -s - $@ || echo '$(VERSION) $(COMMIT)' >$@

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -MMD -MP $(if $(filter output/% tests/output/% cli/% tests/cli/%,$<),$(HDF5_CF)) $(DEFINES) -c $< -o $@

# `remelt version` and the record of a run say what was built, and how.
$(BUILD)/cli/command_version.o: $(BUILD)/commit
$(BUILD)/cli/command_version.o: DEFINES = -DREMELT_VERSION='"$(VERSION)"' \
	-DREMELT_COMMIT='"$(COMMIT)"' -DREMELT_FLAGS='"$(strip $(OPT) $(LTO) -ffp-contract=off -fopenmp $(SAN) $(CFLAGS))"'

define library
$(BUILD)/lib$(1).a: $$(call objects,$(1))
	@rm -f $$@; ar rcs $$@ $$^
endef
$(foreach f,sim models scenarios output,$(eval $(call library,$(f))))
# everything of cli/ but main, so that tests can link it
$(BUILD)/libcli.a: $(filter-out $(BUILD)/cli/main.o,$(call objects,cli))
	@rm -f $@; ar rcs $@ $^

LIBS_sim       := $(BUILD)/libsim.a
LIBS_models    := $(BUILD)/libmodels.a $(BUILD)/libsim.a
LIBS_scenarios := $(BUILD)/libscenarios.a $(BUILD)/libsim.a
LIBS_output    := $(BUILD)/liboutput.a $(BUILD)/libsim.a
LIBS_cli       := $(BUILD)/libcli.a $(BUILD)/liboutput.a $(BUILD)/libscenarios.a $(BUILD)/libmodels.a $(BUILD)/libsim.a
EXTERN_sim       := $(GSL) -lm
EXTERN_models    := -lglpk $(GSL) -lm
EXTERN_scenarios := -lyaml $(GSL) -lm
EXTERN_output    := $(HDF5) -lz $(GSL) -lm
EXTERN_cli       := -lyaml -lglpk $(HDF5) -lz $(GSL) -lm

$(BUILD)/remelt: $(BUILD)/cli/main.o $(LIBS_cli)
	$(LINK) $(if $(LTO),$(OPT) $(LTO) -ffp-contract=off) $^ $(EXTERN_cli) -o $@

# ---- tests: tests/FLOOR/test_FILE.c are programs, tests/FLOOR/check_NAME.sh are scripts

# A test program is linked with its floor and what lies below it, a fuzz target likewise.
define test_program
$(BUILD)/tests/$(1)/test_%: $(BUILD)/tests/$(1)/test_%.o $(BUILD)/tests/suite.o $(LIBS_$(1))
	$$(LINK) $$^ $(EXTERN_$(1)) -lcunit -o $$@
$(BUILD)/tests/$(1)/fuzz_%: $(BUILD)/tests/$(1)/fuzz_%.o $(LIBS_$(1))
	$$(LINK) -fsanitize=fuzzer $$^ $(EXTERN_$(1)) -o $$@
endef
$(foreach f,$(FLOORS),$(eval $(call test_program,$(f))))
TESTS  := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/*/test_*.c)))
CHECKS := $(sort $(wildcard tests/*/check_*.sh))
FUZZ   := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/*/fuzz_*.c)))

# The program around a toy model, for what concerns any model: parts, interruptions, full disks.
# toy_chain.o stands for chain.o; the benchmarks, which it does not run, want the rest of models/.
TOY := $(BUILD)/tests/cli/toy
$(TOY): $(BUILD)/cli/main.o $(BUILD)/tests/cli/toy_chain.o $(BUILD)/libcli.a $(BUILD)/liboutput.a \
		$(BUILD)/libscenarios.a $(BUILD)/libmodels.a $(BUILD)/libsim.a
	$(LINK) $^ $(EXTERN_cli) -o $@

tests: $(TESTS) $(TOY)

.PHONY: check run-tests bench lint format
check:
	@scripts/install-deps build test plot
	@$(submake) run-tests

# Without installing: tests of this BUILD, or those named in TESTS and CHECKS.
run-tests: all tests
	@scripts/run-tests $(BUILD) $(TESTS) $(CHECKS)

lint:
	@scripts/install-deps build tools
	@scripts/lint $(BUILD)

format:
	clang-format -i $(wildcard $(addsuffix /*.[ch],$(FLOORS) tests tests/*))

# ---- sanitizers and fuzzing: builds of their own below build/

.PHONY: asan tsan fuzz fuzz-targets
ASAN := BUILD=build/asan OPT='-O1 -g' \
	SAN='-fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer'
TSAN := BUILD=build/tsan CC=clang OPT='-O1 -g' SAN='-fsanitize=thread -fno-omit-frame-pointer'

asan:
	@scripts/install-deps build test plot
	@ASAN_OPTIONS=detect_stack_use_after_return=1 UBSAN_OPTIONS=print_stacktrace=1 \
		$(submake) $(ASAN) run-tests

# gcc's thread sanitizer does not know libgomp's barriers; clang's knows libomp's through archer,
# which libomp loads by itself.
tsan:
	@scripts/install-deps build test plot tools
	@TSAN_OPTIONS='ignore_noninstrumented_modules=1 halt_on_error=0 exitcode=66' \
		$(submake) $(TSAN) run-tests

# Each target for FUZZ_SECONDS; what it finds stays in build/fuzz/corpus/.
FUZZ_SECONDS ?= 30
FUZZ_FLAGS := BUILD=build/fuzz CC=clang OPT='-O1 -g' SAN='-fsanitize=fuzzer-no-link,address,undefined'
fuzz:
	@scripts/install-deps build tools
	@$(submake) $(FUZZ_FLAGS) fuzz-targets
	@for target in $(patsubst $(BUILD)/%,build/fuzz/%,$(FUZZ)); do \
		corpus=build/fuzz/corpus/$$(basename $$target); \
		seeds=tests/$$(basename $$(dirname $$target))/$$(basename $$target); \
		mkdir -p $$corpus; echo "$$target, $(FUZZ_SECONDS) s"; \
		$$target -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=1024 -timeout=10 -verbosity=0 \
			-print_final_stats=1 -artifact_prefix=$$corpus/ $$corpus \
			$$(test -d $$seeds && echo $$seeds) || exit 1; \
	done
fuzz-targets: $(FUZZ)

# ---- running

# QUICK=1: fewer replicates and years, under a minute.
.PHONY: run
RUN_FLAGS := $(if $(filter-out 0,$(QUICK)),-r 2 --until 2024-01-01,-r 12)
run:
	@scripts/install-deps build plot
	@$(submake) all
	@mkdir -p results
	@$(BUILD)/remelt run scenarios/baseline.yaml -o results/baseline.h5 --force $(RUN_FLAGS)
	@scripts/plot results/baseline.h5 -o results/figures
	@$(BUILD)/remelt summary results/baseline.h5

bench:
	@scripts/install-deps build
	@$(submake) all
	@mkdir -p results
	@$(BUILD)/remelt bench -o results/bench.tsv

# ---- installing

.PHONY: install uninstall dist clean
SHARE = $(DESTDIR)$(PREFIX)/share
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
		$(SHARE)/remelt/scenarios/data $(SHARE)/remelt/scripts/plotting
	install -m 755 $(BUILD)/remelt $(DESTDIR)$(PREFIX)/bin/remelt
	$(BUILD)/remelt help --man >$(BUILD)/remelt.1
	$(BUILD)/remelt help --completion >$(BUILD)/remelt.bash
	install -m 644 $(BUILD)/remelt.1 $(SHARE)/man/man1/remelt.1
	install -m 644 $(BUILD)/remelt.bash $(SHARE)/bash-completion/completions/remelt
	install -m 644 $(wildcard scenarios/*.yaml) $(SHARE)/remelt/scenarios
	install -m 644 $(wildcard scenarios/data/*.tsv) $(SHARE)/remelt/scenarios/data
	install -m 755 scripts/plot $(SHARE)/remelt/scripts
	install -m 644 $(wildcard scripts/plotting/*.py) $(SHARE)/remelt/scripts/plotting

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/remelt $(SHARE)/man/man1/remelt.1 \
		$(SHARE)/bash-completion/completions/remelt
	rm -rf $(SHARE)/remelt

dist:
	@mkdir -p $(BUILD)
	git archive --prefix=remelt-$(VERSION)/ -o $(BUILD)/remelt-$(VERSION).tar.gz HEAD
	@echo "$(BUILD)/remelt-$(VERSION).tar.gz"

clean:
	rm -rf $(BUILD)

.SECONDARY:
-include $(wildcard $(BUILD)/*/*.d $(BUILD)/tests/*.d $(BUILD)/tests/*/*.d)
