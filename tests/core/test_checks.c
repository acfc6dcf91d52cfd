/* SPDX-License-Identifier: MIT
 *
 * Checks refuse: parameters of another size, operands that lack, and hostile values.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lower/program.h"

/* Zeroed parameters, and operands as large as can be: no kernel works on no elements. */
static void zeroed_parameters_are_refused(void **state) {
    (void)state;
    static const uint32_t params[512];
    for (int i = 0; i < MDG_K_COUNT; i++) {
        const mdg_kernel_info *k = &mdg_kernels[i];
        mdg_sizes s = {.params_bytes = (uint32_t)k->params_bytes, .n_in = 8, .n_out = 8};
        assert_true(k->params_bytes <= sizeof params);
        for (int j = 0; j < 8; j++) s.in[j] = s.out[j] = 1 << 30;
        if (k->check(params, &s)) fail_msg("%s", k->name);
    }
}

static void other_parameters_are_refused(void **state) {
    (void)state;
    for (int i = 0; i < MDG_K_COUNT; i++) {
        const mdg_kernel_info *k = &mdg_kernels[i];
        mdg_sizes s = {.params_bytes = (uint32_t)k->params_bytes + 4};
        if (k->check(NULL, &s)) fail_msg("%s", k->name);
        s.params_bytes = 0;
        if (k->check(NULL, &s)) fail_msg("%s", k->name);
    }
}

static bool conv_is_accepted(const mdg_conv2d_params *p, const int32_t *mult, const int32_t *shift) {
    mdg_sizes s = {.params_bytes = sizeof *p, .n_in = 5, .n_out = 1};
    s.in[0] = 5 * 5 * 3, s.in[1] = 4 * 3 * 3 * 3, s.in[3] = s.in[4] = 4 * sizeof(int32_t);
    s.out[0] = 3 * 3 * 4;
    s.constant[3] = mult, s.constant[4] = shift;
    return mdg_conv2d_s8_check(p, &s);
}

static mdg_conv2d_params sound_conv(void) {
    return (mdg_conv2d_params){.batches = 1,
                               .in_h = 5,
                               .in_w = 5,
                               .in_c = 3,
                               .out_h = 3,
                               .out_w = 3,
                               .out_c = 4,
                               .kernel_h = 3,
                               .kernel_w = 3,
                               .filter_c = 3,
                               .stride_h = 1,
                               .stride_w = 1,
                               .dilation_h = 1,
                               .dilation_w = 1,
                               .depth_multiplier = 1};
}

/* Each single parameter of a sound convolution, replaced by a value that leads out of bounds */
static void hostile_convolutions_are_refused(void **state) {
    (void)state;
    const int32_t mult[4] = {1 << 30, 0, 1, INT32_MAX}, shift[4] = {-31, 0, 30, -7}, bad[4] = {0, 0, 31, 0};
    mdg_conv2d_params p = sound_conv();
    assert_true(conv_is_accepted(&p, mult, shift));
    assert_false(conv_is_accepted(&p, mult, bad));
    assert_false(conv_is_accepted(&p, NULL, shift));
    assert_false(conv_is_accepted(&p, shift, shift));
    const int sizes = 10; /* batches to filter_c */
    const int32_t values[] = {0, -1, 6, 1 << 30, INT32_MIN, INT32_MAX};
    for (int field = 0; field < sizes; field++) {
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            p = sound_conv();
            memcpy((int32_t *)&p + field, &values[v], sizeof values[v]);
            if (conv_is_accepted(&p, mult, shift)) fail_msg("field %d, value %d", field, (int)values[v]);
        }
    }
    p = sound_conv(), p.stride_h = 1 << 30;
    assert_false(conv_is_accepted(&p, mult, shift));
    p = sound_conv(), p.dilation_w = 1 << 30;
    assert_false(conv_is_accepted(&p, mult, shift));
    p = sound_conv(), p.dilation_w = 1 << 27; /* three of them fit 32 bits, over three channels they do not */
    assert_false(conv_is_accepted(&p, mult, shift));
    p = sound_conv(), p.pad_w = INT32_MIN;
    assert_false(conv_is_accepted(&p, mult, shift));
}

/* Steps from tap to tap and from row to row have 32 bits; a stream of one shift for four channels. */
static void far_steps_are_refused(void **state) {
    (void)state;
    static const int32_t stream[16 + 3] = {0};
    const mdg_conv2d_smlad_params sound = {.batches = 1,
                                           .in_h = 1,
                                           .in_w = 3,
                                           .in_c = 4,
                                           .out_h = 1,
                                           .out_w = 1,
                                           .out_c = 4,
                                           .kernel_h = 1,
                                           .kernel_w = 3,
                                           .stride_h = 1,
                                           .stride_w = 1,
                                           .dilation_h = 1,
                                           .dilation_w = 1};
    mdg_sizes s = {.params_bytes = sizeof sound, .n_in = 2, .n_out = 1};
    s.in[0] = 12, s.in[1] = sizeof stream, s.out[0] = 4;
    s.constant[1] = stream;
    mdg_conv2d_smlad_params p = sound;
    assert_true(mdg_depthwise_smlad_s8_check(&p, &s));
    p.dilation_w = 1 << 26;
    assert_false(mdg_depthwise_smlad_s8_check(&p, &s));
    p = sound, p.dilation_h = 1 << 26;
    assert_false(mdg_depthwise_smlad_s8_check(&p, &s));
    p = sound, p.in_w = p.in_c = INT32_MIN, p.dilation_h = 3; /* the product has more than 64 bits */
    assert_false(mdg_depthwise_smlad_s8_check(&p, &s));
}

/* 5 taps of 6 channels, 2 outputs: two groups of a stream, at whose ends the shifts stand */
static void lines_stay_within_input_and_stream(void **state) {
    (void)state;
    int32_t stream[2 * 22] = {0};
    const mdg_depthwise_line_smlad_params sound = {
        .channels = 6, .taps = 5, .outputs = 2, .tap_step = 6, .out_step = 12};
    mdg_sizes s = {.params_bytes = sizeof sound, .n_in = 2, .n_out = 1};
    s.in[0] = 42, s.in[1] = sizeof stream, s.out[0] = 12;
    s.constant[1] = stream;
    assert_true(mdg_depthwise_line_smlad_s8_check(&sound, &s));
    s.in[0]--;
    assert_false(mdg_depthwise_line_smlad_s8_check(&sound, &s));
    s.in[0]++, s.in[1] -= 4;
    assert_false(mdg_depthwise_line_smlad_s8_check(&sound, &s));
    s.in[1] += 4, s.out[0]--;
    assert_false(mdg_depthwise_line_smlad_s8_check(&sound, &s));
    s.out[0]++;
    const int32_t values[] = {0, -1, 13, 1 << 30, INT32_MIN, INT32_MAX};
    for (int field = 0; field < 5; field++) {
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            mdg_depthwise_line_smlad_params p = sound;
            memcpy((int32_t *)&p + field, &values[v], sizeof values[v]);
            const bool stands_still = field > 2 && values[v] == 0; /* all taps, all outputs at one place */
            if (mdg_depthwise_line_smlad_s8_check(&p, &s) != stands_still)
                fail_msg("field %d, value %d", field, (int)values[v]);
        }
    }
    for (int i = 0; i < 4; i++) {
        int32_t *shift = &stream[43 - 3 * i];
        *shift = 32;
        assert_false(mdg_depthwise_line_smlad_s8_check(&sound, &s));
        *shift = 0;
    }
}

/* A window that misses the input would divide by 0. */
static void empty_pool_windows_are_refused(void **state) {
    (void)state;
    mdg_pool2d_params p = {.batches = 1, .in_h = 4, .in_w = 4, .channels = 1, .out_h = 2, .out_w = 2};
    p.kernel_h = p.kernel_w = p.stride_h = p.stride_w = 2;
    mdg_sizes s = {.params_bytes = sizeof p, .n_in = 1, .n_out = 1, .in = {16}, .out = {4}};
    assert_true(mdg_average_pool2d_s8_check(&p, &s));
    p.pad_h = 2;
    assert_false(mdg_average_pool2d_s8_check(&p, &s));
    p.pad_h = 0, p.stride_w = 4;
    assert_false(mdg_average_pool2d_s8_check(&p, &s));
}

static void strides_that_wrap_are_refused(void **state) {
    (void)state;
    mdg_broadcast_params p = {.rank = 2, .dim = {2, 3}, .a_stride = {3, 1}, .b_stride = {0, 1}};
    mdg_sizes s = {.params_bytes = sizeof p, .n_in = 2, .n_out = 1, .in = {24, 12}, .out = {24}};
    assert_true(mdg_add_s32_check(&p, &s));
    p.a_stride[0] = 1 << 30;
    assert_false(mdg_add_s32_check(&p, &s));
    p.a_stride[0] = -3;
    assert_false(mdg_add_s32_check(&p, &s));
    p.a_stride[0] = 3, p.rank = MDG_MAX_RANK + 1;
    assert_false(mdg_add_s32_check(&p, &s));
}

/* A sum of exponentials that is 0 would never end the search for its leading bit. */
static void exponential_tables_are_read(void **state) {
    (void)state;
    int16_t table[513];
    for (int i = 0; i < 513; i++) table[i] = (int16_t)(64 * i / 2);
    const mdg_softmax_params p = {.rows = 2, .depth = 3, .mult = 1 << 30};
    mdg_sizes s = {.params_bytes = sizeof p, .n_in = 3, .n_out = 1, .in = {12, 1026, 1026}, .out = {12}};
    assert_false(mdg_softmax_s16_check(&p, &s));
    s.constant[1] = table;
    assert_true(mdg_softmax_s16_check(&p, &s));
    s.in[2] = 1024;
    assert_false(mdg_softmax_s16_check(&p, &s));
    s.in[2] = 1026, table[7] = -1;
    assert_false(mdg_softmax_s16_check(&p, &s));
    table[7] = 0, table[512] = 0;
    assert_false(mdg_softmax_s16_check(&p, &s));
}

static void hostile_sequences_are_refused(void **state) {
    (void)state;
    mdg_lstm_f32_params p = {.batches = 2, .steps = 3, .in_c = 5, .units = 4, .batch_stride = 3};
    p.step_stride = 1;
    mdg_sizes s = {.params_bytes = sizeof p, .n_in = 13, .n_out = 3, .in = {120}, .out = {96, 32, 32}};
    for (int g = 0; g < 4; g++) s.in[1 + g] = 80, s.in[5 + g] = 64, s.in[9 + g] = 16;
    assert_true(mdg_lstm_f32_check(&p, &s));
    p.batch_stride = 4;
    assert_false(mdg_lstm_f32_check(&p, &s));
    p.batch_stride = -3;
    assert_false(mdg_lstm_f32_check(&p, &s));
    p.batch_stride = 3, p.units = 5;
    assert_false(mdg_lstm_f32_check(&p, &s));
    p.units = 4, s.in[10] = 0;
    assert_false(mdg_lstm_f32_check(&p, &s));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zeroed_parameters_are_refused),
        cmocka_unit_test(other_parameters_are_refused),
        cmocka_unit_test(hostile_convolutions_are_refused),
        cmocka_unit_test(empty_pool_windows_are_refused),
        cmocka_unit_test(strides_that_wrap_are_refused),
        cmocka_unit_test(exponential_tables_are_read),
        cmocka_unit_test(hostile_sequences_are_refused),
        cmocka_unit_test(far_steps_are_refused),
        cmocka_unit_test(lines_stay_within_input_and_stream),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
