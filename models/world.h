/* What the components share: the immutable data of a scenario (struct world), one replicate's
 * price board, and one domain's place in it.
 *
 * Components meet in three ways only: through events; through the board, which holds yesterday's
 * published prices and amounts of everyone and to which each domain writes its own part once a
 * day; and through the small views declared in their headers. */
#ifndef WORLD_H
#define WORLD_H

#include "../sim/component.h"
#include "../sim/engine.h"
#include "accounts.h"
#include "labels.h"
#include "lot.h"

/* Numbers of the components, in the order of chain_components. */
enum world_component {
    COMPONENT_CHAIN,
    COMPONENT_POLICY,
    COMPONENT_TAX,
    COMPONENT_EMISSIONS,
    COMPONENT_PRIMARY,
    COMPONENT_STOCK,
    COMPONENT_MARKET,
    COMPONENT_COLLECTORS,
    COMPONENT_NEW_SCRAP,
    COMPONENT_IMPORTS,
    COMPONENT_HUBS,
    COMPONENT_SORTING,
    COMPONENT_SMELTERS,
    COMPONENT_CAPACITY,
    COMPONENT_SALES,
    COMPONENT_DOWNSTREAM,
    COMPONENT_MOLTEN,
    COMPONENT_RESEARCH,
    COMPONENT_CLOSED_LOOP,
    COMPONENT_FUTURES,
    COMPONENT_CERTIFICATION,
    COMPONENTS
};

#define EVENT(component, local) ((uint16_t)((component) << 8 | (local)))

/* Events that one component sends to another. The receiver's local kinds start with these. */
enum world_event {
    /* Cargo: lot of a grade (entity), paid at receipt (value). A truck reaches the hub of its own
     * province. data.i[0]: the outside account that the hub pays, or 0 where clearing has paid the
     * seller at dispatch. */
    EVENT_HUB_TRUCK = EVENT(COMPONENT_HUBS, 0),
    /* An order for scrap: entity = buyer (see world_buyer), data.i[0] feed class, i[1] tier,
     * i[2] recoverable grams wanted, i[3] buyer's province, i[4] buyer's order number. Hubs sell
     * hub stock; sorting centres and ports have the same event with their own kind. */
    EVENT_HUB_ORDER = EVENT(COMPONENT_HUBS, 1),
    EVENT_SORTING_ORDER = EVENT(COMPONENT_SORTING, 0),
    EVENT_PORT_ORDER = EVENT(COMPONENT_IMPORTS, 0),
    /* Cargo: lot for a sorting centre from its own hub, paid at receipt. */
    EVENT_SORTING_TRUCK = EVENT(COMPONENT_SORTING, 1),
    /* data.i[0] feed class, i[1] recoverable grams that its own hub could not deliver. */
    EVENT_SORTING_CANCEL = EVENT(COMPONENT_SORTING, 2),
    /* Cargo: lot of scrap for plant `entity`; paid at receipt. data.i[0] recoverable grams that
     * were ordered and are now settled (delivered or cancelled). i[1]: the outside account that the
     * plant pays, or 0 where clearing has paid the seller at dispatch. */
    EVENT_PLANT_TRUCK = EVENT(COMPONENT_SMELTERS, 0),
    /* data.i[0] feed class, i[1] recoverable grams cancelled. */
    EVENT_PLANT_CANCEL = EVENT(COMPONENT_SMELTERS, 1),
    /* A new or larger plant starts (from capacity): see struct capacity_project in cargo-free data:
     * data.i[0] alloy, data.f[1] capacity t/yr, data.i[2] plant to expand or -1, data.i[3] group.
     */
    EVENT_PLANT_START = EVENT(COMPONENT_SMELTERS, 2),
    /* Plant `entity` closes for good. */
    EVENT_PLANT_EXIT = EVENT(COMPONENT_SMELTERS, 3),
    /* An order for alloy: data.i[0] alloy, i[1] grams, i[2] customer's province, i[3] sector,
     * i[4] last moment (time) at which the customer still wants it. */
    EVENT_SALES_ORDER = EVENT(COMPONENT_SALES, 0),
    /* Cargo: lot of alloy that reaches its customer; data.i[0] sector. */
    EVENT_CUSTOMER_TRUCK = EVENT(COMPONENT_DOWNSTREAM, 0),
    /* An order that was not filled: data.i[0] alloy, i[1] grams, i[2] sector. */
    EVENT_CUSTOMER_CANCEL = EVENT(COMPONENT_DOWNSTREAM, 1),
    /* An order for molten metal in the own province: data.i[0] alloy, i[1] grams, i[2] sector. */
    EVENT_MOLTEN_ORDER = EVENT(COMPONENT_MOLTEN, 0),
    /* Cargo: lot of a feed class under a reverse collection contract, for whichever plant of the
     * province needs it most. data.i[0] the outside account that is paid, i[1] route. */
    EVENT_LOOP_TRUCK = EVENT(COMPONENT_CLOSED_LOOP, 0)
};

/* Buyers of scrap: plants by number, sorting centres above. */
enum { BUYER_SORTING = 1 << 16 };

struct world_grade {
    double composition[ELEMENTS]; /* mass fractions of the metal */
    double relative_sd;           /* of a lot's contents */
    double nonmetal;              /* share of gross mass */
    double recoverable;           /* recoverable metal / metal: metal_yield / (1 - nonmetal) */
    double melt_loss;             /* of metal charged */
    double price_ratio;           /* per recoverable t without VAT / A00 net, from quotations */
    bool wrought;
    int same_alloy; /* the alloy that keeps its grade, or -1 */
    int grade;      /* the grade that a sorted class belongs to; itself otherwise */
};

struct world_alloy {
    double min[ELEMENTS], max[ELEMENTS], typical[ELEMENTS]; /* mass fractions */
    double
        tolerant[ELEMENTS]; /* upper limits of a variant that tolerates impurities; max if none */
    bool cast;
};

struct world_province {
    double old_scrap_share, capacity_2022_t, capacity_2024_t, capacity_2019_t;
    double cast_demand_share, wrought_demand_share, vehicle_share;
    double grid_t_mwh; /* t CO2 per MWh, 2022 */
    double scrap_import_share, alloy_import_share;
    bool delta; /* one of the three deltas (Yangtze, Pearl, Bohai) */
    bool inland;
};

enum { WORLD_FIRST_YEAR = 2019, WORLD_YEARS = 42, WORLD_DAYS = 366 * WORLD_YEARS };
enum world_season {
    SEASON_VEHICLES,
    SEASON_CONSTRUCTION,
    SEASON_OTHER,
    SEASON_COLLECTION,
    SEASONS
};

struct world {
    const void *params[COMPONENTS];
    const struct sim_policies *policies;
    const struct sim_tables *tables;
    struct world_grade feed[FEEDS];
    struct world_alloy alloy[ALLOYS];
    struct world_province province[PROVINCES];
    double km[PROVINCES][PROVINCES];
    double freight[PROVINCES][PROVINCES];        /* CNY/t, the cheaper of road and rail or vessel */
    double freight_kg_t[PROVINCES][PROVINCES];   /* kg CO2 per t of the same */
    double freight_weight[PROVINCES][PROVINCES]; /* exp(-freight / theta) of scrap */
    double alloy_weight[PROVINCES][PROVINCES];   /* exp(-freight / theta) of alloys */
    float season[SEASONS][WORLD_DAYS];           /* [day since 2019-01-01], mean 1 over each year */
    float plant_activity[WORLD_DAYS];            /* share of normal work, 1 outside festivals */
    double sector_grade[SECTORS][GRADES];        /* rows sum to 1: metal discarded in the sector */
    double sector_alloy[SECTORS][ALLOYS];        /* rows sum to 1: secondary alloys that it buys */
    int64_t trucks_per_lot;
};

/* One holder of scrap: hub, sorting centre or port of a province. */
struct board_holder {
    double price[GRADES];  /* CNY/t recoverable, without VAT */
    double sales[GRADES];  /* t recoverable a day, smoothed over 20 d */
    double stock[GRADES];  /* t recoverable */
    double weight[GRADES]; /* sales * exp(-(price - A00) / theta) */
};

struct board_alloy {
    double price;    /* CNY/t without VAT, at the plant */
    double weight;   /* readiness to deliver * exp(-(price - A00) / theta) */
    double orders;   /* t a day, smoothed */
    double capacity; /* t a year */
    double stock;    /* finished at the plants, t */
    double hedged;   /* share of capacity that hedges with futures */
};

enum world_metal {
    METAL_A00,
    METAL_AL9985,
    METAL_SILICON,
    METAL_SILICON_LOW_FE,
    METAL_COPPER,
    METAL_MAGNESIUM,
    METAL_MANGANESE,
    METALS
};

struct board_nation {
    double a00;                    /* CNY/t without VAT */
    double lme;                    /* USD/t */
    double exchange;               /* CNY/USD */
    double metal[METALS];          /* CNY/t without VAT */
    double alternative[ALLOYS];    /* primary-based alloy, CNY/t without VAT */
    double discards[SECTORS];      /* t of metal a day */
    double consumption[SECTORS];   /* t a day, all aluminium, without season */
    double futures;                /* traded contract of cast alloy, CNY/t without VAT; 0: none */
    double futures_move;           /* a day's change of the contract that was traded before */
    double hedged;                 /* share of the nation's ADC12 capacity that hedges */
    double certificate_premium;    /* of certified alloy, CNY/t */
    double certificates_wanted;    /* share of certified alloy whose buyers asked for it */
    double certified;              /* share of the nation's sales of alloy */
    double progress[TECHNOLOGIES]; /* of research beyond 2020, 0 to 1: share of what is possible */
};

/* Reverse collection of a province over one route (see closed_loop.h): as a user of the metal, and
 * as its source. */
enum { LOOP_ROUTES = 7 };
struct board_loop {
    double value;  /* CNY per recoverable t that its plants save with it; 0: no such plants */
    double room;   /* t recoverable a day that they would still sign for */
    double accept; /* part of what is contracted that they take now */
    double flow;   /* t recoverable a day that it has contracted to send */
    int to;        /* the province that it sends to, or -1 */
};

enum { HOLDERS = TIERS - 1 }; /* holder index = tier - 1 */

/* What a province's users ask for with a certificate, and what its plants sell, t a day, smoothed.
 */
struct board_certificates {
    double asked_t_day, certified_t_day, all_t_day;
};

/* One day's board. Day d is read on day d + 1 while the other one is written. */
struct board {
    struct board_holder holder[PROVINCES][HOLDERS];
    struct board_alloy alloy[PROVINCES][ALLOYS];
    struct board_certificates certificates[PROVINCES];
    struct board_loop loop[PROVINCES][LOOP_ROUTES];
    struct board_nation nation;
};

/* One replicate. */
struct run {
    const struct world *world;
    struct board boards[2];
    int64_t break_metal; /* test hook */
};

struct place; /* see place.h */

/* Trucks per lot for a flow of `trucks_per_day`: batching k trucks adds (k - 1) / (2 rate) of
 * waiting; k is capped so that this stays below a quarter of a day. */
int world_trucks(const struct world *world, double trucks_per_day);
/* Day number since 2019-01-01, for the season tables. */
int world_day(int64_t time);
/* Days on the road between two provinces, at least 1. */
double world_days(const struct world *world, int from, int to);

/* Numbers of the world that the chain's parameters set. */
struct world_options {
    double seasons; /* 0: no seasons and no festivals, 1: as in the data */
    /* Share of activity that is missing at the depth of the Spring Festival. */
    double festival_demand, festival_collection, festival_plants;
    double detour;          /* road km per great-circle km */
    double own_province_km; /* haul within a province */
    double road_cny_tkm, road_cny_t;
    double rail_cny_tkm, rail_cny_t; /* rail or coastal vessel */
    double road_kg_tkm, rail_kg_tkm; /* kg CO2 per t-km */
};
extern const struct world_options world_options_default;

/* The tables that world_init reads: the chain component declares them. */
enum { WORLD_TABLES = 8 };
extern const struct sim_table_row world_tables[WORLD_TABLES];

/* Fills *world from parameters and tables; errors are collected. trucks_per_lot is 1 and the
 * weights of choice are those of world_weights(world, 120, 150) until they are set. Large (1 MB):
 * keep it on the heap. config and tables are borrowed as long as the world lives. */
enum sim_status world_init(struct world *world, const struct world_options *options,
                           const struct sim_config *config, const struct sim_tables *tables,
                           const struct sim_policies *policies, struct sim_errors *errors);
/* exp(-freight / theta) of scrap and of alloys; theta in CNY/t. */
void world_weights(struct world *world, double theta_scrap, double theta_alloy);

#endif
