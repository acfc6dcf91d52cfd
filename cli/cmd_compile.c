/* SPDX-License-Identifier: MIT
 *
 * cmd_compile.c: `midge compile`: one C file and a header.
 */
#include <ctype.h>
#include <string.h>

#include "cli/pipeline.h"
#include "cli/target.h"

static bool is_identifier(const char *name) {
    if (!isalpha((unsigned char)name[0]) && name[0] != '_') return false;
    while (isalnum((unsigned char)*name) || *name == '_') name++;
    return *name == '\0';
}

static mdg_status compile_model(mdg_cli *cli, mdg_emit_opts *opts) {
    const mdg_target *target;
    mdg_model model;
    mdg_program program;
    if (!opts->folder || !opts->name) return mdg_cli_usage(cli, "a model file needs -o DIR and --name NAME");
    if (!is_identifier(opts->name))
        return mdg_cli_usage(cli, "--name '%s' is no C identifier: letters, digits and _, no digit in front",
                             opts->name);
    MDG_TRY(mdg_cli_target(cli, opts->target, &target));
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_model_program(cli, model.graph, &program));
    MDG_TRY(mdg_folder_make(opts->folder, &cli->diag));
    MDG_TRY(mdg_cli_emit(cli, &model, &program, opts));
    printf("wrote %s/%s.c and %s/%s.h\n", opts->folder, opts->name, opts->folder, opts->name);
    return MDG_OK;
}

static mdg_status compile_project(mdg_cli *cli) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_compile(&pl));
    printf("wrote %s/%s.c and %s/%s.h\n", pl.project.out, pl.project.name, pl.project.out, pl.project.name);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    mdg_emit_opts opts = {.target = "cortex-m4"};
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &opts.folder},
                                  {"--name", MDG_OPTION_TEXT, &opts.name},
                                  {"--target", MDG_OPTION_TEXT, &opts.target},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    return mdg_model_is_path(cli->args[0]) ? compile_model(cli, &opts) : compile_project(cli);
}

const mdg_verb mdg_verb_compile = {
    .name = "compile",
    .summary = "write a model as one self-contained C file and a header",
    .help =
        "midge compile DIR                                               a project: DIR/out/<name>.c and .h\n"
        "midge compile MODEL.tflite -o DIR --name NAME [--target TARGET]    any model: DIR/NAME.c and .h\n"
        "\n"
        "C99, no dependency, no allocation; a project's file has the audio front end built in. The header "
        "tells how to\n"
        "call it and how much memory to give it.\n"
        "\n"
        "  midge compile doorbell\n"
        "  midge compile person_detect.tflite -o firmware/src --name person --target cortex-m4\n",
    .run = run,
};
