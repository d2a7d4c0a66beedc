#!/bin/bash
# Provokes every rule of scripts/lint in a small tree of its own, and a clean tree besides.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
lint=$top/scripts/lint
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
passed=0 failed=0 skipped=0

for tool in clang-format clang gcc nm cppcheck pkg-config python3; do
    if ! command -v "$tool" >/dev/null; then
        echo "  skipped: $tool is not installed"
        echo "check_lint: 0 passed, 0 failed, 1 skipped"
        exit 0
    fi
done

fresh() {
    rm -rf "${tree:?}"/*
    cp "$top/.clang-format" "$tree/"
    mkdir -p "$tree"/{sim,models,scenarios,output,studies,cli,tests/sim,docs}
    printf 'int sim_clean(int n);\n' >"$tree/sim/clean.h"
    printf '#include "clean.h"\n\nint sim_clean(int n)\n{\n    return n + 3;\n}\n' \
        >"$tree/sim/clean.c"
}

# expect CHECK STATUS TEXT: lint --only CHECK ends with STATUS and prints TEXT (a fixed string)
expect() {
    local output status
    output=$("$lint" --root "$tree" --only "$1" 2>&1)
    status=$?
    if [ $status -eq "$2" ] && grep -qF -- "$3" <<<"$output"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'expected status %d and "%s", got %d and:\n%s\n' "$2" "$3" $status "$output"
    fi
}

# violates CHECK FILE TEXT SOURCE: SOURCE as FILE is reported as "FILE:TEXT"
violates() {
    fresh
    mkdir -p "$(dirname "$tree/$2")"
    printf '%s\n' "$4" >"$tree/$2"
    expect "$1" 1 "$2:$3"
}

# accepts CHECK FILE SOURCE: SOURCE as FILE is no violation
accepts() {
    fresh
    mkdir -p "$(dirname "$tree/$2")"
    printf '%s\n' "$3" >"$tree/$2"
    expect "$1" 0 ", 0 violations"
}

lines() { # lines N TEXT
    for ((i = 0; i < $1; i++)); do echo "$2"; done
}

fresh
expect layout,include,header,symbol,text,cppcheck 0 ", 0 violations"

violates layout models/a.c "1: clang-format would change" 'int  chain_a;'

for pair in "sim models" "models output" "scenarios models" "output scenarios" "studies models" \
    "studies cli" "models cli"; do
    # shellcheck disable=SC2086 # two words
    set -- $pair
    fresh
    : >"$tree/$2/b.h"
    printf '\n#include "../%s/b.h"\n' "$2" >"$tree/$1/a.c"
    expect include 1 "$1/a.c:2: $1/ must not include $2/b.h"
done
for pair in "models sim" "studies output" "cli models" "cli studies" "scenarios sim"; do
    # shellcheck disable=SC2086 # two words
    set -- $pair
    fresh
    : >"$tree/$2/b.h"
    echo "#include \"../$2/b.h\"" >"$tree/$1/a.c"
    expect include 0 ", 0 violations"
done
fresh
: >"$tree/models/b.h"
echo '#include "../../models/b.h"' >"$tree/tests/sim/a.c"
expect include 1 'tests/sim/a.c:1: tests/ must not include models/b.h'
violates include sim/a.c '1: "gone.h" is no file of the tree' '#include "gone.h"'
violates include output/a.c '1: <gsl/gsl_rng.h> belongs only in' '#include <gsl/gsl_rng.h>'
violates include sim/a.c '1: <Random123/philox.h> belongs only in' '#include <Random123/philox.h>'
violates include models/a.c '1: <glpk.h> belongs only in models/recipe.c' '#include <glpk.h>'
violates include models/a.c '1: <yaml.h> belongs only in scenarios/' '# include <yaml.h>'
violates include sim/a.c '1: <hdf5.h> belongs only in output/' '#include <hdf5.h>'
violates include cli/a.c '1: <zlib.h> belongs only in output/' '#include <zlib.h>'
violates include output/a.c '1: <omp.h> belongs only in' '#include <omp.h>'
violates include models/a.c '2: OpenMP belongs only in' $'\n#pragma omp parallel'
violates include sim/a.c '1: <ncurses.h> is no known header' '#include <ncurses.h>'
accepts include models/recipe.c $'#include <glpk.h>\n#include <gsl/gsl_cdf.h>\n#include <math.h>'
accepts include sim/team.c $'#include <omp.h>\n#pragma omp parallel'

violates header sim/a.h '1: ' 'struct sim_a { size_t n; };'
violates header sim/a.h "2: error: unknown type name 'gone'" $'#ifdef __clang__\ngone n;\n#endif'
violates header sim/a.h "2: error: unknown type name 'gone'" $'#ifndef __clang__\ngone n;\n#endif'

violates symbol sim/a.c '2: external symbol a_b starts with none of sim_' $'\nint a_b(void) { return 3; }'
violates symbol models/a.c '1: external symbol b_a starts with none of' 'const int b_a = 7;'
violates symbol models/a_b.c '1: external symbol a_c starts with none of' 'const int a_c = 7;'
violates symbol sim/a.c '1: sim_a is mutable global or static data' 'int sim_a = 7;'
violates symbol sim/a.c '1: sim_a is mutable global or static data' '_Thread_local int sim_a;'
violates symbol models/a.c '1: last is mutable global or static data' \
    'int a_next(int n) { static int last; last += n; return last; }'
violates symbol sim/a.c '1: error:' 'int sim_a(void) { return b; }'
fresh
echo 'int sim_b(void) { return c; }' >"$tree/sim/b.h"
echo '#include "b.h"' >"$tree/sim/a.c"
expect symbol 1 'sim/b.h:1: error:'
expect symbol 1 ' (compiling sim/a.c)'
accepts symbol models/a.c \
    'static const char *const names[] = {"x"}; const char *a_name(int i) { return names[i]; }'
accepts symbol cli/a.c 'volatile int a_stop; int command_a(void) { return a_stop; }'
fresh
echo 'const int a_c = 7;' >"$tree/models/a_b.c"
echo 'const int a_d = 7;' >"$tree/models/a.c"
expect symbol 0 ", 0 violations"
fresh
echo 'extern const int kin_x;' >"$tree/models/kin.h"
printf '#include "kin.h"\nconst int kin_x = 7;\n' >"$tree/models/a.c"
expect symbol 0 ", 0 violations"

violates text sim/a.h '600: file of 600 lines' "$(lines 600 '/* line */')"
accepts text sim/a.h "$(lines 599 '/* line */')"
violates text sim/a.c '2: function of 81 lines' "
int sim_a(int n)
{
$(lines 78 '    n++;')
}"
violates text sim/a.c '3: function of 81 lines' "static int m;

static int sim_a(int n,
                 int o)
{
$(lines 77 '    n++;')
}"
accepts text sim/a.c "/* why */
int sim_a(int n)
{
$(lines 77 '    n++;')
}"
# shellcheck disable=SC2026 # split, so that lint does not find them here
for word in TO''DO FIX''ME X''XX HA''CK; do
    violates text sim/a.c "1: $word" "/* $word: later */"
    violates text scripts/a "2: $word" $'#!/bin/sh\n'"# $word"
    violates text docs/a.md "1: $word" "$word"
    accepts text sim/a.c "/* ${word}S */"
done
violates text models/a.c '1: only cli/ exits' 'void chain_a(void) { exit(3); }'
violates text sim/a.c '1: a struct needs no typedef' 'typedef struct sim_a { int n; } sim_a;'
violates text sim/a.c '1: sim_require is always on' 'void sim_a(int n) { assert(n); }'
violates text sim/a.c '1: random numbers come from' 'int sim_a(void) { return rand(); }'
accepts text cli/a.c 'void command_a(void) { exit(3); }'
accepts text models/a.c '/* exit() and rand() and assert(x) in words */ const char *chain_a = "exit(3)";'
fresh
printf '/* \377 */\n' >"$tree/sim/a.c"
expect text 1 'sim/a.c:1: is not UTF-8'

violates cppcheck sim/a.c '4: ' 'int sim_a(int n)
{
    int few[3] = {n, n, n};
    return few[3];
}'

fresh
expect layuot 2 "no check 'layuot'"
rm -r "$tree"/{sim,models,cli}
expect text 2 'no sources below'
for wrong in --frob "build another" --only; do
    # shellcheck disable=SC2086 # words
    if "$lint" $wrong >/dev/null 2>&1 || [ $? -ne 2 ]; then
        failed=$((failed + 1))
        echo "scripts/lint $wrong should end with status 2"
    else
        passed=$((passed + 1))
    fi
done
if "$lint" --help | grep '^cppcheck ' >/dev/null; then
    passed=$((passed + 1))
else
    failed=$((failed + 1))
    echo "scripts/lint --help should list the checks"
fi

echo "check_lint: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
