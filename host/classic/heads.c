/* SPDX-License-Identifier: MIT */
#include "classic/heads.h"

#include <math.h>

void mdg_build_shares(mdg_builder *b, int n_classes) {
    const mdg_builder_op op = {.code = MDG_OP_QUANTIZE,
                               .type = MDG_INT8,
                               .n = n_classes,
                               .scale = 1.0f / 256,
                               .zero_point = INT8_MIN};
    mdg_builder_add(b, &op);
}

void mdg_build_softmax(mdg_builder *b, int n_classes) {
    const mdg_builder_op op = {.code = MDG_OP_SOFTMAX,
                               .type = MDG_INT8,
                               .n = n_classes,
                               .scale = 1.0f / 256,
                               .zero_point = INT8_MIN};
    mdg_builder_add(b, &op);
    mdg_softmax_attrs *attrs = b->sub->ops[b->sub->n_ops - 1].attrs;
    attrs->beta = 1;
}

void mdg_see(mdg_range_seen *r, const double *values, int n) {
    for (int i = 0; i < n; i++) {
        r->lo = fmin(r->lo, values[i]);
        r->hi = fmax(r->hi, values[i]);
    }
}

mdg_builder_op mdg_logits_op(mdg_opcode code, int n_classes, const mdg_range_seen *r) {
    mdg_builder_op op = {.code = code, .type = MDG_INT8, .n = n_classes};
    op.scale = (float)(fmax(r->hi - r->lo, 1e-3) / 255);
    op.zero_point = (int)fmax(INT8_MIN, fmin(INT8_MAX, INT8_MIN - rint(r->lo / (double)op.scale)));
    return op;
}

void mdg_build_anomaly(mdg_builder *b, int32_t threshold) {
    mdg_builder_op op = {.code = MDG_OP_MIDGE_ANOMALY, .n_constants = 1, .type = MDG_INT8, .n = 2};
    op.constants[0] = mdg_builder_list(b, "threshold", MDG_INT32, &threshold, 1);
    op.scale = 1.0f / 256;
    op.zero_point = INT8_MIN;
    mdg_builder_add(b, &op);
}
