/* SPDX-License-Identifier: MIT */
#include "onnx/importer.h"

#include <string.h>

const Onnx__AttributeProto *mdg_onx_attr(const mdg_onx_node *n, const char *name) {
    for (size_t i = 0; i < n->proto->n_attribute; i++) {
        const Onnx__AttributeProto *a = n->proto->attribute[i];
        if (a->name && strcmp(a->name, name) == 0) return a;
    }
    return NULL;
}

int64_t mdg_onx_attr_int(const mdg_onx *in, const char *name, int64_t otherwise) {
    const Onnx__AttributeProto *a = mdg_onx_attr(in->node, name);
    return a && a->has_i ? a->i : otherwise;
}

float mdg_onx_attr_float(const mdg_onx *in, const char *name, float otherwise) {
    const Onnx__AttributeProto *a = mdg_onx_attr(in->node, name);
    return a && a->has_f ? a->f : otherwise;
}

bool mdg_onx_attr_is(const mdg_onx *in, const char *name, const char *text) {
    const Onnx__AttributeProto *a = mdg_onx_attr(in->node, name);
    const size_t n = strlen(text);
    if (!a || !a->has_s) return n == 0;
    return a->s.len == n && memcmp(a->s.data, text, n) == 0;
}

mdg_status mdg_onx_value_ints(mdg_onx *in, const mdg_onx_value *x, int max, int64_t *values, int *count) {
    mdg_onx_value plain;
    if (!mdg_onx_is_constant(x))
        return mdg_onx_fail(in, MDG_UNSUPPORTED,
                            "\"%s\" must be a constant; simplify the model so that its shapes are fixed",
                            x->name);
    if (x->type != MDG_INT64 && x->type != MDG_INT32)
        return mdg_onx_fail(in, MDG_INVALID, "\"%s\" holds no int64 or int32 numbers", x->name);
    const int64_t n = mdg_shape_elements(&x->view.shape);
    if (n > max) return mdg_onx_fail(in, MDG_INVALID, "\"%s\" has more than %d elements", x->name, max);
    MDG_TRY(mdg_onx_arrange(in, x, NULL, &plain));
    *count = (int)n;
    for (int i = 0; i < *count; i++)
        values[i] =
            x->type == MDG_INT64 ? ((const int64_t *)plain.data)[i] : ((const int32_t *)plain.data)[i];
    return MDG_OK;
}

mdg_status mdg_onx_ints(mdg_onx *in, const char *name, int k, int max, int64_t *values, int *count) {
    const mdg_onx_value *x = k < 0 ? NULL : mdg_onx_input(in, k);
    const Onnx__AttributeProto *a = mdg_onx_attr(in->node, name);
    *count = -1;
    if (x) return mdg_onx_value_ints(in, x, max, values, count);
    if (!a) return MDG_OK;
    if (a->n_ints > (size_t)max)
        return mdg_onx_fail(in, MDG_INVALID, "attribute %s has more than %d numbers", name, max);
    *count = (int)a->n_ints;
    for (int i = 0; i < *count; i++) values[i] = a->ints[i];
    return MDG_OK;
}

mdg_status mdg_onx_axis(const mdg_onx *in, int64_t axis, int rank, int *out) {
    if (axis < -rank || axis >= rank)
        return mdg_onx_fail(in, MDG_INVALID, "axis %lld of %d dimensions", (long long)axis, rank);
    *out = (int)(axis < 0 ? axis + rank : axis);
    return MDG_OK;
}
