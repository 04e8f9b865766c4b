# threats.bash: a scene with what is not to be had, the attack on it, and the judgement from outside.
#
#   scene_open FOLDER       files, a bystander, a listener, all of the user whom the program is on this host
#   attack PLACE ROW ...    the program of that row in the sandbox, in a tier, as root or as an ordinary user;
#                           attack_by(), attack_terminal(): in other ways
#   naive ROW ...           the same without a sandbox, in a throw-away namespace, with a scene of its own
#   breaches                what it has reached, a line each; nothing where all is well
#
# shellcheck shell=bash

# The sandbox's flags in an attack, such as limits.
flags=()

# Whom programs of root's are on the host (exec/user.c), and an ordinary user.
NOBODY=65534
ORDINARY=54321

# "full:root" ...: where the programs are tried. An ordinary user's tests cannot become root, and what it has of control
# groups is the machine's to give.
places() {
    [ "$(id -u)" -ne 0 ] || printf '%s\n' full:root namespaces:root landlock:root
    (in_place full:user "$SALLYPORT" doctor) | grep -qx 'Sandbox: full' && echo full:user
    printf '%s\n' namespaces:user landlock:user
}

# The host's id of the program in a place.
id_of() { # PLACE
    if [ "$(id -u)" -ne 0 ]; then
        id -u
    elif [[ $1 == *:root ]]; then
        echo "$NOBODY"
    else
        echo "$ORDINARY"
    fi
}

# Becomes a user.
as() { # UID COMMAND...
    local uid=$1
    shift
    if [ "$uid" -eq "$(id -u)" ]; then
        exec "$@"
    fi
    exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --inh-caps=-all "$@"
}

scene_open() { # FOLDER UID
    SCENE=$1 WHO=$2
    TOKEN=threat-$RANDOM$RANDOM
    SECRET=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
    mkdir -p "$SCENE"/{canary/empty,home/.ssh,repository,state/tmp}
    printf '%s\n' "$SECRET" | tee "$SCENE/canary/secret" "$SCENE/home/.ssh/id_ed25519" >"$SCENE/repository/secret"
    printf '#!/bin/sh\necho %s\n' "$SECRET" >"$SCENE/canary/script"
    printf 'version: 1\nlinters: {}\nsandbox: {require: landlock}\n' >"$SCENE/repository/policy.yaml"
    chmod -R a+rX "$SCENE"
    chmod a+x "$SCENE/canary/script"
    [ "$(id -u)" -ne 0 ] || chown -R "$WHO:$WHO" "$SCENE"
    bystander && BYSTANDER=$!
    bystander && SUPERVISOR=$!
    (as "$WHO" "$PROGRAMS/listener" "$SCENE/canary" "$TOKEN" >"$SCENE/listening" 2>&1 3>&-) &
    LISTENER=$!
    until grep -qs OPEN_PORT "$SCENE/listening" && [ -e "$SCENE/canary/heard" ]; do
        kill -0 "$LISTENER" || return
        sleep 0.01
    done
    scene_state >"$SCENE/before"
}

# A process of the same user, with the secret in its environment and in a descriptor.
bystander() {
    (
        cd "$SCENE/canary" || exit
        exec 9<secret >/dev/null 2>&1 3>&-
        as "$WHO" env -i "SECRET_OF_BYSTANDER=$SECRET" sleep 600
    ) &
    until [[ $(cat "/proc/$!/stat") == *"(sleep) S "* ]]; do
        kill -0 "$!" || return
        sleep 0.01
    done
}

scene_close() {
    kill -KILL "$BYSTANDER" "$SUPERVISOR" "$LISTENER" 2>/dev/null || true
    wait "$BYSTANDER" "$SUPERVISOR" "$LISTENER" 2>/dev/null || true
    SCENE=
}

# "NAME=VALUE" for the program. Paths begin with "//": where there are no namespaces, /tmp in a variable's value is
# made to lead to the job's own.
scene_variables() {
    cat "$SCENE/listening"
    printf '%s=/%s\n' CANARY "$SCENE/canary/secret" FOLDER "$SCENE/canary" SCRIPT "$SCENE/canary/script" \
        EMPTY_FOLDER "$SCENE/canary/empty" SSH_KEY "$SCENE/home/.ssh/id_ed25519" HOME_FOLDER "$SCENE/home" \
        REPOSITORY "$SCENE/repository" REPOSITORY_FILE "$SCENE/repository/secret" SETUID "$PROGRAMS/with-bit"
    printf '%s\n' "BYSTANDER=$BYSTANDER" "SUPERVISOR=$SUPERVISOR" "TOKEN=$TOKEN" "LIMIT=${LIMIT:-0}" \
        "ADDRESS=$(hostname -I 2>/dev/null | cut -d' ' -f1)"
}

# One process as the kernel has it: state, priority, nice value, policy, who traces it, where it may run, its limit.
process_state() { # PID
    local fields
    read -r -a fields <"/proc/$1/stat" || return
    echo "process: ${fields[2]} ${fields[17]} ${fields[18]} ${fields[40]}"
    grep -E '^(TracerPid|Cpus_allowed_list)' "/proc/$1/status"
    grep -E '^Max open files' "/proc/$1/limits"
}

# What is the same afterwards, if nothing was reached.
scene_state() (
    trap - DEBUG
    find "$SCENE"/{canary,home,repository} -name 'name-*' -prune -o -printf '%P %y %m %U %G %s %l\n' | sort
    find "$SCENE"/{canary,home/.ssh,repository} -type f ! -name 'name-*' -exec sha256sum {} + -printf '%P %T@\n' | sort
    hostname
    cat /proc/sys/kernel/core_pattern
    grep -cE '^[^ ]+ (/|/usr|/proc|/tmp) ' /proc/self/mounts
    find "$SCENE" -name 'core*'
    for folder in / /usr /usr/bin /usr/lib /etc /etc/ld.so.conf.d /dev /dev/shm /run /var/tmp /var/lib /tmp /home /srv /opt; do
        ls -d "$folder/$TOKEN"* 2>/dev/null || true
    done
    (as "$WHO" grep -c "$TOKEN" /proc/keys) || true
    process_state "$BYSTANDER" 2>&1 || true
    cat "$SCENE/canary/heard"
)

# What the program has said, a line each.
said() {
    sed -n 's/\\n/\n/g; s/\\"/"/g; p' "$SCENE/result.json"
}

# What a tier does not promise: sallyport(1).
is_known() { # LINE
    [[ $PLACE == landlock:* && $1 == "stat: GOT it" ]]
}

breaches() (
    trap - DEBUG
    diff <(cat "$SCENE/before") <(scene_state) | grep '^[<>]'
    said | grep -F "$SECRET"
    while IFS= read -r line; do
        is_known "$line" || printf '%s\n' "${line:0:300}"
    done < <(said | grep -a ': GOT ')
    return 0
)

# Starts what follows in a tier.
in_place() { # PLACE COMMAND...
    local place=$1 uid
    shift
    case $place in
    *:root) uid=$(id -u) ;;
    *) uid=$(id_of "$place") ;;
    esac
    case $place in
    full:*) as "$uid" "$@" ;;
    namespaces:root) exec unshare --mount sh -c 'mount -t tmpfs tmpfs /sys/fs/cgroup && exec "$@"' sh "$@" ;;
    namespaces:user) as "$uid" "$@" ;;
    landlock:*) as "$uid" "$PROGRAMS/without_namespaces" "$@" ;;
    esac
}

# The result is in result.json, the program's output in there.
attack() { # PLACE ROW [NAME...]
    PLACE=$1
    (in_scene "$PLACE" "$SALLYPORT" run --json --no-review -p policy.yaml "${flags[@]}" --command -- \
        "$PROGRAMS/$2" "${@:3}") >"$SCENE/result.json" 2>"$SCENE/stderr" || true
}

# The same under the filter of a language: the program comes by stdin, is written to the work directory, and started
# from there.
attack_by() { # LANGUAGE PLACE ROW [NAME...]
    PLACE=$2
    local code
    case $1 in
    c) code='#include <fcntl.h>
#include <unistd.h>
int main(int argc, char **argv) {
    char part[65536];
    int fd = open("attack", O_WRONLY | O_CREAT, 0700);
    for (ssize_t n; (n = read(0, part, sizeof part)) > 0;)
        if (write(fd, part, n) != n)
            return 9;
    close(fd);
    argv[0] = "./attack";
    return execv(argv[0], argv);
}' ;;
    python) code='import os, sys
with open(os.open("attack", os.O_WRONLY | os.O_CREAT, 0o700), "wb") as file:
    file.write(sys.stdin.buffer.read())
os.execv("./attack", ["./attack", *sys.argv[1:]])' ;;
    bash) code='cp /bin/true attack; cat >attack; exec ./attack "$@"' ;;
    javascript) code='const fs = require("fs");
fs.writeFileSync("attack", fs.readFileSync(0), {mode: 0o700});
const done = require("child_process").spawnSync("./attack", process.argv.slice(2), {stdio: "inherit"});
process.exit(done.status ?? 1);' ;;
    esac
    (in_scene "$PLACE" "$SALLYPORT" run --json --no-review -p policy.yaml "${flags[@]}" --lang "$1" -c "$code" \
        --stdin "$PROGRAMS/$3" -- "${@:4}") >"$SCENE/result.json" 2>"$SCENE/stderr" || true
}

# On a terminal of its own, which it may read, with its settings before and after, and what has been typed meanwhile.
attack_terminal() { # PLACE
    PLACE=$1
    (in_scene "$PLACE" script --quiet --return --command "
        stty -a >\"$SCENE/state/settings\"
        $(printf '%q ' "$SALLYPORT" run --no-review -p policy.yaml --stdin - --command -- "$PROGRAMS/terminal")
        stty -a | diff \"$SCENE/state/settings\" -
        read -r -t 0.1 -n 1 typed
        echo \"typed: \$typed\"" /dev/null) </dev/null >"$SCENE/result.json" 2>"$SCENE/stderr" || true
}

# Starts what follows in the repository, as a caller with a secret and with descriptors that are left open; the sandbox's
# supervisor, which it is to become, is who is attacked as one. Each variable of the scene is handed on by --env.
in_scene() { # PLACE SALLYPORT run ARGUMENT...
    trap - DEBUG # bats traces each command, which takes longer than all else here
    local place=$1 variable environment=()
    cd "$SCENE/repository" || exit
    while IFS= read -r variable; do
        environment+=(--env "$variable")
    done < <(scene_variables)
    environment+=(--env "SUPERVISOR=$BASHPID" --env WORK=/snapshot)
    export HOME=$SCENE/home TMPDIR=$SCENE/state/tmp XDG_STATE_HOME=$SCENE/state SECRET_OF_CALLER=$SECRET
    ulimit -c unlimited 2>/dev/null || true
    exec 7<"$SCENE/canary/secret" 9<"$SCENE/canary/secret" 3>&-
    if [ "$2" = "$SALLYPORT" ]; then
        in_place "$place" "$2" "$3" "${environment[@]}" "${@:4}"
    else
        in_place "$place" "${@:2}"
    fi
}

# The value of a key of the result.
result() { # KEY
    sed -n "s/^ *\"$1\": \"\\{0,1\\}\\([^\",]*\\)\"\\{0,1\\},\\{0,1\\}$/\\1/p" "$SCENE/result.json" | head -n 1
}

# A root of its own in new namespaces of every kind, by a user who is nobody on the host: whatever is done in there
# is gone afterwards, and what only the host's root may is refused by the kernel. With this file's functions, runs
# SCRIPT.
throw_away() { # SCRIPT ARGUMENT...
    local become=()
    [ "$(id -u)" -ne 0 ] || become=(setpriv --reuid "$NOBODY" --regid "$NOBODY" --clear-groups)
    env -i "PATH=$PATH" "PROGRAMS=$PROGRAMS" "LIMIT=${LIMIT:-0}" "SHOW=${SHOW:-}" "${become[@]}" \
        unshare --user --map-root-user --mount --pid --fork --net --ipc --uts --cgroup --kill-child bash -c 'source "$PROGRAMS/threats.bash" && throw_away_root && exec bash -c "
            source /programs/threats.bash; PROGRAMS=/programs
            $1" bash "${@:2}"' bash "$@" 3>&-
}

throw_away_root() {
    local folder node
    mount -t tmpfs tmpfs /mnt && cd /mnt || return
    mkdir -p {usr,proc,dev/pts,dev/shm,tmp,etc,programs,old,run,var/tmp,home,srv,opt}
    mount --rbind "$PROGRAMS" programs
    for folder in bin sbin lib lib64; do
        if [ -L "/$folder" ]; then
            ln -s "$(readlink "/$folder")" "$folder"
        else
            mkdir "$folder" && mount --rbind "/$folder" "$folder"
        fi
    done
    mount --rbind /usr usr
    mount -o remount,bind,ro usr
    for node in null zero full random urandom tty; do
        touch "dev/$node"
        mount --bind "/dev/$node" "dev/$node"
    done
    mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
    ln -s pts/ptmx dev/ptmx
    ln -s /proc/self/fd dev/fd
    ln -s /proc/self/fd/0 dev/stdin
    mount -t proc proc proc
    pivot_root . old && cd / && umount -l /old
}

# The scene, the program and the judgement in there; what it prints are breaches, and before them, with SHOW=1, all that
# the program has said.
naive() { # ROW [NAME...]
    throw_away '
        scene_open /scene 0 >&2
        PLACE=naive
        mkdir /scene/work && cd /scene/work
        env -i PATH="$PATH" SECRET_OF_CALLER="$SECRET" $(scene_variables) WORK=/scene/work TERM=dumb \
            bash -c "exec 7</scene/canary/secret; unshare --mount setsid --fork --wait \"\$@\"; :" bash /programs/"$@" \
            >/scene/result.json 2>&1
        # It may have killed who waited for it.
        for ((i = 0; i < 300; i++)); do pgrep -x "$1" >/dev/null || break; sleep 0.02; done
        [ -z "$SHOW" ] || said
        breaches' "$@"
}
