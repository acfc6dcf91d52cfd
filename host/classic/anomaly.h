/* SPDX-License-Identifier: MIT
 *
 * anomaly.h: what is far from the normal; nobody outside this room (and its tests) includes it.
 */
#ifndef MDG_CLASSIC_ANOMALY_H
#define MDG_CLASSIC_ANOMALY_H

#include "classic/builder.h"

enum { MDG_ANOMALY_CENTRES = 4 };

/* Adds the distance and its threshold to the chain. Examples are in the order of their recordings. */
mdg_status mdg_anomaly_train(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o);

/* The distance that a share of `false_alarms` of the normal exceed, from logarithms of n distances (which are
 * sorted): what was seen, or what a normal distribution of the logarithms expects where that is more. */
int32_t mdg_anomaly_threshold(double *logs, int n, double false_alarms);

#endif
