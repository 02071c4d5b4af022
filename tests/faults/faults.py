"""Kills the program at the calls that change files, or lets these calls fail, and looks at what is left.

    python3 tests/faults/faults.py PROGRAM [--every K] [--only NAME]

Every K-th call is tried (all by default). Afterwards, whichever call it was:

- the user's own files in the folder are as they were;
- an older result is whole, or the new one is;
- no call made the program panic, hang, or report success without a whole result;
- the command that goes on (the same, --resume, merge) gives the bytes of a run without any fault, and leaves no other file.

It needs Linux and a C compiler.
"""

import argparse
import errno
import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

HERE = pathlib.Path(__file__).parent
# A call fails once; from a call on the disk is full.
ERRORS = (*(str(error) for error in (errno.ENOSPC, errno.EIO, errno.EACCES)), f"{errno.ENOSPC}+")
SIGNALS = tuple(f"signal {int(number)}" for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))
# Exit codes: done, failed, a task that may be tried again, interrupted.
CODES = (0, 1, 75, 130)
LOCK = ".mingle-writing"
SCENARIO = """title = "Faults"
rounds = 12
burn_in = 4
replicates = 2

[population]
agents = 40

[bet]
worlds = 2
focals = 2
horizons = [0, 4]

[sweep]
design = "grid"

[[factor]]
name = "fee"
keys = "calls.fee"
values = [0.1, 0.3]

[[factor]]
name = "patience"
keys = "needs.patience"
values = [4, 8]
"""
QUIET = ("--quiet",)
RUN = ("run", "s.toml", "--no-charts", "--threads", "1", "--out", "out")
BET = ("bet", "s.toml", "--no-charts", "--threads", "1", "--out", "out")
SWEEP = ("sweep", "s.toml", "--no-charts", "--threads", "1", "--out", "out")
LOGS = ("--agents", "--events=events.csv.gz", "--network", "3,7")
OLD = ("--set", "seed=2")


def tasks(number: int) -> tuple[str, ...]:
    return (*SWEEP, "--tasks", "2", "--task", str(number))


@dataclass
class Case:
    """A command that meets a fault, after other commands, and the commands that go on."""

    name: str
    command: tuple[str, ...]
    before: list[tuple[str, ...]] = field(default_factory=list)
    after: list[tuple[str, ...]] = field(default_factory=list)
    # Those that go on after a signal, if what was done is a result already.
    anew: list[tuple[str, ...]] = field(default_factory=list)


CASES = [
    Case("run", (*RUN, *LOGS), after=[(*RUN, *LOGS), ("report", "out")], anew=[(*RUN, *LOGS, "--force")]),
    Case("run-forced", (*RUN, "--force"), before=[(*RUN, *LOGS, *OLD)], after=[(*RUN, "--force")]),
    Case("bet", BET, after=[BET, ("report", "out")], anew=[(*BET, "--force")]),
    Case("sweep", SWEEP, after=[(*SWEEP, "--resume"), ("report", "out")]),
    Case("sweep-forced", (*SWEEP, "--force"), before=[(*RUN, *OLD)], after=[(*SWEEP, "--force")]),
    Case("task", tasks(0), before=[tasks(1)], after=[tasks(0), ("merge", "out", "--no-charts")]),
    Case(
        "merge",
        ("merge", "out", "--no-charts"),
        before=[tasks(0), tasks(1)],
        after=[("merge", "out", "--no-charts"), ("report", "out")],
    ),
    Case("chart", ("chart", "out"), before=[RUN], after=[("chart", "out")]),
    Case("report", ("report", "out"), before=[RUN], after=[("report", "out")]),
]


def call(program: str, folder: pathlib.Path, command: tuple[str, ...], **extra: str) -> subprocess.CompletedProcess:
    environment = {**os.environ, **extra}
    done = subprocess.run(
        [program, *QUIET, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=60
    )
    assert "panicked" not in done.stderr, done.stderr
    return done


def digests(folder: pathlib.Path) -> dict[str, str]:
    """The checksum of every file of the result, but for the lock."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != LOCK:
            found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


MINE = {"out/notes.txt": "mine", "out/charts/mine.svg": "<svg/>", "out/parts/thesis.txt": "mine", "out/.hidden": "x"}


def prepare(program: str, folder: pathlib.Path, case: Case) -> None:
    (folder / "s.toml").write_text(SCENARIO)
    for name, text in MINE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for command in case.before:
        done = call(program, folder, command)
        assert done.returncode == 0, (case.name, command, done.stderr)


def is_whole(folder: pathlib.Path, program: str) -> bool:
    """Whether the folder has a result whose files are those of its manifest."""
    return (folder / "out/manifest.json").exists() and call(program, folder, ("report", "out")).returncode == 0


def tables(of: dict[str, str]) -> set[str]:
    return {name for name in of if name.endswith((".csv", ".gz", ".graphml", ".gexf"))}


def differences(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    names = sorted(found.keys() | expected.keys())
    return [name for name in names if found.get(name) != expected.get(name)]


class Trial:
    """One case with a fault at one call."""

    def __init__(self, program: str, shim: pathlib.Path, template: pathlib.Path, case: Case):
        self.program, self.shim, self.template, self.case = program, shim, template, case
        with tempfile.TemporaryDirectory() as name:
            folder = self.copy(pathlib.Path(name))
            self.older = digests(folder / "out")
            count = folder / "count"
            done = self.met(folder, 0, "0", FAULT_COUNT=str(count))
            assert done.returncode == 0, done.stderr
            self.calls = int(count.read_text())
            for command in case.after:
                self.go_on(folder, command)
            self.expected = digests(folder / "out")

    def copy(self, into: pathlib.Path) -> pathlib.Path:
        return pathlib.Path(shutil.copytree(self.template, into / "work"))

    def met(self, folder: pathlib.Path, at: int, how: str, **extra: str) -> subprocess.CompletedProcess:
        preloaded = {"LD_PRELOAD": str(self.shim), "FAULT_AT": str(at), "FAULT_HOW": how, **extra}
        return call(self.program, folder, self.case.command, **preloaded)

    def go_on(self, folder: pathlib.Path, command: tuple[str, ...]) -> None:
        done = call(self.program, folder, command)
        complete = done.returncode == 1 and "a result is there already" in done.stderr
        assert done.returncode == 0 or complete, f"{' '.join(command)}: {done.stderr}"

    def check(self, at: int, how: str) -> str | None:
        """What is wrong after the fault `how` at call `at`, if anything is."""
        with tempfile.TemporaryDirectory() as name:
            folder = self.copy(pathlib.Path(name))
            try:
                self.look(folder, self.met(folder, at, how), how)
            except (AssertionError, subprocess.TimeoutExpired) as fault:
                return f"{self.case.name}, call {at} of {self.calls}, {how}: {fault}"
        return None

    def look(self, folder: pathlib.Path, done: subprocess.CompletedProcess, how: str) -> None:
        for name, text in MINE.items():
            assert (folder / name).read_text() == text, f"{name} of the user has changed"
        # Before the program waits for signals, and in commands that are done in no time, a signal ends it as a kill does.
        ended = done.returncode < 0
        assert not ended or how == "kill" or how == f"signal {-done.returncode}", f"ended by signal {-done.returncode}"
        if not ended:
            assert done.returncode in CODES, f"exit code {done.returncode}: {done.stderr}"
            assert done.returncode == 0 or done.stderr.strip(), "it failed without a word"
            if done.returncode == 0 and self.case.name != "task":
                assert is_whole(folder, self.program), f"success without a result: {done.stderr}"
        if "--force" in self.case.command:
            self.look_for_one(folder)
        stopped = how.startswith("signal") and not ended
        for command in (stopped and self.case.anew) or self.case.after:
            self.go_on(folder, command)
        wrong = differences(digests(folder / "out"), self.expected)
        assert not wrong, f"after going on these differ: {wrong}"

    def look_for_one(self, folder: pathlib.Path) -> None:
        """The next command finds a result, which is the older one or a new one, and nothing of the other."""
        plain = tuple(word for word in self.case.command if word != "--force")
        done = call(self.program, folder, plain)
        # A forced sweep that was stopped is continued by --resume. Until then the older result stays.
        refused = "a result is there already" in done.stderr or "an unfinished sweep is there" in done.stderr
        assert refused, f"no result is found: {done.returncode} {done.stderr}"
        assert is_whole(folder, self.program), "neither the older result nor the new one is whole"
        found = tables(digests(folder / "out"))
        assert found in (tables(self.older), tables(self.expected)), f"tables of two results: {sorted(found)}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=lambda name: str(pathlib.Path(name).resolve()))
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--only", choices=[case.name for case in CASES])
    arguments = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count()) as pool:
        shim = pathlib.Path(name) / "shim.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "shim.c", "-ldl"], check=True)
        for case in CASES:
            if arguments.only not in (None, case.name):
                continue
            template = pathlib.Path(name) / case.name
            template.mkdir()
            prepare(arguments.program, template, case)
            trial = Trial(arguments.program, shim, template, case)
            hows = ["kill", *ERRORS, *SIGNALS]
            tried = [(at, how) for at in range(1, trial.calls + 1, arguments.every) for how in hows]
            faults = [fault for fault in pool.map(lambda one: trial.check(*one), tried) if fault]
            print(f"{case.name}: {trial.calls} calls, {len(tried)} faults, {len(faults)} wrong", flush=True)
            for fault in faults:
                print(f"  {fault}", file=sys.stderr)
            failed += len(faults)
    sys.exit(1 if failed else 0)


main()
