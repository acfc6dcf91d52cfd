/* SPDX-License-Identifier: MIT */
#include "emit/parts.h"

#include <ctype.h>

static const char *const usage_bare =
    " *     #include \"$n.h\"\n"
    " *\n"
    " *     static uint8_t arena[$N_ARENA_BYTES] $N_ALIGNED;\n"
    "$S"
    " *     static $n_model model;\n"
    " *\n"
    " *     $n_init(&model, arena, $s);\n"
    " *     memcpy($n_input(&model, 0), data, $N_INPUT_0_BYTES);\n"
    " *     $n_invoke(&model);\n"
    " *     use($n_output(&model, 0));             // $N_OUTPUT_0_BYTES bytes\n"
    " *\n";

static const char *const usage_streaming =
    " *     #include \"$n.h\"\n"
    " *\n"
    " *     static uint8_t arena[$N_ARENA_BYTES] $N_ALIGNED;\n"
    " *     static uint8_t state[$N_STATE_BYTES] $N_ALIGNED;\n"
    " *     static $n_model model;\n"
    " *\n"
    " *     $n_init(&model, arena, state);\n"
    " *     for (int calls = 0;; calls++) {\n"
    " *         // the $N_HOP_FRAMES frames that are new, $N_INPUT_0_BYTES bytes\n"
    " *         memcpy($n_input(&model, 0), data, $N_INPUT_0_BYTES);\n"
    " *         $n_invoke(&model);\n"
    " *         if (calls >= $N_WARM_UP_CALLS) use($n_output(&model, 0));\n"
    " *     }\n"
    " *\n"
    " * The model is streaming: it remembers earlier frames, and each output is to the bit what the whole "
    "model "
    "gives on\n"
    " * the last $N_WINDOW_FRAMES frames. Until that many have come, outputs mean nothing: those of the "
    "first\n"
    " * $N_WARM_UP_CALLS calls after $n_init or $n_reset.\n"
    " *\n";

static const char *const usage_stream = " *     #include \"$n.h\"\n"
                                        " *\n"
                                        " *     static uint8_t arena[$N_ARENA_BYTES] $N_ALIGNED;\n"
                                        " *     static uint8_t state[$N_STATE_BYTES] $N_ALIGNED;\n"
                                        " *     static $n_model model;\n"
                                        " *\n"
                                        " *     $n_init(&model, arena, state);\n";

static const char *const usage_samples =
    " *     for (;;) {\n"
    " *         // samples: as many as have come, at any time\n"
    " *         if ($n_push_samples(&model, samples, n) == 0) continue;\n"
    " *         const int best = $n_best($n_scores(&model));\n"
    " *         if (best >= 0) say($n_labels[best]);\n"
    " *     }\n"
    " *\n";

static const char *const usage_hops =
    " *     for (;;) {\n"
    " *         // samples: as many as have come, at any time\n"
    " *         for (int32_t at = 0; at < n;) {\n"
    " *             at += $n_push_samples(&model, samples + at * $N_CHANNELS, n - at);\n"
    " *             const int8_t *scores = $n_scores(&model);\n"
    " *             if (scores && $n_best(scores) >= 0) say($n_labels[$n_best(scores)]);\n"
    " *         }\n"
    " *     }\n"
    " *\n"
    " * The model is streaming: it takes $N_HOP_ROWS rows at a time and remembers what it needs of earlier "
    "ones. Its scores are\n"
    " * to the bit what the whole model gives on the last $N_ROWS rows.\n"
    " *\n";

static const char *const usage_image =
    " *     #include \"$n.h\"\n"
    " *\n"
    " *     static uint8_t arena[$N_ARENA_BYTES] $N_ALIGNED;\n"
    "$S"
    " *     static $n_model model;\n"
    " *\n"
    " *     $n_init(&model, arena, $s);\n"
    " *     for (int32_t y = 0; y < $N_HEIGHT; y++)   // line by line, or at once\n"
    " *         $n_set_pixels(&model, y * $N_WIDTH, line_of_camera(y), $N_WIDTH);\n"
    " *     const int best = $n_best($n_scores(&model));\n"
    " *     if (best >= 0) say($n_labels[best]);\n"
    " *\n";

static const char *const usage_map =
    " *     #include \"$n.h\"\n"
    " *\n"
    " *     static uint8_t arena[$N_ARENA_BYTES] $N_ALIGNED;\n"
    "$S"
    " *     static $n_model model;\n"
    " *     $n_found found[8];\n"
    " *\n"
    " *     $n_init(&model, arena, $s);\n"
    " *     for (int32_t y = 0; y < $N_HEIGHT; y++)   // line by line, or at once\n"
    " *         $n_set_pixels(&model, y * $N_WIDTH, line_of_camera(y), $N_WIDTH);\n"
    " *     const int32_t n = $n_find($n_scores(&model), found, 8);\n"
    " *     for (int32_t i = 0; i < n && i < 8; i++) say($n_labels[found[i].kind], found[i].x, found[i].y);\n"
    " *\n";

static const char *const memory_text =
    " * Memory: all of it is the caller's. The arena holds inputs, outputs and what lies between; other code "
    "may use it\n"
    " * between inferences. The state must survive from one call to the next. Both are aligned to 16 bytes.\n"
    " * Threads: a model belongs to one thread at a time; several models, each with its own memory, may run "
    "side by side.\n"
    " */\n";

static const char *const functions_bare =
    "\n"
    "/* Binds the model to its memory and resets it; without state (0 bytes), state may be NULL. */\n"
    "void $n_init($n_model *m, void *arena, void *state);\n"
    "\n"
    "/* Where input k is to be written before each inference: its memory is used for other things during it. "
    "*/\n"
    "void *$n_input(const $n_model *m, int k);\n"
    "\n"
    "/* Output k, valid until the arena is written again. */\n"
    "const void *$n_output(const $n_model *m, int k);\n"
    "\n"
    "void $n_invoke($n_model *m);\n"
    "\n"
    "/* State to its initial value. */\n"
    "void $n_reset($n_model *m);\n";

static const char *const functions_frontend = "\n"
                                              "extern const char *const $n_labels[$N_CLASSES];\n"
                                              "\n"
                                              "/* Binds the model to its memory and resets it. */\n"
                                              "void $n_init($n_model *m, void *arena, void *state);\n";

static const char *const functions_samples =
    "\n"
    "/* Takes n samples, each of $N_CHANNELS values, and turns them into rows of features. Uses the arena.\n"
    " * Returns how many rows they completed. */\n"
    "int32_t $n_push_samples($n_model *m, const int16_t *samples, int32_t n);\n"
    "\n"
    "/* Runs the model over the last $N_ROWS rows; rows not heard yet count as silence.\n"
    " * Returns $N_CLASSES scores, valid until samples are pushed: score = $N_SCORE_SCALE * (q - "
    "$N_SCORE_ZERO_POINT). */\n"
    "const int8_t *$n_scores($n_model *m);\n"
    "\n"
    "/* Forgets all samples. */\n"
    "void $n_reset($n_model *m);\n";

static const char *const functions_hops =
    "\n"
    "/* Takes samples, each of $N_CHANNELS values, until a hop of $N_HOP_ROWS rows of features is complete, "
    "at "
    "most n. Uses the arena.\n"
    " * Returns how many it took: call it until all are taken. */\n"
    "int32_t $n_push_samples($n_model *m, const int16_t *samples, int32_t n);\n"
    "\n"
    "/* Where a hop is complete, runs the model over it, once.\n"
    " * Returns $N_CLASSES scores, valid until samples are pushed: score = $N_SCORE_SCALE * (q - "
    "$N_SCORE_ZERO_POINT); NULL where\n"
    " * there are none: between hops, and before $N_ROWS rows have been heard. */\n"
    "const int8_t *$n_scores($n_model *m);\n"
    "\n"
    "/* Forgets all samples. */\n"
    "void $n_reset($n_model *m);\n";

static const char *const functions_decide =
    "\n"
    "/* Takes samples until an inference is due, at most n, and decides whether what it hears is an event.\n"
    " * Returns how many it took; *event is a class, an index of $n_labels, or -1. Call it until all are "
    "taken. */\n"
    "int32_t $n_listen($n_model *m, const int16_t *samples, int32_t n, int *event);\n";

static const char *const functions_image =
    "\n"
    "/* Pixels first to first + n - 1 of the camera's picture, $N_CHANNELS bytes each: in order, from first "
    "= "
    "0 on. All of it\n"
    " * has to be set before each decision. Uses the arena. */\n"
    "void $n_set_pixels($n_model *m, int32_t first, const uint8_t *pixels, int32_t n);\n"
    "\n"
    "/* Runs the model over the picture.\n"
    " * Returns $N_SCORES scores, valid until pixels are set: score = $N_SCORE_SCALE * (q - "
    "$N_SCORE_ZERO_POINT). */\n"
    "const int8_t *$n_scores($n_model *m);\n"
    "\n"
    "/* State to its initial value. */\n"
    "void $n_reset($n_model *m);\n";

static const char *const functions_decision =
    "\n"
    "/* Returns the class with the highest score, an index of $n_labels, or -1 when that is below "
    "$N_THRESHOLD. */\n"
    "int $n_best(const int8_t *scores);\n";

static const char *const functions_finding =
    "\n"
    "/* Finds the objects that the scores of the map tell of: the first `room` of them, from top to bottom.\n"
    " * Returns how many there are. */\n"
    "int32_t $n_find(const int8_t *scores, $n_found *found, int32_t room);\n";

static const char *const found_text =
    "\n"
    "typedef struct $n_found {\n"
    "    int16_t kind;  /* index of $n_labels */\n"
    "    int16_t x, y;  /* centre, in pixels of the camera's picture */\n"
    "    int16_t score; /* how sure it is that something is there, of 256 */\n"
    "} $n_found;\n";

mdg_streaming mdg_emit_streaming(const mdg_emit *e) {
    const mdg_streaming none = {0};
    return e->program->graph ? e->program->graph->streaming : none;
}

static void print_usage_text(const mdg_emit *e, FILE *out, const char *text) {
    const mdg_emit_frontend *front = e->opts->frontend;
    const bool has_state = (front ? mdg_emit_frontend_state_bytes(e, 4) : e->program->state_bytes) > 0;
    for (const char *p = text; *p; p++) {
        if (p[0] != '$') {
            fputc(*p, out);
            continue;
        }
        const char name[] = {p[0], p[1], '\0'};
        p++;
        if (*p == 's')
            fputs(has_state ? "state" : "NULL", out);
        else if (*p != 'S')
            mdg_emit_text(e, out, name);
        else if (has_state)
            mdg_emit_text(e, out, " *     static uint8_t state[$N_STATE_BYTES] $N_ALIGNED;\n");
    }
}

static void print_usage(const mdg_emit *e, FILE *out) {
    const mdg_emit_frontend *front = e->opts->frontend;
    const bool streams = mdg_emit_streaming(e).hop > 0;
    if (!front) {
        print_usage_text(e, out, streams ? usage_streaming : usage_bare);
    } else if (front->image_h) {
        print_usage_text(e, out, front->map ? usage_map : usage_image);
    } else {
        print_usage_text(e, out, usage_stream);
        print_usage_text(e, out, streams ? usage_hops : usage_samples);
    }
}

static const char *element_type(mdg_type type) {
    switch (type) {
    case MDG_FLOAT32: return "float";
    case MDG_INT32: return "int32_t";
    case MDG_INT64: return "int64_t";
    case MDG_INT16: return "int16_t";
    case MDG_INT8: return "int8_t";
    default: return "uint8_t";
    }
}

static void define(const mdg_emit *e, FILE *out, const char *what) {
    fputs("#define ", out);
    mdg_emit_text(e, out, what);
    fputc(' ', out);
}

static void print_io(const mdg_emit *e, FILE *out, const char *kind, const mdg_io *io, int k) {
    const mdg_tensor *t = io->tensor;
    const char *prefix = e->upper;
    fprintf(out, "\n/* %s %d: ", kind[0] == 'I' ? "input" : "output", k);
    mdg_emit_comment(out, t->name ? t->name : "");
    fprintf(out, ", %s ", mdg_type_text(t->type));
    mdg_emit_shape(out, &t->shape);
    fprintf(out, " */\n#define %s_%s_%d_BYTES %zu\n", prefix, kind, k, e->program->buffers[io->buffer].bytes);
    fprintf(out, "#define %s_%s_%d_TYPE %s\n#define %s_%s_%d_SHAPE {", prefix, kind, k, element_type(t->type),
            prefix, kind, k);
    for (int i = 0; i < t->shape.rank; i++) fprintf(out, "%s%d", i ? ", " : "", (int)t->shape.dim[i]);
    fputs(t->shape.rank ? "}\n" : "1}\n", out);
    if (t->quant.count != 1) return;
    fprintf(out, "#define %s_%s_%d_SCALE ", prefix, kind, k);
    mdg_emit_float(out, t->quant.scale[0]);
    fprintf(out, "\n#define %s_%s_%d_ZERO_POINT (%d)\n", prefix, kind, k, (int)t->quant.zero_point[0]);
}

/* {490, 20}: for tables */
static void print_io_sizes(const mdg_emit *e, FILE *out, const mdg_io *io, int n) {
    fputc('{', out);
    for (int i = 0; i < n; i++) fprintf(out, "%s%zu", i ? ", " : "", e->program->buffers[io[i].buffer].bytes);
    fputs("}\n", out);
}

static void print_streaming(const mdg_emit *e, FILE *out) {
    const mdg_streaming s = mdg_emit_streaming(e);
    if (!s.hop) return;
    fputs("/* Frames of a call, and of the window that an output tells of */\n", out);
    define(e, out, "$N_HOP_FRAMES");
    fprintf(out, "%d\n", (int)s.hop);
    define(e, out, "$N_WINDOW_FRAMES");
    fprintf(out, "%d\n/* How many calls after a reset have outputs without meaning */\n", (int)s.window);
    define(e, out, "$N_WARM_UP_CALLS");
    fprintf(out, "%d\n\n", (int)s.warm_up);
}

static void print_bare_sizes(const mdg_emit *e, FILE *out) {
    const mdg_program *p = e->program;
    define(e, out, "$N_STATE_BYTES");
    fprintf(out, "%zu\n\n", p->state_bytes);
    print_streaming(e, out);
    define(e, out, "$N_INPUTS");
    fprintf(out, "%d\n", p->n_inputs);
    define(e, out, "$N_OUTPUTS");
    fprintf(out, "%d\n", p->n_outputs);
    define(e, out, "$N_INPUT_BYTES");
    print_io_sizes(e, out, p->inputs, p->n_inputs);
    define(e, out, "$N_OUTPUT_BYTES");
    print_io_sizes(e, out, p->outputs, p->n_outputs);
    for (int i = 0; i < p->n_inputs; i++) print_io(e, out, "INPUT", &p->inputs[i], i);
    for (int i = 0; i < p->n_outputs; i++) print_io(e, out, "OUTPUT", &p->outputs[i], i);
}

static void print_frontend_sizes(const mdg_emit *e, FILE *out) {
    const mdg_quant *q = &e->program->outputs[0].tensor->quant;
    define(e, out, "$N_STATE_BYTES");
    if (e->opts->frontend->image_h)
        fprintf(out, "%zu\n", mdg_emit_frontend_state_bytes(e, 0));
    else
        fprintf(out, "(%zu + 7 * sizeof(void *)) /* %zu on a 32-bit processor */\n",
                mdg_emit_frontend_state_bytes(e, 0), mdg_emit_frontend_state_bytes(e, 4));
    mdg_emit_frontend_h(e, out);
    define(e, out, "$N_SCORE_SCALE");
    mdg_emit_float(out, q->scale[0]);
    fputc('\n', out);
    define(e, out, "$N_SCORE_ZERO_POINT");
    fprintf(out, "(%d)\n", (int)q->zero_point[0]);
}

static const char *const aligned_text =
    "\n"
    "/* Alignment of the caller's memory, where the compiler has a word for it */\n"
    "#if defined(__GNUC__)\n"
    "#    define $N_ALIGNED __attribute__((aligned(16)))\n"
    "#else\n"
    "#    define $N_ALIGNED\n"
    "#endif\n\n";

static const char *const model_text = "\n"
                                      "#ifdef __cplusplus\n"
                                      "extern \"C\" {\n"
                                      "#endif\n"
                                      "\n"
                                      "typedef struct $n_model {\n"
                                      "    uint8_t *arena;\n"
                                      "    uint8_t *state;\n"
                                      "} $n_model;\n";

static void print_functions(const mdg_emit *e, FILE *out) {
    const mdg_emit_frontend *front = e->opts->frontend;
    if (!front) {
        mdg_emit_text(e, out, functions_bare);
        return;
    }
    mdg_emit_text(e, out, functions_frontend);
    mdg_emit_text(e, out,
                  front->image_h              ? functions_image
                  : mdg_emit_streaming(e).hop ? functions_hops
                                              : functions_samples);
    if (front->decide && !front->image_h) mdg_emit_text(e, out, functions_decide);
    mdg_emit_text(e, out, front->map ? functions_finding : functions_decision);
}

void mdg_emit_header(const mdg_emit *e, FILE *out) {
    mdg_emit_head_comment(e, out, "h");
    fputs(" *\n", out);
    print_usage(e, out);
    fputs(memory_text, out);
    mdg_emit_text(e, out, "#ifndef $N_H\n#define $N_H\n\n#include <stddef.h>\n#include <stdint.h>\n");
    mdg_emit_text(e, out, aligned_text);
    define(e, out, "$N_ARENA_BYTES");
    fprintf(out, "%zu\n", e->arena_bytes);
    if (e->opts->frontend)
        print_frontend_sizes(e, out);
    else
        print_bare_sizes(e, out);
    mdg_emit_text(e, out, model_text);
    if (e->opts->frontend && e->opts->frontend->map) mdg_emit_text(e, out, found_text);
    print_functions(e, out);
    fputs("\n#ifdef __cplusplus\n}\n#endif\n\n#endif\n", out);
}
