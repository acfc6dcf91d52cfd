#!/bin/bash
# SPDX-License-Identifier: MIT
# midge data show: sound, tables and pictures as text and as PNG.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
tones recordings 2
sound=$(ls recordings/*/*.wav | head -1)
"$MIDGE" data show "$sound" --columns 40 >said
has '^waveform  ' <said && has '^spectrogram  0 to 4000 Hz' <said || { cat said; fail "a sound"; }
[ "$(wc -l <said)" -eq 24 ] || fail "not the lines of a picture"
grep -c '█' said | grep -qx '[1-9][0-9]*' || fail "nothing is drawn"
"$MIDGE" data show "$sound" --png a.png && "$MIDGE" data show "$sound" --png b.png >/dev/null
cmp a.png b.png || fail "two pictures of the same sound differ"
"$MIDGE" data show a.png | has '^picture  960 x 564$' || fail "a picture"
awk 'BEGIN { print "t,up,flat"; for (i = 0; i < 100; i++) print i "," i ",7" }' >rows.csv
"$MIDGE" data show rows.csv --rows-hz 50 --columns 40 >said
has '^up  0 to 99$' <said && has '^flat  7 to 7$' <said && has '2.000 s at 50 Hz' <said || { cat said; fail "a table"; }
expect 1 "a.png: is a picture already" "$MIDGE" data show a.png --png c.png
echo no >no.wav
expect 1 "no.wav: " "$MIDGE" data show no.wav
expect 1 "nowhere.wav: " "$MIDGE" data show nowhere.wav
expect 1 "notes.odt: its name is that of no sound, table or picture" "$MIDGE" data show notes.odt
expect 1 "there/b.png: cannot be written" "$MIDGE" data show "$sound" --png there/b.png
expect 2 "columns 1000 is more than 400" "$MIDGE" data show "$sound" --columns 1000

# play: ALSA's file plugin in the place of a loudspeaker gets every sample.
echo 'pcm.speaker { type file slave.pcm { type null } file played.raw format raw }' >asound.conf
ALSA_CONFIG_PATH=$PWD/asound.conf "$MIDGE" data play "$sound" --device alsa:speaker >said 2>/dev/null || fail "play"
has ' s played$' <said || { cat said; fail "what was played"; }
tail -c +45 "$sound" >samples.raw
cmp samples.raw played.raw || fail "what was played is not what the file holds"
expect 1 "^midge: alsa:nobody: cannot be opened: .*aplay -L" "$MIDGE" data play "$sound" --device alsa:nobody
expect 1 "^midge: loud: is no device that plays sound; say alsa:default" "$MIDGE" data play "$sound" --device loud
expect 1 "^midge: no.wav: " "$MIDGE" data play no.wav --device alsa:nobody
expect 1 "nowhere.wav: " "$MIDGE" data play nowhere.wav
expect 1 "rows.csv: is no sound; .midge data show. draws it" "$MIDGE" data play rows.csv
no_temporaries .
