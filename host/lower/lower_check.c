/* SPDX-License-Identifier: MIT
 *
 * What lowering functions ask of tensors.
 */
#include "lower/lower.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

mdg_status mdg_lo_fail(const mdg_lowering *lo, mdg_status status, const char *format, ...) {
    char cause[512], place[32] = "";
    va_list args;
    va_start(args, format);
    vsnprintf(cause, sizeof cause, format, args);
    va_end(args);
    if (lo->subgraph) snprintf(place, sizeof place, "subgraph %d ", lo->subgraph);
    return mdg_fail(lo->diag, status, "%s: %sop %d %.80s: %s", lo->graph->source, place, lo->op_index,
                    mdg_op_name(lo->op), cause);
}

/* "[1,49,10,8]" */
typedef struct shape_text {
    char chars[16 * MDG_MAX_RANK];
} shape_text;

static shape_text text_of(const mdg_shape *s) {
    shape_text t;
    int used = snprintf(t.chars, sizeof t.chars, "[");
    for (int i = 0; i < s->rank; i++)
        used += snprintf(t.chars + used, sizeof t.chars - (size_t)used, "%s%d", i ? "," : "", (int)s->dim[i]);
    snprintf(t.chars + used, sizeof t.chars - (size_t)used, "]");
    return t;
}

mdg_status mdg_lo_need(const mdg_lowering *lo, bool condition, const char *what) {
    return condition ? MDG_OK : mdg_lo_fail(lo, MDG_INVALID, "%s", what);
}

mdg_status mdg_lo_need_rank(const mdg_lowering *lo, const mdg_tensor *t, int min, int max) {
    if (t->shape.rank >= min && t->shape.rank <= max) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has %d dimensions, expected %d to %d", t->name, t->shape.rank,
                       min, max);
}

mdg_status mdg_lo_need_elements(const mdg_lowering *lo, const mdg_tensor *t, int64_t count) {
    if (mdg_shape_elements(&t->shape) == count) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" is %s, expected %lld elements", t->name,
                       text_of(&t->shape).chars, (long long)count);
}

mdg_status mdg_lo_need_shape(const mdg_lowering *lo, const mdg_tensor *t, const mdg_shape *shape) {
    if (mdg_shape_equal(&t->shape, shape)) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" is %s, expected %s", t->name, text_of(&t->shape).chars,
                       text_of(shape).chars);
}

mdg_status mdg_lo_need_same_shape(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b) {
    return mdg_lo_need_shape(lo, b, &a->shape);
}

mdg_status mdg_lo_need_same_elements(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b) {
    return mdg_lo_need_elements(lo, b, mdg_shape_elements(&a->shape));
}

mdg_status mdg_lo_need_same_type(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b) {
    if (a->type == b->type) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" is %s, \"%s\" is %s", a->name, mdg_type_text(a->type),
                       b->name, mdg_type_text(b->type));
}

mdg_status mdg_lo_need_scale(const mdg_lowering *lo, const mdg_tensor *t) {
    if (t->quant.count < 1) return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has no quantisation", t->name);
    if (t->quant.count > 1)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED,
                           "\"%s\" is quantised per channel; only per tensor is supported here", t->name);
    if (!(t->quant.scale[0] > 0)) return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has a scale of 0", t->name);
    return MDG_OK;
}

mdg_status mdg_lo_need_channel_scales(const mdg_lowering *lo, const mdg_tensor *t, int axis) {
    const mdg_quant *q = &t->quant;
    if (q->count < 1) return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has no quantisation", t->name);
    if (q->count > 1 && (q->axis != axis || q->count != t->shape.dim[axis]))
        return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has %d scales along dimension %d, expected %d along %d",
                           t->name, q->count, q->axis, (int)t->shape.dim[axis], axis);
    for (int i = 0; i < q->count; i++)
        if (!(q->scale[i] >= 0)) return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has a negative scale", t->name);
    return MDG_OK;
}

mdg_status mdg_lo_need_same_scale(const mdg_lowering *lo, const mdg_tensor *a, const mdg_tensor *b) {
    MDG_TRY(mdg_lo_need_scale(lo, a));
    MDG_TRY(mdg_lo_need_scale(lo, b));
    if (fabs((double)mdg_lo_scale(a) - (double)mdg_lo_scale(b)) <= 1e-6 && mdg_lo_zero(a) == mdg_lo_zero(b))
        return MDG_OK;
    return mdg_lo_fail(
        lo, MDG_UNSUPPORTED, "\"%s\" (%g, %d) and \"%s\" (%g, %d) differ in scale or zero point", a->name,
        (double)mdg_lo_scale(a), (int)mdg_lo_zero(a), b->name, (double)mdg_lo_scale(b), (int)mdg_lo_zero(b));
}

const void *mdg_lo_const_data(const mdg_lowering *lo, const mdg_tensor *t) {
    if (t->data) return t->data;
    const int buffer = lo->tensor_buffer[t - lo->sub->tensors];
    return buffer >= 0 && lo->program->buffers[buffer].kind == MDG_BUF_CONST
               ? lo->program->buffers[buffer].data
               : NULL;
}

mdg_status mdg_lo_need_const(const mdg_lowering *lo, const mdg_tensor *t) {
    return t->data ? MDG_OK : mdg_lo_fail(lo, MDG_UNSUPPORTED, "\"%s\" must be a constant", t->name);
}

mdg_status mdg_lo_need_variable(const mdg_lowering *lo, const mdg_tensor *t) {
    return t->is_variable ? MDG_OK : mdg_lo_fail(lo, MDG_INVALID, "\"%s\" must be a variable", t->name);
}

mdg_status mdg_lo_need_symmetric(const mdg_lowering *lo, const mdg_tensor *t) {
    MDG_TRY(mdg_lo_need_scale(lo, t));
    if (mdg_lo_zero(t) == 0) return MDG_OK;
    return mdg_lo_fail(lo, MDG_UNSUPPORTED, "\"%s\" has zero point %d; only 0 is supported here", t->name,
                       (int)mdg_lo_zero(t));
}

mdg_status mdg_lo_need_const_ints(const mdg_lowering *lo, const mdg_tensor *t, const int32_t **values,
                                  int *count) {
    if (t->type != MDG_INT32 && t->type != MDG_INT64)
        return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" is %s, expected int32", t->name, mdg_type_text(t->type));
    *count = mdg_lo_elements(t);
    const uint8_t *data = mdg_lo_const_data(lo, t);
    if (*count && !data) return mdg_lo_fail(lo, MDG_UNSUPPORTED, "\"%s\" must be a constant", t->name);
    int32_t *copy = mdg_arena_array(lo->program->arena, (size_t)*count, sizeof *copy);
    for (int i = 0; i < *count; i++) {
        int64_t v;
        if (t->type == MDG_INT32) {
            int32_t narrow;
            memcpy(&narrow, data + 4 * i, sizeof narrow);
            v = narrow;
        } else {
            memcpy(&v, data + 8 * i, sizeof v);
        }
        if (v < INT32_MIN || v > INT32_MAX)
            return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" holds a value beyond 32 bits", t->name);
        copy[i] = (int32_t)v;
    }
    *values = copy;
    return MDG_OK;
}
