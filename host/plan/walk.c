/* SPDX-License-Identifier: MIT */
#include "plan/walk.h"

/* The first tap of output o along one axis that lies inside the input; -1: none does */
static int32_t first_inside(int32_t o, int32_t stride, int32_t pad, int32_t dilation, int32_t taps,
                            int32_t size) {
    const int64_t start = (int64_t)o * stride - pad;
    const int64_t skipped = start < 0 ? (-start + dilation - 1) / dilation : 0;
    const int64_t at = start + skipped * dilation;
    return skipped < taps && at < size ? (int32_t)at : -1;
}

/* Reads the window of output `o` of all, from `offset` bytes behind its begin on. */
static void read_window(mdg_walk *walk, const mdg_windows *w, int64_t o, int64_t offset) {
    const int32_t ox = (int32_t)(o % w->out_w), oy = (int32_t)(o / w->out_w % w->out_h);
    const int64_t batch = o / w->out_w / w->out_h;
    const int32_t y = first_inside(oy, w->stride_h, w->pad_h, w->dilation_h, w->kernel_h, w->in_h);
    const int32_t x = first_inside(ox, w->stride_w, w->pad_w, w->dilation_w, w->kernel_w, w->in_w);
    if (y < 0 || x < 0) return;
    mdg_walk_read(walk, ((batch * w->in_h + y) * w->in_w + x) * w->in_bytes + offset);
}

int64_t mdg_windows_lead(const mdg_windows *w) {
    const int64_t outputs = (int64_t)w->batches * w->out_h * w->out_w;
    mdg_walk walk = {0};
    for (int64_t o = 0; o < outputs; o += w->group) {
        const int64_t end = o + w->group < outputs ? o + w->group : outputs;
        for (int64_t i = o; i < end; i++) read_window(&walk, w, i, 0);
        if (w->before_last) {
            mdg_walk_write(&walk, o * w->out_bytes + w->before_last);
            read_window(&walk, w, o, w->last_read);
        }
        mdg_walk_write(&walk, end * w->out_bytes);
    }
    return walk.lead;
}
