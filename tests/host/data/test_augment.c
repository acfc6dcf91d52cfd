/* SPDX-License-Identifier: MIT */
#include "workshop.h"

#include "data/augment.h"

enum { RATE = 16000, WINDOW = 16000 };

static const mdg_data_opts data_opts = {.sample_rate = RATE, .clip_ms = 1000};

static mdg_dataset empty_set(workshop *w) {
    return (mdg_dataset){.arena = w->arena, .opts = &data_opts};
}

static mdg_clip tone_clip(workshop *w, size_t n, double amplitude) {
    return (mdg_clip){.samples = sine(w, 440, RATE, n, amplitude), .n_samples = n};
}

static int16_t *vary(workshop *w, const mdg_dataset *set, const mdg_clip *c, const mdg_augment_opts *o,
                     uint64_t seed) {
    int16_t *out = mdg_arena_array(w->arena, WINDOW, sizeof *out);
    mdg_rng r = mdg_rng_of(seed, 0);
    mdg_augment_clip(set, c, o, &r, out, WINDOW);
    return out;
}

static double power(const int16_t *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return sum / (double)n;
}

static void plain_clips_are_centred(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, 4001, 9000);
    int16_t out[WINDOW];
    mdg_augment_clip(&set, &c, NULL, NULL, out, WINDOW);
    assert_memory_equal(out + 6000, c.samples, 4001 * 2);
    for (int i = 0; i < 6000; i++) assert_int_equal(out[i], 0);
    for (int i = 10001; i < WINDOW; i++) assert_int_equal(out[i], 0);
}

static void whole_windows_stay(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, WINDOW, 9000);
    int16_t out[WINDOW];
    mdg_augment_clip(&set, &c, NULL, NULL, out, WINDOW);
    assert_memory_equal(out, c.samples, sizeof out);
}

static void long_clips_are_cut_at_the_loudest(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    mdg_clip c = tone_clip(w, 3 * WINDOW, 100);
    memcpy(c.samples + 20000, sine(w, 700, RATE, WINDOW, 20000), WINDOW * 2);
    int16_t out[WINDOW];
    mdg_augment_clip(&set, &c, NULL, NULL, out, WINDOW);
    assert_true(power(out, WINDOW) > 0.99 * 2e8);
}

static void nothing_to_vary_changes_nothing(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, WINDOW, 32000);
    const int16_t *out = vary(w, &set, &c, &(mdg_augment_opts){0}, 1);
    assert_memory_equal(out, c.samples, WINDOW * 2);
}

static void shifts_are_exact(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    mdg_clip c = tone_clip(w, WINDOW, 20000);
    for (size_t i = 0; i < WINDOW; i++) c.samples[i] = (int16_t)(i * 7919 % 60000 - 30000);
    bool left = false, right = false;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const int16_t *out = vary(w, &set, &c, &(mdg_augment_opts){.shift_ms = 100}, seed);
        int shift = -1601;
        while (++shift <= 1600)
            if (memcmp(out + (shift > 0 ? shift : 0), c.samples + (shift < 0 ? -shift : 0),
                       (size_t)(WINDOW - abs(shift)) * 2) == 0)
                break;
        assert_in_range(shift + 1600, 0, 3200);
        left |= shift < -100;
        right |= shift > 100;
    }
    assert_true(left && right);
}

static void gain_is_within_its_limits(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, WINDOW, 8000);
    double least = 1e9, most = -1e9;
    for (uint64_t seed = 0; seed < 40; seed++) {
        const double db =
            10 * log10(power(vary(w, &set, &c, &(mdg_augment_opts){.gain_db = 6}, seed), WINDOW) /
                       power(c.samples, WINDOW));
        least = fmin(least, db);
        most = fmax(most, db);
    }
    assert_true(least >= -6.01 && most <= 6.01 && least < -4 && most > 4);
}

static void loud_sounds_saturate(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, WINDOW, 32767);
    int top = 0, bottom = 0;
    for (uint64_t seed = 0; seed < 10; seed++) {
        const int16_t *out = vary(w, &set, &c, &(mdg_augment_opts){.gain_db = 40}, seed);
        for (int i = 0; i < WINDOW; i++) {
            top += out[i] == 32767;
            bottom += out[i] == -32768;
            if (c.samples[i]) assert_true((out[i] >= 0) == (c.samples[i] > 0) || out[i] == 0);
        }
    }
    assert_true(top > 1000 && bottom > 1000);
}

/* Counts how often the tone rises through zero. */
static void speed_moves_the_pitch(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, WINDOW / 2, 9000);
    bool slower = false, faster = false;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const int16_t *out = vary(w, &set, &c, &(mdg_augment_opts){.speed = 0.2f}, seed);
        int first = -1, last = 0, rises = 0;
        for (int i = 1; i < WINDOW; i++) {
            if (!(out[i - 1] < 0 && out[i] >= 0)) continue;
            if (first < 0) first = i;
            last = i;
            rises++;
        }
        const double hz = (double)(rises - 1) * RATE / (last - first);
        assert_true(hz > 0.79 * 440 && hz < 1.21 * 440);
        slower |= hz < 420;
        faster |= hz > 460;
        assert_true(power(out, WINDOW) >
                    0.8 * power(c.samples, WINDOW / 2) / 2 / 1.2); /* nothing is lost between samples */
    }
    assert_true(slower && faster);
}

static double snr_of(const int16_t *mixed, const int16_t *clean, size_t clip_first, size_t clip_n) {
    double noise = 0;
    for (int i = 0; i < WINDOW; i++) noise += pow((double)mixed[i] - clean[i], 2);
    return 10 * log10(power(clean + clip_first, clip_n) / (noise / WINDOW));
}

static void noise_has_its_ratio(void **state) {
    workshop *w = *state;
    const mdg_clip c = tone_clip(w, 8000, 6000);
    mdg_clip background = tone_clip(w, 5000, 0);
    for (size_t i = 0; i < 5000; i++) background.samples[i] = (int16_t)(i * 7919 % 2000 - 1000);
    int16_t clean[WINDOW];
    for (int recorded = 0; recorded < 2; recorded++) {
        mdg_dataset set = empty_set(w);
        if (recorded) set.backgrounds = &background, set.n_backgrounds = 1;
        mdg_augment_clip(&set, &c, NULL, NULL, clean, WINDOW);
        for (uint64_t seed = 0; seed < 10; seed++) {
            const float snr = (float)seed * 3 - 3;
            const mdg_augment_opts o = {.noise_probability = 1, .snr_min_db = snr, .snr_max_db = snr};
            const double measured = snr_of(vary(w, &set, &c, &o, seed), clean, 4000, 8000);
            if (fabs(measured - (double)snr) > 0.3) fail_msg("%g dB in place of %g", measured, (double)snr);
        }
    }
}

static void noise_comes_as_often_as_asked(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, WINDOW, 6000);
    int noisy = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        const mdg_augment_opts o = {.noise_probability = 0.3f, .snr_min_db = 10, .snr_max_db = 10};
        noisy += memcmp(vary(w, &set, &c, &o, seed), c.samples, WINDOW * 2) != 0;
    }
    assert_in_range(noisy, 40, 80);
}

static void silence_of_zeros_stays(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, 100, 0);
    const int16_t *out =
        vary(w, &set, &c, &(mdg_augment_opts){.noise_probability = 1, .speed = 0.1f, .gain_db = 6}, 1);
    assert_true(power(out, WINDOW) <= 0);
}

/* Low and high tones go up and down independently, by no more than asked. */
static void tone_controls_stay_within_limits(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const double tones[] = {60, 7000};
    for (int t = 0; t < 2; t++) {
        const mdg_clip c = {.samples = sine(w, tones[t], RATE, WINDOW, 8000), .n_samples = WINDOW};
        double least = 1e9, most = -1e9;
        for (uint64_t seed = 0; seed < 40; seed++) {
            const double db =
                10 * log10(power(vary(w, &set, &c, &(mdg_augment_opts){.eq_db = 6}, seed), WINDOW) /
                           power(c.samples, WINDOW));
            least = fmin(least, db);
            most = fmax(most, db);
        }
        if (least < -6.2 || most > 6.2 || least > -3.5 || most < 3.5)
            fail_msg("%g Hz: %g to %g dB", tones[t], least, most);
    }
}

static void the_generator_decides(void **state) {
    workshop *w = *state;
    const mdg_dataset set = empty_set(w);
    const mdg_clip c = tone_clip(w, 9000, 6000);
    const mdg_augment_opts o = {.shift_ms = 100,
                                .gain_db = 6,
                                .speed = 0.1f,
                                .eq_db = 3,
                                .noise_probability = 0.5f,
                                .snr_min_db = 5,
                                .snr_max_db = 20};
    for (uint64_t seed = 0; seed < 5; seed++) {
        assert_memory_equal(vary(w, &set, &c, &o, seed), vary(w, &set, &c, &o, seed), WINDOW * 2);
        assert_memory_not_equal(vary(w, &set, &c, &o, seed), vary(w, &set, &c, &o, seed + 1), WINDOW * 2);
    }
}

static void masks_cover_bands(void **state) {
    (void)state;
    enum { FRAMES = 30, BINS = 20 };
    const mdg_augment_opts o = {.time_masks = 1, .time_mask_frames = 6, .freq_masks = 1, .freq_mask_bins = 4};
    int widest_time = 0, widest_freq = 0;
    for (uint64_t seed = 0; seed < 100; seed++) {
        float x[FRAMES * BINS];
        int frames = 0, bins = 0, masked = 0;
        for (int i = 0; i < FRAMES * BINS; i++) x[i] = 1;
        mdg_rng r = mdg_rng_of(seed, 0);
        mdg_augment_features(&o, &r, x, FRAMES, BINS, -3);
        for (int f = 0; f < FRAMES; f++) {
            int n = 0;
            for (int b = 0; b < BINS; b++) n += x[f * BINS + b] < 0;
            masked += n;
            if (n == BINS)
                frames++;
            else
                bins = n;
        }
        assert_int_equal(masked, frames * BINS + bins * (FRAMES - frames));
        widest_time = frames > widest_time ? frames : widest_time;
        widest_freq = bins > widest_freq ? bins : widest_freq;
    }
    assert_int_equal(widest_time, 6);
    assert_int_equal(widest_freq, 4);
}

static void masks_wider_than_the_features_fit(void **state) {
    (void)state;
    float x[6] = {0};
    const mdg_augment_opts o = {
        .time_masks = 5, .time_mask_frames = 1000, .freq_masks = 5, .freq_mask_bins = 1000};
    mdg_rng r = mdg_rng_of(1, 0);
    mdg_augment_features(&o, &r, x, 2, 3, 9);
    for (int i = 0; i < 6; i++) assert_true(x[i] == 9.0f);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(plain_clips_are_centred),
        TEST(whole_windows_stay),
        TEST(long_clips_are_cut_at_the_loudest),
        TEST(nothing_to_vary_changes_nothing),
        TEST(shifts_are_exact),
        TEST(gain_is_within_its_limits),
        TEST(loud_sounds_saturate),
        TEST(speed_moves_the_pitch),
        TEST(noise_has_its_ratio),
        TEST(noise_comes_as_often_as_asked),
        TEST(silence_of_zeros_stays),
        TEST(tone_controls_stay_within_limits),
        TEST(the_generator_decides),
        TEST(masks_cover_bands),
        TEST(masks_wider_than_the_features_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
