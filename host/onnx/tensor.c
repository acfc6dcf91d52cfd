/* SPDX-License-Identifier: MIT
 *
 * Constants of the model: TensorProto, whose numbers stand in raw_data or in a list of their type's.
 */
#include "onnx/importer.h"

#include <string.h>

mdg_status mdg_onx_read_type(const mdg_onx *in, int32_t data_type, const char *name, mdg_type *out) {
    switch (data_type) {
    case ONNX__TENSOR_PROTO__DATA_TYPE__FLOAT: *out = MDG_FLOAT32; return MDG_OK;
    case ONNX__TENSOR_PROTO__DATA_TYPE__UINT8: *out = MDG_UINT8; return MDG_OK;
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT8: *out = MDG_INT8; return MDG_OK;
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT32: *out = MDG_INT32; return MDG_OK;
    case ONNX__TENSOR_PROTO__DATA_TYPE__INT64: *out = MDG_INT64; return MDG_OK;
    case ONNX__TENSOR_PROTO__DATA_TYPE__BOOL: *out = MDG_BOOL; return MDG_OK;
    default: break;
    }
    return mdg_onx_fail(
        in, MDG_UNSUPPORTED,
        "\"%.80s\" has element type %d; convert the model to float32 or quantise it to 8 bits", name,
        (int)data_type);
}

mdg_status mdg_onx_read_dims(const mdg_onx *in, size_t n, const int64_t *dims, const char *name,
                             mdg_shape *out) {
    if (n > MDG_MAX_RANK)
        return mdg_onx_fail(in, MDG_UNSUPPORTED, "\"%.80s\" has %zu dimensions, supported are up to %d", name,
                            n, MDG_MAX_RANK);
    *out = (mdg_shape){.rank = (int)n};
    for (size_t i = 0; i < n; i++) {
        if (dims[i] < 0 || dims[i] > INT32_MAX)
            return mdg_onx_fail(in, MDG_INVALID, "\"%.80s\" has a dimension of %lld", name,
                                (long long)dims[i]);
        out->dim[i] = (int32_t)dims[i];
    }
    if (!mdg_shape_is_sane(out)) return mdg_onx_fail(in, MDG_INVALID, "\"%.80s\" is too large", name);
    return MDG_OK;
}

/* raw_data is little-endian, as the machines are that this runs on. */
static mdg_status read_raw(mdg_onx *in, const Onnx__TensorProto *t, size_t bytes, const char *name,
                           const void **data) {
    void *copy;
    if (t->raw_data.len != bytes)
        return mdg_onx_fail(in, MDG_INVALID, "\"%.80s\" has %zu bytes of data, its shape takes %zu", name,
                            t->raw_data.len, bytes);
    MDG_TRY(mdg_onx_alloc(in, bytes + 1, 1, &copy)); /* aligned, and never NULL */
    if (bytes) memcpy(copy, t->raw_data.data, bytes);
    *data = copy;
    return MDG_OK;
}

static mdg_status read_list(mdg_onx *in, const Onnx__TensorProto *t, const mdg_onx_value *v, const char *name,
                            const void **data) {
    const size_t n = (size_t)mdg_shape_elements(&v->view.shape);
    const size_t have = v->type == MDG_FLOAT32 ? t->n_float_data
                        : v->type == MDG_INT64 ? t->n_int64_data
                                               : t->n_int32_data;
    uint8_t *bytes;
    void *copy;
    if (have != n)
        return mdg_onx_fail(in, MDG_INVALID, "\"%.80s\" has %zu numbers, its shape takes %zu", name, have, n);
    MDG_TRY(mdg_onx_alloc(in, n + 1, 8, &copy));
    bytes = copy;
    for (size_t i = 0; i < n; i++) {
        switch (v->type) {
        case MDG_FLOAT32: memcpy(bytes + 4 * i, &t->float_data[i], 4); break;
        case MDG_INT64: memcpy(bytes + 8 * i, &t->int64_data[i], 8); break;
        case MDG_INT32: memcpy(bytes + 4 * i, &t->int32_data[i], 4); break;
        default: bytes[i] = (uint8_t)t->int32_data[i]; break;
        }
    }
    *data = copy;
    return MDG_OK;
}

mdg_status mdg_onx_read_constant(mdg_onx *in, const Onnx__TensorProto *t, mdg_onx_value *out) {
    const char *name = mdg_onx_clean(in, t->name && t->name[0] ? t->name : "constant");
    mdg_shape shape;
    if (t->n_external_data || (t->has_data_location && t->data_location))
        return mdg_onx_fail(in, MDG_UNSUPPORTED,
                            "\"%.80s\" lies in another file (external data); save the model as one file",
                            name);
    MDG_TRY(mdg_onx_need(in, !t->segment, "tensors in segments are not supported"));
    MDG_TRY(mdg_onx_read_type(in, t->data_type, name, &out->type));
    MDG_TRY(mdg_onx_read_dims(in, t->n_dims, t->dims, name, &shape));
    out->stored = out->type;
    out->view = mdg_onx_view_plain(&shape);
    out->is_known = true;
    const size_t bytes = (size_t)mdg_shape_elements(&shape) * mdg_type_bits(out->type) / 8;
    return t->has_raw_data ? read_raw(in, t, bytes, name, &out->data)
                           : read_list(in, t, out, name, &out->data);
}
