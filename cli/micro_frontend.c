/* SPDX-License-Identifier: MIT
 *
 * The options are those of TensorFlow Lite Micro's audio preprocessor: 30 ms of 16 kHz, 40 bands from 125 to
 * 7500 Hz.
 */
#include "cli/micro_frontend.h"

#include <math.h>
#include <string.h>

#include "feature/feature.h"

enum { BANDS = 40, WINDOW_MS = 30, HOP_MS = 20, RATE_HZ = 16000, LEAST = -128 };

/* The preprocessor's (x * 256 + 333) / 666 - 128, as a factor of 2^-16: for all x that do not saturate, the
 * same. */
static const int32_t factor_q16 = (65536 * 256 + 333) / 666;

/* What 127 stands for, 26 units of 25.6 steps, over 255: models are quantised near it. */
static const double usual_scale = 26.0 / 255, tolerance = 0.02;

static mdg_status check_input(const mdg_model_file *m, const mdg_tensor *x, mdg_diag *diag) {
    const mdg_quant *q = &x->quant;
    if (x->type == MDG_INT8 && q->count == 1 && q->zero_point[0] == LEAST &&
        fabs((double)q->scale[0] - usual_scale) <= tolerance * usual_scale &&
        mdg_shape_elements(&x->shape) % BANDS == 0)
        return MDG_OK;
    return mdg_fail(diag, MDG_UNSUPPORTED,
                    "%s: its input is not of the micro front end: rows of %d int8 values, scale about %.4f, "
                    "zero point %d",
                    m->path, BANDS, usual_scale, LEAST);
}

static mdg_status read_labels(mdg_cli *cli, const mdg_model_file *m, const char *list, int n,
                              const char ***out) {
    char *rest = mdg_arena_strdup(cli->arena, list ? list : "");
    int given = 0;
    *out = mdg_arena_array(cli->arena, (size_t)n, sizeof **out);
    for (char *word; list && (word = strsep(&rest, ",")) != NULL; given++)
        if (given < n) (*out)[given] = word;
    for (int i = 0; !list && i < n; i++) (*out)[i] = mdg_arena_printf(cli->arena, "%d", i);
    if (!list || given == n) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_INVALID, "%s: %d labels for %d scores", m->path, given, n);
}

static mdg_emit_frontend *frontend_of(mdg_arena *arena, const mdg_features *f) {
    int32_t *mult = mdg_arena_array(arena, BANDS, sizeof *mult);
    int32_t *offset = mdg_arena_array(arena, BANDS, sizeof *offset);
    for (int i = 0; i < BANDS; i++) mult[i] = factor_q16, offset[i] = LEAST * 65536;
    mdg_emit_frontend *a = mdg_arena_alloc(arena, sizeof *a);
    *a = (mdg_emit_frontend){.features = f, .mult = mult, .offset = offset, .threshold = 0.5f};
    return a;
}

/* A model that keeps its own memory takes new rows alone. */
static bool has_state(const mdg_subgraph *s) {
    for (int i = 0; i < s->n_ops; i++)
        if (s->ops[i].code == MDG_OP_VAR_HANDLE || s->ops[i].code == MDG_OP_CIRCULAR_BUFFER) return true;
    return false;
}

/* Scores that end as uint8 are taken before that: the same, less 128. */
static void end_with_int8(mdg_subgraph *s) {
    const mdg_op *last = &s->ops[s->n_ops - 1];
    if (last->code != MDG_OP_QUANTIZE || last->outputs[0] != s->outputs[0]) return;
    const mdg_tensor *from = &s->tensors[last->inputs[0]], *to = &s->tensors[s->outputs[0]];
    if (from->type != MDG_INT8 || to->type != MDG_UINT8 || from->quant.scale[0] != to->quant.scale[0] ||
        from->quant.zero_point[0] != to->quant.zero_point[0] - 128)
        return;
    s->outputs[0] = last->inputs[0];
    s->n_ops--;
}

mdg_status mdg_micro_frontend(mdg_cli *cli, const mdg_model_file *model, const mdg_micro_opts *opts,
                              mdg_emit_frontend **out) {
    mdg_subgraph *s = &model->graph->subgraphs[0];
    if (s->n_ops) end_with_int8(s);
    const mdg_tensor *x = &s->tensors[s->inputs[0]], *y = &s->tensors[s->outputs[0]];
    mdg_features *f = mdg_arena_alloc(cli->arena, sizeof *f);
    const char **labels;
    MDG_TRY(check_input(model, x, &cli->diag));
    const int rows = (int)(mdg_shape_elements(&x->shape) / BANDS), n = (int)mdg_shape_elements(&y->shape);
    if (has_state(s)) model->graph->streaming = (mdg_streaming){.hop = rows, .window = rows};
    const int hop_ms = opts->hop_ms ? opts->hop_ms : HOP_MS;
    const mdg_feature_opts micro = {.kind = MDG_FEATURE_MICRO,
                                    .sample_rate = RATE_HZ,
                                    .window_us = WINDOW_MS * 1000,
                                    .hop_us = hop_ms * 1000,
                                    .n_mels = BANDS,
                                    .f_min_hz = 125,
                                    .f_max_hz = 7500,
                                    .clip_ms = WINDOW_MS + (rows - 1) * hop_ms,
                                    .channels = 1};
    MDG_TRY(mdg_feature_build(&micro, cli->arena, f, &cli->diag));
    MDG_TRY(read_labels(cli, model, opts->labels, n, &labels));
    *out = frontend_of(cli->arena, f);
    (*out)->labels = labels;
    (*out)->n_labels = n;
    return MDG_OK;
}
