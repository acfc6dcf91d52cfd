/* SPDX-License-Identifier: MIT
 *
 * Kernels of Cortex-M4, M7, M33, whose weights are streams (core/kernels/armv7em/mac.h).
 */
#include "../check.h"

enum { WORD = sizeof(int32_t), MOST_TAPS = 15 /* of a row of depthwise_taps */ };
enum { LUT_VALUES = 16, LUT_BYTES = 256 * sizeof(uint16_t) };

/* `count` groups of `step` words: each has a shift at word `shift`. */
static bool has_shifts(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t step, uint32_t shift) {
    const int32_t *words = (const int32_t *)s->constant[k];
    if (!words) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!mdg_within(words[i * step + shift], 0, 31)) return false;
    return true;
}

/* The same of shifts that are at least 1 and leave room for a half */
static bool has_shifts_from_1(const mdg_sizes *s, uint32_t count, uint32_t step, uint32_t shift) {
    const int32_t *words = (const int32_t *)s->constant[1];
    for (uint32_t i = 0; words && i < count; i++)
        if (!mdg_within(words[i * step + shift], 1, 30)) return false;
    return words != NULL;
}

/* Whether offset and shift stand in the stream's table at this place, in bytes */
static bool is_place(const int32_t *stream, uint32_t place) {
    const uint32_t word = place / 4;
    return place % 4 == 0 && word > 0 && word + 1 < (uint32_t)stream[0] &&
           mdg_within(stream[word + 1], 0, 31);
}

/* Stream 1 of the matrix core: a table; for two channels 2 biases, depth / 2 words of weights, 2 multipliers
 * and where in the table the rest stands. With weights of 4 bits those are depth / 4: taps a word. */
static bool has_pairs(const mdg_sizes *s, int32_t depth, int32_t out_c, uint32_t taps) {
    const int32_t *stream = (const int32_t *)s->constant[1];
    if (!mdg_within(depth, 4, 1 << 24) || depth % 4 != 0 || out_c < 2 || !stream) return false;
    const uint32_t pairs = ((uint32_t)out_c + 1) / 2, step = 5 + (uint32_t)depth / taps;
    const uint32_t count = mdg_times(pairs, (int32_t)step);
    if (s->in[1] < WORD || count == 0 || !mdg_within(stream[0], 3, 1 << 14)) return false;
    if (!mdg_has_in(s, 1, count + (uint32_t)stream[0], WORD)) return false;
    for (uint32_t i = 1; i <= pairs; i++) {
        const uint32_t places = (uint32_t)stream[(uint32_t)stream[0] + i * step - 1];
        if (!is_place(stream, places & 0xFFFFu) || !is_place(stream, places >> 16)) return false;
    }
    return true;
}

/* The same, and scratch 1 of depth / 4 * 6 words and `more` bytes */
static bool has_mac(const mdg_sizes *s, int32_t depth, int32_t out_c, int32_t more, uint32_t taps) {
    return has_pairs(s, depth, out_c, taps) && more >= 0 && s->n_out > 1 && s->out[1] >= (uint32_t)more &&
           mdg_holds(s->out[1] - (uint32_t)more, mdg_count2(depth, 6), 1);
}

/* Clustered weights: values in `in` and scratch of a table and so many words in `out` */
static bool has_clusters(const mdg_sizes *s, uint32_t in, uint32_t out, uint32_t words) {
    return mdg_has_in(s, in, LUT_VALUES, 1) && s->n_out > out && s->out[out] >= LUT_BYTES &&
           mdg_holds(s->out[out] - LUT_BYTES, words, WORD);
}

/* A block of the matrix core's pairs in scratch 2 */
static bool has_blocks(const mdg_sizes *s, int32_t depth, int32_t out_c, int32_t block) {
    return out_c % 2 == 0 && mdg_within(block, 1, out_c / 2) &&
           has_clusters(s, 2, 2, mdg_count2(block, 5 + depth / 2));
}

static bool pointwise_pixels(const mdg_pointwise_smlad_params *p, const mdg_sizes *s, uint32_t taps) {
    if (!mdg_within(p->in_c, 1, 1 << 24)) return false;
    const int32_t depth = (p->in_c + 3) / 4 * 4;
    return has_mac(s, depth, p->out_c, p->in_c == depth ? 0 : 3 * depth, taps) &&
           mdg_has_in(s, 0, mdg_count2(p->pixels, p->in_c), 1) &&
           mdg_has_out(s, 0, mdg_count2(p->pixels, p->out_c), 1);
}

static bool pointwise(const mdg_pointwise_smlad_params *p, mdg_sizes *s, uint32_t taps) {
    return pointwise_pixels(p, s, taps) && (p->out_c > p->in_c || mdg_may_share(s));
}

static bool pointwise_lut(const mdg_pointwise_lut_params *p, mdg_sizes *s, uint32_t taps) {
    return pointwise_pixels((const mdg_pointwise_smlad_params *)(const void *)p, s, taps) &&
           has_blocks(s, (p->in_c + 3) / 4 * 4, p->out_c, p->block) &&
           (p->out_c > p->in_c || 2 * p->block < p->out_c || mdg_may_share(s));
}

static bool has_windows(const void *params) {
    const mdg_conv2d_shape_params *p = (const mdg_conv2d_shape_params *)params;
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, p->dilation_h, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w};
    return mdg_is_window(&h) && mdg_is_window(&w) && mdg_has_steps(&h, &w, p->in_w, p->in_c);
}

static bool conv2d_shape(const mdg_conv2d_smlad_params *p, const mdg_sizes *s) {
    const uint32_t taps = mdg_count3(p->kernel_h, p->kernel_w, p->in_c);
    return has_windows(p) && taps > 0 && (uint32_t)p->depth == (taps + 3) / 4 * 4 &&
           mdg_is_int(p->in_zero, 8) &&
           mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), 1) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), 1);
}

/* more: bytes of scratch behind the panel */
static bool conv2d(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, int32_t more, uint32_t taps) {
    return conv2d_shape(p, s) && has_mac(s, p->depth, p->out_c, more, taps);
}

static bool conv2d_pixel(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, uint32_t size) {
    return conv2d_shape(p, s) && has_pairs(s, p->depth, p->out_c, 2) &&
           mdg_has_out(s, 1, (uint32_t)p->depth + WORD, size);
}

static bool conv2d_rows(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, uint32_t size) {
    if (!conv2d_shape(p, s) || !has_pairs(s, p->depth, p->out_c, 2)) return false;
    const int32_t row = p->kernel_w * p->in_c;
    return p->dilation_w == 1 && row % 4 == 0 &&
           mdg_has_out(s, 1, 4 * (uint32_t)p->depth + (uint32_t)row, size);
}

static bool conv2d_words(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, uint32_t taps) {
    return p->in_c % 4 == 0 && conv2d(p, s, p->in_c, taps);
}

static bool conv2d_lut(const mdg_conv2d_lut_params *p, const mdg_sizes *s, uint32_t taps) {
    return conv2d_words((const mdg_conv2d_smlad_params *)(const void *)p, s, taps) &&
           has_blocks(s, p->depth, p->out_c, p->block);
}

static bool conv2d_narrow(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, uint32_t taps) {
    return mdg_within(p->depth, 4, 1 << 24) && conv2d(p, s, 3 * p->depth + WORD, taps);
}

/* Where a channel's multiplier and right shift stand in a pair's record */
static bool has_wide_shifts(const mdg_sizes *s, uint32_t pairs, uint32_t record) {
    return has_shifts_from_1(s, pairs, record, record - 3) && has_shifts_from_1(s, pairs, record, record - 1);
}

/* The stream: for two channels 2 biases, a word for 4 taps of each, multiplier and shift of each */
static bool conv2d_wide(const mdg_conv2d_wide_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t taps = mdg_count3(p->kernel_h, p->kernel_w, p->in_c);
    if (!has_windows(p) || taps == 0 || taps > 1 << 24 || (uint32_t)p->depth != (taps + 3) / 4 * 4 ||
        !mdg_within(p->roundings, 1, 2) || !mdg_within(p->out_c, 1, 1 << 24))
        return false;
    const uint32_t pairs = ((uint32_t)p->out_c + 1) / 2, record = 6 + (uint32_t)p->depth / 2;
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size) &&
           mdg_has_in(s, 1, mdg_times(pairs, (int32_t)record), WORD) && has_wide_shifts(s, pairs, record) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), size) &&
           mdg_has_out(s, 1, (uint32_t)p->depth, WORD);
}

/* The stream: for 4 channels bias, multiplier, shift of each, and a word for each tap */
static bool depthwise_wide(const mdg_conv2d_wide_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t taps = mdg_count2(p->kernel_h, p->kernel_w);
    if (!has_windows(p) || taps == 0 || taps > 1 << 24 || !mdg_within(p->in_c, 4, 1 << 24)) return false;
    const uint32_t groups = ((uint32_t)p->in_c + 3) / 4, record = 12 + taps;
    if (!mdg_has_in(s, 1, mdg_times(groups, (int32_t)record), WORD)) return false;
    for (uint32_t i = 2; i < 12; i += 3)
        if (!has_shifts_from_1(s, groups, record, i)) return false;
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->in_c), size);
}

/* The stream: for 4 outputs 4 biases, and for each 4 inputs, or what is left of them, 4 words or 2 */
static bool fully_connected(const mdg_fully_connected_smlad_params *p, const mdg_sizes *s,
                            int32_t block_words) {
    if (!mdg_within(p->in_c, 1, 1 << 24) || !mdg_within(p->out_c, 1, 1 << 24) ||
        !mdg_within(p->chunk, 4, 1 << 25) || p->chunk % 4 != 0 ||
        (p->requant_step != 0 && p->requant_step != 3))
        return false;
    const uint32_t requants = p->requant_step ? (uint32_t)p->out_c : 1;
    const int32_t words = 4 + (p->in_c + 3) / 4 * block_words;
    return mdg_has_in(s, 0, mdg_count2(p->batches, p->in_c), 1) &&
           mdg_has_in(s, 1, mdg_count2((p->out_c + 3) / 4, words), WORD) &&
           mdg_has_in(s, 2, mdg_times(requants, 3), WORD) && has_shifts(s, 2, requants, 3, 2) &&
           mdg_has_out(s, 0, mdg_count2(p->batches, p->out_c), 1);
}

static bool fully_connected_lut(const mdg_fully_connected_smlad_params *p, const mdg_sizes *s,
                                int32_t block_words) {
    return fully_connected(p, s, block_words) && has_clusters(s, 3, 1, 4 + ((uint32_t)p->in_c + 3) / 4 * 4);
}

/* The stream: for 4 channels bias, multiplier, offset, shift of each, and a word for each tap, or two taps */
static bool depthwise(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, uint32_t taps_a_word) {
    if (!has_windows(p) || p->in_c < 4 || !mdg_is_int(p->in_zero, 8)) return false;
    const uint32_t row_words = mdg_packed((uint32_t)p->kernel_w, taps_a_word);
    const uint32_t groups = ((uint32_t)p->in_c + 3) / 4, step = 16 + mdg_times(row_words, p->kernel_h);
    if (step == 16) return false;
    for (uint32_t i = 3; i < 16; i += 4)
        if (!mdg_has_in(s, 1, mdg_times(groups, (int32_t)step), WORD) || !has_shifts(s, 1, groups, step, i))
            return false;
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), 1) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->in_c), 1);
}

/* The stream: for 4 channels biases, two words or one for two taps, multiplier, offset, shift of each */
static bool depthwise_line(const mdg_depthwise_line_smlad_params *p, const mdg_sizes *s, uint32_t words) {
    const mdg_line_check line = {p->channels, p->taps, p->outputs, p->tap_step, p->out_step};
    const uint32_t seen = mdg_line_elements(&line);
    if (seen == 0 || p->channels < 4) return false;
    const uint32_t groups = ((uint32_t)p->channels + 3) / 4, step = 16 + ((uint32_t)p->taps + 1) / 2 * words;
    if (!mdg_has_in(s, 1, mdg_times(groups, (int32_t)step), WORD)) return false;
    for (uint32_t i = 1; i < 12; i += 3)
        if (!has_shifts(s, 1, groups, step, step - i)) return false;
    return mdg_has_in(s, 0, seen, 1) && mdg_has_out(s, 0, mdg_count2(p->outputs, p->channels), 1);
}

/* Pictures of n by m pixels, whose steps are those of the one order or the other */
static bool is_picture(int32_t n, int32_t m, int32_t step_n, int32_t step_m, int32_t channels) {
    const bool by_m = step_n == channels && (int64_t)n * channels == step_m;
    const bool by_n = step_m == channels && (int64_t)m * channels == step_n;
    return by_m || by_n;
}

/* What a kernel on planes adds to the shape: kernel and dilation along m, words that two outputs of a row
 * need, channels of the output for each of the input */
typedef struct planes_kernel {
    int32_t kernel_n, kernel_m, dilation_m, words, multiplier;
} planes_kernel;

/* Words of scratch; 0 where they are too many */
static uint32_t planes_words(const mdg_depthwise_planes_params *p, const planes_kernel *k) {
    const int64_t rows =
        (int64_t)(p->band - 1) * p->stride_m + (int64_t)(k->kernel_m - 1) * k->dilation_m + 1;
    return rows > 1 << 24 ? 0 : mdg_count3((int32_t)rows, p->row_words, 4);
}

static bool has_sizes(const mdg_depthwise_planes_params *p, const planes_kernel *k) {
    const int32_t most = 1 << 20;
    return mdg_within(p->out_n, 1, most) && mdg_within(p->out_m, 1, most) && mdg_within(p->in_n, 1, most) &&
           mdg_within(p->in_m, 1, most) && mdg_within(p->stride_n, 1, 256) &&
           mdg_within(p->stride_m, 1, 256) && mdg_within(p->pad_n, 0, k->kernel_n - 1) &&
           mdg_within(p->pad_m, 0, (k->kernel_m - 1) * k->dilation_m) && mdg_is_int(p->in_zero, 8) &&
           p->channels >= 4 && mdg_within(p->band, 1, p->out_m);
}

/* The last pair of a row, its second output included, ends within the row. */
static bool has_rows(const mdg_depthwise_planes_params *p, const planes_kernel *k) {
    const int64_t last = ((int64_t)p->out_n + 1) / 2 - 1;
    return last * p->stride_n + p->stride_n / 2 + k->words <= p->row_words;
}

/* Sharing memory is safe where output row m needs no input row before it. */
static bool has_planes(const mdg_depthwise_planes_params *p, mdg_sizes *s, const planes_kernel *k) {
    if (!has_sizes(p, k) || !has_rows(p, k) ||
        !is_picture(p->in_n, p->in_m, p->in_step_n, p->in_step_m, p->channels) ||
        !mdg_within(k->multiplier, 1, 1 << 20) || mdg_times(mdg_count1(p->channels), k->multiplier) == 0 ||
        !is_picture(p->out_n, p->out_m, p->out_step_n, p->out_step_m, p->channels * k->multiplier))
        return false;
    const bool keeps = p->in_step_n == p->out_step_n && p->in_step_m == p->out_step_m &&
                       p->in_n == p->out_n && p->in_m == p->out_m && p->stride_n == 1 && p->stride_m == 1;
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_n, p->in_m, p->channels), 1) &&
           mdg_has_out(
               s, 0, mdg_times(mdg_count4(p->batches, p->out_n, p->out_m, p->channels), k->multiplier), 1) &&
           mdg_has_out(s, 1, planes_words(p, k), WORD) && (!keeps || mdg_may_share(s));
}

/* Records of 5 words, or of 3 with weights of 4 bits */
static bool has_plane_shifts(const mdg_sizes *s, uint32_t channels, uint32_t record) {
    const uint32_t *words = (const uint32_t *)s->constant[1];
    for (uint32_t i = 0; words && i < channels; i++, words += record)
        if (!mdg_within((int32_t)(record == 5 ? words[2] >> 24 : words[1] & 31), 7, 23)) return false;
    return words != NULL;
}

static bool depthwise3x3(const mdg_depthwise_planes_params *p, mdg_sizes *s, uint32_t record) {
    const planes_kernel k = {3, 3, 1, 2, 1};
    return mdg_within(p->stride_n, 1, 2) && mdg_within(p->stride_m, 1, 2) && has_planes(p, s, &k) &&
           mdg_has_in(s, 1, mdg_times(record, p->channels), WORD) &&
           has_plane_shifts(s, (uint32_t)p->channels, record);
}

/* Records: bias, multiplier, bytes of which the first is a shift */
static bool has_tap_shifts(const mdg_sizes *s, uint32_t channels, uint32_t record) {
    const int32_t *words = (const int32_t *)s->constant[1];
    for (uint32_t i = 0; words && i < channels; i++)
        if (!mdg_within(words[i * record + 2] & 0xFF, 1, 21)) return false;
    return words != NULL;
}

static bool depthwise_taps(const mdg_depthwise_taps_params *t, mdg_sizes *s, uint32_t pair_bytes) {
    const mdg_depthwise_planes_params *p = (const mdg_depthwise_planes_params *)(const void *)t;
    if (!mdg_within(t->kernel_n, 1, MOST_TAPS) || !mdg_within(t->kernel_m, 1, 1 << 12) ||
        !mdg_within(t->dilation_m, 1, t->kernel_m == 1 ? 1 : 1 << 12) || !mdg_is_int(t->out_zero, 8))
        return false;
    const planes_kernel k = {t->kernel_n, t->kernel_m, t->dilation_m, (t->kernel_n + t->stride_n % 2 + 1) / 2,
                             t->multiplier};
    if (!has_planes(p, s, &k)) return false;
    const uint32_t channels = (uint32_t)(p->channels * t->multiplier);
    const uint32_t record = 2 + (pair_bytes * (uint32_t)(t->kernel_m * k.words) + 4) / 4;
    const uint32_t weights = mdg_count3(t->kernel_m, k.words, 2), planes = planes_words(p, &k);
    return planes + weights <= INT32_MAX && mdg_has_out(s, 1, planes + weights, WORD) &&
           mdg_has_in(s, 1, mdg_times(record, (int32_t)channels), WORD) &&
           has_tap_shifts(s, channels, record);
}

static bool add(const mdg_add_smlad_params *p, mdg_sizes *s, uint32_t size) {
    const int32_t limit = 1 << 28;
    const uint32_t count = mdg_count1(p->count);
    return mdg_within(p->a_start, -limit, limit) && mdg_within(p->b_start, -2 * limit, 2 * limit) &&
           mdg_within(p->b_scale, 0, 1 << 22) && mdg_within(p->b_offset, -limit, limit) &&
           mdg_within(p->b_right, 1, 31) && mdg_within(p->right, 1, 31) &&
           mdg_within(p->b_mult, 0, INT32_MAX) && mdg_within(p->offset, -INT32_MAX, INT32_MAX) &&
           mdg_has_in(s, 0, count, size) && mdg_has_in(s, 1, count, size) && mdg_has_out(s, 0, count, size) &&
           mdg_may_share(s);
}

MDG_CHECK(pointwise_smlad_s8, pointwise_smlad, pointwise, 2)
MDG_CHECK(pointwise_smlad_s8_w4, pointwise_smlad, pointwise, 4)
MDG_CHECK(pointwise_smlad_s8_lut, pointwise_lut, pointwise_lut, 4)
MDG_CHECK(conv2d_smlad_s8, conv2d_smlad, conv2d_words, 2)
MDG_CHECK(conv2d_smlad_s8_w4, conv2d_smlad, conv2d_words, 4)
MDG_CHECK(conv2d_smlad_s8_lut, conv2d_lut, conv2d_lut, 4)
MDG_CHECK(conv2d_narrow_smlad_s8, conv2d_smlad, conv2d_narrow, 2)
MDG_CHECK(conv2d_narrow_smlad_s8_w4, conv2d_smlad, conv2d_narrow, 4)
MDG_CHECK(depthwise_smlad_s16, conv2d_wide, depthwise_wide, sizeof(int16_t))
MDG_CHECK(conv2d_smlad_s16, conv2d_wide, conv2d_wide, sizeof(int16_t))
MDG_CHECK(conv2d_pixel_smlad_s8, conv2d_smlad, conv2d_pixel, 1)
MDG_CHECK(conv2d_rows_smlad_s8, conv2d_smlad, conv2d_rows, 1)
MDG_CHECK(fully_connected_smlad_s8, fully_connected_smlad, fully_connected, 4)
MDG_CHECK(fully_connected_smlad_s8_w4, fully_connected_smlad, fully_connected, 2)
MDG_CHECK(fully_connected_smlad_s8_lut, fully_connected_smlad, fully_connected_lut, 2)
MDG_CHECK(depthwise_smlad_s8, conv2d_smlad, depthwise, 1)
MDG_CHECK(depthwise_smlad_s8_w4, conv2d_smlad, depthwise, 2)
MDG_CHECK(depthwise3x3_smlad_s8, depthwise_planes, depthwise3x3, 5)
MDG_CHECK(depthwise3x3_smlad_s8_w4, depthwise_planes, depthwise3x3, 3)
MDG_CHECK(depthwise_taps_smlad_s8, depthwise_taps, depthwise_taps, 2)
MDG_CHECK(depthwise_taps_smlad_s8_w4, depthwise_taps, depthwise_taps, 1)
MDG_CHECK(depthwise_line_smlad_s8, depthwise_line_smlad, depthwise_line, 2)
MDG_CHECK(depthwise_line_smlad_s8_w4, depthwise_line_smlad, depthwise_line, 1)
MDG_CHECK(add_smlad_s8, add_smlad, add, 1)
