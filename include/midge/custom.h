/* SPDX-License-Identifier: MIT
 *
 * custom.h: kernels that the application brings, for operators that midge does not know. The operator MY_OP
 * of a model calls this function of the application, from generated C and from a model image alike:
 *
 *     void MY_OP(const void *params, const void *const *in, void *const *out) {
 *         const mdg_custom_params *p = (const mdg_custom_params *)params;
 *         const mdg_custom_tensor *t = (const mdg_custom_tensor *)in[p->n_in];   // inputs, then outputs
 *         const uint8_t *options = (const uint8_t *)in[p->n_in + 1];             // p->options_bytes of them
 *         ...                                                                    // in[0], out[0], t[0].dim
 *     }
 *
 * An image's firmware names it in its table, MDG_USE_CUSTOM(MY_OP), and gives it a check (check.h),
 * MY_OP_check, which decides whether the sizes that an image tells are what the kernel expects.
 * mdg_custom_is_sound has checked the rest.
 */
#ifndef MIDGE_CUSTOM_H
#define MIDGE_CUSTOM_H

#include "midge/check.h"

typedef struct mdg_custom_tensor {
    int32_t type; /* as in .tflite files: 0 float32, 2 int32, 3 uint8, 7 int16, 9 int8, ...; -1: the tensor is
                     absent */
    int32_t rank;
    int32_t dim[MDG_MAX_RANK];
    float scale; /* real = scale * (q - zero_point); 0: not quantised */
    int32_t zero_point;
} mdg_custom_tensor;

/* Whether parameters, descriptions of tensors and options are there, and constant: the first thing to ask in
 * a check of one's own. */
static inline bool mdg_custom_is_sound(const void *params, const mdg_sizes *s) {
    const mdg_custom_params *p = (const mdg_custom_params *)params;
    if (s->params_bytes != sizeof *p || s->n_in < 2 || p->n_in != (int32_t)s->n_in - 2 ||
        p->n_out != (int32_t)s->n_out || p->options_bytes < 0)
        return false;
    return s->constant[p->n_in] && s->in[p->n_in] >= (s->n_in - 2 + s->n_out) * sizeof(mdg_custom_tensor) &&
           (uint32_t)p->options_bytes <= s->in[p->n_in + 1];
}

#endif
