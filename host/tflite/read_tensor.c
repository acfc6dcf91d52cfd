/* SPDX-License-Identifier: MIT
 *
 * Tensors of a .tflite file: shape, quantisation, constant data.
 */
#include <math.h>

#include "tflite/reader.h"

enum { BUFFER_ALIGNMENT = 8 };

static mdg_tfl_buffer find_buffer(mdg_tfl_reader *r, uint32_t index) {
    mdg_tfl_buffer b = {.resolved = true};
    const mdg_fb_table t = mdg_fb_element_table(&r->buffer_tables, index);
    const mdg_fb_vector inside = mdg_fb_vector_of(&t, BUFFER_DATA, 1);
    if (inside.present) {
        b.data = r->file.data + inside.at;
        b.bytes = inside.count;
    }
    mdg_tfl_outside(r, mdg_fb_unsigned(&t, BUFFER_OFFSET, 8, 0), mdg_fb_unsigned(&t, BUFFER_SIZE, 8, 0), &b);
    if ((uintptr_t)b.data % BUFFER_ALIGNMENT && b.bytes > 0)
        b.data = mdg_tfl_spend(r, b.bytes) ? mdg_arena_copy(r->arena, b.data, b.bytes) : NULL;
    return b;
}

static mdg_tfl_buffer read_buffer(mdg_tfl_reader *r, uint32_t index) {
    const mdg_tfl_buffer none = {.resolved = true};
    if (index == 0 && r->buffer_tables.count == 0) return none;
    if (index >= r->buffer_tables.count) {
        mdg_tfl_fault(r, "its buffer is not in the file");
        return none;
    }
    if (!r->buffers[index].resolved) r->buffers[index] = find_buffer(r, index);
    return r->buffers[index];
}

static mdg_status read_shape(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_tensor *out) {
    const mdg_fb_vector dims = mdg_fb_vector_of(t, TENSOR_SHAPE, 4);
    const mdg_fb_vector signature = mdg_fb_vector_of(t, TENSOR_SHAPE_SIGNATURE, 4);
    if (dims.count > MDG_MAX_RANK) return mdg_tfl_fail(r, MDG_UNSUPPORTED, "it has more than 8 dimensions");
    out->has_rank = dims.present || mdg_fb_unsigned(t, TENSOR_HAS_RANK, 1, 0) != 0;
    out->shape.rank = (int)dims.count;
    for (uint32_t i = 0; i < dims.count; i++) {
        const int32_t dim = (int32_t)(uint32_t)mdg_fb_element(&dims, i);
        if (dim < 0)
            return mdg_tfl_fail(r, MDG_INVALID, "a dimension is negative; give the model a fixed shape");
        out->shape.dim[i] = dim;
    }
    int count;
    if (signature.present && signature.count == dims.count)
        out->signature = mdg_tfl_ints(r, t, TENSOR_SHAPE_SIGNATURE, &count);
    return mdg_tfl_damage(r);
}

static mdg_status read_zero_points(mdg_tfl_reader *r, const mdg_fb_vector *zeros, mdg_quant *q) {
    if (zeros->count != 0 && zeros->count != 1 && zeros->count != (uint32_t)q->count)
        return mdg_tfl_fail(r, MDG_INVALID, "it has another number of zero points than of scales");
    for (uint32_t i = 0; i < (uint32_t)q->count && zeros->count > 0; i++) {
        const int64_t zero = (int64_t)mdg_fb_element(zeros, zeros->count == 1 ? 0 : i);
        if (zero < INT32_MIN || zero > INT32_MAX)
            return mdg_tfl_fail(r, MDG_INVALID, "a zero point does not fit 32 bits");
        q->zero_point[i] = (int32_t)zero;
    }
    return MDG_OK;
}

/* Of a float tensor, from training that knew of quantisation; broken ones are none. */
static void read_range(mdg_tfl_reader *r, const mdg_fb_table *quant, mdg_tensor *out) {
    const mdg_fb_vector lo = mdg_fb_vector_of(quant, QUANT_MIN, 4),
                        hi = mdg_fb_vector_of(quant, QUANT_MAX, 4);
    if (out->type != MDG_FLOAT32 || lo.count != 1 || hi.count != 1) return;
    float *range = mdg_tfl_take(r, 2, sizeof *range);
    if (!range) return;
    range[0] = mdg_fb_element_float(&lo, 0);
    range[1] = mdg_fb_element_float(&hi, 0);
    if (isfinite(range[0]) && isfinite(range[1]) && range[0] <= range[1]) out->range = range;
}

/* Some files state the weights' axis for the bias too, which has but one. */
static mdg_status read_quant(mdg_tfl_reader *r, const mdg_fb_table *tensor, mdg_tensor *out) {
    const int rank = out->shape.rank;
    mdg_quant *q = &out->quant;
    const mdg_fb_table t = mdg_fb_child(tensor, TENSOR_QUANTIZATION);
    const mdg_fb_vector scales = mdg_fb_vector_of(&t, QUANT_SCALE, 4),
                        zeros = mdg_fb_vector_of(&t, QUANT_ZERO_POINT, 8);
    if (mdg_fb_unsigned(&t, QUANT_DETAILS_TYPE, 1, 0) != 0)
        return mdg_tfl_fail(r, MDG_UNSUPPORTED,
                            "blockwise or custom quantisation; quantise it per tensor or per channel");
    if (scales.count == 0) {
        read_range(r, &t, out);
        return mdg_tfl_damage(r);
    }
    q->scale = mdg_tfl_take(r, scales.count, sizeof *q->scale);
    q->zero_point = mdg_tfl_take(r, scales.count, sizeof *q->zero_point);
    MDG_TRY(mdg_tfl_damage(r));
    q->count = (int)scales.count;
    q->axis = q->count > 1 && rank > 1 ? (int)mdg_fb_signed(&t, QUANT_DIMENSION, 4, 0) : 0;
    for (uint32_t i = 0; i < scales.count; i++) q->scale[i] = mdg_fb_element_float(&scales, i);
    MDG_TRY(read_zero_points(r, &zeros, q));
    return mdg_tfl_damage(r);
}

/* A buffer without bytes makes a constant only of a tensor that needs none. */
static mdg_status read_data(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_tensor *out) {
    const mdg_tfl_buffer b = read_buffer(r, (uint32_t)mdg_fb_unsigned(t, TENSOR_BUFFER, 4, 0));
    MDG_TRY(mdg_tfl_damage(r));
    if (mdg_type_bits(out->type) == 0) out->bytes = b.bytes;
    out->bytes = mdg_tensor_bytes(out);
    if (!b.data || (b.bytes == 0 && out->bytes > 0)) return MDG_OK;
    if (b.bytes != out->bytes)
        return mdg_tfl_fail(r, MDG_INVALID, "its data has not the size of its shape and type");
    out->data = b.data;
    return MDG_OK;
}

mdg_status mdg_tfl_read_tensor(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_tensor *out) {
    const char *name = mdg_tfl_text(r, t, TENSOR_NAME);
    out->name = r->label = name ? name : "";
    const int64_t type = mdg_fb_signed(t, TENSOR_TYPE, 1, 0);
    MDG_TRY(mdg_tfl_damage(r));
    if (type < 0 || type >= MDG_TYPE_COUNT)
        return mdg_tfl_fail(r, MDG_UNSUPPORTED, "its element type is unknown");
    if (mdg_fb_child(t, TENSOR_SPARSITY).at != 0)
        return mdg_tfl_fail(r, MDG_UNSUPPORTED, "sparse weights; convert the model without sparsity");
    out->type = (mdg_type)type;
    out->is_variable = mdg_fb_unsigned(t, TENSOR_IS_VARIABLE, 1, 0) != 0;
    MDG_TRY(read_shape(r, t, out));
    if (!mdg_shape_is_sane(&out->shape)) return mdg_tfl_fail(r, MDG_INVALID, "its shape is larger than 2 GB");
    MDG_TRY(read_quant(r, t, out));
    return read_data(r, t, out);
}
