#include "reader.h"

#include "../sim/time.h"
#include "h5.h"
#include "plan.h"

#include <errno.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_TEXT = 1 << 24 };

struct output_reader {
    char *path;
    hid_t file;
    char *title, *source;
    struct output_labels scenarios;
    size_t replicates, months;
    int32_t *days;  /* [months] since 2020-01-01 */
    int8_t *status; /* [scenario][replicate] */
    struct output_field **fields;
    size_t field_count;
};

static void clear_labels(struct output_labels *labels)
{
    for (size_t i = 0; i < labels->count; i++)
        free(labels->labels[i]);
    free(labels->labels);
    *labels = (struct output_labels){0};
}

void output_reader_close(struct output_reader *reader)
{
    if (!reader)
        return;
    for (size_t i = 0; i < reader->field_count; i++) {
        output_h5_release((hid_t)reader->fields[i]->dataset);
        free(reader->fields[i]->units);
        free(reader->fields[i]->long_name);
        free(reader->fields[i]);
    }
    free(reader->fields);
    clear_labels(&reader->scenarios);
    free(reader->days);
    free(reader->status);
    free(reader->title);
    free(reader->source);
    free(reader->path);
    if (reader->file >= 0)
        H5Fclose(reader->file);
    free(reader);
}

static char *variable_text(hid_t attribute, hid_t type)
{
    char *read = NULL, *text = NULL;
    hid_t space = H5Aget_space(attribute);
    if (H5Sget_simple_extent_npoints(space) == 1 && H5Aread(attribute, type, &read) >= 0 && read) {
        text = strdup(read);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, &read);
    }
    output_h5_release(space);
    return text;
}

static char *fixed_text(hid_t attribute, hid_t type)
{
    size_t size = H5Tget_size(type);
    hid_t space = H5Aget_space(attribute);
    bool one = H5Sget_simple_extent_npoints(space) == 1;
    output_h5_release(space);
    char *text = one && size < MOST_TEXT ? calloc(1, size + 1) : NULL;
    if (text && H5Aread(attribute, type, text) < 0)
        text[0] = 0;
    return text;
}

/* An attribute's text, "" where it is missing or no text; NULL when out of memory. */
static char *text_attribute(hid_t object, const char *name)
{
    char *text = NULL;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    hid_t type = attribute < 0 ? -1 : H5Aget_type(attribute);
    if (type >= 0 && H5Tget_class(type) == H5T_STRING)
        text = H5Tis_variable_str(type) > 0 ? variable_text(attribute, type)
                                            : fixed_text(attribute, type);
    output_h5_release(type);
    output_h5_release(attribute);
    return text ? text : strdup("");
}

static bool version_attribute(hid_t file, int *version)
{
    hid_t attribute = H5Aopen(file, "results_version", H5P_DEFAULT);
    hid_t space = attribute < 0 ? -1 : H5Aget_space(attribute);
    bool ok = space >= 0 && H5Sget_simple_extent_npoints(space) == 1 &&
              H5Aread(attribute, H5T_NATIVE_INT, version) >= 0;
    output_h5_release(space);
    output_h5_release(attribute);
    return ok;
}

/* A dataset's rank and sizes; false where it has more axes than we know. */
static bool sizes_of(hid_t dataset, int *rank, hsize_t *sizes)
{
    hid_t space = H5Dget_space(dataset);
    *rank = H5Sget_simple_extent_ndims(space);
    bool ok = *rank >= 0 && *rank <= OUTPUT_READER_AXES &&
              H5Sget_simple_extent_dims(space, sizes, NULL) >= 0;
    output_h5_release(space);
    return ok;
}

/* A coordinate of variable-length texts. */
static bool read_labels(hid_t file, const char *name, struct output_labels *labels)
{
    *labels = (struct output_labels){0};
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    hid_t type = dataset < 0 ? -1 : H5Dget_type(dataset);
    hsize_t sizes[OUTPUT_READER_AXES];
    int rank = 0;
    bool ok = type >= 0 && H5Tis_variable_str(type) > 0 && sizes_of(dataset, &rank, sizes) &&
              rank == 1 && sizes[0] < MOST_TEXT;
    char **texts = ok ? calloc(sizes[0] + 1, sizeof *texts) : NULL;
    labels->labels = ok ? calloc(sizes[0] + 1, sizeof *labels->labels) : NULL;
    ok = texts && labels->labels &&
         H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, texts) >= 0;
    for (size_t i = 0; ok && i < sizes[0]; i++) {
        labels->labels[i] = strdup(texts[i] ? texts[i] : "");
        ok = labels->labels[i] != NULL;
        labels->count += ok;
    }
    if (texts && sizes[0]) {
        hid_t space = H5Dget_space(dataset);
        H5Dvlen_reclaim(type, space, H5P_DEFAULT, texts);
        output_h5_release(space);
    }
    free(texts);
    output_h5_release(type);
    output_h5_release(dataset);
    return ok;
}

/* Whole dataset in a memory type of the given width, rank as expected; NULL where it is not so. */
static void *read_all(hid_t file, const char *name, hid_t type, size_t width, int rank,
                      hsize_t *sizes)
{
    hid_t dataset = H5Dopen2(file, name, H5P_DEFAULT);
    int found = 0;
    void *values = NULL;
    if (dataset >= 0 && sizes_of(dataset, &found, sizes) && found == rank) {
        hsize_t count = 1;
        for (int k = 0; k < rank; k++)
            count = sizes[k] > SIZE_MAX / 16 / count ? 0 : count * sizes[k];
        values = count ? malloc(count * width) : NULL;
        if (values && H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) {
            free(values);
            values = NULL;
        }
    }
    output_h5_release(dataset);
    return values;
}

/* Coordinates and status; NULL or what is wrong. */
static const char *read_frame(struct output_reader *reader)
{
    int version = 0;
    hsize_t sizes[OUTPUT_READER_AXES];
    if (!version_attribute(reader->file, &version))
        return "an HDF5 file, but not a results file of remelt (no attribute results_version)";
    if (version != OUTPUT_RESULTS_VERSION)
        return "its results_version is not one that this program reads";
    reader->title = text_attribute(reader->file, "title");
    reader->source = text_attribute(reader->file, "source");
    if (!reader->title || !reader->source)
        return "out of memory";
    if (!read_labels(reader->file, "scenario", &reader->scenarios) || !reader->scenarios.count)
        return "damaged: no coordinate \"scenario\"";
    reader->days = read_all(reader->file, "time", H5T_NATIVE_INT32, sizeof(int32_t), 1, sizes);
    if (!reader->days)
        return "damaged: no coordinate \"time\"";
    reader->months = (size_t)sizes[0];
    reader->status = read_all(reader->file, "status", H5T_NATIVE_INT8, 1, 2, sizes);
    if (!reader->status || sizes[0] != reader->scenarios.count)
        return "damaged: no variable \"status\"";
    reader->replicates = (size_t)sizes[1];
    return NULL;
}

enum sim_status output_reader_open(struct output_reader **reader, const char *path,
                                   struct sim_errors *errors)
{
    *reader = NULL;
    struct stat about;
    if (stat(path, &about) != 0 || access(path, R_OK) != 0) {
        enum sim_status status = errno == ENOENT || errno == ENOTDIR ? SIM_NO_INPUT : SIM_IO;
        sim_errors_add(errors, status, path, 0, "cannot open it: %s", strerror(errno));
        return status;
    }
    output_h5_quiet();
    struct output_reader *made = calloc(1, sizeof *made);
    if (made)
        made->path = strdup(path);
    if (!made || !made->path) {
        free(made);
        sim_errors_add(errors, SIM_IO, path, 0, "out of memory");
        return SIM_MEMORY;
    }
    const char *wrong = "not an HDF5 file, or cut off";
    made->file = S_ISREG(about.st_mode) ? H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT) : -1;
    if (made->file >= 0)
        wrong = read_frame(made);
    if (wrong) {
        sim_errors_add(errors, SIM_BAD_DATA, path, 0, "%s", wrong);
        output_reader_close(made);
        return SIM_BAD_DATA;
    }
    *reader = made;
    return SIM_OK;
}

size_t output_reader_scenarios(const struct output_reader *reader)
{
    return reader->scenarios.count;
}

const char *output_reader_scenario(const struct output_reader *reader, size_t number)
{
    return reader->scenarios.labels[number];
}

size_t output_reader_replicates(const struct output_reader *reader)
{
    return reader->replicates;
}

const char *output_reader_title(const struct output_reader *reader)
{
    return reader->title;
}

const char *output_reader_source(const struct output_reader *reader)
{
    return reader->source;
}

size_t output_reader_months(const struct output_reader *reader)
{
    return reader->months;
}

void output_reader_month(const struct output_reader *reader, size_t step, int *year, int *month)
{
    int64_t epoch = sim_time_from_date((struct sim_date){2020, 1, 1});
    struct sim_date date = sim_date_from_time(epoch + reader->days[step] * SIM_DAY);
    *year = date.year;
    *month = date.month;
}

int output_reader_status(const struct output_reader *reader, size_t scenario, size_t replicate)
{
    return reader->status[scenario * reader->replicates + replicate];
}

static herr_t note_scale(hid_t dataset, unsigned axis, hid_t scale, void *name)
{
    char path[256] = "";
    (void)dataset;
    (void)axis;
    H5Iget_name(scale, path, sizeof path);
    const char *slash = strrchr(path, '/');
    snprintf(name, OUTPUT_READER_NAME, "%.*s", OUTPUT_READER_NAME - 1, slash ? slash + 1 : path);
    return 1; /* the first is enough */
}

/* Reads what a field is; false where it is not shaped like a variable of the results. */
static bool fill_field(const struct output_reader *reader, struct output_field *field)
{
    hid_t dataset = (hid_t)field->dataset;
    hsize_t sizes[OUTPUT_READER_AXES];
    int rank = 0;
    if (!sizes_of(dataset, &rank, sizes) || rank < 3)
        return false;
    field->rank = (size_t)rank;
    field->cells = 1;
    for (unsigned k = 0; k < field->rank; k++) {
        field->sizes[k] = (size_t)sizes[k];
        if (k >= 2)
            field->cells *= field->sizes[k];
        H5DSiterate_scales(dataset, k, NULL, note_scale, field->dims[k]);
    }
    field->units = text_attribute(dataset, "units");
    field->long_name = text_attribute(dataset, "long_name");
    return field->units && field->long_name && field->cells &&
           field->sizes[0] == reader->scenarios.count && field->sizes[1] <= reader->replicates;
}

static void free_field(struct output_field *field)
{
    output_h5_release((hid_t)field->dataset);
    free(field->units);
    free(field->long_name);
    free(field);
}

const struct output_field *output_reader_field(struct output_reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->field_count; i++) {
        if (strcmp(reader->fields[i]->name, name) == 0)
            return reader->fields[i];
    }
    struct output_field **fields =
        realloc(reader->fields, (reader->field_count + 1) * sizeof(struct output_field *));
    if (!fields)
        return NULL;
    reader->fields = fields;
    struct output_field *field = calloc(1, sizeof *field);
    if (!field)
        return NULL;
    snprintf(field->name, sizeof field->name, "%s", name);
    field->dataset = H5Dopen2(reader->file, name, H5P_DEFAULT);
    if (field->dataset < 0 || !fill_field(reader, field)) {
        free_field(field);
        return NULL;
    }
    fields[reader->field_count++] = field;
    return field;
}

size_t output_reader_label(struct output_reader *reader, const char *dimension, const char *label)
{
    struct output_labels labels;
    size_t found = SIZE_MAX;
    if (read_labels(reader->file, dimension, &labels)) {
        for (size_t i = 0; i < labels.count && found == SIZE_MAX; i++) {
            if (strcmp(labels.labels[i], label) == 0)
                found = i;
        }
    }
    clear_labels(&labels);
    return found;
}

bool output_reader_values(struct output_reader *reader, const struct output_field *field,
                          size_t scenario, size_t replicate, double *values,
                          struct sim_errors *errors)
{
    hsize_t start[OUTPUT_READER_AXES] = {scenario, replicate};
    hsize_t count[OUTPUT_READER_AXES] = {1, 1}, cells = field->cells;
    for (size_t k = 2; k < field->rank; k++)
        count[k] = field->sizes[k];
    hid_t dataset = (hid_t)field->dataset, space = H5Dget_space(dataset);
    hid_t memory = H5Screate_simple(1, &cells, NULL);
    bool ok = scenario < field->sizes[0] && replicate < field->sizes[1] && space >= 0 &&
              memory >= 0 &&
              H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) >= 0 &&
              H5Dread(dataset, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, values) >= 0;
    output_h5_release(memory);
    output_h5_release(space);
    if (!ok)
        sim_errors_add(errors, SIM_BAD_DATA, reader->path, 0,
                       "variable \"%s\", replicate %zu of scenario \"%s\" cannot be read: the file "
                       "is damaged",
                       field->name, replicate, reader->scenarios.labels[scenario]);
    return ok;
}
