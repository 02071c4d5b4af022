"""Two, three or more programs at once in one folder. One of them is killed in some trials."""

import json
import pathlib
import random
import subprocess
import tempfile
import time

from common import BET, LOGS, MINE, OLD, QUIET, RUN, SCENARIO, SWEEP, Context, Tally, differences, digests, done
from common import look_at_mine, tasks, write_mine

BUSY = "another run is writing there"
# What others are told, and may be told.
REFUSALS = (BUSY, "a result is there already", "an unfinished sweep is there")
CHARTED = ("run", "s.toml", "--threads", "1", "--out", "out", "--force")


def check(context: Context) -> Tally:
    numbers = random.Random(context.seed)
    kinds = [equal, forced, parts, readers, unlike, comparisons]
    times = 20 if context.full else 4
    tried = [(kind, numbers.random()) for kind in kinds if context.only in (None, kind.__name__) for _ in range(times)]

    def one(trial) -> str | None:
        kind, number = trial
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "s.toml").write_text(SCENARIO)
            write_mine(folder)
            try:
                kind(context.program, folder, random.Random(number))
                look_at_mine(folder)
            except (AssertionError, OSError, subprocess.TimeoutExpired) as fault:
                return f"{kind.__name__} {number}: {fault}"
        return None

    return Tally().add(list(context.pool.map(one, tried)))


def start(program: str, folder: pathlib.Path, *command: str) -> subprocess.Popen:
    pipe = subprocess.PIPE
    return subprocess.Popen([program, *QUIET, *command], cwd=folder, stdout=pipe, stderr=pipe, text=True)


def ends(child: subprocess.Popen) -> tuple[int, str]:
    _, err = child.communicate(timeout=120)
    assert "panicked" not in err, err
    return child.returncode, err


def of_nobody(found: dict[str, str]) -> dict[str, str]:
    """The files without the user's."""
    return {name: digest for name, digest in found.items() if f"out/{name}" not in MINE}


def alone(program: str, *commands: tuple[str, ...]) -> dict[str, str]:
    """The result of commands in a folder of their own."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "s.toml").write_text(SCENARIO)
        for command in commands:
            done(program, folder, *command)
        return digests(folder / "out")


def equal(program: str, folder: pathlib.Path, numbers: random.Random) -> None:
    """The same command three times: one makes the result, the others say why they do not; one of all may be killed."""
    command = numbers.choice([RUN, BET, SWEEP])
    children = [start(program, folder, *command) for _ in range(3)]
    if numbers.random() < 0.5:
        time.sleep(0.05 * numbers.random())
        children[0].kill()
    for child in children:
        code, err = ends(child)
        if code == 1:
            assert any(refusal in err for refusal in REFUSALS), err
            assert BUSY not in err or "(process " in err or "writing there;" in err, err
        else:
            assert code == 0 or (code == -9 and child is children[0]), f"{code} {err}"
    more = ("--resume",) if command == SWEEP else ()
    ended = subprocess.run([program, *QUIET, *command, *more], cwd=folder, capture_output=True, text=True)
    assert ended.returncode == 0 or "a result is there already" in ended.stderr, ended.stderr
    wrong = differences(of_nobody(digests(folder / "out")), alone(program, command))
    assert not wrong, f"{command[0]}: {wrong}"


def forced(program: str, folder: pathlib.Path, numbers: random.Random) -> None:
    """Forced runs of other seeds: the result is one of theirs, charts and report included."""
    seeds = [("--seed", str(seed)) for seed in range(2, 5)]
    children = [start(program, folder, *CHARTED, *seed) for seed in seeds]
    if numbers.random() < 0.5:
        time.sleep(0.4 * numbers.random())
        children[0].kill()
    for child in children:
        code, err = ends(child)
        assert code in (0, -9) or BUSY in err, f"{code} {err}"
    agrees(program, folder)


def agrees(program: str, folder: pathlib.Path) -> None:
    """The result is whole, and its charts and its report are those that are drawn from it."""
    done(program, folder, *RUN[:-2], "--out", "elsewhere")
    out = folder / "out"
    if not (out / "manifest.json").exists():
        done(program, folder, *CHARTED)
    manifest = json.loads((out / "manifest.json").read_text())
    listed = {file["path"]: file["sha256"] for file in manifest["files"]}
    found = of_nobody(digests(out))
    for name, digest in listed.items():
        assert found.get(name) == digest, f"{name} is not the one in the manifest"
    before = {name: digest for name, digest in found.items() if name.startswith("charts/") or name == "report.html"}
    charted = any(name.startswith("charts/") for name in before)
    done(program, folder, "chart", "out")
    done(program, folder, "report", "out")
    after = of_nobody(digests(out))
    # A killed command may have left some out, and none is of another result.
    wrong = [name for name, digest in before.items() if after.get(name) != digest and not name.startswith("charts/.")]
    assert not wrong, f"of another result: {wrong} (charts: {charted})"


def parts(program: str, folder: pathlib.Path, numbers: random.Random) -> None:
    """Attempts at the parts of a sweep, each twice, and merges that come too early."""
    children = [start(program, folder, *tasks(number)) for number in (0, 1, 1, 0)]
    merges = [start(program, folder, "merge", "out", "--no-charts") for _ in range(2)]
    if numbers.random() < 0.5:
        time.sleep(0.05 * numbers.random())
        children[0].kill()
    for child in children:
        code, err = ends(child)
        assert code in (0, -9) or (code in (2, 75) and err.strip()), f"{code} {err}"
    for child in merges:
        code, err = ends(child)
        early = ("are missing", "there are none", BUSY, "no whole specification")
        assert code == 0 or any(word in err for word in early), f"{code} {err}"
    for number in (0, 1):
        done(program, folder, *tasks(number))
    done(program, folder, "merge", "out", "--no-charts")
    wrong = differences(of_nobody(digests(folder / "out")), alone(program, SWEEP))
    assert not wrong, f"merged: {wrong}"


def readers(program: str, folder: pathlib.Path, numbers: random.Random) -> None:
    """Charts, reports, verifications and differences while forced runs replace the result."""
    done(program, folder, *RUN, *OLD, *LOGS)
    done(program, folder, *RUN[:-1], "other")
    reading = [("chart", "out"), ("report", "out"), ("verify", "out", "--replicates", "1"), ("diff", "out", "other")]
    reading += [("chart", "out", "other", "--out", "both"), ("report", "out", "other", "--out", "both")]
    for turn in range(6):
        # Without charts, those that are there at the end were drawn by others.
        writer = start(program, folder, *RUN, "--force", "--seed", str(turn), *(LOGS if turn % 2 else ()))
        children = [start(program, folder, *numbers.choice(reading)) for _ in range(2)]
        if turn == 3:
            time.sleep(0.05 * numbers.random())
            children[0].kill()
        for child in children:
            code, err = ends(child)
            meanwhile = ("has taken its place meanwhile", "a command is replacing the result", BUSY)
            assert code in (0, -9) or any(word in err for word in meanwhile), f"{code} {err}"
        code, err = ends(writer)
        assert code == 0 or BUSY in err, f"{code} {err}"
    agrees(program, folder)


def comparisons(program: str, folder: pathlib.Path, numbers: random.Random) -> None:
    """Charts and a page of different results in one folder: all charts are of one comparison, and the page is whole."""
    seeds = ("1", "2", "3")
    for seed in seeds:
        done(program, folder, *RUN[:-1], seed, "--seed", seed)
    pairs = [("1", "2"), ("1", "3"), ("2", "3")]
    commands = [(command, *pair, "--out", "out") for pair in pairs for command in ("chart", "report")]
    numbers.shuffle(commands)
    children = [start(program, folder, *command) for command in commands]
    if numbers.random() < 0.5:
        time.sleep(0.2 * numbers.random())
        children[0].kill()
    for child in children:
        code, err = ends(child)
        assert code == 0 or (code == -9 and child is children[0]), f"{code} {err}"
    found = of_nobody(digests(folder / "out"))
    charts, page = [], []
    for number, pair in enumerate(pairs):
        for command, made in (("chart", charts), ("report", page)):
            alone = f"alone-{command}-{number}"
            done(program, folder, command, *pair, "--out", alone)
            made.append(digests(folder / alone))
    # A draft of the killed command stays until the next one.
    drawn = {name: digest for name, digest in found.items() if name != "report.html" and not name.endswith(".part")}
    assert drawn in charts, f"of two comparisons: {sorted(drawn)}"
    assert {"report.html": found.get("report.html")} in page, "the page is of no comparison"


def unlike(program: str, folder: pathlib.Path, numbers: random.Random) -> None:
    """A run, a bet, and a sweep: one of them makes its result."""
    commands = [RUN, BET, SWEEP]
    numbers.shuffle(commands)
    codes = [ends(child) for child in [start(program, folder, *command) for command in commands]]
    assert any(code == 0 for code, _ in codes), codes
    for code, err in codes:
        assert code == 0 or any(refusal in err for refusal in REFUSALS), f"{code} {err}"
    found = of_nobody(digests(folder / "out"))
    results = [alone(program, command) for command in commands]
    assert found in results, f"not one result: {sorted(found)}"
