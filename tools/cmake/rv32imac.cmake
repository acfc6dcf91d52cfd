# SPDX-License-Identifier: MIT
# The device library for RV32IMAC with riscv64-unknown-elf-gcc and picolibc. -misa-spec=2.2: the newer spelling of
# the same machine makes this compiler pick 64-bit libraries.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR rv32imac)
set(CMAKE_C_COMPILER riscv64-unknown-elf-gcc)
set(CMAKE_C_FLAGS_INIT "-march=rv32imac -misa-spec=2.2 -mabi=ilp32 --specs=picolibc.specs -ffunction-sections -fdata-sections")
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
