/* SPDX-License-Identifier: MIT
 *
 * A .tflite file into a graph. Loads are checked in fb.c; here each value's meaning is, as far as it takes to
 * build the graph; what then can still be wrong, mdg_graph_check finds.
 */
#include "tflite/tflite.h"

#include <string.h>

#include "graph/op_table.h"
#include "tflite/fb.h"
#include "tflite/schema.h"

/* What one entry of the file's operator_codes says. */
typedef struct code {
    mdg_opcode opcode;
    const char *custom_name;
    int version;
} code;

/* A buffer's bytes, once aligned for any element type. */
typedef struct buffer {
    bool resolved;
    const uint8_t *data; /* NULL: no bytes */
    size_t bytes;
} buffer;

typedef struct reader {
    fb_file file;
    const char *name;
    mdg_arena *arena;
    mdg_graph *graph;
    mdg_diag *diag;
    size_t budget; /* how much memory the graph may still take */
    fb_vector buffer_tables;
    buffer *buffers;
    uint32_t n_codes;
    code *codes;
    enum { IN_MODEL, IN_TENSOR, IN_OP } object; /* what is being read, for messages */
    int subgraph, index;
    const char *label; /* its name, or "" */
} reader;

static mdg_status fail(reader *r, mdg_status status, const char *cause) {
    if (r->object == IN_MODEL) return mdg_fail(r->diag, status, "%s: %s", r->name, cause);
    const char *kind = r->object == IN_OP ? "op" : "tensor", *quote = r->object == IN_OP ? "" : "\"";
    return mdg_fail(r->diag, status, "%s: subgraph %d: %s %d %s%.80s%s: %s", r->name, r->subgraph, kind,
                    r->index, quote, r->label, quote, cause);
}

static mdg_status damage(reader *r) {
    return r->file.fault ? fail(r, MDG_INVALID, r->file.fault) : MDG_OK;
}

/* Bytes of a file may be shared by many objects, so a small file can describe a huge graph. A graph that is
 * more than BLOW_UP times the file's size was made to exhaust the reader. */
enum { BLOW_UP = 64, SMALL_BUDGET = 1 << 20 };

static bool spend(reader *r, size_t bytes) {
    if (bytes > r->budget) {
        if (!r->file.fault) r->file.fault = "the same bytes are used over and over";
        return false;
    }
    r->budget -= bytes;
    return true;
}

/* Zeroed; NULL when that would be beyond reason (a fault then). */
static void *take(reader *r, size_t count, size_t size) {
    return spend(r, count * size) ? mdg_arena_array(r->arena, count, size) : NULL;
}

static bool is_control(char c) {
    return (unsigned char)c < ' ' || c == 127;
}

/* A name ends up in messages, reports and generated code: what a terminal might obey becomes '?'. */
static const char *read_text(reader *r, const fb_table *t, int slot) {
    const char *text = fb_text(t, slot);
    const size_t bytes = text ? strlen(text) : 0;
    if (!text || !spend(r, bytes)) return NULL;
    size_t clean = 0;
    while (clean < bytes && !is_control(text[clean])) clean++;
    if (clean == bytes) return text;
    char *copy = mdg_arena_strdup(r->arena, text);
    for (size_t i = clean; i < bytes; i++) copy[i] = is_control(copy[i]) ? '?' : copy[i];
    return copy;
}

static int32_t *read_ints(reader *r, const fb_vector *v, int *count) {
    int32_t *values = take(r, v->count, sizeof *values);
    *count = values ? (int)v->count : 0;
    for (int i = 0; i < *count; i++) values[i] = (int32_t)(uint32_t)fb_element(v, (uint32_t)i);
    return values;
}

static int32_t *read_int_field(reader *r, const fb_table *t, int slot, int *count) {
    const fb_vector v = fb_vector_of(t, slot, 4);
    return read_ints(r, &v, count);
}

/* --- Buffers --- */

enum { BUFFER_ALIGNMENT = 8 };

/* Files above 2 GB keep data behind the FlatBuffer, at an offset from the file's start; offsets of 0 and 1
 * mean none. */
static void find_outside(reader *r, uint64_t offset, uint64_t size, buffer *b) {
    if (offset <= 1 || r->file.fault) return;
    if (offset > r->file.size || size > r->file.size - offset) {
        r->file.fault = "data outside of the FlatBuffer lies beyond the end of the file";
        return;
    }
    b->data = r->file.data + offset;
    b->bytes = (size_t)size;
}

static buffer find_buffer(reader *r, uint32_t index) {
    buffer b = {.resolved = true};
    const fb_table t = fb_element_table(&r->buffer_tables, index);
    const fb_vector inside = fb_vector_of(&t, BUFFER_DATA, 1);
    if (inside.present) {
        b.data = r->file.data + inside.at;
        b.bytes = inside.count;
    }
    find_outside(r, fb_unsigned(&t, BUFFER_OFFSET, 8, 0), fb_unsigned(&t, BUFFER_SIZE, 8, 0), &b);
    if ((uintptr_t)b.data % BUFFER_ALIGNMENT && b.bytes > 0)
        b.data = spend(r, b.bytes) ? mdg_arena_copy(r->arena, b.data, b.bytes) : NULL;
    return b;
}

static buffer read_buffer(reader *r, uint32_t index) {
    const buffer none = {.resolved = true};
    if (index == 0 && r->buffer_tables.count == 0) return none;
    if (index >= r->buffer_tables.count) {
        if (!r->file.fault) r->file.fault = "its buffer is not in the file";
        return none;
    }
    if (!r->buffers[index].resolved) r->buffers[index] = find_buffer(r, index);
    return r->buffers[index];
}

/* --- Tensors --- */

static mdg_status read_shape(reader *r, const fb_table *t, mdg_tensor *out) {
    const fb_vector dims = fb_vector_of(t, TENSOR_SHAPE, 4);
    const fb_vector signature = fb_vector_of(t, TENSOR_SHAPE_SIGNATURE, 4);
    if (dims.count > MDG_MAX_RANK) return fail(r, MDG_UNSUPPORTED, "it has more than 8 dimensions");
    out->has_rank = dims.present || fb_unsigned(t, TENSOR_HAS_RANK, 1, 0) != 0;
    out->shape.rank = (int)dims.count;
    for (uint32_t i = 0; i < dims.count; i++) {
        const int32_t dim = (int32_t)(uint32_t)fb_element(&dims, i);
        if (dim < 0) return fail(r, MDG_INVALID, "a dimension is negative; give the model a fixed shape");
        out->shape.dim[i] = dim;
    }
    int count;
    if (signature.present && signature.count == dims.count) out->signature = read_ints(r, &signature, &count);
    return damage(r);
}

static mdg_status read_zero_points(reader *r, const fb_vector *zeros, mdg_quant *q) {
    if (zeros->count != 0 && zeros->count != 1 && zeros->count != (uint32_t)q->count)
        return fail(r, MDG_INVALID, "it has another number of zero points than of scales");
    for (uint32_t i = 0; i < (uint32_t)q->count && zeros->count > 0; i++) {
        const int64_t zero = (int64_t)fb_element(zeros, zeros->count == 1 ? 0 : i);
        if (zero < INT32_MIN || zero > INT32_MAX)
            return fail(r, MDG_INVALID, "a zero point does not fit 32 bits");
        q->zero_point[i] = (int32_t)zero;
    }
    return MDG_OK;
}

/* Some files state the weights' axis for the bias too, which has but one. */
static mdg_status read_quant(reader *r, const fb_table *tensor, int rank, mdg_quant *q) {
    const fb_table t = fb_child(tensor, TENSOR_QUANTIZATION);
    const fb_vector scales = fb_vector_of(&t, QUANT_SCALE, 4), zeros = fb_vector_of(&t, QUANT_ZERO_POINT, 8);
    if (fb_unsigned(&t, QUANT_DETAILS_TYPE, 1, 0) != 0)
        return fail(r, MDG_UNSUPPORTED,
                    "blockwise or custom quantisation; quantise it per tensor or per channel");
    if (scales.count == 0) return damage(r);
    q->scale = take(r, scales.count, sizeof *q->scale);
    q->zero_point = take(r, scales.count, sizeof *q->zero_point);
    MDG_TRY(damage(r));
    q->count = (int)scales.count;
    q->axis = q->count > 1 && rank > 1 ? (int)fb_signed(&t, QUANT_DIMENSION, 4, 0) : 0;
    for (uint32_t i = 0; i < scales.count; i++) q->scale[i] = fb_element_float(&scales, i);
    MDG_TRY(read_zero_points(r, &zeros, q));
    return damage(r);
}

/* A buffer without bytes makes a constant only of a tensor that needs none. */
static mdg_status read_data(reader *r, const fb_table *t, mdg_tensor *out) {
    const buffer b = read_buffer(r, (uint32_t)fb_unsigned(t, TENSOR_BUFFER, 4, 0));
    MDG_TRY(damage(r));
    if (mdg_type_bits(out->type) == 0) out->bytes = b.bytes;
    out->bytes = mdg_tensor_bytes(out);
    if (!b.data || (b.bytes == 0 && out->bytes > 0)) return MDG_OK;
    if (b.bytes != out->bytes) return fail(r, MDG_INVALID, "its data has not the size of its shape and type");
    out->data = b.data;
    return MDG_OK;
}

/* Dimensions whose product passes 31 bits would let sizes run over. */
static bool shape_is_huge(const mdg_shape *s) {
    int64_t product = 1;
    for (int i = 0; i < s->rank && product <= INT32_MAX; i++) product *= s->dim[i] > 0 ? s->dim[i] : 1;
    return product > INT32_MAX;
}

static mdg_status read_tensor(reader *r, const fb_table *t, mdg_tensor *out) {
    const char *name = read_text(r, t, TENSOR_NAME);
    out->name = r->label = name ? name : "";
    const int64_t type = fb_signed(t, TENSOR_TYPE, 1, 0);
    MDG_TRY(damage(r));
    if (type < 0 || type >= MDG_TYPE_COUNT) return fail(r, MDG_UNSUPPORTED, "its element type is unknown");
    if (fb_child(t, TENSOR_SPARSITY).at != 0)
        return fail(r, MDG_UNSUPPORTED, "sparse weights; convert the model without sparsity");
    out->type = (mdg_type)type;
    out->is_variable = fb_unsigned(t, TENSOR_IS_VARIABLE, 1, 0) != 0;
    MDG_TRY(read_shape(r, t, out));
    if (shape_is_huge(&out->shape)) return fail(r, MDG_INVALID, "its shape is larger than 2 GB");
    MDG_TRY(read_quant(r, t, out->shape.rank, &out->quant));
    return read_data(r, t, out);
}

/* --- Operators --- */

static mdg_status read_code(reader *r, const fb_table *t, code *out) {
    const int64_t old = fb_signed(t, CODE_DEPRECATED_BUILTIN, 1, 0), new = fb_signed(t, CODE_BUILTIN, 4, 0);
    const int builtin = (int)(old > new ? old : new);
    const char *custom = read_text(r, t, CODE_CUSTOM);
    out->version = (int)fb_signed(t, CODE_VERSION, 4, 1);
    MDG_TRY(damage(r));
    if (builtin != MDG_BUILTIN_CUSTOM) {
        out->opcode = mdg_opcode_of_builtin(builtin);
        if (out->opcode != MDG_OP_COUNT) return MDG_OK;
        return mdg_fail(r->diag, MDG_UNSUPPORTED,
                        "%s: the model uses builtin operator %d, which midge does not know", r->name,
                        builtin);
    }
    if (!custom) return fail(r, MDG_INVALID, "a custom operator has no name");
    out->opcode = mdg_opcode_of_custom(custom);
    if (out->opcode == MDG_OP_CUSTOM) out->custom_name = custom;
    return MDG_OK;
}

static mdg_status read_codes(reader *r, const fb_table *model) {
    const fb_vector v = fb_vector_of(model, MODEL_OPERATOR_CODES, 4);
    r->codes = take(r, v.count, sizeof *r->codes);
    MDG_TRY(damage(r));
    for (; r->n_codes < v.count; r->n_codes++) {
        const fb_table t = fb_element_table(&v, r->n_codes);
        MDG_TRY(read_code(r, &t, &r->codes[r->n_codes]));
    }
    return MDG_OK;
}

/* A number's range: enums that nothing defines are refused here, so that no table is indexed with one later.
 */
static bool number_has_meaning(mdg_attr_kind kind, int64_t value) {
    switch (kind) {
    case MDG_ATTR_PADDING: return value >= 0 && value <= MDG_PADDING_VALID;
    case MDG_ATTR_ACT: return value >= 0 && value <= MDG_ACT_SIGN_BIT;
    case MDG_ATTR_TYPE: return value >= 0 && value < MDG_TYPE_COUNT;
    default: return true;
    }
}

static void read_attr(reader *r, const fb_table *t, const mdg_attr_field *f, void *attrs) {
    void *at = (uint8_t *)attrs + f->offset;
    int64_t value = (int64_t)f->initial;
    switch (f->kind) {
    case MDG_ATTR_F32: *(float *)at = fb_float(t, f->slot, (float)f->initial); return;
    case MDG_ATTR_STR: *(const char **)at = read_text(r, t, f->slot); return;
    case MDG_ATTR_IVEC:
        ((mdg_ivec *)at)->values = read_int_field(r, t, f->slot, &((mdg_ivec *)at)->count);
        return;
    case MDG_ATTR_I64: *(int64_t *)at = fb_signed(t, f->slot, 8, value); return;
    case MDG_ATTR_I32: value = fb_signed(t, f->slot, 4, value); break;
    case MDG_ATTR_BOOL: value = fb_unsigned(t, f->slot, 1, (uint64_t)value) != 0; break;
    default: value = fb_signed(t, f->slot, 1, value); break;
    }
    if (!number_has_meaning(f->kind, value) && !r->file.fault)
        r->file.fault = "an attribute's value has no meaning";
    *(int32_t *)at = (int32_t)value;
}

static bool has_fields(const fb_table *t) {
    return t->vtable_bytes > 4;
}

static mdg_status read_attrs(reader *r, const fb_table *t, mdg_op *op) {
    const mdg_attr_list *list = mdg_attrs_of(op->code);
    const fb_table options = fb_child(t, OPERATOR_OPTIONS);
    const int table = (int)fb_unsigned(t, OPERATOR_OPTIONS_TYPE, 1, 0);
    op->options_lost = fb_has(t, OPERATOR_OPTIONS_2) || (list->n_fields == 0 && has_fields(&options));
    if (list->n_fields == 0) return damage(r);
    if (table != 0 && table != list->table)
        return fail(r, MDG_INVALID, "its options are those of another operator");
    if (!spend(r, list->bytes)) return damage(r);
    op->attrs = mdg_attrs_new(r->arena, op->code);
    const fb_table absent = {.file = &r->file};
    for (int i = 0; i < list->n_fields; i++)
        read_attr(r, table ? &options : &absent, &list->fields[i], op->attrs);
    return damage(r);
}

static void read_custom_options(reader *r, const fb_table *t, mdg_op *op) {
    const fb_vector inside = fb_vector_of(t, OPERATOR_CUSTOM_OPTIONS, 1);
    buffer b = {.data = inside.present ? r->file.data + inside.at : NULL, .bytes = inside.count};
    find_outside(r, fb_unsigned(t, OPERATOR_LARGE_CUSTOM_OFFSET, 8, 0),
                 fb_unsigned(t, OPERATOR_LARGE_CUSTOM_SIZE, 8, 0), &b);
    op->custom = b.data;
    op->custom_bytes = b.bytes;
}

static mdg_status read_op(reader *r, const fb_table *t, mdg_op *out) {
    const uint64_t index = fb_unsigned(t, OPERATOR_CODE_INDEX, 4, 0);
    MDG_TRY(damage(r));
    if (index >= r->n_codes) return fail(r, MDG_INVALID, "its operator code is not in the file");
    const code *c = &r->codes[index];
    out->code = c->opcode;
    out->custom_name = c->custom_name;
    out->version = c->version;
    r->label = mdg_op_name(out);
    out->inputs = read_int_field(r, t, OPERATOR_INPUTS, &out->n_inputs);
    out->outputs = read_int_field(r, t, OPERATOR_OUTPUTS, &out->n_outputs);
    out->intermediates = read_int_field(r, t, OPERATOR_INTERMEDIATES, &out->n_intermediates);
    read_custom_options(r, t, out);
    return read_attrs(r, t, out);
}

/* --- Subgraphs, model --- */

static mdg_status read_tensors(reader *r, const fb_table *t, mdg_subgraph *s) {
    const fb_vector v = fb_vector_of(t, SUBGRAPH_TENSORS, 4);
    s->tensors = take(r, v.count, sizeof *s->tensors);
    MDG_TRY(damage(r));
    s->n_tensors = (int)v.count;
    r->object = IN_TENSOR;
    for (r->index = 0; r->index < s->n_tensors; r->index++) {
        r->label = "";
        const fb_table tensor = fb_element_table(&v, (uint32_t)r->index);
        MDG_TRY(read_tensor(r, &tensor, &s->tensors[r->index]));
    }
    r->object = IN_MODEL;
    return MDG_OK;
}

static mdg_status read_ops(reader *r, const fb_table *t, mdg_subgraph *s) {
    const fb_vector v = fb_vector_of(t, SUBGRAPH_OPERATORS, 4);
    s->ops = take(r, v.count, sizeof *s->ops);
    MDG_TRY(damage(r));
    s->n_ops = (int)v.count;
    r->object = IN_OP;
    for (r->index = 0; r->index < s->n_ops; r->index++) {
        r->label = "";
        const fb_table op = fb_element_table(&v, (uint32_t)r->index);
        MDG_TRY(read_op(r, &op, &s->ops[r->index]));
    }
    r->object = IN_MODEL;
    return MDG_OK;
}

static mdg_status read_subgraph(reader *r, const fb_table *t, mdg_subgraph *s) {
    const char *name = read_text(r, t, SUBGRAPH_NAME);
    s->name = name ? name : "";
    MDG_TRY(read_tensors(r, t, s));
    MDG_TRY(read_ops(r, t, s));
    s->inputs = read_int_field(r, t, SUBGRAPH_INPUTS, &s->n_inputs);
    s->outputs = read_int_field(r, t, SUBGRAPH_OUTPUTS, &s->n_outputs);
    return damage(r);
}

static mdg_status read_model(reader *r, const fb_table *model) {
    const uint64_t version = fb_unsigned(model, MODEL_VERSION, 4, 0);
    MDG_TRY(damage(r));
    if (version != TFL_VERSION)
        return fail(r, MDG_UNSUPPORTED, "not schema version 3; convert it with a newer TFLite");
    const char *description = read_text(r, model, MODEL_DESCRIPTION);
    if (description) r->graph->description = description;
    r->buffer_tables = fb_vector_of(model, MODEL_BUFFERS, 4);
    r->buffers = take(r, r->buffer_tables.count, sizeof *r->buffers);
    MDG_TRY(read_codes(r, model));
    const fb_vector v = fb_vector_of(model, MODEL_SUBGRAPHS, 4);
    r->graph->subgraphs = take(r, v.count, sizeof *r->graph->subgraphs);
    MDG_TRY(damage(r));
    r->graph->n_subgraphs = (int)v.count;
    for (r->subgraph = 0; r->subgraph < r->graph->n_subgraphs; r->subgraph++) {
        const fb_table t = fb_element_table(&v, (uint32_t)r->subgraph);
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
    reader r = {
        .file = {.data = bytes->data, .size = bytes->size}, .name = name, .arena = arena, .diag = diag};
    r.budget = SMALL_BUDGET + BLOW_UP * bytes->size;
    r.graph = mdg_graph_new(arena);
    r.graph->source = mdg_arena_strdup(arena, name);
    const fb_table model = fb_root(&r.file);
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
