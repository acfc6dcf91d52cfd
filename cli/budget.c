/* SPDX-License-Identifier: MIT */
#include "cli/budget.h"

#include <string.h>

#include "cli/model.h"
#include "plan/plan.h"

const mdg_budget_words mdg_budget_options = {
    .ram = "--ram",
    .flash = "--flash",
    .instructions = "--instructions",
    .ram_help = "smaller inputs or fewer channels there, or --stream for a window over time, would help",
    .flash_help = "fewer channels there would help"};
const mdg_budget_words mdg_budget_project = {
    .ram = "budget.ram",
    .flash = "budget.flash",
    .instructions = "budget.instructions",
    .ram_help = "a smaller model.width, a longer features.hop_ms or a stride in the first layer would help",
    .flash_help = "a smaller model.width or model.depth would help"};

enum { MAX_BLAMED = 3 };

/* The operators to blame, the worst first; those without bytes are none. */
typedef struct blame {
    int op[MAX_BLAMED];
    size_t bytes[MAX_BLAMED];
} blame;

/* An operator of several calls counts with the worst. */
static void add_blame(blame *b, int op, size_t bytes) {
    int at = 0;
    if (op < 0) return;
    while (at < MAX_BLAMED - 1 && b->bytes[at] && b->op[at] != op) at++;
    if (bytes <= b->bytes[at]) return;
    for (; at > 0 && b->bytes[at - 1] < bytes; at--) {
        b->op[at] = b->op[at - 1];
        b->bytes[at] = b->bytes[at - 1];
    }
    b->op[at] = op;
    b->bytes[at] = bytes;
}

static blame largest_activations(const mdg_program *p) {
    blame b = {.op = {0}};
    for (int i = 0; i < p->n_calls; i++)
        if (p->calls[i].subgraph == 0) add_blame(&b, p->calls[i].op, mdg_plan_bytes_in_use(p, i));
    return b;
}

static blame largest_weights(const mdg_program *p) {
    const mdg_subgraph *s = &p->graph->subgraphs[0];
    blame b = {.op = {0}};
    for (int i = 0; i < s->n_ops; i++) add_blame(&b, i, mdg_op_weights_bytes(s, &s->ops[i]));
    return b;
}

/* "op 3 CONV_2D with 16384 bytes, op 2 ADD with 8192" */
static const char *blame_text(const mdg_program *p, const blame *b, const char *what) {
    const char *text = "";
    for (int i = 0; i < MAX_BLAMED && b->bytes[i]; i++)
        text =
            mdg_arena_printf(p->arena, "%s%sop %d %s with %zu%s", text, i ? ", " : "", b->op[i],
                             mdg_op_name(&p->graph->subgraphs[0].ops[b->op[i]]), b->bytes[i], i ? "" : what);
    return text;
}

size_t mdg_program_ram(const mdg_program *p) {
    return p->arena_bytes + p->state_bytes;
}

static bool is_used_constant(const mdg_buffer *b) {
    return b->kind == MDG_BUF_CONST && b->first <= b->last && b->bytes > 0;
}

/* Of those before it: equal constants are kept once. */
static bool has_equal(const mdg_program *p, int buffer) {
    const mdg_buffer *b = &p->buffers[buffer];
    for (int i = 0; i < buffer; i++) {
        const mdg_buffer *other = &p->buffers[i];
        if (is_used_constant(other) && other->bytes == b->bytes &&
            memcmp(other->data, b->data, b->bytes) == 0)
            return true;
    }
    return false;
}

size_t mdg_program_weights(const mdg_program *p) {
    size_t bytes = 0;
    for (int i = 0; i < p->n_buffers; i++)
        if (is_used_constant(&p->buffers[i]) && !has_equal(p, i)) bytes += p->buffers[i].bytes;
    return bytes;
}

mdg_status mdg_budget_check(const mdg_budget *budget, const mdg_budget_words *words, const mdg_program *p,
                            const mdg_cost *cost, mdg_diag *diag) {
    const size_t ram = cost ? cost->arena_bytes + cost->state_bytes + cost->stack_bytes : mdg_program_ram(p);
    const size_t flash = cost ? cost->weights_bytes + cost->code_bytes : mdg_program_weights(p);
    if (budget->ram && ram > budget->ram) {
        const blame b = largest_activations(p);
        return mdg_fail(diag, MDG_BUDGET,
                        "%s: the model needs %zu bytes, %zu more than the %zu allowed; the most at %s; %s",
                        words->ram, ram, ram - budget->ram, budget->ram,
                        blame_text(p, &b, " bytes of activations alive"), words->ram_help);
    }
    if (budget->flash && flash > budget->flash) {
        const blame b = largest_weights(p);
        return mdg_fail(diag, MDG_BUDGET,
                        "%s: the model needs %zu bytes, %zu more than the %zu allowed; the largest share is "
                        "%s; %s",
                        words->flash, flash, flash - budget->flash, budget->flash,
                        blame_text(p, &b, " bytes of weights"), words->flash_help);
    }
    if (cost && budget->instructions && cost->instructions > budget->instructions)
        return mdg_fail(
            diag, MDG_BUDGET,
            "%s: an inference takes %llu instructions, %zu are allowed; %s, or strides in the first "
            "layers, would help",
            words->instructions, (unsigned long long)cost->instructions, budget->instructions,
            "fewer channels or blocks");
    return MDG_OK;
}
