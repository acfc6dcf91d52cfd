/* SPDX-License-Identifier: MIT
 *
 * cmd_inspect.c: `midge inspect`: what a model consists of and what it needs: operators with shapes,
 * quantisation, MACs and weights, then the memory plan.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/model.h"

static const char *shape_text(mdg_arena *arena, const mdg_shape *s) {
    const char *text = "";
    for (int i = 0; i < s->rank; i++)
        text = mdg_arena_printf(arena, "%s%s%d", text, i ? "x" : "", (int)s->dim[i]);
    return text[0] ? text : "scalar";
}

static const char *quant_text(mdg_arena *arena, const mdg_quant *q) {
    if (q->count == 0) return "-";
    if (q->count > 1) return mdg_arena_printf(arena, "%d channels", q->count);
    return mdg_arena_printf(arena, "%.6g, %d", (double)q->scale[0], (int)q->zero_point[0]);
}

/* The tensor that an operator's output is told by; NULL for an operator without outputs. */
static const mdg_tensor *first_output(const mdg_subgraph *s, const mdg_op *op) {
    return op->n_outputs ? mdg_op_output(s, op, 0) : NULL;
}

static void print_io(mdg_cli *cli, const char *what, const mdg_io *io, int n) {
    for (int i = 0; i < n; i++) {
        const mdg_tensor *t = io[i].tensor;
        printf("%-7s %s  %s %s  quantisation %s\n", what, t->name ? t->name : "", mdg_type_text(t->type),
               shape_text(cli->arena, &t->shape), quant_text(cli->arena, &t->quant));
    }
}

static void print_ops(mdg_cli *cli, const mdg_subgraph *s) {
    printf("\n%4s  %-26s %-8s %-16s %-22s %12s %10s\n", "op", "name", "type", "output", "scale, zero point",
           "MACs", "weights B");
    for (int i = 0; i < s->n_ops; i++) {
        const mdg_op *op = &s->ops[i];
        const mdg_tensor *t = first_output(s, op);
        printf("%4d  %-26s %-8s %-16s %-22s %12" PRId64 " %10zu\n", i, mdg_op_name(op),
               t ? mdg_type_text(t->type) : "", t ? shape_text(cli->arena, &t->shape) : "",
               t ? quant_text(cli->arena, &t->quant) : "", mdg_op_macs(s, op), mdg_op_weights_bytes(s, op));
    }
}

/* Converters chain the names of all that was folded into a tensor; the first tells enough. */
static const char *short_name(mdg_arena *arena, const char *name) {
    return name ? mdg_arena_printf(arena, "%.*s", (int)strcspn(name, ";"), name) : "";
}

static const char *lifetime_text(mdg_arena *arena, const mdg_program *p, const mdg_buffer *b) {
    const char *first = b->first < 0 ? "input" : mdg_arena_printf(arena, "%d", b->first);
    const char *last = b->last >= p->n_calls ? "output" : mdg_arena_printf(arena, "%d", b->last);
    return mdg_arena_printf(arena, "%s..%s", first, last);
}

static void print_plan(mdg_cli *cli, const mdg_program *p) {
    printf("\nmemory plan: arena %zu bytes (no plan can do with less than %zu), state %zu bytes\n",
           p->arena_bytes, p->arena_bound_bytes, p->state_bytes);
    printf("%8s %10s  %-14s %s\n", "offset", "bytes", "calls", "buffer");
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->kind == MDG_BUF_CONST) continue;
        printf("%8zu %10zu  %-14s %s%s\n", b->offset, b->bytes,
               b->kind == MDG_BUF_STATE ? "state" : lifetime_text(cli->arena, p, b),
               short_name(cli->arena, b->name), b->kind == MDG_BUF_STATE ? " (kept between inferences)" : "");
    }
}

static size_t graph_weights(const mdg_graph *g) {
    size_t bytes = 0;
    for (int i = 0; i < g->subgraphs[0].n_tensors; i++)
        if (g->subgraphs[0].tensors[i].data) bytes += g->subgraphs[0].tensors[i].bytes;
    return bytes;
}

static json_t *shape_json(const mdg_shape *s) {
    json_t *dims = json_array();
    for (int i = 0; i < s->rank; i++) json_array_append_new(dims, json_integer(s->dim[i]));
    return dims;
}

static json_t *tensor_json(const mdg_tensor *t) {
    json_t *o = json_object();
    json_object_set_new(o, "name", json_string(t->name ? t->name : ""));
    json_object_set_new(o, "type", json_string(mdg_type_text(t->type)));
    json_object_set_new(o, "shape", shape_json(&t->shape));
    if (t->quant.count == 1) {
        json_object_set_new(o, "scale", json_real((double)t->quant.scale[0]));
        json_object_set_new(o, "zero_point", json_integer(t->quant.zero_point[0]));
    }
    return o;
}

static json_t *io_json(const mdg_io *io, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(list, tensor_json(io[i].tensor));
    return list;
}

static json_t *ops_json(const mdg_subgraph *s) {
    json_t *list = json_array();
    for (int i = 0; i < s->n_ops; i++) {
        const mdg_op *op = &s->ops[i];
        const mdg_tensor *t = first_output(s, op);
        json_t *o = json_object();
        json_object_set_new(o, "index", json_integer(i));
        json_object_set_new(o, "op", json_string(mdg_op_name(op)));
        if (t) json_object_set_new(o, "output", tensor_json(t));
        json_object_set_new(o, "macs", json_integer(mdg_op_macs(s, op)));
        json_object_set_new(o, "weights_bytes", json_integer((json_int_t)mdg_op_weights_bytes(s, op)));
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
        json_object_set_new(o, "buffer", json_string(b->name ? b->name : ""));
        json_object_set_new(o, "kind", json_string(b->kind == MDG_BUF_STATE ? "state" : "arena"));
        json_object_set_new(o, "offset", json_integer((json_int_t)b->offset));
        json_object_set_new(o, "bytes", json_integer((json_int_t)b->bytes));
        json_object_set_new(o, "first", json_integer(b->first));
        json_object_set_new(o, "last", json_integer(b->last));
        json_array_append_new(list, o);
    }
    return list;
}

static json_t *model_json(const mdg_model *m, const mdg_program *p) {
    json_t *o = json_object();
    json_object_set_new(o, "file", json_string(m->path));
    json_object_set_new(o, "inputs", io_json(p->inputs, p->n_inputs));
    json_object_set_new(o, "outputs", io_json(p->outputs, p->n_outputs));
    json_object_set_new(o, "macs", json_integer(mdg_graph_macs(m->graph)));
    json_object_set_new(o, "weights_bytes", json_integer((json_int_t)graph_weights(m->graph)));
    json_object_set_new(o, "arena_bytes", json_integer((json_int_t)p->arena_bytes));
    json_object_set_new(o, "arena_bound_bytes", json_integer((json_int_t)p->arena_bound_bytes));
    json_object_set_new(o, "state_bytes", json_integer((json_int_t)p->state_bytes));
    json_object_set_new(o, "ops", ops_json(&m->graph->subgraphs[0]));
    json_object_set_new(o, "plan", plan_json(p));
    return o;
}

static mdg_status run(mdg_cli *cli) {
    bool json = false;
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_model model;
    mdg_program p;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_model_program(cli, model.graph, &p));
    if (json) return mdg_json_print(model_json(&model, &p));
    printf("%s: %d operators, %" PRId64 " MACs, %zu bytes of weights\n\n", model.path,
           model.graph->subgraphs[0].n_ops, mdg_graph_macs(model.graph), graph_weights(model.graph));
    print_io(cli, "input", p.inputs, p.n_inputs);
    print_io(cli, "output", p.outputs, p.n_outputs);
    print_ops(cli, &model.graph->subgraphs[0]);
    print_plan(cli, &p);
    return MDG_OK;
}

const mdg_verb mdg_verb_inspect = {
    .name = "inspect",
    .summary = "show a model's operators, shapes, quantisation, MACs, weights and memory plan",
    .help = "midge inspect MODEL [--json]\n"
            "\n"
            "  midge inspect model.tflite\n"
            "  midge inspect model.tflite --json | jq .arena_bytes\n",
    .run = run,
};
