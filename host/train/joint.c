/* SPDX-License-Identifier: MIT
 *
 * Layers without arithmetic worth a library: add (the residual connection), concat, flatten, dropout.
 */
#include <string.h>

#include "train/shard.h"

static void append(mdg_shard *s, mdg_tasks *list, mdg_task task) {
    if (!task.phase) task.phase = MDG_PHASE_BOTH;
    mdg_tasks_add(&s->dnn, list, task);
}

/* ---- add: y = a + b; both gradients are y's ---- */

static void run_sum(const mdg_task *c) {
    for (size_t i = 0; i < c->count; i++) c->out[i] = c->a[i] + c->b[i];
}

static void run_copy(const mdg_task *c) {
    memcpy(c->out, c->a, c->count * sizeof *c->out);
}

void mdg_tasks_accumulate(mdg_shard *s, mdg_tasks *list, float *out, const float *a, size_t count) {
    append(s, list, (mdg_task){.run = run_sum, .out = out, .a = out, .b = a, .count = count});
}

void mdg_add_forward(mdg_shard *s, mdg_node *n) {
    append(s, &s->forward,
           (mdg_task){.run = run_sum,
                      .out = n->out->data,
                      .a = n->in->data,
                      .b = n->with->data,
                      .count = n->out->count});
}

void mdg_add_backward(mdg_shard *s, mdg_node *n) {
    float *second = mdg_gradient_borrow(s);
    append(s, &s->backward,
           (mdg_task){.run = run_copy, .out = second, .a = n->out->diff, .count = n->out->count});
    mdg_gradient_give(s, n->in, n->out->diff);
    mdg_gradient_give(s, n->with, second);
}

/* ---- concat: channels behind channels, at each place of the map ---- */

/* Columns of a matrix of `rows` rows; the other matrix is wider or narrower. */
typedef struct columns {
    size_t rows, count, from_stride, to_stride;
} columns;

static void run_columns(const mdg_task *c) {
    const columns *k = c->context;
    for (size_t i = 0; i < k->rows; i++)
        memcpy(c->out + i * k->to_stride, c->a + i * k->from_stride, k->count * sizeof *c->out);
}

static void copy_columns(mdg_shard *s, mdg_tasks *list, float *out, const float *from, columns k) {
    append(s, list,
           (mdg_task){
               .run = run_columns, .out = out, .a = from, .context = mdg_arena_copy(s->arena, &k, sizeof k)});
}

void mdg_concat_forward(mdg_shard *s, mdg_node *n) {
    const size_t first = (size_t)n->in->c, second = (size_t)n->with->c, all = first + second,
                 rows = n->out->count / all;
    copy_columns(s, &s->forward, n->out->data, n->in->data, (columns){rows, first, first, all});
    copy_columns(s, &s->forward, n->out->data + first, n->with->data, (columns){rows, second, second, all});
}

void mdg_concat_backward(mdg_shard *s, mdg_node *n) {
    const size_t first = (size_t)n->in->c, second = (size_t)n->with->c, all = first + second,
                 rows = n->out->count / all;
    float *diff = n->out->diff, *to_first = mdg_gradient_borrow(s), *to_second = mdg_gradient_borrow(s);
    copy_columns(s, &s->backward, to_first, diff, (columns){rows, first, all, first});
    copy_columns(s, &s->backward, to_second, diff + first, (columns){rows, second, all, second});
    mdg_gradient_give(s, n->in, to_first);
    mdg_gradient_give(s, n->with, to_second);
    mdg_gradient_return(s, diff);
}

/* ---- flatten and reshape: NHWC activations already lie in the right order ---- */

void mdg_flatten_forward(mdg_shard *s, mdg_node *n) {
    (void)s, (void)n;
}

void mdg_flatten_backward(mdg_shard *s, mdg_node *n) {
    mdg_gradient_give(s, n->in, n->out->diff);
}

/* ---- dropout: y = x * mask, the mask 0 or 1 / (1 - rate), so that inference needs no scale ---- */

static void run_mask(const mdg_task *c) {
    const float kept = 1.0f / (1.0f - c->rate);
    for (size_t i = 0; i < c->count; i++)
        c->out[i] = mdg_rng_uniform(c->rng, 0.0f, 1.0f) < c->rate ? 0.0f : kept;
}

static void run_product(const mdg_task *c) {
    for (size_t i = 0; i < c->count; i++) c->out[i] = c->a[i] * c->b[i];
}

void mdg_dropout_forward(mdg_shard *s, mdg_node *n) {
    const size_t count = n->out->count;
    const float *x = n->in->data;
    n->mask = mdg_floats(s->arena, count);
    append(s, &s->forward,
           (mdg_task){.phase = MDG_PHASE_TRAIN,
                      .run = run_mask,
                      .out = n->mask,
                      .count = count,
                      .rate = n->layer->spec.rate,
                      .rng = &s->dropout});
    append(s, &s->forward,
           (mdg_task){.phase = MDG_PHASE_TRAIN,
                      .run = run_product,
                      .out = n->out->data,
                      .a = x,
                      .b = n->mask,
                      .count = count});
    append(
        s, &s->forward,
        (mdg_task){.phase = MDG_PHASE_INFER, .run = run_copy, .out = n->out->data, .a = x, .count = count});
}

void mdg_dropout_backward(mdg_shard *s, mdg_node *n) {
    float *diff = n->out->diff;
    append(s, &s->backward,
           (mdg_task){.run = run_product, .out = diff, .a = diff, .b = n->mask, .count = n->out->count});
    mdg_gradient_give(s, n->in, diff);
}
