/* Who is under contract for molten metal: parameters of the molten route, a province's customers
 * and their adoption. No events. */
#ifndef MOLTEN_CONTRACTS_H
#define MOLTEN_CONTRACTS_H

#include "place.h"

struct molten_params {
    double ingot_cny_t, molten_cny_t, road_fixed_cny_t, road_cny_t_km, vat;
    double median_km, sigma, hazard, start_year, elsewhere, volume_t, supply_limit;
    double tapping_c, filling_c, cooling_low, cooling_high, minimum_c;
    double speed_km_h, handling_h, preheat_h, ahead_h, retry_h, wait_h;
    double ladle_t, fleet_factor, loss;
    const struct sim_path *support;
};

enum { MOLTEN_PARAMS = sizeof(struct molten_params) / 8 };
extern const struct sim_param molten_param_rows[MOLTEN_PARAMS];

/* ADC12 and A356, in the order of the labels. A province has forty customers of equal volume. */
enum { MOLTEN_ALLOYS = 2, MOLTEN_CUSTOMERS = 40 };

struct molten_customer {
    double km, threshold, hazard; /* hazard: added up so far */
    bool signed_up;
};

struct molten_contracts {
    struct molten_customer customer[MOLTEN_CUSTOMERS];
    int count; /* signed up */
};

const struct molten_params *molten_params_of(const struct world *world);
/* Entity of the component's streams; what: customer, or above them whatever else needs streams. */
uint32_t molten_entity(const struct place *place, int what);

/* Draws distances and thresholds; nobody is signed up. */
void molten_contracts_draw(struct molten_contracts *m, const struct place *place);
/* Saving with support at `year`, CNY/t with VAT; not positive where even the best ladle would
 * arrive too cold. */
double molten_gain_cny_t(const struct place *place, double km, double year);
/* Whether volumes suffice for ladle lines, 0 to 1: die casters' density, and the province's metal.
 */
double molten_sufficiency(const struct place *place);
/* `span` years pass at the offer of `year`. Contracts end where nothing is saved any more. */
void molten_contracts_adopt(struct molten_contracts *m, const struct place *place, double year,
                            double span, double enough);

#endif
