/* Model: fabrication scrap follows what the sectors consume; a constant share of it reaches the
 * market, as truck loads with a narrow composition that go to the hub of their own province. */
#include "new_scrap.h"

#include "clock.h"
#include "closed_loop.h"
#include "downstream.h"
#include "emissions.h"
#include "hubs.h"
#include "stock.h"

#include <math.h>
#include <stdlib.h>

struct new_scrap_params {
    double market_share, price_share, truck_t, distance_km, contents_sd;
    const double *grade_share;
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct new_scrap_params, FIELD, "new_scrap." #FIELD, UNIT, VALUE, MIN, MAX,     \
                   LOW, HIGH, SOURCE, DOC)

/* Bare extrusion; clean sheet and stampings; swarf; biscuits and runners of die casters. */
static const double grade_share[GRADES] = {[GRADE_EXTRUSION_NEW] = 0.30,
                                           [GRADE_SHEET_CLEAN] = 0.23,
                                           [GRADE_TURNINGS] = 0.235,
                                           [GRADE_MIXED_CAST] = 0.235};

static const struct sim_param params[] = {
    ROW(market_share, "1", 0.175, 0, 1, 0.15, 0.2, "RMI and CMRA 2025 (1.5 Mt, 17 %)",
        "part of fabrication scrap that is sold; the rest is remelted in house"),
    ROW(price_share, "1", 0.97, 0.5, 1.05, 0.95, 1, "expert",
        "what fabricators are paid over the hub's price of their province"),
    ROW(truck_t, "t", 10, 1, 40, 5, 25, "expert", "metal on a truck from fabricator to hub"),
    ROW(distance_km, "km", 60, 1, 1000, 30, 120, "expert", "road from fabricator to hub"),
    ROW(contents_sd, "1", 0.5, 0, 1, 0.3, 0.7, "expert",
        "spread of a load's contents over that of the grade: one fabricator, one alloy"),
    SIM_PARAM_VECTOR(struct new_scrap_params, grade_share, "new_scrap.grade_share", "1",
                     &labels_grade, grade_share, 0, 1, 0, 0.5,
                     "derived: grade balance of a prototype, expert",
                     "grades of new scrap that is sold"),
};
SIM_PARAMS_COVER(params, struct new_scrap_params);

enum { KIND_TRUCK, KIND_DAY };

static const struct sim_kind kinds[] = {
    [KIND_TRUCK] = {"new_scrap_loaded", "a fabricator sends a truck of new scrap to the hub"},
    [KIND_DAY] = {"new_scrap_day", "rates of the day"},
};

enum { OUT_MARKET, OUT_GRADE };

static const struct sim_output outputs[] = {
    [OUT_MARKET] = {.name = "new_scrap_market",
                    .unit = "t",
                    .long_name = "new scrap leaving its generator for the market, metal",
                    .method = SIM_METHOD_SUM},
    [OUT_GRADE] = {.name = "new_scrap_by_grade",
                   .unit = "t",
                   .long_name = "new scrap leaving its generator for the market, metal, by grade",
                   .dims = {&labels_grade},
                   .method = SIM_METHOD_SUM},
};

enum { PURPOSE_ARRIVAL, PURPOSE_CONTENT };

struct new_scrap {
    struct clock truck[GRADES];
    double month[GRADES]; /* t metal */
};

static const struct new_scrap_params *params_of(const struct place *place)
{
    return place->world->params[COMPONENT_NEW_SCRAP];
}

double new_scrap_sector_t_day(const struct place *place, int sector, int grade)
{
    const struct world *world = place->world;
    const struct new_scrap_params *p = params_of(place);
    const struct world_province *province = &world->province[place->index];
    int day = world_day(sim_now(place->domain));
    double here =
        world->feed[grade].wrought ? province->wrought_demand_share : province->cast_demand_share;
    double generated = place_board(place)->nation.consumption[sector] *
                       world->season[downstream_season(sector)][day] *
                       stock_new_scrap(world, sector);
    return generated * p->market_share * p->grade_share[grade] * here * place->policy.activity;
}

double new_scrap_rate_t_day(const struct place *place, int grade)
{
    double rate = 0;
    for (int s = 0; s < SECTORS; s++)
        rate +=
            new_scrap_sector_t_day(place, s, grade) * (1 - closed_loop_share_new(place, s, grade));
    return rate;
}

double new_scrap_offer(const struct place *place, int grade)
{
    return params_of(place)->price_share *
           place_board(place)->holder[place->index][TIER_HUB - 1].price[grade];
}

int64_t new_scrap_burden(const struct place *place, int grade, const struct lot *lot)
{
    const struct world_grade *class = &place->world->feed[grade];
    return llround((double)lot->q[LOT_METAL] * class->price_ratio * class->recoverable *
                   emissions_primary(place->world, sim_now(place->domain)));
}

static enum sim_status on_day(struct new_scrap *n, struct place *place)
{
    const struct new_scrap_params *p = params_of(place);
    for (int g = 0; g < GRADES; g++) {
        if (p->grade_share[g] <= 0)
            continue;
        double trucks = new_scrap_rate_t_day(place, g) / p->truck_t;
        clock_set(&n->truck[g], place->domain, trucks, world_trucks(place->world, trucks));
    }
    sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 4,
                 EVENT(COMPONENT_NEW_SCRAP, KIND_DAY), 0, NULL);
    return SIM_OK;
}

static enum sim_status on_truck(struct new_scrap *n, struct place *place, uint32_t entity)
{
    const struct new_scrap_params *p = params_of(place);
    int grade = (int)(entity & 0xff), batch;
    uint64_t number;
    struct clock *truck = &n->truck[grade];
    if (!clock_arrival(truck, place->domain, world_trucks(place->world, truck->rate), &batch,
                       &number))
        return SIM_OK;
    const struct world_grade *class = &place->world->feed[grade];
    struct sim_stream stream = sim_stream_at(place->domain, entity, PURPOSE_CONTENT, number);
    double composition[ELEMENTS], scale = p->contents_sd * class->relative_sd / sqrt(batch);
    for (int e = 0; e < ELEMENTS; e++)
        composition[e] = class->composition[e] * fmax(0, 1 + scale * sim_normal_inverse(&stream));
    struct lot lot =
        lot_make(llround(batch * p->truck_t * (double)TONNE), composition, class->nonmetal);
    lot.load = (uint16_t)grade;
    lot.tier = TIER_HUB;
    lot.origin = (uint16_t)place->index;
    lot.trucks = (uint16_t)batch;
    lot.serial = number;
    lot.value = llround(p->price_share * (double)hubs_offer(place, grade, &lot));
    lot.q[LOT_BURDEN] = new_scrap_burden(place, grade, &lot);
    place_enter(place, ACCOUNT_FABRICATION, ACCOUNT_MOTION, &lot);
    place_emit(place, &lot, ACCOUNT_MOTION, SCOPE_3,
               (double)lot.gross / (double)TONNE * p->distance_km *
                   emissions_params_of(place->world)->truck_kg_tkm);
    n->month[grade] += lot_tonnes(&lot);
    int64_t drive = (int64_t)((1 + 5 * sim_uniform(&stream)) * (double)SIM_HOUR);
    union sim_data data = {.i = {ACCOUNT_FABRICATION}};
    place_schedule(place, sim_now(place->domain) + drive, EVENT_HUB_TRUCK, (uint32_t)grade, &data,
                   &lot);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = place_of(domain);
    switch (event->kind & 0xff) {
    case KIND_TRUCK:
        return on_truck(state, place, event->entity);
    case KIND_DAY:
        return on_day(state, place);
    default:
        return sim_fail(domain, SIM_MODEL, "new_scrap: unknown event %u", event->kind);
    }
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION)
        return SIM_OK;
    struct new_scrap *n = calloc(1, sizeof *n);
    *state = n;
    if (!n)
        return SIM_MEMORY;
    for (int g = 0; g < GRADES; g++)
        clock_init(&n->truck[g], domain, EVENT(COMPONENT_NEW_SCRAP, KIND_TRUCK),
                   (uint32_t)COMPONENT_NEW_SCRAP << 24 | (uint32_t)(place->index << 8 | g),
                   PURPOSE_ARRIVAL);
    sim_schedule(domain, sim_now(domain) + 5 * SIM_HOUR, 4, EVENT(COMPONENT_NEW_SCRAP, KIND_DAY), 0,
                 NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    (void)domain;
    struct new_scrap *n = state;
    double sum = 0;
    for (int g = 0; g < GRADES; g++) {
        sum += n->month[g];
        sim_sample_add(sample, OUT_GRADE, (size_t)g, n->month[g]);
        n->month[g] = 0;
    }
    sim_sample_add(sample, OUT_MARKET, 0, sum);
}

const struct sim_component new_scrap_component = {
    .name = "new_scrap",
    .doc = "fabricators' scrap that is sold to hubs",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct new_scrap_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = free,
};
