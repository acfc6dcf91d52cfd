/* SPDX-License-Identifier: MIT
 *
 * WAV files: written here, and looked at before FFmpeg reads them, since it takes one that is cut short for
 * whole.
 */
#include "data/data.h"
#include "data/audio.h"

#include <string.h>

#include "util/file.h"

/* Programs that write into a pipe do not know the length and put about 2 or 4 GB. */
enum { LARGEST_KNOWN_LENGTH = 0x7ff00000 };

static uint32_t get_le32(const uint8_t *b) {
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

/* Walks the chunks to "data"; false when there is none. Leaves the stream behind the chunk's head. */
static bool find_data(FILE *f, uint32_t *length) {
    uint8_t head[12];
    if (fread(head, 1, 12, f) != 12 || memcmp(head, "RIFF", 4) != 0 || memcmp(head + 8, "WAVE", 4) != 0)
        return false;
    while (fread(head, 1, 8, f) == 8) {
        *length = get_le32(head + 4);
        if (memcmp(head, "data", 4) == 0) return true;
        if (fseek(f, (long)*length + (*length & 1), SEEK_CUR) != 0) return false;
    }
    return false;
}

mdg_status mdg_wav_check(const char *path, mdg_diag *diag) {
    uint32_t promised = 0;
    long there = 0;
    FILE *f = fopen(path, "rb");
    if (!f) return MDG_OK;
    if (find_data(f, &promised)) {
        const long start = ftell(f);
        if (fseek(f, 0, SEEK_END) == 0) there = ftell(f) - start;
    }
    fclose(f);
    if (promised > LARGEST_KNOWN_LENGTH || there >= (long)promised) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "damaged: cut short, %ld of %u bytes of sound are there", there,
                    promised);
}

static void put_le(FILE *f, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) fputc((int)(value >> (8 * i) & 255), f);
}

void mdg_wav_put(FILE *f, const int16_t *samples, size_t n, int sample_rate) {
    const uint32_t rate = (uint32_t)sample_rate, bytes = (uint32_t)(2 * n);
    fputs("RIFF", f);
    put_le(f, 36 + bytes, 4);
    fputs("WAVEfmt ", f);
    put_le(f, 16, 4); /* size of what follows */
    put_le(f, 1, 2);  /* PCM */
    put_le(f, 1, 2);  /* channels */
    put_le(f, rate, 4);
    put_le(f, 2 * rate, 4); /* bytes per second */
    put_le(f, 2, 2);        /* bytes per frame */
    put_le(f, 16, 2);       /* bits */
    fputs("data", f);
    put_le(f, bytes, 4);
    for (size_t i = 0; i < n; i++) put_le(f, (uint16_t)samples[i], 2);
}

mdg_status mdg_audio_write_wav(const char *path, const int16_t *samples, size_t n, int sample_rate,
                               mdg_diag *diag) {
    if (n > LARGEST_KNOWN_LENGTH / 2) return mdg_fail(diag, MDG_INVALID, "%s: too long for a WAV file", path);
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    mdg_wav_put(w.stream, samples, n, sample_rate);
    return mdg_writer_close(&w, diag);
}
