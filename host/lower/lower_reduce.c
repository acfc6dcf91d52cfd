/* SPDX-License-Identifier: MIT
 *
 * MEAN.
 */
#include "lower/lower.h"

enum { MAX_INPUTS = 1 << 23 }; /* int8 differences that a 32-bit sum holds */

/* TFLM folds 1/inputs into the multiplier: (mult << s) / inputs, s = floor(log2 inputs), no more than the
 * shift allows. */
static void fold_count(mdg_reduce_params *p) {
    int s = 0;
    while (s < 31 && p->inputs >> (s + 1)) s++;
    if (s > 31 + p->shift) s = 31 + p->shift;
    p->mult = (int32_t)(((int64_t)p->mult << s) / p->inputs);
    p->shift -= s;
}

static mdg_status lower_mean(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    mdg_reduce_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_reduce(lo, p));
    if (x->type != MDG_FLOAT32) {
        MDG_TRY(mdg_lo_need_scale(lo, x));
        MDG_TRY(mdg_lo_need_scale(lo, y));
        MDG_TRY(mdg_lo_need(lo, p->inputs <= MAX_INPUTS,
                            "a mean over more than 2^23 elements overflows the sum"));
        p->in_zero = mdg_lo_zero(x);
        p->out_zero = mdg_lo_zero(y);
        const double real = (double)mdg_lo_scale(x) / (double)mdg_lo_scale(y);
        MDG_TRY(mdg_lo_multiplier(lo, real, &p->mult, &p->shift));
        fold_count(p);
    }
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

static const mdg_variant mean[] = {
    {"int8,int32->int8", MDG_K_mean_s8},
    {"float32,int32->float32", MDG_K_mean_f32},
};
MDG_RULE(mean, 2, 2, 1, mean, lower_mean);
