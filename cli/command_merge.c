/* `remelt merge`: FILE.parts/ into FILE.h5, from the saved plan alone. */
#include "../output/disk.h"
#include "../output/merge.h"
#include "command.h"

#include <fcntl.h>
#include <unistd.h>

struct merging {
    const char *file;
    char folder[OUTPUT_PATH];
    bool force;
    struct output_plan *plan;
    struct sim_errors errors, notes;
};

static int merge_index(struct merging *m, struct output_index *index)
{
    uint64_t counts[3];
    output_index_count(index, counts);
    if (output_merge(index, m->plan, m->file, &m->errors) != SIM_OK)
        return cli_input_errors(&m->errors);
    fprintf(stderr, "Results: %s (%llu runs done, %llu failed, %llu missing)\n", m->file,
            (unsigned long long)counts[OUTPUT_DONE], (unsigned long long)counts[OUTPUT_FAILED],
            (unsigned long long)counts[OUTPUT_PENDING]);
    if (counts[OUTPUT_PENDING] > 0) {
        fprintf(stderr,
                "remelt merge: %s is kept: go on with `remelt run ... --resume` and the batch's "
                "own arguments, then merge again\n",
                m->folder);
        return CLI_INTERRUPTED;
    }
    /* The results stand whether or not the folder can be removed. */
    if (output_merge_clean(m->folder, &m->errors) != SIM_OK)
        cli_input_errors(&m->errors);
    return counts[OUTPUT_FAILED] > 0 ? CLI_INTERNAL : CLI_OK;
}

static int merge_locked(struct merging *m)
{
    if (!m->force && output_merge_present(m->file, m->plan) == OUTPUT_OTHER)
        return cli_error("merge", CLI_CANNOT_CREATE,
                         "%s exists and is not of the same batch as %s; --force replaces it",
                         m->file, m->folder);
    struct output_index *index;
    enum sim_status status =
        output_index_open(&index, m->plan, m->folder, 0, m->force, &m->errors, &m->notes);
    for (size_t i = 0; i < m->notes.count; i++)
        fprintf(stderr, "remelt merge: %s\n", m->notes.lines[i]);
    int exit_code = status == SIM_OK ? merge_index(m, index) : cli_input_errors(&m->errors);
    output_index_close(index);
    return exit_code;
}

/* Two processes must not merge and clean at once: the plan's file is locked, after it was read,
 * since closing any descriptor of a file gives up the process's locks on it. */
static int merge(struct merging *m)
{
    char path[OUTPUT_PATH];
    if (!output_disk_parts(m->folder, m->file, &m->errors) ||
        !output_disk_join(path, m->folder, "plan", &m->errors) ||
        output_plan_load(&m->plan, m->folder, &m->errors) != SIM_OK)
        return cli_input_errors(&m->errors);
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file >= 0)
        fcntl(file, F_SETLKW, &lock); /* a file system without locks: as if alone */
    int exit_code = merge_locked(m);
    if (file >= 0)
        close(file);
    return exit_code;
}

int command_merge(int argc, char **argv)
{
    struct cli_arguments arguments;
    int exit_code = CLI_OK;
    if (!cli_parse(&arguments, argc, argv, &exit_code))
        return exit_code;
    struct merging m = {.file = arguments.operands[0], .force = cli_has(&arguments, "force")};
    sim_errors_init(&m.errors);
    sim_errors_init(&m.notes);
    exit_code = merge(&m);
    output_plan_destroy(m.plan);
    sim_errors_clear(&m.errors);
    sim_errors_clear(&m.notes);
    cli_arguments_clear(&arguments);
    return exit_code;
}
