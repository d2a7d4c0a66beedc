/* The model's labelled axes, in the order of the results' contract. */
#ifndef LABELS_H
#define LABELS_H

#include "../sim/dimension.h"

enum labels_sector {
    SECTOR_CARS_ICE,
    SECTOR_CARS_NEV,
    SECTOR_OTHER_TRANSPORT,
    SECTOR_BUILDING,
    SECTOR_ELECTRICAL,
    SECTOR_PV,
    SECTOR_MACHINERY,
    SECTOR_DURABLES,
    SECTOR_PACKAGING,
    SECTOR_OTHER,
    SECTORS
};

enum labels_grade {
    GRADE_EXTRUSION_NEW,
    GRADE_EXTRUSION_OLD,
    GRADE_THERMAL_BREAK,
    GRADE_FORMWORK,
    GRADE_UBC,
    GRADE_WHEELS,
    GRADE_MIXED_CAST,
    GRADE_SHREDDED,
    GRADE_WIRE,
    GRADE_SHEET_CLEAN,
    GRADE_SHEET_OLD,
    GRADE_TURNINGS,
    GRADES,
    /* Feed classes: the grades as they come from hubs and ports, then what sorting centres make of
     * four of them. */
    FEED_THERMAL_BREAK_SORTED = GRADES,
    FEED_EXTRUSION_SORTED,
    FEED_SHEET_SORTED,
    FEED_SHREDDED_SORTED,
    FEEDS
};

enum labels_alloy {
    ALLOY_ADC12,
    ALLOY_A356,
    ALLOY_STRUCTURAL,
    ALLOY_6063,
    ALLOY_6061,
    ALLOY_3104,
    ALLOY_6016,
    ALLOY_1350,
    ALLOYS,
    CAST_ALLOYS = ALLOY_6063 /* the first three are casting alloys */
};

enum labels_tier { TIER_COLLECTOR, TIER_HUB, TIER_SORTED, TIER_PORT, TIERS };
enum labels_form { FORM_INGOT, FORM_MOLTEN, FORM_ROD, FORMS };
enum labels_scope { SCOPE_1, SCOPE_2, SCOPE_3, SCOPES };
enum labels_size { SIZE_SMALL, SIZE_MEDIUM, SIZE_LARGE, SIZES };
enum labels_element {
    ELEMENT_SI,
    ELEMENT_FE,
    ELEMENT_CU,
    ELEMENT_MN,
    ELEMENT_MG,
    ELEMENT_CR,
    ELEMENT_NI,
    ELEMENT_ZN,
    ELEMENT_TI,
    ELEMENTS
};
enum labels_ledger { LEDGER_METAL, LEDGER_ELEMENTS, LEDGER_MONEY, LEDGER_EMISSIONS, LEDGERS };
enum labels_technology {
    TECHNOLOGY_TOLERANCE,
    TECHNOLOGY_NEV,
    TECHNOLOGY_MELTING,
    TECHNOLOGY_SORTING,
    TECHNOLOGIES
};
enum labels_programme {
    PROGRAMME_FORMWORK,
    PROGRAMME_CARS,
    PROGRAMME_CANS,
    PROGRAMME_ELECTRONICS,
    PROGRAMME_WINDOWS,
    PROGRAMMES
};
/* Where metal may be: the accounts that hold metal, in their order, inside before outside. */
enum labels_flow {
    FLOW_YARDS,
    FLOW_HUBS,
    FLOW_SORTING,
    FLOW_PORTS,
    FLOW_FEED,
    FLOW_FURNACES,
    FLOW_PRODUCTS,
    FLOW_TRANSIT,
    FLOW_IN_USE,
    FLOW_FABRICATION,
    FLOW_ABROAD,
    FLOW_METALS,
    FLOW_CUSTOMERS,
    FLOW_LOSSES,
    FLOWS
};
enum labels_method { METHOD_CUT_OFF, METHOD_ALLOCATION, METHODS };
enum { PROVINCES = 31, NATION = PROVINCES, DOMAINS, ORIGINS = 10 };

extern const struct sim_dimension labels_sector, labels_grade, labels_alloy, labels_tier,
    labels_form, labels_scope, labels_method, labels_size, labels_element, labels_ledger,
    labels_province, labels_origin, labels_technology, labels_programme, labels_flow_from,
    labels_flow_to;

#endif
