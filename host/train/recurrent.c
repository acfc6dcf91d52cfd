/* SPDX-License-Identifier: MIT
 *
 * LSTM and GRU over time: step t of a sample is row t of its input. Own loops around matrix products:
 *
 *     a = W x + b, for all steps at once;  then step by step, from h = c = 0, with v = U h of the step
 * before: LSTM   i, f, o = sigmoid(a + v)   g = tanh(a + v)        c = f c + i g     h = o tanh(c) GRU    z,
 * r = sigmoid(a + v)      n = tanh(a + r v)      h = n + z (h - n)
 *
 * Weights: W [gates][units][in], then U [gates][units][units]; gates in the order above, the sigmoids first.
 */
#include <math.h>
#include <string.h>

#include "train/shard.h"

typedef struct recurrent {
    size_t batch, steps, in, units, gates;
    bool is_lstm, gives_all; /* steps, not the last alone */
    const float *x, *w, *u, *bias;
    float *a;     /* [batch][steps][gates][units], in the end the gates' values */
    float *v;     /* [batch][gates][units] */
    float *v_n;   /* GRU: [batch][steps][units], the part of v that r scales */
    float *c, *h; /* [batch][steps][units] */
    float *out;
    /* backward */
    const float *out_diff;
    float *a_diff, *v_diff; /* as a, of the step; LSTM: the same array */
    float *past;            /* [batch][steps][units]: h of the step before */
    float *h_diff, *c_diff; /* [batch][units], handed from step to step */
    float *x_diff, *w_diff, *u_diff, *bias_diff;
} recurrent;

/* C[m][n] = A[m][k] B[k][n] + beta C; ta, tb 'T': A is stored as [k][m], B as [n][k]. Rows lie lda, ...
 * apart. */
typedef struct matrix {
    const float *data;
    char transposed;
    size_t stride;
} matrix;

static void multiply(size_t m, size_t n, size_t k, matrix a, matrix b, float beta, float *c, size_t stride) {
    dnnl_sgemm(a.transposed, b.transposed, (dnnl_dim_t)m, (dnnl_dim_t)n, (dnnl_dim_t)k, 1.0f, a.data,
               (dnnl_dim_t)a.stride, b.data, (dnnl_dim_t)b.stride, beta, c, (dnnl_dim_t)stride);
}

/* ---- forward ---- */

static float sigmoid(float x) {
    return 1.0f / (1.0f + expf(-x));
}

static void lstm_step(const recurrent *r, size_t row, const float *v, size_t step) {
    const size_t n = r->units;
    float *a = r->a + row * 4 * n, *c = r->c + row * n, *h = r->h + row * n;
    for (size_t k = 0; k < 3 * n; k++) a[k] = sigmoid(a[k] + v[k]);
    for (size_t k = 3 * n; k < 4 * n; k++) a[k] = tanhf(a[k] + v[k]);
    for (size_t k = 0; k < n; k++) {
        const float before = step ? c[k - n] : 0.0f;
        c[k] = a[n + k] * before + a[k] * a[3 * n + k];
        h[k] = a[2 * n + k] * tanhf(c[k]);
    }
}

static void gru_step(const recurrent *r, size_t row, const float *v, size_t step) {
    const size_t n = r->units;
    float *a = r->a + row * 3 * n, *h = r->h + row * n;
    for (size_t k = 0; k < 2 * n; k++) a[k] = sigmoid(a[k] + v[k]);
    memcpy(r->v_n + row * n, v + 2 * n, n * sizeof *v);
    for (size_t k = 0; k < n; k++) {
        const float before = step ? h[k - n] : 0.0f;
        const float candidate = tanhf(a[2 * n + k] + a[n + k] * v[2 * n + k]);
        a[2 * n + k] = candidate;
        h[k] = candidate + a[k] * (before - candidate);
    }
}

static void run_forward(const mdg_task *task) {
    const recurrent *r = task->context;
    const size_t n = r->units, width = r->gates * n, rows = r->batch * r->steps;
    for (size_t i = 0; i < rows; i++) memcpy(r->a + i * width, r->bias, width * sizeof *r->a);
    multiply(rows, width, r->in, (matrix){r->x, 'N', r->in}, (matrix){r->w, 'T', r->in}, 1.0f, r->a, width);
    memset(r->v, 0, r->batch * width * sizeof *r->v);
    for (size_t t = 0; t < r->steps; t++) {
        if (t)
            multiply(r->batch, width, n, (matrix){r->h + (t - 1) * n, 'N', r->steps * n},
                     (matrix){r->u, 'T', n}, 0.0f, r->v, width);
        for (size_t b = 0; b < r->batch; b++)
            (r->is_lstm ? lstm_step : gru_step)(r, b * r->steps + t, r->v + b * width, t);
    }
    for (size_t b = 0; b < r->batch && !r->gives_all; b++)
        memcpy(r->out + b * n, r->h + (b * r->steps + r->steps - 1) * n, n * sizeof *r->out);
}

/* ---- backward: h_diff holds the loss gradient of h of this step, and leaves that of the step before ---- */

static void lstm_step_back(const recurrent *r, size_t row, size_t sample, size_t step) {
    const size_t n = r->units;
    const float *i = r->a + row * 4 * n, *f = i + n, *o = f + n, *g = o + n, *c = r->c + row * n;
    float *diff = r->a_diff + row * 4 * n, *h_diff = r->h_diff + sample * n, *c_diff = r->c_diff + sample * n;
    for (size_t k = 0; k < n; k++) {
        const float bent = tanhf(c[k]), before = step ? c[k - n] : 0.0f;
        const float dc = c_diff[k] + h_diff[k] * o[k] * (1.0f - bent * bent);
        diff[k] = dc * g[k] * i[k] * (1.0f - i[k]);
        diff[n + k] = dc * before * f[k] * (1.0f - f[k]);
        diff[2 * n + k] = h_diff[k] * bent * o[k] * (1.0f - o[k]);
        diff[3 * n + k] = dc * i[k] * (1.0f - g[k] * g[k]);
        c_diff[k] = dc * f[k];
        h_diff[k] = 0.0f;
    }
}

static void gru_step_back(const recurrent *r, size_t row, size_t sample, size_t step) {
    const size_t n = r->units;
    const float *z = r->a + row * 3 * n, *reset = z + n, *candidate = reset + n, *h = r->h + row * n;
    const float *v_n = r->v_n + row * n;
    float *a_diff = r->a_diff + row * 3 * n, *v_diff = r->v_diff + row * 3 * n,
          *h_diff = r->h_diff + sample * n;
    for (size_t k = 0; k < n; k++) {
        const float before = step ? h[k - n] : 0.0f;
        const float dn = h_diff[k] * (1.0f - z[k]) * (1.0f - candidate[k] * candidate[k]);
        a_diff[k] = v_diff[k] = h_diff[k] * (before - candidate[k]) * z[k] * (1.0f - z[k]);
        a_diff[n + k] = v_diff[n + k] = dn * v_n[k] * reset[k] * (1.0f - reset[k]);
        a_diff[2 * n + k] = dn;
        v_diff[2 * n + k] = dn * reset[k];
        h_diff[k] *= z[k];
    }
}

static void add_output_diff(const recurrent *r, size_t step) {
    const size_t n = r->units;
    if (!r->gives_all && step + 1 < r->steps) return;
    for (size_t b = 0; b < r->batch; b++) {
        const float *from = r->out_diff + (r->gives_all ? b * r->steps + step : b) * n;
        for (size_t k = 0; k < n; k++) r->h_diff[b * n + k] += from[k];
    }
}

static void back_through_time(const recurrent *r) {
    const size_t n = r->units, width = r->gates * n;
    memset(r->h_diff, 0, r->batch * n * sizeof *r->h_diff);
    memset(r->c_diff, 0, r->batch * n * sizeof *r->c_diff);
    for (size_t t = r->steps; t-- > 0;) {
        add_output_diff(r, t);
        for (size_t b = 0; b < r->batch; b++)
            (r->is_lstm ? lstm_step_back : gru_step_back)(r, b * r->steps + t, b, t);
        multiply(r->batch, n, width, (matrix){r->v_diff + t * width, 'N', r->steps * width},
                 (matrix){r->u, 'N', n}, 1.0f, r->h_diff, n);
    }
}

static void shift_hidden(const recurrent *r) {
    const size_t n = r->units;
    for (size_t b = 0; b < r->batch; b++) {
        float *past = r->past + b * r->steps * n;
        memset(past, 0, n * sizeof *past);
        memcpy(past + n, r->h + b * r->steps * n, (r->steps - 1) * n * sizeof *past);
    }
}

static void run_backward(const mdg_task *task) {
    const recurrent *r = task->context;
    const size_t n = r->units, width = r->gates * n, rows = r->batch * r->steps;
    const matrix a_diff = {r->a_diff, 'T', width}, v_diff = {r->v_diff, 'T', width};
    back_through_time(r);
    shift_hidden(r);
    multiply(width, r->in, rows, a_diff, (matrix){r->x, 'N', r->in}, 0.0f, r->w_diff, r->in);
    multiply(width, n, rows, v_diff, (matrix){r->past, 'N', n}, 0.0f, r->u_diff, n);
    memset(r->bias_diff, 0, width * sizeof *r->bias_diff);
    for (size_t i = 0; i < rows; i++)
        for (size_t k = 0; k < width; k++) r->bias_diff[k] += r->a_diff[i * width + k];
    if (r->x_diff)
        multiply(rows, r->in, width, (matrix){r->a_diff, 'N', width}, (matrix){r->w, 'N', r->in}, 0.0f,
                 r->x_diff, r->in);
}

/* ---- building ---- */

void mdg_recurrent_forward(mdg_shard *s, mdg_node *n) {
    const mdg_layer *l = n->layer;
    recurrent *r = mdg_arena_alloc(s->arena, sizeof *r);
    *r = (recurrent){.batch = (size_t)s->batch,
                     .steps = (size_t)l->in_h,
                     .in = (size_t)l->in_w * (size_t)l->in_c,
                     .units = (size_t)l->out_c,
                     .gates = (size_t)mdg_layer_gates(l->spec.kind),
                     .is_lstm = l->spec.kind == MDG_LAYER_LSTM,
                     .gives_all = l->spec.sequence,
                     .x = n->in->data,
                     .w = mdg_params_of(s, l->weights),
                     .bias = mdg_params_of(s, l->bias),
                     .out = n->out->data};
    const size_t rows = r->batch * r->steps;
    r->u = r->w + r->gates * r->units * r->in;
    r->a = mdg_floats(s->arena, rows * r->gates * r->units);
    r->v = mdg_floats(s->arena, r->batch * r->gates * r->units);
    r->h = r->gives_all ? r->out : mdg_floats(s->arena, rows * r->units);
    if (r->is_lstm)
        r->c = mdg_floats(s->arena, rows * r->units);
    else
        r->v_n = mdg_floats(s->arena, rows * r->units);
    n->recurrent = r;
    mdg_tasks_add(&s->dnn, &s->forward,
                  (mdg_task){.phase = MDG_PHASE_BOTH, .run = run_forward, .context = r});
}

void mdg_recurrent_backward(mdg_shard *s, mdg_node *n) {
    const mdg_layer *l = n->layer;
    recurrent *r = n->recurrent;
    const size_t rows = r->batch * r->steps, gates = r->gates * r->units;
    r->out_diff = n->out->diff;
    r->a_diff = mdg_floats(s->arena, rows * gates);
    r->v_diff = r->is_lstm ? r->a_diff : mdg_floats(s->arena, rows * gates);
    r->past = mdg_floats(s->arena, rows * r->units);
    r->h_diff = mdg_floats(s->arena, r->batch * r->units);
    r->c_diff = mdg_floats(s->arena, r->batch * r->units);
    r->x_diff = n->in->is_input ? NULL : mdg_gradient_borrow(s);
    r->w_diff = mdg_gradients_of(s, l->weights);
    r->u_diff = r->w_diff + gates * r->in;
    r->bias_diff = mdg_gradients_of(s, l->bias);
    mdg_tasks_add(&s->dnn, &s->backward,
                  (mdg_task){.phase = MDG_PHASE_BOTH, .run = run_backward, .context = r});
    if (r->x_diff) mdg_gradient_give(s, n->in, r->x_diff);
    mdg_gradient_return(s, n->out->diff);
}
