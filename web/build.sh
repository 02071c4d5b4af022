#!/usr/bin/env bash
# Builds docs/explore.html: the page with the engine in it. The same sources and tools give the same bytes in any folder.
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
# Cargo names a library that is outside the workspace of the engine after its path, and the order of functions in the
# module follows these names. So the build goes through a link whose path is the same wherever the sources are.
link=/tmp/mingle-page-${hash:0:16}
if [ -e "$link" ] && [ ! -L "$link" ]; then
    echo "$link is in the way: web/build.sh makes a link there; remove it" >&2
    exit 1
fi
ln -sfn "$PWD" "$link"
trap 'rm -f "$link"' EXIT
# Paths of this machine are not part of the module. Its results name the sources that the engine was built from.
export MINGLE_REVISION="page ${hash:0:16}"
# Browsers have had vectors of 128 bits since 2023 at the latest.
export RUSTFLAGS="-C target-feature=+simd128 --remap-path-prefix=$link=. --remap-path-prefix=$PWD=. --remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo"
cargo build --release --locked --manifest-path "$link/web/engine/Cargo.toml" --target wasm32-unknown-unknown \
    --target-dir "$target" ||
    { echo "if the target is missing: rustup target add wasm32-unknown-unknown" >&2; exit 1; }
[ -d web/node_modules ] || npm --prefix web ci --no-audit --no-fund
node web/build.mjs "$target/wasm32-unknown-unknown/release/mingle_engine.wasm" "$hash" docs/explore.html
