/* SPDX-License-Identifier: MIT
 *
 * classic.h: projects that learn without a network (host/classic): what differs on their way.
 */
#ifndef MDG_CLI_CLASSIC_H
#define MDG_CLI_CLASSIC_H

#include "cli/pipeline.h"

/* model.architecture names a classical learner; *kind may be NULL. Its model is int8 from training on: there
 * is no out/model_float.tflite, and nothing to quantise. */
bool mdg_pipeline_is_classic(const mdg_pipeline *pl);

/* With model.normal the classes become two, `normal` and `anomaly`; what they were stays in pl->kinds. */
mdg_status mdg_classic_relabel(mdg_pipeline *pl);

/* A clip that the model may learn from: of the normal ones alone where those are listed */
bool mdg_classic_learns_from(const mdg_pipeline *pl, const mdg_clip *c);

/* Trains on all clips that are not the test's, and writes out/model.tflite */
mdg_status mdg_classic_pipeline_train(mdg_pipeline *pl);

/* Of an anomaly detector, after eval: false alarms, and each recording that is not normal against those that
 * are */
void mdg_classic_print_anomalies(const mdg_pipeline *pl, FILE *out);
json_t *mdg_classic_anomalies_json(const mdg_pipeline *pl);

#endif
