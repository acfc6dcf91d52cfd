/* Reads the sensor's bytes from the console and prints what the model makes of them. Put your driver (I2S, ADC, I2C)
 * in the place of example_read. */
#include <stdio.h>

#include "example.h"

static bool example_read(void *out, size_t bytes) {
    return fread(out, 1, bytes, stdin) == bytes;
}

void app_main(void);

void app_main(void) {
    example_start();
    for (int event; (event = example_step()) != EXAMPLE_END;)
        if (event != EXAMPLE_NOTHING) printf("%d %s\n", event, example_label(event));
}
