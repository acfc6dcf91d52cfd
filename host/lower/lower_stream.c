/* SPDX-License-Identifier: MIT
 *
 * The signal operators that remember samples from call to call: SignalFramer, SignalStacker, SignalDelay,
 * SignalOverlapAdd; CIRCULAR_BUFFER.
 */
#include "lower/options.h"

enum { MAX_SAMPLES = 1 << 26 }; /* in a state, and of an option: half of MDG_MAX_TENSOR_BYTES in int16 */

static int32_t last_dim(const mdg_tensor *t) {
    return t->shape.dim[t->shape.rank - 1];
}

/* A state of rows * size elements, zeros after reset */
static mdg_status add_state(mdg_lowering *lo, mdg_call *c, const char *element, int64_t count) {
    const size_t element_bytes = element[0] == 'f' ? sizeof(float) : sizeof(int16_t);
    if (count > MAX_SAMPLES) return mdg_lo_fail(lo, MDG_UNSUPPORTED, "it would have to remember too much");
    mdg_call_add_out(c, mdg_lo_state(lo, "samples", element, NULL, (size_t)count * element_bytes));
    return MDG_OK;
}

/* A state of up to two counters */
static int counter_state(mdg_lowering *lo, const char *name, int32_t first, int count) {
    int32_t *initial = mdg_lo_params(lo, 2 * sizeof *initial);
    initial[0] = first;
    return mdg_lo_state(lo, name, "int32_t", initial, (size_t)count * sizeof *initial);
}

static mdg_status lower_framer(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    mdg_framer_params *p = mdg_lo_params(lo, sizeof *p);
    int32_t prefill;
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_option(lo, "frame_size", (mdg_range){1, MAX_SAMPLES}, &p->size));
    MDG_TRY(mdg_lo_option(lo, "frame_step", (mdg_range){1, last_dim(x)}, &p->step));
    MDG_TRY(mdg_lo_option(lo, "prefill", (mdg_range){0, 1}, &prefill));
    MDG_TRY(mdg_lo_need(lo, last_dim(x) % p->step == 0, "frame_step does not divide the row of samples"));
    MDG_TRY(mdg_lo_need(lo, !prefill || p->step <= p->size, "prefill needs a frame_step within frame_size"));
    p->rows = mdg_lo_elements(x) / last_dim(x);
    p->frames = last_dim(x) / p->step;
    p->capacity = (p->size + p->step - 1) / p->step * p->step;
    MDG_TRY(mdg_lo_need_elements(lo, y, (int64_t)p->rows * p->frames * p->size));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 1), 1));
    mdg_call *c = mdg_lo_call(lo, p);
    MDG_TRY(add_state(lo, c, "int16_t", (int64_t)p->rows * p->capacity));
    mdg_call_add_out(c, counter_state(lo, "samples queued", prefill ? p->size - p->step : 0, 1));
    return MDG_OK;
}

static mdg_status lower_stacker(mdg_lowering *lo) {
    enum { MAX_FRAMES = 1 << 15 };
    mdg_stacker_params *p = mdg_lo_params(lo, sizeof *p);
    int32_t right, step;
    MDG_TRY(mdg_lo_option(lo, "num_channels", (mdg_range){1, INT16_MAX}, &p->channels));
    MDG_TRY(mdg_lo_option(lo, "stacker_left_context", (mdg_range){0, MAX_FRAMES - 1}, &p->left));
    MDG_TRY(mdg_lo_option(lo, "stacker_right_context", (mdg_range){0, MAX_FRAMES - 1 - p->left}, &right));
    MDG_TRY(mdg_lo_option(lo, "stacker_step", (mdg_range){1, p->left + 1 + right}, &step));
    p->size = p->channels * (p->left + 1 + right);
    p->step = p->channels * step;
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, 0), p->channels));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), p->size));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 1), 1));
    mdg_call *c = mdg_lo_call(lo, p);
    MDG_TRY(add_state(lo, c, "int16_t", p->size));
    mdg_call_add_out(c, counter_state(lo, "samples queued, started", 0, 2));
    return MDG_OK;
}

static mdg_status lower_delay(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    mdg_delay_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    MDG_TRY(mdg_lo_option(lo, "delay_length", (mdg_range){0, MAX_SAMPLES}, &p->delay));
    p->size = last_dim(x);
    p->rows = mdg_lo_elements(x) / p->size;
    if (p->delay == 0) {
        mdg_lo_alias(lo, 0, 0);
        return MDG_OK;
    }
    return add_state(lo, mdg_lo_call(lo, p), "int16_t", (int64_t)p->rows * p->delay);
}

static mdg_status lower_overlap_add(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    mdg_overlap_add_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_need_rank(lo, x, 2, MDG_MAX_RANK));
    p->size = last_dim(x);
    p->frames = x->shape.dim[x->shape.rank - 2];
    p->rows = mdg_lo_elements(x) / p->size / p->frames;
    MDG_TRY(mdg_lo_option(lo, "frame_step", (mdg_range){1, p->size}, &p->step));
    MDG_TRY(mdg_lo_need_elements(lo, y, (int64_t)p->rows * p->frames * p->step));
    return add_state(lo, mdg_lo_call(lo, p), mdg_c_type(x->type), (int64_t)p->rows * p->size);
}

/* Every how many calls the window is valid. Models that do not say it are two of TFLM's own, which tell by
 * the number of slots where it is 1. */
static mdg_status get_period(const mdg_lowering *lo, int32_t slots, int32_t *period) {
    *period = 0;
    MDG_TRY(mdg_lo_option_or(lo, "cycles_max", (mdg_range){INT32_MIN, INT32_MAX}, period));
    if (*period <= 0) *period = slots == 5 || slots == 13 || slots == 25 ? 1 : 2;
    if (*period == 1 || lo->op->n_outputs == 2) return MDG_OK;
    return mdg_lo_fail(lo, MDG_UNSUPPORTED,
                       "cycles_max is %d: TFLM stops a run here whenever the buffer is not due; give the "
                       "operator its second output, which tells whether it is",
                       (int)*period);
}

/* The output is the state itself. */
static int window_state(mdg_lowering *lo) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    int *buffer = &lo->tensor_buffer[lo->op->outputs[0]];
    if (!y->is_variable) *buffer = mdg_lo_state(lo, y->name, mdg_c_type(y->type), NULL, mdg_tensor_bytes(y));
    return mdg_lo_output_buffer(lo, 0);
}

/* The input is the newest of the output's slots, which lie along the first dimension that is not 1; TFLM
 * knows one slot at a time. Returns MDG_INVALID otherwise. */
static mdg_status need_slots(const mdg_lowering *lo, const mdg_shape *x, const mdg_shape *y, int *axis) {
    *axis = 0;
    while (*axis + 1 < y->rank && y->dim[*axis] == 1) ++*axis;
    mdg_shape slots = *y;
    slots.dim[*axis] = x->dim[*axis];
    return mdg_lo_need(lo, y->rank > 0 && mdg_shape_equal(x, &slots) && x->dim[*axis] <= y->dim[*axis],
                       "the input is not some slots of the output [1,slots,...]");
}

static mdg_status lower_circular_buffer(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    mdg_circular_buffer_params *p = mdg_lo_params(lo, sizeof *p);
    int axis;
    MDG_TRY(need_slots(lo, &x->shape, &y->shape, &axis));
    p->size = (int32_t)mdg_tensor_bytes(y);
    p->depth = (int32_t)mdg_tensor_bytes(x);
    MDG_TRY(get_period(lo, y->shape.dim[axis], &p->period));
    if (lo->op->n_outputs > 1) MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 1), 1));
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, window_state(lo));
    if (lo->op->n_outputs > 1) {
        mdg_call_add_out(c, mdg_lo_output_buffer(lo, 1));
        mdg_call_add_out(c, counter_state(lo, "calls until valid", p->period, 1));
    } else {
        mdg_call_add_out(c, -1);
        mdg_call_add_out(c, -1);
    }
    return MDG_OK;
}

static const mdg_variant signal_framer[] = {{"int16->int16,bool", MDG_K_framer_s16}};
MDG_RULE(signal_framer, 1, 1, 2, signal_framer, lower_framer);

static const mdg_variant signal_stacker[] = {{"int16->int16,bool", MDG_K_stacker_s16}};
MDG_RULE(signal_stacker, 1, 1, 2, signal_stacker, lower_stacker);

static const mdg_variant signal_delay[] = {{"int16->int16", MDG_K_delay_s16}};
MDG_RULE(signal_delay, 1, 1, 1, signal_delay, lower_delay);

static const mdg_variant signal_overlap_add[] = {
    {"int16->int16", MDG_K_overlap_add_s16},
    {"float32->float32", MDG_K_overlap_add_f32},
};
MDG_RULE(signal_overlap_add, 1, 1, 1, signal_overlap_add, lower_overlap_add);

static const mdg_variant circular_buffer[] = {
    {"int8->int8", MDG_K_circular_buffer_8},       {"int8->int8,bool", MDG_K_circular_buffer_8},
    {"uint8->uint8", MDG_K_circular_buffer_8},     {"int16->int16", MDG_K_circular_buffer_8},
    {"float32->float32", MDG_K_circular_buffer_8}, {"int32->int32", MDG_K_circular_buffer_8},
};
MDG_RULE(circular_buffer, 1, 1, -1, circular_buffer, lower_circular_buffer);
