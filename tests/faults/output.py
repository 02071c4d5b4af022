"""Standard output or the messages cannot be written: closed, full, or nobody reads them any more."""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time

from common import QUIET, RUN, SCENARIO, SWEEP, Context, Tally, differences, digests, done

FORCED = ("--force", "--threads", "1", "--out", "new")
# Every command that prints, with the exit code that it has where it can print.
COMMANDS = [
    (0, ("run", "s.toml", "--no-charts", *FORCED)),
    (0, ("run", "s.toml", "--no-charts", "--json", *FORCED)),
    (0, ("bet", "s.toml", "--no-charts", "--story", *FORCED)),
    (0, ("bet", "s.toml", "--no-charts", "--json", *FORCED)),
    (0, ("sweep", "s.toml", "--no-charts", *FORCED)),
    (0, ("sweep", "s.toml", "--no-charts", "--json", *FORCED)),
    (0, ("sweep", "s.toml", "--emit", "slurm", "--tasks", "2")),
    (0, ("sweep", "s.toml", "--no-charts", "--tasks", "2", "--task", "0", "--out", "tasks")),
    (0, ("merge", "parts", "--no-charts")),
    (0, ("chart", "out")),
    (0, ("chart", "out", "--json")),
    (0, ("report", "out")),
    (0, ("report", "out", "--json")),
    (0, ("chart", "out", "other", "--out", "both")),
    (0, ("report", "out", "other", "--out", "both")),
    (0, ("verify", "out")),
    (0, ("verify", "out", "--json")),
    (1, ("verify", "changed")),
    (1, ("verify", "changed", "--json")),
    (0, ("diff", "out", "other")),
    (0, ("diff", "s.toml", "out", "--json")),
    (0, ("check", "s.toml")),
    (0, ("check", "s.toml", "--json")),
    (2, ("check", "wrong.toml", "--json")),
    (0, ("validate", "--list")),
    (0, ("validate", "--list", "--json")),
    (0, ("validate", "--evidence", "--list")),
    (0, ("validate", "--only", "talks", "--no-charts", *FORCED)),
    (0, ("explore", "s.toml", "--force", "--out", "page.html")),
    (0, ("explore", "s.toml", "--force", "--json", "--out", "page.html")),
    (0, ("bench", "s.toml", "--rounds", "2", "--warmup", "1")),
    (0, ("bench", "s.toml", "--rounds", "2", "--warmup", "1", "--json")),
    (0, ("schema",)),
    (0, ("completions", "zsh")),
    (0, ("man",)),
    (0, ("--help",)),
    (0, ("--version",)),
    (0, ("help", "sweep")),
]
LOUD = [command for command in COMMANDS if command[1][0] in ("run", "bet", "sweep", "merge", "verify", "validate")]


def check(context: Context) -> Tally:
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(context.program, folder)
        tried = [(output, *command) for output in (closed, full, unread) for command in COMMANDS]
        tried += [(messages, *command) for command in LOUD]
        expected = dict(zip(COMMANDS, context.pool.map(lambda one: plain(context.program, folder, *one), COMMANDS)))

        def one(trial) -> str | None:
            output, code, command = trial
            with tempfile.TemporaryDirectory() as copy:
                work = pathlib.Path(shutil.copytree(folder, pathlib.Path(copy) / "work"))
                try:
                    output(context.program, work, code, command, expected[code, command])
                except (AssertionError, OSError, subprocess.TimeoutExpired) as fault:
                    return f"{output.__name__}: {' '.join(command)}: {fault}"
            return None

        found = list(context.pool.map(one, tried))
        found += [interrupted(context.program, folder, twice) for twice in (False, True)]
    print(f"  {len(COMMANDS)} commands", flush=True)
    return Tally().add(found)


def prepare(program: str, folder: pathlib.Path) -> None:
    (folder / "s.toml").write_text(SCENARIO)
    (folder / "wrong.toml").write_text("rounds = 0\n")
    done(program, folder, *RUN)
    done(program, folder, *RUN[:-1], "other")
    for task in ("0", "1"):
        done(program, folder, *SWEEP[:-1], "parts", "--tasks", "2", "--task", task)
    # A table and its manifest are changed, so that running it again differs.
    shutil.copytree(folder / "out", folder / "changed")
    manifest = folder / "changed/manifest.json"
    manifest.write_text(manifest.read_text().replace('"seed": 1,', '"seed": 2,').replace("seed = 1", "seed = 2"))


def ended(program: str, folder: pathlib.Path, command: tuple[str, ...], **more) -> subprocess.CompletedProcess:
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 120, **more}
    return subprocess.run([program, *command], cwd=folder, text=True, **options)


def plain(program: str, folder: pathlib.Path, code: int, command: tuple[str, ...]) -> dict[str, str]:
    """The files that the command leaves where it can print."""
    with tempfile.TemporaryDirectory() as copy:
        work = pathlib.Path(shutil.copytree(folder, pathlib.Path(copy) / "work"))
        found = ended(program, work, (*QUIET, *command))
        assert found.returncode == code, f"{found.returncode} {found.stderr}"
        return digests(work)


def same(folder: pathlib.Path, expected: dict[str, str]) -> None:
    wrong = differences(digests(folder), expected)
    assert not wrong, f"other files: {wrong}"


def closed(program: str, folder: pathlib.Path, code: int, command: tuple[str, ...], expected: dict[str, str]) -> None:
    """Nothing is printed, nothing gets into a file that is opened in its place, and it is no failure."""
    found = ended(program, folder, (*QUIET, *command), stdout=None, preexec_fn=lambda: os.close(1))
    assert found.returncode == code and "panicked" not in found.stderr, f"{found.returncode} {found.stderr}"
    same(folder, expected)


def full(program: str, folder: pathlib.Path, code: int, command: tuple[str, ...], expected: dict[str, str]) -> None:
    """It says that it cannot print, and the files are there."""
    with open("/dev/full", "w") as out:
        found = ended(program, folder, (*QUIET, *command), stdout=out)
    assert "cannot write to stdout" in found.stderr and "panicked" not in found.stderr, found.stderr
    assert found.returncode == max(code, 1), f"{found.returncode} {found.stderr}"
    same(folder, expected)


def unread(program: str, folder: pathlib.Path, code: int, command: tuple[str, ...], expected: dict[str, str]) -> None:
    """The reader has left: no word about it, and the exit code is that of the command's work."""
    read, write = os.pipe()
    os.close(read)
    try:
        found = ended(program, folder, (*QUIET, *command), stdout=write)
    finally:
        os.close(write)
    assert found.returncode == code and "panicked" not in found.stderr, f"{found.returncode} {found.stderr}"
    assert "Broken pipe" not in found.stderr and "stdout" not in found.stderr, found.stderr
    same(folder, expected)


def messages(program: str, folder: pathlib.Path, code: int, command: tuple[str, ...], expected: dict[str, str]) -> None:
    """Messages that cannot be written change nothing else."""
    for number, options in enumerate(({"stderr": open("/dev/full", "w")}, {"preexec_fn": lambda: os.close(2)})):
        with tempfile.TemporaryDirectory() as copy:
            work = pathlib.Path(shutil.copytree(folder, pathlib.Path(copy) / "work"))
            found = ended(program, work, (*command, "--progress", "lines"), **options)
            assert found.returncode == code, f"{number}: {found.returncode} {found.stderr}"
            same(work, expected)


def interrupted(program: str, folder: pathlib.Path, twice: bool) -> str | None:
    """An interruption that cannot be told is one all the same, and so is the second."""
    # So long that it does not end by itself.
    command = [program, *RUN[:-1], "long", "--set", "rounds=60000", "--replicates", "50000", "--force"]
    with open("/dev/full", "w") as err:
        child = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=err)
        time.sleep(0.5)
        child.send_signal(signal.SIGINT)
        if twice:
            time.sleep(0.3)
            child.send_signal(signal.SIGINT)
        try:
            code = child.wait(60)
        except subprocess.TimeoutExpired:
            child.kill()
            return f"interrupted{' twice' if twice else ''}: it goes on"
    return None if code == 130 else f"interrupted{' twice' if twice else ''}: exit code {code}"
