/* SPDX-License-Identifier: MIT
 *
 * `midge record` of sound and pictures without a microphone or a camera: ALSA's file plugin and FFmpeg's
 * lavfi sources go the same way as devices.
 */
#include "bench.h"

#include <sys/resource.h>

#define ALSA_SECONDS "600"
enum { ALSA_RATE = 8000, ALSA_BYTES = 600 * ALSA_RATE * 2 };

static unsigned le32(const char *at) {
    const unsigned char *b = (const unsigned char *)at;
    return b[0] | (unsigned)b[1] << 8 | (unsigned)b[2] << 16 | (unsigned)b[3] << 24;
}

/* A WAV file whose head tells the truth. Returns all of it; the caller frees it. */
static char *read_wav(const bench *b, const char *name, size_t *n) {
    char *wav = read_text(path_in(b, name), n);
    if (!wav || *n < 44) fail_msg("%s is missing or too short", name);
    assert_memory_equal(wav, "RIFF", 4);
    assert_int_equal(le32(wav + 4), *n - 8);
    assert_int_equal(le32(wav + 40), *n - 44);
    return wav;
}

static size_t wav_bytes(const bench *b, const char *name) {
    size_t n;
    free(read_wav(b, name, &n));
    return n - 44;
}

/* Noise where ALSA's file plugin takes it for what a microphone hears. */
static char *plug_in_microphone(const bench *b) {
    char *noise = malloc(ALSA_BYTES);
    unsigned x = 1;
    for (size_t i = 0; i < ALSA_BYTES; i++) noise[i] = (char)((x = x * 1664525 + 1013904223) >> 24);
    FILE *f = fopen(path_in(b, "noise.raw"), "wb");
    assert_int_equal(fwrite(noise, 1, ALSA_BYTES, f), ALSA_BYTES);
    fclose(f);
    f = fopen(path_in(b, "asound.conf"), "w");
    fprintf(f, "pcm.mic { type file slave.pcm { type null } file /dev/null infile %s format raw }\n",
            path_in(b, "noise.raw"));
    fclose(f);
    setenv("ALSA_CONFIG_PATH", path_in(b, "asound.conf"), 1);
    return noise;
}

static void ten_minutes_from_a_microphone_arrive_whole(void **state) {
    bench *b = *state;
    size_t n;
    char *noise = plug_in_microphone(b);
    const char *const args[] = {"--audio", "alsa:mic", "--rate", "8000", "--seconds", ALSA_SECONDS, NULL};
    start(b, args);
    assert_int_equal(end(b), 0);
    char *wav = read_wav(b, "wave/0001.wav", &n);
    assert_int_equal(n, 44 + ALSA_BYTES);
    assert_int_equal(le32(wav + 24), ALSA_RATE);
    assert_memory_equal(wav + 44, noise, ALSA_BYTES);
    assert_has(b, "wave/0001.json", "\"samples\": 4800000");
    free(wav);
    free(noise);
}

static void start_tone(bench *b, const char *option, const char *value) {
    const char *const args[] = {"--from", "lavfi:sine=frequency=440:sample_rate=16000", option, value, NULL};
    start(b, args);
}

static void nothing_is_lost_by_interrupt_or_kill(void **state) {
    bench *b = *state;
    size_t n[3];
    for (int i = 0; i < 3; i++) {
        static const char *const parts[] = {"wave/0001.wav.part", "wave/0002.wav.part", "wave/0003.wav.part"};
        start_tone(b, "--notes", "tone");
        wait_for_bytes(b, parts[i], 400000);
        assert_int_equal(end_by(b, i == 1 ? SIGKILL : SIGINT), i == 1 ? 128 + SIGKILL : 0);
    }
    assert_has(b, "said", "recovered ");
    char *a = read_wav(b, "wave/0001.wav", &n[0]), *killed = read_wav(b, "wave/0002.wav", &n[1]);
    char *c = read_wav(b, "wave/0003.wav", &n[2]);
    assert_true(n[0] >= 400000 && n[1] >= 400000 && n[2] >= 400000);
    assert_memory_equal(a + 44, killed + 44, 399000); /* the same source, the same samples */
    assert_memory_equal(a + 44, c + 44, 399000);
    assert_has(b, "wave/0002.json", "\"notes\": \"tone\"");
    free(a);
    free(killed);
    free(c);
}

static void a_full_disk_keeps_what_came_before(void **state) {
    bench *b = *state;
    const struct rlimit small = {200000, RLIM_INFINITY}, unlimited = {RLIM_INFINITY, RLIM_INFINITY};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &small);
    start_tone(b, "--group", "full");
    setrlimit(RLIMIT_FSIZE, &unlimited);
    assert_int_equal(end(b), 1);
    assert_has(b, "said", "cannot be written: File too large; what came before is kept");
    assert_int_equal(wav_bytes(b, "wave/full_0001.wav"), 200000 - 44);
}

static void clips_end_by_length(void **state) {
    bench *b = *state;
    const char *const args[] = {"--from", "lavfi:sine=frequency=440:sample_rate=48000:duration=2.5",
                                "--clip-seconds", "1", NULL};
    start(b, args);
    assert_int_equal(end(b), 0);
    assert_int_equal(wav_bytes(b, "wave/0001.wav"), 32000);
    assert_int_equal(wav_bytes(b, "wave/0002.wav"), 32000);
    assert_int_equal(wav_bytes(b, "wave/0003.wav"), 16000); /* to the last sample of the resampler */
    assert_has(b, "said", "40000 samples in 3 files");
}

/* One second of tone, one of silence, three times: each clip is the tone and 0.2 s of quiet around it. */
static void clips_end_at_pauses(void **state) {
    bench *b = *state;
    const char *const args[] = {"--from",
                                "lavfi:aevalsrc=if(gte(mod(t\\,2)\\,1)\\,0.5*sin(2764*t)\\,0):d=6.9:s=16000",
                                "--split-silence", "0.5", NULL};
    static const char *const clips[] = {"wave/0001.wav", "wave/0002.wav", "wave/0003.wav"};
    start(b, args);
    assert_int_equal(end(b), 0);
    for (int i = 0; i < 3; i++) {
        const double seconds = (double)wav_bytes(b, clips[i]) / 32000;
        if (seconds < 1.39 || seconds > 1.43) fail_msg("clip %d lasts %.3f s", i, seconds);
    }
    assert_false(exists(b, "wave/0004.wav"));
}

static void a_camera_gives_pictures(void **state) {
    bench *b = *state;
    size_t n;
    const char *const args[] = {"--camera", "lavfi:testsrc=rate=10", "--every", "0.5", "--seconds", "1.6",
                                NULL};
    start(b, args);
    assert_int_equal(end(b), 0);
    assert_has(b, "said", "4 pictures in 4 files"); /* at 0, 0.5, 1 and 1.5 s */
    char *png = read_text(path_in(b, "wave/0004.png"), &n);
    assert_non_null(png);
    assert_memory_equal(png, "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\x40\0\0\0\xf0", 24); /* 320 x 240 */
    free(png);
    assert_has(b, "wave/0004.json", "\"seconds\": 1.5");
    assert_false(exists(b, "wave/0005.png"));
}

static void bad_sources_are_told(void **state) {
    static const char *const bad[][3] = {
        {"--audio", "alsa:no_such_card", "alsa:no_such_card: cannot be opened: "},
        {"--from", "/no/such.wav", "/no/such.wav: cannot be opened: No such file"},
        {"--from", "lavfi:testsrc=duration=1", "it has no sound"},
        {"--camera", "lavfi:sine=duration=1", "it has no pictures"},
        {"--from", "lavfi:anullsrc=duration=1", "no sound came that is louder than silence"},
    };
    bench *b = *state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const char *const args[] = {bad[i][0], bad[i][1], "--split-silence", "0.2", "--seconds", "1", NULL};
        start(b, args);
        assert_int_equal(end(b), 1);
        assert_has(b, "said", bad[i][2]);
    }
}

int main(void) {
#define RECORDING(name) cmocka_unit_test_setup_teardown(name, open_bench, close_bench)
    const struct CMUnitTest tests[] = {
        RECORDING(ten_minutes_from_a_microphone_arrive_whole),
        RECORDING(nothing_is_lost_by_interrupt_or_kill),
        RECORDING(a_full_disk_keeps_what_came_before),
        RECORDING(clips_end_by_length),
        RECORDING(clips_end_at_pauses),
        RECORDING(a_camera_gives_pictures),
        RECORDING(bad_sources_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
