/* SPDX-License-Identifier: MIT
 *
 * Framing, options that cannot be, and normalisation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "feature/feature.h"
#include "midge/mel.h"
#include "util/rng.h"

static const mdg_feature_opts usual = {.kind = MDG_FEATURE_LOG_MEL,
                                       .sample_rate = 16000,
                                       .window_us = 30000,
                                       .hop_us = 20000,
                                       .n_mels = 40,
                                       .n_coeffs = 10,
                                       .f_min_hz = 20,
                                       .clip_ms = 1000};

static const mdg_mel *mel_of(const mdg_features *f) {
    return (const mdg_mel *)f->block;
}

static void test_framing(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    assert_int_equal(mdg_feature_build(&usual, arena, &f, NULL), MDG_OK);
    assert_int_equal(f.window, 480);
    assert_int_equal(f.hop, 320);
    assert_int_equal(mel_of(&f)->fft_size, 512);
    assert_int_equal(f.frames, 49);
    assert_int_equal(f.width, 40);
    assert_int_equal(mdg_feature_frames(&f, 479), 0);
    assert_int_equal(mdg_feature_frames(&f, 480), 1);
    assert_int_equal(mdg_feature_frames(&f, 799), 1);
    assert_int_equal(mdg_feature_frames(&f, 800), 2);

    mdg_feature_opts mfcc = usual;
    mfcc.kind = MDG_FEATURE_MFCC;
    assert_int_equal(mdg_feature_build(&mfcc, arena, &f, NULL), MDG_OK);
    assert_int_equal(f.width, 10);
    mdg_arena_free(arena);
}

static void test_fits_in_8_kilobytes(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_feature_opts opts = usual;
    mdg_features f;
    for (opts.kind = MDG_FEATURE_LOG_MEL; opts.kind <= MDG_FEATURE_MFCC; opts.kind++) {
        assert_int_equal(mdg_feature_build(&opts, arena, &f, NULL), MDG_OK);
        const size_t state_bytes =
            sizeof(mdg_features_stream) + (size_t)f.scratch_bytes + (size_t)f.window * 2;
        assert_true(mdg_feature_table_bytes(&f) + state_bytes <= 8192);
    }
    mdg_arena_free(arena);
}

/* Every segment's bins follow the last one's, and each band has weight. */
static void test_bands_cover_the_bins(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_feature_opts opts = usual;
    for (opts.n_mels = 1; opts.n_mels <= 64; opts.n_mels++) {
        mdg_features f;
        assert_int_equal(mdg_feature_build(&opts, arena, &f, NULL), MDG_OK);
        const mdg_mel *b = mel_of(&f);
        assert_true(b->band_start[0] >= 0 && b->band_start[b->n_mels + 1] <= b->fft_size / 2 + 1);
        assert_int_equal(b->n_weights, b->band_start[b->n_mels + 1] - b->band_start[0]);
        for (int m = 0; m < b->n_mels; m++) {
            const int16_t *w = b->weight_q15 - b->band_start[0];
            int32_t weight = 0;
            assert_true(b->band_start[m] <= b->band_start[m + 1]);
            for (int k = b->band_start[m]; k < b->band_start[m + 1]; k++) weight += w[k];
            for (int k = b->band_start[m + 1]; k < b->band_start[m + 2]; k++) weight += 32768 - w[k];
            assert_true(weight > 0);
        }
    }
    mdg_arena_free(arena);
}

static void expect_refusal(const mdg_feature_opts *opts, mdg_status status, const char *words) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    mdg_features f;
    assert_int_equal(mdg_feature_build(opts, arena, &f, &diag), status);
    if (!strstr(diag.text, words)) fail_msg("'%s' lacks '%s'", diag.text, words);
    mdg_arena_free(arena);
}

#define REFUSE(status, words, ...)                                                                           \
    do {                                                                                                     \
        mdg_feature_opts opts = usual;                                                                       \
        __VA_ARGS__;                                                                                         \
        expect_refusal(&opts, status, words);                                                                \
    } while (0)

static void test_bad_options_are_named(void **state) {
    (void)state;
    REFUSE(MDG_INVALID, "kind", opts.kind = MDG_FEATURE_NONE);
    REFUSE(MDG_INVALID, "sample rate 0", opts.sample_rate = 0);
    REFUSE(MDG_INVALID, "n_mels is 0", opts.n_mels = 0);
    REFUSE(MDG_INVALID, "n_mels is 65", opts.n_mels = 65);
    REFUSE(MDG_INVALID, "n_coeffs is 41", opts.kind = MDG_FEATURE_MFCC, opts.n_coeffs = 41);
    REFUSE(MDG_INVALID, "f_max 8001", opts.f_max_hz = 8001);
    REFUSE(MDG_INVALID, "f_max nan", opts.f_max_hz = NAN);
    REFUSE(MDG_INVALID, "f_min 4000", opts.f_min_hz = 4000, opts.f_max_hz = 4000);
    REFUSE(MDG_INVALID, "f_min -1", opts.f_min_hz = -1);
    REFUSE(MDG_INVALID, "window of 0 us", opts.window_us = 0);
    REFUSE(MDG_INVALID, "window of -30000 us", opts.window_us = -30000);
    REFUSE(MDG_UNSUPPORTED, "at most 2048", opts.window_us = 200000);
    REFUSE(MDG_INVALID, "hop of 0 us", opts.hop_us = 0);
    REFUSE(MDG_INVALID, "clip of 20 ms", opts.clip_ms = 20);
    REFUSE(MDG_INVALID, "clip of -1 ms", opts.clip_ms = -1);
}

/* The advice in the message must be right: that many bands fit, one more does not. */
static void test_empty_band_is_refused_with_advice(void **state) {
    (void)state;
    mdg_feature_opts opts = usual;
    opts.sample_rate = 8000;
    opts.window_us = 16000;
    opts.f_min_hz = 0;
    opts.n_mels = 60;
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    mdg_diag diag = {""};
    assert_int_equal(mdg_feature_build(&opts, arena, &f, &diag), MDG_INVALID);
    const char *advice = strstr(diag.text, "at most ");
    assert_non_null(strstr(diag.text, "of 60"));
    assert_non_null(strstr(diag.text, "62.5 Hz apart"));
    assert_non_null(advice);
    assert_int_equal(sscanf(advice, "at most %d", &opts.n_mels), 1);
    assert_int_equal(mdg_feature_build(&opts, arena, &f, &diag), MDG_OK);
    opts.n_mels++;
    assert_int_equal(mdg_feature_build(&opts, arena, &f, &diag), MDG_INVALID);
    mdg_arena_free(arena);
}

enum { ROWS = 500, WIDTH = 40 };

static mdg_feature_normalization normalization_of(mdg_arena *arena, int16_t rows[ROWS * WIDTH]) {
    const mdg_features f = {.width = WIDTH, .unit = 256};
    mdg_rng rng = mdg_rng_of(9, 0);
    for (int i = 0; i < ROWS * WIDTH; i++) {
        const int k = i % WIDTH;
        const float deviation = k == 3 ? 0.0f : 500.0f;
        rows[i] = (int16_t)((float)(3000 + 100 * k) + deviation * mdg_rng_normal(&rng));
    }
    mdg_feature_normalization n = mdg_feature_normalization_new(&f, arena);
    mdg_feature_normalization_add(&n, rows, 200);
    mdg_feature_normalization_add(&n, rows + 200 * WIDTH, ROWS - 200);
    mdg_feature_normalization_finish(&n);
    return n;
}

static void test_normalized_features_have_mean_0_and_deviation_1(void **state) {
    (void)state;
    static int16_t rows[ROWS * WIDTH];
    static float x[ROWS * WIDTH];
    mdg_arena *arena = mdg_arena_new();
    const mdg_feature_normalization n = normalization_of(arena, rows);
    mdg_feature_normalize(&n, rows, ROWS, x);
    for (int k = 0; k < WIDTH; k++) {
        double mean = 0, square = 0;
        for (int i = 0; i < ROWS; i++) mean += (double)x[i * WIDTH + k] / ROWS;
        for (int i = 0; i < ROWS; i++) square += (double)x[i * WIDTH + k] * (double)x[i * WIDTH + k] / ROWS;
        assert_true(fabs(mean) < 1e-4);
        assert_true(fabs(square - (k == 3 ? 0 : 1)) < 1e-3); /* a constant stays finite */
    }
    mdg_arena_free(arena);
}

static void test_integer_quantisation_is_that_of_the_floats(void **state) {
    (void)state;
    static int16_t rows[ROWS * WIDTH];
    static float x[ROWS * WIDTH];
    const mdg_features f = {.width = WIDTH, .unit = 256};
    mdg_arena *arena = mdg_arena_new();
    const mdg_feature_normalization n = normalization_of(arena, rows);
    mdg_feature_normalize(&n, rows, ROWS, x);
    static const float scales[] = {0.015f, 0.03f, 0.0831f, 0.4f};
    for (size_t s = 0; s < sizeof scales / sizeof scales[0]; s++)
        for (int zero = -128; zero <= 127; zero += 51) {
            int32_t mult[WIDTH], offset[WIDTH];
            int different = 0;
            assert_int_equal(mdg_feature_quantization(&n, scales[s], zero, mult, offset, NULL), MDG_OK);
            for (int i = 0; i < ROWS; i++) {
                int8_t q[WIDTH];
                mdg_features_quantize(&f, mult, offset, rows + i * WIDTH, q);
                for (int k = 0; k < WIDTH; k++) {
                    const float v = roundf(x[i * WIDTH + k] / scales[s]) + (float)zero;
                    const int expected = (int)fmaxf(-128, fminf(127, v));
                    assert_in_range(q[k] - expected + 1, 0, 2);
                    different += q[k] != expected;
                }
            }
            assert_true(different < ROWS * WIDTH / 5);
        }
    mdg_arena_free(arena);
}

static void test_impossible_scale_is_refused(void **state) {
    (void)state;
    static int16_t rows[ROWS * WIDTH];
    mdg_arena *arena = mdg_arena_new();
    const mdg_feature_normalization n = normalization_of(arena, rows);
    int32_t mult[WIDTH], offset[WIDTH];
    mdg_diag diag = {""};
    assert_int_equal(mdg_feature_quantization(&n, 0, 0, mult, offset, &diag), MDG_INVALID);
    assert_int_equal(mdg_feature_quantization(&n, NAN, 0, mult, offset, &diag), MDG_INVALID);
    assert_int_equal(mdg_feature_quantization(&n, 1e-9f, 0, mult, offset, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "coefficient 0"));
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_framing),
        cmocka_unit_test(test_fits_in_8_kilobytes),
        cmocka_unit_test(test_bands_cover_the_bins),
        cmocka_unit_test(test_bad_options_are_named),
        cmocka_unit_test(test_empty_band_is_refused_with_advice),
        cmocka_unit_test(test_normalized_features_have_mean_0_and_deviation_1),
        cmocka_unit_test(test_integer_quantisation_is_that_of_the_floats),
        cmocka_unit_test(test_impossible_scale_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
