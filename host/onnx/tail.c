/* SPDX-License-Identifier: MIT */
#include "onnx/importer.h"

#include <math.h>
#include <string.h>

mdg_onx_node *mdg_onx_only_user(const mdg_onx *in, int value, const char *op) {
    const mdg_onx_value *v = &in->values[value];
    if (v->n_uses != 1 || v->is_output || v->user < 0) return NULL;
    mdg_onx_node *n = &in->nodes[v->user];
    const bool is_free = !n->is_absorbed && !in->values[n->outputs[0]].is_known;
    return is_free && strcmp(n->op->name, op) == 0 ? n : NULL;
}

mdg_onx_tail mdg_onx_tail_start(const mdg_onx *in) {
    return (mdg_onx_tail){.value = in->node->outputs[0], .activation = MDG_ACT_NONE, .type = MDG_FLOAT32};
}

void mdg_onx_tail_absorb(mdg_onx *in, mdg_onx_tail *t, mdg_onx_node *n) {
    t->absorbed[t->n_absorbed++] = (int)(n - in->nodes);
    t->value = n->outputs[0];
}

/* A bound of Clip: attribute in old operator sets, input k in new ones. */
static bool read_bound(mdg_onx *in, const mdg_onx_node *n, const char *name, int k, float *bound) {
    const Onnx__AttributeProto *a = mdg_onx_attr(n, name);
    if (a && a->has_f) *bound = a->f;
    if (k >= n->n_inputs || n->inputs[k] < 0) return true;
    mdg_onx_value *v = &in->values[n->inputs[k]];
    const float *values;
    if (!v->is_known || !mdg_onx_is_constant(v) || v->type != MDG_FLOAT32 ||
        mdg_shape_elements(&v->view.shape) != 1 || mdg_onx_constant_floats(in, v, &values) != MDG_OK)
        return false;
    *bound = values[0];
    return true;
}

bool mdg_onx_clip_bounds(mdg_onx *in, const mdg_onx_node *clip, float *low, float *high) {
    *low = -INFINITY, *high = INFINITY;
    return read_bound(in, clip, "min", 1, low) && read_bound(in, clip, "max", 2, high);
}

static int clip_activation(mdg_onx *in, const mdg_onx_node *n) {
    float low, high;
    if (!mdg_onx_clip_bounds(in, n, &low, &high)) return MDG_ACT_NONE;
    if (low == 0 && high >= 3e38f) return MDG_ACT_RELU;
    if (low == 0 && high == 6) return MDG_ACT_RELU6;
    if (low == -1 && high == 1) return MDG_ACT_RELU_N1_TO_1;
    return MDG_ACT_NONE;
}

bool mdg_onx_tail_activation(mdg_onx *in, mdg_onx_tail *t) {
    mdg_onx_node *relu = mdg_onx_only_user(in, t->value, "Relu"),
                 *clip = mdg_onx_only_user(in, t->value, "Clip");
    if (relu) t->activation = MDG_ACT_RELU;
    if (clip && clip->inputs[0] == t->value) t->activation = clip_activation(in, clip);
    if (t->activation == MDG_ACT_NONE) return false;
    mdg_onx_tail_absorb(in, t, relu ? relu : clip);
    return true;
}

bool mdg_onx_tail_quantize(mdg_onx *in, mdg_onx_tail *t, bool integer) {
    mdg_onx_node *q = integer ? mdg_onx_only_user(in, t->value, "QuantizeLinear") : NULL;
    mdg_diag *diag = in->diag;
    if (!q || q->inputs[0] != t->value) return false;
    in->diag = NULL; /* what is wrong with it, it says when its turn comes */
    const mdg_status status = mdg_onx_read_quant(in, q, &t->type, &t->quant);
    in->diag = diag;
    if (status != MDG_OK || t->quant.count != 1) {
        t->quant.count = 0;
        t->type = MDG_FLOAT32;
        return false;
    }
    mdg_onx_tail_absorb(in, t, q);
    return true;
}

static int finish(mdg_onx *in, int value, const mdg_onx_value *like, const mdg_shape *memory) {
    mdg_onx_value *v = &in->values[value];
    v->type = like->type;
    v->stored = like->stored;
    v->quant = like->quant;
    v->view = like->view;
    v->tensor = mdg_onx_add_tensor(in, v->name, v->stored, memory, v->quant.count ? &v->quant : NULL);
    v->is_known = true;
    return v->tensor;
}

int mdg_onx_tail_finish(mdg_onx *in, const mdg_onx_tail *t, const mdg_shape *memory,
                        const mdg_onx_view *view) {
    const mdg_onx_value like = {
        .type = t->type, .stored = t->quant.count ? MDG_INT8 : MDG_FLOAT32, .quant = t->quant, .view = *view};
    for (int i = 0; i < t->n_absorbed; i++) in->nodes[t->absorbed[i]].is_absorbed = true;
    return finish(in, t->value, &like, memory);
}

void mdg_onx_tail_define(mdg_onx *in, const mdg_onx_tail *t, const mdg_onx_value *y) {
    mdg_onx_value *v = &in->values[t->value];
    for (int i = 0; i < t->n_absorbed; i++) in->nodes[t->absorbed[i]].is_absorbed = true;
    v->type = y->type;
    v->stored = y->stored;
    v->quant = y->quant;
    v->view = y->view;
    v->tensor = y->tensor;
    v->is_known = true;
}

int mdg_onx_finish_like(mdg_onx *in, const mdg_onx_value *x, const mdg_shape *memory,
                        const mdg_onx_view *view) {
    mdg_onx_value like = *x;
    like.view = *view;
    return finish(in, in->node->outputs[0], &like, memory);
}
