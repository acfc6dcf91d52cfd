/* SPDX-License-Identifier: MIT */
#include "specialize/spec.h"

#include <string.h>

#include "specialize/choose.h"
#include "specialize/mve.h"
#include "specialize/size.h"
#include "specialize/weights4.h"

static mdg_spec_rule *const armv7em_rules[MDG_K_COUNT] = {
    [MDG_K_add_s8] = mdg_spec_add,
    [MDG_K_conv2d_s8] = mdg_spec_conv2d,
    [MDG_K_depthwise_conv2d_s8] = mdg_spec_depthwise_conv2d,
    [MDG_K_fully_connected_s8] = mdg_spec_fully_connected,
    [MDG_K_fully_connected_per_channel_s8] = mdg_spec_fully_connected,
    [MDG_K_average_pool2d_s8] = mdg_spec_average_pool2d,
    [MDG_K_max_pool2d_s8] = mdg_spec_max_pool2d,
    [MDG_K_mul_s8] = mdg_spec_mul,
};

/* The SIMD of the Cortex-M4, which targets with Helium have too */
static mdg_spec_rule *const simd_rules[MDG_K_COUNT] = {
    [MDG_K_mean_s8] = mdg_spec_mean,
    [MDG_K_svdf_s8_state8] = mdg_spec_svdf_state8,
    [MDG_K_svdf_s8_state16] = mdg_spec_svdf_state16,
    [MDG_K_lstm_s8] = mdg_spec_lstm,
    [MDG_K_lstm_s16] = mdg_spec_lstm_s16,
    [MDG_K_conv2d_s16_b32] = mdg_spec_conv2d_s16_b32,
    [MDG_K_conv2d_s16_b64] = mdg_spec_conv2d_s16_b64,
    [MDG_K_depthwise_conv2d_s16_b64] = mdg_spec_depthwise_conv2d_s16,
    [MDG_K_fully_connected_s16_b32] = mdg_spec_fully_connected_s16_b32,
    [MDG_K_fully_connected_s16_b64] = mdg_spec_fully_connected_s16_b64,
    [MDG_K_softmax_s8] = mdg_spec_softmax,
    [MDG_K_mean_s16] = mdg_spec_mean_s16,
    [MDG_K_average_pool2d_s16] = mdg_spec_average_pool2d_s16,
    [MDG_K_max_pool2d_s16] = mdg_spec_max_pool2d_s16,
};

static mdg_spec_rule *const scalar_rules[MDG_K_COUNT] = {
    [MDG_K_conv2d_s8] = mdg_spec_scalar_conv2d,
    [MDG_K_depthwise_conv2d_s8] = mdg_spec_scalar_depthwise_conv2d,
    [MDG_K_fully_connected_s8] = mdg_spec_scalar_fully_connected,
    [MDG_K_fully_connected_per_channel_s8] = mdg_spec_scalar_fully_connected,
    [MDG_K_add_s8] = mdg_spec_add_linear,
    [MDG_K_sub_s8] = mdg_spec_add_linear,
    [MDG_K_mul_s8] = mdg_spec_scalar_mul,
    [MDG_K_mean_s8] = mdg_spec_mean,
    [MDG_K_average_pool2d_s8] = mdg_spec_scalar_average_pool2d,
    [MDG_K_max_pool2d_s8] = mdg_spec_scalar_max_pool2d,
    [MDG_K_softmax_s8] = mdg_spec_softmax,
};

static mdg_spec_rule *const mve_rules[MDG_K_COUNT] = {
    [MDG_K_add_s8] = mdg_spec_mve_add,
    [MDG_K_conv2d_s8] = mdg_spec_mve_conv2d,
    [MDG_K_depthwise_conv2d_s8] = mdg_spec_mve_depthwise_conv2d,
    [MDG_K_fully_connected_s8] = mdg_spec_mve_fully_connected,
    [MDG_K_fully_connected_per_channel_s8] = mdg_spec_mve_fully_connected_per_channel,
    [MDG_K_average_pool2d_s8] = mdg_spec_mve_average_pool2d,
    [MDG_K_max_pool2d_s8] = mdg_spec_mve_max_pool2d,
    [MDG_K_mul_s8] = mdg_spec_mve_mul,
    [MDG_K_mean_s8] = mdg_spec_mve_mean,
};

/* Tried before the others, on weights of 4 bits */
static mdg_spec_rule *const armv7em_w4_rules[MDG_K_COUNT] = {
    [MDG_K_conv2d_s8] = mdg_spec_conv2d_w4,
    [MDG_K_fully_connected_s8] = mdg_spec_fully_connected_w4,
};

/* An instruction set and its rules: on weights of 4 bits, its own, and those that it shares */
typedef struct rule_set {
    const char *isa;
    mdg_spec_rule *const *w4, *const *rules, *const *shared;
} rule_set;

static mdg_spec_rule *const no_rules[MDG_K_COUNT] = {NULL};

static const rule_set rule_sets[] = {
    {"armv7em", armv7em_w4_rules, armv7em_rules, simd_rules},
    {"mve", no_rules, mve_rules, simd_rules},
    {"armv6m", no_rules, scalar_rules, no_rules},
    {"armv7m", no_rules, scalar_rules, no_rules},
    {"rv32", no_rules, scalar_rules, no_rules},
};

/* NULL for targets without rules */
static const rule_set *rules_of(const char *isa) {
    for (size_t i = 0; isa && i < sizeof rule_sets / sizeof *rule_sets; i++)
        if (strcmp(rule_sets[i].isa, isa) == 0) return &rule_sets[i];
    return NULL;
}

static mdg_spec_rule *rule_for(mdg_kernel_id kernel, const rule_set *set) {
    return set->rules[kernel] ? set->rules[kernel] : set->shared[kernel];
}

const void *mdg_spec_const(const mdg_spec *s, int k) {
    const int buffer = k < s->call->n_in ? s->call->in[k] : -1;
    const mdg_buffer *b = buffer >= 0 ? &s->program->buffers[buffer] : NULL;
    return b && b->kind == MDG_BUF_CONST ? b->data : NULL;
}

mdg_call *mdg_spec_add_call(mdg_spec *s, mdg_kernel_id kernel, const void *params) {
    mdg_call *c = mdg_program_add_call(s->program, kernel, params);
    c->subgraph = s->call->subgraph;
    c->op = s->call->op;
    mdg_call_add_in(c, s->call->in[0]);
    mdg_call_add_out(c, s->call->out[0]);
    return c;
}

void mdg_spec_add_const(mdg_spec *s, mdg_call *c, const char *name, const int32_t *words, size_t count) {
    mdg_call_add_in(c, mdg_program_add_buffer(s->program, MDG_BUF_CONST, name, "int32_t", 4 * count, words));
}

void mdg_spec_add_scratch(mdg_spec *s, mdg_call *c, size_t bytes) {
    mdg_call_add_out(c,
                     mdg_program_add_buffer(s->program, MDG_BUF_ARENA, "scratch", "uint32_t", bytes, NULL));
}

static void add_clamp(mdg_spec *s, mdg_kernel_id kernel, const mdg_clamp_params *p) {
    mdg_call *c = mdg_spec_add_call(s, kernel, mdg_arena_copy(s->program->arena, p, sizeof *p));
    c->in[0] = c->out[0];
}

void mdg_spec_add_clamp(mdg_spec *s, int32_t count, int32_t min, int32_t max) {
    const mdg_clamp_params p = {.count = count, .min = min, .max = max};
    if (min > INT8_MIN || max < INT8_MAX) add_clamp(s, MDG_K_clamp_s8, &p);
}

void mdg_spec_add_clamp_s16(mdg_spec *s, int32_t count, int32_t min, int32_t max) {
    const mdg_clamp_params p = {.count = count, .min = min, .max = max};
    if (min > INT16_MIN || max < INT16_MAX) add_clamp(s, MDG_K_clamp_s16, &p);
}

static void keep(mdg_program *p, const mdg_call *call) {
    mdg_call *c = mdg_program_add_call(p, call->kernel, call->params);
    *c = *call;
}

bool mdg_spec_may_use(const mdg_spec *s, mdg_kernel_id kernel) {
    return !s->without[kernel];
}

bool mdg_specialize_replaces(mdg_kernel_id kernel, const char *isa) {
    const rule_set *set = rules_of(isa);
    return set && rule_for(kernel, set);
}

/* Whether the call of s was replaced */
static bool replace(mdg_spec *s, const rule_set *set) {
    const mdg_kernel_id kernel = s->call->kernel;
    if (mdg_spec_choose(s, set->w4[kernel], set->isa)) return true;
    if (s->optimize == MDG_OPTIMIZE_size && mdg_spec_is_packable(s->program, s->call, s->without))
        return false;
    return mdg_spec_choose(s, rule_for(kernel, set), set->isa);
}

static void apply_rules(mdg_program *p, const rule_set *set, mdg_optimize optimize, const bool *without) {
    const mdg_call *calls = p->calls;
    const int n = p->n_calls;
    p->calls = NULL;
    p->n_calls = p->calls_capacity = 0;
    for (int i = 0; i < n; i++) {
        mdg_spec s = {.program = p, .call = &calls[i], .optimize = optimize, .without = without};
        const bool is_kernel = calls[i].step == MDG_STEP_KERNEL && !calls[i].custom;
        if (!is_kernel || !replace(&s, set)) keep(p, &calls[i]);
    }
}

mdg_status mdg_specialize_without(mdg_program *p, const char *isa, mdg_optimize optimize, const bool *without,
                                  mdg_diag *diag) {
    const rule_set *set = rules_of(isa);
    if (set) apply_rules(p, set, optimize, without);
    if (optimize == MDG_OPTIMIZE_size) mdg_spec_pack_weights(p, without);
    mdg_program_lifetimes(p);
    const mdg_call *refused = mdg_program_refused_call(p, 0);
    if (!refused) return MDG_OK;
    return mdg_fail(
        diag, MDG_UNSUPPORTED,
        "%s: the check of kernel %s refuses the call that midge made of op %d; please report this "
        "with the model",
        p->graph ? p->graph->source : "model", mdg_call_kernel(refused)->name, refused->op);
}

mdg_status mdg_specialize(mdg_program *p, const char *isa, mdg_optimize optimize, mdg_diag *diag) {
    bool without[MDG_K_COUNT] = {false};
    p->for_size = optimize == MDG_OPTIMIZE_size;
    if (p->for_size && rules_of(isa)) mdg_size_choose(p, isa, without);
    return mdg_specialize_without(p, isa, optimize, without, diag);
}
