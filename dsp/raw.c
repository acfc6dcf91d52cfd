/* SPDX-License-Identifier: MIT
 *
 * The samples themselves, or their means.
 */
#include "midge/raw.h"

MDG_KERNEL void mdg_raw_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                              int16_t *out) {
    const mdg_raw *b = (const mdg_raw *)f->block;
    (void)state, (void)scratch;
    for (int32_t c = 0; c < f->channels; c++) {
        int64_t sum = 0;
        for (int32_t i = 0; i < f->window; i++) sum += samples[i * f->channels + c];
        out[c] = (int16_t)((sum * b->factor_q16 + (1 << 15)) >> 16);
    }
}
