/* SPDX-License-Identifier: MIT
 *
 * span.h: positions along one axis.
 */
#ifndef MDG_REF_SPAN_H
#define MDG_REF_SPAN_H

#include <stdint.h>

/* [from, to); empty unless from < to */
typedef struct mdg_span {
    int32_t from, to;
} mdg_span;

#endif
