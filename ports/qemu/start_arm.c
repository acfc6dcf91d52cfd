/* SPDX-License-Identifier: MIT
 *
 * Start-up of a Cortex-M: vector table, memory, FPU; a fault ends the emulator with a line.
 */
#include <stdint.h>

#include "semihost.h"

extern uint32_t mdg_data_load[], mdg_data_start[], mdg_data_end[], mdg_bss_start[], mdg_bss_end[],
    mdg_stack_top[];
int main(void);
void mdg_reset_handler(void);
void mdg_fault_handler(void);
void mdg_tick_handler(void) __attribute__((weak, alias("mdg_fault_handler"))); /* ports/boards has one */

/* Registers of the System Control Block (Armv7-M Architecture Reference Manual, B3.2) */
#define SCB_CCR   (*(volatile uint32_t *)0xE000ED14u)
#define SCB_CPACR (*(volatile uint32_t *)0xE000ED88u)

enum { CCR_UNALIGN_TRP = 1 << 3 };
#define CPACR_FPU_AND_MVE (0xFu << 20) /* full access to coprocessors 10 and 11 */

typedef union vector {
    uint32_t *stack;
    void (*handler)(void);
} vector;

__attribute__((section(".vectors"), used)) static const vector vectors[] = {
    {.stack = mdg_stack_top},       {.handler = mdg_reset_handler}, {.handler = mdg_fault_handler},
    {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler},
    {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler},
    {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler},
    {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler}, {.handler = mdg_fault_handler},
    {.handler = mdg_tick_handler},
};

static void set_up_core(void) {
#if defined(__ARM_ARCH_6M__)
    SCB_CCR |= CCR_UNALIGN_TRP; /* the board's core is an M3, which would forgive what an M0+ does not */
#else
    SCB_CPACR |= CPACR_FPU_AND_MVE;
    __asm__ volatile("dsb\n isb" ::: "memory");
#endif
}

void mdg_reset_handler(void) {
    const uint32_t *from = mdg_data_load;
    for (uint32_t *p = mdg_data_start; p < mdg_data_end;) *p++ = *from++;
    for (uint32_t *p = mdg_bss_start; p < mdg_bss_end;) *p++ = 0;
    set_up_core();
    mdg_semihost_exit(main());
}

void mdg_fault_handler(void) {
    mdg_semihost_print(
        "fault: the processor took an exception (bad address, unaligned access or unknown instruction)\n");
    mdg_semihost_exit(3);
}
