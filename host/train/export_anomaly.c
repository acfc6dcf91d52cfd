/* SPDX-License-Identifier: MIT
 *
 * A net that reproduces its input, with a head that tells how far it is off: scores of normal and anomaly.
 */
#include "train/exporter.h"

/* How steeply the score of an anomaly rises about the threshold: 0.02 without any error, 0.98 at twice the
 * threshold. */
static const float steepness = 4.0f;

static int add(mdg_exporter *e, mdg_opcode code, int a, int b, int n, const char *name) {
    const int output = mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 1, n), NULL, name);
    mdg_export_op(e, code, 2, (const int[]){a, b}, output);
    return output;
}

static int mean_square(mdg_exporter *e, int off, int n) {
    const int32_t *axis = mdg_arena_copy(e->graph->arena, &(int32_t){1}, sizeof *axis);
    const int square = add(e, MDG_OP_MUL, off, off, n, "error/square");
    const int axes = mdg_export_tensor(e, MDG_INT32, mdg_shape_of(1, 1), axis, "error/axis");
    const int output = mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 1, 1), NULL, "error");
    mdg_reducer_attrs *a = mdg_export_op(e, MDG_OP_MEAN, 2, (const int[]){square, axes}, output)->attrs;
    a->keep_dims = true;
    return output;
}

/* softmax(0, steepness * (error / threshold - 1)) */
static int scores_of(mdg_exporter *e, int error, float threshold) {
    const float slope[] = {0.0f, steepness / threshold}, offset[] = {0.0f, -steepness};
    const int inputs[] = {error,
                          mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 2, 1),
                                            mdg_arena_copy(e->graph->arena, slope, sizeof slope), "slope"),
                          mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(1, 2),
                                            mdg_arena_copy(e->graph->arena, offset, sizeof offset),
                                            "offset")};
    const int logits = mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 1, 2), NULL, "logits");
    const int scores = mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, 1, 2), NULL, "scores");
    mdg_export_op(e, MDG_OP_FULLY_CONNECTED, 3, inputs, logits);
    mdg_softmax_attrs *a = mdg_export_op(e, MDG_OP_SOFTMAX, 1, &logits, scores)->attrs;
    a->beta = 1.0f;
    return scores;
}

mdg_status mdg_net_export_anomaly(const mdg_net *net, float threshold, mdg_arena *arena, mdg_graph **out,
                                  mdg_diag *diag) {
    if (net->spec.objective != MDG_OBJECTIVE_INPUT || !(threshold > 0.0f))
        return mdg_fail(
            diag, MDG_INVALID,
            "anomalies are told by a network that reproduces its input, above a threshold of more "
            "than 0");
    MDG_TRY(mdg_net_export(net, arena, out, diag));
    mdg_exporter e = {.net = net, .graph = *out, .sub = &(*out)->subgraphs[0]};
    const int n = net->spec.in_h * net->spec.in_w * net->spec.in_c;
    const mdg_shape flat = mdg_shape_of(2, 1, n);
    const int32_t input = e.sub->inputs[0];
    const int again = mdg_export_reshaped(&e, e.sub->outputs[0], flat);
    const int off = add(&e, MDG_OP_SUB, mdg_export_reshaped(&e, input, flat), again, n, "off");
    const int32_t scores = scores_of(&e, mean_square(&e, off, n), threshold);
    mdg_subgraph_set_io(e.graph, e.sub, 1, &input, 1, &scores);
    return mdg_graph_check(e.graph, diag);
}
