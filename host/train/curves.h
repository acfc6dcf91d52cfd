/* SPDX-License-Identifier: MIT
 *
 * curves.h: the figures of all epochs so far as files for other programs, training.csv and training.jsonl.
 */
#ifndef MDG_TRAIN_CURVES_H
#define MDG_TRAIN_CURVES_H

#include "train/train.h"

/* Writes folder/training.csv (a head of names, a row for each epoch) and folder/training.jsonl (an object a
 * line). Both are replaced when complete, so they are whole at any time. Without validation its figures are
 * empty, or absent. Returns MDG_OK or MDG_IO. */
mdg_status mdg_curves_write(const mdg_history *history, bool validated, const char *folder, mdg_diag *diag);

#endif
