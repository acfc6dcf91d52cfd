/* SPDX-License-Identifier: MIT
 *
 * The program becomes a model image in memory, which the device's own runtime opens and runs.
 */
#include "exec/exec.h"

#include "image/pack.h"
#include "midge/model.h"
#include "plan/plan.h"

struct mdg_exec {
    mdg_program program;
    mdg_model model;
    int *call_of_step; /* [mdg_model_steps] */
    int max_rounds;
    const mdg_call *endless; /* END_LOOP of the loop at which the limit was reached, or NULL */
};

/* The kernels that the program calls, and no others: the table is searched at each call. */
static const mdg_model_kernel *kernel_table(const mdg_program *p) {
    bool used[MDG_K_COUNT] = {false};
    mdg_model_kernel *table = mdg_arena_array(p->arena, MDG_K_COUNT + 1, sizeof *table);
    int n = 0;
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_kernel_info *k = mdg_call_kernel(&p->calls[i]);
        if (p->calls[i].step != MDG_STEP_KERNEL || used[p->calls[i].kernel]) continue;
        used[p->calls[i].kernel] = true;
        table[n++] = (mdg_model_kernel){k->name, k->run, k->check};
    }
    return table;
}

static mdg_status need_no_custom_kernel(const mdg_program *p, mdg_diag *diag) {
    for (int i = 0; i < p->n_calls; i++)
        if (p->calls[i].custom)
            return mdg_fail(
                diag, MDG_UNSUPPORTED,
                "%s: op %d %s: midge does not know this custom operator; it can be compiled, but runs "
                "only where the application has a kernel for it (midge/custom.h)",
                p->graph->source, p->calls[i].op, p->calls[i].custom->name);
    return MDG_OK;
}

static mdg_status open_model(mdg_exec *x, mdg_diag *diag) {
    const mdg_program *p = &x->program;
    mdg_bytes image;
    MDG_TRY(mdg_pack(p, 0, p->arena, &image, diag));
    const mdg_model_memory memory = {.arena = mdg_arena_alloc(p->arena, p->arena_bytes),
                                     .arena_bytes = p->arena_bytes,
                                     .state = mdg_arena_alloc(p->arena, p->state_bytes),
                                     .state_bytes = p->state_bytes};
    const mdg_status status = mdg_model_open(&x->model, image.data, image.size, kernel_table(p), &memory);
    if (status == MDG_OK) return MDG_OK;
    const char *kernel = mdg_model_kernel_name(&x->model, x->model.failed_step);
    return mdg_fail(
        diag, status,
        "%s: the runtime refuses the image that midge made of it (step %u, %s); please report this "
        "with the model",
        p->graph->source, (unsigned)x->model.failed_step, kernel ? kernel : "no kernel");
}

static void number_steps(mdg_exec *x) {
    x->call_of_step = mdg_arena_array(x->program.arena, mdg_model_steps(&x->model), sizeof *x->call_of_step);
    int step = 0;
    for (int i = 0; i < x->program.n_calls; i++)
        if (mdg_pack_has_step(x->program.calls[i].step)) x->call_of_step[step++] = i;
}

mdg_status mdg_exec_open(const mdg_graph *g, mdg_arena *arena, mdg_exec **out, mdg_diag *diag) {
    mdg_exec *x = mdg_arena_alloc(arena, sizeof *x);
    MDG_TRY(mdg_lower(g, arena, &x->program, diag));
    MDG_TRY(mdg_plan(&x->program, &(mdg_plan_opts){.apart = true}, diag));
    MDG_TRY(need_no_custom_kernel(&x->program, diag));
    MDG_TRY(open_model(x, diag));
    number_steps(x);
    mdg_exec_limit_rounds(x, MDG_EXEC_ROUNDS);
    *out = x;
    return MDG_OK;
}

const mdg_program *mdg_exec_program(const mdg_exec *x) {
    return &x->program;
}

void *mdg_exec_input(mdg_exec *x, int k) {
    return mdg_model_input(&x->model, (uint32_t)k);
}

const void *mdg_exec_output(const mdg_exec *x, int k) {
    return mdg_model_output(&x->model, (uint32_t)k);
}

size_t mdg_exec_input_bytes(const mdg_exec *x, int k) {
    return mdg_model_input_bytes(&x->model, (uint32_t)k);
}

size_t mdg_exec_output_bytes(const mdg_exec *x, int k) {
    return mdg_model_output_bytes(&x->model, (uint32_t)k);
}

void mdg_exec_reset(mdg_exec *x) {
    mdg_model_reset(&x->model);
}

/* What a call has written: buffers of the arena or the state */
static void report(const mdg_exec *x, const mdg_call *c, const mdg_exec_tap *tap) {
    void *out[MDG_CALL_MAX_IO] = {NULL};
    if (c->step != MDG_STEP_KERNEL) return;
    for (int k = 0; k < c->n_out; k++) {
        if (c->out[k] < 0) continue;
        const mdg_buffer *b = &x->program.buffers[c->out[k]];
        out[k] = (b->kind == MDG_BUF_STATE ? x->model.state : x->model.arena) + b->offset;
    }
    tap->after(tap->context, &x->program, c, out);
}

void mdg_exec_limit_rounds(mdg_exec *x, int rounds) {
    x->max_rounds = rounds;
}

mdg_status mdg_exec_invoke(mdg_exec *x, const mdg_exec_tap *tap) {
    const uint32_t n = mdg_model_steps(&x->model);
    int rounds = 0;
    x->endless = NULL;
    for (uint32_t step = 0; step < n;) {
        const mdg_call *c = &x->program.calls[x->call_of_step[step]];
        if (c->step == MDG_STEP_END_LOOP && ++rounds > x->max_rounds) {
            x->endless = c;
            return MDG_BUDGET;
        }
        step = mdg_model_step(&x->model, step);
        if (tap) report(x, c, tap);
    }
    return MDG_OK;
}

mdg_status mdg_exec_why(const mdg_exec *x, mdg_diag *diag) {
    if (!x->endless) return MDG_OK;
    const mdg_graph *g = x->program.graph;
    const mdg_op *op = &g->subgraphs[x->endless->subgraph].ops[x->endless->op];
    return mdg_fail(diag, MDG_BUDGET,
                    "%s: subgraph %d op %d %s: loops have gone round %d times in one inference without an "
                    "end; if that is meant, allow more rounds",
                    g->source, x->endless->subgraph, x->endless->op, mdg_op_name(op), x->max_rounds);
}
