#include "h5.h"

#include "chunk.h"

#include <hdf5_hl.h>
#include <stdio.h>
#include <string.h>

void output_h5_quiet(void)
{
    /* Where a file could not be closed for want of space, HDF5's exit handler would try again and
     * crash. It must be said before HDF5 wakes up, and does nothing later. We close all ourselves.
     */
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

enum { REASON = 1000 };

static herr_t innermost(unsigned n, const H5E_error2_t *error, void *text)
{
    (void)n;
    snprintf(text, REASON, "%s", error->desc ? error->desc : "");
    return 0;
}

/* Of a failed system call HDF5 tells time, file, descriptor and sizes: people want the reason. */
static const char *shorten(char *reason)
{
    static const char mark[] = "error message = '";
    char *at = strstr(reason, mark);
    at = at ? at + sizeof mark - 1 : reason;
    at[strcspn(at, at == reason ? "\n" : "'")] = 0;
    return at;
}

void output_h5_fail(struct output_h5 *h5, const char *what, const char *name)
{
    if (h5->failed)
        return;
    h5->failed = true;
    char reason[REASON] = "";
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, innermost, reason);
    snprintf(h5->what, sizeof h5->what, "%s %s: %.200s", what, name, shorten(reason));
}

void output_h5_release(hid_t object)
{
    if (object <= 0)
        return;
    switch (H5Iget_type(object)) {
    case H5I_DATASET:
        H5Dclose(object);
        break;
    case H5I_DATASPACE:
        H5Sclose(object);
        break;
    case H5I_DATATYPE:
        H5Tclose(object);
        break;
    case H5I_ATTR:
        H5Aclose(object);
        break;
    case H5I_GROUP:
        H5Gclose(object);
        break;
    case H5I_GENPROP_LST:
        H5Pclose(object);
        break;
    default:
        break;
    }
}

enum { ORDER = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED };

void output_h5_create(struct output_h5 *h5, const char *path)
{
    *h5 = (struct output_h5){.file = -1};
    output_h5_quiet();
    hid_t creation = H5Pcreate(H5P_FILE_CREATE), access = H5Pcreate(H5P_FILE_ACCESS);
    if (creation < 0 || access < 0 || H5Pset_link_creation_order(creation, ORDER) < 0 ||
        H5Pset_attr_creation_order(creation, ORDER) < 0 ||
        H5Pset_obj_track_times(creation, false) < 0 ||
        H5Pset_libver_bounds(access, H5F_LIBVER_V18, H5F_LIBVER_V18) < 0 ||
        H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) < 0 ||
        (h5->file = H5Fcreate(path, H5F_ACC_TRUNC, creation, access)) < 0)
        output_h5_fail(h5, "cannot create", path);
    output_h5_release(creation);
    output_h5_release(access);
}

void output_h5_close(struct output_h5 *h5)
{
    if (h5->file < 0)
        return;
    if (H5Fflush(h5->file, H5F_SCOPE_GLOBAL) < 0)
        output_h5_fail(h5, "cannot write", "the file");
    if (H5Fclose(h5->file) < 0)
        output_h5_fail(h5, "cannot close", "the file");
    h5->file = -1;
}

hid_t output_h5_group(struct output_h5 *h5, const char *name)
{
    if (h5->failed)
        return -1;
    hid_t group = -1, creation = H5Pcreate(H5P_GROUP_CREATE);
    if (creation < 0 || H5Pset_link_creation_order(creation, ORDER) < 0 ||
        H5Pset_attr_creation_order(creation, ORDER) < 0 ||
        H5Pset_obj_track_times(creation, false) < 0 ||
        (group = H5Gcreate2(h5->file, name, H5P_DEFAULT, creation, H5P_DEFAULT)) < 0)
        output_h5_fail(h5, "cannot create group", name);
    output_h5_release(creation);
    return group;
}

hid_t output_h5_dataset(struct output_h5 *h5, hid_t place, const char *name, hid_t type,
                        const struct output_h5_shape *shape, const void *fill)
{
    if (h5->failed)
        return -1;
    hid_t dataset = -1, creation = H5Pcreate(H5P_DATASET_CREATE);
    hid_t space = H5Screate_simple(shape->rank, shape->size, NULL);
    bool ok = creation >= 0 && space >= 0 && H5Pset_attr_creation_order(creation, ORDER) >= 0 &&
              H5Pset_obj_track_times(creation, false) >= 0;
    if (ok && fill)
        ok = H5Pset_fill_value(creation, type, fill) >= 0;
    if (ok && shape->chunked)
        ok = H5Pset_chunk(creation, shape->rank, shape->chunk) >= 0 &&
             H5Pset_shuffle(creation) >= 0 && H5Pset_deflate(creation, OUTPUT_DEFLATE) >= 0;
    if (ok)
        dataset = H5Dcreate2(place, name, type, space, H5P_DEFAULT, creation, H5P_DEFAULT);
    if (dataset < 0)
        output_h5_fail(h5, "cannot create", name);
    output_h5_release(space);
    output_h5_release(creation);
    return dataset;
}

void output_h5_write(struct output_h5 *h5, hid_t dataset, hid_t memory_type, const void *data)
{
    if (!h5->failed && H5Dwrite(dataset, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        output_h5_fail(h5, "cannot write", "a dataset");
}

hid_t output_h5_texts_shaped(struct output_h5 *h5, hid_t place, const char *name,
                             const char *const *texts, const struct output_h5_shape *shape)
{
    if (h5->failed)
        return -1;
    hid_t dataset = -1, type = H5Tcopy(H5T_C_S1);
    if (type < 0 || H5Tset_size(type, H5T_VARIABLE) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0) {
        output_h5_fail(h5, "cannot make the text type of", name);
    } else {
        dataset = output_h5_dataset(h5, place, name, type, shape, NULL);
        output_h5_write(h5, dataset, type, texts);
    }
    output_h5_release(type);
    return dataset;
}

hid_t output_h5_texts(struct output_h5 *h5, hid_t place, const char *name, const char *const *texts,
                      size_t count)
{
    struct output_h5_shape shape = {.rank = 1, .size = {count}};
    return output_h5_texts_shaped(h5, place, name, texts, &shape);
}

void output_h5_scale(struct output_h5 *h5, hid_t dataset, const char *name)
{
    if (!h5->failed && H5DSset_scale(dataset, name) < 0)
        output_h5_fail(h5, "cannot make a dimension scale of", name);
}

void output_h5_attach(struct output_h5 *h5, hid_t dataset, hid_t scale, unsigned axis)
{
    if (!h5->failed && H5DSattach_scale(dataset, scale, axis) < 0)
        output_h5_fail(h5, "cannot attach", "a dimension scale");
}

void output_h5_text(struct output_h5 *h5, hid_t object, const char *name, const char *text)
{
    if (h5->failed || !text || !*text)
        return;
    hid_t type = H5Tcopy(H5T_C_S1), space = H5Screate(H5S_SCALAR), attribute = -1;
    if (type < 0 || space < 0 || H5Tset_size(type, strlen(text)) < 0 ||
        H5Tset_strpad(type, H5T_STR_NULLPAD) < 0 || H5Tset_cset(type, H5T_CSET_UTF8) < 0 ||
        (attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT)) < 0 ||
        H5Awrite(attribute, type, text) < 0)
        output_h5_fail(h5, "cannot write attribute", name);
    output_h5_release(attribute);
    output_h5_release(space);
    output_h5_release(type);
}

void output_h5_values(struct output_h5 *h5, hid_t object, const char *name, hid_t type,
                      const void *values, size_t count)
{
    if (h5->failed)
        return;
    hsize_t size = count;
    hid_t space = H5Screate_simple(1, &size, NULL), attribute = -1;
    if (space < 0 ||
        (attribute = H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT)) < 0 ||
        H5Awrite(attribute, type, values) < 0)
        output_h5_fail(h5, "cannot write attribute", name);
    output_h5_release(attribute);
    output_h5_release(space);
}
