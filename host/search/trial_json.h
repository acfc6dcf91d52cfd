/* SPDX-License-Identifier: MIT
 *
 * trial_json.h: a trial as JSON, for the journal and for other programs.
 */
#ifndef MDG_SEARCH_TRIAL_JSON_H
#define MDG_SEARCH_TRIAL_JSON_H

#include <jansson.h>

#include "search/study.h"

/* {"id", "epochs", "final", "settings": {key: value}, "values": [numbers of the values], then either
 * "failed": "cause", or "accuracy", "accuracy_float", "flash_bytes", "ram_bytes", "instructions", "seconds"}
 */
json_t *mdg_trial_json(const mdg_space *space, const mdg_trial *t);

/* The reverse, by "values"; false where it is no such object. */
bool mdg_trial_from_json(json_t *o, mdg_trial *out);

#endif
