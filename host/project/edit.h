/* SPDX-License-Identifier: MIT
 *
 * edit.h: sets keys in the text of a midge.yaml and leaves all the rest (comments, order, spaces) as it is.
 *
 *     const mdg_setting s[] = {{"model.width", "24"}, {"features.mels", "32"}};
 *     mdg_project_edit(text, path, s, 2, arena, &edited, diag);
 */
#ifndef MDG_PROJECT_EDIT_H
#define MDG_PROJECT_EDIT_H

#include <stdbool.h>

#include "util/arena.h"
#include "util/diag.h"

typedef struct mdg_setting {
    const char *key;   /* "section.key"; of the top level "key" */
    const char *value; /* as it is written in the file */
} mdg_setting;

/* Whether midge.yaml knows such a key, other than those of layers and lists. */
bool mdg_project_has_key(const char *key);

/* A key that is absent is added to its section, and a section to the end. Sections may be blocks or a mapping
 * in braces on one line. Values are not looked at: mdg_project_parse does. path is for messages.
 * Returns MDG_OK, or MDG_INVALID naming the key, where a value is a list or stretches over lines. */
mdg_status mdg_project_edit(const char *text, const char *path, const mdg_setting *settings, int n,
                            mdg_arena *arena, const char **out, mdg_diag *diag);

#endif
