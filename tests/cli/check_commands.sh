#!/bin/bash
# Provokes every exit status that the commands can return, through the real program, and holds what
# they write against each other. What needs many or long replicates, and would be the same with any
# model, is done with a toy model. The build is $BUILD, default build.
set -u
BUILD=${BUILD:-$PWD/build}
REMELT=$BUILD/remelt TOY=$BUILD/tests/cli/toy
root=$PWD
export REMELT_DATA=$root/scenarios/data
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0 skipped=0

pass() { passed=$((passed + 1)); }
fail() {
    failed=$((failed + 1))
    echo "  failed: $*"
}

# expect CODE COMMAND...: runs it; its output is in out and err.
expect() {
    local code=$1 got
    shift
    "$@" >out 2>err </dev/null
    got=$?
    if [ "$got" -eq "$code" ]; then
        pass
    else
        fail "exit status $got, not $code: $*"
        sed 's/^/    /' err
    fi
}
# says TEXT: the last command's standard error holds it.
says() {
    if grep -qF -- "$1" err; then pass; else
        fail "does not say '$1' but:"
        sed 's/^/    /' err
    fi
}
prints() {
    if grep -qF -- "$1" out; then pass; else fail "does not print '$1'"; fi
}
same() {
    if cmp -s "$1" "$2"; then pass; else fail "$1 and $2 differ"; fi
}
there() {
    if [ -e "$1" ]; then pass; else fail "$1 is missing"; fi
}
gone() {
    if [ -e "$1" ]; then fail "$1 is there"; else pass; fi
}
is_json() {
    if /usr/bin/python3 -c 'import json, sys
for text in (sys.stdin if sys.argv[1] == "lines" else [sys.stdin.read()]): json.loads(text)' \
        "$1" <"$2"; then pass; else fail "not JSON: $2"; fi
}
skip() {
    skipped=$((skipped + 1))
    echo "  skipped: $*"
}

printf 'remelt: 1\nname: small\ntitle: A test\ndescription: Short runs.\n' >small.yaml
printf 'remelt: 1\nname: other\ntitle: A test\ndescription: Short runs.\n' >other.yaml

usage() {
    expect 2 "$REMELT"
    expect 2 "$REMELT" nonsense
    says "there is no command nonsense"
    local bad
    for bad in "" "--nonsense small.yaml" "-x small.yaml" "-r 0 small.yaml" "-r 3:3 small.yaml" \
        "-r -1 small.yaml" "-r 1: small.yaml" "-s -1 small.yaml" "-s 4294967296 small.yaml" \
        "-s 1.5 small.yaml" "-j 0 small.yaml" "--until 2019-01-01 small.yaml" \
        "--until 2020-02-02 small.yaml" "--until 2061-02-01 small.yaml" "--until soon small.yaml" \
        "--part 0/2 small.yaml" "--part 3/2 small.yaml" "--part 2 small.yaml" \
        "--max-time 0 small.yaml" "--max-time 5x small.yaml" "--max-time 1:60 small.yaml" \
        "--progress loud small.yaml" "--resume --force small.yaml" "--force --part 1/2 small.yaml" \
        "-o - small.yaml" "--trace t -j 2 small.yaml" "--trace t -r 2 small.yaml" \
        "--quiet=yes small.yaml" "--re small.yaml" "small.yaml -o"; do
        # shellcheck disable=SC2086 # words
        expect 2 "$REMELT" run $bad
        says "remelt help run"
    done
    expect 2 env REMELT_BREAK_METAL=many "$REMELT" run small.yaml
    expect 2 "$REMELT" bench nonsense
    expect 2 "$REMELT" bench -j 0
    expect 2 "$REMELT" version extra
    expect 2 "$REMELT" help nonsense
    expect 2 "$REMELT" check
    expect 2 "$REMELT" summary
    expect 2 "$REMELT" params a b
    expect 2 "$REMELT" params --format nonsense
}

help() {
    local name
    expect 0 "$REMELT" help
    expect 0 "$REMELT" --help
    for name in run check params vars summary merge bench version help; do
        expect 0 "$REMELT" help $name
        prints "Usage: remelt $name"
        cp out first
        expect 0 "$REMELT" $name --help
        same first out
    done
    expect 0 "$REMELT" version
    expect 0 "$REMELT" --version
    expect 0 "$REMELT" version --json
    is_json whole out
    expect 0 "$REMELT" help --completion
    cp out completion
    expect 0 bash -n completion
    # what is completed after `remelt run --re`
    # shellcheck disable=SC2016 # for the inner shell
    expect 0 bash -c '. ./completion; COMP_WORDS=(remelt run --res) COMP_CWORD=2; _remelt
        [ "${COMPREPLY[*]}" = "--resume" ]'
    expect 0 "$REMELT" help --man
    prints '.SH EXIT STATUS'
    if command -v man >/dev/null; then
        cp out remelt.1
        expect 0 man --warnings -l remelt.1
        if [ -s err ]; then fail "man complains: $(head -1 err)"; else pass; fi
    else
        skip "no man"
    fi
    if [ -c /dev/full ]; then
        for name in help version params vars; do
            "$REMELT" $name >/dev/full 2>err
            if [ $? -eq 74 ]; then pass; else fail "$name to a full disk is not 74"; fi
        done
    else
        skip "no /dev/full"
    fi
}

inputs() {
    expect 66 "$REMELT" run missing.yaml
    expect 66 "$REMELT" check missing.yaml
    printf 'remelt: 1\nname: bad\ntitle: t\nnonsense: 1\nparameters: {no.such: 1}\n' >bad.yaml
    expect 65 "$REMELT" run bad.yaml
    says bad.yaml
    says nonsense
    says no.such
    expect 65 "$REMELT" run --set no.such=1 small.yaml
    expect 65 "$REMELT" run small.yaml small.yaml
    expect 65 "$REMELT" run --vars no_such_variable small.yaml
    expect 65 "$REMELT" run .
    gone results
}

# The scenario that the documentation shows.
documented() {
    mkdir shown
    # shellcheck disable=SC2016 # no command, but what surrounds code
    sed -n '/^```yaml/,/^```$/p' "$root/docs/using.md" | sed '/^```/d' >shown/shown.yaml
    cp "$root/scenarios/baseline.yaml" shown
    expect 0 "$REMELT" check shown/shown.yaml
    prints hungry-furnaces
}

# Files that exist, files that cannot be written.
outputs() {
    expect 0 "$TOY" run --dry-run -r 2:5 small.yaml other.yaml
    prints "runs        6"
    gone results
    expect 73 "$TOY" run -r 2 -o nowhere/a.h5 small.yaml
    says nowhere/a
    expect 73 "$TOY" run -r 2 -o small.yaml/a.h5 small.yaml
    expect 73 "$TOY" run -r 2 -o '' small.yaml
    expect 73 "$TOY" run -r 1 --trace nowhere/t -o t.h5 small.yaml
    expect 0 "$TOY" run -r 2 small.yaml
    says "Results: results/small.h5"
    there results/small.h5
    gone results/small.parts
    is_json whole results/small.run.json
    cp results/small.h5 before.h5
    expect 73 "$TOY" run -r 2 small.yaml
    says --force
    same results/small.h5 before.h5
    expect 0 "$TOY" run -r 2 --resume small.yaml
    says "nothing was missing"
    expect 73 "$TOY" run -r 2 -s 2 --resume small.yaml
    expect 0 "$TOY" run -r 2 -s 2 --force --quiet small.yaml
    if [ -s err ]; then fail "--quiet is not"; else pass; fi
    if cmp -s results/small.h5 before.h5; then fail "another seed, same results"; else pass; fi
    expect 0 "$TOY" run -r 2 -j 1 -o one.h5 --progress json small.yaml
    same one.h5 before.h5
    grep '^{' err >lines
    is_json lines lines
    expect 0 "$TOY" run -r 2 --progress tty -o tty.h5 small.yaml
    expect 0 "$TOY" run -r 1 --trace events.txt -o trace.h5 small.yaml
    if [ "$(wc -l <events.txt)" -eq 3 ]; then pass; else fail "not three events traced"; fi
    expect 0 "$TOY" run -r 1 --trace - -o trace2.h5 small.yaml
    same out events.txt
    expect 74 "$TOY" run -r 1 --trace /dev/full -o full.h5 small.yaml
    expect 0 env REMELT_BREAK_METAL=0 "$TOY" run -r 1 -o metal.h5 small.yaml
    # One that fails costs only itself.
    expect 70 "$TOY" run -r 4 --set toy.failing=2 -o broken.h5 small.yaml
    says "small, replicate 2 failed: a toy that breaks"
    says "1 of 4 runs failed"
    there broken.h5
    expect 0 "$TOY" summary broken.h5
    prints "3 of 4 replicates"
    # A file size limit stands for a full disk.
    expect 74 bash -c "ulimit -f 1; '$TOY' run -r 2 -o limit.h5 small.yaml"
    says limit.parts
    expect 0 "$TOY" run -r 2 -o limit.h5 --resume small.yaml
    same limit.h5 before.h5
}

parts() {
    expect 0 "$TOY" run -r 3 -o whole.h5 small.yaml other.yaml
    expect 0 "$TOY" run -r 3 -o split.h5 --part 2/2 small.yaml other.yaml
    says "missing: 1"
    gone split.h5
    expect 65 "$TOY" run -r 4 -o split.h5 --part 1/2 small.yaml other.yaml
    expect 0 "$TOY" run -r 3 -o split.h5 --part 1/2 small.yaml other.yaml
    same split.h5 whole.h5
    there split.part-1-of-2.run.json
    there split.run.json
    local round
    for round in 1 2 3 4 5; do
        rm -f both.h5
        expect 0 "$TOY" run -r 3 -o both.h5 --part 1/3 small.yaml other.yaml
        "$TOY" run -r 3 -o both.h5 --quiet --part 2/3 small.yaml other.yaml &
        expect 0 "$TOY" run -r 3 -o both.h5 --part 3/3 small.yaml other.yaml
        if wait $!; then pass; else fail "round $round: part 2 of 3 beside part 3"; fi
        same both.h5 whole.h5
    done
}

long=(-r 60 --set "toy.milliseconds=50")
# Starts a batch of some seconds in the background and waits until it has finished something.
begin() {
    "$TOY" run "${long[@]}" -j 1 -o "$1" --progress json small.yaml >out 2>err &
    pid=$!
    until grep -q '"done": [1-9]' err || ! kill -0 $pid; do sleep 0.02; done
}
ended() {
    wait $pid
    local got=$?
    if [ $got -eq "$1" ]; then pass; else fail "exit status $got, not $1, after $2"; fi
}

interruptions() {
    begin term.h5
    kill -USR1 $pid
    sleep 0.3
    kill -TERM $pid
    ended 75 TERM
    says "synced"
    says "--resume"
    gone term.h5
    # the command that the message shows, word by word
    sed -n 's/^  remelt //p' err >go_on
    expect 73 "$TOY" run "${long[@]}" -o term.h5 small.yaml
    says "interrupted"
    expect 65 "$TOY" run -r 61 --resume -o term.h5 small.yaml
    begin kill.h5
    kill -KILL $pid
    ended 137 KILL
    begin twice.h5
    kill -TERM $pid
    kill -TERM $pid
    ended 75 "two signals"
    expect 75 "$TOY" run "${long[@]}" --max-time 1 -j 1 -o time.h5 small.yaml
    says "time limit"
    expect 0 bash -c "'$TOY' $(cat go_on)"
    local file
    for file in kill twice time; do
        expect 0 "$TOY" run "${long[@]}" -o $file.h5 --resume small.yaml
        same $file.h5 term.h5
    done
    expect 0 "$TOY" run "${long[@]}" -o never.h5 small.yaml
    same term.h5 never.h5
}

# The real model: shortest run, threads, and a law of conservation that is broken.
real() {
    local short=(--until 2020-02-01 --quiet -r 2)
    expect 0 "$REMELT" run "${short[@]}" -o real.h5 "$root/scenarios/small.yaml"
    expect 0 "$REMELT" run "${short[@]}" -o real2.h5 -j 1 --part 1/2 "$root/scenarios/small.yaml"
    expect 0 "$REMELT" run "${short[@]}" -o real2.h5 -j 3 --part 2/2 "$root/scenarios/small.yaml"
    same real.h5 real2.h5
    expect 65 "$REMELT" summary real.h5
    says "no year is complete"
    expect 70 env REMELT_BREAK_METAL=1000 "$REMELT" run --until 2021-03-01 --quiet -r 1 \
        -o broken2.h5 "$root/scenarios/small.yaml"
    says "failed"
    there broken2.h5
}

usage
help
inputs
documented
outputs
parts
interruptions 2>/dev/null # where bash tells of those that were killed
real
echo "check_commands: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
