/* SPDX-License-Identifier: MIT */
#include "quant/watch.h"

#include <string.h>

#include "quant/quant.h"

typedef struct viewer {
    const mdg_watch *watch;
    mdg_watch_fn *see;
    void *context;
} viewer;

static int last_writer(const mdg_program *p, int buffer) {
    int last = -1;
    for (int i = 0; i < p->n_calls && buffer >= 0; i++)
        for (int k = 0; k < p->calls[i].n_out; k++)
            if (p->calls[i].out[k] == buffer) last = i;
    return last;
}

mdg_status mdg_watch_open(const mdg_graph *g, mdg_arena *arena, mdg_watch *out, mdg_diag *diag) {
    *out = (mdg_watch){.subgraph = &g->subgraphs[0]};
    MDG_TRY(mdg_exec_open(g, arena, &out->exec, diag));
    const mdg_program *p = mdg_exec_program(out->exec);
    out->writer = mdg_arena_array(arena, (size_t)out->subgraph->n_tensors, sizeof(int));
    for (int t = 0; t < out->subgraph->n_tensors; t++) out->writer[t] = last_writer(p, p->tensor_buffer[t]);
    return MDG_OK;
}

static void see_outputs(void *context, const mdg_program *p, const mdg_call *call, void *const *out) {
    const viewer *v = context;
    const int index = (int)(call - p->calls);
    for (int t = 0; t < v->watch->subgraph->n_tensors; t++) {
        if (v->watch->writer[t] != index) continue;
        for (int k = 0; k < call->n_out; k++)
            if (call->out[k] == p->tensor_buffer[t]) v->see(v->context, t, out[k]);
    }
}

size_t mdg_watch_input_bytes(const mdg_watch *w) {
    size_t sum = 0;
    for (int k = 0; k < w->subgraph->n_inputs; k++) sum += mdg_exec_input_bytes(w->exec, k);
    return sum;
}

void mdg_watch_set_inputs(mdg_watch *w, const void *x) {
    const uint8_t *from = x;
    for (int k = 0; k < w->subgraph->n_inputs; k++) {
        const size_t bytes = mdg_exec_input_bytes(w->exec, k);
        memcpy(mdg_exec_input(w->exec, k), from, bytes);
        from += bytes;
    }
}

void mdg_watch_quantize_inputs(mdg_watch *w, const mdg_subgraph *original, const uint8_t *x) {
    for (int k = 0; k < original->n_inputs; k++) {
        const int t = original->inputs[k];
        const size_t n = (size_t)mdg_shape_elements(&original->tensors[t].shape);
        const mdg_tensor *quantized = &w->subgraph->tensors[t];
        if (quantized->type == MDG_INT8 && original->tensors[t].type == MDG_FLOAT32)
            mdg_quant_to_int8(quantized, (const float *)(const void *)x, n, mdg_exec_input(w->exec, k));
        else
            memcpy(mdg_exec_input(w->exec, k), x, original->tensors[t].bytes);
        x += original->tensors[t].bytes;
    }
}

mdg_status mdg_watch_run(mdg_watch *w, mdg_watch_fn *see, void *context, mdg_diag *diag) {
    viewer v = {w, see, context};
    const mdg_exec_tap tap = {see_outputs, &v};
    for (int k = 0; k < w->subgraph->n_inputs; k++)
        see(context, w->subgraph->inputs[k], mdg_exec_input(w->exec, k));
    return mdg_exec_invoke(w->exec, &tap) == MDG_OK ? MDG_OK : mdg_exec_why(w->exec, diag);
}
