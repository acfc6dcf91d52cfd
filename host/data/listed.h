/* SPDX-License-Identifier: MIT
 *
 * listed.h: what metadata.csv, as `midge data import` writes it, says of a data set's splits.
 */
#ifndef MDG_LISTED_H
#define MDG_LISTED_H

#include "data/data.h"

/* split [n_clips]: of each clip, MDG_SPLIT_COUNT where the table does not say or there is none; names [
 * MDG_SPLIT_COUNT]: whether the table has clips of that split. Clips are sorted by path, generated ones last.
 * Returns MDG_OK; MDG_INVALID for a word that is no split, with its line. */
mdg_status mdg_listed_splits(const mdg_dataset *set, mdg_split *split, bool *names, mdg_diag *diag);

#endif
