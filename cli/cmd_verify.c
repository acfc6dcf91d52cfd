/* SPDX-License-Identifier: MIT
 *
 * cmd_verify.c: `midge verify`: the emulated target against this machine, byte for byte.
 */
#include "cli/pipeline.h"
#include "cli/target.h"

typedef struct verify_opts {
    mdg_goal goal;
    const char *input;
    int repeat;
    bool json;
} verify_opts;

static mdg_status print_result(const char *target, const char *what, int n, int differing, bool json) {
    if (json) {
        json_t *o = json_object();
        json_object_set_new(o, "target", json_string(target));
        json_object_set_new(o, what, json_integer(n));
        json_object_set_new(o, "differing", json_integer(differing));
        return mdg_json_print(o);
    }
    printf("%d of %d %s: the emulated %s gives the bytes of this machine\n", n - differing, n, what, target);
    return MDG_OK;
}

/* Runs the model's generated code, in `folder`, on the target and on this machine. */
static mdg_status compare(mdg_cli *cli, const mdg_model_file *m, const verify_opts *o, mdg_run_opts *run) {
    mdg_exec *x;
    mdg_bytes in;
    mdg_program there_program;
    MDG_TRY(mdg_exec_open(m->graph, cli->arena, &x, &cli->diag));
    const mdg_program *p = mdg_exec_program(x);
    run->input_bytes = mdg_program_input_bytes(p);
    run->output_bytes = mdg_program_output_bytes(p);
    MDG_TRY(mdg_file_read(o->input, cli->arena, &in, &cli->diag));
    if (in.size != run->input_bytes * (size_t)o->repeat)
        return mdg_fail(&cli->diag, MDG_INVALID, "%s: has %zu bytes, but --repeat %d takes %zu (%zu a run)",
                        o->input, in.size, o->repeat, run->input_bytes * (size_t)o->repeat, run->input_bytes);
    mdg_emit_opts emit = {.name = run->name, .folder = run->folder, .target = o->goal.target_name};
    MDG_TRY(mdg_model_target_program(cli, m->graph, &o->goal, &there_program));
    MDG_TRY(mdg_cli_emit(cli, m, &there_program, &emit));
    const size_t bytes = run->output_bytes * (size_t)o->repeat;
    uint8_t *here = mdg_arena_alloc(cli->arena, bytes), *there = mdg_arena_alloc(cli->arena, bytes);
    MDG_TRY(mdg_model_run(cli, x, in.data, o->repeat, here));
    run->repeat = o->repeat;
    MDG_TRY(mdg_target_run(run, in.data, there, &cli->progress, cli->arena, &cli->diag));
    int first = 0;
    const int differing = mdg_count_differences(here, there, o->repeat, run->output_bytes, &first);
    MDG_TRY(print_result(o->goal.target_name, "runs", o->repeat, differing, o->json));
    if (!differing) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_MISMATCH, "%s: run %d is the first to differ on %s", m->path, first,
                    o->goal.target_name);
}

static mdg_status verify_model(mdg_cli *cli, verify_opts *o) {
    mdg_model_file model;
    mdg_run_opts run_opts = {.name = "model"};
    if (!o->input) return mdg_cli_usage(cli, "a model file needs --input FILE");
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    run_opts.target = o->goal.target;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_temporary_folder(cli, &run_opts.folder));
    const mdg_status status = compare(cli, &model, o, &run_opts);
    mdg_temporary_remove(run_opts.folder);
    return status;
}

static mdg_status verify_project(mdg_cli *cli, const verify_opts *o) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_verify(&pl));
    return print_result(pl.project.target, "clips", pl.eval_target.n, 0, o->json);
}

static mdg_status run(mdg_cli *cli) {
    verify_opts o = {.goal = {.target_name = "cortex-m4"}, .repeat = 1};
    const mdg_option options[] = {MDG_GOAL_OPTIONS(&o.goal),
                                  {"--input", MDG_OPTION_TEXT, &o.input},
                                  {"--repeat", MDG_OPTION_COUNT, &o.repeat},
                                  {"--json", MDG_OPTION_FLAG, &o.json},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    return mdg_model_is_path(cli->args[0]) ? verify_model(cli, &o) : verify_project(cli, &o);
}

const mdg_verb mdg_verb_verify = {
    .name = "verify",
    .summary = "run the generated code on an emulated target and compare it with this machine",
    .help = "midge verify DIR [--json]                                          every test clip, from "
            "samples to scores\n"
            "midge verify MODEL --input FILE [--repeat K] [--json]              raw bytes, K runs (as "
            "`midge run`)\n"
            "             " MDG_GOAL_USAGE "\n"
            "\n"
            "Compiles the C file for the target, runs it in QEMU, compares all output bytes. One that "
            "differs is a failure.\n"
            "\n" MDG_GOAL_HELP "\n"
            "  midge verify doorbell\n"
            "  midge verify model.tflite --target cortex-m4 --input clips.bin --repeat 20\n",
    .run = run,
};
