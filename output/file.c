#include "file.h"

#include "../sim/time.h"
#include "chunk.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct output_h5_shape *line(struct output_h5_shape *shape, size_t count)
{
    *shape = (struct output_h5_shape){.rank = 1, .size = {count}};
    return shape;
}

static void root_attributes(struct output_file *file)
{
    const struct output_plan *plan = file->plan;
    struct output_h5 *h5 = &file->h5;
    char text[200];
    snprintf(text, sizeof text, "%s %s", plan->program, plan->version);
    int32_t version = OUTPUT_RESULTS_VERSION;
    int64_t seed = (int64_t)plan->seed;
    output_h5_text(h5, h5->file, "Conventions", "CF-1.10");
    output_h5_text(h5, h5->file, "title", plan->title);
    output_h5_text(h5, h5->file, "source", text);
    output_h5_text(h5, h5->file, "references", plan->references);
    output_h5_values(h5, h5->file, "results_version", H5T_STD_I32LE, &version, 1);
    output_h5_values(h5, h5->file, "seed", H5T_STD_I64LE, &seed, 1);
    snprintf(text, sizeof text, "%016llx", (unsigned long long)plan->hash);
    output_h5_text(h5, h5->file, "plan_hash", text);
}

/* A coordinate of labels. */
static hid_t labels(struct output_h5 *h5, const char *name, const char *long_name,
                    const char *const *texts, size_t count)
{
    hid_t scale = output_h5_texts(h5, h5->failed ? -1 : h5->file, name, texts, count);
    output_h5_scale(h5, scale, name);
    output_h5_text(h5, scale, "long_name", long_name);
    return scale;
}

/* A coordinate of whole numbers first, first + 1, ... */
static hid_t counted(struct output_h5 *h5, hid_t place, const char *name, const char *long_name,
                     int64_t first, size_t count)
{
    int64_t *values = malloc(count * sizeof *values);
    if (!values) {
        output_h5_fail(h5, "out of memory for", name);
        return -1;
    }
    for (size_t i = 0; i < count; i++)
        values[i] = first + (int64_t)i;
    struct output_h5_shape shape;
    hid_t scale = output_h5_dataset(h5, place, name, H5T_STD_I64LE, line(&shape, count), NULL);
    output_h5_write(h5, scale, H5T_NATIVE_INT64, values);
    free(values);
    output_h5_scale(h5, scale, name);
    output_h5_text(h5, scale, "long_name", long_name);
    output_h5_text(h5, scale, "units", "1");
    return scale;
}

/* Days from 2020-01-01 to the start of a month counted since January 2019. */
static int32_t month_day(int index)
{
    int64_t epoch = sim_time_from_date((struct sim_date){2020, 1, 1});
    return (int32_t)((sim_month_start(index) - epoch) / SIM_DAY);
}

static void time_axis(struct output_file *file)
{
    struct output_h5 *h5 = &file->h5;
    size_t months = file->plan->months;
    int32_t *days = malloc(3 * months * sizeof *days);
    if (!days) {
        output_h5_fail(h5, "out of memory for", "time");
        return;
    }
    int32_t *bounds = days + months;
    for (size_t i = 0; i < months; i++) {
        days[i] = bounds[2 * i] = month_day(file->plan->first_month + (int)i);
        bounds[2 * i + 1] = month_day(file->plan->first_month + (int)i + 1);
    }
    struct output_h5_shape shape;
    file->time = output_h5_dataset(h5, h5->file, "time", H5T_STD_I32LE, line(&shape, months), NULL);
    output_h5_write(h5, file->time, H5T_NATIVE_INT32, days);
    output_h5_scale(h5, file->time, "time");
    output_h5_text(h5, file->time, "standard_name", "time");
    output_h5_text(h5, file->time, "long_name", "first day of the month");
    output_h5_text(h5, file->time, "units", "days since 2020-01-01");
    output_h5_text(h5, file->time, "calendar", "standard");
    output_h5_text(h5, file->time, "axis", "T");
    output_h5_text(h5, file->time, "bounds", "time_bnds");
    /* A dimension without coordinate, by the name that the netCDF library looks for. */
    file->bounds = output_h5_dataset(h5, h5->file, "bnds", H5T_IEEE_F32BE, line(&shape, 2), NULL);
    output_h5_scale(h5, file->bounds,
                    "This is a netCDF dimension but not a netCDF variable.         2");
    shape = (struct output_h5_shape){.rank = 2, .size = {months, 2}};
    hid_t dataset = output_h5_dataset(h5, h5->file, "time_bnds", H5T_STD_I32LE, &shape, NULL);
    output_h5_write(h5, dataset, H5T_NATIVE_INT32, bounds);
    output_h5_attach(h5, dataset, file->time, 0);
    output_h5_attach(h5, dataset, file->bounds, 1);
    output_h5_release(dataset);
    free(days);
}

static bool has_axis(const struct output_plan *plan, enum sim_axis axis)
{
    for (size_t i = 0; i < plan->variable_count; i++) {
        if (plan->variables[i].output->axis == axis)
            return true;
    }
    return false;
}

static void coordinates(struct output_file *file)
{
    const struct output_plan *plan = file->plan;
    struct output_h5 *h5 = &file->h5;
    const char **names = malloc(plan->scenario_count * sizeof *names);
    if (!names) {
        output_h5_fail(h5, "out of memory for", "scenario");
        return;
    }
    for (size_t s = 0; s < plan->scenario_count; s++)
        names[s] = plan->scenarios[s].name;
    file->scenario = labels(h5, "scenario", "scenario", names, plan->scenario_count);
    free(names);
    file->replicate = counted(h5, h5->file, "replicate", "number of the replicate",
                              (int64_t)plan->first, (size_t)(plan->last - plan->first));
    if (has_axis(plan, SIM_AXIS_DETAIL))
        file->detail = counted(h5, h5->file, "detail_replicate",
                               "number of the replicate, of those with detail by province",
                               (int64_t)plan->first, (size_t)plan->detail);
    time_axis(file);
    for (size_t i = 0; i < plan->dimension_count; i++) {
        const struct sim_dimension *d = &plan->dimensions[i];
        file->dimensions[i] = labels(h5, d->name, d->long_name, d->labels, d->count);
    }
}

/* CF cell_methods and long_name: a point is the month's (or year's) end, which names must say. */
static void describe(struct output_h5 *h5, hid_t dataset, const struct sim_output *output)
{
    static const char *const methods[] = {"point", "mean", "sum"};
    bool history = output->axis == SIM_AXIS_HISTORY;
    const char *end = history ? "year's end" : "month's end";
    char text[1000];
    bool said = output->method != SIM_METHOD_POINT || strstr(output->long_name, end);
    snprintf(text, sizeof text, "%s%s%s", output->long_name, said ? "" : ", ", said ? "" : end);
    output_h5_text(h5, dataset, "units", output->unit);
    output_h5_text(h5, dataset, "long_name", text);
    snprintf(text, sizeof text, "%s: %s", history ? "year" : "time", methods[output->method]);
    output_h5_text(h5, dataset, "cell_methods", text);
    float narrow = NAN;
    double wide = (double)NAN;
    if (output->wide)
        output_h5_values(h5, dataset, "_FillValue", H5T_IEEE_F64LE, &wide, 1);
    else
        output_h5_values(h5, dataset, "_FillValue", H5T_IEEE_F32LE, &narrow, 1);
}

static hid_t variable(struct output_file *file, hid_t place, const struct sim_variable *variable)
{
    const struct output_plan *plan = file->plan;
    const struct sim_output *output = variable->output;
    bool detail = output->axis == SIM_AXIS_DETAIL;
    struct output_chunking chunking = output_chunk_shape(variable);
    struct output_h5_shape shape = {.rank = 3, .chunked = true};
    hid_t scales[5] = {file->scenario, detail ? file->detail : file->replicate,
                       output->axis == SIM_AXIS_HISTORY ? file->year : file->time};
    shape.size[0] = plan->scenario_count;
    shape.size[1] = detail ? plan->detail : plan->last - plan->first;
    shape.size[2] = variable->steps;
    shape.chunk[0] = shape.chunk[1] = 1;
    shape.chunk[2] = chunking.steps;
    for (int k = 0; k < 2; k++) {
        if (!output->dims[k])
            continue;
        scales[shape.rank] = file->dimensions[output->dims[k] - plan->dimensions];
        shape.chunk[shape.rank] = shape.size[shape.rank] = output->dims[k]->count;
        shape.rank++;
    }
    float narrow = NAN;
    double wide = (double)NAN;
    hid_t dataset = output_h5_dataset(&file->h5, place, output->name,
                                      output->wide ? H5T_IEEE_F64LE : H5T_IEEE_F32LE, &shape,
                                      output->wide ? (const void *)&wide : &narrow);
    describe(&file->h5, dataset, output);
    for (int k = 0; k < shape.rank; k++)
        output_h5_attach(&file->h5, dataset, scales[k], (unsigned)k);
    return dataset;
}

static void variables(struct output_file *file)
{
    const struct output_plan *plan = file->plan;
    hid_t history = -1;
    if (has_axis(plan, SIM_AXIS_HISTORY)) {
        history = output_h5_group(&file->h5, "history");
        file->year =
            counted(&file->h5, history, "year", "calendar year", plan->first_year, plan->years);
    }
    for (size_t i = 0; i < plan->variable_count; i++) {
        bool old = plan->variables[i].output->axis == SIM_AXIS_HISTORY;
        file->variables[i] = variable(file, old ? history : file->h5.file, &plan->variables[i]);
    }
    output_h5_release(history);
}

void output_file_create(struct output_file *file, const struct output_plan *plan, const char *path)
{
    *file = (struct output_file){.plan = plan};
    output_h5_create(&file->h5, path);
    file->dimensions = calloc(plan->dimension_count + 1, sizeof *file->dimensions);
    file->variables = calloc(plan->variable_count + 1, sizeof *file->variables);
    if (!file->dimensions || !file->variables)
        output_h5_fail(&file->h5, "out of memory for", path);
    if (file->h5.failed)
        return;
    root_attributes(file);
    coordinates(file);
    variables(file);
}

static void put_chunk(struct output_file *file, size_t number, const hsize_t *offset,
                      const unsigned char *bytes, uint32_t length)
{
    if (file->h5.failed || !length)
        return;
    if (H5Dwrite_chunk(file->variables[number], H5P_DEFAULT, 0, offset, length, bytes) < 0)
        output_h5_fail(&file->h5, "cannot write", file->plan->variables[number].output->name);
}

void output_file_put(struct output_file *file, uint32_t scenario, uint64_t replicate, bool detail,
                     const unsigned char *payload)
{
    const struct output_plan *plan = file->plan;
    const unsigned char *lengths = payload;
    const unsigned char *bytes = payload + 4 * output_chunk_count(plan, detail);
    for (size_t i = 0; i < plan->variable_count; i++) {
        if (!output_chunk_present(&plan->variables[i], detail))
            continue;
        struct output_chunking chunking = output_chunk_shape(&plan->variables[i]);
        hsize_t offset[OUTPUT_H5_RANK] = {scenario, replicate - plan->first};
        for (size_t c = 0; c < chunking.chunks; c++) {
            uint32_t length = output_load_u32(lengths);
            offset[2] = c * chunking.steps;
            put_chunk(file, i, offset, bytes, length);
            lengths += 4;
            bytes += length;
        }
    }
}

void output_file_status(struct output_file *file, const int8_t *status, const uint64_t *hashes)
{
    static const int8_t flags[] = {0, 1, 2};
    struct output_h5 *h5 = &file->h5;
    struct output_h5_shape shape = {
        .rank = 2, .size = {file->plan->scenario_count, file->plan->last - file->plan->first}};
    hid_t dataset = output_h5_dataset(h5, h5->file, "status", H5T_STD_I8LE, &shape, NULL);
    output_h5_write(h5, dataset, H5T_NATIVE_INT8, status);
    output_h5_text(h5, dataset, "long_name", "state of the replicate");
    output_h5_text(h5, dataset, "units", "1");
    output_h5_values(h5, dataset, "flag_values", H5T_STD_I8LE, flags, 3);
    output_h5_text(h5, dataset, "flag_meanings", "pending done failed");
    output_h5_attach(h5, dataset, file->scenario, 0);
    output_h5_attach(h5, dataset, file->replicate, 1);
    output_h5_release(dataset);
    dataset = output_h5_dataset(h5, h5->file, "trace_hash", H5T_STD_U64LE, &shape, NULL);
    output_h5_write(h5, dataset, H5T_NATIVE_UINT64, hashes);
    output_h5_text(h5, dataset, "long_name",
                   "hash of all executed events and samples; equal runs have equal hashes");
    output_h5_text(h5, dataset, "units", "1");
    output_h5_attach(h5, dataset, file->scenario, 0);
    output_h5_attach(h5, dataset, file->replicate, 1);
    output_h5_release(dataset);
}

bool output_file_close(struct output_file *file)
{
    const struct output_plan *plan = file->plan;
    for (size_t i = 0; file->variables && i < plan->variable_count; i++)
        output_h5_release(file->variables[i]);
    for (size_t i = 0; file->dimensions && i < plan->dimension_count; i++)
        output_h5_release(file->dimensions[i]);
    const hid_t scales[] = {file->scenario, file->replicate, file->detail,
                            file->time,     file->bounds,    file->year};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        output_h5_release(scales[i]);
    free(file->variables);
    free(file->dimensions);
    file->variables = file->dimensions = NULL;
    output_h5_close(&file->h5);
    return !file->h5.failed;
}
