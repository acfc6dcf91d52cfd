/* SPDX-License-Identifier: MIT */
#include "util/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

mdg_status mdg_fail(mdg_diag *diag, mdg_status status, const char *format, ...) {
    if (!diag) return status;
    va_list args;
    va_start(args, format);
    vsnprintf(diag->text, sizeof diag->text, format, args);
    va_end(args);
    return status;
}

mdg_status mdg_fail_in(mdg_diag *diag, mdg_status status, const char *prefix) {
    if (!diag) return status;
    mdg_diag inner = *diag;
    snprintf(diag->text, sizeof diag->text, "%.400s: %.620s", prefix, inner.text);
    return status;
}

const char *mdg_status_text(mdg_status status) {
    static const char *const texts[] = {
#define TEXT(name, text) text,
        MDG_STATUS_LIST(TEXT)
#undef TEXT
    };
    return (size_t)status < sizeof texts / sizeof *texts ? texts[status] : "unknown status";
}
