/* SPDX-License-Identifier: MIT
 *
 * Names of values: sorted once, then found by bisection.
 */
#include "onnx/importer.h"

#include <stdlib.h>
#include <string.h>

static int compare(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t count_names(const Onnx__GraphProto *g) {
    size_t n = g->n_input + g->n_initializer;
    for (size_t i = 0; i < g->n_node; i++) n += g->node[i]->n_output;
    return n;
}

static void list_names(const Onnx__GraphProto *g, const char **names) {
    for (size_t i = 0; i < g->n_input; i++) *names++ = g->input[i]->name;
    for (size_t i = 0; i < g->n_initializer; i++) *names++ = g->initializer[i]->name;
    for (size_t i = 0; i < g->n_node; i++)
        for (size_t k = 0; k < g->node[i]->n_output; k++) *names++ = g->node[i]->output[k];
}

mdg_status mdg_onx_collect_names(mdg_onx *in) {
    const Onnx__GraphProto *g = in->model->graph;
    const size_t n = count_names(g);
    const char **names;
    MDG_TRY(mdg_onx_alloc(in, n, sizeof *names, (void **)&names));
    list_names(g, names);
    for (size_t i = 0; i < n; i++)
        if (!names[i]) names[i] = "";
    qsort(names, n, sizeof *names, compare);
    MDG_TRY(mdg_onx_alloc(in, n, sizeof *in->values, (void **)&in->values));
    in->room_values = (int)n;
    for (size_t i = 0; i < n; i++) {
        if (!names[i][0] || (i && strcmp(names[i], names[i - 1]) == 0)) continue;
        in->values[in->n_values++] = (mdg_onx_value){.name = names[i], .tensor = -1, .real = -1, .user = -1};
    }
    in->n_named = in->n_values;
    return MDG_OK;
}

int mdg_onx_find_name(const mdg_onx *in, const char *name) {
    int low = 0, high = in->n_named - 1;
    if (!name || !name[0]) return -1;
    while (low <= high) {
        const int mid = low + (high - low) / 2, order = strcmp(name, in->values[mid].name);
        if (order == 0) return mid;
        if (order < 0)
            high = mid - 1;
        else
            low = mid + 1;
    }
    return -1;
}
