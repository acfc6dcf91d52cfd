/* SPDX-License-Identifier: MIT
 *
 * image.h: a generated model as a program for an emulated board, in a temporary folder.
 *
 *     mdg_image image;
 *     status = mdg_image_build(&opts, true, arena, &image, diag);
 *     if (status == MDG_OK) status = mdg_image_run(&image, &extra, progress, diag);
 *     mdg_image_remove(&image);   // in any case
 */
#ifndef MDG_IMAGE_H
#define MDG_IMAGE_H

#include "measure/measure.h"
#include "measure/process.h"

typedef struct mdg_image {
    const mdg_run_opts *opts;
    mdg_arena *arena;
    const char *folder; /* holds image.elf, input.bin, output.bin and logs; NULL before it is made */
} mdg_image;

/* Path of a file in the image's folder. */
const char *mdg_image_path(const mdg_image *m, const char *name);

/* Compiles and links. With `measured` the image has marks behind each operator and paints its stack. */
mdg_status mdg_image_build(const mdg_run_opts *opts, bool measured, mdg_arena *arena, mdg_image *out,
                           mdg_diag *diag);

/* Runs all `repeat` inputs; `options` (or NULL) are further options for QEMU. output.bin is complete then. */
mdg_status mdg_image_run(const mdg_image *m, const void *input, const mdg_command *options,
                         const mdg_progress *progress, mdg_diag *diag);

void mdg_image_remove(const mdg_image *m);

#endif
