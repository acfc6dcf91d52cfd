/* SPDX-License-Identifier: MIT */
#include "cli/inspection.h"

#include <string.h>

#include "cli/estimate.h"
#include "cli/kernels.h"
#include "fuse/fuse.h"
#include "plan/plan.h"
#include "specialize/specialize.h"

/* The calls of one operator, wherever its subgraph stands in the program */
static bool is_of(const mdg_call *c, int subgraph, int op) {
    return c->subgraph == subgraph && c->op == op;
}

static const char *add_kernel(mdg_arena *arena, const char *list, const char *name, int count) {
    const char *comma = list[0] ? ", " : "";
    if (count == 1) return mdg_arena_printf(arena, "%s%s%s", list, comma, name);
    return mdg_arena_printf(arena, "%s%s%s x%d", list, comma, name, count);
}

static const char *kernels_of(const mdg_program *p, int subgraph, int op) {
    int count[MDG_K_COUNT] = {0};
    const char *list = "";
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        if (!is_of(c, subgraph, op)) continue;
        if (c->step != MDG_STEP_KERNEL)
            list = "control flow";
        else if (c->custom)
            list = mdg_arena_printf(p->arena, "%s of the application", c->custom->name);
        else
            count[c->kernel]++;
    }
    for (int k = 0; k < MDG_K_COUNT; k++)
        if (count[k]) list = add_kernel(p->arena, list, mdg_kernels[k].name, count[k]);
    return list[0] ? list : "-";
}

/* The graph as it is compiled; one with operators that are not supported stays as it is. */
static mdg_status lower_smaller(mdg_cli *cli, const mdg_inspection *in, const char *isa, mdg_program *out,
                                mdg_refusal **refused) {
    const mdg_graph *g = in->model->graph;
    mdg_graph *smaller;
    if (mdg_model_smaller(cli, g, isa, &smaller) == MDG_OK) g = smaller;
    return mdg_lower_all(g, cli->arena, out, refused, &cli->diag);
}

/* The same with kernels of an instruction set, each layer as a whole */
static mdg_status lower_for(mdg_cli *cli, const mdg_inspection *in, const char *isa, mdg_optimize optimize,
                            mdg_program *out, mdg_refusal **refused) {
    MDG_TRY(lower_smaller(cli, in, isa, out, refused));
    mdg_fuse(out, &mdg_fuse_always);
    return mdg_specialize(out, isa, optimize, &cli->diag);
}

/* Adds the instruction set to each operator that gets one of its kernels. */
static mdg_status add_isa(mdg_cli *cli, mdg_inspection *in, const char *isa) {
    mdg_program p;
    mdg_refusal *refused;
    MDG_TRY(lower_for(cli, in, isa, in->goal->optimize, &p, &refused));
    for (int s = 0; s < in->model->graph->n_subgraphs; s++) {
        for (int op = 0; op < in->model->graph->subgraphs[s].n_ops; op++) {
            bool optimised = false;
            for (int i = 0; i < p.n_calls && !optimised; i++)
                optimised = is_of(&p.calls[i], s, op) && p.calls[i].step == MDG_STEP_KERNEL &&
                            !p.calls[i].custom &&
                            (mdg_kernel_is_optimised(cli->arena, p.calls[i].kernel, isa) ||
                             !mdg_kernel_is_reference(cli->arena, p.calls[i].kernel));
            mdg_op_view *v = &in->ops[s][op];
            if (optimised) v->optimised = add_kernel(cli->arena, v->optimised, isa, 1);
        }
    }
    return MDG_OK;
}

static void look_at_ops(mdg_cli *cli, mdg_inspection *in) {
    const mdg_graph *g = in->model->graph;
    in->ops = mdg_arena_array(cli->arena, (size_t)g->n_subgraphs, sizeof *in->ops);
    for (int s = 0; s < g->n_subgraphs; s++) {
        in->ops[s] = mdg_arena_array(cli->arena, (size_t)g->subgraphs[s].n_ops, sizeof **in->ops);
        for (int op = 0; op < g->subgraphs[s].n_ops; op++)
            in->ops[s][op] = (mdg_op_view){.kernels = kernels_of(&in->program, s, op), .optimised = ""};
    }
    for (const mdg_refusal *r = in->refused; r; r = r->next) {
        in->ops[r->subgraph][r->op].kernels = "not supported";
        in->ops[r->subgraph][r->op].refusal = r->message;
    }
}

static void add_choice(mdg_op_view *v, const mdg_choice *choice) {
    for (int i = 0; i < v->n_choices; i++)
        if (strcmp(v->choices[i].kernels, choice->kernels) == 0) return;
    if (v->n_choices < MDG_MAX_CHOICES) v->choices[v->n_choices++] = *choice;
}

static void add_choices(mdg_inspection *in, const mdg_program *p, const char *isa) {
    const mdg_graph *g = in->model->graph;
    for (int s = 0; s < g->n_subgraphs; s++) {
        for (int op = 0; op < g->subgraphs[s].n_ops; op++) {
            mdg_op_view *v = &in->ops[s][op];
            if (v->refusal || strcmp(v->kernels, "-") == 0) continue;
            v->work = mdg_kernel_work_of(&p->graph->subgraphs[s], &p->graph->subgraphs[s].ops[op]);
            add_choice(v, &(mdg_choice){kernels_of(p, s, op), mdg_op_instructions(p, isa, s, op, &v->work)});
        }
    }
}

/* By the aim that was asked for, by the others, and without kernels of the target's own */
static mdg_status look_at_choices(mdg_cli *cli, mdg_inspection *in) {
    const char *isa = in->goal->target->isa;
    mdg_refusal *refused;
    mdg_program p;
    add_choices(in, &in->program, isa);
    for (int aim = 0; aim < MDG_OPTIMIZE_COUNT; aim++) {
        MDG_TRY(lower_for(cli, in, isa, (mdg_optimize)aim, &p, &refused));
        add_choices(in, &p, isa);
    }
    MDG_TRY(lower_for(cli, in, "ref", in->goal->optimize, &p, &refused));
    add_choices(in, &p, isa);
    return MDG_OK;
}

mdg_status mdg_inspect(mdg_cli *cli, const mdg_model_file *m, const mdg_goal *goal, mdg_inspection *out) {
    mdg_refusal *refused;
    *out = (mdg_inspection){.model = m, .goal = goal};
    MDG_TRY(lower_smaller(cli, out, goal->target->isa, &out->program, &refused));
    out->refused = refused;
    MDG_TRY(mdg_model_specialize(cli, goal, &out->program, &out->bands));
    look_at_ops(cli, out);
    for (const char **isa = mdg_isas(cli->arena); *isa; isa++) MDG_TRY(add_isa(cli, out, *isa));
    MDG_TRY(look_at_choices(cli, out));
    if (mdg_plan(&out->program, NULL, &cli->diag) != MDG_OK)
        out->no_plan = mdg_arena_strdup(cli->arena, cli->diag.text);
    return MDG_OK;
}

int64_t mdg_inspection_macs(const mdg_inspection *in) {
    const mdg_graph *g = in->model->graph;
    int64_t macs = 0;
    for (int s = 0; s < g->n_subgraphs; s++)
        for (int op = 0; op < g->subgraphs[s].n_ops; op++)
            macs += mdg_op_macs(&g->subgraphs[s], &g->subgraphs[s].ops[op]);
    return macs;
}

size_t mdg_inspection_weights(const mdg_inspection *in) {
    const mdg_graph *g = in->model->graph;
    size_t bytes = 0;
    for (int s = 0; s < g->n_subgraphs; s++)
        for (int t = 0; t < g->subgraphs[s].n_tensors; t++)
            if (g->subgraphs[s].tensors[t].data) bytes += g->subgraphs[s].tensors[t].bytes;
    return bytes;
}
