/* SPDX-License-Identifier: MIT
 *
 * Helpers of checks that are too long to be inline.
 */
#include "../check.h"

bool mdg_has_multipliers(const mdg_sizes *s, uint32_t k, uint32_t count, int32_t max_shift) {
    if (!mdg_has_in(s, k, count, sizeof(int32_t)) || !mdg_has_in(s, k + 1, count, sizeof(int32_t)))
        return false;
    const int32_t *mult = (const int32_t *)s->constant[k], *shift = (const int32_t *)s->constant[k + 1];
    if (!mult || !shift) return false;
    for (uint32_t i = 0; i < count; i++)
        if (mult[i] < 0 || !mdg_within(shift[i], -31, max_shift)) return false;
    return true;
}

bool mdg_is_window(const mdg_window_check *w) {
    const int64_t limit = 1 << 29;
    return w->out > 0 && w->kernel > 0 && w->stride > 0 && w->dilation > 0 && w->pad >= 0 &&
           w->pad <= limit && (int64_t)w->out * w->stride <= limit &&
           (int64_t)w->kernel * w->dilation <= limit;
}

uint32_t mdg_line_elements(const mdg_line_check *l) {
    const int64_t limit = 1 << 29;
    if (l->channels < 1 || l->taps < 1 || l->outputs < 1 || l->tap_step < 0 || l->out_step < 0) return 0;
    const int64_t taps = (int64_t)(l->taps - 1) * l->tap_step,
                  outputs = (int64_t)(l->outputs - 1) * l->out_step;
    if (taps > limit || outputs > limit || l->channels > limit) return 0;
    return (uint32_t)(taps + outputs + l->channels);
}

bool mdg_has_steps(const mdg_window_check *h, const mdg_window_check *w, int32_t in_w, int32_t in_c) {
    const int32_t limit = 1 << 29;
    if (!mdg_within(in_w, 1, limit) || !mdg_within(in_c, 1, limit)) return false;
    const int64_t tap = (int64_t)w->dilation * in_c, line = (int64_t)h->dilation * in_w;
    return tap <= limit && tap * w->kernel <= limit && line <= limit && line * in_c <= limit;
}
