/* SPDX-License-Identifier: MIT
 *
 * check.h: whether a training's settings make sense, alone and for its net and samples.
 */
#ifndef MDG_TRAIN_CHECK_H
#define MDG_TRAIN_CHECK_H

#include "train/net.h"

/* Returns MDG_OK, or MDG_INVALID with the setting and its limits, or the sample. */
mdg_status mdg_train_check(const mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source,
                           mdg_diag *diag);

#endif
