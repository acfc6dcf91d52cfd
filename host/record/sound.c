/* SPDX-License-Identifier: MIT
 *
 * Sound to clips: FFmpeg's source, one channel of 16 bits at the wanted rate, WAV files; and the level.
 */
#include <libswresample/swresample.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record/clips.h"
#include "record/clock.h"
#include "record/source.h"

enum { METER_CELLS = 30, METER_DB = 60 };

typedef struct session {
    const mdg_record_opts *opts;
    mdg_source source;
    mdg_clips clips;
    SwrContext *resampler;
    int peak; /* since the meter was last shown */
    double shown_s;
} session;

static mdg_status open_resampler(session *s, const AVFrame *f, mdg_diag *diag) {
    AVChannelLayout in = {0}, mono = AV_CHANNEL_LAYOUT_MONO;
    av_channel_layout_default(&in, f->ch_layout.nb_channels);
    int error = swr_alloc_set_opts2(&s->resampler, &mono, AV_SAMPLE_FMT_S16, s->clips.rate, &in, f->format,
                                    f->sample_rate, 0, NULL);
    if (error >= 0) error = swr_init(s->resampler);
    av_channel_layout_uninit(&in);
    if (error >= 0) return MDG_OK;
    return mdg_fail(diag, MDG_UNSUPPORTED, "%s: cannot be resampled to %d Hz", s->source.name, s->clips.rate);
}

static mdg_status give(session *s, const int16_t *samples, int n, mdg_diag *diag) {
    for (int i = 0; i < n; i++)
        if (abs(samples[i]) > s->peak) s->peak = abs(samples[i]);
    return mdg_clips_take(&s->clips, samples, (size_t)n, diag);
}

/* Resamples n samples from in; then what is left in the resampler, while a call fills the block. */
static mdg_status resample(session *s, const uint8_t **in, int n, mdg_diag *diag) {
    int16_t block[MDG_CLIPS_BLOCK];
    uint8_t *out = (uint8_t *)block;
    int got = swr_convert(s->resampler, &out, MDG_CLIPS_BLOCK, in, n);
    while (got > 0) {
        MDG_TRY(give(s, block, got, diag));
        got = got == MDG_CLIPS_BLOCK ? swr_convert(s->resampler, &out, MDG_CLIPS_BLOCK, NULL, 0) : 0;
    }
    return got < 0 ? mdg_fail(diag, MDG_INVALID, "%s: cannot be resampled", s->source.name) : MDG_OK;
}

static mdg_status take_frame(void *context, const AVFrame *f, mdg_diag *diag) {
    session *s = context;
    const bool as_wanted =
        f->format == AV_SAMPLE_FMT_S16 && f->sample_rate == s->clips.rate && f->ch_layout.nb_channels == 1;
    if (as_wanted && !s->resampler)
        return give(s, (const int16_t *)(const void *)f->data[0], f->nb_samples, diag);
    if (!s->resampler) MDG_TRY(open_resampler(s, f, diag));
    return resample(s, (const uint8_t **)f->extended_data, f->nb_samples, diag);
}

static double decibels(int peak) {
    return peak ? 20 * log10(peak / 32768.0) : -METER_DB;
}

/* Ten times a second: the meter, and all that has come goes to the disk. */
static mdg_status show(session *s, bool *go_on, mdg_diag *diag) {
    char line[200], cells[METER_CELLS + 1];
    const mdg_record_watch *w = &s->opts->watch;
    const double now = mdg_now_s(), level = decibels(s->peak);
    if (now - s->shown_s < 0.1) return MDG_OK;
    s->shown_s = now;
    for (int i = 0; i < METER_CELLS; i++)
        cells[i] = (level + METER_DB) * METER_CELLS > i * METER_DB ? '=' : ' ';
    cells[METER_CELLS] = '\0';
    snprintf(line, sizeof line, "[%s] %5.1f dB%s  %.1f s, %d clips", cells, level,
             s->peak > 32700 ? " CLIPPED" : "", (double)s->clips.taken / s->clips.rate,
             s->clips.tally->files + (s->clips.store.stream != NULL));
    s->peak = 0;
    *go_on = !w->live || w->live(w->context, line);
    return mdg_clips_flush(&s->clips, diag);
}

static mdg_status pump(session *s, mdg_diag *diag) {
    bool ended = false, go_on = true;
    while (!ended && go_on && !mdg_clips_complete(&s->clips)) {
        MDG_TRY(mdg_source_read(&s->source, take_frame, s, &ended, diag));
        MDG_TRY(show(s, &go_on, diag));
    }
    return s->resampler ? resample(s, NULL, 0, diag) : MDG_OK;
}

static mdg_status record(session *s, mdg_diag *diag) {
    MDG_TRY(mdg_source_open(&s->source, s->opts, AVMEDIA_TYPE_AUDIO, diag));
    const mdg_status status = pump(s, diag);
    const mdg_status closed = mdg_clips_close(&s->clips, status == MDG_OK ? diag : NULL);
    if (status != MDG_OK) return status;
    if (closed != MDG_OK || s->clips.tally->rows) return closed;
    return mdg_fail(diag, MDG_INVALID, "%s: no sound came%s", s->opts->device,
                    s->opts->silence_s > 0 ? " that is louder than silence; see --silence-level" : "");
}

mdg_status mdg_record_sound(const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag) {
    session s = {.opts = opts};
    mdg_arena *arena = mdg_arena_new();
    *tally = (mdg_record_tally){0};
    mdg_status status = mdg_clips_open(&s.clips, opts, tally, arena, diag);
    if (status == MDG_OK) status = record(&s, diag);
    swr_free(&s.resampler);
    mdg_source_close(&s.source);
    mdg_arena_free(arena);
    return status;
}
