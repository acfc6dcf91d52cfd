/* SPDX-License-Identifier: MIT
 *
 * cmd_run.c: `midge run`: raw bytes in, raw bytes out, through the device's kernels.
 */
#include "cli/model.h"

/* The file's bytes, which must be exactly those of `repeat` runs. */
static mdg_status read_input(mdg_cli *cli, const char *path, size_t bytes, int repeat, mdg_bytes *out) {
    MDG_TRY(mdg_file_read(path, cli->arena, out, &cli->diag));
    if (out->size == bytes * (size_t)repeat) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_INVALID,
                    "%s: has %zu bytes, but %d run%s of the model take%s %zu (%zu a run); see --repeat", path,
                    out->size, repeat, repeat == 1 ? "" : "s", repeat == 1 ? "s" : "", bytes * (size_t)repeat,
                    bytes);
}

static mdg_status run(mdg_cli *cli) {
    const char *input = NULL, *output = NULL;
    int repeat = 1, max_rounds = MDG_EXEC_ROUNDS;
    const mdg_option options[] = {{"--input", MDG_OPTION_TEXT, &input},
                                  {"--output", MDG_OPTION_TEXT, &output},
                                  {"--repeat", MDG_OPTION_COUNT, &repeat},
                                  {"--max-rounds", MDG_OPTION_COUNT, &max_rounds},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!input || !output) return mdg_cli_usage(cli, "--input and --output are needed");
    mdg_model_file model;
    mdg_exec *x;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_exec_open(model.graph, cli->arena, &x, &cli->diag));
    const mdg_program *p = mdg_exec_program(x);
    mdg_bytes in;
    MDG_TRY(read_input(cli, input, mdg_program_input_bytes(p), repeat, &in));
    const size_t out_bytes = mdg_program_output_bytes(p) * (size_t)repeat;
    uint8_t *out = mdg_arena_alloc(cli->arena, out_bytes);
    mdg_exec_limit_rounds(x, max_rounds);
    MDG_TRY(mdg_model_run(cli, x, in.data, repeat, out));
    return mdg_file_write(output, out, out_bytes, &cli->diag);
}

const mdg_verb mdg_verb_run = {
    .name = "run",
    .summary = "run a model on this machine: raw bytes in, raw bytes out",
    .help = "midge run MODEL --input FILE --output FILE [--repeat K] [--max-rounds N]\n"
            "\n"
            "FILE holds the raw bytes of all input tensors in order, K times over; the output file gets "
            "those of all\n"
            "output tensors, K times. State persists from run to run. The kernels are those of the device.\n"
            "A model whose WHILE loops go round more than N times in a run (1000000) is stopped.\n"
            "\n"
            "  midge run model.tflite --input clip.bin --output scores.bin\n"
            "  midge run model.tflite --input hundred.bin --output scores.bin --repeat 100\n",
    .run = run,
};
