/* SPDX-License-Identifier: MIT
 *
 * recover.h: files that a killed recording left behind.
 */
#ifndef MDG_RECORD_RECOVER_H
#define MDG_RECORD_RECOVER_H

#include "record/record.h"

/* Finishes the .part files in the folders of dir that no running program holds: cut to the last whole row or
 * sample, a WAV head that tells the truth, their final name. One without a row is removed. */
mdg_status mdg_recover(const char *dir, const mdg_record_watch *watch, mdg_record_tally *tally,
                       mdg_diag *diag);

/* The first half of it, for one file: false when nothing in it is worth keeping. */
bool mdg_recover_trim(const char *part);

#endif
