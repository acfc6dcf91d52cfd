/* SPDX-License-Identifier: MIT
 *
 * cmd_eval.c: `midge eval`: float beside int8 on the test clips.
 */
#include "cli/pipeline.h"

static mdg_status run(mdg_cli *cli) {
    bool json = false;
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_eval(&pl));
    if (json) {
        json_t *o;
        MDG_TRY(mdg_json_load(mdg_pipeline_file(&pl, "eval.json"), cli->arena, &o, &cli->diag));
        return mdg_json_print(o);
    }
    printf("float\n");
    mdg_eval_print(&pl.eval_float, pl.frontend.labels, stdout);
    printf("\nint8\n");
    mdg_eval_print(&pl.eval_int8, pl.frontend.labels, stdout);
    return MDG_OK;
}

const mdg_verb mdg_verb_eval = {
    .name = "eval",
    .summary = "accuracy, confusion matrix, precision, recall and F1, float beside int8",
    .help = "midge eval DIR [--json]\n"
            "\n"
            "On the clips of the test split, which training never saw. Writes DIR/out/eval.json.\n"
            "\n"
            "  midge eval doorbell\n"
            "  midge eval doorbell --json | jq .int8.accuracy\n",
    .run = run,
};
