#!/usr/bin/env bats
# sallyport check --base: which findings are new, by what the linters find in the version before the change.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
}

# The policy of main: these linters, and further lines.
policy() { # LINTERS FURTHER-LINE...
    printf '%s\n' 'version: 1' "linters: {$1}" "${@:2}" >.sallyport.yaml
}

# Commits what there is as main's, and goes to the branch.
main_is_done() {
    commit first
    git checkout --quiet -b feature
}

# What the review reports, a line each: "a.py 3 ruff.F401".
# shellcheck disable=SC2119,SC2120 # mostly there is nothing to add to the command
reported() { # ARGUMENT...
    "$SALLYPORT" check --base main --no-run -o sarif "$@" | python3 -c 'import json, sys
for run in json.load(sys.stdin)["runs"]:
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        print(place["artifactLocation"]["uri"], place.get("region", {}).get("startLine", "-"), result["ruleId"])' | sort
}

@test "an import that the change left unused is new, though its line is not" {
    policy 'ruff: {}, flake8: {}'
    printf '%s\n' 'import os' 'import sys' '' 'print(sys.argv)' 'print(2)' >a.py
    main_is_done
    printf '%s\n' 'import os' 'import sys' '' 'print(1)' 'print(2)' >a.py
    commit second
    expect 1 check --base main
    [[ $output == *"2:8  error    ruff.F401, flake8.F401  "*sys* && $output != *"1:8"* ]]
    expect 1 check --base main -v
    [[ $output == *"1:8"*"[out of scope]"* ]]
    expect 1 check --base main -o sarif
    same '"new"' "$(grep -o '"baselineState": .*' <<<"$output" | sed 's/.*: //; s/,$//')"
    expect 0 check --staged -o sarif
    [[ $output != *baselineState* ]]
}

@test "what the change caused is new, also where it has taken the same away elsewhere" {
    policy 'ruff: {}'
    printf '%s\n' 'def f():' '    x = 1' '    return 1' '' '' 'def g():' '    x = 1' '    return x' >a.py
    main_is_done
    printf '%s\n' 'def f():' '    return 1' '' '' 'def g():' '    x = 1' '    return 2' >a.py
    commit second
    same "a.py 6 ruff.F841" "$(reported)"
    git mv a.py b.py
    commit third
    same "b.py 6 ruff.F841" "$(reported)"
}

@test "a name that is gone is new where it is still used" {
    policy 'ruff: {}'
    printf '%s\n' 'def helper():' '    return 1' '' '' 'def main():' '    return helper()' >a.py
    main_is_done
    printf '%s\n' 'def main():' '    return helper()' >a.py
    commit second
    same "a.py 2 ruff.F821" "$(reported)"
}

@test "a file with forty old findings that is renamed and edited reports only the new ones" {
    policy 'ruff: {args: ["--select", "E,F"]}, flake8: {}, black: {}'
    local i
    for i in {1..40}; do
        printf 'import module_%s\n' "$i"
    done >old.py
    printf '\n\ndef f():\n    return  [1,2]\n' >>old.py
    main_is_done
    mkdir pkg
    {
        printf 'import before\n'
        sed -n '1,19p' old.py
        printf 'import between\n'
        sed -n '21,$p' old.py
        printf '\n\ndef g():\n    unused = 1\n'
    } >pkg/new.py
    git rm --quiet old.py
    commit second
    git diff --find-renames --name-status main | grep -q '^R.*old.py.*pkg/new.py'
    same "$(printf '%s\n' 'pkg/new.py 1 ruff.F401' 'pkg/new.py 21 ruff.F401' 'pkg/new.py 49 ruff.F841')" "$(reported)"
}

@test "what was moved is old: a line, a block, a block that was indented" {
    policy 'ruff: {args: ["--select", "E,F"]}, flake8: {}, black: {}'
    printf '%s\n' 'import os' 'import re' 'A = 1' '' '' 'def f():' '    x = eval("1")' '    y = 2' '    return A == None' \
        '' '' 'def g():' '    "Says:"' '    print("one")' '    print("two")' '    print("three")' >a.py
    main_is_done
    printf '%s\n' 'import re' 'import os' 'A = 1' '' '' 'def g():' '    "Says:"' '    print("one")' '    print("two")' \
        '    print("three")' '' '' 'if A:' '' '    def f():' '        x = eval("1")' '        y = 2' \
        '        return A == None' >a.py
    commit second
    same "" "$(reported)"
    expect 0 check --base main -v
    [[ $output == *F401*F841*python.eval*E711* ]]
}

@test "what was moved to another file is old, also where its file is gone" {
    policy 'ruff: {}'
    printf '%s\n' 'def f():' '    x = eval("1")' '    y = 2' '    return 3' '' '' 'def kept():' '    print("kept")' \
        '    print("really")' >a.py
    printf '%s\n' 'def g():' '    z = eval("9")' '    return 8' >gone.py
    printf '%s\n' 'print("one")' 'print("two")' 'print("three")' >b.py
    main_is_done
    sed -i '1,6d' a.py
    printf '%s\n' '' '' 'def f():' '    x = eval("1")' '    y = 2' '    return 3' '' '' 'def g():' '    z = eval("9")' \
        '    return 8' >>b.py
    git rm --quiet gone.py
    commit second
    same "" "$(reported)"
    printf '    w = eval("7")\n' >>b.py
    commit third
    same "$(printf '%s\n' 'b.py 15 python.eval' 'b.py 15 ruff.F841')" "$(reported)"
}

@test "two where there was one before are one new; a copy is new" {
    policy 'ruff: {}'
    printf '%s\n' 'def f():' '    x = eval("1")' '    return 1' >a.py
    printf '%s\n' 'one = 1' 'two = 2' 'three = eval("3")' 'four = 4' >source.py
    main_is_done
    printf '%s\n' 'def g():' '    x = eval("1")' '    return 1' '' '' >a.new
    cat a.new a.py >a.both && mv a.both a.py && rm a.new
    cp source.py copy.py
    printf 'five = 5\n' >>source.py
    commit second
    git diff --find-copies --name-status main | grep -q '^C.*source.py.*copy.py'
    same "$(printf '%s\n' 'a.py 2 python.eval' 'a.py 2 ruff.F841' 'copy.py 3 python.eval')" "$(reported)"
}

@test "a line that moves alone to another file is new there" {
    policy 'ruff: {args: ["--select", "E,F"]}'
    printf '%s\n' 'import os' 'print(1)' 'print(2)' 'print(3)' >a.py
    printf '%s\n' 'print(4)' 'print(5)' 'print(6)' >b.py
    main_is_done
    sed -i 1d a.py
    sed -i '1iimport os' b.py
    commit second
    same "b.py 1 ruff.F401" "$(reported)"
}

@test "a measure that grew is new, one that shrank is old" {
    policy 'ruff: {args: ["--select", "C901", "--config", "lint.mccabe.max-complexity = 2"]}'
    branches() { # N
        printf 'def f(x):\n'
        for i in $(seq "$1"); do printf '    if x == %s:\n        return %s\n' "$i" "$i"; done
        printf '    return 0\n'
    }
    branches 5 >a.py
    main_is_done
    branches 4 >a.py
    commit second
    same "" "$(reported)"
    branches 6 >a.py
    commit third
    same "a.py 1 ruff.C901" "$(reported)"
}

@test "a linter's configuration by path: what the new path finds is new" {
    policy 'ruff: {}'
    printf '[lint.per-file-ignores]\n"tests/*" = ["F401"]\n' >ruff.toml
    mkdir tests
    printf '%s\n' 'import os' 'print(1)' 'print(2)' 'print(3)' >tests/a.py
    main_is_done
    git mv tests/a.py a.py
    commit second
    same "a.py 1 ruff.F401" "$(reported)"
}

@test "what was turned off by its path is new where it is not" {
    policy 'ruff: {args: ["--select", "E,F"]}' 'overrides: [{files: ["tests/**"], severity: {F401: off, python.eval: off, F841: note}}]'
    mkdir tests
    printf '%s\n' 'import os' 'x = eval("1")' 'print(x)' >tests/a.py
    printf '%s\n' 'print(1)' 'print(2)' 'def f():' '    y = eval("2")' '    return 3' >tests/b.py
    printf '%s\n' 'print(4)' >c.py
    main_is_done
    git mv tests/a.py a.py
    sed -n '3,5p' tests/b.py >>c.py
    sed -i '3,5d' tests/b.py
    commit second
    same "$(printf '%s\n' 'a.py 1 ruff.F401' 'a.py 2 python.eval' 'c.py 3 python.eval')" "$(reported)"
}

@test "what was excluded was not reviewed: all of it is new" {
    policy 'ruff: {args: ["--select", "E,F"]}' 'exclude: ["vendor/**", "*.txt"]'
    mkdir vendor
    printf '%s\n' 'import os' 'print(1)' 'print(2)' 'print(3)' >vendor/a.py
    printf '%s\n' 'import re' 'print(7)' 'print(8)' 'print(9)' >b.txt
    printf '%s\n' 'import sys' 'print(4)' 'print(5)' 'print(6)' >c.text
    main_is_done
    git mv vendor/a.py a.py
    git mv b.txt b.py
    git mv c.text c.py
    commit second
    same "$(printf '%s\n' 'a.py 1 ruff.F401' 'b.py 1 ruff.F401' 'c.py 1 ruff.F401')" "$(reported)"
}

@test "a linter's own suppression that goes makes its findings new" {
    policy 'ruff: {}'
    printf '%s\n' '# ruff: noqa: F401' 'import os' 'import sys  # noqa: F401' 'print(1)' >a.py
    main_is_done
    printf '%s\n' 'import os' 'import sys  # noqa: F401' 'print(1)' >a.py
    commit second
    same "a.py 1 ruff.F401" "$(reported)"
}

@test "a suppression in a comment that goes, or no longer holds, makes its findings new" {
    policy 'ruff: {}'
    printf '%s\n' 'import os  # sallyport: ignore[ruff.F401] -- for its side effects' '# sallyport: ignore[python.eval] -- our own text' \
        'x = eval("1")' '# sallyport: ignore[python.eval] -- our own text, too' 'y = eval("2")' 'print(x, y)' >a.py
    main_is_done
    sed -i '2d' a.py
    printf 'print(3)\n' >>a.py
    commit second
    same "a.py 2 python.eval" "$(reported)"
    expect 1 check --base main --explain=a.py:2
    [[ $output == *"new: in the base it is suppressed"* ]]
}

@test "what was suppressed until a day that is over was there to be seen" {
    policy 'ruff: {}'
    printf '%s\n' '# sallyport: ignore[python.eval] until=2020-01-01 -- our own text' 'x = eval("1")' 'print(x)' >a.py
    main_is_done
    printf 'print(3)\n' >>a.py
    commit second
    same "" "$(reported)"
}

@test "a base that cannot be parsed: all findings count, and it is said" {
    policy 'ruff: {}'
    printf '%s\n' 'import os' 'print(1' 'print(2)' >a.py
    main_is_done
    printf '%s\n' 'import os' 'print(1)' 'print(2)' >a.py
    commit second
    expect 1 check --base main
    [[ $output == *"1:8  error    ruff.F401"* ]]
    [[ $output == *"notes"*"what ruff found in a.py before the change is not known, so all that it finds there counts:"* ]]
    expect 1 check --base main -o sarif
    [[ $output == *'"notes": ['*"what ruff found in a.py"* ]]
}

@test "a linter that fails over the base: all findings count, and it is said" {
    policy 'imports: {files: ["*.py"], command: [awk, "/boom/ {exit 9} /import/ {print FILENAME \":\" FNR \":1: error: import\"}", "{files}"], output: gcc}'
    printf '%s\n' 'import os' 'print("boom")' >a.py
    printf '%s\n' 'import re' 'print("fine")' >b.py
    main_is_done
    printf '%s\n' 'import os' 'print("calm")' >a.py
    printf '%s\n' 'import re' 'print("fine")' 'print("more")' >b.py
    commit second
    expect 1 check --base main
    [[ $output == *"what imports found before the change is not known, so all that it finds counts: ended with exit code 9"* ]]
    [[ $output == *a.py*"1:1"*import*b.py*"1:1"*import* ]]
    printf 'print("end")\n' >>b.py
    commit third
    expect 0 check --base HEAD~1
    [[ $output != *notes* ]]
}

@test "gate.match_base: never goes by lines alone; always is for the index and the work tree as well" {
    policy 'ruff: {}' 'gate: {match_base: never}'
    printf '%s\n' 'import os' 'print(os)' 'print(1)' >a.py
    main_is_done
    printf '%s\n' 'import os' 'print(1)' >a.py
    git add a.py
    expect 0 check --staged
    policy 'ruff: {}' 'gate: {match_base: always}'
    expect 1 check --staged
    expect 1 check --worktree
    policy 'ruff: {}'
    expect 0 check --staged
    git checkout -q .sallyport.yaml
    commit second
    expect 0 check --base main
    policy 'ruff: {}' 'gate: {match_base: often}'
    expect 2 check
    [[ $stderr == *".sallyport.yaml:3:20: gate.match_base: expected auto, always or never, found 'often'"* ]]
}

@test "gate.match_base: always is for a patch as well" {
    policy 'ruff: {}' 'gate: {match_base: always}'
    printf '%s\n' 'import os' 'print(os)' 'print(1)' >a.py
    commit first
    printf '%s\n' 'import os' 'print(1)' >a.py
    git diff >../a.patch
    git checkout --quiet a.py
    expect 1 check --apply ../a.patch
    [[ $output == *"1:8"*ruff.F401* ]]
}

@test "a linter of the policy's own sees all of the base" {
    policy 'mypy: {files: ["*.py"], command: [mypy, --no-incremental, --cache-dir=/dev/null, --no-error-summary, "{files}"], output: gcc, success: [0, 1]}'
    printf '%s\n' 'def f() -> int:' '    return 1' >lib.py
    printf '%s\n' 'import lib' '' 'OLD: str = 1' 'x: int = lib.f()' 'print(1)' >app.py
    main_is_done
    printf '%s\n' 'def f() -> str:' '    return "1"' >lib.py
    printf '%s\n' 'import lib' '' 'OLD: str = 1' 'x: int = lib.f()' 'print(2)' >app.py
    commit second
    run reported
    [[ $output == *"app.py 4 mypy."* && $output != *"app.py 3"* ]]
}

@test "random edits, renames and moves: exactly the planted new findings are reported" {
    "$TOP/testdata/moves.py" --seed 20 --cases 60 "$SALLYPORT"
}
