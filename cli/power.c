/* SPDX-License-Identifier: MIT */
#include "cli/power.h"

#include <string.h>

#include "util/file.h"
#include "view/view.h"

mdg_status mdg_cli_part(mdg_cli *cli, const char *name, const mdg_part **out) {
    *out = mdg_part_find(name);
    return *out ? MDG_OK
                : mdg_fail(&cli->diag, MDG_INVALID, "part '%s' is not in the table; near it: %s", name,
                           mdg_part_names_like(name, cli->arena));
}

mdg_status mdg_cli_sensor(mdg_cli *cli, const char *name, const mdg_sensor **out) {
    *out = mdg_sensor_find(name);
    return *out ? MDG_OK
                : mdg_fail(&cli->diag, MDG_INVALID, "sensor '%s' is not in the table; known are %s", name,
                           mdg_sensor_names(cli->arena));
}

mdg_duty mdg_power_duty(const mdg_pipeline *pl, double rate) {
    const mdg_cost *c = &pl->cost;
    const bool is_picture = pl->frontend.opts.image_h > 0;
    mdg_duty d = {.decisions_per_s = rate};
    if (rate <= 0) d.decisions_per_s = is_picture ? 1 : 1e6 / pl->project.decide.every_us;
    /* what the features of a picture take was counted for the whole of it */
    d.frames_per_s = is_picture ? d.decisions_per_s : 1e6 / pl->frontend.opts.hop_us;
    const int hop = pl->cost_view.graph ? pl->cost_view.graph->streaming.hop : 0;
    const double inferences_per_s = hop ? d.frames_per_s / hop : d.decisions_per_s;
    d.work.cycles_per_s = inferences_per_s * (double)c->cycles + d.frames_per_s * (double)c->feature_cycles;
    d.work.wakes_per_s = d.frames_per_s;
    d.work.messages_per_s = (double)pl->project.power.messages_per_hour / 3600;
    d.work.message_uj = (double)pl->project.power.message_uj;
    return d;
}

/* ==== For people ==== */

static void print_line(const char *name, double uw, const char *why, FILE *out) {
    fprintf(out, "  %-10s %9.2f uW   %s\n", name, uw, why);
}

static void print_battery(const mdg_power_view *v, const mdg_battery *b, FILE *out) {
    const double ma = mdg_power_drawn_uw(b, v->part, v->power.total_uw) / b->volts / 1000;
    fprintf(out, "  %-10s %9.0f days  %s, %.0f mAh of which %.0f %% are usable%s\n", b->name,
            mdg_battery_days(b, v->part, v->power.total_uw), b->title, b->mah, 100 * b->usable,
            ma > b->most_ma ? "; MORE CURRENT THAN IT GIVES FOR LONG" : "");
}

void mdg_power_print(const mdg_power_view *v, const mdg_battery *battery, FILE *out) {
    const mdg_part *p = v->part;
    const mdg_power *w = &v->power;
    char text[300];
    fprintf(out, "%s on the %s at %.0f MHz: a calculation, no measurement\n", v->title, p->title,
            p->clock_mhz);
    fprintf(out,
            "  work: %.4g decisions and %.4g frames of features a second, %.4g M cycles (estimated), %.3g %% "
            "of the time\n",
            v->duty.decisions_per_s, v->duty.frames_per_s, v->duty.work.cycles_per_s / 1e6, 100 * w->busy);
    if (w->busy > 1) fprintf(out, "  MORE WORK THAN TIME: the part is too slow for it\n");
    snprintf(text, sizeof text, "%.3g mW/MHz, %s: %s", p->active_uw_per_mhz / 1000,
             mdg_basis_text(p->active_basis), p->active_source);
    print_line("active", w->active_uw, text, out);
    snprintf(text, sizeof text, "%.4g a second, %.3g us each, %s", v->duty.work.wakes_per_s, p->wake_us,
             mdg_basis_text(p->wake_basis));
    print_line("wake-up", w->wake_uw, text, out);
    snprintf(text, sizeof text, "%.3g uA at %.2g V, %s: %s", p->sleep_ua, p->volts,
             mdg_basis_text(p->sleep_basis), p->sleep_source);
    print_line("asleep", w->sleep_uw, text, out);
    snprintf(text, sizeof text, "%s%s%s%s%s", v->sensor->title, v->sensor->uw > 0 ? ", " : "",
             v->sensor->uw > 0 ? mdg_basis_text(v->sensor->basis) : "", v->sensor->uw > 0 ? ": " : "",
             v->sensor->source);
    print_line("sensor", w->sensor_uw, text, out);
    snprintf(text, sizeof text, "%.3g messages an hour, %.3g uJ each", 3600 * v->duty.work.messages_per_s,
             v->duty.work.message_uj);
    print_line("radio", w->radio_uw, text, out);
    print_line("total", w->total_uw, "", out);
    for (int i = 0; mdg_batteries[i].name; i++)
        if (!battery || battery == &mdg_batteries[i]) print_battery(v, &mdg_batteries[i], out);
}

/* ==== For programs ==== */

static void set(json_t *o, const char *name, double value) {
    json_object_set_new(o, name, json_real(value));
}

static json_t *part_json(const mdg_part *p) {
    json_t *o = json_object();
    json_object_set_new(o, "name", json_string(p->name));
    set(o, "clock_mhz", p->clock_mhz);
    set(o, "volts", p->volts);
    set(o, "active_uw_per_mhz", p->active_uw_per_mhz);
    json_object_set_new(o, "active_basis", json_string(mdg_basis_text(p->active_basis)));
    json_object_set_new(o, "active_source", json_string(p->active_source));
    set(o, "sleep_ua", p->sleep_ua);
    json_object_set_new(o, "sleep_basis", json_string(mdg_basis_text(p->sleep_basis)));
    json_object_set_new(o, "sleep_source", json_string(p->sleep_source));
    set(o, "wake_us", p->wake_us);
    json_object_set_new(o, "wake_basis", json_string(mdg_basis_text(p->wake_basis)));
    return o;
}

json_t *mdg_power_json(const mdg_power_view *v) {
    const mdg_power *w = &v->power;
    json_t *o = json_object(), *days = json_object();
    json_object_set_new(o, "is", json_string("a calculation"));
    json_object_set_new(o, "part", part_json(v->part));
    json_object_set_new(o, "sensor", json_string(v->sensor->name));
    set(o, "decisions_per_s", v->duty.decisions_per_s);
    set(o, "frames_per_s", v->duty.frames_per_s);
    set(o, "cycles_per_s", v->duty.work.cycles_per_s);
    set(o, "busy", w->busy);
#define SAVE(name) set(o, #name, w->name);
    SAVE(active_uw)
    SAVE(wake_uw)
    SAVE(sleep_uw)
    SAVE(sensor_uw)
    SAVE(radio_uw)
    SAVE(total_uw)
#undef SAVE
    for (const mdg_battery *b = mdg_batteries; b->name; b++)
        set(days, b->name, mdg_battery_days(b, v->part, w->total_uw));
    json_object_set_new(o, "battery_days", days);
    return o;
}

mdg_status mdg_power_draw(mdg_cli *cli, const mdg_power_view *v, const char *path) {
    const mdg_power *p = &v->power;
    const mdg_view_share shares[] = {{"active", p->active_uw},
                                     {"wake-up", p->wake_uw},
                                     {"asleep", p->sleep_uw},
                                     {"sensor", p->sensor_uw},
                                     {"radio", p->radio_uw}};
    const char *title = mdg_arena_printf(cli->arena, "%s: %.3g mW on average", v->title, p->total_uw / 1000);
    const char *note = mdg_arena_printf(cli->arena, "%s, calculated from counted work and published figures",
                                        v->part->title);
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, &cli->diag));
    mdg_view_shares(title, note, "uW", shares, (int)(sizeof shares / sizeof *shares), w.stream);
    return mdg_writer_close(&w, &cli->diag);
}

/* ==== As a budget ==== */

static const char *what_helps(const mdg_power *w) {
    const double largest = w->total_uw - w->sensor_uw - w->active_uw;
    if (w->sensor_uw > w->active_uw && w->sensor_uw > largest)
        return "most of it is the sensor's: one that takes less, or that wakes the rest, would help";
    if (w->active_uw > largest)
        return "most of it is computing: a longer decide.every_ms or features.hop_ms, or a smaller "
               "model.width would help";
    return "most of it is waking up and sleeping: a longer features.hop_ms or another board.part would help";
}

static mdg_status check_limits(mdg_pipeline *pl, const mdg_power_view *v) {
    const mdg_project_power *limits = &pl->project.power;
    if (limits->most_uw > 0 && v->power.total_uw > (double)limits->most_uw)
        return mdg_fail(pl->diag, MDG_BUDGET, "power: %.3g mW on the %s, more than the %.3g mW allowed; %s",
                        v->power.total_uw / 1000, v->part->name, (double)limits->most_uw / 1000,
                        what_helps(&v->power));
    for (int i = 0; mdg_batteries[i].name; i++) {
        const mdg_battery *b = &mdg_batteries[i];
        const double days = mdg_battery_days(b, v->part, v->power.total_uw);
        if (days < (double)limits->days[i])
            return mdg_fail(pl->diag, MDG_BUDGET,
                            "battery.%s: lasts %.0f days on the %s, which takes %.3g mW, not the %.0f days "
                            "asked for; %s",
                            b->name, days, v->part->name, v->power.total_uw / 1000, (double)limits->days[i],
                            what_helps(&v->power));
    }
    return MDG_OK;
}

static bool is_limited(const mdg_project_power *p) {
    bool is = p->most_uw > 0;
    for (int i = 0; i < MDG_POWER_BATTERIES; i++) is = is || p->days[i] > 0;
    return is;
}

mdg_status mdg_power_check(mdg_pipeline *pl) {
    const mdg_project_power *p = &pl->project.power;
    mdg_power_view v = {.title = pl->project.name};
    if (!is_limited(p)) return MDG_OK;
    MDG_TRY(mdg_cli_part(pl->cli, p->part ? p->part : mdg_parts[0].name, &v.part));
    MDG_TRY(mdg_cli_sensor(pl->cli, p->sensor, &v.sensor));
    const mdg_target *target = pl->target;
    pl->target = mdg_target_find(v.part->counted_on);
    mdg_status status = pl->target == target ? MDG_OK : mdg_pipeline_bench(pl);
    pl->target = target;
    if (status != MDG_OK) return status;
    v.duty = mdg_power_duty(pl, 0);
    v.power = mdg_power_of(&v.duty.work, v.part, v.sensor);
    return check_limits(pl, &v);
}
