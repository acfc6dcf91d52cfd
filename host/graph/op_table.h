/* SPDX-License-Identifier: MIT
 *
 * op_table.h: ops.def and attrs.h as tables, for code that treats all operators alike (reading, writing,
 * printing, comparing).
 *
 *     const mdg_attr_list *list = mdg_attrs_of(op->code);
 *     for (int i = 0; i < list->n_fields; i++) ... list->fields[i].name ...
 */
#ifndef MDG_OP_TABLE_H
#define MDG_OP_TABLE_H

#include "graph/graph.h"

typedef enum mdg_attr_kind {
    MDG_ATTR_I8,
    MDG_ATTR_BOOL,
    MDG_ATTR_PADDING,
    MDG_ATTR_ACT,
    MDG_ATTR_TYPE,
    MDG_ATTR_I32,
    MDG_ATTR_I64,
    MDG_ATTR_F32,
    MDG_ATTR_IVEC,
    MDG_ATTR_STR
} mdg_attr_kind;

typedef struct mdg_attr_field {
    const char *name;
    mdg_attr_kind kind;
    int slot;       /* field number in TFLite's options table */
    size_t offset;  /* in the attrs struct */
    double initial; /* the schema's default */
} mdg_attr_field;

typedef struct mdg_attr_list {
    const char *name; /* "conv2d" */
    int table;        /* number in TFLite's BuiltinOptions union, 0 for the empty list */
    size_t bytes;     /* of the attrs struct */
    int n_fields;
    const mdg_attr_field *fields;
} mdg_attr_list;

typedef enum mdg_op_class { MDG_CLASS_BUILTIN, MDG_CLASS_CUSTOM, MDG_CLASS_OTHER } mdg_op_class;

enum { MDG_BUILTIN_CUSTOM = 32 }; /* the builtin code of every custom operator */

typedef struct mdg_op_info {
    const char *name;  /* "CONV_2D", or the custom name; NULL for MDG_OP_CUSTOM */
    int builtin;       /* TFLite's code */
    mdg_op_class kind; /* OTHER: known by name alone, nothing in midge runs it */
} mdg_op_info;

/* code < MDG_OP_COUNT */
const mdg_op_info *mdg_op_info_of(mdg_opcode code);

/* The operator's attribute list; n_fields is 0 where it has none. */
const mdg_attr_list *mdg_attrs_of(mdg_opcode code);

/* Returns MDG_OP_COUNT when no operator has that builtin code. */
mdg_opcode mdg_opcode_of_builtin(int builtin);

/* Returns MDG_OP_CUSTOM when midge does not know the custom name. */
mdg_opcode mdg_opcode_of_custom(const char *name);

/* A new attrs struct with the schema's defaults, NULL where the operator has no attributes. */
void *mdg_attrs_new(mdg_arena *arena, mdg_opcode code);

/* A numeric attribute's value as a double, and set from one; not for IVEC and STR. */
double mdg_attr_number(const mdg_attr_field *field, const void *attrs);
void mdg_attr_set_number(const mdg_attr_field *field, void *attrs, double value);

#endif
