/* SPDX-License-Identifier: MIT
 *
 * Butterworth filters as second-order sections, by the bilinear transform with the edge where it was asked
 * for (A. V. Oppenheim, R. W. Schafer, Discrete-Time Signal Processing, chapter 7).
 */
#include <math.h>

#include "feature/parts.h"
#include "midge/filter.h"

enum { LOW_PASS = 1, HIGH_PASS = 2, BAND_PASS = 3 };

static int32_t fixed(double x) {
    return (int32_t)lrint(ldexp(x, MDG_FILTER_SHIFT));
}

/* Pair `i` of the poles of a filter of this order with its edge at hz. */
static void design(double hz, int rate, int order, int i, bool high, int32_t *out) {
    const double w = tan(M_PI * hz / rate);
    const double damping = 2 * sin(M_PI * (2 * i + 1) / (2 * order)); /* 1 / Q */
    const double a0 = 1 + damping * w + w * w;
    const double b = high ? 1 / a0 : w * w / a0;
    out[3] = fixed(2 * (w * w - 1) / a0);
    out[4] = fixed((1 - damping * w + w * w) / a0);
    out[0] = out[2] = fixed(b);
    out[1] = high ? -2 * out[0] : 2 * out[0];
    out[5] = !high;
    /* Gain at 0 to the last bit: what is constant passes unchanged. */
    if (!high) out[1] += ((1 << MDG_FILTER_SHIFT) + out[3] + out[4]) - 4 * out[0];
}

static mdg_status check_edge(const mdg_feature_opts *o, const char *key, float hz, mdg_diag *diag) {
    const double least = o->sample_rate / 20000.0, most = 0.49 * o->sample_rate;
    if ((double)hz >= least && (double)hz <= most) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "features.%s: %g Hz; at %d Hz %g to %g are possible", key, (double)hz,
                    o->sample_rate, least, most);
}

static mdg_status check(const mdg_feature_opts *o, const mdg_features *out, mdg_diag *diag) {
    if (o->image_h)
        return mdg_fail(diag, MDG_INVALID, "features.filter: pictures cannot be filtered; leave it out");
    if (out->hop > out->window)
        return mdg_fail(diag, MDG_INVALID, "features.filter: the hop must not exceed the window");
    if (o->filter_order < 2 || o->filter_order > 8 || o->filter_order % 2)
        return mdg_fail(diag, MDG_INVALID, "features.filter_order: %d is not 2, 4, 6 or 8", o->filter_order);
    if (o->filter & HIGH_PASS) MDG_TRY(check_edge(o, "filter_low_hz", o->filter_low_hz, diag));
    if (o->filter & LOW_PASS) MDG_TRY(check_edge(o, "filter_high_hz", o->filter_high_hz, diag));
    if (o->filter != BAND_PASS || o->filter_low_hz < o->filter_high_hz) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "features.filter_low_hz: %g Hz is not below filter_high_hz, %g Hz",
                    (double)o->filter_low_hz, (double)o->filter_high_hz);
}

mdg_status mdg_feature_build_filter(const mdg_feature_opts *o, mdg_arena *arena, mdg_features *out,
                                    mdg_diag *diag) {
    const int half = o->filter_order / 2;
    if (!o->filter) return MDG_OK;
    MDG_TRY(check(o, out, diag));
    int32_t *sections = mdg_arena_array(arena, (size_t)(2 * half * MDG_FILTER_VALUES), sizeof *sections);
    int32_t *next = sections;
    /* The strongest damping first, so that what lies between sections stays small */
    for (int i = half - 1; o->filter & HIGH_PASS && i >= 0; i--, next += MDG_FILTER_VALUES)
        design((double)o->filter_low_hz, o->sample_rate, o->filter_order, i, true, next);
    for (int i = half - 1; o->filter & LOW_PASS && i >= 0; i--, next += MDG_FILTER_VALUES)
        design((double)o->filter_high_hz, o->sample_rate, o->filter_order, i, false, next);
    out->sections = sections;
    out->n_sections = (int32_t)(next - sections) / MDG_FILTER_VALUES;
    out->filter = mdg_filter;
    out->state_bytes += MDG_FILTER_BYTES(out->n_sections, out->channels);
    return MDG_OK;
}
