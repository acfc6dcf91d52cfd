/* SPDX-License-Identifier: MIT
 *
 * A trained net as a float graph in TFLite's operators: batch norm folded into weights and bias, dropout
 * gone, activations as attributes, SOFTMAX at the end.
 */
#include <math.h>
#include <string.h>

#include "train/exporter.h"
#include "train/fake.h"

/* ---- numbers ---- */

/* Channels are the innermost axis of depthwise weights, the outermost of all others. */
static float *folded_weights(const mdg_exporter *e, const mdg_layer *l) {
    float *w = mdg_arena_copy(e->graph->arena, e->params + l->weights.at, l->weights.count * sizeof *w);
    if (!l->norm.count) return w;
    const size_t channels = (size_t)l->out_c, per_channel = l->weights.count / channels;
    const bool innermost = l->spec.kind == MDG_LAYER_DEPTHWISE_CONV2D;
    for (size_t c = 0; c < channels; c++) {
        float scale, shift;
        mdg_norm_of(e->net, l, (int)c, &scale, &shift);
        for (size_t i = 0; i < per_channel; i++)
            w[innermost ? i * channels + c : c * per_channel + i] *= scale;
    }
    return w;
}

static float *folded_bias(const mdg_exporter *e, const mdg_layer *l) {
    const size_t channels = (size_t)l->out_c;
    if (!l->norm.count)
        return mdg_arena_copy(e->graph->arena, e->net->params + l->bias.at, channels * sizeof(float));
    float *bias = mdg_arena_array(e->graph->arena, channels, sizeof *bias);
    for (size_t c = 0; c < channels; c++) {
        float scale;
        mdg_norm_of(e->net, l, (int)c, &scale, &bias[c]);
    }
    return bias;
}

/* ---- tensors ---- */

int mdg_export_tensor(mdg_exporter *e, mdg_type type, mdg_shape shape, const void *data, const char *name) {
    const int index = mdg_tensor_add(e->graph, e->sub, name, type, shape);
    if (data) mdg_tensor_set_data(&e->sub->tensors[index], data);
    return index;
}

const char *mdg_export_name(const mdg_exporter *e, int layer, const char *part) {
    const mdg_layer_kind kind = e->net->layers[layer].spec.kind;
    return mdg_arena_printf(e->graph->arena, "%d_%s%s", layer + 1, mdg_layer_text(kind), part);
}

mdg_op *mdg_export_op(mdg_exporter *e, mdg_opcode code, int n_inputs, const int *inputs, int output) {
    mdg_op *op = mdg_op_add(e->graph, e->sub, code, n_inputs, 1);
    for (int i = 0; i < n_inputs; i++) op->inputs[i] = inputs[i];
    op->outputs[0] = output;
    return op;
}

static int32_t *copy_ints(const mdg_exporter *e, const int32_t *values, int n) {
    return mdg_arena_copy(e->graph->arena, values, (size_t)n * sizeof *values);
}

int mdg_export_reshaped(mdg_exporter *e, int tensor, mdg_shape shape) {
    if (mdg_shape_equal(&e->sub->tensors[tensor].shape, &shape)) return tensor;
    const int32_t *dims = copy_ints(e, shape.dim, shape.rank);
    const char *name = mdg_arena_printf(e->graph->arena, "%s/%s", e->sub->tensors[tensor].name,
                                        shape.rank == 2 ? "flat" : "map");
    const int target = mdg_export_tensor(e, MDG_INT32, mdg_shape_of(1, shape.rank), dims,
                                         mdg_arena_printf(e->graph->arena, "%s/shape", name));
    const int output = mdg_export_tensor(e, MDG_FLOAT32, shape, NULL, name);
    mdg_op *op = mdg_export_op(e, MDG_OP_RESHAPE, 2, (const int[]){tensor, target}, output);
    *(mdg_reshape_attrs *)op->attrs = (mdg_reshape_attrs){.new_shape = {shape.rank, dims}};
    return output;
}

/* The same values with rank 2, [1][n], or 4, [1][h][w][c] */
static int with_rank(mdg_exporter *e, int tensor, int rank, int h, int w, int c) {
    return mdg_export_reshaped(e, tensor,
                               rank == 2 ? mdg_shape_of(2, 1, h * w * c) : mdg_shape_of(4, 1, h, w, c));
}

static int input_of(mdg_exporter *e, const mdg_layer *l, int rank) {
    return with_rank(e, e->tensors[l->spec.from + 1], rank, l->in_h, l->in_w, l->in_c);
}

static int add_output(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    return mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(4, 1, l->out_h, l->out_w, l->out_c), NULL,
                             mdg_export_name(e, layer, ""));
}

/* ---- layers: each returns the tensor of its output ---- */

static int32_t activation_of(const mdg_layer *l) {
    static const int32_t codes[] = {[MDG_ACTIVATION_NONE] = MDG_ACT_NONE,
                                    [MDG_ACTIVATION_RELU] = MDG_ACT_RELU,
                                    [MDG_ACTIVATION_RELU6] = MDG_ACT_RELU6};
    return codes[l->spec.activation];
}

static int32_t padding_of(const mdg_layer *l) {
    return l->spec.same ? MDG_PADDING_SAME : MDG_PADDING_VALID;
}

/* Appends an operator with weights and bias. */
static mdg_op *add_weighted(mdg_exporter *e, int layer, mdg_opcode code, int input, mdg_shape weights,
                            int output) {
    const mdg_layer *l = &e->net->layers[layer];
    const int w = mdg_export_tensor(e, MDG_FLOAT32, weights, folded_weights(e, l),
                                    mdg_export_name(e, layer, "/weights"));
    const int b = mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(1, l->out_c), folded_bias(e, l),
                                    mdg_export_name(e, layer, "/bias"));
    return mdg_export_op(e, code, 3, (const int[]){input, w, b}, output);
}

static int export_conv(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const int input = input_of(e, l, 4), output = add_output(e, layer);
    const mdg_shape weights = mdg_shape_of(4, l->out_c, l->spec.kernel_h, l->spec.kernel_w, l->in_c);
    mdg_conv2d_attrs *a = add_weighted(e, layer, MDG_OP_CONV_2D, input, weights, output)->attrs;
    a->padding = padding_of(l);
    a->stride_h = l->spec.stride_h;
    a->stride_w = l->spec.stride_w;
    a->activation = activation_of(l);
    return output;
}

static int export_depthwise(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const int input = input_of(e, l, 4), output = add_output(e, layer);
    const mdg_shape weights = mdg_shape_of(4, 1, l->spec.kernel_h, l->spec.kernel_w, l->out_c);
    mdg_depthwise_conv2d_attrs *a =
        add_weighted(e, layer, MDG_OP_DEPTHWISE_CONV_2D, input, weights, output)->attrs;
    a->padding = padding_of(l);
    a->stride_h = l->spec.stride_h;
    a->stride_w = l->spec.stride_w;
    a->depth_multiplier = l->spec.filters;
    a->activation = activation_of(l);
    return output;
}

static int export_dense(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const int input = input_of(e, l, 2);
    const int output =
        mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 1, l->out_c), NULL, mdg_export_name(e, layer, ""));
    const mdg_shape weights = mdg_shape_of(2, l->out_c, l->in_h * l->in_w * l->in_c);
    mdg_fully_connected_attrs *a =
        add_weighted(e, layer, MDG_OP_FULLY_CONNECTED, input, weights, output)->attrs;
    a->activation = activation_of(l);
    return output;
}

static int export_pool(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const mdg_opcode code = l->spec.kind == MDG_LAYER_MAX_POOL ? MDG_OP_MAX_POOL_2D : MDG_OP_AVERAGE_POOL_2D;
    const int input = input_of(e, l, 4), output = add_output(e, layer);
    mdg_pool2d_attrs *a = mdg_export_op(e, code, 1, &input, output)->attrs;
    a->padding = padding_of(l);
    a->stride_h = l->spec.stride_h;
    a->stride_w = l->spec.stride_w;
    a->filter_h = l->spec.kernel_h;
    a->filter_w = l->spec.kernel_w;
    return output;
}

/* MEAN rather than AVERAGE_POOL_2D: its int8 form has a scale of its own for the means, which are far smaller
 * than the activations they are made from, and it needs no RESHAPE. */
static int export_global_pool(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const int32_t *axes = copy_ints(e, (const int32_t[]){1, 2}, 2);
    const int input = input_of(e, l, 4);
    const int axis =
        mdg_export_tensor(e, MDG_INT32, mdg_shape_of(1, 2), axes, mdg_export_name(e, layer, "/axes"));
    const int output =
        mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 1, l->out_c), NULL, mdg_export_name(e, layer, ""));
    mdg_export_op(e, MDG_OP_MEAN, 2, (const int[]){input, axis}, output);
    return output;
}

static int export_add(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const int inputs[] = {input_of(e, l, 4),
                          with_rank(e, e->tensors[l->spec.with + 1], 4, l->in_h, l->in_w, l->in_c)};
    const int output = add_output(e, layer);
    mdg_add_attrs *a = mdg_export_op(e, MDG_OP_ADD, 2, inputs, output)->attrs;
    a->activation = activation_of(l);
    return output;
}

static int export_concat(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const int inputs[] = {input_of(e, l, 4), with_rank(e, e->tensors[l->spec.with + 1], 4, l->in_h, l->in_w,
                                                       l->out_c - l->in_c)};
    const int output = add_output(e, layer);
    mdg_concatenation_attrs *a = mdg_export_op(e, MDG_OP_CONCATENATION, 2, inputs, output)->attrs;
    a->axis = 3;
    return output;
}

static int export_reshape(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    return with_rank(e, e->tensors[l->spec.from + 1], 4, l->out_h, l->out_w, l->out_c);
}

static int export_flatten(mdg_exporter *e, int layer) {
    return input_of(e, &e->net->layers[layer], 2);
}

static int export_nothing(mdg_exporter *e, int layer) {
    return e->tensors[e->net->layers[layer].spec.from + 1];
}

static int (*const exporters[MDG_LAYER_KINDS])(mdg_exporter *e, int layer) = {
    [MDG_LAYER_CONV2D] = export_conv,
    [MDG_LAYER_DEPTHWISE_CONV2D] = export_depthwise,
    [MDG_LAYER_DENSE] = export_dense,
    [MDG_LAYER_AVERAGE_POOL] = export_pool,
    [MDG_LAYER_MAX_POOL] = export_pool,
    [MDG_LAYER_GLOBAL_AVERAGE_POOL] = export_global_pool,
    [MDG_LAYER_ADD] = export_add,
    [MDG_LAYER_FLATTEN] = export_flatten,
    [MDG_LAYER_CONCAT] = export_concat,
    [MDG_LAYER_RESHAPE] = export_reshape,
    [MDG_LAYER_LSTM] = mdg_export_recurrent,
    [MDG_LAYER_GRU] = mdg_export_recurrent,
    [MDG_LAYER_DROPOUT] = export_nothing,
};

static int export_softmax(mdg_exporter *e, int logits) {
    int h, w, c;
    mdg_net_output_shape(e->net, &h, &w, &c);
    const bool is_map = e->net->spec.objective == MDG_OBJECTIVE_MAP;
    const int input = with_rank(e, logits, is_map ? 4 : 2, h, w, c);
    const int output = mdg_export_tensor(e, MDG_FLOAT32, e->sub->tensors[input].shape, NULL, "scores");
    mdg_softmax_attrs *a = mdg_export_op(e, MDG_OP_SOFTMAX, 1, &input, output)->attrs;
    a->beta = 1.0f;
    return output;
}

/* What an objective puts behind the last layer. */
static int export_head(mdg_exporter *e) {
    const int last = e->tensors[e->net->spec.n_layers];
    return e->net->spec.objective == MDG_OBJECTIVE_INPUT ? last : export_softmax(e, last);
}

/* What training with rounded values has learnt, for host/quant. */
static void export_ranges(const mdg_exporter *e) {
    const mdg_net *net = e->net;
    for (int i = 0; i <= net->spec.n_layers; i++) {
        const mdg_span range = i ? net->layers[i - 1].range : net->input_range;
        const float *ends = net->statistics + range.at;
        if (range.count) mdg_tensor_set_range(e->graph, &e->sub->tensors[e->tensors[i]], ends[0], ends[1]);
    }
}

mdg_status mdg_net_export(const mdg_net *net, mdg_arena *arena, mdg_graph **out, mdg_diag *diag) {
    const mdg_net_spec *spec = &net->spec;
    mdg_exporter e = {.net = net, .graph = mdg_graph_new(arena)};
    e.params = net->params;
    if (spec->weight_bits) {
        float *rounded = mdg_floats(arena, net->n_params);
        mdg_fake_params(net, rounded);
        e.params = rounded;
    }
    e.sub = mdg_subgraph_add(e.graph, "main");
    e.tensors = mdg_arena_array(arena, (size_t)spec->n_layers + 1, sizeof *e.tensors);
    e.tensors[0] = mdg_export_tensor(&e, MDG_FLOAT32, mdg_shape_of(4, 1, spec->in_h, spec->in_w, spec->in_c),
                                     NULL, "features");
    for (int i = 0; i < spec->n_layers; i++) e.tensors[i + 1] = exporters[spec->layers[i].kind](&e, i);
    export_ranges(&e);
    const int32_t input = e.tensors[0], output = export_head(&e);
    mdg_subgraph_set_io(e.graph, e.sub, 1, &input, 1, &output);
    *out = e.graph;
    return mdg_graph_check(e.graph, diag);
}
