/* SPDX-License-Identifier: MIT
 *
 * Weights of 4 bits: two a byte where a kernel unpacks them as it reads them. Where they come from does not
 * matter: what counts is that all of them lie in -8 ... 7.
 */
#include "specialize/weights4.h"

/* The kernel that takes the same operands, but for packed weights as input 1 */
static const mdg_kernel_id packed_kernels[MDG_K_COUNT] = {
    [MDG_K_conv2d_s8] = MDG_K_conv2d_s8_w4,
    [MDG_K_depthwise_conv2d_s8] = MDG_K_depthwise_conv2d_s8_w4,
    [MDG_K_fully_connected_s8] = MDG_K_fully_connected_s8_w4,
};

static bool has_packed_kernel(const mdg_call *c, const bool *without) {
    if (c->step != MDG_STEP_KERNEL || c->custom) return false;
    const mdg_kernel_id packed = packed_kernels[c->kernel];
    return packed != 0 && !without[packed];
}

bool mdg_spec_is_packed(mdg_kernel_id kernel) {
    int k = 0;
    while (k < MDG_K_COUNT && (packed_kernels[k] == 0 || packed_kernels[k] != kernel)) k++;
    return k < MDG_K_COUNT;
}

bool mdg_spec_fits_4_bits(const int8_t *w, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (w[i] < -8 || w[i] > 7) return false;
    return true;
}

static bool has_small_weights(const mdg_program *p, const mdg_call *c) {
    const mdg_buffer *b = c->in[1] >= 0 ? &p->buffers[c->in[1]] : NULL;
    return b && b->kind == MDG_BUF_CONST && b->bytes > 1 && mdg_spec_fits_4_bits(b->data, b->bytes);
}

bool mdg_spec_is_packable(const mdg_program *p, const mdg_call *c, const bool *without) {
    return has_packed_kernel(c, without) && has_small_weights(p, c);
}

void mdg_spec_pack_4_bits(const int8_t *w, size_t n, uint8_t *to) {
    for (size_t i = 0; i < n; i++) {
        const unsigned bits = (unsigned)w[i] & 15;
        to[i / 2] = (uint8_t)(i % 2 ? to[i / 2] | bits << 4 : bits);
    }
}

static int add_packed(mdg_program *p, int buffer) {
    const mdg_buffer from = p->buffers[buffer];
    const int8_t *w = from.data;
    const size_t bytes = (from.bytes + 1) / 2;
    uint8_t *packed = mdg_arena_alloc(p->arena, bytes);
    mdg_spec_pack_4_bits(w, from.bytes, packed);
    return mdg_program_add_buffer(p, MDG_BUF_CONST, from.name, from.element, bytes, packed);
}

void mdg_spec_pack_weights(mdg_program *p, const bool *without) {
    const int n = p->n_buffers;
    int *packed = mdg_arena_array(p->arena, (size_t)n, sizeof *packed); /* of each buffer; 0: none yet */
    for (int i = 0; i < p->n_calls; i++) {
        mdg_call *c = &p->calls[i];
        if (!mdg_spec_is_packable(p, c, without)) continue;
        if (!packed[c->in[1]]) packed[c->in[1]] = add_packed(p, c->in[1]);
        c->in[1] = packed[c->in[1]];
        c->kernel = packed_kernels[c->kernel];
    }
}
