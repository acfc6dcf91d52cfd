/* SPDX-License-Identifier: MIT
 *
 * cmd_model.c: `midge model`: what a network would consist of and cost, before any training.
 */
#include <inttypes.h>
#include <string.h>

#include "cli/budget.h"
#include "cli/cost.h"
#include "cli/inspection.h"
#include "cli/network.h"
#include "cli/target.h"

typedef struct model_view {
    mdg_cli *cli;
    mdg_project project;
    mdg_goal goal;
    mdg_net *net;
    mdg_model_file model; /* int8 */
    mdg_program program;
    int64_t instructions;   /* estimated, of the operators that can be */
    int n_ops, n_estimated; /* operators that become calls */
    mdg_cost_view cost;     /* cost NULL: nothing was counted */
} model_view;

/* ---- what is asked for ---- */

static mdg_status load_project(mdg_cli *cli, const char *arg, mdg_project *out) {
    const size_t n = strlen(arg);
    mdg_bytes file;
    if (n < 5 || strcmp(arg + n - 5, ".yaml") != 0) return mdg_project_load(arg, cli->arena, out, &cli->diag);
    MDG_TRY(mdg_file_read(arg, cli->arena, &file, &cli->diag));
    return mdg_project_parse((const char *)file.data, file.size, arg, cli->arena, out, &cli->diag);
}

static mdg_status read_shape(mdg_cli *cli, const char *text, mdg_feature_shape *out) {
    char rest;
    const int n = sscanf(text, "%dx%dx%d%c", &out->h, &out->w, &out->c, &rest);
    if (n == 3 && out->h > 0 && out->w > 0 && out->c > 0) return MDG_OK;
    return mdg_cli_usage(cli, "--input '%s' is no shape such as 49x10x1: height, width, channels", text);
}

/* Both by options, which needs no recordings, or both by the project. */
static mdg_status find_io(mdg_cli *cli, const mdg_project *p, const char *input, int classes,
                          mdg_network_io *out) {
    if (!input != !classes) return mdg_cli_usage(cli, "--input and --classes go together");
    if (!input) return mdg_network_io_of(cli, p, out);
    out->n_classes = classes;
    return read_shape(cli, input, &out->shape);
}

static mdg_status resolve_goal(model_view *v) {
    mdg_goal *g = &v->goal;
    if (g->streams || g->hop) return mdg_cli_usage(v->cli, "--stream is for a model file");
    if (!g->target_name) g->target_name = v->project.target;
    if (!g->budget.ram) g->budget.ram = v->project.budget.ram;
    if (!g->budget.flash) g->budget.flash = v->project.budget.flash;
    return mdg_goal_resolve(v->cli, g);
}

/* ---- what it becomes ---- */

static void add_estimates(model_view *v, const mdg_inspection *in) {
    const mdg_subgraph *s = &v->model.graph->subgraphs[0];
    for (int op = 0; op < s->n_ops; op++) {
        const mdg_op_view *view = &in->ops[0][op];
        if (strcmp(view->kernels, "-") == 0) continue;
        v->n_ops++;
        if (!view->n_choices || view->choices[0].instructions < 0) continue;
        v->n_estimated++;
        v->instructions += view->choices[0].instructions;
    }
}

static mdg_status build(model_view *v, const mdg_network_io *io) {
    mdg_cli *cli = v->cli;
    mdg_net_spec spec;
    mdg_inspection in;
    MDG_TRY(mdg_network_spec(cli, &v->project.model, io, &spec));
    MDG_TRY(mdg_net_new(&spec, v->project.seed, cli->arena, &v->net, &cli->diag));
    MDG_TRY(mdg_network_int8(cli, &v->project, v->net, &v->model));
    MDG_TRY(mdg_inspect(cli, &v->model, &v->goal, &in));
    if (in.no_plan) return mdg_fail(&cli->diag, MDG_UNSUPPORTED, "%s", in.no_plan);
    v->program = in.program;
    add_estimates(v, &in);
    return MDG_OK;
}

/* ---- how it is shown ---- */

static void print(const model_view *v) {
    const mdg_program *p = &v->program;
    mdg_net_print(v->net, stdout);
    printf("\n%s: int8, compiled with random weights:\n", v->goal.target_name);
    printf("  RAM    %8zu bytes: arena %zu, state %zu\n", mdg_program_ram(p), p->arena_bytes, p->state_bytes);
    printf("  flash  %8zu bytes of weights and tables\n", mdg_program_weights(p));
    printf("  about %" PRId64 " instructions an inference", v->instructions);
    if (v->n_estimated < v->n_ops)
        printf(" in %d of %d operators; the others cannot be estimated", v->n_estimated, v->n_ops);
    printf("%s\n", v->cost.cost ? "" : "\n(--count links it, runs it on the emulated target and counts)");
    if (v->cost.cost) mdg_cost_print(&v->cost, stdout);
}

static json_t *json_of(const model_view *v) {
    json_t *o = mdg_net_json(v->net);
    json_object_set_new(o, "target", json_string(v->goal.target_name));
    json_object_set_new(o, "arena_bytes", json_integer((json_int_t)v->program.arena_bytes));
    json_object_set_new(o, "state_bytes", json_integer((json_int_t)v->program.state_bytes));
    json_object_set_new(o, "weights_bytes", json_integer((json_int_t)mdg_program_weights(&v->program)));
    json_object_set_new(o, "estimated_instructions", json_integer(v->instructions));
    json_object_set_new(o, "estimated_ops", json_integer(v->n_estimated));
    json_object_set_new(o, "ops", json_integer(v->n_ops));
    if (v->cost.cost) json_object_set_new(o, "counted", mdg_cost_json(&v->cost));
    return o;
}

static mdg_status show(mdg_cli *cli, model_view *v, const mdg_network_io *io, bool count, bool json) {
    const bool own_budget =
        v->goal.budget.ram != v->project.budget.ram || v->goal.budget.flash != v->project.budget.flash;
    MDG_TRY(build(v, io));
    if (count) {
        mdg_goal unlimited = v->goal;
        unlimited.budget = (mdg_budget){0};
        MDG_TRY(mdg_model_measure(cli, &v->model, &unlimited, &v->cost));
    }
    if (json)
        mdg_json_print(json_of(v));
    else
        print(v);
    return mdg_budget_check(&v->goal.budget, own_budget ? &mdg_budget_options : &mdg_budget_project,
                            &v->program, v->cost.cost, &cli->diag);
}

static mdg_status run(mdg_cli *cli) {
    bool json = false, count = false;
    const char *input = NULL;
    int classes = 0;
    model_view v = {.cli = cli};
    mdg_network_io io;
    const mdg_option options[] = {{"--input", MDG_OPTION_TEXT, &input},
                                  {"--classes", MDG_OPTION_COUNT, &classes},
                                  {"--count", MDG_OPTION_FLAG, &count},
                                  {"--json", MDG_OPTION_FLAG, &json},
                                  MDG_GOAL_OPTIONS(&v.goal),
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(load_project(cli, cli->args[0], &v.project));
    MDG_TRY(resolve_goal(&v));
    v.cost.target = v.goal.target;
    if (count) MDG_TRY(mdg_target_check_tools(cli, v.goal.target));
    MDG_TRY(find_io(cli, &v.project, input, classes, &io));
    const mdg_status status = show(cli, &v, &io, count, json);
    mdg_net_free(v.net);
    return status;
}

const mdg_verb mdg_verb_model = {
    .name = "model",
    .summary = "show the layers of a project's network and what it would cost on the target, untrained",
    .help =
        "midge model DIR|FILE.yaml [--input HxWxC --classes N] [--count] [--json]\n"
        "            [--target TARGET] [--optimize AIM] [--ram BYTES] [--flash BYTES]\n"
        "\n"
        "Builds the network of midge.yaml with random weights, quantises it to int8 and compiles it: layers "
        "with output\n"
        "shape, parameters and MACs; RAM, weights in flash, and instructions, estimated from what kernels "
        "took "
        "in known\n"
        "models. --count links the code and counts on the emulated target: exact, with code and stack.\n"
        "\n"
        "What the network sees and how many classes there are follows from midge.yaml and the recordings; "
        "with "
        "--input\n"
        "and --classes no recordings are needed. Target and budget are those of midge.yaml unless given "
        "here; "
        "what does\n"
        "not fit is an error that names the layers to blame.\n"
        "\n"
        "  midge model doorbell\n"
        "  midge model doorbell --target cortex-m0plus --count\n"
        "  midge model resnet.yaml --input 32x32x3 --classes 10 --json | jq .arena_bytes\n",
    .run = run,
};
