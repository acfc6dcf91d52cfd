/* SPDX-License-Identifier: MIT
 *
 * With pauses, samples go through `pending`: what is quiet waits there. Sound takes it along into the clip; a
 * pause that is long enough ends the clip, keeps a margin of quiet on both sides, and forgets the rest.
 */
#include "record/clips.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Of a clip; more than any sound lasts that is no stream, and what a WAV head can tell. */
enum { MARGIN_MS = 200, BLOCK_MS = 10, LONGEST_CLIP = 1000000000 };

mdg_status mdg_clips_open(mdg_clips *c, const mdg_record_opts *opts, mdg_record_tally *tally,
                          mdg_arena *arena, mdg_diag *diag) {
    *c = (mdg_clips){.opts = opts, .tally = tally, .rate = (int)opts->rate_hz};
    c->limit = (uint64_t)llround(opts->seconds * opts->rate_hz);
    c->clip_limit = (uint64_t)llround(opts->clip_seconds * opts->rate_hz);
    if (!c->clip_limit || c->clip_limit > LONGEST_CLIP) c->clip_limit = LONGEST_CLIP;
    tally->rate_hz = opts->rate_hz;
    if (opts->silence_s > 0) {
        c->block = (size_t)c->rate * BLOCK_MS / 1000 + 1;
        c->pause = (size_t)llround(opts->silence_s * opts->rate_hz) + c->block;
        c->margin = (size_t)c->rate * MARGIN_MS / 1000;
        if (c->margin > c->pause / 2) c->margin = c->pause / 2;
        c->pending = mdg_arena_array(arena, c->pause + c->block, sizeof *c->pending);
        c->quiet = (int16_t)(32767 * pow(10, -opts->quiet_db / 20));
    }
    return mdg_store_open(&c->store, opts, "wav", tally, diag);
}

bool mdg_clips_complete(const mdg_clips *c) {
    return c->limit && c->taken >= c->limit;
}

static json_t *about(const mdg_clips *c) {
    return json_pack("{s:s, s:i, s:I}", "kind", "audio", "rate_hz", c->rate, "samples",
                     (json_int_t)c->in_clip);
}

static mdg_status end_clip(mdg_clips *c, mdg_diag *diag) {
    const mdg_status status = mdg_clips_flush(c, diag);
    const mdg_status ended = mdg_store_end(&c->store, about(c), c->tally, status == MDG_OK ? diag : NULL);
    c->in_clip = 0;
    return status == MDG_OK ? ended : status;
}

static mdg_status write_head(mdg_clips *c, mdg_diag *diag) {
    uint8_t head[MDG_WAV_HEAD];
    mdg_wav_head(head, c->rate, (uint32_t)(2 * c->in_clip));
    if (pwrite(fileno(c->store.stream), head, sizeof head, 0) == sizeof head) return MDG_OK;
    return mdg_fail(diag, MDG_IO, "%s.wav: its head cannot be written", c->store.stem);
}

mdg_status mdg_clips_flush(mdg_clips *c, mdg_diag *diag) {
    if (!c->store.stream) return MDG_OK;
    MDG_TRY(mdg_store_flush(&c->store, diag));
    return write_head(c, diag);
}

static mdg_status begin_clip(mdg_clips *c, mdg_diag *diag) {
    uint8_t head[MDG_WAV_HEAD];
    MDG_TRY(mdg_store_begin(&c->store, about(c), diag));
    mdg_wav_head(head, c->rate, 0);
    fwrite(head, 1, sizeof head, c->store.stream);
    return MDG_OK;
}

static void put_samples(FILE *f, const int16_t *samples, size_t n) {
    uint8_t bytes[2 * MDG_CLIPS_BLOCK] = {0};
    while (n) {
        const size_t k = n < MDG_CLIPS_BLOCK ? n : MDG_CLIPS_BLOCK;
        for (size_t i = 0; i < k; i++) {
            bytes[2 * i] = (uint8_t)(samples[i] & 255);
            bytes[2 * i + 1] = (uint8_t)((uint16_t)samples[i] >> 8);
        }
        fwrite(bytes, 2, k, f);
        samples += k;
        n -= k;
    }
}

static mdg_status write_samples(mdg_clips *c, const int16_t *samples, size_t n, mdg_diag *diag) {
    while (n) {
        if (!c->store.stream) MDG_TRY(begin_clip(c, diag));
        const uint64_t room = c->clip_limit - c->in_clip;
        const size_t k = n < room ? n : (size_t)room;
        put_samples(c->store.stream, samples, k);
        if (ferror(c->store.stream)) return mdg_store_flush(&c->store, diag); /* which tells why */
        c->in_clip += k;
        c->tally->rows += k;
        samples += k;
        n -= k;
        if (c->in_clip == c->clip_limit) MDG_TRY(end_clip(c, diag));
    }
    return MDG_OK;
}

static void forget(mdg_clips *c, size_t keep) {
    if (c->n_pending <= keep) return;
    memmove(c->pending, c->pending + c->n_pending - keep, keep * sizeof *c->pending);
    c->n_pending = keep;
}

static bool is_quiet(const mdg_clips *c, const int16_t *block, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (abs(block[i]) > c->quiet) return false;
    return true;
}

/* A block is at the end of pending. */
static mdg_status take_block(mdg_clips *c, size_t n, mdg_diag *diag) {
    if (!is_quiet(c, c->pending + c->n_pending - n, n)) {
        const size_t all = c->n_pending;
        c->n_pending = 0;
        return write_samples(c, c->pending, all, diag);
    }
    if (!c->store.stream) {
        forget(c, c->margin);
    } else if (c->n_pending >= c->pause) {
        MDG_TRY(write_samples(c, c->pending, c->margin, diag));
        MDG_TRY(end_clip(c, diag));
        forget(c, c->margin);
    }
    return MDG_OK;
}

mdg_status mdg_clips_take(mdg_clips *c, const int16_t *samples, size_t n, mdg_diag *diag) {
    if (c->limit && n > c->limit - c->taken) n = (size_t)(c->limit - c->taken);
    c->taken += n;
    if (!c->pending) return write_samples(c, samples, n, diag);
    while (n) {
        const size_t k = n < c->block ? n : c->block;
        memcpy(c->pending + c->n_pending, samples, k * sizeof *samples);
        c->n_pending += k;
        samples += k;
        n -= k;
        MDG_TRY(take_block(c, k, diag));
    }
    return MDG_OK;
}

/* The quiet behind the last sound belongs to it up to the margin. */
mdg_status mdg_clips_close(mdg_clips *c, mdg_diag *diag) {
    if (!c->store.stream) return MDG_OK;
    const size_t rest = c->n_pending < c->margin ? c->n_pending : c->margin;
    const mdg_status status = rest ? write_samples(c, c->pending, rest, diag) : MDG_OK;
    const mdg_status ended = c->store.stream ? end_clip(c, status == MDG_OK ? diag : NULL) : MDG_OK;
    return status == MDG_OK ? ended : status;
}
