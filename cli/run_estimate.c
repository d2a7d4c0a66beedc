#include "run_estimate.h"

#include "progress.h"

#include <math.h>
#include <string.h>

/* Events of a simulated year and seconds they take on one thread: of what lots of several trucks
 * share, and of the rest (heats, ladles' tours, prices). Measured with the baseline at 1 and 10
 * trucks a lot on a 2-core machine, as is memory: of a replicate, and of what all share. */
static const double EVENTS_LOTS = 3.6e6, EVENTS_OTHER = 2.0e6;
static const double SECONDS_LOTS = 1.2, SECONDS_OTHER = 2.1;
static const double REPLICATE_BYTES = 10e6, SHARED_BYTES = 20e6;
/* A results file without samples, and how much of the samples compression leaves. */
static const double FILE_BYTES = 0.6e6, COMPRESSED = 0.35;

enum { SPIN_UP_MONTHS = 12 };

static double trucks_per_lot(const struct sim_config *config)
{
    struct sim_param_ref ref;
    if (!sim_config_find(config, "resolution.trucks_per_lot", &ref))
        return 1;
    return fmax(1, sim_config_number(config, ref));
}

/* Doubles of one replicate that are kept in the file. */
static double kept(const struct output_plan *plan)
{
    double sum = 0;
    for (size_t i = 0; i < plan->variable_count; i++) {
        double values = (double)(plan->variables[i].steps * plan->variables[i].cells);
        double share = 1;
        if (plan->variables[i].output->axis == SIM_AXIS_DETAIL)
            share = fmin(1, (double)plan->detail / (double)(plan->last - plan->first));
        sum += share * values * (plan->variables[i].output->wide ? 8 : 4);
    }
    return sum;
}

struct run_estimate run_estimate(const struct run_batch *batch)
{
    const struct run_options *o = batch->options;
    struct sim_plan plan = run_batch_tasks(batch, NULL);
    struct run_estimate e = {.tasks = sim_plan_tasks(&plan),
                             .variables = batch->plan->variable_count};
    double years = (double)(o->months + SPIN_UP_MONTHS) / 12, events = 0, seconds = 0;
    for (size_t i = 0; i < batch->count; i++) {
        double trucks = trucks_per_lot(batch->scenarios[i]->config);
        events += years * (EVENTS_OTHER + EVENTS_LOTS / trucks);
        seconds += years * (SECONDS_OTHER + SECONDS_LOTS / trucks);
    }
    double busy = fmin(o->threads, (double)e.tasks);
    /* The last round of a batch leaves threads idle. */
    double rounds = busy > 0 ? ceil((double)e.tasks / busy) : 0;
    e.events = events / (double)batch->count * (double)e.tasks;
    e.seconds = seconds / (double)batch->count * rounds;
    e.memory = SHARED_BYTES + busy * (REPLICATE_BYTES + 8 * (double)batch->layout.size);
    e.disk = FILE_BYTES + COMPRESSED * kept(batch->plan) * (double)e.tasks * o->parts;
    return e;
}

void run_estimate_print(FILE *out, const struct run_batch *batch, const char *file)
{
    const struct run_options *o = batch->options;
    struct run_estimate e = run_estimate(batch);
    char span[64], duration[32];
    fprintf(out, "results     %s\nscenarios   ", file);
    for (size_t i = 0; i < batch->count; i++)
        fprintf(out, "%s%s", i ? ", " : "", batch->scenarios[i]->name);
    fprintf(out, "\nreplicates  %llu to %llu, seed %llu\n", (unsigned long long)o->first,
            (unsigned long long)o->last - 1, (unsigned long long)o->seed);
    fprintf(out, "time        %s\nvariables   %zu\nthreads     %d\n", run_batch_span(batch, span),
            e.variables, o->threads);
    if (o->parts > 1)
        fprintf(out, "part        %u of %u\n", o->part + 1, o->parts);
    fprintf(out,
            "runs        %llu\nevents      about %.2g\nduration    about %s\n"
            "memory      about %.0f MB\ndisk        about %.1f MB, and as much for parts\n",
            (unsigned long long)e.tasks, e.events, progress_duration(e.seconds, duration),
            1e-6 * e.memory, 1e-6 * e.disk);
}
