/* SPDX-License-Identifier: MIT
 *
 * pipeline.h: a project on its way from recordings to decisions: the stages in order, each leaving files in
 * <project>/out/ and each able to start from the files of the one before.
 *
 *     out/clips.txt            which clip is in which split              train
 *     out/checkpoint.bin       to go on after an interruption
 *     out/training.csv, .jsonl loss, accuracy, rate and gradient of every epoch, as training goes
 *     out/history.json         the same, when it is done
 *     out/frontend.json        how sound becomes the model's input
 *     out/model_float.tflite
 *     out/model.tflite         int8                                      quantize
 *     out/quantize.json        ranges and noise of each layer
 *     out/eval.json            float and int8 on the test clips          eval
 *     out/scores.tsv           of each test clip, int8
 *     out/stream.json, det.svg   a detector on hours of stream             eval --stream
 *     out/<name>.c, <name>.h   for the firmware                          compile
 *     out/verify.json          emulated target against this machine      verify
 *     out/bench.json           instructions, RAM, flash                  bench
 *     out/report.html                                                    build
 */
#ifndef MDG_CLI_PIPELINE_H
#define MDG_CLI_PIPELINE_H

#include "cli/budget.h"
#include "cli/frontend.h"
#include "cli/cost.h"
#include "cli/model.h"
#include "data/data.h"
#include "eval/detect.h"
#include "midge/decide.h"
#include "eval/eval.h"
#include "eval/judge.h"
#include "eval/locate.h"
#include "project/project.h"
#include "quant/mixed.h"

/* Right decisions on some clips. has_labels is false where the network gives no score for each class. */
typedef struct mdg_decided {
    bool has_labels;
    int n;
    double accuracy; /* 0 to 1 */
} mdg_decided;

/* How the float model became integers. */
typedef struct mdg_quantizing {
    const char *weights; /* "int8", "int4", "mixed" */
    mdg_quant_methods used;
    mdg_mixed mixed;               /* n = 0 unless weights are mixed */
    mdg_decided original, decided; /* of the float and of the quantised model */
    const char *warning;           /* of lost accuracy, or NULL */
} mdg_quantizing;

typedef struct mdg_pipeline {
    mdg_cli *cli;
    mdg_arena *arena;
    mdg_diag *diag;
    mdg_project project;
    const mdg_target *target;
    mdg_optimize optimize;
    int varied; /* test clips are varied as in training, drawn by this seed; 0 = they are as they are */

    /* after mdg_pipeline_data */
    bool has_data;
    mdg_dataset set;    /* with n_of and clips_of, where it is there already: taken as it is */
    const char **kinds; /* [n_clips] with model.normal: the class of each clip as recorded; else NULL */
    mdg_features features;
    mdg_frontend frontend;
    mdg_feature_shape shape; /* as the network sees it */
    size_t clip_samples;
    size_t clip_values; /* clip_samples * channels */
    size_t row_values;  /* frames * width */
    int16_t **rows;     /* [n_clips] features of each clip as it is, [frames][width] */
    int map_h, map_w;   /* cells that the model has scores for, each n_labels; 1 x 1 without data.objects */
    int n_of[MDG_SPLIT_COUNT];
    int *clips_of[MDG_SPLIT_COUNT]; /* indices of the clips of each split */

    /* after each stage of that name; n = 0 where it has not run */
    mdg_history history;
    mdg_quant_report quant;
    mdg_quantizing quantizing;
    mdg_eval eval_float, eval_int8, eval_target;
    mdg_judgement judge_float, judge_int8;
    mdg_located found_float, found_int8, found_target; /* with data.objects, in place of eval and judge */
    const char **test_names;                           /* [n_test] */
    int *truth;                                        /* [n_test] */
    float *test_scores;    /* [n_test][map_h][map_w][n_labels] of the int8 model */
    uint8_t *host_outputs; /* [n_test][output bytes] of the int8 model on this machine */
    mdg_cost cost;
    mdg_cost_view cost_view; /* of `cost`; its timing and clock are set before bench */
} mdg_pipeline;

/* A file in the project's out/. */
const char *mdg_pipeline_file(const mdg_pipeline *pl, const char *name);

/* Reads midge.yaml and makes out/. */
mdg_status mdg_pipeline_open(mdg_cli *cli, const char *folder, mdg_pipeline *out);

/* Scans, splits and decodes the recordings, and computes their features: by midge.yaml where `fresh`
 * (training), else by out/frontend.json. */
mdg_status mdg_pipeline_data(mdg_pipeline *pl, bool fresh);

/* Where only the front end is needed, without recordings. */
mdg_status mdg_pipeline_frontend(mdg_pipeline *pl);

/* The model file of an earlier stage; when it is missing, the message names the verb that makes it. */
mdg_status mdg_pipeline_model(mdg_pipeline *pl, const char *name, const char *verb, mdg_model_file *out);

/* A model file, or the float model of another project's folder. */
mdg_status mdg_pipeline_float_model(mdg_pipeline *pl, const char *path, mdg_model_file *out);

mdg_status mdg_pipeline_train(mdg_pipeline *pl, bool resume);

/* The network with its first weights in the place of a trained one: what it will need is known before. */
mdg_status mdg_pipeline_draft(mdg_pipeline *pl);

/* The net as training in floating point left it in out/checkpoint.bin, or trained now; to be freed. Then that
 * net, or one made of it, trained as pl->project.train says, from the weights that it has, and learning
 * from `elder` beside the truth (mdg_train_source; NULL: none); and as the float model in out/. */
mdg_status mdg_pipeline_net(mdg_pipeline *pl, mdg_net **out);
mdg_status mdg_pipeline_tune(mdg_pipeline *pl, mdg_net *net, const mdg_net *elder);
mdg_status mdg_pipeline_keep(mdg_pipeline *pl, const mdg_net *net);

mdg_status mdg_pipeline_quantize(mdg_pipeline *pl);
mdg_status mdg_pipeline_eval(mdg_pipeline *pl);

/* The file that mdg_pipeline_eval writes to out/. */
const char *mdg_pipeline_eval_name(const mdg_pipeline *pl);

/* Right decisions of the quantised model on the clips of a split, 0 to 1. */
mdg_status mdg_pipeline_accuracy(mdg_pipeline *pl, mdg_split split, double *out);

mdg_status mdg_pipeline_compile(mdg_pipeline *pl);
mdg_status mdg_pipeline_verify(mdg_pipeline *pl);
mdg_status mdg_pipeline_bench(mdg_pipeline *pl);
mdg_status mdg_pipeline_report(mdg_pipeline *pl);

/* A clip as it reaches the device: samples [clip_samples][channels], or the pixels of a picture as bytes. */
size_t mdg_pipeline_device_bytes(const mdg_pipeline *pl);
void mdg_pipeline_device_clip(const mdg_pipeline *pl, int clip, void *out);

/* Which classes can be events: all but data.unknown, data.silence and decide.background. */
mdg_status mdg_pipeline_targets(mdg_pipeline *pl, const char *const *labels, int n, bool **out);

/* Where the project says so, the model becomes the one that takes a hop (pass/stream.h). */
mdg_status mdg_pipeline_stream(mdg_pipeline *pl, mdg_model_file *model);

/* The decisions of the device for a model whose scores are quantised by q and come every `hop` rows. */
typedef struct mdg_decisions {
    mdg_decide decide;
    int rows; /* from one decision to the next: whole hops */
} mdg_decisions;
mdg_status mdg_pipeline_decisions(mdg_pipeline *pl, const mdg_quant *q, int hop, mdg_decisions *out);

/* The int8 model over a long recording, as the device hears it: a row of scores for each inference. */
mdg_status mdg_pipeline_listen(mdg_pipeline *pl, const int16_t *samples, size_t n, mdg_detect_stream *out,
                               mdg_decisions *decisions);

/* Both models, the int8 one and its outputs kept, on the test clips; the int8 model's input for one clip. */
void mdg_pipeline_input_float(const mdg_pipeline *pl, int clip, float *x);
void mdg_pipeline_input_int8(const mdg_pipeline *pl, int clip, const int32_t *mult, const int32_t *offset,
                             int8_t *x);

#endif
