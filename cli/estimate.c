/* SPDX-License-Identifier: MIT */
#include "cli/estimate.h"

#include "cli/budget.h"

/* Of a kernel that no table has: near the mean of the reference's */
enum { FOR_A_PRODUCT = 8, FOR_AN_OUTPUT = 90 };

static bool counts(const mdg_call *c, int subgraph, int op) {
    return c->subgraph == subgraph && c->op == op &&
           !(c->step == MDG_STEP_KERNEL && c->kernel == MDG_K_clamp_s8);
}

int64_t mdg_op_instructions(const mdg_program *p, const char *isa, int subgraph, int op,
                            const mdg_kernel_work *work) {
    int64_t sum = -1;
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        if (!counts(c, subgraph, op)) continue;
        if (sum >= 0 || c->step != MDG_STEP_KERNEL || c->custom) return -1;
        sum = mdg_kernel_cost(isa, mdg_kernels[c->kernel].name, work);
    }
    return sum;
}

static bool is_called(const mdg_program *p, int op) {
    for (int i = 0; i < p->n_calls; i++)
        if (counts(&p->calls[i], 0, op)) return true;
    return false;
}

int64_t mdg_program_instructions(const mdg_program *p, const char *isa) {
    const mdg_subgraph *s = &p->graph->subgraphs[0];
    int64_t sum = 0;
    for (int op = 0; op < s->n_ops; op++) {
        if (!is_called(p, op)) continue;
        const mdg_kernel_work work = mdg_kernel_work_of(s, &s->ops[op]);
        int64_t n = mdg_op_instructions(p, isa, 0, op, &work);
        if (n < 0) n = mdg_op_instructions(p, "ref", 0, op, &work);
        sum += n >= 0 ? n : FOR_A_PRODUCT * work.products + FOR_AN_OUTPUT * work.outputs;
    }
    return sum;
}

mdg_status mdg_graph_needs(mdg_cli *cli, const mdg_graph *g, const mdg_goal *goal, mdg_needs *out) {
    mdg_goal free_goal = *goal;
    mdg_program p;
    free_goal.budget = (mdg_budget){0};
    MDG_TRY(mdg_model_target_program(cli, g, &free_goal, &p));
    *out = (mdg_needs){.flash = (double)mdg_program_weights(&p),
                       .ram = (double)mdg_program_ram(&p),
                       .instructions = (double)mdg_program_instructions(&p, goal->target->isa)};
    return MDG_OK;
}

static double larger_share(double share, double need, size_t limit) {
    return limit && need / (double)limit > share ? need / (double)limit : share;
}

double mdg_needs_share(const mdg_needs *n, const mdg_budget *budget) {
    double share = larger_share(0, n->flash, budget->flash);
    share = larger_share(share, n->ram, budget->ram);
    return larger_share(share, n->instructions, budget->instructions);
}
