/* SPDX-License-Identifier: MIT
 *
 * clock.h: the time since some moment, in seconds; never set back.
 */
#ifndef MDG_RECORD_CLOCK_H
#define MDG_RECORD_CLOCK_H

#include <time.h>

static inline double mdg_now_s(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

#endif
