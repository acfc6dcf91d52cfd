/* SPDX-License-Identifier: MIT
 *
 * teacher.h: another model that tells what it thinks of the training samples, as they are varied and mixed.
 *
 *     mdg_teacher *t;
 *     mdg_teacher_open(pl, "../big", &t);     // a project's folder, or a .tflite or ONNX file
 *     mdg_teacher_answer(t, x, q);            // x as the network sees it, q [n_labels]
 *
 * A project's model gets the features as its own training had them, so the kind of features must be the same.
 * A file gets what the network gets, quantised if its input is int8.
 *
 * Threads: up to two at a time are answered side by side, others wait.
 */
#ifndef MDG_CLI_TEACHER_H
#define MDG_CLI_TEACHER_H

#include "cli/pipeline.h"

typedef struct mdg_teacher mdg_teacher;

/* Returns MDG_OK; MDG_NOT_FOUND, or MDG_INVALID for one with other inputs, other classes or other features.
 */
mdg_status mdg_teacher_open(mdg_pipeline *pl, const char *path, mdg_teacher **out);

/* Probabilities; of a model without a softmax, the softmax of what it gives. */
void mdg_teacher_answer(void *teacher, const float *x, float *q);

#endif
