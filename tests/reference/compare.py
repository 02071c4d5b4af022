"""Compares the program with the reference implementation, value by value.

    python3 tests/reference/compare.py SCENARIO.toml [--set KEY=VALUE ...] [--mingle PROGRAM]

Runs the program on the scenario, runs the reference on the resolved scenario in its manifest, and
compares rounds.csv, agents.csv, flows.csv and survival.csv. Text, whole numbers and amounts have
to be equal, other numbers within 1e-9; counts are means of whole numbers, so they are equal too. Ends
with 1 and the first difference, or with 0 and the number of values compared.
"""

import argparse
import csv
import json
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

from model import run
from scenario import read_scenario

ROOT = pathlib.Path(__file__).resolve().parents[2]


def read_table(folder, name, key):
    """The rows of a table by what names them, or none if there is no such table."""
    path = folder / f"{name}.csv"
    if not path.exists():
        return None
    with open(path, encoding="utf-8", newline="") as file:
        return {tuple(row[k] for k in key): row for row in csv.DictReader(file)}


def equal(text, value):
    """Whether a cell of the program holds a value of the reference."""
    if value is None or isinstance(value, str):
        return text == (value or "")
    if isinstance(value, Decimal):
        return text != "" and Decimal(text) == value
    if isinstance(value, int):
        return text != "" and float(text) == value
    return text != "" and abs(float(text) - value) <= 1e-9 * max(1.0, abs(value))


def compare_table(folder, name, key, rows):
    """The number of values compared; ends the program at the first that differs."""
    table = read_table(folder, name, key)
    if table is None:
        return 0
    n = 0
    for row in rows:
        names = tuple(str(row[k]) for k in key)
        theirs = table.pop(names, None)
        where = f"{name}.csv, " + ", ".join(f"{k} {v}" for k, v in zip(key, names))
        if theirs is None:
            sys.exit(f"{where}: the program has no such row")
        if set(theirs) != set(row):
            sys.exit(f"{name}.csv: other columns: {sorted(set(theirs) ^ set(row))}")
        for column, value in row.items():
            n += 1
            if not equal(theirs[column], value):
                said = f"program {theirs[column] or 'nothing'}, reference {value}"
                sys.exit(f"{where}: {column}: {said}")
    # Rows that the reference does not write are flows of 0.
    if any(float(row.get("value", "nan")) != 0 for row in table.values()):
        sys.exit(f"{name}.csv: the reference has no row {next(iter(table))}")
    return n


def main():
    arguments = argparse.ArgumentParser(description="Compares the program with the reference.")
    arguments.add_argument("scenario", help="scenario file")
    arguments.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    default = ROOT / "target/release/mingle"
    arguments.add_argument("--mingle", default=default, help="the program; default: %(default)s")
    given = arguments.parse_args()

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder) / "result"
        command = [given.mingle, "run", given.scenario, "--out", folder, "--agents"]
        command += ["--no-charts", "--quiet"]
        for assignment in given.set:
            command += ["--set", assignment]
        ended = subprocess.run(command, stdout=subprocess.DEVNULL)
        if ended.returncode:
            sys.exit(f"{given.mingle} ended with {ended.returncode}")
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        scenario = read_scenario(manifest["resolved"])

        tables = {"rounds": [], "agents": [], "flows": [], "survival": []}
        for replicate, world in enumerate(run(scenario)):
            found = (world.rows, world.agent_rows(), world.flow_rows(), world.life_rows())
            for rows, of_replicate in zip(tables.values(), found):
                rows.extend({"replicate": replicate} | row for row in of_replicate)
        keys = {
            "rounds": ("replicate", "round", "strategy"),
            "agents": ("replicate", "agent"),
            "flows": ("replicate", "from", "to", "channel"),
            "survival": ("replicate", "agent", "born"),
        }
        n = sum(compare_table(folder, name, keys[name], rows) for name, rows in tables.items())
    print(f"{given.scenario}: {n} values are equal")


if __name__ == "__main__":
    main()
