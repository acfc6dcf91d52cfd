#!/bin/bash
# SPDX-License-Identifier: MIT
# The runtime without kernels is at most 6 KB of Cortex-M4 code, freestanding C99, and C++ as well.
set -euo pipefail
command -v arm-none-eabi-gcc arm-none-eabi-size >/dev/null || { echo "skipped: no arm-none-eabi-gcc"; exit 77; }
work=$(mktemp -d /tmp/midge-size-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$MIDGE_SOURCE"
flags="--specs=picolibc.specs -ffreestanding -mcpu=cortex-m4 -mthumb -Wall -Wextra -Wconversion -Wshadow -Werror -Iinclude"
for level in Os O2; do
    arm-none-eabi-gcc -std=c99 -pedantic -$level $flags -c core/model.c -o "$work/model.o"
    arm-none-eabi-gcc -std=c99 -pedantic -$level $flags -c core/checks/check.c -o "$work/check.o"
    bytes=$(arm-none-eabi-size "$work/model.o" "$work/check.o" | awk 'NR > 1 {sum += $1; data += $2 + $3} END {print sum, data}')
    echo "-$level: code and constants, data: $bytes bytes"
    read -r code data <<<"$bytes"
    [ "$code" -le 6144 ] && [ "$data" -eq 0 ] || { echo "FAILED: more than 6144 bytes of code, or data"; exit 1; }
done
for source in core/model.c core/checks/*.c; do
    g++ -x c++ -std=c++11 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror -Iinclude "$source"
done
