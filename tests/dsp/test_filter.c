/* SPDX-License-Identifier: MIT
 *
 * Filters: their gain against the formula, their values against double precision, at the limits of both.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "feature/feature.h"
#include "midge/filter.h"
#include "util/rng.h"

enum { RATE = 1000, MOST = 200000 };

typedef struct bench {
    mdg_arena *arena;
    mdg_feature_opts o;
    mdg_features f;
    void *state;
    int16_t *x;
} bench;

static void build(bench *b, int filter, int order, double low, double high) {
    mdg_diag diag = {""};
    *b = (bench){.arena = mdg_arena_new()};
    b->o = (mdg_feature_opts){.kind = MDG_FEATURE_RAW,
                              .sample_rate = RATE,
                              .clip_ms = 1000,
                              .channels = 1,
                              .filter = filter,
                              .filter_order = order,
                              .filter_low_hz = (float)low,
                              .filter_high_hz = (float)high};
    if (mdg_feature_build(&b->o, b->arena, &b->f, &diag) != MDG_OK) fail_msg("%s", diag.text);
    b->state = mdg_arena_alloc(b->arena, (size_t)b->f.state_bytes);
    b->x = mdg_arena_array(b->arena, MOST, sizeof *b->x);
}

static void filter(bench *b, int n) {
    memset(b->state, 0, (size_t)b->f.state_bytes);
    b->f.filter(&b->f, b->state, b->x, n);
}

/* ==== Gain ==== */

static double gain_of(const bench *b, double hz) {
    const mdg_feature_opts *o = &b->o;
    const double w = tan(M_PI * hz / RATE);
    double power = 1;
    if (o->filter & 1)
        power /= 1 + pow(w / tan(M_PI * (double)o->filter_high_hz / RATE), 2 * o->filter_order);
    if (o->filter & 2) power /= 1 + pow(tan(M_PI * (double)o->filter_low_hz / RATE) / w, 2 * o->filter_order);
    return sqrt(power);
}

/* The amplitude of a whole number of periods in the last half of n samples */
static double amplitude(const bench *b, int n, double hz) {
    double re = 0, im = 0;
    for (int i = n / 2; i < n; i++) {
        re += b->x[i] * cos(2 * M_PI * hz * i / RATE);
        im += b->x[i] * sin(2 * M_PI * hz * i / RATE);
    }
    return sqrt(re * re + im * im) / (n / 4.0);
}

static void expect_gains(int kind, int order, double low, double high) {
    bench b;
    build(&b, kind, order, low, high);
    for (double hz = 0.5; hz < RATE / 2; hz *= 1.6) {
        const double at = floor(hz * 20 + 0.5) / 20, input = 20000;
        for (int i = 0; i < 80000; i++) b.x[i] = (int16_t)lrint(input * sin(2 * M_PI * at * i / RATE));
        filter(&b, 80000);
        const double got = amplitude(&b, 80000, at) / input, want = gain_of(&b, at);
        if (fabs(got - want) > 0.002 * want + 2e-5)
            fail_msg("filter %d of order %d at %g Hz: gain %g, not %g", kind, order, at, got, want);
    }
    mdg_arena_free(b.arena);
}

static void gains_are_those_of_butterworth(void **state) {
    (void)state;
    for (int order = 2; order <= 8; order += 2) {
        expect_gains(1, order, 0, 40);
        expect_gains(2, order, 40, 0);
        expect_gains(3, order, 20, 120);
    }
    expect_gains(1, 4, 0, 2);
    expect_gains(2, 4, 0.5, 0);
    expect_gains(3, 2, 1, 400);
}

/* ==== Values ==== */

/* The same sections in double precision */
static void exact(const bench *b, const double *x, int n, double *y) {
    memcpy(y, x, (size_t)n * sizeof *y);
    for (int j = 0; j < b->f.n_sections; j++) {
        double k[5], x1 = 0, x2 = 0, y1 = 0, y2 = 0;
        for (int i = 0; i < 5; i++) k[i] = ldexp(b->f.sections[j * MDG_FILTER_VALUES + i], -MDG_FILTER_SHIFT);
        for (int i = 0; i < n; i++) {
            const double in = y[i];
            y[i] = k[0] * in + k[1] * x1 + k[2] * x2 - k[3] * y1 - k[4] * y2;
            x2 = x1, x1 = in, y2 = y1, y1 = y[i];
        }
    }
}

static double saturate(double x) {
    return fmin(fmax(x, INT16_MIN), INT16_MAX);
}

/* Input that begins with 0, so that what was before it is known */
static void expect_values(bench *b, const double *x, int n, double within) {
    double *y = mdg_arena_array(b->arena, (size_t)n, sizeof *y);
    exact(b, x, n, y);
    for (int i = 0; i < n; i++) b->x[i] = (int16_t)x[i];
    filter(b, n);
    for (int i = 0; i < n; i++)
        if (fabs(b->x[i] - saturate(y[i])) > within)
            fail_msg("order %d, sample %d: %d, not %g", b->o.filter_order, i, b->x[i], y[i]);
}

static void noise_is_filtered_to_the_step(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int order = 2; order <= 8; order += 2)
        for (int kind = 1; kind <= 3; kind++) {
            bench b;
            build(&b, kind, order, 5, 200);
            double *x = mdg_arena_array(b.arena, 20000, sizeof *x);
            for (int i = 1; i < 20000; i++) x[i] = (double)((int)mdg_rng_below(&r, 40000) - 20000);
            expect_values(&b, x, 20000, 0.6);
            mdg_arena_free(b.arena);
        }
}

/* The input that drives the output, and all sections before it, as far as any input of 16 bits can */
static void the_worst_input_does_not_overflow(void **state) {
    (void)state;
    enum { N = 8000 };
    const double edges[] = {0.05, 1, 10, 100, 400, 490};
    for (int order = 2; order <= 8; order += 2)
        for (int e = 0; e < 12; e++) {
            bench b;
            build(&b, 1 + e / 6, order, edges[e % 6], edges[e % 6]);
            const int sections = b.f.n_sections;
            double *pulse = mdg_arena_array(b.arena, N, sizeof *pulse),
                   *h = mdg_arena_array(b.arena, N, sizeof *h), *x = mdg_arena_array(b.arena, N, sizeof *x);
            pulse[0] = 1;
            for (int first = 1; first <= sections; first++) { /* driven up to each section in turn */
                b.f.n_sections = first;
                exact(&b, pulse, N, h);
                for (int i = 1; i < N; i++) x[i] = h[N - 1 - i] < 0 ? INT16_MIN : INT16_MAX;
                b.f.n_sections = sections;
                expect_values(&b, x, N, 2);
            }
            mdg_arena_free(b.arena);
        }
}

static void a_constant_does_not_ring(void **state) {
    (void)state;
    const int levels[] = {-32768, -1, 1, 1234, 32767};
    for (int order = 2; order <= 8; order += 2)
        for (int k = 0; k < 15; k++) {
            bench b;
            const int kind = 1 + k % 3, level = levels[k / 3];
            build(&b, kind, order, 0.5, 1);
            for (int i = 0; i < MOST; i++) b.x[i] = (int16_t)level;
            filter(&b, MOST);
            for (int i = 0; i < MOST; i++) assert_int_equal(b.x[i], kind == 1 ? level : 0);
            mdg_arena_free(b.arena);
        }
}

/* ==== In front of a block ==== */

/* The rows of a stream, in pieces, are those of the clip. */
static void expect_stream(const mdg_features *f, const int16_t *samples, int n, const int16_t *want,
                          size_t frames, mdg_arena *arena) {
    int32_t *mult = mdg_arena_array(arena, (size_t)f->width, sizeof *mult);
    int32_t *offset = mdg_arena_array(arena, (size_t)f->width, sizeof *offset);
    for (int k = 0; k < f->width; k++) mult[k] = 3000;
    mdg_features_stream s = {.features = f,
                             .mult = mult,
                             .offset = offset,
                             .samples = mdg_arena_array(arena, (size_t)(f->window * f->channels), 2),
                             .rows = mdg_arena_alloc(arena, (size_t)(f->frames * f->width)),
                             .state = mdg_arena_alloc(arena, (size_t)f->state_bytes),
                             .scratch = mdg_arena_alloc(arena, (size_t)f->scratch_bytes)};
    int8_t row[64];
    size_t seen = 0;
    mdg_features_start(&s);
    for (int at = 0, piece = 1; at < n; piece = piece % 61 + 1) {
        at += mdg_features_push(&s, samples + at * f->channels, n - at < piece ? n - at : piece);
        if (!s.fresh) continue;
        mdg_features_quantize(f, mult, offset, want + seen++ * (size_t)f->width, row);
        const int last = s.next_row ? s.next_row - 1 : f->frames - 1;
        assert_memory_equal(s.rows + last * f->width, row, (size_t)f->width);
    }
    assert_int_equal(seen, frames);
}

static void axes_are_apart_and_pieces_do_not_matter(void **state) {
    (void)state;
    enum { N = 1000, AXES = 3 };
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag;
    mdg_features f, plain;
    mdg_feature_opts o = {.kind = MDG_FEATURE_SPECTRAL,
                          .sample_rate = RATE,
                          .clip_ms = 500,
                          .channels = AXES,
                          .window_us = 100000,
                          .hop_us = 40000,
                          .statistics = true,
                          .filter = 3,
                          .filter_order = 4,
                          .filter_low_hz = 5,
                          .filter_high_hz = 100};
    assert_int_equal(mdg_feature_build(&o, arena, &f, &diag), MDG_OK);
    o.filter = 0;
    assert_int_equal(mdg_feature_build(&o, arena, &plain, &diag), MDG_OK);
    int16_t samples[N * AXES], filtered[N * AXES];
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < N * AXES; i++) samples[i] = (int16_t)((int)mdg_rng_below(&r, 30000) - 15000);

    /* each axis alone, then the block without a filter, is the block with it */
    bench b;
    build(&b, 3, 4, 5, 100);
    for (int c = 0; c < AXES; c++) {
        for (int i = 0; i < N; i++) b.x[i] = samples[i * AXES + c];
        filter(&b, N);
        for (int i = 0; i < N; i++) filtered[i * AXES + c] = b.x[i];
    }
    const size_t frames = mdg_feature_frames(&f, N), values = frames * (size_t)f.width;
    int16_t *want = mdg_arena_array(arena, values, sizeof *want);
    int16_t *got = mdg_arena_array(arena, values, sizeof *got);
    mdg_feature_clip(&plain, filtered, N, mdg_arena_alloc(arena, mdg_feature_work_bytes(&plain)), want);
    mdg_feature_clip(&f, samples, N, mdg_arena_alloc(arena, mdg_feature_work_bytes(&f)), got);
    assert_memory_equal(got, want, values * sizeof *got);

    expect_stream(&f, samples, N, want, frames, arena);
    mdg_arena_free(b.arena);
    mdg_arena_free(arena);
}

static void bad_options_are_named(void **state) {
    (void)state;
    static const struct {
        int filter, order;
        float low, high;
        const char *words;
    } cases[] = {{1, 3, 0, 10, "filter_order: 3 is not 2, 4, 6 or 8"},
                 {1, 4, 0, 0, "filter_high_hz: 0 Hz; at 1000 Hz 0.05 to 490"},
                 {2, 4, 495, 0, "filter_low_hz: 495 Hz"},
                 {3, 4, 20, 20, "filter_low_hz: 20 Hz is not below filter_high_hz, 20 Hz"}};
    mdg_arena *arena = mdg_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        mdg_features f;
        mdg_diag diag = {""};
        const mdg_feature_opts o = {.kind = MDG_FEATURE_RAW,
                                    .sample_rate = RATE,
                                    .clip_ms = 1000,
                                    .filter = cases[i].filter,
                                    .filter_order = cases[i].order,
                                    .filter_low_hz = cases[i].low,
                                    .filter_high_hz = cases[i].high};
        assert_int_equal(mdg_feature_build(&o, arena, &f, &diag), MDG_INVALID);
        if (!strstr(diag.text, cases[i].words)) fail_msg("'%s' lacks '%s'", diag.text, cases[i].words);
    }
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gains_are_those_of_butterworth),
        cmocka_unit_test(noise_is_filtered_to_the_step),
        cmocka_unit_test(the_worst_input_does_not_overflow),
        cmocka_unit_test(a_constant_does_not_ring),
        cmocka_unit_test(axes_are_apart_and_pieces_do_not_matter),
        cmocka_unit_test(bad_options_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
