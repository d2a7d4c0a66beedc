/* What a results file says about its own making: texts, parameters, tables, failures. */
#include "../sim/time.h"
#include "file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void text_dataset(struct output_file *file, hid_t group, const char *name,
                         const char *long_name, const char *const *texts, size_t count, hid_t scale)
{
    hid_t dataset = output_h5_texts(&file->h5, group, name, texts, count);
    output_h5_text(&file->h5, dataset, "long_name", long_name);
    output_h5_attach(&file->h5, dataset, scale, 0);
    output_h5_release(dataset);
}

static const char *field(const struct output_scenario *scenario, size_t number)
{
    const char *const fields[] = {scenario->title, scenario->description, scenario->text,
                                  scenario->resolved};
    return fields[number];
}

static void scenarios(struct output_file *file)
{
    static const char *const names[] = {"title", "description", "text", "resolved"};
    static const char *const long_names[] = {
        "title", "what the scenario assumes and why", "full text, with what it extends",
        "every parameter and policy with its value; loads as a scenario"};
    const struct output_plan *plan = file->plan;
    hid_t group = output_h5_group(&file->h5, "scenarios");
    const char **texts = malloc(plan->scenario_count * sizeof *texts);
    if (!texts)
        output_h5_fail(&file->h5, "out of memory for", "scenarios");
    for (size_t k = 0; texts && k < sizeof names / sizeof *names; k++) {
        for (size_t s = 0; s < plan->scenario_count; s++)
            texts[s] = field(&plan->scenarios[s], k);
        text_dataset(file, group, names[k], long_names[k], texts, plan->scenario_count,
                     file->scenario);
    }
    free(texts);
    output_h5_release(group);
}

static void describe(struct output_file *file, hid_t dataset, const struct output_parameter *p)
{
    struct output_h5 *h5 = &file->h5;
    if (p->type != SIM_PARAM_TYPE_CHOICE) {
        output_h5_text(h5, dataset, "units", p->unit);
        if (isfinite(p->min))
            output_h5_values(h5, dataset, "valid_min", H5T_IEEE_F64LE, &p->min, 1);
        if (isfinite(p->max))
            output_h5_values(h5, dataset, "valid_max", H5T_IEEE_F64LE, &p->max, 1);
    }
    output_h5_text(h5, dataset, "long_name", p->doc);
    output_h5_text(h5, dataset, "source", p->source);
    output_h5_attach(h5, dataset, file->scenario, 0);
    if (p->type == SIM_PARAM_TYPE_PATH)
        output_h5_attach(h5, dataset, file->time, 1);
    if (p->dimension)
        output_h5_attach(h5, dataset, file->dimensions[p->dimension - file->plan->dimensions], 1);
}

/* A time path as its value at the start of each month; the points themselves are in /scenarios. */
static double *path_values(const struct output_plan *plan, const struct output_parameter *p)
{
    double *values = malloc(plan->scenario_count * plan->months * sizeof *values);
    for (size_t s = 0; values && s < plan->scenario_count; s++) {
        for (size_t m = 0; m < plan->months; m++) {
            double year = sim_year(sim_month_start(plan->first_month + (int)m));
            values[s * plan->months + m] = sim_path_at(&p->curves[s], year);
        }
    }
    return values;
}

static void number_parameter(struct output_file *file, hid_t group,
                             const struct output_parameter *p)
{
    const struct output_plan *plan = file->plan;
    bool path = p->type == SIM_PARAM_TYPE_PATH;
    size_t width = path ? plan->months : p->dimension ? p->dimension->count : 1;
    double *values = path ? path_values(plan, p) : p->numbers;
    if (!values) {
        output_h5_fail(&file->h5, "out of memory for", p->path);
        return;
    }
    struct output_h5_shape shape = {.rank = path || p->dimension ? 2 : 1,
                                    .size = {plan->scenario_count, width},
                                    .chunked = path,
                                    .chunk = {1, width}};
    if (plan->scenario_count > 1)
        shape.chunk[0] = plan->scenario_count < 60 ? plan->scenario_count : 60;
    hid_t dataset = output_h5_dataset(&file->h5, group, p->path, H5T_IEEE_F64LE, &shape, NULL);
    output_h5_write(&file->h5, dataset, H5T_NATIVE_DOUBLE, values);
    if (path)
        free(values);
    describe(file, dataset, p);
    output_h5_release(dataset);
}

static void parameters(struct output_file *file)
{
    const struct output_plan *plan = file->plan;
    if (!plan->parameter_count)
        return;
    hid_t group = output_h5_group(&file->h5, "parameters");
    for (size_t i = 0; i < plan->parameter_count; i++) {
        const struct output_parameter *p = &plan->parameters[i];
        if (p->type != SIM_PARAM_TYPE_CHOICE) {
            number_parameter(file, group, p);
            continue;
        }
        hid_t dataset =
            output_h5_texts(&file->h5, group, p->path, p->choices, plan->scenario_count);
        describe(file, dataset, p);
        output_h5_release(dataset);
    }
    output_h5_release(group);
}

/* Hashes as hexadecimal text, which no reader rounds. */
static void table_hashes(struct output_file *file, hid_t group, hid_t scale)
{
    const struct output_plan *plan = file->plan;
    size_t count = plan->scenario_count * plan->table_count;
    char(*digits)[17] = malloc(count * sizeof *digits);
    const char **texts = malloc(count * sizeof *texts);
    if (!digits || !texts) {
        output_h5_fail(&file->h5, "out of memory for", "provenance");
    } else {
        for (size_t s = 0; s < plan->scenario_count; s++) {
            for (size_t t = 0; t < plan->table_count; t++) {
                size_t at = s * plan->table_count + t;
                snprintf(digits[at], sizeof digits[at], "%016llx",
                         (unsigned long long)plan->tables[t].hashes[s]);
                texts[at] = digits[at];
            }
        }
        struct output_h5_shape shape = {.rank = 2,
                                        .size = {plan->scenario_count, plan->table_count}};
        hid_t dataset = output_h5_texts_shaped(&file->h5, group, "table_hash", texts, &shape);
        output_h5_text(&file->h5, dataset, "long_name",
                       "hash of the table's bytes; 0 where the scenario does not use it");
        output_h5_attach(&file->h5, dataset, file->scenario, 0);
        output_h5_attach(&file->h5, dataset, scale, 1);
        output_h5_release(dataset);
    }
    free(digits);
    free(texts);
}

static void provenance(struct output_file *file, const char *note)
{
    const struct output_plan *plan = file->plan;
    struct output_h5 *h5 = &file->h5;
    hid_t group = output_h5_group(h5, "provenance");
    output_h5_text(h5, group, "program", plan->program);
    output_h5_text(h5, group, "version", plan->version);
    output_h5_text(h5, group, "note", note);
    const char **files = malloc((plan->table_count + 1) * sizeof *files);
    if (!files) {
        output_h5_fail(h5, "out of memory for", "provenance");
    } else if (plan->table_count) {
        for (size_t t = 0; t < plan->table_count; t++)
            files[t] = plan->tables[t].file;
        hid_t scale = output_h5_texts(h5, group, "table", files, plan->table_count);
        output_h5_scale(h5, scale, "table");
        output_h5_text(h5, scale, "long_name", "data table");
        table_hashes(file, group, scale);
        output_h5_release(scale);
    }
    free(files);
    output_h5_release(group);
}

static void failures(struct output_file *file, hid_t group, const struct output_casualty *list,
                     size_t count, const char **texts, int64_t *numbers)
{
    struct output_h5 *h5 = &file->h5;
    struct output_h5_shape shape = {.rank = 1, .size = {count}};
    for (size_t i = 0; i < count; i++)
        numbers[i] = (int64_t)i;
    hid_t scale = output_h5_dataset(h5, group, "failure", H5T_STD_I64LE, &shape, NULL);
    output_h5_write(h5, scale, H5T_NATIVE_INT64, numbers);
    output_h5_scale(h5, scale, "failure");
    output_h5_text(h5, scale, "long_name", "number of the failure");
    for (size_t i = 0; i < count; i++)
        texts[i] = file->plan->scenarios[list[i].scenario].name;
    text_dataset(file, group, "failed_scenario", "its scenario", texts, count, scale);
    for (size_t i = 0; i < count; i++)
        numbers[i] = (int64_t)list[i].replicate;
    hid_t dataset = output_h5_dataset(h5, group, "failed_replicate", H5T_STD_I64LE, &shape, NULL);
    output_h5_write(h5, dataset, H5T_NATIVE_INT64, numbers);
    output_h5_text(h5, dataset, "long_name", "its replicate");
    output_h5_attach(h5, dataset, scale, 0);
    output_h5_release(dataset);
    for (size_t i = 0; i < count; i++)
        texts[i] = sim_status_text(list[i].status);
    text_dataset(file, group, "kind", "kind of failure", texts, count, scale);
    for (size_t i = 0; i < count; i++)
        texts[i] = list[i].text;
    text_dataset(file, group, "message", "what, where and when", texts, count, scale);
    output_h5_release(scale);
}

static void failure_log(struct output_file *file, const struct output_casualty *list, size_t count)
{
    struct output_h5 *h5 = &file->h5;
    hid_t group = output_h5_group(h5, "log");
    int64_t number = (int64_t)count;
    output_h5_values(h5, group, "failures", H5T_STD_I64LE, &number, 1);
    const char **texts = malloc((count + 1) * sizeof *texts);
    int64_t *numbers = malloc((count + 1) * sizeof *numbers);
    if (!texts || !numbers)
        output_h5_fail(h5, "out of memory for", "log");
    else if (count)
        failures(file, group, list, count, texts, numbers);
    free(texts);
    free(numbers);
    output_h5_release(group);
}

void output_file_groups(struct output_file *file, const struct output_casualty *casualties,
                        size_t count, const char *note)
{
    scenarios(file);
    parameters(file);
    provenance(file, note);
    failure_log(file, casualties, count);
}
