/* SPDX-License-Identifier: MIT
 *
 * Variations of series and pictures, and of sound those of augment_sound.c.
 */
#include "workshop.h"

#include "data/augment.h"

enum { N = 200, H = 12, W = 16, RATE = 16000 };

static const mdg_data_opts series_opts = {.kind = MDG_DATA_SERIES, .sample_rate = 100, .clip_ms = 2000};
static const mdg_data_opts image_opts = {.kind = MDG_DATA_IMAGES};
static const mdg_data_opts sound_opts = {.sample_rate = RATE, .clip_ms = 1000};

/* Seven channels: two triples and one more. */
static mdg_dataset series_set(workshop *w) {
    mdg_dataset set = {.arena = w->arena, .opts = &series_opts, .channels = 7};
    for (int c = 0; c < 7; c++) set.full_scale[c] = c < 3 ? 4 : c == 3 ? 1000 : 500;
    return set;
}

static mdg_dataset image_set(workshop *w) {
    return (mdg_dataset){.arena = w->arena, .opts = &image_opts, .channels = 3, .image_h = H, .image_w = W};
}

static mdg_clip clip_of(workshop *w, size_t n, int channels, int low, int high) {
    int16_t *x = mdg_arena_array(w->arena, n * (size_t)channels, sizeof *x);
    mdg_rng r = mdg_rng_of(9, 9);
    for (size_t i = 0; i < n * (size_t)channels; i++)
        x[i] = (int16_t)(low + (int)mdg_rng_below(&r, (uint32_t)(high - low + 1)));
    return (mdg_clip){.samples = x, .n_samples = n};
}

static mdg_clip motion(workshop *w) {
    return clip_of(w, N, 7, -9000, 9000);
}

static mdg_clip picture(workshop *w) {
    return clip_of(w, H * W, 3, 0, 255);
}

static int16_t *vary(const mdg_dataset *set, const mdg_clip *c, const mdg_augment_opts *o, uint64_t seed) {
    const size_t channels = set->channels ? (size_t)set->channels : 1;
    int16_t *out = mdg_arena_array(set->arena, c->n_samples * channels, sizeof *out);
    mdg_rng r = mdg_rng_of(seed, 0);
    mdg_augment_clip(set, c, o, &r, out, c->n_samples);
    return out;
}

#define SERIES(...) (&(mdg_augment_opts){.series = {__VA_ARGS__}})
#define IMAGE(...)  (&(mdg_augment_opts){.image = {__VA_ARGS__}})

/* ==== Series ==== */

static void options_of_zero_change_nothing(void **state) {
    workshop *w = *state;
    const mdg_dataset series = series_set(w), images = image_set(w);
    const mdg_clip m = motion(w), p = picture(w);
    assert_memory_equal(vary(&series, &m, &(mdg_augment_opts){0}, 1), m.samples, N * 7 * 2);
    assert_memory_equal(vary(&images, &p, &(mdg_augment_opts){0}, 1), p.samples, H * W * 3 * 2);
}

static void plain_series_are_centred_with_their_ends(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    const mdg_clip c = motion(w);
    int16_t out[(N + 11) * 7];
    mdg_augment_clip(&set, &c, SERIES(.scale = 0.5f), NULL, out, N + 11);
    for (int i = 0; i < 5; i++) assert_memory_equal(out + i * 7, c.samples, 14);
    assert_memory_equal(out + 5 * 7, c.samples, N * 14);
    for (int i = N + 5; i < N + 11; i++) assert_memory_equal(out + i * 7, c.samples + (N - 1) * 7, 14);
    mdg_augment_clip(&set, &c, NULL, NULL, out, N - 50);
    assert_memory_equal(out, c.samples, (N - 50) * 14);
}

static void series_shift_by_whole_samples(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    const mdg_clip c = motion(w);
    bool earlier = false, later = false;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const int16_t *out = vary(&set, &c, SERIES(.shift_ms = 200), seed);
        int shift = -21;
        while (++shift <= 20)
            if (memcmp(out + (shift > 0 ? shift * 7 : 0), c.samples + (shift < 0 ? -shift * 7 : 0),
                       (size_t)(N - abs(shift)) * 14) == 0)
                break;
        assert_in_range(shift + 20, 0, 40);
        earlier |= shift < -5;
        later |= shift > 5;
    }
    assert_true(earlier && later);
}

static void series_scale_all_channels_alike(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    const mdg_clip c = motion(w);
    float least = 9, most = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const int16_t *out = vary(&set, &c, SERIES(.scale = 0.2f), seed);
        const float gain = (float)out[0] / (float)c.samples[0];
        for (int i = 0; i < N * 7; i++) {
            const float allowed = 1 + fabsf((float)c.samples[i]) / fabsf((float)c.samples[0]);
            assert_true(fabsf((float)out[i] - gain * (float)c.samples[i]) <= allowed);
        }
        least = fminf(least, gain);
        most = fmaxf(most, gain);
    }
    assert_true(least > 0.799f && most < 1.201f && least < 0.85f && most > 1.15f);
}

static double length_of(const int16_t *x, const float *scale) {
    double sum = 0;
    for (int k = 0; k < 3; k++) sum += pow((double)x[k] * (double)scale[k], 2);
    return sqrt(sum);
}

/* Lengths in the unit of the columns stay; the seventh channel is no triple. */
static void triples_turn_and_keep_their_length(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    const mdg_clip c = motion(w);
    double farthest = 0;
    for (uint64_t seed = 0; seed < 30; seed++) {
        const int16_t *out = vary(&set, &c, SERIES(.rotate_deg = 20), seed);
        for (int i = 0; i < N; i++) {
            const int16_t *a = c.samples + i * 7, *b = out + i * 7;
            for (int t = 0; t < 6; t += 3)
                assert_true(fabs(length_of(a + t, set.full_scale + t) -
                                 length_of(b + t, set.full_scale + t)) < 2 * (double)set.full_scale[t]);
            assert_int_equal(a[6], b[6]);
            double dot = 0;
            for (int k = 0; k < 3; k++) dot += (double)a[k] * b[k] * 16;
            const double cosine = dot / length_of(a, set.full_scale) / length_of(b, set.full_scale);
            const double angle = acos(fmin(1, cosine)) * 57.29578;
            if (length_of(a, set.full_scale) > 4000) farthest = fmax(farthest, angle);
        }
    }
    if (farthest < 15 || farthest > 20.2) fail_msg("turned by %g degrees", farthest);
}

static void series_jitter_by_the_deviation(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    mdg_clip c = motion(w);
    for (int i = 0; i < N; i++) c.samples[i * 7 + 2] = 77; /* nothing moves: no noise */
    double most = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const int16_t *out = vary(&set, &c, SERIES(.jitter = 0.1f), seed);
        double power = 0;
        for (int i = 0; i < N; i++) {
            assert_int_equal(out[i * 7 + 2], 77);
            power += pow(out[i * 7] - c.samples[i * 7], 2);
        }
        most = fmax(most, sqrt(power / N));
    }
    assert_true(most > 300 && most < 600); /* a tenth of 9000 / sqrt 3 */
}

static void series_speed_stretches_about_the_middle(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    const mdg_clip c = motion(w);
    for (int i = 0; i < N * 7; i++) c.samples[i] = (int16_t)(100 * (i / 7));
    double least = 9, most = 0;
    for (uint64_t seed = 0; seed < 20; seed++) {
        const int16_t *out = vary(&set, &c, SERIES(.speed = 0.3f), seed);
        assert_int_equal(out[N / 2 * 7], 100 * (N / 2));
        const double slope = (out[(N / 2 + 50) * 7] - out[(N / 2 - 50) * 7]) / 10000.0;
        least = fmin(least, slope);
        most = fmax(most, slope);
    }
    assert_true(least >= 0.69 && most <= 1.31 && least < 0.85 && most > 1.15);
}

static void series_masks_blank_all_channels(void **state) {
    workshop *w = *state;
    const mdg_dataset set = series_set(w);
    const mdg_clip c = motion(w);
    int widest = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        const int16_t *out = vary(&set, &c, SERIES(.masks = 1, .mask_ms = 300), seed);
        int changed = 0, first = -1;
        for (int i = 0; i < N; i++) {
            if (memcmp(out + i * 7, c.samples + i * 7, 14) == 0) continue;
            if (first < 0) first = i;
            assert_memory_equal(out + i * 7, out + first * 7, 14);
            assert_int_equal(i, first + changed);
            changed++;
        }
        widest = changed > widest ? changed : widest;
    }
    assert_in_range(widest, 26, 30);
}

/* ==== Pictures ==== */

static void pictures_are_mirrored_as_often_as_asked(void **state) {
    workshop *w = *state;
    const mdg_dataset set = image_set(w);
    const mdg_clip c = picture(w);
    int flips = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        const int16_t *out = vary(&set, &c, IMAGE(.flip = 0.3f), seed);
        if (memcmp(out, c.samples, H * W * 6) == 0) continue;
        flips++;
        for (int i = 0; i < H * W; i++)
            assert_memory_equal(out + i * 3, c.samples + (i / W * W + W - 1 - i % W) * 3, 6);
    }
    assert_in_range(flips, 40, 80);
}

static void pictures_shift_by_whole_pixels(void **state) {
    workshop *w = *state;
    const mdg_dataset set = image_set(w);
    const mdg_clip c = picture(w);
    for (uint64_t seed = 0; seed < 20; seed++) {
        const int16_t *out = vary(&set, &c, IMAGE(.shift = 0.25f), seed);
        int matches = 0;
        for (int dy = -3; dy <= 3; dy++)
            for (int dx = -4; dx <= 4; dx++) {
                bool same = true;
                for (int i = 0; same && i < H * W; i++) {
                    const int y = i / W + dy, x = i % W + dx;
                    const int from_y = y < 0    ? 0
                                       : y >= H ? H - 1
                                                : y,
                              from_x = x < 0    ? 0
                                       : x >= W ? W - 1
                                                : x;
                    same = memcmp(out + i * 3, c.samples + (from_y * W + from_x) * 3, 6) == 0;
                }
                matches += same;
            }
        assert_int_equal(matches, 1);
    }
}

/* A dot right of the middle moves along an arc; zoom moves it outwards or inwards. */
static void pictures_turn_and_zoom(void **state) {
    workshop *w = *state;
    enum { SIDE = 41 };
    mdg_dataset set = image_set(w);
    set.image_h = set.image_w = SIDE;
    const mdg_clip c = clip_of(w, SIDE * SIDE, 3, 0, 0);
    for (int k = 0; k < 3; k++) c.samples[(20 * SIDE + 35) * 3 + k] = 255;
    double highest = 0, nearest = 99, farthest = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        const int16_t *out = vary(&set, &c, IMAGE(.rotate_deg = 30, .zoom = 0.2f), seed);
        double x = 0, y = 0, sum = 0;
        for (int i = 0; i < SIDE * SIDE; i++) {
            x += out[i * 3] * (i % SIDE - 20.0);
            y += out[i * 3] * (i / SIDE - 20.0);
            sum += out[i * 3];
        }
        const double radius = hypot(x / sum, y / sum);
        highest = fmax(highest, fabs(atan2(y, x)) * 57.29578);
        nearest = fmin(nearest, radius);
        farthest = fmax(farthest, radius);
    }
    if (highest < 25 || highest > 32) fail_msg("turned by %g degrees", highest);
    if (nearest < 11.5 || nearest > 13 || farthest < 17 || farthest > 18.5)
        fail_msg("zoomed to %g and %g of 15", nearest, farthest);
}

static double mean_of(const int16_t *x, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += x[i];
    return sum / n;
}

static void light_changes_within_limits(void **state) {
    workshop *w = *state;
    const mdg_dataset set = image_set(w);
    const mdg_clip c = clip_of(w, H * W, 3, 100, 150), full = picture(w);
    const double mean = mean_of(c.samples, H * W * 3);
    double darkest = 0, brightest = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        const double change = mean_of(vary(&set, &c, IMAGE(.brightness = 0.2f), seed), H * W * 3) - mean;
        darkest = fmin(darkest, change);
        brightest = fmax(brightest, change);
        const int16_t *out = vary(&set, &c, IMAGE(.contrast = 0.5f), seed);
        assert_true(fabs(mean_of(out, H * W * 3) - mean) < 1);
        int low = 255, high = 0;
        for (int i = 0; i < H * W * 3; i++)
            low = out[i] < low ? out[i] : low, high = out[i] > high ? out[i] : high;
        assert_in_range(high - low, 24, 76);
        out = vary(&set, &full, IMAGE(.contrast = 1, .brightness = 1), seed);
        for (int i = 0; i < H * W * 3; i++) assert_in_range(out[i], 0, 255);
    }
    assert_true(darkest > -51.6 && brightest < 51.6 && darkest < -35 && brightest > 35);
}

static void squares_are_cut_out(void **state) {
    workshop *w = *state;
    const mdg_dataset set = image_set(w);
    const mdg_clip c = picture(w);
    int largest = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        const int16_t *out = vary(&set, &c, IMAGE(.cutout = 0.5f), seed);
        int top = H, bottom = -1, left = W, right = -1, changed = 0;
        for (int i = 0; i < H * W; i++) {
            if (memcmp(out + i * 3, c.samples + i * 3, 6) == 0) continue;
            changed++;
            top = i / W < top ? i / W : top, bottom = i / W > bottom ? i / W : bottom;
            left = i % W < left ? i % W : left, right = i % W > right ? i % W : right;
            for (int k = 0; k < 3; k++) assert_in_range(out[i * 3 + k], 110, 145);
        }
        if (!changed) continue;
        assert_int_equal(changed, (bottom - top + 1) * (bottom - top + 1));
        assert_int_equal(bottom - top, right - left);
        largest = bottom - top + 1 > largest ? bottom - top + 1 : largest;
    }
    assert_int_equal(largest, 6);
}

/* ==== Sound ==== */

static double power(const int16_t *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return sum / (double)n;
}

/* Power at a frequency (Goertzel's sum, with a Hann window). */
static double power_at(const int16_t *x, int n, double hz) {
    double re = 0, im = 0;
    for (int i = 0; i < n; i++) {
        const double v = x[i] * (0.5 - 0.5 * cos(6.283185307179586 * i / n)),
                     a = 6.283185307179586 * hz * i / RATE;
        re += v * cos(a);
        im += v * sin(a);
    }
    return re * re + im * im;
}

static void pitch_moves_without_speed(void **state) {
    workshop *w = *state;
    const mdg_dataset set = {.arena = w->arena, .opts = &sound_opts, .channels = 1};
    const mdg_clip c = {.samples = sine(w, 1000, RATE, RATE, 9000), .n_samples = RATE};
    double lowest = 9e9, highest = 0;
    for (uint64_t seed = 0; seed < 12; seed++) {
        const int16_t *out = vary(&set, &c, &(mdg_augment_opts){.pitch_semitones = 2}, seed);
        double best = 0, hz = 0;
        for (double f = 840; f < 1180; f += 5) {
            const double p = power_at(out + 4000, 8000, f);
            if (p > best) best = p, hz = f;
        }
        lowest = fmin(lowest, hz);
        highest = fmax(highest, hz);
        assert_true(power(out + RATE - 2000, 2000) > 0.1 * power(c.samples, RATE)); /* as long as before */
    }
    if (lowest < 870 || lowest > 960 || highest < 1040 || highest > 1145)
        fail_msg("%g to %g Hz", lowest, highest);
}

/* A click rings on, weaker and weaker; the energy stays about the same. */
static void rooms_die_away(void **state) {
    workshop *w = *state;
    const mdg_dataset set = {.arena = w->arena, .opts = &sound_opts, .channels = 1};
    const mdg_clip c = {.samples = sine(w, 0, RATE, RATE, 0), .n_samples = RATE};
    c.samples[1000] = 30000;
    int dry = 0;
    for (uint64_t seed = 0; seed < 40; seed++) {
        const mdg_augment_opts o = {.room_probability = 0.5f, .room_ms = 400};
        const int16_t *out = vary(&set, &c, &o, seed);
        for (int i = 0; i < 1000; i++) assert_int_equal(out[i], 0);
        for (int i = 1000 + 6402; i < RATE; i++) assert_int_equal(out[i], 0);
        const double ratio = power(out, RATE) / power(c.samples, RATE);
        assert_true(ratio > 0.97 && ratio < 1.01);
        dry += out[1000] == 30000;
        assert_true(power(out + 1001, 400) >= power(out + 1801, 400));
    }
    assert_in_range(dry, 10, 30);
}

static void the_generator_decides(void **state) {
    workshop *w = *state;
    const mdg_dataset series = series_set(w), images = image_set(w);
    const mdg_clip m = motion(w), p = picture(w);
    const mdg_augment_opts o = {
        .series = {.shift_ms = 100, .scale = 0.1f, .rotate_deg = 10, .jitter = 0.1f, .speed = 0.1f},
        .image = {.flip = 0.5f, .shift = 0.2f, .rotate_deg = 10, .brightness = 0.2f, .cutout = 0.3f}};
    for (uint64_t seed = 0; seed < 5; seed++) {
        assert_memory_equal(vary(&series, &m, &o, seed), vary(&series, &m, &o, seed), N * 14);
        assert_memory_not_equal(vary(&series, &m, &o, seed), vary(&series, &m, &o, seed + 1), N * 14);
        assert_memory_equal(vary(&images, &p, &o, seed), vary(&images, &p, &o, seed), H * W * 6);
        assert_memory_not_equal(vary(&images, &p, &o, seed), vary(&images, &p, &o, seed + 1), H * W * 6);
    }
}

/* What was trained before these options were there is trained the same way still. */
static void the_draws_of_others_stay(void **state) {
    workshop *w = *state;
    const mdg_dataset sound = {.arena = w->arena, .opts = &sound_opts, .channels = 1}, series = series_set(w);
    const mdg_clip c = {.samples = sine(w, 500, RATE, RATE, 9000), .n_samples = RATE}, m = motion(w);
    const mdg_augment_opts o = {
        .pitch_semitones = 1, .room_probability = 1, .room_ms = 100, .series = {.scale = 0.1f}};
    int16_t *out = mdg_arena_array(w->arena, RATE, sizeof *out);
    mdg_rng a = mdg_rng_of(1, 1), b = a, kept = a;
    mdg_augment_clip(&sound, &c, &(mdg_augment_opts){0}, &a, out, RATE);
    mdg_augment_clip(&sound, &c, &o, &b, out, RATE);
    assert_true(a.state == b.state);
    b = kept;
    mdg_augment_clip(&series, &m, &o, &b, out, N);
    assert_true(kept.state == b.state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, workshop_open, workshop_close)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(options_of_zero_change_nothing),
        TEST(plain_series_are_centred_with_their_ends),
        TEST(series_shift_by_whole_samples),
        TEST(series_scale_all_channels_alike),
        TEST(triples_turn_and_keep_their_length),
        TEST(series_jitter_by_the_deviation),
        TEST(series_speed_stretches_about_the_middle),
        TEST(series_masks_blank_all_channels),
        TEST(pictures_are_mirrored_as_often_as_asked),
        TEST(pictures_shift_by_whole_pixels),
        TEST(pictures_turn_and_zoom),
        TEST(light_changes_within_limits),
        TEST(squares_are_cut_out),
        TEST(pitch_moves_without_speed),
        TEST(rooms_die_away),
        TEST(the_generator_decides),
        TEST(the_draws_of_others_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
