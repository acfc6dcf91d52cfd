/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED.
 */
#include "specialize/clusters.h"
#include "specialize/dense.h"
#include "specialize/mac.h"

enum { SMALL = 1024 }; /* products that are not worth another kernel's code */

static bool fits(const mdg_spec_layer *l) {
    for (int32_t c = 0; c < l->out_c; c++)
        if (!mdg_spec_two_sided_fits(&l->channels[c])) return false;
    return mdg_spec_dense_fits(l);
}

void mdg_spec_add_requant(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t count) {
    int32_t *words = mdg_arena_array(s->program->arena, (size_t)count * 3, sizeof *words);
    for (int32_t i = 0; i < count; i++) mdg_spec_two_sided(&l->channels[i], words + 3 * i);
    mdg_spec_add_const(s, c, "requantisation", words, (size_t)count * 3);
}

bool mdg_spec_has_one_factor(const mdg_spec_layer *l) {
    for (int32_t c = 1; c < l->out_c; c++) {
        const mdg_spec_channel *a = &l->channels[0], *b = &l->channels[c];
        if (a->mult != b->mult || a->right != b->right || a->zero != b->zero) return false;
    }
    return true;
}

static bool is_matrix_kernel(mdg_kernel_id k, bool packed) {
    if (packed)
        return k == MDG_K_pointwise_smlad_s8_w4 || k == MDG_K_conv2d_smlad_s8_w4 ||
               k == MDG_K_conv2d_narrow_smlad_s8_w4;
    return k == MDG_K_pointwise_smlad_s8 || k == MDG_K_conv2d_smlad_s8 || k == MDG_K_conv2d_narrow_smlad_s8;
}

static bool has_matrix_core(const mdg_program *p, bool packed) {
    for (int i = 0; i < p->n_calls; i++)
        if (p->calls[i].step == MDG_STEP_KERNEL && is_matrix_kernel(p->calls[i].kernel, packed)) return true;
    return false;
}

bool mdg_spec_joins_convolutions(mdg_spec *s, mdg_spec_layer *l, int32_t batches, int32_t in_c) {
    const mdg_kernel_id own = l->packed ? MDG_K_fully_connected_smlad_s8_w4 : MDG_K_fully_connected_smlad_s8;
    const mdg_kernel_id other = l->packed ? MDG_K_pointwise_smlad_s8_w4 : MDG_K_pointwise_smlad_s8;
    const bool is_small = batches * l->depth <= SMALL / l->out_c || !mdg_spec_may_use(s, own);
    if (!is_small || !has_matrix_core(s->program, l->packed) || !mdg_spec_mac_fits(l, false) ||
        (l->packed && !mdg_spec_mac4_fits(l)) || !mdg_spec_may_use(s, other))
        return false;
    mdg_spec_add_pointwise(s, batches, in_c, l);
    return true;
}

/* By its own kernel, or by that of clustered weights */
static mdg_call *add_call(mdg_spec *s, const mdg_spec_layer *l, int32_t batches, int32_t in_c) {
    const bool one_factor = mdg_spec_has_one_factor(l);
    mdg_fully_connected_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_fully_connected_smlad_params){.batches = batches,
                                            .in_c = in_c,
                                            .out_c = l->out_c,
                                            .chunk = mdg_spec_dense_chunk(l),
                                            .requant_step = one_factor ? 0 : 3};
    mdg_call *c = mdg_spec_add_call(
        s, l->clusters ? MDG_K_fully_connected_smlad_s8_lut : MDG_K_fully_connected_smlad_s8, q);
    mdg_spec_add_dense_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_requant(s, c, l, one_factor ? 1 : l->out_c);
    return c;
}

static bool add_clustered(mdg_spec *s, const mdg_spec_layer *l, int32_t batches, int32_t in_c) {
    mdg_spec_clusters clusters;
    mdg_spec_layer clustered = *l;
    if (!mdg_spec_may_cluster(s, MDG_K_fully_connected_smlad_s8_lut, l, &clusters)) return false;
    clustered.clusters = &clusters;
    mdg_call *c = add_call(s, &clustered, batches, in_c);
    mdg_spec_add_clusters(s, c, &clusters, 4 + l->depth);
    return true;
}

bool mdg_spec_add_fully_connected(mdg_spec *s, mdg_spec_layer *l, int32_t batches, int32_t in_c) {
    if (mdg_spec_joins_convolutions(s, l, batches, in_c)) return true;
    if (!fits(l)) return false;
    if (add_clustered(s, l, batches, in_c)) return true;
    if (!mdg_spec_may_use(s, MDG_K_fully_connected_smlad_s8)) return false;
    add_call(s, l, batches, in_c);
    return true;
}

bool mdg_spec_fully_connected_bound(mdg_spec *s, mdg_spec_layer *out) {
    const mdg_fully_connected_params *p = s->call->params;
    const bool per_channel = s->call->kernel == MDG_K_fully_connected_per_channel_s8;
    const mdg_spec_sums sums = {.out_c = p->out_c,
                                .taps = p->in_c,
                                .in_zero = p->in_zero,
                                .out_zero = p->out_zero,
                                .act_min = p->act_min,
                                .w = mdg_spec_const(s, 1),
                                .channel_step = p->in_c,
                                .tap_step = 1,
                                .bias = mdg_spec_const(s, 2),
                                .mult = per_channel ? mdg_spec_const(s, 3) : &p->mult,
                                .shift = per_channel ? mdg_spec_const(s, 4) : &p->shift,
                                .factor_step = per_channel};
    const bool constant = sums.w && sums.mult && sums.shift && (sums.bias || s->call->in[2] < 0);
    return constant && p->filter_zero == 0 && mdg_spec_bound(s, &sums, out);
}

bool mdg_spec_fully_connected(mdg_spec *s) {
    const mdg_fully_connected_params *p = s->call->params;
    mdg_spec_layer l;
    if (!mdg_spec_fully_connected_bound(s, &l) || !mdg_spec_add_fully_connected(s, &l, p->batches, p->in_c))
        return false;
    mdg_spec_add_clamp(s, p->batches * p->out_c, p->act_min, p->act_max);
    return true;
}
