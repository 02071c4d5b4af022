#!/usr/bin/env bash
# Builds the fuzz targets, and runs one of them for some seconds:
#   tests/fuzz/fuzz.sh build [options of cargo]
#   tests/fuzz/fuzz.sh TARGET SECONDS [options of libFuzzer]
# It needs a C++ compiler, for libFuzzer, but neither cargo-fuzz nor a nightly toolchain: the flags are those of
# `cargo fuzz --sanitizer none`, less the one that makes builds serial. An input that fails is left in
# tests/fuzz/artifacts; `tests/fuzz/fuzz.sh TARGET 0 FILE` runs it again.
set -euo pipefail
cd "$(dirname "$0")"
host=$(rustc -vV | sed -n 's/^host: //p')
built=${CARGO_TARGET_DIR:-target}/$host/release

if [ "$1" = build ]; then
    coverage=""
    for option in level=4 inline-8bit-counters pc-table trace-compares stack-depth; do
        coverage+=" -Cllvm-args=-sanitizer-coverage-$option"
    done
    export RUSTFLAGS="--cfg fuzzing -Cpasses=sancov-module$coverage -Cllvm-args=-simplifycfg-branch-fold-threshold=0"
    # The target is named, so that the flags are not for build scripts.
    shift
    exec cargo build --release --locked --bins --target "$host" "$@"
fi

target=$1 seconds=$2
shift 2
if [ "$seconds" = 0 ]; then
    exec "$built/$target" "$@"
fi
mkdir -p "found/$target" "artifacts/$target"
corpora=("found/$target" "corpus/$target")
case $target in
check_never_panics | accepted_runs) corpora+=(../../scenarios) ;;
esac
# What the program prints about a refused input is left out: it is the same message many thousand times.
exec "$built/$target" "${corpora[@]}" -artifact_prefix="artifacts/$target/" -dict=keys.dict -max_len=8192 \
    -timeout=20 -rss_limit_mb=2048 -close_fd_mask=2 -print_final_stats=1 -max_total_time="$seconds" "$@"
