#include "domain.h"

void sim_timer_init(struct sim_timer *timer, uint16_t kind, unsigned priority, uint32_t entity)
{
    sim_require(!timer->ready, "the timer of kind %u, entity %u is initialised twice", kind,
                entity);
    sim_require(priority < 16, "priority %u", priority);
    *timer = (struct sim_timer){.deadline = INT64_MAX,
                                .pending = INT64_MAX,
                                .kind = kind,
                                .priority = (uint8_t)priority,
                                .entity = entity,
                                .ready = true};
}

static void schedule(struct sim_domain *domain, struct sim_timer *timer)
{
    timer->pending = timer->deadline;
    timer->handle =
        sim_schedule(domain, timer->deadline, timer->priority, timer->kind, timer->entity, NULL);
}

void sim_timer_set(struct sim_domain *domain, struct sim_timer *timer, int64_t deadline)
{
    sim_require(timer->ready, "a timer that was not initialised; domain %u",
                sim_domain_index(domain));
    sim_require(deadline >= sim_now(domain), "kind %u: deadline %lld us has passed at %lld us",
                timer->kind, (long long)deadline, (long long)sim_now(domain));
    timer->deadline = deadline;
    if (deadline >= timer->pending) /* the pending event will look again; unset: it will not */
        return;
    if (timer->pending != INT64_MAX)
        sim_cancel(domain, timer->handle);
    schedule(domain, timer);
}

bool sim_timer_due(struct sim_domain *domain, struct sim_timer *timer)
{
    int64_t now = sim_now(domain);
    sim_require(timer->ready && timer->pending == now,
                "kind %u, entity %u: an event that its timer does not expect at %lld us",
                timer->kind, timer->entity, (long long)now);
    timer->pending = INT64_MAX;
    if (timer->deadline <= now) {
        timer->deadline = INT64_MAX;
        return true;
    }
    if (timer->deadline != INT64_MAX)
        schedule(domain, timer);
    return false;
}
