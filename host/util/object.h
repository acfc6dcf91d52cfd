/* SPDX-License-Identifier: MIT
 *
 * object.h: something in a picture: which class, and where its centre is. Data tell it, training learns it,
 * evaluation compares it with what was found.
 */
#ifndef MDG_OBJECT_H
#define MDG_OBJECT_H

typedef struct mdg_object {
    int label;
    float x, y; /* shares of width and height, 0 to 1 */
} mdg_object;

#endif
