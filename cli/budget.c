/* SPDX-License-Identifier: MIT
 *
 * budget.c: does it fit, and if not, which layer is to blame.
 */
#include "cli/pipeline.h"

typedef struct blame {
    int op;
    size_t bytes;
} blame;

/* The operator during which the most activations are alive. */
static blame worst_activations(const mdg_program *p) {
    blame worst = {.op = 0};
    for (int c = 0; c < p->n_calls; c++) {
        size_t alive = 0;
        for (int i = 0; i < p->n_buffers; i++) {
            const mdg_buffer *b = &p->buffers[i];
            if (b->kind == MDG_BUF_ARENA && b->first <= c && b->last >= c) alive += b->bytes;
        }
        if (alive > worst.bytes) worst = (blame){.op = p->calls[c].op, .bytes = alive};
    }
    return worst;
}

static blame worst_weights(const mdg_program *p) {
    const mdg_subgraph *s = &p->graph->subgraphs[0];
    blame worst = {.op = 0};
    for (int i = 0; i < s->n_ops; i++) {
        const size_t bytes = mdg_op_weights_bytes(s, &s->ops[i]);
        if (bytes > worst.bytes) worst = (blame){.op = i, .bytes = bytes};
    }
    return worst;
}

static size_t program_weights(const mdg_program *p) {
    size_t bytes = 0;
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].kind == MDG_BUF_CONST) bytes += p->buffers[i].bytes;
    return bytes;
}

static const char *op_text(const mdg_program *p, int op, mdg_arena *arena) {
    return mdg_arena_printf(arena, "op %d %s", op, mdg_op_name(&p->graph->subgraphs[0].ops[op]));
}

mdg_status mdg_budget_check(const mdg_budget *budget, const mdg_program *p, const mdg_cost *cost,
                            mdg_arena *arena, mdg_diag *diag) {
    const size_t ram =
        cost ? cost->arena_bytes + cost->state_bytes + cost->stack_bytes : p->arena_bytes + p->state_bytes;
    const size_t flash = cost ? cost->weights_bytes + cost->code_bytes : program_weights(p);
    if (budget->ram && ram > budget->ram) {
        const blame b = worst_activations(p);
        return mdg_fail(
            diag, MDG_BUDGET,
            "budget.ram: the model needs %zu bytes, %zu more than the %zu allowed; most of it at %s, with "
            "%zu "
            "bytes of activations alive; a smaller model.width, a longer features.hop_ms or a stride in the "
            "first layer would help",
            ram, ram - budget->ram, budget->ram, op_text(p, b.op, arena), b.bytes);
    }
    if (budget->flash && flash > budget->flash) {
        const blame b = worst_weights(p);
        return mdg_fail(
            diag, MDG_BUDGET,
            "budget.flash: the model needs %zu bytes, %zu more than the %zu allowed; the largest share is %s "
            "with %zu bytes of weights; a smaller model.width or model.depth would help",
            flash, flash - budget->flash, budget->flash, op_text(p, b.op, arena), b.bytes);
    }
    return MDG_OK;
}
