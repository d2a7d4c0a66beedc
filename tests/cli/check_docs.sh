#!/bin/bash
# The documentation is true where a program can tell: tables printed by the program are up to date,
# links lead somewhere, every page can be reached, parameters and source files that pages name exist.
# And scripts/follow tells stories from a real trace and refuses what is none. $REMELT is the program.
set -u
passed=0 failed=0 skipped=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$(dirname "$0")/../.." || exit 1
REMELT=${REMELT:-$PWD/build/remelt}
unset REMELT_DATA

verdict() { # STATUS TEXT
    if [ "$1" -eq 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "  failed: $2"
    fi
}

# expect CODE COMMAND...: runs it; its output is in out and err.
expect() {
    local code=$1 got
    shift
    "$@" >"$folder/out" 2>"$folder/err"
    got=$?
    [ $got -eq "$code" ]
    verdict $? "exit status $got, not $code: $* ($(head -n 3 "$folder/err"))"
}

# ---- generated pages

scripts/generate-docs --check "$REMELT" >"$folder/out" 2>&1
verdict $? "$(cat "$folder/out")"
expect 2 scripts/generate-docs "$folder/no-program"
expect 2 scripts/generate-docs "$REMELT" "$REMELT"
expect 2 scripts/generate-docs --frob
# A copy with a changed table is found out of date, and put right without --check.
mkdir -p "$folder/tree/scripts" "$folder/tree/docs/model"
cp scripts/generate-docs "$folder/tree/scripts"
cp docs/model/{parameters,variables,events}.md "$folder/tree/docs/model"
expect 2 "$folder/tree/scripts/generate-docs" --check "$REMELT"
grep -q "has no rows of events" "$folder/err"
verdict $? "does not miss the sources"
cp -r models "$folder/tree"
echo "one more line" >>"$folder/tree/docs/model/variables.md"
expect 1 "$folder/tree/scripts/generate-docs" --check "$REMELT"
grep -q "^docs/model/variables.md is out of date" "$folder/out"
verdict $? "does not say that variables.md is out of date"
expect 0 "$folder/tree/scripts/generate-docs" "$REMELT"
expect 0 "$folder/tree/scripts/generate-docs" --check "$REMELT"

# ---- links, pages, names

/usr/bin/python3 - >"$folder/problems" <<'END'
import pathlib
import re

pages = sorted(pathlib.Path("docs").rglob("*.md"))
reached = {pathlib.Path("docs/index.md")}
for page in [*pages, pathlib.Path("README.md"), pathlib.Path("scenarios/data/README.md")]:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.S)
    for target in re.findall(r"\]\(\s*([^)\s]+)\s*\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, _ = target.partition("#")
        to = (page.parent / path).resolve() if path else page.resolve()
        if not to.exists():
            print(f"{page}: link to {target} leads nowhere")
        elif path:
            reached.add(to.relative_to(pathlib.Path.cwd()))
for page in pages:
    if page not in reached:
        print(f"{page}: no page links to it")
listed = pathlib.Path("docs/decisions/README.md").read_text(encoding="utf-8")
for page in pathlib.Path("docs/decisions").glob("[0-9]*.md"):
    if f"({page.name})" not in listed:
        print(f"{page}: missing in docs/decisions/README.md")

rows = pathlib.Path("docs/model/parameters.md").read_text(encoding="utf-8")
paths = re.findall(r"^\| `([^`]+)` \|", rows, flags=re.M)
components = {path.split(".")[0] for path in paths}
for page in pages:
    if page.name == "parameters.md":
        continue
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`'?([a-z_]+\.[a-z_0-9]+)'?`", text):
        if name.split(".")[0] in components and pathlib.Path(name).suffix not in (".c", ".h", ".tsv"):
            if not any(path == name or path.startswith(name + ".") for path in paths):
                print(f"{page}: there is no parameter {name}")
    for name in re.findall(r"`((?:models|sim|cli|output|scenarios|scripts)/[\w./-]+)`", text):
        if not pathlib.Path(name).exists():
            print(f"{page}: there is no file {name}")
print(f"{len(pages)} pages, {len(paths)} parameters")
END
problems=0
while read -r line; do
    case $line in
    *" pages, "*" parameters") ;;
    *)
        problems=$((problems + 1))
        verdict 1 "$line"
        ;;
    esac
done <"$folder/problems"
tail -n 1 "$folder/problems" | grep -Eq "^[1-9][0-9]+ pages, [1-9][0-9]{2} parameters$"
verdict $? "pages and parameters were not found"
[ $problems -eq 0 ] && verdict 0 ""

# ---- scripts/follow

/usr/bin/python3 - >"$folder/out" 2>&1 <<'END'
import re
import runpy

follow = runpy.run_path("scripts/follow", run_name="follow")
source = open("models/labels.c", encoding="utf-8").read()
for name, count in (("grades", 12), ("alloys", 8), ("provinces", 31), ("origins", 10)):
    body = re.search(rf"\*const {name}\[\w+\] = {{(.*?)}};", source, re.S).group(1)
    labels = re.findall(r'"([^"]+)"', body)
    assert len(labels) == count, (name, labels)
    assert follow[name.upper()][:count] == labels, name
END
verdict $? "labels of scripts/follow differ from models/labels.c: $(tail -n 1 "$folder/out")"

# The first months of 2019; the shortest run lasts until the end of the first month of 2020.
"$REMELT" run scenarios/small.yaml -r 1 -j 1 --until 2020-02-01 -o "$folder/x.h5" --quiet \
    --trace - 2>"$folder/err" | awk -F '\t' '$1 < "2019-06-01"' >"$folder/trace.tsv"
verdict "${PIPESTATUS[0]}" "a traced run fails: $(cat "$folder/err")"
cut -f 3 "$folder/trace.tsv" | sort -u | while read -r kind; do
    grep -q "^| .$kind. |" docs/model/events.md || echo "$kind"
done >"$folder/out"
[ ! -s "$folder/out" ]
verdict $? "events that docs/model/events.md misses: $(tr '\n' ' ' <"$folder/out")"
expect 0 scripts/follow "$folder/trace.tsv"
for kind in heat_charged heat_melted heat_tapped plant_day hub_order hub_clear plant_truck \
    molten_ordered molten_called molten_departed molten_delivered molten_returned imports_loaded \
    imports_sailed imports_arrived imports_inspected imports_cleared; do
    grep -q " $kind " "$folder/out"
    verdict $? "no story has $kind"
done
# Within a story time does not run backwards.
awk '/^[A-Z]/ { last = "" } /^  / { now = $1 " " $2; if (now < last) exit 1; last = now }' "$folder/out"
verdict $? "time runs backwards in a story"
expect 0 scripts/follow - --what heat,ladle --place Guangdong --after 2019-04-01 <"$folder/trace.tsv"
if grep "heat_\|molten_" "$folder/out" | grep -v " Guangdong " >/dev/null; then
    verdict 1 "--place shows other places"
else
    verdict 0 ""
fi
expect 1 scripts/follow "$folder/trace.tsv" --after 2031-01-01
printf '2019-01-01 03:00:00\tBeijing\tdownstream_day\t0\t0\t0\t0\t0\t0\n' >"$folder/one.tsv"
expect 1 scripts/follow "$folder/one.tsv" --what heat
: >"$folder/empty.tsv"
expect 2 scripts/follow "$folder/empty.tsv"
expect 2 scripts/follow "$folder/none.tsv"
expect 2 scripts/follow "$folder"
expect 2 scripts/follow "$folder/x.h5"
for line in 'not a trace' '2019-01-01 03:00:00\tBeijing\theat_charged\t0\t0\t0\t0\t0' \
    '2019-01-01 03:00:00\tBeijing\theat_charged\t0\t0\t0\t0\tx\t0' \
    'yesterday\tBeijing\theat_charged\t0\t0\t0\t0\t0\t0'; do
    printf "%b\n" "$line" >"$folder/bad.tsv"
    expect 2 scripts/follow "$folder/bad.tsv"
    grep -q "line 1: no event" "$folder/err"
    verdict $? "does not name the line: $line"
done
expect 2 scripts/follow "$folder/trace.tsv" --what furnace
expect 2 scripts/follow "$folder/trace.tsv" --place Atlantis
expect 2 scripts/follow "$folder/trace.tsv" --after soon
expect 2 scripts/follow

echo "docs: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ]
