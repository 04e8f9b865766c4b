#!/usr/bin/env bats
# sallyport check: trust. A change does not steer its own review: that it edits what it would be steered by is told, and
# takes effect after the merge. What linters could be made to do, by a change or by what is trusted, stays in the sandbox.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    export HOME=$BATS_TEST_TMPDIR/home
    mkdir -p "$HOME/.ssh"
    echo 'the key of this test' >"$HOME/.ssh/id_ed25519"
    CANARY=$BATS_TEST_TMPDIR/canary
}

base() { # LINE-OF-POLICY...
    printf '%s\n' 'version: 1' "$@" >.sallyport.yaml
    printf 'x = 1\n' >a.py
    commit base
    git branch base
}

# Python that says so if it is run, in every way that it could.
bad_python() {
    printf '%s\n' 'import sys' 'sys.stderr.write("EVIL\n")' "open('$CANARY', 'w').close()"
}

nothing_ran() {
    [[ $output != *EVIL* ]] && [ ! -e "$CANARY" ]
}

@test "an edited policy is a finding, and the base's holds" {
    base 'linters: {ruff: {}}'
    printf '%s\n' 'version: 1' 'linters: {}' 'rules: off' >.sallyport.yaml
    printf 'import os\n' >a.py
    commit head
    expect 1 check --base base
    [[ $output == *ruff.F401* ]]
    [[ $output == *".sallyport.yaml"*warning*change.policy-edited*"is edited; the review went by the version of base"* ]]
    git show >"$BATS_TEST_TMPDIR/patch"
    git checkout -q base
    expect 1 check --apply "$BATS_TEST_TMPDIR/patch"
    [[ $output == *change.policy-edited*"the version of HEAD"* ]]
    # It is the user's own hook that it steers there.
    git checkout -q main
    expect 0 check --staged
    [[ $output != *change.* ]]
}

@test "a tag does not take the place of the branch that is the base" {
    base 'linters: {ruff: {}}'
    printf 'import os\n' >a.py
    commit head
    git tag base
    expect 2 check --base base
    [[ $stderr == *"'base' is ambiguous, a tag and a branch; name the one that is meant: refs/tags/base or refs/heads/base"* ]]
    expect 2 check --base 'base^{commit}'
    expect 2 check --base HEAD^ --head base~1
    expect 1 check --base refs/heads/base
    expect 0 check --base refs/tags/base
    git tag -f base refs/heads/base
    expect 1 check --base base # both are the same
    git update-ref refs/remotes/origin/main refs/heads/base
    git tag origin/main HEAD
    expect 2 check --base origin/main
    [[ $stderr == *refs/remotes/origin/main* ]]
    expect 2 check --base main..HEAD
    [[ $stderr == *"a range of commits is given by its two ends: --base REV --head REV"* ]]
}

@test "an edited rule file is the policy edited" {
    base 'linters: {}' 'rules: {files: ["gate/*.yaml"]}'
    mkdir gate
    printf '%s\n' 'version: 1' 'rules: []' >gate/own.yaml
    commit head
    expect 0 check --base base
    [[ $output == *gate/own.yaml*change.policy-edited*"is brought in"* ]]
}

# A rule file that finds a word.
rule() { # NAME WORD
    printf '%s\n' 'version: 1' "pack: $1" 'rules:' "  - {id: $1.word, message: a word, summary: a word, help: a word," \
        "     severity: error, regex: {pattern: \"$2\"}, tests: {bad: [\"$2\"], good: [\"-\"]}}"
}

@test "the rule files are the base's, whatever the branch has of them and whichever paths are looked at" {
    mkdir gate src
    rule gone w1 >gate/gone.yaml
    rule kept w2 >gate/kept.yaml
    base 'linters: {}' 'rules: {packs: [change], files: ["gate/*.yaml"]}'
    git rm -q gate/gone.yaml
    git mv gate/kept.yaml src/kept.yaml
    printf 'w1\nw2\nw3\n' >src/a.txt
    commit head
    git checkout -q base
    rule later w3 >gate/later.yaml
    commit "one more rule, which the branch has not"
    git checkout -q main
    expect 1 check --base base
    [[ $output == *gone.word*kept.word*later.word* ]]
    expect 1 check --base base src
    [[ $output == *gone.word*kept.word*later.word* ]]
}

@test "a rule file that the policy names and that is not there" {
    base 'linters: {}' 'rules: {packs: [change], files: [gate/own.yaml, "gate/more/*.yaml"]}'
    printf 'w1\n' >a.txt
    expect 2 check
    [[ $stderr == *".sallyport.yaml: rules.files: there is no file gate/own.yaml in the repository" ]]
    mkdir gate
    rule own w1 >gate/own.yaml
    expect 1 check
    # A local hook goes by what lies there, tracked or not.
    git add a.txt
    mkdir .git/info && printf 'gate\n' >.git/info/exclude
    expect 1 check --staged
    [[ $output == *own.word* ]]
    git commit -q -m head
    expect 2 check --base base
    [[ $stderr == *"base:.sallyport.yaml: rules.files: there is no file gate/own.yaml in base" ]]
}

@test "what a sparse checkout left out of the work tree steers the review all the same" {
    mkdir gate src
    rule own w1 >gate/own.yaml
    printf 'line-length = 20\nlint.select = ["E501"]\n' >ruff.toml
    base 'linters: {ruff: {}}' 'rules: {packs: [change], files: ["gate/*.yaml"]}'
    printf 'x = 1\n' >src/b.py
    commit more
    git sparse-checkout set --no-cone /src
    [ ! -e .sallyport.yaml ] && [ ! -e ruff.toml ]
    printf 'this_is_rather_long = "w1"\n' >src/b.py
    expect 1 check -v
    [[ $output == *"policy: .sallyport.yaml"* && $output == *own.word* && $output == *ruff.E501* ]]
    git add src/b.py
    expect 1 check --staged
    [[ $output == *own.word* && $output == *ruff.E501* ]]
    expect 1 check --all
}

@test "the rule files look at a piece of code, too" {
    mkdir gate
    rule own w1 >gate/own.yaml
    base 'linters: {}' 'rules: {packs: [change], files: ["gate/*.yaml"]}'
    expect 1 run -c 'print("w1")'
    [[ $stderr == *own.word* ]]
    expect 0 run -c 'print("w2")'
}

@test "a linter's configuration that the change brings, edits, renames or takes away is a finding and not in force" {
    printf '[lint]\nselect = ["F"]\n' >ruff.toml
    mkdir sub
    printf 'line-length = 100\n' >sub/.ruff.toml
    printf '[lint]\nselect = ["E"]\n# something to tell it by\n' >old.toml
    base 'linters: {ruff: {}, flake8: {}}'
    printf '[lint]\nselect = []\n' >ruff.toml
    printf '[flake8]\nexclude = *\n' >.flake8
    git rm -q sub/.ruff.toml
    mkdir other
    git mv old.toml other/ruff.toml
    printf 'import os\n' >a.py
    commit head
    expect 1 check --base base
    [[ $output == *ruff.F401* && $output == *flake8.F401* ]]
    [[ $output == *change.linter-config-edited*"ruff.toml, which configures ruff, is edited"* ]]
    [[ $output == *".flake8, which configures flake8, is brought in"* ]]
    [[ $output == *"sub/.ruff.toml, which configures ruff, is taken away"* ]]
    [[ $output == *"other/ruff.toml, which configures ruff, is brought in"* ]]
}

@test "a file with settings of many tools: an edit of nothing that a linter goes by is none of its configuration" {
    printf '[project]\nversion = "1"\nrequires-python = ">=3.9"\n\n[tool.ruff]\nline-length = 90\n' >pyproject.toml
    printf '[metadata]\nname = x\n[flake8]\nmax-line-length = 90\n' >setup.cfg
    base 'rules: {packs: [change]}' 'linters:' '  ruff: {}' '  flake8: {}' \
        '  own: {files: ["*.own"], command: [cat, "{files}"], output: gcc, config: [tox.ini]}'
    sed -i 's/^version.*/version = "2"\ndependencies = ["a"]/' pyproject.toml
    printf '[tool.pytest.ini_options]\naddopts = "-q"\n' >>pyproject.toml
    sed -i 's/^name.*/name = y/' setup.cfg
    commit "of others"
    expect 0 check --base base
    same "notes
  ruff has not looked at 1 file: it steers this check, which goes by the version that is in force

passed: no findings; 2 files reviewed" "$output"
    sed -i 's/3\.9/3.12/' pyproject.toml
    printf '[flake8:local-plugins]\nextension = X = plugin:Plugin\n' >>setup.cfg
    printf '[tox]\nx = 1\n' >tox.ini
    commit ours
    expect 0 check --base base
    same "pyproject.toml, which configures ruff, flake8, is edited
setup.cfg, which configures flake8, is edited
tox.ini, which configures flake8, own, is brought in" \
        "$(grep -o '[a-z.]*, which configures [a-z0-9, ]*, is [a-z ]*[a-z]' <<<"$output" | sort)"
    # What a tool takes from it that nobody here knows may be anything.
    git checkout -q -b more
    git branch -f base
    printf '[tox]\nx = 2\n' >tox.ini
    commit tox
    expect 0 check --base base
    [[ $output == *"tox.ini, which configures flake8, own, is edited"* ]]
}

@test "a file that Ruff's configuration extends steers it as well, by any name and through another one" {
    mkdir -p shared src/deep
    printf 'extend = "./shared/team.toml" # ours\n' >ruff.toml
    printf "line-length = 60\n\nextend='../all.toml'\n" >shared/team.toml
    printf '[lint]\nselect = ["E501"]\n' >all.toml
    printf '[project]\nname = "x"\nversion = "1"\n[tool.ruff]\nextend = "../../ruff.toml"\nline-length = 30\n' \
        >src/deep/pyproject.toml
    base 'rules: {packs: [change]}' 'linters:' '  ruff: {}' \
        '  toml: {files: ["*.toml"], command: [grep, -Hn, ignore, "{files}"],' \
        "    output: {pattern: '^(?<file>[^:]+):(?<line>\d+):(?<message>.*)\$'}, success: [0, 1]}"
    printf 'x = "%s"\n' "$(printf '%060d' 1)" >a.py
    printf 'x = "%s"\n' "$(printf '%028d' 1)" >src/deep/b.py
    commit code
    expect 0 check --base base
    [[ $output == *"a.py"*"(66 > 60)"*"src/deep/b.py"*"(34 > 30)"* ]]
    [[ $output != *change.linter-config-edited* ]]
    # The change edits it: not in force, and the linter that looks at such files sees what the change makes of it.
    printf '[lint]\nselect = []\nignore = ["E501"]\n' >all.toml
    git mv shared/team.toml shared/crew.toml
    commit loose
    expect 0 check --base base
    [[ $output == *"a.py"*"(66 > 60)"* && $output == *"all.toml"*toml.*ignore* ]]
    [[ $output == *"all.toml, which configures ruff, is edited; the review went by the version of base"* ]]
    [[ $output == *"shared/team.toml, which configures ruff, is taken away"* ]]
    # What leads out of the repository is not there, and that is not passed over.
    printf 'extend = "../../etc/ruff.toml"\n' >ruff.toml
    printf 'y = 1\n' >>a.py
    expect 3 check a.py
    [[ $output == *"Failed to load extended configuration"* ]]
}

@test "a file that an argument names is laid out for the linter, and is the base's" {
    mkdir conf tools
    printf 'line-length = 20\nlint.select = ["E501"]\n' >conf/ruff.txt
    printf '[flake8]\nmax-line-length = 20\n' >conf/flake8.cfg
    printf '[tool.black]\nline-length = 20\n' >conf/black.toml
    printf '%s\n' 'import sys' '' 'for path in sys.argv[1:]:' '    print(f"{path}:1: error: said by the base")' >tools/look.py
    base 'rules: {packs: [change]}' 'linters:' '  ruff: {args: ["--config", conf/ruff.txt]}' \
        '  flake8: {args: [--config=conf/flake8.cfg]}' '  black: {args: ["--config", ./conf/black.toml]}' \
        '  own: {files: ["*.py"], command: [python3, tools/look.py, "{files}"], output: gcc}'
    printf 'name = "aaaaaaaaaaaaaaaaaaaaa"\n' >a.py
    commit code
    expect 1 check --base base
    [[ $output == *ruff.E501,\ flake8.E501* && $output == *"said by the base"* && $output != *change.* ]]
    : >conf/ruff.txt
    : >conf/flake8.cfg
    bad_python >tools/look.py
    git mv conf/black.toml conf/other.toml
    commit head
    expect 1 check --base base
    [[ $output == *ruff.E501,\ flake8.E501* && $output == *"said by the base"* ]]
    same "conf/black.toml, which configures black, is taken away
conf/flake8.cfg, which configures flake8, is edited
conf/ruff.txt, which configures ruff, is edited
tools/look.py, which configures own, is edited" "$(grep -o '[a-z/0-9.]*, which configures [a-z0-9]*, is [a-z ]*[a-z]' <<<"$output" | sort)"
    [ ! -e "$CANARY" ]
}

@test "a plugin that the configuration of ESLint imports steers it as well, and what that imports" {
    mkdir -p rules/lib
    printf 'import own from "./rules/own.mjs";\nexport default [{plugins: {own: {rules: {own}}}, rules: {"own/own": "error"}}];\n' \
        >eslint.config.mjs
    printf '%s\n' 'import words from "./lib/words.cjs";' 'export default {create(context) { return {Identifier(node) {' \
        '  if (words.includes(node.name)) context.report({node, message: "said by the base"});' '}}; }};' >rules/own.mjs
    printf 'module.exports = require("./list");\n' >rules/lib/words.cjs
    printf '["evil"]\n' >rules/lib/list.json
    base 'rules: {packs: [change]}' 'linters:' \
        '  eslint: {files: ["*.js", "*.mjs"], command: [eslint, -f, checkstyle, "{files}"], output: checkstyle}'
    printf 'evil();\n' >a.js
    commit code
    expect 1 check --base base
    [[ $output == *"said by the base"* && $output != *change.* ]]
    printf 'export default {create() { console.error("EVIL"); return {}; }};\n' >rules/own.mjs
    printf '[]\n' >rules/lib/list.json
    printf 'module.exports = [];\n' >rules/lib/list.js
    commit head
    expect 1 check --base base
    [[ $output == *"said by the base"* && $output != *EVIL* ]]
    [[ $output == *"eslint has not looked at 2 files: it steers this check, which goes by the version that is in force"* ]]
    same "rules/lib/list.js, which configures eslint, is brought in
rules/lib/list.json, which configures eslint, is edited
rules/own.mjs, which configures eslint, is edited" "$(grep -o '[a-z/.]*, which configures [a-z0-9]*, is [a-z ]*[a-z]' <<<"$output" | sort)"
    expect 1 check --base base -o sarif
    [[ $output == *eslint.own/own* ]]
}

@test "a plugin of the repository's own, of Flake8 and mypy, is the base's, and so is what it imports" {
    mkdir -p tools/pack
    printf '%s\n' '[flake8:local-plugins]' 'extension =' '    X = own_flake8:Plugin' 'paths = ./tools' >.flake8
    printf '%s\n' 'import ast' 'from pack import words' '' '' 'class Plugin:' '    def __init__(self, tree):' \
        '        self.tree = tree' '' '    def run(self):' '        for node in ast.walk(self.tree):' \
        '            if getattr(node, "id", "") in words.WORDS:' \
        '                yield node.lineno, node.col_offset, "X100 said by the base", Plugin' >tools/own_flake8.py
    : >tools/pack/__init__.py
    printf 'from .more import WORDS\n' >tools/pack/words.py
    printf 'WORDS = ["evil"]\n' >tools/pack/more.py
    printf '[mypy]\nplugins = tools/own_mypy.py\n' >mypy.ini
    printf '%s\n' 'from mypy.plugin import Plugin' '' '' 'def hook(ctx):' '    ctx.api.fail("said by the plugin", ctx.context)' \
        '    return ctx.default_return_type' '' '' 'class Own(Plugin):' '    def get_function_hook(self, name):' \
        '        return hook if name == "a.evil" else None' '' '' 'def plugin(version):' '    return Own' >tools/own_mypy.py
    base 'rules: {packs: [change]}' 'linters:' '  flake8: {severity: {"*": error}}' \
        '  mypy: {files: ["*.py"], command: [mypy, --no-color-output, --no-error-summary, --cache-dir=/dev/null, "{files}"], output: gcc}'
    printf '%s\n' 'def evil() -> None: ...' '' '' 'evil()' >a.py
    commit code
    expect 1 check --base base
    [[ $output == *flake8.X100*"said by the base"* && $output == *"said by the plugin"* && $output != *change.* ]]
    bad_python >tools/own_flake8.py
    bad_python >tools/own_mypy.py
    bad_python >tools/pack/more.py
    bad_python >tools/ast.py
    bad_python >pack.py
    commit head
    expect 1 check --base base
    [[ $output == *flake8.X100*"said by the base"* && $output == *"said by the plugin"* ]]
    nothing_ran
    same "pack.py, which configures flake8, is brought in
tools/ast.py, which configures flake8, is brought in
tools/own_flake8.py, which configures flake8, is edited
tools/own_mypy.py, which configures mypy, is edited
tools/pack/more.py, which configures flake8, is edited" \
        "$(grep -o '[a-z/0-9._]*, which configures [a-z0-9, ]*, is [a-z ]*[a-z]' <<<"$output" | sort)"
}

@test "a script that an argument names, and what it reads in, is the base's" {
    mkdir tools
    printf '. "$(dirname "$0")/lib.sh"\nlook "$@"\n' >tools/look.sh
    printf 'look() { for file; do echo "$file:1: error: said by the base"; done; }\n' >tools/lib.sh
    base 'rules: {packs: [change]}' 'linters:' \
        '  own: {files: ["*.py", "*.sh"], command: [sh, tools/look.sh, "{files}"], output: gcc}'
    printf 'x = 2\n' >a.py
    printf 'look() { echo EVIL >&2; }\n' >tools/lib.sh
    commit head
    expect 1 check --base base
    [[ $output == *a.py*"said by the base"* && $output == *"tools/lib.sh, which configures own, is edited"* ]]
    nothing_ran
}

@test "--trust head: the change steers its own review, and that is said" {
    base 'linters: {ruff: {}}'
    printf '%s\n' 'version: 1' 'linters: {ruff: {}}' 'gate: {allow: {error: 5}}' >.sallyport.yaml
    printf '[lint]\nignore = ["F841"]\n' >ruff.toml
    printf 'import os\n' >a.py
    commit head
    expect 1 check --base base
    expect 0 check --base base --trust head
    [[ $output == *ruff.F401* && $output != *change.* ]]
    [[ $stderr == *"note: --trust head: the change is reviewed by its own policy and configuration"* ]]
    [[ $output == *"notes"*"--trust head: the change was reviewed by its own policy and configuration, "* ]]
    expect 0 check --base base --trust head --quiet
    [[ $output == *"--trust head: "* ]]
    expect 0 check --base base --trust head -o sarif
    same head "$(python3 -c 'import json, sys
for run in json.load(sys.stdin)["runs"]:
    properties = run.get("properties", {})
    if "verdict" in properties:
        assert properties["notes"][0].startswith("--trust head: "), properties
        print(properties["trust"])' <<<"$output")"
    expect 0 check --base base --trust head -o junit
    [[ $output == *'<property name="trust" value="head"/>'*'<property name="note" value="--trust head: '* ]]
    expect 1 check --base base -o sarif
    [[ $output != *'"trust"'* && $output != *"--trust head"* ]]
    expect 1 check --base base --trust base
    expect 2 check --base base --trust me
    [[ $stderr == *"--trust is base or head, not 'me'"* ]]
    expect 2 check --staged --trust head
    [[ $stderr == *"--trust goes with --base"* ]]
}

@test "the severity of these is the policy's" {
    base 'linters: {ruff: {}}' 'rules: {severity: {change.linter-config-edited: error}}'
    printf 'line-length = 100\n' >ruff.toml
    commit head
    expect 1 check --base base
    [[ $output == *error*change.linter-config-edited* ]]
}

@test "attack: a Flake8 plugin of the repository's own, brought by the change" {
    base 'linters: {flake8: {}}'
    printf '%s\n' '[flake8:local-plugins]' 'extension = X = plugin:Plugin' 'paths = .' >.flake8
    bad_python >plugin.py
    printf '%s\n' 'class Plugin:' '    def __init__(self, tree):' '        pass' '    def run(self):' '        return []' >>plugin.py
    printf 'import os\n' >a.py
    run flake8 a.py
    rm "$CANARY" # it bites: by itself, the linter has run it
    rm -rf __pycache__
    commit head
    expect 1 check --base base
    nothing_ran
    [[ $output == *flake8.F401* && $output == *change.linter-config-edited* ]]
}

@test "attack: a configuration that a tool prefers to the one that the policy names, or that it does not name" {
    printf 'export default [{ rules: { "no-debugger": "error" } }];\n' >eslint.config.mjs
    base 'rules: {packs: [change]}' 'linters:' \
        '  eslint: {files: ["*.js"], command: [eslint, -f, checkstyle, "{files}"], output: checkstyle, config: [eslint.config.mjs]}' \
        '  shell: {files: ["*.sh", ".*"], command: [env, shellcheck, -f, gcc, "{files}"], output: gcc}'
    printf 'debugger;\n' >a.js
    printf '#!/bin/sh\necho $1\n' >a.sh
    printf 'import { writeFileSync } from "fs";\nconsole.error("EVIL");\nwriteFileSync("%s", "");\nexport default [];\n' \
        "$CANARY" >eslint.config.js
    printf 'disable=all\n' >.shellcheckrc
    commit head
    expect 1 check --base base
    [[ $output == *eslint.no-debugger* && $output == *shell.SC2086* ]]
    [[ $output == *"eslint.config.js, which configures eslint, is brought in"* ]]
    [[ $output == *".shellcheckrc, which configures shell, is brought in"* ]]
    nothing_ran
}

@test "attack: modules of the change that stand where a linter's interpreter could find them" {
    base 'linters: {ruff: {}, flake8: {}, black: {}}'
    mkdir sub
    for name in conftest ast tokenize sitecustomize usercustomize flake8 black pycodestyle pyflakes setup; do
        bad_python >$name.py
        bad_python >sub/$name.py
    done
    run python3 -m flake8 --version
    rm "$CANARY" # it bites
    rm -rf __pycache__
    commit head
    expect 0 check --base base --no-run
    nothing_ran
    expect 0 check --all --no-run
    nothing_ran
}

@test "attack: a linter that comes with the repository" {
    mkdir tools more
    printf 'version: 1\nlinters: {judge: {files: ["*.txt"], command: [judge, "{files}"], output: gcc}}\n' >.sallyport.yaml
    printf '#!/bin/sh\necho "./a.txt:1:1: error: no"\n' >tools/judge && chmod +x tools/judge
    git add . && git commit --quiet --message first
    git switch --quiet --create mild
    printf '#!/bin/sh\n' >tools/judge
    printf 'text\n' >a.txt
    commit mild
    local on_path=$PATH
    PATH=$PWD/tools:$on_path
    expect 3 check --base main
    [[ $output == *"  undecided  judge: $PWD/tools/judge is a file of the repository, which a change can write; install it elsewhere"* ]]
    # By another way, too.
    ln -s "$PWD/tools/judge" "$BATS_TEST_TMPDIR/judge"
    ln -s "$PWD" "$BATS_TEST_TMPDIR/again"
    PATH=$BATS_TEST_TMPDIR:$on_path
    expect 3 check --base main
    PATH=$BATS_TEST_TMPDIR/again/tools:$on_path
    expect 3 check --base main
    PATH=$on_path
    printf 'version: 1\nlinters: {judge: {files: ["*.txt"], command: ["%s/tools/judge", "{files}"], output: gcc}}\n' "$PWD" >absolute
    expect 3 check --policy absolute --base main
    # What was installed into the work tree is not git's.
    printf '#!/bin/sh\necho "./a.txt:1:1: error: no"\n' >more/judge && chmod +x more/judge
    PATH=$PWD/more:$on_path
    expect 1 check --base main
}

@test "attack: files that are named like options" {
    base 'linters: {ruff: {}, flake8: {}, black: {}}'
    printf 'lint.ignore = ["F401"]\n' >evil.toml
    bad_python >plugin.py
    for name in '--config=evil.toml.py' '--exit-zero.py' '-h.py' '--stdin-filename.py' '@evil.py' '--ignore=F.py' '--append-config=x.py'; do
        printf 'import os\n' >"./$name"
    done
    commit head
    expect 1 check --base base -v
    nothing_ran
    [ "$(grep -c 'ruff\.F401' <<<"$output")" -ge 7 ]
    [[ $output != *undecided* ]]
}

# Tells what it got hold of, each as a finding.
greedy_linter() {
    mkdir -p "$BATS_TEST_TMPDIR/bin"
    cat >"$BATS_TEST_TMPDIR/bin/greedy" <<END
#!/bin/bash
file=\${*: -1}
got() { printf '%s:1:1: error: GOT %s\n' "\$file" "\$1"; }
[ -z "\$(cat "$HOME/.ssh/id_ed25519" ~/.ssh/id_ed25519 2>/dev/null)" ] || got key
[ -z "\$SECRET_TOKEN" ] || got secret
(exec 3<>/dev/tcp/127.0.0.1/$1) 2>/dev/null && got network
[ ! -e "$BATS_TEST_TMPDIR/repo/.git" ] || got repository
(: >"$CANARY") 2>/dev/null # its own /tmp has that folder, too: only outside can it be told
(echo 'x = 2' >"\$file") 2>/dev/null && got file
(: >new.py) 2>/dev/null && got snapshot
(kill -0 $$) 2>/dev/null && got process
: >/tmp/note && printf '%s:1:1: warning: it has run\n' "\$file"
exit 1
END
    chmod +x "$BATS_TEST_TMPDIR/bin/greedy"
    PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

@test "attack: a linter that reads keys and the environment, writes, and calls home" {
    python3 -c 'import socket, sys, time
s = socket.create_server(("127.0.0.1", 0))
print(s.getsockname()[1], flush=True)
time.sleep(60)' >"$BATS_TEST_TMPDIR/port" &
    listener=$!
    until [ -s "$BATS_TEST_TMPDIR/port" ]; do sleep 0.02; done
    greedy_linter "$(cat "$BATS_TEST_TMPDIR/port")"
    base 'linters: {greedy: {files: ["*.py"], command: [greedy, "{file}"], output: gcc}}'
    printf 'y = 1\n' >a.py
    commit head
    # It bites: outside, it gets all of it.
    SECRET_TOKEN=x run greedy "$(cp a.py "$BATS_TEST_TMPDIR/b.py" && echo "$BATS_TEST_TMPDIR/b.py")"
    for what in key secret network repository file process; do [[ $output == *"GOT $what"* ]]; done
    rm "$CANARY"
    rm -f new.py
    SECRET_TOKEN=x expect 0 check --base base
    kill $listener
    [[ $output == *"it has run"* && $output != *GOT* ]]
    [ ! -e "$CANARY" ] && [ -z "$(git status --porcelain)" ]
}
