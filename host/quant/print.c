/* SPDX-License-Identifier: MIT */
#include "quant/quant.h"

#include <math.h>

static void print_ratio(double db, FILE *out) {
    if (isnan(db))
        fprintf(out, " %8s", "-");
    else if (isinf(db))
        fprintf(out, " %8s", "exact");
    else
        fprintf(out, " %8.1f", db);
}

static void print_layer(const mdg_quant_layer *l, FILE *out) {
    char op[16] = "";
    if (l->op >= 0) snprintf(op, sizeof op, "%d", l->op);
    fprintf(out, "%3s %-18.18s %9.4g %9.4g %10.5g %5d %6.2f %%", op, l->op_name, (double)l->seen_lo,
            (double)l->seen_hi, (double)l->scale, l->zero_point, 100.0 * (double)l->clipped);
    print_ratio(l->sqnr_db, out);
    print_ratio(l->weights_sqnr_db, out);
    fprintf(out, "  %.40s\n", l->name);
}

void mdg_quant_report_print(const mdg_quant_report *r, FILE *out) {
    fprintf(out, "%3s %-18s %9s %9s %10s %5s %8s %8s %8s  %s\n", "op", "", "lowest", "highest", "step",
            "zero", "clipped", "SQNR dB", "weights", "tensor");
    for (int i = 0; i < r->n_layers; i++) print_layer(&r->layers[i], out);
    fprintf(out, "output:");
    print_ratio(r->output_sqnr_db, out);
    fprintf(out, " dB over %d samples\n", r->n_samples);
    for (int i = 0; i < r->n_layers; i++) {
        const mdg_quant_layer *l = &r->layers[i];
        if (!l->warning) continue;
        fprintf(out, "warning: ");
        if (l->op >= 0) fprintf(out, "op %d ", l->op);
        fprintf(out, "%s '%s': %.1f dB: %s\n", l->op_name, l->name, l->sqnr_db, l->warning);
    }
}

static json_t *ratio_json(double db) {
    return isfinite(db) ? json_real(db) : json_null();
}

/* JSON is UTF-8; a name that is not stands as "?". */
static json_t *text_json(const char *text) {
    json_t *json = json_string(text);
    return json ? json : json_string("?");
}

static json_t *layer_json(const mdg_quant_layer *l) {
    return json_pack("{s:i, s:s, s:o, s:[f, f], s:[f, f], s:f, s:i, s:f, s:o, s:o, s:s?}", "op", l->op,
                     "op_name", l->op_name, "tensor", text_json(l->name), "seen", (double)l->seen_lo,
                     (double)l->seen_hi, "range", (double)l->lo, (double)l->hi, "scale", (double)l->scale,
                     "zero_point", l->zero_point, "clipped", (double)l->clipped, "sqnr_db",
                     ratio_json(l->sqnr_db), "weights_sqnr_db", ratio_json(l->weights_sqnr_db), "warning",
                     l->warning);
}

json_t *mdg_quant_report_json(const mdg_quant_report *r) {
    json_t *layers = json_array();
    for (int i = 0; i < r->n_layers; i++) json_array_append_new(layers, layer_json(&r->layers[i]));
    return json_pack("{s:i, s:i, s:o, s:o}", "samples", r->n_samples, "warnings", r->n_warnings,
                     "output_sqnr_db", ratio_json(r->output_sqnr_db), "layers", layers);
}
