/* SPDX-License-Identifier: MIT
 *
 * A camera to PNG files, one every so often.
 */
#include <libswscale/swscale.h>
#include <stdio.h>

#include "record/clock.h"
#include "record/source.h"
#include "record/store.h"

typedef struct session {
    const mdg_record_opts *opts;
    mdg_record_tally *tally;
    mdg_source source;
    mdg_store store;
    double start_s, next_s, now_s; /* by the source's own clock, where it has one */
} session;

/* A frame of 24-bit RGB as PNG in *packet. */
static int encode(const AVFrame *rgb, AVPacket *packet) {
    const AVCodec *png = avcodec_find_encoder(AV_CODEC_ID_PNG);
    AVCodecContext *encoder = png ? avcodec_alloc_context3(png) : NULL;
    if (!encoder) return AVERROR_ENCODER_NOT_FOUND;
    encoder->width = rgb->width;
    encoder->height = rgb->height;
    encoder->pix_fmt = AV_PIX_FMT_RGB24;
    encoder->time_base = (AVRational){1, 1};
    encoder->thread_count = 1;
    int error = avcodec_open2(encoder, png, NULL);
    if (error >= 0) error = avcodec_send_frame(encoder, rgb);
    if (error >= 0) error = avcodec_receive_packet(encoder, packet);
    avcodec_free_context(&encoder);
    return error;
}

static int to_rgb(const AVFrame *f, AVFrame *rgb) {
    rgb->format = AV_PIX_FMT_RGB24;
    rgb->width = f->width;
    rgb->height = f->height;
    const int error = av_frame_get_buffer(rgb, 0);
    if (error < 0) return error;
    struct SwsContext *scaler = sws_getContext(f->width, f->height, f->format, f->width, f->height,
                                               AV_PIX_FMT_RGB24, SWS_BILINEAR, NULL, NULL, NULL);
    if (!scaler) return AVERROR(EINVAL);
    const int rows = sws_scale(scaler, (const uint8_t *const *)f->data, f->linesize, 0, f->height, rgb->data,
                               rgb->linesize);
    sws_freeContext(scaler);
    return rows < 0 ? rows : 0;
}

static mdg_status write_picture(session *s, const AVFrame *f, const AVPacket *png, mdg_diag *diag) {
    json_t *about = json_pack("{s:s, s:i, s:i, s:f}", "kind", "images", "width", f->width, "height",
                              f->height, "seconds", s->now_s - s->start_s);
    MDG_TRY(mdg_store_begin(&s->store, about, diag));
    fwrite(png->data, 1, (size_t)png->size, s->store.stream);
    s->tally->rows++;
    return mdg_store_end(&s->store, json_object(), s->tally, diag);
}

static mdg_status save(session *s, const AVFrame *f, mdg_diag *diag) {
    AVFrame *rgb = av_frame_alloc();
    AVPacket *png = av_packet_alloc();
    int error = rgb && png ? to_rgb(f, rgb) : AVERROR(ENOMEM);
    if (error >= 0) error = encode(rgb, png);
    const mdg_status status =
        error >= 0 ? write_picture(s, f, png, diag)
                   : mdg_fail(diag, MDG_UNSUPPORTED, "%s: a picture cannot be encoded", s->source.name);
    av_packet_free(&png);
    av_frame_free(&rgb);
    return status;
}

static bool is_complete(const session *s) {
    return s->opts->seconds > 0 && s->tally->rows && s->now_s - s->start_s >= s->opts->seconds;
}

static mdg_status take_frame(void *context, const AVFrame *f, mdg_diag *diag) {
    session *s = context;
    const double told = mdg_source_time_s(&s->source, f);
    s->now_s = told >= 0 ? told : mdg_now_s();
    if (!s->tally->rows) s->start_s = s->next_s = s->now_s;
    if (s->now_s + 1e-6 < s->next_s || is_complete(s)) return MDG_OK;
    s->next_s += s->opts->every_s;
    return save(s, f, diag);
}

static bool show(const session *s) {
    char line[80];
    const mdg_record_watch *w = &s->opts->watch;
    snprintf(line, sizeof line, "%d pictures, %.1f s", s->tally->files, s->now_s - s->start_s);
    return !w->live || w->live(w->context, line);
}

static mdg_status record(session *s, mdg_diag *diag) {
    bool ended = false;
    MDG_TRY(mdg_source_open(&s->source, s->opts, AVMEDIA_TYPE_VIDEO, diag));
    while (!ended && show(s) && !is_complete(s))
        MDG_TRY(mdg_source_read(&s->source, take_frame, s, &ended, diag));
    return s->tally->rows ? MDG_OK : mdg_fail(diag, MDG_INVALID, "%s: no picture came", s->opts->device);
}

mdg_status mdg_record_camera(const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag) {
    session s = {.opts = opts, .tally = tally};
    *tally = (mdg_record_tally){0};
    MDG_TRY(mdg_store_open(&s.store, opts, "png", tally, diag));
    const mdg_status status = record(&s, diag);
    mdg_source_close(&s.source);
    return status;
}
