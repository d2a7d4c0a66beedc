#include "../../sim/ledger.h"
#include "../suite.h"
#include "provoke.h"

static const struct sim_account accounts[] = {
    {"yard", true}, {"furnace", true}, {"customers", false}, {"abroad", false}};
static const char *const quantities[] = {"metal (g)", "iron (g)", "money (fen)"};
static const struct sim_ledger_form form = {accounts, 4, quantities, 3};
enum { YARD, FURNACE, CUSTOMERS, ABROAD };

static uint64_t next(uint64_t *state) /* a linear congruence is random enough to shuffle moves */
{
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *state >> 33;
}

static void every_quantity_sums_to_zero_whatever_is_moved(void)
{
    struct sim_ledger ledger;
    CU_ASSERT_TRUE_FATAL(sim_ledger_init(&ledger, &form));
    uint64_t state = 2385;
    for (int i = 0; i < 100000; i++) {
        size_t from = next(&state) % 4, to = next(&state) % 4, quantity = next(&state) % 3;
        sim_ledger_move(&ledger, from, to, quantity, (int64_t)next(&state) - (INT64_C(1) << 30));
    }
    bool moved = false;
    for (size_t q = 0; q < 3; q++) {
        int64_t sum = 0;
        for (size_t a = 0; a < 4; a++) {
            sum += sim_ledger_balance(&ledger, a, q);
            moved |= sim_ledger_balance(&ledger, a, q) != 0;
        }
        CU_ASSERT_EQUAL(sum, 0);
    }
    CU_ASSERT_TRUE(moved);
    sim_ledger_clear(&ledger);
    CU_ASSERT_PTR_NULL(ledger.balances);
    sim_ledger_clear(&ledger);
}

static void moves_change_two_accounts(void)
{
    struct sim_ledger ledger;
    CU_ASSERT_TRUE_FATAL(sim_ledger_init(&ledger, &form));
    const int64_t amounts[] = {2385, 17, -93};
    sim_ledger_move_all(&ledger, ABROAD, YARD, amounts, 3);
    sim_ledger_move_all(&ledger, YARD, FURNACE, amounts, 2);
    sim_ledger_move(&ledger, FURNACE, FURNACE, 0, 999);
    sim_ledger_move(&ledger, FURNACE, CUSTOMERS, 0, 385);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, ABROAD, 0), -2385);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, ABROAD, 2), 93);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, YARD, 0), 0);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, YARD, 2), -93);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, FURNACE, 0), 2000);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, FURNACE, 1), 17);
    CU_ASSERT_EQUAL(sim_ledger_balance(&ledger, CUSTOMERS, 0), 385);
    sim_ledger_clear(&ledger);
}

static void the_audit_finds_what_is_missing_inside(void)
{
    struct sim_ledger ledger;
    CU_ASSERT_TRUE_FATAL(sim_ledger_init(&ledger, &form));
    sim_ledger_move_all(&ledger, ABROAD, YARD, (const int64_t[]){500, 40, 3}, 3);
    int64_t counted[12] = {500, 40, 3}, errors[3] = {0};
    char text[100] = "untouched";
    CU_ASSERT_TRUE(sim_ledger_audit(&ledger, counted, errors, text, sizeof text));
    CU_ASSERT_STRING_EQUAL(text, "untouched");
    counted[CUSTOMERS * 3] = 77; /* outside: not compared */
    CU_ASSERT_TRUE(sim_ledger_audit(&ledger, counted, errors, text, sizeof text));
    counted[YARD * 3 + 1] = 33;
    counted[FURNACE * 3 + 1] = 5;
    counted[FURNACE * 3 + 2] = -2;
    CU_ASSERT_FALSE(sim_ledger_audit(&ledger, counted, errors, text, sizeof text));
    CU_ASSERT_STRING_EQUAL(text, "iron (g), yard: ledger 40, counted 33");
    CU_ASSERT(errors[0] == 0 && errors[1] == 12 && errors[2] == 2);
    CU_ASSERT_FALSE(sim_ledger_audit(&ledger, counted, errors, NULL, 0));
    CU_ASSERT(errors[1] == 24 && errors[2] == 4);
    char few[5];
    CU_ASSERT_FALSE(sim_ledger_audit(&ledger, counted, errors, few, sizeof few));
    CU_ASSERT_STRING_EQUAL(few, "iron");
    sim_ledger_clear(&ledger);
}

static void huge_errors_stop_at_the_largest_number(void)
{
    struct sim_ledger ledger;
    CU_ASSERT_TRUE_FATAL(sim_ledger_init(&ledger, &form));
    sim_ledger_move(&ledger, ABROAD, YARD, 0, INT64_MAX);
    int64_t counted[12] = {INT64_MIN}, errors[3] = {0};
    char text[100];
    CU_ASSERT_FALSE(sim_ledger_audit(&ledger, counted, errors, text, sizeof text));
    CU_ASSERT_EQUAL(errors[0], INT64_MAX);
    CU_ASSERT_FALSE(sim_ledger_audit(&ledger, counted, errors, text, sizeof text));
    CU_ASSERT_EQUAL(errors[0], INT64_MAX);
    sim_ledger_clear(&ledger);
}

static void with_ledger(void (*use)(struct sim_ledger *))
{
    struct sim_ledger ledger;
    if (sim_ledger_init(&ledger, &form))
        use(&ledger);
    sim_ledger_clear(&ledger);
}

static void overflow_taker(struct sim_ledger *ledger)
{
    sim_ledger_move(ledger, ABROAD, YARD, 0, INT64_MAX);
    sim_ledger_move(ledger, CUSTOMERS, YARD, 0, 1);
}

static void overflow_giver(struct sim_ledger *ledger)
{
    sim_ledger_move(ledger, ABROAD, YARD, 0, INT64_MAX);
    sim_ledger_move(ledger, ABROAD, FURNACE, 0, 2);
}

static void unknown_account(struct sim_ledger *ledger)
{
    sim_ledger_move(ledger, YARD, 4, 0, 1);
}

static void unknown_quantity(struct sim_ledger *ledger)
{
    sim_ledger_move(ledger, YARD, FURNACE, 3, 1);
}

static void too_many_quantities(struct sim_ledger *ledger)
{
    sim_ledger_move_all(ledger, YARD, FURNACE, (const int64_t[4]){0}, 4);
}

static void unknown_balance(struct sim_ledger *ledger)
{
    sim_ledger_balance(ledger, 4, 0);
}

static void call_overflow_taker(void)
{
    with_ledger(overflow_taker);
}

static void call_overflow_giver(void)
{
    with_ledger(overflow_giver);
}

static void call_unknown_account(void)
{
    with_ledger(unknown_account);
}

static void call_unknown_quantity(void)
{
    with_ledger(unknown_quantity);
}

static void call_too_many_quantities(void)
{
    with_ledger(too_many_quantities);
}

static void call_unknown_balance(void)
{
    with_ledger(unknown_balance);
}

static void empty_form(void)
{
    const struct sim_ledger_form empty = {accounts, 0, quantities, 3};
    struct sim_ledger ledger;
    sim_ledger_init(&ledger, &empty);
}

static void wrong_moves_abort(void)
{
    CU_ASSERT(provoke_abort(call_overflow_taker, "1 of metal (g) from customers to yard"));
    CU_ASSERT(provoke_abort(call_overflow_giver, "2 of metal (g) from abroad to furnace"));
    CU_ASSERT(provoke_abort(call_unknown_account, "account 0 to 4"));
    CU_ASSERT(provoke_abort(call_unknown_quantity, "quantity 3"));
    CU_ASSERT(provoke_abort(call_too_many_quantities, "4 quantities"));
    CU_ASSERT(provoke_abort(call_unknown_balance, "account 4, quantity 0"));
    CU_ASSERT(provoke_abort(empty_form, "an empty ledger"));
}

static bool init_starved(void)
{
    struct sim_ledger ledger;
    bool made = sim_ledger_init(&ledger, &form);
    sim_ledger_clear(&ledger);
    return made;
}

static void no_memory_is_told(void)
{
    if (PROVOKE_SANITIZED) {
        suite_skip("the sanitizer's heap cannot be exhausted");
        return;
    }
    CU_ASSERT(provoke_starved(init_starved) > 0);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"every quantity sums to zero", every_quantity_sums_to_zero_whatever_is_moved},
        {"moves change two accounts", moves_change_two_accounts},
        {"the audit finds what is missing", the_audit_finds_what_is_missing_inside},
        {"huge errors stop at the largest number", huge_errors_stop_at_the_largest_number},
        {"wrong moves abort", wrong_moves_abort},
        {"no memory is told", no_memory_is_told},
        CU_TEST_INFO_NULL,
    };
    return suite_run("sim_ledger", tests);
}
