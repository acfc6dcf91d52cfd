/* SPDX-License-Identifier: MIT
 *
 * TFLM's micro front end out of the kernels of its signal operators.
 */
#include "midge/micro.h"

#include "midge/kernel.h"

MDG_KERNEL void mdg_window_s16(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_fft_auto_scale_s16(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_rfft_s16(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_energy_s16(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_filter_bank_u32(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_filter_bank_square_root_u64(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_spectral_subtraction_u32(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_pcan_u32(const void *params, const void *const *in, void *const *out);
MDG_KERNEL void mdg_filter_bank_log_u32(const void *params, const void *const *in, void *const *out);

enum { MICRO_WINDOW_BITS = 12, MICRO_NOISE_BITS = 14, MICRO_SMOOTHING_BITS = 10 };

/* What passes from step to step. */
typedef struct micro_work {
    uint64_t *bands;   /* [n_bands] */
    uint32_t *level;   /* [n_bands] */
    uint32_t *noise;   /* [n_bands] */
    uint32_t *energy;  /* [fft_size / 2 + 1] */
    int16_t *samples;  /* [n_window] */
    int16_t *spectrum; /* [fft_size + 2] */
    int32_t shift;     /* the samples were shifted up by it */
} micro_work;

static inline micro_work micro_work_in(const mdg_micro *b, void *scratch) {
    micro_work w;
    w.bands = (uint64_t *)scratch;
    w.level = (uint32_t *)(w.bands + b->n_bands);
    w.noise = w.level + b->n_bands;
    w.energy = w.noise + b->n_bands;
    w.spectrum = (int16_t *)(w.energy + b->fft_size / 2 + 1);
    w.samples = w.spectrum + b->fft_size + 2;
    w.shift = 0;
    return w;
}

static inline void micro_scale(const mdg_micro *b, const int16_t *samples, micro_work *w) {
    const mdg_window_params window = {1, b->n_window, MICRO_WINDOW_BITS};
    const mdg_unary_params count = {b->n_window};
    const void *const windowed[] = {samples, b->window_q12};
    const void *const scaled[] = {w->samples};
    void *const to_samples[] = {w->samples, &w->shift};
    mdg_window_s16(&window, windowed, to_samples);
    mdg_fft_auto_scale_s16(&count, scaled, to_samples);
}

/* All radices are 4 but the first stage's, which is 2 where the points are no power of 4. */
static inline mdg_fft_params micro_fft_of(const mdg_micro *b) {
    mdg_fft_params p = {1, b->n_window, b->fft_size / 2, 0, {0}};
    for (int32_t n = p.points; n > 1; n /= p.radix[p.stages++]) p.radix[p.stages] = n % 4 ? 2 : 4;
    return p;
}

static inline void micro_transform(const mdg_micro *b, micro_work *w) {
    const mdg_fft_params fft = micro_fft_of(b);
    const mdg_energy_params energy = {b->fft_size / 2 + 1, b->first_bin_used, b->end_bin};
    const void *const samples[] = {w->samples, b->twiddle_q15, b->split_q15};
    const void *const spectrum[] = {w->spectrum};
    void *const to_spectrum[] = {w->spectrum, NULL};
    void *const to_energy[] = {w->energy};
    mdg_rfft_s16(&fft, samples, to_spectrum);
    mdg_energy_s16(&energy, spectrum, to_energy);
}

static inline void micro_bands(const mdg_micro *b, micro_work *w) {
    const mdg_unary_params count = {b->n_bands};
    const void *const energy[] = {w->energy,   b->weight_q12,  b->unweight_q12,
                                  b->band_bin, b->band_weight, b->band_width};
    const void *const bands[] = {w->bands, &w->shift};
    void *const to_bands[] = {w->bands};
    void *const to_level[] = {w->level};
    mdg_filter_bank_u32(&count, energy, to_bands);
    mdg_filter_bank_square_root_u64(&count, bands, to_level);
}

static inline void micro_subtract_noise(const mdg_micro *b, void *state, micro_work *w) {
    const int32_t one = 1 << MICRO_NOISE_BITS;
    const mdg_spectral_subtraction_params p = {
        b->n_bands,           b->even_smoothing,      one - b->even_smoothing,
        b->odd_smoothing,     one - b->odd_smoothing, b->least_signal,
        MICRO_SMOOTHING_BITS, MICRO_NOISE_BITS,       0};
    const void *const level[] = {w->level};
    void *const to_level[] = {w->level, w->noise, state};
    mdg_spectral_subtraction_u32(&p, level, to_level);
}

static inline void micro_compress(const mdg_micro *b, micro_work *w, int16_t *out) {
    const mdg_pcan_params pcan = {b->n_bands, b->gain_shift};
    const mdg_filter_bank_log_params log = {b->n_bands, b->log_scale, b->correction_bits};
    const void *const level[] = {w->level, w->noise, b->gain};
    const void *const gained[] = {w->level, b->log2_q16};
    void *const to_level[] = {w->level};
    void *const to_out[] = {out};
    if (b->gain_shift) mdg_pcan_u32(&pcan, level, to_level);
    mdg_filter_bank_log_u32(&log, gained, to_out);
}

MDG_KERNEL void mdg_micro_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                                int16_t *out) {
    const mdg_micro *b = (const mdg_micro *)f->block;
    micro_work w = micro_work_in(b, scratch);
    micro_scale(b, samples, &w);
    micro_transform(b, &w);
    micro_bands(b, &w);
    micro_subtract_noise(b, state, &w);
    micro_compress(b, &w, out);
}
