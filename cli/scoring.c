/* SPDX-License-Identifier: MIT
 *
 * scoring.c: the float and the int8 model over the test clips.
 */
#include <string.h>

#include "cli/classic.h"
#include "cli/finding.h"
#include "cli/judging.h"

static mdg_status check_shape(const mdg_pipeline *pl, const mdg_model_file *m, const mdg_exec *x,
                              size_t element) {
    const mdg_program *p = mdg_exec_program(x);
    if (p->n_inputs == 1 && p->n_outputs == 1 && mdg_exec_input_bytes(x, 0) == pl->row_values * element &&
        mdg_exec_output_bytes(x, 0) == mdg_pipeline_scores(pl) * element)
        return MDG_OK;
    return mdg_fail(pl->diag, MDG_INVALID, "%s: does not fit out/frontend.json; run `midge build %s` again",
                    m->path, pl->project.folder);
}

static mdg_status stopped(const mdg_pipeline *pl, int done, int n) {
    if (mdg_progress_report(&pl->cli->progress, done, n, "test clips")) return MDG_OK;
    return mdg_fail(pl->diag, MDG_INTERRUPTED, "interrupted while evaluating");
}

static mdg_status score_float(mdg_pipeline *pl, float *scores) {
    mdg_model_file m;
    mdg_exec *x;
    MDG_TRY(mdg_pipeline_model(pl, "model_float.tflite", "train", &m));
    MDG_TRY(mdg_exec_open(m.graph, pl->arena, &x, pl->diag));
    MDG_TRY(check_shape(pl, &m, x, sizeof(float)));
    const int n = pl->n_of[MDG_SPLIT_TEST];
    const size_t k = mdg_pipeline_scores(pl);
    for (int i = 0; i < n; i++) {
        mdg_pipeline_input_float(pl, pl->clips_of[MDG_SPLIT_TEST][i], mdg_exec_input(x, 0));
        if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, pl->diag);
        memcpy(scores + (size_t)i * k, mdg_exec_output(x, 0), k * sizeof *scores);
        MDG_TRY(stopped(pl, i, n));
    }
    return MDG_OK;
}

/* Over the clips of a split: outputs and scores [n][map_h][map_w][n_labels] */
static mdg_status score_int8(mdg_pipeline *pl, mdg_split split, uint8_t *outputs, float *scores) {
    mdg_model_file m;
    mdg_exec *x;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "quantize", &m));
    MDG_TRY(mdg_exec_open(m.graph, pl->arena, &x, pl->diag));
    MDG_TRY(check_shape(pl, &m, x, sizeof(int8_t)));
    const mdg_program *p = mdg_exec_program(x);
    const mdg_quant *q = &p->outputs[0].tensor->quant;
    const int n = pl->n_of[split];
    const size_t k = mdg_pipeline_scores(pl);
    int32_t *mult = mdg_arena_array(pl->arena, (size_t)pl->frontend.norm.width, sizeof *mult);
    int32_t *offset = mdg_arena_array(pl->arena, (size_t)pl->frontend.norm.width, sizeof *offset);
    MDG_TRY(mdg_frontend_quantizer(&pl->frontend, p->inputs[0].tensor, mult, offset, pl->diag));
    for (int i = 0; i < n; i++) {
        mdg_pipeline_input_int8(pl, pl->clips_of[split][i], mult, offset, mdg_exec_input(x, 0));
        if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, pl->diag);
        const int8_t *out = mdg_exec_output(x, 0);
        memcpy(outputs + (size_t)i * k, out, k);
        for (size_t c = 0; c < k; c++)
            scores[(size_t)i * k + c] = q->scale[0] * (float)(out[c] - q->zero_point[0]);
        MDG_TRY(stopped(pl, i, n));
    }
    return MDG_OK;
}

static int *truth_of(const mdg_pipeline *pl, mdg_split split) {
    int *truth = mdg_arena_array(pl->arena, (size_t)pl->n_of[split] + 1, sizeof *truth);
    for (int i = 0; i < pl->n_of[split]; i++) truth[i] = pl->set.clips[pl->clips_of[split][i]].label;
    return truth;
}

mdg_status mdg_pipeline_accuracy(mdg_pipeline *pl, mdg_split split, double *out) {
    MDG_TRY(mdg_pipeline_data(pl, false));
    MDG_TRY(mdg_finding_map(pl));
    const int n = pl->n_of[split], k = pl->frontend.n_labels;
    const size_t values = (size_t)n * mdg_pipeline_scores(pl);
    uint8_t *outputs = mdg_arena_alloc(pl->arena, values + 1);
    float *scores = mdg_arena_array(pl->arena, values + 1, sizeof *scores);
    mdg_eval e;
    MDG_TRY(score_int8(pl, split, outputs, scores));
    if (mdg_pipeline_finds(pl)) {
        mdg_located r;
        mdg_finding_judge(pl, split, (const int8_t *)outputs, &r);
        *out = (double)r.f1;
        return MDG_OK;
    }
    mdg_eval_scores(scores, truth_of(pl, split), n, k, pl->arena, &e);
    *out = (double)e.accuracy;
    return MDG_OK;
}

static json_t *eval_json(const mdg_pipeline *pl, const mdg_eval *e, const mdg_judgement *j) {
    json_t *o = mdg_eval_json(e, pl->frontend.labels);
    mdg_judgement_add_json(j, pl->frontend.labels, pl->test_names, o);
    return o;
}

static mdg_status eval_float(mdg_pipeline *pl, json_t *o) {
    const int n = pl->n_of[MDG_SPLIT_TEST], k = pl->frontend.n_labels;
    const size_t values = (size_t)n * mdg_pipeline_scores(pl);
    float *scores = mdg_arena_array(pl->arena, values, sizeof *scores);
    MDG_TRY(score_float(pl, scores));
    if (mdg_pipeline_finds(pl)) {
        mdg_finding_judge(pl, MDG_SPLIT_TEST, mdg_finding_rounded(pl, scores, values), &pl->found_float);
        json_object_set_new(o, "float", mdg_located_json(&pl->found_float, pl->frontend.labels));
        return MDG_OK;
    }
    mdg_eval_scores(scores, pl->truth, n, k, pl->arena, &pl->eval_float);
    mdg_pipeline_judge(pl, scores, &pl->judge_float);
    json_object_set_new(o, "float", eval_json(pl, &pl->eval_float, &pl->judge_float));
    return MDG_OK;
}

static mdg_status eval_int8(mdg_pipeline *pl, json_t *o) {
    MDG_TRY(score_int8(pl, MDG_SPLIT_TEST, pl->host_outputs, pl->test_scores));
    if (mdg_pipeline_finds(pl)) {
        mdg_finding_judge(pl, MDG_SPLIT_TEST, (const int8_t *)pl->host_outputs, &pl->found_int8);
        json_object_set_new(o, "int8", mdg_located_json(&pl->found_int8, pl->frontend.labels));
        return mdg_finding_save(pl);
    }
    mdg_eval_scores(pl->test_scores, pl->truth, pl->n_of[MDG_SPLIT_TEST], pl->frontend.n_labels, pl->arena,
                    &pl->eval_int8);
    mdg_pipeline_judge(pl, pl->test_scores, &pl->judge_int8);
    json_object_set_new(o, "int8", eval_json(pl, &pl->eval_int8, &pl->judge_int8));
    if (pl->kinds) json_object_set_new(o, "anomalies", mdg_classic_anomalies_json(pl));
    return MDG_OK;
}

/* A line for each test clip: its name, its class, the int8 model's scores of all classes. */
static mdg_status save_scores(const mdg_pipeline *pl) {
    const int k = pl->frontend.n_labels;
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, mdg_pipeline_file(pl, pl->varied ? "scores_varied.tsv" : "scores.tsv"),
                            pl->diag));
    fprintf(w.stream, "clip\tlabel");
    for (int c = 0; c < k; c++) fprintf(w.stream, "\t%s", pl->frontend.labels[c]);
    for (int i = 0; i < pl->n_of[MDG_SPLIT_TEST]; i++) {
        fprintf(w.stream, "\n%s\t%s", pl->test_names[i], pl->frontend.labels[pl->truth[i]]);
        for (int c = 0; c < k; c++) fprintf(w.stream, "\t%.6f", (double)pl->test_scores[i * k + c]);
    }
    fputc('\n', w.stream);
    return mdg_writer_close(&w, pl->diag);
}

const char *mdg_pipeline_eval_name(const mdg_pipeline *pl) {
    return pl->varied ? "eval_varied.json" : "eval.json";
}

mdg_status mdg_pipeline_eval(mdg_pipeline *pl) {
    MDG_TRY(mdg_pipeline_data(pl, false));
    const int n = pl->n_of[MDG_SPLIT_TEST];
    if (n == 0)
        return mdg_fail(
            pl->diag, MDG_INVALID, "%s: no clip is left for the test; see data.test%s", pl->project.data.path,
            strcmp(pl->project.data.split.by, "time") == 0
                ? "; by time, the test's part of a recording must hold a window and half of one before it"
                : "");
    mdg_cli_stage(pl->cli, "evaluating %d test clips", n);
    MDG_TRY(mdg_finding_map(pl));
    const size_t values = (size_t)n * mdg_pipeline_scores(pl);
    pl->truth = truth_of(pl, MDG_SPLIT_TEST);
    pl->test_scores = mdg_arena_array(pl->arena, values, sizeof *pl->test_scores);
    pl->host_outputs = mdg_arena_alloc(pl->arena, values);
    json_t *o = json_object();
    if (!mdg_pipeline_is_classic(pl)) MDG_TRY(eval_float(pl, o));
    MDG_TRY(eval_int8(pl, o));
    if (!mdg_pipeline_finds(pl)) MDG_TRY(save_scores(pl)); /* what they find is in found.csv */
    return mdg_json_save(o, mdg_pipeline_file(pl, mdg_pipeline_eval_name(pl)), pl->diag);
}
