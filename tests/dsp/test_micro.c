/* SPDX-License-Identifier: MIT
 *
 * The micro front end against TensorFlow Lite Micro's: the model of its signal operators, invocation by
 * invocation.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "feature/feature.h"
#include "midge/micro.h"
#include "util/file.h"

enum { FRAME = 480, BANDS = 40, SKIPPED = 77 };

static const mdg_feature_opts tflm = {.kind = MDG_FEATURE_MICRO,
                                      .sample_rate = 16000,
                                      .window_us = 30000,
                                      .hop_us = 20000,
                                      .n_mels = BANDS,
                                      .f_min_hz = 125,
                                      .f_max_hz = 7500,
                                      .clip_ms = 1000};

/* What the model does with the logarithms: a division by 25.6 * 26 / 256 that rounds. */
static int8_t to_int8(int16_t x) {
    const int y = (x * 256 + 333) / 666 - 128;
    return (int8_t)(y > 127 ? 127 : y);
}

static void compare(const char *folder, const char *in, const char *out) {
    mdg_arena *arena = mdg_arena_new();
    mdg_features f;
    mdg_bytes input, expected;
    assert_int_equal(mdg_feature_build(&tflm, arena, &f, NULL), MDG_OK);
    assert_int_equal(mdg_file_read(mdg_arena_printf(arena, "%s/%s", folder, in), arena, &input, NULL),
                     MDG_OK);
    assert_int_equal(mdg_file_read(mdg_arena_printf(arena, "%s/%s", folder, out), arena, &expected, NULL),
                     MDG_OK);
    const size_t n = input.size / (FRAME * sizeof(int16_t));
    assert_true(n >= 50 && expected.size == n * BANDS);
    void *state = mdg_arena_alloc(arena, (size_t)f.state_bytes);
    void *scratch = mdg_arena_alloc(arena, (size_t)f.scratch_bytes);
    memset(state, 0, (size_t)f.state_bytes);
    for (size_t i = 0; i < n; i++) {
        int16_t samples[FRAME], row[BANDS];
        memcpy(samples, input.data + i * sizeof samples, sizeof samples);
        f.frame(&f, samples, state, scratch, row);
        for (int k = 0; k < BANDS; k++) {
            const int8_t want = (int8_t)expected.data[i * BANDS + (size_t)k];
            if (to_int8(row[k]) != want)
                fail_msg("%s: invocation %zu, band %d: %d, TFLM has %d", in, i, k, to_int8(row[k]), want);
        }
    }
    mdg_arena_free(arena);
}

static void test_bytes_are_those_of_tflm(void **state) {
    const char *folder = *state;
    compare(folder, "tflm_audio_preprocessor_int8.in", "tflm_audio_preprocessor_int8.out");
    compare(folder, "tflm_audio_preprocessor_int8.in2", "tflm_audio_preprocessor_int8.out2");
}

int main(void) {
    const char *shared = getenv("MIDGE_SHARED");
    char folder[4096];
    snprintf(folder, sizeof folder, "%s/models", shared ? shared : "");
    if (!shared || !mdg_file_exists(folder)) {
        puts("skipped: the golden outputs of MIDGE_SHARED/models are not here");
        return SKIPPED;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test_prestate(test_bytes_are_those_of_tflm, folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
