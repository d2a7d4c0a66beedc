/* HDF5 with one error check at the end: every call does nothing after the first failure, which is
 * kept as a message. Objects track no times and keep creation order, so that equal calls give equal
 * bytes and netCDF readers accept the file. One thread only. */
#ifndef OUTPUT_H5_H
#define OUTPUT_H5_H

#include <hdf5.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OUTPUT_H5_RANK = 6 };

struct output_h5 {
    hid_t file;
    bool failed;
    char what[300]; /* the first failure */
};

/* The first call to HDF5 in a process: from here on it prints no errors of its own, since we report
 * them, and runs nothing at exit. */
void output_h5_quiet(void);
/* Creates (truncates) a file; libver 1.8, which every reader of these days knows. */
void output_h5_create(struct output_h5 *h5, const char *path);
/* Closes the file; the last place where a full disk shows. */
void output_h5_close(struct output_h5 *h5);
/* Records a failure of HDF5 in `what`, with HDF5's own innermost reason. */
void output_h5_fail(struct output_h5 *h5, const char *what, const char *name);

hid_t output_h5_group(struct output_h5 *h5, const char *name);
/* A new dataset; chunk NULL: contiguous, else shuffled and deflated. fill NULL: zero. */
struct output_h5_shape {
    int rank;
    hsize_t size[OUTPUT_H5_RANK];
    bool chunked;
    hsize_t chunk[OUTPUT_H5_RANK];
};
hid_t output_h5_dataset(struct output_h5 *h5, hid_t place, const char *name, hid_t type,
                        const struct output_h5_shape *shape, const void *fill);
void output_h5_write(struct output_h5 *h5, hid_t dataset, hid_t memory_type, const void *data);
/* One-dimensional dataset of variable-length UTF-8 texts. */
hid_t output_h5_texts(struct output_h5 *h5, hid_t place, const char *name, const char *const *texts,
                      size_t count);
/* Likewise of any contiguous shape. */
hid_t output_h5_texts_shaped(struct output_h5 *h5, hid_t place, const char *name,
                             const char *const *texts, const struct output_h5_shape *shape);
/* Makes a dataset a dimension scale under its own name. */
void output_h5_scale(struct output_h5 *h5, hid_t dataset, const char *name);
void output_h5_attach(struct output_h5 *h5, hid_t dataset, hid_t scale, unsigned axis);

/* Attributes; an empty or NULL text is left out. */
void output_h5_text(struct output_h5 *h5, hid_t object, const char *name, const char *text);
/* count values of a type (attribute of rank 1, as netCDF has them). */
void output_h5_values(struct output_h5 *h5, hid_t object, const char *name, hid_t type,
                      const void *values, size_t count);
/* Closes where it is open. */
void output_h5_release(hid_t object);

#endif
