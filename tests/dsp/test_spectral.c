/* SPDX-License-Identifier: MIT
 *
 * Bands and statistics of sensors against double precision.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "feature_oracle.h"
#include "midge/spectral.h"
#include "util/rng.h"

enum { CHANNELS = 3, RATE = 1000, WINDOW = 200, BANDS = 8, WIDTH = BANDS + MDG_SPECTRAL_STATISTICS };

static const mdg_feature_opts usual = {.kind = MDG_FEATURE_SPECTRAL,
                                       .sample_rate = RATE,
                                       .window_us = 200000,
                                       .hop_us = 100000,
                                       .n_mels = BANDS,
                                       .statistics = true,
                                       .channels = CHANNELS,
                                       .clip_ms = 1000};

static void frame(const mdg_feature_opts *o, const int16_t *x, int16_t *out) {
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    mdg_diag diag;
    if (mdg_feature_build(o, arena, &f, &diag) != MDG_OK) fail_msg("%s", diag.text);
    f.frame(&f, x, NULL, mdg_arena_alloc(arena, (size_t)f.scratch_bytes), out);
    mdg_arena_free(arena);
}

/* Channel 0: noise on a rest; 1: a tone of 200 Hz; 2: nothing. */
static void fill(int16_t *x, int n) {
    mdg_rng r = mdg_rng_of(4, 4);
    for (int i = 0; i < n; i++) {
        x[CHANNELS * i] = (int16_t)(500 + 3000 * mdg_rng_normal(&r));
        x[CHANNELS * i + 1] = (int16_t)lrint(8000 * sin(2 * M_PI * 200 * i / RATE));
        x[CHANNELS * i + 2] = 7;
    }
}

typedef struct moments {
    double mean, variance, skew, kurtosis, crest, crossings;
} moments;

static moments moments_of(const int16_t *x, int n) {
    moments m = {0};
    for (int i = 0; i < n; i++) m.mean += (double)x[CHANNELS * i] / n;
    for (int i = 0; i < n; i++) m.variance += pow(x[CHANNELS * i] - m.mean, 2) / n;
    for (int i = 0; i < n; i++) {
        const double z = (x[CHANNELS * i] - m.mean) / sqrt(m.variance);
        m.skew += z * z * z / n;
        m.kurtosis += z * z * z * z / n;
        m.crest = fmax(m.crest, fabs(z));
        if (i) m.crossings += (x[CHANNELS * i] < m.mean) != (x[CHANNELS * (i - 1)] < m.mean);
    }
    return m;
}

static void statistics_are_those_of_doubles(void **state) {
    (void)state;
    int16_t x[CHANNELS * WINDOW], out[CHANNELS * WIDTH];
    fill(x, WINDOW);
    frame(&usual, x, out);
    for (int c = 0; c < 2; c++) {
        const int16_t *s = out + c * WIDTH + BANDS;
        const moments m = moments_of(x + c, WINDOW);
        assert_true(fabs(s[0] - m.mean) <= 1);
        assert_true(fabs(s[1] - 256 * log2(1 + m.variance)) <= 2);
        assert_true(fabs(s[2] / 256.0 - m.skew) < 0.02);
        assert_true(fabs(s[3] / 64.0 - m.kurtosis) < 0.06);
        assert_true(fabs(s[4] / 256.0 - m.crest) < 0.02);
        assert_true(fabs(s[5] / 32767.0 * WINDOW - m.crossings) < 2);
    }
}

static void a_constant_has_no_shape(void **state) {
    (void)state;
    int16_t x[CHANNELS * WINDOW], out[CHANNELS * WIDTH];
    fill(x, WINDOW);
    frame(&usual, x, out);
    const int16_t expected[WIDTH] = {[BANDS] = 7};
    assert_memory_equal(out + 2 * WIDTH, expected, sizeof expected);
}

static int loudest(const int16_t *bands) {
    int best = 0;
    for (int k = 1; k < BANDS; k++) best = bands[k] > bands[best] ? k : best;
    return best;
}

static void a_tone_lies_in_its_band(void **state) {
    (void)state;
    int16_t x[CHANNELS * WINDOW], out[CHANNELS * WIDTH];
    fill(x, WINDOW);
    frame(&usual, x, out);
    assert_int_equal(loudest(out + WIDTH), (int)lround(200.0 / (RATE / 2.0 / (BANDS + 1))) - 1);
}

/* A ringing at 400 Hz that is struck 25 times a second: the spectrum shows the ringing, the envelope the
 * strokes. */
static void an_envelope_shows_how_often_it_strikes(void **state) {
    (void)state;
    enum { N = 2000 };
    static int16_t x[N];
    int16_t out[WIDTH];
    for (int i = 0; i < N; i++)
        x[i] = (int16_t)lrint(20000 * exp(-(i % 40) / 5.0) * sin(2 * M_PI * 400 * i / RATE));
    mdg_feature_opts o = usual;
    o.channels = 1, o.window_us = 2000000, o.clip_ms = 2000;
    o.f_max_hz = 100;
    o.envelope = 5;
    frame(&o, x, out);
    assert_int_equal(loudest(out), (int)lround(25.0 / (100.0 / (BANDS + 1))) - 1);
}

static void extreme_values_stay_in_range(void **state) {
    (void)state;
    int16_t x[CHANNELS * WINDOW], out[CHANNELS * WIDTH];
    for (int i = 0; i < CHANNELS * WINDOW; i++) x[i] = i / CHANNELS % 2 ? INT16_MIN : INT16_MAX;
    frame(&usual, x, out);
    assert_in_range(out[BANDS + 3], 63, 65); /* a kurtosis of 1 */
    assert_in_range(out[BANDS + 5], 32600, 32767);
    mdg_feature_opts o = usual;
    o.envelope = 1;
    frame(&o, x, out); /* the sanitizer sees an overflow */
    for (int i = 0; i < CHANNELS * WINDOW; i++) x[i] = i / CHANNELS % 7 ? INT16_MIN : INT16_MAX;
    frame(&usual, x, out);
}

static void refuse(const mdg_feature_opts *o, const char *words) {
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    mdg_diag diag = {""};
    assert_int_equal(mdg_feature_build(o, arena, &f, &diag), MDG_INVALID);
    if (!strstr(diag.text, words)) fail_msg("'%s' lacks '%s'", diag.text, words);
    mdg_arena_free(arena);
}

static void bad_options_are_named(void **state) {
    (void)state;
    mdg_feature_opts o = usual;
    o.n_mels = 0, o.statistics = false;
    refuse(&o, "neither bands nor statistics");
    o = usual, o.envelope = 201;
    refuse(&o, "an envelope over 201 samples");
    o = usual, o.kind = MDG_FEATURE_SPECTROGRAM;
    refuse(&o, "these samples have 3");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statistics_are_those_of_doubles),
        cmocka_unit_test(a_constant_has_no_shape),
        cmocka_unit_test(a_tone_lies_in_its_band),
        cmocka_unit_test(an_envelope_shows_how_often_it_strikes),
        cmocka_unit_test(extreme_values_stay_in_range),
        cmocka_unit_test(bad_options_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
