/* SPDX-License-Identifier: MIT
 *
 * The signal library's operators on frames.
 */
#include "../check.h"

enum {
    MAX_POINTS = 1 << 24,
    PCAN_TABLE = 125, /* int16 entries that 32 bits of noise reach */
    LOG_TABLE = 130
};

/* The stages make up the points; *legs is the largest radix that has no butterfly of its own, which needs
 * room for as many points. */
static bool has_stages(const mdg_fft_params *p, int32_t *legs) {
    int64_t points = 1;
    *legs = 0;
    if (!mdg_within(p->stages, 0, 16) || !mdg_within(p->points, 1, MAX_POINTS)) return false;
    for (int32_t i = 0; i < p->stages; i++) {
        const int32_t radix = p->radix[i];
        if (!mdg_within(radix, 1, p->points) || points > p->points) return false;
        points *= radix;
        if (!mdg_within(radix, 2, 5) && radix > *legs) *legs = radix;
    }
    return points == p->points;
}

static bool has_legs(const mdg_sizes *s, uint32_t k, int32_t legs, uint32_t size) {
    return legs == 0 || mdg_has_out(s, k, mdg_count2(legs, 2), size);
}

/* Twiddles; integers without the least number, whose products leave no room for another in a sum */
static bool has_twiddles(const mdg_sizes *s, uint32_t k, int32_t points, int32_t bits) {
    const uint32_t count = mdg_count2(points, 2), size = bits == 16 ? sizeof(int16_t) : sizeof(int32_t);
    if (points == 0) return true;
    if (!mdg_has_in(s, k, count, size) || !s->constant[k]) return false;
    for (uint32_t i = 0; i < count; i++) {
        if (bits == 16 && ((const int16_t *)s->constant[k])[i] == INT16_MIN) return false;
        if (bits == 32 && ((const int32_t *)s->constant[k])[i] == INT32_MIN) return false;
    }
    return true;
}

/* bits: of integers, 0 for floats; legs: the output with room for them */
static bool fft(const mdg_fft_params *p, const mdg_sizes *s, uint32_t size, int32_t bits, uint32_t legs) {
    int32_t radix;
    return has_stages(p, &radix) && has_twiddles(s, 1, p->points, bits) &&
           has_twiddles(s, 2, p->points / 2, bits) && has_legs(s, legs, radix, size);
}

static bool rfft(const mdg_fft_params *p, const mdg_sizes *s, uint32_t size, int32_t bits) {
    return fft(p, s, size, bits, 1) && mdg_has_in(s, 0, mdg_count2(p->rows, p->length), size) &&
           mdg_has_out(s, 0, mdg_count3(p->rows, p->points + 1, 2), size);
}

static bool irfft(const mdg_fft_params *p, const mdg_sizes *s, uint32_t size, int32_t bits) {
    return fft(p, s, size, bits, 2) && mdg_has_in(s, 0, mdg_count3(p->rows, p->points + 1, 2), size) &&
           mdg_has_out(s, 0, mdg_count3(p->rows, p->points, 2), size) &&
           mdg_has_out(s, 1, mdg_count2(p->points, 2), size);
}

MDG_CHECK(rfft_s16, fft, rfft, sizeof(int16_t), 16)
MDG_CHECK(rfft_s32, fft, rfft, sizeof(int32_t), 32)
MDG_CHECK(rfft_f32, fft, rfft, sizeof(float), 0)
MDG_CHECK(irfft_s16, fft, irfft, sizeof(int16_t), 16)
MDG_CHECK(irfft_s32, fft, irfft, sizeof(int32_t), 32)
MDG_CHECK(irfft_f32, fft, irfft, sizeof(float), 0)

static bool window(const mdg_window_params *p, mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count2(p->rows, p->size);
    return mdg_has_in(s, 0, count, size) && mdg_has_in(s, 1, mdg_count1(p->size), size) &&
           mdg_has_out(s, 0, count, size) && mdg_within(p->shift, 0, 31) && mdg_may_share(s);
}

static bool auto_scale(const mdg_unary_params *p, mdg_sizes *s, uint32_t size) {
    return mdg_has_pair(s, p->count, size, size) && mdg_has_out(s, 1, 1, sizeof(int32_t));
}

/* Bins beyond `end` are not read. */
static bool energy(const mdg_energy_params *p, const mdg_sizes *s, uint32_t size) {
    const int32_t read = p->end < p->bins ? p->end : p->bins;
    return (read < 1 || mdg_has_in(s, 0, mdg_count2(read, 2), size)) &&
           mdg_has_out(s, 0, mdg_count1(p->bins), sizeof(uint32_t));
}

MDG_CHECK(window_s16, window, window, sizeof(int16_t))
MDG_CHECK(fft_auto_scale_s16, unary, auto_scale, sizeof(int16_t))
MDG_CHECK(energy_s16, energy, energy, sizeof(int16_t))

/* Each channel's bins and weights: `width` of them from the first one on */
static bool has_channels(const mdg_sizes *s, uint32_t channels) {
    const int16_t *const *table = (const int16_t *const *)&s->constant[3];
    const uint32_t bins = s->in[0] / sizeof(uint32_t);
    const uint32_t weights = (s->in[1] < s->in[2] ? s->in[1] : s->in[2]) / sizeof(int16_t);
    if (!table[0] || !table[1] || !table[2]) return false;
    for (uint32_t c = 0; c < channels; c++) {
        const int32_t first_bin = table[0][c], first_weight = table[1][c], width = table[2][c];
        if (width < 1) continue; /* nothing is read */
        if (first_bin < 0 || first_weight < 0 || (uint32_t)(first_bin + width) > bins ||
            (uint32_t)(first_weight + width) > weights)
            return false;
    }
    return true;
}

static bool filter_bank(const mdg_unary_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t channels = mdg_count1(p->count) + 1;
    for (uint32_t k = 3; k < 6; k++)
        if (!mdg_has_in(s, k, channels, sizeof(int16_t))) return false;
    return mdg_has_out(s, 0, mdg_count1(p->count), size) && has_channels(s, channels);
}

static bool square_root(const mdg_unary_params *p, const mdg_sizes *s, uint32_t in_size, uint32_t out_size) {
    return mdg_has_in(s, 0, mdg_count1(p->count), in_size) && mdg_has_in(s, 1, 1, sizeof(int32_t)) &&
           mdg_has_out(s, 0, mdg_count1(p->count), out_size);
}

static bool spectral_subtraction(const mdg_spectral_subtraction_params *p, const mdg_sizes *s,
                                 uint32_t size) {
    const uint32_t count = mdg_count1(p->channels);
    return mdg_has_in(s, 0, count, size) && mdg_has_out(s, 0, count, size) &&
           mdg_has_out(s, 1, count, size) && mdg_has_out(s, 2, count, size) &&
           mdg_within(p->smoothing_bits, 0, 31) && mdg_within(p->bits, 0, 63);
}

static bool pcan(const mdg_pcan_params *p, mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count1(p->count);
    return mdg_has_in(s, 0, count, size) && mdg_has_in(s, 1, count, size) &&
           mdg_has_in(s, 2, PCAN_TABLE, sizeof(int16_t)) && mdg_has_out(s, 0, count, size) &&
           mdg_within(p->shift, 0, 63) && mdg_may_share(s);
}

static bool filter_bank_log(const mdg_filter_bank_log_params *p, const mdg_sizes *s, uint32_t in_size,
                            uint32_t out_size) {
    return mdg_has_in(s, 0, mdg_count1(p->count), in_size) && mdg_has_in(s, 1, LOG_TABLE, sizeof(int16_t)) &&
           mdg_has_out(s, 0, mdg_count1(p->count), out_size) && mdg_within(p->correction_bits, 0, 31);
}

MDG_CHECK(filter_bank_u32, unary, filter_bank, sizeof(uint64_t))
MDG_CHECK(filter_bank_square_root_u64, unary, square_root, sizeof(uint64_t), sizeof(uint32_t))
MDG_CHECK(spectral_subtraction_u32, spectral_subtraction, spectral_subtraction, sizeof(uint32_t))
MDG_CHECK(pcan_u32, pcan, pcan, sizeof(uint32_t))
MDG_CHECK(filter_bank_log_u32, filter_bank_log, filter_bank_log, sizeof(uint32_t), sizeof(int16_t))
