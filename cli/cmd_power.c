/* SPDX-License-Identifier: MIT
 *
 * cmd_power.c: `midge power`: average power and battery life, calculated from counted work.
 */
#include <string.h>

#include "cli/power.h"
#include "cli/stream.h"
#include "cli/target.h"

typedef struct power_opts {
    const char *part, *sensor, *battery, *svg;
    double rate, messages, message_uj;
    bool json;
    mdg_goal goal; /* of a model file */
} power_opts;

/* A model file: nothing but inferences. */
static mdg_status count_model(mdg_cli *cli, mdg_goal *goal, mdg_cost *out) {
    mdg_model_file m;
    mdg_program program;
    mdg_run_opts run = {.name = "model", .repeat = 1, .target = goal->target};
    MDG_TRY(mdg_model_load(cli, cli->args[0], &m));
    MDG_TRY(mdg_model_stream(cli, goal, &m));
    MDG_TRY(mdg_model_target_program(cli, m.graph, goal, &program));
    MDG_TRY(mdg_temporary_folder(cli, &run.folder));
    mdg_emit_opts emit = {.name = run.name, .folder = run.folder, .target = run.target->name};
    mdg_status status = mdg_cli_emit(cli, &m, &program, &emit);
    run.input_bytes = mdg_program_input_bytes(&program);
    run.output_bytes = mdg_program_output_bytes(&program);
    if (status == MDG_OK)
        status =
            mdg_target_measure(&run, mdg_random_inputs(cli->arena, &program, 1), cli->arena, out, &cli->diag);
    mdg_temporary_remove(run.folder);
    return status;
}

static mdg_status duty_of_model(mdg_cli *cli, power_opts *o, const mdg_part *part, mdg_duty *out) {
    mdg_cost cost;
    o->goal.target_name = part->counted_on;
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    MDG_TRY(count_model(cli, &o->goal, &cost));
    *out = (mdg_duty){.decisions_per_s = o->rate,
                      .work = {.cycles_per_s = o->rate * (double)cost.cycles, .wakes_per_s = o->rate}};
    return MDG_OK;
}

static mdg_status duty_of_project(mdg_cli *cli, power_opts *o, const mdg_part *part, mdg_duty *out) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    pl.target = mdg_target_find(part->counted_on);
    MDG_TRY(mdg_pipeline_bench(&pl));
    *out = mdg_power_duty(&pl, o->rate);
    return MDG_OK;
}

/* What midge.yaml says of board and messages, where the command line does not. */
static mdg_status take_project(mdg_cli *cli, power_opts *o, const char **title) {
    mdg_project p;
    *title = cli->args[0];
    if (mdg_model_is_path(cli->args[0])) {
        if (o->rate <= 0) return mdg_cli_usage(cli, "a model file needs --rate: inferences a second");
        return MDG_OK;
    }
    if (o->goal.optimize_name || o->goal.streams || o->goal.hop || o->goal.budget.ram || o->goal.budget.flash)
        return mdg_cli_usage(cli, "a project says in its midge.yaml how it is compiled");
    MDG_TRY(mdg_project_load(cli->args[0], cli->arena, &p, &cli->diag));
    *title = p.name;
    if (!o->part) o->part = p.power.part;
    if (!o->sensor) o->sensor = p.power.sensor;
    if (o->messages < 0) o->messages = (double)p.power.messages_per_hour;
    if (o->message_uj < 0) o->message_uj = (double)p.power.message_uj;
    return MDG_OK;
}

static mdg_status calculate(mdg_cli *cli, power_opts *o, mdg_power_view *v) {
    MDG_TRY(mdg_model_is_path(cli->args[0]) ? duty_of_model(cli, o, v->part, &v->duty)
                                            : duty_of_project(cli, o, v->part, &v->duty));
    v->duty.work.messages_per_s = o->messages > 0 ? o->messages / 3600 : 0;
    v->duty.work.message_uj = o->message_uj >= 0 ? o->message_uj : 50;
    v->power = mdg_power_of(&v->duty.work, v->part, v->sensor);
    return MDG_OK;
}

/* Every part; those that the same target stands for share one count. */
static mdg_status compare(mdg_cli *cli, power_opts *o, mdg_power_view *v) {
    json_t *all = json_array();
    if (!o->json)
        printf("%s: a calculation, no measurement\n  %-10s %-44s %10s %8s %13s\n", v->title, "part", "", "uW",
               "busy", "CR2032, days");
    for (const mdg_part *p = mdg_parts; p->name; p++) {
        const bool counted = p > mdg_parts && strcmp(p[-1].counted_on, p->counted_on) == 0;
        v->part = p;
        const mdg_status status = counted ? MDG_OK : calculate(cli, o, v);
        if (status != MDG_OK) {
            json_decref(all);
            return status;
        }
        v->power = mdg_power_of(&v->duty.work, p, v->sensor);
        json_array_append_new(all, mdg_power_json(v));
        if (!o->json)
            printf("  %-10s %-44s %10.1f %7.2f%% %13.0f%s\n", p->name, p->title, v->power.total_uw,
                   100 * v->power.busy, mdg_battery_days(&mdg_batteries[0], p, v->power.total_uw),
                   v->power.busy > 1 ? "  too slow" : "");
    }
    if (o->json) return mdg_json_print(all);
    json_decref(all);
    return MDG_OK;
}

static mdg_status show(mdg_cli *cli, const power_opts *o, const mdg_power_view *v,
                       const mdg_battery *battery) {
    if (o->svg) MDG_TRY(mdg_power_draw(cli, v, o->svg));
    if (o->json) return mdg_json_print(mdg_power_json(v));
    mdg_power_print(v, battery, stdout);
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    power_opts o = {.messages = -1, .message_uj = -1};
    mdg_power_view v = {.part = NULL};
    const mdg_battery *battery = NULL;
    const mdg_option options[] = {{"--part", MDG_OPTION_TEXT, &o.part},
                                  {"--sensor", MDG_OPTION_TEXT, &o.sensor},
                                  {"--battery", MDG_OPTION_TEXT, &o.battery},
                                  {"--rate", MDG_OPTION_REAL, &o.rate},
                                  {"--messages", MDG_OPTION_REAL, &o.messages},
                                  {"--message-uj", MDG_OPTION_REAL, &o.message_uj},
                                  {"--svg", MDG_OPTION_TEXT, &o.svg},
                                  {"--optimize", MDG_OPTION_TEXT, &o.goal.optimize_name},
                                  {"--stream", MDG_OPTION_FLAG, &o.goal.streams},
                                  {"--hop", MDG_OPTION_COUNT, &o.goal.hop},
                                  {"--json", MDG_OPTION_FLAG, &o.json},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    MDG_TRY(take_project(cli, &o, &v.title));
    MDG_TRY(mdg_cli_sensor(cli, o.sensor ? o.sensor : "none", &v.sensor));
    if (o.battery && !(battery = mdg_battery_find(o.battery)))
        return mdg_fail(&cli->diag, MDG_INVALID, "battery '%s' is not in the table; known are %s", o.battery,
                        mdg_battery_names(cli->arena));
    if (!o.part) {
        if (o.svg) return mdg_cli_usage(cli, "--svg goes with --part");
        return compare(cli, &o, &v);
    }
    MDG_TRY(mdg_cli_part(cli, o.part, &v.part));
    MDG_TRY(calculate(cli, &o, &v));
    return show(cli, &o, &v, battery);
}

const mdg_verb mdg_verb_power = {
    .name = "power",
    .summary = "average power and battery life of an application, calculated",
    .help =
        "midge power DIR [--part PART] [OPTION...]\n"
        "midge power MODEL --rate N [--part PART] [--optimize AIM] [--stream [--hop N]] [OPTION...]\n"
        "\n"
        "Counts the work on the emulated target and calculates what a part takes for it: when it computes, "
        "wakes up and\nsleeps, with its sensor and its radio; and how long a battery lasts. This is a "
        "calculation, no measurement; each\nfigure of the table (host/power/parts.def) tells its source and "
        "whether it was measured or stated. Without\n--part (or board.part of midge.yaml) all parts are "
        "compared.\n"
        "\n"
        "  --rate N         decisions a second; a project has its own (decide.every_ms), pictures one\n"
        "  --sensor NAME    vm1010, analog-mic, pdm-mic, lis3dh-100hz, lis3dh-1344hz, lsm6dso, hm01b0\n"
        "  --battery NAME   cr2032, aaa2 or lipo500; else all of them\n"
        "  --messages N     sent by radio in an hour, of --message-uj microjoules each (50)\n"
        "  --svg FILE       the shares as a picture\n"
        "  --json\n"
        "\n"
        "In midge.yaml, `power: 1 mW` or `battery: {cr2032: 180 days}` make it a budget, for `board: {part: "
        "..., sensor:\n...}`: a build that exceeds it fails and says what to change.\n"
        "\n"
        "  midge power doorbell\n"
        "  midge power doorbell --part nrf52840 --sensor pdm-mic --svg power.svg\n"
        "  midge power model.tflite --rate 4 --part stm32u575 --json\n",
    .run = run,
};
