/* SPDX-License-Identifier: MIT
 *
 * bench.learning NET SECONDS: how many samples a second a training takes in on this machine, with two
 * workers: batches of 64 generated samples, Adam. NET is ds_cnn (MLPerf's keywords: 49x10, 12 classes) or
 * resnet8 (32x32x3, 10 classes). Prints samples a second, and samples a second of CPU time. bench/learning.py
 * does the same with PyTorch, and tools/bench-learning compares.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "train/train.h"

enum { BATCH = 64, SAMPLES = 16 * BATCH, WARM_UP = 8 };

static const struct {
    const char *name;
    int h, w, c, n_classes;
} nets[] = {{"ds_cnn", 49, 10, 1, 12}, {"resnet8", 32, 32, 3, 10}};

typedef struct task {
    size_t count; /* floats in a sample */
    int n_classes;
    float *x; /* [SAMPLES][count] */
    double seconds, start, cpu_start, wall, cpu;
    int steps;
} task;

static double clock_seconds(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void fill(void *context, bool validation, int index, mdg_rng *augment, float *x, float *y) {
    const task *t = context;
    (void)validation, (void)augment;
    memcpy(x, t->x + (size_t)index * t->count, t->count * sizeof *x);
    memset(y, 0, (size_t)t->n_classes * sizeof *y);
    y[index % t->n_classes] = 1.0f;
}

/* Counts steps from the end of the warm-up until the time is over. */
static bool watch(void *context, double done, double total, const char *text) {
    task *t = context;
    (void)done, (void)total;
    if (text) return true;
    t->steps++;
    if (t->steps == WARM_UP) {
        t->start = clock_seconds(CLOCK_MONOTONIC);
        t->cpu_start = clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
    }
    if (t->steps <= WARM_UP) return true;
    t->wall = clock_seconds(CLOCK_MONOTONIC) - t->start;
    t->cpu = clock_seconds(CLOCK_PROCESS_CPUTIME_ID) - t->cpu_start;
    return t->wall < t->seconds;
}

static mdg_status run(const char *name, double seconds, mdg_arena *arena, mdg_diag *diag) {
    size_t k = 0;
    while (k < sizeof nets / sizeof *nets - 1 && strcmp(nets[k].name, name) != 0) k++;
    task t = {.count = (size_t)(nets[k].h * nets[k].w * nets[k].c),
              .n_classes = nets[k].n_classes,
              .seconds = seconds};
    mdg_rng r = mdg_rng_of(1, 0);
    t.x = mdg_arena_array(arena, SAMPLES * t.count, sizeof *t.x);
    for (size_t i = 0; i < SAMPLES * t.count; i++) t.x[i] = mdg_rng_normal(&r);
    mdg_net_spec spec;
    mdg_net *net;
    mdg_history history;
    MDG_TRY(mdg_net_architecture(nets[k].name, &(mdg_architecture_opts){0}, nets[k].h, nets[k].w, nets[k].c,
                                 t.n_classes, arena, &spec, diag));
    MDG_TRY(mdg_net_new(&spec, 1, arena, &net, diag));
    const mdg_train_opts opts = {.optimizer = "adam",
                                 .schedule = "constant",
                                 .epochs = 100000,
                                 .batch = BATCH,
                                 .learning_rate = 0.001f,
                                 .workers = 2};
    const mdg_train_source source = {.context = &t, .n_train = SAMPLES, .fill = fill};
    const mdg_progress progress = {watch, &t};
    const mdg_status status = mdg_train(net, &opts, &source, &progress, &history, diag);
    mdg_net_free(net);
    if (status != MDG_INTERRUPTED) return status;
    const double samples = (double)(t.steps - WARM_UP) * BATCH;
    printf("%.1f %.1f\n", samples / t.wall, samples / t.cpu);
    return MDG_OK;
}

int main(int argc, char **argv) {
    mdg_diag diag = {""};
    mdg_arena *arena = mdg_arena_new();
    if (argc != 3) {
        fprintf(stderr, "bench.learning: takes a net (ds_cnn, resnet8) and seconds\n");
        return 2;
    }
    const mdg_status status = run(argv[1], atof(argv[2]), arena, &diag);
    if (status != MDG_OK) fprintf(stderr, "bench.learning: %s\n", diag.text);
    mdg_arena_free(arena);
    return status == MDG_OK ? 0 : 1;
}
