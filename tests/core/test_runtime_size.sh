#!/bin/bash
# SPDX-License-Identifier: MIT
# The runtime without kernels is at most 6 KB of Cortex-M4 code, what takes updates at most 2 KB, what a radio
# carries at most 1 KB; all freestanding C99, and C++ as well.
set -euo pipefail
command -v arm-none-eabi-gcc arm-none-eabi-size >/dev/null || { echo "skipped: no arm-none-eabi-gcc"; exit 77; }
work=$(mktemp -d /tmp/midge-size-XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$MIDGE_SOURCE"
flags="--specs=picolibc.specs -ffreestanding -mcpu=cortex-m4 -mthumb -Wall -Wextra -Wconversion -Wshadow -Werror -Iinclude"

# at_most BYTES WHAT LEVEL SOURCE...: its code and constants; and it has no data
at_most() {
    local most=$1 what=$2 level=$3 source code data objects=()
    shift 3
    for source; do
        arm-none-eabi-gcc -std=c99 -pedantic "-$level" $flags -c "core/$source.c" -o "$work/$(basename "$source").o"
        objects+=("$work/$(basename "$source").o")
    done
    read -r code data < <(arm-none-eabi-size "${objects[@]}" | awk 'NR > 1 {sum += $1; data += $2 + $3} END {print sum, data}')
    echo "$what, -$level: $code bytes of code and constants, $data of data"
    [ "$code" -le "$most" ] && [ "$data" -eq 0 ] || { echo "FAILED: $what: more than $most bytes of code, or data"; exit 1; }
}
for level in Os O2; do at_most 6144 runtime $level model checks/check; done
at_most 2048 updates Os update update_receive
at_most 1024 'radio messages' Os update_link decision

for source in core/model.c core/update*.c core/decision.c core/checks/*.c; do
    g++ -x c++ -std=c++11 -fsyntax-only -Wall -Wextra -Wconversion -Wshadow -Werror -Iinclude "$source"
done
