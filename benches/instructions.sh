#!/usr/bin/env bash
# Counts the instructions of small runs on one thread and compares them with benches/instructions.txt:
# speed that is lost shows here whatever else the machine is doing. Needs valgrind and a release build.
#
#   benches/instructions.sh            fails if a run takes more than 3% more than is stored
#   benches/instructions.sh --renew    stores what is counted now
set -euo pipefail
cd "$(dirname "$0")/.."

stored=benches/instructions.txt
tolerance=3 # percent; counts repeat to within 0.1%
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Millions of instructions of `mingle run` with these arguments.
count() {
    valgrind --tool=callgrind --callgrind-out-file="$work/profile" \
        target/release/mingle run "$@" --replicates 1 --no-charts --threads 1 --out "$work/out" --force \
        >"$work/log" 2>&1 || { cat "$work/log" >&2; return 1; }
    awk '$1 == "summary:" { printf "%.1f\n", $2 / 1e6 }' "$work/profile"
}

small=(--set population.agents=1000 --set rounds=60 --set burn_in=20)
counts() {
    echo "private $(count scenarios/chamber-mixer.toml "${small[@]}")"
    echo "public $(count scenarios/chamber-mixer.toml "${small[@]}" --set reputation.kind=public)"
    echo "plain $(count scenarios/bench/plain.toml \
        --set population.agents=4000 --set rounds=16 --set burn_in=4)"
}

compiler=$(rustc --version)
if [ "${1:-}" = --renew ]; then
    { echo "# $compiler"; counts; } >"$work/counts"
    cp "$work/counts" "$stored"
    cat "$stored"
    exit
fi

read -r _ built_with <"$stored"
if [ "$compiler" != "$built_with" ]; then
    echo "skipped: the counts in $stored are of $built_with, this is $compiler"
    exit
fi
counts >"$work/counts"
awk -v tolerance="$tolerance" '
    FNR == NR { if ($1 != "#") was[$1] = $2; next }
    {
        change = 100 * ($2 / was[$1] - 1)
        printf "%-8s %8.1f million instructions, stored %8.1f (%+.1f%%)\n", $1, $2, was[$1], change
        if (change > tolerance) slower = 1
        if (change < -tolerance) faster = 1
    }
    END {
        if (faster) print "faster than stored: run benches/instructions.sh --renew"
        if (slower) {
            printf "more than %s%% slower than stored; if that is worth it, say why and --renew\n", tolerance
            exit 1
        }
    }' "$stored" "$work/counts"
