/* SPDX-License-Identifier: MIT
 *
 * Operators that move data, on random shapes, against explicit coordinates; what is refused, and why.
 */
#include "runs.h"

enum { ROUNDS = 150, MAX = 4096 };

static const mdg_type types[] = {MDG_INT8, MDG_INT16, MDG_FLOAT32, MDG_INT64};

/* A network of one operator on input 0 (random bytes) and what the oracle needs of it */
typedef struct trial {
    mdg_graph *g;
    mdg_shape in, out;
    mdg_type type;
    uint8_t x[MAX * 8];
    const uint8_t *y;
} trial;

static size_t element_bytes(const trial *t) {
    return mdg_type_bits(t->type) / 8;
}

/* Input and output tensors are 0 and 1. */
static trial *trial_new(mdg_arena *a, mdg_rng *r, mdg_shape in, mdg_shape out) {
    trial *t = mdg_arena_alloc(a, sizeof *t);
    t->g = net_new(a);
    t->in = in;
    t->out = out;
    t->type = types[run_random(r, 0, 3)];
    net_tensor(t->g, t->type, in, 0, 0);
    net_tensor(t->g, t->type, out, 0, 0);
    net_io(t->g, 0, 1);
    for (int64_t i = 0; i < mdg_shape_elements(&in) * 8; i++) t->x[i] = (uint8_t)run_random(r, 0, 255);
    return t;
}

static void trial_run(trial *t, mdg_opcode code, int n_const, const int32_t *constants) {
    int32_t inputs[5] = {0};
    for (int k = 0; k < n_const; k++) inputs[k + 1] = constants[k];
    net_op(t->g, code, n_const + 1, inputs, 1);
    t->y = run_net(t->g, t->x, NULL);
}

/* Output element `to` is input element `from`. */
static void assert_element(const trial *t, int32_t to, int32_t from) {
    const size_t n = element_bytes(t);
    if (memcmp(t->y + (size_t)to * n, t->x + (size_t)from * n, n) != 0)
        fail_msg("output %d is not input %d", (int)to, (int)from);
}

static void transpose_permutes_coordinates(void **state) {
    mdg_rng r = mdg_rng_of(1, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const mdg_shape in = run_random_shape(&r, 1, 5, 4);
        mdg_shape out = in;
        int32_t order[MDG_MAX_RANK], index[MDG_MAX_RANK], source[MDG_MAX_RANK];
        for (int d = 0; d < in.rank; d++) {
            const int at = run_random(&r, 0, d);
            order[d] = order[at];
            order[at] = d;
        }
        for (int d = 0; d < in.rank; d++) out.dim[d] = in.dim[order[d]];
        trial *t = trial_new(*state, &r, in, out);
        trial_run(t, MDG_OP_TRANSPOSE, 1, (int32_t[]){run_const_i32(t->g, in.rank, order)});
        for (int32_t i = 0; i < mdg_shape_elements(&out); i++) {
            run_index(&out, i, index);
            for (int d = 0; d < in.rank; d++) source[order[d]] = index[d];
            assert_element(t, i, run_element(&in, source));
        }
    }
}

/* The positions that begin:end:step selects of n elements, walked one by one; the bounds clamped as in Python
 */
static int walk(int32_t n, int32_t begin, int32_t end, int32_t step, int32_t *out) {
    int count = 0;
    const int32_t first = step > 0 ? 0 : -1, last = step > 0 ? n : n - 1;
    if (begin < 0) begin += n;
    if (end < 0) end += n;
    begin = begin < first ? first : begin > last ? last : begin;
    end = end < first ? first : end > last ? last : end;
    for (int32_t i = begin; step > 0 ? i < end : i > end; i += step) out[count++] = i;
    return count;
}

static void strided_slice_walks_its_ranges(void **state) {
    mdg_rng r = mdg_rng_of(2, 0);
    int tried = 0;
    for (int round = 0; round < 4 * ROUNDS; round++) {
        const mdg_shape in = run_random_shape(&r, 1, 4, 6);
        mdg_shape out = {.rank = 0}, kept = in;
        int32_t begin[4], end[4], step[4], places[4][8], index[MDG_MAX_RANK];
        const int32_t begin_mask = run_random(&r, 0, 15), end_mask = run_random(&r, 0, 15);
        const int32_t shrink = run_random(&r, 0, 3) ? 0 : run_random(&r, 0, 15);
        for (int d = 0; d < in.rank; d++) {
            const int32_t n = in.dim[d], sign = run_random(&r, 0, 1) ? 1 : -1;
            step[d] = sign * run_random(&r, 1, 3);
            begin[d] = run_random(&r, -n - 2, n + 2);
            end[d] = run_random(&r, -n - 2, n + 2);
            const bool is_shrunk = shrink >> d & 1;
            if (is_shrunk) begin[d] = run_random(&r, 0, n - 1);
            const int32_t from = begin_mask >> d & 1 ? (sign > 0 ? 0 : n - 1) : begin[d];
            const int32_t to = end_mask >> d & 1 ? (sign > 0 ? n : -n - 1) : end[d];
            kept.dim[d] =
                is_shrunk ? walk(n, from, from + 1, 1, places[d]) : walk(n, from, to, step[d], places[d]);
            if (!is_shrunk) out.dim[out.rank++] = kept.dim[d];
        }
        if (mdg_shape_elements(&kept) == 0) continue;
        trial *t = trial_new(*state, &r, in, out);
        const int32_t constants[] = {run_const_i32(t->g, in.rank, begin), run_const_i32(t->g, in.rank, end),
                                     run_const_i32(t->g, in.rank, step)};
        net_op(t->g, MDG_OP_STRIDED_SLICE, 4, (int32_t[]){0, constants[0], constants[1], constants[2]}, 1);
        mdg_strided_slice_attrs *attrs = t->g->subgraphs[0].ops[0].attrs;
        attrs->begin_mask = begin_mask;
        attrs->end_mask = end_mask;
        attrs->shrink_axis_mask = shrink;
        t->y = run_net(t->g, t->x, NULL);
        for (int32_t i = 0; i < mdg_shape_elements(&kept); i++) {
            run_index(&kept, i, index);
            for (int d = 0; d < in.rank; d++) index[d] = places[d][index[d]];
            assert_element(t, i, run_element(&in, index));
        }
        tried++;
    }
    assert_true(tried > ROUNDS);
}

static void reverse_counts_backwards(void **state) {
    mdg_rng r = mdg_rng_of(3, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const mdg_shape s = run_random_shape(&r, 1, 4, 5);
        const int32_t axis = run_random(&r, 0, s.rank - 1);
        int32_t index[MDG_MAX_RANK];
        trial *t = trial_new(*state, &r, s, s);
        trial_run(t, MDG_OP_REVERSE_V2, 1, (int32_t[]){run_const_i32(t->g, 1, &axis)});
        for (int32_t i = 0; i < mdg_shape_elements(&s); i++) {
            run_index(&s, i, index);
            index[axis] = s.dim[axis] - 1 - index[axis];
            assert_element(t, i, run_element(&s, index));
        }
    }
}

static void broadcast_repeats(void **state) {
    mdg_rng r = mdg_rng_of(4, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const mdg_shape out = run_random_shape(&r, 1, 5, 4);
        mdg_shape in = {.rank = run_random(&r, 0, out.rank)};
        const int added = out.rank - in.rank;
        int32_t index[MDG_MAX_RANK];
        for (int d = 0; d < in.rank; d++) in.dim[d] = run_random(&r, 0, 1) ? 1 : out.dim[added + d];
        trial *t = trial_new(*state, &r, in, out);
        trial_run(t, MDG_OP_BROADCAST_TO, 1, (int32_t[]){run_const_i32(t->g, out.rank, out.dim)});
        for (int32_t i = 0; i < mdg_shape_elements(&out); i++) {
            run_index(&out, i, index);
            for (int d = 0; d < in.rank; d++) index[d] = in.dim[d] == 1 ? 0 : index[added + d];
            assert_element(t, i, run_element(&in, index));
        }
    }
}

static void space_and_depth_change_places(void **state) {
    mdg_rng r = mdg_rng_of(5, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const int32_t b = run_random(&r, 1, 3);
        const mdg_shape deep = run_random_shape(&r, 4, 4, 3);
        const mdg_shape wide = mdg_shape_of(4, deep.dim[0], deep.dim[1] * b, deep.dim[2] * b, deep.dim[3]);
        mdg_shape blocks = deep;
        blocks.dim[3] *= b * b;
        int32_t i[MDG_MAX_RANK];
        trial *to_depth = trial_new(*state, &r, wide, blocks),
              *to_space = trial_new(*state, &r, blocks, wide);
        net_op(to_depth->g, MDG_OP_SPACE_TO_DEPTH, 1, (int32_t[]){0}, 1);
        net_op(to_space->g, MDG_OP_DEPTH_TO_SPACE, 1, (int32_t[]){0}, 1);
        ((mdg_space_to_depth_attrs *)to_depth->g->subgraphs[0].ops[0].attrs)->block_size = b;
        ((mdg_depth_to_space_attrs *)to_space->g->subgraphs[0].ops[0].attrs)->block_size = b;
        to_depth->y = run_net(to_depth->g, to_depth->x, NULL);
        to_space->y = run_net(to_space->g, to_space->x, NULL);
        for (int32_t e = 0; e < mdg_shape_elements(&wide); e++) {
            run_index(&wide, e, i);
            const int32_t depth = ((i[1] % b) * b + i[2] % b) * deep.dim[3] + i[3];
            const int32_t block = run_element(&blocks, (int32_t[]){i[0], i[1] / b, i[2] / b, depth});
            assert_element(to_depth, block, e);
            assert_element(to_space, e, block);
        }
    }
}

/* With a border: what goes to the batches comes back, and the border is the zero point. */
static void space_and_batch_change_places(void **state) {
    mdg_arena *a = *state;
    static const int8_t x[] = {1, 2, 3, 4, 5, 6}; /* [1][2][3][1] */
    static const int32_t block[] = {2, 2}, border[] = {1, 1, 0, 1};
    static const int8_t want[] = {9, 9, 4, 6, 9, 9, 5, 9, 1, 3, 9, 9, 2, 9, 9, 9};
    mdg_graph *g = net_new(a);
    net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 2, 3, 1), 1, 9);
    net_tensor(g, MDG_INT8, mdg_shape_of(4, 4, 2, 2, 1), 1, 9);
    const int32_t b = run_const_i32(g, 2, block),
                  c = net_const(g, MDG_INT32, mdg_shape_of(2, 2, 2), 0, border);
    net_op(g, MDG_OP_SPACE_TO_BATCH_ND, 3, (int32_t[]){0, b, c}, 1);
    net_io(g, 0, 1);
    assert_memory_equal(run_net(g, x, NULL), want, sizeof want);
    const int32_t back = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 2, 3, 1), 1, 9);
    net_op(g, MDG_OP_BATCH_TO_SPACE_ND, 3, (int32_t[]){1, b, c}, back);
    net_io(g, 0, back);
    assert_memory_equal(run_net(g, x, NULL), x, sizeof x);
    *(int32_t *)(uintptr_t)g->subgraphs[0].tensors[b].data = 3;
    run_assert_refused(g, MDG_INVALID, "blocks and borders do not lead from");
}

static void mirror_shows_the_tensor(void **state) {
    static const float x[] = {1, 2, 3};
    static const float reflect[] = {3, 2, 1, 2, 3, 2, 1}, symmetric[] = {2, 1, 1, 2, 3, 3, 2};
    static const int32_t borders[] = {2, 2}, wide[] = {3, 1};
    for (int mode = 0; mode < 2; mode++) {
        mdg_graph *g = net_new(*state);
        net_tensor(g, MDG_FLOAT32, mdg_shape_of(1, 3), 0, 0);
        net_tensor(g, MDG_FLOAT32, mdg_shape_of(1, 7), 0, 0);
        const int32_t p = net_const(g, MDG_INT32, mdg_shape_of(2, 1, 2), 0, borders);
        mdg_op *op = net_op(g, MDG_OP_MIRROR_PAD, 2, (int32_t[]){0, p}, 1);
        ((mdg_mirror_pad_attrs *)op->attrs)->mode = mode;
        net_io(g, 0, 1);
        assert_memory_equal(run_net(g, x, NULL), mode ? symmetric : reflect, sizeof reflect);
        g->subgraphs[0].tensors[p].data = wide;
        if (mode == 0) run_assert_refused(g, MDG_INVALID, "a border is wider than the tensor");
    }
}

/* x [3][2], indices computed while it runs */
static mdg_graph *net_gather(mdg_arena *a, mdg_opcode code, mdg_shape index, mdg_shape out) {
    static const int16_t x[] = {10, 11, 20, 21, 30, 31};
    mdg_graph *g = net_new(a);
    const int32_t at = net_tensor(g, MDG_INT32, index, 0, 0), y = net_tensor(g, MDG_INT16, out, 0, 0);
    const int32_t data = net_const(g, MDG_INT16, mdg_shape_of(2, 3, 2), 0, x);
    net_op(g, code, 2, (int32_t[]){data, at}, y);
    net_io(g, at, y);
    return g;
}

static void gather_zeroes_what_is_out_of_range(void **state) {
    static const int32_t rows[] = {2, -1, 0, 3}, places[] = {2, 1, 0, 2, -1, 0, 1, 0};
    static const int16_t want_rows[] = {30, 31, 0, 0, 10, 11, 0, 0}, want_places[] = {31, 0, 0, 20};
    mdg_graph *g = net_gather(*state, MDG_OP_GATHER, mdg_shape_of(1, 4), mdg_shape_of(2, 4, 2));
    assert_memory_equal(run_net(g, rows, NULL), want_rows, sizeof want_rows);
    g->subgraphs[0].tensors[0].data = rows;
    net_io(g, 0, 1);
    g->subgraphs[0].n_inputs = 0;
    run_assert_refused(g, MDG_INVALID, "index -1 of a dimension of 3");
    g = net_gather(*state, MDG_OP_GATHER_ND, mdg_shape_of(2, 4, 2), mdg_shape_of(1, 4));
    assert_memory_equal(run_net(g, places, NULL), want_places, sizeof want_places);
}

static void update_stays_within(void **state) {
    static const int32_t x[6] = {1, 2, 3, 4, 5, 6}, block[2] = {8, 9};
    static const struct {
        int64_t at[2];
        int32_t want[6];
    } cases[] = {{{0, 1}, {1, 8, 9, 4, 5, 6}},
                 {{1, 0}, {1, 2, 3, 8, 9, 6}},
                 {{INT64_MAX, INT64_MAX}, {1, 2, 3, 4, 8, 9}},
                 {{INT64_MIN, -1}, {8, 9, 3, 4, 5, 6}}};
    for (int i = 0; i < 4; i++) {
        mdg_graph *g = net_new(*state);
        net_tensor(g, MDG_INT32, mdg_shape_of(2, 2, 3), 0, 0);
        net_tensor(g, MDG_INT32, mdg_shape_of(2, 2, 3), 0, 0);
        const int32_t b = net_const(g, MDG_INT32, mdg_shape_of(2, 1, 2), 0, block);
        const int32_t at = net_const(g, MDG_INT64, mdg_shape_of(1, 2), 0, cases[i].at);
        net_op(g, MDG_OP_DYNAMIC_UPDATE_SLICE, 3, (int32_t[]){0, b, at}, 1);
        net_io(g, 0, 1);
        assert_memory_equal(run_net(g, x, NULL), cases[i].want, sizeof x);
    }
}

/* One input is cut in parts, which are put together again in reverse order. */
static void split_and_concatenation_agree(void **state) {
    static const int8_t x[] = {1, 2, 3, 4, 5, 6, 7, 8}, want[] = {3, 4, 1, 2, 7, 8, 5, 6};
    static const int32_t axis = -1;
    mdg_graph *g = net_new(*state);
    net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 4), 1, 0);
    net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 4), 1, 0);
    const int32_t left = net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 2), 1, 0);
    const int32_t right = net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 2), 1, 0);
    const int32_t c = net_const(g, MDG_INT32, mdg_shape_of(0), 0, &axis);
    mdg_op *split = mdg_op_add(g, g->subgraphs, MDG_OP_SPLIT, 2, 2);
    memcpy(split->inputs, (int32_t[]){c, 0}, 8);
    memcpy(split->outputs, (int32_t[]){left, right}, 8);
    mdg_op *join = net_op(g, MDG_OP_CONCATENATION, 2, (int32_t[]){right, left}, 1);
    ((mdg_concatenation_attrs *)join->attrs)->axis = 1;
    net_io(g, 0, 1);
    assert_memory_equal(run_net(g, x, NULL), want, sizeof want);
    g->subgraphs[0].tensors[right].shape.dim[1] = 3;
    g->subgraphs[0].tensors[right].bytes = 6;
    run_assert_refused(g, MDG_INVALID, "op 0 SPLIT: \"t3\" is [2,3], expected [2,2]");
}

static void shape_chains_leave_nothing_behind(void **state) {
    mdg_graph *g = net_new(*state);
    net_tensor(g, MDG_FLOAT32, mdg_shape_of(3, 4, 5, 6), 0, 0);
    net_tensor(g, MDG_INT32, mdg_shape_of(1, 3), 0, 0);
    net_op(g, MDG_OP_SHAPE, 1, (int32_t[]){0}, 1);
    net_io(g, 0, 1);
    const float x[120] = {0};
    mdg_exec *e;
    static const int32_t want[] = {4, 5, 6};
    assert_memory_equal(run_net(g, x, &e), want, sizeof want);
    assert_int_equal(mdg_exec_program(e)->n_calls, 1); /* the copy to the output */
}

/* A picture of one value stays one, whatever the size; an enlarged one keeps to the range of its neighbours.
 */
static void resize_keeps_what_is_even(void **state) {
    mdg_rng r = mdg_rng_of(6, 0);
    for (int round = 0; round < ROUNDS; round++) {
        const mdg_shape in = mdg_shape_of(4, 2, run_random(&r, 1, 9), run_random(&r, 1, 9), 3);
        const int32_t size[] = {run_random(&r, 1, 40), run_random(&r, 1, 40)};
        const mdg_shape out = mdg_shape_of(4, 2, size[0], size[1], 3);
        const int mode = run_random(&r, 0, 2);
        for (int which = 0; which < 2; which++) {
            mdg_graph *g = net_new(*state);
            net_tensor(g, MDG_INT8, in, 1, 0);
            net_tensor(g, MDG_INT8, out, 1, 0);
            const int32_t s = run_const_i32(g, 2, size);
            mdg_op *op = net_op(g, which ? MDG_OP_RESIZE_BILINEAR : MDG_OP_RESIZE_NEAREST_NEIGHBOR, 2,
                                (int32_t[]){0, s}, 1);
            if (which)
                *(mdg_resize_bilinear_attrs *)op->attrs = (mdg_resize_bilinear_attrs){mode == 1, mode == 2};
            else
                *(mdg_resize_nearest_attrs *)op->attrs = (mdg_resize_nearest_attrs){mode == 1, mode == 2};
            net_io(g, 0, 1);
            int8_t x[MAX];
            memset(x, run_random(&r, -128, 127), sizeof x);
            const int8_t *y = run_net(g, x, NULL);
            for (int32_t i = 0; i < mdg_shape_elements(&out); i++) assert_int_equal(y[i], x[0]);
        }
    }
}

/* What is broken in a network of one operator with one constant operand */
static void assert_operand_refused(mdg_arena *a, mdg_opcode code, int n, const int32_t *values,
                                   const char *words) {
    mdg_graph *g = net_new(a);
    net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 3), 1, 0);
    net_tensor(g, MDG_INT8, mdg_shape_of(2, 3, 2), 1, 0);
    const int32_t c = run_const_i32(g, n, values);
    net_op(g, code, 2, (int32_t[]){0, c}, 1);
    net_io(g, 0, 1);
    run_assert_refused(g, MDG_INVALID, words);
}

static void broken_operands_are_refused(void **state) {
    mdg_arena *a = *state;
    assert_operand_refused(a, MDG_OP_TRANSPOSE, 2, (int32_t[]){0, 0}, "names a dimension twice");
    assert_operand_refused(a, MDG_OP_TRANSPOSE, 2, (int32_t[]){1, 2}, "axis 2 of a tensor with 2 dimensions");
    assert_operand_refused(a, MDG_OP_TRANSPOSE, 1, (int32_t[]){1}, "one number for each dimension");
    assert_operand_refused(a, MDG_OP_TRANSPOSE, 2, (int32_t[]){0, 1}, "not that of the transposed input");
    assert_operand_refused(a, MDG_OP_BROADCAST_TO, 2, (int32_t[]){3, 2},
                           "dimension 1 cannot be broadcast from 3 to 2");
    assert_operand_refused(a, MDG_OP_PAD, 4, (int32_t[]){-1, 2, 0, 0}, "a padding is negative");
    assert_operand_refused(a, MDG_OP_CUMSUM, 1, (int32_t[]){5}, "axis 5 of a tensor with 2 dimensions");
}

static void operands_must_be_constant(void **state) {
    mdg_graph *g = net_new(*state);
    net_tensor(g, MDG_INT32, mdg_shape_of(1, 2), 0, 0);
    net_tensor(g, MDG_INT8, mdg_shape_of(2, 3, 2), 1, 0);
    const int8_t x[6] = {0};
    const int32_t c = net_const(g, MDG_INT8, mdg_shape_of(2, 2, 3), 1, x);
    net_op(g, MDG_OP_TRANSPOSE, 2, (int32_t[]){c, 0}, 1);
    net_io(g, 0, 1);
    run_assert_refused(g, MDG_UNSUPPORTED, "op 0 TRANSPOSE: \"t0\" must be a constant");
}

/* It would select the whole input, but every step through it counts from the last number. */
static void indices_without_numbers_are_refused(void **state) {
    mdg_graph *g = net_new(*state);
    net_tensor(g, MDG_INT8, mdg_shape_of(2, 2, 3), 1, 0);
    net_tensor(g, MDG_INT32, mdg_shape_of(2, 2, 0), 0, 0);
    net_tensor(g, MDG_INT8, mdg_shape_of(3, 2, 2, 3), 1, 0);
    net_op(g, MDG_OP_GATHER_ND, 2, (int32_t[]){0, 1}, 2);
    net_io(g, 0, 2);
    run_assert_refused(g, MDG_INVALID, "an index has no numbers");
}

static void empty_updates_are_refused(void **state) {
    mdg_graph *g = net_new(*state);
    net_tensor(g, MDG_INT32, mdg_shape_of(1, 5), 0, 0);
    net_tensor(g, MDG_INT32, mdg_shape_of(1, 0), 0, 0);
    net_tensor(g, MDG_INT32, mdg_shape_of(1, 5), 0, 0);
    const int32_t at = run_const_i32(g, 1, (int32_t[]){0});
    net_op(g, MDG_OP_DYNAMIC_UPDATE_SLICE, 3, (int32_t[]){0, 1, at}, 2);
    net_io(g, 0, 2);
    run_assert_refused(g, MDG_INVALID, "the update is empty");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        RUN_TEST(transpose_permutes_coordinates),
        RUN_TEST(strided_slice_walks_its_ranges),
        RUN_TEST(reverse_counts_backwards),
        RUN_TEST(broadcast_repeats),
        RUN_TEST(space_and_depth_change_places),
        RUN_TEST(space_and_batch_change_places),
        RUN_TEST(mirror_shows_the_tensor),
        RUN_TEST(gather_zeroes_what_is_out_of_range),
        RUN_TEST(update_stays_within),
        RUN_TEST(split_and_concatenation_agree),
        RUN_TEST(shape_chains_leave_nothing_behind),
        RUN_TEST(resize_keeps_what_is_even),
        RUN_TEST(broken_operands_are_refused),
        RUN_TEST(operands_must_be_constant),
        RUN_TEST(indices_without_numbers_are_refused),
        RUN_TEST(empty_updates_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
