#include "status.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *sim_status_text(enum sim_status status)
{
    switch (status) {
    case SIM_OK:
        return "ok";
    case SIM_STOPPED:
        return "stopped";
    case SIM_BALANCE:
        return "a conservation law is broken";
    case SIM_RUNAWAY:
        return "too many events in one window";
    case SIM_MEMORY:
        return "out of memory";
    case SIM_MODEL:
        return "the model reached a state it must not reach";
    case SIM_BAD_DATA:
        return "bad input data";
    case SIM_NO_INPUT:
        return "an input file is missing";
    case SIM_CANNOT_CREATE:
        return "an output cannot be created";
    case SIM_IO:
        return "input or output failed";
    }
    return "unknown status";
}

/* A missing file outranks bad data; a failure of the machine outranks both, since the list of
 * messages may then be incomplete. */
static int severity(enum sim_status status)
{
    switch (status) {
    case SIM_OK:
        return 0;
    case SIM_BAD_DATA:
        return 1;
    case SIM_NO_INPUT:
        return 2;
    default:
        return 3;
    }
}

void sim_errors_init(struct sim_errors *errors)
{
    *errors = (struct sim_errors){.worst = SIM_OK};
}

void sim_errors_clear(struct sim_errors *errors)
{
    for (size_t i = 0; i < errors->count; i++)
        free(errors->lines[i]);
    free(errors->lines);
    sim_errors_init(errors);
}

/* "file:line: " into text, as snprintf does: returns the length it needs. */
static int write_place(char *text, size_t size, const char *file, int line)
{
    if (!file)
        return snprintf(text, size, "%s", "");
    if (line > 0)
        return snprintf(text, size, "%s:%d: ", file, line);
    return snprintf(text, size, "%s: ", file);
}

static char *write_line(const char *file, int line, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    char none[1];
    int place = write_place(none, sizeof none, file, line);
    int length = vsnprintf(none, sizeof none, format, again);
    va_end(again);
    if (place < 0 || length < 0)
        return NULL;
    size_t size = (size_t)place + (size_t)length + 1;
    char *text = malloc(size);
    if (!text)
        return NULL;
    write_place(text, size, file, line);
    vsnprintf(text + place, size - (size_t)place, format, arguments);
    return text;
}

static int reserve_line(struct sim_errors *errors)
{
    if (errors->count < errors->capacity)
        return 1;
    size_t capacity = errors->capacity ? 2 * errors->capacity : 16;
    char **lines = realloc(errors->lines, capacity * sizeof *lines);
    if (!lines)
        return 0;
    errors->lines = lines;
    errors->capacity = capacity;
    return 1;
}

void sim_errors_add(struct sim_errors *errors, enum sim_status status, const char *file, int line,
                    const char *format, ...)
{
    sim_require(status != SIM_OK, "an error needs a status");
    if (severity(status) > severity(errors->worst))
        errors->worst = status;
    va_list arguments;
    va_start(arguments, format);
    char *text = reserve_line(errors) ? write_line(file, line, format, arguments) : NULL;
    va_end(arguments);
    if (text)
        errors->lines[errors->count++] = text;
    else
        errors->worst = SIM_MEMORY; /* the message is lost, the failure is not */
}

_Noreturn void sim_require_failed(const char *condition, const char *file, int line,
                                  const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: requirement failed: %s: ", file, line, condition);
    vfprintf(stderr, format, arguments);
    va_end(arguments);
    fputc('\n', stderr);
    fflush(stderr);
    abort();
}
