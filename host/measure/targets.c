/* SPDX-License-Identifier: MIT
 *
 * The boards of QEMU that stand for the targets. mps2 boards have 4 MB each of flash (really RAM at address
 * 0) and RAM; an547 has 512 KB each.
 */
#include "measure/measure.h"

#include <string.h>

#define ARM_TOOLS   "gcc-arm-none-eabi picolibc-arm-none-eabi qemu-system-arm"
#define RISCV_TOOLS "gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc"

#define M4_CORE     .core = "cortex-m4"
#define M0PLUS_CORE .core = "cortex-m0plus"

#define ARM(target, folder, flags, board)                                                                    \
    .name = target, .isa = folder, .compiler = "arm-none-eabi-gcc", .cpu_flags = flags,                      \
    .start = "start_arm", .qemu = "qemu-system-arm", .machine = board, .packages = ARM_TOOLS
#define RISCV(target, flags)                                                                                 \
    .name = target, .isa = "rv32", .compiler = "riscv64-unknown-elf-gcc", .cpu_flags = flags,                \
    .start = "start_riscv", .qemu = "qemu-system-riscv32", .machine = "virt -bios none",                     \
    .packages = RISCV_TOOLS
#define MPS2  .flash = 0, .flash_bytes = 4u << 20, .ram = 0x20000000u, .ram_bytes = 4u << 20
#define MPS3  .flash = 0, .flash_bytes = 512u << 10, .ram = 0x20000000u, .ram_bytes = 512u << 10
#define AN505 .flash = 0x10000000u, .flash_bytes = 4u << 20, .ram = 0x38000000u, .ram_bytes = 4u << 20
#define VIRT  .flash = 0x80000000u, .flash_bytes = 4u << 20, .ram = 0x80400000u, .ram_bytes = 4u << 20

#define M4_FLAGS "-mcpu=cortex-m4 -mthumb -mfloat-abi=hard -mfpu=fpv4-sp-d16"
#define M7_FLAGS "-mcpu=cortex-m7 -mthumb -mfloat-abi=hard -mfpu=fpv5-d16"

const mdg_target mdg_targets[] = {
    {ARM("generic", "ref", M4_FLAGS, "mps2-an386"), M4_CORE, MPS2},
    {ARM("cortex-m0plus", "armv6m", "-mcpu=cortex-m0plus -mthumb", "mps2-an385"), M0PLUS_CORE, MPS2},
    {ARM("cortex-m3", "armv7m", "-mcpu=cortex-m3 -mthumb", "mps2-an385"), MPS2},
    {ARM("cortex-m4", "armv7em", M4_FLAGS, "mps2-an386"), M4_CORE, MPS2},
    {ARM("cortex-m7", "armv7em", M7_FLAGS, "mps2-an500"), MPS2},
    {ARM("cortex-m33", "armv7em", "-mcpu=cortex-m33 -mthumb -mfloat-abi=hard -mfpu=fpv5-sp-d16",
         "mps2-an505"),
     AN505},
    {ARM("cortex-m55", "mve", "-mcpu=cortex-m55 -mthumb -mfloat-abi=hard", "mps3-an547"), MPS3},
    {RISCV("rv32imc", "-march=rv32imc -misa-spec=2.2 -mabi=ilp32"), VIRT},
    {RISCV("rv32imac", "-march=rv32imac -misa-spec=2.2 -mabi=ilp32"), VIRT},
    {.name = NULL},
};

const mdg_target *mdg_target_find(const char *name) {
    const mdg_target *t = mdg_targets;
    while (t->name && strcmp(t->name, name) != 0) t++;
    return t->name ? t : NULL;
}
