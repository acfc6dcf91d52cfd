/* SPDX-License-Identifier: MIT */
#include "quant/rules.h"

static const mdg_quant_rule rules[MDG_OP_COUNT] = {
#define WEIGHTED(op, d, w, b, a)                                                                             \
    [MDG_OP_##op] = {.kind = MDG_QUANT_WEIGHTED, .data = d, .weights = w, .bias = b, .axis = a},
#define OWN(op)                [MDG_OP_##op] = {.kind = MDG_QUANT_OWN},
#define SAME(op)               [MDG_OP_##op] = {.kind = MDG_QUANT_SAME},
#define FIXED(op, scale, zero) [MDG_OP_##op] = {.kind = MDG_QUANT_FIXED, .fixed = {scale, zero}},
#include "quant/rules.def"
#undef WEIGHTED
#undef OWN
#undef SAME
#undef FIXED
};

const mdg_quant_rule *mdg_quant_rule_of(const mdg_op *op) {
    return &rules[op->code];
}
