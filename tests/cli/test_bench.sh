#!/bin/bash
# SPDX-License-Identifier: MIT
# midge bench: what it shows, the estimate of cycles, options that make no sense.
for tool in arm-none-eabi-gcc qemu-system-arm; do
    command -v "$tool" >/dev/null || { echo "skipped: $tool is missing"; exit 77; }
done
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
model=$MIDGE_SOURCE/fuzz/corpus/tflite/conv.tflite

number() { "$MIDGE" bench "$model" --json "${@:2}" | sed -n "s/^  \"$1\": \([0-9.]*\),*$/\1/p"; }

"$MIDGE" bench "$model" --clock 120MHz >text
for line in '^on the emulated cortex-m4:' '^  cycles per inference .*\(estimate, [12]\.[0-9]+ an instruction; [0-9.]+ ms at 120 MHz' \
    '^ +op  name +instructions +share +cycles \(est\.\) +MACs +per MAC$' '^ +0  CONV_2D +[0-9]+ +[0-9.]+ % +[0-9]+ +48 +[0-9.]+$'; do
    grep -Eq "$line" text || { cat text; fail "'$line' is missing"; }
done

# Time is cycles by clock; flash that waits makes it longer, and so does a small multiplier.
cycles=$(number estimated_cycles)
[ "$cycles" -gt "$(number instructions)" ] || fail "fewer cycles than instructions"
[ "$(number estimated_us --clock 1MHz)" = "$cycles.0" ] || fail "microseconds at 1 MHz are cycles"
[ "$(number clock_hz --clock '32.768 kHz')" = 32768 ] || fail "--clock in kHz"
[ "$(number estimated_cycles --wait-states 0)" -eq "$cycles" ] || fail "no wait states are the default"
[ "$(number estimated_cycles --wait-states 3)" -gt "$cycles" ] || fail "wait states cost nothing"
[ "$(number instructions --wait-states 3)" -eq "$(number instructions)" ] || fail "wait states are no instructions"
[ "$(number estimated_cycles --target cortex-m0plus --slow-multiplier)" -gt \
    "$(number estimated_cycles --target cortex-m0plus)" ] || fail "a slow multiplier costs nothing"
[ -z "$(number estimated_cycles --target cortex-m7)" ] || fail "cycles of a core whose maker states none"

# Charts, beside others where something is known of the model
mkdir anchors
echo "{\"it\": {\"m4_instructions\": 123456, \"m4_arena_bytes\": 2048, \"model_bytes\": $(stat -Lc %s "$model")}}" \
    >anchors/tflm_cmsis_nn.json
"$MIDGE" bench "$model" --html cost.html --anchors anchors >text || fail "--html"
for part in 'Where the instructions go' '0 CONV_2D</div>' 'Instructions for each multiply' 'Beside others' 'CMSIS-NN</div>' \
    '123 k</div>' '2.00 KB</div>'; do
    grep -q "$part" cost.html || fail "the report lacks '$part'"
done
"$MIDGE" bench "$model" --html cost.html --anchors anchors --target cortex-m7 >text || fail "--html of cortex-m7"
! grep -q 'Beside others' cost.html || fail "figures of another target"
no_temporaries .
echo '[1]' >anchors/tflm_cmsis_nn.json
expect 1 "anchors/tflm_cmsis_nn.json: is no object" "$MIDGE" bench "$model" --html cost.html --anchors anchors
echo '{' >anchors/tflm_cmsis_nn.json
expect 1 "anchors/tflm_cmsis_nn.json:2: " "$MIDGE" bench "$model" --html cost.html --anchors anchors
expect 1 "none/tflm_cmsis_nn.json: " "$MIDGE" bench "$model" --html cost.html --anchors none
expect 1 "no/such/cost.html: " "$MIDGE" bench "$model" --html no/such/cost.html
expect 2 "--anchors is for the report of --html" "$MIDGE" bench "$model" --anchors anchors

for clock in fast 0 -5MHz 120mhz 120MHzz 1e30 nan inf ''; do
    expect 2 "--clock '$clock' is no frequency such as 120MHz" "$MIDGE" bench "$model" --clock "$clock"
done
for n in -1 16 x 1.5 ''; do
    expect 2 "--wait-states '$n' is not a whole number from 0 to 15" "$MIDGE" bench "$model" --wait-states "$n"
done
expect 2 "no cycles can be estimated for cortex-m55" "$MIDGE" bench "$model" --target cortex-m55 --clock 100MHz
expect 2 "--slow-multiplier is a choice that makers of a Cortex-M0" "$MIDGE" bench "$model" --slow-multiplier
expect 2 "'m99' is no target; known are generic" "$MIDGE" bench "$model" --target m99
expect 2 "option --clock lacks its value" "$MIDGE" bench "$model" --clock
expect 1 "nothing.tflite" "$MIDGE" bench nothing.tflite

# Every block of features: a frame of log mel within its limit, a block without an FFT far below
"$MIDGE" bench --features --json >json 2>/dev/null || fail "--features"
cost() { awk -v kind="\"$1\"," -v key="\"$2\":" '$1 == "\"kind\":" { on = $2 == kind } on && $1 == key { print $2 + 0; exit }' json; }
for kind in log_mel mfcc micro spectrogram spectral raw; do
    [ "$(cost $kind code_bytes)" -gt 500 ] || fail "code of $kind"
    [ "$(cost $kind stack_bytes)" -gt 0 ] || fail "stack of $kind"
done
[ "$(cost log_mel instructions)" -le 40000 ] || fail "log_mel: $(cost log_mel instructions) instructions"
[ "$(cost raw instructions)" -le 1000 ] || fail "raw: $(cost raw instructions) instructions"
[ "$(cost mfcc table_bytes)" -eq $(($(cost log_mel table_bytes) + 10 * 40 * 2 - 30 * 8)) ] || fail "tables of mfcc"
[ "$(cost micro state_bytes)" -eq 160 ] || fail "micro: a word for each band"
expect 2 "--features goes with --target and --json alone" "$MIDGE" bench --features "$model"
expect 2 "--features goes with --target and --json alone" "$MIDGE" bench --features --clock 1MHz
expect 2 "an argument is missing" "$MIDGE" bench
