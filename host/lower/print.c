/* SPDX-License-Identifier: MIT */
#include "lower/program.h"

#include <inttypes.h>
#include <string.h>

static void print_buffer(const mdg_program *p, int index, FILE *out) {
    static const char *const kinds[] = {
        [MDG_BUF_CONST] = "const", [MDG_BUF_ARENA] = "arena", [MDG_BUF_STATE] = "state"};
    const mdg_buffer *b = &p->buffers[index];
    fprintf(out, "b%-4d %s %8zu bytes", index, kinds[b->kind], b->bytes);
    if (b->kind != MDG_BUF_CONST) fprintf(out, " at %6zu", b->offset);
    if (b->whole >= 0)
        fprintf(out, ", part of b%d", b->whole);
    else if (b->kind == MDG_BUF_ARENA)
        fprintf(out, ", calls %d to %d", b->first, b->last);
    fprintf(out, "  %s %s\n", b->element, b->name);
}

static void print_word(const char *type, const uint8_t *word, FILE *out) {
    int32_t i;
    float f;
    memcpy(&i, word, sizeof i);
    memcpy(&f, word, sizeof f);
    if (strcmp(type, "float") == 0)
        fprintf(out, "%.9g", (double)f);
    else
        fprintf(out, "%" PRId32, i);
}

static void print_params(const mdg_kernel_info *k, const void *params, FILE *out) {
    const uint8_t *word = params;
    for (int i = 0; i < k->n_fields; i++) {
        const mdg_param_field *f = &k->fields[i];
        fprintf(out, "%s%s=%s", i ? " " : "", f->name, f->count ? "[" : "");
        for (int j = 0; j < (f->count ? f->count : 1); j++, word += sizeof(int32_t)) {
            if (j) fputc(' ', out);
            print_word(f->type, word, out);
        }
        if (f->count) fputc(']', out);
    }
}

static void print_buffer_list(const int *list, int n, FILE *out) {
    for (int k = 0; k < n; k++) {
        if (list[k] < 0)
            fprintf(out, "%sNULL", k ? ", " : "");
        else
            fprintf(out, "%sb%d", k ? ", " : "", list[k]);
    }
}

static void print_step(const mdg_call *c, FILE *out) {
    static const char *const steps[] = {[MDG_STEP_IF] = "if",
                                        [MDG_STEP_ELSE] = "else",
                                        [MDG_STEP_END_IF] = "end if",
                                        [MDG_STEP_LOOP] = "loop",
                                        [MDG_STEP_BREAK_UNLESS] = "break unless",
                                        [MDG_STEP_END_LOOP] = "end loop"};
    fprintf(out, "%s ", steps[c->step]);
    print_buffer_list(c->in, c->n_in, out);
    fputc('\n', out);
}

static void print_call(const mdg_program *p, int index, FILE *out) {
    const mdg_call *c = &p->calls[index];
    fprintf(out, "%4d ", index);
    if (c->step != MDG_STEP_KERNEL) {
        print_step(c, out);
        return;
    }
    const mdg_kernel_info *k = mdg_call_kernel(c);
    print_buffer_list(c->out, c->n_out, out);
    fprintf(out, " = %s(", k->name);
    print_buffer_list(c->in, c->n_in, out);
    fprintf(out, ")  ");
    print_params(k, c->params, out);
    if (c->op >= 0)
        fprintf(out, "  # op %d %s", c->op, mdg_op_name(&p->graph->subgraphs[c->subgraph].ops[c->op]));
    fputc('\n', out);
}

void mdg_program_print(const mdg_program *p, FILE *out) {
    fprintf(out, "program: %d calls, arena %zu bytes (at least %zu), state %zu bytes\n", p->n_calls,
            p->arena_bytes, p->arena_bound_bytes, p->state_bytes);
    for (int i = 0; i < p->n_inputs; i++)
        fprintf(out, "input %d: b%d %s\n", i, p->inputs[i].buffer, p->inputs[i].tensor->name);
    for (int i = 0; i < p->n_outputs; i++)
        fprintf(out, "output %d: b%d %s\n", i, p->outputs[i].buffer, p->outputs[i].tensor->name);
    for (int i = 0; i < p->n_buffers; i++) print_buffer(p, i, out);
    for (int i = 0; i < p->n_calls; i++) print_call(p, i, out);
}
