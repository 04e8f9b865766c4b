#!/usr/bin/env bats
# What doctor says of machines that give less and less, and that a policy which wants more is refused there.

setup() {
    load ../testdata/helpers
    for_users
    cd "$BATS_TEST_TMPDIR" || return
}

# Does what follows in a mount namespace of its own, after a script has changed something in it.
inside() { # SCRIPT COMMAND...
    unshare --mount sh -c "$1"' && shift && exec "$@"' sh "$@"
}

as_user_inside() { # SCRIPT COMMAND...
    inside "$1" setpriv --reuid="$TEST_USER" --regid="$TEST_USER" --clear-groups env TMPDIR=/tmp "${@:2}"
}

needs_root() {
    [ "$(id -u)" = 0 ] || skip "only root can do that"
}

# `sallyport run` under a policy that requires it, in WRAP: exit 3, and the remedy of `doctor --json`.
refused() { # TIER MECHANISM
    local remedy
    expect_any doctor --json
    remedy=$(field isolation mechanisms "$2" remedy)
    [ "$remedy" != null ]
    printf 'version: 1\nsandbox: {require: %s}\n' "$1" >"$BATS_TEST_TMPDIR/policy.yaml"
    expect 3 run --no-review --policy "$BATS_TEST_TMPDIR/policy.yaml" --lang bash -c 'echo ran'
    same "" "$output"
    [[ $stderr == *"\`$1\` is required, and this machine gives \`"* ]]
    [[ $stderr == *"$remedy"* ]]
}

expect_any() {
    run --separate-stderr "${WRAP[@]}" "$SALLYPORT" "$@"
    [ "$status" = 0 ] || [ "$status" = 3 ]
}

# A policy that is content with it.
runs() { # TIER
    printf 'version: 1\nsandbox: {require: %s}\n' "$1" >"$BATS_TEST_TMPDIR/policy.yaml"
    expect 0 run --no-review --policy "$BATS_TEST_TMPDIR/policy.yaml" --lang bash -c 'echo ran'
    same "ran" "$output"
}

@test "as root: all of it, or why not" {
    needs_root
    expect 0 doctor
    [[ $output == "Sandbox: full
  full               yes    in use
  namespaces         yes
  landlock           yes
  /bin/true ran in it, in "*" ms
"* ]]
    [[ $output == *"
  cgroup             yes    version "[12]* ]]
    runs full
    expect 0 doctor --json
    same full "$(field isolation tier)"
    same true "$(field works)"
    same null "$(field isolation mechanisms cgroup errno)"
}

@test "an ordinary user: control groups must be delegated" {
    needs_root # else it may be in a group that was
    WRAP=(as_user)
    expect 0 doctor
    [[ $output == "Sandbox: namespaces
  full               no     cgroup: make a control group of version "[12]" in /"*": Permission denied
                           to get it: "*"
  namespaces         yes    in use
  landlock           yes
"* ]]
    refused full cgroup
    runs namespaces
}

@test "control groups are hidden" {
    needs_root
    WRAP=(inside "mount -t tmpfs tmpfs /sys/fs/cgroup")
    expect 0 doctor
    [[ $output == "Sandbox: namespaces
  full               no     cgroup: "*": No such file or directory
                           to get it: "*"
  namespaces         yes    in use
"* ]]
    refused full cgroup
    runs namespaces
}

@test "no namespaces, as root and as an ordinary user" {
    for WRAP in "$without_namespaces" "as_user $without_namespaces"; do
        # shellcheck disable=SC2206 # two words
        WRAP=($WRAP)
        expect 3 doctor
        [[ $output == "Sandbox: landlock
  full               no     user_namespace: create namespaces: Operation not permitted
                           to get it: start the container with --security-opt seccomp=unconfined "*"
  namespaces         no     user_namespace: create namespaces: Operation not permitted
                           to get it: start the container with --security-opt seccomp=unconfined "*"
  landlock           yes    in use
  /bin/true ran in it, in "*" ms
"* ]]
        refused namespaces user_namespace
        refused full user_namespace
        runs landlock
        expect 3 doctor --json
        same landlock "$(field isolation tier)"
        same false "$(field works)"
        same 1 "$(field isolation mechanisms user_namespace errno)"
        same false "$(field isolation mechanisms mount_namespace applied)"
    done
}

@test "inside a user namespace: its root, and an ordinary user" {
    for WRAP in "unshare --user --map-root-user" "as_user unshare --user --map-root-user" \
        "as_user unshare --user --map-current-user"; do
        # shellcheck disable=SC2206 # words
        WRAP=($WRAP)
        expect 0 doctor
        [[ $output == "Sandbox: "[fn]* ]] # full or namespaces
        [[ $output == *"
  namespaces         yes"* ]]
        runs namespaces
    done
}

# As in a container: some of proc is covered, and the kernel gives no other (mount_namespaces(7), "locked").
@test "parts of proc are covered" {
    needs_root
    local cover="mount --bind /proc/sys /proc/sys && mount -o remount,bind,ro /proc/sys"
    WRAP=(as_user_inside "$cover")
    expect 3 doctor
    [[ $output == "Sandbox: landlock
  full               no     pid_namespace: mount /proc: Operation not permitted
                           to get it: parts of /proc are covered here: "*"--security-opt systempaths=unconfined"*"
  namespaces         no     pid_namespace: mount /proc: Operation not permitted
"* ]]
    refused namespaces pid_namespace
    runs landlock
}

@test "proc is that of another pid namespace" {
    needs_root
    WRAP=(unshare --pid --fork)
    expect 3 doctor
    [[ $output == "Sandbox: none
"*"
                           to get it: have /proc be that of this pid namespace: "*"
  landlock           no     landlock: /proc is not of this pid namespace, and so limits could not be watched
                           to get it: have /proc be that of this pid namespace: "* ]]
    refused landlock landlock
}

@test "a profile for AppArmor, and arguments" {
    expect 0 doctor --apparmor-profile
    [[ $output == *"
profile sallyport \"$SALLYPORT\" flags=(unconfined) {
  userns,
"* ]]
    expect 2 doctor everything
    [[ $stderr == *"doctor takes no arguments"* ]]
}
