#include "dimension.h"

#include <string.h>

size_t sim_dimension_find(const struct sim_dimension *dimension, const char *label)
{
    size_t i = 0;
    while (i < dimension->count && strcmp(dimension->labels[i], label) != 0)
        i++;
    return i;
}
