#!/usr/bin/env bash
# Builds the sample repository: "harbour", a small project in Python, shell, C and JavaScript, with branches to review.
#
#   testdata/sample.sh DIR
#
#   main             the project, with its .sallyport.yaml
#   feature          good and bad changes in one: rejected, and so not run
#   feature-good     a good change with its tests: passes, and its jobs pass
#   feature-fails    passes the review, but one of its tests fails
#   feature-syntax   a Python file that does not parse
#
# Names, dates and settings are fixed, so the commit ids are the same everywhere and may stand in tests. What would
# trip a scanner of this repository itself (a key, a conflict marker) is put together from parts.
set -euo pipefail
umask 022

[ $# -eq 1 ] || {
    echo "usage: testdata/sample.sh DIR" >&2
    exit 2
}
[ ! -e "$1" ] || {
    echo "testdata/sample.sh: $1 is there already" >&2
    exit 2
}

# shellcheck disable=SC2046 # names of variables: no spaces in them
unset $(git rev-parse --local-env-vars) GIT_DEFAULT_HASH
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
export GIT_AUTHOR_NAME="Wilma Wharf" GIT_AUTHOR_EMAIL="wilma@harbour.example"
export GIT_COMMITTER_NAME=$GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL

git init --quiet --template= --object-format=sha1 --initial-branch=main "$1"
cd "$1"

day=1
commit() {
    local date
    date=$(printf '2026-03-%02dT09:00:00+0000' "$day")
    day=$((day + 1))
    git add --all
    GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date git commit --quiet --message "$1"
}

file() { # from standard input
    mkdir -p "$(dirname "$1")"
    cat >"$1"
}

script() {
    file "$1"
    chmod +x "$1"
}

# ---- main

file README.md <<'E'
# harbour

Keeps the berths of a small harbour: who lies where, when the tide lets a ship in, and what is on board.

    python3 -m tests.quiet tests/test_berths.py
    node web/board.test.js
E

file .gitignore <<'E'
__pycache__/
build/
E

file .sallyport.yaml <<'E'
version: 1

linters:
  ruff: {}
  flake8: {}
  black: {}

run:
  - name: unit
    files: ["tests/test_*.py"]
    command: [python3, -B, -m, tests.quiet, "{file}"]
    limits: {wall: 30s}
  - name: board
    command: [node, web/board.test.js]
    limits: {wall: 30s}

reports: {sarif: build/sallyport.sarif, junit: build/sallyport.junit.xml}
E

file .flake8 <<'E'
[flake8]
max-line-length = 88
E

file pyproject.toml <<'E'
[project]
name = "harbour"
version = "1.2.0"
description = "Keeps the berths of a small harbour"
requires-python = ">=3.9"

[tool.ruff.lint]
select = ["E", "F", "W", "B"]
E

file harbour/__init__.py <<'E'
"""Keeps the berths of a small harbour."""
E

file harbour/berths.py <<'E'
"""Berths: places on the quay, each with a length and a depth."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Berth:
    name: str
    length: float
    depth: float


@dataclass(frozen=True)
class Ship:
    name: str
    length: float
    draught: float


class NoBerth(Exception):
    """No berth is long and deep enough."""


def fits(ship, berth, tide=0.0):
    """Whether the ship can lie there, with half a metre of water below it."""
    deep_enough = berth.depth + tide >= ship.draught + 0.5
    return deep_enough and berth.length >= ship.length


def assign(ship, berths, tide=0.0):
    """The shortest berth that the ship fits in."""
    fitting = [berth for berth in berths if fits(ship, berth, tide)]
    if not fitting:
        raise NoBerth(f"{ship.name}: {ship.length} m, {ship.draught} m")
    return min(fitting, key=lambda berth: (berth.length, berth.name))
E

file harbour/tides.py <<'E'
"""Tides, as a table of hours and heights."""


def height(table, hour):
    """The height of the tide at an hour, between two entries of the table."""
    before = max(entry for entry in table if entry[0] <= hour)
    after = min(entry for entry in table if entry[0] >= hour)
    if before == after:
        return before[1]
    part = (hour - before[0]) / (after[0] - before[0])
    return before[1] + part * (after[1] - before[1])


def high_water(table):
    """The hour of the highest entry."""
    return max(table, key=lambda entry: entry[1])[0]
E

file harbour/manifest.py <<'E'
"""Manifests: what a ship has on board, one line an item."""

import json


def parse_line(line):
    """An item from a line such as `12 x crate of figs`."""
    count, _, name = line.partition(" x ")
    return {"count": int(count), "name": name.strip()}


def parse(text):
    """All items of a manifest; empty lines are left out."""
    return [parse_line(line) for line in text.splitlines() if line.strip()]


def to_json(items):
    return json.dumps(items, sort_keys=True)
E

file harbour/pilots.py <<'E'
"""Pilots: who brings which ship in."""

ROSTER = {
    "mon": "Abel",
    "tue": "Birte",
    "wed": "Carlo",
    "thu": "Dunja",
    "fri": "Abel",
    "sat": "Birte",
    "sun": "Carlo",
}


def pilot_for(day):
    """The pilot on duty; days are written as in the roster."""
    return ROSTER[day.lower()[:3]]


def days_of(pilot):
    """The days on which a pilot is on duty, in the order of the week."""
    return [day for day, name in ROSTER.items() if name == pilot]
E

file tests/__init__.py </dev/null

file tests/quiet.py <<'E'
"""Runs the unit tests of one file; says how many passed, and no times."""

import importlib
import sys
import unittest


def main(path):
    module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
    result = unittest.TestResult()
    unittest.defaultTestLoader.loadTestsFromModule(module).run(result)
    wrong = result.failures + result.errors
    for test, trace in wrong:
        print(f"FAILED {test.id()}: {trace.strip().splitlines()[-1]}")
    print(f"{path}: {result.testsRun - len(wrong)} passed, {len(wrong)} failed")
    return 0 if result.testsRun and result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
E

file tests/test_berths.py <<'E'
import unittest

from harbour.berths import Berth, NoBerth, Ship, assign, fits

QUAY = [Berth("North", 120.0, 9.0), Berth("South", 80.0, 6.0)]


class Berths(unittest.TestCase):
    def test_half_a_metre_below(self):
        self.assertTrue(fits(Ship("Heron", 60.0, 5.5), QUAY[1]))
        self.assertFalse(fits(Ship("Heron", 60.0, 5.6), QUAY[1]))

    def test_the_shortest_that_fits(self):
        self.assertEqual(assign(Ship("Heron", 60.0, 4.0), QUAY).name, "South")
        self.assertEqual(assign(Ship("Stork", 60.0, 7.0), QUAY).name, "North")

    def test_none(self):
        with self.assertRaises(NoBerth):
            assign(Ship("Whale", 200.0, 4.0), QUAY)
E

file tests/test_manifest.py <<'E'
import unittest

from harbour.manifest import parse, to_json


class Manifest(unittest.TestCase):
    def test_lines(self):
        items = parse("12 x crate of figs\n\n1 x anchor\n")
        self.assertEqual([item["count"] for item in items], [12, 1])
        self.assertEqual(items[1]["name"], "anchor")

    def test_json(self):
        self.assertEqual(to_json(parse("2 x oar")), '[{"count": 2, "name": "oar"}]')
E

script scripts/load-tides.sh <<'E'
#!/bin/sh
# Prints the tide table of a day as "hour height" lines.
set -eu

table=${1:?usage: load-tides.sh FILE}
sort -n -- "$table" | grep -v '^#'
E

script scripts/backup.sh <<'E'
#!/usr/bin/env bash
# Keeps a copy of the manifests of the day.
set -euo pipefail

target=${1:?usage: backup.sh TARGET}
mkdir -p "$target"
tar -cf "$target/manifests.tar" manifests
echo "kept in $target"
E

file tools/checksum.c <<'E'
/* checksum.c: the checksum that the customs office prints on a manifest. */
#include <stdio.h>

int main(void) {
    unsigned sum = 0;
    int c;

    while ((c = getchar()) != EOF) {
        sum = (sum * 31 + (unsigned)c) % 9973;
    }
    printf("%04u\n", sum);
    return 0;
}
E

file web/board.js <<'E'
"use strict";

/* The arrivals board: rows as text, sorted by hour. */

function row(arrival) {
  return `${arrival.hour.padStart(5)}  ${arrival.ship}`;
}

function board(arrivals) {
  return [...arrivals].sort((a, b) => a.hour.localeCompare(b.hour)).map(row);
}

module.exports = { board, row };
E

file web/board.test.js <<'E'
"use strict";

const assert = require("node:assert");
const { board } = require("./board.js");

const arrivals = [
  { hour: "14:30", ship: "Stork" },
  { hour: "09:15", ship: "Heron" },
];

assert.deepStrictEqual(board(arrivals), ["09:15  Heron", "14:30  Stork"]);
assert.strictEqual(arrivals[0].ship, "Stork");
console.log("board: 2 passed");
E

commit "Berths, tides, manifests and the arrivals board"

file docs/tides.txt <<'E'
# hour height
0 0.4
6 2.9
12 0.5
18 3.1
24 0.4
E
file tests/test_tides.py <<'E'
import unittest

from harbour.tides import height, high_water

TABLE = [(0, 0.4), (6, 2.9), (12, 0.5), (18, 3.1), (24, 0.4)]


class Tides(unittest.TestCase):
    def test_an_entry(self):
        self.assertEqual(height(TABLE, 12), 0.5)

    def test_between(self):
        self.assertAlmostEqual(height(TABLE, 3), 1.65)

    def test_high_water(self):
        self.assertEqual(high_water(TABLE), 18)
E
commit "tides: a table for the tests"

# ---- feature: some good, much bad

git checkout --quiet -b feature

# Good: a function with its test.
cat >>harbour/tides.py <<'E'


def low_water(table):
    """The hour of the lowest entry."""
    return min(table, key=lambda entry: entry[1])[0]
E
sed -i -e 's/import height, high_water/import height, high_water, low_water/' tests/test_tides.py
cat >>tests/test_tides.py <<'E'

    def test_low_water(self):
        self.assertEqual(low_water(TABLE), 0)
E
commit "tides: low water"

# Bad: an import that nobody uses, and a line that Black would lay out anew.
sed -i -e 's/^from dataclasses import dataclass$/import os\nfrom dataclasses import dataclass/' harbour/berths.py
cat >>harbour/berths.py <<'E'


def free( berths,taken ):
    return [ berth for berth in berths if berth.name not in taken ]
E
commit "berths: which are free"

# Bad: what stands in a manifest is executed.
sed -i -e 's/"count": int(count)/"count": eval(count)/' harbour/manifest.py
commit "manifest: counts such as 3*12"

# A rename with an edit; the roster is still the same code.
git mv harbour/pilots.py harbour/pilotage.py
sed -i -e 's/"sun": "Carlo"/"sun": "Emine"/' harbour/pilotage.py
commit "pilots: rename, and Emine on Sundays"

# Bad: a conflict that was never settled.
# shellcheck disable=SC2016 # these are lines of a script, to be written as they are
{
    sed -n '1,5p' scripts/backup.sh
    printf '%s HEAD\n' '<<<<<''<<'
    printf 'stamp=$(date +%%F)\n'
    printf '%s\n' '=====''=='
    printf 'stamp=$(date +%%s)\n'
    printf '%s theirs\n' '>>>>>''>>'
    sed -n '6,$p' scripts/backup.sh | sed -e 's/manifests\.tar/manifests-$stamp.tar/'
} >scripts/backup.new
cat scripts/backup.new >scripts/backup.sh
rm scripts/backup.new
commit "backup: one file a day"

# Bad: a key (not a real one) in the configuration.
{
    printf '"""Where the customs office is reached."""\n\n'
    printf 'URL = "https://customs.example/api"\n'
    printf 'KEY = """-----BEGIN %s KEY-----\n' 'RSA PRIVATE'
    printf 'bm90IGEga2V5LCBidXQgaXQgbG9va3MgbGlrZSBvbmU6IHRoZSBnYXRlIG11c3Qg\n'
    printf 'c3RvcCBpdCBhbGwgdGhlIHNhbWUsIHNpbmNlIGl0IGNhbm5vdCBrbm93IHRoYXQu\n'
    printf -- '-----END %s KEY-----"""\n' 'RSA PRIVATE'
} >harbour/customs.py
commit "customs: first contact"

# Good, in three more languages; a path with a space in it; a file that is gone.
sed -i -e 's/%04u/%05u/' tools/checksum.c
sed -i -e 's/\.padStart(5)/.padStart(5, "0")/' web/board.js
file "docs/port map.txt" <<'E'
North: 120 m, 9 m deep
South:  80 m, 6 m deep
E
git rm --quiet docs/tides.txt
commit "board, checksum, a map of the port"

# ---- feature-good: a good change, with its tests

git checkout --quiet -b feature-good main
cat >>harbour/berths.py <<'E'


def free(berths, taken):
    """The berths whose names are not taken, shortest first."""
    return sorted(
        (berth for berth in berths if berth.name not in taken),
        key=lambda berth: berth.length,
    )
E
sed -i -e 's/Ship, assign, fits/Ship, assign, fits, free/' tests/test_berths.py
cat >>tests/test_berths.py <<'E'

    def test_free(self):
        self.assertEqual(free(QUAY, {"North"}), [QUAY[1]])
        self.assertEqual(free(QUAY, set()), [QUAY[1], QUAY[0]])
E
sed -i -e 's/^module\.exports.*/function late(arrivals, hour) {\n  return arrivals.filter((arrival) => arrival.hour > hour);\n}\n\nmodule.exports = { board, late, row };/' web/board.js
sed -i -e 's/const { board }/const { board, late }/' \
    -e 's/^console.log.*/assert.deepStrictEqual(late(arrivals, "12:00"), [arrivals[0]]);\nconsole.log("board: 3 passed");/' web/board.test.js
commit "berths: which are free; board: who is late"

# ---- feature-fails: passes the review, fails its test

git checkout --quiet -b feature-fails main
sed -i -e 's/ship\.draught + 0\.5/ship.draught/' harbour/berths.py
commit "berths: no need for water below the keel"

# ---- feature-syntax: does not parse

git checkout --quiet -b feature-syntax main
cat >>harbour/tides.py <<'E'


def range_of(table:
    return max(entry[1] for entry in table) - min(entry[1] for entry in table)
E
commit "tides: their range"

git checkout --quiet main
