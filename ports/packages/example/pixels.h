/* What a picture shows. What is yours: example_read, in the file that includes this one. */
#include <stdbool.h>
#include <stdint.h>

#include "@name@.h"

/* The camera's next line: @NAME@_WIDTH pixels of @NAME@_CHANNELS bytes. Returns false when there are none. */
static bool example_read(void *out, size_t bytes);

enum { EXAMPLE_NOTHING = -1, EXAMPLE_END = -2 };

static uint8_t example_arena[@NAME@_ARENA_BYTES] @NAME@_ALIGNED;
static uint8_t example_state[@NAME@_STATE_BYTES + 1] @NAME@_ALIGNED;
static @name@_model example_model;
static uint8_t example_line[@NAME@_WIDTH * @NAME@_CHANNELS];

static void example_start(void) {
    @name@_init(&example_model, example_arena, example_state);
}

/* One picture. Returns its class (where objects are found, that of the first), EXAMPLE_NOTHING when the model is not sure, or EXAMPLE_END. */
static int example_step(void) {
    for (int32_t y = 0; y < @NAME@_HEIGHT; y++) {
        if (!example_read(example_line, sizeof example_line)) return EXAMPLE_END;
        @name@_set_pixels(&example_model, y * @NAME@_WIDTH, example_line, @NAME@_WIDTH);
    }
#ifdef @NAME@_MAP_HEIGHT
    @name@_found first;
    return @name@_find(@name@_scores(&example_model), &first, 1) > 0 ? first.kind : EXAMPLE_NOTHING;
#else
    const int best = @name@_best(@name@_scores(&example_model));
    return best < 0 ? EXAMPLE_NOTHING : best;
#endif
}

static const char *example_label(int event) {
    return @name@_labels[event];
}
