/* SPDX-License-Identifier: MIT
 *
 * SignalFramer: cuts rows of samples into overlapping frames, from call to call. A frame for which not enough
 * samples have come yet is left as it is, and the output is not valid.
 */
#include "midge/kernel.h"
#include "sample_queue.h"

MDG_KERNEL void mdg_framer_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_framer_params *p = (const mdg_framer_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [rows][frames][step] */
    int16_t *y = (int16_t *)out[0];            /* [rows][frames][size] */
    uint8_t *valid = (uint8_t *)out[1];        /* [1] */
    int16_t *queue = (int16_t *)out[2];        /* [rows][capacity] */
    int32_t *queued = (int32_t *)out[3];       /* [1] in the queue of each row */

    const int32_t before = *queued;
    *valid = 1;
    for (int32_t row = 0; row < p->rows; row++, queue += p->capacity) {
        *queued = before;
        for (int32_t frame = 0; frame < p->frames; frame++, x += p->step, y += p->size) {
            *queued = mdg_samples_queued(*queued, p->step, p->capacity);
            mdg_samples_copy(queue + *queued, x, p->step);
            *queued += p->step;
            if (*queued < p->size) {
                *valid = 0;
                continue;
            }
            mdg_samples_copy(y, queue, p->size);
            mdg_samples_drop(queue, *queued, p->step);
            *queued -= p->step;
        }
    }
}
