/* SPDX-License-Identifier: MIT
 *
 * cmd_bench.c: `midge bench`: what an inference costs on the target, measured on the linked image.
 */
#include "cli/pipeline.h"
#include "cli/stream.h"
#include "cli/target.h"

static mdg_status print_cost(const mdg_cost *c, const char *target, int64_t macs, bool json) {
    if (json) return mdg_json_print(mdg_cost_json(c, target, macs));
    mdg_cost_print(c, target, macs, stdout);
    return MDG_OK;
}

static mdg_status measure(mdg_cli *cli, const mdg_model_file *m, const mdg_goal *goal, mdg_run_opts *run,
                          mdg_cost *cost) {
    mdg_program program;
    MDG_TRY(mdg_model_target_program(cli, m->graph, goal, &program));
    mdg_emit_opts emit = {.name = run->name, .folder = run->folder, .target = run->target->name};
    MDG_TRY(mdg_cli_emit(cli, m, &program, &emit));
    run->input_bytes = mdg_program_input_bytes(&program);
    run->output_bytes = mdg_program_output_bytes(&program);
    MDG_TRY(
        mdg_target_measure(run, mdg_random_inputs(cli->arena, &program, 1), cli->arena, cost, &cli->diag));
    return mdg_budget_check(&goal->budget, &mdg_budget_options, &program, cost, &cli->diag);
}

static mdg_status bench_model(mdg_cli *cli, mdg_goal *goal, bool json) {
    mdg_model_file model;
    mdg_cost cost = {0};
    mdg_run_opts run_opts = {.name = "model", .repeat = 1};
    MDG_TRY(mdg_goal_resolve(cli, goal));
    run_opts.target = goal->target;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_model_stream(cli, goal, &model));
    MDG_TRY(mdg_temporary_folder(cli, &run_opts.folder));
    const mdg_status status = measure(cli, &model, goal, &run_opts, &cost);
    mdg_temporary_remove(run_opts.folder);
    if (cost.instructions) print_cost(&cost, goal->target_name, mdg_graph_macs(model.graph), json);
    return status;
}

static mdg_status bench_project(mdg_cli *cli, bool json) {
    mdg_pipeline pl;
    mdg_model_file model;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_model(&pl, "model.tflite", "quantize", &model));
    const mdg_status status = mdg_pipeline_bench(&pl);
    if (pl.cost.instructions) print_cost(&pl.cost, pl.project.target, mdg_graph_macs(model.graph), json);
    return status;
}

static mdg_status run(mdg_cli *cli) {
    mdg_goal goal = {.target_name = "cortex-m4"};
    bool json = false;
    const mdg_option options[] = {MDG_GOAL_OPTIONS(&goal), {"--json", MDG_OPTION_FLAG, &json}, {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    return mdg_model_is_path(cli->args[0]) ? bench_model(cli, &goal, json) : bench_project(cli, json);
}

const mdg_verb mdg_verb_bench = {
    .name = "bench",
    .summary = "count instructions and measure RAM and flash on an emulated target",
    .help = "midge bench DIR [--json]\n"
            "midge bench MODEL [--json]\n"
            "            " MDG_GOAL_USAGE "\n"
            "\n"
            "Instructions are exact and the same on every machine. RAM is arena, state and stack (painted); "
            "flash is code\n"
            "and weights, read from the linked image. For a project, its budget is enforced.\n"
            "\n" MDG_GOAL_HELP "\n"
            "  midge bench doorbell\n"
            "  midge bench model.tflite --target cortex-m4 --json\n",
    .run = run,
};
