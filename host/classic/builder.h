/* SPDX-License-Identifier: MIT
 *
 * builder.h: what has been learned as a chain of int8 operators; nobody outside this room includes it.
 */
#ifndef MDG_CLASSIC_BUILDER_H
#define MDG_CLASSIC_BUILDER_H

#include "classic/forest.h"
#include "classic/learners.h"

typedef struct mdg_builder {
    mdg_graph *graph;
    mdg_subgraph *sub;
    int at; /* the tensor that the chain has come to */
    mdg_diag *diag;
} mdg_builder;

/* A chain that has come to its input */
mdg_builder mdg_builder_new(const mdg_classic_shape *in, mdg_arena *arena, mdg_diag *diag);

/* A constant of count elements, or of rows x columns; data is copied. Returns the tensor. */
int mdg_builder_list(mdg_builder *b, const char *name, mdg_type type, const void *data, int count);
int mdg_builder_table(mdg_builder *b, const char *name, mdg_type type, const void *data, int rows,
                      int columns);

/* The next operator, on the last one's output and these constants; its output has [1][n] elements. */
typedef struct mdg_builder_op {
    mdg_opcode code;
    int n_constants, constants[5];
    mdg_type type;
    int n;
    float scale; /* 0: a plain number */
    int zero_point;
} mdg_builder_op;
void mdg_builder_add(mdg_builder *b, const mdg_builder_op *op);

/* The chain as a graph of its own so far; more may follow. */
mdg_graph *mdg_builder_graph(mdg_builder *b);

/* Learned things as operators: sums, logits or distances of the classes */
mdg_status mdg_build_forest(mdg_builder *b, const mdg_forest *f);
mdg_status mdg_build_boosted(mdg_builder *b, const mdg_forest *f, const mdg_examples *e);
mdg_status mdg_build_linear(mdg_builder *b, const mdg_linear *l, const mdg_examples *e, float x_scale);
void mdg_build_neighbours(mdg_builder *b, const mdg_examples *e, const int *chosen, int n, int k);
void mdg_build_gaussians(mdg_builder *b, const mdg_gaussians *g, int n_classes);
mdg_status mdg_build_whitener(mdg_builder *b, const mdg_whitener *w);
void mdg_build_anomaly(mdg_builder *b, int32_t threshold);

/* Rows over time to `statistics` numbers a column, which become mean 0 and deviation 16 over the examples;
 * *out are the examples as the next operator sees them. */
mdg_status mdg_build_statistics(mdg_builder *b, const mdg_examples *e, const mdg_classic_shape *in,
                                int statistics, mdg_examples *out);

/* The deviation of a feature in steps of int8 */
enum { MDG_CLASSIC_DEVIATION = 16 };

#endif
