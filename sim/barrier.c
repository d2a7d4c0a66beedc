#include "barrier.h"

/* 2,000 pauses (about 60 microseconds) are longer than a usual imbalance. Where a member's thread
 * has no processor, they are lost in each window: then patience falls, to what costs less than
 * sleeping does. */
enum { PATIENCE_MOST = 2000, PATIENCE_LEAST = 60 };

static inline void pause_briefly(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

bool sim_barrier_init(struct sim_barrier *barrier, int size)
{
    barrier->size = size;
    atomic_init(&barrier->missing, size);
    atomic_init(&barrier->generation, 0U);
    atomic_init(&barrier->sleepers, 0);
    atomic_init(&barrier->patience, PATIENCE_MOST);
    if (pthread_mutex_init(&barrier->mutex, NULL) != 0)
        return false;
    if (pthread_cond_init(&barrier->wake, NULL) != 0) {
        pthread_mutex_destroy(&barrier->mutex);
        return false;
    }
    return true;
}

void sim_barrier_clear(struct sim_barrier *barrier)
{
    pthread_cond_destroy(&barrier->wake);
    pthread_mutex_destroy(&barrier->mutex);
}

/* A sleeper counts itself and then looks at the generation; the releaser changes the generation
 * and then looks at the count. Both in one total order (sequentially consistent), so that no
 * sleeper is forgotten. */
static void release(struct sim_barrier *barrier, unsigned generation)
{
    atomic_store_explicit(&barrier->missing, barrier->size, memory_order_relaxed);
    atomic_store(&barrier->generation, generation + 1U);
    if (atomic_load(&barrier->sleepers) > 0) {
        pthread_mutex_lock(&barrier->mutex);
        pthread_cond_broadcast(&barrier->wake);
        pthread_mutex_unlock(&barrier->mutex);
    }
}

/* Threads may overwrite each other's value: it is a guess in any case. */
static void set_patience(struct sim_barrier *barrier, int patience)
{
    if (patience > PATIENCE_MOST)
        patience = PATIENCE_MOST;
    if (patience < PATIENCE_LEAST)
        patience = PATIENCE_LEAST;
    if (patience != atomic_load_explicit(&barrier->patience, memory_order_relaxed))
        atomic_store_explicit(&barrier->patience, patience, memory_order_relaxed);
}

static void wait_for(struct sim_barrier *barrier, unsigned generation)
{
    int patience = atomic_load_explicit(&barrier->patience, memory_order_relaxed);
    for (int i = 0; i < patience; i++) {
        if (atomic_load_explicit(&barrier->generation, memory_order_acquire) != generation) {
            set_patience(barrier, patience + patience / 4);
            return;
        }
        pause_briefly();
    }
    set_patience(barrier, patience / 2);
    pthread_mutex_lock(&barrier->mutex);
    atomic_fetch_add(&barrier->sleepers, 1);
    while (atomic_load(&barrier->generation) == generation)
        pthread_cond_wait(&barrier->wake, &barrier->mutex);
    atomic_fetch_sub(&barrier->sleepers, 1);
    pthread_mutex_unlock(&barrier->mutex);
}

void sim_barrier_wait(struct sim_barrier *barrier, sim_barrier_step *step, void *argument)
{
    unsigned generation = atomic_load_explicit(&barrier->generation, memory_order_relaxed);
    if (atomic_fetch_sub_explicit(&barrier->missing, 1, memory_order_acq_rel) == 1) {
        if (step)
            step(argument);
        release(barrier, generation);
    } else {
        wait_for(barrier, generation);
    }
}
