/* SPDX-License-Identifier: MIT */
#include "cli/cost.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_WAIT_STATES = 15 };

int64_t mdg_cost_macs(const mdg_cost_view *v, int op) {
    const mdg_subgraph *s = &v->graph->subgraphs[0];
    return op < s->n_ops ? mdg_op_macs(s, &s->ops[op]) : 0;
}

static double microseconds(const mdg_cost_view *v, uint64_t cycles) {
    return 1e6 * (double)cycles / (double)v->clock_hz;
}

static void set_count(json_t *o, const char *name, uint64_t value) {
    json_object_set_new(o, name, json_integer((json_int_t)value));
}

/* The estimate, and what it rests on */
static void set_time(json_t *o, const mdg_cost_view *v) {
    if (!v->cost->cycles) return;
    set_count(o, "estimated_cycles", v->cost->cycles);
    if (v->cost->feature_cycles) set_count(o, "estimated_feature_cycles", v->cost->feature_cycles);
    set_count(o, "wait_states", (uint64_t)v->timing.wait_states);
    if (!v->clock_hz) return;
    set_count(o, "clock_hz", v->clock_hz);
    json_object_set_new(o, "estimated_us", json_real(round(10 * microseconds(v, v->cost->cycles)) / 10));
}

static json_t *op_json(const mdg_cost_view *v, const mdg_op_cost *op) {
    json_t *o = json_object();
    json_object_set_new(o, "index", json_integer(op->op));
    json_object_set_new(o, "op", json_string(op->name));
    set_count(o, "instructions", op->instructions);
    if (v->cost->cycles) set_count(o, "estimated_cycles", op->cycles);
    set_count(o, "macs", (uint64_t)mdg_cost_macs(v, op->op));
    return o;
}

static void set_streaming(json_t *o, const mdg_streaming *s) {
    set_count(o, "hop_frames", (uint64_t)s->hop);
    set_count(o, "window_frames", (uint64_t)s->window);
    set_count(o, "warm_up_calls", (uint64_t)s->warm_up);
}

json_t *mdg_cost_json(const mdg_cost_view *v) {
    const mdg_cost *c = v->cost;
    json_t *o = json_object(), *ops = json_array();
    json_object_set_new(o, "target", json_string(v->target->name));
    set_count(o, "instructions", c->instructions);
    if (v->graph->streaming.hop) set_streaming(o, &v->graph->streaming);
    if (c->feature_instructions) set_count(o, "feature_instructions", c->feature_instructions);
    set_time(o, v);
    set_count(o, "macs", (uint64_t)v->macs);
    set_count(o, "computed_macs", (uint64_t)mdg_graph_macs(v->graph));
#define SAVE(name) set_count(o, #name, c->name);
    SAVE(arena_bytes)
    SAVE(state_bytes)
    SAVE(stack_bytes)
    SAVE(code_bytes)
    SAVE(weights_bytes)
#undef SAVE
    for (int i = 0; i < c->n_ops; i++) json_array_append_new(ops, op_json(v, &c->ops[i]));
    json_object_set_new(o, "ops", ops);
    return o;
}

static void print_time(const mdg_cost_view *v, const char *per, uint64_t cycles, uint64_t instructions,
                       FILE *out) {
    if (!cycles) return;
    fprintf(out, "  cycles per %-17s %12" PRIu64 "  (estimate, %.2f an instruction", per, cycles,
            (double)cycles / (double)instructions);
    if (v->clock_hz)
        fprintf(out, "; %.3g ms at %.6g MHz", microseconds(v, cycles) / 1000, (double)v->clock_hz / 1e6);
    fprintf(out, ")\n");
}

static void print_op(const mdg_cost_view *v, const mdg_op_cost *op, FILE *out) {
    const int64_t macs = mdg_cost_macs(v, op->op);
    fprintf(out, "  %4d  %-26s %14" PRIu64 " %6.1f %%", op->op, op->name, op->instructions,
            100.0 * (double)op->instructions / (double)v->cost->instructions);
    if (v->cost->cycles) fprintf(out, " %14" PRIu64, op->cycles);
    if (macs)
        fprintf(out, " %12" PRId64 " %8.2f\n", macs, (double)op->instructions / (double)macs);
    else
        fprintf(out, " %12s %8s\n", "-", "-");
}

static void print_ops(const mdg_cost_view *v, FILE *out) {
    if (!v->cost->n_ops) return;
    fprintf(out, "  %4s  %-26s %14s %8s", "op", "name", "instructions", "share");
    if (v->cost->cycles) fprintf(out, " %14s", "cycles (est.)");
    fprintf(out, " %12s %8s\n", "MACs", "per MAC");
    for (int i = 0; i < v->cost->n_ops; i++) print_op(v, &v->cost->ops[i], out);
}

void mdg_cost_print(const mdg_cost_view *v, FILE *out) {
    const mdg_cost *c = v->cost;
    const int64_t computed = mdg_graph_macs(v->graph);
    const char *per = v->graph->streaming.hop ? "hop" : "inference";
    fprintf(out, "on the emulated %s:\n", v->target->name);
    fprintf(out, "  instructions per %-11s%12" PRIu64 "  (%" PRId64 " MACs", per, c->instructions, v->macs);
    if (computed != v->macs) fprintf(out, ", of which %" PRId64 " are computed", computed);
    fprintf(out, ")\n");
    print_time(v, per, c->cycles, c->instructions, out);
    if (c->feature_instructions)
        fprintf(out, "  instructions per frame      %12" PRIu64 "  (features)\n", c->feature_instructions);
    print_time(v, "frame", c->feature_cycles, c->feature_instructions, out);
    fprintf(out, "  RAM    %8zu bytes: arena %zu, state %zu, stack %zu\n",
            c->arena_bytes + c->state_bytes + c->stack_bytes, c->arena_bytes, c->state_bytes, c->stack_bytes);
    fprintf(out, "  flash  %8zu bytes: weights %zu, code %zu\n", c->weights_bytes + c->code_bytes,
            c->weights_bytes, c->code_bytes);
    print_ops(v, out);
}

/* ==== Options ==== */

/* "120MHz", "32.768 kHz", "16000000" */
static mdg_status read_clock(mdg_cli *cli, const char *text, uint64_t *out) {
    static const struct {
        const char *name;
        double hz;
    } units[] = {{"", 1}, {"Hz", 1}, {"kHz", 1e3}, {"MHz", 1e6}, {"GHz", 1e9}};
    char *end;
    const double value = strtod(text, &end);
    const bool is_number = end > text && value > 0;
    end += strspn(end, " ");
    for (size_t i = 0; is_number && i < sizeof units / sizeof *units; i++) {
        const double hz = value * units[i].hz;
        if (strcmp(end, units[i].name) != 0 || hz < 1 || hz > 1e11) continue;
        *out = (uint64_t)hz;
        return MDG_OK;
    }
    return mdg_cli_usage(cli, "--clock '%s' is no frequency such as 120MHz", text);
}

static mdg_status read_wait_states(mdg_cli *cli, const char *text, int *out) {
    char *end;
    const long n = strtol(text, &end, 10);
    if (end == text || *end || n < 0 || n > MAX_WAIT_STATES)
        return mdg_cli_usage(cli, "--wait-states '%s' is not a whole number from 0 to %d", text,
                             MAX_WAIT_STATES);
    *out = (int)n;
    return MDG_OK;
}

mdg_status mdg_cli_timing(mdg_cli *cli, const mdg_timing_text *text, const mdg_target *target,
                          mdg_cost_view *out) {
    out->target = target;
    out->timing.slow_multiply = text->slow_multiplier;
    if (text->clock) MDG_TRY(read_clock(cli, text->clock, &out->clock_hz));
    if (text->wait_states) MDG_TRY(read_wait_states(cli, text->wait_states, &out->timing.wait_states));
    const bool asks = text->clock || text->wait_states || text->slow_multiplier;
    if (asks && !target->core)
        return mdg_cli_usage(cli,
                             "no cycles can be estimated for %s, since its maker states none; leave out "
                             "--clock, --wait-states and --slow-multiplier",
                             target->name);
    if (text->slow_multiplier && strcmp(target->core, "cortex-m0plus") != 0)
        return mdg_cli_usage(cli, "--slow-multiplier is a choice that makers of a Cortex-M0+ have, not of %s",
                             target->name);
    return MDG_OK;
}
