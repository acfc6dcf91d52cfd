/* SPDX-License-Identifier: MIT
 *
 * attrs.h: the attributes of operators, each listed once; the reader, the writer and the printer of .tflite all walk
 * these lists. A(slot, kind, name, default): slot is the field's number in TFLite's schema (schema.fbs), kind one of
 *   I8    a byte or enum      BOOL  a byte, 0 or 1      I32  int      F32  float      I64  long
 *   IVEC  a vector of int
 * MDG_ATTRS_LIST names each list with the number of its table in TFLite's BuiltinOptions union.
 */
#ifndef MDG_ATTRS_H
#define MDG_ATTRS_H

#include <stdint.h>

typedef struct mdg_ivec {
    int count;
    const int32_t *values;
} mdg_ivec;

enum { MDG_PADDING_SAME = 0, MDG_PADDING_VALID = 1 };
enum { MDG_ACT_NONE = 0, MDG_ACT_RELU = 1, MDG_ACT_RELU_N1_TO_1 = 2, MDG_ACT_RELU6 = 3, MDG_ACT_TANH = 4, MDG_ACT_SIGN_BIT = 5 };

#define MDG_ATTRS_conv2d(A)                                                                                  \
    A(0, I8, padding, 0)                                                                                     \
    A(1, I32, stride_w, 0)                                                                                   \
    A(2, I32, stride_h, 0)                                                                                   \
    A(3, I8, activation, 0)                                                                                  \
    A(4, I32, dilation_w, 1)                                                                                 \
    A(5, I32, dilation_h, 1)                                                                                 \
    A(6, I8, quantized_bias_type, 0)

#define MDG_ATTRS_LIST(X)                                                                                    \
    X(conv2d, 1)

#define MDG_ATTR_TYPE_I8 int32_t
#define MDG_ATTR_TYPE_BOOL int32_t
#define MDG_ATTR_TYPE_I32 int32_t
#define MDG_ATTR_TYPE_I64 int64_t
#define MDG_ATTR_TYPE_F32 float
#define MDG_ATTR_TYPE_IVEC mdg_ivec
#define MDG_ATTR_FIELD(slot, kind, name, value) MDG_ATTR_TYPE_##kind name;
#define MDG_ATTRS_STRUCT(list, number) typedef struct mdg_##list##_attrs { MDG_ATTRS_##list(MDG_ATTR_FIELD) } mdg_##list##_attrs;
MDG_ATTRS_LIST(MDG_ATTRS_STRUCT)

#endif
