#include "plants.h"

#include "furnace.h"
#include "research.h"
#include "sales.h"
#include "tax.h"

#include <math.h>
#include <stdlib.h>

enum { PURPOSE_SIZE = 4, PURPOSE_COST = 5, ROOM = 24 };

/* Share of a new plant's capacity that is manned on its first day. */
#define OPEN_NEW 0.1

struct plants *plants_of(const struct place *place)
{
    return place->state[COMPONENT_SMELTERS];
}

const struct smelters_params *plants_params_of(const struct world *world)
{
    return world->params[COMPONENT_SMELTERS];
}

bool plants_draw(struct place *place, int alloy, int64_t grams, struct lot *lot, uint32_t *plant)
{
    struct plants *plants = plants_of(place);
    struct plant *best = NULL;
    for (int i = 0; i < plants->count; i++) {
        struct plant *p = &plants->plant[i];
        if (p->alloy == alloy &&
            (!best || p->finished.q[LOT_METAL] > best->finished.q[LOT_METAL])) {
            best = p;
            *plant = (uint32_t)i;
        }
    }
    if (!best || grams <= 0 || best->finished.q[LOT_METAL] < grams)
        return false;
    *lot = lot_take(&best->finished, grams);
    lot->load = (uint16_t)alloy;
    place_move(place, ACCOUNT_FINISHED, ACCOUNT_MOTION, lot);
    return true;
}

double plants_finished_t(const struct place *place, int alloy)
{
    const struct plants *plants = plants_of(place);
    double t = 0;
    for (int i = 0; i < plants->count; i++) {
        if (plants->plant[i].alloy == alloy)
            t += lot_tonnes(&plants->plant[i].finished);
    }
    return t;
}

double plants_capacity_t_day(const struct place *place, int alloy)
{
    const struct plants *plants = plants_of(place);
    double t = 0;
    for (int i = 0; i < plants->count; i++) {
        if (plants->plant[i].alloy == alloy)
            t += plants->plant[i].capacity_t * plants->plant[i].open;
    }
    return t * plants_params_of(place->world)->availability / 365;
}

double plants_capacity_t(const struct place *place, int alloy)
{
    const struct plants *plants = plants_of(place);
    double t = 0;
    for (int i = 0; i < plants->count; i++) {
        if (plants->plant[i].alloy == alloy)
            t += plants->plant[i].capacity_t;
    }
    return t;
}

double plants_melt_factor(const struct place *place, int alloy)
{
    const struct plants *plants = plants_of(place);
    double capacity = 0, sum = 0;
    for (int i = 0; i < plants->count; i++) {
        const struct plant *plant = &plants->plant[i];
        if (plant->alloy != alloy)
            continue;
        capacity += plant->capacity_t;
        sum += plant->capacity_t * plant->melt_factor;
    }
    return research_melt_factor(place) * (capacity > 0 ? sum / capacity : 1);
}

void plants_paid(struct place *place, uint32_t plant, int64_t fen)
{
    plants_of(place)->plant[plant].cash += fen;
    place_pay(place, ACCOUNT_CUSTOMERS, ACCOUNT_CASH_PLANTS, fen);
}

/* The cost at which cumulative capacity, cheapest first, meets t_day; linear between plants. */
double plants_merit_cost(const struct place *place, int alloy, double t_day)
{
    const struct plants *plants = plants_of(place);
    const struct smelters_params *p = plants_params_of(place->world);
    double index = pow(1 + p->cost_growth, sim_year(sim_now(place->domain)) - 2024.5);
    double last = -INFINITY, sum = 0, before = 0;
    int number = -1;
    while (true) {
        /* The next dearer plant, or one as dear with a higher number; a province has few of each
         * alloy. */
        int next = -1;
        for (int i = 0; i < plants->count; i++) {
            const struct plant *plant = &plants->plant[i];
            bool later = plant->avoidable > last || (plant->avoidable == last && i > number);
            if (plant->alloy == alloy && plant->capacity_t > 0 && later &&
                (next < 0 || plant->avoidable < plants->plant[next].avoidable))
                next = i;
        }
        if (next < 0)
            return before * index;
        const struct plant *plant = &plants->plant[next];
        double capacity = plant->capacity_t * p->availability / 365;
        if (sum + capacity >= t_day) {
            double part = (t_day - sum) / capacity;
            double from = number < 0 ? plant->avoidable : before;
            return (from + (plant->avoidable - from) * part) * index;
        }
        sum += capacity;
        before = last = plant->avoidable;
        number = next;
    }
}

double plants_relief_cny_t(const struct place *place, double price, double raw)
{
    double market = plants_params_of(place->world)->invoiced_market;
    double invoiced = market + (1 - market) * place->policy.invoiced_old_scrap;
    return tax_refund_cny_t(place, price, 0.93 * raw, 0.07 * raw + 400, invoiced);
}

static uint32_t stream_entity(const struct place *place, int number)
{
    return COMPONENT_SMELTERS << 24 | (uint32_t)place->index << 16 | (uint32_t)number;
}

static void draw_cost(struct place *place, struct plant *plant, int number)
{
    const struct smelters_params *p = plants_params_of(place->world);
    struct sim_stream stream =
        sim_stream_at(place->domain, stream_entity(place, number), PURPOSE_COST, 0);
    bool cast = place->world->alloy[plant->alloy].cast;
    double mean = cast ? p->avoidable_cast : p->avoidable_wrought;
    plant->avoidable = fmax(mean / 3, mean + p->avoidable_sd * sim_normal_inverse(&stream));
    plant->fixed = p->fixed;
}

/* Products in turn to where most of the province's wanted capacity is still missing. */
static int choose_alloy(double missing[static ALLOYS], double capacity)
{
    int best = 0;
    for (int a = 1; a < ALLOYS; a++) {
        if (missing[a] > missing[best])
            best = a;
    }
    missing[best] -= capacity;
    return best;
}

static int plant_count(const struct world *world, int index)
{
    double weight = 0;
    for (int i = 0; i < PROVINCES; i++)
        weight += pow(world->province[i].capacity_2019_t, 0.75);
    double here = pow(world->province[index].capacity_2019_t, 0.75);
    double count = plants_params_of(world)->plants * here / weight;
    return here > 0 ? (int)fmax(2, round(count)) : 0;
}

static int by_size(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

static void open_plant(struct place *place, struct plant *plant, int number, int alloy,
                       double capacity_t)
{
    const struct smelters_params *p = plants_params_of(place->world);
    plant->alloy = alloy;
    plant->capacity_t = capacity_t;
    plant->group = (uint32_t)(place->index << 16 | number);
    draw_cost(place, plant, number);
    furnace_equip(plant, p->availability);
    plant->contribution = p->margin_wanted;
}

enum sim_status plants_create(struct place *place, struct plants *plants)
{
    const struct world *world = place->world;
    const struct smelters_params *p = plants_params_of(world);
    int count = plant_count(world, place->index);
    plants->capacity = count + ROOM;
    plants->plant = calloc((size_t)plants->capacity, sizeof *plants->plant);
    double *size = malloc((size_t)plants->capacity * sizeof *size), sum = 0, missing[ALLOYS];
    if (!plants->plant || !size) {
        free(size);
        return SIM_MEMORY;
    }
    for (int i = 0; i < count; i++) {
        struct sim_stream stream =
            sim_stream_at(place->domain, stream_entity(place, i), PURPOSE_SIZE, 0);
        size[i] = exp(p->size_sigma * sim_normal_inverse(&stream));
        sum += size[i];
    }
    qsort(size, (size_t)count, sizeof *size, by_size);
    double capacity = world->province[place->index].capacity_2019_t;
    for (int a = 0; a < ALLOYS; a++)
        missing[a] = p->product_share[a] * capacity;
    for (int i = 0; i < count; i++) {
        double t = capacity * size[i] / sum;
        open_plant(place, &plants->plant[i], i, choose_alloy(missing, t), t);
        plants->plant[i].open = p->open_start;
    }
    plants->count = count;
    free(size);
    return SIM_OK;
}

void plants_start(struct place *place, int alloy, double capacity_t, int expand, uint32_t group)
{
    const struct smelters_params *p = plants_params_of(place->world);
    struct plants *plants = plants_of(place);
    if (expand < 0 && plants->count == plants->capacity) {
        /* No room for another plant: the largest one of the same alloy grows instead. */
        for (int i = 0; i < plants->count; i++) {
            if (plants->plant[i].alloy == alloy &&
                (expand < 0 || plants->plant[i].capacity_t > plants->plant[expand].capacity_t))
                expand = i;
        }
    }
    if (expand < 0 && plants->count == plants->capacity)
        expand = 0;
    if (expand >= 0) {
        struct plant *plant = &plants->plant[expand];
        double before = plant->capacity_t;
        plant->capacity_t += capacity_t;
        /* A plant that has closed since this was decided starts again like a new one. */
        plant->open = before > 0 ? plant->open * before / plant->capacity_t : OPEN_NEW;
        plant->loss_months = before > 0 ? plant->loss_months : 0;
        /* Furnaces in use go on as they are; new heats use the new equipment. */
        if (plant->busy == 0)
            furnace_equip(plant, p->availability);
        else if (before > 0)
            plant->furnaces =
                (int)fmin(PLANT_HEATS, ceil(plant->furnaces * plant->capacity_t / before));
        return;
    }
    int number = plants->count++;
    open_plant(place, &plants->plant[number], number, alloy, capacity_t);
    plants->plant[number].group = group;
    plants->plant[number].open = OPEN_NEW;
    sim_schedule(place->domain, sim_now(place->domain) + SIM_HOUR, 8, EVENT(COMPONENT_SMELTERS, 5),
                 (uint32_t)number, NULL);
}
