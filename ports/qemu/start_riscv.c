/* SPDX-License-Identifier: MIT
 *
 * Start-up of QEMU's RISC-V board `virt`; a trap ends the emulator with a line.
 */
#include <stdint.h>

#include "semihost.h"

extern uint32_t mdg_data_load[], mdg_data_start[], mdg_data_end[], mdg_bss_start[], mdg_bss_end[];
int main(void);
void mdg_reset_handler(void);
void mdg_fault_handler(void);
void mdg_start_memory(void);

__attribute__((naked, section(".vectors"), used)) void mdg_reset_handler(void) {
    __asm__ volatile("la sp, mdg_stack_top\n"
                     "la t0, mdg_fault_handler\n"
                     "csrw mtvec, t0\n"
                     "j mdg_start_memory\n");
}

__attribute__((used)) void mdg_start_memory(void) {
    const uint32_t *from = mdg_data_load;
    for (uint32_t *p = mdg_data_start; p < mdg_data_end;) *p++ = *from++;
    for (uint32_t *p = mdg_bss_start; p < mdg_bss_end;) *p++ = 0;
    mdg_semihost_exit(main());
}

__attribute__((aligned(4), used)) void mdg_fault_handler(void) {
    mdg_semihost_print("fault: the processor took a trap (bad address or unknown instruction)\n");
    mdg_semihost_exit(3);
}
