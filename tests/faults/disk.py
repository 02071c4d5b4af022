"""A disk with little room, few files, or none to write to; a folder that vanishes. It mounts small disks in memory, so it
needs the rights of root, in a name space of its own."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from common import CASES, QUIET, RUN, SCENARIO, SWEEP, Case, Context, Tally, Trial, call, differences, digests, done
from common import look_at_mine, write_mine

PAGE = 4096
ROOMY = 1 << 26
MANY = 4096
CHARTED = Case(
    "run-with-charts",
    ("run", "s.toml", "--threads", "1", "--out", "out", "--force"),
    before=[],
    after=[("run", "s.toml", "--threads", "1", "--out", "out", "--force")],
)


def check(context: Context) -> Tally:
    tally = Tally()
    tally.add([attempt(context, kind) for kind in (vanished, unwritable, users_files)])
    if not can_mount():
        print("  skipped: no small disks can be mounted here (it needs root and unshare)")
        return tally
    for case in context.cases([*CASES, CHARTED]):
        trial = Trial(context, case)
        room = list(steps(context, trial, "size"))
        files = list(steps(context, trial, "nr_inodes"))
        tried = [("size", more) for more in room] + [("nr_inodes", more) for more in files]

        def one(limit: tuple[str, int]) -> str | None:
            return limited(context, trial, *limit)

        found = list(context.pool.map(one, tried))
        print(f"  {case.name}: {len(room)} sizes up to {room[-1]} bytes, {len(files)} numbers of files", flush=True)
        tally.add(found)
    tally.add([attempt(context, read_only)])
    return tally


def attempt(context: Context, kind) -> str | None:
    with tempfile.TemporaryDirectory() as name:
        try:
            kind(context, pathlib.Path(name))
        except (AssertionError, OSError, subprocess.SubprocessError) as fault:
            return f"{kind.__name__}: {fault}"
    return None


def can_mount() -> bool:
    if os.geteuid() != 0 or "MINGLE_FAULTS_UNSHARED" not in os.environ:
        return False
    with tempfile.TemporaryDirectory() as name:
        mounted = subprocess.run(["mount", "-t", "tmpfs", "none", name], capture_output=True).returncode == 0
        return mounted and subprocess.run(["umount", name], capture_output=True).returncode == 0


class Disk:
    """A small disk in memory."""

    def __init__(self, at: pathlib.Path):
        self.at = at
        at.mkdir()
        mount("-t", "tmpfs", "-o", f"size={ROOMY},nr_inodes={MANY}", "none", str(at))

    def __enter__(self) -> "Disk":
        return self

    def __exit__(self, *_) -> None:
        subprocess.run(["umount", "-l", str(self.at)], check=False)

    def used(self) -> dict[str, int]:
        found = os.statvfs(self.at)
        return {"size": (found.f_blocks - found.f_bfree) * found.f_frsize, "nr_inodes": found.f_files - found.f_ffree}

    def limit(self, **limits: int) -> None:
        mount("-o", ",".join(["remount", *(f"{name}={value}" for name, value in limits.items())]), str(self.at))


def mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def steps(context: Context, trial: Trial, what: str) -> range:
    """From no room at all to enough for the command, old and new result at once."""
    with tempfile.TemporaryDirectory() as name, Disk(pathlib.Path(name) / "disk") as disk:
        folder = trial.copy(disk.at / "work")
        before = disk.used()[what]
        watched = subprocess.Popen(
            [context.program, *QUIET, *trial.case.command], cwd=folder, stdout=subprocess.DEVNULL
        )
        most = before
        while watched.poll() is None:
            most = max(most, disk.used()[what])
        most = max(most, disk.used()[what])
    unit = PAGE if what == "size" else 1
    needed = (most - before) // unit + 4
    # Where megabytes are written, not every size is worth a trial.
    step = -(-needed // 300) if context.full else max(1, needed // 6)
    return range(0, needed * unit, step * unit)


def limited(context: Context, trial: Trial, what: str, more: int) -> str | None:
    """The command with this much more room than is in use, and what goes on when there is enough."""
    with tempfile.TemporaryDirectory() as name, Disk(pathlib.Path(name) / "disk") as disk:
        folder = trial.copy(disk.at / "work")
        # No limit is written as 0.
        disk.limit(**{what: max(disk.used()[what] + more, 1)})
        try:
            ended = call(context.program, folder, trial.case.command)
            full = [word for word in ("No space left on device", "os error 28") if word in ended.stderr]
            assert ended.returncode == 0 or full, f"it does not say that the disk is full: {ended.stderr}"
            assert ended.returncode == 0 or "free some space" in ended.stderr, f"no advice: {ended.stderr}"
            disk.limit(size=ROOMY, nr_inodes=MANY)
            trial.look(folder, ended, "full")
        except (AssertionError, OSError, subprocess.SubprocessError) as fault:
            return f"{trial.case.name}, {what} +{more}: {fault}"
    return None


def prepared(folder: pathlib.Path) -> pathlib.Path:
    (folder / "s.toml").write_text(SCENARIO)
    write_mine(folder)
    return folder / "out"


READING = [("verify", "out"), ("diff", "out", "s.toml"), ("chart", "out", "out2", "--out", "both")]
WRITING = [
    (*RUN, "--force"),
    (*SWEEP, "--force"),
    ("bet", "s.toml", "--no-charts", "--out", "out", "--force"),
    ("chart", "out"),
    ("report", "out"),
    ("sweep", "s.toml", "--tasks", "2", "--task", "0", "--out", "out/new"),
    ("validate", "--only", "talks", "--no-charts", "--force", "--out", "out"),
    ("explore", "s.toml", "--out", "out/page.html"),
]


def read_only(context: Context, folder: pathlib.Path) -> None:
    """A disk that is mounted for reading only: what writes there says so, what reads goes on."""
    with Disk(folder / "disk") as disk:
        out = prepared(disk.at)
        done(context.program, disk.at, *RUN)
        before = digests(out)
        shutil.copytree(disk.at, folder / "copy")
        mount("-o", "remount,ro", str(disk.at))
        try:
            refused(context, disk.at, "Read-only file system", before)
        finally:
            mount("-o", "remount,rw", str(disk.at))


def refused(context: Context, folder: pathlib.Path, why: str, before: dict[str, str], **more) -> None:
    for command in WRITING:
        ended = subprocess.run(
            [context.program, *QUIET, *command], cwd=folder, capture_output=True, text=True, timeout=120, **more
        )
        assert ended.returncode in (1, 75), f"{command}: {ended.returncode} {ended.stderr}"
        assert why in ended.stderr and "writ" in ended.stderr, f"{command}: {ended.stderr}"
        assert "panicked" not in ended.stderr and digests(folder / "out") == before, f"{command} changed something"
    for command in READING[:2]:
        ended = subprocess.run([context.program, *QUIET, *command], cwd=folder, capture_output=True, text=True, **more)
        assert ended.returncode == 0, f"{command}: {ended.stderr}"


def unwritable(context: Context, folder: pathlib.Path) -> None:
    """A folder without the permission to write: the same. Root has every permission, so it becomes nobody."""
    out = prepared(folder)
    done(context.program, folder, *RUN)
    before = digests(out)
    folder.chmod(0o755)
    folders = [out, *(path for path in out.rglob("*") if path.is_dir())]
    for path in folders:
        path.chmod(0o555)
    program = context.program
    if os.geteuid() == 0:
        # The program may lie where nobody can read.
        program = shutil.copy(context.program, folder / "mingle")
    try:
        more = {"user": 65534} if os.geteuid() == 0 else {}
        nobody = Context(**{**vars(context), "program": str(program)})
        refused(nobody, folder, "Permission denied", before, **more)
    finally:
        for path in folders:
            path.chmod(0o755)


def vanished(context: Context, folder: pathlib.Path) -> None:
    """The folder is removed, or gets another name, while the program works in it: it fails with a word, and the next
    command makes the result."""
    long = {"run": (*RUN, "--set", "replicates=400"), "sweep": (*SWEEP, "--set", "replicates=400")}
    (folder / "s.toml").write_text(SCENARIO)
    out = folder / "out"
    for name, command in long.items():
        for move in (True, False):
            child = subprocess.Popen(
                [context.program, *QUIET, *command], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
            while not out.exists():
                time.sleep(0.001)
            time.sleep(0.05)
            assert child.poll() is None, "it was too fast for this"
            out.rename(folder / "moved") if move else shutil.rmtree(out, ignore_errors=True)
            _, err = child.communicate(timeout=120)
            assert child.returncode == 1 and "cannot" in err and "panicked" not in err, f"{name}: {child.returncode} {err}"
            assert "check the folder" in err, f"{name}: no advice: {err}"
            shutil.rmtree(folder / "moved", ignore_errors=True)
            more = ("--resume",) if name == "sweep" else ()
            done(context.program, folder, *command, *more)
            shutil.rmtree(out)


def users_files(context: Context, folder: pathlib.Path) -> None:
    """Files of the user with names of a result's own: nothing is written over without --force, and a page that is no report
    never is."""
    (folder / "s.toml").write_text(SCENARIO)
    out = folder / "out"
    commands = [RUN, ("bet", *RUN[1:]), ("sweep", *RUN[1:]), ("validate", "--only", "talks", "--out", "out")]
    for name in ("summary.csv", "manifest.json", "report.html", "network.gexf", "changes.csv", "story.csv"):
        out.mkdir()
        (out / name).write_text("mine")
        for command in commands:
            ended = call(context.program, folder, command)
            refused = any(word in ended.stderr for word in ("there already", "it is not as expected"))
            assert ended.returncode == 1 and refused, f"{name}: {command}: {ended.stderr}"
            assert digests(out).keys() == {name} and (out / name).read_text() == "mine"
        shutil.rmtree(out)
    done(context.program, folder, *RUN)
    (out / "report.html").write_text("mine")
    for command in (("report", "out"), (*RUN, "--force")):
        ended = call(context.program, folder, command)
        assert ended.returncode == 1 and "a file that is no report" in ended.stderr, f"{command}: {ended.stderr}"
        assert (out / "report.html").read_text() == "mine", f"{command}: a page of the user is gone"
