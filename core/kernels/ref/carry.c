/* SPDX-License-Identifier: MIT
 *
 * Moves bytes to the begin of their buffer: the rows of a picture that the next band needs as well.
 */
#include "midge/kernel.h"
#include <string.h>

MDG_KERNEL void mdg_carry(const void *params, const void *const *in, void *const *out) {
    const mdg_carry_params *p = (const mdg_carry_params *)params;
    uint8_t *y = (uint8_t *)out[0]; /* [from + bytes], which is input 0 as well */

    (void)in;
    for (int32_t left = p->bytes; left > 0; left -= p->from, y += p->from)
        memcpy(y, y + p->from, (size_t)(left < p->from ? left : p->from)); /* never over what it reads */
}
