#!/bin/bash
# SPDX-License-Identifier: MIT
# A detector judged on a composed stream, twice the same.
. "$MIDGE_SOURCE/tests/cli/lib.sh" || exit 1

project bell
label=$(ls bell/recordings | head -1)
others=$(ls bell/recordings | tail -n +2 | paste -sd, | sed 's/,/, /g')
printf 'decide: {every_ms: 64, smoothing: 2, refractory_ms: 300, background: [%s]}\n' "$others" >>bell/midge.yaml
"$MIDGE" quantize bell >/dev/null 2>&1 && fail "quantize without a model"
"$MIDGE" train bell >/dev/null 2>&1 && "$MIDGE" quantize bell >/dev/null 2>&1 || fail "train, quantize"

"$MIDGE" data compose bell -o long.wav --hours 0.1 --clips-per-hour 1200 --snr-min 20 --snr-max 30 >log 2>/dev/null || fail "compose"
"$MIDGE" data compose bell -o again.wav --hours 0.1 --clips-per-hour 1200 --snr-min 20 --snr-max 30 >/dev/null 2>&1 || fail "compose"
cmp -s long.wav again.wav && cmp -s long.csv again.csv || fail "the same seed composes another stream"
[ "$(wc -l <long.csv)" -eq 121 ] || { cat log; fail "long.csv does not list 120 clips"; }
grep -q ",$label," long.csv || fail "no event of class $label"

"$MIDGE" eval bell --stream long.wav --truth long.csv --false-accepts 30 >log 2>/dev/null || fail "eval --stream"
found=$(sed -n 's/.* \([0-9]*\) of [0-9]* .*< chosen/\1/p' log)
[ -n "$found" ] && [ "$found" -ge 20 ] || { cat log; fail "hardly any tone is found"; }
grep -q '"chosen": {' bell/out/stream.json || fail "stream.json"
grep -q '</svg>' bell/out/det.svg || fail "det.svg"
"$MIDGE" eval bell --stream long.wav --truth long.csv --json 2>/dev/null | has '"false_accepts_per_hour"' || fail "eval --stream --json"
no_temporaries .

expect 2 'known are .*compose' "$MIDGE" data
expect 2 'mix is not known' "$MIDGE" data mix
expect 2 'LONG.wav is missing' "$MIDGE" data compose bell
expect 2 "'most' is none of train" "$MIDGE" data compose bell -o x.wav --split most
expect 1 '1000 hours: more than 0 and at most 100' "$MIDGE" data compose bell -o x.wav --hours 1000
expect 2 'varied is for test clips' "$MIDGE" eval bell --stream long.wav --truth long.csv --varied 1
expect 2 'stream and --truth go together' "$MIDGE" eval bell --stream long.wav
printf 'start,end,label\n3,1,bell\n' >bad.csv
expect 1 "bad.csv:2: '3,1,bell' ends before it starts" "$MIDGE" eval bell --stream long.wav --truth bad.csv
expect 1 'missing.wav' "$MIDGE" eval bell --stream missing.wav --truth long.csv
sed -i 's/background: .*}/background: [nobody]}/' bell/midge.yaml
expect 1 "decide.background: 'nobody' is no class" "$MIDGE" eval bell --stream long.wav --truth long.csv

# The generated code hears the same events as `eval`, at the same moments.
sed -i 's/background: \[nobody\]/background: [BACKGROUND]/' bell/midge.yaml
sed -i "s/BACKGROUND/$others/" bell/midge.yaml
"$MIDGE" eval bell --stream long.wav --truth long.csv --json >report.json 2>/dev/null || fail "eval"
"$MIDGE" compile bell >/dev/null 2>&1 || fail "compile"
heard_by_code bell long.wav >device
[ "$(wc -l <device)" -ge 20 ] || fail "the generated code hears hardly anything"
heard_by_eval report.json >desktop
diff device desktop >/dev/null || { diff device desktop | head -5; fail "the generated code hears other events than the desktop"; }

# A class's own threshold and hysteresis are in the generated code, as scores of 1/256 from -128 on.
sed -i "s|^decide: {|decide: {thresholds: [$label=0.75/0.25], |" bell/midge.yaml
"$MIDGE" compile bell >/dev/null 2>&1 || fail "compile with decide.thresholds"
grep -Eq '^static const int16_t tones_decide_on\[\] = \{([0-9-]+, )*64[,}]' bell/out/tones.c || fail "thresholds in the generated code"
grep -Eq '^static const int16_t tones_decide_off\[\] = \{([0-9-]+, )*0[,}]' bell/out/tones.c || fail "hysteresis in the generated code"
sed -i "s|thresholds: .$label|thresholds: [nobody|" bell/midge.yaml
expect 1 "decide.thresholds: 'nobody' is no class" "$MIDGE" compile bell
