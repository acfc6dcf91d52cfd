/* SPDX-License-Identifier: MIT
 *
 * diag.h: the one line that says what went wrong: file, place, cause, way out. Stages fill it, cli/ prints
 * it.
 *
 *     return mdg_fail(diag, MDG_UNSUPPORTED, "%s: op %d %s: type %s is not supported; convert to int8", ...);
 */
#ifndef MDG_DIAG_H
#define MDG_DIAG_H

#include "midge/status.h"

typedef struct mdg_diag {
    char text[1024];
} mdg_diag;

/* Writes the message into diag (which may be NULL) and returns status. */
mdg_status mdg_fail(mdg_diag *diag, mdg_status status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Puts "prefix: " in front of the message, for a caller that knows the file; returns status. */
mdg_status mdg_fail_in(mdg_diag *diag, mdg_status status, const char *prefix);

const char *mdg_status_text(mdg_status status);

/* Runs a stage; on failure returns its status. */
#define MDG_TRY(call)                                                                                        \
    do {                                                                                                     \
        const mdg_status mdg_try_status = (call);                                                            \
        if (mdg_try_status != MDG_OK) return mdg_try_status;                                                 \
    } while (0)

#endif
