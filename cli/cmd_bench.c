/* SPDX-License-Identifier: MIT
 *
 * cmd_bench.c: `midge bench`: what an inference costs on the target, measured on the linked image.
 */
#include "cli/cost_report.h"
#include "cli/feature_cost.h"
#include "cli/pipeline.h"
#include "cli/stream.h"
#include "cli/target.h"

typedef struct bench_opts {
    mdg_goal goal;
    mdg_timing_text timing;
    const char *html, *anchors;
    bool json, features;
} bench_opts;

static mdg_status show(mdg_cli *cli, const mdg_cost_view *v, const bench_opts *o) {
    if (o->html) MDG_TRY(mdg_cost_html(cli, v, cli->args[0], o->anchors, o->html));
    if (o->json) return mdg_json_print(mdg_cost_json(v));
    mdg_cost_print(v, stdout);
    return MDG_OK;
}

static mdg_status bench_model(mdg_cli *cli, bench_opts *o) {
    mdg_model_file model;
    mdg_cost_view view = {0};
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    MDG_TRY(mdg_cli_timing(cli, &o->timing, o->goal.target, &view));
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_model_stream(cli, &o->goal, &model));
    const mdg_status status = mdg_model_measure(cli, &model, &o->goal, &view);
    const mdg_status shown = view.cost ? show(cli, &view, o) : MDG_OK;
    return status == MDG_OK ? shown : status;
}

static mdg_status bench_project(mdg_cli *cli, bench_opts *o) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_goal_of_project(cli, &o->goal, &pl.optimize));
    pl.project.model.streams |= o->goal.streams;
    MDG_TRY(mdg_cli_timing(cli, &o->timing, pl.target, &pl.cost_view));
    const mdg_status status = mdg_pipeline_bench(&pl);
    const mdg_status shown = pl.cost.instructions ? show(cli, &pl.cost_view, o) : MDG_OK;
    return status == MDG_OK ? shown : status;
}

/* Every block with common options: nothing else can be chosen. */
static mdg_status bench_features(mdg_cli *cli, bench_opts *o) {
    const mdg_timing_text *t = &o->timing;
    if (cli->n_args || o->html || t->clock || t->wait_states || t->slow_multiplier || o->goal.optimize_name)
        return mdg_cli_usage(cli, "--features goes with --target and --json alone");
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    return mdg_feature_bench(cli, o->goal.target, o->json);
}

static mdg_status run(mdg_cli *cli) {
    bench_opts o = {.json = false};
    const mdg_option options[] = {MDG_GOAL_OPTIONS(&o.goal),
                                  {"--clock", MDG_OPTION_TEXT, &o.timing.clock},
                                  {"--wait-states", MDG_OPTION_TEXT, &o.timing.wait_states},
                                  {"--slow-multiplier", MDG_OPTION_FLAG, &o.timing.slow_multiplier},
                                  {"--html", MDG_OPTION_TEXT, &o.html},
                                  {"--anchors", MDG_OPTION_TEXT, &o.anchors},
                                  {"--json", MDG_OPTION_FLAG, &o.json},
                                  {"--features", MDG_OPTION_FLAG, &o.features},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 0, 1));
    if (o.features) return bench_features(cli, &o);
    if (!cli->n_args) return mdg_cli_usage(cli, "an argument is missing");
    if (o.anchors && !o.html) return mdg_cli_usage(cli, "--anchors is for the report of --html");
    return mdg_model_is_path(cli->args[0]) ? bench_model(cli, &o) : bench_project(cli, &o);
}

const mdg_verb mdg_verb_bench = {
    .name = "bench",
    .summary = "count instructions and measure RAM and flash on an emulated target",
    .help =
        "midge bench DIR [--optimize AIM] [--stream] [OPTION...]\n"
        "midge bench MODEL [OPTION...]\n"
        "            [--clock F] [--wait-states N] [--slow-multiplier] [--html FILE [--anchors DIR]] "
        "[--json]\n"
        "            " MDG_GOAL_USAGE "\n"
        "midge bench --features [--target TARGET] [--json]\n"
        "\n"
        "Instructions are exact and the same on every machine. RAM is arena, state and stack (painted); "
        "flash is code\n"
        "and weights, read from the linked image. For a project, its budget is enforced.\n"
        "\n"
        "For cortex-m4 and cortex-m0plus cycles are estimated, from what the core's manual states of each "
        "instruction:\n"
        "  --clock 120MHz      shows the time that they take\n"
        "  --wait-states N     flash is read in lines of 16 bytes; any but the last one takes N cycles more\n"
        "  --slow-multiplier   the small multiplier that a Cortex-M0+ may have: 32 cycles\n"
        "\n"
        "--html FILE writes charts of what each operator takes; --anchors DIR adds what other engines need "
        "for the "
        "same\n"
        "model, from DIR/tflm_cmsis_nn.json.\n"
        "\n"
        "--features measures every block of features with common options: instructions a frame, code, tables "
        "and "
        "RAM.\n"
        "\n" MDG_GOAL_HELP "\n"
        "  midge bench doorbell\n"
        "  midge bench model.tflite --target cortex-m4 --clock 120MHz\n"
        "  midge bench model.tflite --target cortex-m0plus --json\n"
        "  midge bench --features --target cortex-m0plus\n",
    .run = run,
};
