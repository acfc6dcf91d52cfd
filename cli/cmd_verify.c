/* SPDX-License-Identifier: MIT
 *
 * cmd_verify.c: `midge verify`: the emulated target against this machine: integers byte for byte.
 */
#include <math.h>

#include "cli/pipeline.h"
#include "cli/stream.h"
#include "cli/target.h"
#include "compare/agree.h"

typedef struct verify_opts {
    mdg_goal goal;
    const char *input;
    int repeat; /* 0: not given */
    bool json;
} verify_opts;

static mdg_status print_json(const char *target, const char *what, int n, const mdg_agreement *a) {
    json_t *o = json_object();
    json_object_set_new(o, "target", json_string(target));
    json_object_set_new(o, what, json_integer(n));
    json_object_set_new(o, "differing", json_integer(a->differing));
    if (a->has_floats && isfinite(a->largest))
        json_object_set_new(o, "largest_float_difference", json_real(a->largest));
    return mdg_json_print(o);
}

static mdg_status print_result(const char *target, const char *what, int n, const mdg_agreement *a,
                               bool json) {
    if (json) return print_json(target, what, n, a);
    printf("%d of %d %s: the emulated %s gives the %s of this machine\n", n - a->differing, n, what, target,
           a->has_floats ? "numbers" : "bytes");
    if (a->has_floats)
        printf(
            "largest difference of two floats %.2g, allowed %g + %g of the value; integers are compared byte "
            "for byte\n",
            a->largest, MDG_AGREE_ABSOLUTE, MDG_AGREE_RELATIVE);
    return MDG_OK;
}

/* What is run, here and on the target */
typedef struct runs {
    int n;
    size_t input_bytes, output_bytes; /* of one */
    const uint8_t *input;
    uint8_t *here, *there;
} runs;

/* A model that streams runs for as many hops as fill three windows, unless --repeat says how many. */
static mdg_status count_runs(mdg_cli *cli, const mdg_streaming *s, const verify_opts *o, int *n) {
    *n = o->repeat ? o->repeat : s->hop ? 3 * (s->warm_up + 1) : 1;
    if (!s->hop || *n > s->warm_up) return MDG_OK;
    return mdg_cli_usage(cli, "--repeat %d is not enough: the window is full after %d hops", *n,
                         s->warm_up + 1);
}

/* The input file, which must be exactly that of all runs */
static mdg_status read_input(mdg_cli *cli, const char *path, runs *r) {
    mdg_bytes in;
    MDG_TRY(mdg_file_read(path, cli->arena, &in, &cli->diag));
    r->input = in.data;
    if (in.size == r->input_bytes * (size_t)r->n) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_INVALID, "%s: has %zu bytes, but --repeat %d takes %zu (%zu a run)", path,
                    in.size, r->n, r->input_bytes * (size_t)r->n, r->input_bytes);
}

/* Inputs of a model that streams are random unless given. */
static mdg_status run_here(mdg_cli *cli, const mdg_model_file *m, const verify_opts *o, runs *r) {
    mdg_exec *x;
    MDG_TRY(count_runs(cli, &m->graph->streaming, o, &r->n));
    MDG_TRY(mdg_exec_open(m->graph, cli->arena, &x, &cli->diag));
    const mdg_program *p = mdg_exec_program(x);
    r->input_bytes = mdg_program_input_bytes(p);
    r->output_bytes = mdg_program_output_bytes(p);
    r->here = mdg_arena_alloc(cli->arena, r->output_bytes * (size_t)r->n);
    r->there = mdg_arena_alloc(cli->arena, r->output_bytes * (size_t)r->n);
    r->input = mdg_random_inputs(cli->arena, p, r->n);
    if (o->input) MDG_TRY(read_input(cli, o->input, r));
    return mdg_model_run(cli, x, r->input, r->n, r->here);
}

/* Runs the model's generated code, in `folder`, on the target. */
static mdg_status compare_target(mdg_cli *cli, const mdg_model_file *m, const verify_opts *o, runs *r,
                                 mdg_run_opts *run) {
    mdg_program program;
    mdg_emit_opts emit = {.name = run->name,
                          .folder = run->folder,
                          .target = o->goal.target_name,
                          .trees_as_code = o->goal.trees_as_code};
    MDG_TRY(mdg_model_target_program(cli, m->graph, &o->goal, &program));
    MDG_TRY(mdg_cli_emit(cli, m, &program, &emit));
    run->input_bytes = r->input_bytes;
    run->output_bytes = r->output_bytes;
    run->repeat = r->n;
    MDG_TRY(mdg_target_run(run, r->input, r->there, &cli->progress, cli->arena, &cli->diag));
    const mdg_agreement a = mdg_agree(&program, r->here, r->there, r->n);
    MDG_TRY(print_result(o->goal.target_name, o->goal.streams ? "hops" : "runs", r->n, &a, o->json));
    if (!a.differing) return MDG_OK;
    return mdg_fail(&cli->diag, MDG_MISMATCH, "%s: run %d is the first to differ on %s", m->path, a.first,
                    o->goal.target_name);
}

static mdg_status compare(mdg_cli *cli, const mdg_model_file *whole, const verify_opts *o,
                          mdg_run_opts *run) {
    mdg_model_file m = *whole;
    runs r = {.n = 0};
    MDG_TRY(mdg_model_stream(cli, &o->goal, &m));
    MDG_TRY(run_here(cli, &m, o, &r));
    const mdg_streaming *s = &m.graph->streaming;
    if (s->hop) MDG_TRY(mdg_stream_compare(cli, whole, s, r.input, r.here, r.n));
    if (s->hop && !o->json)
        printf("%d of %d hops: streaming gives the bytes of the whole window (%d frames, %d a hop)\n",
               r.n - s->warm_up, r.n - s->warm_up, (int)s->window, (int)s->hop);
    return compare_target(cli, &m, o, &r, run);
}

static mdg_status verify_model(mdg_cli *cli, verify_opts *o) {
    mdg_model_file model;
    mdg_run_opts run_opts = {.name = "model"};
    if (!o->input && !o->goal.streams) return mdg_cli_usage(cli, "a model file needs --input FILE");
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    run_opts.target = o->goal.target;
    MDG_TRY(mdg_model_load(cli, cli->args[0], &model));
    MDG_TRY(mdg_folder_temporary(cli->arena, &run_opts.folder, &cli->diag));
    const mdg_status status = compare(cli, &model, o, &run_opts);
    mdg_folder_remove(run_opts.folder);
    return status;
}

static mdg_status verify_project(mdg_cli *cli, verify_opts *o) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_goal_of_project(cli, &o->goal, &pl.optimize));
    pl.project.model.streams |= o->goal.streams;
    MDG_TRY(mdg_pipeline_verify(&pl));
    return print_result(pl.project.target, "clips", pl.n_of[MDG_SPLIT_TEST], &(mdg_agreement){.first = -1},
                        o->json);
}

static mdg_status run(mdg_cli *cli) {
    verify_opts o = {.repeat = 0};
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
    .help =
        "midge verify DIR [--optimize AIM] [--stream] [--json]              every test clip, from "
        "samples to scores\n"
        "midge verify MODEL --input FILE [--repeat K] [--json]              raw bytes, K runs (as "
        "`midge run`)\n"
        "             " MDG_GOAL_USAGE "\n"
        "\n"
        "Compiles the C file for the target, runs it in QEMU, compares all output bytes. One that "
        "differs is a failure.\n"
        "Floats may be apart by 1e-6 + 1e-5 of the value: exp, tanh and the like are of each machine's own "
        "library.\n"
        "With --stream, the streaming model runs over K hops of random frames, or of those in FILE: here "
        "its outputs are\n"
        "compared with those of the whole model on every window, then with the target's.\n"
        "\n" MDG_GOAL_HELP "\n"
        "  midge verify doorbell\n"
        "  midge verify model.tflite --target cortex-m4 --input clips.bin --repeat 20\n",
    .run = run,
};
