/* Events out of samples. What is yours: example_read, in the file that includes this one. */
#include <stdbool.h>
#include <stdint.h>

#include "@name@.h"

/* The sensor's next samples: int16_t [bytes / 2], @NAME@_CHANNELS values each. Returns false when there are none. */
static bool example_read(void *out, size_t bytes);

enum { EXAMPLE_SAMPLES = 32, EXAMPLE_NOTHING = -1, EXAMPLE_END = -2 };

static uint8_t example_arena[@NAME@_ARENA_BYTES] @NAME@_ALIGNED;
static uint8_t example_state[@NAME@_STATE_BYTES + 1] @NAME@_ALIGNED;
static @name@_model example_model;
static int16_t example_samples[EXAMPLE_SAMPLES * @NAME@_CHANNELS];
static int32_t example_held, example_taken;

static void example_start(void) {
    @name@_init(&example_model, example_arena, example_state);
}

/* Returns the class of an event, EXAMPLE_NOTHING or EXAMPLE_END. */
static int example_step(void) {
    int event = EXAMPLE_NOTHING;
    if (example_taken == example_held) {
        if (!example_read(example_samples, sizeof example_samples)) return EXAMPLE_END;
        example_held = EXAMPLE_SAMPLES;
        example_taken = 0;
    }
    example_taken += @name@_listen(&example_model, example_samples + example_taken * @NAME@_CHANNELS,
                                   example_held - example_taken, &event);
    return event < 0 ? EXAMPLE_NOTHING : event;
}

static const char *example_label(int event) {
    return @name@_labels[event];
}
