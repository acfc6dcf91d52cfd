#!/bin/bash
# SPDX-License-Identifier: MIT
# midge features: what it shows of sound, series and pictures, by a project and by options; bad input.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
project p
sound=$(find p/recordings -name '*.wav' | sort | head -1)

# A project's options and the same by hand are the same features.
"$MIDGE" features p "$sound" --csv a.csv --png a.png >text
"$MIDGE" features "$sound" --rate 8000 --window-ms 32 --hop-ms 16 --mels 20 --csv b.csv >other
cmp a.csv b.csv && cmp text other || fail "project and options differ"
has -E '^  log_mel, window 32 ms \(256 samples\), hop 16 ms \(128 samples\), 20 bands from 20 to 4000 Hz$' <text || fail "options"
rows=$(sed -n 's/^  \([0-9]*\) rows of 20 values; unit: 1\/256 of a factor of two of power$/\1/p' text)
[ "$(wc -l <a.csv)" -eq $((rows + 1)) ] || fail "a line of CSV for each of $rows rows"
[ "$(head -1 a.csv | tr ',' '\n' | wc -l)" -eq 21 ] || fail "a column for the time and for each band"
[ "$(sed -n 3p a.csv | cut -d, -f1)" = 0.016000 ] || fail "time of the second row"
# Least and largest of the first band are those of the CSV.
range=$(tail -n +2 a.csv | cut -d, -f2 | sort -n | sed -n '1p;$p' | tr '\n' ' ')
[ "$range" = "$(awk '$1 == "band_0" { print $3, $5 " " }' text)" ] || fail "range of band_0"
[ "$(head -c 8 a.png | od -An -tx1 | tr -d ' ')" = 89504e470d0a1a0a ] || fail "no PNG"
"$MIDGE" features p "$sound" --png again.png >text
cmp a.png again.png || fail "another picture of the same"

# Every kind; JSON
for kind in log_mel mfcc micro spectrogram spectral raw; do
    "$MIDGE" features "$sound" --rate 8000 --kind $kind --png $kind.png --json >json
    has "\"kind\": \"$kind\"" <json || fail "kind $kind"
    [ -s $kind.png ] || fail "picture of $kind"
done
"$MIDGE" features "$sound" --rate 8000 --kind mfcc --coefficients 7 --json >json
[ "$(grep -c '"name": "coefficient_' json)" -eq 7 ] || fail "seven coefficients"

# Series: a row for each sample of raw; columns by their names, quoted where they must be
{ echo 'time,x,"a""b"'; for i in $(seq 0 99); do echo "$i,$((i % 7)),-$i.5"; done; } >s.csv
"$MIDGE" features s.csv --rate 100 --csv s.out --png s.png >text
[ "$(wc -l <s.out)" -eq 101 ] || fail "raw: a row for each sample"
has '^  x: 32767 steps are 8$' <text || fail "full scale"
"$MIDGE" features s.csv --rate 100 --kind spectral --window-ms 640 --hop-ms 320 --mels 4 --low-hz 0 --csv s.out --png s.png >text
has '^time_s,x.band_0,x.band_1,x.band_2,x.band_3,x.mean,x.level,' <s.out || fail "columns of spectral"

# A project of series without full_scale takes that of its data, not of the file.
mkdir -p q/recordings/rest q/recordings/move
for i in 1 2 3; do
    for _ in $(seq 1 50); do echo "1,2"; done >q/recordings/rest/$i.csv
    for k in $(seq 1 50); do echo "$((k % 2 * 100)),2"; done >q/recordings/move/$i.csv
done
echo 'data: {kind: series, sample_rate: 50, clip_ms: 1000}' >q/midge.yaml
"$MIDGE" features q q/recordings/rest/1.csv --json >json
has '128' < <(grep -A1 '"full_scale"' json) || fail "full scale of the project's data"
[ ! -e q/out ] || fail "files in the project"

# Pictures: the features' own PNG
"$MIDGE" features a.png --csv i.csv --png i.png --image 20x30 >text
[ "$(wc -l <i.csv)" -eq 601 ] && has '^y,x,red,green,blue$' <i.csv || fail "pixels"

no_temporaries .
printf 'x\n1\nnan\n' >nan.csv
printf 'x,y\n1,2\n1\n' >ragged.csv
printf 'RIFF' >bad.wav
expect 1 "nan.csv: line 3: 'nan' is no number" "$MIDGE" features nan.csv
expect 1 "ragged.csv: line 3: 1 values where the first line has 2" "$MIDGE" features ragged.csv
expect 1 "bad.wav: " "$MIDGE" features bad.wav
expect 1 "none.wav: " "$MIDGE" features none.wav
expect 1 "none: there is no midge.yaml here" "$MIDGE" features none none.wav
expect 1 "it is too short" "$MIDGE" features "$sound" --rate 8000 --kind raw --decimate 60000
expect 1 "this kind is for one channel" "$MIDGE" features s.csv --kind log_mel
expect 1 "features.mels: '99' is not allowed; it must be a whole number from 0 to 64" "$MIDGE" features "$sound" --mels 99
expect 1 "features.kind: 'loud' is not allowed; it must be one of log_mel, " "$MIDGE" features "$sound" --kind loud
expect 1 "features.kind: 'it.s: {' is not allowed" "$MIDGE" features "$sound" --kind "it's: {"
expect 1 "no/x.csv: cannot be written" "$MIDGE" features "$sound" --csv no/x.csv
expect 1 "no/x.png: cannot be written" "$MIDGE" features "$sound" --png no/x.png
expect 2 "--mels is for recordings without a project" "$MIDGE" features p "$sound" --mels 10
expect 2 "an argument is missing" "$MIDGE" features
no_temporaries .
