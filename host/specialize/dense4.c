/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED with weights of 4 bits on armv7em: the stream of core/kernels/armv7em/dense4.h.
 */
#include "specialize/dense.h"
#include "specialize/weights4.h"

enum { SUM_LIMIT = (1 << 27) / 273 }; /* of |x w| in a chunk */

/* What half a word holds of input t of four rows; the rows stand `depth` weights apart. */
static int32_t half_of(const int8_t *const row[4], int32_t t) {
    return row[0][t] + 16 * row[1][t] + 256 * row[2][t] + 4096 * row[3][t];
}

/* A negative row must not borrow from a -8. */
static bool has_room(const int8_t *const row[4], int32_t t) {
    const int32_t two = row[0][t] + 16 * row[1][t], three = two + 256 * row[2][t];
    return two >= -128 && three >= -2048 && half_of(row, t) >= -32768;
}

/* Rows first to first + 3, of which those that do not exist are `nothing` */
static void rows_of(const mdg_spec_layer *l, int32_t first, const int8_t *nothing, const int8_t *row[4]) {
    for (int32_t i = 0; i < 4; i++) row[i] = first + i < l->out_c ? l->w + (first + i) * l->depth : nothing;
}

static bool chunk_fits(const mdg_spec_layer *l, int32_t chunk) {
    for (int32_t c = 0; c < l->out_c; c++) {
        const int8_t *row = l->w + c * l->depth;
        for (int32_t t = 0, sum = 0; t < l->depth; t++) {
            if (t % chunk == 0) sum = 0;
            sum += 128 * (row[t] < 0 ? -row[t] : row[t]);
            if (sum >= SUM_LIMIT) return false;
        }
    }
    return true;
}

static int32_t chunk_of(const mdg_spec_layer *l) {
    int32_t chunk = l->depth;
    while (!chunk_fits(l, chunk)) chunk = (chunk / 2 + 3) / 4 * 4;
    return chunk;
}

static bool fits(const mdg_spec *s, const mdg_spec_layer *l) {
    const int8_t *nothing = mdg_arena_alloc(s->program->arena, (size_t)l->depth), *row[4];
    if (!mdg_spec_fits_4_bits(l->w, (size_t)l->out_c * (size_t)l->depth)) return false;
    for (int32_t c = 0; c < l->out_c; c++)
        if (!mdg_spec_two_sided_fits(&l->channels[c])) return false;
    for (int32_t first = 0; first < l->out_c; first += 4) {
        rows_of(l, first, nothing, row);
        for (int32_t t = 0; t < l->depth; t++)
            if (!has_room(row, t)) return false;
    }
    return true;
}

static void add_stream(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l) {
    const size_t count = (size_t)(l->out_c + 3) / 4 * (size_t)(4 + l->depth / 2);
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    const int8_t *nothing = mdg_arena_alloc(s->program->arena, (size_t)l->depth), *row[4];
    for (int32_t first = 0; first < l->out_c; first += 4) {
        rows_of(l, first, nothing, row);
        for (int32_t i = 0; i < 4; i++) *to++ = first + i < l->out_c ? l->channels[first + i].bias : 0;
        for (int32_t t = 0; t < l->depth; t += 4)
            for (int odd = 0; odd < 2; odd++)
                *to++ = (int32_t)(((uint32_t)half_of(row, t + odd) & 0xFFFFu) |
                                  (uint32_t)half_of(row, t + odd + 2) << 16);
    }
    mdg_spec_add_const(s, c, mdg_spec_weights_name(s), words, count);
}

bool mdg_spec_add_fully_connected_w4(mdg_spec *s, mdg_spec_layer *l, int32_t batches, int32_t in_c) {
    l->packed = true;
    if (mdg_spec_joins_convolutions(s, l, batches, in_c)) return true;
    if (!fits(s, l) || !mdg_spec_may_use(s, MDG_K_fully_connected_smlad_s8_w4)) return false;
    const bool one_factor = mdg_spec_has_one_factor(l);
    mdg_fully_connected_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_fully_connected_smlad_params){.batches = batches,
                                            .in_c = in_c,
                                            .out_c = l->out_c,
                                            .chunk = chunk_of(l),
                                            .requant_step = one_factor ? 0 : 3};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_fully_connected_smlad_s8_w4, q);
    add_stream(s, c, l);
    mdg_spec_add_requant(s, c, l, one_factor ? 1 : l->out_c);
    return true;
}

bool mdg_spec_fully_connected_w4(mdg_spec *s) {
    const mdg_fully_connected_params *p = s->call->params;
    mdg_spec_layer l;
    if (s->optimize == MDG_OPTIMIZE_speed || !mdg_spec_fully_connected_bound(s, &l) ||
        !mdg_spec_add_fully_connected_w4(s, &l, p->batches, p->in_c))
        return false;
    mdg_spec_add_clamp(s, p->batches * p->out_c, p->act_min, p->act_max);
    return true;
}

bool mdg_spec_conv2d_w4(mdg_spec *s) {
    const mdg_conv2d_params *p = s->call->params;
    mdg_spec_layer l;
    if (s->optimize == MDG_OPTIMIZE_speed || p->filter_c != p->in_c || !mdg_spec_is_fully_connected(p) ||
        !mdg_spec_conv_bound(s, false, &l) ||
        !mdg_spec_add_fully_connected_w4(s, &l, p->batches, p->kernel_h * p->kernel_w * p->in_c))
        return false;
    mdg_spec_add_clamp(s, p->batches * p->out_c, p->act_min, p->act_max);
    return true;
}
