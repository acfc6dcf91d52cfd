/* SPDX-License-Identifier: MIT
 *
 * programs.h: small programs made by hand.
 */
#ifndef MDG_TEST_PROGRAMS_H
#define MDG_TEST_PROGRAMS_H

#include "lower/program.h"

/* One CONV_2D of 1x4x4x2 to 1x4x4x3, without a graph: input at 0 of the arena, output at 32. */
static inline mdg_program test_conv_program(mdg_arena *arena) {
    static const int8_t w[3 * 3 * 3 * 2] = {1,  -2, 3,   4,  -5, 6,    7,   -8, 9,   10, -11, 12, 13, -14,
                                            15, 16, -17, 18, 99, -128, 127, 64, -64, 1,  2,   3,  4};
    static const int32_t bias[3] = {100, INT32_MIN / 1024, 5};
    static const int32_t mult[3] = {1 << 30, (1 << 30) + 12345, 2147483647};
    static const int32_t shift[3] = {-7, -8, -9};
    static const mdg_conv2d_params params = {.batches = 1,
                                             .in_h = 4,
                                             .in_w = 4,
                                             .in_c = 2,
                                             .out_h = 4,
                                             .out_w = 4,
                                             .out_c = 3,
                                             .kernel_h = 3,
                                             .kernel_w = 3,
                                             .filter_c = 2,
                                             .stride_h = 1,
                                             .stride_w = 1,
                                             .dilation_h = 1,
                                             .dilation_w = 1,
                                             .pad_h = 1,
                                             .pad_w = 1,
                                             .depth_multiplier = 1,
                                             .in_zero = -3,
                                             .out_zero = 4,
                                             .act_min = -128,
                                             .act_max = 127};
    static const mdg_buffer buffers[] = {
        {.kind = MDG_BUF_ARENA, .name = "x", .element = "int8_t", .bytes = 32, .offset = 0},
        {.kind = MDG_BUF_ARENA, .name = "y", .element = "int8_t", .bytes = 48, .offset = 32},
        {.kind = MDG_BUF_CONST, .name = "w */ int evil;", .element = "int8_t", .bytes = sizeof w, .data = w},
        {.kind = MDG_BUF_CONST, .name = "bias", .element = "int32_t", .bytes = sizeof bias, .data = bias},
        {.kind = MDG_BUF_CONST, .name = "mult", .element = "int32_t", .bytes = sizeof mult, .data = mult},
        {.kind = MDG_BUF_CONST, .name = "shift", .element = "int32_t", .bytes = sizeof shift, .data = shift}};
    static const mdg_call call = {.kernel = MDG_K_conv2d_s8,
                                  .params = &params,
                                  .n_in = 5,
                                  .n_out = 1,
                                  .in = {0, 2, 3, 4, 5},
                                  .out = {1}};
    static float scale[] = {0.5f};
    static int32_t zero[] = {-3};
    static const mdg_tensor x = {
        .name = "x", .type = MDG_INT8, .shape = {4, {1, 4, 4, 2}}, .quant = {1, 0, scale, zero}};
    static const mdg_tensor y = {
        .name = "y", .type = MDG_INT8, .shape = {4, {1, 4, 4, 3}}, .quant = {1, 0, scale, zero}};
    static const mdg_io input = {.buffer = 0, .tensor = &x}, output = {.buffer = 1, .tensor = &y};
    return (mdg_program){.arena = arena,
                         .n_buffers = 6,
                         .n_calls = 1,
                         .n_inputs = 1,
                         .n_outputs = 1,
                         .buffers = mdg_arena_copy(arena, buffers, sizeof buffers),
                         .calls = mdg_arena_copy(arena, &call, sizeof call),
                         .inputs = mdg_arena_copy(arena, &input, sizeof input),
                         .outputs = mdg_arena_copy(arena, &output, sizeof output),
                         .arena_bytes = 80};
}

#endif
