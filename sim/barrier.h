/* A barrier whose last arriver may do a serial step before all go on. Waiting members spin for a
 * moment, then sleep in the kernel, so that more threads than processors do no harm: where spinning
 * was in vain they spin for less the next time. Internal. */
#ifndef SIM_BARRIER_H
#define SIM_BARRIER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

struct sim_barrier {
    _Alignas(64) atomic_int missing;
    int size;
    _Alignas(64) atomic_uint generation;
    atomic_int sleepers;
    atomic_int patience; /* pauses before a member sleeps */
    pthread_mutex_t mutex;
    pthread_cond_t wake;
};

typedef void sim_barrier_step(void *argument);

/* False where the system gives no mutex or condition. */
bool sim_barrier_init(struct sim_barrier *barrier, int size);
void sim_barrier_clear(struct sim_barrier *barrier);
/* step may be NULL. What happened before the call on any member is seen by the step, and the
 * step's effects by all members after it. */
void sim_barrier_wait(struct sim_barrier *barrier, sim_barrier_step *step, void *argument);

#endif
