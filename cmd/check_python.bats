#!/usr/bin/env bats
# sallyport check: Ruff, Flake8 and Black, the true tools: all that they say of a file, and what they do not look at.

setup() {
    load ../testdata/helpers
    new_repo "$BATS_TEST_TMPDIR/repo"
    bin=$BATS_TEST_TMPDIR/bin
    mkdir "$bin"
}

policy() { # LINE...: of the linters
    printf 'version: 1\nrules: off\nlinters:\n' >.sallyport.yaml
    printf '  %s\n' "$@" >>.sallyport.yaml
}

tool() { # NAME: a stand-in, from stdin, which is found before the true one
    cat >"$bin/$1"
    chmod +x "$bin/$1"
    PATH=$bin:$PATH
}

# What SARIF has of each finding, sorted: CODE PATH LINE:COLUMN-LINE:COLUMN, and behind it a word for each fix.
findings() { # FILE TOOL
    python3 -c 'import json, sys, urllib.parse
for run in json.load(open(sys.argv[1]))["runs"]:
    for result in run["results"]:
        if not result["ruleId"].startswith(sys.argv[2] + "."):
            continue
        place = result["locations"][0]["physicalLocation"]
        at = place.get("region", {})
        print(result["ruleId"].split(".", 1)[1], urllib.parse.unquote(place["artifactLocation"]["uri"]),
              "{startLine}:{startColumn}-{endLine}:{endColumn}".format(**at) if "startColumn" in at else "-",
              *(fix["properties"]["applicability"] for fix in result.get("fixes", [])))' "$1" "$2" | LC_ALL=C sort
}

# The same from Ruff itself; a fix that is only to be shown is none in SARIF.
ruff_findings() { # ARGUMENT...
    ruff check --no-cache --output-format json "$@" | python3 -c 'import json, os, sys
for item in json.load(sys.stdin):
    at, end, fix = item["location"], item["end_location"], item["fix"]
    print(item["code"], os.path.relpath(item["filename"]),
          "%d:%d-%d:%d" % (at["row"], at["column"], end["row"], end["column"]),
          *([fix["applicability"]] if fix and fix["applicability"] != "display" else []))' | LC_ALL=C sort
}

# The report holds these lines, whatever the width of its columns.
shows() { # TEXT
    [[ $'\n'$(tr -s ' ' <<<"$output") == *"$(tr -s ' ' <<<"$1")"* ]] || {
        printf 'not shown: %s\n--- stdout\n%s\n' "$1" "$output" >&2
        return 1
    }
}

# PATH VERDICT ACCOUNT, of the ledger.
ledger() {
    sed -n '/^ledger$/,/^$/p' <<<"$output" | sed -n 's/^  \(passed\|rejected\|skipped\|undecided\)  *\([^ ]*\)  *\(.*\)$/\2|\1|\3/p'
}

# Code that most of Ruff's plugins have something to say of.
hostile_python() {
    cat <<'EOF'
#!/usr/bin/env python
# fix me
import os, sys
from typing import List, Optional
import numpy as np
def f(a, b=[], *args, password="hunter2"):
	"""doc"""
	x = lambda: 0
	if a == None: return eval("1")
	assert a, "x"
	print("é🎉%s" % b); y = l = 1  # noqa: E999
	try:
		pass
	except:
		pass
	for i in range(len(b)): os.path.join(a, b [i])
	return dict()
class badName(object):
	X: Optional[int] = None
	def Method(self):
		raise NotImplemented
	def __eq__(self, o): return type(self) == type(o)
async def g():
	open("x"); import re
	if True:
		if f:
			return not not f
	else: return {**{}}
	global Z; Z = 1
s = 'a' "b" f"" u"c"
np.random.seed(0)
open("/tmp/x", "w").write(s)
exec("1"); __all__ = ["missing"]
EOF
    printf 'z = 1 \x0c \n\n\n\n\nlast = "%s"' "$(printf 'w%.0s' {1..200})"
}

@test "Ruff: all codes, at their places, with their fixes and how safe these are" {
    policy 'ruff: {}'
    printf 'preview = true\nline-length = 80\n[lint]\nselect = ["ALL"]\n' >ruff.toml
    hostile_python >a.py
    { printf '\xef\xbb\xbf' && hostile_python; } >bom.py
    hostile_python | sed 's/$/\r/' >crlf.py
    printf 'from typing import List\nx: List[int] = None\ndef f(a: int = 10000000000000) -> None: pass\nT = int\n' >stub.pyi
    commit all
    expect 1 check --all -o sarif="$BATS_TEST_TMPDIR/a.sarif"
    ruff_findings a.py bom.py crlf.py stub.pyi >"$BATS_TEST_TMPDIR/expected"
    diff -u "$BATS_TEST_TMPDIR/expected" <(findings "$BATS_TEST_TMPDIR/a.sarif" ruff)
    # That was of many kinds.
    [ "$(cut -d' ' -f1 "$BATS_TEST_TMPDIR/expected" | sed 's/[0-9]*$//' | sort -u | wc -l)" -ge 25 ]
    grep -q '^PYI.* stub.pyi ' "$BATS_TEST_TMPDIR/expected"
    grep -q ' unsafe$' "$BATS_TEST_TMPDIR/expected" && grep -q ' safe$' "$BATS_TEST_TMPDIR/expected"
}

@test "Ruff: a rule without a code has its name, and is no syntax error" {
    policy 'ruff: {severity: {tarfile-ignore-zeros-true: note}}'
    printf 'preview = true\nlint.select = ["tarfile-ignore-zeros-true", "pytest-fixture-autouse"]\n' >ruff.toml
    printf 'import tarfile\n\nimport pytest\n\n\n@pytest.fixture(autouse=True)\ndef f(name):\n    tarfile.open(name, ignore_zeros=True)\n' >a.py
    expect 0 check
    shows $'a.py\n  6:17 warning ruff.pytest-fixture-autouse Avoid using '
    shows '  8:24 note ruff.tarfile-ignore-zeros-true `tarfile` opened with '
    sed -i '8s/$/  # sallyport: ignore[tarfile-ignore-zeros-true] -- a test/' a.py
    expect 0 check
    [[ $output == *"passed: 1 warning in 1 of 3 files; not counted: 1 suppressed; "* ]]
}

@test "Ruff: syntax errors are errors of their own, whatever is selected, and count wherever they are" {
    policy 'ruff: {args: [--select, W], severity: warning}'
    printf 'def f():\n    x = 1\n    y = 2\n    return x\n' >a.py
    commit first
    printf 'def f(:\n    x = 1\n    y = 2\n    return x \n' >a.py
    expect 1 check
    shows '  1:7  error    ruff.invalid-syntax  Expected a parameter or the end of the parameter list'
    # A bracket that is not closed is told of at the end, which is no new line.
    printf 'def f():\n    x = (1\n    y = 2\n    return x\n' >a.py
    expect 1 check
    [[ $output == *error*ruff.invalid-syntax* ]]
    printf 'x = "\xe9"\n' >a.py
    expect 1 check
    [[ $output == *error*'ruff.E902  stream did not contain valid UTF-8'* ]]
    # By its name it can be graded otherwise.
    sed -i 's/severity: warning/severity: {E902: note}/' .sallyport.yaml
    expect 0 check
}

@test "Ruff: whether a file can be executed" {
    policy 'ruff: {args: [--select, EXE]}'
    printf '#!/usr/bin/env python3\nprint()\n' | tee right.py wrong.py tool >/dev/null
    printf 'print()\n' >plain.py
    chmod +x right.py plain.py tool
    expect 0 check
    same '  1:1  warning  ruff.EXE002  The file is executable but no shebang is present
  1:1  warning  ruff.EXE001  Shebang is present but file is not executable' "$(grep warning <<<"$output" | head -n 2)"
    # So does what is kept.
    chmod +x wrong.py && chmod -x plain.py
    expect 0 check
    same 'passed: no findings; 4 files reviewed, 1 skipped' "$output"
}

@test "Ruff: what it says of pyproject.toml" {
    policy 'ruff: {args: [--select, RUF200]}'
    printf '[project]\nname = "x"\nversion = "one"\n' >pyproject.toml
    printf '[project]\nname = "x"\nversion = "one"\n' >other.toml
    expect 0 check -v
    shows ' warning ruff.RUF200 Failed to parse pyproject.toml: '
    same '.sallyport.yaml|skipped|no check looks at such files
other.toml|skipped|no check looks at such files
pyproject.toml|passed|ruff' "$(ledger)"
}

@test "Ruff: the team's own settings of output and fixes change nothing, and its noqa holds" {
    policy 'ruff: {}'
    printf '%s\n' 'output-format = "github"' 'fix = true' 'fix-only = true' 'unsafe-fixes = true' 'show-fixes = true' \
        '[lint]' 'select = ["F", "D203", "D211"]' '[lint.per-file-ignores]' '"ignored.py" = ["F"]' >ruff.toml
    printf 'import os\nimport re  # noqa: F401\n' >a.py
    printf 'import os\n' >ignored.py
    printf '# ruff: noqa\nimport os\n' >silent.py
    expect 1 check -v
    shows '  1:8  error    ruff.F401  `os` imported but unused  [fix]'
    shows 'rejected: 1 error in 1 of 5 files; 3 files reviewed, 2 skipped'
    same 'a.py ignored.py silent.py' "$(ledger | grep '|ruff$' | cut -d'|' -f1 | xargs)"
    same 'import os' "$(head -n 1 a.py)"
}

@test "Ruff: configuration up the tree, the file that it builds on, and the version that it requires" {
    policy 'ruff: {}'
    mkdir -p pkg/deep conf
    printf '[lint]\nselect = ["W"]\n' >pyproject.toml # no table of Ruff's: nothing
    printf 'line-length = 20\n[lint]\nselect = ["E501"]\n' >conf/strict.toml
    printf 'extend = "../conf/strict.toml"\n' >pkg/ruff.toml
    printf '[lint]\nselect = ["T"]\n' >pkg/pyproject.toml # ruff.toml is before it
    printf '[project]\nname = "deep"\n' >pkg/deep/pyproject.toml
    printf 'print("a line of more than twenty")\nimport os\n' | tee a.py pkg/b.py >pkg/deep/c.py
    expect 1 check
    same 'a.py
error ruff.F401
pkg/b.py
warning ruff.E501
pkg/deep/c.py
warning ruff.E501' "$(grep -oE '^[a-z/]+\.py$|(error|warning) +ruff\.[A-Z0-9]+' <<<"$output" | tr -s ' ')"
    # On a branch it is the base's.
    commit first
    git branch base
    printf 'line-length = 200\n' >conf/strict.toml
    printf 'x = "a line of more than twenty"\n' >>pkg/b.py
    commit second
    expect 0 check --base base
    shows '3:21  warning  ruff.E501'
    sed -i 's/rules: off/rules: {packs: [change]}/' .sallyport.yaml && commit third
    git branch -f base
    printf 'line-length = 300\n' >conf/strict.toml && printf 'y = 1\n' >>pkg/b.py && commit fourth
    expect 0 check --base base
    shows 'conf/strict.toml, which configures ruff, is edited; the review went by the version of base'

    printf 'required-version = ">=99"\n' >ruff.toml
    printf '\n' >>a.py
    expect 3 check a.py
    shows 'undecided  ruff: ended with exit code 2: Failed to load configuration'
    shows 'Required version `>=99` does not match the running version'
}

@test "what the tools' own configuration excludes is told, is not undecided, and comes from the base" {
    policy 'ruff: {}' 'flake8: {}' 'black: {}'
    printf 'extend-exclude = ["gen"]\n[lint]\nexclude = ["quiet.py"]\n' >ruff.toml
    printf '[flake8]\nexclude = gen/*, loud.py\n' >.flake8
    printf '[tool.black]\nforce-exclude = "^/gen/"\n' >pyproject.toml
    mkdir gen
    printf 'import os\n' | tee gen/a.py quiet.py loud.py >/dev/null
    expect 1 check -v
    same 'gen/a.py|skipped|black: excluded by its own configuration; flake8: excluded by its own configuration; ruff: excluded by its own configuration
loud.py|rejected|black, ruff (flake8: excluded by its own configuration)
quiet.py|rejected|black, flake8 (ruff: excluded by its own configuration)' "$(ledger | grep '[.]py|')"
    shows $'notes\n  black has not looked at 1 file: excluded by its own configuration\n  flake8 has not looked at 2 files: excluded'
    shows 'rejected: 2 errors in 2 of 7 files; 3 files reviewed, 4 skipped'
    # Nothing of it is started again, and it is told again.
    expect 1 check -v
    shows 'ruff has not looked at 2 files: excluded by its own configuration'
    [[ $output != *undecided* ]]
    # A change that excludes itself has not.
    rm .flake8 ruff.toml pyproject.toml && git rm -q --cached -r . 2>/dev/null || true
    rm -r gen quiet.py loud.py
    commit base && git branch base
    printf 'exclude = ["*"]\n' >ruff.toml
    printf '[flake8]\nexclude = *\n' >.flake8
    printf '[tool.black]\nforce-exclude = "."\n' >pyproject.toml
    printf 'import os\nx = "a" + '"'b'"'\n' >a.py
    commit head
    expect 1 check --base base -v
    same 'a.py|rejected|black, flake8, ruff' "$(ledger | grep '^a[.]py|')"
    # Ruff leaves out some folders by itself: there a change could hide.
    mkdir dist && printf 'import os\n' >dist/a.py
    rm ruff.toml .flake8 pyproject.toml
    expect 3 check dist
    shows $'dist/a.py\n  undecided  ruff: did not look at it: does it leave out such files by itself? Then exclude them in the policy\n'
    policy 'ruff: {args: [--no-force-exclude]}'
    expect 1 check dist
}

@test "Ruff: the repository's own modules, below the folders that a pattern of its src means" {
    policy 'ruff: {args: [--select, I]}'
    printf 'src = ["packages/*/src"]\n' >ruff.toml
    mkdir -p packages/one/src/inner packages/two
    touch packages/one/src/inner/__init__.py
    commit first
    printf '%s\n' 'import numpy' '' 'import inner' '' 'print(numpy, inner)' >main.py
    ruff check --no-cache --quiet --select I main.py
    expect 0 check
    same 'passed: no findings; 1 file reviewed' "$output"
    git mv packages/one/src packages/one/lib
    run ! ruff check --no-cache --quiet --select I main.py
    expect 0 check main.py
    shows '1:1 warning ruff.I001'
}

# A cell of code, its lines as JSON has them.
cell() { # LINE...
    printf '  {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [],\n   "source": [\n'
    local line last=${*: -1}
    for line; do
        [ "$line" = "$last" ] && printf '    "%s"\n' "$line" || printf '    "%s\\n",\n' "$line"
    done
    printf '   ]}'
}

notebook() { # CELL...
    printf '{"cells": [\n%s' "$1"
    shift
    [ $# = 0 ] || printf ',\n%s' "$@"
    printf '\n ],\n "metadata": {}, "nbformat": 4, "nbformat_minor": 5}\n'
}

@test "Ruff: a notebook, cell by cell, in the file's lines" {
    policy 'ruff: {args: [--select, "E,F"]}' 'flake8: {}' 'black: {}'
    notebook "$(cell 'import os' 'x = 1')" "$(cell 'print(lost)')" >a.ipynb
    commit first
    # A new cell in front of all: what was there is old.
    notebook "$(cell '%matplotlib inline' 'y = \"é🎉\"; print(gone)')" "$(cell 'import os' 'x = 1')" \
        "$(cell 'print(lost)')" >a.ipynb
    expect 1 check -v
    # Line and column are the file's; the old ones are shown since this is -v.
    shows ' 5:24 error ruff.F821 Undefined name `gone` (cell 1, line 2)'
    shows ' 9:13 error ruff.F401  `os` imported but unused (cell 2, line 1)  [fix]  [out of scope]'
    [[ $output == *'1 error, 0 allowed'* && $output == *'not counted: 2 old'* ]]
    # Flake8 does not look at it, and Black, whose part for notebooks may be missing, is not given it.
    same 'a.ipynb|rejected|ruff' "$(ledger | grep '^a[.]ipynb|')"
    commit second
    # With the version before to compare with, a cell that is moved keeps its findings old.
    git branch base
    notebook "$(cell 'print(lost)')" "$(cell '%matplotlib inline' 'y = \"é🎉\"; print(gone)')" "$(cell 'import os' 'x = 1')" >a.ipynb
    commit third
    expect 0 check --base base
    shows 'not counted: 4 old'
}

# The cells' texts.
cells() { # FILE
    python3 -c 'import json, sys
print(["".join(cell["source"]) for cell in json.load(open(sys.argv[1]))["cells"]])' "$1"
}

@test "Ruff: a notebook is fixed as Ruff does it, and nothing else in it is written anew" {
    policy 'ruff: {args: [--select, "F401,E401"]}'
    notebook "$(cell 'import os' 'import re' 'x = 1')" "$(cell 'if x:' '\timport sys, json' '\tprint(sys, json)')" \
        "$(cell 'import os')" >a.ipynb
    cp a.ipynb "$BATS_TEST_TMPDIR/theirs.ipynb"
    ruff check --no-cache --quiet --isolated --select F401,E401 --fix "$BATS_TEST_TMPDIR/theirs.ipynb"
    expect 0 check --fix
    same "$(cells "$BATS_TEST_TMPDIR/theirs.ipynb")" "$(cells a.ipynb)"
    same "$(notebook "$(cell 'x = 1')" "$(cell 'if x:' '\timport sys' '\timport json' '\tprint(sys, json)')" "$(cell '')")" \
        "$(cat a.ipynb)"
}

@test "Ruff: what is no notebook, or not Python's" {
    policy 'ruff: {}'
    notebook "$(cell 'x = 1' 'def f(:')" >syntax.ipynb
    printf '{"cells": [\n {,}\n]}\n' >broken.ipynb
    notebook "$(cell 'import os')" | sed 's/"metadata": {}, "nbformat"/"metadata": {"language_info": {"name": "julia"}}, "nbformat"/' >julia.ipynb
    expect 1 check -v
    shows $'broken.ipynb\n  -  error    ruff.invalid-syntax  Expected a Jupyter Notebook, '
    shows "isn't valid JSON"
    shows $'syntax.ipynb\n  5:12  error    ruff.invalid-syntax  Expected a parameter or the end of the parameter list (cell 1, line 2)'
    same 'julia.ipynb|skipped|ruff: a notebook of another language than Python' "$(ledger | grep '^julia')"
    # A broken notebook counts, whichever line the change has broken.
    notebook "$(cell 'x = 1')" >broken.ipynb
    commit first
    sed -i '$d' broken.ipynb
    expect 1 check
    shows $'broken.ipynb\n  -  error    ruff.invalid-syntax'
}

@test "Flake8: plugins that its user has installed, and a setting of one of them" {
    policy 'flake8: {severity: {D: off, N8: error, SIM102: note}}'
    PATH=$TOP/.venv/flake8/bin:$PATH
    printf '[flake8]\nselect = B,D,N,SIM\ndocstring-convention = google\n' >.flake8
    cat >a.py <<'EOF'
class badName:
    def Method(self, x=[]):
        if x:
            if self:
                return 1
EOF
    expect 1 check
    same '  1:8   error    flake8.N801    class name '"'badName'"' should use CapWords convention
  2:10  error    flake8.N802    function name '"'Method'"' should be lowercase
  2:24  warning  flake8.B006    Do not use mutable data structures for argument defaults.' \
        "$(grep -E '^  [12]:' <<<"$output" | sed 's/\(defaults\.\).*/\1/')"
    [[ $output == *'  3:9   note     flake8.SIM102  Use a single if-statement instead of nested if-statements'* && $output != *flake8.D10* ]]
    expect 1 check -o sarif
    [[ $(field runs 0 tool driver rules) == *flake8.SIM102* ]]
    # What is configured by pyproject.toml, through a plugin, is the base's as well.
    rm .flake8
    printf '[tool.flake8]\nselect = ["D"]\ndocstring-convention = "google"\n' >pyproject.toml
    sed -i 's/D: off/D: warning/' .sallyport.yaml
    expect 0 check
    [[ $output == *'  1:1  warning  flake8.D100'* && $output != *flake8.N801* ]]
    commit base && git branch base
    printf '[tool.flake8]\nselect = ["Q"]\n' >pyproject.toml
    printf '\n\ndef g():\n    pass\n' >>a.py
    commit head
    expect 0 check --base base
    shows '  8:1  warning  flake8.D103'
}

@test "Flake8: settings of its own output, complexity, encodings and names that are a nuisance" {
    policy 'flake8: {}'
    printf '%s\n' '[flake8]' 'max-complexity = 2' 'show-source = true' 'statistics = true' 'count = true' 'exit-zero = true' \
        'format = pylint' 'per-file-ignores =' '    quiet.py: F401' >setup.cfg
    printf 'def f(a, b):\n    if a:\n        return 1\n    if b:\n        return 2\n    return 3\n' >a.py
    printf '# -*- coding: latin-1 -*-\nx = "\xe9"; y = z\n' >latin.py
    printf 'x = "\xe9"\n' >invalid.py
    printf 'import os\n' | tee -- quiet.py a:1:2.py "a, b.py" -dash.py >$'new\nline.py'
    expect 1 check -v
    shows "  1:1  warning  flake8.C901  'f' is too complex (3)"
    shows "  2:14  error    flake8.F821  undefined name 'z'"
    # Flake8 takes what is not UTF-8 for Latin-1.
    [[ $output != *$'\ninvalid.py\n'* ]]
    local name
    for name in a:1:2.py 'a, b.py' -dash.py '"new\nline.py"'; do
        shows $'\n'"$name"$'\n  1:1  error    flake8.F401'
    done
    [[ $output != *$'\nquiet.py\n'* ]]
    printf '%s\n' '[flake8]' 'quiet = 2' >setup.cfg
    expect 3 check quiet.py
    shows 'undecided flake8: its output cannot be read: it has 0 violations, and flake8 says that it reported 1'
    printf '%s\n' '[flake8]' 'extend-ignore = E203 # why' >setup.cfg
    expect 3 check a.py
    shows "undecided flake8: ended with exit code 1 before it was done: ValueError: Error code '#' supplied to 'extend-ignore' option does not match"
}

@test "Flake8 and Black: which files are Python's" {
    policy 'ruff: {}' 'flake8: {}' 'black: {}'
    printf '#!/usr/bin/env python3\nx = 1\n' >script
    chmod +x script
    printf 'x = 1\n' | tee a.py a.pyi a.pyw a.pyx README.md >/dev/null
    notebook "$(cell 'x = 1')" >a.ipynb
    expect 0 check -v
    same '.sallyport.yaml|skipped|no check looks at such files
README.md|skipped|no check looks at such files
a.ipynb|passed|ruff
a.py|passed|black, flake8, ruff
a.pyi|passed|black, ruff
a.pyw|skipped|no check looks at such files
a.pyx|skipped|no check looks at such files
script|passed|black, flake8, ruff' "$(ledger)"
}

@test "Black: stubs by their name, and settings, which are the base's" {
    policy 'black: {}'
    printf '%s\n' '[tool.black]' 'line-length = 40' 'skip-string-normalization = true' 'target-version = ["py313"]' >pyproject.toml
    printf "x = 'a string that is shorter than 88 and not than 40'\ny = [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb]\n" >a.py
    printf 'class A: ...\nclass B: ...\n' | tee b.py >b.pyi
    expect 0 check
    shows $'a.py\n  2  note     black.format  Black would reformat this line  [fix]'
    [[ $output == *$'\nb.py\n  '*'black.format'* && $output != *$'\nb.pyi\n'* ]]
    printf 'x = 1\n' >a.py
    printf '\n# fmt: off\nz   =   [1,\n   2]\n# fmt: on\n' >>a.py
    expect 0 check a.py
    same 'passed: no findings; 1 file reviewed' "$output"
    commit base && git branch base
    printf '%s\n' '[tool.black]' 'line-length = 200' 'required-version = "1"' 'force-exclude = "."' >pyproject.toml
    printf 'y = [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb]\n' >>a.py
    commit head
    expect 0 check --base base
    shows $'a.py\n  7  note     black.format'
    # Of a version that it requires it says so itself.
    expect 3 check --all
    shows 'undecided  black: ended with exit code 1 before it was done: Oh no! '
    shows 'The required version `1` does not match the running version'
}

@test "Black: a name that begins a colour is reviewed like any other" {
    policy 'black: {severity: error}' 'ruff: {}' 'flake8: {}'
    printf 'import os\nx=1\n' | tee $'a\033[31m.py' $'b\033[0Kc\n.py' a.py >'b[31m.py'
    expect 1 check -v
    for name in a.py 'b[31m.py' '"a\033[31m.py"' '"b\033[0Kc\n.py"'; do
        [[ $output == *$'\n'"  rejected   $name "*"black, flake8, ruff"* ]]
    done
    same 4 "$(grep -c 'error *black.format' <<<"$output")"
    same 4 "$(grep -c 'ruff.F401, flake8.F401' <<<"$output")"
}

@test "Black: the configuration of a file does not depend on what else has changed" {
    policy 'black: {}'
    mkdir -p sub/deep
    printf '[tool.black]\nline-length = 40\n' >pyproject.toml
    printf '[tool.black]\nline-length = 120\n' >sub/pyproject.toml
    printf 'y = [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb, cccccccccccccc]\n' | tee a.py sub/b.py >sub/deep/c.py
    local path found
    for path in . a.py sub sub/deep/c.py; do
        expect 0 check --no-cache "$path"
        found+="$path: $(grep -E '^[a-z/]+\.py$' <<<"$output" | xargs);"
    done
    same '.: a.py;a.py: a.py;sub: ;sub/deep/c.py: ;' "$found"
}

@test "Black: what it cannot parse is a finding, and over what it breaks the file is undecided" {
    policy 'black: {}'
    printf 'x = 1\n' >good.py
    printf '\n\ndef f(:\n' >syntax.py
    printf 'x = "\xe9"\n' >encoding.py
    expect 1 check
    shows $'syntax.py\n  3:7  error    black.invalid-syntax  Black cannot parse this: def f(:'
    shows $'encoding.py\n  -  error    black.invalid-syntax  Black cannot read this file: '
    shows 'rejected: 2 errors in 2 of 4 files; 3 files reviewed, 1 skipped'
    # As Black says it where what it has written is not the same code.
    tool black <<'EOF'
#!/bin/sh
[ "$1" = --version ] && exit 2
echo 'error: cannot format good.py: INTERNAL ERROR: Black 26.10.1 on Python (CPython) 3.11.2 produced code that is not equivalent to the source.' >&2
printf '\nOh no!\n1 file would fail to reformat.\n' >&2
exit 123
EOF
    rm syntax.py encoding.py
    printf 'x  =  1\n' >good.py
    expect 3 check
    shows $'good.py\n undecided black: failed: INTERNAL ERROR: Black 26.10.1'
}

@test "a version that the policy asks for, of each of the three; what is odd about one is undecided" {
    local name version
    printf 'x = 1\n' >a.py
    for name in ruff flake8 black; do
        version=$("$name" --version | grep -oE '[0-9]+\.[0-9]+(\.[0-9]+)?' | head -n 1)
        policy "$name: {version: \">=0.9,<99\"}"
        expect 0 check
        policy "$name: {version: \"==${version%.*}.*\"}"
        expect 0 check
        policy "$name: {version: \"~=$version\"}"
        expect 0 check
        policy "$name: {version: \"!=$version\"}"
        expect 3 check
        [[ $output == *"undecided  $name: version $version is not what is wanted: the policy asks for !=$version"* ]]
        [[ $output == *"remedy: install one that fits (pip install '$name!=$version'), or change linters.$name.version in the policy"* ]]
        policy "$name: {version: \">=99.1\"}"
        expect 3 check
        [[ $output == *"undecided  $name: version $version is too old: the policy asks for >=99.1"* ]]
        policy "$name: {version: \"<0.1\"}"
        expect 3 check
        [[ $output == *"undecided  $name: version $version is too new: the policy asks for <0.1"* ]]
    done
    policy 'ruff: {version: ">=one"}'
    expect 2 check
    [[ $stderr == *'.sallyport.yaml:4:19: '* ]]
}

@test "a tool whose version is odd, is not said, or does not come" {
    printf 'x = 1\n' >a.py
    policy 'ruff: {version: ">=0.14", timeout: 1s}'
    tool ruff <<<'#!/bin/sh
[ "$1" = --version ] && { echo "ruff 0.14.0rc1 (an odd build)"; exit; }
exit 2'
    expect 3 check
    shows "ruff: version 0.14.0rc1 is too old: the policy asks for >=0.14"
    tool ruff <<<'#!/bin/sh
[ "$1" = --version ] && { echo "no number"; exit; }
exit 2'
    expect 3 check
    shows "ruff: does not say its version, and the policy asks for >=0.14"
    tool ruff <<<'#!/bin/sh
[ "$1" = --version ] && sleep 60
exit 2'
    expect 3 check
    shows "ruff: does not say its version, and the policy asks for >=0.14"
    PATH=/usr/bin:/bin
    policy 'ruff: {version: ">=0.14"}'
    expect 3 check
    shows "ruff: not found on the PATH"
    shows "remedy: install it (pip install ruff), or take it out of the policy's linters"
}

@test "severities by the beginning of a code: the longest that fits, in whatever order" {
    printf 'import os, sys\nx=1\nassert x\nif x:\n    if sys:\n        y = x\n' >a.py
    local order found
    for order in 'F: warning, E: note, "*": off, S: error, F401: off' 'F401: off, S: error, "*": off, E: note, F: warning'; do
        policy "ruff: {args: [--preview, --select, 'E,F,S,SIM'], severity: {$order}}"
        expect 1 check
        found=$(grep -oE '(error|warning|note)  +ruff\.[A-Z0-9]+' <<<"$output" | tr -s ' ' | sort -u)
        # A single letter is of the codes with that letter alone: S is S101 and not SIM102.
        same 'error ruff.S101
note ruff.E225
note ruff.E401' "$found"
    done
    policy "ruff: {args: [--select, 'S,SIM'], severity: {'*': off, SI: note}}"
    expect 0 check
    same 'note ruff.SIM102' "$(grep -oE '(error|warning|note)  +ruff\.[A-Z0-9]+' <<<"$output" | tr -s ' ')"
    policy 'ruff: {severity: {F: fatal}}'
    expect 2 check
    [[ $stderr == *".sallyport.yaml:4:24: "*"'fatal'"* ]]
}
