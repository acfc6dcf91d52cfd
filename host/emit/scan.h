/* SPDX-License-Identifier: MIT
 *
 * scan.h: C text, just well enough to cut a file into top-level items and to find the names in them.
 */
#ifndef MDG_SCAN_H
#define MDG_SCAN_H

#include <stdbool.h>
#include <stddef.h>

typedef struct mdg_span {
    const char *at;
    size_t length;
} mdg_span;

typedef enum mdg_item_kind {
    MDG_ITEM_COMMENT,   /* stands alone */
    MDG_ITEM_INCLUDE,   /* #include */
    MDG_ITEM_DEFINE,    /* #define or #undef */
    MDG_ITEM_DIRECTIVE, /* #if to its #endif, or another directive */
    MDG_ITEM_CODE,      /* function, prototype, type, table */
    MDG_ITEM_INVOCATION /* of a macro that makes code: NAME(...) */
} mdg_item_kind;

typedef struct mdg_item_text {
    mdg_item_kind kind;
    mdg_span comment; /* the comment right before it, or empty */
    mdg_span text;
} mdg_item_text;

/* Takes the next item from *cursor. Returns false at the end of the text. */
bool mdg_scan_item(const char **cursor, mdg_item_text *out);

/* Takes the next identifier within [*cursor, end), skipping comments, strings and numbers. */
bool mdg_scan_name(const char **cursor, const char *end, mdg_span *out);

/* Gives the names that an item declares, one at a call, beginning with index 0; false when there are no more.
 */
bool mdg_scan_declared(const mdg_item_text *item, int index, mdg_span *out);

bool mdg_span_is(mdg_span s, const char *text);
bool mdg_span_equal(mdg_span a, mdg_span b);

#endif
