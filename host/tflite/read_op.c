/* SPDX-License-Identifier: MIT
 *
 * Operators of a .tflite file, with their attributes.
 */
#include "tflite/reader.h"

#include "graph/op_table.h"

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

static void read_attr(mdg_tfl_reader *r, const mdg_fb_table *t, const mdg_attr_field *f, void *attrs) {
    void *at = (uint8_t *)attrs + f->offset;
    int64_t value = (int64_t)f->initial;
    switch (f->kind) {
    case MDG_ATTR_F32: *(float *)at = mdg_fb_float(t, f->slot, (float)f->initial); return;
    case MDG_ATTR_STR: *(const char **)at = mdg_tfl_text(r, t, f->slot); return;
    case MDG_ATTR_IVEC:
        ((mdg_ivec *)at)->values = mdg_tfl_ints(r, t, f->slot, &((mdg_ivec *)at)->count);
        return;
    case MDG_ATTR_I64: *(int64_t *)at = mdg_fb_signed(t, f->slot, 8, value); return;
    case MDG_ATTR_I32: value = mdg_fb_signed(t, f->slot, 4, value); break;
    case MDG_ATTR_BOOL: value = mdg_fb_unsigned(t, f->slot, 1, (uint64_t)value) != 0; break;
    default: value = mdg_fb_signed(t, f->slot, 1, value); break;
    }
    if (!number_has_meaning(f->kind, value)) mdg_tfl_fault(r, "an attribute's value has no meaning");
    *(int32_t *)at = (int32_t)value;
}

static bool has_fields(const mdg_fb_table *t) {
    return t->vtable_bytes > 4;
}

static mdg_status read_attrs(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_op *op) {
    const mdg_attr_list *list = mdg_attrs_of(op->code);
    const mdg_fb_table options = mdg_fb_child(t, OPERATOR_OPTIONS);
    const int table = (int)mdg_fb_unsigned(t, OPERATOR_OPTIONS_TYPE, 1, 0);
    op->options_lost = mdg_fb_has(t, OPERATOR_OPTIONS_2) || (list->n_fields == 0 && has_fields(&options));
    if (list->n_fields == 0) return mdg_tfl_damage(r);
    if (table != 0 && table != list->table)
        return mdg_tfl_fail(r, MDG_INVALID, "its options are those of another operator");
    if (!mdg_tfl_spend(r, list->bytes)) return mdg_tfl_damage(r);
    op->attrs = mdg_attrs_new(r->arena, op->code);
    const mdg_fb_table absent = {.file = &r->file};
    for (int i = 0; i < list->n_fields; i++)
        read_attr(r, table ? &options : &absent, &list->fields[i], op->attrs);
    return mdg_tfl_damage(r);
}

static void read_custom_options(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_op *op) {
    const mdg_fb_vector inside = mdg_fb_vector_of(t, OPERATOR_CUSTOM_OPTIONS, 1);
    mdg_tfl_buffer b = {.data = inside.present ? r->file.data + inside.at : NULL, .bytes = inside.count};
    mdg_tfl_outside(r, mdg_fb_unsigned(t, OPERATOR_LARGE_CUSTOM_OFFSET, 8, 0),
                    mdg_fb_unsigned(t, OPERATOR_LARGE_CUSTOM_SIZE, 8, 0), &b);
    op->custom = b.data;
    op->custom_bytes = b.bytes;
}

mdg_status mdg_tfl_read_op(mdg_tfl_reader *r, const mdg_fb_table *t, mdg_op *out) {
    const uint64_t index = mdg_fb_unsigned(t, OPERATOR_CODE_INDEX, 4, 0);
    MDG_TRY(mdg_tfl_damage(r));
    if (index >= r->n_codes) return mdg_tfl_fail(r, MDG_INVALID, "its operator code is not in the file");
    const mdg_tfl_code *c = &r->codes[index];
    out->code = c->opcode;
    out->custom_name = c->custom_name;
    out->version = c->version;
    r->label = mdg_op_name(out);
    out->inputs = mdg_tfl_ints(r, t, OPERATOR_INPUTS, &out->n_inputs);
    out->outputs = mdg_tfl_ints(r, t, OPERATOR_OUTPUTS, &out->n_outputs);
    out->intermediates = mdg_tfl_ints(r, t, OPERATOR_INTERMEDIATES, &out->n_intermediates);
    read_custom_options(r, t, out);
    return read_attrs(r, t, out);
}
