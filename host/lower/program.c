/* SPDX-License-Identifier: MIT */
#include "lower/program.h"

#include <string.h>

/* Doubles an array of the arena when it is full; what it was stays in the arena until that is freed. */
static void *grown(mdg_arena *arena, void *items, int count, int *capacity, size_t size) {
    if (count < *capacity) return items;
    *capacity = *capacity ? *capacity * 2 : 32;
    void *bigger = mdg_arena_array(arena, (size_t)*capacity, size);
    if (count) memcpy(bigger, items, (size_t)count * size);
    return bigger;
}

int mdg_program_add_buffer(mdg_program *p, mdg_buffer_kind kind, const char *name, const char *element,
                           size_t bytes, const void *data) {
    p->buffers = grown(p->arena, p->buffers, p->n_buffers, &p->buffers_capacity, sizeof *p->buffers);
    if (data && (uintptr_t)data % 16) data = mdg_arena_copy(p->arena, data, bytes);
    p->buffers[p->n_buffers] = (mdg_buffer){
        .kind = kind, .name = name, .element = element, .bytes = bytes, .data = data, .whole = -1};
    return p->n_buffers++;
}

static mdg_call *add(mdg_program *p) {
    p->calls = grown(p->arena, p->calls, p->n_calls, &p->calls_capacity, sizeof *p->calls);
    mdg_call *c = &p->calls[p->n_calls++];
    *c = (mdg_call){.inplace_in = -1, .inplace_out = -1, .op = -1};
    return c;
}

mdg_call *mdg_program_add_call(mdg_program *p, mdg_kernel_id kernel, const void *params) {
    mdg_call *c = add(p);
    c->kernel = kernel;
    c->params = params;
    return c;
}

mdg_call *mdg_program_add_step(mdg_program *p, mdg_step step, int condition) {
    mdg_call *c = add(p);
    c->step = step;
    if (condition >= 0) mdg_call_add_in(c, condition);
    return c;
}

void mdg_call_add_in(mdg_call *c, int buffer) {
    c->in[c->n_in++] = buffer;
}

void mdg_call_add_out(mdg_call *c, int buffer) {
    c->out[c->n_out++] = buffer;
}

void mdg_program_place_parts(mdg_program *p) {
    for (int i = 0; i < p->n_buffers; i++) {
        mdg_buffer *b = &p->buffers[i];
        if (b->whole >= 0) b->offset = p->buffers[b->whole].offset + b->place;
    }
}

mdg_program mdg_program_copy(const mdg_program *p, mdg_arena *arena) {
    mdg_program copy = *p;
    copy.arena = arena;
    copy.buffers = mdg_arena_copy(arena, p->buffers, (size_t)p->n_buffers * sizeof *p->buffers);
    copy.calls = mdg_arena_copy(arena, p->calls, (size_t)p->n_calls * sizeof *p->calls);
    copy.buffers_capacity = p->n_buffers;
    copy.calls_capacity = p->n_calls;
    return copy;
}
