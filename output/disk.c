#include "disk.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static bool fits(int length, const char *file, struct sim_errors *errors)
{
    if (length >= 0 && length < OUTPUT_PATH)
        return true;
    sim_errors_add(errors, SIM_CANNOT_CREATE, file, 0, "the path is too long");
    return false;
}

bool output_disk_join(char *path, const char *folder, const char *name, struct sim_errors *errors)
{
    return fits(snprintf(path, OUTPUT_PATH, "%s/%s", folder, name), folder, errors);
}

bool output_disk_parts(char *path, const char *file, struct sim_errors *errors)
{
    size_t length = strlen(file);
    if (length > 3 && strcmp(file + length - 3, ".h5") == 0)
        length -= 3;
    return fits(snprintf(path, OUTPUT_PATH, "%.*s.parts", (int)length, file), file, errors);
}

bool output_disk_write(int file, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size) {
        ssize_t written = write(file, at, size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        at += written;
        size -= (size_t)written;
    }
    return true;
}

bool output_disk_read(int file, void *bytes, size_t size, off_t offset)
{
    char *at = bytes;
    while (size) {
        ssize_t got = pread(file, at, size, offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got < 0 ? errno : 0;
            return false;
        }
        at += got;
        offset += got;
        size -= (size_t)got;
    }
    return true;
}

int output_disk_temporary(char *temporary, const char *path, struct sim_errors *errors)
{
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        struct timespec now = {0};
        clock_gettime(CLOCK_REALTIME, &now);
        if (!fits(snprintf(temporary, OUTPUT_PATH, "%s.%ld-%lx.tmp", path, (long)getpid(),
                           (unsigned long)now.tv_nsec + attempt),
                  path, errors))
            return -1;
        int file = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (file >= 0)
            return file;
        if (errno != EEXIST)
            break;
    }
    sim_errors_add(errors, SIM_CANNOT_CREATE, path, 0, "cannot create it: %s", strerror(errno));
    return -1;
}

bool output_disk_sync_folder(const char *path)
{
    char copy[OUTPUT_PATH];
    if (strlen(path) >= sizeof copy)
        return false;
    strcpy(copy, path);
    int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0)
        return false;
    /* Some network file systems cannot sync a folder and say EINVAL: nothing is to be done then. */
    bool synced = fsync(folder) == 0 || errno == EINVAL;
    close(folder);
    return synced;
}

enum sim_status output_disk_publish(const char *temporary, const char *path,
                                    struct sim_errors *errors)
{
    int file = open(temporary, O_RDWR | O_CLOEXEC);
    bool synced = file >= 0 && fsync(file) == 0;
    int why = errno;
    if (file >= 0)
        close(file);
    if (!synced) {
        sim_errors_add(errors, SIM_IO, path, 0, "cannot sync it: %s", strerror(why));
        unlink(temporary);
        return SIM_IO;
    }
    if (rename(temporary, path) != 0) {
        sim_errors_add(errors, SIM_CANNOT_CREATE, path, 0, "cannot put it in place: %s",
                       strerror(errno));
        unlink(temporary);
        return SIM_CANNOT_CREATE;
    }
    if (!output_disk_sync_folder(path)) {
        sim_errors_add(errors, SIM_IO, path, 0, "cannot sync its folder: %s", strerror(errno));
        return SIM_IO;
    }
    return SIM_OK;
}

enum sim_status output_disk_put(const char *path, const void *bytes, size_t size,
                                struct sim_errors *errors)
{
    char temporary[OUTPUT_PATH];
    int file = output_disk_temporary(temporary, path, errors);
    if (file < 0)
        return SIM_CANNOT_CREATE;
    bool written = output_disk_write(file, bytes, size);
    int why = errno;
    if (close(file) != 0 && written) {
        why = errno;
        written = false;
    }
    if (!written) {
        sim_errors_add(errors, SIM_IO, path, 0, "cannot write it: %s", strerror(why));
        unlink(temporary);
        return SIM_IO;
    }
    return output_disk_publish(temporary, path, errors);
}

static enum sim_status read_whole(int file, const char *path, unsigned char **bytes, size_t *size,
                                  struct sim_errors *errors)
{
    struct stat about;
    if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
        sim_errors_add(errors, SIM_BAD_DATA, path, 0, "not a regular file");
        return SIM_BAD_DATA;
    }
    *size = (size_t)about.st_size;
    *bytes = malloc(*size + 1);
    if (!*bytes || !output_disk_read(file, *bytes, *size, 0)) {
        sim_errors_add(errors, SIM_IO, path, 0, "cannot read it: %s",
                       *bytes ? strerror(errno) : "out of memory");
        free(*bytes);
        *bytes = NULL;
        return SIM_IO;
    }
    return SIM_OK;
}

enum sim_status output_disk_get(const char *path, unsigned char **bytes, size_t *size,
                                struct sim_errors *errors)
{
    *bytes = NULL;
    *size = 0;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        enum sim_status status = missing ? SIM_NO_INPUT : SIM_IO;
        sim_errors_add(errors, status, path, 0, "cannot open it: %s", strerror(errno));
        return status;
    }
    enum sim_status status = read_whole(file, path, bytes, size, errors);
    close(file);
    return status;
}
