/* SPDX-License-Identifier: MIT
 *
 * reproducing.h: projects whose network learns to reproduce what is normal (model.normal), so that anomalies
 * show by their error. The classes are then `normal` and `anomaly`.
 */
#ifndef MDG_CLI_REPRODUCING_H
#define MDG_CLI_REPRODUCING_H

#include "cli/pipeline.h"

bool mdg_model_reproduces(const mdg_project_model *m);

/* Fails where such a network is not told what is normal. */
mdg_status mdg_reproducing_check(mdg_pipeline *pl);

/* The net with the head that gives scores of both classes, its threshold by model.false_alarms */
mdg_status mdg_reproducing_export(mdg_pipeline *pl, const mdg_net *net, mdg_graph **out);

/* Noise on every fourth calibration sample: ranges by normal clips alone would end at the threshold. */
void mdg_reproducing_disturb(int i, float *x, size_t n);

#endif
