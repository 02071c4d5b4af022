#!/usr/bin/env bash
# Builds the wheel, installs it in a clean environment, and checks it: tests, types, the notebook.
#
#   python/run_checks.sh FOLDER    a folder for the environments and the wheel
set -euo pipefail
cd "$(dirname "$0")"
work=$1

python3 -m venv "$work/build"
"$work/build/bin/pip" install -q "maturin>=1.7,<2"
rm -rf "$work/dist"
"$work/build/bin/maturin" build --release --locked --quiet --out "$work/dist"

rm -rf "$work/clean"
python3 -m venv "$work/clean"
wheel=$(ls "$work"/dist/mingle-*.whl)
"$work/clean/bin/pip" install -q "${wheel}[test]"
# Away from the sources, so that what is tested is the wheel.
here=$PWD
cd "$work"
"$work/clean/bin/python" -m pytest -q "$here/tests"
"$work/clean/bin/python" -m mypy --config-file "$here/pyproject.toml" "$here/src" "$here/tests"
"$work/clean/bin/python" -c 'import doctest, mingle, sys; sys.exit(doctest.testmod(mingle).failed)'
"$work/clean/bin/python" "$here/notebook.py" "$here/../docs/notebooks/first-steps.ipynb" "$work/first-steps.ipynb"
