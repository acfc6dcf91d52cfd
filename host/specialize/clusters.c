/* SPDX-License-Identifier: MIT */
#include "specialize/clusters.h"

#include <string.h>

#include "core/kernels/armv7em/lut.h"
#include "specialize/mac.h"

enum {
    LEAST = 64,                /* weights that are worth a table */
    BLOCK_PAIRS = 8,           /* pixels are gathered anew for each block: that hardly counts for so many */
    BLOCK_WORDS = 6 * 1024 / 4 /* at most, as long as there is a pair in it */
};

bool mdg_spec_find_clusters(const int8_t *w, size_t n, mdg_spec_clusters *out) {
    bool has[256] = {false};
    int count = 0;
    *out = (mdg_spec_clusters){.value = {0}};
    for (size_t i = 0; i < n; i++) has[w[i] + 128] = true;
    for (int v = 0; v < 256; v++) {
        if (!has[v]) continue;
        if (count == MDG_SPEC_CLUSTERS) return false;
        out->place[v] = (uint8_t)count;
        out->value[count++] = (int8_t)(v - 128);
    }
    return true;
}

int32_t mdg_spec_cluster_pair(const mdg_spec_clusters *clusters, const int8_t *a, const int8_t *b) {
    uint32_t word = 0;
    for (int i = 0; i < 4; i++)
        word |= (uint32_t)(clusters->place[a[i] + 128] | clusters->place[b[i] + 128] << 4) << 8 * i;
    return (int32_t)word;
}

bool mdg_spec_is_decoding(mdg_kernel_id kernel) {
    return kernel == MDG_K_pointwise_smlad_s8_lut || kernel == MDG_K_conv2d_smlad_s8_lut ||
           kernel == MDG_K_fully_connected_smlad_s8_lut;
}

/* ==== Rules ==== */

bool mdg_spec_may_cluster(const mdg_spec *s, mdg_kernel_id kernel, const mdg_spec_layer *l,
                          mdg_spec_clusters *clusters) {
    const size_t n = (size_t)l->out_c * (size_t)l->depth;
    return s->optimize == MDG_OPTIMIZE_size && mdg_spec_may_use(s, kernel) && n >= LEAST &&
           mdg_spec_find_clusters(l->w, n, clusters);
}

void mdg_spec_add_clusters(mdg_spec *s, mdg_call *c, const mdg_spec_clusters *clusters, int32_t words) {
    const int32_t *values = mdg_arena_copy(s->program->arena, clusters->value, sizeof clusters->value);
    mdg_spec_add_const(s, c, "clusters", values, sizeof clusters->value / sizeof *values);
    mdg_spec_add_scratch(s, c, MDG_LUT_PAIRS * sizeof(uint16_t) + 4 * (size_t)words);
}

/* Pairs of channels: all where their scratch takes less RAM than an output that cannot take the input's
 * place, which is read again for the next block */
static int32_t block_of(const mdg_conv2d_params *p, int32_t pair_words) {
    const int32_t pairs = p->out_c / 2, in = p->batches * p->in_h * p->in_w * p->in_c,
                  out = p->batches * p->out_h * p->out_w * p->out_c;
    int32_t block = BLOCK_WORDS / pair_words;
    if (block > BLOCK_PAIRS) block = BLOCK_PAIRS;
    if (block < 1) block = 1;
    return block >= pairs || (pairs - block) * pair_words <= (in < out ? in : out) / 4 ? pairs : block;
}

static mdg_call *add_pointwise(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l,
                               int32_t block) {
    mdg_pointwise_lut_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_pointwise_lut_params){.pixels = p->batches * p->out_h * p->out_w,
                                    .in_c = p->in_c,
                                    .out_c = l->out_c,
                                    .two_sided = l->two_sided,
                                    .block = block};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_pointwise_smlad_s8_lut, q);
    mdg_spec_add_mac_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_scratch(s, c, mdg_spec_pointwise_scratch(l, p->in_c));
    if (l->out_c <= p->in_c && 2 * block == l->out_c) c->inplace_in = c->inplace_out = 0;
    return c;
}

static mdg_call *add_conv2d(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l, int32_t block) {
    mdg_conv2d_lut_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, mdg_spec_conv_params(s, l), sizeof(mdg_conv2d_smlad_params));
    q->block = block;
    mdg_call *c = mdg_spec_add_call(s, MDG_K_conv2d_smlad_s8_lut, q);
    mdg_spec_add_mac_stream(s, c, l, mdg_spec_weights_name(s));
    mdg_spec_add_scratch(s, c, 6 * (size_t)l->depth + (size_t)p->in_c);
    return c;
}

bool mdg_spec_add_clustered_conv2d(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l) {
    const bool is_pointwise = mdg_spec_is_pointwise(p);
    const mdg_kernel_id kernel = is_pointwise ? MDG_K_pointwise_smlad_s8_lut : MDG_K_conv2d_smlad_s8_lut;
    mdg_spec_clusters clusters;
    mdg_spec_layer clustered = *l;
    if (l->out_c % 2 != 0 || (!is_pointwise && p->in_c % 4 != 0) ||
        !mdg_spec_may_cluster(s, kernel, l, &clusters))
        return false;
    clustered.clusters = &clusters;
    const int32_t pair_words = 5 + l->depth / 2, block = block_of(p, pair_words);
    mdg_call *c = (is_pointwise ? add_pointwise : add_conv2d)(s, p, &clustered, block);
    mdg_spec_add_clusters(s, c, &clusters, block * pair_words);
    return true;
}

/* ==== What there is to gain ==== */

/* Whether a call of a reference kernel may become one of this */
static bool becomes(const mdg_call *c, mdg_kernel_id kernel) {
    if (c->step != MDG_STEP_KERNEL || c->custom) return false;
    const bool is_dense =
        c->kernel == MDG_K_fully_connected_s8 || c->kernel == MDG_K_fully_connected_per_channel_s8;
    if (is_dense || c->kernel != MDG_K_conv2d_s8)
        return is_dense && kernel == MDG_K_fully_connected_smlad_s8_lut;
    const mdg_conv2d_params *p = c->params;
    if (mdg_spec_is_fully_connected(p)) return kernel == MDG_K_fully_connected_smlad_s8_lut;
    return kernel == (mdg_spec_is_pointwise(p) ? MDG_K_pointwise_smlad_s8_lut : MDG_K_conv2d_smlad_s8_lut);
}

bool mdg_spec_may_decode(const mdg_program *p, mdg_kernel_id kernel) {
    mdg_spec_clusters clusters;
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        const mdg_buffer *b = becomes(c, kernel) && c->in[1] >= 0 ? &p->buffers[c->in[1]] : NULL;
        if (b && b->kind == MDG_BUF_CONST && b->bytes >= LEAST &&
            mdg_spec_find_clusters(b->data, b->bytes, &clusters))
            return true;
    }
    return false;
}
