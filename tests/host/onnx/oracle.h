/* SPDX-License-Identifier: MIT
 *
 * oracle.h: evaluates an ONNX model as ONNX's text says, in NCHW, one number after another in double; shares
 * nothing with the reader. Quantised numbers are rounded where QuantizeLinear says so, and stay real numbers
 * else.
 */
#ifndef MDG_TEST_ONNX_ORACLE_H
#define MDG_TEST_ONNX_ORACLE_H

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "tests/host/onnx/writer.h"

enum { ORACLE_RANK = 8, ORACLE_VALUES = 256 };

typedef struct oracle_value {
    const char *name;
    int rank;
    int64_t dim[ORACLE_RANK];
    double *at;
} oracle_value;

typedef struct oracle {
    mdg_arena *arena;
    int opset;
    int n;
    oracle_value values[ORACLE_VALUES];
    const Onnx__NodeProto *node;
} oracle;

static inline int64_t oracle_count(const oracle_value *v) {
    return onnx_count(v->rank, v->dim);
}

static inline oracle_value *oracle_find(oracle *o, const char *name) {
    for (int i = 0; i < o->n; i++)
        if (strcmp(o->values[i].name, name) == 0) return &o->values[i];
    return NULL;
}

/* Input k of the node, or NULL. */
static inline oracle_value *oracle_in(oracle *o, size_t k) {
    return k < o->node->n_input && o->node->input[k][0] ? oracle_find(o, o->node->input[k]) : NULL;
}

static inline oracle_value *oracle_put(oracle *o, const char *name, int rank, const int64_t *dims) {
    oracle_value *v = &o->values[o->n++];
    *v = (oracle_value){.name = name, .rank = rank};
    for (int d = 0; d < rank; d++) v->dim[d] = dims[d];
    v->at = mdg_arena_array(o->arena, (size_t)oracle_count(v), sizeof *v->at);
    return v;
}

static inline oracle_value *oracle_out(oracle *o, int rank, const int64_t *dims) {
    return oracle_put(o, o->node->output[0], rank, dims);
}

/* -- attributes; lists may be an input instead -- */

static inline const Onnx__AttributeProto *oracle_attr(const oracle *o, const char *name) {
    for (size_t i = 0; i < o->node->n_attribute; i++)
        if (strcmp(o->node->attribute[i]->name, name) == 0) return o->node->attribute[i];
    return NULL;
}

static inline int64_t oracle_int(const oracle *o, const char *name, int64_t otherwise) {
    const Onnx__AttributeProto *a = oracle_attr(o, name);
    return a ? a->i : otherwise;
}

static inline double oracle_float(const oracle *o, const char *name, double otherwise) {
    const Onnx__AttributeProto *a = oracle_attr(o, name);
    return a ? (double)a->f : otherwise;
}

static inline int oracle_list(oracle *o, const char *name, size_t k, int64_t *list) {
    const Onnx__AttributeProto *a = oracle_attr(o, name);
    const oracle_value *v = k ? oracle_in(o, k) : NULL;
    int n = 0;
    for (; v && n < oracle_count(v); n++) list[n] = (int64_t)v->at[n];
    for (; !v && a && n < (int)a->n_ints; n++) list[n] = a->ints[n];
    return v || a ? n : -1;
}

/* -- places -- */

/* The coordinates of element i. */
static inline void oracle_place(const oracle_value *v, int64_t i, int64_t *at) {
    for (int d = v->rank; d-- > 0; i /= v->dim[d]) at[d] = i % v->dim[d];
}

/* The element at the last coordinates, with dimensions of 1 repeated. */
static inline double oracle_get(const oracle_value *v, int rank, const int64_t *at) {
    int64_t i = 0;
    for (int d = 0; d < v->rank; d++) i = i * v->dim[d] + (v->dim[d] == 1 ? 0 : at[rank - v->rank + d]);
    return v->at[i];
}

/* -- operators -- */

static inline double oracle_round(double v) {
    return nearbyint(v); /* to even */
}

static inline double oracle_curve(const oracle *o, const char *op, double x) {
    if (strcmp(op, "Relu") == 0) return x > 0 ? x : 0;
    if (strcmp(op, "Sigmoid") == 0) return 1 / (1 + exp(-x));
    if (strcmp(op, "Tanh") == 0) return tanh(x);
    if (strcmp(op, "HardSwish") == 0) return x * fmin(1, fmax(0, x / 6 + 0.5));
    if (strcmp(op, "HardSigmoid") == 0)
        return fmin(1, fmax(0, oracle_float(o, "alpha", 0.2) * x + oracle_float(o, "beta", 0.5)));
    if (strcmp(op, "LeakyRelu") == 0) return x < 0 ? oracle_float(o, "alpha", 0.01) * x : x;
    return x; /* Identity, Dropout */
}

static inline double oracle_pair(const char *op, double a, double b) {
    switch (op[0]) {
    case 'A': return a + b;
    case 'S': return a - b;
    case 'D': return a / b;
    default: break;
    }
    return op[1] == 'u' ? a * b : op[1] == 'a' ? fmax(a, b) : fmin(a, b);
}

static inline void oracle_unary(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    oracle_value *y = oracle_out(o, x->rank, x->dim);
    for (int64_t i = 0; i < oracle_count(x); i++) y->at[i] = oracle_curve(o, o->node->op_type, x->at[i]);
}

static inline void oracle_clip(oracle *o) {
    const oracle_value *x = oracle_in(o, 0), *low = oracle_in(o, 1), *high = oracle_in(o, 2);
    const double min = low ? low->at[0] : oracle_float(o, "min", -INFINITY),
                 max = high ? high->at[0] : oracle_float(o, "max", INFINITY);
    oracle_value *y = oracle_out(o, x->rank, x->dim);
    for (int64_t i = 0; i < oracle_count(x); i++) y->at[i] = fmin(max, fmax(min, x->at[i]));
}

static inline void oracle_binary(oracle *o) {
    const oracle_value *a = oracle_in(o, 0), *b = oracle_in(o, 1);
    const int rank = a->rank > b->rank ? a->rank : b->rank;
    int64_t dims[ORACLE_RANK], at[ORACLE_RANK];
    for (int d = 0; d < rank; d++) {
        const int64_t of_a = d < rank - a->rank ? 1 : a->dim[d - rank + a->rank];
        const int64_t of_b = d < rank - b->rank ? 1 : b->dim[d - rank + b->rank];
        dims[d] = of_a > of_b ? of_a : of_b;
    }
    oracle_value *y = oracle_out(o, rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        oracle_place(y, i, at);
        y->at[i] = oracle_pair(o->node->op_type, oracle_get(a, rank, at), oracle_get(b, rank, at));
    }
}

static inline void oracle_quantize(oracle *o) {
    const bool quantizes = o->node->op_type[0] == 'Q';
    const oracle_value *x = oracle_in(o, 0), *scale = oracle_in(o, 1), *zero = oracle_in(o, 2);
    oracle_value *y = oracle_out(o, x->rank, x->dim);
    const bool is_uint8 = zero->dim[7] == ONNX_UINT8;
    int64_t at[ORACLE_RANK], axis = oracle_int(o, "axis", 1);
    if (axis < 0) axis += x->rank;
    for (int64_t i = 0; i < oracle_count(x); i++) {
        oracle_place(x, i, at);
        const int64_t c = oracle_count(scale) > 1 ? at[axis] : 0;
        if (quantizes)
            y->at[i] =
                fmin(is_uint8 ? 255 : 127,
                     fmax(is_uint8 ? 0 : -128,
                          oracle_round((double)((float)x->at[i] / (float)scale->at[c])) + zero->at[c]));
        else
            y->at[i] = (x->at[i] - zero->at[c]) * scale->at[c];
    }
}

static inline void oracle_norm(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    const double *s = oracle_in(o, 1)->at, *b = oracle_in(o, 2)->at, *mean = oracle_in(o, 3)->at,
                 *variance = oracle_in(o, 4)->at;
    oracle_value *y = oracle_out(o, x->rank, x->dim);
    int64_t at[ORACLE_RANK];
    for (int64_t i = 0; i < oracle_count(x); i++) {
        oracle_place(x, i, at);
        const int64_t c = at[1];
        y->at[i] = (x->at[i] - mean[c]) / sqrt(variance[c] + oracle_float(o, "epsilon", 1e-5)) * s[c] + b[c];
    }
}

/* Windows over `axes` spatial dimensions, as [before, after] pads, strides, dilations, and output sizes. */
typedef struct oracle_windows {
    int axes;
    int64_t kernel[2], before[2], after[2], stride[2], dilation[2], out[2];
} oracle_windows;

static inline void oracle_windows_of(oracle *o, const oracle_value *x, const int64_t *kernel,
                                     oracle_windows *w) {
    const Onnx__AttributeProto *mode = oracle_attr(o, "auto_pad");
    const bool same = mode && mode->s.len == 10, up = oracle_int(o, "ceil_mode", 0) != 0;
    int64_t pads[4] = {0}, list[4];
    w->axes = x->rank - 2;
    oracle_list(o, "pads", 0, pads);
    for (int a = 0; a < w->axes; a++) {
        w->kernel[a] = kernel[a];
        w->stride[a] = oracle_list(o, "strides", 0, list) > 0 ? list[a] : 1;
        w->dilation[a] = oracle_list(o, "dilations", 0, list) > 0 ? list[a] : 1;
        const int64_t reach = (kernel[a] - 1) * w->dilation[a] + 1, size = x->dim[a + 2];
        w->before[a] = pads[a], w->after[a] = pads[a + w->axes];
        w->out[a] =
            (size + w->before[a] + w->after[a] - reach + (up ? w->stride[a] - 1 : 0)) / w->stride[a] + 1;
        if (!same) continue;
        w->out[a] = (size + w->stride[a] - 1) / w->stride[a];
        const int64_t total = (w->out[a] - 1) * w->stride[a] + reach - size;
        w->before[a] = total > 0 ? total / 2 : 0;
    }
}

/* Whether tap k of the window at `to` lies in x; from: where. */
static inline bool oracle_tap(const oracle_windows *w, const oracle_value *x, const int64_t *to, int64_t k,
                              int64_t *from) {
    bool inside = true;
    for (int a = w->axes; a-- > 0; k /= w->kernel[a]) {
        from[a + 2] = to[a + 2] * w->stride[a] - w->before[a] + k % w->kernel[a] * w->dilation[a];
        inside = inside && from[a + 2] >= 0 && from[a + 2] < x->dim[a + 2];
    }
    return inside;
}

static inline void oracle_conv(oracle *o) {
    const oracle_value *x = oracle_in(o, 0), *w = oracle_in(o, 1), *b = oracle_in(o, 2);
    const int64_t groups = oracle_int(o, "group", 1), per_group = w->dim[0] / groups;
    const int64_t taps = onnx_count(w->rank - 2, w->dim + 2);
    oracle_windows win;
    oracle_windows_of(o, x, w->dim + 2, &win);
    int64_t dims[4] = {x->dim[0], w->dim[0], win.out[0], win.out[1]}, to[4], from[4];
    oracle_value *y = oracle_out(o, x->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        oracle_place(y, i, to);
        y->at[i] = b ? b->at[to[1]] : 0;
        from[0] = to[0];
        for (int64_t c = 0; c < w->dim[1]; c++)
            for (int64_t k = 0; k < taps; k++) {
                from[1] = to[1] / per_group * w->dim[1] + c;
                if (!oracle_tap(&win, x, to, k, from)) continue;
                y->at[i] += oracle_get(x, x->rank, from) * w->at[(to[1] * w->dim[1] + c) * taps + k];
            }
    }
}

/* MaxPool, AveragePool and the global ones. */
static inline void oracle_pool(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    const bool is_max = strstr(o->node->op_type, "Max") != NULL, is_global = o->node->op_type[0] == 'G';
    const bool counts_border = oracle_int(o, "count_include_pad", 0) != 0;
    int64_t kernel[2] = {x->dim[2], x->dim[3]};
    if (!is_global) oracle_list(o, "kernel_shape", 0, kernel);
    oracle_windows win;
    oracle_windows_of(o, x, kernel, &win);
    const int64_t taps = onnx_count(win.axes, kernel);
    int64_t dims[4] = {x->dim[0], x->dim[1], win.out[0], win.out[1]}, to[4], from[4];
    oracle_value *y = oracle_out(o, x->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        double most = -INFINITY, sum = 0;
        int64_t n = 0;
        oracle_place(y, i, to);
        from[0] = to[0], from[1] = to[1];
        for (int64_t k = 0; k < taps; k++) {
            if (!oracle_tap(&win, x, to, k, from)) continue;
            const double v = oracle_get(x, x->rank, from);
            most = fmax(most, v), sum += v, n++;
        }
        y->at[i] = is_max ? most : sum / (double)(counts_border ? taps : n);
    }
}

static inline void oracle_matmul(oracle *o) {
    const oracle_value *a = oracle_in(o, 0), *b = oracle_in(o, 1);
    int64_t dims[ORACLE_RANK], at[ORACLE_RANK], of_a[ORACLE_RANK], of_b[ORACLE_RANK];
    memcpy(dims, a->dim, sizeof dims);
    dims[a->rank - 1] = b->dim[b->rank - 1];
    oracle_value *y = oracle_out(o, a->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        oracle_place(y, i, at);
        memcpy(of_a, at, sizeof at);
        memcpy(of_b, at, sizeof at);
        for (int64_t k = 0; k < a->dim[a->rank - 1]; k++) {
            of_a[a->rank - 1] = of_b[a->rank - 2] = k;
            y->at[i] += oracle_get(a, a->rank, of_a) * oracle_get(b, a->rank, of_b);
        }
    }
}

static inline void oracle_gemm(oracle *o) {
    const oracle_value *a = oracle_in(o, 0), *b = oracle_in(o, 1), *c = oracle_in(o, 2);
    const bool transposed = oracle_int(o, "transB", 0) != 0;
    const int64_t depth = a->dim[1], dims[] = {a->dim[0], b->dim[transposed ? 0 : 1]};
    oracle_value *y = oracle_out(o, 2, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        int64_t at[2];
        oracle_place(y, i, at);
        for (int64_t k = 0; k < depth; k++)
            y->at[i] +=
                a->at[at[0] * depth + k] * b->at[transposed ? at[1] * depth + k : k * dims[1] + at[1]];
        y->at[i] = oracle_float(o, "alpha", 1) * y->at[i] +
                   (c ? oracle_float(o, "beta", 1) * oracle_get(c, 2, at) : 0);
    }
}

static inline void oracle_softmax(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    const bool old = o->opset < 13;
    int64_t axis = oracle_int(o, "axis", old ? 1 : -1);
    if (axis < 0) axis += x->rank;
    const int64_t rows = onnx_count((int)axis, x->dim), size = old ? oracle_count(x) / rows : x->dim[axis];
    const int64_t inner = oracle_count(x) / rows / size;
    oracle_value *y = oracle_out(o, x->rank, x->dim);
    for (int64_t row = 0; row < rows * inner; row++) {
        const int64_t first = row / inner * size * inner + row % inner;
        double sum = 0;
        for (int64_t k = 0; k < size; k++) sum += exp(x->at[first + k * inner]);
        for (int64_t k = 0; k < size; k++) y->at[first + k * inner] = exp(x->at[first + k * inner]) / sum;
    }
}

static inline void oracle_mean(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    int64_t axes[ORACLE_RANK], dims[ORACLE_RANK], kept[ORACLE_RANK], at[ORACLE_RANK];
    const int n = oracle_list(o, "axes", 1, axes);
    int n_kept = 0;
    memcpy(dims, x->dim, sizeof dims);
    for (int i = 0; i < n; i++) dims[axes[i] < 0 ? axes[i] + x->rank : axes[i]] = 1;
    for (int d = 0; d < x->rank; d++)
        if (dims[d] == x->dim[d]) kept[n_kept++] = dims[d]; /* no sample reduces a dimension of 1 */
    oracle_value *y = oracle_out(o, x->rank, dims);
    for (int64_t i = 0; i < oracle_count(x); i++) {
        int64_t to = 0;
        oracle_place(x, i, at);
        for (int d = 0; d < x->rank; d++) to = to * dims[d] + (dims[d] == 1 ? 0 : at[d]);
        y->at[to] += x->at[i] * (double)oracle_count(y) / (double)oracle_count(x);
    }
    if (oracle_int(o, "keepdims", 1)) return;
    y->rank = n_kept;
    memcpy(y->dim, kept, sizeof y->dim);
}

static inline void oracle_transpose(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    int64_t perm[ORACLE_RANK], dims[ORACLE_RANK], at[ORACLE_RANK], from[ORACLE_RANK];
    oracle_list(o, "perm", 0, perm);
    for (int d = 0; d < x->rank; d++) dims[d] = x->dim[perm[d]];
    oracle_value *y = oracle_out(o, x->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        oracle_place(y, i, at);
        for (int d = 0; d < x->rank; d++) from[perm[d]] = at[d];
        y->at[i] = oracle_get(x, x->rank, from);
    }
}

static inline void oracle_concat(oracle *o) {
    const int64_t axis = oracle_int(o, "axis", 0);
    int64_t dims[ORACLE_RANK], at[ORACLE_RANK];
    const oracle_value *first = oracle_in(o, 0);
    if (!first) return;
    memcpy(dims, first->dim, sizeof dims);
    for (size_t k = 1; k < o->node->n_input; k++) dims[axis] += oracle_in(o, k)->dim[axis];
    oracle_value *y = oracle_out(o, first->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        size_t k = 0;
        oracle_place(y, i, at);
        while (at[axis] >= oracle_in(o, k)->dim[axis]) at[axis] -= oracle_in(o, k++)->dim[axis];
        const oracle_value *x = oracle_in(o, k);
        int64_t from = 0;
        for (int d = 0; d < x->rank; d++) from = from * x->dim[d] + at[d];
        y->at[i] = x->at[from];
    }
}

static inline void oracle_slice(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    int64_t starts[8], ends[8], axes[8], steps[8], begin[8] = {0}, step[8], dims[8], at[8];
    const int n = oracle_list(o, "starts", 1, starts);
    oracle_list(o, "ends", 2, ends);
    oracle_list(o, "axes", 3, axes);
    const bool has_steps = oracle_list(o, "", 4, steps) > 0;
    memcpy(dims, x->dim, sizeof dims);
    for (int d = 0; d < 8; d++) step[d] = 1;
    for (int i = 0; i < n; i++) {
        const int64_t d = axes[i], size = x->dim[d],
                      end = ends[i] < 0      ? ends[i] + size
                            : ends[i] > size ? size
                                             : ends[i];
        begin[d] = starts[i] < 0 ? starts[i] + size : starts[i];
        step[d] = has_steps ? steps[i] : 1;
        dims[d] = (end - begin[d] + step[d] - 1) / step[d];
    }
    oracle_value *y = oracle_out(o, x->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        oracle_place(y, i, at);
        for (int d = 0; d < x->rank; d++) at[d] = begin[d] + at[d] * step[d];
        y->at[i] = oracle_get(x, x->rank, at);
    }
}

static inline void oracle_pad(oracle *o) {
    const oracle_value *x = oracle_in(o, 0), *fill = oracle_in(o, 2);
    int64_t pads[2 * ORACLE_RANK], dims[ORACLE_RANK], at[ORACLE_RANK];
    oracle_list(o, "pads", 1, pads);
    for (int d = 0; d < x->rank; d++) dims[d] = x->dim[d] + pads[d] + pads[d + x->rank];
    oracle_value *y = oracle_out(o, x->rank, dims);
    for (int64_t i = 0; i < oracle_count(y); i++) {
        bool inside = true;
        oracle_place(y, i, at);
        for (int d = 0; d < x->rank; d++) inside = (at[d] -= pads[d]) >= 0 && at[d] < x->dim[d] && inside;
        y->at[i] = inside ? oracle_get(x, x->rank, at) : fill ? fill->at[0] : 0;
    }
}

/* Reshape, Flatten, Squeeze, Unsqueeze: the same numbers, other dimensions. */
static inline void oracle_reshape(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    const char *op = o->node->op_type;
    int64_t list[ORACLE_RANK], dims[ORACLE_RANK];
    int n = oracle_list(o, "axes", 1, list), rank = 0;
    if (op[0] == 'R') {
        const int64_t all = oracle_count(x);
        for (int d = 0; d < n; d++) dims[rank++] = list[d] == 0 ? x->dim[d] : list[d];
        for (int d = 0; d < n; d++)
            if (dims[d] == -1) dims[d] = 1, dims[d] = all / onnx_count(rank, dims);
    } else if (op[0] == 'F') {
        const int axis = (int)oracle_int(o, "axis", 1);
        dims[rank++] = onnx_count(axis, x->dim);
        dims[rank++] = onnx_count(x->rank - axis, x->dim + axis);
    } else {
        const bool adds = op[0] == 'U';
        for (int d = 0, from = 0; from < x->rank || (adds && d < x->rank + n); d++) {
            bool named = false;
            for (int i = 0; i < n; i++) named = named || list[i] == d;
            if (named && adds) dims[rank++] = 1;
            if (named && !adds) from++;
            if (!named) dims[rank++] = x->dim[from++];
        }
    }
    oracle_value *y = oracle_out(o, rank, dims);
    memcpy(y->at, x->at, (size_t)oracle_count(x) * sizeof *x->at);
}

static inline void oracle_shape(oracle *o) {
    const oracle_value *x = oracle_in(o, 0);
    oracle_value *y = oracle_out(o, 1, (int64_t[]){x->rank});
    for (int d = 0; d < x->rank; d++) y->at[d] = (double)x->dim[d];
}

static inline void oracle_gather(oracle *o) { /* one element of a list */
    oracle_out(o, 0, NULL)->at[0] = oracle_in(o, 0)->at[(int64_t)oracle_in(o, 1)->at[0]];
}

typedef struct oracle_op {
    const char *names; /* between spaces */
    void (*run)(oracle *o);
} oracle_op;

static const oracle_op oracle_ops[] = {
    {" Relu Sigmoid Tanh HardSwish HardSigmoid LeakyRelu Identity Dropout ", oracle_unary},
    {" Clip ", oracle_clip},
    {" Add Sub Mul Div Max Min ", oracle_binary},
    {" QuantizeLinear DequantizeLinear ", oracle_quantize},
    {" BatchNormalization ", oracle_norm},
    {" Conv ", oracle_conv},
    {" MaxPool AveragePool GlobalMaxPool GlobalAveragePool ", oracle_pool},
    {" MatMul ", oracle_matmul},
    {" Gemm ", oracle_gemm},
    {" Softmax ", oracle_softmax},
    {" ReduceMean ", oracle_mean},
    {" Transpose ", oracle_transpose},
    {" Concat ", oracle_concat},
    {" Slice ", oracle_slice},
    {" Pad ", oracle_pad},
    {" Reshape Flatten Squeeze Unsqueeze ", oracle_reshape},
    {" Shape ", oracle_shape},
    {" Gather ", oracle_gather},
};

static inline double oracle_number(int type, const uint8_t *raw, int64_t i) {
    float f;
    int32_t n;
    int64_t l;
    switch (type) {
    case ONNX_FLOAT: memcpy(&f, raw + 4 * i, 4); return (double)f;
    case ONNX_INT32: memcpy(&n, raw + 4 * i, 4); return n;
    case ONNX_INT64: memcpy(&l, raw + 8 * i, 8); return (double)l;
    case ONNX_INT8: return (int8_t)raw[i];
    default: return raw[i];
    }
}

/* Runs all nodes; dim[7] of a value tells its type where it is a constant. False: an operator that is not
 * known here. */
static inline bool oracle_run(oracle *o, const onnx_model *m, const mdg_bytes *input) {
    const Onnx__GraphProto *g = &m->graph;
    const Onnx__TypeProto__Tensor *type = g->input[0]->type->tensor_type;
    int64_t dims[ORACLE_RANK];
    o->opset = (int)m->model.opset_import[0]->version;
    for (size_t d = 0; d < type->shape->n_dim; d++)
        dims[d] = type->shape->dim[d]->value_case == ONNX__TENSOR_SHAPE_PROTO__DIMENSION__VALUE_DIM_VALUE
                      ? type->shape->dim[d]->dim_value
                      : 1;
    oracle_value *v = oracle_put(o, g->input[0]->name, (int)type->shape->n_dim, dims);
    for (int64_t i = 0; i < oracle_count(v); i++) v->at[i] = oracle_number(type->elem_type, input->data, i);
    for (size_t k = 0; k < g->n_initializer; k++) {
        const Onnx__TensorProto *t = g->initializer[k];
        v = oracle_put(o, t->name, (int)t->n_dims, t->dims);
        v->dim[7] = t->data_type;
        for (int64_t i = 0; i < oracle_count(v); i++)
            v->at[i] = oracle_number(t->data_type, t->raw_data.data, i);
    }
    for (size_t k = 0; k < g->n_node; k++) {
        const size_t n_ops = sizeof oracle_ops / sizeof *oracle_ops;
        size_t op = 0;
        o->node = g->node[k];
        const char *name = mdg_arena_printf(o->arena, " %s ", o->node->op_type);
        while (op < n_ops && !strstr(oracle_ops[op].names, name)) op++;
        if (op == n_ops) return false;
        oracle_ops[op].run(o);
    }
    return true;
}

/* All outputs as float32, one after another. */
static inline mdg_bytes oracle_outputs(oracle *o, const onnx_model *m) {
    int64_t n = 0;
    for (size_t k = 0; k < m->graph.n_output; k++)
        n += oracle_count(oracle_find(o, m->graph.output[k]->name));
    float *all = mdg_arena_array(o->arena, (size_t)n, sizeof *all), *at = all;
    for (size_t k = 0; k < m->graph.n_output; k++) {
        const oracle_value *v = oracle_find(o, m->graph.output[k]->name);
        for (int64_t i = 0; i < oracle_count(v); i++) *at++ = (float)v->at[i];
    }
    return (mdg_bytes){(uint8_t *)all, (size_t)n * sizeof *all};
}

#endif
