/* SPDX-License-Identifier: MIT */
#include "onnx/view.h"

#include <string.h>

/* Leaves out sizes of 1 and joins neighbours that memory has as one. */
static void join(mdg_onx_view *v) {
    int n = 0;
    for (int i = 0; i < v->n; i++) {
        const mdg_onx_factor f = v->factor[i];
        if (f.size == 1) continue;
        mdg_onx_factor *last = n ? &v->factor[n - 1] : NULL;
        if (last && last->stride == f.size * f.stride)
            *last = (mdg_onx_factor){last->size * f.size, f.stride};
        else
            v->factor[n++] = f;
    }
    v->n = n;
}

mdg_onx_view mdg_onx_view_plain(const mdg_shape *shape) {
    mdg_onx_view v = {.shape = *shape, .n = 1};
    v.factor[0] = (mdg_onx_factor){(int32_t)mdg_shape_elements(shape), 1};
    join(&v);
    return v;
}

mdg_onx_view mdg_onx_view_ordered(const mdg_shape *shape, const int *perm) {
    mdg_onx_view v = {.shape = *shape, .n = shape->rank};
    int32_t stride = 1;
    for (int i = shape->rank; i-- > 0;) {
        v.factor[perm[i]] = (mdg_onx_factor){shape->dim[perm[i]], stride};
        stride *= shape->dim[perm[i]];
    }
    join(&v);
    return v;
}

bool mdg_onx_view_is_plain(const mdg_onx_view *v) {
    return v->n == 0 || (v->n == 1 && v->factor[0].stride == 1);
}

static bool put(mdg_onx_groups *g, int32_t size, int32_t stride) {
    if (g->n == MDG_ONX_MAX_FACTORS) return false;
    g->factor[g->n++] = (mdg_onx_factor){size, stride};
    return true;
}

/* Takes factors that multiply up to `size` from the list; the rest of the last one stays there. */
static bool take(mdg_onx_factor *factor, int *at, int n, int32_t size, mdg_onx_groups *g) {
    while (size > 1) {
        if (*at >= n || factor[*at].size == 0) return false;
        mdg_onx_factor *f = &factor[*at];
        if (size % f->size == 0) {
            if (!put(g, f->size, f->stride)) return false;
            size /= f->size;
            ++*at;
        } else if (f->size % size == 0) {
            f->size /= size;
            if (!put(g, size, f->stride * f->size)) return false;
            size = 1;
        } else {
            return false;
        }
    }
    return true;
}

bool mdg_onx_view_group(const mdg_onx_view *v, mdg_onx_groups *out) {
    mdg_onx_factor rest[MDG_ONX_MAX_FACTORS];
    int at = 0;
    memcpy(rest, v->factor, sizeof rest);
    *out = (mdg_onx_groups){.n = 0};
    for (int d = 0; d < v->shape.rank; d++) {
        out->first[d] = out->n;
        if (!take(rest, &at, v->n, v->shape.dim[d], out)) return false;
    }
    out->first[v->shape.rank] = out->n;
    return true;
}

bool mdg_onx_view_transpose(const mdg_onx_view *v, const int *perm, mdg_onx_view *out) {
    mdg_onx_groups g;
    if (!mdg_onx_view_group(v, &g)) return false;
    mdg_onx_view y = {.shape = mdg_onx_shape_permuted(&v->shape, perm)};
    for (int d = 0; d < v->shape.rank; d++)
        for (int i = g.first[perm[d]]; i < g.first[perm[d] + 1]; i++) y.factor[y.n++] = g.factor[i];
    join(&y);
    *out = y;
    return true;
}

void mdg_onx_factors_sort(const mdg_onx_factor *factor, int n, int *order) {
    for (int i = 0; i < n; i++) {
        int k = i;
        for (; k > 0 && factor[order[k - 1]].stride < factor[i].stride; k--) order[k] = order[k - 1];
        order[k] = i;
    }
}

static bool is_order(const mdg_onx_view *v, const int *perm) {
    mdg_onx_view y;
    return mdg_onx_view_transpose(v, perm, &y) && mdg_onx_view_is_plain(&y);
}

/* Each dimension's place is its largest stride; a dimension of size 1 stays behind the one before it. */
static bool order_by_stride(const mdg_onx_view *v, int *perm) {
    mdg_onx_groups g;
    mdg_onx_factor place[MDG_MAX_RANK];
    if (!mdg_onx_view_group(v, &g)) return false;
    int32_t stride = INT32_MAX;
    for (int d = 0; d < v->shape.rank; d++) {
        if (g.first[d] < g.first[d + 1]) stride = g.factor[g.first[d]].stride;
        place[d] = (mdg_onx_factor){v->shape.dim[d], stride};
    }
    mdg_onx_factors_sort(place, v->shape.rank, perm);
    return is_order(v, perm);
}

bool mdg_onx_view_order(const mdg_onx_view *v, int *perm) {
    mdg_onx_channels_last(v->shape.rank, perm);
    if (v->shape.rank >= 3 && is_order(v, perm)) return true;
    for (int d = 0; d < v->shape.rank; d++) perm[d] = d;
    return is_order(v, perm) || order_by_stride(v, perm);
}

bool mdg_onx_view_has_rows(const mdg_onx_view *v) {
    mdg_onx_groups g;
    if (v->shape.rank == 0 || !mdg_onx_view_group(v, &g)) return false;
    const int last = v->shape.rank - 1;
    int64_t extent = 1;
    for (int i = g.first[last]; i < g.n; i++) extent += (int64_t)(g.factor[i].size - 1) * g.factor[i].stride;
    return extent == v->shape.dim[last];
}

void mdg_onx_channels_last(int rank, int *perm) {
    for (int d = 0; d < rank; d++) perm[d] = d == 0 ? 0 : d == rank - 1 ? 1 : d + 1;
    if (rank == 1) perm[0] = 0;
}

mdg_shape mdg_onx_shape_permuted(const mdg_shape *shape, const int *perm) {
    mdg_shape s = {.rank = shape->rank};
    for (int d = 0; d < s.rank; d++) s.dim[d] = shape->dim[perm[d]];
    return s;
}

mdg_onx_view mdg_onx_view_dense(const mdg_onx_view *x, int32_t width) {
    mdg_onx_groups g;
    mdg_onx_view v = {.shape = x->shape};
    const int last = x->shape.rank - 1;
    if (!mdg_onx_view_group(x, &g)) return v; /* never: x has rows */
    v.shape.dim[last] = width;
    for (int i = 0; i < g.first[last]; i++) {
        const mdg_onx_factor f = g.factor[i];
        v.factor[v.n++] = (mdg_onx_factor){f.size, f.stride / x->shape.dim[last] * width};
    }
    if (v.n < MDG_ONX_MAX_FACTORS) v.factor[v.n++] = (mdg_onx_factor){width, 1};
    join(&v);
    return v;
}
