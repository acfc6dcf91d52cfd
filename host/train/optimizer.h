/* SPDX-License-Identifier: MIT
 *
 * optimizer.h: one step of Adam, AdamW or SGD over flat arrays, and the learning rate's course.
 */
#ifndef MDG_TRAIN_OPTIMIZER_H
#define MDG_TRAIN_OPTIMIZER_H

#include <stdint.h>

#include "train/net.h"

typedef enum mdg_optimizer_kind { MDG_ADAM, MDG_ADAMW, MDG_SGD } mdg_optimizer_kind;
typedef enum mdg_schedule_kind { MDG_COSINE, MDG_STEP, MDG_PLATEAU, MDG_CONSTANT } mdg_schedule_kind;

typedef struct mdg_optimizer {
    mdg_optimizer_kind kind;
    float momentum, weight_decay;
    bool nesterov;
    uint64_t step; /* taken so far */
    float *m;      /* Adam: mean gradient; SGD: velocity */
    float *v;      /* Adam: mean square */
} mdg_optimizer;

/* Return MDG_OK, or MDG_INVALID listing the known names. */
mdg_status mdg_optimizer_of(const char *name, mdg_optimizer_kind *out, mdg_diag *diag);
mdg_status mdg_schedule_of(const char *name, mdg_schedule_kind *out, mdg_diag *diag);

/* Moves count parameters that start at `at` against their gradients; decays: weights, not biases or batch
 * norm. */
void mdg_optimizer_update(const mdg_optimizer *o, float *params, const float *gradients, mdg_span span,
                          bool decays, float rate);

/* One step for all of a net's parameters. */
void mdg_optimizer_step(mdg_optimizer *o, mdg_net *net, const float *gradients, float rate);

/* The length of the gradient, all parameters together. */
double mdg_gradient_norm(const float *gradients, size_t count);

/* Scales a gradient of that norm down to `longest`, if it is longer; 0 = leaves it. */
void mdg_gradient_clip(float *gradients, size_t count, double norm, float longest);

/* The learning rate at `epoch`, with fractions: linear warm-up over warmup_epochs, then the schedule's
 * course. falls: how often a plateau was met. */
float mdg_learning_rate(const mdg_train_opts *opts, mdg_schedule_kind kind, double epoch, int falls);

/* How often the loss of n epochs went `patience` epochs without getting better, counted anew after each time.
 */
int mdg_plateaus(const float *losses, int n, int patience);

#endif
