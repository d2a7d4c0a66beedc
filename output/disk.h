/* Files as the results need them: written whole or not at all, and messages that say why not. */
#ifndef OUTPUT_DISK_H
#define OUTPUT_DISK_H

#include "../sim/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum { OUTPUT_PATH = 4096 };

/* "FOLDER/NAME" into path (OUTPUT_PATH bytes); false and a message where it is too long. */
bool output_disk_join(char *path, const char *folder, const char *name, struct sim_errors *errors);
/* "FILE.parts": the folder of the logs of results file FILE.h5 (or FILE, without the suffix). */
bool output_disk_parts(char *path, const char *file, struct sim_errors *errors);
/* Writes all bytes, over short writes and interruptions; false leaves errno. */
bool output_disk_write(int file, const void *bytes, size_t size);
/* Reads exactly size bytes at an offset; false (errno 0 at the file's end) where there are less. */
bool output_disk_read(int file, void *bytes, size_t size, off_t offset);
/* New file beside `path` with a name no other process uses, which is written to temporary
 * (OUTPUT_PATH bytes). Returns a descriptor, or -1 with a message (SIM_CANNOT_CREATE). */
int output_disk_temporary(char *temporary, const char *path, struct sim_errors *errors);
/* Syncs temporary, renames it to path and syncs the folder. On failure temporary is removed. */
enum sim_status output_disk_publish(const char *temporary, const char *path,
                                    struct sim_errors *errors);
/* Syncs the folder that holds `path`. */
bool output_disk_sync_folder(const char *path);
/* Writes a whole file by temporary name and rename. */
enum sim_status output_disk_put(const char *path, const void *bytes, size_t size,
                                struct sim_errors *errors);
/* Reads a whole file into memory the caller frees. Missing: SIM_NO_INPUT. */
enum sim_status output_disk_get(const char *path, unsigned char **bytes, size_t *size,
                                struct sim_errors *errors);

#endif
