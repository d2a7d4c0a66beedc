#include "progress.h"

#include "command.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <time.h>
#include <unistd.h>

enum { BAR = 24 };

static double clock_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double progress_seconds(const struct progress *progress)
{
    return clock_seconds() - progress->start;
}

char *progress_duration(double seconds, char text[32])
{
    long whole = lround(fmin(fmax(seconds, 0), 1e9));
    if (whole < 60)
        snprintf(text, 32, "%ld s", whole);
    else if (whole < 3600)
        snprintf(text, 32, "%ld min %ld s", whole / 60, whole % 60);
    else
        snprintf(text, 32, "%ld h %ld min", whole / 3600, whole % 3600 / 60);
    return text;
}

/* Seconds to go, from the rate so far; negative where there is none yet. */
static double seconds_left(const struct progress *p, double elapsed)
{
    uint64_t finished = p->done + p->failed;
    if (finished == 0)
        return -1;
    return elapsed / (double)finished * (double)(p->total - finished);
}

static void close_line(struct progress *p)
{
    if (p->line_open)
        fputs("\r\033[K", p->out);
    p->line_open = false;
}

static void show_tty(struct progress *p, double elapsed)
{
    uint64_t finished = p->done + p->failed;
    int filled = p->total ? (int)(finished * BAR / p->total) : BAR;
    char left[32], since[32];
    double to_go = seconds_left(p, elapsed);
    close_line(p);
    fputc('[', p->out);
    for (int i = 0; i < BAR; i++)
        fputc(i < filled ? '#' : '.', p->out);
    fprintf(p->out, "] %llu/%llu", (unsigned long long)finished, (unsigned long long)p->total);
    if (p->failed)
        fprintf(p->out, ", %llu failed", (unsigned long long)p->failed);
    fprintf(p->out, ", %s", progress_duration(elapsed, since));
    if (p->stop)
        fputs(", stopping", p->out);
    else if (to_go >= 0)
        fprintf(p->out, ", %s left", progress_duration(to_go, left));
    p->line_open = true;
}

static void show_plain(struct progress *p, double elapsed)
{
    char left[32], since[32];
    double to_go = seconds_left(p, elapsed);
    fprintf(p->out, "%llu of %llu runs", (unsigned long long)(p->done + p->failed),
            (unsigned long long)p->total);
    if (p->failed)
        fprintf(p->out, ", %llu failed", (unsigned long long)p->failed);
    fprintf(p->out, ", %s", progress_duration(elapsed, since));
    if (to_go >= 0 && p->done + p->failed < p->total)
        fprintf(p->out, ", %s left", progress_duration(to_go, left));
    fputc('\n', p->out);
}

static void show_json(struct progress *p, double elapsed)
{
    double to_go = seconds_left(p, elapsed);
    fprintf(p->out,
            "{\"done\": %llu, \"failed\": %llu, \"total\": %llu, \"events\": %llu, "
            "\"seconds\": %.1f, \"seconds_left\": ",
            (unsigned long long)p->done, (unsigned long long)p->failed,
            (unsigned long long)p->total, (unsigned long long)p->events, elapsed);
    if (to_go < 0)
        fputs("null}\n", p->out);
    else
        fprintf(p->out, "%.1f}\n", to_go);
}

/* Shows the state where it is due. A log wants few lines: one each tenth of the batch, and one in
 * 30 seconds; a program and a terminal take all they can get. The mutex is held. */
static void show(struct progress *p, bool last)
{
    double elapsed = progress_seconds(p), pause = elapsed - p->last_shown;
    uint64_t finished = p->done + p->failed;
    bool news = finished != p->shown || last;
    bool due;
    switch (p->form) {
    case PROGRESS_TTY:
        due = news || pause >= 1;
        break;
    case PROGRESS_PLAIN:
        due = (news && (10 * finished / (p->total ? p->total : 1) !=
                        10 * p->shown / (p->total ? p->total : 1))) ||
              (finished != p->shown && pause >= 30);
        break;
    case PROGRESS_JSON:
        due = news || pause >= 10;
        break;
    default:
        due = false;
    }
    if (!due)
        return;
    if (p->form == PROGRESS_TTY)
        show_tty(p, elapsed);
    else if (p->form == PROGRESS_PLAIN)
        show_plain(p, elapsed);
    else
        show_json(p, elapsed);
    fflush(p->out);
    p->shown = finished;
    p->last_shown = elapsed;
}

static void request_stop(struct progress *p, enum progress_reason reason, int number)
{
    pthread_mutex_lock(&p->mutex);
    if (p->reason == PROGRESS_RUNNING) {
        p->reason = reason;
        p->signal = number;
        __atomic_store_n(&p->stop, 1, __ATOMIC_RELAXED);
    }
    pthread_mutex_unlock(&p->mutex);
}

static void receive(struct progress *p, int number)
{
    if (number == SIGUSR1) {
        if (p->sync)
            p->sync(p->sync_to);
        progress_print(p, "synced what is finished");
        return;
    }
    /* What is finished was written before; what is in flight is given up. */
    if (p->reason == PROGRESS_SIGNAL)
        _exit(CLI_INTERRUPTED);
    request_stop(p, PROGRESS_SIGNAL, number);
    progress_print(p, "stopping (%s); once more stops at once",
                   number == SIGINT ? "interrupted" : "terminated");
}

static void signals_of_interest(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGINT);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGUSR1);
}

/* A limit of T seconds must hold with what is in flight: no task is given up for it that would
 * fit, and none starts that would not. The stop flag gives up tasks in flight, so it is raised at
 * the limit less two seconds for writing, at most a tenth of it. */
static double last_moment(const struct progress *p)
{
    return p->max_seconds - fmin(2, 0.1 * p->max_seconds);
}

static void *watch(void *to)
{
    struct progress *p = to;
    sigset_t set;
    signals_of_interest(&set);
    struct timespec wait = {0, 100 * 1000 * 1000};
    for (;;) {
        int number = sigtimedwait(&set, NULL, &wait);
        if (number > 0)
            receive(p, number);
        if (p->max_seconds > 0 && progress_seconds(p) >= last_moment(p))
            request_stop(p, PROGRESS_MAX_TIME, 0);
        pthread_mutex_lock(&p->mutex);
        bool ended = p->ended;
        if (!ended)
            show(p, false);
        pthread_mutex_unlock(&p->mutex);
        if (ended)
            return NULL;
    }
}

bool progress_start(struct progress *p)
{
    sigset_t set;
    signals_of_interest(&set);
    p->stop = 0;
    p->reason = PROGRESS_RUNNING;
    p->signal = 0;
    p->done = p->failed = p->events = p->shown = 0;
    p->last_shown = p->longest = 0;
    p->line_open = p->ended = false;
    p->start = clock_seconds();
    if (pthread_sigmask(SIG_BLOCK, &set, NULL) != 0 || pthread_mutex_init(&p->mutex, NULL) != 0)
        return false;
    if (pthread_create(&p->thread, NULL, watch, p) != 0) {
        pthread_mutex_destroy(&p->mutex);
        return false;
    }
    return true;
}

void progress_end(struct progress *p)
{
    pthread_mutex_lock(&p->mutex);
    p->ended = true;
    if (p->done + p->failed != p->shown)
        show(p, true);
    if (p->line_open)
        fputc('\n', p->out);
    p->line_open = false;
    pthread_mutex_unlock(&p->mutex);
    pthread_join(p->thread, NULL);
    pthread_mutex_destroy(&p->mutex);
}

void progress_add(struct progress *p, bool failed, uint64_t events, double seconds)
{
    pthread_mutex_lock(&p->mutex);
    if (failed)
        p->failed++;
    else
        p->done++;
    p->events += events;
    p->longest = fmax(p->longest, seconds);
    show(p, false);
    pthread_mutex_unlock(&p->mutex);
}

void progress_print(struct progress *p, const char *format, ...)
{
    va_list list;
    pthread_mutex_lock(&p->mutex);
    close_line(p);
    fputs("remelt run: ", p->out);
    va_start(list, format);
    vfprintf(p->out, format, list);
    va_end(list);
    fputc('\n', p->out);
    fflush(p->out);
    pthread_mutex_unlock(&p->mutex);
}
