/* SPDX-License-Identifier: MIT
 *
 * Model images: what is opened runs as told, what is broken is refused; two models share an arena; state is
 * kept and reset.
 */
#include "host/lower/nets.h"

#include "core/crc32.h"
#include "image/pack.h"
#include "midge/model.h"
#include "plan/plan.h"

typedef struct fixture {
    mdg_arena *arena;
    mdg_program program;
    mdg_bytes image;
    mdg_model_memory memory;
    mdg_model model;
} fixture;

static const mdg_model_kernel kernels[] = {
    MDG_USE(add_f32), MDG_USE(add_s32), MDG_USE(copy), MDG_USE(relu_f32), {NULL, NULL, NULL},
};

/* y = relu(x + x) over 4 floats */
static mdg_graph *doubling(mdg_arena *arena) {
    mdg_graph *g = net_new(arena);
    mdg_subgraph *s = g->subgraphs;
    const int x = mdg_tensor_add(g, s, "x", MDG_FLOAT32, mdg_shape_of(1, 4));
    const int sum = mdg_tensor_add(g, s, "sum", MDG_FLOAT32, mdg_shape_of(1, 4));
    const int y = mdg_tensor_add(g, s, "y", MDG_FLOAT32, mdg_shape_of(1, 4));
    mdg_op *add = mdg_op_add(g, s, MDG_OP_ADD, 2, 1);
    add->inputs[0] = add->inputs[1] = x;
    add->outputs[0] = sum;
    add->attrs = mdg_arena_alloc(arena, sizeof(mdg_add_attrs));
    mdg_op *relu = mdg_op_add(g, s, MDG_OP_RELU, 1, 1);
    relu->inputs[0] = sum;
    relu->outputs[0] = y;
    net_io(g, x, y);
    return g;
}

/* state += x; y = state, over 4 floats; the state begins with 1, 2, 3, 4 */
static void make_counter(fixture *f) {
    static const float initial[4] = {1, 2, 3, 4};
    mdg_program *p = &f->program;
    mdg_graph *g = net_new(f->arena);
    const int tensor = mdg_tensor_add(g, g->subgraphs, "t", MDG_FLOAT32, mdg_shape_of(1, 4));
    *p = (mdg_program){.arena = f->arena, .graph = g, .n_inputs = 1, .n_outputs = 1};
    const int x = mdg_program_add_buffer(p, MDG_BUF_ARENA, "x", "float", 16, NULL);
    const int y = mdg_program_add_buffer(p, MDG_BUF_ARENA, "y", "float", 16, NULL);
    const int state = mdg_program_add_buffer(p, MDG_BUF_STATE, "state", "float", 16, initial);
    mdg_binary_f32_params *sum = mdg_arena_alloc(f->arena, sizeof *sum);
    *sum = (mdg_binary_f32_params){.rank = 1, .dim = {4}, .a_stride = {1}, .b_stride = {1}};
    sum->act_min = -1e9f, sum->act_max = 1e9f;
    mdg_copy_params *copy = mdg_arena_alloc(f->arena, sizeof *copy);
    *copy = (mdg_copy_params){.blocks = 1, .block_bytes = 16};
    mdg_call *c = mdg_program_add_call(p, MDG_K_add_f32, sum);
    mdg_call_add_in(c, state), mdg_call_add_in(c, x), mdg_call_add_out(c, y);
    c = mdg_program_add_call(p, MDG_K_copy, copy);
    mdg_call_add_in(c, y), mdg_call_add_out(c, state);
    p->inputs = mdg_arena_copy(f->arena, &(mdg_io){x, &g->subgraphs->tensors[tensor]}, sizeof(mdg_io));
    p->outputs = mdg_arena_copy(f->arena, &(mdg_io){y, &g->subgraphs->tensors[tensor]}, sizeof(mdg_io));
    mdg_program_lifetimes(p);
}

static void pack(fixture *f) {
    mdg_diag diag = {""};
    if (mdg_plan(&f->program, NULL, &diag) != MDG_OK) fail_msg("%s", diag.text);
    if (mdg_pack(&f->program, 0x1122334455667788u, f->arena, &f->image, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    f->memory =
        (mdg_model_memory){.arena_bytes = f->program.arena_bytes, .state_bytes = f->program.state_bytes};
    f->memory.arena = mdg_arena_alloc(f->arena, f->memory.arena_bytes);
    f->memory.state = mdg_arena_alloc(f->arena, f->memory.state_bytes);
}

static fixture packed_doubling(void) {
    mdg_diag diag = {""};
    fixture f = {.arena = mdg_arena_new()};
    if (mdg_lower(doubling(f.arena), f.arena, &f.program, &diag) != MDG_OK) fail_msg("%s", diag.text);
    pack(&f);
    return f;
}

static fixture packed_counter(void) {
    fixture f = {.arena = mdg_arena_new()};
    make_counter(&f);
    pack(&f);
    return f;
}

static mdg_status open(fixture *f) {
    return mdg_model_open(&f->model, f->image.data, f->image.size, kernels, &f->memory);
}

static mdg_image_header *header_of(const fixture *f) {
    return (mdg_image_header *)(void *)f->image.data;
}

/* After a change, so that it is not the CRC that refuses it */
static void sign(const fixture *f) {
    header_of(f)->crc = mdg_crc32(f->image.data + 16, header_of(f)->bytes - 16);
}

static void run(const fixture *f, const float x[4], float y[4]) {
    memcpy(mdg_model_input(&f->model, 0), x, 16);
    mdg_model_invoke(&f->model);
    memcpy(y, mdg_model_output(&f->model, 0), 16);
}

static void crc_is_that_of_zip(void **state) {
    (void)state;
    assert_int_equal(mdg_crc32((const uint8_t *)"123456789", 9), 0xCBF43926u);
}

static void image_runs_and_tells_of_itself(void **state) {
    (void)state;
    fixture f = packed_doubling();
    size_t arena_bytes, state_bytes;
    float y[4];
    assert_int_equal(open(&f), MDG_OK);
    run(&f, (const float[]){1, -2, 3, 0.5f}, y);
    assert_memory_equal(y, ((const float[]){2, 0, 6, 1}), 16);
    assert_int_equal(mdg_model_needs(f.image.data, f.image.size, &arena_bytes, &state_bytes), MDG_OK);
    assert_int_equal(arena_bytes, f.program.arena_bytes);
    assert_int_equal(state_bytes, 0);
    assert_int_equal(mdg_model_input_bytes(&f.model, 0), 16);
    assert_int_equal(mdg_model_output_info(&f.model, 0)->dim[0], 4);
    assert_int_equal(mdg_model_output_info(&f.model, 0)->type, 0);
    assert_null(mdg_model_input(&f.model, 1));
    assert_null(mdg_model_output(&f.model, 1));
    assert_int_equal(mdg_model_steps(&f.model), 2);
    assert_string_equal(mdg_model_kernel_name(&f.model, 1), "relu_f32");
    assert_int_equal(header_of(&f)->model_hash[0], 0x55667788u);
    mdg_arena_free(f.arena);
}

static void state_is_kept_and_reset(void **state) {
    (void)state;
    fixture f = packed_counter();
    float y[4];
    const float x[4] = {1, 1, 1, 1};
    assert_int_equal(open(&f), MDG_OK);
    run(&f, x, y);
    run(&f, x, y);
    assert_memory_equal(y, ((const float[]){3, 4, 5, 6}), 16);
    mdg_model_reset(&f.model);
    run(&f, x, y);
    assert_memory_equal(y, ((const float[]){2, 3, 4, 5}), 16);
    mdg_arena_free(f.arena);
}

static void two_models_share_an_arena(void **state) {
    (void)state;
    fixture a = packed_counter(), b = packed_doubling();
    float y[4];
    const float x[4] = {1, 1, 1, 1};
    b.memory.arena = a.memory.arena = mdg_arena_alloc(a.arena, 1024);
    b.memory.arena_bytes = a.memory.arena_bytes = 1024;
    assert_int_equal(open(&a), MDG_OK);
    assert_int_equal(open(&b), MDG_OK);
    for (int i = 2; i < 6; i++) {
        run(&a, x, y);
        assert_true(y[0] == (float)i);
        run(&b, x, y);
        assert_true(y[0] == 2);
    }
    mdg_arena_free(a.arena);
    mdg_arena_free(b.arena);
}

static void memory_must_suffice(void **state) {
    (void)state;
    fixture f = packed_counter();
    f.memory.arena_bytes--;
    assert_int_equal(open(&f), MDG_NO_MEMORY);
    f.memory.arena_bytes++, f.memory.state_bytes--;
    assert_int_equal(open(&f), MDG_NO_MEMORY);
    f.memory.state_bytes++;
    f.memory.arena = (uint8_t *)f.memory.arena + 4;
    assert_int_equal(open(&f), MDG_NO_MEMORY);
    mdg_arena_free(f.arena);
}

static void missing_kernel_is_named(void **state) {
    (void)state;
    fixture f = packed_doubling();
    static const mdg_model_kernel few[] = {MDG_USE(add_f32), {NULL, NULL, NULL}};
    assert_int_equal(mdg_model_open(&f.model, f.image.data, f.image.size, few, &f.memory), MDG_NOT_FOUND);
    assert_string_equal(mdg_model_kernel_name(&f.model, f.model.failed_step), "relu_f32");
    mdg_arena_free(f.arena);
}

/* Whatever single byte changes, the CRC tells. */
static void every_changed_byte_is_noticed(void **state) {
    (void)state;
    fixture f = packed_counter();
    for (size_t i = 0; i < f.image.size; i++) {
        f.image.data[i] ^= 0x10;
        if (open(&f) == MDG_OK) fail_msg("byte %zu", i);
        f.image.data[i] ^= 0x10;
    }
    assert_int_equal(open(&f), MDG_OK);
    mdg_arena_free(f.arena);
}

static void cut_images_are_refused(void **state) {
    (void)state;
    fixture f = packed_counter();
    for (size_t size = 0; size < f.image.size; size++)
        assert_int_equal(mdg_model_open(&f.model, f.image.data, size, kernels, &f.memory), MDG_INVALID);
    assert_int_equal(mdg_model_open(&f.model, f.image.data + 4, f.image.size - 4, kernels, &f.memory),
                     MDG_INVALID);
    header_of(&f)->version++;
    assert_int_equal(open(&f), MDG_UNSUPPORTED);
    mdg_arena_free(f.arena);
}

/* Each word of the image in turn takes values that lead out of bounds, with a CRC that holds: it is refused,
 * or runs (the sanitizers watch). */
static void hostile_words_are_harmless(void **state) {
    (void)state;
    static const uint32_t values[] = {0,          1,          2,          3,          0xFFFF,
                                      0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF, 0x40000000};
    fixture f = packed_counter();
    int refused = 0;
    const float x[4] = {1, 1, 1, 1};
    float y[4];
    for (size_t at = 16; at + 4 <= f.image.size; at += 4) {
        uint32_t before;
        memcpy(&before, f.image.data + at, 4);
        for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
            memcpy(f.image.data + at, &values[v], 4);
            sign(&f);
            const bool opened = open(&f) == MDG_OK;
            refused += !opened;
            if (opened && mdg_model_input_bytes(&f.model, 0) >= 16 &&
                mdg_model_output_bytes(&f.model, 0) >= 16)
                run(&f, x, y);
        }
        memcpy(f.image.data + at, &before, 4);
    }
    assert_true(refused > 400);
    mdg_arena_free(f.arena);
}

static mdg_image_step *step_of(const fixture *f, uint32_t i) {
    return (mdg_image_step *)(void *)(f->image.data + header_of(f)->steps) + i;
}

static uint16_t *operand_of(const fixture *f, uint32_t step, uint32_t k) {
    return (uint16_t *)(void *)(f->image.data + header_of(f)->operands) + step_of(f, step)->operands + k;
}

static mdg_status reopen(fixture *f) {
    sign(f);
    return open(f);
}

/* A copy may not overlap itself; an addition may work in place, but not beside its place. */
static void overlaps_are_refused(void **state) {
    (void)state;
    fixture f = packed_counter();
    *operand_of(&f, 1, 1) = *operand_of(&f, 1, 0);
    assert_int_equal(reopen(&f), MDG_INVALID);
    mdg_arena_free(f.arena);

    f = packed_counter();
    *operand_of(&f, 0, 2) = *operand_of(&f, 0, 1);
    assert_int_equal(reopen(&f), MDG_OK);
    mdg_arena_free(f.arena);
}

static void constants_are_not_written(void **state) {
    (void)state;
    fixture f = packed_counter();
    mdg_image_buffer *b = (mdg_image_buffer *)(void *)(f.image.data + header_of(&f)->buffers);
    b[*operand_of(&f, 0, 2)].place = 0;
    assert_int_equal(reopen(&f), MDG_INVALID);
    mdg_arena_free(f.arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crc_is_that_of_zip),
        cmocka_unit_test(image_runs_and_tells_of_itself),
        cmocka_unit_test(state_is_kept_and_reset),
        cmocka_unit_test(two_models_share_an_arena),
        cmocka_unit_test(memory_must_suffice),
        cmocka_unit_test(missing_kernel_is_named),
        cmocka_unit_test(every_changed_byte_is_noticed),
        cmocka_unit_test(cut_images_are_refused),
        cmocka_unit_test(hostile_words_are_harmless),
        cmocka_unit_test(overlaps_are_refused),
        cmocka_unit_test(constants_are_not_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
