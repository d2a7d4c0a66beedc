#include "../../models/matrix.h"
#include "../../models/stock.h"
#include "../suite.h"
#include "fixture.h"

static int province(const char *name)
{
    return (int)sim_dimension_find(&labels_province, name);
}

static void test_provinces(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    double old = 0, cap19 = 0, cap24 = 0, cast = 0;
    int deltas = 0, inland = 0;
    for (int p = 0; p < PROVINCES; p++) {
        const struct world_province *x = &f.world->province[p];
        old += x->old_scrap_share;
        cap19 += x->capacity_2019_t;
        cap24 += x->capacity_2024_t;
        cast += x->cast_demand_share;
        deltas += x->delta;
        inland += x->inland;
        CU_ASSERT(x->grid_t_mwh > 0.05 && x->grid_t_mwh < 1);
    }
    CU_ASSERT_DOUBLE_EQUAL(old, 1, 0.002);
    CU_ASSERT_DOUBLE_EQUAL(cast, 1, 0.002);
    CU_ASSERT_DOUBLE_EQUAL(cap19, 12.4e6, 1);
    CU_ASSERT_DOUBLE_EQUAL(cap24, 23.0e6, 0.1e6);
    CU_ASSERT_EQUAL(deltas, 10);
    CU_ASSERT_EQUAL(inland, 20);
    fixture_close(&f);
}

static void test_distances(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    const struct world *w = f.world;
    /* Shanghai to Nanjing is 268 km as the crow flies; Guangzhou to Urumqi 3,280 km. */
    CU_ASSERT_DOUBLE_EQUAL(w->km[province("Shanghai")][province("Jiangsu")], 1.3 * 268, 6);
    CU_ASSERT_DOUBLE_EQUAL(w->km[province("Guangdong")][province("Xinjiang")], 1.3 * 3280, 40);
    for (int i = 0; i < PROVINCES; i++) {
        CU_ASSERT_EQUAL(w->km[i][i], 60);
        for (int j = 0; j < PROVINCES; j++) {
            double km = w->km[i][j], road = 0.4 * km + 45, rail = 0.18 * km + 150;
            CU_ASSERT_DOUBLE_EQUAL(km, w->km[j][i], 1e-9 * km);
            CU_ASSERT_DOUBLE_EQUAL(w->freight[i][j], fmin(road, rail), 1e-9);
            CU_ASSERT_DOUBLE_EQUAL(w->freight_kg_t[i][j], km * (road <= rail ? 0.065 : 0.01), 1e-9);
            CU_ASSERT(world_days(w, i, j) >= 1 && world_days(w, i, j) < 10);
        }
    }
    world_weights(f.world, 100, 200);
    CU_ASSERT_DOUBLE_EQUAL(w->freight_weight[0][0], exp(-69.0 / 100), 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(w->alloy_weight[0][0], exp(-69.0 / 200), 1e-12);
    fixture_close(&f);
}

static void test_trucks(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    f.world->trucks_per_lot = 10;
    CU_ASSERT_EQUAL(world_trucks(f.world, 0), 1);
    CU_ASSERT_EQUAL(world_trucks(f.world, NAN), 1);
    CU_ASSERT_EQUAL(world_trucks(f.world, 1e9), 10);
    for (double rate = 0.1; rate < 40; rate += 0.37) {
        int k = world_trucks(f.world, rate);
        CU_ASSERT(k >= 1 && k <= 10);
        CU_ASSERT((k - 1) / (2 * rate) <= 0.25);
        CU_ASSERT(k == 10 || k / (2 * rate) > 0.25); /* the largest such k */
    }
    fixture_close(&f);
}

static void test_grades(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    const struct world_grade *feed = f.world->feed;
    for (int c = 0; c < FEEDS; c++) {
        double sum = 0;
        for (int e = 0; e < ELEMENTS; e++)
            sum += feed[c].composition[e];
        CU_ASSERT(sum > 0 && sum < 0.2);
        CU_ASSERT(feed[c].recoverable > 0.9 && feed[c].recoverable <= 1);
        CU_ASSERT(feed[c].melt_loss >= 0.01 && feed[c].melt_loss < 0.051);
        CU_ASSERT(feed[c].price_ratio > 0.85 && feed[c].price_ratio < 1);
        CU_ASSERT_EQUAL(feed[feed[c].grade].wrought, feed[c].wrought);
        CU_ASSERT(c >= GRADES || feed[c].grade == c);
    }
    /* 0.7825 of A00 gross at a yield of 0.86; UBC is quoted without VAT. */
    CU_ASSERT_DOUBLE_EQUAL(feed[GRADE_THERMAL_BREAK].price_ratio, 0.7825 / 0.86, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(feed[GRADE_UBC].price_ratio, 0.755 * 1.13 / 0.88, 1e-9);
    CU_ASSERT_EQUAL(feed[GRADE_WHEELS].same_alloy, ALLOY_A356);
    CU_ASSERT_EQUAL(feed[GRADE_SHEET_OLD].same_alloy, -1);
    /* What sorting does: less iron, less scatter, less dirt, worth more. */
    for (int c = GRADES; c < FEEDS; c++) {
        const struct world_grade *raw = &feed[feed[c].grade];
        CU_ASSERT(feed[c].composition[ELEMENT_FE] < raw->composition[ELEMENT_FE]);
        CU_ASSERT(feed[c].relative_sd < raw->relative_sd);
        CU_ASSERT(feed[c].nonmetal < raw->nonmetal);
        CU_ASSERT(feed[c].melt_loss < raw->melt_loss);
        CU_ASSERT_DOUBLE_EQUAL(feed[c].price_ratio - raw->price_ratio, 0.0175, 1e-9);
    }
    CU_ASSERT_DOUBLE_EQUAL(feed[FEED_THERMAL_BREAK_SORTED].composition[ELEMENT_FE], 0.0028, 1e-4);
    fixture_close(&f);
}

static void test_alloys(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    for (int a = 0; a < ALLOYS; a++) {
        const struct world_alloy *alloy = &f.world->alloy[a];
        CU_ASSERT_EQUAL(alloy->cast, a < (int)CAST_ALLOYS);
        for (int e = 0; e < ELEMENTS; e++) {
            CU_ASSERT(alloy->min[e] >= 0 && alloy->min[e] <= alloy->typical[e]);
            CU_ASSERT(alloy->typical[e] <= alloy->max[e] && alloy->max[e] <= 1);
        }
    }
    CU_ASSERT_DOUBLE_EQUAL(f.world->alloy[ALLOY_STRUCTURAL].max[ELEMENT_FE], 0.0012, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.world->alloy[ALLOY_ADC12].typical[ELEMENT_SI], 0.107, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(f.world->alloy[ALLOY_1350].max[ELEMENT_SI], 0.001, 1e-12);
    fixture_close(&f);
}

/* Day of the least factor of a year, from the start of that year. */
static int trough(const float *factor, int year)
{
    int first = world_day(sim_time_from_date((struct sim_date){year, 1, 1})), best = first;
    for (int d = first; d < first + 365; d++)
        best = factor[d] < factor[best] ? d : best;
    return best - first;
}

static void test_seasons(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    /* Days of the year of the Spring Festivals of 2023 (22 January), 2024 and 2026 (17 February).
     */
    const int years[] = {2023, 2024, 2026}, days[] = {21, 40, 47};
    for (int s = 0; s < SEASONS; s++) {
        for (int year = 2019; year <= 2060; year++) {
            int first = world_day(sim_time_from_date((struct sim_date){year, 1, 1}));
            int next = world_day(sim_time_from_date((struct sim_date){year + 1, 1, 1}));
            double sum = 0;
            for (int d = first; d < next; d++)
                sum += (double)f.world->season[s][d];
            CU_ASSERT_DOUBLE_EQUAL(sum / (next - first), 1, 1e-6);
        }
        for (size_t i = 0; i < SIM_COUNT(years); i++)
            CU_ASSERT(abs(trough(f.world->season[s], years[i]) - days[i] - 4) <= 2);
    }
    for (size_t i = 0; i < SIM_COUNT(years); i++)
        CU_ASSERT_EQUAL(trough(f.world->plant_activity, years[i]), days[i] + 4);
    /* Autumn's peak above summer's dip. */
    int first = world_day(sim_time_from_date((struct sim_date){2025, 1, 1}));
    CU_ASSERT(f.world->season[SEASON_VEHICLES][first + 319] >
              f.world->season[SEASON_VEHICLES][first + 196]);
    fixture_close(&f);
    fixture_open(&f);
    fixture_set(&f, "calendar.seasons", 0);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    for (int d = 0; d < WORLD_DAYS; d++) {
        for (int s = 0; s < SEASONS; s++)
            CU_ASSERT_DOUBLE_EQUAL((double)f.world->season[s][d], 1, 1e-6);
        CU_ASSERT_EQUAL((double)f.world->plant_activity[d], 1);
    }
    fixture_close(&f);
}

static void test_fit(void)
{
    /* A prior that already meets the margins stays; others meet both, and keep odds ratios. */
    double cells[6] = {0.2, 0.1, 0.1, 0.1, 0.3, 0.2}, rows[2] = {0.25, 0.75},
           columns[3] = {0.3, 0.3, 0.4};
    double odds = cells[0] * cells[4] / (cells[1] * cells[3]);
    CU_ASSERT(matrix_fit(cells, 2, 3, rows, columns) < 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(cells[0] + cells[1] + cells[2], 0.25, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(cells[1] + cells[4], 0.3, 1e-9);
    CU_ASSERT_DOUBLE_EQUAL(cells[0] * cells[4] / (cells[1] * cells[3]), odds, 1e-9 * odds);
    /* Margins that the support cannot meet. */
    double diagonal[4] = {1, 0, 0, 1}, half[2] = {0.5, 0.5}, other[2] = {0.3, 0.7};
    CU_ASSERT(matrix_fit(diagonal, 2, 2, half, other) > 0.1);
}

static void test_sector_matrices(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    double collected[SECTORS], shares[GRADES], grades[GRADES] = {0}, all = 0;
    CU_ASSERT_FATAL(stock_collected(f.world, 2024, collected));
    matrix_grade_shares(f.world, shares);
    for (int s = 0; s < SECTORS; s++) {
        double row = 0, alloys = 0;
        all += collected[s];
        for (int g = 0; g < GRADES; g++) {
            row += f.world->sector_grade[s][g];
            grades[g] += collected[s] * f.world->sector_grade[s][g];
        }
        for (int a = 0; a < ALLOYS; a++)
            alloys += f.world->sector_alloy[s][a];
        CU_ASSERT_DOUBLE_EQUAL(row, 1, 1e-9);
        CU_ASSERT_DOUBLE_EQUAL(alloys, 1, 1e-9);
    }
    for (int g = 0; g < GRADES; g++)
        CU_ASSERT_DOUBLE_EQUAL(grades[g] / all, shares[g], 1e-6);
    CU_ASSERT_DOUBLE_EQUAL(shares[GRADE_SHEET_OLD], 0.14, 1e-9);
    CU_ASSERT_EQUAL(shares[GRADE_TURNINGS], 0);
    fixture_close(&f);
}

/* Secondary use of 2024 by sector, Mt: consumption x share of assumptions.tsv. */
static void test_cast_share(void)
{
    struct fixture f;
    fixture_open(&f);
    CU_ASSERT_EQUAL_FATAL(fixture_world(&f), SIM_OK);
    const double use[SECTORS] = {2.84 * 0.60, 3.71 * 0.20, 5.62 * 0.42, 11.9 * 0.135, 6.37 * 0.11,
                                 5.04 * 0.11, 3.90 * 0.38, 3.96 * 0.22, 5.32 * 0.11,  2.03 * 0.16};
    double cast = 0, all = 0;
    for (int s = 0; s < SECTORS; s++) {
        all += use[s];
        for (int a = 0; a < (int)CAST_ALLOYS; a++)
            cast += use[s] * f.world->sector_alloy[s][a];
    }
    CU_ASSERT(cast / all > 0.58 && cast / all < 0.68);
    fixture_close(&f);
}

/* Each spoilt table gives an error that names the file. */
static void check_error(struct fixture *f, const char *file, const char *text)
{
    CU_ASSERT_EQUAL(fixture_world(f), SIM_BAD_DATA);
    bool found = false;
    for (size_t i = 0; i < f->errors.count; i++)
        found = found || (strstr(f->errors.lines[i], file) && strstr(f->errors.lines[i], text));
    CU_ASSERT(found);
    fixture_close(f);
}

static void test_errors(void)
{
    struct fixture f;
    fixture_open(&f);
    fixture_text(fixture_find(&f, "provinces.tsv"), 3, 0, "Atlantis");
    check_error(&f, "provinces.tsv", "Shanxi");
    fixture_open(&f);
    struct sim_table *provinces = fixture_find(&f, "provinces.tsv");
    for (size_t i = 0; i < provinces->rows; i++)
        provinces->number[i * provinces->row->column_count + 4] = 0;
    check_error(&f, "provinces.tsv", "no capacity");
    fixture_open(&f);
    fixture_text(fixture_find(&f, "grade_pools.tsv"), 0, 0, "unobtainium");
    check_error(&f, "scrap_classes.tsv", "unobtainium");
    fixture_open(&f);
    fixture_text(fixture_find(&f, "grade_pools.tsv"), 0, 1, "extrusion_blue");
    check_error(&f, "grade_pools.tsv", "extrusion_blue");
    fixture_open(&f);
    fixture_text(fixture_find(&f, "sorted_classes.tsv"), 0, 0, "ubc");
    check_error(&f, "sorted_classes.tsv", "not a sorted class");
    fixture_open(&f);
    fixture_text(fixture_find(&f, "alloys.tsv"), 0, 0, "ADC13");
    check_error(&f, "alloys.tsv", "ADC12");
    fixture_open(&f);
    struct sim_table *alloys = fixture_find(&f, "alloys.tsv");
    alloys->number[1] = 99; /* Si_min of ADC12 */
    check_error(&f, "alloys.tsv", "min above max");
    fixture_open(&f);
    fixture_text(fixture_find(&f, "calendar.tsv"), 5, 2, "2024-02-30");
    check_error(&f, "calendar.tsv", "not a date");
    fixture_open(&f);
    fixture_text(fixture_find(&f, "calendar.tsv"), 5, 0, "winter");
    check_error(&f, "calendar.tsv", "no spring_festival of 2024");
    fixture_open(&f);
    struct sim_table *calendar = fixture_find(&f, "calendar.tsv");
    fixture_text(calendar, calendar->rows - 1, 2, "1 2 3");
    check_error(&f, "calendar.tsv", "twelve");
    fixture_open(&f);
    calendar = fixture_find(&f, "calendar.tsv");
    fixture_text(calendar, calendar->rows - 1, 0, "season_nothing");
    check_error(&f, "calendar.tsv", "no item");
    fixture_open(&f);
    fixture_find(&f, "sector_alloy.tsv")->number[2] = 0.3;
    check_error(&f, "sector_alloy.tsv", "sum to");
    fixture_open(&f);
    fixture_find(&f, "sector_grade_prior.tsv")->number[2] = -1;
    check_error(&f, "sector_grade_prior.tsv", "at least 0");
    fixture_open(&f);
    struct sim_table *prior = fixture_find(&f, "sector_grade_prior.tsv");
    for (size_t i = 0; i < prior->rows; i++) {
        if (strcmp(sim_table_text(prior, i, 1), "ubc") == 0)
            prior->number[i * prior->row->column_count + 2] = 0;
    }
    check_error(&f, "sector_grade_prior.tsv", "cannot be met");
}

int main(void)
{
    CU_TestInfo tests[] = {{"provinces", test_provinces},
                           {"distances", test_distances},
                           {"trucks per lot", test_trucks},
                           {"grades", test_grades},
                           {"alloys", test_alloys},
                           {"seasons", test_seasons},
                           {"iterative proportional fitting", test_fit},
                           {"sector matrices meet both margins", test_sector_matrices},
                           {"cast share of secondary use", test_cast_share},
                           {"spoilt tables", test_errors},
                           CU_TEST_INFO_NULL};
    return suite_run("world", tests);
}
