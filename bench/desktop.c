/* SPDX-License-Identifier: MIT
 *
 * bench.desktop MODEL.tflite...: what an inference takes on this machine, in CPU time, beside TFLM's
 * reference kernels where their figure is known. Models with float inputs are left out.
 *
 * What `midge run` does for each input is repeated until it lasts 10 ms, 21 times over; the median counts.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "exec/exec.h"
#include "tflite/tflite.h"
#include "util/file.h"
#include "util/rng.h"

enum { ROUNDS = 21 };
static const double round_ms = 10;

/* TFLM's reference kernels on x86-64, gcc -O3: ms of an inference */
static const struct {
    const char *model;
    double ms;
} tflm[] = {
    {"mlperf_kws_ref_model", 2.02},
    {"mlperf_pretrainedResnet_quant", 4.23},
    {"mlperf_vww_96_int8", 4.71},
    {"mlperf_ad01_int8", 0.045},
};

/* Of this thread: what others do on the machine counts little. */
static double cpu_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fill(uint8_t *input, size_t bytes) {
    mdg_rng r = mdg_rng_of(1, 0);
    for (size_t i = 0; i < bytes; i++) input[i] = (uint8_t)mdg_rng_below(&r, 256);
}

/* Computing overwrites inputs, so each inference gets its own anew. */
static double measure(mdg_exec *x, const uint8_t *input, int repeat) {
    const double start = cpu_ms();
    for (int i = 0; i < repeat; i++) {
        for (int k = 0; k < mdg_exec_program(x)->n_inputs; k++)
            memcpy(mdg_exec_input(x, k), input, mdg_exec_input_bytes(x, k));
        mdg_exec_invoke(x, NULL);
    }
    return (cpu_ms() - start) / repeat;
}

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median_ms(mdg_exec *x, mdg_arena *arena) {
    double ms[ROUNDS];
    size_t bytes = 0;
    int repeat = 1;
    for (int k = 0; k < mdg_exec_program(x)->n_inputs; k++) bytes += mdg_exec_input_bytes(x, k);
    uint8_t *input = mdg_arena_alloc(arena, bytes);
    fill(input, bytes);
    while (measure(x, input, repeat) * repeat < round_ms) repeat *= 2;
    for (int i = 0; i < ROUNDS; i++) ms[i] = measure(x, input, repeat);
    qsort(ms, ROUNDS, sizeof *ms, by_size);
    return ms[ROUNDS / 2];
}

static void print_row(const char *path, double ms) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const int n = (int)strcspn(name, ".");
    printf("%-32.*s %10.4f", n, name, ms);
    for (size_t i = 0; i < sizeof tflm / sizeof *tflm; i++)
        if (strncmp(tflm[i].model, name, (size_t)n) == 0 && tflm[i].model[n] == '\0')
            printf(" %10.3f %8.1fx", tflm[i].ms, tflm[i].ms / ms);
    putchar('\n');
}

static bool has_float_input(const mdg_program *p) {
    for (int k = 0; k < p->n_inputs; k++)
        if (p->inputs[k].tensor->type == MDG_FLOAT32) return true;
    return false;
}

static bool bench(const char *path) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag;
    mdg_bytes file;
    mdg_graph *graph;
    mdg_exec *x;
    mdg_status status = mdg_file_read(path, arena, &file, &diag);
    if (status == MDG_OK) status = mdg_tflite_read(&file, path, arena, &graph, &diag);
    if (status == MDG_OK) status = mdg_exec_open(graph, arena, &x, &diag);
    if (status != MDG_OK)
        fprintf(stderr, "%s\n", diag.text);
    else if (!has_float_input(mdg_exec_program(x)))
        print_row(path, median_ms(x, arena));
    mdg_arena_free(arena);
    return status == MDG_OK;
}

static void print_load(void) {
    double load = 0;
    getloadavg(&load, 1);
    printf("CPU time per inference, median of %d; load %.1f on %ld processors\n", ROUNDS, load,
           sysconf(_SC_NPROCESSORS_ONLN));
}

int main(int argc, char **argv) {
    bool good = true;
    printf("%-32s %10s %10s %9s\n", "model on this machine", "ms", "TFLM ms", "faster");
    for (int i = 1; i < argc; i++) good &= bench(argv[i]);
    print_load();
    return good ? 0 : 1;
}
