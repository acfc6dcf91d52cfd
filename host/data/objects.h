/* SPDX-License-Identifier: MIT
 *
 * objects.h: pictures with several objects each, as a table tells (data.h).
 */
#ifndef MDG_DATA_OBJECTS_H
#define MDG_DATA_OBJECTS_H

#include "data/data.h"
#include "data/images.h"

/* The clips and labels of set->opts->objects. Returns MDG_OK, MDG_NOT_FOUND, or MDG_INVALID with the line
 * that is wrong: a column that is missing, a label that is none of data.labels, a place that is no number. */
mdg_status mdg_objects_load(mdg_dataset *set, mdg_diag *diag);

/* From pixels to shares of the picture that was read. Returns MDG_OK, or MDG_INVALID for an object outside of
 * it; diag gets the cause alone. */
mdg_status mdg_objects_place(const mdg_dataset *set, mdg_clip *clip, const mdg_image *image, mdg_diag *diag);

#endif
