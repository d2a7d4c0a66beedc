/* Provokes what must end a process (a failed sim_require) or needs an exhausted heap, in a child.
 * For test programs of one thread. */
#ifndef PROVOKE_H
#define PROVOKE_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__has_feature)
#define PROVOKE_FEATURE(name) __has_feature(name)
#else
#define PROVOKE_FEATURE(name) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) ||                               \
    PROVOKE_FEATURE(address_sanitizer) || PROVOKE_FEATURE(thread_sanitizer) ||                     \
    PROVOKE_FEATURE(memory_sanitizer)
enum { PROVOKE_SANITIZED = 1 };
#else
enum { PROVOKE_SANITIZED = 0 };
#endif

/* True where call() aborts and says `says` on standard error. */
static inline bool provoke_abort(void (*call)(void), const char *says)
{
    int ends[2];
    fflush(NULL);
    if (pipe(ends))
        return false;
    pid_t child = fork();
    if (child < 0)
        return false;
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        call();
        _exit(0);
    }
    close(ends[1]);
    char text[2048] = "";
    size_t used = 0;
    for (ssize_t got; (got = read(ends[0], text + used, sizeof text - 1 - used)) > 0;)
        used += (size_t)got;
    close(ends[0]);
    int status = 0;
    waitpid(child, &status, 0);
    bool aborted = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    if (!aborted || !strstr(text, says))
        fprintf(stderr, "expected an abort with '%s', got status %d and: %s\n", says, status, text);
    return aborted && strstr(text, says);
}

struct provoke_hoard {
    struct provoke_hoard *next;
};

/* Leaves not even 16 bytes to malloc; for use in a child. */
static inline void provoke_exhaust(void)
{
    setrlimit(RLIMIT_AS, &(struct rlimit){4096, 4096});
    for (size_t size = 65536; size >= 16; size /= 2) {
        void *volatile taken; /* volatile: the compiler must not drop the allocation */
        do
            taken = malloc(size);
        while (taken);
    }
}

/* Calls attempt() on an exhausted heap, then again with 2 kB more each time, until it returns true.
 * Failed attempts must leave nothing behind. Returns the number of failed attempts; -1 where it
 * crashed or never succeeded. Not under sanitizers, whose heap cannot be exhausted. */
static inline int provoke_starved(bool (*attempt)(void))
{
    enum { CHUNK = 2000, MOST = 120 }; /* larger than the heap's per-thread caches hold */
    fflush(NULL);
    pid_t child = fork();
    if (child < 0)
        return -1;
    if (child == 0) {
        struct provoke_hoard *hoard = NULL;
        for (int i = 0; i < MOST; i++) {
            struct provoke_hoard *chunk = malloc(CHUNK);
            if (!chunk)
                _exit(255);
            chunk->next = hoard;
            hoard = chunk;
        }
        provoke_exhaust();
        int failed = 0;
        for (; !attempt(); failed++) {
            if (!hoard)
                _exit(255);
            struct provoke_hoard *next = hoard->next;
            free(hoard);
            hoard = next;
        }
        _exit(failed);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) != 255 ? WEXITSTATUS(status) : -1;
}

#endif
