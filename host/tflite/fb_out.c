/* SPDX-License-Identifier: MIT */
#include "tflite/fb_out.h"

#include <string.h>

/* Appends zero bytes and returns their place. */
static size_t extend(mdg_fb_out *o, size_t bytes) {
    const size_t at = o->size;
    if (bytes > o->room - o->size) {
        o->room = 2 * (o->size + bytes) + 1024;
        uint8_t *data = mdg_arena_alloc(o->arena, o->room);
        if (o->size) memcpy(data, o->data, o->size);
        o->data = data;
    }
    o->size += bytes;
    return at;
}

void mdg_fb_out_pad(mdg_fb_out *o, size_t alignment, size_t ahead) {
    const size_t over = (o->size + ahead) % alignment;
    if (over) extend(o, alignment - over);
}

void mdg_fb_out_append(mdg_fb_out *o, const void *data, size_t bytes) {
    const size_t at = extend(o, bytes);
    if (bytes) memcpy(o->data + at, data, bytes);
}

void mdg_fb_out_set(mdg_fb_out *o, size_t at, size_t bytes, uint64_t value) {
    for (size_t i = 0; i < bytes; i++) o->data[at + i] = (uint8_t)(value >> 8 * i);
}

/* The offset at `place` leads to the end of what is written so far. */
static void link_to_end(mdg_fb_out *o, size_t place) {
    mdg_fb_out_set(o, place, 4, o->size - place);
}

void mdg_fb_out_scalar(mdg_fb_out_table *t, int slot, size_t bytes, int64_t value, int64_t absent) {
    if (value == absent) return;
    t->bytes[slot] = (uint8_t)bytes;
    t->value[slot] = (uint64_t)value;
}

void mdg_fb_out_float(mdg_fb_out_table *t, int slot, float value, float absent) {
    uint32_t bits, absent_bits;
    memcpy(&bits, &value, sizeof bits);
    memcpy(&absent_bits, &absent, sizeof absent_bits);
    mdg_fb_out_scalar(t, slot, sizeof bits, bits, absent_bits);
}

void mdg_fb_out_offset(mdg_fb_out_table *t, int slot) {
    t->bytes[slot] = 4;
    t->value[slot] = 0;
}

static size_t slots_used(const mdg_fb_out_table *t) {
    size_t n = MDG_FB_OUT_SLOTS;
    while (n > 0 && t->bytes[n - 1] == 0) n--;
    return n;
}

/* Fields behind the 4 bytes that lead to the vtable, the widest first, so that all are aligned where 8 bytes
 * from the table's start + 4 are. */
static size_t lay_out(mdg_fb_out_table *t) {
    size_t offset = 4;
    for (size_t bytes = 8; bytes > 0; bytes /= 2) {
        for (int slot = 0; slot < MDG_FB_OUT_SLOTS; slot++) {
            if (t->bytes[slot] != bytes) continue;
            t->place[slot] = offset;
            offset += bytes;
        }
    }
    return offset;
}

void mdg_fb_out_table_end(mdg_fb_out *o, mdg_fb_out_table *t, size_t place) {
    const size_t table_bytes = lay_out(t), n = slots_used(t), vtable_bytes = 4 + 2 * n;
    mdg_fb_out_pad(o, 8, vtable_bytes + 4);
    const size_t vtable = extend(o, vtable_bytes);
    mdg_fb_out_set(o, vtable, 2, vtable_bytes);
    mdg_fb_out_set(o, vtable + 2, 2, table_bytes);
    for (size_t slot = 0; slot < n; slot++) mdg_fb_out_set(o, vtable + 4 + 2 * slot, 2, t->place[slot]);
    link_to_end(o, place);
    const size_t table = extend(o, table_bytes);
    mdg_fb_out_set(o, table, 4, table - vtable);
    for (size_t slot = 0; slot < n; slot++) {
        t->place[slot] += table;
        mdg_fb_out_set(o, t->place[slot], t->bytes[slot], t->value[slot]);
    }
}

size_t mdg_fb_out_vector(mdg_fb_out *o, size_t place, size_t count, size_t element_bytes, size_t alignment) {
    mdg_fb_out_pad(o, alignment > 4 ? alignment : 4, 4);
    link_to_end(o, place);
    mdg_fb_out_set(o, extend(o, 4), 4, count);
    return extend(o, count * element_bytes);
}

void mdg_fb_out_bytes(mdg_fb_out *o, size_t place, const void *data, size_t bytes, size_t alignment) {
    const size_t at = mdg_fb_out_vector(o, place, bytes, 1, alignment);
    if (bytes) memcpy(o->data + at, data, bytes);
}

void mdg_fb_out_ints(mdg_fb_out *o, size_t place, const int32_t *values, int count) {
    const size_t at = mdg_fb_out_vector(o, place, (size_t)count, 4, 4);
    for (int i = 0; i < count; i++) mdg_fb_out_set(o, at + 4 * (size_t)i, 4, (uint32_t)values[i]);
}

void mdg_fb_out_text(mdg_fb_out *o, size_t place, const char *text) {
    mdg_fb_out_bytes(o, place, text, strlen(text), 4);
    extend(o, 1);
}
