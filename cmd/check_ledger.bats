#!/usr/bin/env bats
# sallyport check: the ledger. Every changed path is there, in every report, with who saw it or why nobody did.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    OUT=$BATS_TEST_TMPDIR
}

# A change in which each account that there is occurs.
everything_at_once() {
    printf '%s\n' 'version: 1' 'exclude: ["vendor/**"]' 'linters: {ruff: {}, black: {}}' \
        'rules: {packs: [python, change]}' >.sallyport.yaml
    printf '[tool.black]\nforce-exclude = "left_out"\n' >pyproject.toml
    seq -f 'gone %g' 20 >gone.txt
    seq -f 'X%g = 1' 20 >old.py
    seq -f 'Y%g = 1' 20 >source.py
    printf 'a\n' >unchanged.py
    printf '#!/bin/sh\n' >tool.sh
    commit first
    git rm -q gone.txt
    git mv old.py new.py
    cp source.py copy.py && printf 'Y = 2\n' >>source.py
    chmod +x tool.sh
    printf 'X = 1\n' >good.py
    printf 'import os\n' >bad.py
    printf 'X = 1\n' >left_out.py # by Black, which is told to
    mkdir dist && printf 'X = 1\n' >dist/undecided.py # which Ruff does not look at by itself
    printf 'text\n' >notes.txt
    printf 'a\0b\n' >data.bin
    mkdir vendor && printf 'import os\n' >vendor/a.py
    ln -s good.py link.py
    ln -s /etc outside
    printf 'version https://git-lfs.github.com/spec/v1\noid sha256:%064d\nsize 12345\n' 7 >large.csv
    git add -A
    git update-index --add --cacheinfo 160000,1234567890123456789012345678901234567890,module
}

# PATH VERDICT CHECKS REASON STATUS LEFT-OUT, a line for each path, from the SARIF report.
sarif_ledger() { # FILE
    python3 -c 'import json, sys, urllib.parse
for run in json.load(open(sys.argv[1]))["runs"]:
    for artifact in run.get("artifacts", []):
        of = artifact["properties"]
        print(urllib.parse.unquote(artifact["location"]["uri"]), of["verdict"], ",".join(of["checks"]) or "-",
              of.get("skipped", "-"), of.get("status"), *of.get("leftOut", []))' "$1"
}

# The same from the text report: its columns are at least two spaces apart.
text_ledger() {
    sed -n '/^ledger$/,/^$/p' <<<"$output" | sed -n 's/^  \(passed\|rejected\|skipped\|undecided\) */\1  /p' |
        sed 's/   */|/g' | awk -F'|' '{print $2 "|" $1 "|" $3}'
}

@test "each path once, with each check that saw it or the reason why none did" {
    everything_at_once
    local changed
    changed=$(git diff --cached -C --name-only | LC_ALL=C sort)
    expect 3 check --staged -v
    same "$changed" "$(text_ledger | cut -d'|' -f1)"
    same "$(
        cat <<'EOT'
bad.py|rejected|black, ruff, sallyport
copy.py|passed|black, ruff, sallyport
data.bin|skipped|binary
dist/undecided.py|undecided|black, ruff, sallyport
gone.txt|skipped|deleted
good.py|passed|black, ruff, sallyport
large.csv|skipped|a git-lfs pointer, whose content is not here
left_out.py|passed|ruff, sallyport (black: excluded by its own configuration)
link.py|skipped|a symbolic link
module|skipped|a submodule
new.py|passed|black, ruff, sallyport
notes.txt|passed|sallyport
outside|rejected|a symbolic link
source.py|passed|black, ruff, sallyport
tool.sh|passed|sallyport
vendor/a.py|skipped|excluded by the policy
EOT
    )" "$(text_ledger)"
    [[ $output == *"(renamed from old.py)"* && $output == *"(copied from source.py)"* ]]
}

@test "the summary counts them, and the counts add up" {
    everything_at_once
    expect 3 check --staged
    [[ $(tail -n 1 <<<"$output") == "undecided: "*" in 4 of 16 files; 8 files reviewed, 7 skipped, 1 undecided" ]]
    printf '%s\n' 'version: 1' 'linters: {}' 'rules: off' >.sallyport.yaml
    expect 0 check --staged -v
    [[ $(tail -n 1 <<<"$output") == "passed: no findings; 0 files reviewed, 16 skipped" ]]
    [[ $(text_ledger) == *"good.py|skipped|no check looks at such files"* ]]
}

@test "SARIF has the same ledger, as artifacts" {
    everything_at_once
    expect 3 check --staged -v -o sarif="$OUT/a.sarif" -o text
    "$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" sarif "$OUT/a.sarif" >/dev/null
    same "$(text_ledger | cut -d'|' -f1)" "$(sarif_ledger "$OUT/a.sarif" | cut -d' ' -f1)"
    sarif_ledger "$OUT/a.sarif" >"$OUT/ledger"
    grep -q '^bad.py rejected black,ruff,sallyport - added$' "$OUT/ledger"
    grep -q '^copy.py passed black,ruff,sallyport - copied$' "$OUT/ledger"
    grep -q '^data.bin passed - binary added$' "$OUT/ledger"
    grep -q '^gone.txt passed - deleted deleted$' "$OUT/ledger"
    grep -q '^large.csv passed - a git-lfs pointer, whose content is not here added$' "$OUT/ledger"
    grep -q '^link.py passed - a symbolic link added$' "$OUT/ledger"
    grep -q '^module passed - a submodule added$' "$OUT/ledger"
    grep -q '^new.py passed black,ruff,sallyport - renamed$' "$OUT/ledger"
    grep -q '^outside rejected - a symbolic link added$' "$OUT/ledger"
    grep -q '^left_out.py passed ruff,sallyport - added black: excluded by its own configuration$' "$OUT/ledger"
    grep -q '^dist/undecided.py undecided black,ruff,sallyport - added$' "$OUT/ledger"
    grep -q '^vendor/a.py passed - excluded by the policy added$' "$OUT/ledger"
}

@test "JUnit has the same ledger: a case for each check and file, and for each path that is skipped" {
    everything_at_once
    expect 3 check --staged -v -o junit="$OUT/a.xml" -o text
    "$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" junit "$OUT/a.xml" >"$OUT/cases"
    local path verdict account check
    while IFS='|' read -r path verdict account; do
        if grep -q "^ *case skipped $path skipped $account\$" "$OUT/cases"; then continue; fi
        account=${account% (*}
        for check in ${account//, / }; do
            grep -q "^ *case $check $path " "$OUT/cases" || { echo "no case: $check $path ($verdict)" >&2; return 1; }
        done
    done < <(text_ledger)
    grep -q '^ *case skipped gone.txt skipped deleted$' "$OUT/cases"
    grep -q '^ *case skipped vendor/a.py skipped excluded by the policy$' "$OUT/cases"
    grep -q '^ *case ruff dist/undecided.py error ' "$OUT/cases"
    grep -q '^ *case black left_out.py skipped excluded by its own configuration$' "$OUT/cases"
    grep -q '^ *case sallyport outside failure change.link-outside' "$OUT/cases"
    grep -q '^ *case black new.py passed$' "$OUT/cases"
}

@test "what could not be read is undecided, and says so in every report" {
    printf '%s\n' 'version: 1' 'linters: {}' >.sallyport.yaml
    printf 'a\n' >a.txt
    printf 'a\n' >b.txt
    commit first
    rm a.txt && mkfifo a.txt
    truncate -s 65M b.txt
    expect 3 check -v -o sarif="$OUT/a.sarif" -o junit="$OUT/a.xml" -o text
    same "a.txt|undecided|no check looked at it
b.txt|undecided|no check looked at it" "$(text_ledger)"
    [[ $output == *"a.txt undecided: content: a.txt: it is "*"not a regular file"* ]]
    [[ $output == *"b.txt undecided: content: b.txt: it is larger than 67108864 bytes"* ]]
    [[ $(tail -n 1 <<<"$output") == "undecided: no findings; 0 files reviewed, 2 undecided" ]]
    same "a.txt undecided - - modified
b.txt undecided - - modified" "$(sarif_ledger "$OUT/a.sarif")"
    same 2 "$("$TOP/.venv/bin/python" "$TOP/testdata/read_reports.py" junit "$OUT/a.xml" | grep -c '^ *case skipped [ab].txt error ')"
}

@test "with PATHs, the ledger is of these alone" {
    everything_at_once
    expect 0 check --staged -v good.py vendor new.py
    same "good.py
new.py
vendor/a.py" "$(text_ledger | cut -d'|' -f1)"
}
