/* Which grades a sector's discards become, and which secondary alloys a sector buys. */
#ifndef MATRIX_H
#define MATRIX_H

#include "world.h"

/* Minimum cross entropy against a prior under both margins, by iterative proportional fitting
 * (Deming and Stephan 1940): scales rows and columns in turn until the largest relative error of a
 * row's sum is below 1e-10. Rows are met to that error, columns exactly. rows and columns must have
 * equal sums. Returns that error at the end: above 1e-6 the margins cannot be met on the prior's
 * support. */
double matrix_fit(double *cells, size_t row_count, size_t column_count, const double *rows,
                  const double *columns);

/* Fills world->sector_grade and world->sector_alloy. Margins: old scrap collected in 2024 by
 * sector (stock) and by grade (share_of_old_scrap_2024 of scrap_classes.tsv). Needs the parameters
 * and tables of the stock. */
void matrix_init(struct world *world, struct sim_errors *errors);
/* Share of old scrap of 2024 by grade, from the pooled classes; sums to 1. */
void matrix_grade_shares(const struct world *world, double shares[static GRADES]);

#endif
