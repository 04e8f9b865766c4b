#!/usr/bin/env bats
# sallyport check: tools that only the policy knows, true ones and stand-ins, and problems that two tools find.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    bin=$BATS_TEST_TMPDIR/bin
    mkdir "$bin"
    PATH=$bin:$PATH
}

policy() { # LINE...
    printf 'version: 1\nrules: {packs: []}\nlinters:\n' >.sallyport.yaml
    printf '  %s\n' "$@" >>.sallyport.yaml
}

tool() { # NAME: a script, from stdin
    cat >"$bin/$1"
    chmod +x "$bin/$1"
}

# What a test has nothing to look at with; .ci/test says which of these may be missing.
need() { # PROGRAM
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

@test "shellcheck: gcc" {
    need shellcheck
    policy 'shellcheck: {files: ["*.sh"], command: [shellcheck, -f, gcc, "{files}"], output: gcc, severity: {SC2154: error}}'
    printf '#!/bin/sh\necho $1\necho "$name"\n' >greet.sh
    printf 'echo $1\n' >greet.txt
    git add greet.sh greet.txt
    expect 1 check --staged
    same 'greet.sh
  2:6  note   shellcheck.SC2086  Double quote to prevent globbing and word splitting.
    2 | echo $1
      |      ^
  3:7  error  shellcheck.SC2154  name is referenced but not assigned.
    3 | echo "$name"
      |       ^

reasons
  1 error, 0 allowed: 1 too many (gate.allow.error)

rejected: 1 error, 1 note in 1 of 2 files; 1 file reviewed, 1 skipped' "$(sed 's/  error    /  error  /; s/  note     /  note   /' <<<"$output")"
    printf '#!/bin/sh\necho "$1"\n' >greet.sh
    git add greet.sh
    expect 0 check --staged
    same 'passed: no findings; 1 file reviewed, 1 skipped' "$output"
}

@test "shellcheck: checkstyle, of names that are a nuisance, and only what is new" {
    need shellcheck
    policy 'shell: {files: ["*.sh"], command: [shellcheck, -f, checkstyle, "{files}"], output: checkstyle, severity: error}'
    printf '#!/bin/sh\necho $1\n' >old.sh
    commit first
    printf 'echo $2\n' >>old.sh
    local name
    for name in -dash.sh 'two words.sh' "quo'te\".sh" $'new\nline.sh' é.sh a:1:2.sh @at.sh; do
        printf '#!/bin/sh\necho $1\n' >"$name"
    done
    expect 1 check
    for name in -dash.sh 'two words.sh' "\"quo'te\\\".sh\"" '"new\nline.sh"' é.sh a:1:2.sh @at.sh; do
        [[ $'\n'$output == *$'\n'"$name"$'\n  2:6  error    shell.SC2086  Double quote'* ]] || {
            echo "not found: $name" >&2
            echo "$output" >&2
            false
        }
    done
    [[ $output == *$'\nold.sh\n  3:6  error'* && $output != *undecided* ]]
    [[ $output == *"rejected: 8 errors in 8 of 8 files; not counted: 1 old; 8 files reviewed" ]]
    # ShellCheck cannot print a name that is not UTF-8: that file is undecided, and only that.
    printf '#!/bin/sh\necho $1\n' >$'latin\xe9.sh'
    expect 3 check
    [[ $output == *$'\n"latin\\351.sh"\n  undecided  shell: its output cannot be read: '* ]]
    [[ $output == *"undecided: 8 errors in 8 of 9 files; not counted: 1 old; 8 files reviewed, 1 undecided" ]]
}

@test "mypy: a pattern, with its configuration" {
    need mypy
    policy 'mypy:' \
        '  files: ["*.py"]' \
        '  command: [mypy, --no-incremental, --cache-dir=/dev/null, --no-error-summary, --show-error-end, "{files}"]' \
        "  output: {pattern: '^(?<path>.+?):(?<line>\\d+):(?<column>\\d+):(?<end_line>\\d+):(?<end_column>\\d+): (?<severity>\\w+): (?<message>.*?)(?:  \\[(?<code>[\\w-]+)\\])?\$'}" \
        '  config: [mypy.ini]'
    printf 'def half(number) -> str:\n    return number // 2\n\n\nhalf("a").nothing\n' >half.py
    expect 1 check
    [[ $output == *'  5:1  error    mypy.attr-defined  "str" has no attribute "nothing"'* ]]
    [[ $output == *"rejected: 1 error in 1 of 2 files"* ]]
    printf '[mypy]\ndisallow_untyped_defs = True\ndisable_error_code = attr-defined\n' >mypy.ini
    commit all
    expect 1 check --all
    [[ $output == *'  1:1  error    mypy.no-untyped-def  Function is missing a type annotation for one or more parameters'* ]]
    [[ $output != *attr-defined* ]]
    # What a branch says of its own configuration does not hold yet.
    git switch --quiet --create loose
    printf '[mypy]\nignore_errors = True\n' >mypy.ini
    printf '\n\ndef other(x): return x\n' >>half.py
    commit loose
    expect 1 check --base main
    [[ $output == *'  8:1  error    mypy.no-untyped-def'* ]]
}

@test "mypy: gcc, as it is started by hand, and with ranges" {
    need mypy
    printf 'x: int = "a"\n' >half.py
    policy 'mypy: {files: ["*.py"], command: [mypy, "{files}"], output: gcc}'
    expect 1 check
    [[ $output == *"  1  error    mypy.assignment  Incompatible types in assignment "* ]]
    policy 'mypy: {files: ["*.py"], command: [mypy, --show-error-end, "{files}"], output: gcc}'
    expect 1 check
    [[ $output == *"  1:10  error    mypy.assignment  Incompatible types"*$'\n      |          ^^^\n'* ]]
}

@test "pycodestyle and Pyflakes: gcc, with severities by the beginning of a code" {
    policy 'style: {files: ["*.py"], command: [pycodestyle, "{files}"], output: gcc, severity: {E: note, E7: error, E70: warning}}' \
        'flakes: {files: ["*.py"], command: [pyflakes, "{files}"], output: gcc, severity: error}'
    printf 'import os\nx = 1;y = 2\nl = lambda: 0\n' >a.py
    expect 1 check
    [[ $output == *"1:1  error    flakes.warning  'os' imported but unused"* ]]
    [[ $output == *"2:6  warning  style.E702      multiple statements on one line (semicolon)"* ]]
    [[ $output == *"2:6  note     style.E231      missing whitespace after ';'"* ]]
    [[ $output == *"3:1  error    style.E731      do not assign a lambda expression, use a def"* ]]
}

@test "gcc: what it says of itself, beside what it finds" {
    policy 'cc: {files: ["*.c"], command: [sh, -c, "exec gcc -Wall -fsyntax-only \"$@\" gone.c", sh, "{files}"], output: gcc}'
    printf 'int main(void)\n{\n    int unused;\n    return 0;\n}\n' >a.c
    expect 3 check
    [[ $output == *"undecided  cc: did not do all of its work: cc1: fatal error: gone.c: No such file or directory"* ]]
    [[ $output == *"  3:9  warning  cc.unused-variable  unused variable"* ]]
}

@test "eslint: checkstyle, with a configuration that finds what stands beside the tool" {
    need eslint
    policy 'eslint: {files: ["*.js"], command: [eslint, -f, checkstyle, "{files}"], output: checkstyle, config: [eslint.config.mjs]}'
    # shellcheck disable=SC2016 # JavaScript
    printf 'import js from "@eslint/js";\nexport default [js.configs.recommended, { rules: { eqeqeq: "warn" } }];\n' >eslint.config.mjs
    mkdir sub
    printf 'const face = "\360\237\230\200"; if (face == 1) { let never; }\n' >sub/face.js
    git add . && git commit -q -m all
    expect 1 check --all
    [[ $output == *$'sub/face.js\n  1:28  warning  eslint.eqeqeq          Expected '* ]]
    [[ $output == *"  1:40  error    eslint.no-unused-vars  'never' is defined but never used."* ]]
    [[ $output == *"rejected: 1 error, 1 warning in 1 of 3 files; 1 file reviewed, 2 skipped" ]]
    # Of a configuration that it cannot read it makes no pass.
    printf 'export default [' >eslint.config.mjs
    commit broken
    expect 3 check --all
    [[ $output == *"undecided  eslint: ended with exit code 2"* ]]
}

@test "cppcheck: gcc on stderr, and of a header that another linter was given" {
    need cppcheck
    # shellcheck disable=SC2016
    policy 'cppcheck: {files: ["*.c"], command: [cppcheck, --enable=style, "--template={file}:{line}:{column}: {severity}: {message} [{id}]", "{files}"], output: gcc}' \
        'headers: {files: ["*.h"], command: [headers, "{files}"], output: gcc}'
    tool headers <<<'#!/bin/sh'
    printf '#include "room.h"\nint main(void)\n{\n    int room[2];\n    room[2] = 0;\n    return room[2] + last();\n}\n' >room.c
    printf 'static inline int last(void) { int x = 1; return 1 / (x - x); }\n' >room.h
    expect 1 check
    [[ $output == *"  5:9   error    cppcheck.arrayIndexOutOfBounds  Array 'room[2]' accessed at index 2, which is out of bounds."* ]]
    [[ $output == *$'room.h\n'*"error    cppcheck.zerodiv"* ]]
    [[ $output == *"in 2 of 3 files; 2 files reviewed, 1 skipped" ]]
}

@test "a tool sees what it needs beside its files: headers, imported modules, all of the tree" {
    need mypy
    need eslint
    policy 'cc: {files: ["*.c"], command: [cc, -fsyntax-only, -Wall, -Iinclude, "{files}"], output: gcc, needs: ["include/**"]}' \
        'mypy: {files: ["*.py"], command: [mypy, --no-incremental, --cache-dir=/dev/null, --no-error-summary, "{files}"], output: gcc, needs: tree}' \
        'eslint: {files: ["*.js"], command: [eslint, -f, checkstyle, "{files}"], output: checkstyle, config: [eslint.config.mjs], needs: ["rules/**"]}'
    mkdir include lib rules real
    printf 'int one(int);\n' >real/one.h
    ln -s ../real/one.h include/one.h
    printf '#include "one.h"\nint main(void) { return one(1); }\n' >a.c
    printf 'import lib.m\n\n\ndef f(x: lib.m.T) -> int:\n    return x\n' >b.py
    printf 'from lib.n import T as T\n' >lib/m.py
    printf 'T = int\n' >lib/n.py
    touch lib/__init__.py
    printf 'export const names = { eqeqeq: "error" };\n' >rules/names.mjs
    printf 'import { names } from "./rules/names.mjs";\nexport default [{ rules: names }];\n' >eslint.config.mjs
    printf 'a == b;\n' >c.js
    commit first
    expect 1 check --all
    [[ $output == *"eslint.eqeqeq"*"rejected: 1 error in 1 of"* && $output != *undecided* ]]
    # Only what a changed file says: and of a header that is changed itself, too, where a comment suppresses.
    git switch --quiet --create branch
    printf 'T = str\n' >lib/n.py
    printf '# changed\n' >>b.py
    printf '\n' >>a.c
    printf 'static int two(void) { int a; return 2; }\nint three(void) { int b; return two(); } // sallyport: ignore[unused-variable] -- why\n' >include/two.h
    sed -i 's/one.h"/&\n#include "two.h"/' a.c
    commit second
    expect 1 check --base main
    [[ $output == *$'b.py\n  5  error    mypy.return-value'* ]]
    [[ $output == *$'include/two.h\n  1:28  warning  cc.unused-variable'* && $output != *"  2:23 "* ]]
    [[ $output == *"rejected: 1 error, 1 warning in 2 of 4 files; not counted: 1 suppressed; 3 files reviewed, 1 skipped" ]]
}

@test "what a tool needs is no way around the base's configuration, nor out of the repository" {
    policy 'spy: {files: ["*.txt"], command: [spy, "{files}"], output: gcc, config: [spy.cfg], needs: tree}'
    tool spy <<'EOF'
#!/bin/sh
for file in spy.cfg sub/spy.cfg link.cfg out folder/x loop head; do
    echo "a.txt:1: error: $file: $(cat $file 2>/dev/null || echo none)"
done
exit 1
EOF
    mkdir sub folder
    printf 'base' >spy.cfg
    printf 'x' >folder/x
    commit first
    git switch --quiet --create branch
    printf 'loose' | tee spy.cfg sub/spy.cfg >/dev/null
    printf 'head' >./head
    ln -s spy.cfg link.cfg
    ln -s ../../../../../../../../etc/passwd out
    ln -s loop loop
    ln -s folder linked
    printf 'text\n' >a.txt
    commit second
    expect 1 check --base main
    same "folder/x: x
head: head
link.cfg: none
loop: none
out: none
spy.cfg: base
sub/spy.cfg: none" "$(sed -n 's/^ *1  error    spy.error  //p' <<<"$output")"
}

@test "bandit: SARIF in, and its rules in SARIF out" {
    need bandit
    policy 'bandit: {files: ["*.py"], command: [bandit, -q, -f, sarif, "{files}"], output: sarif, version: ">=1.7"}'
    printf 'import subprocess\nsubprocess.call("ls " + input(), shell=True)\neval(input())  # nosec\n' >run.py
    expect 1 check
    [[ $output == *"  1:1  note     bandit.B404  Consider possible security implications"* ]]
    [[ $output == *"  2:1  error    bandit.B602  subprocess call with shell=True identified, security issue."* ]]
    [[ $output == *"rejected: 1 error, 1 note in 1 of 2 files"* ]]
    expect 1 check -o sarif
    same bandit "$(field runs 0 tool driver name)"
    same '["external/cwe/cwe-078"]' "$(field runs 0 tool driver rules 1 properties tags)"
    [[ $(field runs 0 tool driver rules 1 helpUri) == https://bandit.readthedocs.io/*b602* ]]
    same error "$(field runs 0 results 1 level)"
    same '{"startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 45, "snippet": {"text": "subprocess.call(\"ls \" + input(), shell=True)"}}' \
        "$(field runs 0 results 1 locations 0 physicalLocation region)"
    [[ $(field runs 0 tool driver version) == 1.* ]]
}

@test "SARIF in, SARIF out: levels, regions, fixes, suppressions and the help of rules are kept" {
    policy 'odd: {files: ["*.txt"], command: [odd, "{files}"], output: sarif}'
    printf 'one\ntwo\n' >a.txt
    cat >../log <<'EOF'
{"version": "2.1.0", "runs": [{"columnKind": "unicodeCodePoints", "tool": {"driver": {"name": "Odd", "rules": [
  {"id": "R1", "name": "first", "shortDescription": {"text": "Short"}, "helpUri": "https://example.org/R1",
   "help": {"text": "one\ntwo", "markdown": "# one\n* two"}, "defaultConfiguration": {"level": "error"}},
  {"id": "R2", "shortDescription": {"text": "Other"}, "help": {"text": "x", "markdown": "x"}}]}},
 "results": [
  {"ruleId": "R1", "message": {"text": "by its rule"}, "locations": [{"physicalLocation": {"artifactLocation":
   {"uri": "a.txt"}, "region": {"startLine": 1, "startColumn": 2, "endLine": 2, "endColumn": 3}}}],
   "fixes": [{"description": {"text": "Mend"}, "artifactChanges": [{"artifactLocation": {"uri": "a.txt"}, "replacements":
   [{"deletedRegion": {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 4}, "insertedContent": {"text": "ONE"}}]}]}]},
  {"ruleId": "R2", "level": "note", "message": {"text": "a line"}, "locations": [{"physicalLocation": {"artifactLocation":
   {"uri": "a.txt"}, "region": {"startLine": 2}}}]},
  {"ruleId": "R2", "level": "warning", "message": {"text": "known"}, "locations": [{"physicalLocation": {"artifactLocation":
   {"uri": "a.txt"}, "region": {"startLine": 2, "startColumn": 1, "endColumn": 2}}}],
   "suppressions": [{"kind": "inSource", "justification": "because"}]}]}]}
EOF
    tool odd <<<"#!/bin/sh
cat <<'LOG'
$(<../log)
LOG"
    expect 1 check -o sarif
    kept() { # of standard input
        python3 -c 'import json, sys
run = max(json.load(sys.stdin)["runs"], key=lambda run: len(run["results"]))
rules = {rule["id"].split(".")[-1]: rule for rule in run["tool"]["driver"]["rules"]}
for id, rule in sorted(rules.items()):
    print(id, rule.get("name"), rule["shortDescription"]["text"], rule.get("helpUri"),
          rule["help"]["text"].removesuffix("\n\nhttps://example.org/R1"),
          rule["help"]["markdown"].removesuffix("\n\n[Read more](<https://example.org/R1>)"), sep=" | ")
lines = []
for result in run["results"]:
    id = result["ruleId"].split(".")[-1]
    region = result["locations"][0]["physicalLocation"]["region"]
    region = [region.get(key) for key in ("startLine", "startColumn", "endColumn")] + [region.get("endLine", region["startLine"])]
    fixes = [[(edit["deletedRegion"], edit["insertedContent"]["text"]) for edit in fix["artifactChanges"][0]["replacements"]]
             for fix in result.get("fixes", [])]
    lines.append([id, result.get("level") or rules[id]["defaultConfiguration"]["level"], result["message"]["text"], region,
                  fixes, [why["justification"] for why in result.get("suppressions", [])]])
print(*sorted(map(str, lines)), sep="\n")'
    }
    same "$(kept <../log)" "$(kept <<<"$output")"
    [ "$(kept <../log | wc -l)" = 7 ]
}

@test "rdjsonl, one file at a time" {
    policy 'once: {files: ["*.txt"], command: [once, "--file={file}"], output: rdjsonl}'
    tool once <<'EOF'
#!/bin/sh
[ $# = 1 ] || exit 2
path=${1#--file=}
printf '{"message": "%s", "severity": "ERROR", "code": {"value": "T1"}, "location": {"path": "%s", "range": {"start": {"line": 1, "column": 4}}}, "suggestions": [{"range": {"start": {"line": 1, "column": 1}, "end": {"line": 1, "column": 3}}, "text": "a"}]}\n' \
    "$(cat "$path")" "$path"
exit 1
EOF
    printf 'é one\n' >a.txt
    printf 'é two\n' >b.txt
    expect 1 check
    same 'a.txt
  1:3  error    once.T1  é one  [unsafe fix]
    1 | é one
      |   ^

b.txt
  1:3  error    once.T1  é two  [unsafe fix]
    1 | é two
      |   ^

reasons
  2 errors, 0 allowed: 2 too many (gate.allow.error)

rejected: 2 errors in 2 of 3 files; 2 files reviewed, 1 skipped' "$output"
}

@test "Ruff's rdjson, which has all in one object" {
    policy 'rd: {files: ["*.py"], command: [ruff, check, --isolated, --no-cache, --output-format, rdjson, "{files}"], output: rdjsonl, severity: {F401: error}}'
    printf 'import os\n' >a.py
    expect 1 check
    [[ $output == *$'a.py\n  1:8  error    rd.F401  `os` imported but unused  [unsafe fix]\n    1 | import os\n      |        ^^\n'* ]]
    expect 1 check -o sarif
    same https://docs.astral.sh/ruff/rules/unused-import "$(field runs 0 tool driver rules 0 helpUri)"
    printf 'import os\nos.abort()\n' >a.py
    expect 0 check
}

@test "what goes wrong with a tool makes its files undecided, and no others" {
    policy 'odd: {files: ["*.txt"], command: [odd, "{files}"], output: sarif, timeout: 500ms}' \
        'good: {files: ["*.md"], command: [good, "{files}"], output: gcc}'
    tool good <<<'#!/bin/sh'
    printf 'text\n' >a.txt
    printf 'text\n' >b.md
    expect 3 check
    [[ $output == *$'a.txt\n  undecided  odd: there is no program \'odd\' on the PATH\n             remedy: install it, or take it out of the policy\'s linters'* ]]
    [[ $output == *"1 file reviewed, 1 skipped, 1 undecided" && $output != *b.md* ]]

    tool odd <<<'#!/bin/sh
echo "odd: out of luck" >&2; exit 2'
    expect 3 check
    [[ $output == *"  undecided  odd: ended with exit code 2: odd: out of luck"* ]]
    tool odd <<<'#!/bin/sh
echo "{"'
    expect 3 check
    [[ $output == *"  undecided  odd: its output cannot be read: "* ]]
    tool odd <<<'#!/bin/sh
:'
    expect 3 check
    [[ $output == *"  undecided  odd: its output cannot be read: "*"near end of file"* ]]
    tool odd <<<'#!/bin/sh
kill -SEGV $$'
    expect 3 check
    [[ $output == *"  undecided  odd: was ended by signal 11 (Segmentation fault)"* ]]
    tool odd <<<'#!/bin/sh
sleep 30'
    expect 3 check
    [[ $output == *"  undecided  odd: was stopped after 500 ms (wall-clock limit)"*"remedy: raise linters.odd.timeout in the policy"* ]]
    tool odd <<<'#!/bin/sh
printf "%s\n" "{\"version\": \"2.1.0\", \"runs\": [{\"tool\": {\"driver\": {\"name\": \"odd\"}}, \"results\": []}]}"; exit 1'
    expect 3 check
    [[ $output == *"  undecided  odd: ended with exit code 1, and what it prints tells no finding"* ]]
    sed -i 's/sarif, timeout/sarif, success: [0, 7], timeout/' .sallyport.yaml
    expect 3 check
    [[ $output == *"  undecided  odd: ended with exit code 1: "* ]]
    sed -i 's/; exit 1//' "$bin/odd"
    expect 0 check
}

@test "a tool that is started once a file: what goes wrong with one is not the others'" {
    policy 'one: {files: ["*.txt"], command: [one, "--in={file}"], output: gcc, timeout: 500ms}'
    tool one <<<'#!/bin/sh
case $1 in
*bad*) echo "one: no" >&2; exit 9 ;;
*slow*) sleep 30 ;;
esac
echo "${1#--in=}:1: note: seen"'
    touch bad.txt good.txt slow.txt && printf 'x\n' | tee bad.txt good.txt >slow.txt
    expect 3 check
    [[ $output == *$'bad.txt\n  undecided  one: ended with exit code 9: one: no\n'* ]]
    [[ $output == *$'slow.txt\n  undecided  one: was stopped after 500 ms (wall-clock limit); remedy: raise linters.one.timeout in the policy\n'* ]]
    [[ $output == *$'good.txt\n  1  '*one.note* && $output != *$'good.txt\n  undecided'* ]]
    [[ $output == *"1 file reviewed, 1 skipped, 2 undecided" ]]
}

@test "a version that the policy asks for is asked of the tool" {
    policy 'odd: {files: ["*.txt"], command: [odd, "{files}"], output: gcc, version: ">=2"}'
    printf 'text\n' >a.txt
    tool odd <<<'#!/bin/sh
[ "$1" = --version ] && echo "odd 1.9.1"; exit 0'
    expect 3 check
    [[ $output == *"odd: version 1.9.1 is too old: the policy asks for >=2"*"remedy: install one that fits, or change linters.odd.version in the policy"* ]]
    sed -i 's/1.9.1/2.0/' "$bin/odd"
    expect 0 check
}

@test "a linter of configuration files sees the change's, those that they steer the base's" {
    policy 'ruff: {}' \
        'toml: {files: ["*.toml", "*.cfg"], command: [toml, "{files}"], output: gcc, config: [toml.cfg]}'
    tool toml <<'EOF'
#!/bin/sh
for path; do
    echo "$path:1: note: $(head -n 1 "$path") by $(cat toml.cfg)"
done
EOF
    printf '[lint]\nselect = ["F"]\n' >ruff.toml
    printf 'base\n' >toml.cfg
    printf 'x = 1\n' >a.py
    commit first
    git switch --quiet --create branch
    printf '# head\n[lint]\nselect = []\n' >ruff.toml
    printf 'head\n' >toml.cfg
    printf 'import os\n' >a.py
    commit second
    expect 1 check --base main
    [[ $output == *$'a.py\n  1:8  error    ruff.F401 '* ]]
    [[ $output == *$'ruff.toml\n  1  note     toml.note  # head by base\n'* ]]
    # Its own configuration it cannot see as the change has it.
    [[ $output != *$'\ntoml.cfg\n'* && $output == *"in 2 of 3 files; 2 files reviewed, 1 skipped" ]]
    expect 0 check --all
    [[ $output == *$'toml.cfg\n  1  note     toml.note  head by head\n'* ]]
}

@test "it is started as the known linters are: nothing can be written, reached or learned" {
    policy 'spy: {files: ["*.txt"], command: [spy, "{files}"], output: gcc}'
    printf 'text\n' >a.txt
    export SECRET=token
    tool spy <<EOF
#!/bin/bash
found="\${SECRET-nothing} \$HOME \$PWD"
echo changed 2>/dev/null >a.txt && found+=" wrote"
cat "$BATS_TEST_TMPDIR/repo/.sallyport.yaml" 2>/dev/null && found+=" read"
(exec 3<>/dev/tcp/127.0.0.1/22 || exec 3<>/dev/tcp/192.0.2.1/80) 2>/dev/null && found+=" network"
echo "a.txt:1: error: \$found"
exit 1
EOF
    expect 1 check
    [[ $output == *"spy.error  nothing /tmp /snapshot"$'\n'* ]]
    same text "$(cat a.txt)"
}

@test "what a tool suppresses does not count, and can be seen" {
    policy 'soft: {files: ["*.txt"], command: [soft, "{files}"], output: sarif}'
    printf 'text\n' >a.txt
    tool soft <<'EOF'
#!/bin/sh
cat <<'LOG'
{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "soft"}}, "results": [{"ruleId": "S1", "level": "error",
 "message": {"text": "bad"}, "suppressions": [{"kind": "inSource", "justification": "known"}],
 "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a.txt"}, "region": {"startLine": 1}}}]}]}]}
LOG
exit 1
EOF
    expect 0 check
    same 'passed: no findings; not counted: 1 suppressed; 1 file reviewed, 1 skipped' "$output"
    expect 0 check -v
    [[ $output == *"  1  error    soft.S1  bad  [suppressed by its tool: known]"* ]]
    expect 0 check -o sarif
    same '[{"kind": "external", "status": "accepted", "justification": "known"}]' \
        "$(field runs 1 results 0 suppressions)"
}

@test "the same problem from two tools is one finding that names both" {
    printf 'import os, sys\n\nprint(sys.argv, lost)\n' >a.py
    printf 'version: 1\nlinters: {ruff: {}, flake8: {}}\n' >.sallyport.yaml
    expect 1 check
    [[ $output == *'  1:8   error    ruff.F401, flake8.F401  `os` imported but unused  [fix]'* ]]
    [[ $output == *'  3:17  error    ruff.F821, flake8.F821  Undefined name `lost`'* ||
        $output == *"  3:17  error    flake8.F821, ruff.F821  undefined name 'lost'"* ]]
    [[ $output == *"2 errors, 0 allowed"* ]]
    expect 1 check -o junit=out.xml
    expect 1 check -o sarif
    same '{"alsoFoundBy": ["flake8.F401"]}' "$(field runs 1 results 1 properties)"
    [[ $(cat out.xml) == *"a.py:1:8: error: ruff.F401, flake8.F401: "* ]]
    printf 'gate: {merge_duplicates: false}\n' >>.sallyport.yaml
    expect 1 check
    [[ $output == *"  1:1   error    flake8.F401  'os' imported but unused"* ]]
    [[ $output == *'  1:8   error    ruff.F401    `os` imported but unused  [fix]'* ]]
    [[ $output == *"4 errors, 0 allowed"* ]]
    # And from three, of which the policy alone knows one.
    policy 'ruff: {}' 'flake8: {}' 'third-of-the-tools: {files: ["*.py"], command: [third, "{files}"], output: gcc}'
    tool third <<<"#!/bin/sh
echo \"./a.py:1:1: error: F401 'os' imported but unused\""
    expect 1 check
    [[ $output == *'ruff.F401, flake8.F401, third-of-the-tools.F401  `os` imported but unused  [fix]'* ]]
    [[ $output == *"2 errors, 0 allowed"* ]]
}

# Ruff names files by where it sees them, which then is another place.
@test "without namespaces tools find the same, where the policy lets them be started so" {
    need shellcheck
    for_users
    cp "$(readlink -f "$(command -v ruff)")" "${SALLYPORT%/*}/ruff" # where nobody may read it, too
    PATH=${SALLYPORT%/*}:/usr/bin:/bin
    policy 'ruff: {}' 'shellcheck: {files: ["*.sh"], command: [shellcheck, -f, gcc, "{files}"], output: gcc}'
    printf 'sandbox: {require: landlock}\n' >>.sallyport.yaml
    mkdir 'a b'
    printf 'import os\n' >'a b/c.py'
    printf '#!/bin/sh\necho $1\n' >'a b/d.sh'
    git add 'a b'
    expect 1 check --staged --no-cache
    with=$output
    [[ $with == *ruff.F401*shellcheck.SC2086*"2 files reviewed" ]]
    WRAP=("$without_namespaces")
    expect 1 check --staged --no-cache
    same "$with" "$output"
}

# A tool that prints whole paths has them from getcwd(3), which knows no links: its findings must not be another file's.
@test "without namespaces, with a TMPDIR that is a link" {
    for_users
    mkdir "$BATS_TEST_TMPDIR/real"
    chmod a+x "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/real" "$BATS_TEST_TMPDIR/bin"
    ln -s real "$BATS_TEST_TMPDIR/link"
    PATH=$bin:/usr/bin:/bin
    policy 'whole: {files: ["*.txt"], command: [whole, "{files}"], output: gcc}'
    printf 'sandbox: {require: landlock}\n' >>.sallyport.yaml
    tool whole <<<'#!/bin/sh
for path; do echo "$(pwd -P)/${path#./}:1:1: error: found"; done'
    printf 'text\n' >a.txt
    git add .
    WRAP=(env TMPDIR="$BATS_TEST_TMPDIR/link" "$without_namespaces")
    expect 1 check --staged
    [[ $output == *$'a.txt\n  1:1  error    whole.error  found\n'* ]]
}
