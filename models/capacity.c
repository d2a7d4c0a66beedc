/* Each quarter the companies of a province add to the capacity that they want to build:
 *
 *   wanted += capacity * appetite(t) / 4 * growth of the province / that of the nation
 *             * local support * (1 + sensitivity * clip((contribution - rho) / 100, -1, 1))
 *
 * Projects are drawn one after the other; one is committed when `wanted` covers it. Some are given
 * up; the others start after 9 to 24 months. Plants that lose money for a year may close, small
 * ones first. */
#include "capacity.h"

#include "plants.h"
#include "sales.h"

#include <math.h>
#include <stdlib.h>

struct capacity_params {
    const struct sim_path *appetite;
    double sensitivity;
    double project_t, project_sigma;
    double completion;
    double lead_min_months, lead_max_months;
    double expansion;
    double inland;
    double capex_cast, capex_wrought;
    double exit_rate, exit_size_t;
    double exit_loss_cny_t;
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct capacity_params, FIELD, "capacity." #FIELD, UNIT, VALUE, MIN, MAX, LOW,  \
                   HIGH, SOURCE, DOC)

static const double appetite_years[] = {2019,   2019.5, 2020.1, 2020.6, 2021.6,
                                        2022.6, 2023.2, 2023.6, 2030};
static const double appetite_values[] = {0.02, 0.15, 0.195, 0.185, 0.135, 0.12, 0.075, 0.045, 0.03};
static const struct sim_path appetite = {SIM_LINEAR, SIM_COUNT(appetite_years), appetite_years,
                                         appetite_values};

static const struct sim_param params[] = {
    SIM_PARAM_PATH(struct capacity_params, appetite, "capacity.appetite", "1/yr", 0, &appetite, 0,
                   1, 0, 0.3, "calibrated: capacity of 2020, 2022 and 2024",
                   "capacity that will be completed, decided per year, over capacity"),
    ROW(sensitivity, "1", 0.5, 0, 5, 0.2, 1, "expert",
        "response of building to contribution over what is wanted, per 100 CNY/t"),
    ROW(project_t, "t/yr", 60e3, 1e3, 1e6, 40e3, 100e3, "expert", "median size of a project"),
    ROW(project_sigma, "1", 0.7, 0, 2, 0.5, 0.9, "expert", "standard deviation of ln project size"),
    ROW(completion, "1", 0.64, 0.05, 1, 0.5, 0.8, "derived: announced against completed projects",
        "share of committed projects that are completed"),
    ROW(lead_min_months, "month", 9, 1, 60, 6, 12, "expert", "shortest construction"),
    ROW(lead_max_months, "month", 24, 1, 120, 18, 30, "expert", "longest construction"),
    ROW(expansion, "1", 0.4, 0, 1, 0.3, 0.6, "expert", "share of projects that expand a plant"),
    ROW(inland, "1", 1.25, 0.1, 10, 1, 1.6, "RMI and CMRA 2025 (shift inland)",
        "attraction of inland provinces from 2025 on"),
    ROW(capex_cast, "CNY/(t/yr)", 2000, 100, 20000, 1200, 3500, "expert",
        "investment per capacity of casting alloys"),
    ROW(capex_wrought, "CNY/(t/yr)", 3000, 100, 20000, 2000, 5000, "expert",
        "investment per capacity of wrought alloys"),
    ROW(exit_rate, "1", 0.15, 0, 1, 0.05, 0.3, "expert",
        "chance per quarter that a plant closes after a year of losses"),
    ROW(exit_size_t, "t/yr", 50e3, 1e3, 1e6, 30e3, 100e3, "expert",
        "capacity at which that chance is half as large"),
    ROW(exit_loss_cny_t, "CNY/t", 100, 0, 2000, 50, 200, "expert",
        "loss per tonne that counts as a month of losses"),
};
SIM_PARAMS_COVER(params, struct capacity_params);

enum { KIND_MEETING };

static const struct sim_kind kinds[] = {
    [KIND_MEETING] = {"capacity_meeting", "a province's companies decide on capacity"},
};

enum { OUT_INVESTMENT };

static const struct sim_output outputs[] = {
    [OUT_INVESTMENT] = {.name = "investment",
                        .unit = "CNY",
                        .long_name = "investment committed",
                        .method = SIM_METHOD_SUM},
};

enum { PURPOSE_SIZE = 0, PURPOSE_FATE = 1, PURPOSE_EXIT = 2 };

struct capacity {
    double wanted_t;   /* t/yr, not yet in a project */
    uint64_t projects; /* committed so far */
    double invested;   /* this month, CNY */
};

static const struct capacity_params *params_of(const struct place *place)
{
    return place->world->params[COMPONENT_CAPACITY];
}

static uint32_t stream_entity(const struct place *place, int plant)
{
    return COMPONENT_CAPACITY << 24 | (uint32_t)place->index << 16 | (uint32_t)plant;
}

/* How fast the province grows beside the nation (capacities of 2019 and 2024 as built). */
static double attraction(const struct place *place, double year)
{
    const struct world *world = place->world;
    double from = 0, to = 0;
    for (int i = 0; i < PROVINCES; i++) {
        from += world->province[i].capacity_2019_t;
        to += world->province[i].capacity_2024_t;
    }
    const struct world_province *here = &world->province[place->index];
    double growth = (here->capacity_2024_t - here->capacity_2019_t) / here->capacity_2019_t /
                    ((to - from) / from);
    growth = fmin(fmax(growth, 0.2), 4);
    return year < 2025 ? growth : here->inland ? params_of(place)->inland : 1;
}

static double total_capacity(const struct place *place, double *contribution)
{
    const struct plants *plants = plants_of(place);
    double capacity = 0, sum = 0;
    for (int i = 0; i < plants->count; i++) {
        capacity += plants->plant[i].capacity_t;
        sum += plants->plant[i].capacity_t * plants->plant[i].contribution;
    }
    *contribution = capacity > 0 ? sum / capacity : 0;
    return capacity;
}

/* Products by the wanted structure, leaning to where orders fill capacity best. */
static int choose_alloy(const struct place *place, double draw)
{
    const struct smelters_params *p = plants_params_of(place->world);
    double weight[ALLOYS], sum = 0;
    for (int a = 0; a < ALLOYS; a++) {
        double capacity = plants_capacity_t(place, a);
        double use = capacity > 0 ? sales_orders_t_day(place, a) * 365 / capacity : 0.5;
        weight[a] = p->product_share[a] * fmin(fmax(use, 0.1), 1) * fmin(fmax(use, 0.1), 1);
        sum += weight[a];
    }
    int alloy = 0;
    for (draw *= sum; alloy < ALLOYS - 1 && draw >= weight[alloy]; alloy++)
        draw -= weight[alloy];
    return alloy;
}

static int largest(const struct place *place, int alloy)
{
    const struct plants *plants = plants_of(place);
    int best = -1;
    for (int i = 0; i < plants->count; i++) {
        const struct plant *plant = &plants->plant[i];
        if (plant->alloy == alloy && plant->capacity_t > 0 &&
            (best < 0 || plant->contribution > plants->plant[best].contribution))
            best = i;
    }
    return best;
}

static double project_size(const struct place *place, uint64_t number)
{
    const struct capacity_params *p = params_of(place);
    struct sim_stream stream =
        sim_stream_at(place->domain, stream_entity(place, 0), PURPOSE_SIZE, number);
    double here = place->world->province[place->index].capacity_2024_t;
    double size = p->project_t * exp(p->project_sigma * sim_normal_inverse(&stream));
    return fmin(size, fmax(0.2 * here, 5e3)); /* small provinces build small plants */
}

static void commit(struct capacity *c, struct place *place, double size)
{
    const struct capacity_params *p = params_of(place);
    struct sim_stream stream =
        sim_stream_at(place->domain, stream_entity(place, 0), PURPOSE_FATE, c->projects);
    double completes = sim_uniform(&stream), lead = sim_uniform(&stream);
    double expands = sim_uniform(&stream), product = sim_uniform(&stream);
    c->projects++;
    int alloy = choose_alloy(place, product);
    bool cast = place->world->alloy[alloy].cast;
    c->invested += size * (cast ? p->capex_cast : p->capex_wrought);
    if (completes >= p->completion)
        return;
    double months = p->lead_min_months + lead * (p->lead_max_months - p->lead_min_months);
    union sim_data data = {.i = {alloy, 0, expands < p->expansion ? largest(place, alloy) : -1,
                                 place->index << 16 | (int64_t)(c->projects & 0xffff)}};
    data.f[1] = size;
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(months * 30.4 * (double)SIM_DAY),
                 8, EVENT_PLANT_START, 0, &data);
}

static void close_plants(struct place *place, uint64_t quarter)
{
    const struct capacity_params *p = params_of(place);
    struct plants *plants = plants_of(place);
    for (int i = 0; i < plants->count; i++) {
        struct plant *plant = &plants->plant[i];
        if (plant->capacity_t <= 0 || plant->loss_months < 12)
            continue;
        struct sim_stream stream =
            sim_stream_at(place->domain, stream_entity(place, i), PURPOSE_EXIT, quarter);
        double chance = p->exit_rate / (1 + plant->capacity_t / p->exit_size_t);
        if (sim_uniform(&stream) < chance)
            sim_schedule(place->domain, sim_now(place->domain) + SIM_DAY, 8, EVENT_PLANT_EXIT,
                         (uint32_t)i, NULL);
    }
}

static enum sim_status meet(struct capacity *c, struct place *place, uint64_t quarter)
{
    const struct capacity_params *p = params_of(place);
    int64_t now = sim_now(place->domain);
    double year = sim_year(now), contribution, capacity = total_capacity(place, &contribution);
    double lean = (contribution - plants_params_of(place->world)->margin_wanted) / 100;
    double factor = 1 + p->sensitivity * fmin(fmax(lean, -1), 1);
    c->wanted_t += capacity * sim_path_at(p->appetite, year) / 4 * attraction(place, year) *
                   place->policy.capacity_support * fmax(factor, 0) / p->completion;
    while (true) {
        double size = project_size(place, c->projects);
        if (c->wanted_t < size)
            break;
        c->wanted_t -= size;
        commit(c, place, size);
    }
    close_plants(place, quarter);
    union sim_data data = {.i = {(int64_t)quarter + 1}};
    sim_schedule(place->domain, now + 91 * SIM_DAY + 8 * SIM_HOUR, 8,
                 EVENT(COMPONENT_CAPACITY, KIND_MEETING), 0, &data);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    if ((event->kind & 0xff) == KIND_MEETING)
        return meet(state, place_of(domain), (uint64_t)event->data.i[0]);
    return sim_fail(domain, SIM_MODEL, "capacity: unknown event %u", event->kind);
}

/* Meetings are spread over the quarter's first month. Each province starts with half a project in
 * mind, so that builders do not wait for the same quarter. */
static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    struct place *place = place_of(domain);
    (void)world;
    if (place->index == NATION || place->world->province[place->index].capacity_2019_t <= 0)
        return SIM_OK;
    struct capacity *c = calloc(1, sizeof *c);
    *state = c;
    if (!c)
        return SIM_MEMORY;
    struct sim_stream stream =
        sim_stream_at(domain, stream_entity(place, 0), PURPOSE_SIZE, UINT32_MAX);
    c->wanted_t = sim_uniform(&stream) * project_size(place, 0);
    sim_schedule(domain, (1 + place->index % 28) * SIM_DAY + 9 * SIM_HOUR, 8,
                 EVENT(COMPONENT_CAPACITY, KIND_MEETING), 0, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    struct capacity *c = state;
    sim_sample_add(sample, OUT_INVESTMENT, 0, c->invested);
    c->invested = 0;
    /* A month of losses, or of standing still, is counted here, before the month is reset. */
    struct place *place = place_of(domain);
    struct plants *plants = plants_of(place);
    double limit = -params_of(place)->exit_loss_cny_t;
    for (int i = 0; i < plants->count; i++) {
        struct plant *plant = &plants->plant[i];
        bool losing = plant->output_t <= 0 || plant->margin_cny / plant->output_t < limit;
        plant->loss_months = losing ? plant->loss_months + 1 : 0;
    }
}

const struct sim_component capacity_component = {
    .name = "capacity",
    .doc = "building, expanding and closing plants",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct capacity_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = free,
};
