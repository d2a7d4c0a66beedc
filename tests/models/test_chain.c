/* The whole chain: the same for any number of threads, books that balance, nothing negative, and
 * answers to steps that die away. No run has policies. */
#include "whole.h"

#include "../../sim/team.h"
#include "../suite.h"

/* ---- replicates through chain_run */

struct replicate {
    struct fixture f;
    struct chain_scenario *scenario;
    struct sim_layout layout;
    struct sim_result result;
    enum sim_status status;
};

static struct replicate *open_replicate(void)
{
    struct replicate *r = calloc(1, sizeof *r);
    sim_require(r, "memory");
    fixture_open(&r->f);
    return r;
}

/* From 2019 to the end of `months` months after `first`, detail included. */
static void run(struct replicate *r, int first, size_t months, const struct chain_request *request)
{
    struct fixture *f = &r->f;
    enum sim_status status =
        chain_scenario_create(&r->scenario, f->config, &f->tables, &f->policies, &f->errors);
    sim_require(status == SIM_OK, "%s", f->errors.count ? f->errors.lines[0] : "scenario");
    sim_require(
        sim_layout_init(&r->layout, chain_components, COMPONENTS, first, months, 1990, 30) &&
            sim_result_init(&r->result, 0, request->replicate, r->layout.size),
        "memory");
    r->result.detail = true;
    r->status = chain_run(r->scenario, &r->layout, request, &r->result);
}

static void close_replicate(struct replicate *r)
{
    sim_result_clear(&r->result);
    sim_layout_clear(&r->layout);
    chain_scenario_destroy(r->scenario);
    fixture_close(&r->f);
    free(r);
}

static double value(const struct replicate *r, const char *name, size_t step, size_t cell)
{
    const struct sim_variable *v = sim_layout_find(&r->layout, name);
    sim_require(v && step < v->steps && cell < v->cells, "%s", name);
    return r->result.values[v->offset + step * v->cells + cell];
}

/* Sums and points of what is never negative; these may be. */
static bool may_be_negative(const char *name)
{
    static const char *const signed_ones[] = {"lme_basis", "avoided_emissions", "futures_basis"};
    for (size_t i = 0; i < SIM_COUNT(signed_ones); i++) {
        if (strcmp(signed_ones[i], name) == 0)
            return true;
    }
    return strstr(name, "margin") != NULL;
}

/* Balances are zero in all months, amounts are neither negative nor missing. */
static void check_values(const struct replicate *r)
{
    for (size_t v = 0; v < r->layout.count; v++) {
        const struct sim_variable *variable = &r->layout.variables[v];
        const struct sim_output *output = variable->output;
        bool signless = !may_be_negative(output->name);
        size_t negative = 0, missing = 0;
        for (size_t i = 0; i < variable->steps * variable->cells; i++) {
            double x = r->result.values[variable->offset + i];
            bool sum = output->reduce == SIM_REDUCE_SUM;
            missing += isinf(x) || (isnan(x) && sum);
            negative += signless && x < 0;
        }
        if (negative || missing)
            printf("%s: %zu negative, %zu missing\n", output->name, negative, missing);
        CU_ASSERT_EQUAL(negative, 0);
        CU_ASSERT_EQUAL(missing, 0);
    }
    for (size_t m = 0; m < r->layout.months; m++) {
        for (size_t ledger = 0; ledger < LEDGERS; ledger++)
            CU_ASSERT_EQUAL(value(r, "balance_error", m, ledger), 0);
        CU_ASSERT(value(r, "output", m, 0) > 1e5);
        CU_ASSERT(value(r, "primary_price", m, 0) > 8000);
        CU_ASSERT(value(r, "lots", m, 0) > 0 && value(r, "events", m, 0) > 0);
    }
}

/* Sums over a dimension equal the national variable. */
static void check_sums(const struct replicate *r)
{
    static const struct {
        const char *whole, *parts;
    } pairs[] = {{"output", "output_by_alloy"},
                 {"output", "output_by_form"},
                 {"output", "output_by_province"},
                 {"capacity", "capacity_by_province"},
                 {"plants", "plants_by_province"},
                 {"old_scrap_collected", "scrap_collected_by_province"},
                 {"old_scrap_collected", "old_scrap_by_sector"},
                 {"scrap_imports", "imports_by_province"},
                 {"scrap_imports", "imports_by_origin"},
                 {"molten_output", "molten_output_by_province"}};
    for (size_t p = 0; p < SIM_COUNT(pairs); p++) {
        const struct sim_variable *parts = sim_layout_find(&r->layout, pairs[p].parts);
        CU_ASSERT_PTR_NOT_NULL(parts);
        for (size_t m = 0; parts && m < r->layout.months; m++) {
            double sum = 0, whole = value(r, pairs[p].whole, m, 0);
            for (size_t c = 0; c < parts->cells; c++)
                sum += value(r, pairs[p].parts, m, c);
            if (fabs(sum - whole) > 1e-6 * whole + 1e-3)
                printf("%s %g, %s %g in month %zu\n", pairs[p].whole, whole, pairs[p].parts, sum,
                       m);
            CU_ASSERT_DOUBLE_EQUAL(sum, whole, 1e-6 * whole + 1e-3);
        }
    }
}

/* One thread and teams of 1 to 4: the same bits, the same trace. Another seed and another
 * replicate: others. */
static void test_threads(void)
{
    enum { MONTHS = 3 };
    struct replicate *alone = open_replicate();
    run(alone, 0, MONTHS, &(struct chain_request){.seed = 7, .replicate = 3});
    CU_ASSERT_EQUAL(alone->status, SIM_OK);
    check_values(alone);
    check_sums(alone);
    for (int threads = 1; threads <= 4; threads++) {
        struct sim_team *team = sim_team_create(threads);
        sim_require(team, "memory");
        struct replicate *r = open_replicate();
        run(r, 0, MONTHS, &(struct chain_request){.seed = 7, .replicate = 3, .team = team});
        CU_ASSERT_EQUAL(r->status, SIM_OK);
        CU_ASSERT_EQUAL(r->result.trace_hash, alone->result.trace_hash);
        CU_ASSERT_EQUAL(r->result.events, alone->result.events);
        CU_ASSERT_EQUAL(
            memcmp(r->result.values, alone->result.values, alone->layout.size * sizeof(double)), 0);
        close_replicate(r);
        sim_team_destroy(team);
    }
    static const uint64_t other[][2] = {{8, 3}, {7, 4}};
    for (size_t k = 0; k < SIM_COUNT(other); k++) {
        struct replicate *r = open_replicate();
        run(r, 0, MONTHS, &(struct chain_request){.seed = other[k][0], .replicate = other[k][1]});
        CU_ASSERT_NOT_EQUAL(r->result.trace_hash, alone->result.trace_hash);
        CU_ASSERT_NOT_EQUAL(value(r, "output", 2, 0), value(alone, "output", 2, 0));
        double ratio = value(r, "output", 2, 0) / value(alone, "output", 2, 0);
        CU_ASSERT(ratio > 0.7 && ratio < 1.4);
        close_replicate(r);
    }
    close_replicate(alone);
}

/* A spin-up that is not reported changes nothing of what is. */
static void test_spin_up(void)
{
    struct replicate *all = open_replicate(), *last = open_replicate();
    run(all, 0, 3, &(struct chain_request){.seed = 7});
    run(last, 2, 1, &(struct chain_request){.seed = 7});
    CU_ASSERT_EQUAL(all->result.events, last->result.events);
    for (size_t v = 0; v < all->layout.count; v++) {
        const struct sim_variable *a = &all->layout.variables[v], *b = &last->layout.variables[v];
        if (a->output->axis == SIM_AXIS_HISTORY)
            continue;
        CU_ASSERT_EQUAL(memcmp(&all->result.values[a->offset + 2 * a->cells],
                               &last->result.values[b->offset], a->cells * sizeof(double)),
                        0);
    }
    close_replicate(all);
    close_replicate(last);
}

/* Grams that vanish in 2021 stop the run, and it says what is missing, where and when. Coarse lots:
 * two years must pass. */
static void test_broken_balance(void)
{
    struct replicate *r = open_replicate();
    fixture_set(&r->f, "resolution.trucks_per_lot", 50);
    run(r, 12, 14, &(struct chain_request){.seed = 7, .break_metal = 5});
    CU_ASSERT_EQUAL(r->status, SIM_BALANCE);
    const struct sim_failure *failure = &r->result.failure;
    CU_ASSERT_EQUAL(failure->status, SIM_BALANCE);
    static const char *const parts[] = {"metal",      "hub",    "Beijing",
                                        "2021-02-01", "ledger", "counted"};
    for (size_t i = 0; i < SIM_COUNT(parts); i++) {
        if (!strstr(failure->text, parts[i]))
            printf("no '%s' in: %s\n", parts[i], failure->text);
        CU_ASSERT_PTR_NOT_NULL(strstr(failure->text, parts[i]));
    }
    CU_ASSERT_EQUAL(failure->time, sim_month_start(25));
    /* The months before are there, and of the one that failed the error itself. */
    CU_ASSERT_EQUAL(value(r, "balance_error", 11, LEDGER_METAL), 0);
    CU_ASSERT(value(r, "balance_error", 12, LEDGER_METAL) > 0);
    CU_ASSERT(isnan(value(r, "output", 13, 0)));
    close_replicate(r);
}

static void test_stopped(void)
{
    struct replicate *r = open_replicate();
    volatile int stop = 1;
    run(r, 0, 2, &(struct chain_request){.seed = 7, .stop = &stop});
    CU_ASSERT_EQUAL(r->status, SIM_STOPPED);
    CU_ASSERT_EQUAL(r->result.failure.status, SIM_STOPPED);
    CU_ASSERT(r->result.failure.text[0] != '\0');
    close_replicate(r);
}

/* ---- answers to steps: all prices constant, no seasons */

enum { LAST = 48, STEP_MONTH = 18 };

struct shock {
    double a00, demand; /* factors, for good, from July 2020 on */
};

static void push(struct whole *w, struct place *place, const struct sim_event *event)
{
    const struct shock *shock = w->seen;
    unsigned c = event->kind >> 8;
    if (place->index != NATION || event->time < sim_month_start(STEP_MONTH) ||
        (c != COMPONENT_PRIMARY && c != COMPONENT_STOCK))
        return;
    struct board_nation *nation = &place_board_today(place)->nation;
    if (c == COMPONENT_STOCK) {
        for (int s = 0; s < SECTORS; s++)
            nation->consumption[s] *= shock->demand;
        return;
    }
    double rise = (shock->a00 - 1) * nation->a00;
    nation->a00 += rise;
    nation->lme *= shock->a00;
    nation->metal[METAL_A00] += rise;
    nation->metal[METAL_AL9985] += rise;
    for (int a = 0; a < ALLOYS; a++)
        nation->alternative[a] += rise; /* made of nearly a tonne of it */
}

struct series {
    double ratio[LAST], output[LAST], rate[LAST], price[LAST];
};

static void steps(struct shock shock, int months, struct series *series)
{
    struct whole *w = whole_open();
    fixture_set(&w->f, "calendar.seasons", 0);
    fixture_set(&w->f, "primary.constant", 1);
    fixture_set(&w->f, "resolution.trucks_per_lot", 10);
    w->seen = &shock;
    w->after = push;
    whole_start(w, 3);
    for (int m = 0; m < months; m++) {
        fixture_month(&w->f);
        size_t step = (size_t)m;
        series->price[m] =
            fixture_value(&w->f, "scrap_price", step, (size_t)TIER_HUB * GRADES + GRADE_MIXED_CAST);
        series->ratio[m] = series->price[m] / fixture_value(&w->f, "primary_price", step, 0);
        series->output[m] = fixture_value(&w->f, "output", step, 0);
        series->rate[m] = fixture_value(&w->f, "operating_rate", step, 0);
    }
    whole_close(w);
}

/* Standard deviation around the straight line through x[from .. from + 11], over the mean. */
static double unrest(const double *x, int from)
{
    double mean = 0, slope = 0, sum = 0;
    for (int m = 0; m < 12; m++)
        mean += x[from + m] / 12;
    for (int m = 0; m < 12; m++)
        slope += (m - 5.5) * (x[from + m] - mean) / 143;
    for (int m = 0; m < 12; m++) {
        double rest = x[from + m] - mean - slope * (m - 5.5);
        sum += rest * rest;
    }
    return sqrt(sum / 11) / mean;
}

/* Standard deviation over the mean, trend included. */
static double spread(const double *x, int from)
{
    double mean = 0, sum = 0;
    for (int m = 0; m < 12; m++)
        mean += x[from + m] / 12;
    for (int m = 0; m < 12; m++)
        sum += (x[from + m] - mean) * (x[from + m] - mean);
    return sqrt(sum / 11) / mean;
}

/* No cycle that grows: the second year after the step is calmer than the first, or as calm as a
 * year can be. */
static void check_step(struct shock shock, const struct series *base, struct series *after)
{
    steps(shock, STEP_MONTH + 26, after);
    double first = unrest(after->ratio, STEP_MONTH + 1);
    double second = unrest(after->ratio, STEP_MONTH + 13);
    double rate = unrest(after->rate, STEP_MONTH + 13);
    CU_ASSERT(second < fmax(first, 0.01));
    CU_ASSERT(second < 0.015);
    CU_ASSERT(rate < fmax(unrest(after->rate, STEP_MONTH + 1), 0.05));
    /* Nothing moves before the step. */
    for (int m = 0; m < STEP_MONTH; m++)
        CU_ASSERT_EQUAL(after->output[m], base->output[m]);
}

/* Nothing from outside changes but slow growth: prices are at rest, below 1 % a month, in 2022.
 * Then the steps: scrap follows A00 in full; more demand is met by more secondary metal, from
 * dearer scrap. */
static void test_steps(void)
{
    struct series base, dearer, more;
    steps((struct shock){1, 1}, LAST, &base);
    CU_ASSERT(spread(base.ratio, LAST - 12) < 0.01);
    CU_ASSERT(unrest(base.output, LAST - 12) < 0.06);
    check_step((struct shock){1.1, 1}, &base, &dearer);
    check_step((struct shock){1, 1.1}, &base, &more);
    int end = STEP_MONTH + 25;
    CU_ASSERT_DOUBLE_EQUAL(dearer.price[end] / base.price[end], 1.1, 0.03);
    double usual = 0, raised = 0; /* one month's output is noisy */
    for (int m = STEP_MONTH + 2; m <= end; m++) {
        usual += base.output[m];
        raised += more.output[m];
    }
    if (!(raised > usual))
        printf("output %g, with more demand %g\n", usual, raised);
    CU_ASSERT(raised > usual);
    CU_ASSERT(more.ratio[end] > base.ratio[end]);
}

int main(void)
{
    CU_TestInfo tests[] = {{"threads", test_threads},
                           {"spin-up", test_spin_up},
                           {"a broken balance", test_broken_balance},
                           {"stopped", test_stopped},
                           {"rest and steps", test_steps},
                           CU_TEST_INFO_NULL};
    return suite_run("chain", tests);
}
