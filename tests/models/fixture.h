/* A small world for tests of components: the real tables, every component's parameters at their
 * defaults or as set, policies as given, and an engine with all domains that runs the components a
 * test names. Errors of the fixture itself abort. Header only: each test program is one file. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "../../models/chain.h"
#include "../../models/frame.h"
#include "../../models/place.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct sim_config *config;
    struct sim_tables tables;
    struct sim_policies policies; /* sorted by the caller; cleared by the fixture */
    struct sim_errors errors;
    struct world *world;
    struct run run;
    struct place places[DOMAINS];
    void *states[DOMAINS];
    struct sim_engine *engine;
    struct sim_layout layout;
    struct sim_sample sample;
    bool runs[COMPONENTS];
    int month; /* the next to run, index since January 2019 */
};

/* ---- tables: scenarios/data below the working directory */

static inline char *fixture_cell(char **rest)
{
    char *cell = *rest;
    if (!cell)
        return NULL;
    size_t length = strcspn(cell, "\t\r\n");
    *rest = cell[length] == '\t' ? cell + length + 1 : NULL;
    cell[length] = '\0';
    return cell;
}

static inline void fixture_table_row(struct sim_table *table, char *line, const int *at,
                                     size_t width, int number)
{
    size_t count = table->row->column_count, base = table->rows * count;
    table->text = realloc(table->text, (base + count) * sizeof *table->text);
    table->number = realloc(table->number, (base + count) * sizeof *table->number);
    table->lines = realloc(table->lines, (table->rows + 1) * sizeof *table->lines);
    sim_require(table->text && table->number && table->lines, "memory");
    for (size_t c = 0; c < count; c++) {
        table->text[base + c] = NULL;
        table->number[base + c] = NAN;
        if (table->row->columns[c].type == SIM_COLUMN_TEXT)
            table->text[base + c] = strdup("");
    }
    for (size_t w = 0; w < width; w++) {
        const char *cell = fixture_cell(&line);
        for (size_t c = 0; c < count && cell; c++) {
            if (at[c] != (int)w)
                continue;
            if (table->row->columns[c].type == SIM_COLUMN_TEXT) {
                free(table->text[base + c]);
                table->text[base + c] = strdup(cell);
            } else if (*cell) {
                table->number[base + c] = strtod(cell, NULL);
            }
        }
    }
    table->lines[table->rows++] = number;
}

static inline void fixture_table(struct sim_table *table, const struct sim_table_row *row)
{
    char path[300], line[65536];
    int at[64], number = 1;
    size_t width = 0;
    snprintf(path, sizeof path, "scenarios/data/%s", row->file);
    FILE *file = fopen(path, "r");
    sim_require(file && fgets(line, sizeof line, file), "cannot read %s", path);
    *table = (struct sim_table){.row = row};
    for (size_t c = 0; c < row->column_count; c++)
        at[c] = -1;
    char *rest = line;
    for (char *cell = fixture_cell(&rest); cell; cell = fixture_cell(&rest), width++) {
        for (size_t c = 0; c < row->column_count; c++) {
            if (strcmp(row->columns[c].name, cell) == 0)
                at[c] = (int)width;
        }
    }
    for (size_t c = 0; c < row->column_count; c++)
        sim_require(at[c] >= 0, "%s has no column %s", path, row->columns[c].name);
    while (fgets(line, sizeof line, file))
        fixture_table_row(table, line, at, width, ++number);
    fclose(file);
}

static inline void fixture_tables(struct fixture *f)
{
    for (size_t c = 0; c < chain_component_count; c++)
        f->tables.count += chain_components[c]->table_count;
    f->tables.tables = calloc(f->tables.count, sizeof *f->tables.tables);
    sim_require(f->tables.tables, "memory");
    size_t t = 0;
    for (size_t c = 0; c < chain_component_count; c++) {
        for (size_t i = 0; i < chain_components[c]->table_count; i++)
            fixture_table(&f->tables.tables[t++], &chain_components[c]->tables[i]);
    }
}

/* The table in memory, to spoil it. */
static inline struct sim_table *fixture_find(struct fixture *f, const char *file)
{
    for (size_t i = 0; i < f->tables.count; i++) {
        if (strcmp(f->tables.tables[i].row->file, file) == 0)
            return &f->tables.tables[i];
    }
    sim_require(false, "no table %s", file);
    return NULL;
}

static inline void fixture_text(struct sim_table *table, size_t row, size_t column, const char *to)
{
    char **cell = &table->text[row * table->row->column_count + column];
    free(*cell);
    *cell = strdup(to);
}

/* ---- parameters and policies */

static inline void fixture_open(struct fixture *f)
{
    memset(f, 0, sizeof *f);
    sim_errors_init(&f->errors);
    f->config = sim_config_create(chain_components, chain_component_count);
    sim_require(f->config, "memory");
    fixture_tables(f);
    f->world = calloc(1, sizeof *f->world);
    sim_require(f->world, "memory");
}

static inline void fixture_set(struct fixture *f, const char *path, double value)
{
    char text[400];
    const char *error =
        sim_config_set_number(f->config, path, value, NULL, "test", text, sizeof text);
    sim_require(!error, "%s", error);
}

static inline void fixture_set_path(struct fixture *f, const char *path, double value)
{
    char text[400];
    double year = 2019;
    struct sim_path curve = {SIM_LINEAR, 1, &year, &value};
    const char *error =
        sim_config_set_path(f->config, path, &curve, NULL, "test", text, sizeof text);
    sim_require(!error, "%s", error);
}

/* Appends a policy; dates must not fall. */
static inline void fixture_policy(struct fixture *f, const char *type, const char *date,
                                  const double *values, size_t count)
{
    const struct sim_component *policy = chain_components[COMPONENT_POLICY];
    struct sim_policy item = {.type = NULL};
    struct sim_date day;
    for (size_t i = 0; i < policy->policy_count; i++) {
        if (strcmp(policy->policies[i].name, type) == 0)
            item.type = &policy->policies[i];
    }
    sim_require(item.type && sim_date_parse(date, &day), "%s %s", type, date);
    item.time = sim_time_from_date(day);
    memcpy(item.values, values, count * sizeof *values);
    snprintf(item.id, sizeof item.id, "%s-%zu", type, f->policies.count);
    f->policies.items =
        realloc(f->policies.items, (f->policies.count + 1) * sizeof *f->policies.items);
    sim_require(f->policies.items, "memory");
    f->policies.items[f->policies.count++] = item;
}

/* world_init; its errors stay in f->errors. */
static inline enum sim_status fixture_world(struct fixture *f)
{
    struct world_options options = frame_options(frame_params_of(f->config));
    return world_init(f->world, &options, f->config, &f->tables, &f->policies, &f->errors);
}

/* ---- running */

static inline enum sim_status fixture_handle(struct sim_domain *domain, void *state,
                                             const struct sim_event *event, const void *cargo)
{
    const struct place *place = state;
    unsigned c = event->kind >> 8;
    sim_require(c < COMPONENTS && chain_components[c]->handle && place->state[c], "event %u",
                event->kind);
    return chain_components[c]->handle(domain, place->state[c], event, cargo);
}

/* Engine and the named components in all domains; fixture_world must have succeeded. */
static inline void fixture_start(struct fixture *f, const int *components, size_t count,
                                 uint64_t seed)
{
    f->run.world = f->world;
    for (int d = 0; d < DOMAINS; d++) {
        f->places[d] = (struct place){.world = f->world, .run = &f->run, .index = d};
        f->states[d] = &f->places[d];
        sim_require(sim_ledger_init(&f->places[d].ledger, &accounts_form), "memory");
    }
    struct sim_setup setup = {.domains = DOMAINS,
                              .lookahead = SIM_DAY,
                              .seed = seed,
                              .handler = fixture_handle,
                              .states = f->states};
    sim_require(sim_engine_create(&f->engine, &setup) == SIM_OK, "engine");
    for (int d = 0; d < DOMAINS; d++)
        f->places[d].domain = sim_engine_domain(f->engine, (uint32_t)d);
    for (size_t i = 0; i < count; i++) {
        const struct sim_component *component = chain_components[components[i]];
        f->runs[components[i]] = true;
        for (int d = 0; d < DOMAINS && component->create; d++)
            sim_require(component->create(f->places[d].domain, f->world,
                                          &f->places[d].state[components[i]]) == SIM_OK,
                        "%s", component->name);
    }
    sim_require(
        sim_layout_init(&f->layout, chain_components, COMPONENTS, 0, 12 * WORLD_YEARS, 1990, 30),
        "memory");
    f->sample = (struct sim_sample){.layout = &f->layout,
                                    .values = calloc(f->layout.size, sizeof(double)),
                                    .weights = calloc(f->layout.size, sizeof(double))};
    sim_require(f->sample.values && f->sample.weights, "memory");
    for (size_t i = 0; i < f->layout.size; i++)
        f->sample.values[i] = NAN;
}

/* Runs to the end of one month and samples it. */
static inline void fixture_month(struct fixture *f)
{
    enum sim_status status = sim_engine_run(f->engine, sim_month_start(f->month + 1), NULL);
    sim_require(status == SIM_OK, "%s", sim_engine_failure(f->engine)->text);
    f->sample.step = (size_t)f->month++;
    sim_sample_begin(&f->sample);
    for (int c = 0; c < COMPONENTS; c++) {
        f->sample.component = (size_t)c;
        for (int d = 0; d < DOMAINS && f->runs[c] && chain_components[c]->sample; d++) {
            if (f->places[d].state[c])
                chain_components[c]->sample(f->places[d].domain, f->places[d].state[c], &f->sample);
        }
    }
    for (int c = 0; c < COMPONENTS; c++) {
        void *states[DOMAINS];
        for (int d = 0; d < DOMAINS; d++)
            states[d] = f->places[d].state[c];
        f->sample.component = (size_t)c;
        if (f->runs[c] && chain_components[c]->summarise)
            chain_components[c]->summarise(states, DOMAINS, &f->sample);
    }
    sim_sample_end(&f->sample);
}

/* Runs until the start of a year. */
static inline void fixture_until(struct fixture *f, int year)
{
    while (f->month < 12 * (year - SIM_EPOCH_YEAR))
        fixture_month(f);
}

/* A sampled value; step is a month since January 2019, or a year of the history. */
static inline double fixture_value(const struct fixture *f, const char *name, size_t step,
                                   size_t cell)
{
    const struct sim_variable *variable = sim_layout_find(&f->layout, name);
    sim_require(variable && step < variable->steps && cell < variable->cells, "%s", name);
    return f->sample.values[variable->offset + step * variable->cells + cell];
}

/* Sum over a calendar year and `cells` cells. */
static inline double fixture_year(const struct fixture *f, const char *name, int year, size_t cells)
{
    double sum = 0;
    for (size_t m = 0; m < 12; m++) {
        for (size_t cell = 0; cell < cells; cell++)
            sum += fixture_value(f, name, (size_t)(12 * (year - SIM_EPOCH_YEAR)) + m, cell);
    }
    return sum;
}

static inline void fixture_close(struct fixture *f)
{
    for (int d = 0; d < DOMAINS && f->engine; d++) {
        for (int c = 0; c < COMPONENTS; c++) {
            if (f->runs[c] && chain_components[c]->destroy)
                chain_components[c]->destroy(f->places[d].state[c]);
        }
        sim_ledger_clear(&f->places[d].ledger);
    }
    sim_engine_destroy(f->engine);
    sim_layout_clear(&f->layout);
    free(f->sample.values);
    free(f->sample.weights);
    free(f->world);
    sim_config_destroy(f->config);
    sim_tables_clear(&f->tables);
    sim_policies_clear(&f->policies);
    sim_errors_clear(&f->errors);
}

#endif
