/* SPDX-License-Identifier: MIT */
#include "record/play.h"

#include <libavdevice/avdevice.h>
#include <math.h>
#include <string.h>

#include "data/audio.h"

typedef struct player {
    const char *device;
    const mdg_progress *progress;
    AVFormatContext *format; /* NULL until the first piece tells rate and channels */
    bool open;
    AVPacket *packet;
    double seconds;
    mdg_diag *diag;
} player;

static mdg_status fail_with(player *p, const char *what, int error) {
    char cause[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, cause, sizeof cause);
    return mdg_fail(p->diag, MDG_IO, "%s: %s: %s; `aplay -L` lists devices", p->device, what, cause);
}

/* "alsa:default": the format in front of the colon, the device behind it */
static mdg_status find_device(player *p) {
    const char *colon = strchr(p->device, ':');
    char name[32] = "";
    if (colon && (size_t)(colon - p->device) < sizeof name)
        snprintf(name, sizeof name, "%.*s", (int)(colon - p->device), p->device);
    const AVOutputFormat *format = *name ? av_guess_format(name, NULL, NULL) : NULL;
    if (!format || !(format->flags & AVFMT_NOFILE))
        return mdg_fail(p->diag, MDG_UNSUPPORTED,
                        "%s: is no device that plays sound; say alsa:default, or "
                        "alsa:NAME of `aplay -L`",
                        p->device);
    const int error = avformat_alloc_output_context2(&p->format, format, NULL, colon + 1);
    return error < 0 ? fail_with(p, "cannot be opened", error) : MDG_OK;
}

static mdg_status open_device(player *p, const mdg_pcm *sound) {
    MDG_TRY(find_device(p));
    AVStream *stream = avformat_new_stream(p->format, NULL);
    p->packet = av_packet_alloc();
    if (!stream || !p->packet) return mdg_fail(p->diag, MDG_NO_MEMORY, "out of memory");
    AVCodecParameters *c = stream->codecpar;
    c->codec_type = AVMEDIA_TYPE_AUDIO;
    c->codec_id = AV_NE(AV_CODEC_ID_PCM_S16BE, AV_CODEC_ID_PCM_S16LE);
    c->format = AV_SAMPLE_FMT_S16;
    c->sample_rate = sound->sample_rate;
    av_channel_layout_default(&c->ch_layout, sound->channels);
    stream->time_base = (AVRational){1, sound->sample_rate};
    const int error = avformat_write_header(p->format, NULL);
    if (error < 0) return fail_with(p, "cannot be opened", error);
    p->open = true;
    return MDG_OK;
}

static mdg_status play_piece(void *context, const mdg_pcm *sound) {
    player *p = context;
    const size_t n = sound->n * (size_t)sound->channels;
    if (!n) return MDG_OK;
    if (!p->format) MDG_TRY(open_device(p, sound));
    if (av_new_packet(p->packet, (int)(n * sizeof(int16_t))) < 0)
        return mdg_fail(p->diag, MDG_NO_MEMORY, "out of memory");
    int16_t *samples = (int16_t *)(void *)p->packet->data;
    for (size_t i = 0; i < n; i++)
        samples[i] = (int16_t)lrint(fmin(fmax((double)sound->values[i] * 32768, INT16_MIN), INT16_MAX));
    p->packet->pts = p->packet->dts = (int64_t)lrint(p->seconds * sound->sample_rate);
    p->packet->duration = (int64_t)sound->n;
    const int error = av_write_frame(p->format, p->packet);
    av_packet_unref(p->packet);
    if (error < 0) return fail_with(p, "the device is gone", error);
    p->seconds += (double)sound->n / sound->sample_rate;
    if (mdg_progress_report(p->progress, 0, 1, "playing")) return MDG_OK;
    return mdg_fail(p->diag, MDG_INTERRUPTED, "interrupted after %.1f s", p->seconds);
}

/* What the device still holds is played by the trailer. */
static mdg_status close_device(player *p, mdg_status status) {
    const int error = p->open ? av_write_trailer(p->format) : 0;
    av_packet_free(&p->packet);
    avformat_free_context(p->format);
    return status == MDG_OK && error < 0 ? fail_with(p, "the device is gone", error) : status;
}

mdg_status mdg_play(const char *path, const char *device, const mdg_progress *progress, double *seconds,
                    mdg_diag *diag) {
    player p = {.device = device, .progress = progress, .diag = diag};
    mdg_audio_be_quiet();
    avdevice_register_all();
    mdg_status status = mdg_pcm_stream_values(path, play_piece, &p, diag);
    if (status != MDG_OK && !p.format && status != MDG_UNSUPPORTED) status = mdg_fail_in(diag, status, path);
    status = close_device(&p, status);
    *seconds = p.seconds;
    if (status != MDG_OK || p.seconds > 0) return status;
    return mdg_fail(diag, MDG_INVALID, "%s: no sound in it", path);
}
