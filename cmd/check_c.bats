#!/usr/bin/env bats
# sallyport check: the rules of C and C++, of the pack "c" and a team's own.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    policy 'rules: {packs: [c]}'
}

policy() { # [LINE...]
    printf '%s\n' 'version: 1' 'linters: {}' "$@" >.sallyport.yaml
}

# Hides libclang from what follows; it is for root.
without_libclang() { # COMMAND...
    unshare --mount sh -c 'for file in /usr/lib/llvm-*/lib/libclang*.so* /usr/lib/*/libclang*.so* /usr/lib/libclang*.so*; do
        [ ! -f "$file" ] || mount --bind /dev/null "$file"; done; exec "$@"' sh "$@"
}

@test "what comes from outside into a shell, followed through variables and a macro of a header" {
    printf '#include <stdlib.h>\n#define RUN(command) system(command)\n' >run.h
    commit "run"
    printf '#include "run.h"\n\nint main(int argc, char **argv) {\n    const char *f\303\274r = argc > 1 ? argv[1] : "ls";\n    return /* \303\244 */ RUN(f\303\274r);\n}\n' >a.c
    expect 1 check
    same 'a.c
  5:20  error    c.command-injection  system() gives text from outside to a shell
    5 |     return /* ä */ RUN(für);
      |                    ^^^^^^^^

reasons
  1 error, 0 allowed: 1 too many (gate.allow.error)

rejected: 1 error in 1 of 1 file; 1 file reviewed' "$output"
    sed -i 's/argv\[1\]/"ls -l"/' a.c
    expect 0 check
}

@test "in the base they are old, a comment with a reason hides one, and the policy turns one off" {
    printf '#include <stdlib.h>\nvoid f(const char *a) {\n    system(a);\n}\n' >a.c
    commit "old"
    git checkout --quiet -b topic
    printf '#include <stdlib.h>\nvoid f(const char *a) {\n    system(a);\n    system(a + 1); // sallyport: ignore[c.system] -- of the build itself\n    system(a + 2);\n}\n' >a.c
    commit "new"
    expect 0 check --base main
    [[ $output == *$'\n  5:5  warning  c.system  system() gives a text to a shell that is no literal\n'* ]]
    [[ $output != *$'\n  3:5 '* && $output != *$'\n  4:5 '* ]]
    grep -v sallyport a.c >b.c
    expect 0 check b.c
    [[ $output == *c.system* ]]
    policy 'rules: {packs: [c], severity: {c.system: off}}'
    expect 0 check b.c
    [[ $output != *c.system* ]]
}

@test "--diff has the fix that clang offers, and --fix leaves it alone, since it is not safe" {
    printf 'int f(int a) {\n    if (a = 1)\n        return 2;\n    return a;\n}\n' >a.c
    expect 0 check
    [[ $output == *'2:11  warning  c.assign-in-condition  An assignment where a condition stands: was a comparison meant?  [unsafe fix]'* ]]
    git add a.c
    expect 0 check --staged --fix
    grep -q 'a = 1' a.c
}

@test "a team's own rules: a function that is not to be used, and a flag with a safe fix" {
    cat >team.yaml <<'END'
version: 1
rules:
  - id: team.old-log
    message: "%{function}() uses %{callee}(%{arg0}), which is gone with version 3"
    severity: error
    languages: [c]
    c_ast: {callee: [old_log], where: [{arg: 0, literal: false}]}
    tests: {bad: ["void old_log(char *); void f(char *a) { old_log(a); }"], good: ["void old_log(char *); void f(void) { old_log(\"a\"); }"]}
  - id: team.not
    message: "%{clang}"
    severity: error
    languages: [c]
    clang: {flag: logical-not-parentheses, fixit: {says: first, safe: true}}
    tests: {bad: ["int f(int a, int b) { return !a == b; }"]}
END
    policy 'rules: {packs: [], files: [team.yaml]}'
    commit "rules"
    printf 'void old_log(char *);\nvoid f(char *a) {\n    old_log(a);\n    old_log("a");\n}\nint g(int a, int b) {\n    return !a == b;\n}\n' >a.c
    expect 1 check
    [[ $output == *$'\n  3:5   error    team.old-log  f() uses old_log(a), which is gone with version 3\n'* ]]
    [[ $output == *$'\n  7:12  error    team.not      logical not is only applied to the left hand side of this comparison  [fix]\n'* ]]
    git add a.c
    expect 1 check --staged --fix
    grep -qF 'return !(a == b);' a.c
}

@test "a rule that cannot be read is refused with its place" {
    wrong() { # RULE MESSAGE
        printf 'rules:\n  - {id: a.b, message: M, severity: note, languages: [c], tests: {bad: [x]},\n     %s}\n' "$1" >team.yaml
        expect 2 check
        same "sallyport: team.yaml:3:$2" "$stderr"
    }
    policy 'rules: {packs: [], files: [team.yaml]}'
    wrong 'c_ast: {kind: CalExpr}' "20: rules[0].c_ast.kind: expected ArraySubscriptExpr, BinaryOperator, CStyleCastExpr, CXXCatchStmt, CXXConstCastExpr, CXXDeleteExpr, CXXNewExpr, CXXReinterpretCastExpr, CXXThrowExpr, CallExpr, CompoundAssignOperator, ConditionalOperator, DeclRefExpr, DoStmt, EnumDecl, FieldDecl, ForStmt, FunctionDecl, GotoStmt, IfStmt, LabelStmt, MemberRefExpr, ReturnStmt, StmtExpr, StringLiteral, StructDecl, SwitchStmt, TypedefDecl, UnaryOperator, UnionDecl, VarDecl or WhileStmt, found 'CalExpr' (did you mean 'CallExpr'?)"
    wrong 'c_ast: {callee: []}' "22: rules[0].c_ast.callee: an empty list: nothing would be found"
    wrong 'c_ast: {where: [{arg: 0, literal: true}]}' "13: rules[0].c_ast: the key 'kind' or 'callee' is missing"
    wrong 'c_ast: {callee: [f], where: [{literal: true}]}' "45: rules[0].c_ast.where[0].literal: 'literal' is of an argument: the key 'arg' is missing"
    wrong 'c_ast: {callee: [f], where: [{arg: 0, origin: [outside]}]}' "53: rules[0].c_ast.where[0].origin[0]: expected constant, external, parameter or unknown, found 'outside'"
    wrong "c_ast: {callee: [f], where: [{arg: 0, string: '('}]}" "52: rules[0].c_ast.where[0].string: the pattern does not compile: Error while compiling regular expression ‘(’ at char 1: missing terminating )"
    wrong 'c_ast: {callee: [f], where: [{arg: 0, fits: [yes]}]}' "35: rules[0].c_ast.where[0]: 'fits' and 'into' go together: {arg: 1, into: 0, fits: [no]}"
    printf 'rules:\n  - {id: a.b, message: M, severity: note, languages: [c], tests: {bad: [x]}, clang: {flag: everything}}\n' >team.yaml
    expect 2 check
    [[ $stderr == "sallyport: team.yaml:2:92: rules[0].clang.flag: expected absolute-value, address, "*", found 'everything'"* ]]
    printf 'rules:\n  - {id: a.b, message: M, severity: note, tests: {bad: [x]}, c_ast: {callee: [f]}}\n' >team.yaml
    expect 2 check
    same "sallyport: team.yaml:2:69: rules[0].c_ast: such a rule is of C and C++: expected 'languages: [c, cpp]', not 'any'" "$stderr"
}

@test "code that clang does not understand, where a rule looks for a call" {
    printf '#include "none.h"\nvoid f(none_t a) {\n    for (none_t i = 0; i < 3; i++)\n        system(a.b[i]);\n}\nvoid g(none_t a) {\n    printf("%%s", a.b);\n}\n' >a.c
    expect 3 check
    [[ $output == *$'a.c\n  undecided  clang: line 4: what rule c.command-injection looks for is called where clang does not understand the code; are headers missing?\n'* ]]
    sed -i 's/a.b\[i\]/"ls"/' a.c
    expect 0 check
}

@test "where there is no libclang, files of C are undecided, with what to do; others are not" {
    [ "$(id -u)" = 0 ] || skip "only root can do that"
    printf 'int a;\n' >a.c
    printf 'text\n' >a.txt
    WRAP=(without_libclang)
    expect 3 check
    [[ $output == *$'a.c\n  undecided  clang: libclang is not installed\n             remedy: install it (on Debian: apt install libclang1-'*$"), or leave the pack 'c' out of the policy's rules.packs"* ]]
    [[ $output == *"1 undecided"* ]]
    policy 'rules: {packs: [c], severity: {c: off}}'
    expect 0 check
    policy 'rules: {packs: [secrets]}'
    expect 0 check
    expect 0 doctor
    [[ $output == *$'\nRules of C and C++\n  libclang           no     libclang is not installed\n'*"to get it: install it (on Debian: apt install libclang1-"* ]]
    WRAP=()
    expect 0 doctor
    [[ $output == *$'\nRules of C and C++\n  libclang           yes    '*"clang version "* ]]
}
