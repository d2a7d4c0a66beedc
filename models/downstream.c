/* Demand for alloy a in province p, t a day:
 *
 *   sum over sectors s of  consumption(s) season(s) share(p) secondary share(s) acceptance(t)
 *                          L(advantage) / L(advantage of 2024)  alloys(s, a)
 *
 * L is logistic. Orders arrive at that rate, in lots, and go to suppliers with probability
 * proportional to readiness x exp(-(price + freight) / theta). */
#include "downstream.h"

#include "certification.h"
#include "clock.h"
#include "emissions.h"
#include "molten.h"
#include "research.h"

#include <math.h>
#include <stdlib.h>

struct downstream_params {
    double scale_cast, offset_cast, reference_cast;
    double scale_wrought, offset_wrought, reference_wrought;
    double demand_scale, lot_t, patience_days, export_patience_days, import_inland;
    const double *secondary_share;
    const struct sim_path *acceptance_cast, *acceptance_wrought, *nev_acceptance;
    const struct sim_path *alloy_imports, *alloy_exports;
};

#define S struct downstream_params
#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(S, FIELD, "downstream." #FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)
#define PATH(FIELD, UNIT, VALUE, CURVE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                          \
    SIM_PARAM_PATH(S, FIELD, "downstream." #FIELD, UNIT, VALUE, CURVE, MIN, MAX, LOW, HIGH,        \
                   SOURCE, DOC)

static const double secondary_share[SECTORS] = {
    [SECTOR_CARS_ICE] = 0.60,  [SECTOR_CARS_NEV] = 0.20,   [SECTOR_OTHER_TRANSPORT] = 0.42,
    [SECTOR_BUILDING] = 0.135, [SECTOR_ELECTRICAL] = 0.11, [SECTOR_PV] = 0.11,
    [SECTOR_MACHINERY] = 0.38, [SECTOR_DURABLES] = 0.22,   [SECTOR_PACKAGING] = 0.11,
    [SECTOR_OTHER] = 0.16};
/* Middles of years. */
static const double years[] = {2020.5, 2024.5, 2030.5};
static const double cast_values[] = {1, 1, 1.15}, wrought_values[] = {0.75, 1, 1.6};
static const struct sim_path cast_path = {SIM_LINEAR, 3, years, cast_values};
static const struct sim_path wrought_path = {SIM_LINEAR, 3, years, wrought_values};
/* Imports jumped from 0.216 Mt in 2019 to 0.96 in 2020, when scrap was held back. */
static const double trade_years[] = {2019.95, 2020, 2024.5, 2030.5};
static const double import_values[] = {0.216, 0.94, 1.21, 1.04};
static const double export_values[] = {0.2, 0.2, 0.2423, 0.24};
static const struct sim_path import_path = {SIM_LINEAR, 4, trade_years, import_values};
static const struct sim_path export_path = {SIM_LINEAR, 4, trade_years, export_values};

static const struct sim_param params[] = {
    ROW(scale_cast, "1", 0.025, 0.001, 1, 0.02, 0.035, "expert: tried in a prototype",
        "scale of the logistic of secondary share of cast alloys over advantage"),
    ROW(offset_cast, "1", 0.03, -0.5, 0.5, 0.02, 0.04, "expert: tried in a prototype",
        "advantage at which half of cast buyers prefer secondary"),
    ROW(reference_cast, "1", 0.06, -0.5, 0.5, 0.04, 0.08, "derived: prices of 2024",
        "advantage of secondary cast alloys in 2024"),
    ROW(scale_wrought, "1", 0.007, 0.0005, 1, 0.005, 0.01, "expert: tried in a prototype",
        "scale of the logistic of secondary share of wrought alloys over advantage"),
    ROW(offset_wrought, "1", 0, -0.5, 0.5, -0.005, 0.005, "expert: tried in a prototype",
        "advantage at which half of wrought buyers prefer secondary"),
    ROW(reference_wrought, "1", 0.007, -0.5, 0.5, 0.003, 0.012, "derived: prices of 2024",
        "advantage of secondary wrought alloys in 2024"),
    ROW(demand_scale, "1", 1.05, 0.1, 5, 1, 1.1, "derived: fitted to the output of 2024",
        "orders over what is used: some lapse"),
    ROW(lot_t, "t", 25, 1, 100, 20, 30, "expert", "mass of an order of one truck load"),
    ROW(patience_days, "d", 12, 0.5, 120, 7, 20, "expert",
        "mean time for which a customer waits before it turns to primary"),
    ROW(export_patience_days, "d", 60, 0.5, 365, 30, 90, "expert",
        "the same of buyers abroad, whose contracts run for a shipment or more"),
    ROW(import_inland, "1", 0.6, 0, 1, 0.4, 0.8, "expert",
        "part of imported ingot that is used where cast alloy is used, the rest near its port"),
    SIM_PARAM_VECTOR(S, secondary_share, "downstream.secondary_share", "1", &labels_sector,
                     secondary_share, 0, 1, 0.08, 0.65,
                     "RMI and CMRA 2025 (cars); derived: shares of secondary use",
                     "secondary alloy in a sector's use of aluminium, 2024"),
    PATH(acceptance_cast, "1", 1, &cast_path, 0, 5, 0.8, 1.3, "expert",
         "secondary share of cast alloys over that of 2024 at the same advantage"),
    PATH(acceptance_wrought, "1", 1, &wrought_path, 0, 5, 0.6, 2, "expert",
         "secondary share of wrought alloys over that of 2024 at the same advantage"),
    PATH(nev_acceptance, "1", 1, NULL, 0, 5, 0.8, 3.5, "expert",
         "secondary share in new-energy vehicles over that of 2024, beyond acceptance"),
    PATH(alloy_imports, "Mt/yr", 1, &import_path, 0, 20, 0.8, 1.3,
         "customs; SMM 2025; expert after 2024", "imports of alloy ingot, as ADC12"),
    PATH(alloy_exports, "Mt/yr", 0.24, &export_path, 0, 20, 0.2, 0.3, "customs; SMM 2025",
         "exports of alloy ingot, as ADC12"),
};
SIM_PARAMS_COVER(params, S);

enum { KIND_TRUCK, KIND_CANCEL, KIND_ORDER, KIND_MOLTEN, KIND_EXPORT, KIND_DAY };

static const struct sim_kind kinds[] = {
    [KIND_TRUCK] = {"customer_truck", "a lot of alloy reaches its customer"},
    [KIND_CANCEL] = {"customer_cancelled", "an order was not filled and turns to primary"},
    [KIND_ORDER] = {"customer_ordered", "a customer orders ingot"},
    [KIND_MOLTEN] = {"customer_called", "a customer calls for molten metal"},
    [KIND_EXPORT] = {"export_ordered", "a buyer abroad orders ingot"},
    [KIND_DAY] = {"downstream_day", "demand and choice of suppliers of the day"},
};

enum { OUT_USE, OUT_CAST_USE, OUT_IMPORTS, OUT_EXPORTS, OUT_PRIMARY };

static const struct sim_output outputs[] = {
    [OUT_USE] = {.name = "secondary_use_by_sector",
                 .unit = "t",
                 .long_name = "secondary alloys delivered to domestic users",
                 .dims = {&labels_sector},
                 .method = SIM_METHOD_SUM},
    [OUT_CAST_USE] = {.name = "cast_use_by_sector",
                      .unit = "t",
                      .long_name = "secondary casting alloys delivered to domestic users",
                      .dims = {&labels_sector},
                      .method = SIM_METHOD_SUM},
    [OUT_IMPORTS] = {.name = "alloy_imports",
                     .unit = "t",
                     .long_name = "imported alloy ingot used",
                     .method = SIM_METHOD_SUM},
    [OUT_EXPORTS] = {.name = "alloy_exports",
                     .unit = "t",
                     .long_name = "alloy ingot delivered for export",
                     .method = SIM_METHOD_SUM},
    [OUT_PRIMARY] = {.name = "demand_to_primary",
                     .unit = "t",
                     .long_name = "orders for secondary alloy that lapsed and turned to primary",
                     .method = SIM_METHOD_SUM},
};

enum { PURPOSE_ARRIVAL, PURPOSE_SECTOR, PURPOSE_SUPPLIER };
enum { MOLTEN_ALLOYS = 2 }; /* ADC12 and A356, in the order of the labels */
_Static_assert(ALLOY_ADC12 == 0 && ALLOY_A356 == 1, "molten alloys are the first two");

struct downstream {
    struct clock order[ALLOYS], molten[MOLTEN_ALLOYS], exports;
    double rate[ALLOYS][SECTORS];       /* t a day, today */
    double demand[ALLOYS];              /* their sums */
    double supplier[ALLOYS][PROVINCES]; /* cumulative weights, today */
    double imports_t_day;               /* absorbed by this province's ADC12 users */
    double month_imports, month_exports, month_primary; /* t */
};

static const struct downstream_params *params_of(const struct world *world)
{
    return world->params[COMPONENT_DOWNSTREAM];
}

static struct downstream *downstream_of(const struct place *place)
{
    return place->state[COMPONENT_DOWNSTREAM];
}

static bool is_cast(int alloy)
{
    return alloy < CAST_ALLOYS;
}

static uint32_t entity_of(const struct place *place, int kind, int alloy)
{
    return (uint32_t)COMPONENT_DOWNSTREAM << 24 |
           (uint32_t)(place->index << 16 | kind << 8 | alloy);
}

enum world_season downstream_season(int sector)
{
    switch (sector) {
    case SECTOR_CARS_ICE:
    case SECTOR_CARS_NEV:
    case SECTOR_OTHER_TRANSPORT:
        return SEASON_VEHICLES;
    case SECTOR_BUILDING:
        return SEASON_CONSTRUCTION;
    default:
        return SEASON_OTHER;
    }
}

double downstream_demand_t_day(const struct place *place, int alloy)
{
    const struct downstream *d = downstream_of(place);
    return d ? d->demand[alloy] : 0;
}

double downstream_sector_t_day(const struct place *place, int sector)
{
    const struct downstream *d = downstream_of(place);
    double t = 0;
    for (int a = 0; d && a < ALLOYS; a++)
        t += d->rate[a][sector];
    return t;
}

double downstream_exports_t_day(const struct place *place)
{
    double year = sim_year(sim_now(place->domain));
    double share = place->world->province[place->index].alloy_import_share;
    return share * sim_path_at(params_of(place->world)->alloy_exports, year) * 1e6 / 365.25;
}

double downstream_preference(const struct world *world, bool cast, double advantage)
{
    const struct downstream_params *p = params_of(world);
    double scale = cast ? p->scale_cast : p->scale_wrought;
    double offset = cast ? p->offset_cast : p->offset_wrought;
    double reference = cast ? p->reference_cast : p->reference_wrought;
    return (1 + exp(-(reference - offset) / scale)) / (1 + exp(-(advantage - offset) / scale));
}

void downstream_delivered(struct place *place, const struct lot *lot, int sector)
{
    double tonnes = lot_tonnes(lot);
    place->delivered_t += tonnes;
    place->delivered_co2_t += (double)lot->q[LOT_CO2] / (double)TONNE;
    place->delivered_burden_t += (double)lot->q[LOT_BURDEN] / (double)TONNE;
    if (sector == DOWNSTREAM_EXPORT)
        downstream_of(place)->month_exports += tonnes;
    else
        place->sales_by_sector[sector][lot->load] += tonnes;
}

/* ---- the day's demand */

/* Cumulative weights of suppliers, and their mean price at the plant; 0 where nobody supplies.
 * Freight steers the choice but not the advantage: the primary-based alternative is quoted at the
 * smelter's gate too. */
static double weigh_suppliers(struct downstream *d, const struct place *place, int alloy)
{
    const struct board *board = place_board(place);
    double sum = 0, cost = 0;
    for (int q = 0; q < PROVINCES; q++) {
        double weight = board->alloy[q][alloy].weight * place->world->alloy_weight[q][place->index];
        sum += weight;
        cost += weight * board->alloy[q][alloy].price;
        d->supplier[alloy][q] = sum;
    }
    return sum > 0 ? cost / sum : 0;
}

static void set_demand(struct downstream *d, const struct place *place, int alloy, double year)
{
    const struct world *world = place->world;
    const struct downstream_params *p = params_of(world);
    const struct board_nation *nation = &place_board(place)->nation;
    const struct world_province *province = &world->province[place->index];
    bool cast = is_cast(alloy);
    double price = weigh_suppliers(d, place, alloy), alternative = nation->alternative[alloy];
    double advantage = price > 0 ? (alternative - price) / alternative : 0;
    advantage += certification_bonus(place);
    double here = cast ? province->cast_demand_share : province->wrought_demand_share;
    double factor = here * p->demand_scale * place->policy.activity *
                    downstream_preference(world, cast, advantage) *
                    sim_path_at(cast ? p->acceptance_cast : p->acceptance_wrought, year);
    double nev = sim_path_at(p->nev_acceptance, year);
    int day = world_day(sim_now(place->domain));
    d->demand[alloy] = 0;
    for (int s = 0; s < SECTORS; s++) {
        double share = p->secondary_share[s];
        if (s == SECTOR_CARS_NEV)
            share = research_nev_share(place, fmin(1, share * nev));
        d->rate[alloy][s] = factor * fmin(1, share) * nation->consumption[s] *
                            world->season[downstream_season(s)][day] *
                            world->sector_alloy[s][alloy];
        d->demand[alloy] += d->rate[alloy][s];
    }
}

/* Imported ingot near its port and where cast alloy is used; at most nine tenths of demand. */
static double imported_t_day(const struct downstream *d, const struct place *place, double year)
{
    const struct downstream_params *p = params_of(place->world);
    const struct world_province *province = &place->world->province[place->index];
    double share = (1 - p->import_inland) * province->alloy_import_share +
                   p->import_inland * province->cast_demand_share;
    double t_day = share * sim_path_at(p->alloy_imports, year) * 1e6 / 365.25;
    return fmin(t_day, 0.9 * d->demand[ALLOY_ADC12]);
}

static void set_clock(struct place *place, struct clock *clock, double t_day, double lot_t)
{
    double lots = fmax(0, t_day) / lot_t;
    clock_set(clock, place->domain, lots, world_trucks(place->world, lots));
}

static void set_rates(struct downstream *d, struct place *place)
{
    const struct downstream_params *p = params_of(place->world);
    double year = sim_year(sim_now(place->domain));
    for (int a = 0; a < ALLOYS; a++)
        set_demand(d, place, a, year);
    d->imports_t_day = imported_t_day(d, place, year);
    for (int a = 0; a < ALLOYS; a++) {
        double ingot = d->demand[a] - (a == ALLOY_ADC12 ? d->imports_t_day : 0);
        if (a < MOLTEN_ALLOYS) {
            double molten = fmin(ingot, molten_share(place, a) * d->demand[a]);
            set_clock(place, &d->molten[a], molten, molten_ladle_t(place->world));
            ingot -= molten;
        }
        set_clock(place, &d->order[a], ingot, p->lot_t);
    }
    set_clock(place, &d->exports, downstream_exports_t_day(place), p->lot_t);
}

static enum sim_status on_day(struct downstream *d, struct place *place)
{
    set_rates(d, place);
    d->month_imports += d->imports_t_day;
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 4,
                 EVENT(COMPONENT_DOWNSTREAM, KIND_DAY), 0, NULL);
    return SIM_OK;
}

/* ---- orders and deliveries */

static int draw_sector(const struct downstream *d, const struct place *place, int alloy,
                       uint32_t entity, uint64_t number)
{
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_SECTOR, number);
    double u = sim_uniform(&stream) * d->demand[alloy], below = 0;
    int last = SECTOR_OTHER;
    for (int s = 0; s < SECTORS; s++) {
        if (d->rate[alloy][s] <= 0)
            continue;
        below += d->rate[alloy][s];
        last = s;
        if (u < below)
            break;
    }
    return last;
}

void downstream_order(struct place *place, int alloy, int64_t grams, int sector, uint32_t entity,
                      uint64_t number)
{
    struct downstream *d = downstream_of(place);
    const double *below = d->supplier[alloy];
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_SUPPLIER, number);
    double u = sim_uniform(&stream) * below[PROVINCES - 1];
    const struct downstream_params *p = params_of(place->world);
    double patience = sector == DOWNSTREAM_EXPORT ? p->export_patience_days : p->patience_days;
    patience *= sim_exponential_inverse(&stream);
    if (below[PROVINCES - 1] <= 0) {
        d->month_primary += (double)grams / (double)TONNE;
        return;
    }
    int q = 0;
    while (q < PROVINCES - 1 && u >= below[q])
        q++;
    int64_t arrival = sim_now(place->domain) + SIM_DAY;
    union sim_data data = {
        .i = {alloy, grams, place->index, sector, arrival + (int64_t)(patience * (double)SIM_DAY)}};
    place_send(place, q, arrival, EVENT_SALES_ORDER, entity, &data, NULL);
}

static enum sim_status on_order(struct downstream *d, struct place *place, struct clock *clock,
                                uint32_t entity)
{
    int alloy = (int)(entity & 0xff), batch;
    uint64_t number;
    if (!clock_arrival(clock, place->domain, world_trucks(place->world, clock->rate), &batch,
                       &number))
        return SIM_OK;
    bool leaves = clock == &d->exports;
    int sector = leaves ? DOWNSTREAM_EXPORT : draw_sector(d, place, alloy, entity, number);
    int64_t grams = llround(batch * params_of(place->world)->lot_t * (double)TONNE);
    downstream_order(place, alloy, grams, sector, entity, number);
    return SIM_OK;
}

static enum sim_status on_molten(struct downstream *d, struct place *place, uint32_t entity)
{
    int alloy = (int)(entity & 0xff), batch;
    uint64_t number;
    struct clock *clock = &d->molten[alloy];
    if (!clock_arrival(clock, place->domain, world_trucks(place->world, clock->rate), &batch,
                       &number))
        return SIM_OK;
    int64_t grams = llround(batch * molten_ladle_t(place->world) * (double)TONNE);
    union sim_data data = {
        .i = {alloy, grams, draw_sector(d, place, alloy, entity, number), batch, (int64_t)number}};
    sim_schedule(place->domain, sim_now(place->domain), 8, EVENT_MOLTEN_ORDER, entity, &data);
    return SIM_OK;
}

/* Ingot of casting alloy is melted once more at the customer; wrought alloys arrive as billet, slab
 * or rod. The lot takes the emissions on before it leaves the system. */
static enum sim_status on_truck(struct place *place, const struct sim_event *event,
                                const struct lot *cargo)
{
    struct lot lot = *cargo;
    double t = lot_tonnes(&lot);
    int sector = (int)event->data.i[0];
    if (sector < 0 || sector > DOWNSTREAM_EXPORT || lot.load >= ALLOYS)
        return sim_fail(place->domain, SIM_MODEL, "downstream: sector %d, alloy %d", sector,
                        lot.load);
    if (is_cast(lot.load) && sector != DOWNSTREAM_EXPORT)
        place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
                   t * emissions_remelting(place->world, place->index, event->time));
    place_move(place, ACCOUNT_MOTION, ACCOUNT_CUSTOMERS, &lot);
    downstream_delivered(place, &lot, sector);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct downstream *d = state;
    struct place *place = place_of(domain);
    switch (event->kind & 0xff) {
    case KIND_TRUCK:
        return on_truck(place, event, cargo);
    case KIND_CANCEL:
        d->month_primary += (double)event->data.i[1] / (double)TONNE;
        return SIM_OK;
    case KIND_ORDER:
        return on_order(d, place, &d->order[event->entity & 0xff], event->entity);
    case KIND_MOLTEN:
        return on_molten(d, place, event->entity);
    case KIND_EXPORT:
        return on_order(d, place, &d->exports, event->entity);
    case KIND_DAY:
        return on_day(d, place);
    default:
        return sim_fail(domain, SIM_MODEL, "downstream: unknown event %u", event->kind);
    }
}

static void start_clock(struct place *place, struct clock *clock, int kind, int alloy)
{
    clock_init(clock, place->domain, (uint16_t)EVENT(COMPONENT_DOWNSTREAM, kind),
               entity_of(place, kind, alloy), PURPOSE_ARRIVAL);
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct downstream *d = calloc(1, sizeof *d);
    *state = d;
    if (!d)
        return SIM_MEMORY;
    for (int a = 0; a < ALLOYS; a++)
        start_clock(place, &d->order[a], KIND_ORDER, a);
    for (int a = 0; a < MOLTEN_ALLOYS; a++)
        start_clock(place, &d->molten[a], KIND_MOLTEN, a);
    start_clock(place, &d->exports, KIND_EXPORT, ALLOY_ADC12);
    sim_schedule(domain, sim_now(domain) + 3 * SIM_HOUR, 4, EVENT(COMPONENT_DOWNSTREAM, KIND_DAY),
                 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct downstream *d = state;
    struct place *place = place_of(domain);
    for (int s = 0; s < SECTORS; s++) {
        double use = 0, cast = 0;
        for (int a = 0; a < ALLOYS; a++) {
            use += place->sales_by_sector[s][a];
            cast += is_cast(a) ? place->sales_by_sector[s][a] : 0;
            place->sales_by_sector[s][a] = 0;
        }
        sim_sample_add(sample, OUT_USE, (size_t)s, use);
        sim_sample_add(sample, OUT_CAST_USE, (size_t)s, cast);
    }
    sim_sample_add(sample, OUT_IMPORTS, 0, d->month_imports);
    sim_sample_add(sample, OUT_EXPORTS, 0, d->month_exports);
    sim_sample_add(sample, OUT_PRIMARY, 0, d->month_primary);
    d->month_imports = d->month_exports = d->month_primary = 0;
}

const struct sim_component downstream_component = {
    .name = "downstream",
    .doc = "users of secondary alloys: demand, orders and deliveries",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(S),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = free,
};
