/* SPDX-License-Identifier: MIT
 *
 * The tables of the mel block, in double precision. docs/FEATURES.md has the formulas and their sources.
 */
#include "midge/mel.h"

#include <math.h>
#include <stdbool.h>

#include "feature/parts.h"

enum { MIN_FFT_SIZE = 16, MAX_FFT_SIZE = 2048, MAX_MELS = 64, LOG_MEL_UNIT = 256, MFCC_UNIT = 64 };

static const double pi = 3.14159265358979323846;

static int16_t to_q15(double x) {
    const long q = lround(x * 32768.0);
    return (int16_t)(q > INT16_MAX ? INT16_MAX : q);
}

/* The mel scale of HTK (Young et al., The HTK Book, 5.4.6): 2595 log10(1 + f / 700). */
static double mel_of_hz(double hz) {
    return 2595.0 * log10(1.0 + hz / 700.0);
}

static double hz_of_mel(double mel) {
    return 700.0 * (pow(10.0, mel / 2595.0) - 1.0);
}

/* The n_mels + 2 edges of the triangles, evenly spaced in mel or in Hz. */
typedef struct mel_scale {
    bool is_linear;
    double first, step;
    double hz_per_bin;
} mel_scale;

static double scale_of_hz(const mel_scale *s, double hz) {
    return s->is_linear ? hz : mel_of_hz(hz);
}

static mel_scale mel_scale_of(const mdg_feature_opts *opts, int n_mels, int fft_size) {
    const double f_max = opts->f_max_hz > 0 ? opts->f_max_hz : opts->sample_rate / 2.0;
    mel_scale s = {.is_linear = opts->kind == MDG_FEATURE_SPECTROGRAM || opts->kind == MDG_FEATURE_SPECTRAL,
                   .hz_per_bin = (double)opts->sample_rate / fft_size};
    s.first = scale_of_hz(&s, opts->f_min_hz);
    s.step = (scale_of_hz(&s, f_max) - s.first) / (n_mels + 1);
    return s;
}

static double mel_edge_hz(const mel_scale *s, int j) {
    const double edge = s->first + j * s->step;
    return s->is_linear ? edge : hz_of_mel(edge);
}

/* Where a bin lies among the edges: the whole part is its segment, the fraction its share in the rising band.
 */
static double mel_position(const mel_scale *s, int bin) {
    return (scale_of_hz(s, bin * s->hz_per_bin) - s->first) / s->step;
}

/* The lowest band that no bin lies within, or -1. */
static int mel_empty_band(const mel_scale *s, int n_mels, int fft_size) {
    int next = 0; /* bands below have a bin */
    for (int bin = 0; bin <= fft_size / 2 && next < n_mels; bin++) {
        const double position = mel_position(s, bin);
        if (position >= next + 2) return next;
        if (position > next) next = (int)ceil(position);
    }
    return next < n_mels ? next : -1;
}

static mdg_status check_bands(const mdg_feature_opts *opts, int fft_size, mdg_diag *diag) {
    const mel_scale s = mel_scale_of(opts, opts->n_mels, fft_size);
    const int band = mel_empty_band(&s, opts->n_mels, fft_size);
    if (band < 0) return MDG_OK;
    int fitting = opts->n_mels - 1;
    for (; fitting > 0; fitting--) {
        const mel_scale fewer = mel_scale_of(opts, fitting, fft_size);
        if (mel_empty_band(&fewer, fitting, fft_size) < 0) break;
    }
    return mdg_fail(
        diag, MDG_INVALID,
        "features: band %d of %d (%.0f to %.0f Hz) holds none of the FFT's bins, which are %.1f Hz "
        "apart; set n_mels to at most %d, or use a longer window or a higher f_min",
        band + 1, opts->n_mels, mel_edge_hz(&s, band), mel_edge_hz(&s, band + 2), s.hz_per_bin, fitting);
}

static mdg_status check_opts(const mdg_feature_opts *o, mdg_diag *diag) {
    if (o->n_mels < 1 || o->n_mels > MAX_MELS)
        return mdg_fail(diag, MDG_INVALID, "features: n_mels is %d; 1 to %d are possible", o->n_mels,
                        MAX_MELS);
    if (o->kind == MDG_FEATURE_MFCC && (o->n_coeffs < 1 || o->n_coeffs > o->n_mels))
        return mdg_fail(diag, MDG_INVALID, "features: n_coeffs is %d; 1 to n_mels = %d are possible",
                        o->n_coeffs, o->n_mels);
    if (!(o->f_max_hz >= 0) || o->f_max_hz > (float)o->sample_rate / 2)
        return mdg_fail(diag, MDG_INVALID, "features: f_max %g Hz is outside 0 to %g, half the sample rate",
                        (double)o->f_max_hz, o->sample_rate / 2.0);
    const double f_max = o->f_max_hz > 0 ? o->f_max_hz : o->sample_rate / 2.0;
    if (!(o->f_min_hz >= 0) || o->f_min_hz >= f_max)
        return mdg_fail(diag, MDG_INVALID, "features: f_min %g Hz is outside 0 to below f_max = %g Hz",
                        (double)o->f_min_hz, f_max);
    return MDG_OK;
}

static mdg_status check_window(const mdg_feature_opts *o, int32_t window, mdg_diag *diag) {
    if (window < MIN_FFT_SIZE)
        return mdg_fail(diag, MDG_INVALID,
                        "features: a window of %d us is %d samples at %d Hz; at least %d are needed",
                        o->window_us, window, o->sample_rate, MIN_FFT_SIZE);
    if (window > MAX_FFT_SIZE)
        return mdg_fail(
            diag, MDG_UNSUPPORTED,
            "features: a window of %d us is %d samples at %d Hz; at most %d are possible: shorten it or "
            "lower the sample rate",
            o->window_us, window, o->sample_rate, MAX_FFT_SIZE);
    return MDG_OK;
}

/* Periodic Hann window (Harris 1978), and the shift that keeps the FFT's values below 2^30 whatever comes: no
 * bin exceeds the sum of the window times full scale. Each stage with twiddles halves (dsp/rfft.h). At least
 * 2, since the first stage adds four values that were not halved. */
static void set_window(mdg_mel *b, mdg_arena *arena) {
    int16_t *w = (int16_t *)mdg_arena_array(arena, (size_t)b->n_window, sizeof *w);
    int64_t sum = 0;
    for (int i = 0; i < b->n_window; i++) sum += w[i] = to_q15(0.5 - 0.5 * cos(2 * pi * i / b->n_window));
    b->window_q15 = w;

    int headroom = 0, halvings = 0;
    while (sum << (headroom + 1) <= INT64_C(1) << 30) headroom++;
    for (int n = b->fft_size / 2; n > 4; n /= 4) halvings++;
    b->window_shift = 15 - halvings - headroom;
    if (b->window_shift < 2) b->window_shift = 2;
    b->power_shift = 2 * (15 - halvings - b->window_shift);
}

/* e^(-2 pi i k / n), k < count */
static const int16_t *twiddles(int n, int count, mdg_arena *arena) {
    int16_t *t = (int16_t *)mdg_arena_array(arena, (size_t)count * 2, sizeof *t);
    for (int k = 0; k < count; k++) {
        t[2 * k] = to_q15(cos(2 * pi * k / n));
        t[2 * k + 1] = to_q15(-sin(2 * pi * k / n));
    }
    return t;
}

static void set_bands(const mdg_feature_opts *o, mdg_mel *b, mdg_arena *arena) {
    const mel_scale s = mel_scale_of(o, b->n_mels, b->fft_size);
    int16_t *start = (int16_t *)mdg_arena_array(arena, (size_t)b->n_mels + 2, sizeof *start);
    int16_t *weight = (int16_t *)mdg_arena_array(arena, (size_t)b->fft_size / 2 + 1, sizeof *weight);
    int segment = 0;
    for (int bin = 0; bin <= b->fft_size / 2; bin++) {
        const double position = mel_position(&s, bin);
        while (segment < b->n_mels + 2 && position >= segment) start[segment++] = (int16_t)bin;
        if (segment > 0 && segment < b->n_mels + 2) weight[b->n_weights++] = to_q15(position - (segment - 1));
    }
    while (segment < b->n_mels + 2) start[segment++] = (int16_t)(b->fft_size / 2 + 1);
    b->band_start = start;
    b->weight_q15 = weight;
}

/* Orthonormal DCT-II (Ahmed, Natarajan and Rao 1974), times MFCC_UNIT / LOG_MEL_UNIT, in as many bits as 16
 * hold. */
static void set_dct(mdg_mel *b, int width, mdg_arena *arena) {
    const double to_unit = (double)MFCC_UNIT / LOG_MEL_UNIT;
    const double largest = to_unit * sqrt(2.0 / b->n_mels);
    int16_t *dct = (int16_t *)mdg_arena_array(arena, (size_t)(width * b->n_mels), sizeof *dct);
    while (ldexp(largest, b->dct_shift + 1) <= INT16_MAX) b->dct_shift++;
    for (int k = 0; k < width; k++)
        for (int m = 0; m < b->n_mels; m++) {
            const double norm = to_unit * sqrt((k ? 2.0 : 1.0) / b->n_mels);
            const double c = norm * cos(pi * k * (2 * m + 1) / (2.0 * b->n_mels));
            dct[k * b->n_mels + m] = (int16_t)lround(ldexp(c, b->dct_shift));
        }
    b->dct_q = dct;
    b->n_dct = width * b->n_mels;
}

mdg_status mdg_feature_set_spectrum(const mdg_feature_opts *opts, int32_t n_window, mdg_arena *arena,
                                    mdg_mel *b, mdg_diag *diag) {
    MDG_TRY(check_opts(opts, diag));
    MDG_TRY(check_window(opts, n_window, diag));
    *b = (mdg_mel){.n_window = n_window, .n_mels = opts->n_mels, .fft_size = MIN_FFT_SIZE};
    while (b->fft_size < n_window) b->fft_size *= 2;
    MDG_TRY(check_bands(opts, b->fft_size, diag));
    set_window(b, arena);
    b->twiddle_q15 = twiddles(b->fft_size / 2, b->fft_size / 8 * 3, arena);
    b->split_q15 = twiddles(b->fft_size, b->fft_size / 4, arena);
    set_bands(opts, b, arena);
    return MDG_OK;
}

mdg_status mdg_feature_build_mel(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                 mdg_diag *diag) {
    const bool mfcc = opts->kind == MDG_FEATURE_MFCC;
    mdg_mel *b = mdg_arena_alloc(arena, sizeof *b);
    MDG_TRY(mdg_feature_set_spectrum(opts, out->window, arena, b, diag));
    out->frame = mdg_mel_frame;
    out->block = b;
    out->unit = mfcc ? MFCC_UNIT : LOG_MEL_UNIT;
    out->width = mfcc ? opts->n_coeffs : opts->n_mels;
    if (mfcc) set_dct(b, out->width, arena);
    /* the bins and the bands that a DCT reads */
    out->scratch_bytes = (b->fft_size / 2 + 1) * 8 + b->n_mels * 2;
    return MDG_OK;
}
