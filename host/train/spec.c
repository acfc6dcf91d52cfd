/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "train/net.h"

/* What a layer may give for one clip, and a network may learn: more than fits any microcontroller, and less
 * than what overflows. */
enum { MAX_VALUES = 1 << 24, MAX_PARAMETERS = 1 << 27 };

const char *mdg_layer_text(mdg_layer_kind kind) {
    static const char *const texts[] = {
#define MDG_LAYER_NAME(name, text) text,
        MDG_LAYER_LIST(MDG_LAYER_NAME)
#undef MDG_LAYER_NAME
    };
    return (unsigned)kind < MDG_LAYER_KINDS ? texts[kind] : "unknown";
}

static bool is_conv(mdg_layer_kind kind) {
    return kind == MDG_LAYER_CONV2D || kind == MDG_LAYER_DEPTHWISE_CONV2D;
}

static bool is_pool(mdg_layer_kind kind) {
    return kind == MDG_LAYER_AVERAGE_POOL || kind == MDG_LAYER_MAX_POOL;
}

static bool has_weights(mdg_layer_kind kind) {
    return is_conv(kind) || kind == MDG_LAYER_DENSE || mdg_layer_gates(kind);
}

static void fill_defaults(mdg_layer_spec *l) {
    if (l->kind == MDG_LAYER_DEPTHWISE_CONV2D && l->filters == 0) l->filters = 1;
    if (l->stride_h == 0) l->stride_h = is_pool(l->kind) ? l->kernel_h : 1;
    if (l->stride_w == 0) l->stride_w = is_pool(l->kind) ? l->kernel_w : 1;
}

/* Fails with "layer 3 conv2d: cause". Users count layers from 1, as in midge.yaml; 0 is the network's input.
 */
static mdg_status bad_layer(const mdg_layer_spec *l, int index, const char *cause, mdg_diag *diag) {
    return mdg_fail(diag, MDG_INVALID, "layer %d %s: %s", index + 1, mdg_layer_text(l->kind), cause);
}

static mdg_status check_fields(const mdg_layer_spec *l, int index, mdg_diag *diag) {
    const bool slides = is_conv(l->kind) || is_pool(l->kind);
    if ((unsigned)l->kind >= MDG_LAYER_KINDS) return bad_layer(l, index, "no such kind of layer", diag);
    if (l->from < -1 || l->from >= index)
        return bad_layer(l, index, "reads a layer that does not come before it (0 is the network's input)",
                         diag);
    if (mdg_layer_has_two(l->kind) && (l->with < -1 || l->with >= index))
        return bad_layer(l, index, "joins a layer that does not come before it (0 is the network's input)",
                         diag);
    if (has_weights(l->kind) && l->filters < 1)
        return bad_layer(l, index, "needs at least 1 filter or unit", diag);
    if (slides && (l->kernel_h < 1 || l->kernel_w < 1))
        return bad_layer(l, index, "needs a kernel of 1x1 or more", diag);
    if (slides && (l->stride_h < 1 || l->stride_w < 1))
        return bad_layer(l, index, "needs a stride of 1 or more", diag);
    if (l->sequence && !mdg_layer_gates(l->kind))
        return bad_layer(l, index, "sequence goes with lstm and gru only", diag);
    if (l->kind == MDG_LAYER_RESHAPE && (l->kernel_h < 0 || l->kernel_w < 0))
        return bad_layer(l, index, "needs a height and a width of 1 or more", diag);
    if (l->kind == MDG_LAYER_DROPOUT && !(l->rate >= 0.0f && l->rate < 1.0f))
        return bad_layer(l, index, "rate must be in [0, 1)", diag);
    const bool sums = has_weights(l->kind) && !mdg_layer_gates(l->kind);
    if (l->batch_norm && !sums)
        return bad_layer(l, index, "batch norm goes with convolution and dense layers only", diag);
    if (l->activation != MDG_ACTIVATION_NONE && !sums && l->kind != MDG_LAYER_ADD)
        return bad_layer(l, index, "an activation goes with convolution, dense and add layers only", diag);
    return MDG_OK;
}

/* One axis of a sliding window, by TFLite's rules: SAME puts the smaller half of the padding before. Returns
 * the output's size, 0 when the kernel does not fit. */
static int slide(int in, int kernel, int stride, bool same, int *before, int *behind) {
    *before = *behind = 0;
    if (!same) return in < kernel ? 0 : (in - kernel) / stride + 1;
    const int out = (in + stride - 1) / stride;
    const int total = (out - 1) * stride + kernel - in;
    if (total > 0) {
        *before = total / 2;
        *behind = total - *before;
    }
    return out;
}

static mdg_status plan_window(mdg_layer *l, int index, mdg_diag *diag) {
    const mdg_layer_spec *s = &l->spec;
    l->out_h = slide(l->in_h, s->kernel_h, s->stride_h, s->same, &l->pad_top, &l->pad_bottom);
    l->out_w = slide(l->in_w, s->kernel_w, s->stride_w, s->same, &l->pad_left, &l->pad_right);
    if (l->out_h > 0 && l->out_w > 0) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID,
                    "layer %d %s: the output shrinks to nothing: a %dx%d kernel does not fit into %dx%dx%d; "
                    "pad it (same), or take a smaller kernel here or smaller strides before it",
                    index + 1, mdg_layer_text(s->kind), s->kernel_h, s->kernel_w, l->in_h, l->in_w, l->in_c);
}

static mdg_status plan_reshape(mdg_layer *l, int index, mdg_diag *diag) {
    const int64_t values = (int64_t)l->in_h * l->in_w * l->in_c;
    l->out_h = l->spec.kernel_h ? l->spec.kernel_h : l->in_h;
    l->out_w = l->spec.kernel_w ? l->spec.kernel_w : 1;
    const int64_t places = (int64_t)l->out_h * l->out_w;
    l->out_c = (int)(values / places);
    if (values % places == 0) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID,
                    "layer %d reshape: %dx%dx%d are %lld values, which do not divide into %dx%d places; take "
                    "a height and width whose product divides them",
                    index + 1, l->in_h, l->in_w, l->in_c, (long long)values, l->out_h, l->out_w);
}

/* What the second operand gives must fit to the first: the same shape, or for concat the same map. */
static mdg_status plan_second(mdg_layer *l, const mdg_layer *with, int index, mdg_diag *diag) {
    const bool concat = l->spec.kind == MDG_LAYER_CONCAT;
    const int h = with->out_h, w = with->out_w, c = with->out_c;
    if (concat) l->out_c += c;
    if (l->in_h == h && l->in_w == w && (concat || l->in_c == c)) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "layer %d %s: layer %d gives %dx%dx%d, but layer %d gives %dx%dx%d",
                    index + 1, mdg_layer_text(l->spec.kind), l->spec.from + 1, l->in_h, l->in_w, l->in_c,
                    l->spec.with + 1, h, w, c);
}

static mdg_status check_size(const mdg_layer *l, int64_t places, int64_t channels, int index,
                             mdg_diag *diag) {
    if (places <= MAX_VALUES && places * channels <= MAX_VALUES) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "layer %d %s: gives more than %d values; take fewer filters",
                    index + 1, mdg_layer_text(l->spec.kind), MAX_VALUES);
}

/* The output's shape from the input's. */
static mdg_status plan_shape(mdg_layer *l, int index, mdg_diag *diag) {
    l->out_h = l->in_h;
    l->out_w = l->in_w;
    l->out_c = l->in_c;
    switch (l->spec.kind) {
    case MDG_LAYER_CONV2D: l->out_c = l->spec.filters; return plan_window(l, index, diag);
    case MDG_LAYER_DEPTHWISE_CONV2D:
        MDG_TRY(check_size(l, l->in_c, l->spec.filters, index, diag));
        l->out_c = l->in_c * l->spec.filters;
        return plan_window(l, index, diag);
    case MDG_LAYER_AVERAGE_POOL:
    case MDG_LAYER_MAX_POOL: return plan_window(l, index, diag);
    case MDG_LAYER_DENSE:
        l->out_h = l->out_w = 1;
        l->out_c = l->spec.filters;
        return MDG_OK;
    case MDG_LAYER_LSTM:
    case MDG_LAYER_GRU:
        l->out_h = l->spec.sequence ? l->in_h : 1;
        l->out_w = 1;
        l->out_c = l->spec.filters;
        return MDG_OK;
    case MDG_LAYER_GLOBAL_AVERAGE_POOL: l->out_h = l->out_w = 1; return MDG_OK;
    case MDG_LAYER_FLATTEN:
        l->out_h = l->out_w = 1;
        l->out_c = l->in_h * l->in_w * l->in_c;
        return MDG_OK;
    case MDG_LAYER_RESHAPE: return plan_reshape(l, index, diag);
    case MDG_LAYER_ADD:
    case MDG_LAYER_CONCAT:
    case MDG_LAYER_DROPOUT:
    case MDG_LAYER_KINDS: break;
    }
    return MDG_OK;
}

static size_t weights_of(const mdg_layer *l) {
    const size_t kernel = (size_t)l->spec.kernel_h * (size_t)l->spec.kernel_w, out_c = (size_t)l->out_c;
    if (l->spec.kind == MDG_LAYER_CONV2D) return out_c * kernel * (size_t)l->in_c;
    if (l->spec.kind == MDG_LAYER_DEPTHWISE_CONV2D) return out_c * kernel;
    const size_t gates = (size_t)mdg_layer_gates(l->spec.kind), in = (size_t)l->in_w * (size_t)l->in_c;
    return gates ? gates * out_c * (in + out_c) : out_c * (size_t)l->in_h * in;
}

/* Takes count floats of an array in use up to *end, on a cache line's boundary. */
static mdg_span take(size_t count, size_t *end) {
    const mdg_span span = {*end, count};
    *end += (count + 15) / 16 * 16;
    return span;
}

static void plan_spans(mdg_layer *l, size_t *n_params, size_t *n_statistics) {
    if (!has_weights(l->spec.kind)) return;
    const size_t out_c = (size_t)l->out_c;
    const int gates = mdg_layer_gates(l->spec.kind);
    l->weights = take(weights_of(l), n_params);
    if (!l->spec.batch_norm) {
        l->bias = take(out_c * (size_t)(gates ? gates : 1), n_params);
        return;
    }
    l->norm = take(2 * out_c, n_params);
    l->statistics = take(2 * out_c, n_statistics);
}

static mdg_status plan_layer(const mdg_net_spec *spec, mdg_layer *layers, int index, mdg_diag *diag) {
    mdg_layer *l = &layers[index];
    *l = (mdg_layer){.spec = spec->layers[index]};
    fill_defaults(&l->spec);
    MDG_TRY(check_fields(&l->spec, index, diag));
    const mdg_layer input = {.out_h = spec->in_h, .out_w = spec->in_w, .out_c = spec->in_c};
    const mdg_layer *from = l->spec.from < 0 ? &input : &layers[l->spec.from];
    l->in_h = from->out_h;
    l->in_w = from->out_w;
    l->in_c = from->out_c;
    MDG_TRY(plan_shape(l, index, diag));
    if (mdg_layer_has_two(l->spec.kind))
        MDG_TRY(plan_second(l, l->spec.with < 0 ? &input : &layers[l->spec.with], index, diag));
    return check_size(l, (int64_t)l->out_h * l->out_w, l->out_c, index, diag);
}

static bool is_read(const mdg_net_spec *spec, int index) {
    for (int i = index + 1; i < spec->n_layers; i++) {
        const mdg_layer_spec *l = &spec->layers[i];
        if (l->from == index || (mdg_layer_has_two(l->kind) && l->with == index)) return true;
    }
    return index == spec->n_layers - 1;
}

mdg_status mdg_net_spec_check_input(const mdg_net_spec *spec, mdg_diag *diag) {
    const bool classifies = spec->objective != MDG_OBJECTIVE_INPUT;
    if (spec->in_h >= 1 && spec->in_w >= 1 && spec->in_c >= 1 &&
        spec->in_h <= MAX_VALUES / spec->in_w / spec->in_c && (spec->n_classes >= 2 || !classifies))
        return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "network: input %dx%dx%d, %d classes: needs an input%s", spec->in_h,
                    spec->in_w, spec->in_c, spec->n_classes, classifies ? " and two classes" : "");
}

/* The last layer must give what the objective compares. */
static bool gives_output(const mdg_net_spec *spec, const mdg_layer *last) {
    const int places = last->out_h * last->out_w;
    if (last->spec.activation != MDG_ACTIVATION_NONE) return false;
    switch (spec->objective) {
    case MDG_OBJECTIVE_CLASSES: return places == 1 && last->out_c == spec->n_classes;
    case MDG_OBJECTIVE_MAP: return last->out_c == spec->n_classes;
    case MDG_OBJECTIVE_INPUT: return places * last->out_c == spec->in_h * spec->in_w * spec->in_c;
    }
    return false;
}

static mdg_status check_output(const mdg_net_spec *spec, const mdg_layer *last, mdg_diag *diag) {
    static const char *const whats[] = {[MDG_OBJECTIVE_CLASSES] = "one a class",
                                        [MDG_OBJECTIVE_MAP] = "one a class, in each cell",
                                        [MDG_OBJECTIVE_INPUT] = "one a value of the input"};
    if (gives_output(spec, last)) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID,
                    "layer %d %s: gives %dx%dx%d; the last layer must give %d values, %s, without activation",
                    spec->n_layers, mdg_layer_text(last->spec.kind), last->out_h, last->out_w, last->out_c,
                    spec->objective == MDG_OBJECTIVE_INPUT ? spec->in_h * spec->in_w * spec->in_c
                                                           : spec->n_classes,
                    whats[spec->objective]);
}

mdg_status mdg_layers_plan(const mdg_net_spec *spec, mdg_layer *layers, size_t *n_params,
                           size_t *n_statistics, mdg_diag *diag) {
    *n_params = *n_statistics = 0;
    MDG_TRY(mdg_net_spec_check_input(spec, diag));
    if (spec->n_layers < 1) return mdg_fail(diag, MDG_INVALID, "network: has no layers; it needs one");
    for (int i = 0; i < spec->n_layers; i++) {
        MDG_TRY(plan_layer(spec, layers, i, diag));
        plan_spans(&layers[i], n_params, n_statistics);
        if (*n_params > MAX_PARAMETERS)
            return bad_layer(&layers[i].spec, i, "the network has more than 128 million parameters", diag);
    }
    for (int i = 0; i < spec->n_layers; i++)
        if (!is_read(spec, i)) return bad_layer(&layers[i].spec, i, "no layer reads its output", diag);
    return check_output(spec, &layers[spec->n_layers - 1], diag);
}

mdg_status mdg_net_spec_check(const mdg_net_spec *spec, mdg_diag *diag) {
    mdg_arena *arena = mdg_arena_new();
    size_t n_params, n_statistics;
    mdg_layer *layers =
        mdg_arena_array(arena, (size_t)(spec->n_layers > 0 ? spec->n_layers : 0), sizeof *layers);
    const mdg_status status = mdg_layers_plan(spec, layers, &n_params, &n_statistics, diag);
    mdg_arena_free(arena);
    return status;
}
