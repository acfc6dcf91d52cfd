/* SPDX-License-Identifier: MIT
 *
 * fake.h: training that knows what quantisation will do. A net with spec.weight_bits computes with weights
 * and activations that are rounded to what integers will stand for, still in float; gradients pass the
 * rounding as if it were not there (straight through), except where a value was cut off at the end of its
 * range.
 *
 *     mdg_net *q;
 *     mdg_net_quantized(trained, 4, &source, arena, &q, diag);    // ranges from some training samples
 *     mdg_train(q, &opts, &source, ...);                          // a few epochs, with a low rate
 *     mdg_net_export(q, ...);                                     // float weights, and the ranges learnt
 *
 * Weights: symmetric, a scale for each output channel, computed anew at each step just as host/quant does; a
 * dense layer of 4 bits has one scale for all. Batch norm's factor is multiplied in before rounding, and
 * divided out after it: what is rounded is what the exported graph will have.
 * Activations: 8 bits, asymmetric. Their ranges are running statistics like batch norm's: of each step the
 * mean of the shards' extremes counts a tenth.
 */
#ifndef MDG_TRAIN_FAKE_H
#define MDG_TRAIN_FAKE_H

#include "train/shard.h"

/* A net of the same layers and numbers as `trained`, which rounds. bits: 4 or 8, of weights. */
mdg_status mdg_net_quantized(const mdg_net *trained, int bits, const mdg_train_source *source,
                             mdg_arena *arena, mdg_net **out, mdg_diag *diag);

/* Gives the values that are rounded their place among the statistics. Nothing without weight_bits; so all
 * below. */
void mdg_fake_plan(mdg_net *net);

/* Where the shard's layers find their parameters. Before the first layer: rounds weights and the input. */
void mdg_fake_begin(mdg_shard *s);
void mdg_fake_forward(mdg_shard *s, mdg_node *n);  /* behind a layer: rounds its output */
void mdg_fake_backward(mdg_shard *s, mdg_node *n); /* its gradient: 0 where the value was cut off */

/* The weights and biases of all layers as they are computed with: out as net->params. */
void mdg_fake_params(const mdg_net *net, float *out);

/* Rounds n values to the 256 steps between lo and hi (0 among them). mask: 1 where a value lay within, 0
 * where it was cut off; or NULL. An empty range changes nothing. What is no number stays so. */
void mdg_fake_values(float lo, float hi, float *x, size_t n, float *mask);

#endif
