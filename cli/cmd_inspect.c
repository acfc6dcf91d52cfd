/* SPDX-License-Identifier: MIT
 *
 * cmd_inspect.c: `midge inspect`: what a model consists of, what it becomes and what it needs: operators with
 * shapes, quantisation, MACs, weights and kernels, then the memory plan.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/budget.h"
#include "cli/inspection.h"
#include "cli/kernels.h"
#include "cli/stream.h"
#include "pass/pass.h"
#include "view/view.h"

static const char *shape_text(mdg_arena *arena, const mdg_tensor *t) {
    const char *text = "";
    if (!t) return "";
    for (int i = 0; i < t->shape.rank; i++)
        text = mdg_arena_printf(arena, "%s%s%d", text, i ? "x" : "", (int)t->shape.dim[i]);
    return text[0] ? text : "scalar";
}

static const char *quant_text(mdg_arena *arena, const mdg_tensor *t) {
    const mdg_quant *q = &t->quant;
    if (q->count == 0) return "-";
    if (q->count > 1) return mdg_arena_printf(arena, "%d channels", q->count);
    return mdg_arena_printf(arena, "%.6g, %d", (double)q->scale[0], (int)q->zero_point[0]);
}

/* Converters chain the names of all that was folded into a tensor; the first tells enough. */
static const char *short_name(mdg_arena *arena, const char *name) {
    return name ? mdg_arena_printf(arena, "%.*s", (int)strcspn(name, ";"), name) : "";
}

static void print_io(mdg_cli *cli, const char *what, const mdg_io *io, int n) {
    for (int i = 0; i < n; i++) {
        const mdg_tensor *t = io[i].tensor;
        printf("%-7s %s  %s %s  quantisation %s\n", what, short_name(cli->arena, t->name),
               mdg_type_text(t->type), shape_text(cli->arena, t), quant_text(cli->arena, t));
    }
}

/* What an operator is told by: input 0, output 0, and the first constant with a scale for each channel */
typedef struct op_tensors {
    const mdg_tensor *x, *y, *w;
} op_tensors;

static op_tensors tensors_of(const mdg_subgraph *s, const mdg_op *op) {
    op_tensors t = {.x = op->n_inputs ? mdg_op_input(s, op, 0) : NULL,
                    .y = op->n_outputs && op->outputs[0] >= 0 ? mdg_op_output(s, op, 0) : NULL};
    for (int k = 0; k < op->n_inputs && !t.w; k++) {
        const mdg_tensor *in = mdg_op_input(s, op, k);
        if (in && in->data && in->quant.count > 1) t.w = in;
    }
    return t;
}

static const char *types_text(mdg_arena *arena, const op_tensors *t) {
    if (!t->y) return t->x ? mdg_type_text(t->x->type) : "";
    if (!t->x || t->x->type == t->y->type) return mdg_type_text(t->y->type);
    return mdg_arena_printf(arena, "%s>%s", mdg_type_text(t->x->type), mdg_type_text(t->y->type));
}

static void print_op(mdg_cli *cli, const mdg_inspection *in, int subgraph, int index) {
    const mdg_subgraph *s = &in->model->graph->subgraphs[subgraph];
    const mdg_op *op = &s->ops[index];
    const mdg_op_view *v = &in->ops[subgraph][index];
    const op_tensors t = tensors_of(s, op);
    const char *shapes =
        mdg_arena_printf(cli->arena, "%s > %s", shape_text(cli->arena, t.x), shape_text(cli->arena, t.y));
    const char *quant = t.y ? quant_text(cli->arena, t.y) : "";
    if (t.w) quant = mdg_arena_printf(cli->arena, "%s; weights %d ch", quant, t.w->quant.count);
    printf("%4d  %-24s %-28s %-17s %-32s %11" PRId64 " %10zu  %-28s %s\n", index, mdg_op_name(op), shapes,
           types_text(cli->arena, &t), quant, mdg_op_macs(s, op), mdg_op_weights_bytes(s, op), v->kernels,
           v->optimised[0] ? v->optimised : "-");
}

static void print_ops(mdg_cli *cli, const mdg_inspection *in, int subgraph) {
    const mdg_graph *g = in->model->graph;
    const mdg_subgraph *s = &g->subgraphs[subgraph];
    if (g->n_subgraphs > 1) printf("\nsubgraph %d \"%s\"", subgraph, s->name ? s->name : "");
    printf("\n%4s  %-24s %-28s %-17s %-32s %11s %10s  %-28s %s\n", "op", "name", "input > output", "type",
           "scale, zero point of the output", "MACs", "weights B", "kernels", "optimised for");
    for (int i = 0; i < s->n_ops; i++) print_op(cli, in, subgraph, i);
}

static const char *choice_text(mdg_arena *arena, const mdg_choice *c) {
    if (c->instructions < 0) return c->kernels;
    return mdg_arena_printf(arena, "%s (%" PRId64 ")", c->kernels, c->instructions);
}

/* What operators became, and what else they could have become: by another aim, or without the target's own
 * kernels */
static void print_choices(mdg_cli *cli, const mdg_inspection *in) {
    const mdg_subgraph *s = &in->model->graph->subgraphs[0];
    bool any = false;
    for (int op = 0; op < s->n_ops; op++) any |= in->ops[0][op].n_choices > 1;
    if (any) printf("\nchoice for %s (estimated instructions):\n", in->goal->target->name);
    for (int op = 0; op < s->n_ops; op++) {
        const mdg_op_view *v = &in->ops[0][op];
        if (v->n_choices < 2) continue;
        printf("%4d  %-42s instead of ", op, choice_text(cli->arena, &v->choices[0]));
        for (int i = 1; i < v->n_choices; i++)
            printf("%s%s", i > 1 ? ", or " : "", choice_text(cli->arena, &v->choices[i]));
        printf("\n");
    }
}

/* The instruction sets of the last column */
static void print_isas(mdg_cli *cli, const mdg_inspection *in) {
    const mdg_graph *g = in->model->graph;
    for (const char **isa = mdg_isas(cli->arena); *isa; isa++) {
        bool used = false;
        for (int s = 0; s < g->n_subgraphs; s++)
            for (int op = 0; op < g->subgraphs[s].n_ops; op++)
                used |= strstr(in->ops[s][op].optimised, *isa) != NULL;
        if (used) printf("\n%s: %s\n", *isa, mdg_isa_targets(cli->arena, *isa));
    }
}

static void print_refusals(const mdg_inspection *in) {
    if (in->refused) printf("\nnot supported, so that this model cannot be compiled or run:\n");
    for (const mdg_refusal *r = in->refused; r; r = r->next) printf("  %s\n", r->message);
}

static const char *lifetime_text(mdg_arena *arena, const mdg_program *p, const mdg_buffer *b) {
    if (b->first > b->last) return "unused";
    const char *first = b->first < 0 ? "input" : mdg_arena_printf(arena, "%d", b->first);
    const char *last = b->last >= p->n_calls ? "output" : mdg_arena_printf(arena, "%d", b->last);
    return mdg_arena_printf(arena, "%s..%s", first, last);
}

/* Which operators run in bands, and what that takes */
static void print_bands(const mdg_inspection *in) {
    for (int i = 0; i < in->bands.n; i++) {
        const mdg_band_row *r = &in->bands.rows[i];
        printf("\nop %d to %d in bands of %d row%s: windows of %zu bytes instead of %zu bytes of tensors "
               "between "
               "them;\n%d calls of kernels, %zu bytes carried from band to band, no MAC computed twice\n",
               r->first_op, r->last_op, (int)r->rows, r->rows == 1 ? "" : "s", r->window_bytes,
               r->tensor_bytes, r->calls, r->carried_bytes);
    }
}

static void print_plan(mdg_cli *cli, const mdg_inspection *in) {
    const mdg_program *p = &in->program;
    if (in->no_plan) {
        printf("\nno memory plan: %s\n", in->no_plan);
        return;
    }
    printf("\nmemory plan for %s%s: arena %zu bytes (no plan can do with less than %zu), state %zu bytes\n",
           in->goal->target_name, in->refused ? ", without what is not supported" : "", p->arena_bytes,
           p->arena_bound_bytes, p->state_bytes);
    printf("%8s %10s  %-14s %s\n", "offset", "bytes", "calls", "buffer");
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        const bool is_state = b->kind == MDG_BUF_STATE;
        if (b->kind == MDG_BUF_CONST || (!is_state && b->first > b->last)) continue;
        printf("%8zu %10zu  %-14s %s%s\n", b->offset, b->bytes,
               is_state ? "state" : lifetime_text(cli->arena, p, b), short_name(cli->arena, b->name),
               is_state ? " (kept between inferences)" : "");
    }
}

static void print_all(mdg_cli *cli, const mdg_inspection *in) {
    const mdg_graph *g = in->model->graph;
    int n_ops = 0;
    for (int s = 0; s < g->n_subgraphs; s++) n_ops += g->subgraphs[s].n_ops;
    printf("%s: %d operators in %d subgraph%s, %" PRId64 " MACs, %zu bytes of weights\n\n", in->model->path,
           n_ops, g->n_subgraphs, g->n_subgraphs == 1 ? "" : "s", mdg_inspection_macs(in),
           mdg_inspection_weights(in));
    print_io(cli, "input", in->program.inputs, in->program.n_inputs);
    print_io(cli, "output", in->program.outputs, in->program.n_outputs);
    for (int s = 0; s < g->n_subgraphs; s++) print_ops(cli, in, s);
    print_isas(cli, in);
    print_choices(cli, in);
    print_refusals(in);
    print_bands(in);
    print_plan(cli, in);
}

static mdg_status write_svg(mdg_cli *cli, const mdg_inspection *in, const char *path) {
    mdg_writer w;
    if (in->no_plan) return mdg_fail(&cli->diag, MDG_UNSUPPORTED, "%s", in->no_plan);
    const char *slash = strrchr(in->model->path, '/');
    const char *file = slash ? slash + 1 : in->model->path;
    MDG_TRY(mdg_writer_open(&w, path, &cli->diag));
    mdg_view_plan(&in->program, mdg_arena_printf(cli->arena, "%s on %s", file, in->goal->target_name),
                  w.stream);
    return mdg_writer_close(&w, &cli->diag);
}

static mdg_status print_channels(mdg_cli *cli, const mdg_graph *g) {
    mdg_graph *smaller;
    mdg_channel_report report;
    MDG_TRY(mdg_remove_channels(g, 1, cli->arena, &smaller, &report, &cli->diag));
    mdg_channel_report_print(&report, stdout);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    bool json = false, channels = false;
    const char *svg = NULL;
    mdg_goal goal = {.target_name = "generic"};
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &json},
                                  {"--svg", MDG_OPTION_TEXT, &svg},
                                  MDG_GOAL_OPTIONS(&goal),
                                  {"--channels", MDG_OPTION_FLAG, &channels},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_model_file model;
    mdg_inspection in;
    MDG_TRY(mdg_goal_resolve(cli, &goal));
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    if (channels) return print_channels(cli, model.graph);
    MDG_TRY(mdg_model_stream(cli, &goal, &model));
    MDG_TRY(mdg_inspect(cli, &model, &goal, &in));
    if (svg) MDG_TRY(write_svg(cli, &in, svg));
    if (json)
        mdg_json_print(mdg_inspection_json(&in));
    else
        print_all(cli, &in);
    return in.no_plan ? MDG_OK
                      : mdg_budget_check(&goal.budget, &mdg_budget_options, &in.program, NULL, &cli->diag);
}

const mdg_verb mdg_verb_inspect = {
    .name = "inspect",
    .summary = "show a model's operators, shapes, quantisation, MACs, weights, kernels and memory plan",
    .help =
        "midge inspect MODEL [--svg FILE] [--json]\n"
        "              " MDG_GOAL_USAGE "\n"
        "midge inspect MODEL --channels          those that are constant, or that nothing reads\n"
        "\n"
        "Also of models with operators that midge does not support: it says which, and why. The memory plan "
        "is that of\n"
        "the target (generic); --svg draws it: which buffer lives where, and when.\n"
        "\n" MDG_GOAL_HELP "\n"
        "  midge inspect model.tflite\n"
        "  midge inspect model.tflite --target cortex-m4 --svg plan.svg\n"
        "  midge inspect model.tflite --json | jq .arena_bytes\n",
    .run = run,
};
