/* SPDX-License-Identifier: MIT
 *
 * EMBEDDING_LOOKUP: input 0 are row numbers, input 1 is the table of rows.
 */
#include "lower/lower.h"

static mdg_status lower(mdg_lowering *lo) {
    const mdg_tensor *lookup = mdg_lo_input(lo, 0), *table = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_rank(lo, lookup, 1, 1));
    MDG_TRY(mdg_lo_need_rank(lo, table, 2, MDG_MAX_RANK));
    mdg_embedding_lookup_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_embedding_lookup_params){.count = mdg_lo_elements(lookup), .rows = table->shape.dim[0]};
    const int32_t row = mdg_lo_elements(table) / p->rows;
    MDG_TRY(mdg_lo_need_elements(lo, y, (int64_t)p->count * row));
    p->row_size = row;
    if (lo->kernel == MDG_K_embedding_lookup_s8_f32) {
        MDG_TRY(mdg_lo_need_symmetric(lo, table));
        p->scale = mdg_lo_scale(table);
    } else {
        p->row_size *= (int32_t)(mdg_type_bits(table->type) / 8);
    }
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant variants[] = {
    {"int32,int8->int8", MDG_K_embedding_lookup},
    {"int32,float32->float32", MDG_K_embedding_lookup},
    {"int32,int8->float32", MDG_K_embedding_lookup_s8_f32},
};
MDG_RULE(embedding_lookup, 2, 2, 1, variants, lower);
