/* SPDX-License-Identifier: MIT
 *
 * Custom operators that midge does not know: calls of kernels that the application has (midge/custom.h).
 */
#include "lower/lower.h"

#include <ctype.h>
#include <string.h>

#include "midge/custom.h"

enum { MAX_NAME = 63 };

static bool is_identifier(const char *name) {
    if (!isalpha((unsigned char)name[0]) && name[0] != '_') return false;
    while (isalnum((unsigned char)*name) || *name == '_') name++;
    return *name == '\0';
}

static bool is_sound(const void *params, mdg_sizes *s) {
    return mdg_custom_is_sound(params, s);
}

static const mdg_kernel_info *kernel_of(mdg_lowering *lo, const char *name) {
    static const mdg_param_field fields[] = {
        {"n_in", "int32_t", 0}, {"n_out", "int32_t", 0}, {"options_bytes", "int32_t", 0}};
    mdg_kernel_info *k = mdg_lo_params(lo, sizeof *k);
    *k = (mdg_kernel_info){.name = name, .params = "custom", .check = is_sound};
    k->params_bytes = sizeof(mdg_custom_params);
    k->fields = fields;
    k->n_fields = sizeof fields / sizeof *fields;
    return k;
}

static mdg_custom_tensor described(const mdg_tensor *t) {
    mdg_custom_tensor d = {.type = -1};
    if (!t) return d;
    d.type = (int32_t)t->type;
    d.rank = t->shape.rank;
    for (int i = 0; i < t->shape.rank; i++) d.dim[i] = t->shape.dim[i];
    if (t->quant.count == 1) {
        d.scale = t->quant.scale[0];
        d.zero_point = t->quant.zero_point[0];
    }
    return d;
}

/* Of inputs, then outputs */
static int description(mdg_lowering *lo) {
    const int n = lo->op->n_inputs + lo->op->n_outputs;
    mdg_custom_tensor *table = mdg_lo_params(lo, (size_t)n * sizeof *table);
    for (int k = 0; k < n; k++)
        table[k] =
            described(k < lo->op->n_inputs ? mdg_lo_input(lo, k) : mdg_lo_output(lo, k - lo->op->n_inputs));
    return mdg_lo_const(lo, "tensors", "int32_t", table, (size_t)n * sizeof *table);
}

static mdg_status lower(mdg_lowering *lo) {
    const mdg_op *op = lo->op;
    const char *name = op->custom_name ? op->custom_name : "";
    if (!is_identifier(name) || strlen(name) > MAX_NAME)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED,
                           "a custom operator's name is the name of a C function, of at most 63 characters");
    if (op->n_inputs > MDG_CALL_MAX_IO - 2 || op->n_outputs > MDG_CALL_MAX_IO)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "more than %d inputs or %d outputs", MDG_CALL_MAX_IO - 2,
                           MDG_CALL_MAX_IO);
    MDG_TRY(mdg_lo_need(lo, op->custom_bytes < 1 << 20, "its options are larger than a MiB"));
    mdg_custom_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_custom_params){op->n_inputs, op->n_outputs, (int32_t)op->custom_bytes};
    mdg_call *c = mdg_lo_call_kernel(lo, MDG_K_COUNT, p);
    c->custom = kernel_of(lo, name);
    for (int k = 0; k < op->n_inputs; k++) mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
    mdg_call_add_in(c, description(lo));
    mdg_call_add_in(c, op->custom_bytes ? mdg_lo_const(lo, "options", "uint8_t", op->custom, op->custom_bytes)
                                        : -1);
    for (int k = 0; k < op->n_outputs; k++) mdg_call_add_out(c, mdg_lo_output_buffer(lo, k));
    return MDG_OK;
}

static const mdg_variant custom[] = {{"*->*", MDG_K_COUNT}};
MDG_RULE(custom, 0, -1, -1, custom, lower);
