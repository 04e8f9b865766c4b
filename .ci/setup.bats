# .ci/setup with stand-ins for apt-get: nothing here installs anything.

setup() {
    load ../testdata/helpers
    mkdir -p "$BATS_TEST_TMPDIR/tree" "$BATS_TEST_TMPDIR/bin"
    cd "$BATS_TEST_TMPDIR/tree" || return
    tree=$(pwd -P)
    bin=$BATS_TEST_TMPDIR/bin
    cp -R "$TOP/.ci" .

    # A PATH of which single programs can be taken away.
    local program
    for program in bash bats c++ cat cc chmod cppcheck dirname env flock git grep id make mkdir musl-gcc mv node pgrep pkg-config rm sha256sum shellcheck tail touch tr; do
        ln -s "$(command -v "$program")" "$bin/$program"
    done

    # The virtual environment, as it is when all of it has been installed.
    mkdir -p .venv/bin .venv/flake8/bin
    ln -s "$(command -v python3)" .venv/bin/python
    for program in bin/ruff bin/flake8 bin/black flake8/bin/flake8; do
        stand_in ".venv/$program" :
    done
    {
        printf '%s\n' "$tree/.venv"
        .venv/bin/python -I -S -c 'import sys; print(sys.version)'
        cat .ci/requirements.txt .ci/flake8.txt .ci/eslint/* | sha256sum
    } >.venv/stamp
}

stand_in() { # FILE SCRIPT
    rm -f "$1" # never through a link to the machine's own program
    printf '#!/bin/bash\n%s\n' "$2" >"$1"
    chmod +x "$1"
}

setup_runs() { # STATUS ARGUMENT...
    local expected=$1
    shift
    run env -i PATH="$bin" .ci/setup "$@"
    [ "$status" -eq "$expected" ] || {
        printf 'exit status %s\n%s\n' "$status" "$output" >&2
        return 1
    }
}

@test "where all is there, it says nothing" {
    setup_runs 0
    same "" "$output"
    [ ! -e build ]
}

@test "without apt-get it says what is missing and how to get it" {
    rm "$bin/bats" "$bin/node"
    setup_runs 1
    same "setup: there is no apt-get here
setup: missing (by Debian's names): bats nodejs
setup: to install them, as root:

    apt-get update && apt-get install -y --no-install-recommends bats nodejs" "$output"
}

@test "what is missing is installed, and only that" {
    rm "$bin/bats"
    stand_in "$bin/id" 'echo 0'
    stand_in "$bin/apt-get" "echo \"\$DEBIAN_FRONTEND \$*\" >>'$tree/calls'; case \$* in *install*) touch '$bin/bats'; chmod +x '$bin/bats' ;; esac"
    setup_runs 0
    same "noninteractive -q -o DPkg::Lock::Timeout=300 update
noninteractive -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends bats" "$(cat calls)"

    rm calls
    setup_runs 0
    same "" "$output"
    [ ! -e calls ]
}

@test "an install that fails, or brings nothing, ends it" {
    rm "$bin/bats"
    stand_in "$bin/id" 'echo 0'
    stand_in "$bin/apt-get" 'echo "E: no network"; case $* in *install*) exit 100 ;; esac'
    setup_runs 1
    [[ $output == *"E: no network"*"apt-get could not install all of it"*"missing (by Debian's names): bats"* ]]
    stand_in "$bin/apt-get" ':'
    setup_runs 1
    [[ $output == *"installed, but still not to be found"*"missing (by Debian's names): bats"* ]]
}

@test "neither root nor sudo" {
    rm "$bin/bats"
    stand_in "$bin/id" 'echo 1000'
    stand_in "$bin/apt-get" "touch '$tree/called'"
    setup_runs 1
    [[ $output == *"neither root nor sudo is to be had here"*"missing (by Debian's names): bats"* ]]
    [ ! -e called ]
}

@test "sudo is used where it needs no password" {
    rm "$bin/bats"
    stand_in "$bin/id" 'echo 1000'
    stand_in "$bin/sudo" "[ \"\$1\" = -n ] || { echo \"sudo \$*\" >>'$tree/calls'; \"\$@\"; }"
    stand_in "$bin/apt-get" "case \$* in *install*) touch '$bin/bats'; chmod +x '$bin/bats' ;; esac"
    setup_runs 0
    same "sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 update
sudo env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends bats" "$(cat calls)"
}

@test "a virtual environment that is half made, moved, or of other requirements is made anew" {
    # There is no pip in the stand-in, so what is made anew fails: in the log stands that it was tried.
    for spoil in "rm .venv/stamp" "rm .venv/bin/ruff" "sed -i 1d .ci/requirements.txt" "sed -i 1s/tree/gone/ .venv/stamp"; do
        rm -rf spoilt && mkdir spoilt && cp -R .ci .venv spoilt/
        sed -i "1s,.*,$tree/spoilt/.venv," spoilt/.venv/stamp
        (cd spoilt && setup_runs 0)
        (cd spoilt && $spoil)
        sed -i "s/^    python=.*/    python=false/" spoilt/.ci/setup
        (cd spoilt && setup_runs 1 && [[ $output == *"making .venv: "*"could not be installed into .venv"* ]])
        [ ! -e spoilt/.venv/stamp ]
    done
}

@test "a group that there is not" {
    setup_runs 2 paint
    same "setup: no such group: paint (there are: lint, fuzz, bench)" "$output"
}
