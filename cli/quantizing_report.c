/* SPDX-License-Identifier: MIT
 *
 * quantizing_report.c: what `midge quantize` tells, and its warning of lost accuracy.
 */
#include <math.h>
#include <string.h>

#include "cli/quantizing.h"

enum { WORST = 3 };

static const mdg_quant_layer *worst_layer(const mdg_pipeline *pl, const mdg_quant_layer *const *before,
                                          int n) {
    const mdg_quant_layer *worst = NULL;
    for (int i = 0; i < pl->quant.n_layers; i++) {
        const mdg_quant_layer *l = &pl->quant.layers[i];
        bool listed = isnan(l->weights_sqnr_db);
        for (int k = 0; k < n; k++) listed = listed || before[k] == l;
        if (!listed && (!worst || l->sqnr_db < worst->sqnr_db)) worst = l;
    }
    return worst;
}

static const char *worst_layers(const mdg_pipeline *pl) {
    const mdg_quant_layer *worst[WORST];
    const char *text = "";
    for (int i = 0; i < WORST; i++) {
        worst[i] = worst_layer(pl, worst, i);
        if (!worst[i]) break;
        text =
            mdg_arena_printf(pl->arena, "%s%sop %d %s (%.1f dB, weights %.1f dB)", text, i ? ", " : "",
                             worst[i]->op, worst[i]->op_name, worst[i]->sqnr_db, worst[i]->weights_sqnr_db);
    }
    return text;
}

static const char *advice(const mdg_pipeline *pl) {
    const mdg_quant_methods *u = &pl->quantizing.used;
    if (!u->adaptive_rounding || !u->equalize)
        return "try --equalize auto --adaptive-rounding auto, or --calibration mse";
    if (strcmp(pl->quantizing.weights, "int4") == 0)
        return "try --weights mixed, or train.quantize: int4 in midge.yaml";
    return "try train.quantize: int8 in midge.yaml, or more calibration samples";
}

const char *mdg_quantizing_warning(const mdg_pipeline *pl) {
    const mdg_quantizing *q = &pl->quantizing;
    if (!q->original.has_labels || q->decided.accuracy >= q->original.accuracy - MDG_COLLAPSE) return NULL;
    return mdg_arena_printf(pl->arena,
                            "accuracy falls from %.1f %% to %.1f %% on %d clips; the worst layers are %s; %s",
                            100.0 * q->original.accuracy, 100.0 * q->decided.accuracy, q->original.n,
                            worst_layers(pl), advice(pl));
}

void mdg_quantizing_print(const mdg_pipeline *pl, FILE *out) {
    const mdg_quantizing *q = &pl->quantizing;
    mdg_quant_report_print(&pl->quant, out);
    if (q->mixed.n) mdg_mixed_print(&q->mixed, out);
    if (q->original.has_labels)
        fprintf(out, "right on %d clips: %.1f %% in float, %.1f %% in %s\n", q->original.n,
                100.0 * q->original.accuracy, 100.0 * q->decided.accuracy, q->weights);
}

json_t *mdg_quantizing_json(const mdg_pipeline *pl) {
    const mdg_quantizing *q = &pl->quantizing;
    json_t *o = mdg_quant_report_json(&pl->quant);
    json_object_set_new(o, "weights", json_string(q->weights));
    json_object_set_new(o, "methods",
                        json_pack("{s:b, s:b, s:b}", "equalize", (int)q->used.equalize, "bias_correction",
                                  (int)q->used.bias_correction, "adaptive_rounding",
                                  (int)q->used.adaptive_rounding));
    if (q->original.has_labels)
        json_object_set_new(o, "accuracy",
                            json_pack("{s:i, s:f, s:f, s:s?}", "clips", q->original.n, "float",
                                      q->original.accuracy, "quantized", q->decided.accuracy, "warning",
                                      q->warning));
    if (q->mixed.n) json_object_set_new(o, "mixed", mdg_mixed_json(&q->mixed));
    return o;
}
