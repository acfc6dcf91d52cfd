/* SPDX-License-Identifier: MIT
 *
 * CIRCULAR_BUFFER: a window of the last slots; the input, one or more of them, enters at the end. Every
 * `period` calls it is valid.
 */
#include "midge/kernel.h"
#include "midge/copy_words.h"

MDG_KERNEL void mdg_circular_buffer_8(const void *params, const void *const *in, void *const *out) {
    const mdg_circular_buffer_params *p = (const mdg_circular_buffer_params *)params;
    const uint8_t *x = (const uint8_t *)in[0]; /* [depth] */
    uint8_t *window = (uint8_t *)out[0];       /* [size] output and state */
    uint8_t *valid = (uint8_t *)out[1];        /* [1] or NULL where it always is */
    int32_t *remaining = (int32_t *)out[2];    /* [1] calls until it is, or NULL */

    const int32_t kept = p->size - p->depth;
    for (int32_t i = 0; i < kept; i += p->depth) /* pieces that do not overlap where they go to */
        mdg_copy_words(window + i, window + i + p->depth, kept - i < p->depth ? kept - i : p->depth);
    mdg_copy_words(window + kept, x, p->depth);
    if (!valid) return;
    if (*remaining > 0) *remaining -= 1;
    *valid = *remaining <= 0;
    if (*valid) *remaining = p->period;
}
