/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM against its equations in double over several sequences, states kept between
 * them: floats closely, integers within what their quantisation allows.
 */
#include "oracle.h"

enum { ROUNDS = 60, SEQUENCES = 3, GATES = 4 };

typedef struct net {
    mdg_lstm_shape_params s;
    double *w[GATES], *recurrent[GATES], *bias[GATES]; /* [units][in_c], [units][units], [units] */
    double *hidden, *cell;                             /* [batches][units] */
    double clip;
} net;

static double sigmoid(double x) {
    return 1 / (1 + exp(-x));
}

static double *doubles(mdg_arena *a, int n) {
    return mdg_arena_array(a, (size_t)n, sizeof(double));
}

/* Values are multiples of `grain`, so that int8 holds the same numbers. */
static double *random_doubles(mdg_rng *r, mdg_arena *a, int n, double grain) {
    double *x = doubles(a, n);
    for (int i = 0; i < n; i++) x[i] = grain * random_int(r, -127, 127);
    return x;
}

static net random_net(mdg_rng *r, mdg_arena *a) {
    net m = {.s = {.batches = random_int(r, 1, 3), .steps = random_int(r, 1, 4)}};
    m.s.in_c = random_int(r, 1, 6), m.s.units = random_int(r, 1, 6);
    const bool is_time_major = random_int(r, 0, 1);
    m.s.batch_stride = is_time_major ? 1 : m.s.steps;
    m.s.step_stride = is_time_major ? m.s.batches : 1;
    for (int g = 0; g < GATES; g++) {
        m.w[g] = random_doubles(r, a, m.s.units * m.s.in_c, 1.0 / 128);
        m.recurrent[g] = random_doubles(r, a, m.s.units * m.s.units, 1.0 / 128);
        m.bias[g] = random_doubles(r, a, m.s.units, 1.0 / 128);
    }
    m.hidden = doubles(a, m.s.batches * m.s.units);
    m.cell = doubles(a, m.s.batches * m.s.units);
    m.clip = random_int(r, 0, 1) ? 0.75 : 0;
    return m;
}

static double gate(const net *m, int g, const double *x, const double *hidden, int u) {
    double sum = m->bias[g][u];
    for (int i = 0; i < m->s.in_c; i++) sum += x[i] * m->w[g][u * m->s.in_c + i];
    for (int i = 0; i < m->s.units; i++) sum += hidden[i] * m->recurrent[g][u * m->s.units + i];
    return g == 2 ? tanh(sum) : sigmoid(sum);
}

/* One step of all batches: x and y are vectors of step t of each batch. */
static void step(net *m, const double *x, double *y, mdg_arena *a) {
    const int units = m->s.units;
    for (int b = 0; b < m->s.batches; b++) {
        double *next = doubles(a, units), *hidden = m->hidden + b * units, *cell = m->cell + b * units;
        for (int u = 0; u < units; u++) {
            double v[GATES];
            for (int g = 0; g < GATES; g++) v[g] = gate(m, g, x + b * m->s.in_c, hidden, u);
            cell[u] = v[1] * cell[u] + v[0] * v[2];
            if (m->clip > 0) cell[u] = fmin(fmax(cell[u], -m->clip), m->clip);
            next[u] = v[3] * tanh(cell[u]);
        }
        memcpy(hidden, next, (size_t)units * sizeof *next);
    }
    memcpy(y, m->hidden, (size_t)(m->s.batches * units) * sizeof *y);
}

/* What a kernel works on; numbers go in and come out as double. */
typedef struct device {
    mdg_kernel_fn *kernel;
    const void *params;
    const void *in[14];
    void *out[3];
    void (*put)(void *x, int i, double value);
    double (*get)(const void *y, int i);
    double tolerance;
} device;

static void run(const device *d, net *m, mdg_rng *r, mdg_arena *a) {
    const mdg_lstm_shape_params *s = &m->s;
    for (int sequence = 0; sequence < SEQUENCES; sequence++) {
        double *want = doubles(a, s->steps * s->batches * s->units);
        for (int t = 0; t < s->steps; t++) {
            const double *x = random_doubles(r, a, s->batches * s->in_c, 1.0 / 64);
            for (int i = 0; i < s->batches * s->in_c; i++) {
                const int vector = i / s->in_c * s->batch_stride + t * s->step_stride;
                d->put((void *)(uintptr_t)d->in[0], vector * s->in_c + i % s->in_c, x[i]);
            }
            step(m, x, want + t * s->batches * s->units, a);
        }
        d->kernel(d->params, d->in, d->out);
        for (int i = 0; i < s->steps * s->batches * s->units; i++) {
            const int u = i % s->units, b = i / s->units % s->batches, t = i / s->units / s->batches;
            const double got = d->get(d->out[0], (b * s->batch_stride + t * s->step_stride) * s->units + u);
            if (!(fabs(got - want[i]) <= d->tolerance))
                fail_msg("sequence %d, step %d: %g instead of %g", sequence, t, got, want[i]);
        }
    }
}

static void put_f32(void *x, int i, double value) {
    ((float *)x)[i] = (float)value;
}
static double get_f32(const void *y, int i) {
    return (double)((const float *)y)[i];
}
static void put_s8(void *x, int i, double value) { /* 1/64, zero point 0 */
    ((int8_t *)x)[i] = (int8_t)lround(value * 64);
}
static double get_s8(const void *y, int i) { /* 1/100, zero point -7 */
    return (((const int8_t *)y)[i] + 7) / 100.0;
}
static void put_s16(void *x, int i, double value) { /* 2^-13, zero point 0 */
    ((int16_t *)x)[i] = (int16_t)lround(value * 8192);
}
static double get_s16(const void *y, int i) { /* 2^-15, zero point 0 */
    return ((const int16_t *)y)[i] / 32768.0;
}

static const float *floats_of(mdg_arena *a, const double *x, int n) {
    float *y = mdg_arena_array(a, (size_t)n, sizeof *y);
    for (int i = 0; i < n; i++) y[i] = (float)x[i];
    return y;
}

static const int8_t *weights_of(mdg_arena *a, const double *x, int n) {
    int8_t *y = mdg_arena_alloc(a, (size_t)n);
    for (int i = 0; i < n; i++) y[i] = (int8_t)lround(x[i] * 128);
    return y;
}

static void f32_follows_the_equations(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        mdg_arena *a = mdg_arena_new();
        net m = random_net(&r, a);
        mdg_lstm_f32_params p = {.cell_clip = (float)m.clip};
        memcpy(&p, &m.s, sizeof m.s);
        const int vectors = m.s.batches * m.s.steps, n_state = m.s.batches * m.s.units;
        device d = {mdg_lstm_f32, &p, {0}, {0}, put_f32, get_f32, 1e-5};
        d.in[0] = mdg_arena_array(a, (size_t)(vectors * m.s.in_c), sizeof(float));
        for (int g = 0; g < GATES; g++) {
            d.in[1 + g] = floats_of(a, m.w[g], m.s.units * m.s.in_c);
            d.in[5 + g] = floats_of(a, m.recurrent[g], m.s.units * m.s.units);
            d.in[9 + g] = floats_of(a, m.bias[g], m.s.units);
        }
        d.out[0] = mdg_arena_array(a, (size_t)(vectors * m.s.units), sizeof(float));
        d.out[1] = mdg_arena_array(a, (size_t)n_state, sizeof(float));
        d.out[2] = mdg_arena_array(a, (size_t)n_state, sizeof(float));
        run(&d, &m, &r, a);
        mdg_arena_free(a);
    }
}

static void set_multiplier(double real, int32_t *mult, int32_t *shift) {
    int exponent;
    *mult = (int32_t)fmin(round(frexp(real, &exponent) * 2147483648.0), INT32_MAX);
    *shift = exponent;
}

/* Weights are 1/128, cells Q4.11, the rest as told by the scales */
static mdg_lstm_params params_of(const net *m, double in_scale, double hidden_scale, int32_t hidden_zero) {
    mdg_lstm_params p = {.batches = 0};
    memcpy(&p, &m->s, sizeof m->s);
    const double cell = 1.0 / 2048;
    p.hidden_zero = hidden_zero;
    for (int g = 0; g < GATES; g++) {
        set_multiplier(in_scale / 128 * 4096, &p.in_mult[g], &p.in_shift[g]);
        set_multiplier(hidden_scale / 128 * 4096, &p.hidden_mult[g], &p.hidden_shift[g]);
    }
    set_multiplier(1.0 / 32768, &p.cell_keep_mult, &p.cell_keep_shift);
    set_multiplier(1.0 / 32768 / 32768 / cell, &p.cell_add_mult, &p.cell_add_shift);
    set_multiplier(1.0 / 32768 / 32768 / hidden_scale, &p.out_mult, &p.out_shift);
    p.has_clip = m->clip > 0;
    p.cell_clip = (int32_t)(m->clip / cell);
    p.tanh_mult = 6; /* Q4.11 to 12 * 2^8 to one */
    return p;
}

static const uint16_t *sigmoid_table(mdg_arena *a) {
    uint16_t *table = mdg_arena_array(a, 256, sizeof *table);
    for (int i = 0; i < 256; i++) table[i] = (uint16_t)fmin(round(65536 * sigmoid(i / 24.0)), 65535);
    return table;
}

static void check_integer(mdg_rng *r, bool is_s16) {
    mdg_arena *a = mdg_arena_new();
    net m = random_net(r, a);
    const double in_scale = is_s16 ? 1.0 / 8192 : 1.0 / 64, hidden_scale = is_s16 ? 1.0 / 32768 : 0.01;
    const mdg_lstm_params p = params_of(&m, in_scale, hidden_scale, is_s16 ? 0 : -7);
    const int vectors = m.s.batches * m.s.steps, n_state = m.s.batches * m.s.units;
    device d = {is_s16 ? mdg_lstm_s16 : mdg_lstm_s8, &p, {0}, {0}, put_s8, get_s8, 0.03};
    if (is_s16) d.put = put_s16, d.get = get_s16, d.tolerance = 0.004;
    d.in[0] = mdg_arena_array(a, (size_t)(vectors * m.s.in_c), sizeof(int16_t));
    for (int g = 0; g < GATES; g++) {
        int32_t *bias = mdg_arena_array(a, (size_t)m.s.units, sizeof *bias);
        int64_t *wide = mdg_arena_array(a, (size_t)m.s.units, sizeof *wide);
        for (int u = 0; u < m.s.units; u++)
            wide[u] = bias[u] = (int32_t)lround(m.bias[g][u] * 128 / in_scale);
        d.in[1 + g] = weights_of(a, m.w[g], m.s.units * m.s.in_c);
        d.in[5 + g] = weights_of(a, m.recurrent[g], m.s.units * m.s.units);
        d.in[9 + g] = is_s16 ? (const void *)wide : bias;
    }
    d.in[13] = sigmoid_table(a);
    d.out[0] = mdg_arena_array(a, (size_t)(vectors * m.s.units), sizeof(int16_t));
    d.out[1] = mdg_arena_array(a, (size_t)n_state, sizeof(int16_t));
    memset(d.out[1], p.hidden_zero, (size_t)n_state * sizeof(int16_t));
    d.out[2] = mdg_arena_array(a, (size_t)n_state, sizeof(int16_t));
    run(&d, &m, r, a);
    mdg_arena_free(a);
}

static void int8_is_near_the_equations(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < ROUNDS; i++) check_integer(&r, false);
}

static void int16_is_near_the_equations(void **state) {
    (void)state;
    mdg_rng r = mdg_rng_of(3, 0);
    for (int i = 0; i < ROUNDS; i++) check_integer(&r, true);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(f32_follows_the_equations),
        cmocka_unit_test(int8_is_near_the_equations),
        cmocka_unit_test(int16_is_near_the_equations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
