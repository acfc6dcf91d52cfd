/* SPDX-License-Identifier: MIT */
#include "quant/quantizer.h"

static mdg_status fail_op(const mdg_quantizer *q, int index, const char *cause, mdg_diag *diag) {
    return mdg_fail(diag, MDG_UNSUPPORTED, "%s: op %d %s: %s", q->graph->source, index,
                    mdg_op_name(&q->subgraph->ops[index]), cause);
}

static mdg_status check_op(const mdg_quantizer *q, int index, mdg_diag *diag) {
    const mdg_op *op = &q->subgraph->ops[index];
    const mdg_quant_rule *rule = mdg_quant_rule_of(op);
    if (op->code == MDG_OP_QUANTIZE || op->code == MDG_OP_DEQUANTIZE)
        return fail_op(q, index, "the model is quantised already, at least in part; give the float model",
                       diag);
    if (rule->kind == MDG_QUANT_UNSUPPORTED)
        return fail_op(q, index,
                       "midge has no int8 form of this operator; keep the model in float, or replace the "
                       "layer",
                       diag);
    if (rule->kind != MDG_QUANT_WEIGHTED) return MDG_OK;
    const mdg_tensor *weights = mdg_op_input(q->subgraph, op, rule->weights);
    const mdg_tensor *bias = mdg_op_input(q->subgraph, op, rule->bias);
    if (!weights || !weights->data || weights->type != MDG_FLOAT32 || (bias && !bias->data))
        return fail_op(q, index, "its weights and bias must be float constants to be quantised", diag);
    return MDG_OK;
}

static mdg_status check_tensor(const mdg_quantizer *q, const mdg_tensor *t, mdg_diag *diag) {
    if (t->is_variable)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: tensor '%s' is state, which midge cannot quantise; keep the model in "
                        "float",
                        q->graph->source, t->name);
    if (t->quant.count > 0 || t->type == MDG_INT8)
        return mdg_fail(diag, MDG_INVALID, "%s: tensor '%s' is quantised already; give the float model",
                        q->graph->source, t->name);
    return MDG_OK;
}

static mdg_status check(const mdg_quantizer *q, const mdg_calibration *data, mdg_diag *diag) {
    const char *source = q->graph->source;
    if (q->graph->n_subgraphs != 1)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: has %d subgraphs; control flow cannot be quantised, keep the "
                        "model in float",
                        source, q->graph->n_subgraphs);
    if (data->n < 1)
        return mdg_fail(diag, MDG_INVALID,
                        "%s: quantisation needs samples to calibrate with, and there are none", source);
    if (q->opts->percentile < 0.0f || q->opts->percentile > 100.0f)
        return mdg_fail(diag, MDG_INVALID,
                        "calibration percentile %g is not within 0 and 100; usual is 99.99",
                        (double)q->opts->percentile);
    for (int t = 0; t < q->subgraph->n_tensors; t++) MDG_TRY(check_tensor(q, &q->subgraph->tensors[t], diag));
    for (int i = 0; i < q->subgraph->n_ops; i++) MDG_TRY(check_op(q, i, diag));
    return MDG_OK;
}

mdg_status mdg_quantize(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                        mdg_arena *arena, const mdg_progress *progress, mdg_graph **out, mdg_diag *diag) {
    mdg_quantizer q = {.graph = g, .subgraph = g->subgraphs, .opts = opts, .arena = arena};
    MDG_TRY(check(&q, data, diag));
    MDG_TRY(mdg_quantizer_find_groups(&q, diag));
    MDG_TRY(mdg_quantizer_calibrate(&q, data, progress, diag));
    *out = mdg_quantizer_convert(&q);
    return mdg_graph_check(*out, diag);
}
