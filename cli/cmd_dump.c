/* SPDX-License-Identifier: MIT
 *
 * cmd_dump.c: `midge dump`: what stands between two stages, as text.
 */
#include "cli/model.h"

static mdg_status run(mdg_cli *cli) {
    bool program = false;
    const mdg_option options[] = {{"--program", MDG_OPTION_FLAG, &program}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_model_file model;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    if (!program) {
        mdg_graph_print(model.graph, stdout);
        return MDG_OK;
    }
    mdg_program p;
    MDG_TRY(mdg_model_program(cli, model.graph, &p));
    mdg_program_print(&p, stdout);
    return MDG_OK;
}

const mdg_verb mdg_verb_dump = {
    .name = "dump",
    .summary = "print a model as text: its graph, or the kernel calls it becomes",
    .help = "midge dump FILE [--program]\n"
            "\n"
            "  midge dump model.tflite              tensors and operators, one a line\n"
            "  midge dump model.tflite --program    kernel calls with their parameters, and where each "
            "buffer lies\n",
    .run = run,
};
