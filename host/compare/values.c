/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "compare/parts.h"

#define INTEGER_TYPES(X)                                                                                     \
    X(BOOL, uint8_t, 0, 1)                                                                                   \
    X(INT8, int8_t, INT8_MIN, INT8_MAX)                                                                      \
    X(UINT8, uint8_t, 0, UINT8_MAX)                                                                          \
    X(INT16, int16_t, INT16_MIN, INT16_MAX)                                                                  \
    X(UINT16, uint16_t, 0, UINT16_MAX)                                                                       \
    X(INT32, int32_t, INT32_MIN, INT32_MAX)                                                                  \
    X(UINT32, uint32_t, 0, UINT32_MAX)                                                                       \
    X(INT64, int64_t, -9007199254740992, 9007199254740992) /* what a double holds */

bool mdg_value_has_type(mdg_type type) {
    switch (type) {
#define CASE(name, c_type, low, high) case MDG_##name:
        INTEGER_TYPES(CASE)
#undef CASE
    case MDG_FLOAT32: return true;
    default: return false;
    }
}

static double get_integer(mdg_type type, const void *data, size_t i) {
    switch (type) {
#define CASE(name, c_type, low, high)                                                                        \
    case MDG_##name: return (double)((const c_type *)data)[i];
        INTEGER_TYPES(CASE)
#undef CASE
    default: return 0;
    }
}

static void set_integer(mdg_type type, void *data, size_t i, double x) {
    switch (type) {
#define CASE(name, c_type, low, high)                                                                        \
    case MDG_##name: ((c_type *)data)[i] = (c_type)fmin(fmax(x, (double)(low)), (double)(high)); break;
        INTEGER_TYPES(CASE)
#undef CASE
    default: break;
    }
}

/* The index of element i's scale */
static int channel_of(const mdg_tensor *t, size_t i) {
    size_t inner = 1;
    if (t->quant.count < 2) return 0;
    for (int d = t->quant.axis + 1; d < t->shape.rank; d++) inner *= (size_t)t->shape.dim[d];
    return (int)(i / inner % (size_t)t->quant.count);
}

double mdg_value_get(const mdg_tensor *t, const void *data, size_t i) {
    if (t->type == MDG_FLOAT32) return (double)((const float *)data)[i];
    const double q = get_integer(t->type, data, i);
    if (t->quant.count == 0) return q;
    const int c = channel_of(t, i);
    const double x = (double)t->quant.scale[c] * (q - t->quant.zero_point[c]);
    return mdg_type_bits(t->type) <= 16 ? (double)(float)x : x; /* as DEQUANTIZE */
}

void mdg_value_set(const mdg_tensor *t, void *data, size_t i, double x) {
    if (t->type == MDG_FLOAT32) {
        ((float *)data)[i] = (float)x;
        return;
    }
    if (isnan(x)) x = 0;
    if (t->quant.count) {
        const int c = channel_of(t, i);
        const float scale = t->quant.scale[c];
        x = (scale > 0 ? (double)roundf((float)x / scale) : 0) + t->quant.zero_point[c];
    }
    set_integer(t->type, data, i, round(x));
}

double mdg_value_step(const mdg_tensor *t) {
    double step = 0;
    if (t->type == MDG_FLOAT32) return 0;
    for (int c = 0; c < t->quant.count; c++) step = fmax(step, (double)t->quant.scale[c]);
    return step;
}

bool mdg_value_same_format(const mdg_tensor *a, const mdg_tensor *b) {
    if (a->type != b->type || (a->type != MDG_FLOAT32 && a->quant.count != b->quant.count)) return false;
    if (a->type == MDG_FLOAT32) return true;
    for (int c = 0; c < a->quant.count; c++)
        if (a->quant.scale[c] != b->quant.scale[c] || a->quant.zero_point[c] != b->quant.zero_point[c])
            return false;
    return a->quant.count < 2 || a->quant.axis == b->quant.axis;
}
