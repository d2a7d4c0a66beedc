/* Reading a results file back, and the headline numbers against ones worked out by hand. */
#include "../../output/reader.h"
#include "../../output/summary.h"
#include "../suite.h"
#include "fixture.h"

#include <hdf5.h>

static const char *const alloys[] = {"A356", "ADC12"};
static const char *const tiers[] = {"collector", "hub"};
static const char *const grades[] = {"wire", "mixed_cast", "ubc"};
static const char *const scopes[] = {"scope1", "scope2", "scope3"};
static const struct sim_dimension alloy = {"alloy", "alloy", 2, alloys};
static const struct sim_dimension tier = {"tier", "tier", 2, tiers};
static const struct sim_dimension grade = {"grade", "grade", 3, grades};
static const struct sim_dimension scope = {"scope", "scope", 3, scopes};

enum variable { OUTPUT, CAPACITY, PRIMARY, A00, ALLOY, SCRAP, USE, SCOPE, VARIABLES };

/* No scrap_imports and others: what a file lacks must be said, not invented. */
static const struct sim_output outputs[VARIABLES] = {
    {.name = "output", .unit = "t", .long_name = "output", .method = SIM_METHOD_SUM},
    {.name = "capacity", .unit = "t/yr", .long_name = "capacity", .method = SIM_METHOD_POINT},
    {.name = "primary_output", .unit = "t", .long_name = "primary", .method = SIM_METHOD_SUM},
    {.name = "primary_price", .unit = "CNY/t", .long_name = "A00", .method = SIM_METHOD_MEAN},
    {.name = "alloy_price",
     .unit = "CNY/t",
     .long_name = "price",
     .dims = {&alloy},
     .method = SIM_METHOD_MEAN},
    {.name = "scrap_price",
     .unit = "CNY/t",
     .long_name = "price",
     .dims = {&tier, &grade},
     .method = SIM_METHOD_MEAN},
    {.name = "scrap_use_by_grade",
     .unit = "t",
     .long_name = "use",
     .dims = {&grade},
     .method = SIM_METHOD_SUM},
    {.name = "emissions_by_scope",
     .unit = "t CO2e",
     .long_name = "emissions",
     .dims = {&scope},
     .method = SIM_METHOD_SUM},
};
static const struct sim_component component = {
    .name = "chain", .doc = "for tests", .outputs = outputs, .output_count = VARIABLES};
static const struct sim_component *const components[] = {&component};

static double sample(enum variable v, size_t month, size_t cell, double r)
{
    static const double prices[] = {1, 2, 3, 14000, 15000, 16000}; /* collector, then hub */
    static const double uses[] = {10, 30, 0};
    switch (v) {
    case OUTPUT:
        return 800000 + 10000 * r + 1000 * (double)(month / 12);
    case CAPACITY:
        return 1.6e7 + (month % 12 == 11 ? 6e5 : 0);
    case PRIMARY:
        return 3.5e6;
    case A00: /* a month without a quotation is left out of the mean */
        return month % 12 == 3 ? (double)NAN : 20000;
    case ALLOY:
        return cell == 1 ? 19000 : 1;
    case SCRAP: /* ubc has no price: its use must not count */
        return cell == 5 ? (double)NAN : prices[cell];
    case USE:
        return cell == 2 ? 99 : uses[cell];
    case SCOPE:
        return (double)(cell + 1) * 1e5;
    case VARIABLES:
        break;
    }
    return 0;
}

/* Two whole years and three months more; six replicates of seven are done in each scenario. */
static void write_file(struct fixture *f, size_t months)
{
    fixture_open_of(f, "summary", components, months);
    struct output_log *log = fixture_log(f, 0, 1);
    for (uint32_t s = 0; s < 2; s++) {
        for (uint64_t r = FIXTURE_FIRST; r < FIXTURE_LAST; r++) {
            struct sim_result result;
            sim_require(sim_result_init(&result, s, r, f->layout.size), "no memory");
            result.detail = output_plan_detail(f->plan, r);
            result.failure.status = r == 4 ? SIM_MODEL : SIM_OK;
            for (size_t i = 0; i < f->layout.count; i++) {
                const struct sim_variable *v = &f->layout.variables[i];
                for (size_t k = 0; k < v->steps * v->cells; k++)
                    result.values[v->offset + k] =
                        sample((enum variable)i, k / v->cells, k % v->cells, (double)r + 100 * s);
            }
            CU_ASSERT_EQUAL(output_log_append(log, &result), SIM_OK);
            sim_result_clear(&result);
        }
    }
    CU_ASSERT_EQUAL(output_log_destroy(log), SIM_OK);
    CU_ASSERT_EQUAL(fixture_merge(f, f->file), SIM_OK);
}

static const struct output_summary_row *row_of(const struct output_summary *summary,
                                               const char *key)
{
    for (size_t i = 0; i < summary->row_count; i++) {
        if (strcmp(summary->rows[i].key, key) == 0)
            return &summary->rows[i];
    }
    sim_require(false, "no row %s", key);
}

/* The band at (scenario, year). float32 in the file: seven digits. */
static void expect(const struct output_summary *summary, const char *key, size_t scenario,
                   size_t year, double median)
{
    const struct output_summary_row *row = row_of(summary, key);
    CU_ASSERT_FATAL(row->present);
    const struct output_band *band = &row->bands[scenario * summary->year_count + year];
    CU_ASSERT_EQUAL(band->count, 6);
    CU_ASSERT_DOUBLE_EQUAL(band->median, median, 2e-6 * fabs(median));
    CU_ASSERT(band->low <= band->median && band->median <= band->high);
}

static void test_headline(void)
{
    struct fixture f;
    write_file(&f, 27);
    struct output_reader *reader;
    struct output_summary summary;
    CU_ASSERT_EQUAL_FATAL(output_reader_open(&reader, f.file, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL_FATAL(output_summary_make(&summary, reader, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(summary.year_count, 2); /* the third is not whole */
    CU_ASSERT_EQUAL(summary.years[0], 2020);
    CU_ASSERT_EQUAL(summary.years[1], 2021);
    CU_ASSERT_EQUAL(summary.done[1], 6);
    /* replicates 2, 3, 5, 6, 7, 8: median 5.5 */
    double output = 12 * (800000 + 55000 + 1000);
    expect(&summary, "output", 0, 1, output * 1e-6);
    expect(&summary, "output", 1, 1, (output + 12e6) * 1e-6);
    expect(&summary, "capacity", 0, 0, 16.6);
    expect(&summary, "operating_rate", 0, 1, output / (1.6e7 + 5e4));
    expect(&summary, "a00_price", 0, 0, 20000);
    expect(&summary, "adc12_ratio", 0, 0, 0.95);
    expect(&summary, "scrap_ratio_mixed_cast", 0, 0, 0.75);
    expect(&summary, "scrap_ratio", 0, 0, (10 * 14000 + 30 * 15000) / 40.0 / 20000);
    /* the median of six ratios lies between those of replicates 5 and 6 */
    expect(&summary, "emissions_scope2", 0, 1, (2e5 / 851000 + 2e5 / 861000) / 2);
    const struct output_band *band = &row_of(&summary, "output")->bands[0];
    CU_ASSERT_DOUBLE_EQUAL(band->low, 12 * (800000 + 10000 * 2.25) * 1e-6, 1e-5);
    CU_ASSERT_DOUBLE_EQUAL(band->high, 12 * (800000 + 10000 * 7.75) * 1e-6, 1e-5);
    const struct output_summary_row *row = row_of(&summary, "scrap_imports");
    CU_ASSERT(!row->present && !row->bands);
    CU_ASSERT_STRING_EQUAL(row->missing, "scrap_imports");
    output_summary_clear(&summary);
    output_reader_close(reader);
    fixture_close(&f);
}

static void test_short(void)
{
    struct fixture f;
    write_file(&f, 11);
    struct output_reader *reader;
    struct output_summary summary;
    CU_ASSERT_EQUAL_FATAL(output_reader_open(&reader, f.file, &f.errors), SIM_OK);
    CU_ASSERT_EQUAL(output_summary_make(&summary, reader, &f.errors), SIM_BAD_DATA);
    CU_ASSERT(fixture_said(&f.errors, "no year is complete"));
    output_reader_close(reader);
    fixture_close(&f);
}

static void test_fields(void)
{
    struct fixture f;
    write_file(&f, 27);
    struct output_reader *reader;
    CU_ASSERT_EQUAL_FATAL(output_reader_open(&reader, f.file, &f.errors), SIM_OK);
    CU_ASSERT_STRING_EQUAL(output_reader_title(reader), "The baseline");
    CU_ASSERT_STRING_EQUAL(output_reader_source(reader), "remelt 0.1.0");
    CU_ASSERT_STRING_EQUAL(output_reader_scenario(reader, 1), "再生铝");
    const struct output_field *field = output_reader_field(reader, "scrap_price");
    CU_ASSERT_FATAL(field != NULL);
    CU_ASSERT(output_reader_field(reader, "scrap_price") == field);
    CU_ASSERT_EQUAL(field->rank, 5);
    CU_ASSERT_STRING_EQUAL(field->dims[0], "scenario");
    CU_ASSERT_STRING_EQUAL(field->dims[4], "grade");
    CU_ASSERT_STRING_EQUAL(field->units, "CNY/t");
    CU_ASSERT_EQUAL(field->cells, 27 * 6);
    double *values = malloc(field->cells * sizeof *values);
    CU_ASSERT(output_reader_values(reader, field, 1, 2, values, &f.errors)); /* failed: all fill */
    CU_ASSERT(isnan(values[4]));
    CU_ASSERT(output_reader_values(reader, field, 1, 3, values, &f.errors));
    CU_ASSERT_EQUAL(values[6 * 26 + 4], 15000);
    CU_ASSERT(isnan(values[5]));
    CU_ASSERT(!output_reader_values(reader, field, 1, 7, values, &f.errors)); /* no such one */
    free(values);
    CU_ASSERT_EQUAL(output_reader_label(reader, "alloy", "ADC12"), 1);
    CU_ASSERT_EQUAL(output_reader_label(reader, "alloy", "6063"), SIZE_MAX);
    CU_ASSERT_EQUAL(output_reader_label(reader, "time", "6063"), SIZE_MAX);
    CU_ASSERT_PTR_NULL(output_reader_field(reader, "scrap_imports"));
    CU_ASSERT_PTR_NULL(output_reader_field(reader, "status")); /* not shaped (s, r, time) */
    output_reader_close(reader);
    fixture_close(&f);
}

static void test_band(void)
{
    const double values[] = {1.5, 2.5, 4.5, 8.5};
    struct output_band band = output_summary_band(values, 4);
    CU_ASSERT_DOUBLE_EQUAL(band.median, 3.5, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(band.low, 1.65, 1e-12);
    CU_ASSERT_DOUBLE_EQUAL(band.high, 7.9, 1e-12);
    band = output_summary_band(values, 1);
    CU_ASSERT_EQUAL(band.low, 1.5);
    CU_ASSERT_EQUAL(band.high, 1.5);
    CU_ASSERT(isnan(output_summary_band(values, 0).median));
}

static void refused(struct fixture *f, const char *path, enum sim_status status, const char *said)
{
    struct output_reader *reader;
    CU_ASSERT_EQUAL(output_reader_open(&reader, path, &f->errors), status);
    CU_ASSERT_PTR_NULL(reader);
    CU_ASSERT(fixture_said(&f->errors, said));
    fixture_forget(f);
}

/* Everything a user may hand over by mistake. */
static void test_refused(void)
{
    struct fixture f;
    write_file(&f, 27);
    char path[400];
    snprintf(path, sizeof path, "%s/other", f.folder);
    refused(&f, path, SIM_NO_INPUT, "cannot open it");
    refused(&f, f.folder, SIM_BAD_DATA, "not an HDF5 file");
    CU_ASSERT_EQUAL(output_disk_put(path, "remelt: 1\n", 10, &f.errors), SIM_OK);
    refused(&f, path, SIM_BAD_DATA, "not an HDF5 file");
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    H5Fclose(file);
    refused(&f, path, SIM_BAD_DATA, "not a results file");
    file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    hid_t space = H5Screate(H5S_SCALAR);
    hid_t attribute =
        H5Acreate2(file, "results_version", H5T_STD_I32LE, space, H5P_DEFAULT, H5P_DEFAULT);
    int version = OUTPUT_RESULTS_VERSION;
    H5Awrite(attribute, H5T_NATIVE_INT, &version);
    H5Fflush(file, H5F_SCOPE_GLOBAL);
    refused(&f, path, SIM_BAD_DATA, "no coordinate \"scenario\"");
    version++;
    H5Awrite(attribute, H5T_NATIVE_INT, &version);
    H5Aclose(attribute);
    H5Sclose(space);
    H5Fclose(file);
    refused(&f, path, SIM_BAD_DATA, "results_version");
    fixture_close(&f);
}

/* Cut off anywhere, a file gives a message or, where only its end is gone, readable parts. */
static void test_truncated(void)
{
    struct fixture f;
    write_file(&f, 27);
    struct stat about;
    CU_ASSERT_EQUAL(stat(f.file, &about), 0);
    for (int k = 31; k >= 0; k--) {
        struct output_reader *reader;
        struct output_summary summary;
        CU_ASSERT_EQUAL(truncate(f.file, about.st_size * k / 32), 0);
        enum sim_status status = output_reader_open(&reader, f.file, &f.errors);
        if (status == SIM_OK && output_summary_make(&summary, reader, &f.errors) == SIM_OK)
            output_summary_clear(&summary);
        output_reader_close(reader);
        CU_ASSERT(f.errors.count > 0);
        CU_ASSERT_EQUAL(f.errors.worst, SIM_BAD_DATA);
        fixture_forget(&f);
    }
    fixture_close(&f);
}

int main(void)
{
    CU_TestInfo tests[] = {{"headline numbers", test_headline},
                           {"no whole year", test_short},
                           {"fields and labels", test_fields},
                           {"bands", test_band},
                           {"refused files", test_refused},
                           {"truncated files", test_truncated},
                           CU_TEST_INFO_NULL};
    return suite_run("output summary", tests);
}
