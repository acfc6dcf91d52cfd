/* SPDX-License-Identifier: MIT
 *
 * Decoding against WAV files that are written here byte by byte, and against files that are broken on
 * purpose.
 */
#include "workshop.h"

typedef struct wav {
    int format, bits, channels, rate; /* format: 1 = integer, 3 = float */
} wav;

static void put_le(FILE *f, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) fputc((int)(value >> (8 * i) & 255), f);
}

static void put_sample(FILE *f, const wav *k, double x) {
    const float real = (float)x;
    uint32_t bits;
    memcpy(&bits, &real, 4);
    if (k->format == 3)
        put_le(f, bits, 4);
    else if (k->bits == 8)
        fputc((int)lrint(128 + 128 * x), f);
    else
        put_le(f, (uint32_t)lrint(x * ldexp(1, k->bits - 1)), k->bits / 8);
}

static double tone(double hz, size_t i, int rate) {
    return 0.5 * sin(6.283185307179586 * hz * (double)i / rate);
}

/* n frames of 440 Hz in the first channel; in the others `other` times that. */
static const char *put_wav(workshop *w, wav k, size_t n, double other) {
    const char *path = path_in(w, "made.wav");
    const uint32_t frame = (uint32_t)(k.channels * k.bits / 8), bytes = frame * (uint32_t)n;
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs("RIFF", f), put_le(f, 36 + bytes, 4), fputs("WAVEfmt ", f), put_le(f, 16, 4);
    put_le(f, (uint32_t)k.format, 2), put_le(f, (uint32_t)k.channels, 2), put_le(f, (uint32_t)k.rate, 4);
    put_le(f, frame * (uint32_t)k.rate, 4), put_le(f, frame, 2), put_le(f, (uint32_t)k.bits, 2);
    fputs("data", f), put_le(f, bytes, 4);
    for (size_t i = 0; i < n; i++)
        for (int c = 0; c < k.channels; c++) put_sample(f, &k, tone(440, i, k.rate) * (c ? other : 1));
    assert_int_equal(fclose(f), 0);
    return path;
}

typedef struct sound {
    int16_t *x;
    size_t n;
} sound;

static sound decode(workshop *w, const char *path, int rate) {
    sound s = {0};
    const mdg_status status = mdg_audio_decode(path, rate, w->arena, &s.x, &s.n, &w->diag);
    if (status != MDG_OK) fail_msg("%s", w->diag.text);
    return s;
}

/* Largest distance to a tone of this amplitude, away from the ends, where the resampler has no neighbours. */
static double error_against_tone(sound s, int rate, double amplitude) {
    double worst = 0;
    for (size_t i = s.n / 10; i < s.n - s.n / 10; i++)
        worst = fmax(worst, fabs(s.x[i] - amplitude * 65536 * tone(440, i, rate)));
    return worst;
}

static void same_rate_is_exact(void **state) {
    workshop *w = *state;
    const int16_t x[] = {0, 1, -1, 32767, -32768, 1234, -4321, 7};
    int16_t many[800];
    for (size_t i = 0; i < 800; i++) many[i] = x[i % 8];
    const char *path = path_in(w, "exact.wav");
    assert_int_equal(mdg_audio_write_wav(path, many, 800, 16000, &w->diag), MDG_OK);
    const sound s = decode(w, path, 16000);
    assert_int_equal(s.n, 800);
    assert_memory_equal(s.x, many, sizeof many);
}

static void every_format_keeps_the_tone(void **state) {
    workshop *w = *state;
    static const struct {
        wav k;
        double tolerance; /* in steps of 16 bits */
    } cases[] = {
        {{1, 16, 1, 16000}, 1},  {{1, 8, 1, 16000}, 130}, {{1, 24, 1, 16000}, 1},  {{1, 32, 2, 16000}, 1},
        {{3, 32, 1, 16000}, 1},  {{3, 32, 2, 48000}, 40}, {{1, 16, 2, 16000}, 2},  {{1, 16, 1, 48000}, 40},
        {{1, 16, 1, 44100}, 40}, {{1, 16, 1, 8000}, 40},  {{1, 16, 1, 22050}, 40}, {{1, 8, 2, 11025}, 300},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const wav k = cases[i].k;
        const sound s = decode(w, put_wav(w, k, (size_t)k.rate, 1), 16000);
        const double error = error_against_tone(s, 16000, 0.5);
        if (error > cases[i].tolerance)
            fail_msg("format %d, %d bits, %d Hz: off by %g", k.format, k.bits, k.rate, error);
        if (s.n < 15990 || s.n > 16010) fail_msg("%d Hz: %zu samples of 16000", k.rate, s.n);
    }
}

static void channels_are_averaged(void **state) {
    workshop *w = *state;
    const wav stereo = {1, 16, 2, 16000};
    assert_true(error_against_tone(decode(w, put_wav(w, stereo, 16000, 0), 16000), 16000, 0.25) <= 2);
    const sound silent = decode(w, put_wav(w, stereo, 16000, -1), 16000);
    for (size_t i = 0; i < silent.n; i++) assert_in_range(silent.x[i] + 2, 0, 4);
}

/* A tone above half the target rate must go, not come back folded. */
static void high_tones_do_not_fold(void **state) {
    workshop *w = *state;
    const char *path = path_in(w, "high.wav");
    assert_int_equal(mdg_audio_write_wav(path, sine(w, 12000, 48000, 48000, 20000), 48000, 48000, &w->diag),
                     MDG_OK);
    const sound s = decode(w, path, 16000);
    for (size_t i = s.n / 10; i < s.n - s.n / 10; i++) assert_true(abs(s.x[i]) < 200);
}

static void refuse(workshop *w, const char *path, mdg_status expected, const char *words) {
    int16_t *x;
    size_t n;
    assert_int_equal(mdg_audio_decode(path, 16000, w->arena, &x, &n, &w->diag), expected);
    assert_says(w, path);
    assert_says(w, words);
}

static void broken_files_are_refused(void **state) {
    workshop *w = *state;
    mdg_bytes whole;
    assert_int_equal(mdg_file_read(put_wav(w, (wav){1, 16, 1, 16000}, 16000, 1), w->arena, &whole, &w->diag),
                     MDG_OK);
    put_bytes(w, "empty.wav", "", 0);
    put_bytes(w, "header.wav", whole.data, 44);
    for (size_t size = 1; size < 44; size++) {
        put_bytes(w, "cut.wav", whole.data, size);
        refuse(w, path_in(w, "cut.wav"), MDG_INVALID, "cut.wav: ");
    }
    put_bytes(w, "text.wav", "this is no sound at all, though its name says so\n", 49);
    put_bytes(w, "corrupt.ogg", "OggS\0\2\0\0\0\0\0\0\0\0garbage garbage garbage garbage", 45);
    refuse(w, path_in(w, "empty.wav"), MDG_INVALID, "no audio");
    refuse(w, path_in(w, "header.wav"), MDG_INVALID, "0 of 32000");
    refuse(w, path_in(w, "text.wav"), MDG_INVALID, "no audio");
    refuse(w, path_in(w, "corrupt.ogg"), MDG_INVALID, "no audio");
    refuse(w, path_in(w, "absent.wav"), MDG_NOT_FOUND, "No such file");
}

/* Random bytes under any name are no sound. */
static void noise_bytes_are_refused(void **state) {
    workshop *w = *state;
    uint8_t bytes[20000];
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    static const char *const names[] = {"n.wav", "n.ogg", "n.mp3", "n.flac",
                                        "n.m4a", "n.aac", "n.au",  "n.wma"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        put_bytes(w, names[i], bytes, sizeof bytes);
        refuse(w, path_in(w, names[i]), MDG_INVALID, names[i]);
    }
}

/* A file that is cut short may lack the word; one written into a pipe has a length of gigabytes and is whole.
 */
static void cut_files_are_refused(void **state) {
    workshop *w = *state;
    mdg_bytes whole;
    assert_int_equal(mdg_file_read(put_wav(w, (wav){1, 16, 1, 16000}, 16000, 1), w->arena, &whole, &w->diag),
                     MDG_OK);
    put_bytes(w, "short.wav", whole.data, 44 + 2 * 9000);
    refuse(w, path_in(w, "short.wav"), MDG_INVALID, "18000 of 32000 bytes");
    memcpy(whole.data + 40, "\x00\xf0\xff\x7f", 4);
    put_bytes(w, "piped.wav", whole.data, whole.size);
    assert_int_equal(decode(w, path_in(w, "piped.wav"), 16000).n, 16000);
}

static void names_with_colons_are_files(void **state) {
    workshop *w = *state;
    put_tone(w, "http:%2f 'x'.wav", 100);
    assert_int_equal(decode(w, path_in(w, "http:%2f 'x'.wav"), 16000).n, 1600);
}

static void loudest_window_is_found(void **state) {
    (void)state;
    int16_t x[100] = {0};
    assert_int_equal(mdg_audio_loudest(x, 100, 100), 0);
    assert_int_equal(mdg_audio_loudest(x, 5, 100), 0);
    for (int i = 70; i < 80; i++) x[i] = -30000;
    x[10] = 32767;
    assert_int_equal(mdg_audio_loudest(x, 100, 10), 70);
    assert_int_equal(mdg_audio_loudest(x, 100, 30), 50);
}

static void a_wav_file_that_cannot_be_written_is_named(void **state) {
    workshop *w = *state;
    const int16_t x[4] = {0};
    const char *path = mdg_arena_printf(w->arena, "%s/absent/x.wav", w->folder);
    assert_int_equal(mdg_audio_write_wav(path, x, 4, 16000, &w->diag), MDG_IO);
    assert_says(w, path);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(same_rate_is_exact),       TEST(every_format_keeps_the_tone),
        TEST(channels_are_averaged),    TEST(high_tones_do_not_fold),
        TEST(broken_files_are_refused), TEST(noise_bytes_are_refused),
        TEST(cut_files_are_refused),    TEST(names_with_colons_are_files),
        TEST(loudest_window_is_found),  TEST(a_wav_file_that_cannot_be_written_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
