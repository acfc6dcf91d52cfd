/* SPDX-License-Identifier: MIT
 *
 * The state of a model with a front end, in the caller's memory: the model's own state, the samples and
 * feature rows that the front end keeps, and last its bookkeeping (mdg_features_stream), whose size depends
 * on that of a pointer.
 */
#include "emit/parts.h"

#include <math.h>
#include <string.h>

#include "midge/blocks.h"
#include "midge/filter.h"

enum { STREAM_POINTERS = 7, STREAM_INTEGERS = 24 }; /* of mdg_features_stream; the generated file checks it */

/* Rows that the model takes a call: of one that streams a hop, else all. */
static int32_t rows_of_call(const mdg_emit *e) {
    const mdg_streaming s = mdg_emit_streaming(e);
    return s.hop ? s.hop : e->opts->frontend->features->frames;
}

static size_t samples_offset(const mdg_emit *e) {
    return mdg_emit_align(e->program->state_bytes, 16);
}

static size_t rows_offset(const mdg_emit *e) {
    const mdg_features *f = e->opts->frontend->features;
    return samples_offset(e) + mdg_emit_align((size_t)(f->window * f->channels) * sizeof(int16_t), 8);
}

static size_t block_offset(const mdg_emit *e) {
    const mdg_features *f = e->opts->frontend->features;
    return rows_offset(e) + mdg_emit_align((size_t)rows_of_call(e) * (size_t)f->width, 8);
}

static size_t hop_offset(const mdg_emit *e) {
    return block_offset(e) + (size_t)e->opts->frontend->features->state_bytes;
}

/* Of a model that streams: rows to the next hop, hops to the first scores with meaning */
static size_t decide_offset(const mdg_emit *e) {
    return hop_offset(e) + (mdg_emit_streaming(e).hop ? 2 * sizeof(int32_t) : 0);
}

/* The number of rows since the last inference, then what decisions keep */
static size_t stream_offset(const mdg_emit *e) {
    const mdg_decide *d = e->opts->frontend->decide;
    if (!d) return decide_offset(e);
    return decide_offset(e) + mdg_emit_align(4 + (size_t)MDG_DECIDE_BYTES(d->n_classes, d->smoothing), 8);
}

static bool is_image(const mdg_emit *e) {
    return e->opts->frontend->image_h > 0;
}

static bool is_picture(const mdg_emit *e) {
    return e->opts->frontend->features->frame == mdg_picture_frame;
}

size_t mdg_emit_frontend_state_bytes(const mdg_emit *e, size_t pointer_bytes) {
    if (is_picture(e)) return samples_offset(e) + (size_t)e->opts->frontend->features->state_bytes;
    if (is_image(e)) return e->program->state_bytes;
    return stream_offset(e) + STREAM_POINTERS * pointer_bytes + STREAM_INTEGERS;
}

mdg_status mdg_emit_frontend_check(const mdg_emit *e, mdg_diag *diag) {
    const mdg_program *p = e->program;
    const mdg_emit_frontend *a = e->opts->frontend;
    const char *name = e->opts->name;
    if (p->n_inputs != 1 || p->n_outputs != 1)
        return mdg_fail(diag, MDG_UNSUPPORTED, "%s: a model behind a front end has one input and one output",
                        name);
    const mdg_tensor *x = p->inputs[0].tensor, *y = p->outputs[0].tensor;
    if (x->type != MDG_INT8 || y->type != MDG_INT8 || y->quant.count < 1)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: a model behind a front end takes and gives int8; quantise it", name);
    if (mdg_shape_elements(&x->shape) != (int64_t)rows_of_call(e) * a->features->width)
        return mdg_fail(diag, MDG_INVALID, "%s: the features have %d x %d values, the model's input %lld",
                        name, (int)rows_of_call(e), (int)a->features->width,
                        (long long)mdg_shape_elements(&x->shape));
    const int64_t cells = a->map ? (int64_t)a->map->h * a->map->w : 1;
    if (mdg_shape_elements(&y->shape) != a->n_labels * cells || a->n_labels < 1)
        return mdg_fail(diag, MDG_INVALID, "%s: %d labels for %lld scores", name, a->n_labels,
                        (long long)mdg_shape_elements(&y->shape));
    if (a->map && (y->quant.scale[0] != 1.0f / 256 || y->quant.zero_point[0] != INT8_MIN))
        return mdg_fail(diag, MDG_UNSUPPORTED, "%s: the scores of a map are those of a softmax in int8",
                        name);
    return MDG_OK;
}

/* The least score that counts as recognised; 128, which no score reaches, where the threshold is above all.
 */
static int integer_threshold(const mdg_emit *e) {
    const mdg_quant *q = &e->program->outputs[0].tensor->quant;
    const double least =
        ceil((double)e->opts->frontend->threshold / (double)q->scale[0] - 1e-6) + q->zero_point[0];
    return least < -128 ? -128 : least > 127 ? 128 : (int)least;
}

static void define(const mdg_emit *e, FILE *out, const char *name, int value, const char *comment) {
    mdg_emit_text(e, out, "#define $N_");
    fprintf(out, "%s %d%s\n", name, value, comment);
}

/* What the numbers of each channel stand for. */
static void print_units(const mdg_emit *e, FILE *out) {
    const mdg_emit_frontend *a = e->opts->frontend;
    for (int k = 0; a->channel_names && k < a->features->channels; k++) {
        fprintf(out, "/* channel %d", k);
        if (a->channel_names[k][0]) fputs(": ", out);
        mdg_emit_comment(out, a->channel_names[k]);
        fprintf(out, ", value * %.9g */\n", 32767.0 / (double)a->full_scale[k]);
    }
}

static void print_sample_sizes(const mdg_emit *e, FILE *out) {
    const mdg_features *f = e->opts->frontend->features;
    mdg_emit_text(e, out, "\n/* Samples in, scores out */\n");
    define(e, out, "WINDOW_SAMPLES", f->window, "");
    define(e, out, "HOP_SAMPLES", f->hop, " /* a row of features comes from each hop */");
    define(e, out, "ROWS", f->frames, " /* rows that a decision is made of */");
    if (mdg_emit_streaming(e).hop)
        define(e, out, "HOP_ROWS", rows_of_call(e), " /* rows from one inference to the next */");
    if (e->opts->frontend->decide)
        define(e, out, "DECIDE_ROWS", e->opts->frontend->decide_rows,
               " /* rows from one decision to the next */");
}

static void print_image_sizes(const mdg_emit *e, FILE *out) {
    mdg_emit_text(e, out, "\n/* Pixels in, scores out */\n");
    define(e, out, "HEIGHT", e->opts->frontend->image_h, "");
    define(e, out, "WIDTH", e->opts->frontend->image_w, "");
}

static void print_map_sizes(const mdg_emit *e, FILE *out) {
    const mdg_map *m = e->opts->frontend->map;
    define(e, out, "MAP_HEIGHT", m->h, " /* cells, each with a score for each class */");
    define(e, out, "MAP_WIDTH", m->w, "");
    define(e, out, "SCORES", m->h * m->w * m->n_classes, "");
    define(e, out, "THRESHOLD", m->threshold, " /* of 256, from which an object is found */");
}

void mdg_emit_frontend_h(const mdg_emit *e, FILE *out) {
    const mdg_emit_frontend *a = e->opts->frontend;
    if (is_image(e))
        print_image_sizes(e, out);
    else
        print_sample_sizes(e, out);
    define(e, out, "CHANNELS", a->features->channels, " /* values of a sample */");
    print_units(e, out);
    define(e, out, "CLASSES", a->n_labels, a->map ? " /* the first is where there is nothing */" : "");
    if (a->map) {
        print_map_sizes(e, out);
        return;
    }
    define(e, out, "SCORES", a->n_labels, "");
    mdg_emit_text(e, out, "#define $N_THRESHOLD (");
    fprintf(out, "%d) /* %.3g as a score */\n", integer_threshold(e), (double)a->threshold);
}

static void print_table(const mdg_emit *e, FILE *out, const char *type, const char *name, const void *data,
                        size_t bytes) {
    char full[MDG_EMIT_NAME_MAX + 64];
    snprintf(full, sizeof full, "%s_%s", e->opts->name, name);
    fputc('\n', out);
    mdg_emit_array(out, type, full, data, bytes);
}

#define IS_BLOCK(name, type)                                                                                 \
    if (f->frame == mdg_##name##_frame) return #name;

const char *mdg_emit_block_name(const mdg_features *f) {
    MDG_BLOCK_LIST(IS_BLOCK)
    return "none";
}

#define TYPE_OF(name, type)                                                                                  \
    if (f->frame == mdg_##name##_frame) return #type;

const char *mdg_emit_block_type(const mdg_features *f) {
    MDG_BLOCK_LIST(TYPE_OF)
    return "none";
}

/* A function for each type of block: its tables, then its struct of constants. */
#define TABLE(type, name, count)                                                                             \
    if ((count) > 0) print_table(e, out, #type, #name, b->name, (size_t)(count) * sizeof(type));
#define SCALAR_VALUE(name) fprintf(out, "    /* " #name " */ %d,\n", (int)b->name);
#define TABLE_NAME(type, name, count)                                                                        \
    mdg_emit_text(e, out, (count) > 0 ? "    $n_" #name ",\n" : "    NULL,\n");
#define NOTHING(name)
#define PRINT_BLOCK(name)                                                                                    \
    static void print_##name(const mdg_emit *e, const mdg_##name *b, FILE *out) {                            \
        MDG_BLOCK_##name(NOTHING, TABLE)                                                                     \
            mdg_emit_text(e, out, "\nstatic const mdg_" #name " $n_" #name " = {\n");                        \
        MDG_BLOCK_##name(SCALAR_VALUE, TABLE_NAME) fputs("};\n", out);                                       \
    }
MDG_BLOCK_TYPES(PRINT_BLOCK)

static void print_features(const mdg_emit *e, FILE *out) {
    const mdg_features *f = e->opts->frontend->features;
    const char *block = mdg_emit_block_name(f);
#define CALL_PRINT(name, type)                                                                               \
    if (f->frame == mdg_##name##_frame) print_##type(e, f->block, out);
    MDG_BLOCK_LIST(CALL_PRINT)
    if (f->filter)
        print_table(e, out, "int32_t", "sections", f->sections,
                    (size_t)(f->n_sections * MDG_FILTER_VALUES) * sizeof(int32_t));
    mdg_emit_text(e, out, "\nstatic const mdg_features $n_features = {\n");
    fprintf(out, "    mdg_%s_frame,\n    %s,\n    &%s_%s,\n", block, f->filter ? "mdg_filter" : "NULL",
            e->opts->name, mdg_emit_block_type(f));
    mdg_emit_text(e, out, f->filter ? "    $n_sections,\n" : "    NULL,\n");
    fprintf(out, "    /* n_sections */ %d,\n", (int)f->n_sections);
    fprintf(out, "    /* window */ %d,\n    /* hop */ %d,\n    /* channels */ %d,\n", (int)f->window,
            (int)f->hop, (int)f->channels);
    fprintf(out, "    /* width */ %d,\n    /* frames */ %d,\n    /* unit */ %d,\n", (int)f->width,
            (int)rows_of_call(e), (int)f->unit);
    fprintf(out, "    /* state_bytes */ %d,\n", (int)f->state_bytes);
    fprintf(out, "    /* scratch_bytes */ %d,\n};\n", (int)f->scratch_bytes);
}

static void print_labels(const mdg_emit *e, FILE *out) {
    mdg_emit_text(e, out, "\nconst char *const $n_labels[$N_CLASSES] = {\n");
    for (int i = 0; i < e->opts->frontend->n_labels; i++) {
        fputs("    ", out);
        mdg_emit_string(out, e->opts->frontend->labels[i]);
        fputs(",\n", out);
    }
    fputs("};\n", out);
}

static const char sample_functions[] =
    "\n"
    "typedef char $n_stream_fits[sizeof(mdg_features_stream) <= $N_STATE_BYTES - $N_STREAM ? 1 : -1];\n"
    "\n"
    "static mdg_features_stream *$n_stream(const $n_model *m)\n"
    "{\n"
    "    return (mdg_features_stream *)(void *)(m->state + $N_STREAM);\n"
    "}\n"
    "\n"
    "void $n_reset($n_model *m)\n"
    "{\n"
    "    mdg_features_stream *s = $n_stream(m);\n"
    "    s->features = &$n_features;\n"
    "    s->mult = $n_mult;\n"
    "    s->offset = $n_offset;\n"
    "    s->samples = (int16_t *)(void *)(m->state + $N_SAMPLES);\n"
    "    s->rows = (int8_t *)(m->state + $N_ROW_RING);\n"
    "    s->state = m->state + $N_BLOCK;\n"
    "    s->scratch = m->arena;\n"
    "    mdg_features_start(s);\n"
    "$D"
    "    $n_reset_model(m);\n"
    "}\n";

static const char window_functions[] =
    "\n"
    "int32_t $n_push_samples($n_model *m, const int16_t *samples, int32_t n)\n"
    "{\n"
    "    mdg_features_stream *s = $n_stream(m);\n"
    "    int32_t rows = 0;\n"
    "    while (n > 0) {\n"
    "        const int32_t used = mdg_features_push(s, samples, n);\n"
    "        samples += used * $N_CHANNELS;\n"
    "        n -= used;\n"
    "        rows += s->fresh;\n"
    "    }\n"
    "    return rows;\n"
    "}\n"
    "\n"
    "const int8_t *$n_scores($n_model *m)\n"
    "{\n"
    "    mdg_features_read($n_stream(m), (int8_t *)$n_input(m, 0));\n"
    "    $n_invoke(m);\n"
    "    return (const int8_t *)$n_output(m, 0);\n"
    "}\n";

static const char hop_reset[] = "    ((int32_t *)(void *)(m->state + $N_HOP))[0] = $N_FIRST_HOP_ROWS;\n"
                                "    ((int32_t *)(void *)(m->state + $N_HOP))[1] = $N_WARM_UP_CALLS;\n";

static const char hop_functions[] =
    "\n"
    "int32_t $n_push_samples($n_model *m, const int16_t *samples, int32_t n)\n"
    "{\n"
    "    mdg_features_stream *s = $n_stream(m);\n"
    "    int32_t *rows = (int32_t *)(void *)(m->state + $N_HOP);\n"
    "    int32_t taken = 0;\n"
    "    if (*rows == 0) (void)$n_scores(m);\n"
    "    while (taken < n && *rows > 0) {\n"
    "        taken += mdg_features_push(s, samples + taken * $N_CHANNELS, n - taken);\n"
    "        *rows -= s->fresh;\n"
    "    }\n"
    "    return taken;\n"
    "}\n"
    "\n"
    "const int8_t *$n_scores($n_model *m)\n"
    "{\n"
    "    int32_t *rows = (int32_t *)(void *)(m->state + $N_HOP), *warm_up = rows + 1;\n"
    "    if (*rows > 0) return NULL;\n"
    "    *rows = $N_HOP_ROWS;\n"
    "    mdg_features_read($n_stream(m), (int8_t *)$n_input(m, 0));\n"
    "    $n_invoke(m);\n"
    "    if (*warm_up == 0) return (const int8_t *)$n_output(m, 0);\n"
    "    *warm_up -= 1;\n"
    "    return NULL;\n"
    "}\n";

static const char decide_reset[] = "    *(int32_t *)(void *)(m->state + $N_DECIDE) = $N_DECIDE_ROWS;\n"
                                   "    mdg_decide_start(&$n_decide, m->state + $N_DECIDE + 4);\n";

static const char decide_functions[] =
    "\n"
    "int32_t $n_listen($n_model *m, const int16_t *samples, int32_t n, int *event)\n"
    "{\n"
    "    mdg_features_stream *s = $n_stream(m);\n"
    "    int32_t *rows = (int32_t *)(void *)(m->state + $N_DECIDE);\n"
    "    int32_t taken = 0;\n"
    "    *event = -1;\n"
    "    while (taken < n) {\n"
    "        taken += mdg_features_push(s, samples + taken * $N_CHANNELS, n - taken);\n"
    "        if (!s->fresh) continue;\n"
    "        *rows += 1;\n"
    "        if (s->n_rows < $N_ROWS || *rows < $N_DECIDE_ROWS) continue;\n"
    "        *rows = 0;\n"
    "        *event = (int)mdg_decide_next(&$n_decide, m->state + $N_DECIDE + 4, $n_scores(m));\n"
    "        break;\n"
    "    }\n"
    "    return taken;\n"
    "}\n";

static const char decide_hop_functions[] =
    "\n"
    "int32_t $n_listen($n_model *m, const int16_t *samples, int32_t n, int *event)\n"
    "{\n"
    "    int32_t *rows = (int32_t *)(void *)(m->state + $N_DECIDE);\n"
    "    int32_t taken = 0;\n"
    "    *event = -1;\n"
    "    while (taken < n) {\n"
    "        taken += $n_push_samples(m, samples + taken * $N_CHANNELS, n - taken);\n"
    "        const int8_t *scores = $n_scores(m);\n"
    "        if (!scores) continue;\n"
    "        *rows += $N_HOP_ROWS;\n"
    "        if (*rows < $N_DECIDE_ROWS) continue;\n"
    "        *rows = 0;\n"
    "        *event = (int)mdg_decide_next(&$n_decide, m->state + $N_DECIDE + 4, scores);\n"
    "        break;\n"
    "    }\n"
    "    return taken;\n"
    "}\n";

static const char image_functions[] =
    "\n"
    "void $n_reset($n_model *m)\n"
    "{\n"
    "    $n_reset_model(m);\n"
    "}\n"
    "\n"
    "void $n_set_pixels($n_model *m, int32_t first, const uint8_t *pixels, int32_t n)\n"
    "{\n"
    "    int8_t *input = (int8_t *)$n_input(m, 0) + first * $N_CHANNELS;\n"
    "    for (int32_t i = 0; i < n; i++) {\n"
    "        int16_t pixel[$N_CHANNELS];\n"
    "        for (int32_t c = 0; c < $N_CHANNELS; c++) pixel[c] = *pixels++;\n"
    "        mdg_features_quantize(&$n_features, $n_mult, $n_offset, pixel, input + i * $N_CHANNELS);\n"
    "    }\n"
    "}\n";

static const char picture_functions[] =
    "\n"
    "void $n_reset($n_model *m)\n"
    "{\n"
    "    mdg_picture_start(&$n_picture, m->state + $N_SAMPLES);\n"
    "    $n_reset_model(m);\n"
    "}\n"
    "\n"
    "void $n_set_pixels($n_model *m, int32_t first, const uint8_t *pixels, int32_t n)\n"
    "{\n"
    "    void *memory = m->state + $N_SAMPLES;\n"
    "    const int16_t *line;\n"
    "    if (first == 0) mdg_picture_start(&$n_picture, memory);\n"
    "    do {\n"
    "        const int32_t used = mdg_picture_push(&$n_picture, memory, pixels, n, &line);\n"
    "        pixels += used * $N_CHANNELS;\n"
    "        n -= used;\n"
    "        if (!line) continue;\n"
    "        int8_t *input = (int8_t *)$n_input(m, 0) + mdg_picture_row(memory) * $N_LINE_BYTES;\n"
    "        for (int32_t i = 0; i < $N_LINE_BYTES; i += $N_FEATURES)\n"
    "            mdg_features_quantize(&$n_features, $n_mult, $n_offset, line + i, input + i);\n"
    "    } while (n > 0 || line);\n"
    "}\n";

/* Of what has its input in place already */
static const char image_scores[] = "\n"
                                   "const int8_t *$n_scores($n_model *m)\n"
                                   "{\n"
                                   "    $n_invoke(m);\n"
                                   "    return (const int8_t *)$n_output(m, 0);\n"
                                   "}\n";

static const char decision[] = "\n"
                               "int $n_best(const int8_t *scores)\n"
                               "{\n"
                               "    int best = 0;\n"
                               "    for (int i = 1; i < $N_CLASSES; i++) {\n"
                               "        if (scores[i] > scores[best]) best = i;\n"
                               "    }\n"
                               "    return scores[best] >= $N_THRESHOLD ? best : -1;\n"
                               "}\n";

static const char finding[] =
    "\n"
    "int32_t $n_find(const int8_t *scores, $n_found *found, int32_t room)\n"
    "{\n"
    "    mdg_found next;\n"
    "    int32_t n = 0;\n"
    "    for (int32_t cell = 0; mdg_find_next(&$n_map, scores, &cell, &next); n++) {\n"
    "        if (n >= room) continue;\n"
    "        found[n].kind = next.kind;\n"
    "        found[n].x = next.x;\n"
    "        found[n].y = next.y;\n"
    "        found[n].score = next.score;\n"
    "    }\n"
    "    return n;\n"
    "}\n";

static void print_map(const mdg_emit *e, FILE *out) {
    const mdg_map *m = e->opts->frontend->map;
    mdg_emit_text(e, out,
                  "\nstatic const mdg_map $n_map = {$N_MAP_HEIGHT, $N_MAP_WIDTH, $N_CLASSES, $N_THRESHOLD, ");
    fprintf(out, "/* left */ %d, /* top */ %d, /* width */ %d, /* height */ %d};\n", (int)m->left,
            (int)m->top, (int)m->width, (int)m->height);
    mdg_emit_text(e, out, finding);
}

static void print_thresholds(const mdg_emit *e, FILE *out, const char *name, const int16_t *x) {
    mdg_emit_text(e, out, "static const int16_t $n_decide_");
    fprintf(out, "%s[] = {", name);
    for (int c = 0; c < e->opts->frontend->n_labels; c++) fprintf(out, "%s%d", c ? ", " : "", x[c]);
    fputs("};\n", out);
}

static void print_decide(const mdg_emit *e, FILE *out) {
    const mdg_decide *d = e->opts->frontend->decide;
    fputs("\n/* From scores to events; a threshold above 127 is never reached */\n", out);
    print_thresholds(e, out, "on", d->on);
    print_thresholds(e, out, "off", d->off);
    mdg_emit_text(e, out, "static const mdg_decide $n_decide = {$N_CLASSES, ");
    fprintf(out, "/* smoothing */ %d, /* count */ %d, /* refractory */ %d, ", (int)d->smoothing,
            (int)d->count, (int)d->refractory);
    mdg_emit_text(e, out, "$n_decide_on, $n_decide_off};\n");
}

/* The functions of a stream; $D in their text is where decisions and hops are reset. */
static void print_sample_functions(const mdg_emit *e, FILE *out) {
    const char *reset = strstr(sample_functions, "$D");
    const bool streams = mdg_emit_streaming(e).hop > 0, decides = e->opts->frontend->decide != NULL;
    mdg_emit_text(e, out,
                  mdg_arena_printf(e->program->arena, "%.*s%s%s%s", (int)(reset - sample_functions),
                                   sample_functions, streams ? hop_reset : "", decides ? decide_reset : "",
                                   reset + 2));
    mdg_emit_text(e, out, streams ? hop_functions : window_functions);
    if (decides) mdg_emit_text(e, out, streams ? decide_hop_functions : decide_functions);
}

/* The first hop ends with the window, also where that is no multiple of it. */
static void print_hop_places(const mdg_emit *e, FILE *out) {
    const mdg_streaming s = mdg_emit_streaming(e);
    if (!s.hop) return;
    define(e, out, "HOP", (int)hop_offset(e), "");
    define(e, out, "FIRST_HOP_ROWS", s.window % s.hop ? s.window % s.hop : s.hop, "");
    define(e, out, "WARM_UP_CALLS", s.warm_up, "");
}

static void print_places(const mdg_emit *e, FILE *out) {
    mdg_emit_text(e, out, "\n/* Where things lie in the state */\n");
    mdg_emit_text(e, out, "#define $N_SAMPLES ");
    fprintf(out, "%zu\n", samples_offset(e));
    mdg_emit_text(e, out, "#define $N_ROW_RING ");
    fprintf(out, "%zu\n", rows_offset(e));
    mdg_emit_text(e, out, "#define $N_BLOCK ");
    fprintf(out, "%zu\n", block_offset(e));
    mdg_emit_text(e, out, "#define $N_DECIDE ");
    fprintf(out, "%zu\n", decide_offset(e));
    mdg_emit_text(e, out, "#define $N_STREAM ");
    fprintf(out, "%zu\n", stream_offset(e));
}

void mdg_emit_frontend_c(const mdg_emit *e, FILE *out) {
    const mdg_emit_frontend *a = e->opts->frontend;
    const size_t width_bytes = (size_t)a->features->width * sizeof(int32_t);
    print_features(e, out);
    fputs("\n/* Features to the model's input: (x * mult + offset) / 2^16 */", out);
    print_table(e, out, "int32_t", "mult", a->mult, width_bytes);
    print_table(e, out, "int32_t", "offset", a->offset, width_bytes);
    print_labels(e, out);
    if (is_picture(e)) {
        const mdg_picture *b = a->features->block;
        fputs("\n/* What the camera's lines leave in the state; the model's lines */\n", out);
        define(e, out, "SAMPLES", (int)samples_offset(e), "");
        define(e, out, "LINE_BYTES", b->out_w * b->out_c, "");
        define(e, out, "FEATURES", b->out_c, "");
        mdg_emit_text(e, out, picture_functions);
        mdg_emit_text(e, out, image_scores);
    } else if (is_image(e)) {
        mdg_emit_text(e, out, image_functions);
        mdg_emit_text(e, out, image_scores);
    } else {
        print_places(e, out);
        print_hop_places(e, out);
        if (e->opts->frontend->decide) print_decide(e, out);
        print_sample_functions(e, out);
    }
    if (a->map)
        print_map(e, out);
    else
        mdg_emit_text(e, out, decision);
}
