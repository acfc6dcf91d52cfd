/* SPDX-License-Identifier: MIT
 *
 * trim.h: sound without the silence before and after it.
 */
#ifndef MDG_TRIM_H
#define MDG_TRIM_H

#include "data/series.h"

/* Keeps, in place, from the first to the last 10 ms that are less than below_db under the loudest 10 ms, and
 * pad_ms on each side. sound has one channel. Returns MDG_OK; MDG_INVALID where it is silent throughout. */
mdg_status mdg_trim(mdg_series *sound, double rate, double below_db, double pad_ms, mdg_diag *diag);

#endif
