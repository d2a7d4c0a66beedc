#include "clock.h"

#include <string.h>

static void draw(struct clock *clock, struct sim_domain *domain, int batch)
{
    struct sim_stream stream = sim_stream_at(domain, clock->entity, clock->purpose, clock->number);
    clock->batch = batch < 1 ? 1 : batch;
    clock->remaining = sim_gamma_int(&stream, (unsigned)clock->batch);
}

static void arm(struct clock *clock, struct sim_domain *domain)
{
    double days = clock->rate > 0 ? clock->remaining / clock->rate : 1e9;
    int64_t deadline = INT64_MAX;
    if (days < 36500)
        deadline = clock->since + (int64_t)(days * (double)SIM_DAY) + 1;
    sim_timer_set(domain, &clock->timer, deadline);
}

void clock_init(struct clock *clock, struct sim_domain *domain, uint16_t kind, uint32_t entity,
                uint16_t purpose)
{
    memset(clock, 0, sizeof *clock);
    sim_timer_init(&clock->timer, kind, 8, entity);
    clock->entity = entity;
    clock->purpose = purpose;
    clock->since = sim_now(domain);
    clock->batch = 0; /* nothing drawn before the first rate is known */
}

void clock_set(struct clock *clock, struct sim_domain *domain, double rate, int batch)
{
    int64_t now = sim_now(domain);
    if (clock->batch == 0)
        draw(clock, domain, batch);
    else
        clock->remaining -= clock->rate * (double)(now - clock->since) / (double)SIM_DAY;
    if (clock->remaining < 0)
        clock->remaining = 0; /* the arrival is due within this microsecond */
    clock->since = now;
    clock->rate = rate;
    arm(clock, domain);
}

bool clock_arrival(struct clock *clock, struct sim_domain *domain, int next_batch, int *batch,
                   uint64_t *number)
{
    if (!sim_timer_due(domain, &clock->timer))
        return false;
    *batch = clock->batch;
    *number = clock->number++;
    clock->since = sim_now(domain);
    draw(clock, domain, next_batch);
    arm(clock, domain);
    return true;
}
