#include "policy.h"

#include <stdlib.h>

void sim_policies_clear(struct sim_policies *policies)
{
    free(policies->items);
    *policies = (struct sim_policies){0};
}
