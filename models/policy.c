#include "policy.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct policy_params {
    double invoiced_old_scrap, semis_export_rebate;
};

#define PARAM(FIELD, ...) SIM_PARAM_REAL(struct policy_params, FIELD, __VA_ARGS__)
static const struct sim_param params[] = {
    PARAM(invoiced_old_scrap, "policy.invoiced_old_scrap", "1", 0.4, 0, 1, 0.2, 0.6,
          "assumptions.tsv, expert",
          "Share of old scrap that is bought with an invoice before reverse invoicing"),
    PARAM(semis_export_rebate, "policy.semis_export_rebate", "1", 0.13, 0, 0.17, 0.13, 0.13,
          "events.tsv (SMP-2024)", "VAT rebate on exported semis before any policy changes it"),
};
SIM_PARAMS_COVER(params, struct policy_params);

enum policy_type {
    POLICY_EXPORT_TARIFF,
    POLICY_EXPORT_RESTRICTION,
    POLICY_IMPORT_QUOTA,
    POLICY_IMPORT_STANDARD,
    POLICY_SHIPPING,
    POLICY_VAT_REFUND,
    POLICY_REVERSE_INVOICING,
    POLICY_REBATE,
    POLICY_LOCKDOWN,
    POLICY_TRADE_IN,
    POLICY_COLLECTION,
    POLICY_SEMIS_EXPORT_REBATE,
    POLICY_CAPACITY_SUPPORT,
    POLICY_CARBON_PRICE,
    POLICY_FUTURES,
    POLICY_MOLTEN_SUPPORT,
    POLICY_TYPES
};

#define LABEL(NAME, DIMENSION, DOC)                                                                \
    {                                                                                              \
        .name = NAME, .unit = "1", .doc = DOC, .dimension = DIMENSION, .value = -1                 \
    }
#define NUMBER(NAME, UNIT, MIN, MAX, DOC)                                                          \
    {                                                                                              \
        .name = NAME, .unit = UNIT, .doc = DOC, .min = MIN, .max = MAX, .required = true           \
    }
#define OPTION(NAME, UNIT, MIN, MAX, VALUE, DOC)                                                   \
    {                                                                                              \
        .name = NAME, .unit = UNIT, .doc = DOC, .min = MIN, .max = MAX, .value = VALUE             \
    }
#define ORIGIN                                                                                     \
    LABEL("origin", &labels_origin, "country or group that exports; all of them by default")
#define PROVINCE   LABEL("province", &labels_province, "province; all of them by default")
#define YEARS(DOC) OPTION("years", "yr", 0, 40, 0, DOC)

static const struct sim_policy_type types[POLICY_TYPES] = {
    [POLICY_EXPORT_TARIFF] = {"export_tariff",
                              "An origin taxes its scrap exports, or China their import",
                              {ORIGIN, NUMBER("rate", "1", 0, 5, "share of the landed price")}},
    [POLICY_EXPORT_RESTRICTION] = {"export_restriction",
                                   "An origin limits its scrap exports",
                                   {ORIGIN, NUMBER("volume", "1", 0, 5,
                                                   "factor on its potential; 1 is free")}},
    [POLICY_IMPORT_QUOTA] = {"import_quota",
                             "China limits scrap imports by licence",
                             {NUMBER("volume", "t/yr", -1, 1e8,
                                     "gross volume for the nation; a negative one lifts it")}},
    [POLICY_IMPORT_STANDARD] = {"import_standard",
                                "A standard changes which scrap may be imported",
                                {NUMBER("volume", "1", 0, 5,
                                        "factor on all origins' potential from then on"),
                                 YEARS("years over which it takes effect, linear")}},
    [POLICY_SHIPPING] = {"shipping",
                         "A route is disrupted",
                         {ORIGIN, NUMBER("days", "d", 0, 200, "added to the journey"),
                          NUMBER("duration", "d", 1, 15000, "how long the disruption lasts")}},
    [POLICY_VAT_REFUND] = {"vat_refund",
                           "Recyclers get back a share of the VAT that they pay",
                           {NUMBER("share", "1", 0, 1, "of VAT paid")}},
    [POLICY_REVERSE_INVOICING] = {"reverse_invoicing",
                                  "Buyers of scrap may issue the invoice themselves",
                                  {NUMBER("share", "1", 0, 1, "of old scrap with an invoice"),
                                   YEARS("years over which the share moves there, linear")}},
    [POLICY_REBATE] = {"rebate",
                       "A local rebate for recyclers",
                       {PROVINCE, NUMBER("amount", "CNY/t", 0, 5000, "per t of product")}},
    [POLICY_LOCKDOWN] = {"lockdown",
                         "Work is restricted for a time (epidemic, power curtailment)",
                         {PROVINCE, NUMBER("activity", "1", 0, 1, "share of normal work"),
                          NUMBER("duration", "d", 1, 1000, "how long it lasts")}},
    [POLICY_TRADE_IN] = {"trade_in",
                         "Premiums for renewal: products are discarded earlier",
                         {LABEL("sector", &labels_sector, "sector; all of them by default"),
                          NUMBER("multiplier", "1", 0, 10, "of the rate of discard at each age"),
                          NUMBER("years", "yr", 0, 40, "how long it lasts")}},
    [POLICY_COLLECTION] = {"collection",
                           "Better collection of old scrap",
                           {NUMBER("multiplier", "1", 0, 3, "of recovery when complete"),
                            YEARS("years over which it is built up, linear")}},
    [POLICY_SEMIS_EXPORT_REBATE] = {"semis_export_rebate",
                                    "VAT rebate on exported semis",
                                    {NUMBER("rate", "1", 0, 0.17, "rebate")}},
    [POLICY_CAPACITY_SUPPORT] = {"capacity_support",
                                 "Local governments favour or restrain new plants",
                                 {PROVINCE, NUMBER("multiplier", "1", 0, 5,
                                                   "of the appetite for new capacity")}},
    [POLICY_CARBON_PRICE] = {"carbon_price",
                             "A price on emissions of primary and secondary producers",
                             {NUMBER("price", "CNY/t", 0, 5000, "per t CO2e"),
                              YEARS("years over which the price moves there, linear")}},
    [POLICY_FUTURES] = {"futures",
                        "The exchange lists the cast alloy contract, or delists it",
                        {OPTION("listed", "1", 0, 1, 1, "1 listed, 0 not")}},
    [POLICY_MOLTEN_SUPPORT] =
        {"molten_support",
         "Direct supply of molten metal is favoured: parks, roads for ladles, standards",
         {PROVINCE, NUMBER("amount", "CNY/t", -2000, 5000, "added to what it saves a customer"),
          OPTION("effort", "1", 0, 50, 1, "multiplier of the rate at which customers sign"),
          YEARS("years over which it is built up, linear")}},
};

static const struct sim_kind kinds[] = {
    {"policy_changed", "a policy starts or ends, or a month in which one may come in gradually"}};
enum { KIND_CHANGED = EVENT(COMPONENT_POLICY, 0) };

static int64_t after_days(int64_t time, double days)
{
    return time + llround(days) * SIM_DAY;
}

static int64_t after_years(int64_t time, double years)
{
    return after_days(time, years * 365.25);
}

/* When a policy's effect ends by itself, or INT64_MAX. */
static int64_t end_of(const struct sim_policy *policy)
{
    switch ((enum policy_type)(policy->type - types)) {
    case POLICY_SHIPPING:
    case POLICY_LOCKDOWN:
        return after_days(policy->time, policy->values[2]);
    case POLICY_TRADE_IN:
        return after_years(policy->time, policy->values[2]);
    default:
        return INT64_MAX;
    }
}

/* Share of a gradual policy that is in effect, 0 to 1. */
static double progress(const struct sim_policy *policy, double years, int64_t time)
{
    int64_t end = after_years(policy->time, years);
    if (time >= end)
        return 1;
    return (double)(time - policy->time) / (double)(end - policy->time);
}

/* The first field is a label: -1, or the one province or origin that is meant. */
static bool is_here(const struct sim_policy *policy, int index)
{
    return policy->values[0] < 0 || (int)policy->values[0] == index;
}

static void scale(double *values, int count, double label, double factor)
{
    for (int i = 0; i < count; i++) {
        if (label < 0 || (int)label == i)
            values[i] *= factor;
    }
}

static void set(double *values, int count, double label, double value)
{
    for (int i = 0; i < count; i++) {
        if (label < 0 || (int)label == i)
            values[i] = value;
    }
}

static void apply(const struct sim_policy *policy, int index, int64_t time,
                  struct policy_state *state)
{
    const double *v = policy->values;
    switch ((enum policy_type)(policy->type - types)) {
    case POLICY_EXPORT_TARIFF:
        set(state->origin_tariff, ORIGINS, v[0], v[1]);
        break;
    case POLICY_EXPORT_RESTRICTION:
        set(state->origin_volume, ORIGINS, v[0], v[1]);
        break;
    case POLICY_IMPORT_QUOTA:
        state->import_quota_t = v[0] < 0 ? INFINITY : v[0];
        break;
    case POLICY_VAT_REFUND:
        state->vat_refund = v[0];
        break;
    case POLICY_REVERSE_INVOICING:
        state->invoiced_old_scrap +=
            progress(policy, v[1], time) * (v[0] - state->invoiced_old_scrap);
        break;
    case POLICY_REBATE:
        state->rebate_cny_t = is_here(policy, index) ? v[1] : state->rebate_cny_t;
        break;
    case POLICY_LOCKDOWN:
        state->activity *= is_here(policy, index) ? v[1] : 1;
        break;
    case POLICY_TRADE_IN:
        scale(state->lifetime_hazard, SECTORS, v[0], v[1]);
        break;
    case POLICY_COLLECTION:
        state->collection *= 1 + progress(policy, v[1], time) * (v[0] - 1);
        break;
    case POLICY_SEMIS_EXPORT_REBATE:
        state->semis_export_rebate = v[0];
        break;
    case POLICY_CAPACITY_SUPPORT:
        state->capacity_support = is_here(policy, index) ? v[1] : state->capacity_support;
        break;
    case POLICY_CARBON_PRICE:
        state->carbon_price_cny_t +=
            progress(policy, v[1], time) * (v[0] - state->carbon_price_cny_t);
        break;
    case POLICY_FUTURES:
        state->futures = v[0] > 0.5;
        break;
    case POLICY_MOLTEN_SUPPORT:
        if (is_here(policy, index)) {
            state->molten_support_cny_t = progress(policy, v[3], time) * v[1];
            state->molten_effort = progress(policy, v[3], time) * (v[2] - 1);
        }
        break;
    case POLICY_IMPORT_STANDARD: /* on top of all restrictions, see policy_at */
    case POLICY_SHIPPING:        /* see policy_shipping_days */
    case POLICY_TYPES:
        break;
    }
}

/* Policies of other components' types, if there are any, are not ours. */
static bool is_ours(const struct sim_policy *policy)
{
    for (int i = 0; i < POLICY_TYPES; i++) {
        if (policy->type == &types[i])
            return true;
    }
    return false;
}

static bool is_in_force(const struct sim_policy *policy, int64_t time)
{
    return is_ours(policy) && policy->time <= time && time < end_of(policy);
}

void policy_at(const struct world *world, int index, int64_t time, struct policy_state *state)
{
    const struct policy_params *p = world->params[COMPONENT_POLICY];
    *state = (struct policy_state){
        .import_quota_t = INFINITY,
        .invoiced_old_scrap = p->invoiced_old_scrap,
        .activity = 1,
        .collection = 1,
        .semis_export_rebate = p->semis_export_rebate,
        .capacity_support = 1,
    };
    set(state->origin_volume, ORIGINS, -1, 1);
    set(state->lifetime_hazard, SECTORS, -1, 1);
    double standard = 1;
    for (size_t i = 0; i < world->policies->count; i++) {
        const struct sim_policy *policy = &world->policies->items[i];
        if (!is_in_force(policy, time))
            continue;
        apply(policy, index, time, state);
        if (policy->type == &types[POLICY_IMPORT_STANDARD])
            standard *= 1 + progress(policy, policy->values[1], time) * (policy->values[0] - 1);
    }
    scale(state->origin_volume, ORIGINS, -1, standard);
}

double policy_shipping_days(const struct place *place, int origin)
{
    const struct sim_policies *policies = place->world->policies;
    double days = 0;
    for (size_t i = 0; i < policies->count; i++) {
        const struct sim_policy *policy = &policies->items[i];
        if (policy->type == &types[POLICY_SHIPPING] && is_here(policy, origin) &&
            is_in_force(policy, sim_now(place->domain)))
            days += policy->values[1];
    }
    return days;
}

static void schedule(struct sim_domain *domain, int64_t time)
{
    if (time > sim_now(domain) && time < INT64_MAX)
        sim_schedule(domain, time, 0, KIND_CHANGED, COMPONENT_POLICY << 24, NULL);
}

static enum sim_status create(struct sim_domain *domain, const void *model, void **state)
{
    const struct world *world = model;
    struct place *place = place_of(domain);
    *state = place; /* not owned: what it keeps is place->policy */
    policy_at(world, place->index, sim_now(domain), &place->policy);
    for (size_t i = 0; i < world->policies->count; i++) {
        if (!is_ours(&world->policies->items[i]))
            continue;
        schedule(domain, world->policies->items[i].time);
        schedule(domain, end_of(&world->policies->items[i]));
    }
    /* Entity 1 is the monthly one, which schedules the next. */
    sim_schedule(domain, sim_month_start(sim_month_index(sim_now(domain)) + 1), 0, KIND_CHANGED,
                 COMPONENT_POLICY << 24 | 1, NULL);
    return SIM_OK;
}

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    (void)cargo;
    struct place *place = state;
    policy_at(place->world, place->index, event->time, &place->policy);
    if (event->entity & 1)
        sim_schedule(domain, sim_month_start(sim_month_index(event->time) + 1), 0, KIND_CHANGED,
                     event->entity, NULL);
    return SIM_OK;
}

const struct sim_component policy_component = {
    .name = "policy",
    .doc = "Dated policies in force, by province",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct policy_params),
    .kinds = kinds,
    .kind_count = SIM_COUNT(kinds),
    .policies = types,
    .policy_count = SIM_COUNT(types),
    .create = create,
    .handle = handle,
};
