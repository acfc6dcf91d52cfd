/* SPDX-License-Identifier: MIT
 *
 * BATCH_TO_SPACE_ND for elements of any type; the border is cropped away.
 */
#include "space_batch_util.h"
#include <string.h>

MDG_KERNEL void mdg_batch_to_space_nd(const void *params, const void *const *in, void *const *out) {
    const mdg_space_batch_params *p = (const mdg_space_batch_params *)params;
    const uint8_t *x = (const uint8_t *)in[0]; /* blocks */
    uint8_t *y = (uint8_t *)out[0];            /* space */

    const int32_t places = mdg_space_batch_places(p);
    for (int32_t i = 0; i < places; i++, x += p->bytes) {
        const int32_t offset = mdg_space_batch_offset(p, i);
        if (offset >= 0) memcpy(y + offset, x, (size_t)p->bytes);
    }
}
