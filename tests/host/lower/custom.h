/* SPDX-License-Identifier: MIT
 *
 * custom.h: graphs of one custom operator with options, and running them.
 */
#ifndef MDG_TEST_CUSTOM_H
#define MDG_TEST_CUSTOM_H

#include "exec/exec.h"
#include "nets.h"

typedef struct option {
    const char *name; /* in alphabetical order */
    int32_t value;
} option;

/* A FlexBuffers map in words of 4 bytes: names, {count, name ...}, {keys, width of keys, count, value ...},
 * types, root */
static inline void set_options(mdg_graph *g, mdg_op *op, int n, const option *options) {
    uint8_t *bytes = mdg_arena_alloc(g->arena, 1024);
    uint32_t name_at[16], at = 0, word;
    for (int i = 0; i < n; at += (uint32_t)strlen(options[i++].name) + 1) {
        name_at[i] = at;
        strcpy((char *)bytes + at, options[i].name);
    }
#define PUT(value) (word = (uint32_t)(value), memcpy(bytes + at, &word, 4), at += 4)
    PUT(n);
    const uint32_t keys = at;
    for (int i = 0; i < n; i++) PUT(at - name_at[i]);
    PUT(at - keys);
    PUT(4);
    PUT(n);
    const uint32_t values = at;
    for (int i = 0; i < n; i++) PUT(options[i].value);
    for (int i = 0; i < n; i++) bytes[at++] = 1 << 2 | 2;
    PUT(at - values);
#undef PUT
    bytes[at++] = 9 << 2 | 2;
    bytes[at++] = 4;
    op->custom = bytes;
    op->custom_bytes = at;
}

/* A tensor of the network below: its type and shape, and its values if it is constant */
typedef struct port {
    mdg_type type;
    mdg_shape shape;
    const void *data;
} port;

static inline port port_of(mdg_type type, int n) {
    return (port){type, mdg_shape_of(1, n), NULL};
}

/* One operator; the inputs that are not constant and all outputs are those of the graph. */
static inline mdg_graph *custom_net(mdg_arena *a, mdg_opcode code, int n_in, const port *in, int n_out,
                                    const port *out) {
    mdg_graph *g = net_new(a);
    mdg_subgraph *s = &g->subgraphs[0];
    int32_t inputs[8], outputs[8], open[8], n_open = 0;
    for (int k = 0; k < n_in; k++) {
        inputs[k] = in[k].data ? net_const(g, in[k].type, in[k].shape, 0, in[k].data)
                               : net_tensor(g, in[k].type, in[k].shape, 0, 0);
        if (!in[k].data) open[n_open++] = inputs[k];
    }
    for (int k = 0; k < n_out; k++) outputs[k] = net_tensor(g, out[k].type, out[k].shape, 0, 0);
    mdg_op *op = mdg_op_add(g, s, code, n_in, n_out);
    memcpy(op->inputs, inputs, (size_t)n_in * sizeof *inputs);
    memcpy(op->outputs, outputs, (size_t)n_out * sizeof *outputs);
    mdg_subgraph_set_io(g, s, n_open, open, n_out, outputs);
    return g;
}

static inline void custom_options(mdg_graph *g, int n, const option *options) {
    set_options(g, &g->subgraphs[0].ops[0], n, options);
}

static inline mdg_exec *custom_open(mdg_graph *g) {
    mdg_exec *x = NULL;
    mdg_diag diag = {""};
    if (mdg_exec_open(g, g->arena, &x, &diag) != MDG_OK) fail_msg("%s", diag.text);
    return x;
}

static inline const void *custom_run(mdg_exec *x, const void *input) {
    memcpy(mdg_exec_input(x, 0), input, mdg_exec_input_bytes(x, 0));
    mdg_exec_invoke(x, NULL);
    return mdg_exec_output(x, 0);
}

static inline void custom_refused(mdg_graph *g, mdg_status status, const char *words) {
    mdg_exec *x;
    mdg_diag diag = {""};
    const mdg_status got = mdg_exec_open(g, g->arena, &x, &diag);
    if (got != status || !strstr(diag.text, words))
        fail_msg("status %d, \"%s\" instead of \"%s\"", (int)got, diag.text, words);
}

static inline int set_up(void **state) {
    *state = mdg_arena_new();
    return 0;
}

static inline int tear_down(void **state) {
    mdg_arena_free(*state);
    return 0;
}

#define OPTIONS(g, ...)                                                                                      \
    custom_options(g, sizeof((option[]){__VA_ARGS__}) / sizeof(option), (option[]){__VA_ARGS__})
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
