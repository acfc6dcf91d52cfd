/* SPDX-License-Identifier: MIT
 *
 * Operators that remember samples from call to call. What their counters hold is not known here: the kernels
 * do not trust them.
 */
#include "../check.h"

enum { MAX_LEFT = 1 << 15 };

static bool framer(const mdg_framer_params *p, const mdg_sizes *s, uint32_t size) {
    return p->capacity >= p->step && mdg_has_in(s, 0, mdg_count3(p->rows, p->frames, p->step), size) &&
           mdg_has_out(s, 0, mdg_count3(p->rows, p->frames, p->size), size) && mdg_has_out(s, 1, 1, 1) &&
           mdg_has_out(s, 2, mdg_count2(p->rows, p->capacity), size) && mdg_has_out(s, 3, 1, sizeof(int32_t));
}

static bool stacker(const mdg_stacker_params *p, const mdg_sizes *s, uint32_t size) {
    return mdg_within(p->left, 0, MAX_LEFT) && p->channels <= p->size && mdg_within(p->step, 1, p->size) &&
           mdg_has_in(s, 0, mdg_count1(p->channels), size) && mdg_has_out(s, 0, mdg_count1(p->size), size) &&
           mdg_has_out(s, 1, 1, 1) && mdg_has_out(s, 2, mdg_count1(p->size), size) &&
           mdg_has_out(s, 3, 2, sizeof(int32_t));
}

static bool delay(const mdg_delay_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count2(p->rows, p->size);
    return mdg_has_in(s, 0, count, size) && mdg_has_out(s, 0, count, size) &&
           mdg_has_out(s, 1, mdg_count2(p->rows, p->delay), size);
}

static bool overlap_add(const mdg_overlap_add_params *p, const mdg_sizes *s, uint32_t size) {
    return p->step <= p->size && mdg_has_in(s, 0, mdg_count3(p->rows, p->frames, p->size), size) &&
           mdg_has_out(s, 0, mdg_count3(p->rows, p->frames, p->step), size) &&
           mdg_has_out(s, 1, mdg_count2(p->rows, p->size), size);
}

static bool circular_buffer(const mdg_circular_buffer_params *p, const mdg_sizes *s, uint32_t size) {
    const bool tells = s->n_out > 1 && s->out[1] > 0;
    return p->depth <= p->size && mdg_has_in(s, 0, mdg_count1(p->depth), size) &&
           mdg_has_out(s, 0, mdg_count1(p->size), size) &&
           (!tells || mdg_has_out(s, 2, 1, sizeof(int32_t))) && s->n_out > 1;
}

MDG_CHECK(framer_s16, framer, framer, sizeof(int16_t))
MDG_CHECK(stacker_s16, stacker, stacker, sizeof(int16_t))
MDG_CHECK(delay_s16, delay, delay, sizeof(int16_t))
MDG_CHECK(overlap_add_s16, overlap_add, overlap_add, sizeof(int16_t))
MDG_CHECK(overlap_add_f32, overlap_add, overlap_add, sizeof(float))
MDG_CHECK(circular_buffer_8, circular_buffer, circular_buffer, 1)
