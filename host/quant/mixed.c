/* SPDX-License-Identifier: MIT */
#include "quant/mixed.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static size_t constant_bytes(const mdg_subgraph *s) {
    size_t bytes = 0;
    for (int t = 0; t < s->n_tensors; t++)
        if (s->tensors[t].data) bytes += s->tensors[t].bytes;
    return bytes;
}

/* One trial in an arena of its own: the ratio at the output, and how many bytes the constants take. */
static mdg_status try_bits(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                           double *sqnr_db, size_t *bytes, mdg_diag *diag) {
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *quantized;
    mdg_quant_report report = {0};
    mdg_status status = mdg_quantize(g, opts, data, arena, NULL, &quantized, diag);
    if (status == MDG_OK) status = mdg_quant_measure(g, quantized, data, arena, NULL, &report, diag);
    if (status == MDG_OK) {
        *sqnr_db = report.output_sqnr_db;
        *bytes = constant_bytes(quantized->subgraphs);
    }
    mdg_arena_free(arena);
    return status;
}

/* As a share of the signal. An output that is exact has none, one that is all zero nothing but noise. */
static double noise_of(double sqnr_db) {
    return isnan(sqnr_db) ? 1.0 : pow(10.0, -sqnr_db / 10.0);
}

static int by_harm(const void *a, const void *b) {
    const mdg_mixed_layer *x = a, *y = b;
    if (x->harm != y->harm) return x->harm < y->harm ? -1 : 1;
    return x->op - y->op;
}

/* Operators with kernels for int16 that work on values */
static bool can_widen(const mdg_op *op) {
    return mdg_quant_can_int4(op) || op->code == MDG_OP_ADD || op->code == MDG_OP_MUL ||
           op->code == MDG_OP_MEAN || op->code == MDG_OP_AVERAGE_POOL_2D || op->code == MDG_OP_MAX_POOL_2D ||
           op->code == MDG_OP_RESHAPE || op->code == MDG_OP_SOFTMAX || op->code == MDG_OP_LOGISTIC;
}

static bool reads(const mdg_op *op, int tensor) {
    for (int k = 0; k < op->n_inputs; k++)
        if (op->inputs[k] == tensor) return true;
    return false;
}

/* Whether all that read what the operator writes could read int16, and something does */
static bool may_widen(const mdg_subgraph *s, int op) {
    int readers = 0;
    if (!can_widen(&s->ops[op])) return false;
    for (int i = 0; i < s->n_ops; i++) {
        if (!reads(&s->ops[i], s->ops[op].outputs[0])) continue;
        if (!can_widen(&s->ops[i])) return false;
        readers++;
    }
    return readers > 0;
}

static void set_bits(mdg_mixed *m, int op) {
    const mdg_subgraph *s = m->widened;
    m->op_bits[op] = s ? 16 : 4;
    for (int i = 0; s && i < s->n_ops; i++)
        if (reads(&s->ops[i], s->ops[op].outputs[0])) m->op_bits[i] = 16;
}

static mdg_status measure_layer(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                                int op, mdg_mixed *m, mdg_diag *diag) {
    mdg_mixed_layer *l = &m->layers[m->n];
    const mdg_subgraph *s = g->subgraphs;
    size_t bytes;
    *l = (mdg_mixed_layer){.op = op, .op_name = mdg_op_name(&s->ops[op])};
    l->name = mdg_op_output(s, &s->ops[op], 0)->name;
    mdg_mixed_take(m, 0);
    set_bits(m, op);
    MDG_TRY(try_bits(g, opts, data, &l->sqnr_db, &bytes, diag));
    const double harm = noise_of(l->sqnr_db) - noise_of(m->sqnr_db);
    if (m->widened ? harm >= 0.0 : bytes >= m->bytes) return MDG_OK;
    l->saved = m->widened ? 0 : m->bytes - bytes;
    l->harm = m->widened ? harm : fmax(harm, 0.0) / (double)l->saved;
    m->n++;
    return MDG_OK;
}

mdg_status mdg_mixed_measure(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                             mdg_arena *arena, const mdg_progress *progress, mdg_mixed *out, mdg_diag *diag) {
    const int n_ops = g->subgraphs->n_ops;
    mdg_quant_opts trial = *opts;
    const bool widens = opts->activations && strcmp(opts->activations, "mixed") == 0;
    *out = (mdg_mixed){.n_ops = n_ops, .widened = widens ? g->subgraphs : NULL};
    out->layers = mdg_arena_array(arena, (size_t)n_ops, sizeof *out->layers);
    trial.op_bits = out->op_bits = mdg_arena_alloc(arena, (size_t)n_ops);
    trial.used = NULL;
    mdg_mixed_take(out, 0);
    MDG_TRY(try_bits(g, &trial, data, &out->sqnr_db, &out->bytes, diag));
    for (int i = 0; i < n_ops; i++) {
        if (!(widens ? may_widen(g->subgraphs, i) : mdg_quant_can_int4(&g->subgraphs->ops[i]))) continue;
        if (!mdg_progress_report(progress, i, n_ops,
                                 widens ? "measuring layers with 16 bits" : "measuring layers with 4 bits"))
            return MDG_INTERRUPTED;
        MDG_TRY(measure_layer(g, &trial, data, i, out, diag));
    }
    mdg_mixed_take(out, 0);
    qsort(out->layers, (size_t)out->n, sizeof *out->layers, by_harm);
    return MDG_OK;
}

void mdg_mixed_take(mdg_mixed *m, int k) {
    memset(m->op_bits, 8, (size_t)m->n_ops);
    for (int i = 0; i < k; i++) set_bits(m, m->layers[i].op);
    m->taken = k;
}

size_t mdg_mixed_bytes(const mdg_mixed *m) {
    size_t bytes = m->bytes;
    for (int i = 0; i < m->taken; i++) bytes -= m->layers[i].saved;
    return bytes;
}

int mdg_mixed_fit(const mdg_mixed *m, size_t bytes) {
    size_t needed = m->bytes;
    for (int k = 0; k <= m->n; k++) {
        if (needed <= bytes) return k;
        if (k < m->n) needed -= m->layers[k].saved;
    }
    return -1;
}

static int bits_of(const mdg_mixed *m, int layer) {
    return layer >= m->taken ? 8 : m->widened ? 16 : 4;
}

void mdg_mixed_print(const mdg_mixed *m, FILE *out) {
    fprintf(out, "%3s %-18s %5s %9s %9s  %s\n", "op", "", "bits", "saves", "SQNR dB", "tensor");
    for (int i = 0; i < m->n; i++) {
        const mdg_mixed_layer *l = &m->layers[i];
        fprintf(out, "%3d %-18.18s %5d %9zu %9.1f  %.40s\n", l->op, l->op_name, bits_of(m, i), l->saved,
                l->sqnr_db, l->name);
    }
    if (m->widened)
        fprintf(out, "outputs of %d of %d layers with 16 bits; with 8 alone %.1f dB\n", m->taken, m->n,
                m->sqnr_db);
    else
        fprintf(out, "%d of %d layers with 4 bits: %zu bytes of constants, with int8 alone %zu (%.1f dB)\n",
                m->taken, m->n, mdg_mixed_bytes(m), m->bytes, m->sqnr_db);
}

static json_t *ratio_json(double db) {
    return isfinite(db) ? json_real(db) : json_null();
}

/* JSON is UTF-8; a name that is not stands as "?". */
static json_t *layer_json(const mdg_mixed *m, int i) {
    const mdg_mixed_layer *l = &m->layers[i];
    json_t *name = json_string(l->name);
    return json_pack("{s:i, s:s, s:o, s:I, s:o, s:i}", "op", l->op, "op_name", l->op_name, "name",
                     name ? name : json_string("?"), "saved", (json_int_t)l->saved, "sqnr_db",
                     ratio_json(l->sqnr_db), "bits", bits_of(m, i));
}

json_t *mdg_mixed_json(const mdg_mixed *m) {
    json_t *layers = json_array();
    for (int i = 0; i < m->n; i++) json_array_append_new(layers, layer_json(m, i));
    return json_pack("{s:I, s:I, s:o, s:o}", "bytes", (json_int_t)mdg_mixed_bytes(m), "bytes_int8",
                     (json_int_t)m->bytes, "sqnr_db_int8", ratio_json(m->sqnr_db), "layers", layers);
}
