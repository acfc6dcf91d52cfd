#!/bin/bash
# SPDX-License-Identifier: MIT
# midge package: each kind is complete and compiles without a warning; what runs here decides as the model does; an AVR
# computes the same bytes.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
model=$MIDGE_SOURCE/fuzz/corpus/tflite/conv.tflite
stubs=$MIDGE_SOURCE/tests/cli/package
warnings="-O1 -Wall -Wextra -Werror"
package() { "$MIDGE" package "$model" --name little --as "$@" >>log; }
for kind in cmake arduino esp-idf zephyr platformio cmsis-pack; do package $kind --author 'Jo Doe' --zip || fail "$kind"; done
no_temporaries .
[ -z "$(grep -rIlE '@[A-Za-z]+@' ./*-*/ --include='*')" ] || fail "a placeholder was left"

# The index of the largest output, by the program itself
for i in 1 2 3 4 5 6 7 8; do
    head -c 16 /dev/urandom >"in$i"
    "$MIDGE" run "$model" --input "in$i" --output "out$i" >/dev/null
    od -An -v -td1 "out$i" | tr -s ' ' '\n' | awk 'NF { if (n++ == 0 || $1 > top) { top = $1; best = n - 1 } } END { print best " little" }'
done >wanted
cat in? >bytes

cmake -S little-cmake -B b -DCMAKE_C_FLAGS="$warnings" >/dev/null && cmake --build b >/dev/null || fail "cmake"
b/little_example <bytes | cmp - wanted || fail "the example of cmake decides otherwise"
for kind in arduino platformio; do
    sketch=$(find little-$kind/examples -name "*.ino" -o -name main.cpp)
    cc $warnings -std=c99 -c -o code.o little-$kind/src/little.c
    c++ $warnings -I "$stubs" -I little-$kind/src -o sketch -x c++ "$sketch" -x none code.o || fail "$kind"
    ./sketch <bytes | cmp - wanted || fail "the sketch of $kind decides otherwise"
done
cc $warnings -std=c11 -fsyntax-only -I little-esp-idf/src little-esp-idf/examples/little_example/main/main.c || fail "esp-idf"
cc $warnings -std=c11 -fsyntax-only -I "$stubs" -I little-zephyr/src little-zephyr/samples/little_example/src/main.c || fail "zephyr"
cc $warnings -std=c99 -fsyntax-only -I little-cmsis-pack/src little-cmsis-pack/example/main.c || fail "cmsis-pack"
cross() {
    command -v "$1" >/dev/null || { echo "not tried: $1"; return 0; }
    "$@" $warnings -std=c99 -c -o cross.o little-cmake/src/little.c || fail "$1"
}
cross arm-none-eabi-gcc --specs=picolibc.specs -mcpu=cortex-m4 -mthumb
cross riscv64-unknown-elf-gcc --specs=picolibc.specs -march=rv32imac -mabi=ilp32

# What the ecosystems read
grep -qx 'name=little' little-arduino/library.properties || fail "library.properties"
grep -qx 'author=Jo Doe' little-arduino/library.properties || fail "author"
for file in $(sed -n 's/.*<file .*name="\([^"]*\)".*/\1/p' little-cmsis-pack/midge.little.pdsc); do
    [ -s "little-cmsis-pack/$file" ] || fail "the pack names $file, which is not there"
    cmake -E tar tf little-cmsis-pack/midge.little.1.0.0.pack | has -x "$file" || fail "the archive lacks $file"
done
mkdir unpacked && (cd unpacked && cmake -E tar xf ../little-arduino.zip) && diff -r unpacked/little little-arduino || fail "the archive differs"
mv little-arduino.zip before.zip && package arduino --author 'Jo Doe' --zip && cmp before.zip little-arduino.zip || fail "not the same bytes"

# A project: events out of samples
project bell 8
"$MIDGE" train bell >/dev/null 2>&1 && "$MIDGE" quantize bell >/dev/null 2>&1 || fail "train"
"$MIDGE" package bell --as cmake >/dev/null 2>&1 || fail "of a project"
cmake -S tones-cmake -B c -DCMAKE_C_FLAGS="$warnings" >/dev/null && cmake --build c >/dev/null || fail "cmake of a project"
for clip in bell/recordings/*/*.wav; do tail -c +45 "$clip"; done | c/tones_example >events
[ "$(wc -l <events)" -ge 3 ] && ! grep -vqE '^[0-9] [a-z]+$' events || { head events; fail "no events"; }

expect 2 "'snap' is no kind of package; known are cmake, arduino, esp-idf" package snap
expect 2 "--as KIND is missing; known are cmake" "$MIDGE" package "$model" --name little
expect 2 "--name '9x' is no C identifier" "$MIDGE" package "$model" --name 9x --as cmake
expect 2 "a model file needs --name" "$MIDGE" package "$model" --as cmake
expect 1 "--version '1' is not allowed; it must be as 1.2.3" package cmake --version 1
expect 1 "--author 'a \"b\"' is not allowed" package cmake --author 'a "b"'
expect 1 "/dev/null/x" package cmake -o /dev/null/x

# An ATmega328P: 2 KB of RAM, exact cycles
for tool in avr-gcc simavr; do
    command -v $tool >/dev/null || { echo "AVR not tried: $tool is missing"; exit 0; }
done
"$MIDGE" compile "$model" -o avr --name model --target generic >/dev/null
{
    printf '#define MODEL_RUNS 8\nstatic const uint8_t model_inputs[][MODEL_INPUT_0_BYTES] PROGMEM = {\n'
    od -An -v -tu1 -w16 bytes | sed 's/^ */{/;s/ \+/,/g;s/$/},/'
    echo '};'
} >avr/inputs.h
avr-gcc -mmcu=atmega328p -std=c99 -Os -Wall -Wextra -Werror -I avr -o avr.elf "$stubs/avr_main.c" avr/model.c || fail "avr-gcc"
timeout 60 simavr -m atmega328p -f 16000000 avr.elf >avr.log 2>&1 || fail "simavr"
sed -n 's/.*m\([0-9a-f]\{24\}\) \([0-9]*\)\..*/\1/p' avr.log >avr.bytes
for i in 1 2 3 4 5 6 7 8; do od -An -v -tx1 "out$i" | tr -d ' \n'; echo; done | cmp - avr.bytes || { cat avr.log; fail "an AVR computes other bytes"; }
cycles=$(sed -n 's/.*m[0-9a-f]\{24\} \([0-9]*\)\..*/\1/p' avr.log | sort -n | tail -1)
echo "an inference of 48 MAC on an ATmega328P: at most $cycles cycles"
[ "$cycles" -gt 1000 ] && [ "$cycles" -lt 20000 ] || fail "$cycles cycles"
