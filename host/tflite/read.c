/* SPDX-License-Identifier: MIT
 *
 * A .tflite file into a graph. Loads are checked in fb.c; here each value's meaning is, as far as it takes to
 * build the graph; what then can still be wrong, mdg_graph_check finds.
 */
#include "tflite/tflite.h"

#include <string.h>

#include "graph/op_table.h"
#include "tflite/reader.h"

mdg_status mdg_tfl_fail(mdg_tfl_reader *r, mdg_status status, const char *cause) {
    if (r->object == IN_MODEL) return mdg_fail(r->diag, status, "%s: %s", r->name, cause);
    const char *kind = r->object == IN_OP ? "op" : "tensor", *quote = r->object == IN_OP ? "" : "\"";
    return mdg_fail(r->diag, status, "%s: subgraph %d: %s %d %s%.80s%s: %s", r->name, r->subgraph, kind,
                    r->index, quote, r->label, quote, cause);
}

void mdg_tfl_fault(mdg_tfl_reader *r, const char *what) {
    if (!r->file.fault) r->file.fault = what;
}

mdg_status mdg_tfl_damage(mdg_tfl_reader *r) {
    return r->file.fault ? mdg_tfl_fail(r, MDG_INVALID, r->file.fault) : MDG_OK;
}

/* Bytes of a file may be shared by many objects, so a small file can describe a huge graph. A graph that is
 * more than BLOW_UP times the file's size was made to exhaust the reader. */
enum { BLOW_UP = 64, SMALL_BUDGET = 1 << 20 };

bool mdg_tfl_spend(mdg_tfl_reader *r, size_t bytes) {
    if (bytes > r->budget) {
        mdg_tfl_fault(r, "the same bytes are used over and over");
        return false;
    }
    r->budget -= bytes;
    return true;
}

void *mdg_tfl_take(mdg_tfl_reader *r, size_t count, size_t size) {
    return mdg_tfl_spend(r, count * size) ? mdg_arena_array(r->arena, count, size) : NULL;
}

static bool is_control(char c) {
    return (unsigned char)c < ' ' || c == 127;
}

/* A name ends up in messages, reports and generated code: what a terminal might obey becomes '?'. */
const char *mdg_tfl_text(mdg_tfl_reader *r, const mdg_fb_table *t, int slot) {
    const char *text = mdg_fb_text(t, slot);
    const size_t bytes = text ? strlen(text) : 0;
    if (!text || !mdg_tfl_spend(r, bytes)) return NULL;
    size_t clean = 0;
    while (clean < bytes && !is_control(text[clean])) clean++;
    if (clean == bytes) return text;
    char *copy = mdg_arena_strdup(r->arena, text);
    for (size_t i = clean; i < bytes; i++) copy[i] = is_control(copy[i]) ? '?' : copy[i];
    return copy;
}

int32_t *mdg_tfl_ints(mdg_tfl_reader *r, const mdg_fb_table *t, int slot, int *count) {
    const mdg_fb_vector v = mdg_fb_vector_of(t, slot, 4);
    int32_t *values = mdg_tfl_take(r, v.count, sizeof *values);
    *count = values ? (int)v.count : 0;
    for (int i = 0; i < *count; i++) values[i] = (int32_t)(uint32_t)mdg_fb_element(&v, (uint32_t)i);
    return values;
}

void mdg_tfl_outside(mdg_tfl_reader *r, uint64_t offset, uint64_t size, mdg_tfl_buffer *b) {
    if (offset <= 1 || r->file.fault) return;
    if (offset > r->file.size || size > r->file.size - offset) {
        mdg_tfl_fault(r, "data outside of the FlatBuffer lies beyond the end of the file");
        return;
    }
    b->data = r->file.data + offset;
    b->bytes = (size_t)size;
}

static mdg_status read_code(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_tfl_code *out) {
    const int64_t old = mdg_fb_signed(t, CODE_DEPRECATED_BUILTIN, 1, 0),
                  new = mdg_fb_signed(t, CODE_BUILTIN, 4, 0);
    const int builtin = (int)(old > new ? old : new);
    const char *custom = mdg_tfl_text(r, t, CODE_CUSTOM);
    out->version = (int)mdg_fb_signed(t, CODE_VERSION, 4, 1);
    MDG_TRY(mdg_tfl_damage(r));
    if (builtin != MDG_BUILTIN_CUSTOM) {
        out->opcode = mdg_opcode_of_builtin(builtin);
        if (out->opcode != MDG_OP_COUNT) return MDG_OK;
        return mdg_fail(r->diag, MDG_UNSUPPORTED,
                        "%s: the model uses builtin operator %d, which midge does not know", r->name,
                        builtin);
    }
    if (!custom) return mdg_tfl_fail(r, MDG_INVALID, "a custom operator has no name");
    out->opcode = mdg_opcode_of_custom(custom);
    if (out->opcode == MDG_OP_CUSTOM) out->custom_name = custom;
    return MDG_OK;
}

static mdg_status read_codes(mdg_tfl_reader *r, const mdg_fb_table *model) {
    const mdg_fb_vector v = mdg_fb_vector_of(model, MODEL_OPERATOR_CODES, 4);
    r->codes = mdg_tfl_take(r, v.count, sizeof *r->codes);
    MDG_TRY(mdg_tfl_damage(r));
    for (; r->n_codes < v.count; r->n_codes++) {
        const mdg_fb_table t = mdg_fb_element_table(&v, r->n_codes);
        MDG_TRY(read_code(r, &t, &r->codes[r->n_codes]));
    }
    return MDG_OK;
}

static mdg_status read_tensors(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_subgraph *s) {
    const mdg_fb_vector v = mdg_fb_vector_of(t, SUBGRAPH_TENSORS, 4);
    s->tensors = mdg_tfl_take(r, v.count, sizeof *s->tensors);
    MDG_TRY(mdg_tfl_damage(r));
    s->n_tensors = (int)v.count;
    r->object = IN_TENSOR;
    for (r->index = 0; r->index < s->n_tensors; r->index++) {
        r->label = "";
        const mdg_fb_table tensor = mdg_fb_element_table(&v, (uint32_t)r->index);
        MDG_TRY(mdg_tfl_read_tensor(r, &tensor, &s->tensors[r->index]));
    }
    r->object = IN_MODEL;
    return MDG_OK;
}

static mdg_status read_ops(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_subgraph *s) {
    const mdg_fb_vector v = mdg_fb_vector_of(t, SUBGRAPH_OPERATORS, 4);
    s->ops = mdg_tfl_take(r, v.count, sizeof *s->ops);
    MDG_TRY(mdg_tfl_damage(r));
    s->n_ops = (int)v.count;
    r->object = IN_OP;
    for (r->index = 0; r->index < s->n_ops; r->index++) {
        r->label = "";
        const mdg_fb_table op = mdg_fb_element_table(&v, (uint32_t)r->index);
        MDG_TRY(mdg_tfl_read_op(r, &op, &s->ops[r->index]));
    }
    r->object = IN_MODEL;
    return MDG_OK;
}

static mdg_status read_subgraph(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_subgraph *s) {
    const char *name = mdg_tfl_text(r, t, SUBGRAPH_NAME);
    s->name = name ? name : "";
    MDG_TRY(read_tensors(r, t, s));
    MDG_TRY(read_ops(r, t, s));
    s->inputs = mdg_tfl_ints(r, t, SUBGRAPH_INPUTS, &s->n_inputs);
    s->outputs = mdg_tfl_ints(r, t, SUBGRAPH_OUTPUTS, &s->n_outputs);
    return mdg_tfl_damage(r);
}

static mdg_status read_model(mdg_tfl_reader *r, const mdg_fb_table *model) {
    const uint64_t version = mdg_fb_unsigned(model, MODEL_VERSION, 4, 0);
    MDG_TRY(mdg_tfl_damage(r));
    if (version != TFL_VERSION)
        return mdg_tfl_fail(r, MDG_UNSUPPORTED, "not schema version 3; convert it with a newer TFLite");
    const char *description = mdg_tfl_text(r, model, MODEL_DESCRIPTION);
    if (description) r->graph->description = description;
    r->buffer_tables = mdg_fb_vector_of(model, MODEL_BUFFERS, 4);
    r->buffers = mdg_tfl_take(r, r->buffer_tables.count, sizeof *r->buffers);
    MDG_TRY(read_codes(r, model));
    const mdg_fb_vector v = mdg_fb_vector_of(model, MODEL_SUBGRAPHS, 4);
    r->graph->subgraphs = mdg_tfl_take(r, v.count, sizeof *r->graph->subgraphs);
    MDG_TRY(mdg_tfl_damage(r));
    r->graph->n_subgraphs = (int)v.count;
    for (r->subgraph = 0; r->subgraph < r->graph->n_subgraphs; r->subgraph++) {
        const mdg_fb_table t = mdg_fb_element_table(&v, (uint32_t)r->subgraph);
        MDG_TRY(read_subgraph(r, &t, &r->graph->subgraphs[r->subgraph]));
    }
    return MDG_OK;
}

mdg_status mdg_tflite_read(const mdg_bytes *bytes, const char *name, mdg_arena *arena, mdg_graph **out,
                           mdg_diag *diag) {
    enum { HEADER_BYTES = 8 };
    if (bytes->size < HEADER_BYTES || memcmp(bytes->data + 4, "TFL3", 4) != 0)
        return mdg_fail(diag, MDG_INVALID, "%s: not a .tflite model: the mark TFL3 is missing at byte 4",
                        name);
    mdg_tfl_reader r = {
        .file = {.data = bytes->data, .size = bytes->size}, .name = name, .arena = arena, .diag = diag};
    r.budget = SMALL_BUDGET + BLOW_UP * bytes->size;
    r.graph = mdg_graph_new(arena);
    r.graph->source = mdg_arena_strdup(arena, name);
    const mdg_fb_table model = mdg_fb_root(&r.file);
    MDG_TRY(read_model(&r, &model));
    MDG_TRY(mdg_graph_check(r.graph, diag));
    *out = r.graph;
    return MDG_OK;
}

mdg_status mdg_tflite_load(const char *path, mdg_arena *arena, mdg_graph **out, mdg_diag *diag) {
    mdg_bytes bytes;
    MDG_TRY(mdg_file_read(path, arena, &bytes, diag));
    return mdg_tflite_read(&bytes, path, arena, out, diag);
}
