/* SPDX-License-Identifier: MIT
 *
 * Each block stands in front of the smallest of models, one max pool over all features. Code and tables are
 * what the image is larger by than that of the model alone.
 */
#include "cli/feature_cost.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "cli/feature_rows.h"
#include "cli/target.h"
#include "graph/attrs.h"
#include "util/rng.h"

enum { FRAMES = 8, SOUND_HZ = 16000, MOTION_HZ = 1600, SLOW_HZ = 100, SECOND_US = 1000000 };

#define SOUND(name, ...)                                                                                     \
    {                                                                                                        \
        .kind = name, .sample_rate = SOUND_HZ, .window_us = 30000, .hop_us = 20000, .n_mels = 40,            \
        .f_min_hz = 20, .channels = 1, __VA_ARGS__                                                           \
    }
#define MOTION(...)                                                                                          \
    {                                                                                                        \
        .kind = MDG_FEATURE_SPECTRAL, .sample_rate = MOTION_HZ, .window_us = 160000, .hop_us = 80000,        \
        .channels = 3, .statistics = true, __VA_ARGS__                                                       \
    }

#define SLOW(...)                                                                                            \
    {                                                                                                        \
        .kind = MDG_FEATURE_RAW, .sample_rate = SLOW_HZ, .window_us = SECOND_US / SLOW_HZ,                   \
        .hop_us = SECOND_US / SLOW_HZ, .decimate = 1, .channels = 3, __VA_ARGS__                             \
    }
#define CAMERA(...)                                                                                          \
    {                                                                                                        \
        .kind = MDG_FEATURE_RAW, .sample_rate = 1, .window_us = SECOND_US, .hop_us = SECOND_US,              \
        .image_h = 240, .image_w = 320, .crop_h = 240, .crop_w = 240, .resize_h = 96, .resize_w = 96,        \
        __VA_ARGS__                                                                                          \
    }

/* What is usual: 30 ms of sound at 16 kHz; 256 samples of three axes */
static const mdg_feature_opts usual[] = {
    SOUND(MDG_FEATURE_LOG_MEL, .n_coeffs = 0),
    SOUND(MDG_FEATURE_MFCC, .n_coeffs = 10),
    SOUND(MDG_FEATURE_MICRO, .n_coeffs = 0),
    SOUND(MDG_FEATURE_SPECTROGRAM, .n_coeffs = 0),
    MOTION(.n_mels = 16),
    MOTION(.n_mels = 0),
    SLOW(.filter = 0),
    SLOW(.filter = 2, .filter_order = 2, .filter_low_hz = 0.5f),
    SLOW(.filter = 3, .filter_order = 4, .filter_low_hz = 0.5f, .filter_high_hz = 20),
    CAMERA(.channels = 1),
    CAMERA(.channels = 1, .scaling = 1),
    CAMERA(.channels = 3),
    CAMERA(.channels = 3, .grey = true)};
enum { N_USUAL = sizeof usual / sizeof *usual };

typedef struct block_cost {
    mdg_feature_opts opts;
    mdg_features features;
    uint64_t instructions, cycles; /* per frame */
    size_t code_bytes, table_bytes, sample_bytes, stack_bytes;
} block_cost;

/* One max pool over [frames][width] */
static mdg_graph *pool_of(mdg_arena *arena, const mdg_features *f) {
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    const int32_t x = mdg_tensor_add(g, s, "x", MDG_INT8, mdg_shape_of(4, 1, f->frames, f->width, 1));
    const int32_t y = mdg_tensor_add(g, s, "y", MDG_INT8, mdg_shape_of(4, 1, 1, 1, 1));
    mdg_tensor_quantize(g, &s->tensors[x], 0.05f, 0);
    mdg_tensor_quantize(g, &s->tensors[y], 0.05f, 0);
    mdg_op *op = mdg_op_add(g, s, MDG_OP_MAX_POOL_2D, 1, 1);
    op->inputs[0] = x;
    op->outputs[0] = y;
    *(mdg_pool2d_attrs *)op->attrs = (mdg_pool2d_attrs){.padding = MDG_PADDING_VALID,
                                                        .stride_w = 1,
                                                        .stride_h = 1,
                                                        .filter_w = f->width,
                                                        .filter_h = f->frames};
    mdg_subgraph_set_io(g, s, 1, &x, 1, &y);
    return g;
}

/* Noise at a quarter of full scale */
static int16_t *noise(mdg_arena *arena, size_t n) {
    int16_t *samples = mdg_arena_array(arena, n, sizeof *samples);
    mdg_rng r = mdg_rng_of(1, 0);
    for (size_t i = 0; i < n; i++) samples[i] = (int16_t)mdg_rng_uniform(&r, -8192, 8192);
    return samples;
}

/* The pool's code with the front end, or without: what it costs. */
static mdg_status measure_pool(mdg_cli *cli, const mdg_program *p, mdg_run_opts *run,
                               const mdg_emit_frontend *frontend, mdg_cost *out) {
    static const char *const labels[] = {"label"};
    const mdg_model_file m = {.path = "pool"};
    mdg_emit_frontend with = {0};
    mdg_emit_opts emit = {.name = run->name, .folder = run->folder, .target = run->target->name};
    void *input;
    if (frontend) {
        const mdg_features *f = frontend->features;
        const int h = frontend->image_h;
        const int32_t samples = h ? h * frontend->image_w : f->window + (f->frames - 1) * f->hop;
        with = *frontend;
        with.labels = labels;
        with.n_labels = 1;
        emit.frontend = &with;
        run->feed = h ? MDG_FEED_PIXELS : MDG_FEED_SAMPLES;
        run->input_bytes = (size_t)(samples * f->channels) * (h ? 1 : sizeof(int16_t));
        input = noise(cli->arena, (size_t)(samples * f->channels));
    } else {
        run->feed = MDG_FEED_INPUT;
        run->input_bytes = mdg_program_input_bytes(p);
        input = mdg_random_inputs(cli->arena, p, 1);
    }
    run->output_bytes = mdg_program_output_bytes(p);
    MDG_TRY(mdg_cli_emit(cli, &m, p, &emit));
    return mdg_target_measure(run, input, cli->arena, out, &cli->diag);
}

static size_t image_bytes(const mdg_cost *c) {
    return c->code_bytes + c->weights_bytes;
}

/* Every factor the same: what they are costs nothing. */
static mdg_emit_frontend frontend_of(mdg_arena *arena, const mdg_feature_opts *o, const mdg_features *f) {
    int32_t *mult = mdg_arena_array(arena, (size_t)f->width, sizeof *mult);
    int32_t *offset = mdg_arena_array(arena, (size_t)f->width, sizeof *offset);
    for (int k = 0; k < f->width; k++) mult[k] = 1500 + k;
    return (mdg_emit_frontend){.features = f,
                               .image_h = o->image_h,
                               .image_w = o->image_w,
                               .mult = mult,
                               .offset = offset,
                               .threshold = 0.5f};
}

static mdg_status measure_block(mdg_cli *cli, mdg_run_opts *run, block_cost *b) {
    const mdg_features *f = &b->features;
    const mdg_goal goal = {.target_name = run->target->name, .target = run->target};
    mdg_program program;
    mdg_cost bare, whole;
    b->opts.clip_ms = (b->opts.window_us + (FRAMES - 1) * b->opts.hop_us) / 1000;
    MDG_TRY(mdg_feature_build(&b->opts, cli->arena, &b->features, &cli->diag));
    MDG_TRY(mdg_model_target_program(cli, pool_of(cli->arena, f), &goal, &program));
    const mdg_emit_frontend frontend = frontend_of(cli->arena, &b->opts, f);
    MDG_TRY(measure_pool(cli, &program, run, NULL, &bare));
    MDG_TRY(measure_pool(cli, &program, run, &frontend, &whole));
    b->instructions = whole.feature_instructions;
    b->cycles = whole.feature_cycles;
    const size_t factor_bytes = 2 * sizeof(int32_t) * (size_t)f->width; /* of quantisation */
    b->table_bytes = mdg_feature_table_bytes(f) + factor_bytes;
    b->code_bytes = image_bytes(&whole) - image_bytes(&bare) - b->table_bytes;
    b->sample_bytes = b->opts.image_h ? 0 : (size_t)(f->window * f->channels) * sizeof(int16_t);
    b->stack_bytes = whole.stack_bytes;
    return MDG_OK;
}

/* ==== Text and JSON ==== */

static const char *picture_text(mdg_arena *arena, const mdg_feature_opts *o) {
    const char *colours = o->channels == 1 ? "grey" : o->grey ? "RGB to grey" : "RGB";
    return mdg_arena_printf(arena, "%d x %d of %d x %d to %d x %d, %s, %s", o->crop_h, o->crop_w, o->image_h,
                            o->image_w, o->resize_h, o->resize_w, colours, o->scaling ? "bilinear" : "area");
}

static const char *filter_text(mdg_arena *arena, const mdg_feature_opts *o) {
    static const char *const names[] = {"", "low", "high", "band"};
    return o->filter ? mdg_arena_printf(arena, ", %s pass of order %d", names[o->filter], o->filter_order)
                     : "";
}

static const char *options_text(mdg_arena *arena, const mdg_feature_opts *o) {
    if (o->image_h) return picture_text(arena, o);
    const char *of = o->kind == MDG_FEATURE_MFCC ? mdg_arena_printf(arena, ", %d coefficients", o->n_coeffs)
                     : o->kind == MDG_FEATURE_SPECTRAL ? ", statistics"
                                                       : "";
    const char *axes = o->channels > 1 ? mdg_arena_printf(arena, ", %d axes", o->channels) : "";
    if (o->kind == MDG_FEATURE_RAW)
        return mdg_arena_printf(arena, "%d Hz%s%s", o->sample_rate, axes, filter_text(arena, o));
    const char *bands = o->n_mels ? mdg_arena_printf(arena, "%d bands", o->n_mels) : "no bands";
    return mdg_arena_printf(arena, "%g kHz%s, %g/%g ms, %s%s", o->sample_rate / 1000.0, axes,
                            o->window_us / 1000.0, o->hop_us / 1000.0, bands, of);
}

static json_t *block_json(mdg_arena *arena, const block_cost *b) {
    json_t *o = json_pack("{s:s, s:s}", "kind", mdg_feature_kind_name(b->opts.kind), "options",
                          options_text(arena, &b->opts));
#define SAVE(name, value) json_object_set_new(o, name, json_integer((json_int_t)(value)));
    SAVE("instructions", b->instructions)
    if (b->cycles) SAVE("estimated_cycles", b->cycles)
    SAVE("frames_per_1000_s", 1000000000 / b->opts.hop_us)
    SAVE("code_bytes", b->code_bytes)
    SAVE("table_bytes", b->table_bytes)
    SAVE("sample_bytes", b->sample_bytes)
    SAVE("state_bytes", b->features.state_bytes)
    SAVE("scratch_bytes", b->features.scratch_bytes)
    SAVE("stack_bytes", b->stack_bytes)
#undef SAVE
    return o;
}

static mdg_status print_json(mdg_cli *cli, const mdg_target *target, const block_cost *blocks) {
    json_t *list = json_array();
    for (int i = 0; i < N_USUAL; i++) json_array_append_new(list, block_json(cli->arena, &blocks[i]));
    return mdg_json_print(json_pack("{s:s, s:o}", "target", target->name, "blocks", list));
}

static void print_table(mdg_cli *cli, const mdg_target *target, const block_cost *blocks) {
    printf("on the emulated %s, a frame (samples pushed, features, quantised); sizes in bytes:\n",
           target->name);
    printf("  %-12s %-46s %12s %10s %7s %7s %8s %6s %8s %6s\n", "block", "options", "instructions",
           "a second", "code", "tables", "samples", "state", "scratch", "stack");
    for (int i = 0; i < N_USUAL; i++) {
        const block_cost *b = &blocks[i];
        printf("  %-12s %-46s %12" PRIu64 " %8.2f M %7zu %7zu %8zu %6d %8d %6zu\n",
               mdg_feature_kind_name(b->opts.kind), options_text(cli->arena, &b->opts), b->instructions,
               (double)b->instructions / b->opts.hop_us, b->code_bytes, b->table_bytes, b->sample_bytes,
               (int)b->features.state_bytes, (int)b->features.scratch_bytes, b->stack_bytes);
    }
}

mdg_status mdg_feature_bench(mdg_cli *cli, const mdg_target *target, bool json) {
    block_cost blocks[N_USUAL];
    mdg_run_opts run = {.target = target, .name = "model", .repeat = 1};
    mdg_status status = MDG_OK;
    MDG_TRY(mdg_target_check_tools(cli, target));
    MDG_TRY(mdg_folder_temporary(cli->arena, &run.folder, &cli->diag));
    for (int i = 0; i < N_USUAL && status == MDG_OK; i++) {
        blocks[i] = (block_cost){.opts = usual[i]};
        status = measure_block(cli, &run, &blocks[i]);
        if (status == MDG_OK && !mdg_progress_report(&cli->progress, i + 1, N_USUAL, "features"))
            status = mdg_fail(&cli->diag, MDG_INTERRUPTED, "interrupted while measuring features");
    }
    mdg_folder_remove(run.folder);
    if (status != MDG_OK) return status;
    if (json) return print_json(cli, target, blocks);
    print_table(cli, target, blocks);
    return MDG_OK;
}
