#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Length of the UTF-8 sequence at text (RFC 3629: no surrogates, nothing overlong, nothing above
 * U+10FFFF), or 0 where there is none. */
static size_t sequence_length(const unsigned char *text, size_t left)
{
    static const struct {
        unsigned char first, last, low, high; /* first byte's range, second byte's range */
        size_t length;
    } forms[] = {
        {0x00, 0x7f, 0x00, 0xff, 1}, {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4},
    };
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        if (text[0] < forms[i].first || text[0] > forms[i].last) {
            continue;
        }
        if (forms[i].length > left) {
            return 0;
        }
        if (forms[i].length > 1 && (text[1] < forms[i].low || text[1] > forms[i].high)) {
            return 0;
        }
        for (size_t k = 2; k < forms[i].length; k++) {
            if ((text[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return forms[i].length;
    }
    return 0;
}

bool scenario_source_check(const char *bytes, size_t size, const char *file,
                           struct sim_errors *errors)
{
    const unsigned char *text = (const unsigned char *)bytes;
    int line = 1;
    for (size_t i = 0; i < size;) {
        unsigned char c = text[i];
        if ((c < 0x20 && c != '\t' && c != '\n' && c != '\r') || c == 0x7f) {
            sim_errors_add(errors, SIM_BAD_DATA, file, line,
                           "byte 0x%02x: this is a binary file; a text file in UTF-8 is needed", c);
            return false;
        }
        size_t length = sequence_length(text + i, size - i);
        if (length == 0) {
            sim_errors_add(errors, SIM_BAD_DATA, file, line,
                           "byte 0x%02x is not UTF-8; save the file in the encoding UTF-8", c);
            return false;
        }
        line += c == '\n';
        i += length;
    }
    return true;
}

/* Opens and looks at what it is; -1 after reporting. Non-blocking, so that a pipe cannot hang. */
static int open_regular(const char *file, const char *origin, size_t limit, struct stat *info,
                        struct sim_errors *errors)
{
    int descriptor = open(file, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0) {
        sim_errors_add(errors, SIM_NO_INPUT, file, 0, "cannot be read: %s%s; check the name",
                       strerror(errno), origin);
        return -1;
    }
    if (fstat(descriptor, info) != 0) {
        sim_errors_add(errors, SIM_IO, file, 0, "cannot be read: %s%s", strerror(errno), origin);
    } else if (S_ISDIR(info->st_mode)) {
        sim_errors_add(errors, SIM_BAD_DATA, file, 0, "is a folder%s; name a file in it", origin);
    } else if (!S_ISREG(info->st_mode)) {
        sim_errors_add(errors, SIM_BAD_DATA, file, 0, "is not a regular file%s; copy it to one",
                       origin);
    } else if ((uint64_t)info->st_size > limit) {
        sim_errors_add(errors, SIM_BAD_DATA, file, 0,
                       "has %lld bytes%s; at most %zu are allowed: split or shorten it",
                       (long long)info->st_size, origin, limit);
    } else {
        return descriptor;
    }
    close(descriptor);
    return -1;
}

/* At most `limit` bytes, even where the file grows while it is read. */
static bool read_all(int descriptor, struct scenario_source *source, size_t limit)
{
    while (source->size < limit) {
        ssize_t got = read(descriptor, source->bytes + source->size, limit - source->size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0;
        }
        source->size += (size_t)got;
    }
    return true;
}

bool scenario_source_read(struct scenario_source *source, const char *file, const char *origin,
                          size_t limit, struct sim_errors *errors)
{
    *source = (struct scenario_source){0};
    struct stat info = {0};
    int descriptor = open_regular(file, origin, limit, &info, errors);
    if (descriptor < 0) {
        return false;
    }
    source->device = (uint64_t)info.st_dev;
    source->inode = (uint64_t)info.st_ino;
    source->bytes = malloc((size_t)info.st_size + 1);
    bool read = source->bytes != NULL && read_all(descriptor, source, (size_t)info.st_size);
    if (source->bytes == NULL) {
        sim_errors_add(errors, SIM_MEMORY, file, 0, "out of memory");
    } else if (!read) {
        sim_errors_add(errors, SIM_IO, file, 0, "cannot be read: %s%s", strerror(errno), origin);
    }
    close(descriptor);
    if (read) {
        if (source->size >= 3 && memcmp(source->bytes, "\xef\xbb\xbf", 3) == 0) {
            source->size -= 3;
            memmove(source->bytes, source->bytes + 3, source->size);
        }
        source->bytes[source->size] = '\0';
        if (source->size == 0) {
            sim_errors_add(errors, SIM_BAD_DATA, file, 0, "is empty%s", origin);
            read = false;
        } else {
            read = scenario_source_check(source->bytes, source->size, file, errors);
        }
    }
    if (!read) {
        scenario_source_clear(source);
    }
    return read;
}

void scenario_source_clear(struct scenario_source *source)
{
    free(source->bytes);
    *source = (struct scenario_source){0};
}

const char *scenario_source_name(const char *file)
{
    const char *slash = strrchr(file, '/');
    return slash == NULL ? file : slash + 1;
}

char *scenario_source_beside(const char *file, const char *name)
{
    size_t folder = name[0] == '/' ? 0 : (size_t)(scenario_source_name(file) - file);
    size_t length = strlen(name);
    char *path = malloc(folder + length + 1);
    if (path != NULL) {
        memcpy(path, file, folder);
        memcpy(path + folder, name, length + 1);
    }
    return path;
}
