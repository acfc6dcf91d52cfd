/* SPDX-License-Identifier: MIT
 *
 * pack.h: a planned program as a model image (midge/image.h, docs/FORMAT.md), and the table of kernels that a
 * firmware needs to run it.
 *
 *     mdg_bytes image;
 *     mdg_pack(program, hash, arena, &image, diag);      // ready for mdg_model_open
 */
#ifndef MDG_PACK_H
#define MDG_PACK_H

#include "lower/program.h"
#include "util/file.h"

/* Whether a step of a program is one of the image, too: the others are but marks that jumps lead to. */
bool mdg_pack_has_step(mdg_step step);

/* The image in the arena, aligned to 16. Returns MDG_OK, or MDG_UNSUPPORTED where the program is larger than
 * an image can be, or was planned with an alignment below 16. */
mdg_status mdg_pack(const mdg_program *p, uint64_t model_hash, mdg_arena *arena, mdg_bytes *out,
                    mdg_diag *diag);

/* Writes folder/name.image, and folder/name_image.h for the firmware: the sizes of arena and state, and
 * entries for its table of kernels. name is a C identifier. Returns MDG_OK, MDG_UNSUPPORTED, or MDG_IO. */
mdg_status mdg_pack_save(const mdg_program *p, uint64_t model_hash, const char *folder, const char *name,
                         mdg_diag *diag);

#endif
