#!/usr/bin/env bats
# The threat table: a program for each row (testdata/threats), in each tier, as root and as an ordinary user, judged from
# outside; and the same without a sandbox, in a throw-away namespace, so that it is known to bite.

setup_file() {
    load ../../testdata/helpers
    load ../../testdata/threats/threats
    # The sandboxed programs, and ordinary users, come through.
    chmod a+x "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
    export PROGRAMS=$BATS_FILE_TMPDIR/programs
    mkdir "$PROGRAMS"
    cp "${SALLYPORT%/*}"/testdata/{without_namespaces,threats/*} "$TOP/testdata/threats/threats.bash" "$SALLYPORT" "$PROGRAMS"
    cp "$PROGRAMS/mounts" "$PROGRAMS/with-bit"
    chmod 6755 "$PROGRAMS/with-bit"
    export SALLYPORT=$PROGRAMS/sallyport
    PLACES=$(places)
    export PLACES
}

setup() {
    load ../../testdata/helpers
    load ../../testdata/threats/threats
    chmod a+x "$BATS_TEST_TMPDIR"
}

teardown() {
    [ -z "${COUNTER:-}" ] || kill "$COUNTER"
    [ -z "${SCENE:-}" ] || scene_close
}

# Calls a function in each place, with a scene of its own.
in_each_place() { # FUNCTION ARGUMENT...
    local place
    for place in $PLACES; do
        printf 'in %s\n' "$place" >&2
        scene_open "$BATS_TEST_TMPDIR/$place" "$(id_of "$place")"
        "$1" "$place" "${@:2}"
        scene_close
    done
}

# It has run to its end, in the tier that was meant, and got nothing.
nothing_by() { # PLACE ROW
    attack "$@"
    same "success" "$(result status)"
    all_is_well
    said | grep -qx 'done'
}

# PLACE is what attack() was last told.
all_is_well() {
    # shellcheck disable=SC2153
    same "${PLACE%:*}" "$(result tier)"
    same "" "$(breaches)"
}

# In the breaches of the naive case there is one by each of these.
bites() { # NAME...
    local name
    for name; do
        grep -q "^ *\(\"text\": \"\)\{0,1\}$name: GOT" <<<"$output" || {
            printf 'not even without a sandbox: %s\n%s\n' "$name" "$output" >&2
            return 1
        }
    done
}

@test "files of the host, ~/.ssh, the repository" {
    in_each_place nothing_by files
}

@test "files: it bites" {
    run naive files
    bites open dots proc path-descriptor openat2 links rename directory chdir inotify stat
}

@test "the environment, proc of others, the kernel's own" {
    host_is_hidden() {
        nothing_by "$1" secrets
        [[ $1 == landlock:* ]] || said | grep -qx 'nodename: this is <sallyport>'
    }
    in_each_place host_is_hidden
}

@test "secrets: it bites" {
    run naive secrets
    bites environment process "process of /proc/1/environ" "process of /proc/[0-9]*/fd/9" "kernel /proc/kallsyms" \
        "kernel /proc/sys/kernel/core_pattern" "kernel /proc/mounts" "kernel write /proc/self/oom_score_adj"
    [[ $output == *SECRET_OF_CALLER=* && $output == *SECRET_OF_BYSTANDER=* ]]
}

@test "writing outside, mounts, device nodes, the set-user-ID bit" {
    in_each_place nothing_by mounts
}

@test "mounts: it bites" {
    run naive mounts
    bites write truncate change chown utimens chmod-folder replace unlink rmdir create mkdir symlink mount bind \
        umount fsopen fsmount open_tree chroot "device /dev/ptmx"
    [[ $output == *"< secret f 644"* && $output == *"> /etc/threat-"* ]]
}

# Those of a program's processes that are there, of this run of the tests.
left_of() { # ROW
    pgrep -u "$WHO" -f "^$PROGRAMS/$1" || true
}

# A limit that was reached is the status, before the time is; no more than the limit was had, and nobody is left.
stopped_by() { # PLACE NAME STATUS LIMIT
    local LIMIT=$4
    attack "$1" bombs "$2"
    printf '%s\n' "$2"
    same "$3" "$(result status)"
    all_is_well
    same "" "$(left_of bombs)"
}

# The most processes of that name at one time, as seen from outside, are written to a file.
count_bombs() {
    local count most=0
    while sleep 0.01; do
        count=$(left_of bombs | wc -l)
        [ "$count" -le "$most" ] || echo $((most = count)) >"$SCENE/most"
    done
}

@test "processes and threads: the limit holds" {
    bombs_of_processes() {
        flags=(--processes 32 --timeout 20s)
        count_bombs 3>&- &
        COUNTER=$!
        stopped_by "$1" fork process_limit 32
        kill "$COUNTER"
        COUNTER=
        # Where it is watched, it is so every 20 ms.
        [[ $1 != full:* ]] || [ "$(cat "$SCENE/most" 2>/dev/null || echo 0)" -le 33 ]
        stopped_by "$1" threads process_limit 32
        attack "$1" bombs relay
        all_is_well
        same "" "$(left_of bombs)"
    }
    in_each_place bombs_of_processes
}

@test "memory: the limit holds, whatever it is called" {
    bombs_of_memory() {
        local name
        flags=(--memory 64M --timeout 20s)
        for name in memory shared divided; do
            stopped_by "$1" "$name" memory_limit 64
        done
        # Where nobody counts what no process has mapped, there is none of it.
        for name in memfd shm messages; do
            attack "$1" bombs "$name"
            all_is_well
            [ "$(result status)" = memory_limit ] ||
                said | grep -qE "$name: (Function not implemented|Operation not permitted)"
            [[ $1 != full:* ]] || same "memory_limit" "$(result status)"
        done
    }
    in_each_place bombs_of_memory
}

@test "CPU time, disk, inodes, sparse files, output: the limits hold" {
    other_bombs() {
        flags=(--cpu 1s --timeout 20s --disk 16M --inodes 300 --output 1M)
        stopped_by "$1" cpu cpu_limit 0
        stopped_by "$1" disk disk_limit 24
        stopped_by "$1" inodes disk_limit 1000
        stopped_by "$1" sparse disk_limit 0
        stopped_by "$1" output output_limit 0
        [ "$(stat -c %s "$SCENE/result.json")" -lt 2300000 ]
    }
    in_each_place other_bombs
}

@test "core dumps: there are none, neither in a file nor in a pipe" {
    no_core() {
        local most
        most=$(ulimit -c unlimited 2>/dev/null; ulimit -H -c)
        attack "$1" bombs core
        same "signaled" "$(result status)"
        all_is_well
        # A hard limit of 0 is the caller's, and cannot be raised to what keeps a pipe away as well.
        [ "$most" != 0 ] || said | grep -q "core: the limit is 0$"
        [ "$most" = 0 ] || said | grep -q "core: the limit is 1$"
    }
    in_each_place no_core
}

@test "bombs: they go off" {
    LIMIT=64 run naive bombs fork
    bites fork
    for name in threads memory shared divided memfd shm messages cpu disk inodes sparse; do
        LIMIT=64 run naive bombs "$name"
        bites "$name"
    done
}

@test "TCP, UDP, DNS, unix sockets, netlink, vsock, packets" {
    in_each_place nothing_by network
}

@test "network: it bites" {
    run naive network
    bites tcp udp dns abstract abstract-datagram path path-datagram pair pair-message netlink packet raw serve protocols
    for name in TCP UDP ABSTRACT_STREAM ABSTRACT_DATAGRAM PATH_STREAM PATH_DATAGRAM; do
        [[ $output == *"> heard on $name"* ]]
    done
    [[ $output == *"> came in by OPEN_PORT"* ]]
}

# What no honest program calls ends it, and is named.
ended_by_each() { # PLACE ROW
    local name
    for name in $("$PROGRAMS/$2" --deadly); do
        [ "$name" != "done" ] || continue
        attack "$1" "$2" "$name"
        same "denied $name" "$(result status) $(result denied)"
        ! grep -qF -e ": GOT " -e "$SECRET" "$SCENE/result.json"
    done
    all_is_well
}

@test "open descriptors, ptrace, process_vm_*, pidfd_getfd, signals" {
    all_of_processes() {
        attack "$1" processes
        # The last of it is a signal to everybody: that is itself, and nobody else.
        same "signaled 15" "$(result status) $(result signal)"
        all_is_well
        said | grep -qE '"?signals: tried'
        ended_by_each "$1" processes
    }
    in_each_place all_of_processes
}

@test "processes: it bites" {
    run naive processes
    bites descriptors limits priority affinity signals
    [[ $output == *"< process: S"* ]]
    run naive processes owner
    [[ $output == *"< process: S"* ]]
    SHOW=1 run naive processes ptrace process_vm_readv process_vm_writev pidfd_getfd
    bites ptrace process_vm_readv process_vm_writev pidfd_getfd
}

@test "keyrings, io_uring, perf, handles, clocks, names, namespaces, bpf, kexec, modules" {
    all_of_kernel() {
        local before=$(($(date +%s) - $(cut -d. -f1 /proc/uptime)))
        nothing_by "$1" kernel
        ended_by_each "$1" kernel
        [ $(($(date +%s) - $(cut -d. -f1 /proc/uptime) - before)) -le 1 ]
    }
    in_each_place all_of_kernel
}

@test "the same by the filter of each language" {
    # The filters are the same for root and for an ordinary user.
    mapfile -t one_of_each < <(sort -t : -k 1,1 -u <<<"$PLACES")
    for place in "${one_of_each[@]}"; do
        scene_open "$BATS_TEST_TMPDIR/$place" "$(id_of "$place")"
        for language in c python bash javascript; do
            printf 'in %s, by %s\n' "$place" "$language" >&2
            for row in kernel mounts network; do
                attack_by "$language" "$place" "$row"
                same "success" "$(result status)"
                all_is_well
                said | grep -qx 'done'
            done
            for name in ptrace bpf; do
                row=kernel
                [ "$name" != ptrace ] || row=processes
                attack_by "$language" "$place" "$row" "$name"
                same "denied $name" "$(result status) $(result denied)"
            done
        done
        scene_close
    done
}

# What it may not do for real anywhere comes back from the kernel with an error, instead of never.
@test "kernel: it bites" {
    run naive kernel
    bites add_key keyctl name_to_handle_at sethostname namespace clone3 unshare personality
    [[ $output == *"> threat-"* ]]
    mapfile -t names < <("$PROGRAMS/kernel" --deadly)
    SHOW=1 run naive kernel "${names[@]}"
    for name in "${names[@]}"; do
        grep -q "^$name\(: \|\$\)" <<<"$output"
    done
}

@test "orphans, daemons, stopped processes, a held stdout: nothing stays" {
    nothing_stays() {
        local begin=${EPOCHREALTIME/./}
        nothing_by "$1" orphans
        [ $((${EPOCHREALTIME/./} - begin)) -lt 15000000 ]
        same "" "$(left_of orphans)"
    }
    in_each_place nothing_stays
}

@test "orphans: it bites" {
    run --separate-stderr throw_away '
        setsid --fork --wait /programs/orphans orphan daemon stopped reaper >/dev/null
        sleep 0.2
        pgrep -cx orphans'
    [ "$output" -ge 5 ]
}

@test "links, FIFOs and swapped files in place of results" {
    no_result() {
        local name session=(--session lab)
        flags=("${session[@]}" --fetch out/link --fetch out/folder/secret --fetch "out/magic$SCENE/canary/secret")
        flags+=(--fetch "out/up$SCENE/canary/secret" --fetch out/hard --fetch out/fifo --fetch out/directory)
        flags+=(--fetch out/socket --fetch out/swapped)
        attack "$1" results
        # It is a file or a link, as it happens to be when all has ended.
        if [ -e "$SCENE/repository/out" ]; then
            same "out
out/swapped good" "$(cd "$SCENE/repository" && find out -type d -print -o -type f -printf '%p ' -exec cat {} +)"
            rm -rf "$SCENE/repository/out"
        fi
        same "success" "$(result status)"
        for name in link folder/secret "magic$SCENE/canary/secret" "up$SCENE/canary/secret" hard fifo directory socket; do
            grep -qF "out/$name did not come back" "$SCENE/stderr"
        done
        all_is_well
        # What a session keeps are links, and they lead nowhere.
        (in_scene "$1" "$SALLYPORT" run --json --no-review -p policy.yaml "${session[@]}" --command -- \
            cat out/link out/folder/secret out/hard) >"$SCENE/result.json" 2>"$SCENE/stderr" || true
        same "execution_error" "$(result status)"
        all_is_well
    }
    in_each_place no_result
}

@test "results: it bites" {
    run --separate-stderr throw_away '
        scene_open /scene 0 >&2
        mkdir /scene/work && cd /scene/work
        export $(scene_variables)
        setsid --fork --wait /programs/results >&2
        cat out/link out/folder/secret "out/magic/scene/canary/secret" out/hard "out/up/scene/canary/secret" | grep -cF "$SECRET"
        timeout 0.3 cat out/fifo; echo "$?"
        for ((SECONDS = 0; SECONDS < 30; )); do
            [ -L out/swapped ] || { IFS= read -r text <out/swapped && [ "$text" = "$SECRET" ] && echo swapped && break; }
        done 2>/dev/null'
    same "5
124
swapped" "$output"
}

@test "terminals: escape sequences, TIOCSTI, settings" {
    terminal_is_left_alone() {
        attack_terminal "$1"
        # Nothing but text, line ends, and what was typed: nothing.
        same "" "$(LC_ALL=C grep -a -n -e $'[\001-\010\013\014\016-\037\177]' -e $'\302[\200-\237]' "$SCENE/result.json")"
        grep -q TITLE "$SCENE/result.json"
        grep -qE "^typed: .?$" "$SCENE/result.json"
        ! grep -q -e BY-INPUT -e '^[<>]' -e GOT "$SCENE/result.json"
        same "" "$(breaches)"
    }
    in_each_place terminal_is_left_alone
}

@test "terminals: it bites" {
    run --separate-stderr throw_away '
        script --quiet --return --command "stty -a >/tmp/settings; /programs/terminal; stty -a | diff /tmp/settings -" /dev/null </dev/null'
    [[ $output == *$'\033]0;TITLE'* && $output == *$'\033]0;BY-INPUT'* && $output == *"set: GOT"* && $output == *"<"*isig* ]]
}

@test "full as an ordinary user" {
    [[ $PLACES == *full:user* ]] || skip "no control group is delegated to an ordinary user"
}

@test "as root" {
    [[ $PLACES == *full:root* ]] || skip "these tests are not run by root"
}
