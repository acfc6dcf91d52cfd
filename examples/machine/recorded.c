/* SPDX-License-Identifier: MIT
 *
 * recorded.c: recordings one after the other, as the sensor would give them.
 *
 *     cc -O2 -o recorded recorded.c -lm
 *     ./recorded normal.wav 5 fault.wav 4 >samples.bin     5 s from the middle of one, 4 s from that of the
 * other
 *
 * In: WAV, one channel of 32-bit floats, in g; out: int16, 16 g.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 12000, HEADER_BYTES = 44, FORMAT_AT = 20, CHANNELS_AT = 22, FLOATS = 3 };

static const double steps_per_g = 32767.0 / 16;

/* Returns the file behind its header, and how many samples it has; NULL when it is another kind of file. */
static FILE *open_wav(const char *path, long *samples) {
    char header[HEADER_BYTES];
    uint16_t format = 0, channels = 0;
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    if (fread(header, sizeof header, 1, file) == 1 && memcmp(header + 36, "data", 4) == 0) {
        memcpy(&format, header + FORMAT_AT, sizeof format);
        memcpy(&channels, header + CHANNELS_AT, sizeof channels);
    }
    if (format == FLOATS && channels == 1 && fseek(file, 0, SEEK_END) == 0) {
        *samples = (ftell(file) - HEADER_BYTES) / (long)sizeof(float);
        return file;
    }
    fclose(file);
    return NULL;
}

static int play(const char *path, double seconds) {
    long samples = 0;
    FILE *file = open_wav(path, &samples);
    if (!file || fseek(file, HEADER_BYTES + samples / 2 * (long)sizeof(float), SEEK_SET) != 0) {
        fprintf(stderr, "recorded: %s: no WAV file with one channel of 32-bit floats\n", path);
        return 1;
    }
    float g;
    for (long n = lrint(seconds * RATE); n > 0 && fread(&g, sizeof g, 1, file) == 1; n--) {
        const int16_t sample = (int16_t)lrint(fmin(fmax((double)g * steps_per_g, -32768), 32767));
        fwrite(&sample, sizeof sample, 1, stdout);
    }
    fclose(file);
    return 0;
}

int main(int argc, char **argv) {
    int failed = 0;
    for (int i = 1; i + 1 < argc && !failed; i += 2) failed = play(argv[i], strtod(argv[i + 1], NULL));
    return failed;
}
