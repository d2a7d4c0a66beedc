#include "bench_table.h"

#include <string.h>

static double per(double amount, uint64_t count)
{
    return count ? amount / (double)count : 0;
}

/* What one thread needed for this, or NULL. */
static const struct bench_base *find_base(const struct bench_table *table,
                                          const struct bench_row *row)
{
    size_t known = table->base_count < BENCH_BASES ? table->base_count : BENCH_BASES;
    for (size_t i = 0; i < known; i++) {
        const struct bench_base *base = &table->bases[i];
        if (base->size == row->size && strcmp(base->name, row->name) == 0)
            return base;
    }
    return NULL;
}

/* How many times faster than one thread: 1 for one thread, 0 where that was not measured. */
static double speed_up(struct bench_table *table, const struct bench_row *row)
{
    const struct bench_base *base = find_base(table, row);
    if (base && row->threads > 1)
        return row->seconds > 0 ? base->seconds / row->seconds : 0;
    if (row->threads > 1)
        return 0;
    if (!base)
        table->bases[table->base_count++ % BENCH_BASES] =
            (struct bench_base){row->name, row->size, row->seconds};
    return 1;
}

/* "12.5", or "-" where there is nothing to say. */
static const char *or_dash(char text[16], int digits, double value)
{
    if (value > 0)
        snprintf(text, 16, "%.*f", digits, value);
    else
        snprintf(text, 16, "-");
    return text;
}

void bench_table_row(void *to, const struct bench_row *row)
{
    struct bench_table *out = to;
    double rate = row->seconds > 0 ? (double)row->events / row->seconds : 0;
    double nanoseconds = 1e9 * per(row->seconds, row->events);
    double bytes = per((double)row->bytes, row->pending), peak = 1e-6 * (double)row->peak_bytes;
    double faster = speed_up(out, row), taken = row->seconds * row->threads;
    double share = taken > 0 ? 100 * row->cpu_seconds / taken : 0;
    const char *right = row->correct ? "right" : "WRONG";
    char text[16], times[16];
    out->wrong += !row->correct;
    if (out->table) {
        fprintf(out->table,
                "%-10s %9llu %3d %11llu %8.3f %8.3f %5.0f %8s %11.4g %8.1f %8s %8.1f  %s%s%s\n",
                row->name, (unsigned long long)row->size, row->threads,
                (unsigned long long)row->events, row->seconds, row->cpu_seconds, share,
                or_dash(times, 2, faster), rate, nanoseconds, or_dash(text, 1, bytes), peak, right,
                row->note[0] ? ": " : "", row->note);
        fflush(out->table);
    }
    if (out->tsv)
        fprintf(out->tsv,
                "%s\t%llu\t%d\t%llu\t%.6f\t%.6f\t%.6g\t%.3f\t%.2f\t%.3f\t%.3f\t%.1f\t%s\t%s\n",
                row->name, (unsigned long long)row->size, row->threads,
                (unsigned long long)row->events, row->seconds, row->cpu_seconds, rate, nanoseconds,
                bytes, peak, faster, share, row->correct ? "yes" : "no", row->note);
}

void bench_table_head(const struct bench_table *table)
{
    if (table->table)
        fprintf(
            table->table,
            "CPU %%: user time over elapsed time and threads. Well below 100, other programs had "
            "the\nprocessors, or threads waited for each other or for the disk.\n"
            "%-10s %9s %3s %11s %8s %8s %5s %8s %11s %8s %8s %8s  %s\n",
            "name", "size", "thr", "events", "seconds", "CPU s", "CPU %", "speed-up", "events/s",
            "ns/event", "B/event", "peak MB", "result");
    if (table->tsv)
        fputs("name\tsize\tthreads\tevents\tseconds\tcpu_seconds\tevents_per_second\tns_per_event\t"
              "bytes_per_event\tpeak_MB\tspeed_up\tcpu_percent\tcorrect\tnote\n",
              table->tsv);
}
