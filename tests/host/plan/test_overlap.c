/* SPDX-License-Identifier: MIT
 *
 * The distances that are told of kernels: in memory that input and output share just so, every kernel gives
 * the bytes that it gives in memory apart; one step closer, it does not always.
 */
#include "host/specialize/layers.h"

#include "plan/overlap.h"
#include "specialize/specialize.h"

enum { ROUNDS = 1000, LAYERS = 8 };

/* How often a kernel ran at its distance, and how often it failed one step closer, where there was one */
static int runs[MDG_K_COUNT], closer[MDG_K_COUNT], failures[MDG_K_COUNT];

typedef struct bench {
    const mdg_program *program;
    const mdg_call *call;
    const void *in[MDG_CALL_MAX_IO];
    void *out[MDG_CALL_MAX_IO];
    const uint8_t *x; /* the bytes of the input */
    size_t x_bytes, y_bytes;
} bench;

static void run_at(const bench *b, uint8_t *x, uint8_t *y) {
    const void *in[MDG_CALL_MAX_IO];
    void *out[MDG_CALL_MAX_IO];
    memcpy(in, b->in, sizeof in);
    memcpy(out, b->out, sizeof out);
    memcpy(x, b->x, b->x_bytes);
    in[0] = x;
    out[0] = y;
    mdg_kernels[b->call->kernel].run(b->call->params, in, out);
}

/* The output in memory where the input begins `distance` bytes behind it */
static uint8_t *run_shared(const bench *b, size_t distance) {
    mdg_arena *arena = b->program->arena;
    uint8_t *y = mdg_arena_alloc(arena, b->y_bytes + distance + b->x_bytes);
    run_at(b, y + distance, y);
    return y;
}

static bench bench_of(const mdg_program *p, const mdg_call *c, mdg_rng *r, int slack) {
    bench b = {.program = p, .call = c};
    for (int k = 1; k < c->n_in; k++) b.in[k] = c->in[k] < 0 ? NULL : p->buffers[c->in[k]].data;
    for (int k = 1; k < c->n_out; k++) b.out[k] = mdg_arena_alloc(p->arena, p->buffers[c->out[k]].bytes);
    b.x_bytes = p->buffers[c->in[0]].bytes - (size_t)slack;
    b.y_bytes = p->buffers[c->out[0]].bytes - (size_t)slack;
    b.x = (const uint8_t *)random_s8(r, p->arena, (int)b.x_bytes);
    return b;
}

static void check(const bench *b, const mdg_overlap *o, mdg_rng *r) {
    const int kernel = (int)b->call->kernel;
    uint8_t *x = mdg_arena_alloc(b->program->arena, b->x_bytes), *want;
    run_at(b, x, want = mdg_arena_alloc(b->program->arena, b->y_bytes));
    const size_t far = o->lead + o->step * (size_t)random_int(r, 1, 20);
    const size_t distances[] = {o->lead, o->lead + o->step, far};
    for (int i = 0; i < 3; i++) {
        if (memcmp(want, run_shared(b, distances[i]), b->y_bytes) != 0)
            fail_msg("%s differs at a distance of %zu (%zu + %zu n)", mdg_kernels[kernel].name, distances[i],
                     o->lead, o->step);
    }
    runs[kernel]++;
    if (o->step == 0 || o->lead < o->step) return;
    closer[kernel]++;
    failures[kernel] += memcmp(want, run_shared(b, o->lead - o->step), b->y_bytes) != 0;
}

static void check_program(const mdg_program *p, mdg_rng *r) {
    for (int i = 0; i < p->n_calls; i++) {
        mdg_overlap o;
        const mdg_call *c = &p->calls[i];
        const bool is_int8 = strcmp(p->buffers[c->in[0]].element, "int8_t") == 0; /* it may stand anywhere */
        if (!is_int8 || c->in[0] == c->out[0] || !mdg_call_overlap(p, c, 0, &o)) continue;
        const bench b = bench_of(p, c, r, LAYER_SLACK);
        check(&b, &o, r);
    }
}

static void report(const char *what) {
    for (int k = 0; k < MDG_K_COUNT; k++)
        if (runs[k])
            printf("%s: %-28s %5d runs, %4d of %4d fail one step closer\n", what, mdg_kernels[k].name,
                   runs[k], failures[k], closer[k]);
}

/* Kernels that say no more than they need */
static void demand_exact(const mdg_kernel_id *kernels, int n) {
    for (int i = 0; i < n; i++) {
        assert_true(runs[kernels[i]] > 0);
        if (failures[kernels[i]] == 0) fail_msg("%s never needs its distance", mdg_kernels[kernels[i]].name);
    }
}

static void int8_kernels_keep_their_order(void **state) {
    (void)state;
    static const struct special {
        const char *isa;
        mdg_optimize optimize;
    } specials[] = {{"armv7em", MDG_OPTIMIZE_balanced},
                    {"armv7em", MDG_OPTIMIZE_ram},
                    {"armv7em", MDG_OPTIMIZE_size},
                    {"armv6m", MDG_OPTIMIZE_balanced},
                    {"mve", MDG_OPTIMIZE_balanced}};
    for (uint64_t seed = 0; seed < ROUNDS; seed++) {
        mdg_arena *arena = mdg_arena_new();
        mdg_rng r = mdg_rng_of(seed, 7);
        layers l = layers_new(&r, arena, LAYERS);
        check_program(&l.program, &r);
        for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
            mdg_program special = layers_copy(&l.program);
            assert_int_equal(mdg_specialize(&special, specials[i].isa, specials[i].optimize, NULL), MDG_OK);
            check_program(&special, &r);
        }
        mdg_arena_free(arena);
    }
    report("int8");
    static const mdg_kernel_id exact[] = {
        MDG_K_conv2d_s8,          MDG_K_depthwise_conv2d_s8,      MDG_K_average_pool2d_s8,
        MDG_K_max_pool2d_s8,      MDG_K_fully_connected_s8,       MDG_K_conv2d_smlad_s8,
        MDG_K_pointwise_smlad_s8, MDG_K_conv2d_narrow_smlad_s8,   MDG_K_depthwise_smlad_s8,
        MDG_K_mean_lanes_s8,      MDG_K_average_pool2d_lanes_s8,  MDG_K_max_pool2d_lanes_s8,
        MDG_K_conv2d_scalar_s8,   MDG_K_pointwise_scalar_s8,      MDG_K_conv2d_mve_s8,
        MDG_K_pointwise_mve_s8,   MDG_K_conv2d_rows_smlad_s8,     MDG_K_pointwise_smlad_s8_w4,
        MDG_K_conv2d_smlad_s8_w4, MDG_K_conv2d_narrow_smlad_s8_w4};
    demand_exact(exact, sizeof exact / sizeof *exact);
}

/* -- Wider elements -- */

static mdg_conv2d_shape_params random_shape(mdg_rng *r, bool keeps_channels) {
    mdg_conv2d_shape_params p = {.batches = random_int(r, 1, 2), .depth_multiplier = 1};
    p.in_h = random_int(r, 2, 7), p.in_w = random_int(r, 2, 7);
    p.kernel_h = random_int(r, 1, 3), p.kernel_w = random_int(r, 1, 3);
    p.stride_h = random_int(r, 1, 2), p.stride_w = random_int(r, 1, 2);
    p.dilation_h = p.dilation_w = 1;
    p.out_h = (p.in_h + p.stride_h - 1) / p.stride_h, p.out_w = (p.in_w + p.stride_w - 1) / p.stride_w;
    p.pad_h = (p.kernel_h - 1) / 2, p.pad_w = (p.kernel_w - 1) / 2;
    p.in_c = random_int(r, 1, 4);
    p.out_c = keeps_channels ? p.in_c : random_int(r, 1, 6);
    p.filter_c = p.in_c;
    return p;
}

/* The kernel's own list of parameters, for the shape */
static const void *params_of(mdg_arena *arena, const char *list, const mdg_conv2d_shape_params *s) {
    mdg_pool2d_shape_params pool = {.batches = s->batches, .in_h = s->in_h, .in_w = s->in_w};
    pool.channels = s->in_c, pool.out_h = s->out_h, pool.out_w = s->out_w;
    pool.kernel_h = s->kernel_h, pool.kernel_w = s->kernel_w, pool.stride_h = s->stride_h;
    pool.stride_w = s->stride_w, pool.pad_h = s->pad_h, pool.pad_w = s->pad_w;
    mdg_conv2d_params conv = {.act_min = -9000, .act_max = 9000};
    mdg_conv2d_f32_params conv_f32 = {.act_min = -9000, .act_max = 9000};
    mdg_pool2d_params pool_s16 = {.act_min = -9000, .act_max = 9000};
    mdg_pool2d_f32_params pool_f32 = {.act_min = -9000, .act_max = 9000};
    memcpy(&conv, s, sizeof *s);
    memcpy(&conv_f32, s, sizeof *s);
    memcpy(&pool_s16, &pool, sizeof pool);
    memcpy(&pool_f32, &pool, sizeof pool);
    if (strcmp(list, "conv2d") == 0) return mdg_arena_copy(arena, &conv, sizeof conv);
    if (strcmp(list, "conv2d_f32") == 0) return mdg_arena_copy(arena, &conv_f32, sizeof conv_f32);
    if (strcmp(list, "pool2d") == 0) return mdg_arena_copy(arena, &pool_s16, sizeof pool_s16);
    return mdg_arena_copy(arena, &pool_f32, sizeof pool_f32);
}

/* Weights, no bias, factors of about 1/2 */
static void add_weights(mdg_program *p, mdg_rng *r, bool is_float, int count, int channels) {
    mdg_call *c = &p->calls[0];
    const void *w = is_float ? (const void *)random_f32(r, p->arena, count) : random_s8(r, p->arena, count);
    mdg_call_add_in(c, mdg_program_add_buffer(p, MDG_BUF_CONST, "w", "int8_t", 4, w));
    mdg_call_add_in(c, -1);
    if (is_float) return;
    const int32_t *mult = random_s32(r, p->arena, channels, 1 << 30, INT32_MAX);
    const int32_t *shift = random_s32(r, p->arena, channels, -4, -2);
    mdg_call_add_in(c, mdg_program_add_buffer(p, MDG_BUF_CONST, "mult", "int32_t", 4, mult));
    mdg_call_add_in(c, mdg_program_add_buffer(p, MDG_BUF_CONST, "shift", "int32_t", 4, shift));
}

static void check_wide(mdg_kernel_id kernel, mdg_rng *r, mdg_arena *arena) {
    const mdg_kernel_info *info = &mdg_kernels[kernel];
    const bool is_float = strstr(info->name, "f32") != NULL, is_conv = strstr(info->name, "conv") != NULL;
    const bool is_depthwise = strstr(info->name, "depthwise") != NULL;
    const int element = is_float ? 4 : 2;
    const mdg_conv2d_shape_params s = random_shape(r, !is_conv || is_depthwise);
    const int in = s.batches * s.in_h * s.in_w * s.in_c, out = s.batches * s.out_h * s.out_w * s.out_c;
    mdg_program p = {.arena = arena};
    const int x = mdg_program_add_buffer(&p, MDG_BUF_ARENA, "x", "x", (size_t)(in * element), NULL);
    const int y = mdg_program_add_buffer(&p, MDG_BUF_ARENA, "y", "y", (size_t)(out * element), NULL);
    mdg_call *c = mdg_program_add_call(&p, kernel, params_of(arena, info->params, &s));
    mdg_call_add_in(c, x);
    mdg_call_add_out(c, y);
    if (is_conv) add_weights(&p, r, is_float, s.kernel_h * s.kernel_w * s.in_c * s.out_c, s.out_c);
    mdg_overlap o;
    assert_true(mdg_call_overlap(&p, c, 0, &o));
    assert_int_equal(o.lead % (size_t)element, 0);
    o.step = (size_t)element;
    bench b = bench_of(&p, c, r, 0);
    if (is_float) b.x = (const uint8_t *)random_f32(r, arena, in);
    check(&b, &o, r);
}

static void wide_kernels_keep_their_order(void **state) {
    (void)state;
    static const mdg_kernel_id kernels[] = {
        MDG_K_conv2d_f32,         MDG_K_conv2d_s16_b64,     MDG_K_depthwise_conv2d_f32,
        MDG_K_average_pool2d_f32, MDG_K_average_pool2d_s16, MDG_K_depthwise_conv2d_s16_b64,
        MDG_K_max_pool2d_f32,     MDG_K_max_pool2d_s16,     MDG_K_l2_pool2d_f32};
    const int n = sizeof kernels / sizeof *kernels;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *arena = mdg_arena_new();
        for (int i = 0; i < n; i++) check_wide(kernels[i], &r, arena);
        mdg_arena_free(arena);
    }
    demand_exact(kernels, n);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(int8_kernels_keep_their_order),
        cmocka_unit_test(wide_kernels_keep_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
