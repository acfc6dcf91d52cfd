/* SPDX-License-Identifier: MIT
 *
 * quantizing_mix.c: which layers of a project's network get 4 bits, or 16, judged by its clips.
 */
#include <string.h>

#include "cli/quantizing.h"
#include "exec/exec.h"

enum { MAX_CLIPS = 1000, MEASURE_CLIPS = 32 };

/* ==== Decisions ==== */

static mdg_split judging_split(const mdg_pipeline *pl) {
    return pl->n_of[MDG_SPLIT_VALIDATION] ? MDG_SPLIT_VALIDATION : MDG_SPLIT_TRAIN;
}

static int best_class(const mdg_exec *x, const mdg_tensor *t, int n) {
    const void *out = mdg_exec_output(x, 0);
    int best = 0;
    for (int c = 1; c < n; c++)
        if (t->type == MDG_INT8 ? ((const int8_t *)out)[c] > ((const int8_t *)out)[best]
                                : ((const float *)out)[c] > ((const float *)out)[best])
            best = c;
    return best;
}

mdg_status mdg_quantizing_decide(const mdg_pipeline *pl, const mdg_graph *g, mdg_decided *out) {
    const mdg_subgraph *s = g->subgraphs;
    const mdg_tensor *from = &s->tensors[s->inputs[0]], *to = &s->tensors[s->outputs[0]];
    const mdg_split split = judging_split(pl);
    const int all = pl->n_of[split], k = pl->frontend.n_labels;
    mdg_exec *x;
    *out = (mdg_decided){.n = all < MAX_CLIPS ? all : MAX_CLIPS};
    out->has_labels = !pl->kinds && k > 1 && mdg_shape_elements(&to->shape) == k;
    if (!out->has_labels) return MDG_OK;
    mdg_arena *arena = mdg_arena_new();
    float *features = mdg_arena_array(arena, pl->row_values, sizeof *features);
    mdg_status status = mdg_exec_open(g, arena, &x, pl->diag);
    int right = 0;
    for (int i = 0; i < out->n && status == MDG_OK; i++) {
        const int clip = pl->clips_of[split][(int64_t)i * all / out->n];
        mdg_pipeline_input_float(pl, clip, features);
        if (from->type == MDG_INT8)
            mdg_quant_to_int8(from, features, pl->row_values, mdg_exec_input(x, 0));
        else
            memcpy(mdg_exec_input(x, 0), features, pl->row_values * sizeof *features);
        if (mdg_exec_invoke(x, NULL) != MDG_OK)
            status = mdg_exec_why(x, pl->diag);
        else
            right += best_class(x, to, k) == pl->set.clips[clip].label;
    }
    mdg_arena_free(arena);
    out->accuracy = (double)right / out->n;
    return status;
}

/* ==== Mixed precision ==== */

static mdg_status fit(mdg_pipeline *pl, mdg_mixed *m) {
    const size_t flash = pl->project.mixed_flash;
    const int k = mdg_mixed_fit(m, flash);
    mdg_mixed_take(m, k >= 0 ? k : m->n);
    if (k >= 0) return MDG_OK;
    return mdg_fail(
        pl->diag, MDG_BUDGET,
        "quantize: with 4 bits in all layers constants take %zu bytes, more than the %zu asked for; "
        "lower model.width or model.depth",
        mdg_mixed_bytes(m), flash);
}

/* The accuracy with the first k layers in 4 bits, as they would be written. */
static mdg_status accuracy_of(mdg_pipeline *pl, const mdg_graph *g, const mdg_calibration *data,
                              const mdg_quant_opts *opts, double *out) {
    mdg_graph *quantized;
    mdg_decided d;
    mdg_arena *arena = mdg_arena_new();
    mdg_status status = mdg_quantize(g, opts, data, arena, &pl->cli->progress, &quantized, pl->diag);
    if (status == MDG_OK) status = mdg_quantizing_decide(pl, quantized, &d);
    mdg_arena_free(arena);
    if (status == MDG_OK) *out = d.accuracy;
    return status;
}

/* Whether the first k layers, taken, keep accuracy */
static mdg_status is_right(mdg_pipeline *pl, const mdg_graph *g, const mdg_calibration *data,
                           const mdg_quant_opts *opts, int k, bool *out) {
    mdg_mixed *m = &pl->quantizing.mixed;
    double accuracy;
    mdg_mixed_take(m, k);
    MDG_TRY(accuracy_of(pl, g, data, opts, &accuracy));
    mdg_cli_stage(pl->cli, "  %d bits in %d of %d layers: %.1f %% of %d clips right", m->widened ? 16 : 4, k,
                  m->n, 100.0 * accuracy, pl->quantizing.original.n);
    *out = accuracy >= pl->quantizing.original.accuracy - (double)pl->project.max_drop / 100.0;
    return MDG_OK;
}

/* The longest stretch of the line that keeps accuracy, by halving. */
static mdg_status take_while_right(mdg_pipeline *pl, const mdg_graph *g, const mdg_calibration *data,
                                   const mdg_quant_opts *opts) {
    mdg_mixed *m = &pl->quantizing.mixed;
    int kept = 0, beyond = m->n + 1;
    while (beyond - kept > 1) {
        const int k = (kept + beyond) / 2;
        bool right;
        MDG_TRY(is_right(pl, g, data, opts, k, &right));
        *(right ? &kept : &beyond) = k;
    }
    mdg_mixed_take(m, kept);
    return MDG_OK;
}

/* The shortest that does; all where none does */
static mdg_status take_until_right(mdg_pipeline *pl, const mdg_graph *g, const mdg_calibration *data,
                                   const mdg_quant_opts *opts) {
    mdg_mixed *m = &pl->quantizing.mixed;
    int wrong = -1, enough = m->n;
    while (enough - wrong > 1) {
        const int k = (wrong + enough) / 2;
        bool right;
        MDG_TRY(is_right(pl, g, data, opts, k, &right));
        *(right ? &enough : &wrong) = k;
    }
    mdg_mixed_take(m, enough);
    return MDG_OK;
}

static mdg_status check_mixture(const mdg_pipeline *pl, const mdg_quant_opts *opts, bool widens) {
    const bool has_flash = pl->project.mixed_flash > 0;
    if (widens && (has_flash || strcmp(opts->weights, "int8") != 0))
        return mdg_fail(pl->diag, MDG_INVALID,
                        "quantize: mixed activations go with weights of int8, and without --flash");
    if (has_flash || pl->quantizing.original.has_labels) return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID, "quantize: mixed %s",
                    widens ? "activations need classes to judge them by; int16 needs none"
                           : "weights without classes to judge them by need --flash");
}

mdg_status mdg_quantizing_mix(mdg_pipeline *pl, const mdg_graph *g, const mdg_calibration *data,
                              mdg_quant_opts *opts) {
    mdg_mixed *m = &pl->quantizing.mixed;
    const bool widens = opts->activations && strcmp(opts->activations, "mixed") == 0;
    MDG_TRY(check_mixture(pl, opts, widens));
    mdg_quant_opts plain = {.calibration = opts->calibration,
                            .percentile = opts->percentile,
                            .activations = opts->activations,
                            .dense_per_channel = opts->dense_per_channel};
    mdg_calibration few = *data;
    if (few.n > MEASURE_CLIPS) few.n = MEASURE_CLIPS;
    MDG_TRY(mdg_mixed_measure(g, &plain, &few, pl->arena, &pl->cli->progress, m, pl->diag));
    opts->op_bits = m->op_bits;
    if (pl->project.mixed_flash) return fit(pl, m);
    return (widens ? take_until_right : take_while_right)(pl, g, data, opts);
}
