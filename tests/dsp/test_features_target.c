/* SPDX-License-Identifier: MIT
 *
 * The features on emulated Cortex-M4 and M0+ cores: the same bytes as here, in no more instructions than
 * promised.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <cmocka.h>

#include "feature/feature.h"
#include "midge/mel.h"
#include "util/rng.h"

typedef struct target {
    const char *board, *cpu;
    unsigned long most_instructions;
} target;

typedef struct fixture {
    mdg_arena *arena;
    mdg_features f;
    int16_t *clip;
    int32_t n_clip;
    int32_t mult[64], offset[64];
} fixture;

static void fixture_make(fixture *t, mdg_feature_kind kind) {
    const mdg_feature_opts opts = {.kind = kind,
                                   .sample_rate = 16000,
                                   .window_us = 30000,
                                   .hop_us = 20000,
                                   .n_mels = 40,
                                   .n_coeffs = 10,
                                   .f_min_hz = 20,
                                   .clip_ms = 250};
    mdg_diag diag;
    t->arena = mdg_arena_new();
    assert_int_equal(mdg_feature_build(&opts, t->arena, &t->f, &diag), MDG_OK);
    t->n_clip = t->f.window + (t->f.frames - 1) * t->f.hop;
    t->clip = (int16_t *)mdg_arena_array(t->arena, (size_t)t->n_clip, sizeof *t->clip);
    mdg_rng rng = mdg_rng_of(7, 0);
    for (int i = 0; i < t->n_clip; i++)
        t->clip[i] = (int16_t)mdg_rng_uniform(&rng, -1.0f - (float)(i * 8), 1.0f + (float)(i * 8));
    for (int k = 0; k < t->f.width; k++) {
        t->mult[k] = 1500 + k;
        t->offset[k] = -10000000 - k;
    }
}

static void put_table(FILE *out, const char *type, const char *name, const int16_t *x, size_t n) {
    fprintf(out, "static const %s %s[%zu + 1] = {", type, name, n);
    for (size_t i = 0; i < n; i++) fprintf(out, "%d,", x[i]);
    fprintf(out, "};\n");
}

static void put_words(FILE *out, const char *name, const int32_t *x, int n) {
    fprintf(out, "static const int32_t %s[] = {", name);
    for (int i = 0; i < n; i++) fprintf(out, "%ld,", (long)x[i]);
    fprintf(out, "};\n");
}

/* Printed from the list of mel.h alone, as generated code is. */
static void write_tables(const fixture *t, const char *folder) {
    char path[256];
    snprintf(path, sizeof path, "%s/tables.h", folder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    const mdg_features *f = &t->f;
    const mdg_mel *b = (const mdg_mel *)f->block;
    fprintf(out, "enum { SCRATCH_BYTES = %d, WIDTH = %d, WINDOW = %d, FRAMES = %d, CLIP = %d };\n",
            f->scratch_bytes, f->width, f->window, f->frames, t->n_clip);
#define PUT_TABLE(type, name, count) put_table(out, #type, #name, b->name, (size_t)(count));
#define NOTHING(name)
    MDG_BLOCK_mel(NOTHING, PUT_TABLE);
    fprintf(out, "static const mdg_mel mel = {\n");
#define PUT_SCALAR(name)               fprintf(out, "    .%s = %d,\n", #name, b->name);
#define PUT_POINTER(type, name, count) fprintf(out, "    .%s = %s,\n", #name, b->name ? #name : "0");
    MDG_BLOCK_mel(PUT_SCALAR, PUT_POINTER);
    fprintf(
        out,
        "};\nstatic const mdg_features features = {.frame = mdg_mel_frame, .block = &mel, .channels = 1,\n");
    fprintf(out, "    .window = %d, .hop = %d, .width = %d, .frames = %d, .scratch_bytes = %d};\n", f->window,
            f->hop, f->width, f->frames, f->scratch_bytes);
    put_words(out, "mult", t->mult, f->width);
    put_words(out, "offset", t->offset, f->width);
    put_table(out, "int16_t", "clip", t->clip, (size_t)t->n_clip);
    assert_int_equal(fclose(out), 0);
}

static uint32_t fnv1a(uint32_t hash, const void *data, size_t bytes) {
    const uint8_t *p = (const uint8_t *)data;
    while (bytes--) hash = (hash ^ *p++) * 16777619u;
    return hash;
}

/* What the board shall print: the clip's rows, then the rows quantised. */
static uint32_t expected_hash(const fixture *t) {
    const size_t frames = (size_t)t->f.frames, width = (size_t)t->f.width;
    int16_t *rows = (int16_t *)mdg_arena_array(t->arena, frames * width, sizeof *rows);
    int8_t *input = (int8_t *)mdg_arena_array(t->arena, frames * width, 1);
    mdg_feature_clip(&t->f, t->clip, (size_t)t->n_clip,
                     mdg_arena_alloc(t->arena, mdg_feature_work_bytes(&t->f)), rows);
    for (size_t i = 0; i < frames; i++)
        mdg_features_quantize(&t->f, t->mult, t->offset, rows + i * width, input + i * width);
    return fnv1a(fnv1a(2166136261u, rows, frames * width * 2), input, frames * width);
}

static void run_on(const target *on, mdg_feature_kind kind) {
    fixture t;
    fixture_make(&t, kind);
    char folder[] = "/tmp/midge_features_XXXXXX", command[4096];
    assert_non_null(mkdtemp(folder));
    write_tables(&t, folder);
    const char *source = getenv("MIDGE_SOURCE");
    snprintf(command, sizeof command,
             "cd %s && arm-none-eabi-gcc -O2 -std=c99 -Wall -Werror %s -I%s -I%s/include "
             "%s/tests/dsp/features_target.c "
             "%s/dsp/mel.c %s/dsp/features.c --specs=picolibc.specs --oslib=semihost --crt0=hosted "
             "-Wl,--defsym=__flash=0 "
             "-Wl,--defsym=__flash_size=4M -Wl,--defsym=__ram=0x20000000 -Wl,--defsym=__ram_size=4M "
             "-Wl,--defsym=__stack_size=16K -o x.elf && timeout 60 qemu-system-arm -M %s -nographic -icount "
             "shift=0,align=off,sleep=off -semihosting-config enable=on,target=native -kernel x.elf "
             "</dev/null 2>&1",
             folder, on->cpu, folder, source, source, source, source, on->board);
    FILE *board = popen(command, "r");
    assert_non_null(board);
    unsigned long hash = 0, instructions = 0;
    const int fields = fscanf(board, "hash %lx instructions %lu", &hash, &instructions);
    assert_int_equal(pclose(board), 0);
    assert_int_equal(fields, 2);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);

    printf("%s, %s: %lu instructions per frame\n", on->cpu, kind == MDG_FEATURE_MFCC ? "mfcc" : "log mel",
           instructions);
    assert_int_equal(hash, expected_hash(&t));
    assert_in_range(instructions, 1, on->most_instructions);
    mdg_arena_free(t.arena);
}

static const target cortex_m4 = {"mps2-an386", "-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16", 40000};
static const target cortex_m0plus = {"mps2-an385", "-mcpu=cortex-m0plus", 150000};

static void test_cortex_m4(void **state) {
    (void)state;
    run_on(&cortex_m4, MDG_FEATURE_LOG_MEL);
    run_on(&cortex_m4, MDG_FEATURE_MFCC);
}

static void test_cortex_m0plus(void **state) {
    (void)state;
    run_on(&cortex_m0plus, MDG_FEATURE_LOG_MEL);
    run_on(&cortex_m0plus, MDG_FEATURE_MFCC);
}

int main(void) {
    if (system("command -v arm-none-eabi-gcc qemu-system-arm >/dev/null") != 0) {
        puts("skipped: arm-none-eabi-gcc or qemu-system-arm is not installed");
        return 77;
    }
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_cortex_m4),
                                       cmocka_unit_test(test_cortex_m0plus)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
