/* SPDX-License-Identifier: MIT
 *
 * images.h: pictures, from files through FFmpeg or from IDX files (MNIST and its kin).
 */
#ifndef MDG_IMAGES_H
#define MDG_IMAGES_H

#include "data/data.h"

typedef struct mdg_image {
    uint8_t *pixels; /* [h][w][channels], freed with mdg_image_free */
    int h, w, channels;
    int file_h, file_w; /* before scaling */
} mdg_image;

/* h and w 0: the file's own size. Scaled by area. diag gets the cause alone. */
mdg_status mdg_image_read(const char *path, int h, int w, bool grey, mdg_image *out, mdg_diag *diag);
void mdg_image_free(mdg_image *image);

/* Pictures of IDX files: pairs such as train-images-idx3-ubyte and train-labels-idx1-ubyte, also .gz; the
 * group is what stands before "-images". */
bool mdg_idx_is_images(const char *name);

typedef struct mdg_idx {
    const uint8_t *pixels; /* [n][h][w] */
    const uint8_t *labels; /* [n] */
    size_t n;
    int h, w;
} mdg_idx;

/* Returns MDG_OK; MDG_NOT_FOUND for a missing file of labels; MDG_INVALID when a header lies about its file.
 * diag gets the cause alone. */
mdg_status mdg_idx_read(const char *images_path, mdg_arena *arena, mdg_idx *out, mdg_diag *diag);

/* The data set of a folder of IDX files: labels, and clips with their samples. */
bool mdg_images_has_idx(const char *folder, mdg_arena *arena);
mdg_status mdg_images_load_idx(mdg_dataset *set, mdg_diag *diag);

/* Sets channels, image_h and image_w: those of the options, or of the first picture that can be read. */
mdg_status mdg_images_settle_size(mdg_dataset *set, mdg_diag *diag);

#endif
