/* SPDX-License-Identifier: MIT
 *
 * parts.h: what the files of this room share.
 */
#ifndef MDG_VIEW_PARTS_H
#define MDG_VIEW_PARTS_H

#include "lower/program.h"

extern const char mdg_view_style[];

enum { MDG_VIEW_TEXT = 160 };
typedef struct mdg_view_text {
    char chars[MDG_VIEW_TEXT];
} mdg_view_text;

/* "20,512" */
mdg_view_text mdg_view_number(size_t n);

/* A name as XML, of at most so many characters; what is no printable ASCII becomes '?'. Converters chain the
 * names of all that was folded into a tensor ("a;b;c"), and those of nested modules ("net/block/conv"): the
 * first of the chain is shown, and of a long one its end. */
void mdg_view_name(const char *name, size_t max, FILE *out);

/* Text as XML, whole */
void mdg_view_escape(const char *text, FILE *out);

#endif
