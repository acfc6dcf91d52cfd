/* SPDX-License-Identifier: MIT
 *
 * The tables of the micro block: those that TensorFlow Lite Micro's front end makes of the same options
 * (tensorflow/lite/experimental/microfrontend/lib), single precision where it has that, since they are
 * compared byte for byte.
 */
#include "midge/micro.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "feature/parts.h"

enum {
    WEIGHT_BITS = 12,
    NOISE_BITS = 14,
    SMOOTHING_BITS = 10,
    GAIN_BITS = 21,
    GAIN_SNR_BITS = 12,
    GAIN_INTERVALS = 32,
    GAIN_ENTRIES = 125,
    LOG_ENTRIES = 130,
    LOG_SCALE = 64,
    MAX_BANDS = 64,
    MIN_FFT_SIZE = 16,
    MAX_FFT_SIZE = 2048,
    BINS_ALIGNED = 2, /* bands begin at even bins and have multiples of 4 weights */
    BINS_BLOCK = 4
};

static const float gain_offset = 80.0f, gain_strength = 0.95f;
static const double pi = 3.14159265358979323846;

static const int16_t *window_of(int n, mdg_arena *arena) {
    int16_t *w = mdg_arena_array(arena, (size_t)n, sizeof *w);
    for (int i = 0; i < n; i++) {
        const double x = 0.5 - 0.5 * cos(2 * pi / n * (i + 0.5));
        w[i] = (int16_t)floor(x * (1 << WEIGHT_BITS) + 0.5);
    }
    return w;
}

static int16_t phase_part(double x) {
    return (int16_t)floor(0.5 + INT16_MAX * x);
}

/* e^(-i phase), phase = start + k * step */
static const int16_t *phases(double start, double step, int count, mdg_arena *arena) {
    int16_t *t = mdg_arena_array(arena, 2 * (size_t)count, sizeof *t);
    for (int k = 0; k < count; k++) {
        t[2 * k] = phase_part(cos(start + k * step));
        t[2 * k + 1] = phase_part(-sin(start + k * step));
    }
    return t;
}

static float mel_of(float hz) {
    return 1127.0f * log1pf(hz / 700.0f);
}

/* Bands while they are laid out: edges in mel, and where the bins of each begin without alignment. */
typedef struct layout {
    float hz_per_bin, low;
    float edge[MAX_BANDS + 1];
    int first[MAX_BANDS + 1], width[MAX_BANDS + 1];
} layout;

static layout lay_out(const mdg_feature_opts *o, const mdg_micro *b) {
    const float high = o->f_max_hz > 0 ? o->f_max_hz : (float)o->sample_rate / 2;
    layout l = {.hz_per_bin = 0.5f * (float)o->sample_rate / ((float)(b->fft_size / 2)),
                .low = mel_of(o->f_min_hz)};
    const float spacing = (mel_of(high) - l.low) / (float)(b->n_bands + 1);
    int bin = (int)(1.5f + o->f_min_hz / l.hz_per_bin);
    for (int c = 0; c <= b->n_bands; c++) {
        l.edge[c] = l.low + spacing * (float)(c + 1);
        l.first[c] = bin;
        while (bin <= b->fft_size / 2 && mel_of((float)bin * l.hz_per_bin) <= l.edge[c]) bin++;
        l.width[c] = bin - l.first[c];
    }
    return l;
}

/* A band without bins gets a block of zero weights, the first of all: others move up behind it. */
static void place_bands(const layout *l, mdg_micro *b, mdg_arena *arena) {
    int16_t *bins = mdg_arena_array(arena, (size_t)b->n_bands + 1, sizeof *bins);
    int16_t *weights = mdg_arena_array(arena, (size_t)b->n_bands + 1, sizeof *weights);
    int16_t *widths = mdg_arena_array(arena, (size_t)b->n_bands + 1, sizeof *widths);
    bool has_empty = false;
    for (int c = 0; c <= b->n_bands; c++) has_empty = has_empty || l->width[c] == 0;
    int next = has_empty ? BINS_BLOCK : 0;
    for (int c = 0; c <= b->n_bands; c++) {
        widths[c] = BINS_BLOCK;
        if (l->width[c] == 0) continue;
        const int aligned = l->first[c] / BINS_ALIGNED * BINS_ALIGNED,
                  wide = l->first[c] - aligned + l->width[c];
        bins[c] = (int16_t)aligned;
        weights[c] = (int16_t)next;
        widths[c] = (int16_t)((wide + BINS_BLOCK - 1) / BINS_BLOCK * BINS_BLOCK);
        next += widths[c];
    }
    b->band_bin = bins, b->band_weight = weights, b->band_width = widths, b->n_weights = next;
}

static int16_t weight_of(float share) {
    return (int16_t)(share * (1 << WEIGHT_BITS));
}

static void set_weights(const layout *l, mdg_micro *b, mdg_arena *arena) {
    int16_t *rising = mdg_arena_array(arena, (size_t)b->n_weights, sizeof *rising);
    int16_t *falling = mdg_arena_array(arena, (size_t)b->n_weights, sizeof *falling);
    b->first_bin_used = l->first[0];
    for (int c = 0; c <= b->n_bands; c++) {
        const float before = c ? l->edge[c - 1] : l->low;
        for (int j = 0; j < l->width[c]; j++) {
            const int bin = l->first[c] + j, at = b->band_weight[c] + bin - b->band_bin[c];
            const float share = (l->edge[c] - mel_of((float)bin * l->hz_per_bin)) / (l->edge[c] - before);
            rising[at] = weight_of(share);
            falling[at] = weight_of(1.0f - share);
            b->end_bin = bin + 1;
        }
    }
    b->weight_q12 = rising, b->unweight_q12 = falling;
}

static int16_t gain_at(int input_bits, uint32_t x) {
    const float level = (float)x / (float)(1 << input_bits);
    const float gain = (float)(1 << GAIN_BITS) * powf(level + gain_offset, -gain_strength);
    return gain > (float)INT16_MAX ? INT16_MAX : (int16_t)(gain + 0.5f);
}

/* A parabola for each factor of two of the noise, through its ends and its middle. */
static const int16_t *gains(int input_bits, mdg_arena *arena) {
    int16_t *t = mdg_arena_array(arena, GAIN_ENTRIES + 3, sizeof *t);
    t[0] = gain_at(input_bits, 0);
    t[1] = gain_at(input_bits, 1);
    for (int i = 2; i <= GAIN_INTERVALS; i++) {
        const uint32_t x0 = (uint32_t)1 << (i - 1), x1 = x0 + x0 / 2, x2 = i == 32 ? x0 + (x0 - 1) : 2 * x0;
        const int16_t y0 = gain_at(input_bits, x0), y1 = gain_at(input_bits, x1),
                      y2 = gain_at(input_bits, x2);
        const int to_middle = y1 - y0, to_end = y2 - y0, slope = 4 * to_middle - to_end;
        int16_t *piece = t + 4 * i - 6;
        piece[0] = y0;
        piece[1] = (int16_t)slope;
        piece[2] = (int16_t)(to_end - slope);
    }
    return t;
}

static const int16_t *log_table(mdg_arena *arena) {
    int16_t *t = mdg_arena_array(arena, LOG_ENTRIES, sizeof *t);
    for (int i = 0; i < LOG_ENTRIES - 1; i++) {
        const double x = (double)i / (LOG_ENTRIES - 2);
        t[i] = (int16_t)lround(65536 * (log2(1 + x) - x));
    }
    return t;
}

static mdg_status check(const mdg_feature_opts *o, int32_t window, mdg_diag *diag) {
    const float half = (float)o->sample_rate / 2;
    if (window < MIN_FFT_SIZE || window > MAX_FFT_SIZE)
        return mdg_fail(diag, MDG_INVALID, "features: a window of %d samples; %d to %d are possible", window,
                        MIN_FFT_SIZE, MAX_FFT_SIZE);
    if (o->n_mels < 1 || o->n_mels > MAX_BANDS)
        return mdg_fail(diag, MDG_INVALID, "features: n_mels is %d; 1 to %d are possible", o->n_mels,
                        MAX_BANDS);
    if (!(o->f_min_hz >= 0) || !(o->f_max_hz >= 0) || o->f_max_hz > half ||
        o->f_min_hz >= (o->f_max_hz > 0 ? o->f_max_hz : half))
        return mdg_fail(diag, MDG_INVALID, "features: from %g to %g Hz is no range within 0 to %g Hz",
                        (double)o->f_min_hz, (double)o->f_max_hz, (double)half);
    return MDG_OK;
}

mdg_status mdg_feature_build_micro(const mdg_feature_opts *o, mdg_arena *arena, mdg_features *out,
                                   mdg_diag *diag) {
    mdg_micro *b = mdg_arena_alloc(arena, sizeof *b);
    MDG_TRY(check(o, out->window, diag));
    *b = (mdg_micro){.n_window = out->window,
                     .n_bands = o->n_mels,
                     .fft_size = MIN_FFT_SIZE,
                     .even_smoothing = (int32_t)(0.025f * (1 << NOISE_BITS)),
                     .odd_smoothing = (int32_t)(0.06f * (1 << NOISE_BITS)),
                     .least_signal = (int32_t)(0.05f * (1 << NOISE_BITS)),
                     .log_scale = LOG_SCALE,
                     .correction_bits = 3 - WEIGHT_BITS / 2};
    while (b->fft_size < out->window) b->fft_size *= 2;
    for (int n = b->fft_size; n > 8; n /= 2) b->correction_bits++;
    b->gain_shift = GAIN_BITS - b->correction_bits - GAIN_SNR_BITS;
    if (b->correction_bits < 0) b->correction_bits = 0;
    b->window_q12 = window_of(out->window, arena);
    b->twiddle_q15 = phases(0, 4 * pi / b->fft_size, b->fft_size / 2, arena);
    b->split_q15 = phases(pi * (2.0 / b->fft_size + 0.5), 2 * pi / b->fft_size, b->fft_size / 4, arena);
    const layout l = lay_out(o, b);
    place_bands(&l, b, arena);
    set_weights(&l, b, arena);
    b->gain = gains(SMOOTHING_BITS - b->correction_bits, arena);
    b->log2_q16 = log_table(arena);
    out->frame = mdg_micro_frame;
    out->block = b;
    out->unit = LOG_SCALE;
    out->width = b->n_bands;
    out->state_bytes = b->n_bands * 4;
    out->scratch_bytes =
        b->n_bands * 16 + (b->fft_size / 2 + 1) * 4 + (b->fft_size + 2) * 2 + b->n_window * 2;
    return MDG_OK;
}
