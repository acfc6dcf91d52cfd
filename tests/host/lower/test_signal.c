/* SPDX-License-Identifier: MIT
 *
 * Signal operators that work on one frame, against their formulas, and what they refuse.
 */
#include "custom.h"

#include <math.h>

#include "util/rng.h"

static void window_saturates_and_repeats(void **state) {
    static const int16_t weights[] = {32767, -32768, 4096};
    const port in[] = {{MDG_INT16, mdg_shape_of(2, 2, 3), NULL}, {MDG_INT16, mdg_shape_of(1, 3), weights}};
    const int16_t x[] = {100, -32768, -1, 32767, 32767, -4096},
                  want[] = {799, 32767, -1, 32767, -32768, -4096};
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_WINDOW, 2, in, 1, in);
    OPTIONS(g, {"shift", 12});
    assert_memory_equal(custom_run(custom_open(g), x), want, sizeof want);
    OPTIONS(g, {"shift", 32});
    custom_refused(g, MDG_INVALID, "option \"shift\" is 32, expected 0 to 31");
}

static void check_scaling(mdg_arena *a, const int16_t x[4], int shift) {
    const port in = port_of(MDG_INT16, 4), out[] = {port_of(MDG_INT16, 4), {MDG_INT32, {0}, NULL}};
    mdg_exec *e = custom_open(custom_net(a, MDG_OP_SIGNAL_FFT_AUTO_SCALE, 1, &in, 2, out));
    const int16_t *y = custom_run(e, x);
    assert_int_equal(*(const int32_t *)mdg_exec_output(e, 1), shift);
    for (int i = 0; i < 4; i++) assert_int_equal(y[i], (int16_t)(x[i] * (1 << shift)));
}

static void auto_scale_uses_all_bits(void **state) {
    check_scaling(*state, (const int16_t[]){0, 0, 0, 0}, 0);
    check_scaling(*state, (const int16_t[]){1, -1, 0, 0}, 14);
    check_scaling(*state, (const int16_t[]){0, -255, 3, 0}, 7);
    check_scaling(*state, (const int16_t[]){0, -256, 3, 0}, 6);
    check_scaling(*state, (const int16_t[]){16384, 1, 2, 3}, 0);
    check_scaling(*state, (const int16_t[]){1, 2, 3, -32768}, 0);
    check_scaling(*state, (const int16_t[]){-32768, -7, -9, -3}, 11); /* as in TFLM: the first is forgotten */
}

static void energy_is_the_squared_magnitude(void **state) {
    const port in = port_of(MDG_INT16, 8), out = port_of(MDG_UINT32, 4);
    const int16_t x[] = {1, 2, 300, -400, -32768, -32768, 5, 6};
    const uint32_t want[] = {0, 250000, 2147483648u, 0};
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_ENERGY, 1, &in, 1, &out);
    OPTIONS(g, {"end_index", 3}, {"start_index", 1});
    assert_memory_equal(custom_run(custom_open(g), x), want, sizeof want);
    OPTIONS(g, {"end_index", 5}, {"start_index", 1});
    custom_refused(g, MDG_INVALID, "option \"end_index\" is 5, expected 0 to 4");
    OPTIONS(g, {"end_index", 2}, {"start_index", 3});
    custom_refused(g, MDG_INVALID, "option \"start_index\" is 3, expected 0 to 2");
}

/* Two channels over 6 bins; each row: weights, unweights, first bins, first weights, widths */
static mdg_graph *bank(mdg_arena *a, const int16_t *first_bin, const int16_t *first_weight,
                       const int16_t *width) {
    static const int16_t weights[] = {10, 20, 30, -40}, unweights[] = {1, 2, 3, 4};
    const port in[] = {port_of(MDG_UINT32, 6),
                       {MDG_INT16, mdg_shape_of(1, 4), weights},
                       {MDG_INT16, mdg_shape_of(1, 4), unweights},
                       {MDG_INT16, mdg_shape_of(1, 3), first_bin},
                       {MDG_INT16, mdg_shape_of(1, 3), first_weight},
                       {MDG_INT16, mdg_shape_of(1, 3), width}};
    const port out = port_of(MDG_UINT64, 2);
    mdg_graph *g = custom_net(a, MDG_OP_SIGNAL_FILTER_BANK, 6, in, 1, &out);
    OPTIONS(g, {"num_channels", 2});
    return g;
}

static void filter_bank_falls_and_rises(void **state) {
    static const int16_t first_bin[] = {0, 2, 5}, first_weight[] = {0, 1, 3}, width[] = {1, 2, 1};
    const uint32_t x[] = {UINT32_MAX, 99, 1000, 2000, 99, 7};
    const uint64_t *y = custom_run(custom_open(bank(*state, first_bin, first_weight, width)), x);
    assert_int_equal(y[0], 1 * (uint64_t)UINT32_MAX + 20 * 1000 + 30 * 2000);
    assert_int_equal(y[1], 2 * 1000 + 3 * 2000 + (uint64_t)(-40 * 7));
}

static void filter_bank_stays_within_its_tables(void **state) {
    static const int16_t good[] = {0, 1, 2}, width[] = {1, 2, 2}, wide[] = {1, 2, 3}, none[] = {0, -5, 0};
    static const int16_t negative[] = {0, -1, 2}, far[] = {0, 5, 2};
    custom_refused(bank(*state, negative, good, width), MDG_INVALID, "channel 1: bins -1 to 0, there are 6");
    custom_refused(bank(*state, far, good, width), MDG_INVALID, "channel 1: bins 5 to 6, there are 6");
    custom_refused(bank(*state, good, good, wide), MDG_INVALID, "channel 2: weights 2 to 4, there are 4");
    custom_open(bank(*state, far, far, none));
    mdg_graph *g = bank(*state, good, good, width);
    OPTIONS(g, {"num_channels", 3});
    custom_refused(g, MDG_INVALID, "expected 3 elements");
}

static void square_root_is_rounded(void **state) {
    enum { N = 400 };
    const port in[] = {port_of(MDG_UINT64, N), {MDG_INT32, {0}, NULL}}, out = port_of(MDG_UINT32, N);
    mdg_exec *e = custom_open(custom_net(*state, MDG_OP_SIGNAL_FILTER_BANK_SQUARE_ROOT, 2, in, 1, &out));
    mdg_rng r = mdg_rng_of(1, 0);
    uint64_t x[N] = {0, 1, 2, 3, 4, 6, 7, UINT32_MAX, (uint64_t)1 << 32, UINT64_MAX};
    for (int i = 10; i < N; i++) x[i] = mdg_rng_u64(&r) >> mdg_rng_below(&r, 64);
    for (int32_t shift = 0; shift < 4; shift += 3) {
        memcpy(mdg_exec_input(e, 1), &shift, sizeof shift);
        const uint32_t *y = custom_run(e, x);
        for (int i = 0; i < N; i++) {
            uint64_t root = (uint64_t)sqrtl((long double)x[i]);
            while (root > 0 && (root > UINT32_MAX || root * root > x[i])) root--;
            while (root < UINT32_MAX && (root + 1) * (root + 1) <= x[i]) root++;
            if (x[i] - root * root > root && root != (x[i] >> 32 ? UINT32_MAX : UINT16_MAX)) root++;
            assert_int_equal(y[i], root >> shift);
        }
    }
}

static void spectral_subtraction_follows_the_noise(void **state) {
    const port io[] = {port_of(MDG_UINT32, 2), port_of(MDG_UINT32, 2)};
    for (int clamping = 0; clamping < 2; clamping++) {
        mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_FILTER_BANK_SPECTRAL_SUBTRACTION, 1, io, 2, io);
        OPTIONS(g, {"alternate_one_minus_smoothing", 8192}, {"alternate_smoothing", 8192},
                {"clamping", clamping}, {"min_signal_remaining", 1638}, {"num_channels", 2},
                {"one_minus_smoothing", 12288}, {"smoothing", 4096}, {"smoothing_bits", 4},
                {"spectral_subtraction_bits", 14});
        mdg_exec *e = custom_open(g);
        for (int round = 0; round < 2; round++, mdg_exec_reset(e)) {
            const uint32_t loud[] = {1000, 1000}, quiet[] = {10, 10};
            const uint32_t *y = custom_run(e, loud), *noise = mdg_exec_output(e, 1);
            assert_int_equal(noise[0], 4000);
            assert_int_equal(noise[1], 8000);
            assert_int_equal(y[0], 750);
            assert_int_equal(y[1], 500);
            y = custom_run(e, quiet);
            noise = mdg_exec_output(e, 1);
            assert_int_equal(noise[0], clamping ? 160 : 3040);
            assert_int_equal(y[0], 0); /* a tenth of 10 is 0.99 in 14 bits */
        }
    }
}

/* The gain is a parabola through the table's pieces; with gain 1 the result is the shrunk input. */
static void pcan_shrinks_ratios(void **state) {
    enum { N = 6 };
    int16_t table[125];
    for (int i = 0; i < 125; i++) table[i] = i < 3 || i % 4 == 2;
    const port in[] = {
        port_of(MDG_UINT32, N), port_of(MDG_UINT32, N), {MDG_INT16, mdg_shape_of(1, 125), table}};
    const port out = port_of(MDG_UINT32, N);
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_PCAN, 3, in, 1, &out);
    OPTIONS(g, {"snr_shift", 0});
    mdg_exec *e = custom_open(g);
    const uint32_t noise[N] = {0, 2, 3, 1000, 1u << 31, UINT32_MAX},
                   x[N] = {0, 4096, 8191, 8192, 40960, 4095};
    memcpy(mdg_exec_input(e, 1), noise, sizeof noise);
    const uint32_t want[N] = {0, 16, 63, 64, 576, 15};
    assert_memory_equal(custom_run(e, x), want, sizeof want);

    const port small[] = {in[0], in[1], {MDG_INT16, mdg_shape_of(1, 124), table}};
    g = custom_net(*state, MDG_OP_SIGNAL_PCAN, 3, small, 1, &out);
    OPTIONS(g, {"snr_shift", 0});
    custom_refused(g, MDG_INVALID, "the table of gains has fewer than 125 entries");
}

static void log_is_the_natural_one(void **state) {
    enum { N = 300 };
    const port in = port_of(MDG_UINT32, N), out = port_of(MDG_INT16, N);
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_FILTER_BANK_LOG, 1, &in, 1, &out);
    OPTIONS(g, {"input_correction_bits", 3}, {"output_scale", 1600});
    mdg_rng r = mdg_rng_of(1, 0);
    uint32_t x[N] = {0, 1, 2, 3, UINT32_MAX >> 3};
    for (int i = 5; i < N; i++) x[i] = (uint32_t)mdg_rng_u64(&r) >> (3 + mdg_rng_below(&r, 29));
    const int16_t *y = custom_run(custom_open(g), x);
    for (int i = 0; i < N; i++) {
        const double want = x[i] ? 1600 * log(8.0 * x[i]) : 0;
        if (!(fabs(y[i] - (want < 32767 ? want : 32767)) <= 1600 * 0.003))
            fail_msg("log of %u is %d, not %g", x[i], y[i], want);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(window_saturates_and_repeats),
        TEST(auto_scale_uses_all_bits),
        TEST(energy_is_the_squared_magnitude),
        TEST(filter_bank_falls_and_rises),
        TEST(filter_bank_stays_within_its_tables),
        TEST(square_root_is_rounded),
        TEST(spectral_subtraction_follows_the_noise),
        TEST(pcan_shrinks_ratios),
        TEST(log_is_the_natural_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
