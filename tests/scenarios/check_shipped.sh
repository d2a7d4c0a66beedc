#!/bin/bash
# Every scenario that is shipped is right, bears its file's name, and resolves to a file that loads
# alone to the same values; `check` and `params` answer wrong input with the statuses and words that
# are promised. $REMELT is the program.
set -u
passed=0 failed=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$(dirname "$0")/../.." || exit 1
unset REMELT_DATA

verdict() { # STATUS NAME
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed: $2"
    fi
}

# Values without where they came from.
values() {
    sed 's/ # .*//' "$1"
}

for file in scenarios/*.yaml; do
    name=$(basename "$file" .yaml)
    "$REMELT" check "$file" >"$folder/one.yaml" 2>"$folder/errors"
    verdict $? "$file: $(cat "$folder/errors")"
    grep -qx "name: \"$name\"" "$folder/one.yaml"
    verdict $? "$file: its name is not $name"
    REMELT_DATA=scenarios/data "$REMELT" check "$folder/one.yaml" >"$folder/two" 2>"$folder/errors"
    verdict $? "$file: resolved: $(cat "$folder/errors")"
    [ "$(values "$folder/one.yaml")" = "$(values "$folder/two")" ]
    verdict $? "$file: the resolved scenario loads to other values"
done

expect() { # STATUS WORDS COMMAND...: exit status, and a part of what goes to standard error
    local status=$1 words=$2 got
    shift 2
    "$REMELT" "$@" >"$folder/out" 2>"$folder/errors"
    got=$?
    [ $got -eq "$status" ] && grep -qF -- "$words" "$folder/errors"
    verdict $? "$*: status $got, $(cat "$folder/errors")"
}

printf 'remelt: 1\nname: wrong\nparameters: {no.such: 1}\nno: 1\n' >"$folder/wrong.yaml"
cp -r scenarios/data "$folder/data"
expect 65 "wrong.yaml:3: unknown parameter 'no.such'" check "$folder/wrong.yaml"
expect 65 "wrong.yaml:4: no: unknown key" check scenarios/small.yaml "$folder/wrong.yaml"
expect 65 "is a folder" check "$folder"
expect 65 "--set: unknown parameter 'no.such'" check scenarios/small.yaml --set no.such=1
expect 66 "No such file" check "$folder/none.yaml"
expect 2 "" check
expect 1 "no parameter matches 'no.such'" params no.such
expect 2 "" params --format html

# Each format lists as many parameters as a scenario resolves to, of which a pattern picks some.
count=$("$REMELT" check scenarios/small.yaml |
    sed -n '/^parameters:/,/^policies:/{/^  /p}' | wc -l)
[ "$("$REMELT" params | wc -l)" -eq $((count + 1)) ]
verdict $? "params: not $count rows"
[ "$("$REMELT" params --format markdown | wc -l)" -eq $((count + 2)) ]
verdict $? "params --format markdown: not $count rows"
[ "$("$REMELT" params --format yaml | grep -c '^  doc: ')" -eq "$count" ]
verdict $? "params --format yaml: not $count rows"
[ "$("$REMELT" params trucks_per_lot | wc -l)" -eq 2 ] &&
    [ "$("$REMELT" params '*.trucks_per_lot' | wc -l)" -eq 2 ]
verdict $? "params: a pattern does not pick one row"
if [ -w /dev/full ]; then
    "$REMELT" params >/dev/full 2>"$folder/errors"
    [ $? -eq 74 ]
    verdict $? "params: a full disk is not reported"
fi

echo "scenarios/shipped: $passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
