#include "season.h"

#include "world_data.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { ITEM, KEY, VALUE };

static const char *const items[SEASONS] = {
    [SEASON_VEHICLES] = "season_vehicles",
    [SEASON_CONSTRUCTION] = "season_construction",
    [SEASON_OTHER] = "season_other",
};

/* Twelve factors with neutral Januaries and Februaries; all 1 without an item (collection). */
static void months_of(const struct sim_table *table, const char *item, double months[12],
                      struct sim_errors *errors)
{
    for (int m = 0; m < 12; m++)
        months[m] = 1;
    if (!item)
        return;
    for (size_t row = 0; row < table->rows; row++) {
        if (strcmp(sim_table_text(table, row, ITEM), item) != 0)
            continue;
        double v[12], rest = 0;
        int n = sscanf(sim_table_text(table, row, VALUE),
                       "%lf %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf %lf", &v[0], &v[1], &v[2],
                       &v[3], &v[4], &v[5], &v[6], &v[7], &v[8], &v[9], &v[10], &v[11]);
        bool good = n == 12;
        for (int m = 0; m < n; m++)
            good = good && v[m] > 0 && isfinite(v[m]);
        if (!good) {
            sim_errors_add(errors, SIM_BAD_DATA, table->row->file, table->lines[row],
                           "%s needs twelve positive factors", item);
            return;
        }
        for (int m = 2; m < 12; m++)
            rest += v[m] / 10;
        for (int m = 0; m < 12; m++)
            months[m] = m < 2 ? rest : v[m];
        return;
    }
    sim_errors_add(errors, SIM_BAD_DATA, table->row->file, 0, "no item %s", item);
}

/* Linear between mid-months, across the turn of the year. */
static double factor_at(const double months[12], struct sim_date date)
{
    double days = sim_days_in_month(date.year, date.month);
    double at = date.month - 1 + (date.day - 0.5) / days - 0.5;
    int low = (int)floor(at);
    double part = at - low;
    return months[(low + 12) % 12] * (1 - part) + months[(low + 13) % 12] * part;
}

/* Day number of each year's festival; -1 and an error where there is none. */
static void festivals_of(const struct sim_table *table, int festival[WORLD_YEARS],
                         struct sim_errors *errors)
{
    for (int y = 0; y < WORLD_YEARS; y++)
        festival[y] = -1;
    for (size_t row = 0; row < table->rows; row++) {
        struct sim_date date;
        if (strcmp(sim_table_text(table, row, ITEM), "spring_festival") != 0)
            continue;
        if (!sim_date_parse(sim_table_text(table, row, VALUE), &date) || !sim_date_valid(date))
            sim_errors_add(errors, SIM_BAD_DATA, table->row->file, table->lines[row],
                           "\"%s\" is not a date", sim_table_text(table, row, VALUE));
        else if (date.year >= WORLD_FIRST_YEAR && date.year < WORLD_FIRST_YEAR + WORLD_YEARS)
            festival[date.year - WORLD_FIRST_YEAR] = world_day(sim_time_from_date(date));
    }
    for (int y = 0; y < WORLD_YEARS; y++) {
        if (festival[y] < 0)
            sim_errors_add(errors, SIM_BAD_DATA, table->row->file, 0, "no spring_festival of %d",
                           WORLD_FIRST_YEAR + y);
    }
}

static double dip(int day, int festival, double depth)
{
    double x = (day - festival - 4) / 8.0;
    return 1 - depth * exp(-x * x);
}

static int year_start(int year)
{
    return world_day(sim_time_from_date((struct sim_date){year, 1, 1}));
}

static void season_year(struct world *world, const struct world_options *options, int year,
                        int festival, double months[SEASONS][12])
{
    int first = year_start(year), next = year_start(year + 1);
    for (int s = 0; s < SEASONS; s++) {
        double depth = options->seasons * (s == SEASON_COLLECTION ? options->festival_collection
                                                                  : options->festival_demand);
        double factor[366] = {0}, sum = 0;
        for (int d = first; d < next; d++) {
            struct sim_date date = sim_date_from_time(d * SIM_DAY);
            double month = 1 + options->seasons * (factor_at(months[s], date) - 1);
            factor[d - first] = month * dip(d, festival, depth);
            sum += factor[d - first];
        }
        for (int d = first; d < next && d < WORLD_DAYS; d++)
            world->season[s][d] = (float)(factor[d - first] * (next - first) / sum);
    }
    for (int d = first; d < next && d < WORLD_DAYS; d++)
        world->plant_activity[d] =
            (float)dip(d, festival, options->seasons * options->festival_plants);
}

void season_init(struct world *world, const struct world_options *options,
                 struct sim_errors *errors)
{
    const struct sim_table *table = world_data_table(world, WORLD_TABLE_CALENDAR);
    size_t before = errors->count;
    double months[SEASONS][12];
    int festival[WORLD_YEARS];
    for (int s = 0; s < SEASONS; s++)
        months_of(table, items[s], months[s], errors);
    festivals_of(table, festival, errors);
    if (errors->count > before)
        return;
    for (int y = 0; y < WORLD_YEARS; y++)
        season_year(world, options, WORLD_FIRST_YEAR + y, festival[y], months);
    for (int d = year_start(WORLD_FIRST_YEAR + WORLD_YEARS); d < WORLD_DAYS; d++) {
        for (int s = 0; s < SEASONS; s++)
            world->season[s][d] = 1;
        world->plant_activity[d] = 1;
    }
}
