/* Certified low-carbon alloy: buyers that ask for it, plants that certify because it pays, the
 * premium between them; and what a carbon price costs secondary plants. */
#ifndef CERTIFICATION_H
#define CERTIFICATION_H

#include "place.h"
#include "plants.h"

/* Share of a use that asks for certificates, where `share` of it did in 2024 and a certificate is
 * worth `value` CNY/t at borders and under a carbon price. */
double certification_asked(const struct world *world, double share, double year, double value);
/* Premium at which as much is asked as is certified, both t a day; CNY/t. */
double certification_clearing(double willing_cny_t, double asked, double certified);

/* `t` of plant's product leave for a customer: counted; returns the premium that the customer pays,
 * CNY/t, 0 for plants without a certificate. */
double certification_sell(struct place *place, uint32_t plant, double t);
/* Added to the advantage of secondary alloys in buyers' eyes. */
double certification_bonus(const struct place *place);
/* What a plant pays per t of product for its emissions (scopes 1 and 2) and for monitoring them,
 * CNY; plant may be NULL: an average one without monitoring. 0 without a carbon price. */
double certification_carbon_cny_t(const struct place *place, const struct plant *plant);
/* Books that cost for t of product of `plant`. */
void certification_charge(struct place *place, struct plant *plant, double t);

extern const struct sim_component certification_component;

#endif
