/* A heat takes feed in the proportions of the recipe (what is short is replaced by what lies
 * there), melts and loses metal, is analysed and corrected: alloying elements up to the limits'
 * lower ends, primary metal until no upper limit is passed; then it is tapped as product. */
#include "furnace.h"

#include "certification.h"
#include "emissions.h"
#include "market.h"
#include "molten.h"
#include "research.h"
#include "sales.h"
#include "tax.h"

#include <math.h>
#include <string.h>

enum { PURPOSE_HOURS = 2, PURPOSE_LOSS = 3, CORRECTIONS = 8 };

static struct plant *plant_at(struct place *place, uint32_t entity)
{
    return &plants_of(place)->plant[entity & 0xffff];
}

static uint32_t stream_entity(const struct place *place, uint32_t entity)
{
    return COMPONENT_SMELTERS << 24 | (uint32_t)place->index << 16 | (entity & 0xffff);
}

/* Furnace classes of technology.tsv: single-chamber 20 t and 7 h, medium 35 t, twin-chamber with
 * side well 60 t and 8 h. */
void furnace_equip(struct plant *plant, double availability)
{
    plant->size = plant->capacity_t < 30e3    ? SIZE_SMALL
                  : plant->capacity_t < 100e3 ? SIZE_MEDIUM
                                              : SIZE_LARGE;
    static const double heat_t[SIZES] = {20, 35, 60}, hours[SIZES] = {7, 7.5, 8};
    static const double melt[SIZES] = {1.35, 1.1, 0.9}, energy[SIZES] = {1.2, 1.0, 0.85};
    plant->heat_t = heat_t[plant->size];
    plant->heat_hours = hours[plant->size];
    plant->melt_factor = melt[plant->size];
    plant->energy_factor = energy[plant->size];
    double cycle = plant->heat_hours + 1.5; /* with charging and tapping */
    double yearly = plant->heat_t * 8760 / cycle * availability;
    plant->furnaces = (int)ceil(plant->capacity_t / yearly);
    /* A very small plant has a furnace of its own size; a very large one has larger ones. */
    if (plant->furnaces > PLANT_HEATS || plant->furnaces == 1) {
        if (plant->furnaces > PLANT_HEATS)
            plant->furnaces = PLANT_HEATS;
        plant->heat_t = plant->capacity_t * cycle / 8760 / availability / plant->furnaces;
    }
}

static struct heat *free_heat(struct plant *plant, int *entry)
{
    for (int i = 0; i < PLANT_HEATS; i++) {
        if (plant->heats[i].furnaces == 0) {
            *entry = i;
            return &plant->heats[i];
        }
    }
    return NULL;
}

static double recoverable(const struct place *place, const struct plant *plant, int class)
{
    return market_recoverable_t(place->world, class, &plant->feed[class]);
}

/* Share of what `product_t` needs that lies in the feed, counting replacements. */
static double supply(const struct place *place, const struct plant *plant, double product_t)
{
    const struct procurement_plan *plan = &plants_of(place)->desk.plan[plant->alloy];
    double needed = 0, there = 0;
    for (int f = 0; f < FEEDS; f++) {
        needed += plan->share[f] * product_t;
        if (plan->share[f] > 0.005)
            there += recoverable(place, plant, f);
    }
    return needed > 0 ? there / needed : 1;
}

void furnace_start(struct place *place, uint32_t number)
{
    struct plant *plant = &plants_of(place)->plant[number];
    int64_t now = sim_now(place->domain);
    /* Furnaces that the day's plan fills anyway are charged together and share their events. */
    double daily = fmin(plant->plan_t / plant->heat_t, (double)place->world->trucks_per_lot);
    int group = (int)fmax(1, fmin(daily, plant->furnaces));
    while (plant->permit_t >= group * plant->heat_t && plant->busy + group <= plant->furnaces) {
        int entry;
        struct heat *heat = free_heat(plant, &entry);
        if (!heat || supply(place, plant, group * plant->heat_t) < 1)
            return;
        memset(heat, 0, sizeof *heat);
        heat->furnaces = group;
        heat->number = plant->heats_started++;
        plant->busy += group;
        plant->permit_t -= group * plant->heat_t;
        sim_schedule(place->domain, now + 10 * SIM_MINUTE * (entry + 1), 8,
                     EVENT(COMPONENT_SMELTERS, FURNACE_CHARGE), number | (uint32_t)entry << 16,
                     NULL);
    }
}

/* Recoverable t of each class for a charge: the recipe's shares, and for what is short more of the
 * others in proportion to what is left of them. */
static void compose(const struct place *place, const struct plant *plant, double product_t,
                    double take[static FEEDS])
{
    const struct procurement_plan *plan = &plants_of(place)->desk.plan[plant->alloy];
    double missing = 0, left = 0, spare[FEEDS];
    for (int f = 0; f < FEEDS; f++) {
        double wanted = plan->share[f] * product_t, there = recoverable(place, plant, f);
        take[f] = fmin(wanted, there);
        missing += wanted - take[f];
        spare[f] = plan->share[f] > 0.005 ? there - take[f] : 0;
        left += spare[f];
    }
    double share = left > 0 ? fmin(1, missing / left) : 0;
    for (int f = 0; f < FEEDS; f++)
        take[f] += share * spare[f];
}

/* Counts where wrought scrap goes: to the alloy that keeps its grade, to another wrought alloy, or
 * to casting alloys. */
static void count_use(struct place *place, int class, int alloy, double t)
{
    struct plants *plants = plants_of(place);
    const struct world_grade *grade = &place->world->feed[class];
    plants->charged[class] += t;
    plants->desk.plan[alloy].today[class] += t;
    if (!grade->wrought)
        return;
    if (alloy == grade->same_alloy)
        plants->wrought_same += t;
    else if (!place->world->alloy[alloy].cast)
        plants->wrought_other += t;
    else
        plants->wrought_cast += t;
}

enum sim_status furnace_charge(struct place *place, uint32_t entity)
{
    struct plant *plant = plant_at(place, entity);
    struct heat *heat = &plant->heats[entity >> 16];
    const struct world *world = place->world;
    double take[FEEDS], loss = 0, charged = 0;
    struct lot residues = {.load = 0};
    compose(place, plant, heat->furnaces * plant->heat_t, take);
    for (int f = 0; f < FEEDS; f++) {
        struct lot *pile = &plant->feed[f];
        int64_t metal = llround(take[f] / world->feed[f].recoverable * (double)TONNE);
        metal = metal > pile->q[LOT_METAL] ? pile->q[LOT_METAL] : metal;
        if (metal <= 0)
            continue;
        struct lot lot = lot_take(pile, metal);
        /* What is not recoverable leaves with the pretreatment's residues, at the others' cost. */
        struct lot residue =
            lot_take(&lot, llround((double)metal * fmax(0, 1 - world->feed[f].recoverable)));
        lot.value += residue.value;
        lot_add(&residues, &residue);
        double t = lot_tonnes(&lot);
        loss += t * world->feed[f].melt_loss;
        charged += t;
        count_use(place, f, plant->alloy, t);
        lot_add(&heat->charge, &lot);
    }
    place_move(place, ACCOUNT_FEED, ACCOUNT_LOSSES, &residues);
    place_move(place, ACCOUNT_FEED, ACCOUNT_FURNACE, &heat->charge);
    if (charged <= 0) {
        /* An earlier heat of today took the last of the feed: the furnaces stay empty. */
        plant->busy -= heat->furnaces;
        memset(heat, 0, sizeof *heat);
        return SIM_OK;
    }
    heat->charge.load = (uint16_t)plant->alloy;
    heat->charge.serial = heat->number;
    struct sim_stream stream =
        sim_stream_at(place->domain, stream_entity(place, entity), PURPOSE_LOSS, heat->number);
    heat->loss_t = loss * plant->melt_factor * research_melt_factor(place) *
                   fmax(0.3, 1 + 0.1 * sim_normal_inverse(&stream));
    plant->charged_t += charged;
    struct sim_stream hours =
        sim_stream_at(place->domain, stream_entity(place, entity), PURPOSE_HOURS, heat->number);
    double h = plant->heat_hours * (0.85 + 0.3 * sim_uniform(&hours));
    sim_schedule(place->domain, sim_now(place->domain) + (int64_t)(h * (double)SIM_HOUR), 8,
                 EVENT(COMPONENT_SMELTERS, FURNACE_MELTED), entity, NULL);
    return SIM_OK;
}

static void lose(struct place *place, struct plant *plant, struct heat *heat)
{
    struct lot *melt = &heat->charge;
    int64_t grams = llround(heat->loss_t * (double)TONNE);
    grams = grams > melt->q[LOT_METAL] / 4 ? melt->q[LOT_METAL] / 4 : grams;
    int64_t value = melt->value;
    struct lot lost = lot_take(melt, grams);
    /* Magnesium burns more than the metal around it. */
    double recovery = plants_params_of(place->world)->magnesium_recovery;
    int64_t *mg = &melt->q[LOT_ELEMENTS + ELEMENT_MG];
    int64_t burnt = llround((double)*mg * (1 - recovery));
    *mg -= burnt;
    melt->q[LOT_METAL] -= burnt;
    lost.q[LOT_ELEMENTS + ELEMENT_MG] += burnt;
    lost.q[LOT_METAL] += burnt;
    /* Emissions stay with the metal that is used. */
    lot_keep_embodied(melt, &lost);
    melt->value = value;
    place_move(place, ACCOUNT_FURNACE, ACCOUNT_LOSSES, &lost);
    plant->lost_t += lot_tonnes(&lost);
    plant->dross_t += plants_params_of(place->world)->dross_rate * plant->melt_factor *
                      research_melt_factor(place) * (lot_tonnes(melt) + lot_tonnes(&lost));
}

/* Adds t of a metal to the melt: bought, with its upstream emissions. `added` collects what the
 * ledger has to book. */
static void add(struct place *place, struct plant *plant, struct heat *heat, int metal, double t,
                struct lot *added)
{
    if (t <= 0)
        return;
    struct lot lot = lot_make(llround(t * (double)TONNE), procurement_metal[metal], 0);
    lot.value = place_fen(t * place_board(place)->nation.metal[metal]);
    lot_add(added, &lot);
    place_emit(place, &lot, ACCOUNT_FURNACE, SCOPE_3,
               t * 1000 * emissions_metal(place->world, metal, sim_now(place->domain)));
    if (metal == METAL_A00 || metal == METAL_AL9985)
        plant->primary_t += t;
    place->lots++;
    lot_add(&heat->charge, &lot);
}

static void book_added(struct place *place, struct plant *plant, const struct lot *added)
{
    place_move(place, ACCOUNT_METALS, ACCOUNT_FURNACE, added);
    place_pay(place, ACCOUNT_CASH_PLANTS, ACCOUNT_METALS, added->value);
    plant->cash -= added->value;
}

/* Primary metal that brings every element under its upper limit, aimed 2 % inside it. An element
 * that primary metal itself holds near the limit cannot be diluted. */
static double dilution_t(const struct place *place, const struct lot *melt, int alloy, int metal)
{
    double m = lot_tonnes(melt), most = 0;
    for (int e = 0; e < ELEMENTS; e++) {
        double max = research_max(place, alloy, e);
        double aim = 0.98 * max, have = lot_fraction(melt, e);
        if (max >= 1 || have <= aim || procurement_metal[metal][e] > 0.9 * aim)
            continue;
        most = fmax(most, m * (have - aim) / (aim - procurement_metal[metal][e]));
    }
    return most;
}

/* Brings the alloying elements up to the lower ends of their ranges, a little inside. */
static void alloy_up(struct place *place, struct plant *plant, struct heat *heat, bool pure,
                     struct lot *added)
{
    static const struct {
        int element, metal;
    } alloying[] = {{ELEMENT_SI, METAL_SILICON},
                    {ELEMENT_CU, METAL_COPPER},
                    {ELEMENT_MG, METAL_MAGNESIUM},
                    {ELEMENT_MN, METAL_MANGANESE}};
    const struct world_alloy *limits = &place->world->alloy[plant->alloy];
    for (size_t i = 0; i < SIM_COUNT(alloying); i++) {
        int e = alloying[i].element, metal = alloying[i].metal;
        if (metal == METAL_SILICON && pure)
            metal = METAL_SILICON_LOW_FE;
        double aim = limits->min[e] + 0.02 * fmin(limits->max[e] - limits->min[e], limits->min[e]);
        double have = lot_fraction(&heat->charge, e), m = lot_tonnes(&heat->charge);
        if (limits->min[e] > 0 && have < aim)
            add(place, plant, heat, metal, m * (aim - have) / (procurement_metal[metal][e] - aim),
                added);
    }
}

static bool within(const struct place *place, const struct plant *plant, const struct lot *melt)
{
    const struct world_alloy *limits = &place->world->alloy[plant->alloy];
    for (int e = 0; e < ELEMENTS; e++) {
        double have = lot_fraction(melt, e);
        bool added = e == ELEMENT_SI || e == ELEMENT_CU || e == ELEMENT_MG || e == ELEMENT_MN;
        if (have > research_max(place, plant->alloy, e) || (added && have < limits->min[e]))
            return false;
    }
    return true;
}

/* What is added for one element thins the others, and silicon and manganese bring iron: so again,
 * until the analysis is right. Each round corrects a fraction of what the one before did. */
static void correct(struct place *place, struct plant *plant, struct heat *heat)
{
    bool pure = research_max(place, plant->alloy, ELEMENT_FE) < 0.0025;
    int primary = pure ? METAL_AL9985 : METAL_A00;
    struct lot added = {.load = 0};
    for (int round = 0; round < CORRECTIONS; round++) {
        double primary_t = dilution_t(place, &heat->charge, plant->alloy, primary);
        add(place, plant, heat, primary, primary_t, &added);
        alloy_up(place, plant, heat, pure, &added);
        if (within(place, plant, &heat->charge))
            break;
    }
    book_added(place, plant, &added);
}

enum sim_status furnace_melted(struct place *place, uint32_t entity)
{
    struct plant *plant = plant_at(place, entity);
    struct heat *heat = &plant->heats[entity >> 16];
    lose(place, plant, heat);
    correct(place, plant, heat);
    sim_schedule(place->domain, sim_now(place->domain) + 80 * SIM_MINUTE, 8,
                 EVENT(COMPONENT_SMELTERS, FURNACE_TAPPED), entity, NULL);
    return SIM_OK;
}

/* What the plant earns with this heat at today's prices, and what it cost. */
static void account(struct place *place, struct plant *plant, const struct lot *product)
{
    const struct smelters_params *p = plants_params_of(place->world);
    double t = lot_tonnes(product), raw = (double)product->value / 100 / t;
    double index = pow(1 + p->cost_growth, sim_year(sim_now(place->domain)) - 2024.5);
    double avoidable = plant->avoidable * index, fixed = plant->fixed * index;
    double price = sales_price(place, plant->alloy);
    double refund = plants_relief_cny_t(place, price, raw);
    plant->margin_cny += t * (price + refund - raw - avoidable - fixed);
    plant->raw_cny += t * raw;
    plant->full_cny += t * (raw + avoidable + fixed);
    int64_t work = place_fen(t * (avoidable + fixed));
    place_pay(place, ACCOUNT_CASH_PLANTS, ACCOUNT_SERVICES, work);
    int64_t back = place_fen(t * refund);
    place_pay(place, ACCOUNT_STATE, ACCOUNT_CASH_PLANTS, back);
    plant->cash += back - work;
    certification_charge(place, plant, t);
}

enum sim_status furnace_tapped(struct place *place, uint32_t entity)
{
    const struct emissions_params *e = emissions_params_of(place->world);
    struct plant *plant = plant_at(place, entity);
    struct plants *plants = plants_of(place);
    struct heat *heat = &plant->heats[entity >> 16];
    struct lot product = heat->charge;
    double t = lot_tonnes(&product);
    place_emit(place, &product, ACCOUNT_FURNACE, SCOPE_1,
               t * emissions_gas(place->world, e->melt_gas_m3_t * plant->energy_factor));
    place_emit(place, &product, ACCOUNT_FURNACE, SCOPE_2,
               t * emissions_power(place, e->plant_kwh_t * plant->energy_factor));
    account(place, plant, &product);
    product.gross = product.q[LOT_METAL];
    place_move(place, ACCOUNT_FURNACE, ACCOUNT_FINISHED, &product);
    lot_add(&plant->finished, &product);
    plant->output_t += t;
    plants->output_alloy[plant->alloy] += t;
    plant->busy -= heat->furnaces;
    memset(heat, 0, sizeof *heat);
    molten_serve(place, plant->alloy);
    sales_fill(place, plant->alloy);
    furnace_start(place, entity & 0xffff);
    return SIM_OK;
}
