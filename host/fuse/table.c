/* SPDX-License-Identifier: MIT
 *
 * Functions of one byte. A kernel that looks at one element at a time is run over all 256 values; what comes
 * out tells what it does: nothing, a clamp, or something that a table does as well. So several of them, one
 * behind the other, are one table, whatever types lie between.
 *
 * Functions of the math library are left alone: a target's may round otherwise than this machine's.
 */
#include "fuse/parts.h"

#include <string.h>

enum { VALUES = 256, MAX_ELEMENT = 4 };

/* Bytes of an element that a kernel reads and writes */
typedef struct unary {
    mdg_kernel_id kernel;
    int in_bytes, out_bytes;
} unary;

static const unary unaries[] = {
    {MDG_K_requantize_s8_s8, 1, 1},
    {MDG_K_requantize_s8_u8, 1, 1},
    {MDG_K_requantize_u8_s8, 1, 1},
    {MDG_K_requantize_s8_s16, 1, 2},
    {MDG_K_requantize_s16_s8, 2, 1},
    {MDG_K_requantize_s16_s16, 2, 2},
    {MDG_K_requantize_s8_s32, 1, 4},
    {MDG_K_requantize_s32_s8, 4, 1},
    {MDG_K_requantize_s16_s32, 2, 4},
    {MDG_K_requantize_s32_s16, 4, 2},
    {MDG_K_clamp_s8, 1, 1},
    {MDG_K_clamp_s16, 2, 2},
    {MDG_K_abs_s8, 1, 1},
    {MDG_K_leaky_relu_s8, 1, 1},
    {MDG_K_lookup_8, 1, 1},
    {MDG_K_dequantize_s8_f32, 1, 4},
    {MDG_K_dequantize_u8_f32, 1, 4},
    {MDG_K_quantize_f32_s8, 4, 1},
    {MDG_K_dequantize_s16_f32, 2, 4},
    {MDG_K_quantize_f32_s16, 4, 2},
    {MDG_K_relu_f32, 4, 4},
    {MDG_K_clamp_f32, 4, 4},
    {MDG_K_abs_f32, 4, 4},
    {MDG_K_neg_f32, 4, 4},
};

/* Operators of two tensors, one of which is a single constant; they begin as `broadcast` does. */
static const mdg_kernel_id binaries[] = {MDG_K_add_s8,   MDG_K_sub_s8,     MDG_K_mul_s8,
                                         MDG_K_prelu_s8, MDG_K_minimum_s8, MDG_K_maximum_s8};

static const unary *find_unary(const mdg_call *c) {
    for (size_t i = 0; i < sizeof unaries / sizeof *unaries; i++)
        if (unaries[i].kernel == c->kernel) return &unaries[i];
    return NULL;
}

/* The operand that is no constant, -1 where the call is no function of one element */
static int binary_operand(const mdg_fuser *f, const mdg_call *c) {
    const mdg_broadcast_params *p = c->params;
    bool known = false;
    for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i++) known |= binaries[i] == c->kernel;
    if (!known || p->rank != 1) return -1;
    if (mdg_fuse_const(f, c, 1) && p->b_stride[0] == 0 && p->a_stride[0] == 1) return 0;
    if (mdg_fuse_const(f, c, 0) && p->a_stride[0] == 0 && p->b_stride[0] == 1) return 1;
    return -1;
}

/* A call that looks at one element at a time */
typedef struct map {
    const mdg_call *call;
    int operand; /* which input it is */
    int in_bytes, out_bytes;
} map;

static bool read_map(const mdg_fuser *f, int call, map *m) {
    const mdg_call *c = &f->program->calls[call];
    const unary *u = find_unary(c);
    *m = (map){.call = c, .operand = u ? 0 : binary_operand(f, c), .in_bytes = 1, .out_bytes = 1};
    if (u) m->in_bytes = u->in_bytes, m->out_bytes = u->out_bytes;
    return m->operand >= 0 && mdg_fuse_buffer(f, c->in[m->operand])->kind == MDG_BUF_ARENA &&
           mdg_fuse_buffer(f, c->out[0])->kind == MDG_BUF_ARENA;
}

/* y[i] = function(x[i]) for 256 elements */
static void apply(const mdg_fuser *f, const map *m, const void *x, void *y) {
    const mdg_kernel_info *k = mdg_call_kernel(m->call);
    int32_t *params = mdg_arena_copy(f->program->arena, m->call->params, k->params_bytes);
    if (find_unary(m->call))
        params[0] = VALUES; /* count */
    else
        ((mdg_broadcast_params *)(void *)params)->dim[0] = VALUES;
    const void *in[2] = {NULL, NULL};
    void *out[] = {y};
    for (int i = 0; i < 2; i++) in[i] = i == m->operand ? x : mdg_fuse_const(f, m->call, i);
    k->run(params, in, out);
}

/* A row of calls, each of which reads what the one before wrote */
typedef struct chain {
    map maps[16];
    int n;
} chain;

enum { MAX_CHAIN = sizeof((chain){.n = 0}.maps) / sizeof(map) };

/* The longest chain that ends in a call and begins with bytes. maps stand from last to first. */
static bool find_chain(const mdg_fuser *f, int call, chain *out) {
    int n = 0;
    out->n = 0;
    while (n < MAX_CHAIN && read_map(f, call, &out->maps[n])) {
        const map *m = &out->maps[n++];
        if (m->in_bytes == 1) out->n = n;
        const int x = m->call->in[m->operand];
        if (!mdg_fuse_is_link(f, x) || mdg_fuse_buffer(f, x)->whole >= 0) break;
        call = f->of[x].writer;
        if (f->program->calls[call].custom) break;
    }
    return out->n > 0 && out->maps[0].out_bytes == 1;
}

/* Byte b, as unsigned, becomes table[b]. */
static void tabulate(const mdg_fuser *f, const chain *c, uint8_t table[VALUES]) {
    float buffers[2][VALUES]; /* aligned for all elements, and as large as the largest */
    uint8_t *first = (uint8_t *)buffers[0];
    for (int i = 0; i < VALUES; i++) first[i] = (uint8_t)i;
    for (int i = c->n - 1, from = 0; i >= 0; i--, from = 1 - from) {
        apply(f, &c->maps[i], buffers[from], buffers[1 - from]);
        if (i == 0) memcpy(table, buffers[1 - from], VALUES);
    }
}

static int index_of(const mdg_fuser *f, const mdg_call *c) {
    return (int)(c - f->program->calls);
}

bool mdg_fuse_table(mdg_fuser *f, int call) {
    mdg_program *p = f->program;
    chain c;
    if (!find_chain(f, call, &c) || c.n < 2) return false;
    const map *first = &c.maps[c.n - 1];
    const int x = first->call->in[first->operand];
    if (f->of[x].writes > 1) return false; /* it is to be as it was, later */
    uint8_t *table = mdg_arena_alloc(p->arena, VALUES);
    tabulate(f, &c, table);
    mdg_unary_params *params = mdg_arena_alloc(p->arena, sizeof *params);
    params->count = (int32_t)p->buffers[x].bytes;
    mdg_call *last = &p->calls[call];
    last->kernel = MDG_K_lookup_8, last->params = params;
    last->in[0] = x, last->n_in = 1;
    mdg_call_add_in(last, mdg_program_add_buffer(p, MDG_BUF_CONST, "table", "uint8_t", VALUES, table));
    last->inplace_in = last->inplace_out = 0;
    for (int i = 1; i < c.n; i++) mdg_fuse_remove(f, index_of(f, c.maps[i].call)); /* from last to first */
    return true;
}

/* -- Clamps -- */

static int32_t at(const uint8_t *table, int32_t x) {
    return (int8_t)table[(uint8_t)x];
}

static int32_t clamped(int32_t x, int32_t min, int32_t max) {
    return x < min ? min : x > max ? max : x;
}

static bool is_clamp(const uint8_t *table) {
    for (int32_t x = INT8_MIN; x <= INT8_MAX; x++)
        if (at(table, x) != clamped(x, at(table, INT8_MIN), at(table, INT8_MAX))) return false;
    return true;
}

/* Kernels that clamp what they write to [act_min, act_max] */
static bool has_clamp(const mdg_call *c) {
    switch (c->kernel) {
    case MDG_K_conv2d_s8:
    case MDG_K_depthwise_conv2d_s8:
    case MDG_K_fully_connected_s8:
    case MDG_K_fully_connected_per_channel_s8:
    case MDG_K_average_pool2d_s8:
    case MDG_K_max_pool2d_s8:
    case MDG_K_add_s8:
    case MDG_K_sub_s8:
    case MDG_K_mul_s8:
    case MDG_K_requantize_s8_s8: return !c->custom;
    default: return false;
    }
}

/* Where a field stands among the parameters' words */
static size_t word_of(const mdg_kernel_info *k, const char *field) {
    size_t word = 0;
    for (int i = 0; strcmp(k->fields[i].name, field) != 0; i++)
        word += k->fields[i].count ? (size_t)k->fields[i].count : 1;
    return word;
}

/* The layer that writes x clamps the more. */
static bool clamp_writer(mdg_fuser *f, int x, const uint8_t *table) {
    const int writer = f->of[x].writer;
    if (!mdg_fuse_is_link(f, x) || !has_clamp(&f->program->calls[writer])) return false;
    const mdg_kernel_info *k = mdg_call_kernel(&f->program->calls[writer]);
    const size_t min = word_of(k, "act_min"), max = word_of(k, "act_max");
    int32_t *params = mdg_arena_copy(f->program->arena, f->program->calls[writer].params, k->params_bytes);
    params[min] = clamped(params[min], at(table, INT8_MIN), at(table, INT8_MAX));
    params[max] = clamped(params[max], at(table, INT8_MIN), at(table, INT8_MAX));
    return mdg_fuse_set_params(f, writer, params);
}

/* Takes a call out that hands x on as y. */
static bool drop(mdg_fuser *f, int call, int x, int y) {
    if (mdg_fuse_is_free(f, x))
        mdg_fuse_replace(f, x, y);
    else if (mdg_fuse_is_free(f, y) && f->of[y].writes == 1)
        mdg_fuse_replace(f, y, x);
    else
        return false;
    mdg_fuse_remove(f, call);
    return true;
}

bool mdg_fuse_clamp(mdg_fuser *f, int call) {
    chain c = {.n = 1};
    uint8_t table[VALUES];
    if (!read_map(f, call, &c.maps[0]) || c.maps[0].in_bytes != 1 || c.maps[0].out_bytes != 1) return false;
    const mdg_call *m = c.maps[0].call;
    const int x = m->in[c.maps[0].operand], y = m->out[0];
    tabulate(f, &c, table);
    if (!is_clamp(table)) return false;
    const bool does_nothing = at(table, INT8_MIN) == INT8_MIN && at(table, INT8_MAX) == INT8_MAX;
    if (!does_nothing && !clamp_writer(f, x, table)) return false;
    return drop(f, call, x, y);
}
