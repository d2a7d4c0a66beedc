/* Linear programmes of the model: their cost, cold and warm, and how many of them a run needs.
 *
 * The model does not count them for its results, so the components are put together here as
 * chain.c does, without samples and audits, and the desks of all plants are asked at the end. */
#include "bench_model.h"

#include "../models/frame.h"
#include "../models/market.h"
#include "../models/opening.h"
#include "../models/plants.h"
#include "../models/recipe.h"
#include "../models/sales.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RUN_MONTHS = 24,
    PROBLEMS_MAX = PROVINCES * ALLOYS,
    ROUNDS = 30, /* days on which each problem is solved */
    NOISES = 4093
};

struct assembly {
    struct world world;
    struct run run;
    struct place places[DOMAINS];
    void *states[DOMAINS];
    struct sim_engine *engine;
    double valuations; /* programmes solved to value grades */
    struct recipe_problem problems[PROBLEMS_MAX];
    struct recipe_basis bases[PROBLEMS_MAX];
    int problem_count;
    double objectives[ROUNDS * PROBLEMS_MAX]; /* of the cold solutions */
    double noise[NOISES];
};

static enum sim_status handle(struct sim_domain *domain, void *state, const struct sim_event *event,
                              const void *cargo)
{
    struct place *place = state;
    unsigned component = event->kind >> 8;
    if (component >= chain_component_count || !chain_components[component]->handle)
        return sim_fail(domain, SIM_MODEL, "event of kind %u", event->kind);
    return chain_components[component]->handle(domain, place->state[component], event, cargo);
}

static enum sim_status make_world(struct assembly *all, const struct scenario *scenario)
{
    struct sim_errors errors;
    sim_errors_init(&errors);
    const struct frame_params *frame = frame_params_of(scenario->config);
    struct world_options options = frame_options(frame);
    enum sim_status status = world_init(&all->world, &options, scenario->config, &scenario->tables,
                                        &scenario->policies, &errors);
    cli_input_errors(&errors);
    sim_errors_clear(&errors);
    if (status != SIM_OK)
        return status;
    all->world.trucks_per_lot = frame->trucks_per_lot;
    world_weights(&all->world, market_params_of(&all->world)->theta_cny_t,
                  sales_theta(&all->world));
    all->run.world = &all->world;
    return SIM_OK;
}

static enum sim_status create_components(struct assembly *all)
{
    for (size_t c = 0; c < chain_component_count; c++) {
        if (c == COMPONENT_MARKET)
            opening_board(&all->places[NATION]);
        for (int d = 0; d < DOMAINS && chain_components[c]->create; d++) {
            struct place *place = &all->places[d];
            enum sim_status status =
                chain_components[c]->create(place->domain, place->world, &place->state[c]);
            if (status != SIM_OK)
                return status;
        }
    }
    return SIM_OK;
}

static enum sim_status assemble(struct assembly *all, const struct scenario *scenario)
{
    enum sim_status status = make_world(all, scenario);
    if (status != SIM_OK)
        return status;
    for (int d = 0; d < DOMAINS; d++) {
        all->places[d] = (struct place){.world = &all->world, .run = &all->run, .index = d};
        all->states[d] = &all->places[d];
        if (!sim_ledger_init(&all->places[d].ledger, &accounts_form))
            return SIM_MEMORY;
    }
    struct sim_setup setup = {.domains = DOMAINS,
                              .lookahead = SIM_DAY,
                              .seed = 1,
                              .handler = handle,
                              .states = all->states};
    status = sim_engine_create(&all->engine, &setup);
    if (status != SIM_OK)
        return status;
    for (int d = 0; d < DOMAINS; d++)
        all->places[d].domain = sim_engine_domain(all->engine, (uint32_t)d);
    return create_components(all);
}

static void take_apart(struct assembly *all)
{
    for (int d = 0; d < DOMAINS; d++) {
        for (size_t c = 0; c < chain_component_count; c++) {
            if (chain_components[c]->destroy)
                chain_components[c]->destroy(all->places[d].state[c]);
        }
        sim_ledger_clear(&all->places[d].ledger);
    }
    sim_engine_destroy(all->engine);
    free(all);
}

/* Grades are valued where more than 3e5 t/yr of one alloy can be made, one alloy a month, each by
 * a programme with and one without (procurement.c). */
static void count_valuations(struct assembly *all, int month)
{
    int alloy = (month % 12 + 1) % ALLOYS;
    for (int d = 0; d < PROVINCES; d++) {
        if (plants_capacity_t(&all->places[d], alloy) > 3e5)
            all->valuations += 2 * GRADES;
    }
}

static double count_solves(const struct assembly *all)
{
    double solves = 0;
    for (int d = 0; d < PROVINCES; d++)
        solves += plants_of(&all->places[d])->desk.solves;
    return solves;
}

/* A plan's problem on the run's last day, as procurement.c states it for a plant without research
 * of its own. */
static struct recipe_problem problem_of(const struct place *place, const struct procurement *desk,
                                        int alloy)
{
    const struct world *world = place->world;
    const struct smelters_params *p = plants_params_of(world);
    const struct procurement_plan *plan = &desk->plan[alloy];
    struct recipe_problem problem = {.search_cost = p->search_cost,
                                     .additions = METALS,
                                     .lots_per_heat = p->lots_per_heat,
                                     .confidence = p->confidence,
                                     .slack_penalty = p->slack_penalty};
    for (int f = 0; f < FEEDS; f++) {
        const struct world_grade *class = &world->feed[f];
        problem.price[f] = desk->cost[f];
        memcpy(problem.composition[f], class->composition, sizeof problem.composition[f]);
        problem.relative_sd[f] = class->relative_sd;
        problem.melt_loss[f] = class->melt_loss;
        problem.reference[f] = 0.5 * (plan->habit[f] + desk->reference[f]);
        problem.available[f] = 1.25 * fmax(plan->habit[f], desk->reference[f]) + 0.02;
    }
    for (int m = 0; m < METALS; m++) {
        problem.addition_price[m] = place_board(place)->nation.metal[m];
        memcpy(problem.addition_composition[m], procurement_metal[m], sizeof procurement_metal[m]);
        problem.addition_loss[m] = 0.01;
    }
    for (int e = 0; e < ELEMENTS; e++) {
        bool bought = e != ELEMENT_CR && e != ELEMENT_TI && e != ELEMENT_NI && e != ELEMENT_FE;
        problem.element_recovery[e] = e == ELEMENT_MG ? p->magnesium_recovery : 0.97;
        problem.min[e] = bought ? world->alloy[alloy].min[e] : 0;
        problem.max[e] = world->alloy[alloy].max[e];
    }
    return problem;
}

static void collect_problems(struct assembly *all)
{
    for (int d = 0; d < PROVINCES; d++) {
        const struct procurement *desk = &plants_of(&all->places[d])->desk;
        for (int a = 0; a < ALLOYS; a++) {
            if (!desk->plan[a].ready)
                continue;
            all->problems[all->problem_count] = problem_of(&all->places[d], desk, a);
            all->bases[all->problem_count++] = desk->plan[a].basis;
        }
    }
    /* A day's move of prices, 0.5 %. */
    struct sim_stream stream = sim_stream_make(sim_random_key_make(1, 0), 0, 0, 0);
    for (int i = 0; i < NOISES; i++)
        all->noise[i] = 1 + 0.005 * sim_normal(&stream);
}

/* Every problem once on each of ROUNDS days; false where one has no solution. The cold pass keeps
 * its objectives, the warm one is held against them. */
static bool solve_all(struct assembly *all, bool warm, struct bench_row *row)
{
    struct recipe_solver *solver = recipe_solver_create();
    if (!solver)
        return false;
    bool good = true;
    double worst = 0, iterations = 0;
    int at = 0;
    struct bench_clocks start = bench_clocks_read();
    for (int i = 0; good && i < ROUNDS * all->problem_count; i++) {
        int number = i % all->problem_count;
        struct recipe_problem problem = all->problems[number];
        struct recipe_solution solution;
        for (int f = 0; f < FEEDS; f++, at = (at + 1) % NOISES)
            problem.price[f] *= all->noise[at];
        good = recipe_solve(solver, &problem, warm ? &all->bases[number] : NULL, &solution) !=
               RECIPE_FAILED;
        if (!warm)
            all->objectives[i] = solution.objective;
        worst = fmax(worst, fabs(solution.objective - all->objectives[i]) / all->objectives[i]);
        iterations += solution.iterations;
        row->events++;
    }
    bench_finish(row, start);
    if (!good)
        cli_error("bench", CLI_INTERNAL, "%s", recipe_solver_error(solver));
    recipe_solver_destroy(solver);
    row->correct = good && worst < 1e-9;
    snprintf(row->note, sizeof row->note, "%s, %.1f iterations, costs differ by %.0e at most",
             warm ? "from yesterday's basis" : "cold",
             iterations / (double)(row->events ? row->events : 1), worst);
    return good;
}

static enum sim_status measure(struct assembly *all, bench_report *report, void *to)
{
    struct bench_row run = {.name = "lp-share", .size = RUN_MONTHS, .threads = 1, .correct = true};
    enum sim_status status = SIM_OK;
    struct bench_clocks start = bench_clocks_read();
    for (int month = 0; status == SIM_OK && month < RUN_MONTHS; month++) {
        status = sim_engine_run(all->engine, sim_month_start(month + 1), NULL);
        count_valuations(all, month);
    }
    bench_finish(&run, start);
    if (status != SIM_OK) {
        cli_error("bench", CLI_INTERNAL, "%s", sim_engine_failure(all->engine)->text);
        return status;
    }
    collect_problems(all);
    struct bench_row cold = {.name = "lp-cold", .size = (uint64_t)all->problem_count, .threads = 1};
    struct bench_row warm = cold;
    warm.name = "lp-warm";
    if (!solve_all(all, false, &cold) || !solve_all(all, true, &warm))
        return SIM_MODEL;
    report(to, &cold);
    report(to, &warm);
    double programmes = count_solves(all) + all->valuations;
    double each = warm.cpu_seconds / (double)warm.events;
    run.events = (uint64_t)programmes;
    run.correct = programmes > 0;
    snprintf(run.note, sizeof run.note,
             "%.1f %% of 2 years' run, at %.1f us; %.0f of them value grades",
             100 * programmes * each / run.cpu_seconds, 1e6 * each, all->valuations);
    report(to, &run);
    return SIM_OK;
}

enum sim_status bench_recipe(bench_report *report, void *to)
{
    struct bench_batch bench;
    enum sim_status status = bench_batch_load(&bench, 0, 1, 1);
    struct assembly *all = status == SIM_OK ? calloc(1, sizeof *all) : NULL;
    if (status == SIM_OK && !all)
        status = SIM_MEMORY;
    if (status == SIM_OK)
        status = assemble(all, bench.batch.scenarios[0]);
    if (status == SIM_OK)
        status = measure(all, report, to);
    if (all)
        take_apart(all);
    bench_batch_clear(&bench);
    return status;
}
