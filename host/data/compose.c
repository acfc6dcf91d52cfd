/* SPDX-License-Identifier: MIT */
#include "data/compose.h"

#include <math.h>
#include <stdlib.h>

#include "data/background.h"
#include "data/noise.h"
#include "util/file.h"
#include "util/rng.h"

enum { BED_SECONDS = 45, FADE_MS = 20 };
static const double bed_rms = 300;        /* about -41 dB of full scale */
static const double audible_share = 0.05; /* of a clip's peak */

typedef struct composer {
    const mdg_dataset *set;
    const mdg_compose_opts *o;
    mdg_composed *out;
    mdg_rng rng;
    int *targets, *others; /* clips of the split */
    int n_targets, n_others;
    double rate;
} composer;

static double rms_of(const int16_t *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return n ? sqrt(sum / (double)n) : 0;
}

static int16_t saturate(double x) {
    return (int16_t)lrint(fmin(fmax(x, INT16_MIN), INT16_MAX));
}

static void sort_clips(composer *c, mdg_arena *arena) {
    const size_t n = (size_t)c->set->n_clips + 1;
    c->targets = mdg_arena_array(arena, n, sizeof *c->targets);
    c->others = mdg_arena_array(arena, n, sizeof *c->others);
    for (int i = 0; i < c->set->n_clips; i++) {
        const mdg_clip *clip = &c->set->clips[i];
        if (clip->generated || clip->split != c->o->split) continue;
        if (c->o->is_target[clip->label])
            c->targets[c->n_targets++] = i;
        else
            c->others[c->n_others++] = i;
    }
}

/* A background recording of the split, round and round, at the bed's level. */
static void lay_recording(composer *c, int16_t *to, size_t n, double gain_of_snr) {
    const uint32_t count = (uint32_t)mdg_background_count(c->set, c->o->split);
    const mdg_background b = mdg_background_at(c->set, c->o->split, (int)mdg_rng_below(&c->rng, count));
    const double rms = rms_of(b.samples, b.n), gain = rms > 0 ? bed_rms * gain_of_snr / rms : 0;
    if (b.n == 0) return;
    const size_t phase = mdg_rng_below(&c->rng, (uint32_t)b.n);
    for (size_t i = 0; i < n; i++) to[i] = saturate(gain * b.samples[(phase + i) % b.n]);
}

static void lay_noise(composer *c, int16_t *to, size_t n, double gain_of_snr) {
    mdg_noise noise = mdg_noise_of(mdg_rng_u64(&c->rng), true);
    for (size_t i = 0; i < n; i++) to[i] = saturate(bed_rms * gain_of_snr * (double)mdg_noise_next(&noise));
}

static void lay_bed(composer *c) {
    const size_t step = (size_t)(BED_SECONDS * c->rate);
    for (size_t at = 0; at < c->out->n; at += step) {
        const size_t n = at + step < c->out->n ? step : c->out->n - at;
        const double snr = (double)mdg_rng_uniform(&c->rng, c->o->snr_min_db, c->o->snr_max_db);
        const double gain = pow(10, (15 - snr) / 20); /* clips lie 15 dB above bed_rms */
        if (c->set->n_backgrounds)
            lay_recording(c, c->out->samples + at, n, gain);
        else
            lay_noise(c, c->out->samples + at, n, gain);
    }
}

/* The part of a clip that is heard. */
static void audible(const mdg_clip *clip, size_t *first, size_t *end) {
    int peak = 0;
    for (size_t i = 0; i < clip->n_samples; i++)
        peak = abs(clip->samples[i]) > peak ? abs(clip->samples[i]) : peak;
    *first = 0, *end = clip->n_samples;
    while (*first < *end && abs(clip->samples[*first]) < audible_share * peak) (*first)++;
    while (*end > *first && abs(clip->samples[*end - 1]) < audible_share * peak) (*end)--;
}

/* Adds a clip at sample `at`, its audible part 15 dB above the bed's usual level, give or take 6. */
static void place(composer *c, int index, size_t at) {
    const mdg_clip *clip = &c->set->clips[index];
    size_t first, end;
    audible(clip, &first, &end);
    const double rms = rms_of(clip->samples + first, end - first), fade = FADE_MS * c->rate / 1000;
    const double level = bed_rms * pow(10, (15 + (double)mdg_rng_uniform(&c->rng, -6, 6)) / 20);
    for (size_t i = 0; i < clip->n_samples && at + i < c->out->n; i++) {
        const double edge = fmin((double)i, (double)(clip->n_samples - 1 - i)), soft = fmin(edge / fade, 1);
        int16_t *to = &c->out->samples[at + i];
        if (rms > 0) *to = saturate(*to + level / rms * soft * clip->samples[i]);
    }
    c->out->events[c->out->n_events++] = (mdg_composed_event){.start_s = (double)(at + first) / c->rate,
                                                              .end_s = (double)(at + end) / c->rate,
                                                              .label = clip->label,
                                                              .path = clip->path};
}

static int draw_clip(composer *c) {
    const bool target =
        !c->n_others || (c->n_targets && (double)mdg_rng_uniform(&c->rng, 0, 1) < c->o->target_share);
    return target ? c->targets[mdg_rng_below(&c->rng, (uint32_t)c->n_targets)]
                  : c->others[mdg_rng_below(&c->rng, (uint32_t)c->n_others)];
}

/* One clip in each slot of equal length, anywhere in it. */
static void place_clips(composer *c, size_t n_slots) {
    const size_t slot = c->out->n / n_slots;
    for (size_t k = 0; k < n_slots; k++) {
        const int index = draw_clip(c);
        const size_t length = c->set->clips[index].n_samples, room = slot > length ? slot - length : 0;
        if (length <= slot)
            place(c, index, k * slot + (size_t)((double)mdg_rng_uniform(&c->rng, 0, 1) * (double)room));
    }
}

mdg_status mdg_compose(const mdg_dataset *set, const mdg_compose_opts *o, mdg_arena *arena, mdg_composed *out,
                       mdg_diag *diag) {
    composer c = {
        .set = set, .o = o, .out = out, .rng = mdg_rng_of(o->seed, 77), .rate = set->opts->sample_rate};
    if (!(o->hours > 0) || o->hours > 100)
        return mdg_fail(diag, MDG_INVALID, "%g hours: more than 0 and at most 100 can be composed", o->hours);
    if (!(o->clips_per_hour > 0) || o->clips_per_hour > 3600)
        return mdg_fail(diag, MDG_INVALID, "%g clips an hour: more than 0 and at most 3600 are possible",
                        o->clips_per_hour);
    sort_clips(&c, arena);
    if (c.n_targets + c.n_others == 0)
        return mdg_fail(diag, MDG_INVALID, "the %s split has no recordings to compose from",
                        mdg_split_text(o->split));
    const size_t n_slots = (size_t)ceil(o->hours * o->clips_per_hour);
    *out = (mdg_composed){.n = (size_t)(o->hours * 3600 * c.rate)};
    out->samples = mdg_arena_array(arena, out->n + 1, sizeof *out->samples);
    out->events = mdg_arena_array(arena, n_slots + 1, sizeof *out->events);
    lay_bed(&c);
    place_clips(&c, n_slots);
    return MDG_OK;
}

mdg_status mdg_compose_write_truth(const mdg_composed *c, const char *const *labels, const char *path,
                                   mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    fputs("start,end,label,path\n", w.stream);
    for (int i = 0; i < c->n_events; i++) {
        const mdg_composed_event *e = &c->events[i];
        fprintf(w.stream, "%.3f,%.3f,%s,%s\n", e->start_s, e->end_s, labels[e->label], e->path);
    }
    return mdg_writer_close(&w, diag);
}
