/* SPDX-License-Identifier: MIT
 *
 * finding.h: projects that find objects in pictures (data.objects): the model gives a class for each cell of
 * a map, and class 0 is where there is nothing.
 */
#ifndef MDG_CLI_FINDING_H
#define MDG_CLI_FINDING_H

#include "cli/pipeline.h"
#include "report/report.h"

bool mdg_pipeline_finds(const mdg_pipeline *pl);

/* Fails where the network gives a map but no table tells of objects, or the other way round, or where
 * training is asked for what only classes have. */
mdg_status mdg_finding_check(mdg_pipeline *pl, bool is_map);

/* What is in a clip as the model sees it, places as shares of that: out [MDG_DATA_OBJECTS], returns how many;
 * centres of some may lie outside. r: by which the clip is varied, or NULL. */
int mdg_finding_objects(const mdg_pipeline *pl, int clip, const mdg_rng *r, mdg_object *out);

/* What the network shall say of it: y [map_h][map_w][n_labels]. */
void mdg_finding_target(const mdg_pipeline *pl, int clip, const mdg_rng *r, float *y);

/* [n_labels] by train.object_weight */
const float *mdg_finding_weights(mdg_pipeline *pl);

/* Scores that the model gives of a clip: n_labels, or for each cell as many */
size_t mdg_pipeline_scores(const mdg_pipeline *pl);

/* Sets map_h and map_w by the model of the stage before. */
mdg_status mdg_finding_map(mdg_pipeline *pl);

/* What the device has to know of the map, to say where in the camera's picture objects are */
mdg_map mdg_finding_map_of(const mdg_pipeline *pl);

/* outputs [clips of the split][map_h][map_w][n_labels], as the device has them: the same objects are found.
 */
void mdg_finding_judge(const mdg_pipeline *pl, mdg_split split, const int8_t *outputs, mdg_located *out);
const int8_t *mdg_finding_rounded(const mdg_pipeline *pl, const float *scores, size_t n);

/* What is in a clip, and what a clip's scores tell, in pixels of the camera's picture: out
 * [MDG_DATA_OBJECTS], [map_h * map_w + 1]; return how many. How far apart they may be: a cell. */
int mdg_finding_truth(const mdg_pipeline *pl, int clip, const mdg_map *m, mdg_object *out);
int mdg_finding_all(const mdg_map *m, const int8_t *scores, mdg_found *out);
mdg_locate_reach mdg_finding_reach(const mdg_map *m);

/* out/found.csv: what the int8 model finds in the test clips; out/scenes.png: some of them, marked */
mdg_status mdg_finding_save(const mdg_pipeline *pl);

/* Those that scenes.png shows */
const mdg_report_scene *mdg_finding_scenes(const mdg_pipeline *pl, int *n);

#endif
