/* SPDX-License-Identifier: MIT */
#include "collection/trim.h"

#include <math.h>
#include <string.h>

/* Below the last step of 16 bits there is nothing to hear. */
static const double silence = 1.0 / 32768.0;

static double power_of(const mdg_series *s, size_t start, size_t frame) {
    const size_t end = start + frame < s->n ? start + frame : s->n;
    double sum = 0;
    for (size_t i = start; i < end; i++) sum += (double)s->values[i] * (double)s->values[i];
    return sum / (double)(end - start);
}

mdg_status mdg_trim(mdg_series *s, double rate, double below_db, double pad_ms, mdg_diag *diag) {
    const size_t frame = (size_t)fmax(1, rate / 100), pad = (size_t)(rate * pad_ms / 1000);
    double loudest = 0;
    for (size_t i = 0; i < s->n; i += frame) loudest = fmax(loudest, power_of(s, i, frame));
    if (!(loudest > silence * silence)) return mdg_fail(diag, MDG_INVALID, "silent throughout");
    const double least = loudest * pow(10, -below_db / 10);
    size_t first = 0, end = 0;
    for (size_t i = 0; i < s->n; i += frame) {
        if (power_of(s, i, frame) < least) continue;
        if (!end) first = i;
        end = i + frame;
    }
    first = first > pad ? first - pad : 0;
    end = end + pad < s->n ? end + pad : s->n;
    memmove(s->values, s->values + first, (end - first) * sizeof *s->values);
    s->n = end - first;
    return MDG_OK;
}
