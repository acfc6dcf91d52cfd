/* SPDX-License-Identifier: MIT
 *
 * rules.h: the table of rules.def. Private to host/quant.
 */
#ifndef MDG_QUANT_RULES_H
#define MDG_QUANT_RULES_H

#include "graph/graph.h"
#include "util/affine.h"

typedef enum mdg_quant_kind {
    MDG_QUANT_UNSUPPORTED,
    MDG_QUANT_WEIGHTED,
    MDG_QUANT_OWN,
    MDG_QUANT_SAME,
    MDG_QUANT_FIXED
} mdg_quant_kind;

typedef struct mdg_quant_rule {
    mdg_quant_kind kind;
    int data, weights, bias, axis; /* WEIGHTED */
    mdg_affine fixed;              /* FIXED */
} mdg_quant_rule;

const mdg_quant_rule *mdg_quant_rule_of(const mdg_op *op);

#endif
