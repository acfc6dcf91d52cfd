/* SPDX-License-Identifier: MIT
 *
 * Operators that remember samples, against the whole history of what they were given.
 */
#include "custom.h"

#include "util/rng.h"

enum { CALLS = 20, MAX = 256 };

/* Everything that went in: calls, each rows of `row` samples; zeros before */
typedef struct history {
    int rows, row, calls;
    int16_t in[CALLS][MAX];
} history;

static int16_t sample(const history *h, int row, int at) {
    return at < 0 ? 0 : h->in[at / h->row][row * h->row + at % h->row];
}

static const int16_t *next_input(history *h, mdg_rng *r) {
    int16_t *x = h->in[h->calls++];
    for (int i = 0; i < h->rows * h->row; i++) x[i] = (int16_t)mdg_rng_u64(r);
    return x;
}

static int below(mdg_rng *r, int n) {
    return (int)mdg_rng_below(r, (uint32_t)n);
}

static void check_framer(mdg_arena *a, mdg_rng *r) {
    const int step = 1 + below(r, 6), frames = 1 + below(r, 3), rows = 1 + below(r, 3);
    const int prefill = below(r, 2), size = prefill ? step + below(r, 20) : 1 + below(r, 20);
    const port in = {MDG_INT16, mdg_shape_of(2, rows, frames * step), NULL};
    const port out[] = {{MDG_INT16, mdg_shape_of(3, rows, frames, size), NULL}, {MDG_BOOL, {0}, NULL}};
    mdg_graph *g = custom_net(a, MDG_OP_SIGNAL_FRAMER, 1, &in, 2, out);
    OPTIONS(g, {"frame_size", size}, {"frame_step", step}, {"prefill", prefill});
    mdg_exec *x = custom_open(g);
    for (int round = 0; round < 2; round++, mdg_exec_reset(x)) {
        history h = {.rows = rows, .row = frames * step};
        const int first = prefill ? size - step : 0; /* samples that were there before */
        for (int call = 0; call < CALLS; call++) {
            const int16_t *y = custom_run(x, next_input(&h, r));
            bool valid = true;
            for (int i = 0; i < rows * frames; i++) {
                /* the first frame is the one that comes when enough samples are there */
                const int pushed = call * frames + i % frames + 1, needed = (size - first + step - 1) / step;
                if (pushed < needed) valid = false;
                for (int k = 0; k < size && pushed >= needed; k++)
                    assert_int_equal(y[i * size + k],
                                     sample(&h, i / frames, (pushed - needed) * step + k - first));
            }
            assert_int_equal(*(const uint8_t *)mdg_exec_output(x, 1), valid);
        }
    }
}

static void framer_cuts_the_history(void **state) {
    mdg_rng r = mdg_rng_of(1, 0);
    for (int i = 0; i < 100; i++) check_framer(*state, &r);
}

static void check_stacker(mdg_arena *a, mdg_rng *r) {
    const int channels = 1 + below(r, 5), left = below(r, 4), right = below(r, 4);
    const int frames = left + 1 + right, step = 1 + below(r, frames);
    const port in = port_of(MDG_INT16, channels);
    const port out[] = {port_of(MDG_INT16, frames * channels), {MDG_BOOL, {0}, NULL}};
    mdg_graph *g = custom_net(a, MDG_OP_SIGNAL_STACKER, 1, &in, 2, out);
    OPTIONS(g, {"num_channels", channels}, {"stacker_left_context", left}, {"stacker_right_context", right},
            {"stacker_step", step});
    mdg_exec *x = custom_open(g);
    for (int round = 0; round < 2; round++, mdg_exec_reset(x)) {
        history h = {.rows = 1, .row = channels};
        for (int call = 0; call < CALLS; call++) {
            const int16_t *y = custom_run(x, next_input(&h, r));
            /* the middle frames are 0, step, 2 step, ...; each comes with its right neighbours */
            const bool valid = call >= right && (call - right) % step == 0;
            assert_int_equal(*(const uint8_t *)mdg_exec_output(x, 1), valid);
            for (int i = 0; i < frames * channels && valid; i++) {
                const int frame = call - right - left + i / channels;
                assert_int_equal(y[i], sample(&h, 0, (frame > 0 ? frame : 0) * channels + i % channels));
            }
        }
    }
}

static void stacker_joins_neighbours(void **state) {
    mdg_rng r = mdg_rng_of(2, 0);
    for (int i = 0; i < 100; i++) check_stacker(*state, &r);
}

static void delay_comes_late(void **state) {
    mdg_rng r = mdg_rng_of(3, 0);
    for (int i = 0; i < 50; i++) {
        const int rows = 1 + below(&r, 3), size = 1 + below(&r, 9), delay = below(&r, 20);
        const port io = {MDG_INT16, mdg_shape_of(2, rows, size), NULL};
        mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_DELAY, 1, &io, 1, &io);
        OPTIONS(g, {"delay_length", delay});
        mdg_exec *x = custom_open(g);
        for (int round = 0; round < 2; round++, mdg_exec_reset(x)) {
            history h = {.rows = rows, .row = size};
            for (int call = 0; call < CALLS; call++) {
                const int16_t *y = custom_run(x, next_input(&h, &r));
                for (int k = 0; k < rows * size; k++)
                    assert_int_equal(y[k], sample(&h, k / size, call * size + k % size - delay));
            }
        }
    }
}

/* All frames laid over each other on one long line; int16 saturates only at the end, so inputs are small. */
static void overlapping_frames_add_up(void **state) {
    mdg_rng r = mdg_rng_of(4, 0);
    for (int i = 0; i < 50; i++) {
        const int frames = 1 + below(&r, 3), size = 1 + below(&r, 12), step = 1 + below(&r, size);
        const port in = {MDG_FLOAT32, mdg_shape_of(2, frames, size), NULL};
        const port out = port_of(MDG_FLOAT32, frames * step);
        mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_OVERLAP_ADD, 1, &in, 1, &out);
        OPTIONS(g, {"frame_step", step});
        mdg_exec *x = custom_open(g);
        double line[CALLS * 3 * 12 + 12] = {0};
        for (int call = 0; call < CALLS; call++) {
            float frame[3 * 12];
            for (int k = 0; k < frames * size; k++) {
                frame[k] = (float)(below(&r, 2001) - 1000);
                line[(call * frames + k / size) * step + k % size] += (double)frame[k];
            }
            const float *y = custom_run(x, frame);
            for (int k = 0; k < frames * step; k++)
                assert_true((double)y[k] == line[call * frames * step + k]);
        }
    }
}

static void overlap_saturates(void **state) {
    const port in = {MDG_INT16, mdg_shape_of(2, 1, 2), NULL}, out = port_of(MDG_INT16, 1);
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_OVERLAP_ADD, 1, &in, 1, &out);
    OPTIONS(g, {"frame_step", 1});
    mdg_exec *x = custom_open(g);
    assert_int_equal(*(const int16_t *)custom_run(x, (const int16_t[]){30000, 30000}), 30000);
    assert_int_equal(*(const int16_t *)custom_run(x, (const int16_t[]){30000, -30000}), INT16_MAX);
    assert_int_equal(*(const int16_t *)custom_run(x, (const int16_t[]){-30000, 0}), INT16_MIN);
}

static mdg_graph *circular_net(mdg_arena *a, int outputs, int period) {
    const port in = {MDG_INT8, mdg_shape_of(4, 1, 1, 1, 2), NULL};
    const port out[] = {{MDG_INT8, mdg_shape_of(4, 1, 3, 1, 2), NULL}, port_of(MDG_BOOL, 1)};
    mdg_graph *g = custom_net(a, MDG_OP_CIRCULAR_BUFFER, 1, &in, outputs, out);
    g->subgraphs[0].tensors[g->subgraphs[0].outputs[0]].is_variable = true;
    OPTIONS(g, {"cycles_max", period});
    return g;
}

static void circular_buffer_is_valid_every_period(void **state) {
    mdg_exec *x = custom_open(circular_net(*state, 2, 3));
    for (int round = 0; round < 2; round++, mdg_exec_reset(x)) {
        for (int8_t call = 0; call < 12; call++) {
            const int8_t *y = custom_run(x, (const int8_t[]){call, (int8_t)-call});
            for (int8_t i = 0; i < 3; i++) {
                const int8_t want = (int8_t)(call + i - 2);
                assert_int_equal(y[2 * i], want < 0 ? 0 : want);
                assert_int_equal(y[2 * i + 1], want < 0 ? 0 : -want);
            }
            assert_int_equal(*(const uint8_t *)mdg_exec_output(x, 1), call % 3 == 2);
        }
    }
}

/* Any number of slots at a time, of any size, along any dimension, for all types */
static void circular_buffer_takes_several_slots(void **state) {
    static const mdg_type types[] = {MDG_INT8, MDG_UINT8, MDG_INT16, MDG_FLOAT32, MDG_INT32};
    mdg_rng r = mdg_rng_of(6, 0);
    for (int i = 0; i < 200; i++) {
        const int slots = 1 + below(&r, 9), fresh = 1 + below(&r, slots), slot = 1 + below(&r, 30);
        const mdg_type type = types[below(&r, 5)];
        const bool first = below(&r, 2);
        const size_t bytes = mdg_type_bits(type) / 8 * (size_t)slot;
        const port in = {type, first ? mdg_shape_of(3, 1, fresh, slot) : mdg_shape_of(4, 1, 1, fresh, slot),
                         NULL};
        const port out = {type, first ? mdg_shape_of(3, 1, slots, slot) : mdg_shape_of(4, 1, 1, slots, slot),
                          NULL};
        mdg_graph *g = custom_net(*state, MDG_OP_CIRCULAR_BUFFER, 1, &in, 1, &out);
        OPTIONS(g, {"cycles_max", 1});
        mdg_exec *x = custom_open(g);
        uint8_t past[12 * 9 * 30 * 4] = {0};
        const size_t window = bytes * (size_t)slots, step = bytes * (size_t)fresh;
        for (size_t at = window; at + step <= sizeof past && at < window + 8 * step; at += step) {
            for (size_t k = 0; k < step; k++) past[at + k] = (uint8_t)below(&r, 256);
            assert_memory_equal(custom_run(x, past + at), past + at + step - window, window);
        }
    }
}

static void circular_buffer_needs_slots_of_the_output(void **state) {
    const port in = {MDG_INT8, mdg_shape_of(3, 1, 4, 2), NULL},
               few = {MDG_INT8, mdg_shape_of(3, 1, 3, 2), NULL};
    const port other = {MDG_INT8, mdg_shape_of(3, 1, 6, 3), NULL};
    custom_refused(custom_net(*state, MDG_OP_CIRCULAR_BUFFER, 1, &in, 1, &few), MDG_INVALID,
                   "is not some slots");
    custom_refused(custom_net(*state, MDG_OP_CIRCULAR_BUFFER, 1, &in, 1, &other), MDG_INVALID,
                   "is not some slots");
}

static void circular_buffer_that_stops_the_run_is_refused(void **state) {
    custom_refused(circular_net(*state, 1, 2), MDG_UNSUPPORTED, "cycles_max is 2: TFLM stops a run here");
    custom_refused(circular_net(*state, 1, 0), MDG_UNSUPPORTED, "cycles_max is 2");
    custom_open(circular_net(*state, 1, 1));
}

static void broken_options_are_refused(void **state) {
    const port in = port_of(MDG_INT16, 8);
    const port out[] = {{MDG_INT16, mdg_shape_of(2, 2, 6), NULL}, {MDG_BOOL, {0}, NULL}};
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_FRAMER, 1, &in, 2, out);
    custom_refused(g, MDG_INVALID, "op 0 SignalFramer: its options are missing or unreadable");
    OPTIONS(g, {"frame_size", 6}, {"frame_step", 4});
    custom_refused(g, MDG_INVALID, "option \"prefill\" is missing");
    OPTIONS(g, {"frame_size", 6}, {"frame_step", 0}, {"prefill", 0});
    custom_refused(g, MDG_INVALID, "option \"frame_step\" is 0, expected 1 to 8");
    OPTIONS(g, {"frame_size", 6}, {"frame_step", 3}, {"prefill", 0});
    custom_refused(g, MDG_INVALID, "frame_step does not divide the row of samples");
    OPTIONS(g, {"frame_size", 2}, {"frame_step", 4}, {"prefill", 1});
    custom_refused(g, MDG_INVALID, "prefill needs a frame_step within frame_size");
    OPTIONS(g, {"frame_size", 7}, {"frame_step", 4}, {"prefill", 0});
    custom_refused(g, MDG_INVALID, "expected 14 elements");
    OPTIONS(g, {"frame_size", 6}, {"frame_step", 4}, {"prefill", 0});
    custom_open(g);
}

static void a_stacker_may_not_skip_frames(void **state) {
    const port in = port_of(MDG_INT16, 2), out[] = {port_of(MDG_INT16, 4), {MDG_BOOL, {0}, NULL}};
    mdg_graph *g = custom_net(*state, MDG_OP_SIGNAL_STACKER, 1, &in, 2, out);
    OPTIONS(g, {"num_channels", 2}, {"stacker_left_context", 1}, {"stacker_right_context", 0},
            {"stacker_step", 3});
    custom_refused(g, MDG_INVALID, "option \"stacker_step\" is 3, expected 1 to 2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(framer_cuts_the_history),
        TEST(stacker_joins_neighbours),
        TEST(delay_comes_late),
        TEST(overlapping_frames_add_up),
        TEST(overlap_saturates),
        TEST(circular_buffer_is_valid_every_period),
        TEST(circular_buffer_takes_several_slots),
        TEST(circular_buffer_needs_slots_of_the_output),
        TEST(circular_buffer_that_stops_the_run_is_refused),
        TEST(broken_options_are_refused),
        TEST(a_stacker_may_not_skip_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
