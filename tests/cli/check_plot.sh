#!/bin/bash
# Draws figures from a made-up results file with the contract's names, and provokes what the script
# refuses.
set -u
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

expect() {
    local code=$1 got
    shift
    "$@" >"$work/out" 2>"$work/err"
    got=$?
    if [ "$got" -eq "$code" ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "  failed: exit status $got, not $code: $*"
        sed 's/^/    /' "$work/err"
    fi
}
holds() {
    if grep -qF -- "$1" "$work/$2"; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "  failed: does not say '$1'"
    fi
}
count() {
    local found
    found=$(find "$work/$1" -name "*.$2" -size +1k | wc -l)
    if [ "$found" -eq "$3" ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        echo "  failed: $found figures, not $3, in $1"
    fi
}
plot=$root/scripts/plot
write=$root/tests/cli/write_results.py

expect 0 /usr/bin/python3 "$write" "$work/one.h5"
expect 0 "$plot" "$work/one.h5" -o "$work/one"
count one png 12
expect 0 "$plot" "$work/one.h5" -o "$work/again" --format svg molten provinces
count again svg 2
expect 0 "$plot" "$work/one.h5" -o "$work/twice" --format svg molten provinces
expect 0 diff -r "$work/again" "$work/twice"
# several scenarios; some variables missing
expect 0 /usr/bin/python3 "$write" "$work/two.h5" --scenarios 2 --without footprint,molten_output
expect 0 "$plot" "$work/two.h5" -o "$work/two" molten emissions margin
holds "molten left out: the file has no molten_output" out
count two png 3
expect 66 "$plot" "$work/missing.h5" -o "$work/no"
expect 65 "$plot" "$write" -o "$work/no"
expect 0 /usr/bin/python3 "$write" "$work/pending.h5" --unfinished
expect 65 "$plot" "$work/pending.h5" -o "$work/no"
holds "no replicate in it is finished" err
expect 73 "$plot" "$work/one.h5" -o "$work/one.h5/figures" molten
expect 2 "$plot" "$work/one.h5" nonsense
expect 2 "$plot"
echo "check_plot: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
