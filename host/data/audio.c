/* SPDX-License-Identifier: MIT
 *
 * Audio files through FFmpeg: demux, decode, mix down, resample.
 */
#include "data/data.h"
#include "data/audio.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libswresample/swresample.h>
#include <string.h>
#include <unistd.h>

enum { LONGEST_GAP_MS = 50, LONGEST_LOSS_MS = 100 };

typedef struct reader {
    AVFormatContext *format;
    AVCodecContext *decoder;
    SwrContext *resampler; /* made for the first frame */
    AVPacket *packet;
    AVFrame *frame;
    int stream;
    bool as_values;                      /* floats of all channels at the file's rate */
    int in_rate, in_format, in_channels; /* what the resampler was made for */
    int64_t next;                        /* where the next frame of Ogg should begin, in samples */
    mdg_pcm_take take;                   /* NULL = all samples stay in out */
    void *context;
    size_t n; /* samples so far */
    mdg_pcm *out;
    mdg_diag *diag;
} reader;

void mdg_audio_be_quiet(void) {
    av_log_set_level(AV_LOG_QUIET);
}

void mdg_pcm_free(mdg_pcm *pcm) {
    av_freep(&pcm->data);
    pcm->n = pcm->capacity = 0;
}

static mdg_status fail_with(const reader *r, int error, const char *what) {
    char text[AV_ERROR_MAX_STRING_SIZE] = "";
    if (error == AVERROR(ENOMEM)) return mdg_fail(r->diag, MDG_NO_MEMORY, "out of memory");
    av_strerror(error, text, sizeof text);
    return mdg_fail(r->diag, MDG_INVALID, "%s: %s", what, text);
}

/* Only plain files in sound formats: no playlist may send the reader elsewhere. */
static mdg_status open_format(reader *r, const char *path) {
    AVDictionary *limits = NULL;
    av_dict_set(&limits, "protocol_whitelist", "file", 0);
    av_dict_set(&limits, "format_whitelist",
                "wav,w64,flac,ogg,mp3,aac,aiff,au,caf,asf,mov,mp4,m4a,matroska,webm", 0);
    char *url = av_asprintf("file:%s", path);
    const int error = url ? avformat_open_input(&r->format, url, NULL, &limits) : AVERROR(ENOMEM);
    av_free(url);
    av_dict_free(&limits);
    if (error < 0) return fail_with(r, error, "no audio file that can be read");
    return MDG_OK;
}

static mdg_status open_decoder(reader *r) {
    int error = avformat_find_stream_info(r->format, NULL);
    if (error < 0) return fail_with(r, error, "no audio in it");
    const AVCodec *codec = NULL;
    r->stream = av_find_best_stream(r->format, AVMEDIA_TYPE_AUDIO, -1, -1, &codec, 0);
    if (r->stream < 0 || !codec) return fail_with(r, r->stream, "no audio in it");
    r->decoder = avcodec_alloc_context3(codec);
    r->packet = av_packet_alloc();
    r->frame = av_frame_alloc();
    if (!r->decoder || !r->packet || !r->frame) return fail_with(r, AVERROR(ENOMEM), "");
    error = avcodec_parameters_to_context(r->decoder, r->format->streams[r->stream]->codecpar);
    r->decoder->thread_count = 1;
    r->decoder->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
    if (error >= 0) error = avcodec_open2(r->decoder, codec, NULL);
    return error < 0 ? fail_with(r, error, "its codec cannot be opened") : MDG_OK;
}

static void close_reader(reader *r) {
    swr_free(&r->resampler);
    av_frame_free(&r->frame);
    av_packet_free(&r->packet);
    avcodec_free_context(&r->decoder);
    avformat_close_input(&r->format);
}

static mdg_status open_resampler(reader *r) {
    const AVFrame *f = r->frame;
    AVChannelLayout in = {0}, mono = AV_CHANNEL_LAYOUT_MONO;
    if (f->ch_layout.order == AV_CHANNEL_ORDER_UNSPEC)
        av_channel_layout_default(&in, f->ch_layout.nb_channels);
    else
        av_channel_layout_copy(&in, &f->ch_layout);
    if (r->as_values) r->out->sample_rate = f->sample_rate, r->out->channels = f->ch_layout.nb_channels;
    int error = swr_alloc_set_opts2(&r->resampler, r->as_values ? &in : &mono,
                                    r->as_values ? AV_SAMPLE_FMT_FLT : AV_SAMPLE_FMT_S16, r->out->sample_rate,
                                    &in, f->format, f->sample_rate, 0, NULL);
    if (error >= 0) error = swr_init(r->resampler);
    av_channel_layout_uninit(&in);
    if (error < 0) return fail_with(r, error, "cannot be resampled");
    r->in_rate = f->sample_rate;
    r->in_format = f->format;
    r->in_channels = f->ch_layout.nb_channels;
    return MDG_OK;
}

static size_t sample_bytes(const reader *r) {
    return (size_t)r->out->channels * (r->as_values ? sizeof(float) : sizeof(int16_t));
}

static mdg_status reserve(reader *r, size_t more) {
    mdg_pcm *pcm = r->out;
    if (pcm->capacity - pcm->n >= more) return MDG_OK;
    const size_t capacity = 2 * pcm->capacity + more;
    void *data = av_realloc_array(pcm->data, capacity, sample_bytes(r));
    if (!data) return mdg_fail(r->diag, MDG_NO_MEMORY, "out of memory");
    pcm->data = data;
    pcm->capacity = capacity;
    return MDG_OK;
}

static mdg_status give(reader *r) {
    const mdg_status status = r->out->n ? r->take(r->context, r->out) : MDG_OK;
    r->out->n = 0;
    return status;
}

/* Resamples n samples from in; with in NULL what the resampler still holds. */
static mdg_status resample(reader *r, const uint8_t **in, int n) {
    const int room = swr_get_out_samples(r->resampler, n);
    if (room < 0) return fail_with(r, room, "cannot be resampled");
    MDG_TRY(reserve(r, (size_t)room));
    uint8_t *to = (uint8_t *)r->out->data + r->out->n * sample_bytes(r);
    const int got = room ? swr_convert(r->resampler, &to, room, in, n) : 0;
    if (got < 0) return fail_with(r, got, "cannot be resampled");
    r->out->n += (size_t)got;
    r->n += (size_t)got;
    return r->take ? give(r) : MDG_OK;
}

/* FFmpeg goes on behind a damaged page of Ogg without a word: only the times tell. In other containers the
 * times are no evidence, or damage is an error by itself. */
static mdg_status check_time(reader *r) {
    const AVFrame *f = r->frame;
    if (strcmp(r->format->iformat->name, "ogg") != 0 || f->best_effort_timestamp == AV_NOPTS_VALUE)
        return MDG_OK;
    const AVRational sample = {1, f->sample_rate};
    const int64_t now =
        av_rescale_q(f->best_effort_timestamp, r->format->streams[r->stream]->time_base, sample);
    const int64_t gap_ms = (now - r->next) * 1000 / f->sample_rate;
    r->next = now + f->nb_samples;
    if (gap_ms <= LONGEST_GAP_MS) return MDG_OK;
    return mdg_fail(r->diag, MDG_INVALID, "damaged: %d ms of it are missing", (int)gap_ms);
}

static mdg_status take_frame(reader *r) {
    const AVFrame *f = r->frame;
    MDG_TRY(check_time(r));
    if (!r->resampler) MDG_TRY(open_resampler(r));
    if (f->sample_rate != r->in_rate || f->format != r->in_format ||
        f->ch_layout.nb_channels != r->in_channels)
        return mdg_fail(r->diag, MDG_INVALID, "damaged: its sample format changes midway");
    return resample(r, (const uint8_t **)f->extended_data, f->nb_samples);
}

/* Sends one packet, NULL at the end, and takes all frames that come of it. */
static mdg_status decode_packet(reader *r, const AVPacket *packet) {
    int error = avcodec_send_packet(r->decoder, packet);
    while (error >= 0) {
        error = avcodec_receive_frame(r->decoder, r->frame);
        if (error < 0) break;
        MDG_TRY(take_frame(r));
        av_frame_unref(r->frame);
    }
    return error == AVERROR(EAGAIN) || error == AVERROR_EOF ? MDG_OK : fail_with(r, error, "damaged");
}

/* Against the length that the container states, unless FFmpeg guessed it. */
static mdg_status check_length(const reader *r) {
    const AVStream *s = r->format->streams[r->stream];
    if (r->format->duration_estimation_method == AVFMT_DURATION_FROM_BITRATE || s->duration == AV_NOPTS_VALUE)
        return MDG_OK;
    const int64_t promised_ms = av_rescale_q(s->duration, s->time_base, (AVRational){1, 1000});
    const int64_t there_ms = (int64_t)r->n * 1000 / r->out->sample_rate;
    if (there_ms + LONGEST_LOSS_MS >= promised_ms) return MDG_OK;
    return mdg_fail(r->diag, MDG_INVALID, "damaged: cut short, %d of %d ms are there", (int)there_ms,
                    (int)promised_ms);
}

static mdg_status decode_all(reader *r) {
    int error;
    while ((error = av_read_frame(r->format, r->packet)) >= 0) {
        const mdg_status status = r->packet->stream_index == r->stream ? decode_packet(r, r->packet) : MDG_OK;
        av_packet_unref(r->packet);
        MDG_TRY(status);
    }
    if (error != AVERROR_EOF) return fail_with(r, error, "damaged");
    MDG_TRY(decode_packet(r, NULL));
    if (r->resampler) MDG_TRY(resample(r, NULL, 0));
    return r->n ? check_length(r) : mdg_fail(r->diag, MDG_INVALID, "no sound in it");
}

static mdg_status read_file(reader *r, const char *path) {
    if (access(path, R_OK) != 0) return mdg_fail(r->diag, MDG_NOT_FOUND, "%s", strerror(errno));
    MDG_TRY(mdg_wav_check(path, r->diag));
    mdg_status status = open_format(r, path);
    if (status == MDG_OK) status = open_decoder(r);
    if (status == MDG_OK) status = decode_all(r);
    close_reader(r);
    return status;
}

mdg_status mdg_pcm_read(const char *path, int sample_rate, mdg_pcm *out, mdg_diag *diag) {
    reader r = {.out = out, .diag = diag};
    *out = (mdg_pcm){.channels = 1, .sample_rate = sample_rate};
    return read_file(&r, path);
}

mdg_status mdg_pcm_read_values(const char *path, mdg_pcm *out, mdg_diag *diag) {
    reader r = {.as_values = true, .out = out, .diag = diag};
    *out = (mdg_pcm){0};
    return read_file(&r, path);
}

mdg_status mdg_pcm_stream_values(const char *path, mdg_pcm_take take, void *context, mdg_diag *diag) {
    mdg_pcm piece = {0};
    reader r = {.as_values = true, .take = take, .context = context, .out = &piece, .diag = diag};
    const mdg_status status = read_file(&r, path);
    mdg_pcm_free(&piece);
    return status;
}

mdg_status mdg_audio_decode(const char *path, int sample_rate, mdg_arena *arena, int16_t **samples,
                            size_t *n_samples, mdg_diag *diag) {
    mdg_pcm pcm;
    mdg_audio_be_quiet();
    const mdg_status status = mdg_pcm_read(path, sample_rate, &pcm, diag);
    if (status == MDG_OK) {
        *samples = mdg_arena_copy(arena, pcm.samples, pcm.n * sizeof *pcm.samples);
        *n_samples = pcm.n;
    }
    mdg_pcm_free(&pcm);
    return status == MDG_OK ? MDG_OK : mdg_fail_in(diag, status, path);
}

size_t mdg_audio_loudest(const int16_t *samples, size_t n, size_t window) {
    size_t best = 0;
    int64_t energy = 0, best_energy;
    if (n <= window) return 0;
    for (size_t i = 0; i < window; i++) energy += samples[i] * samples[i];
    best_energy = energy;
    for (size_t i = window; i < n; i++) {
        energy += samples[i] * samples[i] - samples[i - window] * samples[i - window];
        if (energy <= best_energy) continue;
        best_energy = energy;
        best = i - window + 1;
    }
    return best;
}
