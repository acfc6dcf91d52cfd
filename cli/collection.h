/* SPDX-License-Identifier: MIT
 *
 * collection.h: a folder of recordings, or that of a project, with its index brought up to date; and how
 * figures of it are written.
 */
#ifndef MDG_CLI_COLLECTION_H
#define MDG_CLI_COLLECTION_H

#include <jansson.h>

#include "cli/cli.h"
#include "collection/index.h"
#include "project/project.h"

typedef struct mdg_collection_args {
    const char *kind, *pattern, *index; /* NULL = not given */
    bool json;
} mdg_collection_args;

#define MDG_COLLECTION_OPTIONS(a)                                                                            \
    {"--kind", MDG_OPTION_TEXT, &(a).kind}, {"--pattern", MDG_OPTION_TEXT, &(a).pattern},                    \
        {"--index", MDG_OPTION_TEXT, &(a).index}, {                                                          \
        "--json", MDG_OPTION_FLAG, &(a).json                                                                 \
    }

typedef struct mdg_collection {
    mdg_index *index;
    const char *folder; /* of the recordings */
    bool has_project;
    mdg_project project;
} mdg_collection;

/* Opens and refreshes. Close the index in any case. */
mdg_status mdg_collection_open(mdg_cli *cli, const char *folder, const mdg_collection_args *args,
                               mdg_collection *out);

/* "audio", "series", "images" to mdg_data_kind; NULL to MDG_INDEX_ANY_KIND. */
mdg_status mdg_collection_kind(mdg_cli *cli, const char *text, int *kind);
const char *mdg_collection_kind_text(mdg_data_kind kind);

typedef struct mdg_text {
    char chars[40];
} mdg_text;

mdg_text mdg_text_seconds(double seconds); /* "0.512 s", "12.3 s", "4 min 02 s", "2 h 05 min"; "-" for 0 */
mdg_text mdg_text_count(int64_t n, const char *noun); /* "1 file", "12 files" */
json_t *mdg_json_text(const char *text);              /* which may be no UTF-8 */

#endif
