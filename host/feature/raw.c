/* SPDX-License-Identifier: MIT */
#include "midge/raw.h"

#include "feature/parts.h"

enum { STEPS_PER_UNIT = 8 };

mdg_status mdg_feature_build_raw(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                 mdg_diag *diag) {
    mdg_raw *b = mdg_arena_alloc(arena, sizeof *b);
    (void)opts, (void)diag;
    b->factor_q16 = (65536 + out->window / 2) / out->window;
    out->frame = mdg_raw_frame;
    out->block = b;
    out->unit = STEPS_PER_UNIT;
    out->width = out->channels;
    return MDG_OK;
}
