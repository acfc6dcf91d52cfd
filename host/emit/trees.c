/* SPDX-License-Identifier: MIT */
#include "emit/trees.h"

#include <string.h>

enum { MAX_DEPTH = 100 }; /* compilers promise 127 blocks within blocks */

/* The tables of a call of forest_s8 (core/kernels/ref/forest_s8.c), which its check has accepted */
typedef struct forest {
    const mdg_forest_params *params;
    const int16_t *root, *feature, *child, *leaf;
    const int8_t *threshold;
} forest;

static forest forest_of(const mdg_program *p, const mdg_call *c) {
    return (forest){.params = c->params,
                    .root = p->buffers[c->in[1]].data,
                    .feature = p->buffers[c->in[2]].data,
                    .threshold = p->buffers[c->in[3]].data,
                    .child = p->buffers[c->in[4]].data,
                    .leaf = p->buffers[c->in[5]].data};
}

static bool is_forest(const mdg_call *c) {
    return c->step == MDG_STEP_KERNEL && !c->custom && c->kernel == MDG_K_forest_s8;
}

/* ---- may they be printed ---- */

/* One more way leads to a node, at this depth. */
static bool reach(int at, int depth, uint8_t *depths) {
    if (at < 0) return true;
    if (depths[at] || depth > MAX_DEPTH) return false;
    depths[at] = (uint8_t)depth;
    return true;
}

/* Children stand behind their parents, so one pass sees all. Nodes that two ways lead to could make the text
 * as large as the number of ways. */
static bool is_printable(const forest *f, mdg_arena *arena) {
    uint8_t *depths = mdg_arena_alloc(arena, (size_t)f->params->nodes);
    for (int t = 0; t < f->params->trees; t++)
        if (!reach(f->root[t], 1, depths)) return false;
    for (int n = 0; n < f->params->nodes; n++)
        for (int side = 0; side < 2 && depths[n]; side++)
            if (!reach(f->child[2 * n + side], depths[n] + 1, depths)) return false;
    return true;
}

/* The call as one of a kernel that the file has, without tables */
static void take(mdg_emit *e, mdg_call *c, int number) {
    mdg_arena *arena = e->program->arena;
    mdg_kernel_info *k = mdg_arena_copy(arena, &mdg_kernels[c->kernel], sizeof *k);
    k->name = mdg_arena_printf(arena, "%s_trees_%d", e->opts->name, number);
    c->custom = k;
    c->n_in = 1;
}

mdg_status mdg_emit_take_trees(mdg_emit *e, mdg_diag *diag) {
    const mdg_program *p = e->program;
    if (!e->opts->trees_as_code) return MDG_OK;
    mdg_program *copy = mdg_arena_copy(p->arena, p, sizeof *p);
    copy->calls = mdg_arena_copy(p->arena, p->calls, (size_t)p->n_calls * sizeof *p->calls);
    for (int i = 0; i < p->n_calls; i++) {
        if (!is_forest(&p->calls[i])) continue;
        const forest f = forest_of(p, &p->calls[i]);
        if (!is_printable(&f, p->arena))
            return mdg_fail(diag, MDG_UNSUPPORTED,
                            "%s: its trees share nodes or are more than %d nodes deep; as tables they work",
                            p->graph && p->graph->source ? p->graph->source : "the model", MAX_DEPTH);
        take(e, &copy->calls[i], i);
    }
    e->tables = p;
    e->program = copy;
    return MDG_OK;
}

/* ---- print ---- */

static void print_leaf(FILE *out, const forest *f, int leaf, int first, int depth) {
    const int16_t *votes = f->leaf + leaf * f->params->width;
    for (int k = 0; k < f->params->width; k++)
        if (votes[k]) fprintf(out, "%*sy[%d] += %d;\n", 4 * depth, "", first + k, votes[k]);
}

static void print_node(FILE *out, const forest *f, int at, int first, int depth) {
    if (at < 0) {
        print_leaf(out, f, -1 - at, first, depth);
        return;
    }
    fprintf(out, "%*sif (x[%d] <= %d) {\n", 4 * depth, "", f->feature[at], f->threshold[at]);
    print_node(out, f, f->child[2 * at], first, depth + 1);
    fprintf(out, "%*s} else {\n", 4 * depth, "");
    print_node(out, f, f->child[2 * at + 1], first, depth + 1);
    fprintf(out, "%*s}\n", 4 * depth, "");
}

static void print_forest(FILE *out, const forest *f, const char *name) {
    const mdg_forest_params *p = f->params;
    fprintf(out,
            "\n/* %d trees as code, for midge's kernel forest_s8 */\n"
            "static MDG_APART void %s(const void *params, const void *const *in, void *const *out)\n{\n"
            "    const int8_t *x = (const int8_t *)in[0];\n"
            "    int32_t y[%d] = {0};\n    (void)params;\n",
            (int)p->trees, name, (int)p->classes);
    for (int t = 0; t < p->trees; t++) {
        fprintf(out, "    /* tree %d */\n", t);
        print_node(out, f, f->root[t], t * p->width % p->classes, 1);
    }
    fputs("    memcpy(out[0], y, sizeof y);\n}\n", out);
}

void mdg_emit_trees(const mdg_emit *e, FILE *out) {
    for (int i = 0; e->tables && i < e->tables->n_calls; i++) {
        if (!is_forest(&e->tables->calls[i])) continue;
        const forest f = forest_of(e->tables, &e->tables->calls[i]);
        print_forest(out, &f, e->program->calls[i].custom->name);
    }
}
