/* Any bytes as a scenario file: refused with at least one message, or loaded; then what it resolves
 * to loads again to the same text. */
#include "example.h"

#include "../../scenarios/document.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct scenario *load(const char *folder, const char *name)
{
    struct sim_errors errors;
    struct scenario *scenario = NULL;
    sim_errors_init(&errors);
    enum sim_status status = example_load(&scenario, folder, name, &errors);
    sim_require((status == SIM_OK) == (scenario != NULL), "status %d", (int)status);
    sim_require((status == SIM_OK) == (errors.count == 0), "%zu errors", errors.count);
    sim_errors_clear(&errors);
    return scenario;
}

/* Without the comments, which say where values came from. */
static char *values_of(const char *resolved)
{
    char *text = malloc(strlen(resolved) + 1), *out = text;
    sim_require(text != NULL, "memory");
    for (const char *line = resolved; *line != '\0';) {
        const char *end = strchr(line, '\n'), *comment = strstr(line, " # ");
        const char *stop = comment != NULL && comment < end ? comment : end;
        memcpy(out, line, (size_t)(stop - line));
        out += stop - line;
        *out++ = '\n';
        line = end + 1;
    }
    *out = '\0';
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"facts.tsv", "top.yaml", "again.yaml", "base.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES];
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "base.yaml", "remelt: 1\nname: base\nparameters: {smelter.loss: 0.1}\n");
    example_write_bytes(folder, "top.yaml", data, size);
    struct scenario *scenario = load(folder, "top.yaml");
    if (scenario != NULL) {
        example_write(folder, "again.yaml", scenario->resolved);
        struct scenario *again = load(folder, "again.yaml");
        sim_require(again != NULL, "does not load again:\n%s", scenario->resolved);
        char *one = values_of(scenario->resolved), *two = values_of(again->resolved);
        sim_require(strcmp(one, two) == 0, "differs:\n%s\n%s", one, two);
        free(one);
        free(two);
        scenario_destroy(again);
        size_t points = scenario_point_count(scenario);
        for (size_t i = 0; i < points; i += 1 + points / 3) {
            struct sim_errors errors;
            struct scenario *point = NULL;
            sim_errors_init(&errors);
            sim_require(scenario_point(&point, scenario, i, &errors) == SIM_OK, "point %zu", i);
            scenario_destroy(point);
            sim_errors_clear(&errors);
        }
        scenario_destroy(scenario);
    }
    example_remove(folder, names);
    return 0;
}
