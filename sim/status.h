/* How a run ends, and the errors a user's input collects.
 *
 * A run's failure is an enum sim_status that propagates to the caller; only cli/ turns it into an
 * exit code. Programmer's errors are sim_require, which is always on. Input errors are collected
 * in a struct sim_errors, with file and line, so that a user sees all of them at once. */
#ifndef SIM_STATUS_H
#define SIM_STATUS_H

#include <stddef.h>
#include <stdint.h>

enum sim_status {
    SIM_OK = 0,
    SIM_STOPPED,       /* asked to stop (signal or time limit); what is finished is kept */
    SIM_BALANCE,       /* a conservation law is broken */
    SIM_RUNAWAY,       /* too many events in one window */
    SIM_MEMORY,        /* out of memory */
    SIM_MODEL,         /* the model reached a state it must not reach */
    SIM_BAD_DATA,      /* an input is wrong; see the struct sim_errors */
    SIM_NO_INPUT,      /* an input file is missing */
    SIM_CANNOT_CREATE, /* an output cannot be created */
    SIM_IO             /* reading or writing failed half-way */
};

/* Static text, never NULL. */
const char *sim_status_text(enum sim_status status);

/* Where and why a replicate failed. text is complete in itself: what, where, when. */
struct sim_failure {
    enum sim_status status;
    int64_t time; /* microseconds since 2019-01-01 */
    uint32_t domain;
    char text[400];
};

/* A list of messages about a user's input. Owned by the caller; grows on the heap. */
struct sim_errors {
    char **lines;
    size_t count, capacity;
    enum sim_status worst; /* any other before SIM_NO_INPUT before SIM_BAD_DATA before SIM_OK */
};

void sim_errors_init(struct sim_errors *errors);
void sim_errors_clear(struct sim_errors *errors);
/* Adds one message "file:line: text"; file may be NULL, line 0 means "no line". Out of memory, the
 * message is lost and worst is SIM_MEMORY. */
void sim_errors_add(struct sim_errors *errors, enum sim_status status, const char *file, int line,
                    const char *format, ...) __attribute__((format(printf, 5, 6)));

/* Always-on assertion: prints condition, file, line and message, then aborts. */
#define sim_require(condition, ...)                                                                \
    ((condition) ? (void)0 : sim_require_failed(#condition, __FILE__, __LINE__, __VA_ARGS__))
_Noreturn void sim_require_failed(const char *condition, const char *file, int line,
                                  const char *format, ...) __attribute__((format(printf, 4, 5)));

#endif
