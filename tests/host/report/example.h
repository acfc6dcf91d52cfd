/* SPDX-License-Identifier: MIT
 *
 * example.h: a full report with made-up figures, for the tests.
 */
#ifndef MDG_TEST_REPORT_EXAMPLE_H
#define MDG_TEST_REPORT_EXAMPLE_H

#include <math.h>

#include "report/report.h"
#include "util/arena.h"
#include "util/rng.h"

enum { EXAMPLE_CLASSES = 10, EXAMPLE_EPOCHS = 40, EXAMPLE_CLIPS = 6, EXAMPLE_FRAMES = 49, EXAMPLE_MELS = 40 };

static const char *const example_labels[EXAMPLE_CLASSES] = {"zero", "one", "two",   "three", "four",
                                                            "five", "six", "seven", "eight", "nine"};

/* A rising tone with overtones in noise: something a spectrogram shows. */
static const float *example_features(mdg_arena *arena, int clip) {
    mdg_rng rng = mdg_rng_of(7, (uint64_t)clip);
    float *x = mdg_arena_array(arena, EXAMPLE_FRAMES * EXAMPLE_MELS, sizeof(float));
    for (int t = 0; t < EXAMPLE_FRAMES; t++)
        for (int f = 0; f < EXAMPLE_MELS; f++) {
            const float middle = 6.0f + 4.0f * sinf(0.09f * (float)(t + 5 * clip)),
                        loud = expf(-powf((float)(t - 24) / 12, 2));
            float sum = 0.3f * mdg_rng_normal(&rng);
            for (int k = 1; k <= 3; k++)
                sum += 8.0f * loud * expf(-powf(((float)f - middle * (float)k) / 1.7f, 2)) / (float)k;
            x[t * EXAMPLE_MELS + f] = sum;
        }
    return x;
}

static const mdg_report_epoch *example_epochs(mdg_arena *arena) {
    mdg_rng rng = mdg_rng_of(3, 0);
    mdg_report_epoch *e = mdg_arena_array(arena, EXAMPLE_EPOCHS, sizeof *e);
    for (int i = 0; i < EXAMPLE_EPOCHS; i++) {
        const float decay = expf(-(float)i / 8.0f);
        e[i].loss = 0.15f + 2.1f * decay + mdg_rng_uniform(&rng, -0.03f, 0.03f);
        e[i].validation_loss =
            0.32f + 1.9f * decay + mdg_rng_uniform(&rng, -0.08f, 0.08f) + 0.004f * (float)i;
        e[i].accuracy = 0.985f - 0.85f * decay;
        e[i].validation_accuracy = 0.93f - 0.80f * decay + mdg_rng_uniform(&rng, -0.015f, 0.015f);
    }
    return e;
}

static const mdg_report_class *example_classes(mdg_arena *arena) {
    mdg_report_class *c = mdg_arena_array(arena, EXAMPLE_CLASSES, sizeof *c);
    for (int i = 0; i < EXAMPLE_CLASSES; i++)
        c[i] = (mdg_report_class){example_labels[i],
                                  130 + i,
                                  20,
                                  50,
                                  0.81f + 0.015f * (float)i,
                                  0.92f - 0.01f * (float)i,
                                  0.88f,
                                  i ? 0.9f + 0.01f * (float)i : 0};
    return c;
}

static const int *example_confusion(mdg_arena *arena) {
    mdg_rng rng = mdg_rng_of(5, 0);
    int *m = mdg_arena_array(arena, EXAMPLE_CLASSES * EXAMPLE_CLASSES, sizeof(int));
    for (int t = 0; t < EXAMPLE_CLASSES; t++)
        for (int n = 0; n < 50; n++)
            m[t * EXAMPLE_CLASSES +
              (mdg_rng_below(&rng, 100) < 86 ? t : (int)mdg_rng_below(&rng, EXAMPLE_CLASSES))]++;
    return m;
}

static mdg_report example_report(mdg_arena *arena) {
    static const mdg_report_accuracy accuracies[] = {{NULL, "float32, this machine", 0.884f, 442, 500},
                                                     {NULL, "int8, this machine", 0.880f, 440, 500},
                                                     {NULL, "int8, Cortex-M4 (emulated)", 0.880f, 440, 500}};
    static const mdg_report_op ops[] = {
        {"CONV_2D", 1600000, 1000000, 0},   {"DEPTHWISE_CONV_2D", 410000, 200000, 1},
        {"CONV_2D", 2650000, 1400000, 2},   {"AVERAGE_POOL_2D", 12000, 0, 3},
        {"FULLY_CONNECTED", 6400, 4000, 5}, {"SOFTMAX", 9000, 0, 6}};
    static const mdg_report_peer peers[] = {{"another <engine>", 9374800, 23888, 53760, 30000},
                                            {"a third", 0, 5972, 0, 0}};
    static const mdg_report_layer layers[] = {
        {"conv_0", "CONV_2D", 0.0f, 6.1f, 0.0239f, -128, 38.2f},
        {"depthwise_1", "DEPTHWISE_CONV_2D", -3.2f, 4.0f, 0.028f, -14, 8.1f},
        {"scores", "SOFTMAX", 0.0f, 1.0f, 0.00390625f, -128, NAN}};
    float *roc = mdg_arena_array(arena, EXAMPLE_CLASSES * MDG_REPORT_ROC, sizeof *roc);
    for (int i = 0; i < EXAMPLE_CLASSES * MDG_REPORT_ROC; i++)
        roc[i] = powf((float)(i % MDG_REPORT_ROC) / (MDG_REPORT_ROC - 1), 0.1f);
    static const mdg_report_group groups[] = {{"george", 30, 50}, {"", 10, 10}};
    static const mdg_report_miss misses[] = {
        {"recordings/<3>_a b.wav", "../recordings/<3>_a b.wav", "three", "eight", 0.93f},
        {"<silence>:4", NULL, "zero", "nine", 0.61f}};
    static const mdg_report_skipped skipped[] = {
        {"digits/3/<broken>.wav", "no samples: the file ends in its header"},
        {"digits/7/notes.txt", "not an audio file"}};
    static const char *const notes[] = {"All speech here is synthetic: made by <espeak-ng> & flite."};
    mdg_report_clip *clips = mdg_arena_array(arena, EXAMPLE_CLIPS, sizeof *clips);
    for (int i = 0; i < EXAMPLE_CLIPS; i++)
        clips[i] =
            (mdg_report_clip){.name = mdg_arena_printf(arena, "%s_george_%d.wav", example_labels[i], i),
                              .label = example_labels[i],
                              .predicted = example_labels[i == 4 ? 5 : i],
                              .score = 0.97f - 0.06f * (float)i,
                              .features = example_features(arena, i),
                              .frames = EXAMPLE_FRAMES,
                              .width = EXAMPLE_MELS,
                              .seconds = 1.0f,
                              .lo_hz = 60.0f,
                              .hi_hz = 4000.0f};
    return (mdg_report){
        .title = "digits",
        .subtitle = "ten spoken digits, ds_cnn with 27,146 weights, left-out speaker: george",
        .notes = notes,
        .n_notes = 1,
        .accuracies = accuracies,
        .n_accuracies = 3,
        .roc = roc,
        .interval = {0.851f, 0.908f},
        .calibration = {.bins = {[6] = {100, 0.65f, 0.5f}, [9] = {400, 0.96f, 0.975f}},
                        .n = 500,
                        .error = 0.042f},
        .groups = groups,
        .n_groups = 2,
        .misses = misses,
        .n_misses = 2,
        .cost = {.target = "Cortex-M4 (QEMU mps2-an386)",
                 .instructions = 4687400,
                 .cycles = 7000000,
                 .clock_hz = 100000000,
                 .feature_instructions = 61200,
                 .macs = 2656768,
                 .arena_bytes = 9984,
                 .state_bytes = 1960,
                 .stack_bytes = 412,
                 .weights_bytes = 28104,
                 .code_bytes = 7460,
                 .budget_ram_bytes = 16384,
                 .budget_flash_bytes = 65536},
        .epochs = example_epochs(arena),
        .n_epochs = EXAMPLE_EPOCHS,
        .best_epoch = 31,
        .classes = example_classes(arena),
        .confusion = example_confusion(arena),
        .n_classes = EXAMPLE_CLASSES,
        .clips = clips,
        .n_clips = EXAMPLE_CLIPS,
        .ops = ops,
        .n_ops = 6,
        .peers = peers,
        .n_peers = 2,
        .layers = layers,
        .n_layers = 3,
        .skipped = skipped,
        .n_skipped = 2,
        .configuration =
            "name: digits\ndata:\n  path: recordings\n  sample_rate: 8000\nmodel:\n  architecture: ds_cnn\n",
        .version = "0.1.0"};
}

#endif
