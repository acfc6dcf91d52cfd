#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tools/make-speech: what it says when it cannot work, and that an interrupted run goes on to the same files.
set -euo pipefail
script=$MIDGE_SOURCE/tools/make-speech
folder=$(mktemp -d /tmp/midge-speech-XXXXXX)
trap 'rm -rf "$folder"' EXIT
fail() { echo "FAILED: $*"; exit 1; }

# A machine with nothing but bash: the line names the program and the way out.
mkdir "$folder/bin"
for tool in bash env; do ln -s "$(command -v $tool)" "$folder/bin/$tool"; done
said=$(PATH=$folder/bin "$script" "$folder/speech" 2>&1) && fail "worked without espeak-ng"
[[ $said == "make-speech: espeak-ng is not installed; run tools/setup"* ]] || fail "said: $said"
[ ! -e "$folder/speech" ] || fail "left a folder behind"

"$script" > /dev/null 2>&1 && fail "worked without a folder"
said=$("$script" "$folder/speech" 1 letters 2>&1) && fail "knew letters"
[[ $said == *"'letters' are not known; known are words, digits" ]] || fail "said: $said"
for tool in espeak-ng flite festival sox; do
    command -v $tool > /dev/null || { echo "skipped: $tool is not installed"; exit 77; }
done

# One voice, made twice: once whole, once with files missing.
mkdir -p "$folder/speech" && cd "$folder/speech"
mkdir -p yes no up down left right on off stop go zero one seven now guess hello house water
sums() { find . -name '*.wav' | LC_ALL=C sort | xargs md5sum; }
"$script" --job words flite:rms:rms > /dev/null
before=$(sums)
rm yes/rms_flite3.wav up/rms_flite0.wav
"$script" --job words flite:rms:rms > /dev/null
[ "$before" = "$(sums)" ] || fail "the second run made other files"
[ "$(find yes -name '*.wav' | wc -l)" = 14 ] || fail "not 14 takes of yes"
"$script" --job digits espeak:f1: > /dev/null 2>&1 && fail "wrote into folders that are not there"
mkdir two three four five six eight nine
"$script" --job digits espeak:f1: > /dev/null
[ "$(find . -name 'f1_*.wav' | wc -l)" = 30 ] || fail "not three takes of each digit"
[ -z "$(find . -name '.*.wav')" ] || fail "left temporary files"
