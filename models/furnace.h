/* Furnaces: heats from charge to tap. */
#ifndef FURNACE_H
#define FURNACE_H

#include "plants.h"

enum furnace_kind { FURNACE_CHARGE = 6, FURNACE_MELTED, FURNACE_TAPPED };

/* Starts heats of a plant as far as its permit, free furnaces and feed allow. */
void furnace_start(struct place *place, uint32_t number);
/* The three events of a heat; entity = plant | entry << 16. */
enum sim_status furnace_charge(struct place *place, uint32_t entity);
enum sim_status furnace_melted(struct place *place, uint32_t entity);
enum sim_status furnace_tapped(struct place *place, uint32_t entity);
/* Size, number and hours of the furnaces for a capacity. */
void furnace_equip(struct plant *plant, double availability);

#endif
