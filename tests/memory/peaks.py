"""The memory that `mingle check` announces, and the peak that is measured, for runs, bets and sweeps of several sizes.

    python3 tests/memory/peaks.py target/release/mingle

Prints a table, and ends with an error if a command takes more than was announced. Linux only.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SMALL = "rounds = 12\nburn_in = 2\nreplicates = 3\n[population]\nagents = {agents}\n"
BET = "[bet]\nworlds = 4\nfocals = 3\nhorizons = [0, 4]\n"
FACTOR = '[[factor]]\nname = "rate"\nkeys = "needs.rate"\n'


def many(strategies, regions):
    """So many equal strategies and regions."""
    lists = [("strategy", strategies), ("region", regions)]
    tables = (f'[[{kind}]]\nname = "{kind}{i}"\nshare = {1 / n!r}\n' for kind, n in lists for i in range(n))
    return "".join(tables)


# What is done: name, scenario, arguments, and the key of the announced bytes.
CASES = [
    ("run, 60 agents", SMALL.format(agents=60), ["run"], "memory_bytes"),
    ("run, 2,000 agents", SMALL.format(agents=2000), ["run"], "memory_bytes"),
    ("run, 200,000 agents", SMALL.format(agents=200_000), ["run"], "memory_bytes"),
    ("run, 20 strategies, 20 regions", SMALL.format(agents=2000) + many(20, 20), ["run"], "memory_bytes"),
    ("run, 60 strategies", SMALL.format(agents=2000) + many(60, 1), ["run"], "memory_bytes"),
    ("run --events", SMALL.format(agents=20_000), ["run", "--events"], "memory_events_bytes"),
    ("run --network 5", SMALL.format(agents=20_000), ["run", "--network", "5"], "memory_network_bytes"),
    ("bet, 2,000 agents", SMALL.format(agents=2000) + BET, ["bet"], "memory_bet_bytes"),
    ("bet, 100,000 agents", SMALL.format(agents=100_000) + BET, ["bet"], "memory_bet_bytes"),
    ("bet --story", SMALL.format(agents=5_000) + BET, ["bet", "--story"], "memory_story_bytes"),
    ("sweep, 9 points", SMALL.format(agents=2000) + FACTOR + "levels = 9\n", ["sweep"], "memory_sweep_bytes"),
    (
        "sweep, Sobol indices, 300 points",
        SMALL.format(agents=60) + '[sweep]\ndesign = "sobol"\npoints = 100\n' + FACTOR,
        ["sweep"],
        "memory_sweep_bytes",
    ),
]


def measured(program, arguments, folder):
    """Peak of resident memory of a command, in bytes."""
    child = subprocess.Popen([program, *arguments], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    text = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{arguments}: {text.decode()}")
    return usage.ru_maxrss * 1024


def main():
    program = str(Path(sys.argv[1]).resolve())
    print("| command | announced, MB | measured, MB | ratio |\n|---|---|---|---|")
    over = []
    for name, scenario, arguments, key in CASES:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "s.toml").write_text(scenario)
            check = [program, "check", "s.toml", "--json", "--threads", "2"]
            announced = json.loads(subprocess.check_output(check, cwd=folder))[key]
            command = [arguments[0], "s.toml", *arguments[1:], "--threads", "2", "--out", "o"]
            peak = measured(program, command, folder)
        print(f"| {name} | {announced / 1e6:.0f} | {peak / 1e6:.0f} | {announced / peak:.2f} |", flush=True)
        over += [name] * (peak > announced)
    if over:
        sys.exit(f"more than announced: {', '.join(over)}")


if __name__ == "__main__":
    main()
