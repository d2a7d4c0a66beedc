/* The parameters of a list of components as rows of text, and three ways to print them. */
#ifndef PARAMS_LIST_H
#define PARAMS_LIST_H

#include "../sim/component.h"

#include <stdio.h>

struct params_row {
    const struct sim_param *param; /* borrowed from the components */
    char *path;                    /* of a vector's element with its label */
    char *value;                   /* default, as it would stand in a scenario */
    char *bounds, *plausible;      /* "0 to 1", or the choices and "" */
};

struct params_list {
    struct params_row *rows;
    size_t count;
};

typedef void (*params_list_write)(FILE *out, const struct params_list *list);

/* Rows whose path matches: a shell pattern, or a part of the path where it has no wildcard; "" is
 * all. False when out of memory. */
bool params_list_init(struct params_list *list, const struct sim_component *const *components,
                      size_t count, const char *pattern);
void params_list_clear(struct params_list *list);

void params_list_table(FILE *out, const struct params_list *list);
void params_list_yaml(FILE *out, const struct params_list *list);
void params_list_markdown(FILE *out, const struct params_list *list);

#endif
