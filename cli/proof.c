/* SPDX-License-Identifier: MIT
 *
 * proof.c: a project's model as C, run on the emulated target: every test clip from samples to scores, and
 * what it costs.
 */
#include <string.h>

#include "cli/finding.h"
#include "cli/stream.h"
#include "cli/target.h"
#include "compare/agree.h"

/* The int8 model as a planned program, with what the generated code needs to hear. */
typedef struct unit {
    mdg_model_file model;
    mdg_program program;
    mdg_emit_frontend frontend;
    mdg_decisions decisions;
    mdg_map map;
    mdg_run_opts run;
} unit;

mdg_status mdg_pipeline_stream(mdg_pipeline *pl, mdg_model_file *model) {
    const mdg_goal goal = {.target = pl->target, .streams = pl->project.model.streams};
    return mdg_model_stream(pl->cli, &goal, model);
}

static mdg_status open_unit(mdg_pipeline *pl, unit *u) {
    const mdg_goal goal = {.target_name = pl->project.target, .target = pl->target, .optimize = pl->optimize};
    u->run.target = pl->target;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "quantize", &u->model));
    MDG_TRY(mdg_pipeline_stream(pl, &u->model));
    MDG_TRY(mdg_pipeline_frontend(pl));
    MDG_TRY(mdg_model_target_program(pl->cli, u->model.graph, &goal, &u->program));
    const size_t width = (size_t)pl->frontend.norm.width;
    int32_t *mult = mdg_arena_array(pl->arena, width, sizeof *mult);
    int32_t *offset = mdg_arena_array(pl->arena, width, sizeof *offset);
    MDG_TRY(mdg_frontend_quantizer(&pl->frontend, u->program.inputs[0].tensor, mult, offset, pl->diag));
    u->frontend = (mdg_emit_frontend){.features = &pl->features,
                                      .image_h = pl->frontend.opts.image_h,
                                      .image_w = pl->frontend.opts.image_w,
                                      .channel_names = pl->frontend.channel_names,
                                      .full_scale = pl->frontend.full_scale,
                                      .mult = mult,
                                      .offset = offset,
                                      .labels = pl->frontend.labels,
                                      .n_labels = pl->frontend.n_labels,
                                      .threshold = pl->frontend.threshold};
    if (!pl->frontend.opts.image_h) {
        const int hop = pl->project.model.streams ? u->model.graph->streaming.hop : 1;
        MDG_TRY(mdg_pipeline_decisions(pl, &u->program.outputs[0].tensor->quant, hop, &u->decisions));
        u->frontend.decide = &u->decisions.decide;
        u->frontend.decide_rows = u->decisions.rows;
    }
    if (mdg_pipeline_finds(pl)) {
        MDG_TRY(mdg_finding_map(pl));
        u->map = mdg_finding_map_of(pl);
        u->frontend.map = &u->map;
    }
    u->run.folder = pl->project.out;
    u->run.name = pl->project.name;
    u->run.feed = pl->frontend.opts.image_h ? MDG_FEED_PIXELS : MDG_FEED_SAMPLES;
    u->run.input_bytes = mdg_pipeline_device_bytes(pl);
    u->run.output_bytes = mdg_program_output_bytes(&u->program);
    u->run.repeat = 1;
    return MDG_OK;
}

static mdg_status emit_unit(mdg_pipeline *pl, unit *u) {
    mdg_emit_opts opts = {.name = pl->project.name,
                          .trees_as_code = pl->project.model.trees_as == 1,
                          .folder = pl->project.out,
                          .target = pl->project.target,
                          .model_name = pl->project.name,
                          .frontend = &u->frontend};
    return mdg_cli_emit(pl->cli, &u->model, &u->program, &opts);
}

mdg_status mdg_pipeline_compile(mdg_pipeline *pl) {
    unit u = {.run = {.repeat = 1}};
    MDG_TRY(open_unit(pl, &u));
    mdg_cli_stage(pl->cli, "writing %s/%s.c and .h", pl->project.out, pl->project.name);
    return emit_unit(pl, &u);
}

static void test_inputs(mdg_pipeline *pl, uint8_t *out) {
    for (int i = 0; i < pl->n_of[MDG_SPLIT_TEST]; i++)
        mdg_pipeline_device_clip(pl, pl->clips_of[MDG_SPLIT_TEST][i],
                                 out + (size_t)i * mdg_pipeline_device_bytes(pl));
}

static mdg_status save_verify(mdg_pipeline *pl, int differing) {
    json_t *o = json_object();
    json_object_set_new(o, "target", json_string(pl->project.target));
    json_object_set_new(o, "clips", json_integer(pl->n_of[MDG_SPLIT_TEST]));
    json_object_set_new(o, "differing", json_integer(differing));
    if (mdg_pipeline_finds(pl))
        json_object_set_new(o, "f1", json_real((double)pl->found_target.f1));
    else
        json_object_set_new(o, "accuracy", json_real((double)pl->eval_target.accuracy));
    return mdg_json_save(o, mdg_pipeline_file(pl, "verify.json"), pl->diag);
}

/* The decisions that the target made: the first of the largest scores, as on this machine. */
static void judge(mdg_pipeline *pl, const int8_t *outputs, int n, int k) {
    if (mdg_pipeline_finds(pl)) {
        mdg_finding_judge(pl, MDG_SPLIT_TEST, outputs, &pl->found_target);
        return;
    }
    int *predicted = mdg_arena_array(pl->arena, (size_t)n, sizeof *predicted);
    for (int i = 0; i < n; i++)
        for (int c = 1; c < k; c++)
            if (outputs[i * k + c] > outputs[i * k + predicted[i]]) predicted[i] = c;
    mdg_eval_decisions(predicted, pl->truth, n, k, pl->arena, &pl->eval_target);
}

mdg_status mdg_pipeline_verify(mdg_pipeline *pl) {
    unit u = {.run = {.repeat = 1}};
    MDG_TRY(mdg_target_check_tools(pl->cli, pl->target));
    MDG_TRY(open_unit(pl, &u));
    MDG_TRY(emit_unit(pl, &u));
    if (!pl->host_outputs) MDG_TRY(mdg_pipeline_eval(pl));
    const int n = pl->n_of[MDG_SPLIT_TEST], k = pl->frontend.n_labels;
    uint8_t *inputs = mdg_arena_alloc(pl->arena, (size_t)n * u.run.input_bytes);
    uint8_t *outputs = mdg_arena_alloc(pl->arena, (size_t)n * u.run.output_bytes);
    test_inputs(pl, inputs);
    u.run.repeat = n;
    mdg_cli_stage(pl->cli, "running %d test clips on the emulated %s", n, pl->project.target);
    MDG_TRY(mdg_target_run(&u.run, inputs, outputs, &pl->cli->progress, pl->arena, pl->diag));
    const mdg_agreement a = mdg_agree(&u.program, pl->host_outputs, outputs, n);
    judge(pl, (const int8_t *)outputs, n, k);
    MDG_TRY(save_verify(pl, a.differing));
    if (!a.differing) return MDG_OK;
    return mdg_fail(pl->diag, MDG_MISMATCH,
                    "%s: %d of %d clips give other scores on %s than on this machine, first %s", u.model.path,
                    a.differing, n, pl->project.target,
                    pl->set.clips[pl->clips_of[MDG_SPLIT_TEST][a.first]].path);
}

mdg_status mdg_pipeline_bench(mdg_pipeline *pl) {
    unit u = {.run = {.repeat = 1}};
    MDG_TRY(open_unit(pl, &u));
    MDG_TRY(emit_unit(pl, &u));
    mdg_cli_stage(pl->cli, "measuring on the emulated %s", pl->project.target);
    void *input =
        mdg_arena_alloc(pl->arena, u.run.input_bytes); /* one clip; silence when there are no recordings */
    if (pl->has_data && pl->n_of[MDG_SPLIT_TEST])
        mdg_pipeline_device_clip(pl, pl->clips_of[MDG_SPLIT_TEST][0], input);
    u.run.timing = pl->cost_view.timing;
    MDG_TRY(mdg_target_measure(&u.run, input, pl->arena, &pl->cost, pl->diag));
    pl->cost_view.cost = &pl->cost;
    pl->cost_view.target = pl->target;
    pl->cost_view.graph = u.program.graph;
    pl->cost_view.macs = mdg_graph_macs(u.model.graph);
    MDG_TRY(mdg_json_save(mdg_cost_json(&pl->cost_view), mdg_pipeline_file(pl, "bench.json"), pl->diag));
    return mdg_budget_check(&pl->project.budget, &mdg_budget_project, &u.program, &pl->cost, pl->diag);
}
