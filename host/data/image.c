/* SPDX-License-Identifier: MIT
 *
 * One picture through FFmpeg: decode, scale, to grey or RGB.
 */
#include "data/images.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libswscale/swscale.h>
#include <string.h>
#include <unistd.h>

enum { MAX_PIXELS = 1 << 26 };

void mdg_image_free(mdg_image *image) {
    av_freep(&image->pixels);
}

static mdg_status fail_with(mdg_diag *diag, int error, const char *what) {
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    av_strerror(error, text, sizeof text);
    return mdg_fail(diag, error == AVERROR(ENOMEM) ? MDG_NO_MEMORY : MDG_INVALID, "%s: %s", what, text);
}

/* Only plain files in formats of pictures. */
static mdg_status open_format(const char *path, AVFormatContext **out, mdg_diag *diag) {
    AVDictionary *limits = NULL;
    av_dict_set(&limits, "protocol_whitelist", "file", 0);
    av_dict_set(&limits, "format_whitelist",
                "png_pipe,jpeg_pipe,bmp_pipe,gif,ppm_pipe,pgm_pipe,tiff_pipe,webp_pipe", 0);
    char *url = av_asprintf("file:%s", path);
    const int error = url ? avformat_open_input(out, url, NULL, &limits) : AVERROR(ENOMEM);
    av_free(url);
    av_dict_free(&limits);
    return error < 0 ? fail_with(diag, error, "no picture that can be read") : MDG_OK;
}

static mdg_status open_decoder(AVFormatContext *format, AVCodecContext **out, mdg_diag *diag) {
    const AVCodec *codec = NULL;
    int error = av_find_best_stream(format, AVMEDIA_TYPE_VIDEO, -1, -1, &codec, 0);
    if (error < 0 || !codec) return fail_with(diag, error, "no picture in it");
    const AVStream *stream = format->streams[error];
    *out = avcodec_alloc_context3(codec);
    if (!*out) return fail_with(diag, AVERROR(ENOMEM), "picture");
    error = avcodec_parameters_to_context(*out, stream->codecpar);
    (*out)->thread_count = 1;
    (*out)->max_pixels = MAX_PIXELS;
    (*out)->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    if (error >= 0) error = avcodec_open2(*out, codec, NULL);
    return error < 0 ? fail_with(diag, error, "its codec cannot be opened") : MDG_OK;
}

/* The first frame of the file. */
static mdg_status decode(AVFormatContext *format, AVCodecContext *decoder, AVPacket *packet, AVFrame *frame,
                         mdg_diag *diag) {
    int error = av_read_frame(format, packet);
    if (error >= 0) error = avcodec_send_packet(decoder, packet);
    if (error >= 0) error = avcodec_send_packet(decoder, NULL);
    if (error >= 0) error = avcodec_receive_frame(decoder, frame);
    return error < 0 ? fail_with(diag, error, "damaged") : MDG_OK;
}

static mdg_status scale(const AVFrame *frame, int h, int w, bool grey, mdg_image *out, mdg_diag *diag) {
    out->h = h ? h : frame->height;
    out->w = w ? w : frame->width;
    out->channels = grey ? 1 : 3;
    out->file_h = frame->height;
    out->file_w = frame->width;
    out->pixels = av_malloc((size_t)out->h * (size_t)out->w * (size_t)out->channels + 64);
    struct SwsContext *scaler =
        sws_getContext(frame->width, frame->height, frame->format, out->w, out->h,
                       grey ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24,
                       SWS_AREA | SWS_ACCURATE_RND | SWS_BITEXACT | SWS_FULL_CHR_H_INT, NULL, NULL, NULL);
    uint8_t *const to[4] = {out->pixels};
    const int stride[4] = {out->w * out->channels};
    int error = out->pixels && scaler ? 0 : AVERROR(ENOMEM);
    if (!error)
        error = sws_scale(scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, to,
                          stride);
    sws_freeContext(scaler);
    return error < 0 ? fail_with(diag, error, "cannot be scaled") : MDG_OK;
}

mdg_status mdg_image_read(const char *path, int h, int w, bool grey, mdg_image *out, mdg_diag *diag) {
    AVFormatContext *format = NULL;
    AVCodecContext *decoder = NULL;
    *out = (mdg_image){0};
    if (access(path, R_OK) != 0) return mdg_fail(diag, MDG_NOT_FOUND, "%s", strerror(errno));
    AVPacket *packet = av_packet_alloc();
    AVFrame *frame = av_frame_alloc();
    mdg_status status =
        packet && frame ? open_format(path, &format, diag) : fail_with(diag, AVERROR(ENOMEM), "picture");
    if (status == MDG_OK) status = open_decoder(format, &decoder, diag);
    if (status == MDG_OK) status = decode(format, decoder, packet, frame, diag);
    if (status == MDG_OK) status = scale(frame, h, w, grey, out, diag);
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    avformat_close_input(&format);
    return status;
}
