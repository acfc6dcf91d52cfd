/* SPDX-License-Identifier: MIT
 *
 * options.h: the options of a custom operator (FlexBuffers, tflite/flexbuffer.h), asked for by name.
 *
 *     MDG_TRY(mdg_lo_option(lo, "frame_step", (mdg_range){1, size}, &step));
 */
#ifndef MDG_LOWER_OPTIONS_H
#define MDG_LOWER_OPTIONS_H

#include "lower/lower.h"

typedef struct mdg_range {
    int32_t min, max;
} mdg_range;

/* Returns MDG_OK; MDG_INVALID where the option is missing, no number, or out of range. */
mdg_status mdg_lo_option(const mdg_lowering *lo, const char *name, mdg_range range, int32_t *value);

/* The same, `value` staying as it is where the option is missing */
mdg_status mdg_lo_option_or(const mdg_lowering *lo, const char *name, mdg_range range, int32_t *value);

#endif
