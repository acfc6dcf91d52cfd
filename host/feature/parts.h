/* SPDX-License-Identifier: MIT
 *
 * parts.h: one builder for each block, called with window, hop, channels and frames set; it sets frame,
 * block, width, unit, the state and the scratch that the block itself needs.
 */
#ifndef MDG_FEATURE_PARTS_H
#define MDG_FEATURE_PARTS_H

#include "feature/feature.h"
#include "midge/mel.h"

/* The spectrum's part of the constants, of n_window values at opts->sample_rate. */
mdg_status mdg_feature_set_spectrum(const mdg_feature_opts *opts, int32_t n_window, mdg_arena *arena,
                                    mdg_mel *b, mdg_diag *diag);

mdg_status mdg_feature_build_mel(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                 mdg_diag *diag);
mdg_status mdg_feature_build_spectral(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                      mdg_diag *diag);
mdg_status mdg_feature_build_micro(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                   mdg_diag *diag);
/* Pictures that the device crops, scales or turns to grey; a picture through it: pixels [n_pixels][channels],
 * all of them, memory f->state_bytes, out [frames][width]. */
bool mdg_feature_has_picture(const mdg_feature_opts *opts);
mdg_status mdg_feature_build_picture(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                     mdg_diag *diag);
void mdg_feature_picture(const mdg_features *f, const int16_t *pixels, size_t n_pixels, void *memory,
                         int16_t *out);

/* Behind the block's builder, with state_bytes a multiple of 8: opts' filter in front of it, if there is one.
 */
mdg_status mdg_feature_build_filter(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                    mdg_diag *diag);

mdg_status mdg_feature_build_raw(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                 mdg_diag *diag);

#endif
