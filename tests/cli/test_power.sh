#!/bin/bash
# SPDX-License-Identifier: MIT
# midge power: all parts, one part, JSON, picture, names that are not known.
for tool in arm-none-eabi-gcc qemu-system-arm; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
model=$MIDGE_SOURCE/fuzz/corpus/tflite/conv.tflite
power() { "$MIDGE" power "$model" "$@"; }
number() { sed -n "s/^ *\"$1\": \([0-9.e-]*\),*$/\1/p"; }

power --rate 4 >text
for part in stm32u385 nrf54l15 stm32u575 nrf52840 stm32l4r5 nrf51822; do grep -q "^  $part " text || fail "no $part"; done
power --rate 4 --part nrf52840 --sensor pdm-mic --messages 60 >text
for line in 'a calculation, no measurement' '^  work: 4 decisions' '^  active .* 0.156 mW/MHz, stated: Nordic' '^  sensor +1170.00 uW' \
    '^  radio +0.83 uW +60 messages an hour' '^  total ' '^  cr2032 +[0-9]+ days .*MORE CURRENT' '^  lipo500 +[0-9]+ days'; do
    grep -Eq "$line" text || { cat text; fail "'$line' is missing"; }
done

# Twice the rate is twice the computing; the cycles are those of bench.
power --rate 4 --part nrf52840 --json >four; power --rate 8 --part nrf52840 --json >eight
cycles=$("$MIDGE" bench "$model" --json | number estimated_cycles)
awk -v a="$(number active_uw <four)" -v b="$(number active_uw <eight)" -v c="$cycles" 'BEGIN { exit !(b > 1.999 * a && b < 2.001 * a &&
    a > 0.999 * 4 * c * 156e-6 && a < 1.001 * 4 * c * 156e-6) }' || fail "power is not cycles a second by energy"

power --rate 4 --part nrf52840 --svg power.svg >text
for part in 'mW on average' '>active<' '>asleep<' '</svg>'; do grep -q "$part" power.svg || fail "the picture lacks $part"; done
no_temporaries .

expect 1 "part 'nrf52480' is not in the table; near it: nrf52840" power --rate 4 --part nrf52480
expect 1 "part 'z80' is not in the table; near it: stm32u385, " power --rate 4 --part z80
expect 1 "sensor 'ear' is not in the table; known are none, vm1010" power --rate 4 --sensor ear
expect 1 "battery 'potato' is not in the table; known are cr2032, aaa2, lipo500" power --rate 4 --battery potato
expect 2 "a model file needs --rate" power
expect 2 "--svg goes with --part" power --rate 4 --svg power.svg

# A project: its own rate, and a budget that ends the build
project bell
"$MIDGE" build bell >log 2>&1 || { cat log; fail "build"; }
"$MIDGE" power bell --part stm32u575 >text 2>/dev/null || fail "power of a project"
grep -Eq '^  work: 4 decisions and 62.5 frames of features a second' text || { cat text; fail "the project's rate"; }
printf 'power: 5 uW\nboard: {part: stm32u575}\n' >>bell/midge.yaml
expect 1 "power: [0-9.]+ mW on the stm32u575, more than the 0.005 mW allowed; most of it is .* would help" "$MIDGE" build bell --resume
sed -i 's/^power.*/battery: {cr2032: 90 years}/' bell/midge.yaml
expect 1 "battery.cr2032: lasts [0-9]+ days on the stm32u575" "$MIDGE" build bell --resume
sed -i 's/^battery.*/power: much/' bell/midge.yaml
expect 1 "power: 'much' is not allowed; it must be a power such as 1 mW" "$MIDGE" build bell --resume
