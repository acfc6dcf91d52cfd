/* SPDX-License-Identifier: MIT
 *
 * Random chains of layers, fused and not: the same bytes. `test_fuse SEED` runs one and prints both programs.
 */
#include "host/fuse/chains.h"

#include "fuse/fuse.h"

enum { ROUNDS = 3000, RUNS = 3 };

static void add_pad(chain *s, int8_t fill) {
    mdg_rng *r = s->l.rng;
    mdg_pad_params *p = chain_params(s, sizeof *p);
    int32_t to[3] = {s->h, s->w, s->c};
    *p = (mdg_pad_params){.rank = 4,
                          .in_dim = {1, s->h, s->w, s->c},
                          .before = {0, random_int(r, 0, 1), random_int(r, 0, 1), 0}};
    for (int d = 1; d < 3; d++) to[d - 1] += p->before[d] + random_int(r, 0, 1);
    if (random_int(r, 0, 9) == 0) p->before[3] = 1, to[2]++;
    memcpy(p->out_dim, (const int32_t[]){1, to[0], to[1], to[2]}, 4 * sizeof *to);
    mdg_call *c = chain_call(s, MDG_K_pad_8, p, to);
    layers_const(&s->l, c, "int8_t", mdg_arena_copy(s->l.program.arena, &fill, 1), 1);
}

static void add_requantize(chain *s, bool same_scale) {
    mdg_rng *r = s->l.rng;
    mdg_requantize_params *p = chain_params(s, sizeof *p);
    *p = (mdg_requantize_params){
        .count = chain_bytes(s), .mult = random_mult(r), .shift = random_int(r, -1, 1)};
    layers_range(r, &p->out_zero, &p->act_min, &p->act_max);
    p->in_zero = random_int(r, -128, 127);
    if (same_scale) p->mult = 1 << 30, p->shift = 1, p->in_zero = p->out_zero;
    chain_unary(s, MDG_K_requantize_s8_s8, p);
}

static void add_clamp(chain *s) {
    mdg_clamp_params *p = chain_params(s, sizeof *p);
    *p = (mdg_clamp_params){.count = chain_bytes(s), .min = random_int(s->l.rng, -128, 0)};
    p->max = random_int(s->l.rng, p->min, 127);
    chain_unary(s, MDG_K_clamp_s8, p);
}

static void add_lookup(chain *s) {
    mdg_unary_params *p = chain_params(s, sizeof *p);
    p->count = chain_bytes(s);
    mdg_call *c = chain_unary(s, MDG_K_lookup_8, p);
    layers_const(&s->l, c, "uint8_t", random_s8(s->l.rng, s->l.program.arena, 256), 256);
}

static void add_scalar(chain *s) {
    chain_add(s,
              layers_buffer(&s->l, MDG_BUF_CONST, "int8_t", 1, random_s8(s->l.rng, s->l.program.arena, 1)));
    mdg_call *c = &s->l.program.calls[s->l.program.n_calls - 1];
    mdg_add_params *p = (mdg_add_params *)(uintptr_t)c->params;
    p->b_stride[0] = 0;
    if (random_int(s->l.rng, 0, 1)) return;
    const int tensor = c->in[0];
    c->in[0] = c->in[1], c->in[1] = tensor;
    p->a_stride[0] = 0, p->b_stride[0] = 1;
    c->inplace_in = 1;
}

/* int8 to float, RELU, and back */
static void add_float(chain *s) {
    mdg_affine_params *to = chain_params(s, sizeof *to), *from = chain_params(s, sizeof *from);
    mdg_unary_params *relu = chain_params(s, sizeof *relu);
    const int32_t count = relu->count = chain_bytes(s), w = s->w;
    *to = (mdg_affine_params){count, 0.25f, random_int(s->l.rng, -128, 127)};
    *from = (mdg_affine_params){count, 0.375f, random_int(s->l.rng, -128, 127)};
    chain_call(s, MDG_K_dequantize_s8_f32, to, (const int32_t[]){s->h, 4 * w, s->c});
    chain_call(s, MDG_K_relu_f32, relu, (const int32_t[]){s->h, 4 * w, s->c});
    chain_call(s, MDG_K_quantize_f32_s8, from, (const int32_t[]){s->h, w, s->c});
}

static int add_copy(chain *s, int from, int to, const mdg_copy_params *params) {
    mdg_copy_params *p = chain_params(s, sizeof *p);
    *p = *params;
    mdg_call *c = mdg_program_add_call(&s->l.program, MDG_K_copy, p);
    mdg_call_add_in(c, from);
    mdg_call_add_out(c, to);
    return to;
}

/* Two halves, one of which is looked up, joined the other way round; with every other row, no stretches */
static void add_split(chain *s) {
    const int32_t rows = s->h / 2, bytes = rows * s->w * s->c;
    const bool interleaves = random_int(s->l.rng, 0, 3) == 0;
    if (rows < 1) return;
    mdg_copy_params p = {.blocks = 1, .block_bytes = bytes, .in_step = bytes, .out_step = bytes};
    if (interleaves) p = (mdg_copy_params){rows, s->w * s->c, 0, 2 * s->w * s->c, 0, s->w * s->c};
    const int whole = s->buffer, first = add_copy(s, whole, chain_buffer(s, rows, s->w, s->c), &p);
    p.in_offset = interleaves ? s->w * s->c : bytes;
    s->buffer = add_copy(s, whole, chain_buffer(s, rows, s->w, s->c), &p);
    s->h = rows;
    add_lookup(s);
    const int second = s->buffer;
    s->h = 2 * rows;
    s->buffer = chain_buffer(s, s->h, s->w, s->c);
    p = (mdg_copy_params){1, bytes, 0, bytes, 0, bytes};
    add_copy(s, second, s->buffer, &p);
    p.out_offset = bytes;
    add_copy(s, first, s->buffer, &p);
}

static void add_layer(chain *s) {
    mdg_rng *r = s->l.rng;
    const int32_t zero = random_int(r, -128, 127);
    switch (random_int(r, 0, 11)) {
    case 0:
        add_pad(s, (int8_t)zero);
        chain_conv(s, false, random_int(r, 1, 5), 4, random_int(r, 0, 4) ? zero : 3);
        break;
    case 1:
        add_pad(s, (int8_t)zero);
        chain_conv(s, true, 0, 3, zero);
        break;
    case 2:
        add_pad(s, random_int(r, 0, 4) ? -128 : 0);
        chain_pool(s, MDG_K_max_pool2d_s8, 3);
        break;
    case 3: chain_pool(s, MDG_K_average_pool2d_s8, 3); break;
    case 4: add_requantize(s, true); break;
    case 5: add_requantize(s, false); break;
    case 6: add_clamp(s); break;
    case 7: add_lookup(s); break;
    case 8: add_scalar(s); break;
    case 9: add_float(s); break;
    case 10: add_split(s); break;
    default: chain_conv(s, false, random_int(r, 1, 5), 3, zero); break;
    }
}

static chain random_chain(mdg_rng *r, mdg_arena *arena) {
    chain s = chain_new(r, arena, random_int(r, 2, 9), random_int(r, 2, 9), random_int(r, 1, 5));
    const int n = random_int(r, 1, 7), odd = random_int(r, 0, 9);
    for (int i = 0; i < n; i++) {
        add_layer(&s);
        if (i == odd) chain_output(&s); /* some tensors are read from outside as well */
    }
    if (odd != n - 1) chain_output(&s);
    if (random_int(r, 0, 4) == 0) add_layer(&s); /* for nothing */
    mdg_program_lifetimes(&s.l.program);
    return s;
}

static int counts[MDG_K_COUNT], counts_fused[MDG_K_COUNT], n_parts;

static void check(uint64_t seed, bool tells) {
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 7);
    chain s = random_chain(&r, arena);
    mdg_program *p = &s.l.program, fused = mdg_program_copy(p, arena);
    mdg_fuse(&fused, &(mdg_fuse_opts){.part_align = 1});
    assert_int_equal(mdg_plan(p, NULL, NULL), MDG_OK);
    assert_int_equal(mdg_plan(&fused, NULL, NULL), MDG_OK);
    if (tells) mdg_program_print(p, stdout), mdg_program_print(&fused, stdout);
    assert_null(mdg_program_refused_call(&fused, 0));
    for (int i = 0; i < p->n_calls; i++) counts[p->calls[i].kernel]++;
    for (int i = 0; i < fused.n_calls; i++) counts_fused[fused.calls[i].kernel]++;
    for (int i = 0; i < fused.n_buffers; i++) n_parts += fused.buffers[i].whole >= 0;
    for (int run = 0; run < RUNS; run++) {
        const uint8_t *x = (const uint8_t *)random_s8(&r, arena, (int)layers_bytes(p, p->inputs, 1));
        const uint8_t *want = layers_run(p, x), *got = layers_run(&fused, x);
        if (memcmp(want, got, layers_bytes(p, p->outputs, p->n_outputs)) != 0)
            fail_msg("seed %llu: other bytes when fused", (unsigned long long)seed);
    }
    mdg_arena_free(arena);
}

static void computes_the_same(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, false);
}

/* Else the test above has lost its subject. */
static void fuses_most_of_them(void **state) {
    (void)state;
    static const mdg_kernel_id gone[] = {MDG_K_pad_8,    MDG_K_requantize_s8_s8, MDG_K_clamp_s8,
                                         MDG_K_relu_f32, MDG_K_add_s8,           MDG_K_copy};
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        printf("%-20s %d to %d\n", mdg_kernels[gone[i]].name, counts[gone[i]], counts_fused[gone[i]]);
    printf("%d parts\n", n_parts);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_true(counts[gone[i]] > 500 && counts_fused[gone[i]] < counts[gone[i]] * 2 / 3);
    assert_true(n_parts > 500);
}

static void leaves_control_flow_alone(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(1, 7);
    chain s = chain_new(&r, arena, 4, 4, 4);
    add_clamp(&s);
    mdg_program_add_step(&s.l.program, MDG_STEP_IF, s.buffer);
    add_requantize(&s, true);
    mdg_program_add_step(&s.l.program, MDG_STEP_END_IF, -1);
    chain_output(&s);
    mdg_fuse(&s.l.program, NULL);
    assert_int_equal(s.l.program.n_calls, 4);
    mdg_arena_free(arena);
}

int main(int argc, char **argv) {
    if (argc > 1) {
        check((uint64_t)atoll(argv[1]), true);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(computes_the_same),
        cmocka_unit_test(fuses_most_of_them),
        cmocka_unit_test(leaves_control_flow_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
