/* SPDX-License-Identifier: MIT
 *
 * SPACE_TO_BATCH_ND for elements of any type; the border is filled with one byte.
 */
#include "space_batch_util.h"
#include <string.h>

MDG_KERNEL void mdg_space_to_batch_nd(const void *params, const void *const *in, void *const *out) {
    const mdg_space_batch_params *p = (const mdg_space_batch_params *)params;
    const uint8_t *x = (const uint8_t *)in[0]; /* space */
    uint8_t *y = (uint8_t *)out[0];            /* blocks */

    const int32_t places = mdg_space_batch_places(p);
    for (int32_t i = 0; i < places; i++, y += p->bytes) {
        const int32_t offset = mdg_space_batch_offset(p, i);
        if (offset < 0)
            memset(y, (int)p->fill, (size_t)p->bytes);
        else
            memcpy(y, x + offset, (size_t)p->bytes);
    }
}
