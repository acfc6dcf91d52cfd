/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cli/inspection.h"

static json_t *integers(const int32_t *values, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(list, json_integer(values[i]));
    return list;
}

static json_t *text_json(const char *text) {
    json_t *value = json_string(text ? text : "");
    return value ? value : json_string("?"); /* no UTF-8 */
}

static void set_quant(json_t *o, const mdg_quant *q) {
    if (q->count == 1) {
        json_object_set_new(o, "scale", json_real((double)q->scale[0]));
        json_object_set_new(o, "zero_point", json_integer(q->zero_point[0]));
    } else if (q->count > 1) {
        json_t *scales = json_array();
        for (int i = 0; i < q->count; i++) json_array_append_new(scales, json_real((double)q->scale[i]));
        json_object_set_new(o, "axis", json_integer(q->axis));
        json_object_set_new(o, "scales", scales);
        json_object_set_new(o, "zero_points", integers(q->zero_point, q->count));
    }
}

static json_t *tensor_json(const mdg_tensor *t) {
    if (!t) return json_null();
    json_t *o = json_object();
    json_object_set_new(o, "name", text_json(t->name));
    json_object_set_new(o, "type", json_string(mdg_type_text(t->type)));
    json_object_set_new(o, "shape", integers(t->shape.dim, t->shape.rank));
    if (t->data) json_object_set_new(o, "constant_bytes", json_integer((json_int_t)t->bytes));
    if (t->is_variable) json_object_set_new(o, "variable", json_true());
    set_quant(o, &t->quant);
    return o;
}

static json_t *io_json(const mdg_io *io, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(list, tensor_json(io[i].tensor));
    return list;
}

static json_t *list_json(const char *text) {
    json_t *list = json_array();
    while (*text && strcmp(text, "-") != 0) {
        const size_t n = strcspn(text, ",");
        json_array_append_new(list, json_stringn(text, n));
        text += n + strspn(text + n, ", ");
    }
    return list;
}

/* The first is the one taken. */
static json_t *choices_json(const mdg_op_view *v) {
    json_t *list = json_array();
    for (int i = 0; i < v->n_choices; i++) {
        json_t *o = json_object();
        json_object_set_new(o, "kernels", list_json(v->choices[i].kernels));
        if (v->choices[i].instructions >= 0)
            json_object_set_new(o, "estimated_instructions", json_integer(v->choices[i].instructions));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *op_json(const mdg_inspection *in, int subgraph, int index) {
    const mdg_subgraph *s = &in->model->graph->subgraphs[subgraph];
    const mdg_op *op = &s->ops[index];
    const mdg_op_view *v = &in->ops[subgraph][index];
    json_t *o = json_object(), *inputs = json_array(), *outputs = json_array();
    for (int k = 0; k < op->n_inputs; k++) json_array_append_new(inputs, tensor_json(mdg_op_input(s, op, k)));
    for (int k = 0; k < op->n_outputs; k++)
        json_array_append_new(outputs, tensor_json(op->outputs[k] < 0 ? NULL : mdg_op_output(s, op, k)));
    json_object_set_new(o, "subgraph", json_integer(subgraph));
    json_object_set_new(o, "index", json_integer(index));
    json_object_set_new(o, "op", text_json(mdg_op_name(op)));
    json_object_set_new(o, "inputs", inputs);
    json_object_set_new(o, "outputs", outputs);
    json_object_set_new(o, "macs", json_integer(mdg_op_macs(s, op)));
    json_object_set_new(o, "weights_bytes", json_integer((json_int_t)mdg_op_weights_bytes(s, op)));
    json_object_set_new(o, "supported", json_boolean(!v->refusal));
    if (v->refusal) json_object_set_new(o, "refusal", text_json(v->refusal));
    json_object_set_new(o, "kernels", v->refusal ? json_array() : list_json(v->kernels));
    json_object_set_new(o, "optimised", list_json(v->optimised));
    if (!v->n_choices) return o;
    json_object_set_new(o, "choices", choices_json(v));
    json_object_set_new(o, "products", json_integer(v->work.products));
    json_object_set_new(o, "outputs_written", json_integer(v->work.outputs));
    json_object_set_new(o, "inputs_read", json_integer(v->work.reads));
    json_object_set_new(o, "starts", json_integer(v->work.starts));
    return o;
}

static json_t *ops_json(const mdg_inspection *in) {
    const mdg_graph *g = in->model->graph;
    json_t *list = json_array();
    for (int s = 0; s < g->n_subgraphs; s++)
        for (int op = 0; op < g->subgraphs[s].n_ops; op++) json_array_append_new(list, op_json(in, s, op));
    return list;
}

static json_t *bands_json(const mdg_band_report *bands) {
    json_t *list = json_array();
    for (int i = 0; i < bands->n; i++) {
        const mdg_band_row *r = &bands->rows[i];
        json_t *o = json_object();
#define SAVE(name) json_object_set_new(o, #name, json_integer((json_int_t)r->name));
        SAVE(first_op)
        SAVE(last_op)
        SAVE(rows)
        SAVE(calls)
        SAVE(window_bytes)
        SAVE(tensor_bytes)
        SAVE(carried_bytes)
#undef SAVE
        json_object_set_new(o, "extra_macs", json_integer(0)); /* rows are carried, not computed again */
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *plan_json(const mdg_program *p) {
    json_t *list = json_array();
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->kind == MDG_BUF_CONST) continue;
        json_t *o = json_object();
        json_object_set_new(o, "buffer", text_json(b->name));
        json_object_set_new(o, "kind", json_string(b->kind == MDG_BUF_STATE ? "state" : "arena"));
        json_object_set_new(o, "offset", json_integer((json_int_t)b->offset));
        json_object_set_new(o, "bytes", json_integer((json_int_t)b->bytes));
        json_object_set_new(o, "first", json_integer(b->first));
        json_object_set_new(o, "last", json_integer(b->last));
        json_array_append_new(list, o);
    }
    return list;
}

json_t *mdg_inspection_json(const mdg_inspection *in) {
    const mdg_program *p = &in->program;
    json_t *o = json_object();
    json_object_set_new(o, "file", text_json(in->model->path));
    json_object_set_new(o, "target", json_string(in->goal->target->name));
    json_object_set_new(o, "inputs", io_json(p->inputs, p->n_inputs));
    json_object_set_new(o, "outputs", io_json(p->outputs, p->n_outputs));
    json_object_set_new(o, "macs", json_integer(mdg_inspection_macs(in)));
    json_object_set_new(o, "weights_bytes", json_integer((json_int_t)mdg_inspection_weights(in)));
    json_object_set_new(o, "supported", json_boolean(!in->refused));
    json_object_set_new(o, "ops", ops_json(in));
    if (in->no_plan) return o;
    json_object_set_new(o, "arena_bytes", json_integer((json_int_t)p->arena_bytes));
    json_object_set_new(o, "arena_bound_bytes", json_integer((json_int_t)p->arena_bound_bytes));
    json_object_set_new(o, "state_bytes", json_integer((json_int_t)p->state_bytes));
    json_object_set_new(o, "bands", bands_json(&in->bands));
    json_object_set_new(o, "plan", plan_json(p));
    return o;
}
