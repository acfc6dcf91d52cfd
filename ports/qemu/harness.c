/* SPDX-License-Identifier: MIT
 *
 * Runs a generated model in the emulator: input comes from the file input.bin, output goes to output.bin, as
 * often as there is input. subject.h, made by host/measure, names the model:
 *
 *     #include "kws.h"
 *     #define SUBJECT(name) kws_##name          its functions
 *     #define SUBJECT_MACRO(name) KWS_##name    its macros
 *     #define SUBJECT_SAMPLES 1                 samples in, scores out
 *     #define SUBJECT_PIXELS 1                  a picture in, scores out; without either, raw inputs and
 * outputs #define SUBJECT_CLIP_BYTES 32000          samples, pixels: what is fed for one output #define
 * SUBJECT_STACK 1                   paint the stack, and leave its high-water mark in stack.bin
 *
 * The file has to stay free of libc: what the linker pulls in is then the model's.
 */
#include "subject.h"

#include "semihost.h"

/* Places for the counting plugin; they are no code. */
#define MARK(name) __asm__ volatile("mdg_mark_" #name ".%=:" ::: "memory")

extern uint8_t mdg_stack_limit[];
extern uint8_t mdg_arena[SUBJECT_MACRO(ARENA_BYTES)];
extern uint8_t mdg_state[SUBJECT_MACRO(STATE_BYTES)];
uint8_t mdg_arena[SUBJECT_MACRO(ARENA_BYTES)] __attribute__((aligned(16)));
uint8_t mdg_state[SUBJECT_MACRO(STATE_BYTES)] __attribute__((aligned(16)));
static SUBJECT(model) model;

enum { END_OF_INPUT = 1, FAILED = 2 };

#ifdef SUBJECT_STACK

enum { PAINT = 0xa5 };

static uint32_t stack_used;

static inline const uint8_t *stack_pointer(void) {
    const uint8_t *sp;
#    if defined(__riscv)
    __asm__ volatile("mv %0, sp" : "=r"(sp));
#    else
    __asm__ volatile("mov %0, sp" : "=r"(sp));
#    endif
    return sp;
}

/* Paints all that is below its own frame. */
static __attribute__((noinline)) void paint_stack(void) {
    const uint8_t *const end = stack_pointer();
    for (volatile uint8_t *p = mdg_stack_limit; p < end; p++) *p = PAINT;
}

static __attribute__((noinline)) void measure_stack(const uint8_t *top) {
    const volatile uint8_t *p = mdg_stack_limit;
    while (p < top && *p == PAINT) p++;
    const uint32_t used = (uint32_t)(top - (const uint8_t *)p);
    if (used > stack_used) stack_used = used;
}

static int leave_stack_mark(void) {
    const int32_t file = mdg_semihost_open("stack.bin", 1);
    return file < 0 || mdg_semihost_write(file, &stack_used, sizeof stack_used) != 0 ? FAILED : 0;
}

#    define STACK_BEGIN() paint_stack()
#    define STACK_END()   measure_stack(stack_pointer())

#else

#    define STACK_BEGIN() ((void)0)
#    define STACK_END()   ((void)0)

static int leave_stack_mark(void) {
    return 0;
}

#endif

#if defined(SUBJECT_SAMPLES) && SUBJECT_MACRO(HOP_ROWS)

static int8_t last_scores[SUBJECT_MACRO(CLASSES)];

static void keep_scores(void) {
    STACK_BEGIN();
    MARK(begin);
    const int8_t *scores = SUBJECT(scores)(&model);
    if (scores) MARK(end);
    STACK_END();
    for (int c = 0; scores && c < SUBJECT_MACRO(CLASSES); c++) last_scores[c] = scores[c];
}

static void hear(const int16_t *samples, int32_t n) {
    for (int32_t at = 0; at < n;) {
        STACK_BEGIN();
        MARK(push_begin);
        at += SUBJECT(push_samples)(&model, samples + at * SUBJECT_MACRO(CHANNELS), n - at);
        MARK(push_end);
        STACK_END();
        keep_scores();
    }
}

/* One clip, in pieces that each end with a row of features. */
static int read_input(int32_t file) {
    enum {
        HOP = SUBJECT_MACRO(HOP_SAMPLES),
        SAMPLE_BYTES = SUBJECT_MACRO(CHANNELS) * sizeof(int16_t),
        CLIP = SUBJECT_CLIP_BYTES / SAMPLE_BYTES
    };
    static int16_t samples[HOP * SUBJECT_MACRO(CHANNELS)];
    int32_t piece = SUBJECT_MACRO(WINDOW_SAMPLES) % HOP ? SUBJECT_MACRO(WINDOW_SAMPLES) % HOP : HOP;
    SUBJECT(reset)(&model);
    for (int32_t left = CLIP; left > 0; left -= piece, piece = left < HOP ? left : HOP) {
        const size_t bytes = (size_t)piece * SAMPLE_BYTES;
        if (mdg_semihost_read(file, samples, bytes) != bytes) return END_OF_INPUT;
        hear(samples, piece);
    }
    return 0;
}

static int write_output(int32_t file) {
    return mdg_semihost_write(file, last_scores, sizeof last_scores) == 0 ? 0 : FAILED;
}

#elif defined(SUBJECT_SAMPLES)

/* One clip: its samples in pieces of a hop, then the scores. */
static int read_input(int32_t file) {
    static int16_t samples[SUBJECT_MACRO(HOP_SAMPLES) * SUBJECT_MACRO(CHANNELS)];
    enum { SAMPLE_BYTES = SUBJECT_MACRO(CHANNELS) * sizeof samples[0] };
    size_t left = SUBJECT_CLIP_BYTES;
    SUBJECT(reset)(&model);
    while (left > 0) {
        const size_t piece = left < sizeof samples ? left : sizeof samples;
        if (mdg_semihost_read(file, samples, piece) != piece) return END_OF_INPUT;
        STACK_BEGIN();
        MARK(push_begin);
        const int32_t rows = SUBJECT(push_samples)(&model, samples, (int32_t)(piece / SAMPLE_BYTES));
        if (rows == 1) MARK(push_end);
        STACK_END();
        left -= piece;
    }
    return 0;
}

#elif defined(SUBJECT_PIXELS)

/* One picture in pieces of a line, as a camera gives them. */
static int read_input(int32_t file) {
    static uint8_t line[SUBJECT_MACRO(WIDTH) * SUBJECT_MACRO(CHANNELS)];
    SUBJECT(reset)(&model);
    for (int32_t y = 0; y < SUBJECT_MACRO(HEIGHT); y++) {
        if (mdg_semihost_read(file, line, sizeof line) != sizeof line) return END_OF_INPUT;
        STACK_BEGIN();
        MARK(push_begin);
        SUBJECT(set_pixels)(&model, y * SUBJECT_MACRO(WIDTH), line, SUBJECT_MACRO(WIDTH));
        MARK(push_end);
        STACK_END();
    }
    return 0;
}

#endif

#if defined(SUBJECT_SAMPLES) && SUBJECT_MACRO(HOP_ROWS)
/* write_output is above */
#elif defined(SUBJECT_SAMPLES) || defined(SUBJECT_PIXELS)

static int write_output(int32_t file) {
    STACK_BEGIN();
    MARK(begin);
    const int8_t *scores = SUBJECT(scores)(&model);
    MARK(end);
    STACK_END();
    return mdg_semihost_write(file, scores, SUBJECT_MACRO(SCORES)) == 0 ? 0 : FAILED;
}

#else

static const uint32_t input_bytes[] = SUBJECT_MACRO(INPUT_BYTES);
static const uint32_t output_bytes[] = SUBJECT_MACRO(OUTPUT_BYTES);

static int read_input(int32_t file) {
    for (int k = 0; k < SUBJECT_MACRO(INPUTS); k++) {
        if (mdg_semihost_read(file, SUBJECT(input)(&model, k), input_bytes[k]) != input_bytes[k])
            return END_OF_INPUT;
    }
    return 0;
}

static int write_output(int32_t file) {
    STACK_BEGIN();
    MARK(begin);
    SUBJECT(invoke)(&model);
    MARK(end);
    STACK_END();
    for (int k = 0; k < SUBJECT_MACRO(OUTPUTS); k++) {
        if (mdg_semihost_write(file, SUBJECT(output)(&model, k), output_bytes[k]) != 0) return FAILED;
    }
    return 0;
}

#endif

/* Reads and computes until the input ends. */
static int run_all(int32_t in, int32_t out) {
    int result = 0;
    while (result == 0) {
        result = read_input(in);
        if (result == 0) result = write_output(out);
    }
    return result == END_OF_INPUT ? 0 : result;
}

int main(void) {
    const int32_t in = mdg_semihost_open("input.bin", 0);
    const int32_t out = mdg_semihost_open("output.bin", 1);
    if (in < 0 || out < 0) return FAILED;
    SUBJECT(init)(&model, mdg_arena, mdg_state);
    const int result = run_all(in, out);
    return result ? result : leave_stack_mark();
}
