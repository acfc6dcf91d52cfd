/* SPDX-License-Identifier: MIT
 *
 * The stream of core/kernels/armv7em/dense.h.
 */
#include "specialize/dense.h"

#include "specialize/clusters.h"

/* Whether every chunk's sum of b stays in 24 bits, for inputs from -128 to 127 */
static bool chunk_fits(const mdg_spec_layer *l, int32_t chunk) {
    for (int32_t c = 1; c < l->out_c; c += 2) {
        for (int32_t from = 0; from < l->depth; from += chunk) {
            const int32_t to = from + chunk < l->depth ? from + chunk : l->depth;
            int64_t sum = 0;
            for (int32_t t = from; t < to; t++) {
                const int32_t w = l->w[c * l->depth + t];
                sum += 128 * (w < 0 ? -w : w);
            }
            if (sum >= 1 << 23) return false;
        }
    }
    return true;
}

int32_t mdg_spec_dense_chunk(const mdg_spec_layer *l) {
    int32_t chunk = l->depth;
    while (!chunk_fits(l, chunk)) chunk = (chunk / 2 + 3) / 4 * 4;
    return chunk;
}

bool mdg_spec_dense_fits(const mdg_spec_layer *l) {
    for (int32_t c = 1; c < l->out_c; c += 2) {
        const int8_t *w = l->w + c * l->depth;
        if (!mdg_spec_pair_fits(w - l->depth, w, l->depth)) return false;
    }
    return true;
}

/* Four rows' weights of four inputs; returns the stream behind them. */
static int32_t *put_block(const mdg_spec_layer *l, int32_t *to, const int8_t *const row[4], int32_t t) {
    for (int i = 0; i < 2; i++) {
        const int8_t *a = row[2 * i] + t, *b = row[2 * i + 1] + t;
        if (l->clusters)
            to[i] = mdg_spec_cluster_pair(l->clusters, a, b);
        else
            to[i] = mdg_spec_pair(a, b, 0), to[2 + i] = mdg_spec_pair(a, b, 1);
    }
    return to + (l->clusters ? 2 : 4);
}

void mdg_spec_add_dense_stream(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, const char *name) {
    const size_t count = (size_t)(l->out_c + 3) / 4 * (size_t)(4 + l->depth / (l->clusters ? 2 : 1));
    int32_t *words = mdg_arena_array(s->program->arena, count, sizeof *words), *to = words;
    const int8_t *nothing = mdg_arena_alloc(s->program->arena, (size_t)l->depth);
    for (int32_t first = 0; first < l->out_c; first += 4) {
        const int8_t *row[4];
        for (int32_t i = 0; i < 4; i++) {
            const bool exists = first + i < l->out_c;
            row[i] = exists ? l->w + (first + i) * l->depth : nothing;
            *to++ = exists ? l->channels[first + i].bias : 0;
        }
        for (int32_t t = 0; t < l->depth; t += 4) to = put_block(l, to, row, t);
    }
    mdg_spec_add_const(s, c, name, words, count);
}
