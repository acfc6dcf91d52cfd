/* Reads the sensor's bytes from standard input and prints what the model makes of them. Put your driver in the
 * place of example_read: an ADC, a microphone, an accelerometer, a camera. */
#include <stdio.h>

#include "example.h"

static bool example_read(void *out, size_t bytes) {
    return fread(out, 1, bytes, stdin) == bytes;
}

int main(void) {
    example_start();
    for (int event; (event = example_step()) != EXAMPLE_END;)
        if (event != EXAMPLE_NOTHING) printf("%d %s\n", event, example_label(event));
    return 0;
}
