/* Model, per technology, with x the real spending over that of 2020 and m the programmes:
 *
 *   dK/dt = decay (1 - floor) x m - decay (K - floor)       K = 1 until the end of 2020
 *   dL/dt = (K - L) / lag                                   validation, approval, new tooling
 *   progress = 1 - exp(-max(0, L - 1) / scale)
 *
 * The productivity decay (1 - floor) keeps K = 1 under the effort of 2020. */
#include "research.h"

#include <math.h>
#include <stdlib.h>

struct research_params {
    const struct sim_path *intensity, *programmes;
    double inflation, decay, floor, lag_years, scale;
    double nev_ceiling, melt_gain, a356_fe, a356_cu;
};

#define ROW(FIELD, UNIT, VALUE, MIN, MAX, LOW, HIGH, SOURCE, DOC)                                  \
    SIM_PARAM_REAL(struct research_params, FIELD, "research." #FIELD, UNIT, VALUE, MIN, MAX, LOW,  \
                   HIGH, SOURCE, DOC)

static const struct sim_param params[] = {
    SIM_PARAM_PATH(struct research_params, intensity, "research.intensity", "1", 0.012, NULL, 0,
                   0.2, 0.008, 0.03, "RMI and CMRA 2025 (1.2 % of revenue)",
                   "spending on research over revenue"),
    SIM_PARAM_PATH(struct research_params, programmes, "research.programmes", "1", 1, NULL, 0, 20,
                   1, 6, "scenario",
                   "effect of programmes with car makers: worth of a CNY over one spent alone"),
    ROW(inflation, "1/yr", 0.02, -0.05, 0.2, 0.01, 0.03, "expert",
        "growth of researchers' wages and of equipment prices"),
    ROW(decay, "1/yr", 0.12, 0, 2, 0.08, 0.2,
        "expert: stocks of industrial R&D lose 10-20 % a year",
        "loss of knowledge that is not renewed"),
    ROW(floor, "1", 0.6, 0, 1, 0.4, 0.8, "expert", "knowledge that is never lost, 2020 = 1"),
    ROW(lag_years, "yr", 1.5, 0.02, 20, 1, 3, "expert: approval of a material by a car maker",
        "mean time from knowledge to use"),
    ROW(scale, "1", 4, 0.01, 100, 2.5, 6, "expert",
        "gain of knowledge that brings 63 % of what is possible"),
    ROW(nev_ceiling, "1", 0.7, 0, 1, 0.6, 0.8, "RMI and CMRA 2025 (20 towards 70 %)",
        "secondary share of new-energy vehicles that research can reach"),
    ROW(melt_gain, "1", 0.3, 0, 0.9, 0.2, 0.4, "expert: twin-chamber over reverberatory furnaces",
        "part of melt loss and dross that research can save"),
    ROW(a356_fe, "1", 0.0025, 0.002, 0.006, 0.002, 0.003, "expert: wheels from wheels",
        "iron limit of A356 that research can reach"),
    ROW(a356_cu, "1", 0.0025, 0.002, 0.006, 0.002, 0.003, "expert: wheels from wheels",
        "copper limit of A356 that research can reach"),
};
SIM_PARAMS_COVER(params, struct research_params);

static const struct sim_policy_type types[] = {
    {"joint_rnd",
     "Car makers and recyclers research together",
     {{.name = "technology",
       .unit = "1",
       .doc = "field of research; all of them by default",
       .dimension = &labels_technology,
       .value = -1},
      {.name = "multiplier",
       .unit = "1",
       .doc = "of the effect of spending when complete",
       .min = 0,
       .max = 20,
       .required = true},
      {.name = "years",
       .unit = "yr",
       .doc = "years over which it is built up, linear",
       .max = 40}}}};

enum { KIND_DAY };
static const struct sim_kind kinds[] = {
    [KIND_DAY] = {"research_day", "revenue of the day; knowledge once a month; publication"},
};

enum { OUT_KNOWLEDGE, OUT_SPENDING };
static const struct sim_output outputs[] = {
    [OUT_KNOWLEDGE] = {.name = "knowledge",
                       .unit = "1",
                       .long_name = "knowledge index at the month's end, 2020 = 1",
                       .dims = {&labels_technology},
                       .method = SIM_METHOD_POINT},
    [OUT_SPENDING] = {.name = "research_spending",
                      .unit = "CNY",
                      .long_name = "spending of the secondary industry on research",
                      .method = SIM_METHOD_SUM},
};

enum { FIRST_YEAR = 2021, REFERENCE_YEAR = 2020 };

struct research {
    double knowledge[TECHNOLOGIES], used[TECHNOLOGIES]; /* K and L of the model */
    double real;        /* spent this month, CNY in prices of mid-2020 */
    double reference;   /* real, a month, mean of 2020 */
    double month_spent; /* for the outputs */
    int month, reference_months;
};

static const struct research_params *params_of(const struct world *world)
{
    return world->params[COMPONENT_RESEARCH];
}

double research_max(const struct place *place, int alloy, int element)
{
    const struct world_alloy *limits = &place->world->alloy[alloy];
    double strict = limits->max[element], tolerant = limits->tolerant[element];
    if (alloy == ALLOY_A356 && element == ELEMENT_FE)
        tolerant = fmax(strict, params_of(place->world)->a356_fe);
    if (alloy == ALLOY_A356 && element == ELEMENT_CU)
        tolerant = fmax(strict, params_of(place->world)->a356_cu);
    double progress = place_board(place)->nation.progress[TECHNOLOGY_TOLERANCE];
    return strict + progress * (tolerant - strict);
}

double research_nev_share(const struct place *place, double share)
{
    double progress = place_board(place)->nation.progress[TECHNOLOGY_NEV];
    return share + progress * fmax(0, params_of(place->world)->nev_ceiling - share);
}

double research_melt_factor(const struct place *place)
{
    double progress = place_board(place)->nation.progress[TECHNOLOGY_MELTING];
    return 1 - progress * params_of(place->world)->melt_gain;
}

static bool concerns(const struct sim_policy *policy, int technology, int64_t time)
{
    return policy->type == &types[0] && policy->time <= time &&
           (policy->values[0] < 0 || (int)policy->values[0] == technology);
}

double research_programmes(const struct world *world, int technology, int64_t time)
{
    double effect = sim_path_at(params_of(world)->programmes, sim_year(time));
    for (size_t i = 0; i < world->policies->count; i++) {
        const struct sim_policy *policy = &world->policies->items[i];
        if (!concerns(policy, technology, time))
            continue;
        double years = sim_year(time) - sim_year(policy->time);
        double part = policy->values[2] > 0 ? fmin(1, years / policy->values[2]) : 1;
        effect *= 1 + part * (policy->values[1] - 1);
    }
    return effect;
}

/* A month has ended: knowledge follows the spending of its month. */
static void learn(struct research *r, const struct world *world, int64_t time)
{
    const struct research_params *p = params_of(world);
    int year = sim_date_from_time(time - 1).year;
    if (year == REFERENCE_YEAR) {
        r->reference += r->real;
        r->reference_months++;
    }
    double usual = r->reference_months > 0 ? r->reference / r->reference_months : 0;
    for (int t = 0; t < TECHNOLOGIES && year >= FIRST_YEAR && usual > 0; t++) {
        double effort = r->real / usual * research_programmes(world, t, time);
        double target = p->floor + (1 - p->floor) * effort;
        /* Exact for a constant effort over the month. */
        r->knowledge[t] = target + (r->knowledge[t] - target) * exp(-p->decay / 12);
        r->used[t] += (r->knowledge[t] - r->used[t]) * (1 - exp(-1 / (12 * p->lag_years)));
    }
    r->real = 0;
}

static void count_revenue(struct research *r, const struct place *place)
{
    const struct research_params *p = params_of(place->world);
    double year = sim_year(sim_now(place->domain)), revenue = 0;
    for (int q = 0; q < PROVINCES; q++) {
        for (int a = 0; a < ALLOYS; a++) {
            const struct board_alloy *slice = &place_board(place)->alloy[q][a];
            revenue += slice->orders * slice->price;
        }
    }
    double spent = sim_path_at(p->intensity, year) * revenue;
    r->month_spent += spent;
    r->real += spent * pow(1 + p->inflation, REFERENCE_YEAR + 0.5 - year);
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct research *r = state;
    struct place *place = place_of(domain);
    if ((event->kind & 0xff) != KIND_DAY)
        return sim_fail(domain, SIM_MODEL, "research: unknown event %u", event->kind);
    int month = sim_month_index(event->time);
    if (month > r->month) {
        learn(r, place->world, sim_month_start(month));
        r->month = month;
    }
    count_revenue(r, place);
    double *progress = place_board_today(place)->nation.progress;
    for (int t = 0; t < TECHNOLOGIES; t++)
        progress[t] = 1 - exp(-fmax(0, r->used[t] - 1) / params_of(place->world)->scale);
    sim_schedule(domain, event->time + SIM_DAY, 4, event->kind, event->entity, NULL);
    return SIM_OK;
}

static enum sim_status create(struct sim_domain *domain, const void *world, void **state)
{
    (void)world;
    if (place_of(domain)->index != NATION)
        return SIM_OK;
    struct research *r = calloc(1, sizeof *r);
    *state = r;
    if (!r)
        return SIM_MEMORY;
    for (int t = 0; t < TECHNOLOGIES; t++)
        r->knowledge[t] = r->used[t] = 1;
    r->month = sim_month_index(sim_now(domain));
    sim_schedule(domain, sim_now(domain) + 5 * SIM_HOUR, 4, EVENT(COMPONENT_RESEARCH, KIND_DAY),
                 (uint32_t)COMPONENT_RESEARCH << 24, NULL);
    return SIM_OK;
}

static void sample(struct sim_domain *domain, void *state, struct sim_sample *sample)
{
    (void)domain;
    struct research *r = state;
    if (!r)
        return;
    for (int t = 0; t < TECHNOLOGIES; t++)
        sim_sample_add(sample, OUT_KNOWLEDGE, (size_t)t, r->knowledge[t]);
    sim_sample_add(sample, OUT_SPENDING, 0, r->month_spent);
    r->month_spent = 0;
}

const struct sim_component research_component = {
    .name = "research",
    .doc = "joint research: knowledge of alloys, melting and sorting, and what it makes possible",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct research_params),
    .outputs = outputs,
    .output_count = SIM_COUNT(outputs),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .policies = types,
    .policy_count = SIM_COUNT(types),
    .create = create,
    .handle = handle,
    .sample = sample,
    .destroy = free,
};
