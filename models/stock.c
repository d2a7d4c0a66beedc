#include "stock.h"

#include "cohort.h"
#include "stock_demand.h"

#include <math.h>
#include <stdlib.h>

/* Formwork is held apart from the rest of building: it lives five years, not thirty. */
enum { FORMWORK = SECTORS, CELLS };
enum { AGES = 900, FIRST_YEAR = 1990, HISTORY_YEARS = 30 };

/* t, of one month or year */
struct flows {
    double stock[SECTORS], discards[SECTORS], consumption[SECTORS];
};

struct stock {
    const struct world *world; /* not owned */
    struct cohort_stock *cell[CELLS];
    struct stock_demand demand;
    int year, month; /* the next to step; month from 0 */
    struct flows last;
    struct flows history[HISTORY_YEARS]; /* of the years from 1990 */
    int current;                         /* month of `last`, index since January 2019 */
    bool history_written;
};

static const struct stock_params *params_of(const struct world *world)
{
    return world->params[COMPONENT_STOCK];
}

double stock_recovery(const struct world *world, int sector, double year)
{
    const struct stock_params *p = params_of(world);
    return fmin(1, p->recovery[sector] * sim_path_at(p->recovery_factor, year));
}

double stock_in_house(const struct world *world)
{
    return params_of(world)->in_house;
}

/* Metal that passes manufacturing per t of fresh metal: what returns in house passes again. */
static double throughput(const struct stock_params *p, int sector)
{
    return 1 / (1 - p->in_house * (1 - p->yield[sector]) * (1 - p->remelt_loss));
}

double stock_new_scrap(const struct world *world, int sector)
{
    const struct stock_params *p = params_of(world);
    return throughput(p, sector) * (1 - p->yield[sector]);
}

double stock_inflow(const struct world *world, int sector)
{
    const struct stock_params *p = params_of(world);
    return throughput(p, sector) * p->yield[sector] * (1 - p->indirect_export[sector]);
}

static void stock_clear(struct stock *stock)
{
    for (int c = 0; c < CELLS; c++)
        cohort_destroy(stock->cell[c]);
}

static bool stock_init(struct stock *stock, const struct world *world)
{
    const struct stock_params *p = params_of(world);
    bool good = true;
    *stock = (struct stock){.world = world, .year = STOCK_FIRST_YEAR};
    stock_demand_init(&stock->demand, world);
    for (int c = 0; c < CELLS; c++) {
        double years = c == FORMWORK ? p->formwork_lifetime : p->lifetime[c];
        stock->cell[c] = cohort_create(years * p->lifetime_factor,
                                       c == FORMWORK ? p->formwork_shape : p->shape[c], AGES);
        good = good && stock->cell[c];
    }
    return good;
}

static double tonnes(int64_t g)
{
    return (double)g / (double)TONNE;
}

static void keep_history(struct stock *stock)
{
    int i = stock->year - FIRST_YEAR;
    if (i < 0 || i >= HISTORY_YEARS)
        return;
    for (int s = 0; s < SECTORS; s++) {
        stock->history[i].stock[s] = stock->last.stock[s];
        stock->history[i].discards[s] += stock->last.discards[s];
        stock->history[i].consumption[s] += stock->last.consumption[s];
    }
}

/* One month: last's stock is that of its end. */
static void step(struct stock *stock, const double hazard[static SECTORS])
{
    const struct stock_params *p = params_of(stock->world);
    double year = stock->year + (stock->month + 0.5) / 12;
    double formwork = sim_path_at(p->formwork_share, year);
    for (int s = 0; s < SECTORS; s++) {
        double t = stock_demand_month(&stock->demand, s, stock->year, stock->month);
        int64_t inflow = llround(t * stock_inflow(stock->world, s) * (double)TONNE), discards = 0;
        stock->last.consumption[s] = t;
        if (s == SECTOR_BUILDING) {
            int64_t part = llround((double)inflow * formwork);
            inflow -= part;
            discards = cohort_step(stock->cell[FORMWORK], part, hazard[s]);
        }
        discards += cohort_step(stock->cell[s], inflow, hazard[s]);
        stock->last.discards[s] = tonnes(discards);
        stock->last.stock[s] = tonnes(cohort_total(stock->cell[s]));
    }
    stock->last.stock[SECTOR_BUILDING] += tonnes(cohort_total(stock->cell[FORMWORK]));
    keep_history(stock);
    stock->month++;
    if (stock->month == 12) {
        stock->month = 0;
        stock->year++;
    }
}

static const double plain[SECTORS] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};

bool stock_collected(const struct world *world, int year, double collected[static SECTORS])
{
    struct stock *stock = malloc(sizeof *stock);
    bool good = stock && stock_init(stock, world);
    for (int s = 0; s < SECTORS; s++)
        collected[s] = 0;
    while (good && stock->year <= year) {
        int current = stock->year;
        step(stock, plain);
        for (int s = 0; s < SECTORS && current == year; s++)
            collected[s] += stock->last.discards[s] * stock_recovery(world, s, year + 0.5);
    }
    if (stock)
        stock_clear(stock);
    free(stock);
    return good;
}

/* ---- the component */

static const struct sim_kind kinds[] = {
    {"stock_published", "the day's consumption and discards are published"}};
enum { KIND_PUBLISHED = EVENT(COMPONENT_STOCK, 0), ENTITY = COMPONENT_STOCK << 24 };

static void publish(const struct stock *stock, struct board_nation *nation)
{
    double days =
        (double)((sim_month_start(stock->current + 1) - sim_month_start(stock->current)) / SIM_DAY);
    for (int s = 0; s < SECTORS; s++) {
        nation->discards[s] = stock->last.discards[s] / days;
        nation->consumption[s] = stock->last.consumption[s] / days;
    }
}

static void destroy(void *state)
{
    struct stock *stock = state;
    if (stock)
        stock_clear(stock);
    free(stock);
}

static enum sim_status create(struct sim_domain *domain, const void *model, void **state)
{
    struct place *place = place_of(domain);
    if (place->index != NATION)
        return SIM_OK;
    struct stock *stock = malloc(sizeof *stock);
    *state = stock;
    if (!stock)
        return SIM_MEMORY;
    if (!stock_init(stock, model))
        return SIM_MEMORY;
    while (stock->year < WORLD_FIRST_YEAR)
        step(stock, plain);
    stock->current = sim_month_index(sim_now(domain));
    step(stock, place->policy.lifetime_hazard);
    publish(stock, &place->run->boards[0].nation);
    publish(stock, &place->run->boards[1].nation);
    sim_schedule(domain, sim_now(domain) + 5 * SIM_HOUR, 4, KIND_PUBLISHED, ENTITY, NULL);
    return SIM_OK;
}

/* A month's step is taken at its first publication, after the sample of the month before. */
static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct stock *stock = state;
    struct place *place = place_of(domain);
    int month = sim_month_index(event->time);
    if (month > stock->current) {
        stock->current = month;
        step(stock, place->policy.lifetime_hazard);
    }
    publish(stock, &place_board_today(place)->nation);
    sim_schedule(domain, event->time + SIM_DAY, 4, KIND_PUBLISHED, ENTITY, NULL);
    return SIM_OK;
}

enum {
    OUTPUT_STOCK,
    OUTPUT_DISCARDS,
    OUTPUT_CONSUMPTION,
    HISTORY_STOCK,
    HISTORY_DISCARDS,
    HISTORY_OLD,
    HISTORY_NEW
};
#define ROW(NAME, LONG, METHOD, REDUCE, AXIS)                                                      \
    {                                                                                              \
        .name = NAME, .unit = "t", .long_name = LONG, .dims = {&labels_sector}, .method = METHOD,  \
        .reduce = REDUCE, .axis = AXIS                                                             \
    }
#define SUM(NAME, LONG)     ROW(NAME, LONG, SIM_METHOD_SUM, SIM_REDUCE_SUM, SIM_AXIS_MONTH)
#define HISTORY(NAME, LONG) ROW(NAME, LONG, SIM_METHOD_SUM, SIM_REDUCE_SET, SIM_AXIS_HISTORY)
static const struct sim_output outputs[] = {
    [OUTPUT_STOCK] = ROW("in_use_stock_by_sector", "aluminium in use at the month's end",
                         SIM_METHOD_POINT, SIM_REDUCE_SUM, SIM_AXIS_MONTH),
    [OUTPUT_DISCARDS] = SUM("discards_by_sector", "aluminium discarded, before recovery"),
    [OUTPUT_CONSUMPTION] =
        SUM("consumption_by_sector", "consumption of aluminium of all kinds, without season"),
    [HISTORY_STOCK] = ROW("in_use_stock", "aluminium in use at the year's end", SIM_METHOD_POINT,
                          SIM_REDUCE_SET, SIM_AXIS_HISTORY),
    [HISTORY_DISCARDS] = HISTORY("discards", "aluminium discarded in the year, before recovery"),
    [HISTORY_OLD] = HISTORY("old_scrap", "old scrap recovered in the year at normal prices"),
    [HISTORY_NEW] = HISTORY("new_scrap", "new scrap of the year that was not remelted in house"),
};

static void sample_history(const struct stock *stock, struct sim_sample *sample)
{
    const struct world *world = stock->world;
    for (size_t i = 0; i < sample->layout->years; i++) {
        int year = sample->layout->first_year + (int)i, at = year - FIRST_YEAR;
        if (at < 0 || at >= HISTORY_YEARS)
            continue;
        const struct flows *flows = &stock->history[at];
        for (int s = 0; s < SECTORS; s++) {
            size_t cell = (size_t)s;
            double market = stock_new_scrap(world, s) * (1 - stock_in_house(world));
            sim_sample_history(sample, HISTORY_STOCK, i, cell, flows->stock[s]);
            sim_sample_history(sample, HISTORY_DISCARDS, i, cell, flows->discards[s]);
            sim_sample_history(sample, HISTORY_OLD, i, cell,
                               flows->discards[s] * stock_recovery(world, s, year + 0.5));
            sim_sample_history(sample, HISTORY_NEW, i, cell, flows->consumption[s] * market);
        }
    }
}

static void sample_month(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    (void)domain;
    struct stock *stock = state;
    if (!stock)
        return;
    for (int s = 0; s < SECTORS; s++) {
        size_t cell = (size_t)s;
        sim_sample_add(sample, OUTPUT_STOCK, cell, stock->last.stock[s]);
        sim_sample_add(sample, OUTPUT_DISCARDS, cell, stock->last.discards[s]);
        sim_sample_add(sample, OUTPUT_CONSUMPTION, cell, stock->last.consumption[s]);
    }
    /* Once the last year is complete, and not into the samples of the spin-up, which are lost. */
    if (!stock->history_written && stock->year >= FIRST_YEAR + HISTORY_YEARS &&
        stock->current >= sample->layout->first_month) {
        sample_history(stock, sample);
        stock->history_written = true;
    }
}

/* The parameters' and the table's rows lie in stock_demand.c; a component wants constants. */
const struct sim_component stock_component = {
    .name = "stock",
    .doc = "In-use stock, consumption and discards by end-use sector",
    .params = stock_demand_params,
    .param_count = STOCK_DEMAND_PARAMS,
    .param_size = sizeof(struct stock_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .tables = stock_demand_tables,
    .table_count = 1,
    .create = create,
    .handle = handle,
    .sample = sample_month,
    .destroy = destroy,
};
