/* SPDX-License-Identifier: MIT
 *
 * Moves blocks of bytes from one tensor into another (CONCATENATION, one call per input; RESHAPE of a
 * constant).
 */
#include "midge/kernel.h"
#include <string.h>

MDG_KERNEL void mdg_copy(const void *params, const void *const *in, void *const *out) {
    const mdg_copy_params *p = (const mdg_copy_params *)params;
    const uint8_t *x = (const uint8_t *)in[0] + p->in_offset;
    uint8_t *y = (uint8_t *)out[0] + p->out_offset;

    for (int32_t b = 0; b < p->blocks; b++, x += p->in_step, y += p->out_step)
        memcpy(y, x, (size_t)p->block_bytes);
}
