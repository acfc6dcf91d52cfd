/* SPDX-License-Identifier: MIT
 *
 * The reader against damaged files: made by breaking files that the writer wrote, and by hand.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "tests/host/tflite/samples.h"
#include "tflite/fb_out.h"
#include "tflite/schema.h"
#include "tflite/tflite.h"

typedef struct fixture {
    mdg_arena *arena;
    mdg_bytes bytes;
    mdg_diag diag;
} fixture;

static fixture made_from(sample_fn *make) {
    fixture f = {.arena = mdg_arena_new()};
    assert_int_equal(mdg_tflite_write(make(f.arena), f.arena, &f.bytes, &f.diag), MDG_OK);
    return f;
}

static mdg_status read(fixture *f, mdg_graph **g) {
    return mdg_tflite_read(&f->bytes, "file.tflite", f->arena, g, &f->diag);
}

static void expect_refusal(fixture *f, mdg_status status, const char *message) {
    mdg_graph *g = NULL;
    assert_int_equal(read(f, &g), status);
    assert_null(g);
    if (!strstr(f->diag.text, message)) fail_msg("\"%s\" does not say \"%s\"", f->diag.text, message);
    assert_non_null(strstr(f->diag.text, "file.tflite: "));
}

/* Copies of exact size, so that a sanitizer sees every byte too far. */
static void every_truncation_is_refused(void **state) {
    (void)state;
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        const fixture whole = made_from(samples[i].make);
        int accepted = 0;
        for (size_t size = 0; size < whole.bytes.size; size++) {
            fixture f = {.arena = mdg_arena_new(), .bytes = {malloc(size + !size), size}};
            mdg_graph *g = NULL;
            memcpy(f.bytes.data, whole.bytes.data, size);
            if (read(&f, &g) == MDG_OK)
                accepted++;
            else
                assert_true(strlen(f.diag.text) > 0);
            free(f.bytes.data);
            mdg_arena_free(f.arena);
        }
        assert_int_equal(accepted, 0);
        mdg_arena_free(whole.arena);
    }
}

/* Any byte may be anything: what is still accepted must hold together. */
static void every_broken_byte_is_survived(void **state) {
    (void)state;
    static const uint8_t values[] = {0x00, 0x01, 0x7f, 0x80, 0xff};
    for (int i = 0; i < SAMPLE_COUNT; i++) {
        fixture f = made_from(samples[i].make);
        for (size_t at = 0; at < f.bytes.size * sizeof values; at++) {
            fixture broken = {.arena = mdg_arena_new(), .bytes = f.bytes};
            uint8_t *byte = &f.bytes.data[at / sizeof values];
            const uint8_t kept = *byte;
            mdg_graph *g = NULL;
            *byte = values[at % sizeof values];
            if (read(&broken, &g) == MDG_OK) assert_int_equal(mdg_graph_check(g, NULL), MDG_OK);
            *byte = kept;
            mdg_arena_free(broken.arena);
        }
        mdg_arena_free(f.arena);
    }
}

static void other_files_are_refused(void **state) {
    (void)state;
    fixture f = {.arena = mdg_arena_new(), .bytes = {(uint8_t *)"#!/bin/sh and more", 18}};
    expect_refusal(&f, MDG_INVALID, "not a .tflite model");
    f.bytes.size = 0;
    expect_refusal(&f, MDG_INVALID, "not a .tflite model");
    mdg_arena_free(f.arena);
    f = made_from(sample_conv);
    f.bytes.data[7] = '2';
    expect_refusal(&f, MDG_INVALID, "TFL3");
    mdg_arena_free(f.arena);
}

/* The writer checks; so a broken graph becomes a file only by changing the file's own words. Where the words
 * `sequence` lie in the file, the last of them becomes `to`. */
static void replace_last(fixture *f, const uint32_t *sequence, size_t count, uint32_t to) {
    const size_t bytes = count * sizeof *sequence;
    for (size_t at = 0; at + bytes <= f->bytes.size; at += sizeof to) {
        if (memcmp(f->bytes.data + at, sequence, bytes) != 0) continue;
        memcpy(f->bytes.data + at + bytes - sizeof to, &to, sizeof to);
        return;
    }
    fail_msg("the words are not in the file");
}

typedef struct breakage {
    uint32_t sequence[5];
    size_t count;
    uint32_t to;
    const char *message;
} breakage;

static void broken_meaning_is_named(void **state) {
    (void)state;
    enum { A_TENTH = 0x3dcccccd, NOT_A_NUMBER = 0x7fc00000 };
    static const breakage breakages[] = {
        {{3, 0, 1, 2}, 4, 77, "subgraph 0: op 0 CONV_2D: input 2 is no tensor"},
        {{1, 3}, 2, 4, "subgraph 0: tensor 2 \"constant\": its data has not the size"},
        {{4, 1, 4}, 3, UINT32_MAX, "subgraph 0: tensor 0 \"x\": a dimension is negative"},
        {{4, 1, 4}, 3, 0x40000000, "subgraph 0: tensor 0 \"x\": its shape is larger than 2 GB"},
        {{1, A_TENTH}, 2, NOT_A_NUMBER, "subgraph 0: tensor 0 \"x\": a scale is negative or not finite"},
    };
    for (size_t i = 0; i < sizeof breakages / sizeof *breakages; i++) {
        const breakage *b = &breakages[i];
        fixture f = made_from(sample_conv);
        replace_last(&f, b->sequence, b->count, b->to);
        expect_refusal(&f, MDG_INVALID, b->message);
        mdg_arena_free(f.arena);
    }
}

/* A model of one subgraph with one tensor, whose fields the test chooses, and the buffers it asks for. */
typedef struct hand_made {
    mdg_fb_out out;
    mdg_fb_out_table model, tensor;
} hand_made;

static void hand_begin(hand_made *h, mdg_arena *arena) {
    static const char header[8] = {0, 0, 0, 0, 'T', 'F', 'L', '3'};
    *h = (hand_made){.out = {.arena = arena}};
    mdg_fb_out_append(&h->out, header, sizeof header);
    mdg_fb_out_scalar(&h->model, MODEL_VERSION, 4, TFL_VERSION, 0);
    mdg_fb_out_offset(&h->model, MODEL_SUBGRAPHS);
    mdg_fb_out_offset(&h->model, MODEL_BUFFERS);
}

static void hand_tensor(hand_made *h) {
    mdg_fb_out_table_end(&h->out, &h->model, 0);
    const size_t subgraphs = mdg_fb_out_vector(&h->out, h->model.place[MODEL_SUBGRAPHS], 1, 4, 4);
    mdg_fb_out_table subgraph = {0};
    mdg_fb_out_offset(&subgraph, SUBGRAPH_TENSORS);
    mdg_fb_out_table_end(&h->out, &subgraph, subgraphs);
    const size_t tensors = mdg_fb_out_vector(&h->out, subgraph.place[SUBGRAPH_TENSORS], 1, 4, 4);
    mdg_fb_out_table_end(&h->out, &h->tensor, tensors);
}

static mdg_status hand_read(hand_made *h, mdg_graph **g, mdg_diag *diag) {
    const mdg_bytes bytes = {h->out.data, h->out.size};
    return mdg_tflite_read(&bytes, "hand.tflite", h->out.arena, g, diag);
}

/* Data behind the FlatBuffer, as files above 2 GB have it. */
static void data_outside_is_found(void **state) {
    (void)state;
    static const int32_t values[2] = {5, -6};
    for (int beyond = 0; beyond < 2; beyond++) {
        mdg_arena *arena = mdg_arena_new();
        hand_made h;
        hand_begin(&h, arena);
        mdg_fb_out_offset(&h.tensor, TENSOR_SHAPE);
        mdg_fb_out_scalar(&h.tensor, TENSOR_TYPE, 1, MDG_INT32, 0);
        hand_tensor(&h);
        mdg_fb_out_ints(&h.out, h.tensor.place[TENSOR_SHAPE], (const int32_t[]){2}, 1);
        const size_t buffers = mdg_fb_out_vector(&h.out, h.model.place[MODEL_BUFFERS], 1, 4, 4);
        mdg_fb_out_table buffer = {0};
        mdg_fb_out_scalar(&buffer, BUFFER_OFFSET, 8, 9, 0);
        mdg_fb_out_scalar(&buffer, BUFFER_SIZE, 8, sizeof values, 0);
        mdg_fb_out_table_end(&h.out, &buffer, buffers);
        mdg_fb_out_append(&h.out, "x",
                          1 + (h.out.size % 2 == 1)); /* an odd place: the reader has to align it */
        mdg_fb_out_set(&h.out, buffer.place[BUFFER_OFFSET], 8, h.out.size + (size_t)beyond);
        mdg_fb_out_append(&h.out, values, sizeof values);
        mdg_graph *g = NULL;
        mdg_diag diag = {0};
        const mdg_status status = hand_read(&h, &g, &diag);
        assert_int_equal(status, beyond ? MDG_INVALID : MDG_OK);
        if (beyond)
            assert_non_null(strstr(diag.text, "beyond the end of the file"));
        else
            assert_memory_equal(g->subgraphs[0].tensors[0].data, values, sizeof values);
        if (!beyond) assert_int_equal((uintptr_t)g->subgraphs[0].tensors[0].data % sizeof values, 0);
        mdg_arena_free(arena);
    }
}

static void sparse_weights_are_refused(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    hand_made h;
    hand_begin(&h, arena);
    mdg_fb_out_offset(&h.tensor, TENSOR_SPARSITY);
    hand_tensor(&h);
    mdg_fb_out_table empty = {0};
    mdg_fb_out_table_end(&h.out, &empty, h.tensor.place[TENSOR_SPARSITY]);
    mdg_graph *g = NULL;
    mdg_diag diag = {0};
    mdg_fb_out_vector(&h.out, h.model.place[MODEL_BUFFERS], 0, 4, 4);
    assert_int_equal(hand_read(&h, &g, &diag), MDG_UNSUPPORTED);
    assert_string_equal(
        diag.text,
        "hand.tflite: subgraph 0: tensor 0 \"\": sparse weights; convert the model without sparsity");
    mdg_arena_free(arena);
}

/* 64,000 tensors that are one table with one long name: few bytes, but much work if each were read. */
static void repeated_tables_are_refused(void **state) {
    (void)state;
    enum { TENSORS = 64000, NAME_BYTES = 1 << 20 };
    mdg_arena *arena = mdg_arena_new();
    hand_made h;
    hand_begin(&h, arena);
    mdg_fb_out_table_end(&h.out, &h.model, 0);
    const size_t subgraphs = mdg_fb_out_vector(&h.out, h.model.place[MODEL_SUBGRAPHS], 1, 4, 4);
    mdg_fb_out_table subgraph = {0};
    mdg_fb_out_offset(&subgraph, SUBGRAPH_TENSORS);
    mdg_fb_out_table_end(&h.out, &subgraph, subgraphs);
    const size_t tensors = mdg_fb_out_vector(&h.out, subgraph.place[SUBGRAPH_TENSORS], TENSORS, 4, 4);
    mdg_fb_out_offset(&h.tensor, TENSOR_NAME);
    mdg_fb_out_table_end(&h.out, &h.tensor, tensors);
    const size_t table = h.tensor.place[TENSOR_NAME] - 4;
    for (size_t i = 0; i < TENSORS; i++)
        mdg_fb_out_set(&h.out, tensors + 4 * i, 4, table - (tensors + 4 * i));
    char *name = mdg_arena_alloc(arena, NAME_BYTES + 1);
    memset(name, 'n', NAME_BYTES);
    mdg_fb_out_text(&h.out, h.tensor.place[TENSOR_NAME], name);
    mdg_fb_out_vector(&h.out, h.model.place[MODEL_BUFFERS], 0, 4, 4);
    mdg_graph *g = NULL;
    mdg_diag diag = {0};
    assert_int_equal(hand_read(&h, &g, &diag), MDG_INVALID);
    assert_non_null(strstr(diag.text, "used over and over"));
    mdg_arena_free(arena);
}

static void control_characters_are_not_kept(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *made = sample_conv(arena), *g = NULL;
    made->subgraphs[0].tensors[0].name = "a\033[2Jb";
    mdg_bytes bytes;
    assert_int_equal(mdg_tflite_write(made, arena, &bytes, NULL), MDG_OK);
    assert_int_equal(mdg_tflite_read(&bytes, "x", arena, &g, NULL), MDG_OK);
    assert_string_equal(g->subgraphs[0].tensors[0].name, "a?[2Jb");
    mdg_arena_free(arena);
}

/* A builtin that midge knows by name alone is read, so that lowering can say which operator it is. */
static void other_builtins_keep_their_name(void **state) {
    (void)state;
    mdg_arena *arena = mdg_arena_new();
    mdg_graph *made = sample_conv(arena), *g = NULL;
    mdg_op *op = &made->subgraphs[0].ops[1];
    op->code = MDG_OP_TOPK_V2;
    op->attrs = NULL;
    mdg_bytes bytes;
    assert_int_equal(mdg_tflite_write(made, arena, &bytes, NULL), MDG_OK);
    assert_int_equal(mdg_tflite_read(&bytes, "x", arena, &g, NULL), MDG_OK);
    assert_string_equal(mdg_op_name(&g->subgraphs[0].ops[1]), "TOPK_V2");
    mdg_arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_truncation_is_refused),   cmocka_unit_test(every_broken_byte_is_survived),
        cmocka_unit_test(other_files_are_refused),       cmocka_unit_test(broken_meaning_is_named),
        cmocka_unit_test(data_outside_is_found),         cmocka_unit_test(sparse_weights_are_refused),
        cmocka_unit_test(repeated_tables_are_refused),   cmocka_unit_test(control_characters_are_not_kept),
        cmocka_unit_test(other_builtins_keep_their_name)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
