/* SPDX-License-Identifier: MIT
 *
 * layers_kernels.h: the kernels that random layers (layers.h) must come by, else a test has lost its subject.
 */
#ifndef MDG_TEST_LAYERS_KERNELS_H
#define MDG_TEST_LAYERS_KERNELS_H

#include "host/specialize/layers.h"

static const mdg_kernel_id layers_kernels[] = {
    MDG_K_clamp_s8,
    MDG_K_clamp_s16,
    MDG_K_conv2d_s8,
    MDG_K_depthwise_conv2d_s8,
    MDG_K_fully_connected_s8,
    MDG_K_conv2d_s8_w4,
    MDG_K_depthwise_conv2d_s8_w4,
    MDG_K_fully_connected_s8_w4,
    MDG_K_pointwise_smlad_s8,
    MDG_K_conv2d_smlad_s8,
    MDG_K_conv2d_narrow_smlad_s8,
    MDG_K_conv2d_pixel_smlad_s8,
    MDG_K_conv2d_rows_smlad_s8,
    MDG_K_depthwise3x3_smlad_s8,
    MDG_K_depthwise_smlad_s8,
    MDG_K_depthwise_taps_smlad_s8,
    MDG_K_depthwise_line_smlad_s8,
    MDG_K_fully_connected_smlad_s8,
    MDG_K_pointwise_smlad_s8_w4,
    MDG_K_conv2d_smlad_s8_w4,
    MDG_K_conv2d_narrow_smlad_s8_w4,
    MDG_K_fully_connected_smlad_s8_w4,
    MDG_K_depthwise3x3_smlad_s8_w4,
    MDG_K_depthwise_smlad_s8_w4,
    MDG_K_depthwise_taps_smlad_s8_w4,
    MDG_K_depthwise_line_smlad_s8_w4,
    MDG_K_add_smlad_s8,
    MDG_K_svdf_smlad_s8_state8,
    MDG_K_svdf_smlad_s8_state16,
    MDG_K_lstm_smlad_s8,
    MDG_K_lstm_smlad_s16,
    MDG_K_conv2d_smlad_s16,
    MDG_K_depthwise_smlad_s16,
    MDG_K_mean_lanes_s8,
    MDG_K_mul_smlad_s8,
    MDG_K_softmax_table_s8,
    MDG_K_average_pool2d_lanes_s8,
    MDG_K_max_pool2d_lanes_s8,
    MDG_K_mean_lanes_s16,
    MDG_K_average_pool2d_lanes_s16,
    MDG_K_max_pool2d_lanes_s16,
    MDG_K_pointwise_scalar_s8,
    MDG_K_conv2d_scalar_s8,
    MDG_K_depthwise_line_scalar_s8,
    MDG_K_depthwise_scalar_s8,
    MDG_K_fully_connected_scalar_s8,
    MDG_K_add_linear_s8,
    MDG_K_mul_scalar_s8,
    MDG_K_max_pool2d_scalar_s8,
    MDG_K_pointwise_mve_s8,
    MDG_K_conv2d_mve_s8,
    MDG_K_depthwise3x3_mve_s8,
    MDG_K_depthwise_mve_s8,
    MDG_K_add_mve_s8,
    MDG_K_mul_mve_s8,
    MDG_K_mean_mve_s8,
    MDG_K_average_pool2d_mve_s8,
    MDG_K_max_pool2d_mve_s8,
};

/* counts: of each kernel */
static inline void layers_expect_every_kernel(const int counts[MDG_K_COUNT], int least) {
    for (size_t i = 0; i < sizeof layers_kernels / sizeof *layers_kernels; i++) {
        const mdg_kernel_id kernel = layers_kernels[i];
        printf("%-32s %d\n", mdg_kernels[kernel].name, counts[kernel]);
        assert_true(counts[kernel] > least);
    }
}

#endif
