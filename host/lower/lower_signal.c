/* SPDX-License-Identifier: MIT
 *
 * The signal operators that work on one frame: SignalWindow, SignalFftAutoScale, SignalEnergy, the filter
 * bank and what follows it. Those with a memory are in lower_stream.c and, the spectral subtraction, here.
 */
#include "lower/options.h"

#include <math.h>

enum {
    PCAN_TABLE = 125,    /* entries that the noise estimate, 32 bits, can reach */
    LOG_TABLE = 128 + 2, /* one for each border between pieces, one behind */
    LOG_FRACTION = 1 << 16
};

static mdg_status lower_window(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *weights = mdg_lo_input(lo, 1);
    mdg_window_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_option(lo, "shift", (mdg_range){0, 31}, &p->shift));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    p->size = mdg_lo_elements(weights);
    p->rows = mdg_lo_elements(x) / p->size;
    MDG_TRY(mdg_lo_need(lo, mdg_lo_elements(x) % p->size == 0, "the input is not a multiple of the window"));
    mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
    return MDG_OK;
}

static mdg_status lower_fft_auto_scale(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 1), 1));
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
    return MDG_OK;
}

static mdg_status lower_energy(mdg_lowering *lo) {
    const int32_t numbers = mdg_lo_elements(mdg_lo_input(lo, 0));
    mdg_energy_params *p = mdg_lo_params(lo, sizeof *p);
    p->bins = mdg_lo_elements(mdg_lo_output(lo, 0));
    const int32_t both = numbers / 2 < p->bins ? numbers / 2 : p->bins;
    MDG_TRY(mdg_lo_option(lo, "end_index", (mdg_range){0, both}, &p->end));
    MDG_TRY(mdg_lo_option(lo, "start_index", (mdg_range){0, p->end}, &p->first));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

/* The constant values of input k, at least `count`; NULL after a failure in *status */
static const int16_t *indices(const mdg_lowering *lo, int k, int32_t count, mdg_status *status) {
    const mdg_tensor *t = mdg_lo_input(lo, k);
    const int16_t *values = mdg_lo_const_data(lo, t);
    *status = MDG_OK;
    if (!values)
        *status = mdg_lo_fail(lo, MDG_UNSUPPORTED, "\"%s\" must be a constant", t->name);
    else if (mdg_lo_elements(t) < count)
        *status = mdg_lo_fail(lo, MDG_INVALID, "\"%s\" has fewer than num_channels + 1 values", t->name);
    return *status == MDG_OK ? values : NULL;
}

/* Every channel's bins and weights exist. */
static mdg_status check_channels(const mdg_lowering *lo, int32_t count) {
    const int32_t bins = mdg_lo_elements(mdg_lo_input(lo, 0));
    const int32_t weights = mdg_lo_elements(mdg_lo_input(lo, 1));
    const int16_t *first[2], *width;
    const int32_t limit[2] = {bins, weights};
    mdg_status status;
    if (!(first[0] = indices(lo, 3, count, &status)) || !(first[1] = indices(lo, 4, count, &status)) ||
        !(width = indices(lo, 5, count, &status)))
        return status;
    for (int32_t c = 0; c < count; c++) {
        for (int k = 0; k < 2 && width[c] > 0; k++) {
            if (first[k][c] < 0 || first[k][c] + width[c] > limit[k])
                return mdg_lo_fail(lo, MDG_INVALID, "channel %d: %s %d to %d, there are %d", (int)c,
                                   k ? "weights" : "bins", first[k][c], first[k][c] + width[c] - 1,
                                   (int)limit[k]);
        }
    }
    return MDG_OK;
}

static mdg_status lower_filter_bank(mdg_lowering *lo) {
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_option(lo, "num_channels", (mdg_range){1, INT16_MAX}, &p->count));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), p->count));
    MDG_TRY(mdg_lo_need_same_elements(lo, mdg_lo_input(lo, 1), mdg_lo_input(lo, 2)));
    MDG_TRY(check_channels(lo, p->count + 1));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_square_root(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, 1), 1));
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_spectral_subtraction(mdg_lowering *lo) {
    static const mdg_range any = {INT32_MIN, INT32_MAX}, shift = {0, 31};
    mdg_spectral_subtraction_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_option(lo, "num_channels", (mdg_range){1, INT16_MAX}, &p->channels));
    MDG_TRY(mdg_lo_option(lo, "smoothing", any, &p->even_smoothing));
    MDG_TRY(mdg_lo_option(lo, "one_minus_smoothing", any, &p->even_one_minus_smoothing));
    MDG_TRY(mdg_lo_option(lo, "alternate_smoothing", any, &p->odd_smoothing));
    MDG_TRY(mdg_lo_option(lo, "alternate_one_minus_smoothing", any, &p->odd_one_minus_smoothing));
    MDG_TRY(mdg_lo_option(lo, "min_signal_remaining", any, &p->min_signal_remaining));
    MDG_TRY(mdg_lo_option(lo, "smoothing_bits", shift, &p->smoothing_bits));
    MDG_TRY(mdg_lo_option(lo, "spectral_subtraction_bits", shift, &p->bits));
    MDG_TRY(mdg_lo_option(lo, "clamping", any, &p->clamping));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, 0), p->channels));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), p->channels));
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 1), p->channels));
    mdg_call *c = mdg_lo_call(lo, p);
    mdg_call_add_out(c, mdg_lo_state(lo, "noise estimate", "uint32_t", NULL, 4 * (size_t)p->channels));
    return MDG_OK;
}

static mdg_status lower_pcan(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    mdg_pcan_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_option(lo, "snr_shift", (mdg_range){0, 63}, &p->shift));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_input(lo, 1)));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    MDG_TRY(mdg_lo_need(lo, mdg_lo_elements(mdg_lo_input(lo, 2)) >= PCAN_TABLE,
                        "the table of gains has fewer than 125 entries"));
    p->count = mdg_lo_elements(x);
    mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
    return MDG_OK;
}

/* How far log2 lies above the straight line between powers of two */
static int log_table(mdg_lowering *lo) {
    int16_t *table = mdg_lo_params(lo, LOG_TABLE * sizeof *table);
    for (int i = 0; i < LOG_TABLE - 1; i++) {
        const double x = (double)i / (LOG_TABLE - 2);
        table[i] = (int16_t)lround(LOG_FRACTION * (log2(1 + x) - x));
    }
    return mdg_lo_const(lo, "log2", "int16_t", table, LOG_TABLE * sizeof *table);
}

static mdg_status lower_filter_bank_log(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    mdg_filter_bank_log_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_option(lo, "input_correction_bits", (mdg_range){0, 31}, &p->correction_bits));
    MDG_TRY(mdg_lo_option(lo, "output_scale", (mdg_range){INT32_MIN, INT32_MAX}, &p->scale));
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    p->count = mdg_lo_elements(x);
    mdg_call_add_in(mdg_lo_call(lo, p), log_table(lo));
    return MDG_OK;
}

static const mdg_variant signal_window[] = {{"int16,int16->int16", MDG_K_window_s16}};
MDG_RULE(signal_window, 2, 2, 1, signal_window, lower_window);

static const mdg_variant signal_fft_auto_scale[] = {{"int16->int16,int32", MDG_K_fft_auto_scale_s16}};
MDG_RULE(signal_fft_auto_scale, 1, 1, 2, signal_fft_auto_scale, lower_fft_auto_scale);

static const mdg_variant signal_energy[] = {{"int16->uint32", MDG_K_energy_s16}};
MDG_RULE(signal_energy, 1, 1, 1, signal_energy, lower_energy);

static const mdg_variant signal_filter_bank[] = {
    {"uint32,int16,int16,int16,int16,int16->uint64", MDG_K_filter_bank_u32}};
MDG_RULE(signal_filter_bank, 6, 6, 1, signal_filter_bank, lower_filter_bank);

static const mdg_variant signal_filter_bank_square_root[] = {
    {"uint64,int32->uint32", MDG_K_filter_bank_square_root_u64}};
MDG_RULE(signal_filter_bank_square_root, 2, 2, 1, signal_filter_bank_square_root, lower_square_root);

static const mdg_variant signal_filter_bank_spectral_subtraction[] = {
    {"uint32->uint32,uint32", MDG_K_spectral_subtraction_u32}};
MDG_RULE(signal_filter_bank_spectral_subtraction, 1, 1, 2, signal_filter_bank_spectral_subtraction,
         lower_spectral_subtraction);

static const mdg_variant signal_pcan[] = {{"uint32,uint32,int16->uint32", MDG_K_pcan_u32}};
MDG_RULE(signal_pcan, 3, 3, 1, signal_pcan, lower_pcan);

static const mdg_variant signal_filter_bank_log[] = {{"uint32->int16", MDG_K_filter_bank_log_u32}};
MDG_RULE(signal_filter_bank_log, 1, 1, 1, signal_filter_bank_log, lower_filter_bank_log);
