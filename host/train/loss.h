/* SPDX-License-Identifier: MIT
 *
 * loss.h: softmax cross-entropy with soft targets, label smoothing and class weights:
 *     loss = - sum over c of weight[c] * t[c] * log softmax(logits)[c],   t = (1 - smoothing) * y + smoothing
 * / classes
 */
#ifndef MDG_TRAIN_LOSS_H
#define MDG_TRAIN_LOSS_H

typedef struct mdg_loss {
    int n_classes;
    float smoothing;
    const float *class_weights; /* [n_classes], NULL = 1 */
    float gradient_scale;       /* 1 / samples of the whole batch */
} mdg_loss;

typedef struct mdg_tally {
    double loss; /* sum over samples */
    int correct, count;
} mdg_tally;

/* Adds n samples to tally. logits and y: [n][n_classes]; diff gets the gradient of the logits, unless NULL.
 */
void mdg_softmax_loss(const mdg_loss *loss, const float *logits, const float *y, int n, float *diff,
                      mdg_tally *tally);

/* In place, [n][n_classes]. */
void mdg_softmax(float *logits, int n, int n_classes);

#endif
