/* Parameters: one row each, beside the code that uses it.
 *
 * A component declares a struct whose fields are all eight bytes wide and one table of rows.
 * SIM_PARAM_* checks the field's type, SIM_PARAMS_COVER that no field lacks a row; both at compile
 * time. Everything that knows of parameters (scenario files, --set, `remelt params`, results,
 * uncertainty, sensitivity, documentation) reads these rows.
 *
 * Values are resolved into a struct sim_config: one immutable block per component. */
#ifndef SIM_PARAM_H
#define SIM_PARAM_H

#include "dimension.h"
#include "path.h"
#include "status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum sim_param_type {
    SIM_PARAM_TYPE_REAL,   /* double */
    SIM_PARAM_TYPE_INT,    /* int64_t */
    SIM_PARAM_TYPE_PATH,   /* const struct sim_path * */
    SIM_PARAM_TYPE_VECTOR, /* const double *, one value per label of `dimension` */
    SIM_PARAM_TYPE_CHOICE  /* const char *, one of `choices` */
};

struct sim_param {
    const char *path; /* "component.name"; a vector's elements are "component.name.label" */
    const char *unit; /* "1" for dimensionless */
    const char *doc;  /* one sentence */
    const char *source;
    enum sim_param_type type;
    size_t offset;
    double value;                 /* default of REAL, INT and of a constant PATH */
    double min, max;              /* bounds, inclusive: outside them the model is wrong */
    double low, high;             /* plausible range, inside the bounds: what is believed */
    const struct sim_path *curve; /* default of a PATH, or NULL for the constant `value` */
    const struct sim_dimension *dimension; /* VECTOR */
    const double *values;                  /* defaults of a VECTOR */
    const char *const *choices;            /* CHOICE: NULL-terminated, the first is the default */
};

#define SIM_PARAM_FIELD(S, field, T) _Generic(((S *)0)->field, T : offsetof(S, field))

#define SIM_PARAM_REAL(S, field, PATH, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)              \
    {                                                                                              \
        .path = PATH, .unit = UNIT, .doc = DOC, .source = SOURCE, .type = SIM_PARAM_TYPE_REAL,     \
        .offset = SIM_PARAM_FIELD(S, field, double), .value = VALUE, .min = MIN, .max = MAX,       \
        .low = LOW, .high = HIGH                                                                   \
    }
#define SIM_PARAM_INT(S, field, PATH, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)               \
    {                                                                                              \
        .path = PATH, .unit = UNIT, .doc = DOC, .source = SOURCE, .type = SIM_PARAM_TYPE_INT,      \
        .offset = SIM_PARAM_FIELD(S, field, int64_t), .value = VALUE, .min = MIN, .max = MAX,      \
        .low = LOW, .high = HIGH                                                                   \
    }
/* CURVE is a const struct sim_path *, or NULL for the constant VALUE. */
#define SIM_PARAM_PATH(S, field, PATH, UNIT, VALUE, CURVE, MIN, MAX, LOW, HIGH, SOURCE, DOC)       \
    {                                                                                              \
        .path = PATH, .unit = UNIT, .doc = DOC, .source = SOURCE, .type = SIM_PARAM_TYPE_PATH,     \
        .offset = SIM_PARAM_FIELD(S, field, const struct sim_path *), .value = VALUE,              \
        .curve = CURVE, .min = MIN, .max = MAX, .low = LOW, .high = HIGH                           \
    }
#define SIM_PARAM_VECTOR(S, field, PATH, UNIT, DIMENSION, VALUES, MIN, MAX, LOW, HIGH, SOURCE,     \
                         DOC)                                                                      \
    {                                                                                              \
        .path = PATH, .unit = UNIT, .doc = DOC, .source = SOURCE, .type = SIM_PARAM_TYPE_VECTOR,   \
        .offset = SIM_PARAM_FIELD(S, field, const double *), .dimension = DIMENSION,               \
        .values = VALUES, .min = MIN, .max = MAX, .low = LOW, .high = HIGH                         \
    }
#define SIM_PARAM_CHOICE(S, field, PATH, CHOICES, SOURCE, DOC)                                     \
    {                                                                                              \
        .path = PATH, .unit = "1", .doc = DOC, .source = SOURCE, .type = SIM_PARAM_TYPE_CHOICE,    \
        .offset = SIM_PARAM_FIELD(S, field, const char *), .choices = CHOICES                      \
    }
#define SIM_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define SIM_PARAMS_COVER(table, S)                                                                 \
    _Static_assert(sizeof(S) == 8 * SIM_COUNT(table), #S ": every field needs one row in " #table)

struct sim_component;
struct sim_config;

/* All components' blocks at their defaults. NULL when out of memory. The components are borrowed.
 */
struct sim_config *sim_config_create(const struct sim_component *const *components, size_t count);
struct sim_config *sim_config_copy(const struct sim_config *config);
void sim_config_destroy(struct sim_config *config);

/* The parameter struct of component number `component`, owned by the config. */
const void *sim_config_block(const struct sim_config *config, size_t component);

/* What a path names. element is the label's index for a vector's element, else SIZE_MAX. */
struct sim_param_ref {
    const struct sim_param *param;
    size_t component, element;
};
bool sim_config_find(const struct sim_config *config, const char *path, struct sim_param_ref *ref);
/* Closest known path to a misspelt one, or NULL. */
const char *sim_config_suggest(const struct sim_config *config, const char *path);

/* Set a value after checking type, bounds and unit. A number makes a PATH constant; a VECTOR is set
 * element by element. unit NULL means "not written". origin (copied)
 * says where the value came from: "baseline.yaml:12", "--set". Returns NULL, or a message (static
 * thread-local storage is not used: it is written to text, which has room for size bytes). */
const char *sim_config_set_number(struct sim_config *config, const char *path, double value,
                                  const char *unit, const char *origin, char *text, size_t size);
const char *sim_config_set_path(struct sim_config *config, const char *path,
                                const struct sim_path *value, const char *unit, const char *origin,
                                char *text, size_t size);
const char *sim_config_set_choice(struct sim_config *config, const char *path, const char *value,
                                  const char *origin, char *text, size_t size);

/* Reading back, by a ref of the matching type (required). number: REAL, INT or a vector's element.
 * origin of a whole vector: "several" where its elements differ. */
double sim_config_number(const struct sim_config *config, struct sim_param_ref ref);
const struct sim_path *sim_config_path(const struct sim_config *config, struct sim_param_ref ref);
const char *sim_config_choice(const struct sim_config *config, struct sim_param_ref ref);
const char *sim_config_origin(const struct sim_config *config, struct sim_param_ref ref);

#endif
