"""Writes what the reference implementation gives for the scenarios that `cargo test` checks.

    python3 tests/reference/cases.py [NAME ...]

For each scenario cases/NAME.toml, or for all of them, it writes cases/NAME.csv: the columns of
rounds.csv with 12 digits. The program is not needed.
"""

import pathlib
import sys

from model import write_rounds
from scenario import read_scenario

CASES = pathlib.Path(__file__).resolve().parent / "cases"


def main():
    names = sys.argv[1:] or sorted(path.stem for path in CASES.glob("*.toml"))
    for name in names:
        scenario = read_scenario((CASES / f"{name}.toml").read_text(encoding="utf-8"))
        with open(CASES / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
            write_rounds(scenario, file, digits=12)


if __name__ == "__main__":
    main()
