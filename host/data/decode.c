/* SPDX-License-Identifier: MIT
 *
 * Decodes a data set with a few threads. Each takes the next file; only the results meet, under one lock.
 */
#include "data/data.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "data/audio.h"
#include "data/background.h"
#include "data/images.h"
#include "data/noise.h"
#include "data/objects.h"
#include "util/rng.h"

enum { MAX_THREADS = 4, SHORTEST_MS = 20, REPORT_EVERY = 16 };

typedef struct job {
    mdg_dataset *set;
    const mdg_progress *progress;
    int n_recordings, n_items; /* recorded clips, then backgrounds */
    const char **causes;       /* [n_items], NULL = decoded */
    atomic_int next, done;
    atomic_bool stopped;
    pthread_mutex_t lock; /* of set->arena */
} job;

size_t mdg_data_window(const mdg_data_opts *opts) {
    return (size_t)((int64_t)opts->sample_rate * opts->clip_ms / 1000);
}

size_t mdg_dataset_window(const mdg_dataset *set) {
    return set->image_h ? (size_t)set->image_h * (size_t)set->image_w : mdg_data_window(set->opts);
}

static mdg_clip *item(const job *j, int i) {
    return i < j->n_recordings ? &j->set->clips[i] : &j->set->backgrounds[i - j->n_recordings];
}

/* Keeps half a window on each side of the loudest one. */
static void trim(const mdg_data_opts *opts, mdg_pcm *pcm) {
    const size_t window = mdg_data_window(opts), keep = 2 * window;
    if (pcm->n <= keep) return;
    const size_t loudest = mdg_audio_loudest(pcm->samples, pcm->n, window);
    size_t start = loudest > window / 2 ? loudest - window / 2 : 0;
    if (start > pcm->n - keep) start = pcm->n - keep;
    memmove(pcm->samples, pcm->samples + start, keep * sizeof *pcm->samples);
    pcm->n = keep;
}

static void keep_cause(job *j, int i, const mdg_diag *diag) {
    j->causes[i] = mdg_arena_strdup(j->set->arena, diag->text);
}

static void decode_image(job *j, int i) {
    const mdg_dataset *set = j->set;
    mdg_clip *clip = item(j, i);
    mdg_image image;
    mdg_diag diag;
    const size_t n = mdg_dataset_window(set), values = n * (size_t)set->channels;
    mdg_status status =
        mdg_image_read(clip->path, set->image_h, set->image_w, set->channels == 1, &image, &diag);
    if (status == MDG_OK) status = mdg_objects_place(set, clip, &image, &diag);
    pthread_mutex_lock(&j->lock);
    if (status == MDG_OK) {
        clip->samples = mdg_arena_array(set->arena, values, sizeof *clip->samples);
        for (size_t k = 0; k < values; k++) clip->samples[k] = image.pixels[k];
        clip->n_samples = n;
    } else {
        keep_cause(j, i, &diag);
    }
    pthread_mutex_unlock(&j->lock);
    mdg_image_free(&image);
}

static void decode_sound(job *j, int i) {
    const mdg_data_opts *opts = j->set->opts;
    mdg_clip *clip = item(j, i);
    mdg_pcm pcm;
    mdg_diag diag;
    mdg_status status = mdg_pcm_read(clip->path, opts->sample_rate, &pcm, &diag);
    if (status == MDG_OK && pcm.n * 1000 < (size_t)opts->sample_rate * SHORTEST_MS)
        status = mdg_fail(&diag, MDG_INVALID, "too short: %zu samples", pcm.n);
    if (status == MDG_OK && i < j->n_recordings) trim(opts, &pcm);
    pthread_mutex_lock(&j->lock);
    if (status == MDG_OK) {
        clip->samples = mdg_arena_copy(j->set->arena, pcm.samples, pcm.n * sizeof *pcm.samples);
        clip->n_samples = pcm.n;
    } else {
        keep_cause(j, i, &diag);
    }
    pthread_mutex_unlock(&j->lock);
    mdg_pcm_free(&pcm);
}

static void decode_item(job *j, int i) {
    if (item(j, i)->samples) return; /* came with the scan */
    if (j->set->opts->kind == MDG_DATA_IMAGES)
        decode_image(j, i);
    else
        decode_sound(j, i);
}

static void decode_items(job *j, bool reports) {
    for (int i; !j->stopped && (i = atomic_fetch_add(&j->next, 1)) < j->n_items;) {
        decode_item(j, i);
        const int done = atomic_fetch_add(&j->done, 1) + 1;
        if (!reports || i % REPORT_EVERY) continue;
        if (!mdg_progress_report(j->progress, done, j->n_items, "decode")) j->stopped = true;
    }
}

static void *work(void *context) {
    decode_items(context, false);
    return NULL;
}

static void run(job *j) {
    pthread_t threads[MAX_THREADS];
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const int helpers = processors > MAX_THREADS ? MAX_THREADS - 1 : (int)processors - 1;
    int started = 0;
    while (started < helpers && pthread_create(&threads[started], NULL, work, j) == 0) started++;
    decode_items(j, true);
    for (int t = 0; t < started; t++) pthread_join(threads[t], NULL);
    if (!j->stopped) j->stopped = !mdg_progress_report(j->progress, j->n_items, j->n_items, "decode");
}

/* Moves the clips of one list that have a cause to `skipped`; returns how many are left. */
static int drop_failed(mdg_dataset *set, mdg_clip *clips, int n, const char *const *causes, int n_causes) {
    int kept = 0;
    for (int i = 0; i < n; i++) {
        if (i < n_causes && causes[i])
            set->skipped[set->n_skipped++] = (mdg_skipped){clips[i].path, causes[i]};
        else
            clips[kept++] = clips[i];
    }
    return kept;
}

/* The k-th of n silence clips of its split: the split's recordings take turns, and each is cut at even
 * distances. Its level varies. */
static void cut_background(const mdg_dataset *set, int k, int n, mdg_rng *r, mdg_clip *clip) {
    const int n_recordings = mdg_background_count(set, clip->split);
    const mdg_background from = mdg_background_at(set, clip->split, k % n_recordings);
    const int cuts = (n - 1 - k % n_recordings) / n_recordings + 1;
    const size_t room = from.n > clip->n_samples ? from.n - clip->n_samples : 0;
    const size_t start = cuts > 1 ? room * (size_t)(k / n_recordings) / (size_t)(cuts - 1) : 0;
    const float gain = mdg_rng_uniform(r, 0.0f, 1.0f);
    for (size_t i = 0; from.n && i < clip->n_samples; i++)
        clip->samples[i] = (int16_t)lrintf(gain * (float)from.samples[(start + i) % from.n]);
}

/* Without recordings: noise of 1 to 200 steps, about -90 to -44 dB of full scale. */
static void make_noise(mdg_rng *r, mdg_clip *clip) {
    const float level = powf(200.0f, mdg_rng_uniform(r, 0.0f, 1.0f));
    mdg_noise noise = mdg_noise_of(mdg_rng_u64(r), mdg_rng_below(r, 2) == 1);
    for (size_t k = 0; k < clip->n_samples; k++)
        clip->samples[k] = (int16_t)lrintf(level * mdg_noise_next(&noise));
}

static void make_silence(mdg_dataset *set, int first) {
    int made[MDG_SPLIT_COUNT] = {0}, n[MDG_SPLIT_COUNT] = {0};
    for (int i = first; i < set->n_clips; i++) n[set->clips[i].split]++;
    for (int i = first; i < set->n_clips; i++) {
        mdg_clip *clip = &set->clips[i];
        mdg_rng r = mdg_rng_of(set->opts->split.seed, (uint64_t)(i - first));
        clip->n_samples = mdg_data_window(set->opts);
        clip->samples = mdg_arena_array(set->arena, clip->n_samples, sizeof *clip->samples);
        if (set->n_backgrounds)
            cut_background(set, made[clip->split]++, n[clip->split], &r, clip);
        else
            make_noise(&r, clip);
    }
}

static mdg_status check_left(const mdg_dataset *set, int had_backgrounds, mdg_diag *diag) {
    const mdg_skipped *last = set->n_skipped ? &set->skipped[set->n_skipped - 1] : NULL;
    if (had_backgrounds && !set->n_backgrounds)
        return mdg_fail(diag, MDG_INVALID,
                        "%s: none of its recordings can be decoded (%s: %s); see data.background",
                        set->opts->background, last->path, last->cause);
    for (int l = set->opts->objects != NULL; l < set->n_labels; l++) {
        int n = 0;
        for (int i = 0; i < set->n_clips; i++)
            n += mdg_clip_holds(&set->clips[i], l) && set->clips[i].split == MDG_SPLIT_TRAIN;
        if (!n)
            return mdg_fail(diag, MDG_INVALID,
                            "%s: class '%s' has no clip to train on: %d files were skipped (last: %s: %s); "
                            "repair or replace them",
                            set->opts->path, set->labels[l], set->n_skipped, last ? last->path : "-",
                            last ? last->cause : "-");
    }
    return MDG_OK;
}

mdg_status mdg_dataset_decode(mdg_dataset *set, const mdg_progress *progress, mdg_diag *diag) {
    const int had_backgrounds = set->n_backgrounds;
    job j = {.set = set, .progress = progress};
    while (j.n_recordings < set->n_clips && !set->clips[j.n_recordings].generated) j.n_recordings++;
    j.n_items = j.n_recordings + set->n_backgrounds;
    j.causes = mdg_arena_array(set->arena, (size_t)j.n_items, sizeof *j.causes);
    mdg_audio_be_quiet();
    pthread_mutex_init(&j.lock, NULL);
    run(&j);
    pthread_mutex_destroy(&j.lock);
    if (j.stopped) return mdg_fail(diag, MDG_INTERRUPTED, "%s: decoding was interrupted", set->opts->path);
    const int generated = set->n_clips - j.n_recordings;
    set->n_clips = drop_failed(set, set->clips, set->n_clips, j.causes, j.n_recordings);
    set->n_backgrounds =
        drop_failed(set, set->backgrounds, had_backgrounds, j.causes + j.n_recordings, had_backgrounds);
    make_silence(set, set->n_clips - generated);
    return check_left(set, had_backgrounds, diag);
}
