"""A clock that is set back, stands still, or is in another century: nothing depends on it."""

import pathlib
import subprocess
import tempfile

from common import CASES, SCENARIO, Case, Context, Tally, Trial, run

# How the clock goes on, in seconds for each time that it is read; and where it begins, in seconds after 1970.
CLOCKS = {
    "set back a day each time": (-86_400, 1_700_000_000),
    "stands still": (0, 1_700_000_000),
    "before 1970": (-1, -1_000_000_000),
    "in 2106": (1, 4_300_000_000),
    "forward a year each time": (31_536_000, 1_700_000_000),
}
TIMED = [
    ("check", "s.toml"),
    ("bench", "s.toml", "--rounds", "2", "--warmup", "1"),
    ("run", "s.toml", "--no-charts", "--progress", "lines", "--set", "replicates=200", "--out", "out"),
    ("explore", "--out", "page.html"),
]


def check(context: Context) -> Tally:
    tally = Tally()

    def faked(folder: pathlib.Path, command: tuple[str, ...], clock: str, which: str) -> subprocess.CompletedProcess:
        step, start = CLOCKS[clock]
        extra = {"LD_PRELOAD": str(context.shim), "FAULT_CLOCK": f"{step} {start}", "FAULT_CLOCK_OF": which}
        return run([context.program, *command], folder, env={"PATH": "/usr/bin:/bin", **extra})

    for case in context.cases(CASES):
        trial = Trial(context, case)

        def one(fault: tuple[str, str], trial: Trial = trial, case: Case = case) -> str | None:
            clock, which = fault
            return trial.check(f"{which} clock {clock}", lambda folder: checked(folder, case, clock, which), "none")

        def checked(folder: pathlib.Path, case: Case, clock: str, which: str) -> subprocess.CompletedProcess:
            ended = faked(folder, case.command, clock, which)
            assert ended.returncode == 0, f"{ended.returncode} {ended.stderr}"
            return ended

        tally.add(list(context.pool.map(one, [(clock, which) for clock in CLOCKS for which in ("wall", "every")])))

    def timed(fault: tuple[tuple[str, ...], str]) -> str | None:
        command, clock = fault
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "s.toml").write_text(SCENARIO)
            try:
                ended = faked(folder, command, clock, "every")
                assert ended.returncode == 0, f"{ended.returncode} {ended.stderr}"
            except (AssertionError, subprocess.TimeoutExpired) as wrong:
                return f"{command[0]}, clock {clock}: {wrong}"
        return None

    return tally.add(list(context.pool.map(timed, [(command, clock) for command in TIMED for clock in CLOCKS])))
