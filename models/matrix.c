#include "matrix.h"

#include "stock.h"
#include "world_data.h"

#include <math.h>
#include <string.h>

double matrix_fit(double *cells, size_t row_count, size_t column_count, const double *rows,
                  const double *columns)
{
    double error = INFINITY;
    for (int round = 0; round < 20000 && error > 1e-10; round++) {
        error = 0;
        for (size_t i = 0; i < row_count; i++) {
            double sum = 0;
            for (size_t j = 0; j < column_count; j++)
                sum += cells[i * column_count + j];
            if (rows[i] > 0)
                error = fmax(error, fabs(sum / rows[i] - 1));
            for (size_t j = 0; j < column_count && sum > 0; j++)
                cells[i * column_count + j] *= rows[i] / sum;
        }
        for (size_t j = 0; j < column_count; j++) {
            double sum = 0;
            for (size_t i = 0; i < row_count; i++)
                sum += cells[i * column_count + j];
            for (size_t i = 0; i < row_count && sum > 0; i++)
                cells[i * column_count + j] *= columns[j] / sum;
        }
    }
    return error;
}

void matrix_grade_shares(const struct world *world, double shares[static GRADES])
{
    enum { CLASS, GRADE, SHARE = 5 + ELEMENTS };
    const struct sim_table *pools = world_data_table(world, WORLD_TABLE_POOLS);
    const struct sim_table *classes = world_data_table(world, WORLD_TABLE_CLASSES);
    double sum = 0;
    memset(shares, 0, GRADES * sizeof *shares);
    for (size_t i = 0; i < pools->rows; i++) {
        size_t grade = sim_dimension_find(&labels_grade, sim_table_text(pools, i, GRADE));
        for (size_t j = 0; j < classes->rows && grade < GRADES; j++) {
            if (strcmp(sim_table_text(classes, j, CLASS), sim_table_text(pools, i, CLASS)) != 0)
                continue;
            shares[grade] += sim_table_number(classes, j, SHARE);
            sum += sim_table_number(classes, j, SHARE);
        }
    }
    for (int g = 0; g < GRADES && sum > 0; g++)
        shares[g] /= sum;
}

static void sector_grade(struct world *world, struct sim_errors *errors)
{
    enum { SECTOR, GRADE, PLAUSIBILITY };
    const struct sim_table *prior = world_data_table(world, WORLD_TABLE_PRIOR);
    double rows[SECTORS], columns[GRADES], sum = 0;
    for (size_t i = 0; i < prior->rows; i++) {
        int s = world_data_label(prior, i, SECTOR, &labels_sector, errors);
        int g = world_data_label(prior, i, GRADE, &labels_grade, errors);
        if (s < 0 || g < 0)
            continue;
        world->sector_grade[s][g] = sim_table_number(prior, i, PLAUSIBILITY);
        if (!(world->sector_grade[s][g] >= 0))
            sim_errors_add(errors, SIM_BAD_DATA, prior->row->file, prior->lines[i],
                           "a plausibility is at least 0");
    }
    matrix_grade_shares(world, columns);
    if (!stock_collected(world, 2024, rows)) {
        sim_errors_add(errors, SIM_MEMORY, NULL, 0, "out of memory");
        return;
    }
    for (int s = 0; s < SECTORS; s++)
        sum += rows[s];
    for (int s = 0; s < SECTORS; s++)
        rows[s] /= sum;
    double error = matrix_fit(&world->sector_grade[0][0], SECTORS, GRADES, rows, columns);
    if (!(error < 1e-6))
        sim_errors_add(errors, SIM_BAD_DATA, prior->row->file, 0,
                       "the shares of sectors and of grades in old scrap cannot be met together "
                       "(error %.2g)",
                       error);
    for (int s = 0; s < SECTORS; s++) {
        double row = 0;
        for (int g = 0; g < GRADES; g++)
            row += world->sector_grade[s][g];
        for (int g = 0; g < GRADES && row > 0; g++)
            world->sector_grade[s][g] /= row;
    }
}

static void sector_alloy(struct world *world, struct sim_errors *errors)
{
    enum { SECTOR, ALLOY, SHARE };
    const struct sim_table *table = world_data_table(world, WORLD_TABLE_SECTOR_ALLOY);
    double sums[SECTORS] = {0};
    for (size_t i = 0; i < table->rows; i++) {
        int s = world_data_label(table, i, SECTOR, &labels_sector, errors);
        int a = world_data_label(table, i, ALLOY, &labels_alloy, errors);
        if (s < 0 || a < 0)
            continue;
        world->sector_alloy[s][a] = sim_table_number(table, i, SHARE);
        sums[s] += world->sector_alloy[s][a];
    }
    for (int s = 0; s < SECTORS; s++) {
        if (!(fabs(sums[s] - 1) < 1e-6))
            sim_errors_add(errors, SIM_BAD_DATA, table->row->file, 0,
                           "shares of %s sum to %g, not 1", labels_sector.labels[s], sums[s]);
    }
}

void matrix_init(struct world *world, struct sim_errors *errors)
{
    sector_grade(world, errors);
    sector_alloy(world, errors);
}
