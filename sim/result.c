#include "result.h"

#include <math.h>
#include <stdlib.h>

bool sim_result_init(struct sim_result *result, uint32_t scenario, uint64_t replicate, size_t size)
{
    *result = (struct sim_result){.scenario = scenario, .replicate = replicate, .size = size};
    result->values = calloc(size ? size : 1, sizeof *result->values);
    if (!result->values) {
        result->size = 0;
        return false;
    }
    for (size_t i = 0; i < size; i++)
        result->values[i] = NAN;
    return true;
}

void sim_result_clear(struct sim_result *result)
{
    free(result->values);
    *result = (struct sim_result){0};
}
