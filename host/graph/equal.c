/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <string.h>

#include "graph/op_table.h"

static bool same_text(const char *a, const char *b) {
    return (!a || !b) ? a == b : strcmp(a, b) == 0;
}

static bool same_bytes(const void *a, const void *b, size_t bytes) {
    return (!a || !b) ? a == b : memcmp(a, b, bytes) == 0;
}

static bool same_ints(const int32_t *a, int n_a, const int32_t *b, int n_b) {
    return n_a == n_b && (n_a == 0 || memcmp(a, b, (size_t)n_a * sizeof *a) == 0);
}

static bool same_quant(const mdg_quant *a, const mdg_quant *b) {
    const size_t n = (size_t)a->count;
    if (a->count != b->count || a->axis != b->axis) return false;
    return n == 0 || (memcmp(a->scale, b->scale, n * sizeof *a->scale) == 0 &&
                      memcmp(a->zero_point, b->zero_point, n * sizeof *a->zero_point) == 0);
}

/* What differs between two tensors, or NULL. */
static const char *tensor_difference(const mdg_tensor *a, const mdg_tensor *b) {
    if (!same_text(a->name, b->name)) return "the name";
    if (a->type != b->type) return "the type";
    if (!mdg_shape_equal(&a->shape, &b->shape) || a->has_rank != b->has_rank) return "the shape";
    if (!same_bytes(a->signature, b->signature, (size_t)a->shape.rank * sizeof *a->signature))
        return "the open shape";
    if (!same_quant(&a->quant, &b->quant)) return "the quantisation";
    if (!same_bytes(a->range, b->range, 2 * sizeof *a->range)) return "the range";
    if (a->is_variable != b->is_variable) return "whether it is a variable";
    if (a->bytes != b->bytes || !same_bytes(a->data, b->data, a->bytes)) return "the data";
    return NULL;
}

static bool same_attr(const mdg_attr_field *f, const void *a, const void *b) {
    const void *x = (const uint8_t *)a + f->offset, *y = (const uint8_t *)b + f->offset;
    switch (f->kind) {
    case MDG_ATTR_STR: return same_text(*(const char *const *)x, *(const char *const *)y);
    case MDG_ATTR_IVEC: {
        const mdg_ivec *v = x, *w = y;
        return same_ints(v->values, v->count, w->values, w->count);
    }
    case MDG_ATTR_I64: return memcmp(x, y, sizeof(int64_t)) == 0;
    default: return memcmp(x, y, sizeof(int32_t)) == 0;
    }
}

static const char *op_difference(const mdg_op *a, const mdg_op *b) {
    if (a->code != b->code || !same_text(mdg_op_name(a), mdg_op_name(b))) return "the kind";
    if (!same_ints(a->inputs, a->n_inputs, b->inputs, b->n_inputs)) return "the inputs";
    if (!same_ints(a->outputs, a->n_outputs, b->outputs, b->n_outputs)) return "the outputs";
    if (!same_ints(a->intermediates, a->n_intermediates, b->intermediates, b->n_intermediates))
        return "the intermediates";
    if (a->version != b->version && a->version && b->version) return "the version";
    if (a->custom_bytes != b->custom_bytes || !same_bytes(a->custom, b->custom, a->custom_bytes))
        return "the custom options";
    const mdg_attr_list *list = mdg_attrs_of(a->code);
    for (int i = 0; i < list->n_fields; i++) {
        if (!same_attr(&list->fields[i], a->attrs, b->attrs)) return list->fields[i].name;
    }
    return NULL;
}

static const char *subgraph_difference(const mdg_subgraph *a, const mdg_subgraph *b) {
    if (!same_text(a->name, b->name)) return "the name";
    if (a->n_tensors != b->n_tensors) return "the number of tensors";
    if (a->n_ops != b->n_ops) return "the number of operators";
    if (!same_ints(a->inputs, a->n_inputs, b->inputs, b->n_inputs)) return "the inputs";
    if (!same_ints(a->outputs, a->n_outputs, b->outputs, b->n_outputs)) return "the outputs";
    return NULL;
}

static bool differ(mdg_diag *diag, int subgraph, const char *kind, int index, const char *what) {
    if (what) mdg_fail(diag, MDG_MISMATCH, "subgraph %d: %s %d: %s differs", subgraph, kind, index, what);
    return what != NULL;
}

static bool subgraphs_equal(const mdg_graph *a, const mdg_graph *b, int index, mdg_diag *diag) {
    const mdg_subgraph *s = &a->subgraphs[index], *t = &b->subgraphs[index];
    if (differ(diag, index, "subgraph", index, subgraph_difference(s, t))) return false;
    for (int i = 0; i < s->n_tensors; i++) {
        if (differ(diag, index, "tensor", i, tensor_difference(&s->tensors[i], &t->tensors[i]))) return false;
    }
    for (int i = 0; i < s->n_ops; i++) {
        if (differ(diag, index, "op", i, op_difference(&s->ops[i], &t->ops[i]))) return false;
    }
    return true;
}

bool mdg_graph_equal(const mdg_graph *a, const mdg_graph *b, mdg_diag *diag) {
    if (a->n_subgraphs != b->n_subgraphs || !same_text(a->description, b->description)) {
        mdg_fail(diag, MDG_MISMATCH, "the number of subgraphs or the description differs");
        return false;
    }
    for (int i = 0; i < a->n_subgraphs; i++) {
        if (!subgraphs_equal(a, b, i, diag)) return false;
    }
    return true;
}
