/* SPDX-License-Identifier: MIT
 *
 * cmd_power.c: `midge power`: average power and battery life, calculated from counted work.
 */
#include <string.h>

#include "cli/power.h"
#include "cli/stream.h"
#include "cli/target.h"

#define MESSAGE_UJ 50.0 /* of a radio message, for a model file; a project says its own */

typedef struct power_opts {
    const char *part, *sensor, *battery, *svg;
    double rate, messages, message_uj; /* below 0: not given */
    bool json;
    mdg_goal goal; /* of a model file */
} power_opts;

/* What is asked about: a model file, or a project */
typedef struct subject {
    bool is_model;
    mdg_model_file model;
    mdg_pipeline pl;
} subject;

/* A model file: nothing but inferences. */
static mdg_status duty_of_model(mdg_cli *cli, power_opts *o, subject *on, const mdg_part *part,
                                mdg_duty *out) {
    mdg_cost_view v = {0};
    o->goal.target_name = part->counted_on;
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    MDG_TRY(mdg_model_measure(cli, &on->model, &o->goal, &v));
    *out = (mdg_duty){.decisions_per_s = o->rate,
                      .work = {.cycles_per_s = o->rate * (double)v.cost->cycles,
                               .wakes_per_s = o->rate,
                               .message_uj = MESSAGE_UJ}};
    return MDG_OK;
}

static mdg_status duty_of_project(const power_opts *o, subject *on, const mdg_part *part, mdg_duty *out) {
    on->pl.target = mdg_target_find(part->counted_on);
    MDG_TRY(mdg_pipeline_bench(&on->pl));
    *out = mdg_power_duty(&on->pl, o->rate);
    return MDG_OK;
}

static mdg_status open_model(mdg_cli *cli, power_opts *o, mdg_model_file *model) {
    if (o->rate <= 0) return mdg_cli_usage(cli, "a model file needs --rate: inferences a second");
    MDG_TRY(mdg_goal_resolve(cli, &o->goal));
    MDG_TRY(mdg_model_load(cli, cli->args[0], model));
    return mdg_model_stream(cli, &o->goal, model);
}

/* What midge.yaml says of board and sensor counts where the command line does not. */
static mdg_status open_project(mdg_cli *cli, power_opts *o, mdg_pipeline *pl) {
    if (o->goal.optimize_name || o->goal.streams || o->goal.hop)
        return mdg_cli_usage(cli, "a project says in its midge.yaml how it is compiled");
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], pl));
    if (!o->part) o->part = pl->project.power.part;
    if (!o->sensor) o->sensor = pl->project.power.sensor;
    return MDG_OK;
}

static mdg_status count(mdg_cli *cli, power_opts *o, subject *on, mdg_power_view *v) {
    MDG_TRY(on->is_model ? duty_of_model(cli, o, on, v->part, &v->duty)
                         : duty_of_project(o, on, v->part, &v->duty));
    if (o->messages >= 0) v->duty.work.messages_per_s = o->messages / 3600;
    if (o->message_uj >= 0) v->duty.work.message_uj = o->message_uj;
    return MDG_OK;
}

static void print_row(const mdg_power_view *v) {
    const mdg_part *p = v->part;
    printf("  %-10s %-44s %10.1f %7.2f%% %13.0f%s\n", p->name, p->title, v->power.total_uw,
           100 * v->power.busy, mdg_battery_days(&mdg_batteries[0], p, v->power.total_uw),
           v->power.busy > 1 ? "  too slow" : "");
}

static mdg_status print_parts(const mdg_power_view *views, int n) {
    printf("%s: a calculation, no measurement\n  %-10s %-44s %10s %8s %13s\n", views->title, "part", "", "uW",
           "busy", "CR2032, days");
    for (int i = 0; i < n; i++) print_row(&views[i]);
    return MDG_OK;
}

static mdg_status print_parts_json(const mdg_power_view *views, int n) {
    json_t *all = json_array();
    for (int i = 0; i < n; i++) json_array_append_new(all, mdg_power_json(&views[i]));
    return mdg_json_print(all);
}

/* Every part; those that the same target stands for share one count. */
static mdg_status compare(mdg_cli *cli, power_opts *o, subject *on, const mdg_power_view *asked) {
    int n = 0;
    while (mdg_parts[n].name) n++;
    mdg_power_view *views = mdg_arena_array(cli->arena, (size_t)n, sizeof *views);
    for (int i = 0; i < n; i++) {
        mdg_power_view *v = &views[i];
        const bool counted = i > 0 && strcmp(mdg_parts[i - 1].counted_on, mdg_parts[i].counted_on) == 0;
        *v = counted ? views[i - 1] : *asked;
        v->part = &mdg_parts[i];
        if (!counted) MDG_TRY(count(cli, o, on, v));
        v->power = mdg_power_of(&v->duty.work, v->part, v->sensor);
    }
    return o->json ? print_parts_json(views, n) : print_parts(views, n);
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
    subject on = {.is_model = false};
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
    on.is_model = mdg_model_is_path(cli->args[0]);
    MDG_TRY(on.is_model ? open_model(cli, &o, &on.model) : open_project(cli, &o, &on.pl));
    v.title = on.is_model ? cli->args[0] : on.pl.project.name;
    MDG_TRY(mdg_cli_sensor(cli, o.sensor ? o.sensor : "none", &v.sensor));
    if (o.battery && !(battery = mdg_battery_find(o.battery)))
        return mdg_fail(&cli->diag, MDG_INVALID, "battery '%s' is not in the table; known are %s", o.battery,
                        mdg_battery_names(cli->arena));
    if (!o.part) {
        if (o.svg) return mdg_cli_usage(cli, "--svg goes with --part");
        return compare(cli, &o, &on, &v);
    }
    MDG_TRY(mdg_cli_part(cli, o.part, &v.part));
    MDG_TRY(count(cli, &o, &on, &v));
    v.power = mdg_power_of(&v.duty.work, v.part, v.sensor);
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
