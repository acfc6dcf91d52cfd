/* SPDX-License-Identifier: MIT */
#include "tflite/fb.h"

#include <string.h>

static void fault(mdg_fb_file *f, const char *what) {
    if (!f->fault) f->fault = what;
}

static bool fits(const mdg_fb_file *f, size_t at, size_t bytes) {
    return at <= f->size && bytes <= f->size - at;
}

/* Little-endian, any alignment; 0 beyond the end. */
static uint64_t load(mdg_fb_file *f, size_t at, size_t bytes) {
    if (!fits(f, at, bytes)) {
        fault(f, "an offset points beyond the end of the file");
        return 0;
    }
    uint64_t value = 0;
    for (size_t i = bytes; i-- > 0;) value = value << 8 | f->data[at + i];
    return value;
}

static int64_t sign_extend(uint64_t value, size_t bytes) {
    const unsigned unused = 64 - 8 * (unsigned)bytes;
    return (int64_t)(value << unused) >> unused;
}

static float float_of(uint64_t bits) {
    const uint32_t word = (uint32_t)bits;
    float value;
    memcpy(&value, &word, sizeof value);
    return value;
}

/* The place that the offset at `at` leads to; 0, which is never a valid place, when it leads nowhere. */
static size_t follow(mdg_fb_file *f, size_t at) {
    const uint64_t offset = load(f, at, 4);
    if (f->fault) return 0;
    if (offset == 0 || offset > f->size - at) {
        fault(f, "an offset points beyond the end of the file");
        return 0;
    }
    return at + (size_t)offset;
}

/* A table starts with the signed distance back to its vtable: {bytes of the vtable, bytes of the table,
 * field...}. */
static mdg_fb_table table_at(mdg_fb_file *f, size_t at) {
    const mdg_fb_table absent = {.file = f};
    if (at == 0) return absent;
    const int64_t vtable = (int64_t)at - sign_extend(load(f, at, 4), 4);
    if (f->fault) return absent;
    if (vtable < 0 || !fits(f, (size_t)vtable, 4)) {
        fault(f, "a table's field list lies outside of the file");
        return absent;
    }
    const mdg_fb_table t = {.file = f,
                            .at = at,
                            .vtable = (size_t)vtable,
                            .vtable_bytes = (size_t)load(f, (size_t)vtable, 2),
                            .bytes = (size_t)load(f, (size_t)vtable + 2, 2)};
    if (t.vtable_bytes < 4 || t.vtable_bytes % 2 || !fits(f, t.vtable, t.vtable_bytes) || t.bytes < 4 ||
        !fits(f, at, t.bytes)) {
        fault(f, "a table has an impossible size");
        return absent;
    }
    return t;
}

/* The place of a field of `bytes` bytes, 0 where it is absent. */
static size_t field_at(const mdg_fb_table *t, int slot, size_t bytes) {
    const size_t entry = 4 + 2 * (size_t)slot;
    if (t->at == 0 || entry + 2 > t->vtable_bytes) return 0;
    const size_t offset = (size_t)load(t->file, t->vtable + entry, 2);
    if (offset == 0) return 0;
    if (offset < 4 || offset + bytes > t->bytes) {
        fault(t->file, "a field lies outside of its table");
        return 0;
    }
    return t->at + offset;
}

mdg_fb_table mdg_fb_root(mdg_fb_file *f) {
    return table_at(f, follow(f, 0));
}

bool mdg_fb_has(const mdg_fb_table *t, int slot) {
    return field_at(t, slot, 1) != 0;
}

uint64_t mdg_fb_unsigned(const mdg_fb_table *t, int slot, size_t size, uint64_t absent) {
    const size_t at = field_at(t, slot, size);
    return at ? load(t->file, at, size) : absent;
}

int64_t mdg_fb_signed(const mdg_fb_table *t, int slot, size_t size, int64_t absent) {
    const size_t at = field_at(t, slot, size);
    return at ? sign_extend(load(t->file, at, size), size) : absent;
}

float mdg_fb_float(const mdg_fb_table *t, int slot, float absent) {
    const size_t at = field_at(t, slot, 4);
    return at ? float_of(load(t->file, at, 4)) : absent;
}

mdg_fb_table mdg_fb_child(const mdg_fb_table *t, int slot) {
    const size_t at = field_at(t, slot, 4);
    return table_at(t->file, at ? follow(t->file, at) : 0);
}

mdg_fb_vector mdg_fb_vector_of(const mdg_fb_table *t, int slot, size_t element_bytes) {
    mdg_fb_vector v = {.file = t->file, .size = element_bytes};
    const size_t field = field_at(t, slot, 4);
    const size_t at = field ? follow(t->file, field) : 0;
    if (at == 0) return v;
    const uint64_t count = load(t->file, at, 4);
    if (t->file->fault) return v;
    if (count > (t->file->size - at - 4) / element_bytes) {
        fault(t->file, "a vector is longer than the file");
        return v;
    }
    v.present = true;
    v.count = (uint32_t)count;
    v.at = at + 4;
    return v;
}

const char *mdg_fb_text(const mdg_fb_table *t, int slot) {
    const mdg_fb_vector v = mdg_fb_vector_of(t, slot, 1);
    if (!v.present) return NULL;
    const char *text = (const char *)v.file->data + v.at;
    if (!fits(v.file, v.at, (size_t)v.count + 1) || memchr(text, 0, (size_t)v.count + 1) != text + v.count) {
        fault(v.file, "a text does not end where it should");
        return NULL;
    }
    return text;
}

uint64_t mdg_fb_element(const mdg_fb_vector *v, uint32_t i) {
    return load(v->file, v->at + i * v->size, v->size);
}

float mdg_fb_element_float(const mdg_fb_vector *v, uint32_t i) {
    return float_of(mdg_fb_element(v, i));
}

mdg_fb_table mdg_fb_element_table(const mdg_fb_vector *v, uint32_t i) {
    return table_at(v->file, follow(v->file, v->at + i * 4));
}
