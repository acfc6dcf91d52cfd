/* Reads the sensor's bytes from the serial port and answers with what the model makes of them. Put your sensor in
 * the place of example_read: analogRead, a PDM microphone, an accelerometer, a camera. */
#include <Arduino.h>

#include "example.h"

static bool example_read(void *out, size_t bytes) {
    uint8_t *to = (uint8_t *)out;
    while (bytes > 0) {
        const size_t n = Serial.readBytes(to, bytes);
        if (n == 0) return false;
        to += n;
        bytes -= n;
    }
    return true;
}

void setup() {
    Serial.begin(115200);
    example_start();
}

void loop() {
    const int event = example_step();
    if (event < 0) return;
    Serial.print(event);
    Serial.print(' ');
    Serial.println(example_label(event));
}
