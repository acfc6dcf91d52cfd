/* SPDX-License-Identifier: MIT
 *
 * Weights and biases.
 */
#include "onnx/importer.h"

#include <math.h>
#include <string.h>

mdg_status mdg_onx_check_weights(mdg_onx *in, const mdg_onx_value *w, int axis, bool symmetric) {
    const mdg_quant *q = &w->quant;
    if (q->count == 0) return MDG_OK;
    MDG_TRY(mdg_onx_need(in, w->stored == MDG_INT8, "its weights are not of 8 bits"));
    MDG_TRY(mdg_onx_need(in, q->count == 1 || q->axis == axis,
                         "its weights are quantised along another axis than the outputs"));
    for (int c = 0; c < q->count; c++)
        MDG_TRY(
            mdg_onx_need(in, (!symmetric && q->count == 1) || q->zero_point[c] == 0,
                         "its weights have a zero point; quantise them symmetrically (int8, zero point 0)"));
    return MDG_OK;
}

static int32_t rounded(double v) {
    return (int32_t)fmax(INT32_MIN, fmin(INT32_MAX, nearbyint(v)));
}

/* In steps of scale x * w; int32 that nothing has dequantised is so already. */
static mdg_status integer_bias(mdg_onx *in, mdg_onx_value *bias, int n, const mdg_quant *steps, int *tensor) {
    const mdg_shape shape = mdg_shape_of(1, n);
    const bool is_raw = bias->type == MDG_INT32;
    const bool repeats = mdg_shape_elements(&bias->view.shape) == 1;
    mdg_onx_value plain;
    int32_t *values;
    MDG_TRY(mdg_onx_alloc(in, (size_t)n, sizeof *values, (void **)&values));
    MDG_TRY(mdg_onx_arrange(in, bias, NULL, &plain));
    const mdg_quant *q = &plain.quant;
    for (int c = 0; c < n; c++) {
        const int from = repeats ? 0 : c, channel = q->count > 1 ? from : 0;
        const bool is_integer = plain.stored == MDG_INT32;
        int32_t stored = 0;
        float real = 0;
        memcpy(is_integer ? (void *)&stored : &real, (const uint8_t *)plain.data + 4 * from, 4);
        const double value = is_integer && !is_raw
                                 ? ((double)stored - q->zero_point[channel]) * (double)q->scale[channel]
                                 : (double)real;
        values[c] = is_raw ? stored : rounded(value / (double)steps->scale[steps->count > 1 ? c : 0]);
    }
    *tensor = mdg_onx_add_tensor(in, bias->name, MDG_INT32, &shape, steps);
    mdg_tensor_set_data(&in->sub->tensors[*tensor], values);
    return MDG_OK;
}

static mdg_status real_bias(mdg_onx *in, mdg_onx_value *bias, int n, int *tensor) {
    const float *from;
    float *values;
    MDG_TRY(mdg_onx_constant_floats(in, bias, &from));
    MDG_TRY(mdg_onx_alloc(in, (size_t)n, sizeof *values, (void **)&values));
    const bool repeats = mdg_shape_elements(&bias->view.shape) == 1;
    for (int c = 0; c < n; c++) values[c] = from[repeats ? 0 : c];
    *tensor = mdg_onx_add_floats(in, bias->name, n, values);
    return MDG_OK;
}

mdg_status mdg_onx_bias(mdg_onx *in, mdg_onx_value *bias, int n, const mdg_onx_value *x,
                        const mdg_onx_value *w, bool integer, int *tensor) {
    const int64_t have = mdg_shape_elements(&bias->view.shape);
    mdg_quant steps = w->quant;
    MDG_TRY(mdg_onx_need(in, mdg_onx_is_constant(bias), "its bias is no constant"));
    MDG_TRY(mdg_onx_need(in, have == 1 || have == n, "its bias has not as many elements as it has outputs"));
    MDG_TRY(mdg_onx_need(in, bias->quant.count <= 1 || bias->quant.count == n,
                         "its bias is quantised strangely"));
    if (!integer) return real_bias(in, bias, n, tensor);
    MDG_TRY(mdg_onx_need(in, bias->stored == MDG_INT32 || bias->stored == MDG_FLOAT32,
                         "its bias is neither int32 nor float32"));
    steps.axis = 0;
    MDG_TRY(mdg_onx_alloc(in, (size_t)steps.count, sizeof *steps.scale, (void **)&steps.scale));
    MDG_TRY(mdg_onx_alloc(in, (size_t)steps.count, sizeof *steps.zero_point, (void **)&steps.zero_point));
    for (int c = 0; c < steps.count; c++) steps.scale[c] = x->quant.scale[0] * w->quant.scale[c];
    return integer_bias(in, bias, n, &steps, tensor);
}
