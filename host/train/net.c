/* SPDX-License-Identifier: MIT */
#include "train/fake.h"

#include <inttypes.h>
#include <math.h>

enum { INIT_STREAM = 0x696e6974 };

float *mdg_floats(mdg_arena *arena, size_t count) {
    uint8_t *bytes = mdg_arena_alloc(arena, count * sizeof(float) + 64);
    return (float *)(void *)(bytes + (64 - (uintptr_t)bytes % 64) % 64);
}

/* Deviations that keep the variance of inputs and of hidden values; an LSTM begins by forgetting little. */
static void init_recurrent(mdg_net *net, const mdg_layer *l, mdg_rng *r) {
    float *w = net->params + l->weights.at, *bias = net->params + l->bias.at;
    const size_t units = (size_t)l->out_c, rows = l->bias.count, in = l->weights.count / rows - units;
    const float of_input = 1.0f / sqrtf((float)in), of_hidden = 1.0f / sqrtf((float)units);
    for (size_t i = 0; i < rows * in; i++) w[i] = of_input * mdg_rng_normal(r);
    for (size_t i = rows * in; i < l->weights.count; i++) w[i] = of_hidden * mdg_rng_normal(r);
    for (size_t k = 0; k < units && l->spec.kind == MDG_LAYER_LSTM; k++) bias[units + k] = 1.0f;
}

/* He et al., "Delving deep into rectifiers", 2015: deviation sqrt(2 / fan_in) keeps the variance through
 * ReLU. */
static void init_layer(mdg_net *net, const mdg_layer *l, mdg_rng *r) {
    if (!l->weights.count) return;
    if (mdg_layer_gates(l->spec.kind)) {
        init_recurrent(net, l, r);
        return;
    }
    const bool depthwise = l->spec.kind == MDG_LAYER_DEPTHWISE_CONV2D;
    const size_t fan_in =
        depthwise ? (size_t)l->spec.kernel_h * (size_t)l->spec.kernel_w : l->weights.count / (size_t)l->out_c;
    const float deviation = sqrtf((l->spec.activation == MDG_ACTIVATION_NONE ? 1.0f : 2.0f) / (float)fan_in);
    for (size_t i = 0; i < l->weights.count; i++)
        net->params[l->weights.at + i] = deviation * mdg_rng_normal(r);
    for (size_t c = 0; c < l->norm.count / 2; c++) {
        net->params[l->norm.at + c] = 1.0f;
        net->statistics[l->statistics.at + l->norm.count / 2 + c] = 1.0f;
    }
}

mdg_status mdg_net_new(const mdg_net_spec *spec, uint64_t seed, mdg_arena *arena, mdg_net **out,
                       mdg_diag *diag) {
    MDG_TRY(mdg_net_spec_check(spec, diag));
    const size_t n = (size_t)spec->n_layers;
    mdg_arena *own = mdg_arena_new();
    mdg_net *net = mdg_arena_alloc(own, sizeof *net);
    *net = (mdg_net){.arena = own, .results = arena, .spec = *spec};
    net->spec.layers = mdg_arena_copy(own, spec->layers, n * sizeof *spec->layers);
    net->layers = mdg_arena_array(own, n, sizeof *net->layers);
    MDG_TRY(mdg_layers_plan(&net->spec, net->layers, &net->n_params, &net->n_statistics, diag));
    mdg_fake_plan(net);
    net->params = mdg_floats(own, net->n_params);
    net->statistics = mdg_floats(own, net->n_statistics);
    for (size_t i = 0; i < n; i++) {
        mdg_rng r = mdg_rng_of(seed, ((uint64_t)INIT_STREAM << 32) + i);
        init_layer(net, &net->layers[i], &r);
    }
    *out = net;
    return MDG_OK;
}

void mdg_net_free(mdg_net *net) {
    if (net) mdg_arena_free(net->arena);
}

static size_t layer_parameters(const mdg_layer *l) {
    return l->weights.count + l->bias.count + l->norm.count;
}

void mdg_norm_of(const mdg_net *net, const mdg_layer *l, int c, float *scale, float *shift) {
    const float *gamma = net->params + l->norm.at, *beta = gamma + l->out_c;
    const float *mean = net->statistics + l->statistics.at, *variance = mean + l->out_c;
    *scale = gamma[c] / sqrtf(variance[c] + MDG_NORM_EPSILON);
    *shift = beta[c] - mean[c] * *scale;
}

size_t mdg_net_parameters(const mdg_net *net) {
    size_t sum = 0;
    for (int i = 0; i < net->spec.n_layers; i++) sum += layer_parameters(&net->layers[i]);
    return sum;
}

int64_t mdg_layer_macs(const mdg_layer *l) {
    const bool conv = l->spec.kind == MDG_LAYER_CONV2D || l->spec.kind == MDG_LAYER_DEPTHWISE_CONV2D;
    const int64_t places = conv ? (int64_t)l->out_h * l->out_w : mdg_layer_gates(l->spec.kind) ? l->in_h : 1;
    return (int64_t)l->weights.count * places;
}

static const char *source_text(char text[32], const mdg_layer *l) {
    if (mdg_layer_has_two(l->spec.kind))
        snprintf(text, 32, "%d, %d", l->spec.from + 1, l->spec.with + 1);
    else if (l->spec.from < 0)
        snprintf(text, 32, "input");
    else
        snprintf(text, 32, "%d", l->spec.from + 1);
    return text;
}

void mdg_net_print(const mdg_net *net, FILE *out) {
    int64_t macs = 0;
    fprintf(out, "%5s  %-20s %-7s %-14s %10s %12s\n", "layer", "kind", "reads", "output", "parameters",
            "MACs");
    for (int i = 0; i < net->spec.n_layers; i++) {
        const mdg_layer *l = &net->layers[i];
        char source[32], shape[48];
        snprintf(shape, sizeof shape, "%dx%dx%d", l->out_h, l->out_w, l->out_c);
        fprintf(out, "%5d  %-20s %-7s %-14s %10zu %12" PRId64 "\n", i + 1, mdg_layer_text(l->spec.kind),
                source_text(source, l), shape, layer_parameters(l), mdg_layer_macs(l));
        macs += mdg_layer_macs(l);
    }
    fprintf(out, "%5s  %-43s %10zu %12" PRId64 "\n", "", "total", mdg_net_parameters(net), macs);
}

static json_t *shape_json(int h, int w, int c) {
    return json_pack("[i, i, i]", h, w, c);
}

static json_t *layer_json(const mdg_layer *l, int number) {
    json_t *o = json_object(), *reads = json_pack("[i]", l->spec.from + 1);
    if (mdg_layer_has_two(l->spec.kind)) json_array_append_new(reads, json_integer(l->spec.with + 1));
    json_object_set_new(o, "layer", json_integer(number));
    json_object_set_new(o, "kind", json_string(mdg_layer_text(l->spec.kind)));
    json_object_set_new(o, "reads", reads);
    json_object_set_new(o, "output", shape_json(l->out_h, l->out_w, l->out_c));
    json_object_set_new(o, "parameters", json_integer((json_int_t)layer_parameters(l)));
    json_object_set_new(o, "macs", json_integer(mdg_layer_macs(l)));
    return o;
}

json_t *mdg_net_json(const mdg_net *net) {
    json_t *o = json_object(), *layers = json_array();
    int64_t macs = 0;
    for (int i = 0; i < net->spec.n_layers; i++) {
        json_array_append_new(layers, layer_json(&net->layers[i], i + 1));
        macs += mdg_layer_macs(&net->layers[i]);
    }
    json_object_set_new(o, "input", shape_json(net->spec.in_h, net->spec.in_w, net->spec.in_c));
    json_object_set_new(o, "parameters", json_integer((json_int_t)mdg_net_parameters(net)));
    json_object_set_new(o, "macs", json_integer(macs));
    json_object_set_new(o, "layers", layers);
    return o;
}
