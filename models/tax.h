/* Value-added tax as it bears on recyclers. Prices of the model are without VAT; what is left of
 * the tax is the refund: scrap bought without an invoice gives no input credit, so the VAT that a
 * recycler pays, and the share of it that it gets back, depend on the invoiced share. */
#ifndef TAX_H
#define TAX_H

#include "place.h"

/* Rate of VAT at a time. */
double tax_vat(const struct world *world, int64_t time);
/* CNY per t of product that a recycler gets from the state: refunded share x VAT x value added that
 * is not covered by invoices, plus the province's rebate.
 *   price           of the product, CNY/t without VAT
 *   scrap_cost      of the scrap in a t of product, CNY/t without VAT
 *   invoiced_other  other invoiced inputs (primary, alloying elements, energy), CNY/t
 *   invoiced_share  of scrap_cost: 1 for imports and new scrap, policy->invoiced_old_scrap else */
double tax_refund_cny_t(const struct place *place, double price, double scrap_cost,
                        double invoiced_other, double invoiced_share);

extern const struct sim_component tax_component;

#endif
