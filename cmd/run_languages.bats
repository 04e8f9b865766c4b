#!/usr/bin/env bats
# sallyport run: every language with arguments, standard input, exit code; found by extension, #! line, --lang.

setup() {
    load ../testdata/helpers
    fixed_git
    cd "$BATS_TEST_TMPDIR" || return
    for_users
    printf 'given\n' >input
}

needs() { # PROGRAM
    command -v "$1" >/dev/null || skip "$1 is not installed"
}

# The program prints its arguments and its input, and ends with 7.
says_hello() { # FILE, whose text comes in
    cat >"$1"
    chmod 644 "$1"
    # Go compiles its own library first.
    expect 7 run --no-review --timeout 5m --cpu 5m --exit-code --stdin input "$1" -- first 'second word'
    same "first|second word|given" "$output"
    same "sallyport: the program ended with exit code 7" "$stderr"
}

# What cannot be compiled never runs: its compiler's words are on stderr.
cannot_compile() { # FILE WORD, whose text comes in
    cat >"$1"
    expect 1 run --no-review --json "$1"
    same execution_error "$(field status)"
    same build "$(field phase)"
    [[ $(field stderr text) == *"$2"* ]]
    same "" "$(field stdout text)"
}

@test "python" {
    needs python3
    says_hello hello.py <<'EOF'
import sys

print("|".join(sys.argv[1:] + [input()]))
sys.exit(7)
EOF
}

@test "python is isolated: neither the environment, nor the user, nor the current folder steers it" {
    needs python3
    PYTHONPATH=/tmp expect 0 run --no-review --env PYTHONPATH -c 'import sys; print(sys.flags.isolated, sys.path[0][-4:])'
    same "1 .zip" "$output"
}

@test "bash" {
    says_hello hello.sh <<'EOF'
read -r line
printf '%s|%s|%s\n' "$1" "$2" "$line"
exit 7
EOF
}

@test "javascript" {
    needs node
    says_hello hello.js <<'EOF'
const fs = require("fs");
console.log([...process.argv.slice(2), fs.readFileSync(0, "utf8").trim()].join("|"));
process.exitCode = 7;
EOF
    says_hello hello.mjs <<'EOF'
import fs from "node:fs";
console.log([...process.argv.slice(2), fs.readFileSync(0, "utf8").trim()].join("|"));
process.exitCode = 7;
EOF
}

@test "typescript, where Node can strip types; elsewhere the set-up is said to be what is wrong" {
    needs node
    printf 'const words: string[] = process.argv.slice(2);\nconsole.log(words.join("|"));\n' >hello.ts
    if node -e 'process.exit(!process.allowedNodeEnvironmentFlags.has("--experimental-strip-types"))'; then
        expect 0 run --no-review hello.ts -- first 'second word'
        same "first|second word" "$output"
    else
        expect 3 run --no-review hello.ts
        same "" "$output"
        same "sallyport: the program could not be started: typescript: this Node ($(node --version)) cannot run it; to get one that can: Node 22.6 or newer (https://nodejs.org)" "$stderr"
        expect 3 run --no-review --json hello.ts
        same setup_error "$(field status)"
        same "" "$(field stderr text)"
        "$SALLYPORT" doctor | grep -q '^  typescript  *no  *this Node'
    fi
}

@test "c" {
    says_hello hello.c <<'EOF'
#include <stdio.h>

int main(int argc, char **argv) {
    char line[100] = "";

    if (fgets(line, sizeof line, stdin) == NULL)
        return 1;
    for (int i = 1; i < argc; i++)
        printf("%s|", argv[i]);
    printf("%s", line);
    return 7;
}
EOF
    printf 'int main(void) { return undeclared; }\n' | cannot_compile broken.c undeclared
    expect 1 run --no-review broken.c
    [[ $stderr == *undeclared*"sallyport: the program could not be compiled (exit code 1)" ]]
    same "" "$output"
}

@test "c++" {
    needs c++
    says_hello hello.cpp <<'EOF'
#include <iostream>
#include <string>

int main(int argc, char **argv) {
    std::string line;

    std::getline(std::cin, line);
    for (int i = 1; i < argc; i++)
        std::cout << argv[i] << '|';
    std::cout << line << std::endl;
    return 7;
}
EOF
    printf 'int main() { return undeclared; }\n' | cannot_compile broken.cc undeclared
}

@test "go" {
    needs go
    says_hello hello.go <<'EOF'
package main

import "os"

func main() {
	line := make([]byte, 100)
	n, _ := os.Stdin.Read(line)
	os.Stdout.WriteString(os.Args[1] + "|" + os.Args[2] + "|" + string(line[:n]))
	os.Exit(7)
}
EOF
    printf 'package main\n\nfunc main() { undeclared() }\n' | cannot_compile broken.go undeclared
}

@test "rust" {
    needs rustc
    says_hello hello.rs <<'EOF'
fn main() {
    let mut words: Vec<String> = std::env::args().skip(1).collect();
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    words.push(line.trim().to_string());
    println!("{}", words.join("|"));
    std::process::exit(7);
}
EOF
    printf 'fn main() { undeclared(); }\n' | cannot_compile broken.rs undeclared
}

@test "java" {
    needs java
    says_hello Hello.java <<'EOF'
public class Hello {
    public static void main(String[] words) {
        String line = new java.util.Scanner(System.in).nextLine();
        System.out.println(String.join("|", words) + "|" + line);
        System.exit(7);
    }
}
EOF
    printf 'public class Broken { int x = undeclared; }\n' >Broken.java
    expect 1 run --no-review --json Broken.java
    same execution_error "$(field status)"
    [[ $(field stderr text) == *undeclared* ]]
}

@test "sanitizers, on request, catch a heap overflow and an overflow of a number" {
    cat >heap.c <<'EOF'
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    char *bytes = malloc(8);

    bytes[7 + argc] = argv[0][0];
    printf("%d\n", bytes[8] != 0);
    free(bytes);
    return 0;
}
EOF
    expect 0 run --no-review heap.c
    same "1" "$output"
    expect 1 run --no-review --sanitize heap.c
    same "" "$output"
    [[ $stderr == *"AddressSanitizer: heap-buffer-overflow"*"heap.c:7"* ]]
    printf 'int main(void) { volatile int most = 2147483647; most = most + 1; return 0; }\n' >number.c
    expect 0 run --no-review --sanitize number.c
    [[ $stderr == *"number.c:1"*"signed integer overflow"* ]]
    expect 2 run --no-review --sanitize -c 'print(1)'
    same "sallyport: --sanitize is for C and C++" "$stderr"
}

@test "a compiler is within the limits, too" {
    {
        echo '#define x0 0'
        for i in {1..40}; do echo "#define x$i x$((i - 1)), x$((i - 1))"; done
        echo 'int numbers[] = {x40};'
    } >endless.c
    expect 1 run --no-review --timeout 1s --json endless.c
    same "build timeout" "$(field phase) $(field status)"
}

@test "a language is found by the #! line, as the kernel and env read it" {
    needs node
    for line in '#!/usr/bin/env -S node' '#!/usr/bin/env -S node --no-warnings' '#!/usr/bin/node'; do
        printf '%s\nconsole.log("node")\n' "$line" >tool
        expect 0 run --no-review tool
        same node "$output"
    done
    for line in '#!/usr/bin/python3 -I' '#! /usr/bin/env python3' '#!/opt/python/bin/python3.12'; do
        printf '%s\nprint("python")\n' "$line" >tool
        expect 0 run --no-review tool
        same python "$output"
    done
    for line in '#!/bin/sh' '#!/usr/bin/env bash' '#!/bin/bash -e'; do
        printf '%s\necho "bash ${BASH_VERSION:+is}"\n' "$line" >tool
        expect 0 run --no-review tool
        same "bash is" "$output"
    done
    printf '#!/usr/bin/fish\n' >tool
    expect 2 run --no-review tool
    same "sallyport: tool: neither its name nor a #! line says in which language it is; use --lang" "$stderr"
}

@test "--lang takes what people type" {
    for word in python Python py python3; do
        expect 0 run --no-review --lang "$word" -c 'import sys; print(sys.argv[0])'
        same /snapshot/snippet.py "$output"
    done
    for word in bash sh BASH; do
        expect 0 run --no-review --lang "$word" -c 'echo "$0"'
        same /snapshot/snippet.sh "$output"
    done
    for word in javascript js node mjs; do
        expect 0 run --no-review --lang "$word" -c 'console.log(1)'
    done
    for word in c C cc gcc; do
        expect 0 run --no-review --lang "$word" -c 'int main(void) { return 0; }'
    done
    for word in c++ cpp cxx g++; do
        expect 0 run --no-review --lang "$word" -c 'int main() { return 0; }'
    done
    expect 2 run --no-review --lang pyton -c 'print(1)'
    same "sallyport: no such language 'pyton' (did you mean 'python'?); there are python, bash, javascript, typescript, c, c++, go, rust, java" "$stderr"
}

@test "the file's name says the language, not what is in it, and --lang says it over both" {
    printf '#!/bin/bash\nprint("python")\n' >a.py
    expect 0 run --no-review a.py
    same python "$output"
    printf 'echo bash\n' >a.py
    expect 0 run --no-review --lang bash a.py
    same bash "$output"
    mkdir a.d
    printf 'print(__file__)\n' >"a.d/two words.py"
    expect 0 run --no-review "a.d/two words.py"
    same "/snapshot/two words.py" "$output"
    printf 'print(__file__)\n' >./-v.py
    expect 0 run --no-review ./-v.py
    same "/snapshot/-v.py" "$output"
}

@test "what is not installed is named, and how to get it" {
    local nothing=$BATS_TEST_TMPDIR/nothing
    mkdir "$nothing"
    for words in "python:python3:python3" "bash:bash:bash" "javascript:node:nodejs" "c:cc:gcc" "c++:c++:g++" \
        "go:go:golang-go" "rust:rustc:rustc" "java:java:default-jdk-headless"; do
        IFS=: read -r lang program package <<<"$words"
        run --separate-stderr env PATH="$nothing" "$SALLYPORT" run --no-review --lang "$lang" -c 'x'
        same 3 "$status"
        same "" "$output"
        [[ $stderr == "sallyport: $lang: no $program on the PATH; to get it: apt-get install $package"* ]]
    done
    run --separate-stderr env PATH="$nothing" "$SALLYPORT" run --no-review --json --lang go -c 'x'
    same 3 "$status"
    same setup_error "$(field status)"
    [[ $(field error) == "go: no go on the PATH; to get it: "* ]]
    same null "$(field isolation)"
}

@test "a policy's own language: by its files' names, by --lang, with arguments and input" {
    new_repo repo
    printf 'version: 1\nlanguages: {perl: {files: ["*.pl", "!x.pl"], run: [perl, -w, "{file}"]}}\n' >.sallyport.yaml
    printf 'print join("|", @ARGV, <STDIN>); exit 7;\n' >hello.pl
    printf 'given' >input
    expect 7 run --no-review --exit-code --stdin input hello.pl -- first 'second word'
    same "first|second word|given" "$output"
    expect 0 run --no-review --lang perl -c 'print "from -c: $0\n"'
    same "from -c: /snapshot/snippet" "$output"
    expect 1 run hello.pl # reviewed, too
    expect 2 run --no-review --lang perk -c 'x'
    [[ $stderr == *"did you mean 'perl'?"*"java, perl" ]]
    cp hello.pl x.pl
    expect 2 run --no-review x.pl
    printf 'version: 1\nlanguages: {perl: {files: ["*.pl"], run: [no-such-perl, "{file}"]}}\n' >.sallyport.yaml
    expect 3 run --no-review hello.pl
    same "sallyport: no-such-perl: no such program on the PATH" "$stderr"
}

@test "a policy's own language in a policy's job" {
    new_repo repo
    printf 'version: 1\nlinters: {}\nlanguages: {awk: {files: ["*.awk"], run: [awk, -f, "{file}"]}}\nrun: [{name: scripts, files: ["*.awk"], lang: awk}]\n' >.sallyport.yaml
    printf 'BEGIN { print FILENAME "awk ran"; exit 5 }\n' >a.awk
    expect 1 check
    [[ $output == *"failed   scripts: a.awk: ended with exit code 5"* ]]
    [[ $output == *"awk ran"* ]]
    printf 'BEGIN { exit 0 }\n' >a.awk
    expect 0 check
}

@test "in a job, Python finds the repository's own packages, and nothing of the caller's" {
    new_repo repo
    printf 'version: 1\nlinters: {}\nrun: [{name: unit, files: ["tests/test_*.py"], lang: python}]\n' >.sallyport.yaml
    mkdir -p harbour tests "$BATS_TEST_TMPDIR/elsewhere"
    printf 'NAME = "harbour"\n' >harbour/__init__.py
    printf 'NAME = "helper"\n' >tests/helper.py
    printf 'NAME = "not of this repository"\n' >"$BATS_TEST_TMPDIR/elsewhere/outside.py"
    cat >tests/test_names.py <<'EOF'
import importlib.util
import sys

import harbour
import helper

print(harbour.NAME, helper.NAME, importlib.util.find_spec("outside"), sys.flags.no_user_site)
sys.exit(1)
EOF
    PYTHONPATH=$BATS_TEST_TMPDIR/elsewhere expect 1 check
    [[ $output == *"harbour helper None 1"* ]]
}

@test "in a job, C finds the repository's own headers" {
    new_repo repo
    printf 'version: 1\nlinters: {}\nrun: [{name: unit, files: ["tests/*.c"], lang: c, sanitize: true}]\n' >.sallyport.yaml
    mkdir -p harbour tests
    printf '#define BERTHS 3\n' >harbour/berths.h
    printf '#include "harbour/berths.h"\n#include <stdlib.h>\n\nint main(void) {\n    char *p = malloc(BERTHS);\n    return p[atoi("3")];\n}\n' >tests/berths.c
    expect 1 check -o junit
    [[ $output == *"heap-buffer-overflow"*"tests/berths.c"* ]]
    printf 'int main(void) { return undeclared; }\n' >tests/berths.c
    expect 1 check
    [[ $output == *"failed   unit: tests/berths.c: could not be compiled (exit code 1)"* ]]
}

@test "a program that is named: --command" {
    expect 0 run --command -- printf '%s\n' first 'second word'
    same "first
second word" "$output"
    expect 1 run --command -- sh -c 'exit 9'
    expect 9 run --exit-code --command -- sh -c 'exit 9'
    expect 3 run --command -- no-such-program
    same "sallyport: no-such-program: no such program on the PATH" "$stderr"
    printf '#!/bin/sh\necho "own $1"\n' >own
    chmod +x own
    expect 0 run --command -- ./own program
    same "own program" "$output"
    expect 3 run --command -- ./missing
    same "sallyport: ./missing: no such program here" "$stderr"
    expect 2 run --command
    expect 2 run --command --lang bash -- true
}

@test "without namespaces, what is compiled can be run, too" {
    printf 'version: 1\nsandbox: {require: landlock}\n' >landlock.yaml
    printf '#include <stdio.h>\n\nint main(void) {\n    puts("compiled");\n    return 0;\n}\n' >a.c
    for WRAP in "$without_namespaces" "as_user $without_namespaces"; do
        read -ra WRAP <<<"$WRAP"
        PATH=/usr/bin:/bin expect 0 run -p landlock.yaml --no-review a.c
        same compiled "$output"
        PATH=/usr/bin:/bin expect 0 run -p landlock.yaml --no-review -c 'print("python")'
        same python "$output"
        PATH=/usr/bin:/bin expect 0 run -p landlock.yaml --no-review --lang sh -c 'echo shell'
        same shell "$output"
        if [ -x /usr/bin/node ]; then
            PATH=/usr/bin:/bin expect 0 run -p landlock.yaml --no-review --lang js -c 'console.log("node")'
            same node "$output"
        fi
    done
}
