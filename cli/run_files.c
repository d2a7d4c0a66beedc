#include "run_files.h"

#include "../output/record.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEFAULT_FOLDER "results"

/* FILE.run.json for FILE.h5. */
static bool name_record(struct run_files *files)
{
    size_t length = strlen(files->file);
    if (length > 3 && strcmp(files->file + length - 3, ".h5") == 0)
        length -= 3;
    int needed =
        snprintf(files->record, sizeof files->record, "%.*s.run.json", (int)length, files->file);
    return needed > 0 && (size_t)needed < sizeof files->record;
}

int run_files_name(struct run_files *files, const struct run_batch *batch)
{
    const char *given = batch->options->output;
    int needed = given ? snprintf(files->file, sizeof files->file, "%s", given)
                       : snprintf(files->file, sizeof files->file, DEFAULT_FOLDER "/%s.h5",
                                  batch->scenarios[0]->name);
    struct sim_errors errors;
    sim_errors_init(&errors);
    int exit_code = CLI_OK;
    if (needed <= 0 || (size_t)needed >= sizeof files->file || !name_record(files))
        exit_code = cli_error("run", CLI_CANNOT_CREATE, "the name of the results file is %s",
                              needed <= 0 ? "empty" : "too long");
    else if (!output_disk_parts(files->folder, files->file, &errors))
        exit_code = cli_input_errors(&errors);
    sim_errors_clear(&errors);
    return exit_code;
}

bool run_files_exist(const struct run_files *files)
{
    struct stat about;
    return stat(files->file, &about) == 0;
}

static bool is_log(const char *name)
{
    size_t length = strlen(name);
    return strncmp(name, "part-", 5) == 0 && length > 4 && strcmp(name + length - 4, ".log") == 0;
}

/* A log that holds something beyond its header. */
static bool holds_records(const char *folder)
{
    DIR *directory = opendir(folder);
    bool found = false;
    if (!directory)
        return false;
    for (struct dirent *entry; !found && (entry = readdir(directory));) {
        struct stat about;
        found = is_log(entry->d_name) && fstatat(dirfd(directory), entry->d_name, &about, 0) == 0 &&
                about.st_size > OUTPUT_LOG_HEAD;
    }
    closedir(directory);
    return found;
}

int run_files_refuse(const struct run_files *files, const struct run_options *options)
{
    if (options->force || options->resume)
        return CLI_OK;
    if (run_files_exist(files))
        return cli_error("run", CLI_CANNOT_CREATE,
                         "%s exists: choose another name with -o, or replace it with --force",
                         files->file);
    /* Parts of one batch share the folder, and the plan decides whether they belong together. */
    if (options->parts == 1 && holds_records(files->folder))
        return cli_error("run", CLI_CANNOT_CREATE,
                         "%s holds an interrupted batch: go on with --resume, or discard it with "
                         "--force",
                         files->folder);
    return CLI_OK;
}

/* Removes the plan and the logs in the folder; anything else in it is not ours and stays. */
static bool discard(const char *folder)
{
    DIR *directory = opendir(folder);
    if (!directory)
        return errno == ENOENT;
    bool good = true;
    for (struct dirent *entry; good && (entry = readdir(directory));) {
        if (is_log(entry->d_name) || strcmp(entry->d_name, "plan") == 0)
            good = unlinkat(dirfd(directory), entry->d_name, 0) == 0;
    }
    int error = errno;
    closedir(directory);
    errno = error;
    return good;
}

/* The folders that the default name needs; a name that was given is the user's. */
static bool make_default_folder(const struct run_options *options)
{
    return options->output || mkdir(DEFAULT_FOLDER, 0777) == 0 || errno == EEXIST;
}

int run_files_prepare(const struct run_files *files, const struct run_batch *batch)
{
    const struct run_options *o = batch->options;
    if (!make_default_folder(o))
        return cli_error("run", CLI_CANNOT_CREATE, DEFAULT_FOLDER ": %s", strerror(errno));
    bool stale = o->parts == 1 && !o->resume && !holds_records(files->folder);
    if ((o->force || stale) && !discard(files->folder))
        return cli_error("run", CLI_CANNOT_CREATE, "%s: %s", files->folder, strerror(errno));
    struct sim_errors errors;
    sim_errors_init(&errors);
    enum sim_status status = output_plan_save(batch->plan, files->folder, &errors);
    int exit_code = CLI_OK;
    if (status != SIM_OK) {
        cli_input_errors(&errors);
        exit_code = cli_exit_from_status(status);
    }
    sim_errors_clear(&errors);
    return exit_code;
}
