/* metal_flow: what flows in less what flows out is what books gain, to the gram, in every node. */
#include "whole.h"

#include "../suite.h"

/* National balance of metal on an account, g. */
static int64_t balance(const struct whole *w, int account)
{
    int64_t sum = 0;
    for (int d = 0; d < DOMAINS; d++)
        sum += sim_ledger_balance(&w->f.places[d].ledger, (size_t)account, LOT_METAL);
    return sum;
}

static double flow(const struct whole *w, size_t step, int from, int to)
{
    return fixture_value(&w->f, "metal_flow", step, (size_t)(from * FLOWS + to));
}

static void month(struct whole *w)
{
    fixture_month(&w->f);
    frame_flows(&w->f.sample, w->f.places);
}

static void test_balance(void)
{
    static const int account[FLOWS] = {
        ACCOUNT_YARD,    ACCOUNT_HUB,      ACCOUNT_SORTING,   ACCOUNT_PORT,   ACCOUNT_FEED,
        ACCOUNT_FURNACE, ACCOUNT_FINISHED, ACCOUNT_MOTION,    ACCOUNT_IN_USE, ACCOUNT_FABRICATION,
        ACCOUNT_ABROAD,  ACCOUNT_METALS,   ACCOUNT_CUSTOMERS, ACCOUNT_LOSSES};
    struct whole *w = whole_open();
    whole_start(w, 23);
    month(w); /* opening stocks come in before it and count as moved */
    int64_t before[FLOWS];
    for (int n = 0; n < FLOWS; n++)
        before[n] = balance(w, account[n]);
    for (size_t step = 1; step < 4; step++) {
        month(w);
        double ever = 0;
        for (int n = 0; n < FLOWS; n++) {
            double in = 0, out = 0;
            for (int m = 0; m < FLOWS; m++) {
                CU_ASSERT(flow(w, step, m, n) >= 0);
                in += flow(w, step, m, n);
                out += flow(w, step, n, m);
            }
            int64_t after = balance(w, account[n]);
            /* Tonnes are written; a gram is a millionth of one. */
            CU_ASSERT_EQUAL(llround((in - out) * (double)TONNE), after - before[n]);
            before[n] = after;
            ever += in;
        }
        CU_ASSERT(ever > 1e6);
        double output = fixture_value(&w->f, "output", step, 0);
        CU_ASSERT_DOUBLE_EQUAL(flow(w, step, FLOW_FURNACES, FLOW_PRODUCTS), output, 1e-9 * output);
    }
    whole_close(w);
}

/* Each direction that the chain knows is used; metal goes no other way. */
static void test_directions(void)
{
    static const int known[][2] = {{FLOW_IN_USE, FLOW_YARDS},       {FLOW_YARDS, FLOW_TRANSIT},
                                   {FLOW_TRANSIT, FLOW_HUBS},       {FLOW_HUBS, FLOW_TRANSIT},
                                   {FLOW_TRANSIT, FLOW_SORTING},    {FLOW_SORTING, FLOW_TRANSIT},
                                   {FLOW_ABROAD, FLOW_TRANSIT},     {FLOW_TRANSIT, FLOW_PORTS},
                                   {FLOW_PORTS, FLOW_TRANSIT},      {FLOW_TRANSIT, FLOW_FEED},
                                   {FLOW_FEED, FLOW_FURNACES},      {FLOW_FURNACES, FLOW_PRODUCTS},
                                   {FLOW_PRODUCTS, FLOW_TRANSIT},   {FLOW_TRANSIT, FLOW_CUSTOMERS},
                                   {FLOW_METALS, FLOW_FURNACES},    {FLOW_FEED, FLOW_LOSSES},
                                   {FLOW_FURNACES, FLOW_LOSSES},    {FLOW_HUBS, FLOW_LOSSES},
                                   {FLOW_FABRICATION, FLOW_TRANSIT}};
    struct whole *w = whole_open();
    whole_start(w, 24);
    for (int m = 0; m < 4; m++)
        month(w);
    double sum = 0, named = 0;
    for (int n = 0; n < FLOWS * FLOWS; n++)
        sum += flow(w, 3, n / FLOWS, n % FLOWS);
    for (size_t k = 0; k < SIM_COUNT(known); k++) {
        double t = flow(w, 3, known[k][0], known[k][1]);
        if (!(t > 0))
            printf("no flow from %s to %s\n", labels_flow_from.labels[known[k][0]],
                   labels_flow_to.labels[known[k][1]]);
        CU_ASSERT(t > 0);
        named += t;
    }
    /* Shipments sent back, handling at sorting centres and molten metal that is spilt are the rest.
     */
    CU_ASSERT(named <= sum * (1 + 1e-12) && named > 0.99 * sum);
    whole_close(w);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"balance", test_balance}, {"directions", test_directions}, CU_TEST_INFO_NULL};
    return suite_run("flows", tests);
}
