/* SPDX-License-Identifier: MIT
 *
 * Pictures cropped, turned to grey and scaled line by line, against the same in double precision over the
 * whole picture at once.
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
#include "midge/picture.h"
#include "util/rng.h"

enum { SIDE = 40, COLOURS = 3, VALUES = SIDE * SIDE * COLOURS };

typedef struct scene {
    mdg_picture b;
    uint8_t pixels[VALUES];
} scene;

/* A picture without resizing: of the whole, in its colours */
static scene scene_of(int h, int w, int c) {
    scene s = {.b = {.in_h = h, .in_w = w, .in_c = c, .crop_h = h, .crop_w = w, .out_h = h, .out_w = w}};
    mdg_rng r = mdg_rng_of(3, 0);
    s.b.out_c = c;
    for (int i = 0; i < h * w * c; i++) s.pixels[i] = (uint8_t)mdg_rng_below(&r, 256);
    return s;
}

static void crop(scene *s, int h, int w) {
    s->b.crop_h = h, s->b.crop_w = w;
    s->b.top = (s->b.in_h - h) / 2, s->b.left = (s->b.in_w - w) / 2;
}

/* Pixels in pieces of `piece`; what comes behind the picture is to be passed over. Returns lines. */
static int push(const scene *s, int piece, int16_t *out) {
    const mdg_picture *b = &s->b;
    const int total = b->in_h * b->in_w;
    void *memory = malloc((size_t)MDG_PICTURE_BYTES(b->crop_w, b->out_w, b->out_c));
    int lines = 0;
    assert_non_null(memory);
    memset(memory, 0xA5, (size_t)MDG_PICTURE_BYTES(b->crop_w, b->out_w, b->out_c));
    mdg_picture_start(b, memory);
    for (int at = 0; at < total; at += piece) {
        int n = total - at < piece ? total - at : piece;
        uint8_t *pixels = malloc((size_t)(n * b->in_c)), *p = pixels; /* so that a sanitizer sees the end */
        const int16_t *line;
        assert_non_null(pixels);
        memcpy(pixels, s->pixels + at * b->in_c, (size_t)(n * b->in_c));
        do {
            const int used = mdg_picture_push(b, memory, p, n, &line);
            p += used * b->in_c, n -= used;
            if (!line) continue;
            assert_int_equal(mdg_picture_row(memory), lines);
            memcpy(out + lines++ * b->out_w * b->out_c, line, (size_t)(b->out_w * b->out_c) * sizeof *out);
        } while (n > 0 || line);
        free(pixels);
    }
    const uint8_t more[COLOURS * 2] = {0};
    const int16_t *line;
    assert_int_equal(mdg_picture_push(b, memory, more, 2, &line), 2);
    assert_null(line);
    free(memory);
    return lines;
}

/* ==== In double precision ==== */

static double colour(const scene *s, int y, int x, int c) {
    const uint8_t *p = s->pixels + ((s->b.top + y) * s->b.in_w + s->b.left + x) * s->b.in_c;
    if (s->b.out_c == s->b.in_c) return p[c];
    return floor((77.0 * p[0] + 150.0 * p[1] + 29.0 * p[2]) / 256 + 0.5);
}

static double overlap(double a0, double a1, double b0, double b1) {
    return fmax(0, fmin(a1, b1) - fmax(a0, b0));
}

static double area(const scene *s, int i, int j, int c) {
    const double h = (double)s->b.crop_h / s->b.out_h, w = (double)s->b.crop_w / s->b.out_w;
    double sum = 0;
    for (int y = 0; y < s->b.crop_h; y++)
        for (int x = 0; x < s->b.crop_w; x++)
            sum += colour(s, y, x, c) * overlap(i * h, (i + 1) * h, y, y + 1) *
                   overlap(j * w, (j + 1) * w, x, x + 1);
    return sum / (h * w);
}

static double bilinear(const scene *s, int i, int j, int c) {
    const mdg_picture *b = &s->b;
    const double y = fmin(fmax((i + 0.5) * b->crop_h / b->out_h - 0.5, 0), b->crop_h - 1);
    const double x = fmin(fmax((j + 0.5) * b->crop_w / b->out_w - 0.5, 0), b->crop_w - 1);
    const int y0 = (int)y, x0 = (int)x;
    const int y1 = y0 + 1 < b->crop_h ? y0 + 1 : y0, x1 = x0 + 1 < b->crop_w ? x0 + 1 : x0;
    const double above = colour(s, y0, x0, c) * (1 - x + x0) + colour(s, y0, x1, c) * (x - x0);
    const double below = colour(s, y1, x0, c) * (1 - x + x0) + colour(s, y1, x1, c) * (x - x0);
    return above * (1 - y + y0) + below * (y - y0);
}

/* Every value is within rounding, for any piece. */
static void expect_exact(const scene *s) {
    static int16_t lines[VALUES * 4], again[VALUES * 4];
    const mdg_picture *b = &s->b;
    const int values = b->out_h * b->out_w * b->out_c;
    assert_true(values <= VALUES * 4);
    assert_int_equal(push(s, b->in_w, lines), b->out_h);
    for (int piece = 1; piece <= b->in_h * b->in_w; piece = piece * 3 + 1) {
        assert_int_equal(push(s, piece, again), b->out_h);
        assert_memory_equal(lines, again, (size_t)values * sizeof *lines);
    }
    for (int v = 0; v < values; v++) {
        const int c = v % b->out_c, j = v / b->out_c % b->out_w, i = v / b->out_c / b->out_w;
        const double want = b->bilinear ? bilinear(s, i, j, c) : area(s, i, j, c);
        if (fabs(lines[v] - want) > 0.5 + 1e-6)
            fail_msg("%d x %d to %d x %d, %d %d %d: %d, not %g", b->crop_h, b->crop_w, b->out_h, b->out_w, i,
                     j, c, lines[v], want);
    }
}

static void both_scalings(scene *s) {
    for (s->b.bilinear = 0; s->b.bilinear < 2; s->b.bilinear++) expect_exact(s);
}

static void resize(int h, int w, int c, int out_h, int out_w) {
    scene s = scene_of(h, w, c);
    s.b.out_h = out_h, s.b.out_w = out_w;
    both_scalings(&s);
}

static void smaller(void **state) {
    (void)state;
    resize(24, 32, 1, 12, 16);
    resize(24, 32, 3, 10, 9);
    resize(37, 23, 3, 5, 22);
    resize(40, 40, 1, 1, 1);
}

static void larger(void **state) {
    (void)state;
    resize(3, 5, 3, 9, 10);
    resize(7, 4, 1, 40, 13);
    resize(2, 2, 1, 3, 40);
    resize(1, 9, 1, 8, 2);
}

static void one_pixel(void **state) {
    (void)state;
    resize(1, 1, 1, 1, 1);
    resize(1, 1, 3, 4, 3);
}

/* The same size is the same picture. */
static void same_size(void **state) {
    (void)state;
    scene s = scene_of(11, 13, 3);
    int16_t lines[VALUES];
    for (s.b.bilinear = 0; s.b.bilinear < 2; s.b.bilinear++) {
        assert_int_equal(push(&s, 7, lines), 11);
        for (int i = 0; i < 11 * 13 * 3; i++) assert_int_equal(lines[i], s.pixels[i]);
    }
}

static void middle_in_grey(void **state) {
    (void)state;
    scene s = scene_of(20, 31, 3);
    crop(&s, 15, 20);
    s.b.out_c = 1;
    s.b.out_h = 15, s.b.out_w = 20;
    both_scalings(&s);
    s.b.out_h = 8, s.b.out_w = 8;
    both_scalings(&s);
    crop(&s, 1, 1);
    both_scalings(&s);
}

static void random_sizes(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(5, 0);
    for (int round = 0; round < 60; round++) {
        const int h = 1 + (int)mdg_rng_below(&r, SIDE), w = 1 + (int)mdg_rng_below(&r, SIDE);
        scene s = scene_of(h, w, mdg_rng_below(&r, 2) ? 3 : 1);
        crop(&s, 1 + (int)mdg_rng_below(&r, (uint32_t)h), 1 + (int)mdg_rng_below(&r, (uint32_t)w));
        s.b.out_h = 1 + (int)mdg_rng_below(&r, SIDE), s.b.out_w = 1 + (int)mdg_rng_below(&r, SIDE);
        if (mdg_rng_below(&r, 2)) s.b.out_c = 1;
        both_scalings(&s);
    }
}

/* White stays white in the largest picture: sums do not overflow. */
static void largest(void **state) {
    (void)state;
    enum { MOST = 1024, OUT = 512 };
    const int sizes[] = {1, OUT, MOST};
    for (int k = 0; k < 6; k++) {
        const int size = sizes[k / 2];
        const mdg_picture b = {.in_h = MOST,
                               .in_w = MOST,
                               .in_c = 1,
                               .crop_h = MOST,
                               .crop_w = MOST,
                               .out_h = size,
                               .out_w = size,
                               .out_c = 1,
                               .bilinear = k % 2};
        uint8_t white[MOST];
        void *memory = malloc((size_t)MDG_PICTURE_BYTES(MOST, size, 1));
        const int16_t *line;
        int lines = 0;
        memset(white, 255, sizeof white);
        assert_non_null(memory);
        mdg_picture_start(&b, memory);
        for (int y = 0; y < MOST; y++) {
            int left = MOST;
            do {
                left -= mdg_picture_push(&b, memory, white + MOST - left, left, &line);
                for (int j = 0; line && j < size; j++) assert_int_equal(line[j], 255);
                lines += line != NULL;
            } while (left > 0 || line);
        }
        assert_int_equal(lines, size);
        free(memory);
    }
}

/* ==== By options ==== */

static void options_make_the_features(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    mdg_diag diag;
    scene s = scene_of(12, 16, 3);
    mdg_feature_opts o = {.kind = MDG_FEATURE_RAW,
                          .sample_rate = 1,
                          .clip_ms = 1000,
                          .channels = 3,
                          .image_h = 12,
                          .image_w = 16,
                          .crop_h = 12,
                          .crop_w = 12,
                          .resize_h = 6,
                          .resize_w = 6,
                          .grey = true};
    assert_int_equal(mdg_feature_build(&o, arena, &f, &diag), MDG_OK);
    const mdg_feature_shape shape = mdg_feature_shape_of(&o, &f);
    assert_true(shape.h == 6 && shape.w == 6 && shape.c == 1 && f.frames == 36 && f.width == 1);
    assert_int_equal(mdg_feature_frames(&f, 12 * 16), 36);
    assert_int_equal(mdg_feature_frames(&f, 12 * 16 - 1), 0);
    int16_t pixels[12 * 16 * 3], rows[36], lines[36];
    for (int i = 0; i < 12 * 16 * 3; i++) pixels[i] = s.pixels[i];
    mdg_feature_clip(&f, pixels, 12 * 16, mdg_arena_alloc(arena, mdg_feature_work_bytes(&f)), rows);
    crop(&s, 12, 12);
    s.b.out_h = s.b.out_w = 6, s.b.out_c = 1;
    push(&s, 16, lines);
    assert_memory_equal(rows, lines, sizeof rows);
    o.crop_h = 13;
    assert_int_equal(mdg_feature_build(&o, arena, &f, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "crop of 13 x 12 is larger than the pictures, 12 x 16"));
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(smaller),        cmocka_unit_test(larger),
        cmocka_unit_test(one_pixel),      cmocka_unit_test(same_size),
        cmocka_unit_test(middle_in_grey), cmocka_unit_test(random_sizes),
        cmocka_unit_test(largest),        cmocka_unit_test(options_make_the_features),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
