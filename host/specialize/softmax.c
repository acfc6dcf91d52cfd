/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX.
 */
#include "core/kernels/ref/softmax_s8.h"
#include "specialize/spec.h"

/* A table of up to 1 KB pays from so many elements on; one of an exponential below the step of the sum would
 * count as nothing. */
enum { WORTH_A_TABLE = 128, MIN_EXP = 1 << 11 };

static bool is_worth_it(const mdg_spec *s, const mdg_softmax_params *p) {
    const bool is_open = s->optimize == MDG_OPTIMIZE_speed || s->optimize == MDG_OPTIMIZE_size;
    return is_open || p->rows * p->depth >= WORTH_A_TABLE;
}

bool mdg_spec_softmax(mdg_spec *s) {
    const mdg_softmax_params *p = s->call->params;
    if (!is_worth_it(s, p)) return false;
    int32_t table[256], n = 0;
    for (; n < 256 && -n >= p->diff_min; n++) {
        table[n] = mdg_softmax_s8_exp(p, -n);
        if (table[n] < MIN_EXP) break;
    }
    mdg_softmax_table_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    *q = (mdg_softmax_table_params){.rows = p->rows, .depth = p->depth, .entries = n};
    mdg_call *c = mdg_spec_add_call(s, MDG_K_softmax_table_s8, q);
    const size_t bytes = sizeof *table * (size_t)n;
    mdg_spec_add_const(s, c, "exponentials", mdg_arena_copy(s->program->arena, table, bytes), (size_t)n);
    return true;
}
