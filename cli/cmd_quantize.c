/* SPDX-License-Identifier: MIT
 *
 * cmd_quantize.c: `midge quantize`: a project's float model to int8.
 */
#include "cli/pipeline.h"

static mdg_status run(mdg_cli *cli) {
    bool json = false;
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_quantize(&pl));
    if (json) return mdg_json_print(mdg_quant_report_json(&pl.quant));
    mdg_quant_report_print(&pl.quant, stdout);
    printf("wrote %s\n", mdg_pipeline_file(&pl, "model.tflite"));
    return MDG_OK;
}

const mdg_verb mdg_verb_quantize = {
    .name = "quantize",
    .summary = "turn a project's float model into int8",
    .help = "midge quantize DIR [--json]\n"
            "\n"
            "Reads DIR/out/model_float.tflite, looks at some training clips, writes DIR/out/model.tflite,\n"
            "and prints each layer's range and noise.\n"
            "\n"
            "  midge quantize doorbell && midge inspect doorbell/out/model.tflite\n",
    .run = run,
};
