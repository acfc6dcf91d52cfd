/* SPDX-License-Identifier: MIT
 *
 * Sound in pieces gives the rows of the whole clip.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <cmocka.h>

#include "feature/feature.h"
#include "util/rng.h"

typedef struct fixture {
    mdg_arena *arena;
    mdg_features f;
    int32_t mult[64], offset[64];
    int16_t *sound;
    int32_t n_sound;
    int8_t *expected; /* rows of all of sound: [n_rows][width] */
    int32_t n_rows;
    mdg_features_stream stream;
} fixture;

static void fixture_make(fixture *t, mdg_feature_kind kind, int hop_us) {
    const mdg_feature_opts opts = {.kind = kind,
                                   .sample_rate = 8000,
                                   .window_us = 25000,
                                   .hop_us = hop_us,
                                   .n_mels = 20,
                                   .n_coeffs = 12,
                                   .clip_ms = 400};
    t->arena = mdg_arena_new();
    assert_int_equal(mdg_feature_build(&opts, t->arena, &t->f, NULL), MDG_OK);
    const size_t width = (size_t)t->f.width;
    for (size_t k = 0; k < width; k++) t->mult[k] = 1500, t->offset[k] = -10000000;

    mdg_rng rng = mdg_rng_of(11, 0);
    t->n_sound = 9000;
    t->sound = (int16_t *)mdg_arena_array(t->arena, (size_t)t->n_sound, sizeof(int16_t));
    for (int i = 0; i < t->n_sound; i++) t->sound[i] = (int16_t)mdg_rng_uniform(&rng, (float)-i, (float)i);

    t->n_rows = (int32_t)mdg_feature_frames(&t->f, (size_t)t->n_sound);
    void *scratch = mdg_arena_alloc(t->arena, (size_t)t->f.scratch_bytes);
    int16_t *rows = (int16_t *)mdg_arena_array(t->arena, (size_t)t->n_rows * width, sizeof(int16_t));
    t->expected = (int8_t *)mdg_arena_array(t->arena, (size_t)t->n_rows, width);
    mdg_feature_clip(&t->f, t->sound, (size_t)t->n_sound, scratch, rows);
    for (size_t i = 0; i < (size_t)t->n_rows; i++)
        mdg_features_quantize(&t->f, t->mult, t->offset, rows + i * width, t->expected + i * width);

    t->stream = (mdg_features_stream){
        .features = &t->f,
        .mult = t->mult,
        .offset = t->offset,
        .samples = (int16_t *)mdg_arena_array(t->arena, (size_t)t->f.window, sizeof(int16_t)),
        .rows = (int8_t *)mdg_arena_array(t->arena, (size_t)t->f.frames, width),
        .scratch = scratch,
    };
    mdg_features_start(&t->stream);
}

/* Pushes all sound in pieces of at most `piece` samples; after every row compares what the model would see.
 */
static void push_all(fixture *t, int32_t piece) {
    const int32_t width = t->f.width, frames = t->f.frames;
    int8_t *input = (int8_t *)mdg_arena_array(t->arena, (size_t)frames, (size_t)width);
    int32_t row = 0;
    for (int32_t at = 0; at < t->n_sound;) {
        const int32_t n = piece < t->n_sound - at ? piece : t->n_sound - at;
        const int32_t used = mdg_features_push(&t->stream, t->sound + at, n);
        assert_true(used > 0 && (used == n || t->stream.fresh));
        at += used;
        if (!t->stream.fresh) continue;
        row++;
        assert_int_equal(t->stream.n_rows, row < frames ? row : frames);
        mdg_features_read(&t->stream, input);
        const int32_t heard = t->stream.n_rows;
        assert_memory_equal(input + (frames - heard) * width, t->expected + (row - heard) * width,
                            (size_t)(heard * width));
        memset(t->stream.scratch, 0xa5, (size_t)t->f.scratch_bytes);
    }
    assert_int_equal(row, t->n_rows);
}

static void test_any_pieces_give_the_rows_of_the_clip(void **state) {
    (void)state;
    static const mdg_feature_kind kinds[] = {MDG_FEATURE_LOG_MEL, MDG_FEATURE_MFCC};
    static const int hops_us[] = {5000, 10000, 12500, 20000, 25000, 40000};
    static const int32_t pieces[] = {1, 7, 160, 199, 200, 201, 1000, 9000};
    for (size_t k = 0; k < 2; k++)
        for (size_t h = 0; h < sizeof hops_us / sizeof hops_us[0]; h++)
            for (size_t p = 0; p < sizeof pieces / sizeof pieces[0]; p++) {
                fixture t;
                fixture_make(&t, kinds[k], hops_us[h]);
                push_all(&t, pieces[p]);
                mdg_arena_free(t.arena);
            }
}

static void test_start_is_silence(void **state) {
    (void)state;
    fixture t;
    fixture_make(&t, MDG_FEATURE_LOG_MEL, 20000);
    push_all(&t, 500);
    mdg_features_start(&t.stream);
    assert_int_equal(t.stream.n_rows, 0);
    const int32_t values = t.f.frames * t.f.width;
    int8_t *input = (int8_t *)mdg_arena_alloc(t.arena, (size_t)values);
    mdg_features_read(&t.stream, input);
    for (int32_t i = 0; i < values; i++) assert_int_equal(input[i], -128); /* offset / 65536 is below */
    push_all(&t, 333);
    mdg_arena_free(t.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_pieces_give_the_rows_of_the_clip),
        cmocka_unit_test(test_start_is_silence),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
