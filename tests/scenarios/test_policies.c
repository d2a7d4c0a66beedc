/* The block `policies`: fields, order, merging by id, and every way to be wrong. */
#include "../suite.h"
#include "example.h"

#include "../../sim/time.h"

static void test_fields(void)
{
    struct sim_errors errors;
    struct scenario *scenario;
    CU_ASSERT_EQUAL_FATAL(
        example_try(
            &scenario,
            "policies:\n"
            "  - {id: late, date: 2027-03-04, type: tariff, kind: far east, rate: 3 CNY/t}\n"
            "  - {id: b, date: 2019, type: ban, kind: all}\n"
            "  - {id: a, date: 2019-01-01, type: ban}\n"
            "  - {id: last, date: 2060-12-31, type: tariff, kind: ice, rate: 50, years: 9 yr}\n",
            &errors),
        SIM_OK);
    const struct sim_policies *policies = &scenario->policies;
    CU_ASSERT_EQUAL_FATAL(policies->count, 4);
    CU_ASSERT_STRING_EQUAL(policies->items[0].id, "a"); /* the same day as b */
    CU_ASSERT_STRING_EQUAL(policies->items[1].id, "b");
    CU_ASSERT_EQUAL(policies->items[0].time, 0);
    CU_ASSERT_EQUAL(policies->items[0].values[0], -1); /* a label left out is all */
    CU_ASSERT_EQUAL(policies->items[1].values[0], -1);
    const struct sim_policy *late = &policies->items[2];
    CU_ASSERT_STRING_EQUAL(late->id, "late");
    CU_ASSERT_EQUAL(late->time, sim_time_from_date((struct sim_date){2027, 3, 4}));
    CU_ASSERT_PTR_EQUAL(late->type, &example_policies[0]);
    CU_ASSERT_EQUAL(late->values[0], 2);
    CU_ASSERT_EQUAL(late->values[1], 3);
    CU_ASSERT_EQUAL(late->values[2], 2.5); /* its default */
    CU_ASSERT_STRING_EQUAL(late->origin, "top.yaml:4");
    CU_ASSERT_EQUAL(policies->items[3].values[2], 9);
    scenario_destroy(scenario);
    sim_errors_clear(&errors);
}

static struct scenario *load_two(const char *base, const char *top, struct sim_errors *errors)
{
    static const char *const names[] = {"facts.tsv", "base.yaml", "top.yaml", NULL};
    char folder[EXAMPLE_PATH_BYTES];
    struct scenario *scenario;
    example_folder(folder);
    example_write_table(folder);
    example_write(folder, "base.yaml", base);
    example_write(folder, "top.yaml", top);
    sim_errors_init(errors);
    example_load(&scenario, folder, "top.yaml", errors);
    example_remove(folder, names);
    return scenario;
}

static void test_merge(void)
{
    struct sim_errors errors;
    struct scenario *scenario =
        load_two("remelt: 1\nname: base\npolicies:\n"
                 "  - {id: a, date: 2026, type: tariff, kind: ice, rate: 3, years: 4}\n"
                 "  - {id: b, date: 2027, type: tariff, kind: nev, rate: 5}\n",
                 "remelt: 1\nname: top\nextends: base.yaml\npolicies:\n"
                 "  - {id: c, date: 2025, type: ban}\n"
                 "  - {id: a, rate: 7}\n"
                 "  - {id: b, type: ban, kind: far east}\n",
                 &errors);
    CU_ASSERT_PTR_NOT_NULL_FATAL(scenario);
    const struct sim_policy *items = scenario->policies.items;
    CU_ASSERT_EQUAL_FATAL(scenario->policies.count, 3);
    CU_ASSERT_STRING_EQUAL(items[0].id, "c");
    CU_ASSERT_STRING_EQUAL(items[1].id, "a");
    CU_ASSERT_EQUAL(items[1].time, sim_time_from_date((struct sim_date){2026, 1, 1}));
    CU_ASSERT_EQUAL(items[1].values[0], 0);
    CU_ASSERT_EQUAL(items[1].values[1], 7);
    CU_ASSERT_EQUAL(items[1].values[2], 4);
    CU_ASSERT_STRING_EQUAL(items[1].origin, "base.yaml:4, top.yaml:6");
    CU_ASSERT_STRING_EQUAL(items[2].type->name, "ban"); /* fields of its old type are dropped */
    CU_ASSERT_EQUAL(items[2].values[0], 2);
    scenario_destroy(scenario);
}

static void test_wrong_in_base(void)
{
    struct sim_errors errors;
    struct scenario *scenario =
        load_two("remelt: 1\nname: base\npolicies:\n"
                 "  - {id: a, date: 2026, type: tariff, kind: ice, rate: 300}\n",
                 "remelt: 1\nname: top\nextends: base.yaml\npolicies:\n"
                 "  - {id: a, years: 400}\n",
                 &errors);
    CU_ASSERT_PTR_NULL(scenario);
    CU_ASSERT_EQUAL(errors.count, 2);
    CU_ASSERT_TRUE(example_says(&errors, "base.yaml:4", "rate = 300"));
    CU_ASSERT_TRUE(example_says(&errors, "top.yaml:5", "years = 400"));
    sim_errors_clear(&errors);
}

static void test_refused(void)
{
    static const struct example_case cases[] = {
        {"policies: 1\n", "top.yaml:3", "must be a list"},
        {"policies: {a: 1}\n", "top.yaml:3", "must be a list"},
        {"policies: [a]\n", "top.yaml:3", "a policy is text"},
        {"policies:\n  - [a]\n", "top.yaml:4", "a policy is a list"},
        {"policies:\n  - {date: 2026, type: ban}\n", "top.yaml:4", "id = (missing)"},
        {"policies:\n  - {id: [a], date: 2026, type: ban}\n", "top.yaml:4", "id = a list"},
        {"policies:\n  - {id: A b, date: 2026, type: ban}\n", "top.yaml:4", "id = A b"},
        {"policies:\n  - {id: '', date: 2026, type: ban}\n", "top.yaml:4", "id = "},
        {"policies:\n  - {id: a123456789a123456789a123456789a123456789a123456789a123456789abcd, "
         "date: 2026, type: ban}\n",
         "top.yaml:4", "1 to 63"},
        {"policies:\n  - {id: a, date: 2026, type: ban}\n  - {id: a, date: 2027, type: ban}\n",
         "top.yaml:5", "a stands twice"},
        {"policies:\n  - {id: a, type: ban}\n", "top.yaml:4", "date is missing"},
        {"policies:\n  - {id: a, date: 2018-12-31, type: ban}\n", "top.yaml:4", "horizon"},
        {"policies:\n  - {id: a, date: 2061-01-01, type: ban}\n", "top.yaml:4", "horizon"},
        {"policies:\n  - {id: a, date: 2026-02-30, type: ban}\n", "top.yaml:4", "a day of"},
        {"policies:\n  - {id: a, date: [2026], type: ban}\n", "top.yaml:4", "date = a list"},
        {"policies:\n  - {id: a, date: 2026}\n", "top.yaml:4",
         "type = (missing): must be one of tariff, ban"},
        {"policies:\n  - {id: a, date: 2026, type: tarif}\n", "top.yaml:4", "type = tarif"},
        {"policies:\n  - {id: a, date: 2026, type: [ban]}\n", "top.yaml:4", "type = a list"},
        {"policies:\n  - {id: a, date: 2026, type: ban, rate: 1}\n", "top.yaml:4",
         "rate: unknown field; ban has kind"},
        {"policies:\n  - {id: a, date: 2026, type: ban, kind: moon}\n", "top.yaml:4",
         "kind = moon: must be one kind of ice, nev, far east, or all"},
        {"policies:\n  - {id: a, date: 2026, type: ban, kind: [ice]}\n", "top.yaml:4",
         "kind = a list"},
        {"policies:\n  - {id: a, date: 2026, type: tariff, kind: ice}\n", "top.yaml:4",
         "rate is missing"},
        {"policies:\n  - {id: a, date: 2026, type: tariff, rate: 1}\n", "top.yaml:4",
         "kind is missing"},
        {"policies:\n  - id: a\n    date: 2026\n    type: tariff\n    kind: ice\n    rate: 51\n",
         "top.yaml:8", "rate = 51: must lie in the bounds, from 0 to 50 CNY/t"},
        {"policies:\n  - {id: a, date: 2026, type: tariff, kind: ice, rate: -1}\n", "top.yaml:4",
         "from 0 to 50"},
        {"policies:\n  - {id: a, date: 2026, type: tariff, kind: ice, rate: .nan}\n", "top.yaml:4",
         "finite"},
        {"policies:\n  - {id: a, date: 2026, type: tariff, kind: ice, rate: x}\n", "top.yaml:4",
         "must be a number"},
        {"policies:\n  - {id: a, date: 2026, type: tariff, kind: ice, rate: 1 USD/t}\n",
         "top.yaml:4", "unit 'USD/t'"},
        {"policies:\n  - {id: a, date: 2026, type: ban, a1: 1, a2: 1, a3: 1, a4: 1, a5: 1, a6: 1, "
         "a7: 1}\n",
         "top.yaml:4", "10 keys"},
    };
    CU_ASSERT_EQUAL(example_refused(cases, SIM_COUNT(cases)), 0);
}

static void test_many(void)
{
    enum { POLICIES = 2001 };
    char *text = malloc(64 * POLICIES);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    struct sim_errors errors;
    struct scenario *scenario;
    for (int count = POLICIES - 1; count <= POLICIES; count++) {
        size_t used = (size_t)sprintf(text, "policies:\n");
        for (int i = 0; i < count; i++) {
            used += (size_t)sprintf(text + used, "  - {id: p%d, date: 2026, type: ban}\n", i);
        }
        enum sim_status status = example_try(&scenario, text, &errors);
        CU_ASSERT_EQUAL(status, count < POLICIES ? SIM_OK : SIM_BAD_DATA);
        scenario_destroy(scenario);
        sim_errors_clear(&errors);
    }
    free(text);
}

int main(void)
{
    CU_TestInfo tests[] = {
        {"fields", test_fields},   {"merge", test_merge}, {"wrong in the base", test_wrong_in_base},
        {"refused", test_refused}, {"many", test_many},   CU_TEST_INFO_NULL};
    return suite_run("scenarios/policies", tests);
}
