/* SPDX-License-Identifier: MIT */
#include "cli/target.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/budget.h"
#include "util/rng.h"

bool mdg_is_identifier(const char *name) {
    if (!isalpha((unsigned char)name[0]) && name[0] != '_') return false;
    while (isalnum((unsigned char)*name) || *name == '_') name++;
    return *name == '\0';
}

mdg_status mdg_cli_emit(mdg_cli *cli, const mdg_model_file *m, const mdg_program *p, mdg_emit_opts *opts) {
    const mdg_target *target = mdg_target_find(opts->target);
    opts->isa = target ? target->isa : NULL;
    opts->command_line = cli->command_line;
    opts->model_hash = m->hash;
    if (!opts->model_name) opts->model_name = m->path;
    return mdg_emit_c(p, opts, &cli->diag);
}

static void fill_tensor(mdg_rng *r, bool is_float, uint8_t *at, size_t bytes) {
    for (size_t b = 0; b + (is_float ? 4 : 1) <= bytes; b += is_float ? 4 : 1) {
        const float value = mdg_rng_uniform(r, -1, 1);
        if (is_float)
            memcpy(at + b, &value, sizeof value);
        else
            at[b] = (uint8_t)mdg_rng_below(r, 256);
    }
}

uint8_t *mdg_random_inputs(mdg_arena *arena, const mdg_program *p, int repeat) {
    uint8_t *inputs = mdg_arena_alloc(arena, mdg_program_input_bytes(p) * (size_t)repeat), *at = inputs;
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < p->n_inputs * repeat; i++) {
        const mdg_io *in = &p->inputs[i % p->n_inputs];
        const size_t bytes = p->buffers[in->buffer].bytes;
        fill_tensor(&r, in->tensor->type == MDG_FLOAT32, at, bytes);
        at += bytes;
    }
    return inputs;
}

static mdg_status measure(mdg_cli *cli, const mdg_model_file *m, const mdg_goal *goal, const char *folder,
                          mdg_cost_view *v) {
    mdg_program program;
    MDG_TRY(mdg_model_target_program(cli, m->graph, goal, &program));
    mdg_emit_opts emit = {.name = "model",
                          .folder = folder,
                          .target = goal->target->name,
                          .trees_as_code = goal->trees_as_code};
    MDG_TRY(mdg_cli_emit(cli, m, &program, &emit));
    const mdg_run_opts run = {.name = emit.name,
                              .folder = folder,
                              .target = goal->target,
                              .repeat = 1,
                              .input_bytes = mdg_program_input_bytes(&program),
                              .output_bytes = mdg_program_output_bytes(&program),
                              .timing = v->timing};
    mdg_cost *cost = mdg_arena_alloc(cli->arena, sizeof *cost);
    MDG_TRY(
        mdg_target_measure(&run, mdg_random_inputs(cli->arena, &program, 1), cli->arena, cost, &cli->diag));
    v->cost = cost;
    v->graph = program.graph;
    v->macs = mdg_graph_macs(m->graph);
    return mdg_budget_check(&goal->budget, &mdg_budget_options, &program, cost, &cli->diag);
}

mdg_status mdg_model_measure(mdg_cli *cli, const mdg_model_file *m, const mdg_goal *goal,
                             mdg_cost_view *out) {
    const char *folder;
    MDG_TRY(mdg_folder_temporary(cli->arena, &folder, &cli->diag));
    const mdg_status status = measure(cli, m, goal, folder, out);
    mdg_folder_remove(folder);
    return status;
}
