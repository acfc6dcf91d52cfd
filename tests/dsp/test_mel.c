/* SPDX-License-Identifier: MIT
 *
 * The integer features against double precision, and at the limits of what samples can be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <cmocka.h>

/* The device's sources as a generated file has them: the functions within are tested too. */
#define MDG_KERNEL static inline
#include "dsp/features.c"
#include "dsp/mel.c"
#include "feature_oracle.h"
#include "util/rng.h"

enum { MAX_WINDOW = 2048, REPEATS = 4 };

typedef enum signal {
    SILENCE,
    NOISE_LOUD,
    NOISE_SOFT,
    NOISE_FAINT,
    SINE_LOUD,
    SINE_SOFT,
    SQUARE,
    CHIRP,
    VOICE,
    IMPULSE,
    SIGNALS
} signal;

static const char *const signal_names[SIGNALS] = {
    "silence",    "noise, full scale",  "noise, 1000", "noise, 2", "sine, full scale",
    "sine, 1000", "square, full scale", "chirp",       "voice",    "impulse"};

/* Harmonics that fall off as those of a voice, in a little noise. */
static double voice_at(double t, double pitch, double noise) {
    double v = 4 * noise;
    for (int h = 1; h < 25; h++) v += 8000.0 / (h * h) * sin(2 * M_PI * pitch * h * t + h * h);
    return v;
}

static double signal_at(signal kind, int n, int rate, int repeat, double noise) {
    const double t = (double)n / rate;
    switch (kind) {
    case NOISE_LOUD: return 32767 * noise;
    case NOISE_SOFT: return 1000 * noise;
    case NOISE_FAINT: return 2 * noise;
    case SINE_LOUD: return 32767 * sin(2 * M_PI * (440 + 10.3 * repeat) * t);
    case SINE_SOFT: return 1000 * sin(2 * M_PI * (440 + 10.3 * repeat) * t);
    case SQUARE: return n / (3 + repeat) % 2 ? 32767 : -32768;
    case CHIRP: return 20000 * sin(2 * M_PI * (100 + 20000 * t * (repeat + 1)) * t);
    case VOICE: return voice_at(t, 120 + 9 * repeat, noise);
    case IMPULSE: return n == 100 ? 32767 : 0;
    default: return 0;
    }
}

static void signal_fill(signal kind, int rate, int repeat, int16_t *x, int n) {
    mdg_rng rng = mdg_rng_of((uint64_t)kind, (uint64_t)repeat);
    for (int i = 0; i < n; i++)
        x[i] = (int16_t)lrint(signal_at(kind, i, rate, repeat, (double)mdg_rng_uniform(&rng, -1, 1)));
}

typedef struct errors {
    double worst, sum;
    int count;
} errors;

/* What the Q15 tables blur: bands that are 72 dB (2^24) below the frame's loudest are not compared. */
static void errors_add(errors *e, const int16_t *got, const double *expected, int n) {
    double loudest = 0;
    for (int m = 0; m < n; m++) loudest = fmax(loudest, expected[m]);
    for (int m = 0; m < n; m++) {
        const double error = fabs(got[m] - 256 * expected[m]);
        if (expected[m] < loudest - 24) continue;
        e->worst = fmax(e->worst, error);
        e->sum += error;
        e->count++;
    }
}

static errors compare(const mdg_feature_opts *opts, signal kind) {
    int16_t x[MAX_WINDOW], got[64];
    double expected[64];
    errors e = {0};
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    assert_int_equal(mdg_feature_build(opts, arena, &f, NULL), MDG_OK);
    void *scratch = mdg_arena_alloc(arena, (size_t)f.scratch_bytes);
    for (int repeat = 0; repeat < REPEATS; repeat++) {
        signal_fill(kind, opts->sample_rate, repeat, x, f.window);
        f.frame(&f, x, NULL, scratch, got);
        oracle_log_mel(opts, &f, x, expected);
        errors_add(&e, got, expected, mel_of(&f)->n_mels);
    }
    mdg_arena_free(arena);
    return e;
}

static const mdg_feature_opts configurations[] = {
    {.kind = MDG_FEATURE_LOG_MEL,
     .sample_rate = 16000,
     .window_us = 30000,
     .hop_us = 20000,
     .n_mels = 40,
     .f_min_hz = 20,
     .clip_ms = 1000},
    {.kind = MDG_FEATURE_LOG_MEL,
     .sample_rate = 16000,
     .window_us = 64000,
     .hop_us = 10000,
     .n_mels = 64,
     .clip_ms = 1000},
    {.kind = MDG_FEATURE_LOG_MEL,
     .sample_rate = 16000,
     .window_us = 20000,
     .hop_us = 10000,
     .n_mels = 32,
     .f_min_hz = 100,
     .f_max_hz = 3800,
     .clip_ms = 100},
    {.kind = MDG_FEATURE_LOG_MEL,
     .sample_rate = 8000,
     .window_us = 32000,
     .hop_us = 16000,
     .n_mels = 40,
     .clip_ms = 1000},
    {.kind = MDG_FEATURE_LOG_MEL,
     .sample_rate = 8000,
     .window_us = 16000,
     .hop_us = 16000,
     .n_mels = 20,
     .f_min_hz = 60,
     .clip_ms = 1000},
    {.kind = MDG_FEATURE_LOG_MEL,
     .sample_rate = 32000,
     .window_us = 50000,
     .hop_us = 16000,
     .n_mels = 64,
     .clip_ms = 1000},
};
enum { CONFIGURATIONS = sizeof configurations / sizeof configurations[0] };

/* In 1/256 of a factor of two. Noise fills all bands; the others leave bands that lie far below the loudest.
 */
static const struct {
    double worst, mean;
} limits[SIGNALS] = {
    [SILENCE] = {0, 0},      [NOISE_LOUD] = {0.6, 0.3}, [NOISE_SOFT] = {0.6, 0.3}, [NOISE_FAINT] = {14, 0.8},
    [SINE_LOUD] = {16, 1.5}, [SINE_SOFT] = {20, 1.5},   [SQUARE] = {9, 1},         [CHIRP] = {20, 0.6},
    [VOICE] = {2, 0.4},      [IMPULSE] = {0.7, 0.3}};

static void test_log_mel_is_that_of_doubles(void **state) {
    (void)state;
    for (int kind = 0; kind < SIGNALS; kind++) {
        errors all = {0};
        for (int c = 0; c < CONFIGURATIONS; c++) {
            const errors e = compare(&configurations[c], (signal)kind);
            all.worst = fmax(all.worst, e.worst);
            all.sum += e.sum;
            all.count += e.count;
        }
        const double mean = all.sum / all.count;
        printf("%-20s worst %7.3f, mean %6.3f of 1/256, %d values\n", signal_names[kind], all.worst, mean,
               all.count);
        assert_true(all.count > 100);
        assert_true(all.worst <= limits[kind].worst && mean <= limits[kind].mean);
    }
}

static void test_mfcc_is_that_of_doubles(void **state) {
    (void)state;
    mdg_feature_opts opts = configurations[0];
    opts.kind = MDG_FEATURE_MFCC;
    mdg_arena *arena = mdg_arena_new();
    for (opts.n_coeffs = 1; opts.n_coeffs <= opts.n_mels; opts.n_coeffs += 13) {
        mdg_features f;
        assert_int_equal(mdg_feature_build(&opts, arena, &f, NULL), MDG_OK);
        int16_t x[MAX_WINDOW], got[64];
        double mel[64], expected[64];
        signal_fill(NOISE_LOUD, opts.sample_rate, opts.n_coeffs, x, f.window);
        f.frame(&f, x, NULL, mdg_arena_alloc(arena, (size_t)f.scratch_bytes), got);
        oracle_log_mel(&opts, &f, x, mel);
        oracle_dct(mel, mel_of(&f)->n_mels, f.width, expected);
        assert_int_equal(f.width, opts.n_coeffs);
        for (int k = 0; k < f.width; k++) assert_true(fabs(got[k] - f.unit * expected[k]) < 1.5);
    }
    mdg_arena_free(arena);
}

/* The largest sums a frame can make: full scale in step with each frequency. The sanitizer sees any overflow;
 * a wrapped value would be far off even without it. */
static void test_full_scale_does_not_overflow(void **state) {
    (void)state;
    for (int c = 0; c < CONFIGURATIONS; c++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_features f;
        assert_int_equal(mdg_feature_build(&configurations[c], arena, &f, NULL), MDG_OK);
        void *scratch = mdg_arena_alloc(arena, (size_t)f.scratch_bytes);
        int16_t x[MAX_WINDOW], row[64];
        for (int k = 0; k <= mel_of(&f)->fft_size; k++) {
            const double turn = M_PI * (k / 2) / mel_of(&f)->fft_size * 2, phase = k % 2 ? M_PI / 2 : 0;
            for (int n = 0; n < f.window; n++) x[n] = cos(turn * n + phase) >= 0 ? INT16_MAX : INT16_MIN;
            f.frame(&f, x, NULL, scratch, row);
            int16_t loudest = 0;
            for (int m = 0; m < f.width; m++) {
                assert_in_range(row[m], 0, 49 * 256);
                if (row[m] > loudest) loudest = row[m];
            }
            const double bin_hz = (double)k / 2 * configurations[c].sample_rate / mel_of(&f)->fft_size;
            if (bin_hz > 300 && bin_hz < 3000)
                assert_true(loudest > 256 * 2 * (log2(f.window / 2.0 * 32768) - 1.5));
        }
        mdg_arena_free(arena);
    }
}

static void test_log2(void **state) {
    (void)state;
    mdg_rng rng = mdg_rng_of(3, 0);
    for (int i = 0; i < 33; i++) assert_int_equal(spectrum_log2_q15[i], lround(32768 * log2(1 + i / 32.0)));
    for (int i = 0; i < 200000; i++) {
        const uint64_t x = mdg_rng_u64(&rng) >> mdg_rng_below(&rng, 64);
        if (x) assert_true(fabs(spectrum_log2_q8(x) - 256 * log2((double)x)) < 0.56);
    }
    assert_int_equal(spectrum_log2_q8(1), 0);
    assert_int_equal(spectrum_log2_q8(UINT64_MAX), 64 * 256);
    assert_int_equal(spectrum_log2_q8(UINT64_C(1) << 32), 32 * 256);
    assert_int_equal(spectrum_log2_q8(UINT32_MAX), 32 * 256);
}

static void test_narrow_and_wide_products_agree(void **state) {
    (void)state;
    static const int32_t edges[] = {INT32_MIN, INT32_MIN + 1, -65537, -65536,   -1, 0,
                                    1,         65535,         65536,  INT32_MAX};
    static const int32_t factors[] = {INT16_MIN, -1, 0, 1, 12345, INT16_MAX};
    mdg_rng rng = mdg_rng_of(5, 0);
    for (size_t i = 0; i < sizeof edges / sizeof edges[0]; i++)
        for (size_t j = 0; j < sizeof factors / sizeof factors[0]; j++)
            assert_int_equal(mdg_mul_q16_narrow(edges[i], factors[j]),
                             mdg_mul_q16_wide(edges[i], factors[j]));
    for (int i = 0; i < 100000; i++) {
        const int32_t a = (int32_t)(uint32_t)mdg_rng_u64(&rng), w = (int16_t)mdg_rng_below(&rng, 65536);
        const int32_t expected = (int32_t)floor((double)((int64_t)a * w) / 65536);
        assert_int_equal(mdg_mul_q16_narrow(a, w), expected);
        assert_int_equal(mdg_mul_q16_wide(a, w), expected);
    }
}

static void test_quantize_rounds_and_clamps(void **state) {
    (void)state;
    const mdg_features f = {.width = 6};
    const int16_t in[] = {100, 100, INT16_MAX, INT16_MIN, INT16_MIN, 3};
    const int32_t mult[] = {65536, 32768, INT32_MAX, INT32_MAX, -INT32_MAX, 32768};
    const int32_t offset[] = {0, 32767, INT32_MAX, INT32_MIN, 0, -65536};
    const int8_t expected[] = {100, 50, 127, -128, 127, 1};
    int8_t out[6];
    mdg_features_quantize(&f, mult, offset, in, out);
    for (int k = 0; k < 6; k++) assert_int_equal(out[k], expected[k]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_log_mel_is_that_of_doubles),
        cmocka_unit_test(test_mfcc_is_that_of_doubles),
        cmocka_unit_test(test_full_scale_does_not_overflow),
        cmocka_unit_test(test_log2),
        cmocka_unit_test(test_narrow_and_wide_products_agree),
        cmocka_unit_test(test_quantize_rounds_and_clamps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
