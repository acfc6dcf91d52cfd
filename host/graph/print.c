/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <inttypes.h>
#include <string.h>

#include "graph/op_table.h"

static void print_shape(const mdg_tensor *t, FILE *out) {
    fputc('[', out);
    for (int i = 0; i < t->shape.rank; i++) {
        const bool is_open = t->signature && t->signature[i] < 0;
        fprintf(out, is_open ? "%s%d?" : "%s%d", i ? "," : "", (int)t->shape.dim[i]);
    }
    fputs(t->has_rank ? "]" : "] rank unknown", out);
}

static void print_quant(const mdg_quant *q, FILE *out) {
    if (q->count == 0) return;
    if (q->count == 1) {
        fprintf(out, "  scale %.9g zero %d", (double)q->scale[0], (int)q->zero_point[0]);
        return;
    }
    float lo = q->scale[0], hi = q->scale[0];
    for (int i = 1; i < q->count; i++) {
        lo = q->scale[i] < lo ? q->scale[i] : lo;
        hi = q->scale[i] > hi ? q->scale[i] : hi;
    }
    fprintf(out, "  axis %d: %d scales %.9g .. %.9g zero %d", q->axis, q->count, (double)lo, (double)hi,
            (int)q->zero_point[0]);
}

/* Element i of constant data, as text. */
static void print_element(const mdg_tensor *t, size_t i, FILE *out) {
    const void *d = t->data;
    switch (t->type) {
    case MDG_FLOAT32: fprintf(out, "%.6g", (double)((const float *)d)[i]); break;
    case MDG_FLOAT64: fprintf(out, "%.6g", ((const double *)d)[i]); break;
    case MDG_INT32: fprintf(out, "%d", (int)((const int32_t *)d)[i]); break;
    case MDG_INT64: fprintf(out, "%" PRId64, ((const int64_t *)d)[i]); break;
    case MDG_INT16: fprintf(out, "%d", ((const int16_t *)d)[i]); break;
    case MDG_INT8: fprintf(out, "%d", ((const int8_t *)d)[i]); break;
    case MDG_INT4: fprintf(out, "%d", (int8_t)(((const uint8_t *)d)[i / 2] << (i % 2 ? 0 : 4)) >> 4); break;
    case MDG_UINT8:
    case MDG_BOOL: fprintf(out, "%d", ((const uint8_t *)d)[i]); break;
    default: fputc('?', out);
    }
}

static uint32_t crc32_of(const uint8_t *data, size_t bytes) {
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= data[i];
        for (int bit = 0; bit < 8; bit++) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320U : 0);
    }
    return ~crc;
}

/* All values where they are few, else the first of them and a checksum of the bytes. */
static void print_data(const mdg_tensor *t, FILE *out) {
    enum { ALL = 8, FEW = 4 };
    if (!t->data) return;
    const size_t n = mdg_type_bits(t->type) ? (size_t)mdg_shape_elements(&t->shape) : 0;
    const size_t shown = n <= ALL ? n : FEW;
    fprintf(out, "  const %zu bytes {", t->bytes);
    for (size_t i = 0; i < shown; i++) {
        if (i) fputs(", ", out);
        print_element(t, i, out);
    }
    fputs(shown < n ? ", ...}" : "}", out);
    if (shown < n || n == 0) fprintf(out, " crc32 %08" PRIx32, crc32_of(t->data, t->bytes));
}

static void print_tensor(const mdg_tensor *t, int index, FILE *out) {
    fprintf(out, "  t%d %s", index, mdg_type_text(t->type));
    print_shape(t, out);
    fprintf(out, " \"%s\"", t->name);
    print_quant(&t->quant, out);
    if (t->range) fprintf(out, "  range %.9g .. %.9g", (double)t->range[0], (double)t->range[1]);
    if (t->is_variable) fputs("  variable", out);
    print_data(t, out);
    fputc('\n', out);
}

static void print_indices(const char *before, int n, const int32_t *indices, FILE *out) {
    fputs(before, out);
    for (int i = 0; i < n; i++) {
        if (i) fputc(' ', out);
        if (indices[i] < 0)
            fputc('-', out);
        else
            fprintf(out, "t%d", (int)indices[i]);
    }
}

static const char *activation_text(int32_t value) {
    static const char *const texts[] = {"none", "relu", "relu_n1_to_1", "relu6", "tanh", "sign_bit"};
    return value >= 0 && (size_t)value < sizeof texts / sizeof *texts ? texts[value] : "?";
}

static void print_ivec(const mdg_ivec *v, FILE *out) {
    fputc('[', out);
    for (int i = 0; i < v->count; i++) fprintf(out, "%s%d", i ? "," : "", (int)v->values[i]);
    fputc(']', out);
}

static void print_attr(const mdg_attr_field *f, const void *attrs, FILE *out) {
    const void *at = (const uint8_t *)attrs + f->offset;
    fprintf(out, " %s=", f->name);
    switch (f->kind) {
    case MDG_ATTR_F32: fprintf(out, "%.9g", (double)*(const float *)at); break;
    case MDG_ATTR_I64: fprintf(out, "%" PRId64, *(const int64_t *)at); break;
    case MDG_ATTR_IVEC: print_ivec(at, out); break;
    case MDG_ATTR_STR:
        fprintf(out, "\"%s\"", *(const char *const *)at ? *(const char *const *)at : "");
        break;
    case MDG_ATTR_PADDING: fputs(*(const int32_t *)at == MDG_PADDING_SAME ? "same" : "valid", out); break;
    case MDG_ATTR_ACT: fputs(activation_text(*(const int32_t *)at), out); break;
    case MDG_ATTR_TYPE: fputs(mdg_type_text((mdg_type) * (const int32_t *)at), out); break;
    default: fprintf(out, "%d", (int)*(const int32_t *)at); break;
    }
}

static void print_op(const mdg_op *op, int index, FILE *out) {
    const mdg_attr_list *list = mdg_attrs_of(op->code);
    fprintf(out, "  %d %s v%d", index, mdg_op_name(op), op->version);
    print_indices(" (", op->n_inputs, op->inputs, out);
    print_indices(") -> ", op->n_outputs, op->outputs, out);
    if (op->n_intermediates) print_indices(" intermediates ", op->n_intermediates, op->intermediates, out);
    for (int i = 0; i < list->n_fields; i++) print_attr(&list->fields[i], op->attrs, out);
    if (op->custom_bytes)
        fprintf(out, " custom %zu bytes crc32 %08" PRIx32, op->custom_bytes,
                crc32_of(op->custom, op->custom_bytes));
    fputs(op->options_lost ? " (options not kept)\n" : "\n", out);
}

static void print_subgraph(const mdg_subgraph *s, int index, FILE *out) {
    fprintf(out, "subgraph %d \"%s\"", index, s->name);
    print_indices(": inputs ", s->n_inputs, s->inputs, out);
    print_indices(", outputs ", s->n_outputs, s->outputs, out);
    fputc('\n', out);
    for (int i = 0; i < s->n_tensors; i++) print_tensor(&s->tensors[i], i, out);
    for (int i = 0; i < s->n_ops; i++) print_op(&s->ops[i], i, out);
}

void mdg_graph_print(const mdg_graph *g, FILE *out) {
    fprintf(out, "graph %s: %d subgraph%s, \"%s\"\n", g->source, g->n_subgraphs,
            g->n_subgraphs == 1 ? "" : "s", g->description);
    for (int i = 0; i < g->n_subgraphs; i++) print_subgraph(&g->subgraphs[i], i, out);
}
