/* The terms on which scrap is imported: parameters, potential, landed cost and the rates at which
 * importers of a port contract. No events and no state but the smoothed utilisation. */
#ifndef IMPORTS_TERMS_H
#define IMPORTS_TERMS_H

#include "place.h"

struct imports_params {
    double foreign_ratio, lme_parity, freight_cny_t, handling_cny_t, response_cny_t;
    double potential_factor, early_factor, growth, substitution, substitution_days;
    double container_t, metal_content, rejected, service_days, initial_days;
    double sea_km_day, standards_year;
    const struct sim_path *capacity, *cape_days;
    const double *grade_share, *grade_share_after, *lead_days;
    const double *sailing_south, *sailing_east, *distance_km;
};

enum { IMPORTS_PARAMS = sizeof(struct imports_params) / 8, IMPORTS_TABLES = 1 };
extern const struct sim_param imports_param_rows[IMPORTS_PARAMS];
extern const struct sim_table_row imports_tables[IMPORTS_TABLES];

struct imports_terms {
    double potential[ORIGINS][2];   /* t gross, 2020 and 2024 */
    double utilisation[ORIGINS];    /* smoothed share of potential that policies leave open */
    double weight[ORIGINS][GRADES]; /* of the grades, in today's contracts */
};

const struct imports_params *imports_params_of(const struct world *world);
/* t gross of imports.tsv, [2020, 2024]; 0 where the origin has no row. */
void imports_read_potential(const struct world *world, int origin, double t[2]);
/* Mean days at sea from an origin to this place's port for ships that leave at `year`. */
double imports_sailing_days(const struct place *place, int origin, double year);
/* Today's contracts, t gross a day by origin, at the port's posted prices (CNY per recoverable t).
 * Call once a day: it moves the utilisation. */
void imports_contract_rates(struct imports_terms *terms, const struct place *place,
                            const double price[static GRADES], double rate[static ORIGINS]);

#endif
