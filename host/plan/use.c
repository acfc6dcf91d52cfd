/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include "plan/plan.h"

static int by_offset(const void *a, const void *b) {
    const mdg_buffer *const *x = a, *const *y = b;
    return ((*x)->offset > (*y)->offset) - ((*x)->offset < (*y)->offset);
}

size_t mdg_plan_bytes_in_use(const mdg_program *p, int call) {
    const mdg_buffer **live = mdg_arena_array(p->arena, (size_t)p->n_buffers, sizeof *live);
    size_t n = 0, end = 0, sum = 0;
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->kind == MDG_BUF_ARENA && b->first <= call && b->last >= call) live[n++] = b;
    }
    qsort(live, n, sizeof *live, by_offset);
    for (size_t i = 0; i < n; i++) {
        const size_t from = live[i]->offset > end ? live[i]->offset : end;
        const size_t to = live[i]->offset + live[i]->bytes;
        if (to <= from) continue;
        sum += to - from;
        end = to;
    }
    return sum;
}
