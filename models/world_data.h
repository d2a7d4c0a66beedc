/* Inside of world_init: the tables that it reads and the parts that fill struct world. Errors are
 * collected; each part leaves the world usable where it found some. */
#ifndef WORLD_DATA_H
#define WORLD_DATA_H

#include "world.h"

enum world_table {
    WORLD_TABLE_PROVINCES,
    WORLD_TABLE_CLASSES,
    WORLD_TABLE_POOLS,
    WORLD_TABLE_SORTED,
    WORLD_TABLE_ALLOYS,
    WORLD_TABLE_CALENDAR,
    WORLD_TABLE_PRIOR,
    WORLD_TABLE_SECTOR_ALLOY
};

const struct sim_table *world_data_table(const struct world *world, enum world_table table);
/* Index of the text in (row, column) among the labels; an error and -1 where it is none. */
int world_data_label(const struct sim_table *table, size_t row, size_t column,
                     const struct sim_dimension *labels, struct sim_errors *errors);
/* Feed classes by name: the grades, then thermal_break_sorted, extrusion_sorted, sheet_sorted,
 * shredded_sorted. */
extern const struct sim_dimension world_data_feeds;

/* Provinces: shares, capacities, grid, km, freight. */
void world_data_provinces(struct world *world, const struct world_options *options,
                          struct sim_errors *errors);
/* world->feed from the pooled classes, and what sorting centres make of them. */
void world_data_grades(struct world *world, struct sim_errors *errors);
void world_data_alloys(struct world *world, struct sim_errors *errors);

#endif
