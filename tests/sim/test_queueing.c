/* Queues whose answers are known: the engine, random streams, stations and time-weighted
 * statistics together. Each check compares the mean of independent replicates with theory by
 * Student's t at 1e-8 per side; there are fewer than 50, so that the family's false-alarm rate is
 * below 1e-6 at these fixed seeds. */
#include "../../sim/engine.h"
#include "../../sim/station.h"
#include "../../sim/team.h"
#include "../suite.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

enum { NODES_MAX = 3, REPLICATES = 30, ARRIVE = 1, END_SERVICE = 2, COME = 3 };
enum { PURPOSE_ARRIVAL = 1, PURPOSE_SERVICE = 2, PURPOSE_ROUTE = 3 };

enum service { EXPONENTIAL, ERLANG_3, CONSTANT };

struct node {
    uint32_t servers;
    double arrival_rate, service_rate; /* per second */
    enum service service;
    double route[NODES_MAX]; /* probabilities; what is missing leaves the network */
};

struct network {
    unsigned nodes;
    struct node node[NODES_MAX];
};

struct state {
    const struct node *node;
    unsigned nodes;
    struct sim_station station;
    uint64_t arrivals, served; /* external arrivals; services begun */
    uint64_t left;
};

static int64_t seconds(double value)
{
    return (int64_t)llround(value * 1e6);
}

static void begin_service(struct sim_domain *domain, struct state *state, uint64_t customer)
{
    uint32_t here = sim_domain_index(domain);
    struct sim_stream s = sim_stream_at(domain, here, PURPOSE_SERVICE, state->served++);
    double time = 1;
    if (state->node->service == EXPONENTIAL)
        time = sim_exponential(&s);
    else if (state->node->service == ERLANG_3)
        time = sim_gamma_int(&s, 3) / 3;
    union sim_data data = {.i = {(int64_t)customer}};
    sim_schedule(domain, sim_now(domain) + seconds(time / state->node->service_rate), 1,
                 END_SERVICE, here, &data);
}

static void come(struct sim_domain *domain, struct state *state, uint64_t customer)
{
    if (sim_station_arrive(&state->station, sim_now(domain), customer, 0))
        begin_service(domain, state, customer);
}

/* The way takes one second, the lookahead: a node with any number of servers, which leaves the
 * others' distributions as they are (Baskett, Chandy, Muntz, Palacios 1975). */
static void move_on(struct sim_domain *domain, struct state *state, uint64_t customer)
{
    struct sim_stream s =
        sim_stream_at(domain, sim_domain_index(domain), PURPOSE_ROUTE, state->left++);
    double u = sim_uniform(&s);
    for (uint32_t to = 0; to < state->nodes; to++) {
        u -= state->node->route[to];
        if (u < 0) {
            union sim_data data = {.i = {(int64_t)customer}};
            sim_send(domain, to, sim_now(domain) + SIM_SECOND, 2, COME, to, &data, NULL, 0);
            return;
        }
    }
}

static enum sim_status handle(struct sim_domain *domain, void *to, const struct sim_event *event,
                              const void *cargo)
{
    struct state *state = to;
    uint64_t next;
    (void)cargo;
    if (event->kind == ARRIVE) {
        uint32_t here = sim_domain_index(domain);
        struct sim_stream s = sim_stream_at(domain, here, PURPOSE_ARRIVAL, state->arrivals++);
        sim_schedule(domain,
                     sim_now(domain) + seconds(sim_exponential(&s) / state->node->arrival_rate), 2,
                     ARRIVE, here, NULL);
        come(domain, state, state->arrivals);
    } else if (event->kind == COME) {
        come(domain, state, (uint64_t)event->data.i[0]);
    } else {
        if (sim_station_leave(&state->station, sim_now(domain), &next))
            begin_service(domain, state, next);
        move_on(domain, state, (uint64_t)event->data.i[0]);
    }
    return SIM_OK;
}

/* Mean number at each node, after a warm-up, in one replicate. */
static void simulate(const struct network *network, uint64_t replicate, struct sim_team *team,
                     double means[NODES_MAX], double busy[NODES_MAX])
{
    static const int64_t warm_up = 2000 * SIM_SECOND, end = 42000 * SIM_SECOND;
    struct state states[NODES_MAX];
    void *pointers[NODES_MAX];
    memset(states, 0, sizeof states);
    for (unsigned i = 0; i < network->nodes; i++) {
        states[i] = (struct state){.node = &network->node[i], .nodes = network->nodes};
        sim_station_init(&states[i].station, network->node[i].servers, 0);
        pointers[i] = &states[i];
    }
    struct sim_setup setup = {.domains = network->nodes,
                              .lookahead = SIM_SECOND,
                              .seed = 5,
                              .replicate = replicate,
                              .handler = handle,
                              .states = pointers};
    struct sim_engine *engine = NULL;
    CU_ASSERT_FATAL(sim_engine_create(&engine, &setup) == SIM_OK);
    for (unsigned i = 0; i < network->nodes; i++)
        if (network->node[i].arrival_rate > 0)
            sim_schedule(sim_engine_domain(engine, i), 0, 2, ARRIVE, i, NULL);
    CU_ASSERT(sim_engine_run(engine, warm_up, team) == SIM_OK);
    for (unsigned i = 0; i < network->nodes; i++) {
        sim_statistic_reset(&states[i].station.queue_length, warm_up);
        sim_statistic_reset(&states[i].station.busy_servers, warm_up);
    }
    CU_ASSERT(sim_engine_run(engine, end, team) == SIM_OK);
    for (unsigned i = 0; i < network->nodes; i++) {
        busy[i] = sim_statistic_mean(&states[i].station.busy_servers, end);
        means[i] = busy[i] + sim_statistic_mean(&states[i].station.queue_length, end);
        sim_station_clear(&states[i].station);
    }
    sim_engine_destroy(engine);
}

static bool agrees(const double values[REPLICATES], double expected)
{
    double mean = 0, squares = 0;
    for (int i = 0; i < REPLICATES; i++)
        mean += values[i] / REPLICATES;
    for (int i = 0; i < REPLICATES; i++)
        squares += (values[i] - mean) * (values[i] - mean);
    double error = sqrt(squares / (REPLICATES - 1) / REPLICATES);
    double quantile = gsl_cdf_tdist_Qinv(1e-8, REPLICATES - 1);
    CU_ASSERT(error < 0.02 * expected); /* a check with power: 2 % */
    if (fabs(mean - expected) < quantile * error)
        return true;
    printf("  mean %g, theory %g, standard error %g\n", mean, expected, error);
    return false;
}

/* Mean number at a node with c servers, offered load a: Erlang's C formula (1917). */
static double mean_mmc(double a, uint32_t servers)
{
    double term = 1, sum = 1;
    for (uint32_t i = 1; i < servers; i++) {
        term *= a / i;
        sum += term;
    }
    double rho = a / servers, last = term * a / servers / (1 - rho);
    double waits = last / (sum + last);
    return a + waits * rho / (1 - rho);
}

/* Pollaczek (1930) and Khinchin (1932), for a squared coefficient of variation. */
static double mean_mg1(double rho, double squared_variation)
{
    return rho + rho * rho * (1 + squared_variation) / (2 * (1 - rho));
}

/* expected: mean number; load: mean number of busy servers. */
static void check(const struct network *network, int threads, const double *expected,
                  const double *load)
{
    double means[NODES_MAX][REPLICATES], busy[NODES_MAX][REPLICATES];
    struct sim_team *team = sim_team_create(threads);
    CU_ASSERT_FATAL(team != NULL);
    for (int r = 0; r < REPLICATES; r++) {
        double mean[NODES_MAX], in_service[NODES_MAX];
        simulate(network, (uint64_t)r, team, mean, in_service);
        for (unsigned i = 0; i < network->nodes; i++) {
            means[i][r] = mean[i];
            busy[i][r] = in_service[i];
        }
    }
    for (unsigned i = 0; i < network->nodes; i++) {
        CU_ASSERT(agrees(means[i], expected[i]));
        CU_ASSERT(agrees(busy[i], load[i]));
    }
    sim_team_destroy(team);
}

static void check_one(uint32_t servers, double arrival_rate, enum service service, double expected)
{
    struct network network = {.nodes = 1,
                              .node = {{.servers = servers,
                                        .arrival_rate = arrival_rate,
                                        .service_rate = 1,
                                        .service = service}}};
    check(&network, 1, &expected, &arrival_rate);
}

static void mm1(void)
{
    check_one(1, 0.7, EXPONENTIAL, 0.7 / 0.3);
}

static void mmc(void)
{
    CU_ASSERT(fabs(mean_mmc(0.7, 1) - 0.7 / 0.3) < 1e-12);
    check_one(3, 2.2, EXPONENTIAL, mean_mmc(2.2, 3));
}

static void mg1(void)
{
    check_one(1, 0.7, ERLANG_3, mean_mg1(0.7, 1.0 / 3));
    check_one(1, 0.75, CONSTANT, mean_mg1(0.75, 0));
}

/* Three nodes in three domains, with a way back: traffic 0.4 + 0.3 z = x, 0.2 + 0.5 x = y,
 * 0.4 x + 0.9 y = z, so x = (0.4 + 0.054) / (1 - 0.12 - 0.135), y, z follow (Jackson 1957). */
static void jackson(void)
{
    struct network network = {
        .nodes = 3,
        .node = {{.servers = 1, .arrival_rate = 0.4, .service_rate = 1, .route = {0, 0.5, 0.4}},
                 {.servers = 2, .arrival_rate = 0.2, .service_rate = 0.4, .route = {0, 0, 0.9}},
                 {.servers = 3, .arrival_rate = 0, .service_rate = 0.3, .route = {0.3, 0, 0}}}};
    double x = (0.4 + 0.3 * 0.9 * 0.2) / (1 - 0.3 * (0.4 + 0.9 * 0.5));
    double y = 0.2 + 0.5 * x, z = 0.4 * x + 0.9 * y;
    double load[] = {x, y / 0.4, z / 0.3};
    double expected[] = {mean_mmc(load[0], 1), mean_mmc(load[1], 2), mean_mmc(load[2], 3)};
    CU_ASSERT_FATAL(load[0] < 1 && load[1] < 2 && load[2] < 3);
    CU_ASSERT(fabs(x - 0.4 - 0.3 * z) < 1e-12);
    check(&network, 2, expected, load);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"M/M/1", mm1},
        {"M/M/c", mmc},
        {"M/G/1: Erlang and constant service", mg1},
        {"open Jackson network over three domains", jackson},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim/queueing", tests);
}
