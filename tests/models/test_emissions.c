#include "../../models/emissions.h"
#include "../suite.h"
#include "fixture.h"

static void test_factors(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    int64_t mid_2022 = sim_time_from_year(2022.5), mid_2030 = sim_time_from_year(2030.5);
    for (int p = 0; p < PROVINCES; p++) {
        CU_ASSERT_DOUBLE_EQUAL(emissions_grid(f.world, p, mid_2022),
                               f.world->province[p].grid_t_mwh, 1e-9);
        CU_ASSERT(emissions_grid(f.world, p, mid_2030) < emissions_grid(f.world, p, mid_2022));
        /* Remelting an ingot: 80 m3 of gas (173 kg) and 95 kWh. */
        double kg = emissions_remelting(f.world, p, mid_2022);
        CU_ASSERT_DOUBLE_EQUAL(kg, 80 * 2.162 + 95 * f.world->province[p].grid_t_mwh, 1e-9);
    }
    /* Gate to gate 0.227 t/t at the national grid factor of 2022 (technology.tsv). */
    double gate = emissions_gas(f.world, emissions_params_of(f.world)->melt_gas_m3_t) +
                  emissions_params_of(f.world)->plant_kwh_t * 0.5366;
    CU_ASSERT_DOUBLE_EQUAL(gate, 227, 1);
    CU_ASSERT(emissions_holding(f.world) < 20);
    fixture_close(&f);
}

static void test_primary(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    CU_ASSERT_DOUBLE_EQUAL(emissions_primary(f.world, sim_time_from_year(2024.5)), 10.21, 0.05);
    double last = INFINITY;
    for (int year = 2019; year <= 2060; year++) {
        double t_t = emissions_primary(f.world, sim_time_from_year(year + 0.5));
        CU_ASSERT(t_t < last && t_t > 1.8);
        last = t_t;
    }
    int64_t now = sim_time_from_year(2024.5);
    CU_ASSERT_EQUAL(emissions_metal(f.world, METAL_A00, now), emissions_primary(f.world, now));
    CU_ASSERT_EQUAL(emissions_metal(f.world, METAL_SILICON, now), 10.5);
    CU_ASSERT_EQUAL(emissions_metal(f.world, METAL_SILICON_LOW_FE, now), 10.5);
    CU_ASSERT_EQUAL(emissions_metal(f.world, METAL_COPPER, now), 4);
    CU_ASSERT_EQUAL(emissions_metal(f.world, METAL_MAGNESIUM, now), 25);
    CU_ASSERT_EQUAL(emissions_metal(f.world, METAL_MANGANESE, now), 6);
    fixture_close(&f);
}

/* What was emitted is sampled once, by scope and by province alike. */
static void test_sample(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    const int components[] = {COMPONENT_EMISSIONS};
    fixture_start(&f, components, 1, 1);
    double composition[ELEMENTS] = {0.1};
    struct lot lot = lot_make(5 * TONNE, composition, 0.02);
    place_emit(&f.places[7], &lot, ACCOUNT_HUB, SCOPE_1, 1234.5);
    place_emit(&f.places[7], &lot, ACCOUNT_HUB, SCOPE_3, 2000);
    place_emit(&f.places[30], &lot, ACCOUNT_HUB, SCOPE_2, 500.25);
    CU_ASSERT_EQUAL(lot.q[LOT_CO2], 3734750);
    fixture_month(&f);
    fixture_month(&f);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&f, "emissions_by_scope", 0, SCOPE_1), 1.2345, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&f, "emissions_by_scope", 0, SCOPE_2), 0.50025, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(fixture_value(&f, "emissions_by_province", 0, 7), 3.2345, 1e-12);
    double scopes = 0, provinces = 0;
    for (size_t s = 0; s < SCOPES; s++)
        scopes += fixture_value(&f, "emissions_by_scope", 0, s);
    for (size_t p = 0; p < PROVINCES; p++)
        provinces += fixture_value(&f, "emissions_by_province", 0, p);
    CU_ASSERT_DOUBLE_EQUAL(scopes, provinces, 1e-12);
    CU_ASSERT_EQUAL(fixture_value(&f, "emissions_by_scope", 1, SCOPE_1), 0);
    /* No plant ran: nothing was avoided. */
    CU_ASSERT_EQUAL(fixture_value(&f, "avoided_emissions", 0, 0), 0);
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"factors", test_factors},
                           {"primary and bought metals", test_primary},
                           {"month's accounts", test_sample},
                           CU_TEST_INFO_NULL};
    return suite_run("emissions", tests);
}
