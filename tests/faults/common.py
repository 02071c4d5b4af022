"""What all kinds of faults have in common: the commands that meet them, and what is looked at afterwards."""

import hashlib
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

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
min = 0.1
max = 0.3
levels = 2

[[factor]]
name = "patience"
keys = "needs.patience"
min = 4
max = 8
levels = 2
"""
QUIET = ("--quiet",)
RUN = ("run", "s.toml", "--no-charts", "--threads", "1", "--out", "out")
BET = ("bet", "s.toml", "--no-charts", "--threads", "1", "--out", "out")
SWEEP = ("sweep", "s.toml", "--no-charts", "--threads", "1", "--out", "out")
EXPLORE = ("explore", "s.toml", "--out", "out/page.html")
# Every table that a run can have. Last, because what stands behind --at holds from that round on.
LOGS = ("--agents", "--events=events.csv.gz", "--network", "3,7", "--at", "9", "--set", "calls.fee=0.2")
OLD = ("--set", "seed=2")
# The user's own files in the folder of a result.
MINE = {"out/notes.txt": "mine", "out/charts/mine.svg": "<svg/>", "out/parts/thesis.txt": "mine", "out/.hidden": "x"}


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
    # Texts of further files, by name.
    files: dict[str, str] = field(default_factory=dict)


@dataclass
class Context:
    """What a kind of faults is given."""

    program: str
    shim: pathlib.Path
    scratch: pathlib.Path
    full: bool
    every: int
    seed: int
    only: str | None
    pool: ThreadPoolExecutor

    def cases(self, all_of_them: list[Case]) -> list[Case]:
        return [case for case in all_of_them if self.only in (None, case.name)]


@dataclass
class Tally:
    """What was tried, and what was wrong."""

    tried: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, found: list[str | None]) -> "Tally":
        self.tried += len(found)
        self.faults += [fault for fault in found if fault]
        return self


def run(command: list[str], folder: pathlib.Path, **more) -> subprocess.CompletedProcess:
    """A call that does not panic."""
    options = {"capture_output": True, "timeout": 120, **more}
    done = subprocess.run(command, cwd=folder, text=True, **options)
    assert "panicked" not in (done.stderr or ""), done.stderr
    return done


def call(program: str, folder: pathlib.Path, command: tuple[str, ...], **extra: str) -> subprocess.CompletedProcess:
    return run([program, *QUIET, *command], folder, env={**os.environ, **extra})


def done(program: str, folder: pathlib.Path, *command: str) -> subprocess.CompletedProcess:
    """A call that succeeds."""
    ended = call(program, folder, command)
    assert ended.returncode == 0, f"{' '.join(command)}: {ended.returncode} {ended.stderr}"
    return ended


def digests(folder: pathlib.Path) -> dict[str, str]:
    """The checksum of every file of the result, but for the lock."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != LOCK:
            found[str(path.relative_to(folder))] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def write_mine(folder: pathlib.Path) -> None:
    for name, text in MINE.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def look_at_mine(folder: pathlib.Path) -> None:
    for name, text in MINE.items():
        assert (folder / name).read_text() == text, f"{name} of the user has changed"


def is_whole(folder: pathlib.Path, program: str) -> bool:
    """Whether the folder has a result whose files are those of its manifest."""
    return (folder / "out/manifest.json").exists() and call(program, folder, ("report", "out")).returncode == 0


def tables(of: dict[str, str]) -> set[str]:
    return {name for name in of if name.endswith((".csv", ".gz", ".graphml", ".gexf"))}


def differences(found: dict[str, str], expected: dict[str, str]) -> list[str]:
    names = sorted(found.keys() | expected.keys())
    return [name for name in names if found.get(name) != expected.get(name)]


class Trial:
    """One case, ready to meet faults in a copy of its folder."""

    def __init__(self, context: Context, case: Case):
        self.program, self.case = context.program, case
        self.template = pathlib.Path(tempfile.mkdtemp(dir=context.scratch))
        (self.template / "s.toml").write_text(SCENARIO)
        for name, text in case.files.items():
            (self.template / name).write_text(text)
        write_mine(self.template)
        for command in case.before:
            done(self.program, self.template, *command)
        self.older = digests(self.template / "out")
        with tempfile.TemporaryDirectory(dir=context.scratch) as name:
            folder = self.copy(pathlib.Path(name) / "work")
            done(self.program, folder, *case.command)
            for command in case.after:
                self.go_on(folder, command)
            self.expected = digests(folder / "out")

    def copy(self, to: pathlib.Path) -> pathlib.Path:
        return pathlib.Path(shutil.copytree(self.template, to, dirs_exist_ok=True))

    def check(self, what: str, meet: Callable[[pathlib.Path], subprocess.CompletedProcess], how: str) -> str | None:
        """What is wrong after the program has met a fault, if anything is."""
        with tempfile.TemporaryDirectory() as name:
            folder = self.copy(pathlib.Path(name) / "work")
            try:
                self.look(folder, meet(folder), how)
            except (AssertionError, OSError, subprocess.TimeoutExpired) as fault:
                return f"{self.case.name}, {what}: {fault}"
        return None

    def go_on(self, folder: pathlib.Path, command: tuple[str, ...]) -> None:
        ended = call(self.program, folder, command)
        complete = ended.returncode == 1 and "a result is there already" in ended.stderr
        assert ended.returncode == 0 or complete, f"{' '.join(command)}: {ended.returncode} {ended.stderr}"

    def look(self, folder: pathlib.Path, ended: subprocess.CompletedProcess, how: str) -> None:
        look_at_mine(folder)
        # Before the program waits for signals, and in commands that are done in no time, a signal ends it as a kill does.
        killed = ended.returncode < 0
        assert not killed or how in ("kill", "memory", f"signal {-ended.returncode}"), f"ended by signal {-ended.returncode}"
        if not killed:
            # What cannot be read is a wrong argument, too.
            codes = (*CODES, 2) if how == "reads" else CODES
            assert ended.returncode in codes, f"exit code {ended.returncode}: {ended.stderr}"
            assert ended.returncode == 0 or ended.stderr.strip(), "it failed without a word"
            if ended.returncode == 0 and self.case.name != "task":
                assert is_whole(folder, self.program), f"success without a result: {ended.stderr}"
        if "--force" in self.case.command and self.case.before:
            self.look_for_one(folder)
        stopped = how.startswith("signal") and not killed
        for command in (stopped and self.case.anew) or self.case.after:
            self.go_on(folder, command)
        wrong = differences(digests(folder / "out"), self.expected)
        assert not wrong, f"after going on these differ: {wrong}"

    def look_for_one(self, folder: pathlib.Path) -> None:
        """The next command finds a result, which is the older one or a new one, and nothing of the other."""
        plain = tuple(word for word in self.case.command if word != "--force")
        ended = call(self.program, folder, plain)
        # A forced sweep that was stopped is continued by --resume. Until then the older result stays.
        refused = "a result is there already" in ended.stderr or "an unfinished sweep is there" in ended.stderr
        assert refused, f"no result is found: {ended.returncode} {ended.stderr}"
        assert is_whole(folder, self.program), "neither the older result nor the new one is whole"
        found = tables(digests(folder / "out"))
        assert found in (tables(self.older), tables(self.expected)), f"tables of two results: {sorted(found)}"


CASES = [
    Case("run", (*RUN, *LOGS), after=[(*RUN, *LOGS), ("report", "out")], anew=[(*RUN, "--force", *LOGS)]),
    Case("run-forced", (*RUN, "--force"), before=[(*RUN, *OLD, *LOGS)], after=[(*RUN, "--force")]),
    Case(
        "bet",
        (*BET, "--story"),
        after=[(*BET, "--story"), ("report", "out")],
        anew=[(*BET, "--story", "--force")],
    ),
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
    Case("explore", EXPLORE, before=[RUN], after=[(*EXPLORE, "--force")]),
]
