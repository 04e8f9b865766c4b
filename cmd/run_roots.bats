#!/usr/bin/env bats
# sallyport run: interpreters wherever they are, virtual environments, other root file systems; and no more of the host.

setup() {
    load ../testdata/helpers
    fixed_git
    cd "$BATS_TEST_TMPDIR" || return
    chmod 755 .
    for_users
    home=$BATS_TEST_TMPDIR/home
}

# A home directory of mode 0700 of whoever `expect` will be, with something in it that is nobody's business.
new_home() {
    rm -rf "$home"
    mkdir "$home"
    printf 'secret' >"$home/.netrc"
}

lock_home() {
    [ "${WRAP[*]}" != as_user ] || chown -R "$TEST_USER" "$home" 2>/dev/null || true
    chmod 700 "$home"
}

# A Python of its own: a copy of the program, with the library of the system's.
copy_python() { # PREFIX
    local version
    version=$(/usr/bin/python3 -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
    mkdir -p "$1/bin" "$1/lib"
    cp -L /usr/bin/python3 "$1/bin/$version"
    ln -s "$version" "$1/bin/python3"
    ln -s "/usr/lib/$version" "$1/lib/$version"
}

# What a program sees of the home, and on which interpreter it runs.
look='
import os, sys
home = sys.argv[1]
print(sys.executable.removeprefix(home), sys.prefix.removeprefix(home), os.path.exists(home + "/.netrc"))
'

@test "a pyenv below a home of mode 0700, by its shim, as root and as an ordinary user" {
    pyenv() {
        new_home
        copy_python "$home/.pyenv/versions/3.98.1"
        copy_python "$home/.pyenv/versions/3.99.2"
        mkdir "$home/.pyenv/shims"
        printf '#!/usr/bin/env bash\nexec pyenv exec python3 "$@"\n' >"$home/.pyenv/shims/python3"
        chmod +x "$home/.pyenv/shims/python3"
        printf '3.99.2\n' >"$home/.pyenv/version"
        lock_home
        PATH=$home/.pyenv/shims:/usr/bin:/bin expect 0 run --no-review -c "$look" -- "$home"
        same "/.pyenv/versions/3.99.2/bin/python3 /.pyenv/versions/3.99.2 False" "$output"
        PYENV_VERSION=3.98.1 PATH=$home/.pyenv/shims:/usr/bin:/bin expect 0 run --no-review -c "$look" -- "$home"
        same "/.pyenv/versions/3.98.1/bin/python3 /.pyenv/versions/3.98.1 False" "$output"
        PATH=$home/.pyenv/shims:/usr/bin:/bin expect 0 run --no-review -c 'import os; print(sorted(os.listdir("'"$home"'/.pyenv/versions")))'
        same "['3.99.2']" "$output"
    }
    as_both pyenv
}

@test "an interpreter by a link to another place" {
    links() {
        new_home
        copy_python "$home/opt/python-3.99"
        mkdir -p "$home/bin"
        ln -s ../opt/current/bin/python3 "$home/bin/python3"
        ln -s python-3.99 "$home/opt/current"
        lock_home
        PATH=$home/bin:/usr/bin:/bin expect 0 run --no-review -c "$look" -- "$home"
        [[ $output == "/bin/python3 "*" False" ]]
    }
    as_both links
}

@test "nvm: Node with its modules below a home of mode 0700" {
    [ -x /usr/bin/node ] || skip "node is not installed"
    nvm() {
        local prefix=$home/.nvm/versions/node/v99.0.0
        new_home
        mkdir -p "$prefix/bin" "$prefix/lib/node_modules/own"
        ln -s /usr/bin/node "$prefix/bin/node"
        printf 'module.exports = "own module";\n' >"$prefix/lib/node_modules/own/index.js"
        lock_home
        PATH=$prefix/bin:/usr/bin:/bin expect 0 run --no-review --lang javascript --env "NODE_PATH=$prefix/lib/node_modules" \
            -c 'console.log(require("own"), require("fs").existsSync(process.argv[2] + "/.netrc"))' -- "$home"
        same "own module false" "$output"
    }
    as_both nvm
}

@test "rustup: its proxy leads to the default toolchain" {
    rustup() {
        local toolchain=$home/.rustup/toolchains/stable-x86_64
        new_home
        mkdir -p "$home/.cargo/bin" "$toolchain/bin"
        printf '#!/bin/sh\nexit 9\n' >"$home/.cargo/bin/rustup"
        # Not a compiler, but it is started as one, and leaves a program.
        printf '#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp /bin/echo "$2"\n' >"$toolchain/bin/rustc"
        chmod +x "$home/.cargo/bin/rustup" "$toolchain/bin/rustc"
        ln -s rustup "$home/.cargo/bin/rustc"
        printf 'version = "12"\ndefault_toolchain = "stable-x86_64"\n' >"$home/.rustup/settings.toml"
        lock_home
        PATH=$home/.cargo/bin:/usr/bin:/bin expect 0 run --no-review --lang rust -c 'fn main() {}' -- compiled
        same compiled "$output"
    }
    as_both rustup
}

@test "of the host there is no more than the system's programs and the interpreter's own tree" {
    host() {
        new_home
        copy_python "$home/python"
        lock_home
        PATH=$home/python/bin:/usr/bin:/bin expect 0 run --no-review -c '
import os
print(sorted(set(os.listdir("/")) - {"lib32", "lib64", "libx32", "bin", "sbin", "lib", "usr", ".disk"}))
print(sorted(os.listdir("/etc")))
print(os.listdir("'"$home"'"), sorted(os.listdir("'"$home"'/python")))
'
        [[ $output == *"['bin', 'lib']" ]]
        [[ $output != *shadow* ]]
        for word in var srv root home opt mnt; do
            [[ ${output%%$'\n'*} != *"'$word'"* || $BATS_TEST_TMPDIR == /"$word"/* ]]
        done
    }
    as_both host
}

@test "a virtual environment: linked and copied, by a relative path, with what is installed in it" {
    venv() { # OPTION...
        rm -rf env
        /usr/bin/python3 -m venv --without-pip "$@" env
        printf 'NAME = "installed"\n' >"$(echo env/lib/python3*/site-packages)/own_module.py"
        expect 0 run --no-review --venv env -c 'import own_module, sys; print(own_module.NAME, sys.prefix)'
        same "installed $BATS_TEST_TMPDIR/env" "$output"
        expect 0 run --no-review --venv "$BATS_TEST_TMPDIR/env" -c 'import os; print(os.environ["VIRTUAL_ENV"], os.environ["PATH"].split(":")[0])'
        same "$BATS_TEST_TMPDIR/env $BATS_TEST_TMPDIR/env/bin" "$output"
    }
    both_kinds() {
        venv --symlinks
        venv --copies
    }
    as_both both_kinds
}

@test "a virtual environment of a Python below a home of mode 0700" {
    of_home() {
        new_home
        copy_python "$home/python"
        rm -rf env
        "$home/python/bin/python3" -m venv --without-pip env
        lock_home
        expect 0 run --no-review --venv env -c 'import sys; print(sys.prefix, sys.base_prefix)'
        same "$BATS_TEST_TMPDIR/env $home/python" "$output"
    }
    as_both of_home
}

@test "a virtual environment that is none, or whose Python is gone, is told" {
    mkdir empty
    expect 3 run --no-review --venv empty -c 'print(1)'
    same "sallyport: $BATS_TEST_TMPDIR/empty: not a virtual environment: there is no pyvenv.cfg in it" "$stderr"
    expect 3 run --no-review --venv missing -c 'print(1)'
    same "sallyport: $BATS_TEST_TMPDIR/missing: not a virtual environment: there is no pyvenv.cfg in it" "$stderr"
    new_home
    copy_python "$home/python"
    "$home/python/bin/python3" -m venv --without-pip env
    rm -r "$home/python"
    expect 3 run --no-review --venv env -c 'print(1)'
    same "sallyport: $BATS_TEST_TMPDIR/env/bin/python: no program, or its python is gone" "$stderr"
    expect 2 run --no-review --venv env --lang bash -c 'echo'
    same "sallyport: --venv is for Python" "$stderr"
}

@test "a virtual environment cannot open other folders of the host" {
    mkdir -p other/lib other/bin
    printf 'secret' >other/lib/secret
    /usr/bin/python3 -m venv --without-pip --copies env
    sed -i "s,^home.*,home = $BATS_TEST_TMPDIR/other/bin," env/pyvenv.cfg
    expect 0 run --no-review --venv env -c 'import os; print(os.path.exists("'"$BATS_TEST_TMPDIR"'/other"))'
    same False "$output"
}

@test "a virtual environment in a policy's job" {
    new_repo repo
    /usr/bin/python3 -m venv --without-pip .venv
    printf '.venv\n' >.gitignore
    printf 'NAME = "installed"\n' >"$(echo .venv/lib/python3*/site-packages)/own_module.py"
    printf 'version: 1\nlinters: {}\nrun: [{name: unit, files: ["*.py"], lang: python, venv: .venv}]\n' >.sallyport.yaml
    printf 'import own_module\n\nraise SystemExit(own_module.NAME)\n' >a.py
    expect 1 check
    [[ $output == *"| installed"* ]]
    rm -r .venv
    expect 3 check
    [[ $output == *"not a virtual environment"* ]]
}

# A root file system with a shell and some programs, as debootstrap or an image has it.
new_root() { # DIR merged|split
    rm -rf "$1"
    mkdir -p "$1/usr/bin" "$1/usr/lib" "$1/usr/lib64" "$1/etc"
    if [ "$2" = merged ]; then
        ln -s usr/bin usr/lib usr/lib64 "$1"
    else
        mkdir "$1/bin" "$1/lib" "$1/lib64"
    fi
    for program in bash cat ls touch readlink; do
        cp -L "/bin/$program" "$1/bin/$program"
        ldd "/bin/$program" | grep -o '/[^ ]*' | while read -r library; do
            mkdir -p "$1$(dirname "$library")"
            cp -Ln "$library" "$1$library"
        done
    done
    ln -s bash "$1/bin/sh"
    printf 'root=of-its-own\n' >"$1/etc/release"
}

# All that there is in a folder, to the byte.
contents() { # DIR
    (cd "$1" && find . -printf '%y %m %p %l %s %T@\n' | sort && find . -type f -exec sha256sum {} + | sort)
}

@test "another root file system, with /usr merged and not, as root and as an ordinary user" {
    roots() {
        for kind in merged split; do
            new_root root $kind
            contents root >before
            expect 0 run --no-review --root root --lang bash -c '
cat /etc/release
[ -e /usr/bin/python3 ] || echo "nothing of the host"
for path in /x /etc/x /usr/x /bin/x /dev/x /proc/x; do touch "$path" 2>/dev/null && echo "written: $path"; done
touch here /tmp/there /dev/shm/there && ls
echo >/dev/null && readlink /proc/$$/exe'
            same "root=of-its-own
nothing of the host
here
snippet.sh
$(if [ $kind = merged ]; then echo /usr; fi)/bin/bash" "$output"
            contents root >after
            diff before after
        done
    }
    as_both roots
}

@test "hostile links in another root file system lead nowhere, and are in nobody's way" {
    hostile() {
        mkdir -p "$BATS_TEST_TMPDIR/user/victim"
        printf 'secret' >"$BATS_TEST_TMPDIR/user/victim/secret"
        chmod -R a+rX "$BATS_TEST_TMPDIR/user"
        new_root root merged
        rm -r root/etc
        up=../../../../../../../../../../../..
        ln -s "$up/etc" root/etc
        ln -s "$up$BATS_TEST_TMPDIR/user/victim" root/tmp
        ln -s "$BATS_TEST_TMPDIR/user/victim" root/dev
        ln -s /proc/self/root root/proc
        ln -s "$up$BATS_TEST_TMPDIR/user/victim" root/snapshot
        mkfifo root/.disk
        ln -s "$BATS_TEST_TMPDIR/user/victim/secret" root/link
        contents root >before
        contents "$BATS_TEST_TMPDIR/user" >user_before
        expect 0 run --no-review --timeout 10s --root root --lang bash -c '
cat /link /etc/passwd 2>/dev/null && echo "read"
touch /tmp/a /dev/shm/b here; echo >/dev/null; ls /tmp /dev; [ -d /proc/self ] && echo proc'
        same "/dev:
fd
full
null
random
shm
stderr
stdin
stdout
urandom
zero

/tmp:
a
proc" "$output"
        contents root >after
        diff before after
        contents "$BATS_TEST_TMPDIR/user" >user_after
        diff user_before user_after
    }
    as_both hostile
}

@test "a folder of another root file system that is a file, a FIFO, a device or a socket" {
    new_root root merged
    mkfifo root/dev root/proc
    printf 'x' >root/tmp
    expect 0 run --no-review --timeout 10s --root root --lang bash -c 'echo >/dev/null; touch /tmp/a; ls /tmp'
    same a "$output"
    rm root/dev
    mkdir root/dev
    mkfifo root/dev/null root/dev/shm
    expect 0 run --no-review --timeout 10s --root root --lang bash -c 'echo >/dev/null; touch /dev/shm/a; ls /dev/shm'
    same a "$output"
    [ -p root/dev/null ]
    rm root/dev/null root/dev/shm
    chmod 755 root/dev
    mkdir -m 1777 root/dev/shm root/tmp2
    touch root/dev/null root/dev/fd
    expect 0 run --no-review --timeout 10s --root root --lang bash -c 'echo >/dev/null; touch /dev/shm/a; ls /dev/shm'
    same a "$output"
    [ ! -s root/dev/null ]
}

@test "what is not in another root file system is told" {
    new_root root merged
    expect 3 run --no-review --root root -c 'print(1)'
    same "sallyport: python: no python3 in $BATS_TEST_TMPDIR/root" "$stderr"
    expect 2 run --no-review --root missing -c 'print(1)'
    same "sallyport: --root missing: no such directory" "$stderr"
    expect 3 run --root root --command -- python3
    same "sallyport: python3: no such program in $BATS_TEST_TMPDIR/root" "$stderr"
    expect 3 run --root root --command -- /bin/python3
    [[ $stderr == *"could not be started: start /bin/python3: No such file or directory"* ]]
    expect 0 run --root root --command -- cat /etc/release
    same "root=of-its-own" "$output"
    expect 2 run --no-review --root root --venv env -c 'print(1)'
    same "sallyport: --venv and --root exclude each other" "$stderr"
    ln -s "$(command -v python3)" root/bin/python3
    expect 3 run --no-review --root root -c 'print(1)' # its link leads to where the root has nothing
}

@test "another root file system in a policy's job" {
    new_repo repo
    new_root ../root split
    ln -s /etc ../root/var
    printf 'version: 1\nlinters: {}\nrun:\n  - {name: in-root, command: [sh, -c, "cat /etc/release here; ls /var; exit 1"], root: ../root}\n' >.sallyport.yaml
    printf 'reviewed\n' >here
    contents ../root >../before
    expect 1 check
    [[ $output == *"| root=of-its-own"*"| reviewed"*"| release"* ]]
    contents ../root >../after
    diff ../before ../after
    printf 'version: 1\nlinters: {}\nrun:\n  - {name: in-root, command: [make], root: ../root}\n' >.sallyport.yaml
    expect 3 check
    [[ $output == *"make: not found in $BATS_TEST_TMPDIR/root"* ]]
}

@test "without namespaces another root file system is refused" {
    new_root root merged
    printf 'version: 1\nsandbox: {require: landlock}\n' >landlock.yaml
    refused() {
        WRAP+=("$without_namespaces")
        expect 3 run -p landlock.yaml --no-review --root root --lang bash -c 'echo'
        same "" "$output"
        same "sallyport: the program could not be started: another root file system needs namespaces, which this machine does not give" "${stderr%%$'\n'*}"
        expect 3 run --no-review --lang bash -c 'echo'
        [[ $stderr == *"\`namespaces\` is required, and this machine gives \`landlock\`"* ]]
    }
    as_both refused
}
