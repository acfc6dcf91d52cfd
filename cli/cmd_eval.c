/* SPDX-License-Identifier: MIT
 *
 * cmd_eval.c: `midge eval`: float beside int8 on the test clips, or the detector on hours of stream.
 */
#include "cli/classic.h"
#include "cli/finding.h"
#include "data/data.h"

typedef struct eval_args {
    bool json;
    int varied;
    const char *stream, *truth;
    double false_per_hour, tolerance;
} eval_args;

static mdg_status eval_clips(mdg_cli *cli, const eval_args *a) {
    mdg_pipeline pl;
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    pl.varied = a->varied;
    MDG_TRY(mdg_pipeline_eval(&pl));
    if (a->json) {
        json_t *o;
        MDG_TRY(
            mdg_json_load(mdg_pipeline_file(&pl, mdg_pipeline_eval_name(&pl)), cli->arena, &o, &cli->diag));
        return mdg_json_print(o);
    }
    if (mdg_pipeline_finds(&pl)) {
        printf("float\n");
        mdg_located_print(&pl.found_float, pl.frontend.labels, stdout);
        printf("\nint8\n");
        mdg_located_print(&pl.found_int8, pl.frontend.labels, stdout);
        return MDG_OK;
    }
    if (pl.eval_float.n) {
        printf("float\n");
        mdg_eval_print(&pl.eval_float, pl.frontend.labels, stdout);
        mdg_judgement_print(&pl.judge_float, pl.frontend.labels, stdout);
        printf("\n");
    }
    printf("int8\n");
    mdg_eval_print(&pl.eval_int8, pl.frontend.labels, stdout);
    mdg_judgement_print(&pl.judge_int8, pl.frontend.labels, stdout);
    mdg_judgement_print_clips(&pl.judge_int8, pl.frontend.labels, pl.test_names, stdout);
    if (pl.kinds) mdg_classic_print_anomalies(&pl, stdout);
    return MDG_OK;
}

/* What a stream told: all thresholds, the one chosen, and what the device does with midge.yaml's. */
typedef struct stream_report {
    mdg_detect_stream s;
    mdg_detect_point points[MDG_DETECT_THRESHOLDS], device;
    const mdg_detect_point *chosen;
    mdg_detections events;
} stream_report;

static json_t *report_json(const stream_report *r, const char *const *labels) {
    json_t *o = json_object(), *curve = json_array();
    json_object_set_new(o, "hours", json_real(r->s.seconds / 3600));
    json_object_set_new(o, "inferences", json_integer(r->s.n));
    json_object_set_new(o, "chosen", r->chosen ? mdg_detect_json(r->chosen) : json_null());
    json_object_set_new(o, "device", mdg_detect_json(&r->device));
    json_object_set_new(o, "detections", mdg_detections_json(&r->events, labels));
    for (int i = 0; i < MDG_DETECT_THRESHOLDS; i++)
        json_array_append_new(curve, mdg_detect_json(&r->points[i]));
    json_object_set_new(o, "curve", curve);
    return o;
}

static void print_point(const mdg_detect_point *p, const char *mark) {
    printf("%9d %14.2f %8.1f %%  %5d of %-5d %7d %9.2f s  %s\n", p->threshold, p->false_per_hour,
           100 * p->misses, p->n_found, p->n_events, p->n_false, p->n_found ? p->latency_s : 0.0, mark);
}

static void print_report(const stream_report *r, double false_per_hour, const char *picture) {
    printf("%.2f hours of stream\n\n%9s %14s %10s  %14s %7s %11s\n", r->s.seconds / 3600, "threshold",
           "false accepts", "misses", "found", "false", "latency");
    for (int i = 16; i < MDG_DETECT_THRESHOLDS; i += 16) print_point(&r->points[i], "");
    print_point(&r->device, "< midge.yaml");
    const mdg_detect_point *p = r->chosen;
    if (!p) {
        printf("\nno threshold has at most %g false accepts an hour\n", false_per_hour);
        return;
    }
    print_point(p, "< chosen");
    printf(
        "\nthreshold %d (%.3f as a score) has %.2f false accepts an hour and %.1f %% misses\npicture: %s\n",
        p->threshold, (p->threshold + 128) / 256.0, p->false_per_hour, 100 * p->misses, picture);
}

static mdg_status save_curve(const mdg_pipeline *pl, const stream_report *r) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, mdg_pipeline_file(pl, "det.svg"), pl->diag));
    mdg_detect_draw(r->points, r->chosen, w.stream);
    return mdg_writer_close(&w, pl->diag);
}

static mdg_status listen(mdg_pipeline *pl, const eval_args *a, stream_report *r, mdg_detect_opts *o) {
    const mdg_feature_opts *f = &pl->frontend.opts;
    mdg_decisions decisions;
    bool *targets;
    int16_t *samples;
    size_t n;
    MDG_TRY(mdg_pipeline_targets(pl, pl->frontend.labels, pl->frontend.n_labels, &targets));
    mdg_cli_stage(pl->cli, "reading %s", a->stream);
    MDG_TRY(mdg_audio_decode(a->stream, f->sample_rate, pl->arena, &samples, &n, pl->diag));
    mdg_cli_stage(pl->cli, "listening to %.2f hours", (double)n / f->sample_rate / 3600);
    MDG_TRY(mdg_pipeline_listen(pl, samples, n, &r->s, &decisions));
    *o = (mdg_detect_opts){.decide = decisions.decide, .is_target = targets, .tolerance_s = a->tolerance};
    return MDG_OK;
}

static mdg_status eval_stream(mdg_cli *cli, const eval_args *a) {
    mdg_pipeline pl;
    mdg_truth truth;
    mdg_detect_opts o;
    stream_report *r = mdg_arena_alloc(cli->arena, sizeof *r);
    MDG_TRY(mdg_pipeline_open(cli, cli->args[0], &pl));
    MDG_TRY(mdg_pipeline_frontend(&pl));
    if (pl.project.data.kind != MDG_DATA_AUDIO)
        return mdg_fail(&cli->diag, MDG_UNSUPPORTED, "%s: --stream is for sound", cli->args[0]);
    MDG_TRY(
        mdg_truth_read(a->truth, pl.frontend.labels, pl.frontend.n_labels, cli->arena, &truth, &cli->diag));
    MDG_TRY(listen(&pl, a, r, &o));
    mdg_detect_curve(&r->s, &o, &truth, cli->arena, r->points);
    r->chosen = mdg_detect_choose(r->points, a->false_per_hour);
    r->events.items = mdg_arena_array(cli->arena, (size_t)r->s.n + 1, sizeof *r->events.items);
    r->device = mdg_detect_run(&r->s, &o, &truth, cli->arena, &r->events);
    MDG_TRY(save_curve(&pl, r));
    MDG_TRY(
        mdg_json_save(report_json(r, pl.frontend.labels), mdg_pipeline_file(&pl, "stream.json"), &cli->diag));
    if (a->json) return mdg_json_print(report_json(r, pl.frontend.labels));
    print_report(r, a->false_per_hour, mdg_pipeline_file(&pl, "det.svg"));
    return MDG_OK;
}

static mdg_status run(mdg_cli *cli) {
    eval_args a = {.false_per_hour = 1, .tolerance = 1};
    const mdg_option options[] = {{"--json", MDG_OPTION_FLAG, &a.json},
                                  {"--varied", MDG_OPTION_COUNT, &a.varied},
                                  {"--stream", MDG_OPTION_TEXT, &a.stream},
                                  {"--truth", MDG_OPTION_TEXT, &a.truth},
                                  {"--false-accepts", MDG_OPTION_REAL, &a.false_per_hour},
                                  {"--tolerance", MDG_OPTION_REAL, &a.tolerance},
                                  {0}};
    MDG_TRY(mdg_cli_parse(cli, options, 1, 1));
    if (!a.stream != !a.truth) return mdg_cli_usage(cli, "--stream and --truth go together");
    if (a.stream && a.varied) return mdg_cli_usage(cli, "--varied is for test clips, not for a stream");
    return a.stream ? eval_stream(cli, &a) : eval_clips(cli, &a);
}

const mdg_verb mdg_verb_eval = {
    .name = "eval",
    .summary =
        "accuracy on the test clips, float beside int8; or misses and false accepts on hours of stream",
    .help =
        "midge eval DIR [--varied SEED] [--json]\n"
        "midge eval DIR --stream LONG.wav --truth EVENTS.csv [--false-accepts 1] [--tolerance 1] [--json]\n"
        "\n"
        "On the clips of the test split, which training never saw: accuracy, confusion matrix, precision, "
        "recall "
        "and F1,\n"
        "float beside int8; the interval in which accuracy lies with 95 % confidence (bootstrap over clips), "
        "top 2 and 3,\n"
        "the area under each class's ROC curve, how far scores are from probabilities; accuracy of each "
        "group\n"
        "(speaker, machine) and the most confident mistakes of the int8 model. Writes DIR/out/eval.json,\n"
        "and DIR/out/scores.tsv: clip, class, and the int8 model's score of each class.\n"
        "\n"
        "--varied judges each test clip as augment in midge.yaml varies it (louder, faster, turned, ...), "
        "drawn by "
        "SEED\n"
        "from 1 on: what the model stands. Writes DIR/out/eval_varied.json and scores_varied.tsv.\n"
        "\n"
        "On a stream: the int8 model hears LONG.wav as the device would, with the decisions of midge.yaml's "
        "section\n"
        "decide. EVENTS.csv lists start and end in seconds and the label of what is said. Shown are misses, "
        "false\n"
        "accepts an hour and the median latency by threshold, and the threshold with the fewest misses at no "
        "more\n"
        "than --false-accepts an hour. An event is found from its start to --tolerance seconds behind its "
        "end.\n"
        "Writes DIR/out/stream.json and DIR/out/det.svg.\n"
        "\n"
        "  midge eval doorbell\n"
        "  midge eval doorbell --varied 1\n"
        "  midge eval doorbell --json | jq .int8.accuracy\n"
        "  midge eval doorbell --json | jq '.int8.worst[] | .clip'\n"
        "  midge data compose doorbell -o long.wav --hours 4\n"
        "  midge eval doorbell --stream long.wav --truth long.csv\n",
    .run = run,
};
