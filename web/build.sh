#!/usr/bin/env bash
# Builds docs/explore.html: the page with the engine in it. The same sources in the same folder give the same bytes.
#
#   web/build.sh            builds the page
#   web/build.sh --hash     prints the hash over the sources of the page, and builds nothing
#
# Needs cargo with the target wasm32-unknown-unknown (rustup target add wasm32-unknown-unknown) and Node.js 20 or later
# with npm; npm fetches the other tools, in the versions of web/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/.."

need() { command -v "$1" >/dev/null || { echo "web/build.sh needs $1: $2" >&2; exit 1; }; }
need node "install Node.js 20 or later"
hash=$(node web/sources.mjs)
if [ "${1:-}" = --hash ]; then
    echo "$hash"
    exit
fi
need cargo "install Rust from https://rustup.rs"
need npm "install Node.js 20 or later"

target=${CARGO_TARGET_DIR:-$PWD/target}/web
# Paths of this machine are not part of the module. Its results name the sources that the engine was built from.
export MINGLE_REVISION="page ${hash:0:16}"
# Browsers have had vectors of 128 bits since 2023 at the latest.
export RUSTFLAGS="-C target-feature=+simd128 --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
cargo build --release --locked --manifest-path web/engine/Cargo.toml --target wasm32-unknown-unknown \
    --target-dir "$target" ||
    { echo "if the target is missing: rustup target add wasm32-unknown-unknown" >&2; exit 1; }
[ -d web/node_modules ] || npm --prefix web ci --no-audit --no-fund
node web/build.mjs "$target/wasm32-unknown-unknown/release/mingle_engine.wasm" "$hash" docs/explore.html
