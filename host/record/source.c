/* SPDX-License-Identifier: MIT */
#include "record/source.h"

#include <libavdevice/avdevice.h>
#include <string.h>

static mdg_status fail_with(const mdg_source *s, mdg_status status, const char *what, int error,
                            mdg_diag *diag) {
    char cause[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, cause, sizeof cause);
    return mdg_fail(diag, status, "%s: %s: %s", s->name, what, cause);
}

/* The format in front of the colon, if it is one; *url is what follows. */
static const AVInputFormat *find_device(const char *name, const char **url) {
    char format[32];
    const char *colon = strchr(name, ':');
    *url = name;
    if (!colon || (size_t)(colon - name) >= sizeof format) return NULL;
    snprintf(format, sizeof format, "%.*s", (int)(colon - name), name);
    const AVInputFormat *found = av_find_input_format(format);
    if (found) *url = colon + 1;
    return found;
}

static int open_input(mdg_source *s, const AVInputFormat *device, const char *url, int channels, int rate) {
    AVDictionary *wishes = NULL;
    if (device && rate > 0) {
        av_dict_set_int(&wishes, "sample_rate", rate, 0);
        av_dict_set_int(&wishes, "channels", channels, 0);
    }
    const int error = avformat_open_input(&s->format, url, device, &wishes);
    av_dict_free(&wishes);
    return error;
}

static int open_decoder(mdg_source *s, const AVCodec *codec) {
    s->decoder = avcodec_alloc_context3(codec);
    s->packet = av_packet_alloc();
    s->frame = av_frame_alloc();
    if (!s->decoder || !s->packet || !s->frame) return AVERROR(ENOMEM);
    const int error = avcodec_parameters_to_context(s->decoder, s->format->streams[s->stream]->codecpar);
    s->decoder->thread_count = 1;
    return error < 0 ? error : avcodec_open2(s->decoder, codec, NULL);
}

mdg_status mdg_source_open(mdg_source *s, const mdg_record_opts *opts, enum AVMediaType type,
                           mdg_diag *diag) {
    const char *url, *wanted = type == AVMEDIA_TYPE_AUDIO ? "sound" : "pictures";
    const AVCodec *codec = NULL;
    const char *name = opts->device;
    const int rate_hz = type == AVMEDIA_TYPE_AUDIO ? (int)opts->rate_hz : 0;
    *s = (mdg_source){.name = name, .watch = &opts->watch};
    av_log_set_level(AV_LOG_QUIET);
    avdevice_register_all();
    const AVInputFormat *device = find_device(name, &url);
    int error = open_input(s, device, url, 1, rate_hz);
    if (error < 0 && device && rate_hz > 0) error = open_input(s, device, url, 2, rate_hz);
    if (error < 0) return fail_with(s, MDG_IO, "cannot be opened", error, diag);
    if (!device) error = avformat_find_stream_info(s->format, NULL);
    if (error >= 0) s->stream = error = av_find_best_stream(s->format, type, -1, -1, &codec, 0);
    if (error < 0) return mdg_fail(diag, MDG_INVALID, "%s: it has no %s", name, wanted);
    error = open_decoder(s, codec);
    return error < 0 ? fail_with(s, MDG_UNSUPPORTED, "cannot be decoded", error, diag) : MDG_OK;
}

void mdg_source_close(mdg_source *s) {
    av_frame_free(&s->frame);
    av_packet_free(&s->packet);
    avcodec_free_context(&s->decoder);
    avformat_close_input(&s->format);
}

/* A damaged packet is passed over: the next one may be whole. */
static mdg_status decode(mdg_source *s, const AVPacket *packet, mdg_frame_take take, void *context,
                         mdg_diag *diag) {
    int error = avcodec_send_packet(s->decoder, packet);
    while (error >= 0 && (error = avcodec_receive_frame(s->decoder, s->frame)) >= 0) {
        const mdg_status status = take(context, s->frame, diag);
        av_frame_unref(s->frame);
        MDG_TRY(status);
    }
    return MDG_OK;
}

mdg_status mdg_source_read(mdg_source *s, mdg_frame_take take, void *context, bool *ended, mdg_diag *diag) {
    const int error = av_read_frame(s->format, s->packet);
    *ended = error == AVERROR_EOF;
    if (*ended) return decode(s, NULL, take, context, diag);
    if (error == AVERROR(EAGAIN) || error == AVERROR(EINTR)) return MDG_OK;
    if (error < 0) {
        *ended = s->watch->live && !s->watch->live(s->watch->context, ""); /* Ctrl-C, rather */
        return *ended ? MDG_OK : fail_with(s, MDG_IO, "the device is gone", error, diag);
    }
    const bool mine = s->packet->stream_index == s->stream;
    const mdg_status status = mine ? decode(s, s->packet, take, context, diag) : MDG_OK;
    av_packet_unref(s->packet);
    return status;
}

double mdg_source_time_s(const mdg_source *s, const AVFrame *frame) {
    if (frame->best_effort_timestamp == AV_NOPTS_VALUE) return -1;
    return (double)frame->best_effort_timestamp * av_q2d(s->format->streams[s->stream]->time_base);
}
