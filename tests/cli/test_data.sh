#!/bin/bash
# SPDX-License-Identifier: MIT
# midge data: what it says of a folder of recordings, good and bad, and that it decodes only what changed.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
export HOME=$work XDG_CACHE_HOME=

# value KEY FILE: of the first such key in JSON
value() { sed -n "s/.*\"$1\": \"\{0,1\}\([^\",}]*\).*/\1/p" "$2" | head -1; }

tones recordings 8
class=$(ls recordings | head -1) other=$(ls recordings | tail -1)
files=$(find recordings -name '*.wav' | wc -l)
"$MIDGE" data stats recordings --json >stats.json
[ "$(value files stats.json)" -eq "$files" ] || fail "stats does not count $files files"
[ -s recordings/.midge-index.sqlite ] || fail "no index beside the recordings"
"$MIDGE" data stats recordings | has '^nothing looks wrong$' || fail "clean tones look wrong"
[ "$("$MIDGE" data ls recordings --json | grep -c '"sample_rate": 8000')" -eq "$files" ] || fail "ls --json"
[ "$("$MIDGE" data ls recordings --label "$class" | grep -c "$class/")" -eq 8 ] || fail "ls --label"

# Bad input: each by name, the rest goes on.
good=$(ls recordings/"$class"/*.wav | head -1)
cp "$good" recordings/"$other"/same.wav
cp "$good" recordings/"$class"/twice.wav
head -c 900 "$good" >recordings/"$class"/short_of_it.wav
echo "no sound" >recordings/"$class"/no.wav
{ head -c 44 "$good"; head -c $(($(stat -c %s "$good") - 44)) /dev/zero; } >recordings/"$class"/dead.wav
mkdir recordings/_background_noise_ && cp "$good" recordings/_background_noise_/
"$MIDGE" data stats recordings >said
has "2 cannot be read" <said || { cat said; fail "not 2 unreadable files"; }
has "conflict .*same content as .*labelled '" <said || fail "no conflict"
has "duplicate .*twice.wav: the same content as\|duplicate .*: the same content as .*twice.wav" <said || fail "no duplicate"
has "silent .*dead.wav" <said || fail "no silence"
has "unreadable .*short_of_it.wav: damaged: cut short" <said || fail "no file that is cut short"
has _background_noise_ <said && fail "background noise is no class"
"$MIDGE" data ls recordings | has "cannot be read .*no.wav: " || fail "ls says nothing of a bad file"

# What is gone is forgotten; what changed is measured again.
rm recordings/"$class"/{short_of_it,no,dead,twice}.wav recordings/"$other"/same.wav
"$MIDGE" data stats recordings | has '^nothing looks wrong$' || fail "what is gone is still known"
cp "$(ls recordings/"$other"/*.wav | head -1)" "$good"
"$MIDGE" data stats recordings | has "conflict" || fail "a file that changed was not measured again"

# Tables: bad ones are named with their line; thousands are quick, and found again without decoding.
mkdir -p rows/{still,shaken}
printf 'x,y\n1,2\n1,nan\n' >rows/still/nan.csv
printf 'x,y\n1,2\n3\n' >rows/still/ragged.csv
printf 'x,y\n1,2\n1,2\n' >rows/still/flat.csv
awk 'BEGIN { for (i = 0; i < 3000; i++) { f = sprintf("rows/shaken/%04d.csv", i); printf "x,y\n%d,1\n2,%d\n", i, i > f; close(f) } }'
"$MIDGE" data stats rows >said
has '^rows: 3003 files' <said || fail "not 3003 tables"
has "nan.csv: line 3: 'nan' is no number" <said || fail "NaN"
has "ragged.csv: line 3: 1 values where the first line has 2" <said || fail "ragged row"
has "silent .*flat.csv: the same value throughout" <said || fail "a sensor that stands still"
cp -p rows/shaken/0007.csv before
printf 'x,y\n9,1\n2,7\n' >rows/shaken/0007.csv && touch -r before rows/shaken/0007.csv # of which the index cannot know
[ "$("$MIDGE" data ls rows --label shaken --json | grep -c '"samples": 2')" -eq 3000 ] || fail "not 3000 tables"
"$MIDGE" data ls rows --json | has '0007.csv.*"peak": 7' || fail "tables were decoded again"

# Groups by pattern; an index that is damaged; one that is none; a folder that is not there.
"$MIDGE" data stats recordings --pattern '{label}/{group}_*' --index by_group.sqlite | has '^group ' || fail "groups"
head -c 5000 /dev/urandom >recordings/.midge-index.sqlite
"$MIDGE" data ls recordings >/dev/null || fail "a damaged index is made anew"
echo "my own notes, not to be lost" >notes.txt
expect 1 "notes.txt" "$MIDGE" data ls recordings --index notes.txt
has "not to be lost" <notes.txt || fail "a file that is no index was overwritten"
expect 1 "nowhere: there is no such folder" "$MIDGE" data ls nowhere
expect 2 "kind 'video' is none of" "$MIDGE" data ls recordings --kind video
expect 2 "dance is not known; known are ls, stats" "$MIDGE" data dance
"$MIDGE" data --help | has 'midge data stats DIR' || fail "--help"
