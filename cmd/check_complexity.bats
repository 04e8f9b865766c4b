#!/usr/bin/env bats
# sallyport check, gate.max_complexity: how complex functions of C and C++ may be, by what clang makes of them.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    limit 2
}

# The policy: no linters, no rules, only this limit.
limit() { # LIMIT [FURTHER-LINE...]
    printf '%s\n' 'version: 1' 'linters: {}' 'rules: {packs: []}' "gate: {max_complexity: $1}" "${@:2}" >.sallyport.yaml
}

# What the review finds, a line each: "a.c 3:5 c.complexity `f` is too complex (3 > 2)"; what is undecided too.
# shellcheck disable=SC2120 # mostly there is nothing to add to the command
found() { # ARGUMENT...
    "$SALLYPORT" check --no-run -o sarif "$@" | python3 -c 'import json, sys
for run in json.load(sys.stdin)["runs"]:
    for result in run["results"]:
        place = result["locations"][0]["physicalLocation"]
        region = place.get("region", {})
        print(place["artifactLocation"]["uri"], "%s:%s" % (region.get("startLine"), region.get("startColumn")),
              result["ruleId"], result["message"]["text"])'
}

# The reason why a file is undecided by this check.
why() { # PATH
    awk -v path="$1" '$0 == path { there = 1; next } /^[^ ]/ { there = 0 } there && sub(/^ *undecided  clang: /, "")' <<<"$output"
}

@test "a function of C that is too complex, with its number and the limit, at its name" {
    printf '#include <stdio.h>\n\nstatic int\nf\303\244(int a, int b)\n{\n    return a && b ? 1 : 2;\n}\n\nint g(int a) { return a ? 1 : 2; }\n' >a.c
    expect 1 check -v
    [[ $output == $'a.c\n  4:1  error    c.complexity  `fä` is too complex (3 > 2)\n    4 | fä(int a, int b)\n      | ^^\n'* ]]
    [[ $output == *$'\n  rejected   a.c '*" clang"$'\n'* ]]
    [[ $output == *"rejected: 1 error in 1 of 2 files"* ]]
    limit 3
    expect 0 check
}

@test "C++: methods, templates, lambdas; headers by the languages of the repository" {
    printf 'namespace n {\ntemplate <class T> struct S {\n    int m(T a) { auto f = [a] { return a && a; }; return f() ? 1 : 2; }\n};\n}\n' >a.hpp
    printf 'inline int h(int a) { return a && a && a; }\nclass C { C() { if (1) { } else if (2) { } } };\n' >b.h
    same 'a.hpp 3:9 c.complexity `n::S::m` is too complex (3 > 2)
b.h 1:12 c.complexity `h` is too complex (3 > 2)
b.h 2:11 c.complexity `C::C` is too complex (3 > 2)' "$(found)"
    printf 'int x;\n' >c.c
    same 'b.h 1:12 c.complexity `h` is too complex (3 > 2)
b.h 2:11 c.complexity `C::C` is too complex (3 > 2)' "$(found b.h)"
    rm a.hpp
    expect 3 check b.h # as C
    same "what stands on line 2 cannot be understood as part of a function: line 2: unknown type name 'class'" "$(why b.h)"
}

@test "the cognitive limit is one of its own" {
    printf 'int f(int a) { while (a) if (a) a--; return a; }\nint g(int a, int b, int c) { return a && b && c; }\n' >a.c
    limit '{cognitive: 2}'
    same 'a.c 1:5 c.cognitive-complexity `f` is too hard to follow (3 > 2)' "$(found)"
    limit '{cyclomatic: 2, cognitive: 2}'
    same 'a.c 1:5 c.cognitive-complexity `f` is too hard to follow (3 > 2)
a.c 1:5 c.complexity `f` is too complex (3 > 2)
a.c 2:5 c.complexity `g` is too complex (3 > 2)' "$(found)"
    expect 0 policy check
    same "sallyport: note: gate.max_complexity is not measured in Python: ruff is not among the linters
sallyport: note: gate.max_complexity.cognitive is measured in C and C++ alone" "$stderr"
}

@test "what is not measured in Python is said" {
    printf 'x = 1\n' >a.py
    limit '{cyclomatic: 2, cognitive: 2}'
    expect 0 check
    same "sallyport: note: gate.max_complexity is not measured in 1 file of Python: ruff is not among the linters
sallyport: note: gate.max_complexity.cognitive is measured in C and C++ alone, not in 1 file of Python" "$stderr"
    printf 'version: 1\nlinters: {ruff: {}}\ngate: {max_complexity: 2}\n' >.sallyport.yaml
    expect 0 check
    same "" "$stderr"
    printf 'version: 1\nlinters: {ruff: {args: [--ignore, "E501,C901"]}}\ngate: {max_complexity: 2}\n' >.sallyport.yaml
    expect 0 check
    same "sallyport: note: gate.max_complexity is not measured in 1 file of Python: ruff's args ignore C901" "$stderr"
    printf 'version: 1\nlinters: {ruff: {args: [--ignore, E501, --extend-select, C901]}}\ngate: {max_complexity: 2}\n' >.sallyport.yaml
    expect 0 check
    same "" "$stderr"
}

@test "clang is only started where there is C or C++, and a limit or rules" {
    printf 'x = 1\n' >a.py
    expect 0 check -v
    [[ $output != *clang* ]]
    printf 'int f(int a) { return a && a && a; }\n' >a.c
    printf 'version: 1\nlinters: {}\nrules: {packs: []}\n' >.sallyport.yaml
    expect 0 check -v
    [[ $output != *clang* ]]
    printf 'version: 1\nlinters: {}\n' >.sallyport.yaml
    expect 0 check -v
    [[ $output == *" clang"* ]]
}

@test "scope: by the line of the function's name; with --base, by what the base has" {
    printf 'int f(int a)\n{\n    return a && a && a;\n}\n\nint g(int a)\n{\n    return a;\n}\n' >a.c
    commit first
    git checkout --quiet -b feature
    printf 'int f(int a)\n{\n    return a && a && 1;\n}\n\nint g(int a)\n{\n    return a && a && a;\n}\n' >a.c
    commit second
    printf '\n' >>a.c
    expect 0 check
    expect 1 check --base main
    [[ $output == *$'a.c\n  6:5  error    c.complexity  `g` is too complex (3 > 2)'* && $output == *"1 error"*"not counted: 1 old"* ]]
}

@test "comments suppress it, overrides grade it, rules can be allowed" {
    printf '// sallyport: ignore[c.complexity] -- a table would be slower\nint f(int a) { return a && a && a; }\n' >a.c
    expect 0 check
    [[ $output == *"1 suppressed"* ]]
    printf 'int f(int a) { return a && a && a; }\n' >a.c
    limit 2 'overrides: [{files: ["*.c"], severity: {c.complexity: warning}}]'
    expect 0 check
    [[ $output == *"warning  c.complexity"* ]]
    limit 2 'overrides: [{files: ["*.c"], severity: {c: off}}]'
    expect 0 check
    [[ $output == *"no findings"* ]]
}

@test "the repository's headers are there, wherever they lie, and what the change does not have stays old" {
    mkdir -p src lib/include/deep
    printf 'typedef struct { int n; } thing;\n#include "deep/limit.h"\n' >lib/include/thing.h
    printf '#define EACH(i) for (int i = 0; i < 3; i++)\n#define WANTED 1\n' >lib/include/deep/limit.h
    commit first
    printf '#include "thing.h"\n#if WANTED\nint f(thing a) { EACH(i) { if (a.n && i) return 1; } return 0; }\n#endif\n' >src/a.c
    same 'src/a.c 3:5 c.complexity `f` is too complex (3 > 2)' "$(found)"
}

@test "a missing header leaves no function out" {
    printf '#include <gone.h>\n#include "gone too.h"\nint f(gone_t *a) { for (gone_t i = 0; i < GONE && a; i++) while (gone(a)) a++; return a ? NONE : 1; }\n' >a.c
    limit '{cyclomatic: 2, cognitive: 2}'
    same 'a.c 3:5 c.cognitive-complexity `f` is too hard to follow (5 > 2)
a.c 3:5 c.complexity `f` is too complex (5 > 2)' "$(found)"
    printf 'GONE(f) { if (a) { if (b) { return c; } } }\n' >a.c
    same 'a.c 1:1 c.cognitive-complexity `GONE` is too hard to follow (3 > 2)
a.c 1:1 c.complexity `GONE` is too complex (3 > 2)' "$(found)"
    printf 'GONE\n{ if (a) return; }\nint g(int a) { return a; }\n' >a.c
    expect 3 check
    [[ $(why a.c) == "what stands on line 2 cannot be understood as part of a function: line 1: "* ]]
}

@test "numbers are the same with all headers and with none" {
    local path names=(rules/scan.c rules/match.c review/gate.c review/triage.c exec/tool.c exec/sandbox/init/job.c)
    for path in "${names[@]}"; do
        cp "$TOP/$path" "${path//\//-}"
    done
    limit '{cyclomatic: 1, cognitive: 1}'
    found >none
    [ "$(wc -l <none)" -gt 60 ]
    (cd "$TOP" && find exec rules review ci -name '*.h' -print0 | tar -cf - --null -T -) | tar -xf -
    python3 -c 'import json, subprocess, sys
flags = subprocess.check_output(["pkg-config", "--cflags", "glib-2.0"], text=True).split()
json.dump([{"directory": ".", "file": name[2:], "arguments": ["cc", "-std=gnu17", "-D_GNU_SOURCE", "-I.", *flags, name]}
           for name in sys.argv[1:]], sys.stdout)' ./*-*.c >compile_commands.json
    found ./*-*.c >all
    diff none all
}

@test "compile_commands.json: by the base, and only what does no harm" {
    sed -i 's/packs: \[\]/packs: [change]/' .sallyport.yaml
    printf '[{"directory": "%s", "file": "a.c", "command": "cc -DWANTED @flags -MMD -MF %s/canary -Xclang -header-include-file -Xclang %s/canary -include /etc/hostname -I/etc -c a.c"}]\n' \
        "$PWD" "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR" >compile_commands.json
    printf -- '-DOTHER\n' >flags
    printf 'int x;\n' >a.c
    commit first
    git checkout --quiet -b feature
    printf '#ifdef WANTED\nint f(int a) { return a && a && a; }\n#endif\n#ifdef OTHER\nint g(int a) { return a && a && a; }\n#endif\n' >a.c
    printf '[]\n' >compile_commands.json
    commit second
    same 'a.c 2:5 c.complexity `f` is too complex (3 > 2)' "$(found --base main | grep c.complexity)"
    same '' "$(found --base main --trust head 2>/dev/null | grep c.complexity)"
    [[ $(found --base main) == *"change.linter-config-edited compile_commands.json, which configures clang, is edited; the review went by the version of main"* ]]
    [ ! -e "$BATS_TEST_TMPDIR/canary" ]
    printf '{}\n' >compile_commands.json
    touch a.c && printf '\n' >>a.c
    expect 3 check
    same "compile_commands.json: is not a list of commands" "$(why a.c)"
}

@test "hostile files are undecided by name, and the next one is reviewed" {
    python3 -c 'import os
def write(name, text):
    with open(name, "w") as file:
        file.write(text)
write("ifs.c", "int f(int a) { " + "if (a) " * 20000 + "a++; }\n")
write("tildes.c", "int a = " + "~" * 100000 + "1;\n")
write("bomb.c", "#define A0 1 + 1\n" + "".join(f"#define A{i} A{i-1} + A{i-1}\n" for i in range(1, 64)) + "int a = A63;\n")
write("braces.c", "int f(void) { " + "{" * 3000 + "if (1) ;" + "}" * 3000 + " return 0; }\n")
write("zero.c", "#include \"/dev/zero\"\nint f(int a) { return a && a && a; }\n")
write("line.c", "int a; //" + "x" * 17000000 + "\n")
write("huge.c", "int a; //" + "x" * 100000000 + "\n")
write("nul.c", "int f(int a) { return a && a && a; }\0\n")
write("late-nul.c", "//" + "x" * 9000 + "\nint f(int a) { return a && \0 a && a; }\n")
write("fifo.c", "#include \"fifo.h\"\nint f(int a) { return a && a && a; }\n")
write("etc.c", "int f(int a) { return a && a && a; }\n#include \"/etc/shadow\"\n#include \"/etc/hostname\"\nchar b[] = {\n#embed \"/etc/hostname\"\n};\n")
write("next.c", "int f(int a) { return a && a && a; }\n")
os.mkfifo("fifo.h")'
    local before=$SECONDS
    expect 3 check -v
    [ $((SECONDS - before)) -lt 300 ]
    # As fast as the machine is.
    [[ $(why ifs.c) == "clang does not come to an end of it within 10 s of CPU time, or 20 s" || $output == *"\`f\` is too complex (20001 > 2)"* ]]
    same "clang crashed on it; is something in it nested very deeply?" "$(why tildes.c)"
    [[ $(why bomb.c) == "clang needs more than 1024 MiB of memory for it" || $(why bomb.c) == "clang does not come to an end"* ]]
    [[ $(why braces.c) == "what stands on line 1 "* || $(why braces.c) == "clang "* ]]
    [[ $(why zero.c) == "clang needs more than 1024 MiB of memory for it" || $(why zero.c) == "clang does not come to an end"* ]]
    same "it is larger than 16 MiB" "$(why line.c)"
    [[ $output == *$'\n  undecided  huge.c'* ]]
    [[ $output == *$'\n  skipped    nul.c'*binary* ]]
    local name
    for name in late-nul etc fifo next; do
        [[ $output == *$'\n'"$name.c"$'\n  '[0-9]*':5  error    c.complexity  `f` is too complex (3 > 2)'* ]]
    done
    # No name of this machine, and nothing of its files.
    [[ $output != *"$(hostname)"* && $output != *root:* ]]
    same "" "$(git status --porcelain --ignored | grep -v '^?? \([a-z-]*\.c\|\.sallyport.yaml\)$' || true)"
}

@test "without namespaces it is measured all the same" {
    for_users
    printf 'int f(int a) { return a && a && a; }\n#include "/etc/shadow"\n' >a.c
    limit 2 'sandbox: {require: landlock}'
    measured() {
        WRAP+=("$without_namespaces")
        expect 1 check
        [[ $output == *'1:5  error    c.complexity  `f` is too complex (3 > 2)'* ]]
    }
    measured
}

@test "clang-tidy says the same, but where it is known to differ" {
    command -v clang-tidy-19 >/dev/null || skip "clang-tidy is not installed"
    local tidy='{CheckOptions: {readability-function-cognitive-complexity.Threshold: 0, readability-function-cognitive-complexity.IgnoreMacros: true, readability-function-cognitive-complexity.DescribeBasicIncrements: false}}'
    cp "$TOP"/testdata/clang/*.cc .
    limit '{cognitive: 1}'
    # "NAME NUMBER", of those with more than 1
    tidy() {
        clang-tidy-19 --quiet '--checks=-*,readability-function-cognitive-complexity' "--config=$tidy" "$1" -- -std=c++17 2>/dev/null |
            sed -En "s/.*function '([^']+)' has cognitive complexity of ([0-9]+) .*/\1 \2/p" | awk '$2 > 1' | sort
    }
    ours() {
        found "$1" | sed -En 's/.*`([^`]*::)?([^`]+)` is too hard to follow \(([0-9]+) > 1\)/\2 \3/p' | sort
    }
    same "$(tidy agreed.cc)" "$(ours agreed.cc)"
    [ "$(ours agreed.cc | wc -l)" -eq 4 ]
    same $'condition 3\nin_a_row 2' "$(tidy differs.cc)"
    same $'condition 2\nin_a_row 3\njumps 2\nnegated 2\nrecursive 2\nwithin 2' "$(ours differs.cc)"
}
