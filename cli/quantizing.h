/* SPDX-License-Identifier: MIT
 *
 * quantizing.h: the parts of `midge quantize`: how well a graph decides on the project's clips, which layers
 * get 4 bits, and what is told of it.
 */
#ifndef MDG_CLI_QUANTIZING_H
#define MDG_CLI_QUANTIZING_H

#include "cli/pipeline.h"

/* On validation clips, on training clips where there are none; at most 1000 of them. */
mdg_status mdg_quantizing_decide(const mdg_pipeline *pl, const mdg_graph *g, mdg_decided *out);

/* Measures all layers, and takes as many for 4 bits as asked: until constants fit into project.mixed_flash,
 * or as long as accuracy falls by no more than project.max_drop. Of mixed activations as few for 16 bits as
 * keep to max_drop. Sets opts->op_bits. */
mdg_status mdg_quantizing_mix(mdg_pipeline *pl, const mdg_graph *g, const mdg_calibration *data,
                              mdg_quant_opts *opts);

/* What to say when accuracy has fallen by more than MDG_COLLAPSE, or NULL: by how much, the worst layers,
 * what to try. */
#define MDG_COLLAPSE 0.02
const char *mdg_quantizing_warning(const mdg_pipeline *pl);

/* The report of the layers, and weights, methods, accuracy and mixture. */
json_t *mdg_quantizing_json(const mdg_pipeline *pl);
void mdg_quantizing_print(const mdg_pipeline *pl, FILE *out);

#endif
