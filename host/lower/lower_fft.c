/* SPDX-License-Identifier: MIT
 *
 * SignalRfft, SignalIrfft: stages and tables as kissfft makes them.
 */
#include "lower/options.h"

#include <math.h>

enum { MAX_LENGTH = 1 << 20, MAX_PLAIN_RADIX = 5 };

/* Work of the transforms in radices that no butterfly is made for */
static const int64_t MAX_WORK = (int64_t)1 << 34;

static const double PI = 3.14159265358979323846;

/* All fours, then twos, then the odd factors from below; what is left behind the square root is prime. */
static void set_stages(mdg_fft_params *p) {
    const int32_t root = (int32_t)floor(sqrt(p->points));
    int32_t n = p->points, radix = 4;
    do {
        while (n % radix) {
            radix = radix == 4 ? 2 : radix == 2 ? 3 : radix + 2;
            if (radix > root) radix = n;
        }
        n /= radix;
        p->radix[p->stages++] = radix;
    } while (n > 1);
}

/* Room for the values of the largest radix that is none of 2, 3, 4, 5; 0 where there is none */
static int32_t largest_radix(const mdg_fft_params *p) {
    int32_t largest = 0;
    for (int32_t i = 0; i < p->stages; i++) {
        const int32_t radix = p->radix[i];
        if ((radix == 1 || radix > MAX_PLAIN_RADIX) && radix > largest) largest = radix;
    }
    return largest;
}

/* A real number as an element of a table: the full scale of integers is their largest value. */
static void put(void *table, mdg_type type, int32_t i, double value) {
    if (type == MDG_FLOAT32)
        ((float *)table)[i] = (float)value;
    else if (type == MDG_INT16)
        ((int16_t *)table)[i] = (int16_t)floor(0.5 + INT16_MAX * value);
    else
        ((int32_t *)table)[i] = (int32_t)floor(0.5 + INT32_MAX * value);
}

/* cos and sin of first + k * step, [count][2] */
static int phase_table(mdg_lowering *lo, const char *name, int32_t count, double (*phase)(int32_t, int32_t),
                       int32_t points, int sign) {
    const mdg_type type = mdg_lo_input(lo, 0)->type;
    const size_t bytes = 2 * (size_t)(count > 0 ? count : 1) * mdg_type_bits(type) / 8;
    void *table = mdg_lo_params(lo, bytes);
    for (int32_t k = 0; k < count; k++) {
        put(table, type, 2 * k, cos(sign * phase(k, points)));
        put(table, type, 2 * k + 1, sin(sign * phase(k, points)));
    }
    return mdg_lo_const(lo, name, mdg_c_type(type), table, bytes);
}

static double twiddle_phase(int32_t k, int32_t points) {
    return 2 * PI * k / points;
}

static double split_phase(int32_t k, int32_t points) {
    return PI * ((double)(k + 1) / points + .5);
}

static int scratch(mdg_lowering *lo, const char *name, int32_t points) {
    const mdg_type type = mdg_lo_input(lo, 0)->type;
    if (points == 0) return -1;
    return mdg_lo_scratch(lo, name, mdg_c_type(type), 2 * (size_t)points * mdg_type_bits(type) / 8);
}

/* samples: the side with real samples, at most (in the inverse exactly) fft_length in a row; bins: the other
 */
static mdg_status check(const mdg_lowering *lo, const mdg_tensor *samples, const mdg_tensor *bins,
                        mdg_fft_params *p) {
    int32_t length;
    MDG_TRY(mdg_lo_option(lo, "fft_length", (mdg_range){2, MAX_LENGTH}, &length));
    MDG_TRY(mdg_lo_need(lo, length % 2 == 0, "fft_length is odd"));
    MDG_TRY(mdg_lo_need_rank(lo, samples, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_rank(lo, bins, samples->shape.rank, samples->shape.rank));
    p->length = samples->shape.dim[samples->shape.rank - 1];
    p->rows = mdg_lo_elements(samples) / p->length;
    p->points = length / 2;
    MDG_TRY(mdg_lo_need(lo, p->length <= length, "a row has more samples than fft_length"));
    MDG_TRY(mdg_lo_need(lo, bins->shape.dim[bins->shape.rank - 1] == length + 2,
                        "a row of bins does not have fft_length + 2 numbers"));
    MDG_TRY(mdg_lo_need_elements(lo, bins, (int64_t)p->rows * (length + 2)));
    set_stages(p);
    if ((int64_t)p->rows * p->points * largest_radix(p) > MAX_WORK)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "fft_length %d has too large a prime factor", (int)length);
    return MDG_OK;
}

static void add_tables(mdg_lowering *lo, mdg_call *c, const mdg_fft_params *p, int sign) {
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_in(c, phase_table(lo, "twiddles", p->points, twiddle_phase, p->points, sign));
    mdg_call_add_in(c, phase_table(lo, "split", p->points / 2, split_phase, p->points, sign));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
}

static mdg_status lower_rfft(mdg_lowering *lo) {
    mdg_fft_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(check(lo, mdg_lo_input(lo, 0), mdg_lo_output(lo, 0), p));
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    add_tables(lo, c, p, -1);
    mdg_call_add_out(c, scratch(lo, "legs", largest_radix(p)));
    return MDG_OK;
}

static mdg_status lower_irfft(mdg_lowering *lo) {
    mdg_fft_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(check(lo, mdg_lo_output(lo, 0), mdg_lo_input(lo, 0), p));
    MDG_TRY(
        mdg_lo_need(lo, p->length == 2 * p->points, "a row of the output does not have fft_length samples"));
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    add_tables(lo, c, p, 1);
    mdg_call_add_out(c, scratch(lo, "joined", p->points));
    mdg_call_add_out(c, scratch(lo, "legs", largest_radix(p)));
    return MDG_OK;
}

static const mdg_variant signal_rfft[] = {
    {"int16->int16", MDG_K_rfft_s16},
    {"int32->int32", MDG_K_rfft_s32},
    {"float32->float32", MDG_K_rfft_f32},
};
MDG_RULE(signal_rfft, 1, 1, 1, signal_rfft, lower_rfft);

static const mdg_variant signal_irfft[] = {
    {"int16->int16", MDG_K_irfft_s16},
    {"int32->int32", MDG_K_irfft_s32},
    {"float32->float32", MDG_K_irfft_f32},
};
MDG_RULE(signal_irfft, 1, 1, 1, signal_irfft, lower_irfft);
