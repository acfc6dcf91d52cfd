/* SPDX-License-Identifier: MIT */
#include "emit/roll.h"

#include <ctype.h>
#include <string.h>

const mdg_op *mdg_emit_op(const mdg_emit *e, const mdg_call *call) {
    const mdg_graph *g = e->program->graph;
    const bool known = g && call->subgraph >= 0 && call->subgraph < g->n_subgraphs && call->op >= 0 &&
                       call->op < g->subgraphs[call->subgraph].n_ops;
    return known ? &g->subgraphs[call->subgraph].ops[call->op] : NULL;
}

int64_t mdg_emit_macs(const mdg_emit *e) {
    const mdg_graph *g = e->program->graph;
    int64_t sum = 0;
    if (!g || g->n_subgraphs == 0) return 0;
    for (int i = 0; i < g->subgraphs[0].n_ops; i++)
        sum += mdg_op_macs(&g->subgraphs[0], &g->subgraphs[0].ops[i]);
    return sum;
}

static void print_pointer(const mdg_emit *e, FILE *out, int buffer) {
    const mdg_buffer *b = buffer >= 0 ? &e->program->buffers[buffer] : NULL;
    if (b && b->kind == MDG_BUF_ARENA)
        fprintf(out, "m->arena + %zu", b->offset);
    else if (b && b->kind == MDG_BUF_STATE)
        fprintf(out, "m->state + %zu", b->offset);
    else if (b && e->constant[buffer] >= 0)
        fprintf(out, "%s_weights_%d", e->opts->name, e->constant[buffer]);
    else
        fputs("NULL", out);
}

/* next: the same operands in the loop's next round, NULL outside of loops */
static void print_pointers(const mdg_emit *e, FILE *out, const int *buffers, const int *next, int n) {
    if (n == 0) fputs("NULL", out); /* an empty list is no C */
    for (int i = 0; i < n; i++) {
        const int64_t step = next ? mdg_emit_step(e, buffers[i], next[i]) : 0;
        if (i) fputs(", ", out);
        print_pointer(e, out, buffers[i]);
        if (step) fprintf(out, " + round * %lld", (long long)step);
    }
}

static void print_op_shapes(FILE *out, const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *x = op->n_inputs > 0 ? mdg_op_input(s, op, 0) : NULL;
    const mdg_tensor *y = op->n_outputs > 0 ? mdg_op_output(s, op, 0) : NULL;
    fputs("  ", out);
    if (x) mdg_emit_shape(out, &x->shape);
    fputs(" -> ", out);
    if (y) mdg_emit_shape(out, &y->shape);
    const int64_t macs = mdg_op_macs(s, op);
    if (macs > 0) fprintf(out, ", %lld MAC", (long long)macs);
}

/* Which operator a call is part of, its shapes and its work */
static void print_call_comment(const mdg_emit *e, FILE *out, const mdg_call *call) {
    const mdg_op *op = mdg_emit_op(e, call);
    if (!op) return;
    fputs("    /* ", out);
    if (call->subgraph > 0) fprintf(out, "subgraph %d ", call->subgraph);
    fprintf(out, "op %d ", call->op);
    mdg_emit_comment(out, mdg_op_name(op));
    print_op_shapes(out, &e->program->graph->subgraphs[call->subgraph], op);
    fputs(" */\n", out);
}

static bool opens_block(const mdg_call *call) {
    return call->step != MDG_STEP_KERNEL && call->step != MDG_STEP_END_IF && call->step != MDG_STEP_END_LOOP;
}

/* The hook stands behind the last step of each operator of the main subgraph; what other subgraphs do is
 * charged to the operator that runs them. */
static bool ends_op(const mdg_emit *e, int number) {
    const mdg_call *call = &e->program->calls[number];
    if (call->subgraph != 0 || call->op < 0 || opens_block(call)) return false;
    return number + 1 == e->program->n_calls || call[1].op != call->op || call[1].subgraph != 0;
}

/* The operator's name becomes part of a symbol when the file is measured. */
static void print_hook(const mdg_emit *e, FILE *out, const mdg_call *call) {
    const mdg_op *op = mdg_emit_op(e, call);
    fprintf(out, "    MDG_AFTER_OP(%d, ", call->op);
    for (const char *p = op ? mdg_op_name(op) : mdg_call_kernel(call)->name; *p; p++) {
        fputc(isalnum((unsigned char)*p) ? *p : '_', out);
    }
    fputs(")\n", out);
}

/* next: the call in the loop's next round, or NULL */
static void print_kernel_call(const mdg_emit *e, FILE *out, int number, const mdg_call *next) {
    const mdg_call *call = &e->program->calls[number];
    fputs("    {\n        const void *const in[] = {", out);
    print_pointers(e, out, call->in, next ? next->in : NULL, call->n_in);
    fputs("};\n        void *const out[] = {", out);
    print_pointers(e, out, call->out, next ? next->out : NULL, call->n_out);
    fprintf(out, "};\n        %s%s(&%s_params_%d, in, out);\n    }\n", call->custom ? "" : "mdg_",
            mdg_call_kernel(call)->name, e->opts->name, e->params[number]);
}

static void print_condition(const mdg_emit *e, FILE *out, const char *before, const mdg_call *call,
                            const char *after) {
    fprintf(out, "    %s*(const uint8_t *)(", before);
    print_pointer(e, out, call->in[0]);
    fprintf(out, ")%s\n", after);
}

static void print_step(const mdg_emit *e, FILE *out, int number) {
    const mdg_call *call = &e->program->calls[number];
    switch (call->step) {
    case MDG_STEP_KERNEL:
        print_call_comment(e, out, call);
        print_kernel_call(e, out, number, NULL);
        break;
    case MDG_STEP_IF: print_condition(e, out, "if (", call, ") {"); break;
    case MDG_STEP_BREAK_UNLESS: print_condition(e, out, "if (!", call, ") break;"); break;
    case MDG_STEP_ELSE: fputs("    } else {\n", out); break;
    case MDG_STEP_LOOP: fputs("    for (;;) {\n", out); break;
    case MDG_STEP_END_IF:
    case MDG_STEP_END_LOOP: fputs("    }\n", out); break;
    }
    if (ends_op(e, number)) print_hook(e, out, call);
}

/* The hook stands behind a call in every round where it stands behind it in the first or the last. */
static void print_loop(const mdg_emit *e, FILE *out, const mdg_emit_loop *l) {
    fprintf(out, "    for (int round = 0; round < %d; round++) {\n", l->rounds);
    for (int i = l->first; i < l->first + l->period; i++) {
        const mdg_call *call = &e->program->calls[i];
        print_call_comment(e, out, call);
        print_kernel_call(e, out, i, call + l->period);
        if (ends_op(e, i) || ends_op(e, i + (l->rounds - 1) * l->period)) print_hook(e, out, call);
    }
    fputs("    }\n", out);
}

static void print_invoke(const mdg_emit *e, FILE *out, const char *linkage) {
    fprintf(out, "\n%s", linkage);
    mdg_emit_text(e, out, "void $n_invoke($n_model *m)\n{\n");
    if (e->program->n_calls == 0) fputs("    (void)m;\n", out);
    for (int i = 0; i < e->program->n_calls; i++) {
        mdg_emit_loop l;
        if (mdg_emit_find_loop(e, i, &l)) {
            print_loop(e, out, &l);
            i += l.period * l.rounds - 1;
        } else {
            print_step(e, out, i);
        }
    }
    fputs("}\n", out);
}

/* One pointer of an input or output needs no list; a model of constants alone has no input. */
static void print_accessor(const mdg_emit *e, FILE *out, const char *head, const mdg_io *io, int n) {
    mdg_emit_text(e, out, head);
    if (n == 0) {
        fputs("    (void)m;\n    (void)k;\n    return NULL;\n}\n", out);
        return;
    }
    if (n == 1) {
        fputs("    (void)k;\n    return ", out);
        print_pointer(e, out, io[0].buffer);
        fputs(";\n}\n", out);
        return;
    }
    fputs("    switch (k) {\n", out);
    for (int i = 0; i < n; i++) {
        fprintf(out, "    case %d: return ", i);
        print_pointer(e, out, io[i].buffer);
        fputs(";\n", out);
    }
    fputs("    default: return NULL;\n    }\n}\n", out);
}

static void print_initial_state(const mdg_emit *e, FILE *out) {
    for (int i = 0; i < e->program->n_buffers; i++) {
        const mdg_buffer *b = &e->program->buffers[i];
        if (b->kind != MDG_BUF_STATE || e->constant[i] < 0) continue;
        fprintf(out, "    memcpy(m->state + %zu, %s_weights_%d, %zu);\n", b->offset, e->opts->name,
                e->constant[i], b->bytes);
    }
}

static void print_reset(const mdg_emit *e, FILE *out, const char *linkage) {
    const size_t bytes = e->program->state_bytes;
    const char *name = e->opts->frontend ? "$n_reset_model" : "$n_reset";
    fprintf(out, "\n%svoid ", linkage);
    mdg_emit_text(e, out, name);
    mdg_emit_text(e, out, "($n_model *m)\n{\n");
    if (bytes)
        fprintf(out, "    memset(m->state, 0, %zu);\n", bytes);
    else
        fputs("    (void)m; /* this model keeps nothing between inferences */\n", out);
    print_initial_state(e, out);
    fputs("}\n", out);
}

void mdg_emit_model(const mdg_emit *e, FILE *out, const char *linkage) {
    const mdg_program *p = e->program;
    fprintf(out, "\n%s", linkage);
    print_accessor(e, out, "void *$n_input(const $n_model *m, int k)\n{\n", p->inputs, p->n_inputs);
    fprintf(out, "\n%s", linkage);
    print_accessor(e, out, "const void *$n_output(const $n_model *m, int k)\n{\n", p->outputs, p->n_outputs);
    print_reset(e, out, linkage);
    print_invoke(e, out, linkage);
}
