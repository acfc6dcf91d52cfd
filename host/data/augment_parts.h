/* SPDX-License-Identifier: MIT
 *
 * augment_parts.h: what mdg_augment_clip puts together; private to host/data. With options of 0 each leaves
 * the clip as it is, to the bit; each draws from r in a fixed order, whatever its options.
 */
#ifndef MDG_AUGMENT_PARTS_H
#define MDG_AUGMENT_PARTS_H

#include "data/augment.h"

/* Rounds half away from zero; plain arithmetic, since calls of libm would take most of the time. */
static inline int16_t mdg_saturate(float x) {
    const float rounded = x + (x < 0 ? -0.5f : 0.5f);
    return rounded >= 32767.0f ? INT16_MAX : rounded <= -32768.0f ? INT16_MIN : (int16_t)rounded;
}

/* out [n_out][channels]: the clip in the middle of the window; what is missing repeats its ends. */
void mdg_augment_series(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_series_opts *opts,
                        mdg_rng *r, int16_t *out, size_t n_out);

/* out [image_h][image_w][channels], as the clip. */
void mdg_augment_image(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_image_opts *opts,
                       mdg_rng *r, int16_t *out);

/* Where it puts the objects of the clip, with an r in the same state. */
void mdg_augment_image_objects(const mdg_dataset *set, const mdg_clip *clip,
                               const mdg_augment_image_opts *opts, mdg_rng *r, mdg_object *out);

/* Sound, in place: pitch without speed (later by up to 20 ms), and reflections of a room. */
void mdg_augment_pitch(float semitones, int sample_rate, mdg_rng *r, int16_t *x, size_t n);
void mdg_augment_room(const mdg_augment_opts *opts, int sample_rate, mdg_rng *r, int16_t *x, size_t n);

#endif
