/* SPDX-License-Identifier: MIT */
#include "midge/spectral.h"

#include "feature/parts.h"

enum { STEPS_PER_UNIT = 256, MAX_WINDOW = 1 << 15 };

static mdg_status check(const mdg_feature_opts *o, int32_t window, mdg_diag *diag) {
    if (!o->n_mels && !o->statistics)
        return mdg_fail(diag, MDG_INVALID,
                        "features: neither bands nor statistics are left of kind spectral");
    if (o->envelope < 0 || o->envelope > window)
        return mdg_fail(diag, MDG_INVALID, "features: an envelope over %d samples; the window has %d",
                        o->envelope, window);
    if (window < 2 || window > MAX_WINDOW)
        return mdg_fail(diag, MDG_INVALID, "features: a window of %d samples; 2 to %d are possible", window,
                        MAX_WINDOW);
    return MDG_OK;
}

mdg_status mdg_feature_build_spectral(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                                      mdg_diag *diag) {
    mdg_mel *b = mdg_arena_alloc(arena, sizeof *b);
    mdg_feature_opts signal = *opts;
    MDG_TRY(check(opts, out->window, diag));
    const int32_t n = opts->envelope ? out->window / opts->envelope : out->window;
    if (opts->envelope) signal.sample_rate /= opts->envelope;
    if (opts->n_mels)
        MDG_TRY(mdg_feature_set_spectrum(&signal, n, arena, b, diag));
    else
        *b = (mdg_mel){.n_window = n};
    b->envelope = opts->envelope;
    b->n_statistics = opts->statistics ? MDG_SPECTRAL_STATISTICS : 0;
    out->frame = mdg_spectral_frame;
    out->block = b;
    out->unit = STEPS_PER_UNIT;
    out->width = out->channels * (b->n_mels + b->n_statistics);
    out->scratch_bytes = (b->fft_size / 2 + 1) * 8 + n * 2;
    return MDG_OK;
}
