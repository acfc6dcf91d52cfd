/* SPDX-License-Identifier: MIT
 *
 * Which operators let channels pass, and how: by the kernel that they are lowered to.
 */
#include "pass/channels.h"

const void *mdg_channels_const(const mdg_channels *ch, int op, int k) {
    const mdg_call *call = ch->call[op];
    if (!call || k >= call->n_in || call->in[k] < 0) return NULL;
    const mdg_buffer *b = &ch->program.buffers[call->in[k]];
    return b->kind == MDG_BUF_CONST ? b->data : NULL;
}

int mdg_channels_axis(const mdg_channels *ch, int op) {
    const mdg_op *o = &ch->sub->ops[op];
    const mdg_concatenation_attrs *a = o->attrs;
    return a->axis < 0 ? a->axis + ch->sub->tensors[o->outputs[0]].shape.rank : a->axis;
}

/* All inputs from 0 to n - 1 are there, and they and the output are int8 tensors. */
static bool has_channels(const mdg_channels *ch, int op, int n) {
    const mdg_op *o = &ch->sub->ops[op];
    if (o->n_outputs != 1 || o->n_inputs < n) return false;
    for (int k = 0; k < n; k++)
        if (o->inputs[k] < 0 || mdg_channels_in(ch, op, k)->n == 0) return false;
    return mdg_channels_out(ch, op)->n > 0;
}

/* The channels are what is kept, innermost. */
static bool mean_keeps_channels(const mdg_channels *ch, int op) {
    const mdg_reduce_params *p = ch->call[op]->params;
    const int n = mdg_channels_in(ch, op, 0)->n;
    if (mdg_channels_out(ch, op)->n != n) return false;
    return p->kept[3] % n == 0 && p->kept_stride[3] == 1;
}

static bool pad_keeps_channels(const mdg_pad_params *p) {
    return p->in_dim[p->rank - 1] == p->out_dim[p->rank - 1];
}

static bool is_unary(const mdg_channels *ch, int op) {
    if (!has_channels(ch, op, 1)) return false;
    if (mdg_channels_out(ch, op)->n % mdg_channels_in(ch, op, 0)->n != 0) return false;
    const mdg_opcode code = ch->sub->ops[op].code;
    const mdg_call *call = ch->call[op];
    if (!call) return code == MDG_OP_RESHAPE || code == MDG_OP_SQUEEZE || code == MDG_OP_EXPAND_DIMS;
    switch (call->kernel) {
    case MDG_K_average_pool2d_s8:
    case MDG_K_max_pool2d_s8:
    case MDG_K_clamp_s8:
    case MDG_K_requantize_s8_s8: return true;
    case MDG_K_mean_s8: return mean_keeps_channels(ch, op);
    case MDG_K_pad_8: return pad_keeps_channels(call->params);
    default: return false;
    }
}

static bool is_concatenation(const mdg_channels *ch, int op) {
    const mdg_op *o = &ch->sub->ops[op];
    return o->code == MDG_OP_CONCATENATION && has_channels(ch, op, o->n_inputs);
}

mdg_channel_kind mdg_channel_kind_of(const mdg_channels *ch, int op) {
    const mdg_call *call = ch->call[op];
    if (is_concatenation(ch, op)) return MDG_CHANNEL_CONCATENATION;
    if (is_unary(ch, op)) return MDG_CHANNEL_UNARY;
    if (!call) return MDG_CHANNEL_OPAQUE;
    switch (call->kernel) {
    case MDG_K_conv2d_s8:
    case MDG_K_depthwise_conv2d_s8:
    case MDG_K_fully_connected_s8:
    case MDG_K_fully_connected_per_channel_s8:
        return has_channels(ch, op, 1) ? MDG_CHANNEL_FILTER : MDG_CHANNEL_OPAQUE;
    case MDG_K_add_s8:
    case MDG_K_sub_s8:
    case MDG_K_mul_s8: return has_channels(ch, op, 2) ? MDG_CHANNEL_BINARY : MDG_CHANNEL_OPAQUE;
    default: return MDG_CHANNEL_OPAQUE;
    }
}
