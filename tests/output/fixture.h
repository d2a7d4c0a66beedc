/* A small model's worth of rows, with results that are random but the same for the same task. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "../../output/disk.h"
#include "../../output/index.h"
#include "../../output/log.h"
#include "../../output/merge.h"
#include "../../sim/component.h"
#include "../../sim/hash.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const fixture_sectors[] = {"cars_ice", "building", "建筑"};
static const char *const fixture_provinces[] = {"Guangdong", "Henan", "Zhejiang", "Sichuan"};
static const char *const fixture_wide[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j",
                                           "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"};
static const struct sim_dimension fixture_sector = {"sector", "end-use sector", 3, fixture_sectors};
static const struct sim_dimension fixture_province = {"province", "province", 4, fixture_provinces};
static const struct sim_dimension fixture_from = {"flow_from", "source of a flow", 20,
                                                  fixture_wide};
static const struct sim_dimension fixture_to = {"flow_to", "target of a flow", 20, fixture_wide};

static const struct sim_output fixture_outputs[] = {
    {.name = "output", .unit = "t", .long_name = "secondary aluminium", .method = SIM_METHOD_SUM},
    {.name = "capacity", .unit = "t/yr", .long_name = "capacity", .method = SIM_METHOD_POINT},
    {.name = "balance_error",
     .unit = "1",
     .long_name = "balance error",
     .method = SIM_METHOD_MEAN,
     .wide = true},
    {.name = "in_use_stock_by_sector",
     .unit = "t",
     .long_name = "in-use stock at month's end",
     .dims = {&fixture_sector},
     .method = SIM_METHOD_POINT},
    {.name = "metal_flow",
     .unit = "t",
     .long_name = "metal flow",
     .dims = {&fixture_from, &fixture_to},
     .method = SIM_METHOD_SUM},
    {.name = "output_by_province",
     .unit = "t",
     .long_name = "secondary aluminium by province",
     .dims = {&fixture_province},
     .method = SIM_METHOD_SUM,
     .axis = SIM_AXIS_DETAIL},
    {.name = "discards",
     .unit = "t",
     .long_name = "discards",
     .dims = {&fixture_sector},
     .method = SIM_METHOD_SUM,
     .axis = SIM_AXIS_HISTORY},
};

struct fixture_params {
    double melt_loss;
    int64_t plants;
    const struct sim_path *support;
    const double *shares;
    const char *rule;
};
static const double fixture_shares[] = {0.25, 0.35, 0.4};
static const double fixture_years[] = {2020, 2030}, fixture_values[] = {50, 250};
static const struct sim_path fixture_support = {SIM_LINEAR, 2, fixture_years, fixture_values};
static const char *const fixture_rules[] = {"fifo", "lifo", NULL};
static const struct sim_param fixture_rows[] = {
    SIM_PARAM_REAL(struct fixture_params, melt_loss, "smelter.melt_loss", "1", 0.025, 0, 0.2, 0.01,
                   0.05, "expert", "Metal lost in melting."),
    SIM_PARAM_INT(struct fixture_params, plants, "smelter.plants", "1", 17, 1, 1000, 10, 100,
                  "expert", "Number of plants."),
    SIM_PARAM_PATH(struct fixture_params, support, "smelter.support", "CNY/t", 0, &fixture_support,
                   0, 1000, 0, 300, "expert", "Support."),
    SIM_PARAM_VECTOR(struct fixture_params, shares, "smelter.shares", "1", &fixture_sector,
                     fixture_shares, 0, 1, 0.1, 0.9, "expert", "Shares."),
    SIM_PARAM_CHOICE(struct fixture_params, rule, "smelter.rule", fixture_rules, "expert",
                     "Queue rule."),
};
SIM_PARAMS_COVER(fixture_rows, struct fixture_params);

static const struct sim_component fixture_component = {.name = "smelter",
                                                       .doc = "a component for tests",
                                                       .params = fixture_rows,
                                                       .param_count = SIM_COUNT(fixture_rows),
                                                       .param_size = sizeof(struct fixture_params),
                                                       .outputs = fixture_outputs,
                                                       .output_count = SIM_COUNT(fixture_outputs)};
static const struct sim_component *const fixture_components[] = {&fixture_component};

enum { FIXTURE_MONTHS = 133, FIXTURE_YEARS = 30, FIXTURE_FIRST = 2, FIXTURE_LAST = 9 };

struct fixture {
    char folder[200], file[300], parts[320];
    struct sim_layout layout;
    struct sim_config *config;
    struct output_source sources[2];
    struct output_request request;
    struct output_plan *plan;
    struct sim_errors errors, notes;
};

static inline void fixture_open_of(struct fixture *f, const char *name,
                                   const struct sim_component *const *components, size_t months)
{
    *f = (struct fixture){0};
    snprintf(f->folder, sizeof f->folder, "/tmp/remelt-test-%s-XXXXXX", name);
    sim_require(mkdtemp(f->folder) != NULL, "no folder for tests");
    snprintf(f->file, sizeof f->file, "%s/r.h5", f->folder);
    snprintf(f->parts, sizeof f->parts, "%s/r.parts", f->folder);
    sim_errors_init(&f->errors);
    sim_errors_init(&f->notes);
    sim_require(sim_layout_init(&f->layout, components, 1, 12, months, 1990, FIXTURE_YEARS),
                "no layout");
    f->config = sim_config_create(components, 1);
    sim_require(f->config, "no config");
    f->sources[0] = (struct output_source){.name = "baseline",
                                           .title = "The baseline",
                                           .description = "As it is.",
                                           .text = "remelt: 1\nname: baseline\n",
                                           .resolved = "remelt: 1\n",
                                           .config = f->config};
    f->sources[1] = f->sources[0];
    f->sources[1].name = "再生铝";
    f->request = (struct output_request){.components = components,
                                         .component_count = 1,
                                         .layout = &f->layout,
                                         .sources = f->sources,
                                         .source_count = 2,
                                         .seed = 4711,
                                         .first = FIXTURE_FIRST,
                                         .last = FIXTURE_LAST,
                                         .detail_replicates = 3,
                                         .program = "remelt",
                                         .version = "0.1.0",
                                         .references = "RMI and CMRA (2025)"};
    sim_require(output_plan_create(&f->plan, &f->request, &f->errors) == SIM_OK, "no plan: %s",
                f->errors.count ? f->errors.lines[0] : "");
}

static inline void fixture_open(struct fixture *f, const char *name)
{
    fixture_open_of(f, name, fixture_components, FIXTURE_MONTHS);
}

static inline void fixture_remove(const char *folder)
{
    char command[400];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    sim_require(system(command) == 0, "cannot remove %s", folder);
}

static inline void fixture_close(struct fixture *f)
{
    output_plan_destroy(f->plan);
    sim_config_destroy(f->config);
    sim_layout_clear(&f->layout);
    sim_errors_clear(&f->errors);
    sim_errors_clear(&f->notes);
    fixture_remove(f->folder);
}

/* Value of element i of a task: reproducible, with some fill. check_open.py has the same formula.
 */
static inline double fixture_value(uint32_t scenario, uint64_t replicate, size_t i)
{
    uint64_t x = (i + 1) * UINT64_C(2654435761) + scenario * UINT64_C(40503) + replicate * 977;
    x %= UINT64_C(1000003);
    return x % 11 == 0 ? (double)NAN : (double)x / 8;
}

/* A task's result; replicate 5 of scenario 1 failed. */
static inline void fixture_result(const struct fixture *f, uint32_t scenario, uint64_t replicate,
                                  struct sim_result *result)
{
    sim_require(sim_result_init(result, scenario, replicate, f->layout.size), "no memory");
    result->detail = output_plan_detail(f->plan, replicate);
    result->trace_hash = sim_hash_bytes(scenario * 1000003u, &replicate, sizeof replicate);
    result->events = 1000 + replicate;
    if (scenario == 1 && replicate == 5) {
        result->failure.status = SIM_BALANCE;
        result->failure.time = 77;
        result->failure.domain = 3;
        snprintf(result->failure.text, sizeof result->failure.text,
                 "metal: 3 g missing in Henan on 2021-03-04");
        return;
    }
    for (size_t i = 0; i < f->layout.size; i++)
        result->values[i] = fixture_value(scenario, replicate, i);
}

static inline enum sim_status fixture_append(const struct fixture *f, struct output_log *log,
                                             uint32_t scenario, uint64_t replicate)
{
    struct sim_result result;
    fixture_result(f, scenario, replicate, &result);
    enum sim_status status = output_log_append(log, &result);
    sim_result_clear(&result);
    return status;
}

static inline uint64_t fixture_tasks(void)
{
    return 2 * (uint64_t)(FIXTURE_LAST - FIXTURE_FIRST);
}

/* Task i in order of (scenario, replicate). */
static inline enum sim_status fixture_append_task(const struct fixture *f, struct output_log *log,
                                                  uint64_t i)
{
    uint64_t replicates = FIXTURE_LAST - FIXTURE_FIRST;
    return fixture_append(f, log, (uint32_t)(i / replicates), FIXTURE_FIRST + i % replicates);
}

static inline struct output_log *fixture_log(struct fixture *f, uint32_t part, uint32_t parts)
{
    struct output_log *log;
    sim_require(output_plan_save(f->plan, f->parts, &f->errors) == SIM_OK, "%s",
                f->errors.count ? f->errors.lines[0] : "");
    sim_require(output_log_create(&log, f->plan, f->parts, part, parts, &f->errors) == SIM_OK, "%s",
                f->errors.count ? f->errors.lines[0] : "");
    return log;
}

static inline enum sim_status fixture_merge(struct fixture *f, const char *file)
{
    struct output_index *index;
    enum sim_status status =
        output_index_open(&index, f->plan, f->parts, 0, false, &f->errors, &f->notes);
    if (status == SIM_OK)
        status = output_merge(index, f->plan, file, &f->errors);
    output_index_close(index);
    return status;
}

/* True where two files have the same bytes. */
static inline bool fixture_same(const char *a, const char *b)
{
    char command[1000];
    snprintf(command, sizeof command, "cmp -s '%s' '%s'", a, b);
    return system(command) == 0;
}

/* True where some message contains the text. */
static inline bool fixture_said(const struct sim_errors *errors, const char *text)
{
    for (size_t i = 0; i < errors->count; i++) {
        if (strstr(errors->lines[i], text))
            return true;
    }
    return false;
}

static inline void fixture_forget(struct fixture *f)
{
    sim_errors_clear(&f->errors);
    sim_errors_clear(&f->notes);
}

#endif
