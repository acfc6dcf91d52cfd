#!/bin/bash
# SPDX-License-Identifier: MIT
# midge data import and export: there and back again, sample for sample; what is damaged is named and left out.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1
data() { "$MIDGE" data "$@" 2>>said; }
bytes() { (cd "$1" && find . -name "$2" ! -name metadata.csv -print0 | sort -z | xargs -0 cat | md5sum); }
# The contents of each class, whatever the files' names
contents() { (cd "$1" && find . -name "$2" ! -name metadata.csv -exec md5sum {} + | sed 's/ .*\.\/\([^/]*\).*/ \1/' | sort | md5sum); }
be32() { printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 >> 24 & 255)) $(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"; }

# Sound: Speech Commands' splits and speakers, ESC-50's table, Edge Impulse's JSON
tones recordings 4
mkdir -p words/{yes,no,_background_noise_}
n=0
for f in recordings/*/*.wav; do
    n=$((n + 1))
    [ $((n % 2)) -eq 0 ] && class=yes || class=no
    cp "$f" "words/$class/anna${n}_nohash_0.wav"
done
cp "$f" words/_background_noise_/hum.wav
echo yes/anna2_nohash_0.wav >words/testing_list.txt
echo no/anna1_nohash_0.wav >words/validation_list.txt
data import words -o in >out
has 'from speech_commands; 0 left out' <out || { cat out; fail "Speech Commands"; }
has '^yes/anna2_nohash_0.wav,yes,anna2,test,' <in/metadata.csv || fail "testing_list.txt"
has '^no/anna1_nohash_0.wav,no,anna1,validation,' <in/metadata.csv || fail "validation_list.txt"
[ -f in/_background_noise_/hum.wav ] || fail "background noise"
data import words -o in | has "^in: 0 clips written .* $((n + 1)) were there already" || fail "import again"
[ "$(wc -l <in/metadata.csv)" -eq $((n + 2)) ] || fail "metadata of what was there"
data export in -o back --to speech_commands >/dev/null
diff -r words back || fail "Speech Commands there and back"
for format in esc50 edge_impulse; do
    rm -rf in/_background_noise_
    data export in -o "as_$format" --to "$format" >/dev/null || fail "to $format"
    data import "as_$format" -o "from_$format" | has "from $format; 0 left out" || fail "from $format"
    [ "$(contents from_$format '*.wav')" = "$(contents in '*.wav')" ] || fail "$format changes sound"
done
has '^anna3_nohash_0-0.wav,3,0,no,' <as_esc50/meta/esc50.csv || { cat as_esc50/meta/esc50.csv; fail "ESC-50's table"; }

# Pictures: IDX with files of labels, CIFAR-10
mkdir -p idx
{ be32 2051; be32 3; be32 2; be32 4; printf '%s' abcdefghABCDEFGH01234567; } | gzip >idx/train-images-idx3-ubyte.gz
{ be32 2049; be32 3; printf '\1\0\1'; } | gzip >idx/train-labels-idx1-ubyte.gz
printf 'cat\ndog\n' >idx/labels.txt
data import idx -o pictures | has 'pictures: 3 clips written as folder from idx; 0 left out' || fail "IDX"
data ls pictures | has '^dog .* 4x2 .*dog/train_00002.png' || fail "a picture of IDX"
data export pictures -o idx2 --to idx >/dev/null
[ "$(tail -c +17 idx2/train-images-idx3-ubyte)" = ABCDEFGHabcdefgh01234567 ] || fail "pixels of IDX there and back"
[ "$(tail -c 3 idx2/train-labels-idx1-ubyte | od -An -tx1)" = " 00 01 01" ] || fail "labels of IDX"
mkdir cifar && { printf '\1'; head -c 3072 /dev/urandom; printf '\0'; head -c 3072 /dev/urandom; } >cifar/data_batch_1.bin
printf 'plane\nship\n' >cifar/batches.meta.txt
data import cifar -o ships | has '2 clips written as folder from cifar10; 0 left out' || fail "CIFAR-10"
data export ships -o cifar2 --to cifar10 >/dev/null
{ tail -c 3073 cifar/data_batch_1.bin; head -c 3073 cifar/data_batch_1.bin; } | cmp - cifar2/data_batch_1.bin || fail "CIFAR-10 there and back"

# A header that lies, a record that is cut short, a picture that is none
mkdir lies && { be32 2051; be32 3; be32 2; be32 4; printf 'abcdefgh'; } >lies/train-images-idx3-ubyte
{ be32 2049; be32 3; printf '\1\0\1'; } >lies/train-labels-idx1-ubyte
{ be32 2051; be32 2000000000; be32 60000; be32 60000; } >lies/t10k-images-idx3-ubyte
cp lies/train-labels-idx1-ubyte lies/t10k-labels-idx1-ubyte
: >said; data import lies -o truth | has '1 clip written .*2 left out' || fail "IDX that lies"
has "left out lies/train-.*its header promises 3 pictures, 1 are there" <said || { cat said; fail "no word of a lie"; }
has "left out lies/t10k-.*promises 2000000000 pictures of 60000 x 60000" <said || fail "no word of a big lie"
head -c 4000 cifar/data_batch_1.bin >cut.bin
: >said; data import cut.bin -o cut | has '1 clip written .*1 left out' && has "last record is cut short" <said || fail "CIFAR-10 cut short"
echo "no picture" >pictures/cat/no.png
: >said; data export pictures -o idx3 --to idx | has '3 clips written .*1 left out' && has "cat/no.png: " <said || fail "a picture that is none"

# Long tables: windows within a label, around bad rows
printf 'time,x,y,move,who\n0,1,2,a,p\n1,3,4,a,p\n2,nan,1,a,p\n3,1,1,b,q\n4,2,2,b,q\n5,3\n6,3,3,b,q\n7,4,4,b,q\n8,5,5,b,q\n' >log.csv
: >said; data import log.csv -o moves --window 2 --overlap 0.5 --label-column move --group-column who --rows-hz 50 >out
has 'moves: 4 clips written as folder from csv; 2 left out' <out || { cat out; fail "windows"; }
has "log.csv, line 4: 'nan' is no number" <said || fail "NaN"
has "log.csv, line 7: 2 values where the first line has 5" <said || fail "a ragged row"
[ "$(cat moves/b/q_log_0000009.csv)" = "$(printf 'x,y\n4,4\n5,5')" ] || fail "a window's rows"
data export moves -o acquired --to edge_impulse >/dev/null || fail "the rate of metadata.csv"
has '"device_name":"q".*"interval_ms":20.0' <acquired/training/b.q_log_0000005.json || fail "Edge Impulse's JSON"
data import acquired -o moves2 >/dev/null
[ "$(bytes moves '*.csv')" = "$(bytes moves2 '*.csv')" ] || fail "Edge Impulse there and back"
data export moves -o drawn --to strokes >/dev/null
data import drawn/strokes.json -o moves3 | has 'from strokes; 0 left out' || fail "strokes"
[ "$(contents moves '*.csv')" = "$(contents moves3 '*.csv')" ] || fail "strokes there and back"

# JSON that is not as it should be
mkdir json && echo '{"payload":{"interval_ms":10,"sensors":[{"name":"x","units":"g"},{"name":"y","units":"g"}],"values":[[1,2],[3]]}}' >json/a.1.json
echo '{' >json/a.2.json
sed 's/\[3\]/[3,4]/' json/a.1.json >json/a.3.json
: >said; data import json -o good | has '1 clip written as folder from edge_impulse; 2 left out' || fail "bad JSON"
has "values\[1\] has 1 values for 2 sensors" <said && has "a.2.json: no JSON: line" <said || { cat said; fail "no word of bad JSON"; }
has '^a/3.csv,a,,,json/a.3.json,100,g g$' <good/metadata.csv || fail "rate and units"

expect 1 "nowhere: there is no such file" "$MIDGE" data import nowhere -o x
expect 1 "format 'tar' is not known; known are: folder speech_commands" "$MIDGE" data export in -o x --to tar
expect 1 "nothing in it could be read as cifar10" "$MIDGE" data import in -o x --from cifar10
# WAV files of a sensor, cut likewise: 8032 samples of two channels in windows of 2000, half over each other
mkdir -p shake/on && { printf 'RIFF\244\175\000\000WAVEfmt \020\000\000\000\001\000\002\000\240\017\000\000\200\076\000\000\004\000\020\000data\200\175\000\000'
    head -c 32128 /dev/zero; } >shake/on/motor.wav
: >said; data import shake -o shaken --window-ms 500 --overlap 0.5 --rows-hz 4000 >out
has 'shaken: 7 clips written as folder from csv; 0 left out' <out || { cat out said; fail "windows of a WAV file"; }
[ "$(cat shaken/on/*_0001000.csv | wc -l)" -eq 2001 ] || { ls shaken/on; fail "rows of a WAV file's window"; }
expect 1 "its rate is 4000 Hz, not the 8000 of --rows-hz" "$MIDGE" data import shake -o no --window-ms 500 --rows-hz 8000
expect 2 "window-ms needs --rows-hz" "$MIDGE" data import log.csv -o x --window-ms 40
expect 2 "to FORMAT is missing" "$MIDGE" data export in -o x
no_temporaries .
