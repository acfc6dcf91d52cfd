/* SPDX-License-Identifier: MIT
 *
 * source.h: the text of device sources, cut down to what a model needs.
 *
 *     mdg_source *s = mdg_source_new(arena);
 *     mdg_source_add_text(s, "parameters", "typedef struct {...} mdg_conv2d_params;\n");
 *     mdg_source_add_file(s, "core/kernels/ref/conv2d_s8.c", diag);   // and the local headers that it
 * includes mdg_source_need(s, "mdg_conv2d_s8"); mdg_source_print(s, out);
 *
 * Files are taken apart into top-level items (a function, a type, a table, a macro; each with the comment
 * before it). An item is printed when a name that it declares is needed, by the caller or by an item that is
 * printed. So the output holds no function that nobody calls. Everything with external linkage becomes
 * static.
 */
#ifndef MDG_SOURCE_H
#define MDG_SOURCE_H

#include <stdio.h>

#include "util/arena.h"
#include "util/diag.h"

typedef struct mdg_source mdg_source;

mdg_source *mdg_source_new(mdg_arena *arena);

/* Adds items from a text; `title` stands over them in the output. The text must outlive the source. */
void mdg_source_add_text(mdg_source *s, const char *title, const char *text);

/* Adds an embedded file, once, and before it the headers that it includes; behind a header foo.h also foo.c.
 * Returns MDG_OK, or MDG_NOT_FOUND when the file or one that it includes is not built in. */
mdg_status mdg_source_add_file(mdg_source *s, const char *path, mdg_diag *diag);

void mdg_source_need(mdg_source *s, const char *name);

/* The standard headers that the added files include, one #include line each, sorted. */
void mdg_source_print_includes(const mdg_source *s, FILE *out);
void mdg_source_print(const mdg_source *s, FILE *out);

#endif
