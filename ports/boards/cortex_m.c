/* SPDX-License-Identifier: MIT
 *
 * The core: SysTick as the clock of samples, WFI, and for the emulator how much of the stack was used.
 * TICK_HZ is the clock of the board's SysTick.
 */
#include "board.h"
#include "semihost.h"

/* Armv6-M and Armv7-M Architecture Reference Manuals, B3.3 */
#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

enum { CSR_ENABLE = 1, CSR_INTERRUPT = 2, CSR_CORE_CLOCK = 4, PAINT = 0xa5 };

extern uint8_t mdg_stack_limit[], mdg_stack_top[];

static void paint_stack(void) {
    const uint8_t *sp;
    __asm__ volatile("mov %0, sp" : "=r"(sp));
    for (volatile uint8_t *p = mdg_stack_limit; p < sp; p++) *p = PAINT;
}

void mdg_board_start(int32_t samples, int32_t sample_rate) {
    paint_stack();
    SYST_RVR = (uint32_t)samples * (TICK_HZ / (uint32_t)sample_rate) - 1u; /* of 24 bits */
    SYST_CVR = 0;
    SYST_CSR = CSR_ENABLE | CSR_INTERRUPT | CSR_CORE_CLOCK;
}

void mdg_board_mask(void) {
    __asm__ volatile("cpsid i" ::: "memory");
}

void mdg_board_unmask(void) {
    __asm__ volatile("cpsie i\n isb" ::: "memory");
}

void mdg_board_sleep(void) {
    __asm__ volatile("dsb\n wfi" ::: "memory");
}

/* For firmware.mk, which adds it to what the linker placed. */
void mdg_board_end(int code) {
    const volatile uint8_t *p = mdg_stack_limit;
    while (*p == PAINT) p++;
    const uint32_t used = (uint32_t)(mdg_stack_top - (const uint8_t *)p);
    const int32_t file = mdg_semihost_open("stack.bin", 1);
    if (file >= 0) (void)mdg_semihost_write(file, &used, sizeof used);
    mdg_semihost_exit(code);
}
