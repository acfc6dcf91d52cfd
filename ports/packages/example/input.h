/* The largest output for each input. What is yours: example_read, in the file that includes this one. */
#include <stdbool.h>
#include <stdint.h>

#include "@name@.h"

/* The next @NAME@_INPUT_0_BYTES bytes, quantised as the header tells. Returns false when there are none. */
static bool example_read(void *out, size_t bytes);

enum { EXAMPLE_NOTHING = -1, EXAMPLE_END = -2 };

static uint8_t example_arena[@NAME@_ARENA_BYTES] @NAME@_ALIGNED;
static uint8_t example_state[@NAME@_STATE_BYTES + 1] @NAME@_ALIGNED;
static @name@_model example_model;

static void example_start(void) {
    @name@_init(&example_model, example_arena, example_state);
}

/* One inference. Returns the index of the largest value of output 0, or EXAMPLE_END. */
static int example_step(void) {
    if (!example_read(@name@_input(&example_model, 0), @NAME@_INPUT_0_BYTES)) return EXAMPLE_END;
    @name@_invoke(&example_model);
    const @NAME@_OUTPUT_0_TYPE *values = (const @NAME@_OUTPUT_0_TYPE *)@name@_output(&example_model, 0);
    const int n = (int)(@NAME@_OUTPUT_0_BYTES / sizeof *values);
    int best = 0;
    for (int i = 1; i < n; i++)
        if (values[i] > values[best]) best = i;
    return best;
}

static const char *example_label(int event) {
    (void)event;
    return "@name@";
}
