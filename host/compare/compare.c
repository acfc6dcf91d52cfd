/* SPDX-License-Identifier: MIT
 *
 * Both models run and leave copies of their layers, which are then compared: a tensor that control flow or
 * several calls write is complete only when the inference is over.
 */
#include "compare/compare.h"

#include <math.h>
#include <string.h>

#include "compare/parts.h"

typedef struct side {
    mdg_exec *exec;
    const mdg_subgraph *subgraph;
    mdg_layers layers;
    void **kept; /* [layers.n] what was computed; NULL for layers without a partner */
} side;

typedef struct comparer {
    mdg_arena *arena;
    side a, b;
    mdg_comparison *result;
} comparer;

static mdg_status open_side(const mdg_graph *g, mdg_arena *arena, side *s, mdg_diag *diag) {
    MDG_TRY(mdg_exec_open(g, arena, &s->exec, diag));
    s->subgraph = &g->subgraphs[0];
    s->layers = mdg_layers_of(mdg_exec_program(s->exec), arena);
    s->kept = mdg_arena_array(arena, (size_t)s->layers.n, sizeof *s->kept);
    return MDG_OK;
}

static const mdg_tensor *tensor_of(const side *s, int layer) {
    return &s->subgraph->tensors[s->layers.tensor[layer]];
}

static void make_room(side *s, mdg_arena *arena) {
    for (int i = 0; i < s->layers.n; i++)
        if (s->layers.partner[i] >= 0) s->kept[i] = mdg_arena_alloc(arena, mdg_tensor_bytes(tensor_of(s, i)));
}

static int *list_single(const mdg_layers *l, mdg_arena *arena, int *n) {
    int *list = mdg_arena_array(arena, (size_t)l->n, sizeof *list);
    *n = 0;
    for (int i = 0; i < l->n; i++)
        if (l->partner[i] < 0) list[(*n)++] = l->tensor[i];
    return list;
}

static void list_layers(comparer *c) {
    mdg_comparison *r = c->result;
    const mdg_layers *a = &c->a.layers, *b = &c->b.layers;
    r->layers = mdg_arena_array(c->arena, (size_t)a->n, sizeof *r->layers);
    for (int i = 0; i < a->n; i++) {
        const int j = a->partner[i];
        if (j < 0) continue;
        r->layers[r->n_layers++] =
            (mdg_compared){.op_a = a->op[i],
                           .op_b = b->op[j],
                           .tensor_a = a->tensor[i],
                           .tensor_b = b->tensor[j],
                           .same_format = mdg_value_same_format(tensor_of(&c->a, i), tensor_of(&c->b, j))};
    }
    r->only_a = list_single(a, c->arena, &r->n_only_a);
    r->only_b = list_single(b, c->arena, &r->n_only_b);
}

/* After each call: what it wrote. Later calls may write the same tensor again: the last one counts. */
static void keep(void *context, const mdg_program *p, const mdg_call *call, void *const *out) {
    const side *s = context;
    for (int i = 0; i < s->layers.n; i++)
        for (int k = 0; k < call->n_out && s->kept[i]; k++)
            if (call->out[k] == p->tensor_buffer[s->layers.tensor[i]])
                memcpy(s->kept[i], out[k], mdg_tensor_bytes(tensor_of(s, i)));
}

/* A tensor that is an input twice is one layer. */
static void keep_inputs(const side *s) {
    for (int k = 0; k < s->subgraph->n_inputs; k++)
        for (int i = 0; i < s->layers.n; i++)
            if (s->layers.tensor[i] == s->subgraph->inputs[k] && s->kept[i])
                memcpy(s->kept[i], mdg_exec_input(s->exec, k), mdg_exec_input_bytes(s->exec, k));
}

static mdg_status run_side(const side *s, mdg_diag *diag) {
    const mdg_exec_tap tap = {keep, (void *)(uintptr_t)s};
    keep_inputs(s);
    return mdg_exec_invoke(s->exec, &tap) == MDG_OK ? MDG_OK : mdg_exec_why(s->exec, diag);
}

static void add_value(mdg_compared *l, double x, double y, double reach) {
    const double difference = fabs(x - y);
    l->n++;
    if (x == y || (isnan(x) && isnan(y))) {
        l->signal += isfinite(x) ? x * x : 0;
        return;
    }
    l->unequal++;
    l->max = fmax(l->max, isnan(difference) ? INFINITY : difference);
    l->differs |= !(difference <= reach);
    if (!isfinite(difference)) return;
    l->sum += difference;
    l->signal += x * x;
    l->noise += difference * difference;
}

static void compare_layer(const comparer *c, int i, mdg_compared *l) {
    const int j = c->a.layers.partner[i];
    const mdg_tensor *a = tensor_of(&c->a, i), *b = tensor_of(&c->b, j);
    const double reach = (mdg_value_step(a) + mdg_value_step(b)) / 2 * (1 + 1e-5);
    const size_t n = mdg_value_count(a);
    for (size_t k = 0; k < n; k++)
        add_value(l, mdg_value_get(a, c->a.kept[i], k), mdg_value_get(b, c->b.kept[j], k),
                  l->same_format ? 0 : reach);
}

static void compare_layers(const comparer *c) {
    mdg_compared *l = c->result->layers;
    for (int i = 0; i < c->a.layers.n; i++)
        if (c->a.layers.partner[i] >= 0) compare_layer(c, i, l++);
}

static size_t input_bytes(const side *s) {
    size_t sum = 0;
    for (int k = 0; k < s->subgraph->n_inputs; k++) sum += mdg_exec_input_bytes(s->exec, k);
    return sum;
}

/* A's bytes, in B's types */
static void set_inputs(const comparer *c, const uint8_t *x) {
    const mdg_subgraph *a = c->a.subgraph, *b = c->b.subgraph;
    for (int k = 0; k < a->n_inputs; k++) {
        const mdg_tensor *from = &a->tensors[a->inputs[k]], *to = &b->tensors[b->inputs[k]];
        const size_t bytes = mdg_exec_input_bytes(c->a.exec, k);
        void *in_a = mdg_exec_input(c->a.exec, k), *in_b = mdg_exec_input(c->b.exec, k);
        if (bytes) memcpy(in_a, x, bytes);
        if (mdg_value_same_format(from, to)) {
            if (bytes) memcpy(in_b, x, bytes);
        } else {
            for (size_t i = 0; i < mdg_value_count(to); i++)
                mdg_value_set(to, in_b, i, mdg_value_get(from, in_a, i));
        }
        x += bytes;
    }
}

static mdg_status check_input(const comparer *c, const mdg_compare_input *input, mdg_diag *diag) {
    const mdg_subgraph *a = c->a.subgraph, *b = c->b.subgraph;
    const size_t bytes = input_bytes(&c->a);
    for (int k = 0; k < a->n_inputs; k++) {
        const mdg_tensor *from = &a->tensors[a->inputs[k]], *to = &b->tensors[b->inputs[k]];
        if (!mdg_value_same_format(from, to) &&
            (!mdg_value_has_type(from->type) || !mdg_value_has_type(to->type)))
            return mdg_fail(diag, MDG_UNSUPPORTED, "input %d is %s and %s: it cannot be converted", k,
                            mdg_type_text(from->type), mdg_type_text(to->type));
    }
    if (input->data.size == bytes * (size_t)input->repeat) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "%s: has %zu bytes, but %d of the first model's inputs have %zu",
                    input->path, input->data.size, input->repeat, bytes * (size_t)input->repeat);
}

static mdg_status run_both(comparer *c, const mdg_compare_input *input, mdg_diag *diag) {
    const size_t bytes = input_bytes(&c->a);
    for (int run = 0; run < input->repeat; run++) {
        set_inputs(c, input->data.data + (size_t)run * bytes);
        MDG_TRY(run_side(&c->a, diag));
        MDG_TRY(run_side(&c->b, diag));
        compare_layers(c);
    }
    return MDG_OK;
}

mdg_status mdg_compare(const mdg_graph *a, const mdg_graph *b, const mdg_compare_input *input,
                       mdg_arena *arena, mdg_comparison *out, mdg_diag *diag) {
    comparer c = {.arena = arena, .result = out};
    *out = (mdg_comparison){.first = -1};
    MDG_TRY(open_side(a, arena, &c.a, diag));
    MDG_TRY(open_side(b, arena, &c.b, diag));
    MDG_TRY(mdg_layers_match(&c.a.layers, &c.b.layers, diag));
    MDG_TRY(check_input(&c, input, diag));
    make_room(&c.a, arena);
    make_room(&c.b, arena);
    list_layers(&c);
    MDG_TRY(run_both(&c, input, diag));
    for (int i = out->n_layers - 1; i >= 0; i--)
        if (out->layers[i].differs) out->first = i;
    return MDG_OK;
}

double mdg_compared_sqnr_db(const mdg_compared *l) {
    if (!(l->signal > 0)) return NAN;
    return l->noise > 0 ? 10 * log10(l->signal / l->noise) : INFINITY;
}
