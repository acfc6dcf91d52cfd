/* SPDX-License-Identifier: MIT
 *
 * Copies of a whole tensor to a stretch of another, or of a stretch of one to another: no copy is needed
 * where the smaller tensor is that stretch.
 */
#include "fuse/parts.h"

/* One stretch of bytes */
static bool is_stretch(const mdg_copy_params *p) {
    return p->blocks == 1 || (p->in_step == p->block_bytes && p->out_step == p->block_bytes);
}

static size_t stretch_bytes(const mdg_copy_params *p) {
    return (size_t)p->blocks * (size_t)p->block_bytes;
}

static bool become_part(mdg_fuser *f, int call, int part, int whole, int32_t place) {
    if (place % f->part_align) return false;
    mdg_buffer *b = &f->program->buffers[part];
    b->whole = whole;
    b->place = (size_t)place;
    mdg_fuse_remove(f, call);
    return true;
}

bool mdg_fuse_copy(mdg_fuser *f, int call) {
    const mdg_call *c = &f->program->calls[call];
    const mdg_copy_params *p = c->params;
    if (f->part_align < 1 || c->kernel != MDG_K_copy || !is_stretch(p)) return false;
    const int x = c->in[0], y = c->out[0];
    const mdg_buffer *bx = mdg_fuse_buffer(f, x), *by = mdg_fuse_buffer(f, y);
    if (bx->kind != MDG_BUF_ARENA || by->kind != MDG_BUF_ARENA) return false;
    if (by->whole < 0 && mdg_fuse_is_free(f, x) && p->in_offset == 0 && stretch_bytes(p) == bx->bytes)
        return become_part(f, call, x, y, p->out_offset);
    if (bx->whole < 0 && mdg_fuse_is_free(f, y) && f->of[y].writes == 1 && p->out_offset == 0 &&
        stretch_bytes(p) == by->bytes)
        return become_part(f, call, y, x, p->in_offset);
    return false;
}
