/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "quant/quantizer.h"

static size_t elements_of(const mdg_tensor *t) {
    return (size_t)mdg_shape_elements(&t->shape);
}

/* Whether all weights of the operator share one scale. TFLM's dense layers know no other for int4. */
static bool is_per_tensor(const mdg_quantizer *q, const mdg_op *op, int bits) {
    return op->code == MDG_OP_FULLY_CONNECTED && (!q->opts->dense_per_channel || bits == 4);
}

bool mdg_quantizer_is_wide(const mdg_quantizer *q, int op) {
    return q->wide || (q->opts->op_bits && q->opts->op_bits[op] == 16);
}

static int bits_of(const mdg_quantizer *q, int index) {
    if (mdg_quantizer_is_wide(q, index)) return 8;
    const bool int4 = q->opts->op_bits ? q->opts->op_bits[index] == 4
                                       : q->opts->weights && strcmp(q->opts->weights, "int4") == 0;
    return int4 && mdg_quant_can_int4(&q->subgraph->ops[index]) ? 4 : 8;
}

bool mdg_quant_can_int4(const mdg_op *op) {
    return op->code == MDG_OP_CONV_2D || op->code == MDG_OP_DEPTHWISE_CONV_2D ||
           op->code == MDG_OP_FULLY_CONNECTED;
}

static size_t run_of(const mdg_tensor *t, int axis) {
    size_t run = 1;
    for (int d = axis + 1; d < t->shape.rank; d++) run *= (size_t)t->shape.dim[d];
    return run;
}

static float largest_bias(const mdg_quant_weights *w, int channel) {
    if (!w->bias) return 0.0f;
    if (w->count > 1) return fabsf(w->bias[channel]);
    float most = 0.0f;
    for (int c = 0; c < w->channels; c++) most = fmaxf(most, fabsf(w->bias[c]));
    return most;
}

static void round_channel(const mdg_quant_weights *w, const mdg_channel *ch, int c, float largest) {
    const size_t first = w->count > 1 ? (size_t)c * w->run : 0;
    const float inverse = mdg_weight_inverse(largest, w->scale[c]);
    for (size_t b = 0; b < ch->n_blocks; b++)
        for (size_t i = 0; i < ch->run; i++) {
            const size_t at = b * ch->step + i;
            w->steps[first + at] = w->bits == 4 ? mdg_weight_to_int4(ch->w[at], w->scale[c])
                                                : mdg_weight_to_int8(ch->w[at], inverse);
        }
}

static void round_weights(mdg_quantizer *q, mdg_quant_weights *w, const float *x, float input_scale) {
    float most = 0.0f;
    float *largest = mdg_arena_array(q->arena, (size_t)w->count, sizeof *largest);
    for (int c = 0; c < w->count; c++) {
        const mdg_channel ch = mdg_channel_of(x, w->n, w->run, w->count, c);
        largest[c] = mdg_channel_largest(&ch);
        most = fmaxf(most, largest[c]);
    }
    for (int c = 0; c < w->count; c++) {
        const mdg_channel ch = mdg_channel_of(x, w->n, w->run, w->count, c);
        w->scale[c] =
            mdg_weight_scale(largest[c], largest_bias(w, c), input_scale, most > 0.0f ? most : 1.0f);
        if (w->bits == 4) w->scale[c] = fmaxf(mdg_channel_scale_int4(&ch), w->scale[c]);
        round_channel(w, &ch, c, largest[c]);
    }
}

static void round_op(mdg_quantizer *q, int index) {
    const mdg_op *op = &q->subgraph->ops[index];
    const mdg_quant_rule *rule = mdg_quant_rule_of(op);
    mdg_quant_weights *w = &q->weights[index];
    if (rule->kind != MDG_QUANT_WEIGHTED) return;
    const mdg_tensor *weights = mdg_op_input(q->subgraph, op, rule->weights),
                     *bias = mdg_op_input(q->subgraph, op, rule->bias);
    *w = (mdg_quant_weights){.bits = bits_of(q, index), .axis = rule->axis, .n = elements_of(weights)};
    w->channels = weights->shape.dim[rule->axis];
    const bool per_tensor = is_per_tensor(q, op, w->bits);
    w->count = per_tensor ? 1 : w->channels;
    w->run = per_tensor ? w->n : run_of(weights, rule->axis);
    w->scale = mdg_arena_array(q->arena, (size_t)w->count, sizeof *w->scale);
    w->steps = mdg_arena_alloc(q->arena, w->n);
    if (bias) w->bias = mdg_arena_copy(q->arena, bias->data, elements_of(bias) * sizeof *w->bias);
    round_weights(q, w, weights->data, mdg_quantizer_group(q, op->inputs[rule->data])->affine.scale);
    const bool clusters = q->opts->weights && strcmp(q->opts->weights, "cluster16") == 0;
    if (clusters && !q->opts->op_bits && !q->wide && mdg_quant_can_cluster(op, w->n))
        mdg_quant_cluster(q, w, weights->data);
}

void mdg_quantizer_round(mdg_quantizer *q) {
    q->weights = mdg_arena_array(q->arena, (size_t)q->subgraph->n_ops, sizeof *q->weights);
    for (int i = 0; i < q->subgraph->n_ops; i++) round_op(q, i);
}
