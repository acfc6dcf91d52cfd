/* SPDX-License-Identifier: MIT
 *
 * bands.h: random chains of layers that can run in bands.
 */
#ifndef MDG_TEST_BANDS_H
#define MDG_TEST_BANDS_H

#include "host/fuse/chains.h"

#include "fuse/band.h"

static inline void bands_add_clamp(chain *s) {
    mdg_clamp_params *p = chain_params(s, sizeof *p);
    *p = (mdg_clamp_params){.count = chain_bytes(s), .min = random_int(s->l.rng, -128, 0)};
    p->max = random_int(s->l.rng, p->min, 127);
    chain_unary(s, MDG_K_clamp_s8, p);
}

/* A branch, whose end is added to where it began */
static inline void bands_add_residual(chain *s) {
    mdg_rng *r = s->l.rng;
    const int begin = s->buffer;
    const int32_t h = s->h, w = s->w, c = s->c;
    bands_add_clamp(s);
    if (random_int(r, 0, 1)) chain_conv(s, true, 0, 1, random_int(r, -128, 127));
    chain_conv(s, false, c, 1, 3);
    if (s->h == h && s->w == w) chain_add(s, begin);
}

static inline void bands_add_layer(chain *s) {
    mdg_rng *r = s->l.rng;
    switch (random_int(r, 0, 7)) {
    case 0: chain_pool(s, MDG_K_max_pool2d_s8, 3); break;
    case 1: chain_pool(s, MDG_K_average_pool2d_s8, 3); break;
    case 2: bands_add_residual(s); break;
    case 3: chain_conv(s, false, 4 * random_int(r, 1, 3), 1, random_int(r, -128, 127)); break;
    case 4: bands_add_clamp(s); break;
    case 5: chain_conv(s, true, 0, 5, random_int(r, -128, 127)); break;
    case 6: chain_conv(s, true, 0, 3, random_int(r, -128, 127)); break;
    default: chain_conv(s, false, random_int(r, 1, 8), 5, random_int(r, -128, 127)); break;
    }
}

static inline chain bands_random_chain(mdg_rng *r, mdg_arena *arena) {
    chain s = chain_new(r, arena, random_int(r, 4, 24), random_int(r, 2, 9), random_int(r, 1, 8));
    const int n = random_int(r, 2, 7);
    for (int i = 0; i < n; i++) bands_add_layer(&s);
    chain_output(&s);
    mdg_program_lifetimes(&s.l.program);
    return s;
}

/* The largest group of calls that runs in bands; some rows at a time */
static inline bool bands_find_group(mdg_rng *r, const mdg_program *p, mdg_band_group *g) {
    g->rows = random_int(r, 1, 3);
    for (int n = p->n_calls; n > 1; n--) {
        for (g->first = 0; g->first + n <= p->n_calls; g->first++) {
            g->last = g->first + n - 1;
            if (mdg_band_fits(p, g)) return true;
        }
    }
    return false;
}

#endif
