/* SPDX-License-Identifier: MIT
 *
 * embedded.h: the text of the device's sources, built into the program by tools/embed.
 */
#ifndef MDG_EMBEDDED_H
#define MDG_EMBEDDED_H

typedef struct mdg_embedded_text {
    const char *path; /* "core/kernels/ref/conv2d_s8.c" */
    const char *text;
} mdg_embedded_text;

extern const mdg_embedded_text mdg_embedded_texts[]; /* ends with a NULL path */

#endif
