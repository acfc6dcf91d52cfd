/* SPDX-License-Identifier: MIT
 *
 * Random SVDF and LSTM layers over several steps: what the Cortex-M4's kernels compute on this machine,
 * states included, is what the reference kernels compute.
 */
#include "host/specialize/layers_base.h"
#include "specialize/specialize.h"

enum { ROUNDS = 1500, STEPS = 3 };

/* One call, its input, and its outputs' sizes */
typedef struct layer {
    layers l;
    mdg_call *call;
    int x_bytes;
} layer;

static void add_out(layer *t, size_t bytes) {
    mdg_call_add_out(t->call, layers_buffer(&t->l, MDG_BUF_ARENA, "int8_t", bytes, NULL));
}

static void add_bytes(layer *t, int n) {
    layers_const(&t->l, t->call, "int8_t", layers_weights(&t->l, n), (size_t)n);
}

static void start(layer *t, mdg_kernel_id kernel, const void *params, int x_bytes) {
    t->call = mdg_program_add_call(&t->l.program, kernel, params);
    t->call->in[0] = layers_buffer(&t->l, MDG_BUF_ARENA, "int8_t", (size_t)x_bytes, NULL);
    t->call->n_in = 1;
    t->x_bytes = x_bytes;
}

static void make_svdf(layer *t) {
    mdg_rng *r = t->l.rng;
    mdg_svdf_params *p = mdg_arena_alloc(t->l.program.arena, sizeof *p);
    const bool wide = random_int(r, 0, 1);
    *p = (mdg_svdf_params){.batches = random_int(r, 1, 2), .in_c = random_int(r, 1, 40)};
    p->units = random_int(r, 1, 9), p->rank = random_int(r, 1, 3), p->memory = random_int(r, 1, 13);
    p->in_zero = random_int(r, -128, 127), p->out_zero = random_int(r, -128, 127);
    p->state_zero = wide ? 0 : random_int(r, -128, 127);
    p->feature_mult = random_mult(r), p->feature_shift = random_int(r, -12, wide ? 0 : -4);
    p->out_mult = random_mult(r), p->out_shift = random_int(r, wide ? -16 : -10, -3);
    const int filters = p->units * p->rank, size = wide ? 2 : 1;
    start(t, wide ? MDG_K_svdf_s8_state16 : MDG_K_svdf_s8_state8, p, p->batches * p->in_c);
    add_bytes(t, filters * p->in_c);
    add_bytes(t, filters * p->memory * size);
    const int32_t *bias = random_s32(r, t->l.program.arena, p->units, -(1 << 14), 1 << 14);
    layers_const(&t->l, t->call, "int32_t", random_int(r, 0, 2) ? bias : NULL, 4 * (size_t)p->units);
    t->call->n_out = 0;
    add_out(t, (size_t)(p->batches * p->units));
    add_out(t, (size_t)(p->batches * filters * p->memory * size));
}

static void set_gates(mdg_rng *r, mdg_lstm_params *p) {
    for (int g = 0; g < 4; g++) {
        p->in_mult[g] = random_mult(r), p->in_shift[g] = random_int(r, -4, 2);
        p->hidden_mult[g] = random_mult(r), p->hidden_shift[g] = random_int(r, -4, 2);
    }
    p->cell_keep_mult = p->cell_add_mult = 1 << 30, p->cell_keep_shift = -14, p->cell_add_shift = -18;
    p->has_clip = random_int(r, 0, 1), p->cell_clip = random_int(r, 1, INT16_MAX);
    p->tanh_mult = 3, p->out_mult = random_mult(r), p->out_shift = -random_int(r, 20, 23);
}

static void make_lstm(layer *t) {
    mdg_rng *r = t->l.rng;
    mdg_arena *a = t->l.program.arena;
    mdg_lstm_params *p = mdg_arena_alloc(a, sizeof *p);
    *p = (mdg_lstm_params){.batches = random_int(r, 1, 2), .steps = random_int(r, 1, 3)};
    p->in_c = random_int(r, 1, 20), p->units = random_int(r, 1, 12);
    p->batch_stride = p->steps, p->step_stride = 1;
    p->in_zero = random_int(r, -128, 127), p->hidden_zero = random_int(r, -128, 127);
    set_gates(r, p);
    start(t, MDG_K_lstm_s8, p, p->batches * p->steps * p->in_c);
    for (int g = 0; g < 4; g++) add_bytes(t, p->units * p->in_c);
    for (int g = 0; g < 4; g++) add_bytes(t, p->units * p->units);
    for (int g = 0; g < 4; g++)
        layers_const(&t->l, t->call, "int32_t", random_s32(r, a, p->units, -40000, 40000),
                     4 * (size_t)p->units);
    uint16_t *table = mdg_arena_array(a, 256, sizeof *table);
    for (int i = 0; i < 256; i++) table[i] = (uint16_t)(32768 + 128 * i);
    layers_const(&t->l, t->call, "uint16_t", table, 512);
    t->call->n_out = 0;
    add_out(t, (size_t)(p->batches * p->steps * p->units));
    add_out(t, (size_t)(p->batches * p->units));
    add_out(t, (size_t)(p->batches * p->units) * 2);
}

/* Runs the one call of a program; out: its outputs, states among them. */
static void run(const mdg_program *p, const uint8_t *x, uint8_t *const *out) {
    const mdg_call *c = &p->calls[0];
    const void *in[MDG_CALL_MAX_IO] = {x};
    void *to[MDG_CALL_MAX_IO];
    for (int k = 1; k < c->n_in; k++) in[k] = c->in[k] < 0 ? NULL : p->buffers[c->in[k]].data;
    for (int k = 0; k < c->n_out; k++) to[k] = out[k];
    mdg_kernels[c->kernel].run(c->params, in, to);
}

static int replaced[2];

static void check(uint64_t seed, int is_lstm) {
    mdg_arena *arena = mdg_arena_new();
    mdg_rng r = mdg_rng_of(seed, 3);
    layer t = {.l = {.rng = &r, .program = {.arena = arena}}};
    if (is_lstm)
        make_lstm(&t);
    else
        make_svdf(&t);
    mdg_program special = t.l.program;
    assert_int_equal(mdg_specialize(&special, "armv7em", MDG_OPTIMIZE_balanced, NULL), MDG_OK);
    replaced[is_lstm] += special.calls[0].kernel != t.call->kernel;
    uint8_t *want[3], *got[3];
    for (int k = 0; k < t.call->n_out; k++) {
        const size_t bytes = t.l.program.buffers[t.call->out[k]].bytes;
        want[k] = mdg_arena_alloc(arena, bytes);
        got[k] = mdg_arena_alloc(arena, bytes);
    }
    for (int i = 0; i < STEPS; i++) {
        const uint8_t *x = (const uint8_t *)random_s8(&r, arena, t.x_bytes);
        run(&t.l.program, x, want);
        run(&special, x, got);
        for (int k = 0; k < t.call->n_out; k++)
            if (memcmp(want[k], got[k], t.l.program.buffers[t.call->out[k]].bytes) != 0)
                fail_msg("seed %llu, step %d: output %d differs", (unsigned long long)seed, i, k);
    }
    mdg_arena_free(arena);
}

static void svdf_remembers_alike(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, 0);
    assert_true(replaced[0] > ROUNDS / 2);
}

static void lstm_remembers_alike(void **state) {
    (void)state;
    for (uint64_t seed = 0; seed < ROUNDS; seed++) check(seed, 1);
    assert_true(replaced[1] > ROUNDS / 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(svdf_remembers_alike),
        cmocka_unit_test(lstm_remembers_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
