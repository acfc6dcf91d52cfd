/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "quant/quantizer.h"
#include "quant/watch.h"

typedef void observe_fn(mdg_observer *o, const float *x, size_t n);

typedef struct observation {
    mdg_quantizer *quantizer;
    observe_fn *observe;
} observation;

static void see_tensor(void *context, int tensor, const void *data) {
    const observation *o = context;
    if (!o->quantizer->nodes[tensor].observed) return;
    const size_t n = (size_t)mdg_shape_elements(&o->quantizer->subgraph->tensors[tensor].shape);
    o->observe(&mdg_quantizer_group(o->quantizer, tensor)->observer, data, n);
}

/* Constants that are read as activations. A huge one stands for infinity (what a maximum is padded with): it
 * saturates, and must not stretch the range. */
static void see_constants(mdg_quantizer *q, observe_fn *observe) {
    for (int t = 0; t < q->subgraph->n_tensors; t++) {
        const mdg_tensor *tensor = &q->subgraph->tensors[t];
        if (!tensor->data || !q->nodes[t].observed) continue;
        const float *x = tensor->data;
        const int64_t n = mdg_shape_elements(&tensor->shape);
        for (int64_t i = 0; i < n; i++)
            if (fabsf(x[i]) < 1e30f) observe(&mdg_quantizer_group(q, t)->observer, &x[i], 1);
    }
}

static mdg_status run_samples(mdg_quantizer *q, const mdg_calibration *data, mdg_watch *watch,
                              observe_fn *observe, const mdg_progress *progress, mdg_diag *diag) {
    observation o = {q, observe};
    float *x = mdg_arena_alloc(q->arena, mdg_watch_input_bytes(watch));
    for (int i = 0; i < data->n; i++) {
        if (!mdg_progress_report(progress, i, data->n, "calibrating")) return MDG_INTERRUPTED;
        data->fill(data->context, i, x);
        mdg_watch_set_inputs(watch, x);
        MDG_TRY(mdg_watch_run(watch, see_tensor, &o, diag));
    }
    see_constants(q, observe);
    return MDG_OK;
}

static mdg_status check_seen(const mdg_quantizer *q, mdg_diag *diag) {
    for (int t = 0; t < q->subgraph->n_tensors; t++) {
        const mdg_quant_node *node = &q->nodes[t];
        if (!node->observed) continue;
        const mdg_observer *o = &mdg_quantizer_group(q, t)->observer;
        const char *name = q->subgraph->tensors[t].name;
        if (o->has_nonfinite)
            return mdg_fail(diag, MDG_INVALID,
                            "%s: tensor '%s' has values that are not finite in calibration; the float "
                            "model or its input is broken",
                            q->graph->source, name);
        if (o->n == 0)
            return mdg_fail(diag, MDG_INVALID, "%s: tensor '%s' is never computed; remove what is not used",
                            q->graph->source, name);
    }
    return MDG_OK;
}

static mdg_status method_of(const char *name, mdg_range_method *out, mdg_diag *diag) {
    static const char *const names[] = {
        [MDG_RANGE_MINMAX] = "minmax", [MDG_RANGE_PERCENTILE] = "percentile", [MDG_RANGE_MSE] = "mse"};
    for (int i = 0; i < 3; i++) {
        *out = (mdg_range_method)i;
        if (strcmp(name ? name : "minmax", names[i]) == 0) return MDG_OK;
    }
    return mdg_fail(diag, MDG_INVALID, "calibration \"%s\" is not known; known are minmax, percentile, mse",
                    name);
}

/* What training allowed the tensors of each group, where it did, comes before what the samples show. */
static void take_trained_ranges(mdg_quantizer *q) {
    for (int t = 0; t < q->subgraph->n_tensors; t++) {
        const float *range = q->subgraph->tensors[t].range;
        mdg_observer *o = &mdg_quantizer_group(q, t)->observer;
        if (!q->nodes[t].observed || !range) continue;
        o->lo = o->trained ? fminf(o->lo, range[0]) : range[0];
        o->hi = o->trained ? fmaxf(o->hi, range[1]) : range[1];
        o->trained = true;
    }
}

static void choose_scales(mdg_quantizer *q, mdg_range_method method) {
    const float percentile = q->opts->percentile > 0.0f ? q->opts->percentile : 99.99f;
    for (int t = 0; t < q->subgraph->n_tensors; t++) {
        mdg_quant_node *node = &q->nodes[t];
        if (node->parent != t) continue;
        float lo = 0.0f, hi = 0.0f;
        if (node->observer.n)
            mdg_observer_range(&node->observer, node->observer.trained ? MDG_RANGE_MINMAX : method,
                               percentile, &lo, &hi);
        node->affine = node->fixed_by >= 0 ? mdg_quant_rule_of(&q->subgraph->ops[node->fixed_by])->fixed
                                           : mdg_affine_of_range(lo, hi);
    }
}

mdg_status mdg_quantizer_calibrate(mdg_quantizer *q, const mdg_calibration *data,
                                   const mdg_progress *progress, mdg_diag *diag) {
    mdg_range_method method;
    mdg_watch watch;
    MDG_TRY(method_of(q->opts->calibration, &method, diag));
    MDG_TRY(mdg_watch_open(q->graph, q->arena, &watch, diag));
    MDG_TRY(run_samples(q, data, &watch, mdg_observer_extremes, progress, diag));
    MDG_TRY(check_seen(q, diag));
    if (method != MDG_RANGE_MINMAX) {
        for (int t = 0; t < q->subgraph->n_tensors; t++)
            if (q->nodes[t].parent == t) mdg_observer_start_histogram(&q->nodes[t].observer, q->arena);
        MDG_TRY(run_samples(q, data, &watch, mdg_observer_count, progress, diag));
    }
    take_trained_ranges(q);
    choose_scales(q, method);
    return MDG_OK;
}
