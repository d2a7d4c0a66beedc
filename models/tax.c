#include "tax.h"

#include <math.h>

struct tax_params {
    const struct sim_path *vat;
};

/* Until 2019-04-01 16 %; decimal year of 1 April 2019. */
static const double vat_years[] = {2019, 2019 + 90.0 / 365};
static const double vat_rates[] = {0.16, 0.13};
static const struct sim_path vat = {SIM_STEP, SIM_COUNT(vat_years), vat_years, vat_rates};

static const struct sim_param params[] = {
    SIM_PARAM_PATH(struct tax_params, vat, "tax.vat", "1", 0.13, &vat, 0, 0.3, 0.13, 0.16,
                   "State Taxation Administration 2019 (technology.tsv)",
                   "Rate of value-added tax on metals"),
};
SIM_PARAMS_COVER(params, struct tax_params);

double tax_vat(const struct world *world, int64_t time)
{
    const struct tax_params *p = world->params[COMPONENT_TAX];
    return sim_path_at(p->vat, sim_year(time));
}

double tax_refund_cny_t(const struct place *place, double price, double scrap_cost,
                        double invoiced_other, double invoiced_share)
{
    double base = price - invoiced_share * scrap_cost - invoiced_other;
    double paid = tax_vat(place->world, sim_now(place->domain)) * fmax(0, base);
    return place->policy.vat_refund * paid + place->policy.rebate_cny_t;
}

const struct sim_component tax_component = {
    .name = "tax",
    .doc = "Value-added tax and its refund to recyclers",
    .params = params,
    .param_count = SIM_COUNT(params),
    .param_size = sizeof(struct tax_params),
};
