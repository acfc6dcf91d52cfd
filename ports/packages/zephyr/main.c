/* Reads the sensor's bytes from the console's UART and prints what the model makes of them. Put your driver (dmic,
 * sensor_sample_fetch, video) in the place of example_read. */
#include <zephyr/device.h>
#include <zephyr/drivers/uart.h>
#include <zephyr/kernel.h>

#include "example.h"

static bool example_read(void *out, size_t bytes) {
    const struct device *console = DEVICE_DT_GET(DT_CHOSEN(zephyr_console));
    unsigned char *to = out;
    for (size_t i = 0; i < bytes; i++)
        while (uart_poll_in(console, &to[i]) != 0) k_sleep(K_USEC(100));
    return true;
}

int main(void) {
    example_start();
    for (int event; (event = example_step()) != EXAMPLE_END;)
        if (event != EXAMPLE_NOTHING) printk("%d %s\n", event, example_label(event));
    return 0;
}
