/* SPDX-License-Identifier: MIT */
#include "cli/stream.h"

#include <string.h>

#include "pass/stream.h"

mdg_status mdg_model_stream(mdg_cli *cli, const mdg_goal *goal, mdg_model_file *model) {
    mdg_graph *smaller;
    if (!goal->streams) return MDG_OK;
    MDG_TRY(mdg_model_smaller(cli, model->graph, goal->target->isa, &smaller));
    return mdg_stream(smaller, goal->hop, cli->arena, &model->graph, &cli->diag);
}

mdg_status mdg_stream_compare(mdg_cli *cli, const mdg_model_file *whole, const mdg_streaming *s,
                              const uint8_t *input, const uint8_t *outputs, int n) {
    mdg_exec *x;
    MDG_TRY(mdg_exec_open(whole->graph, cli->arena, &x, &cli->diag));
    const size_t window = mdg_exec_input_bytes(x, 0), hop = window / (size_t)s->window * (size_t)s->hop;
    const size_t bytes = mdg_program_output_bytes(mdg_exec_program(x));
    uint8_t *want = mdg_arena_alloc(cli->arena, bytes);
    for (int i = s->warm_up; i < n; i++) {
        MDG_TRY(mdg_model_run(cli, x, input + (size_t)(i + 1) * hop - window, 1, want));
        if (memcmp(want, outputs + (size_t)i * bytes, bytes) != 0)
            return mdg_fail(&cli->diag, MDG_MISMATCH,
                            "%s: hop %d is the first where streaming and the whole window differ; please "
                            "report this with the model",
                            whole->path, i);
    }
    return MDG_OK;
}
