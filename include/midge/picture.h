/* SPDX-License-Identifier: MIT
 *
 * picture.h: a block of features (midge/features.h) for cameras: the middle of what the camera gives, its
 * colours to brightness, its lines to the size that the model sees, line by line, so that no whole picture
 * has to be held.
 *
 *     mdg_picture_start(&b, memory);                              // a new picture
 *     do {                                                        // pixels as they come, row by row
 *         const int16_t *line;
 *         const int32_t used = mdg_picture_push(&b, memory, pixels, n, &line);
 *         pixels += used * b.in_c, n -= used;
 *         if (line) take(line);                                   // out_w * out_c values
 *     } while (n > 0 || line);
 *
 * Area: an output pixel is the mean of what it covers, parts of pixels by their share. Bilinear: between the
 * middles of the four nearest pixels; beyond the middle of the outermost, that one. Both are exact rationals
 * in integers, rounded once, halves up. Memory: the caller's, MDG_PICTURE_BYTES, 8-aligned. Threads:
 * re-entrant.
 */
#ifndef MIDGE_PICTURE_H
#define MIDGE_PICTURE_H

#include "midge/features.h"

/* in_h, in_w, in_c      what the camera gives: at most 1024 x 1024; 1 or 3 bytes a pixel
 * top, left             the first pixel that is seen
 * crop_h, crop_w        how many are
 * out_h, out_w, out_c   what the model sees; out_c is in_c, or 1: (77 red + 150 green + 29 blue + 128) / 256
 * bilinear              0: area */
#define MDG_BLOCK_picture(S, T)                                                                              \
    S(in_h) S(in_w) S(in_c) S(top) S(left) S(crop_h) S(crop_w) S(out_h) S(out_w) S(out_c) S(bilinear)

typedef struct mdg_picture {
    MDG_BLOCK_picture(MDG_BLOCK_SCALAR, MDG_BLOCK_TABLE)
} mdg_picture;

/* Numbers, two lines of sums, a line of the result, a line of the crop */
#define MDG_PICTURE_BYTES(crop_w, out_w, out_c) (16 + (10 * (out_w) + (crop_w)) * (out_c))

MDG_KERNEL void mdg_picture_start(const mdg_picture *b, void *memory);

/* Takes pixels, [n][in_c], until a line of the result is complete or none are left: *line is [out_w][out_c],
 * valid until the next call, or NULL. One line of the camera may complete several: call it again, even
 * without pixels, while there is a line. Pixels behind the last one of the picture are passed over. Returns
 * how many it took. */
MDG_KERNEL int32_t mdg_picture_push(const mdg_picture *b, void *memory, const uint8_t *pixels, int32_t n,
                                    const int16_t **line);

/* Returns which line of the result the last one was, from 0. */
MDG_KERNEL int32_t mdg_picture_row(const void *memory);

/* A pixel of such a line, to be quantised: out [out_c] as it is. */
MDG_KERNEL void mdg_picture_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                                  int16_t *out);

#endif
