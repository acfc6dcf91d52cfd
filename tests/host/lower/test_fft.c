/* SPDX-License-Identifier: MIT
 *
 * SignalRfft and SignalIrfft against the definition of the transform, for lengths with every kind of factor;
 * the rounding of integers against the numbers of kissfft's arithmetic.
 */
#include "custom.h"

#include <math.h>
#include <stdlib.h>

#include "util/rng.h"

static const int lengths[] = {2, 4, 6, 8, 10, 12, 14, 16, 18, 22, 30, 50, 64, 98, 120, 128, 210, 256, 480};
enum { LENGTHS = sizeof lengths / sizeof *lengths, MAX_LENGTH = 512 };

static mdg_exec *transform(mdg_arena *a, mdg_opcode code, mdg_type type, mdg_shape from, mdg_shape to,
                           int length) {
    mdg_graph *g = custom_net(a, code, 1, &(port){type, from, NULL}, 1, &(port){type, to, NULL});
    OPTIONS(g, {"fft_length", length});
    return custom_open(g);
}

static mdg_exec *forward(mdg_arena *a, mdg_type type, int rows, int row, int length) {
    return transform(a, MDG_OP_SIGNAL_RFFT, type, mdg_shape_of(2, rows, row),
                     mdg_shape_of(2, rows, length + 2), length);
}

static mdg_exec *inverse(mdg_arena *a, mdg_type type, int length) {
    return transform(a, MDG_OP_SIGNAL_IRFFT, type, mdg_shape_of(2, 1, length + 2), mdg_shape_of(2, 1, length),
                     length);
}

/* bins [length/2 + 1][2] of x [n], zeros behind */
static void dft(const double *x, int n, int length, double *bins) {
    for (int k = 0; k <= length / 2; k++) {
        bins[2 * k] = bins[2 * k + 1] = 0;
        for (int i = 0; i < n; i++) {
            const double phase = -2 * M_PI * (i * k % length) / length;
            bins[2 * k] += x[i] * cos(phase);
            bins[2 * k + 1] += x[i] * sin(phase);
        }
    }
}

static void assert_near(double got, double want, double tolerance, int length, int i) {
    if (!(fabs(got - want) <= tolerance)) fail_msg("length %d, number %d: %g, not %g", length, i, got, want);
}

static void floats_are_the_transform(void **state) {
    mdg_rng r = mdg_rng_of(1, 0);
    for (int l = 0; l < LENGTHS; l++) {
        const int length = lengths[l], row = length > 4 ? length - length / 3 : length;
        float x[2][MAX_LENGTH], back[MAX_LENGTH + 2];
        double wide[MAX_LENGTH], bins[MAX_LENGTH + 2];
        float flat[2 * MAX_LENGTH];
        for (int i = 0; i < 2 * row; i++) flat[i] = x[i / row][i % row] = mdg_rng_uniform(&r, -1, 1);
        const float *y = custom_run(forward(*state, MDG_FLOAT32, 2, row, length), flat);
        for (int k = 0; k < 2; k++, y += length + 2) {
            for (int i = 0; i < row; i++) wide[i] = (double)x[k][i];
            dft(wide, row, length, bins);
            for (int i = 0; i < length + 2; i++) assert_near((double)y[i], bins[i], 1e-6 * length, length, i);
            memcpy(back, y, (size_t)(length + 2) * sizeof *back);
        }
        const float *again = custom_run(inverse(*state, MDG_FLOAT32, length), back);
        for (int i = 0; i < length; i++)
            assert_near((double)again[i], i < row ? (double)x[1][i] : 0, 1e-5, length, i);
    }
}

/* Integers come out divided by the length, each stage rounding. */
static void integers_are_the_transform_divided_by_the_length(void **state) {
    mdg_rng r = mdg_rng_of(2, 0);
    for (int l = 0; l < LENGTHS; l++) {
        const int length = lengths[l];
        int16_t narrow[MAX_LENGTH];
        int32_t wide[MAX_LENGTH];
        double x[MAX_LENGTH], bins[MAX_LENGTH + 2];
        for (int i = 0; i < length; i++) {
            narrow[i] = (int16_t)((int)mdg_rng_below(&r, 40000) - 20000);
            wide[i] = narrow[i] * 65536;
            x[i] = (double)narrow[i] / length;
        }
        dft(x, length, length, bins);
        const int16_t *y16 = custom_run(forward(*state, MDG_INT16, 1, length, length), narrow);
        const int32_t *y32 = custom_run(forward(*state, MDG_INT32, 1, length, length), wide);
        for (int i = 0; i < length + 2; i++) {
            assert_near(y16[i], bins[i], 12, length, i);
            assert_near(y32[i] / 65536.0, bins[i], 1e-3, length, i);
        }
    }
}

static uint32_t fnv1a(const void *data, size_t bytes) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ ((const uint8_t *)data)[i]) * 16777619u;
    return hash;
}

/* Hashes of what kissfft's macros give: forward and inverse in int16, forward and inverse in int32. Sums
 * wrap. */
static void integers_round_as_kissfft_does(void **state) {
    static const struct {
        int length;
        uint32_t hash[4];
    } cases[] = {
        {2, {0x032d69d2, 0x947f4e7b, 0x7f51458a, 0x0d801be4}},
        {6, {0x1ae248a1, 0xdf7dc69c, 0x51891e83, 0xf469651f}},
        {10, {0xae48b17f, 0x70c19260, 0x4f800f95, 0x5fc2b87a}},
        {14, {0xe57fecc0, 0x3f09badf, 0xedf64451, 0x07ee4448}},
        {18, {0xe8ebd5ac, 0x992cbabd, 0x9238e6af, 0xad9f3564}},
        {30, {0x459cddee, 0xf250f267, 0x80a2cefc, 0x2cd05c50}},
        {60, {0x5d12300b, 0xd265c99e, 0x112ee957, 0xf3ef53d6}},
        {128, {0x97262cbb, 0xfcfd2e15, 0x90548ed8, 0xe9154a4a}},
        {210, {0xb145d216, 0x7ef64376, 0xb306f031, 0x9a2c9772}},
        {242, {0x7292a9e9, 0xf83b14fa, 0x5c567027, 0xeba8c221}},
    };
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        const int n = cases[c].length;
        int16_t narrow[MAX_LENGTH];
        int32_t wide[MAX_LENGTH];
        for (uint32_t i = 0; i < (uint32_t)n + 2; i++) {
            const uint32_t v = i * i * 7919 + i * 104729 + 12345;
            narrow[i] = (int16_t)v;
            wide[i] = (int32_t)(v * 65537);
        }
        const size_t bins = 2 * (size_t)(n + 2), samples = 2 * (size_t)n;
        const uint32_t got[4] = {fnv1a(custom_run(forward(*state, MDG_INT16, 1, n, n), narrow), bins),
                                 fnv1a(custom_run(inverse(*state, MDG_INT16, n), narrow), samples),
                                 fnv1a(custom_run(forward(*state, MDG_INT32, 1, n, n), wide), 2 * bins),
                                 fnv1a(custom_run(inverse(*state, MDG_INT32, n), wide), 2 * samples)};
        for (int k = 0; k < 4; k++) {
            if (got[k] != cases[c].hash[k]) fail_msg("length %d, transform %d", n, k);
        }
    }
}

static void refuse(mdg_arena *a, int row, int bins, int length, const char *words) {
    mdg_graph *g = custom_net(a, MDG_OP_SIGNAL_RFFT, 1, &(port){MDG_INT16, mdg_shape_of(1, row), NULL}, 1,
                              &(port){MDG_INT16, mdg_shape_of(1, bins), NULL});
    OPTIONS(g, {"fft_length", length});
    custom_refused(g, MDG_INVALID, words);
}

static void wrong_lengths_are_refused(void **state) {
    refuse(*state, 7, 9, 7, "op 0 SignalRfft: fft_length is odd");
    refuse(*state, 10, 10, 8, "a row has more samples than fft_length");
    refuse(*state, 8, 8, 8, "a row of bins does not have fft_length + 2 numbers");
    refuse(*state, 8, 2, 0, "option \"fft_length\" is 0, expected 2 to 1048576");
    refuse(*state, 8, 2, INT32_MIN, "option \"fft_length\" is -2147483648");
}

static void a_large_prime_factor_is_refused(void **state) {
    const int length = 2 * 524287;
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_RFFT, 1, &(port){MDG_INT16, mdg_shape_of(1, 4), NULL}, 1,
                              &(port){MDG_INT16, mdg_shape_of(1, length + 2), NULL});
    OPTIONS(g, {"fft_length", length});
    custom_refused(g, MDG_UNSUPPORTED, "too large a prime factor");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(floats_are_the_transform),        TEST(integers_are_the_transform_divided_by_the_length),
        TEST(integers_round_as_kissfft_does),  TEST(wrong_lengths_are_refused),
        TEST(a_large_prime_factor_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
