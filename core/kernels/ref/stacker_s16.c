/* SPDX-License-Identifier: MIT
 *
 * SignalStacker: joins a frame with those to its left and right, every `step` bytes of frames. The first
 * frame stands for those that were before it. While frames are missing the output is left as it is, and not
 * valid.
 */
#include "midge/kernel.h"
#include "sample_queue.h"

MDG_KERNEL void mdg_stacker_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_stacker_params *p = (const mdg_stacker_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [channels] */
    int16_t *y = (int16_t *)out[0];            /* [size] */
    uint8_t *valid = (uint8_t *)out[1];        /* [1] */
    int16_t *queue = (int16_t *)out[2];        /* [size] */
    int32_t *queued = (int32_t *)out[3]; /* [2] samples in the queue; whether the first frame was seen */

    const int32_t copies = queued[1] ? 1 : 1 + p->left;
    for (int32_t i = 0; i < copies; i++, queued[0] += p->channels) {
        queued[0] = mdg_samples_queued(queued[0], p->channels, p->size);
        mdg_samples_copy(queue + queued[0], x, p->channels);
    }
    queued[1] = 1;
    *valid = queued[0] == p->size;
    if (!*valid) return;
    mdg_samples_copy(y, queue, p->size);
    mdg_samples_drop(queue, p->size, p->step);
    queued[0] -= p->step;
}
