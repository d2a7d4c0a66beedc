/* The alloy market of a province: its sales desk keeps the order books, ships what plants have
 * finished, and quotes a price per product once a day. */
#ifndef SALES_H
#define SALES_H

#include "place.h"

/* Price at the plant, CNY/t without VAT. */
double sales_price(const struct place *place, int alloy);
/* Smoothed orders, t a day; and the production that orders, stock and backlog call for. */
double sales_orders_t_day(const struct place *place, int alloy);
double sales_target_t_day(const struct place *place, int alloy);
/* Ships what the books ask for and the plants have. Called when product is tapped. */
void sales_fill(struct place *place, int alloy);
/* Orders that are served outside the books (molten metal), so that plants plan for them. */
void sales_count(struct place *place, int alloy, double tonnes);

/* Scale of customers' choice between suppliers, CNY/t. */
double sales_theta(const struct world *world);

extern const struct sim_component sales_component;

#endif
