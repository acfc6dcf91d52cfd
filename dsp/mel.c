/* SPDX-License-Identifier: MIT
 *
 * One frame of sound to one row of features: bands of its spectrum, or their DCT (docs/FEATURES.md).
 */
#include "midge/mel.h"

#include "spectrum.h"

static inline void mel_dct(const mdg_mel *b, int32_t width, const int16_t *mel, int16_t *out) {
    const int16_t *w = b->dct_q;
    for (int32_t k = 0; k < width; k++) {
        int64_t sum = (int64_t)1 << (b->dct_shift - 1);
        for (int32_t m = 0; m < b->n_mels; m++) sum += mel[m] * *w++;
        out[k] = (int16_t)(sum >> b->dct_shift);
    }
}

MDG_KERNEL void mdg_mel_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                              int16_t *out) {
    const mdg_mel *b = (const mdg_mel *)f->block;
    mdg_bin *bins = (mdg_bin *)scratch;                     /* [fft_size / 2 + 1] */
    int16_t *mel = (int16_t *)(bins + b->fft_size / 2 + 1); /* [n_mels] */
    (void)state;
    spectrum_bins(b, samples, bins);
    spectrum_bands(b, bins, b->dct_q ? mel : out);
    if (b->dct_q) mel_dct(b, f->width, mel, out);
}
