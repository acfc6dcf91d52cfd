#!/bin/bash
# SPDX-License-Identifier: MIT
# midge data split, trim, relabel, verify: what they change, what they refuse, and what they leave alone.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

# split: the table that training would make
project p
"$MIDGE" data split p -o split.tsv >said
n=$(find p/recordings -name '*.wav' | wc -l)
[ "$(wc -l <split.tsv)" -eq $((n + 1)) ] || fail "split.tsv does not list $n clips"
for split in train validation test; do has "	$split	" <split.tsv || fail "no clip in $split"; done
"$MIDGE" data split p --json | has '"skipped": 0' || fail "split --json"
cmp split.tsv p/out/clips.txt || fail "two splits of the same data differ"

# What metadata.csv says is kept: its test clips are the test; validation, which it does not name, comes from the rest.
(cd p/recordings && find . -name '*.wav' | sort | awk 'BEGIN { print "path,label,split" }
    { sub("^./", ""); split($0, part, "/"); print $0 "," part[1] "," (NR % 5 == 0 ? "test" : "train") }') >metadata.csv
cp metadata.csv p/recordings/
"$MIDGE" data split p -o listed.tsv >/dev/null
grep ',test$' metadata.csv | cut -d, -f1 | sort >want
awk -F'\t' '$4 == "test" { sub("^.*recordings/", "", $1); print $1 }' listed.tsv | sort | cmp - want || fail "test clips of metadata.csv"
has '	validation	' <listed.tsv || fail "no clip is left for validation"
sed -i '2s/,[a-z]*$/,exam/' p/recordings/metadata.csv
expect 1 "metadata.csv:2: split 'exam' is none of train, validation, test" "$MIDGE" data split p -o listed.tsv
rm p/recordings/metadata.csv

# verify: clean, then one of each fault
cp -r p/recordings r && rm -f r/.midge*
class=$(ls r | head -1) other=$(ls r | tail -1)
good=$(ls r/"$class"/*.wav | head -1)
expect 0 "" "$MIDGE" data verify r
has "$n files decoded: 0 damaged, 0 with" <stdout || fail "verify counts"
[ ! -e r/.midge-index.sqlite ] || fail "verify leaves an index"
head -c 900 "$good" >r/"$class"/cut.wav
{ head -c 24 "$good"; printf '\200\076\0\0'; tail -c +29 "$good"; } >r/"$class"/fast.wav # the header says 16 kHz
{ head -c 22 "$good"; printf '\2\0'; tail -c +25 "$good" | head -c 8; printf '\4\0'; tail -c +35 "$good"; } >r/"$class"/wide.wav
expect 1 "r: 3 things are wrong" "$MIDGE" data verify r
has "cut.wav: damaged: cut short" <stdout && has "fast.wav: 16000 Hz, not 8000" <stdout &&
    has "wide.wav: 2 channels, not 1" <stdout || { cat stdout; fail "verify names what is wrong"; }
expect 1 "" "$MIDGE" data verify r --json
has '"wrong_channels": 1' <stdout || fail "verify --json"
rm r/"$class"/{cut,fast,wide}.wav
mkdir -p t/a && printf 'x,y\n1,2\n3\n' >t/a/ragged.csv && printf 'x,y\n1,inf\n' >t/a/nan.csv && printf 'x,y\n1,2\n' >t/a/good.csv
expect 1 "t: 2 things are wrong" "$MIDGE" data verify t
has "ragged.csv: line 3: 1 values" <stdout && has "nan.csv: line 2: 'inf' is no number" <stdout || fail "verify tables"
mkdir empty && expect 1 "empty: no files to verify" "$MIDGE" data verify empty

# trim: a tone of 250 ms between 500 ms of silence, and silence alone
mkdir -p long/{tone,dead}
silence() { head -c $((8000 * 2 * $1 / 1000)) /dev/zero; }
wav() { # header for so many bytes, then standard input
    le32() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24)))"; }
    printf RIFF; le32 $(($1 + 36)); printf 'WAVEfmt '; le32 16; printf '\1\0\1\0'; le32 8000; le32 16000; printf '\2\0\20\0data'; le32 "$1"; cat
}
bytes=$(($(stat -c %s "$good") - 44))
{ silence 500; tail -c "$bytes" "$good"; silence 500; } | wav $((bytes + 16000)) >long/tone/a.wav
silence 500 | wav 8000 >long/dead/b.wav
cp long/tone/a.wav before.wav
"$MIDGE" data trim long -o short >said 2>notes
has "short: 1 clip written .*1 left out" <said && has "dead/b.wav: silent throughout" <notes || { cat said notes; fail "trim"; }
length=$(($(stat -c %s short/tone/a.wav) - 44)) # tone and 50 ms on each side, in frames of 10 ms
[ "$length" -ge "$((bytes * 8 / 10))" ] && [ "$length" -le $((bytes + 1600 + 320)) ] || fail "trim leaves $length of $bytes bytes"
cmp before.wav long/tone/a.wav || fail "trim changed its source"

# relabel: moves, refuses to overwrite, to leave the folder, to invent; metadata follows
"$MIDGE" data import r -o m >/dev/null
a=$(cd m && ls "$class"/*.wav | sed -n 1p) b=$(cd m && ls "$class"/*.wav | sed -n 2p) c=$(cd m && ls "$class"/*.wav | sed -n 3p)
cp m/"$b" kept.wav
[ -f "m/$other/$(basename "$b")" ] || cp kept.wav "m/$other/$(basename "$b")"
printf 'path,label\n%s,%s\n%s,%s\n%s,new\n%s,../out\n../kept.wav,new\nnone/x.wav,new\n' "$a" third "$b" "$other" "$c" "$c" >table.csv
expect 1 "table.csv: 4 of its rows were refused" "$MIDGE" data relabel m table.csv --dry-run
[ -f "m/$a" ] || fail "--dry-run moved a file"
expect 1 "table.csv: 4 of its rows were refused" "$MIDGE" data relabel m table.csv
has "^$b: $other/$(basename "$b") is there already" <stdout && has "^2 files moved" <stdout || { cat stdout; fail "relabel"; }
[ -f "m/third/$(basename "$a")" ] && [ ! -e "m/$a" ] && [ -f "m/new/$(basename "$c")" ] || fail "not moved"
cmp kept.wav "m/$b" || fail "a refused file was touched"
has "^third/$(basename "$a"),third," <m/metadata.csv || fail "metadata does not follow"
has "^$a," <m/metadata.csv && fail "metadata of where it was"
echo 'file,class' >bad.csv
expect 1 "must name the columns path and label" "$MIDGE" data relabel m bad.csv
expect 2 "an argument is missing" "$MIDGE" data relabel m
no_temporaries .
