/* SPDX-License-Identifier: MIT */
#include "graph/op_table.h"

#include <string.h>

typedef const mdg_attr_list *attrs_fn(void);

/* A function for each list of attrs.h: a list's A() does not know the list's name, the function's typedef
 * does. */
#define FIELD(slot_, kind_, name_, initial_)                                                                 \
    {#name_, MDG_ATTR_##kind_, slot_, offsetof(attrs_struct, name_), initial_},
#define LIST_FUNCTION(list, number)                                                                          \
    static const mdg_attr_list *list##_attrs(void) {                                                         \
        typedef mdg_##list##_attrs attrs_struct;                                                             \
        static const mdg_attr_field fields[] = {MDG_ATTRS_##list(FIELD)};                                    \
        static const mdg_attr_list l = {#list, number, sizeof(attrs_struct), sizeof fields / sizeof *fields, \
                                        fields};                                                             \
        return &l;                                                                                           \
    }
MDG_ATTRS_LIST(LIST_FUNCTION)

static const mdg_attr_list *none_attrs(void) {
    static const mdg_attr_list none = {.name = "none"};
    return &none;
}

typedef struct op_row {
    mdg_op_info info;
    attrs_fn *attrs;
} op_row;

static const op_row rows[MDG_OP_COUNT] = {
#define OP(name, code, list) [MDG_OP_##name] = {{#name, code, MDG_CLASS_BUILTIN}, list##_attrs},
#define CUSTOM_OP(name, custom)                                                                              \
    [MDG_OP_##name] = {{custom, MDG_BUILTIN_CUSTOM, MDG_CLASS_CUSTOM}, none_attrs},
#define OTHER_OP(name, code) [MDG_OP_##name] = {{#name, code, MDG_CLASS_OTHER}, none_attrs},
#include "graph/ops.def"
#undef OP
#undef CUSTOM_OP
    [MDG_OP_CUSTOM] = {{NULL, MDG_BUILTIN_CUSTOM, MDG_CLASS_CUSTOM}, none_attrs},
};

const mdg_op_info *mdg_op_info_of(mdg_opcode code) {
    return &rows[code].info;
}

const mdg_attr_list *mdg_attrs_of(mdg_opcode code) {
    return rows[code].attrs();
}

mdg_opcode mdg_opcode_of_builtin(int builtin) {
    for (int i = 0; i < MDG_OP_COUNT; i++) {
        if (rows[i].info.kind != MDG_CLASS_CUSTOM && rows[i].info.builtin == builtin) return (mdg_opcode)i;
    }
    return MDG_OP_COUNT;
}

mdg_opcode mdg_opcode_of_custom(const char *name) {
    for (int i = 0; i < MDG_OP_CUSTOM; i++) {
        if (rows[i].info.kind == MDG_CLASS_CUSTOM && strcmp(rows[i].info.name, name) == 0)
            return (mdg_opcode)i;
    }
    return MDG_OP_CUSTOM;
}

void *mdg_attrs_new(mdg_arena *arena, mdg_opcode code) {
    const mdg_attr_list *list = mdg_attrs_of(code);
    if (list->n_fields == 0) return NULL;
    void *attrs = mdg_arena_alloc(arena, list->bytes);
    for (int i = 0; i < list->n_fields; i++) {
        const mdg_attr_field *f = &list->fields[i];
        if (f->kind != MDG_ATTR_IVEC && f->kind != MDG_ATTR_STR) mdg_attr_set_number(f, attrs, f->initial);
    }
    return attrs;
}

double mdg_attr_number(const mdg_attr_field *field, const void *attrs) {
    const void *at = (const uint8_t *)attrs + field->offset;
    switch (field->kind) {
    case MDG_ATTR_F32: return *(const float *)at;
    case MDG_ATTR_I64: return (double)*(const int64_t *)at;
    default: return *(const int32_t *)at;
    }
}

void mdg_attr_set_number(const mdg_attr_field *field, void *attrs, double value) {
    void *at = (uint8_t *)attrs + field->offset;
    switch (field->kind) {
    case MDG_ATTR_F32: *(float *)at = (float)value; break;
    case MDG_ATTR_I64: *(int64_t *)at = (int64_t)value; break;
    default: *(int32_t *)at = (int32_t)value; break;
    }
}
