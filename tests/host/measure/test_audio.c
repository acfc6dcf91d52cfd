/* SPDX-License-Identifier: MIT
 *
 * A keyword network behind its audio front end, from samples to scores: generated C on the emulated Cortex-M4
 * gives what features and kernels give on this machine, byte by byte.
 */
#include "emit/emit.h"
#include "feature/feature.h"
#include "host/emit/toolchain.h"
#include "host/exec/golden.h"
#include "measure/measure.h"
#include "util/rng.h"

enum { CLIPS = 3, CLIP_SAMPLES = 16000, CLASSES = 12, ROWS = 49, WIDTH = 10 };

static const char *const labels[CLASSES] = {"down",  "go",   "left", "no",    "off",     "on",
                                            "right", "stop", "up",   "ye\"s", "silence", "unknown?\?/"};

/* Noise that swells, a chirp, and noise at full scale */
static void make_clips(int16_t *samples) {
    mdg_rng rng = mdg_rng_of(1, 2);
    for (int i = 0; i < CLIPS * CLIP_SAMPLES; i++) {
        const int clip = i / CLIP_SAMPLES;
        const float at = (float)(i % CLIP_SAMPLES) / CLIP_SAMPLES;
        const float noise = mdg_rng_uniform(&rng, -32767.0f, 32767.0f);
        const float chirp = 20000.0f * sinf(at * at * 9000.0f);
        samples[i] = (int16_t)(clip == 0 ? noise * at : clip == 1 ? chirp : noise);
    }
}

typedef struct front_end {
    mdg_features features;
    int32_t mult[WIDTH], offset[WIDTH];
} front_end;

static mdg_status make_front_end(mdg_feature_kind kind, const mdg_exec *x, mdg_arena *arena, front_end *fe,
                                 mdg_diag *diag) {
    const mdg_feature_opts opts = {.kind = kind,
                                   .sample_rate = 16000,
                                   .window_us = 30000,
                                   .hop_us = 20000,
                                   .n_mels = kind == MDG_FEATURE_MFCC ? 40 : WIDTH,
                                   .n_coeffs = WIDTH,
                                   .f_min_hz = 20,
                                   .f_max_hz = 4000,
                                   .clip_ms = 1000};
    MDG_TRY(mdg_feature_build(&opts, arena, &fe->features, diag));
    const mdg_quant *q = &mdg_exec_program(x)->inputs[0].tensor->quant;
    mdg_feature_normalization n = mdg_feature_normalization_new(&fe->features, arena);
    n.mean = mdg_arena_array(arena, WIDTH, sizeof(float));
    n.dev = mdg_arena_array(arena, WIDTH, sizeof(float));
    for (int k = 0; k < WIDTH; k++) n.dev[k] = 10.0f;
    return mdg_feature_quantization(&n, q->scale[0], q->zero_point[0], fe->mult, fe->offset, diag);
}

static void score_here(mdg_exec *x, const front_end *fe, const int16_t *clip, int8_t *scores,
                       mdg_arena *arena) {
    int16_t rows[ROWS][WIDTH];
    int8_t *input = mdg_exec_input(x, 0);
    mdg_feature_clip(&fe->features, clip, CLIP_SAMPLES,
                     mdg_arena_alloc(arena, mdg_feature_work_bytes(&fe->features)), *rows);
    for (int r = 0; r < ROWS; r++)
        mdg_features_quantize(&fe->features, fe->mult, fe->offset, rows[r], input + r * WIDTH);
    mdg_exec_invoke(x, NULL);
    memcpy(scores, mdg_exec_output(x, 0), CLASSES);
}

/* Labels or features that do not fit the model are refused before anything is written. */
static mdg_status check_refusals(const mdg_program *p, mdg_emit_opts opts, mdg_emit_frontend audio,
                                 mdg_diag *diag) {
    opts.frontend = &audio;
    audio.n_labels = CLASSES - 1;
    if (mdg_emit_c(p, &opts, NULL) != MDG_INVALID)
        return mdg_fail(diag, MDG_MISMATCH, "too few labels were accepted");
    mdg_features fewer = *audio.features;
    fewer.frames--;
    audio.n_labels = CLASSES;
    audio.features = &fewer;
    if (mdg_emit_c(p, &opts, NULL) != MDG_INVALID)
        return mdg_fail(diag, MDG_MISMATCH, "too few rows were accepted");
    return MDG_OK;
}

static mdg_status check_cost(const mdg_run_opts *run, const int16_t *samples, mdg_arena *arena,
                             mdg_diag *diag) {
    mdg_cost cost;
    mdg_run_opts once = *run;
    once.repeat = 1;
    MDG_TRY(mdg_target_measure(&once, samples, arena, &cost, diag));
    printf("%llu instructions a frame, %llu an inference; arena %zu, state %zu, stack %zu, code %zu, weights "
           "%zu bytes\n",
           (unsigned long long)cost.feature_instructions, (unsigned long long)cost.instructions,
           cost.arena_bytes, cost.state_bytes, cost.stack_bytes, cost.code_bytes, cost.weights_bytes);
    const bool plausible = cost.feature_instructions > 10000 && cost.feature_instructions < 1000000 &&
                           cost.instructions > 1000000 && cost.state_bytes > ROWS * WIDTH;
    return plausible ? MDG_OK : mdg_fail(diag, MDG_MISMATCH, "these costs cannot be");
}

static mdg_status test_clips(mdg_feature_kind kind, const char *models, const char *folder, mdg_arena *arena,
                             mdg_diag *diag) {
    const golden_case c = {.folder = models, .name = "mlperf_kws_ref_model", .in = ".in", .out = ".out"};
    mdg_exec *x;
    mdg_bytes in, out;
    front_end fe;
    MDG_TRY(golden_load(&c, arena, &x, &in, &out, diag));
    MDG_TRY(make_front_end(kind, x, arena, &fe, diag));
    const mdg_emit_frontend audio = {.features = &fe.features,
                                     .mult = fe.mult,
                                     .offset = fe.offset,
                                     .labels = labels,
                                     .n_labels = CLASSES,
                                     .threshold = 0.5f};
    const mdg_emit_opts opts = {.name = "spotter", .folder = folder, .frontend = &audio};
    MDG_TRY(check_refusals(mdg_exec_program(x), opts, audio, diag));
    MDG_TRY(mdg_emit_c(mdg_exec_program(x), &opts, diag));
    if (test_compile_everywhere(folder, "spotter", arena) != 0)
        return mdg_fail(diag, MDG_TOOL, "a compiler refuses the generated code");

    int16_t *samples = mdg_arena_array(arena, CLIPS * CLIP_SAMPLES, sizeof *samples);
    int8_t here[CLIPS][CLASSES], there[CLIPS][CLASSES];
    make_clips(samples);
    for (int i = 0; i < CLIPS; i++) score_here(x, &fe, samples + i * CLIP_SAMPLES, here[i], arena);
    const mdg_run_opts run = {.target = mdg_target_find("cortex-m4"),
                              .folder = folder,
                              .name = "spotter",
                              .feed = MDG_FEED_SAMPLES,
                              .input_bytes = CLIP_SAMPLES * sizeof *samples,
                              .output_bytes = CLASSES,
                              .repeat = CLIPS};
    MDG_TRY(mdg_target_run(&run, samples, there, NULL, arena, diag));
    if (memcmp(here, there, sizeof here) != 0)
        return mdg_fail(diag, MDG_MISMATCH, "scores differ from the host's");
    if (memcmp(here[0], here[1], CLASSES) == 0) return mdg_fail(diag, MDG_MISMATCH, "all clips score alike");
    return check_cost(&run, samples, arena, diag);
}

int main(void) {
    mdg_arena *arena = mdg_arena_new();
    mdg_diag diag = {""};
    const char *models = golden_folder(arena, "models");
    if (!models) return golden_skip(arena);
    if (!test_has("arm-none-eabi-gcc", arena) || !test_has("qemu-system-arm", arena)) {
        printf("skipped: arm-none-eabi-gcc or qemu-system-arm is missing\n");
        return golden_skip(arena);
    }
    const char *folder = test_folder(arena);
    mdg_status status = test_clips(MDG_FEATURE_MFCC, models, folder, arena, &diag);
    if (status == MDG_OK) status = test_clips(MDG_FEATURE_MICRO, models, folder, arena, &diag);
    if (status != MDG_OK) fprintf(stderr, "FAILED: %s\n", diag.text);
    test_folder_remove(folder, arena);
    mdg_arena_free(arena);
    return status != MDG_OK;
}
