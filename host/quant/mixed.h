/* SPDX-License-Identifier: MIT
 *
 * mixed.h: which layers bear 4 bits, or need 16. Each layer in turn gets int4 weights, all others int8, and
 * what that does to the network's output is measured; by the harm per byte saved they stand in line. With
 * opts.activations "mixed" it is what each layer writes that becomes int16, for it and those that read it;
 * those stand in line by the noise that goes.
 *
 *     mdg_mixed m;
 *     mdg_mixed_measure(g, &opts, &data, arena, progress, &m, diag);
 *     mdg_mixed_take(&m, k);           // int4 for the first k, which spare most for least
 *     opts.op_bits = m.op_bits;
 *     mdg_quantize(g, &opts, ...);
 */
#ifndef MDG_QUANT_MIXED_H
#define MDG_QUANT_MIXED_H

#include "quant/quant.h"

typedef struct mdg_mixed_layer {
    int op;
    const char *op_name, *name; /* of what it writes */
    size_t saved;               /* bytes, with int4 */
    double sqnr_db;             /* of the network's output with this layer alone in int4, or int16 */
    double harm; /* noise that this adds, as a share of the signal: of int4, per byte saved; of int16, less
                    than 0 */
} mdg_mixed_layer;

typedef struct mdg_mixed {
    int n, taken;                /* layers; the first of them that have 4 bits, or 16 */
    const mdg_subgraph *widened; /* of int16: the float graph; else NULL */
    mdg_mixed_layer *layers;     /* least harm first */
    double sqnr_db;              /* of the output with int8 alone */
    size_t bytes;                /* of all weights, biases and other constants, with int8 alone */
    int n_ops;
    uint8_t *op_bits; /* [n_ops] for mdg_quant_opts */
} mdg_mixed;

/* opts: how layers are quantised for the measurement, but for what is mixed. Returns what mdg_quantize does.
 */
mdg_status mdg_mixed_measure(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                             mdg_arena *arena, const mdg_progress *progress, mdg_mixed *out, mdg_diag *diag);

void mdg_mixed_take(mdg_mixed *m, int k);
size_t mdg_mixed_bytes(const mdg_mixed *m); /* of constants, with those taken */

/* The fewest layers to take so that constants fit into bytes; -1 when all are not enough. */
int mdg_mixed_fit(const mdg_mixed *m, size_t bytes);

void mdg_mixed_print(const mdg_mixed *m, FILE *out);

/* {"bytes", "bytes_int8", "sqnr_db_int8", "layers": [{op, op_name, name, saved, sqnr_db, bits}]} */
json_t *mdg_mixed_json(const mdg_mixed *m);

#endif
