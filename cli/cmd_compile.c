/* SPDX-License-Identifier: MIT
 *
 * cmd_compile.c: `midge compile`: one C file and a header, or a model image for the runtime.
 */
#include <string.h>

#include "cli/budget.h"
#include "cli/micro_frontend.h"
#include "cli/pipeline.h"
#include "cli/stream.h"
#include "cli/target.h"
#include "image/pack.h"
#include "plan/plan.h"

/* The runtime trusts no image with an output that reaches into an input: it cannot know whether that is safe.
 */
static mdg_status save_image(mdg_cli *cli, const mdg_model_file *model, mdg_program *program,
                             const mdg_goal *goal, const mdg_emit_opts *opts) {
    MDG_TRY(mdg_plan(program, &(mdg_plan_opts){.apart = true}, &cli->diag));
    MDG_TRY(mdg_budget_check(&goal->budget, &mdg_budget_options, program, NULL, &cli->diag));
    MDG_TRY(mdg_pack_save(program, model->hash, opts->folder, opts->name, &cli->diag));
    printf("wrote %s/%s.image and %s/%s_image.h\n", opts->folder, opts->name, opts->folder, opts->name);
    return MDG_OK;
}

/* What stands before the model besides. */
typedef struct compile_features {
    const char *kind;
    mdg_micro_opts micro;
} compile_features;

static mdg_status add_frontend(mdg_cli *cli, const mdg_model_file *model, const compile_features *f,
                               mdg_emit_opts *opts) {
    mdg_emit_frontend *frontend;
    if (!f->kind && (f->micro.hop_ms || f->micro.labels))
        return mdg_cli_usage(cli, "--hop-ms and --labels are for --features");
    if (!f->kind) return MDG_OK;
    if (strcmp(f->kind, "micro") != 0)
        return mdg_cli_usage(cli, "--features '%s' is not known; known is micro", f->kind);
    MDG_TRY(mdg_micro_frontend(cli, model, &f->micro, &frontend));
    opts->frontend = frontend;
    return MDG_OK;
}

static mdg_status compile_model(mdg_cli *cli, mdg_goal *goal, mdg_emit_opts *opts, const compile_features *f,
                                bool as_image) {
    mdg_model_file model;
    mdg_program program;
    if (!opts->folder || !opts->name) return mdg_cli_usage(cli, "a model file needs -o DIR and --name NAME");
    if (!mdg_is_identifier(opts->name))
        return mdg_cli_usage(cli, "--name '%s' is no C identifier: letters, digits and _, no digit in front",
                             opts->name);
    if (as_image && !goal->target_name) goal->target_name = "generic"; /* for any target */
    MDG_TRY(mdg_goal_resolve(cli, goal));
    opts->target = goal->target_name;
    opts->trees_as_code = goal->trees_as_code;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(add_frontend(cli, &model, f, opts));
    MDG_TRY(mdg_model_stream(cli, goal, &model));
    MDG_TRY(mdg_model_target_program(cli, model.graph, goal, &program));
    if (as_image) return save_image(cli, &model, &program, goal, opts);
    MDG_TRY(mdg_folder_make(opts->folder, &cli->diag));
    MDG_TRY(mdg_cli_emit(cli, &model, &program, opts));
    printf("wrote %s/%s.c and %s/%s.h\n", opts->folder, opts->name, opts->folder, opts->name);
    return MDG_OK;
}

static mdg_status compile_project(mdg_cli *cli, mdg_goal *goal) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_goal_of_project(cli, goal, &pl.optimize));
    pl.project.model.streams |= goal->streams;
    MDG_TRY(mdg_pipeline_compile(&pl));
    printf("wrote %s/%s.c and %s/%s.h\n", pl.project.out, pl.project.name, pl.project.out, pl.project.name);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    mdg_goal goal = {.target_name = NULL};
    mdg_emit_opts opts = {.target = NULL};
    compile_features features = {.kind = NULL};
    const char *format = "c";
    const mdg_option options[] = {{"-o", MDG_OPTION_TEXT, &opts.folder},
                                  {"--name", MDG_OPTION_TEXT, &opts.name},
                                  MDG_GOAL_OPTIONS(&goal),
                                  {"--format", MDG_OPTION_TEXT, &format},
                                  {"--features", MDG_OPTION_TEXT, &features.kind},
                                  {"--hop-ms", MDG_OPTION_COUNT, &features.micro.hop_ms},
                                  {"--labels", MDG_OPTION_TEXT, &features.micro.labels},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    const bool as_image = strcmp(format, "image") == 0;
    if (!as_image && strcmp(format, "c") != 0)
        return mdg_cli_usage(cli, "'%s' is no format; known are c, image", format);
    const bool has_features = features.kind || features.micro.hop_ms || features.micro.labels;
    if (as_image && has_features) return mdg_cli_usage(cli, "an image has no front end: --features is for C");
    if (mdg_model_is_path(cli->args[0])) return compile_model(cli, &goal, &opts, &features, as_image);
    if (has_features)
        return mdg_cli_usage(cli, "--features is for a model file; a project has them in midge.yaml");
    if (as_image)
        return mdg_cli_usage(cli, "an image is made of a model file: %s/out/model.tflite", cli->args[0]);
    return compile_project(cli, &goal);
}

const mdg_verb mdg_verb_compile = {
    .name = "compile",
    .summary = "write a model as one self-contained C file and a header",
    .help =
        "midge compile DIR [--optimize AIM] [--stream]                    a project: DIR/out/<name>.c and "
        ".h\n"
        "midge compile MODEL -o DIR --name NAME [--format c|image]\n"
        "              [--features micro [--hop-ms N] [--labels A,B,...]]\n"
        "              " MDG_GOAL_USAGE "\n"
        "                                                   any model: DIR/NAME.c and .h, or NAME.image and "
        "NAME_image.h\n"
        "\n"
        "C99, no dependency, no allocation; a project's file has the audio front end built in. The header "
        "tells how to\n"
        "call it and how much memory to give it. An image is data: the firmware runs it with midge/model.h, "
        "and "
        "can\n"
        "replace it (docs/FORMAT.md). It is for all targets, unless one is given.\n"
        "\n" MDG_GOAL_HELP "\n"
        "--features micro puts TensorFlow Lite Micro's micro front end before a model that was trained "
        "behind "
        "it, as\n"
        "micro_speech: samples of 16 kHz in, scores out, as a project's code. --hop-ms N from one row to the "
        "next (20);\n"
        "--labels A,B,... names the scores. A model that keeps its own memory, as microWakeWord's (--hop-ms "
        "10), takes "
        "new\n"
        "rows alone.\n"
        "\n"
        "  midge compile doorbell\n"
        "  midge compile person_detect.tflite -o firmware/src --name person --target cortex-m4\n"
        "  midge compile wake_word.tflite -o firmware/src --name wake --stream\n"
        "  midge compile micro_speech.tflite -o src --name yes_no --features micro --labels "
        "silence,unknown,yes,no\n"
        "  midge compile person_detect.tflite -o update --name person --format image\n",
    .run = run,
};
