# Remelt. `make run` and `make check` install what is missing, build and go; see README.md.
CC       ?= gcc
BUILD    ?= build
CSTD     := -std=c17 -D_POSIX_C_SOURCE=200809L
WARN     := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
OPT      ?= -O2 -g
SAN      ?=
CFLAGS   += $(CSTD) $(WARN) $(OPT) -ffp-contract=off -fopenmp $(SAN) -MMD -MP
LDFLAGS  += -fopenmp $(SAN)

GSL      := -lgsl -lgslcblas
HDF5     := $(shell pkg-config --libs hdf5-serial 2>/dev/null) -lhdf5_serial_hl -lhdf5_serial
HDF5_CF  := $(shell pkg-config --cflags hdf5-serial 2>/dev/null)

FLOORS   := sim models scenarios output cli
sources   = $(wildcard $(1)/*.c)
objects   = $(patsubst %.c,$(BUILD)/%.o,$(call sources,$(1)))

.PHONY: all
all: $(BUILD)/remelt

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(if $(filter output/% tests/output/% cli/%,$<),$(HDF5_CF)) -c $< -o $@

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
	$(CC) $(LDFLAGS) $^ $(EXTERN_cli) -o $@

# One test program per tests/FLOOR/test_FILE.c, linked with that floor and what lies below it.
define test_program
$(BUILD)/tests/$(1)/test_%: $(BUILD)/tests/$(1)/test_%.o $(BUILD)/tests/suite.o $(LIBS_$(1))
	$$(CC) $$(LDFLAGS) $$^ $(EXTERN_$(1)) -lcunit -o $$@
endef
$(foreach f,$(FLOORS),$(eval $(call test_program,$(f))))
TESTS := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/*/test_*.c))

.PHONY: tests
tests: $(TESTS)

.PHONY: clean
clean:
	rm -rf $(BUILD)

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
