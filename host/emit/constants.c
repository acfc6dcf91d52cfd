/* SPDX-License-Identifier: MIT */
#include "emit/parts.h"

#include <math.h>
#include <string.h>

typedef enum number_kind { INTEGER, UNSIGNED, FLOATING, DOUBLE } number_kind;

typedef struct element_type {
    const char *name;
    size_t bytes;
    number_kind kind;
    size_t per_line;
} element_type;

static const element_type types[] = {
    {"int8_t", 1, INTEGER, 20},   {"int16_t", 2, INTEGER, 14},   {"int32_t", 4, INTEGER, 8},
    {"int64_t", 8, INTEGER, 5},   {"uint16_t", 2, UNSIGNED, 14}, {"uint32_t", 4, UNSIGNED, 8},
    {"uint64_t", 8, UNSIGNED, 5}, {"float", 4, FLOATING, 6},     {"double", 8, DOUBLE, 4},
    {"uint8_t", 1, UNSIGNED, 20}, /* and everything else: bytes */
};

static const element_type *find_type(const char *name, size_t bytes) {
    const element_type *t = types;
    while (t->bytes > 1 || t->kind != UNSIGNED) {
        if (name && strcmp(name, t->name) == 0 && bytes % t->bytes == 0) break;
        t++;
    }
    return t;
}

static int64_t load_integer(const void *at, size_t bytes) {
    int8_t i8;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    switch (bytes) {
    case 1: return memcpy(&i8, at, 1), i8;
    case 2: return memcpy(&i16, at, 2), i16;
    case 4: return memcpy(&i32, at, 4), i32;
    default: return memcpy(&i64, at, 8), i64;
    }
}

/* The least value of a type has no literal of its own. */
static void print_integer(FILE *out, int64_t value, size_t bytes) {
    const char *suffix = bytes == 8 ? "LL" : "";
    const bool is_least = (bytes == 4 && value == INT32_MIN) || (bytes == 8 && value == INT64_MIN);
    if (is_least)
        fprintf(out, "(%lld%s - 1)", (long long)(value + 1), suffix);
    else
        fprintf(out, "%lld%s", (long long)value, suffix);
}

static void print_unsigned(FILE *out, int64_t value, size_t bytes) {
    const uint64_t mask = bytes == 8 ? UINT64_MAX : (UINT64_C(1) << (8 * bytes)) - 1;
    fprintf(out, "%llu%s", (unsigned long long)((uint64_t)value & mask),
            bytes == 8   ? "ULL"
            : bytes == 4 ? "u"
                         : "");
}

static void print_number(FILE *out, const element_type *t, const void *at) {
    float f;
    double d;
    switch (t->kind) {
    case INTEGER: print_integer(out, load_integer(at, t->bytes), t->bytes); break;
    case UNSIGNED: print_unsigned(out, load_integer(at, t->bytes), t->bytes); break;
    case FLOATING:
        memcpy(&f, at, sizeof f);
        mdg_emit_float(out, f);
        break;
    case DOUBLE:
        memcpy(&d, at, sizeof d);
        fprintf(out, "%.17g", d);
        break;
    }
}

void mdg_emit_array(FILE *out, const char *element, const char *name, const void *data, size_t bytes) {
    const element_type *t = find_type(element, bytes);
    const size_t count = bytes / t->bytes;
    fprintf(out, "static const %s %s[%zu]%s = {", t->name, name, count, t->bytes < 4 ? " MDG_ALIGNED" : "");
    for (size_t i = 0; i < count; i++) {
        fputs(i % t->per_line ? " " : "\n    ", out);
        print_number(out, t, (const uint8_t *)data + i * t->bytes);
        fputc(',', out);
    }
    fputs("\n};\n", out);
}

/* Two buffers may share a constant when bytes and type are the same. */
static bool same_data(const mdg_buffer *a, const mdg_buffer *b) {
    return a->bytes == b->bytes && find_type(a->element, a->bytes) == find_type(b->element, b->bytes) &&
           memcmp(a->data, b->data, a->bytes) == 0;
}

static void number_constant(mdg_emit *e, int buffer) {
    const mdg_buffer *buffers = e->program->buffers;
    if (buffer < 0 || !buffers[buffer].data || !buffers[buffer].bytes || e->constant[buffer] >= 0) return;
    for (int i = 0; i < e->n_constants; i++) {
        if (same_data(&buffers[e->constant_buffer[i]], &buffers[buffer])) {
            e->constant[buffer] = i;
            return;
        }
    }
    e->constant[buffer] = e->n_constants;
    e->constant_buffer[e->n_constants++] = buffer;
    e->weights_bytes += buffers[buffer].bytes;
}

void mdg_emit_number_constants(mdg_emit *e) {
    const mdg_program *p = e->program;
    e->constant_buffer = mdg_arena_array(p->arena, (size_t)p->n_buffers + 1, sizeof *e->constant_buffer);
    e->constant = mdg_arena_array(p->arena, (size_t)p->n_buffers + 1, sizeof *e->constant);
    for (int i = 0; i < p->n_buffers; i++) e->constant[i] = -1;
    for (int c = 0; c < p->n_calls; c++) {
        const mdg_call *call = &p->calls[c];
        for (int i = 0; i < call->n_in; i++) number_constant(e, call->in[i]);
        for (int i = 0; i < call->n_out; i++) number_constant(e, call->out[i]);
    }
    for (int i = 0; i < p->n_outputs; i++) number_constant(e, p->outputs[i].buffer);
}

void mdg_emit_constants(const mdg_emit *e, FILE *out) {
    for (int i = 0; i < e->n_constants; i++) {
        const mdg_buffer *b = &e->program->buffers[e->constant_buffer[i]];
        char name[MDG_EMIT_NAME_MAX + 32];
        snprintf(name, sizeof name, "%s_weights_%d", e->opts->name, i);
        fputs("\n/* ", out);
        mdg_emit_comment(out, b->name ? b->name : "constant");
        fputs(" */\n", out);
        mdg_emit_array(out, b->element, name, b->data, b->bytes);
    }
}

static void print_field(FILE *out, const mdg_param_field *f, const uint8_t **at) {
    const element_type *t = find_type(f->type, 4);
    const int count = f->count ? f->count : 1;
    fprintf(out, "    /* %s */ %s", f->name, f->count ? "{" : "");
    for (int i = 0; i < count; i++, *at += t->bytes) {
        if (i) fputs(", ", out);
        print_number(out, t, *at);
    }
    fprintf(out, "%s,\n", f->count ? "}" : "");
}

void mdg_emit_params(const mdg_emit *e, FILE *out, const mdg_call *call, int number) {
    const mdg_kernel_info *k = mdg_call_kernel(call);
    const uint8_t *at = call->params;
    fprintf(out, "static const mdg_%s_params %s_params_%d = {\n", k->params, e->opts->name, number);
    for (int i = 0; i < k->n_fields; i++) print_field(out, &k->fields[i], &at);
    fputs("};\n", out);
}

static bool has_non_finite(const char *element, const void *data, size_t bytes) {
    float f;
    if (!element || strcmp(element, "float") != 0) return false;
    for (size_t i = 0; i + sizeof f <= bytes; i += sizeof f) {
        memcpy(&f, (const uint8_t *)data + i, sizeof f);
        if (!isfinite(f)) return true;
    }
    return false;
}

static bool params_need_math(const mdg_call *call) {
    const mdg_kernel_info *k = mdg_call_kernel(call);
    const uint8_t *at = call->params;
    for (int i = 0; i < k->n_fields; i++) {
        const size_t bytes = 4u * (size_t)(k->fields[i].count ? k->fields[i].count : 1);
        if (has_non_finite(k->fields[i].type, at, bytes)) return true;
        at += bytes;
    }
    return false;
}

bool mdg_emit_needs_math(const mdg_emit *e) {
    for (int i = 0; i < e->n_constants; i++) {
        const mdg_buffer *b = &e->program->buffers[e->constant_buffer[i]];
        if (has_non_finite(b->element, b->data, b->bytes)) return true;
    }
    for (int i = 0; i < e->program->n_calls; i++) {
        if (e->program->calls[i].step == MDG_STEP_KERNEL && params_need_math(&e->program->calls[i]))
            return true;
    }
    return false;
}
