/* SPDX-License-Identifier: MIT
 *
 * png.h: pictures as they are: 8 bits, grey or RGB, without a detour over another pixel format.
 */
#ifndef MDG_PNG_H
#define MDG_PNG_H

#include <stdint.h>

#include "util/arena.h"
#include "util/diag.h"

/* pixels [h][w][channels], channels 1 or 3. Returns MDG_OK or MDG_IO. */
mdg_status mdg_png_write(const char *path, const uint8_t *pixels, int h, int w, int channels,
                         mdg_arena *arena, mdg_diag *diag);

#endif
