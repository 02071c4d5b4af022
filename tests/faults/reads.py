"""At each call that reads a file, a folder or facts about one the call fails, once or from then on."""

import errno
import os
import pathlib
import re
import subprocess
import tempfile

from common import CASES, OLD, RUN, SCENARIO, SWEEP, Case, Context, Tally, Trial, call, digests, tasks

ERRORS = tuple(f"{error}{lasts}" for error in (errno.EIO, errno.EACCES, errno.EMFILE) for lasts in ("", "+"))
FILES = 'agents_file = "people.csv"\nnetwork_file = "ties.csv"'
PEOPLE = {
    "p.toml": SCENARIO.replace("agents = 40", FILES),
    "people.csv": "name,strategy\nAda,servant\nBo,warrior\nCy,warrior\nDi,servant\n",
    "ties.csv": "from,to\nAda,Bo\nCy,Di\n",
}
LIST = {
    "l.toml": re.sub("(min|max|levels) = .*\n", "", SCENARIO).replace('"grid"', '"list"\nfile = "points.csv"'),
    "points.csv": "fee,patience\n0.1,4\n0.3,8\n",
}
OF_PEOPLE, OF_LIST = ("run", "p.toml", *RUN[2:]), ("sweep", "l.toml", *SWEEP[2:])
BOTH = ("out", "other", "--out", "out")
# Commands that only read, and some that read what was made before.
READERS = [
    Case("verify", ("verify", "out"), before=[RUN], after=[("verify", "out")]),
    Case("verify-sweep", ("verify", "out"), before=[SWEEP], after=[("verify", "out")]),
    Case("diff", ("diff", "out", "s.toml"), before=[RUN], after=[("diff", "out", "s.toml")]),
    Case("check", ("check", "s.toml"), before=[RUN], after=[("check", "s.toml")]),
    Case("people", OF_PEOPLE, after=[OF_PEOPLE, ("report", "out")], files=PEOPLE),
    Case("list", OF_LIST, after=[(*OF_LIST, "--resume"), ("report", "out")], files=LIST),
    Case("comparison", ("report", *BOTH), before=[RUN, (*RUN[:-1], "other", *OLD)], after=[("report", *BOTH)]),
    Case("resume", (*SWEEP, "--resume"), before=[tasks(0)[:-4]], after=[(*SWEEP, "--resume")]),
]
# What is not so, only because it cannot be read.
UNTRUE = ("missing", "holds no result", "no such", "not as its manifest", "it is not a f", "run the scenario again")


def check(context: Context) -> Tally:
    tally = Tally()
    for case in context.cases([*CASES, *READERS]):
        trial = Trial(context, case)
        with tempfile.TemporaryDirectory() as name:
            folder = trial.copy(pathlib.Path(name) / "work")
            count = folder / "count"
            plain = meet(context, trial, folder, 0, "0", FAULT_COUNT=str(count))
            reads, left = int(count.read_text()), digests(folder / "out")

        def one(fault: tuple[int, str], trial: Trial = trial, plain=plain, left=left) -> str | None:
            at, how = fault

            def met(folder: pathlib.Path) -> subprocess.CompletedProcess:
                ended = meet(context, trial, folder, at, how)
                look(ended, plain, digests(folder / "out") == left, os.strerror(int(how.strip("+"))))
                return ended

            return trial.check(f"read {at} of {reads}, {how}", met, "reads")

        every = min(context.every, reads)
        starts = [(how, 1 + number * every // len(ERRORS)) for number, how in enumerate(ERRORS)]
        tried = [(at, how) for how, start in starts for at in range(start, reads + 1, every)]
        found = list(context.pool.map(one, tried))
        print(f"  {case.name}: {len(tried)} faults at {reads} reads", flush=True)
        tally.add(found)
    return tally


def meet(context: Context, trial: Trial, folder: pathlib.Path, at: int, how: str, **extra: str):
    extra |= {"LD_PRELOAD": str(context.shim), "FAULT_OF": "reads", "FAULT_AT": str(at), "FAULT_HOW": how}
    return call(context.program, folder, trial.case.command, **extra)


def look(ended: subprocess.CompletedProcess, plain: subprocess.CompletedProcess, same: bool, problem: str) -> None:
    """The command does all that it does without the fault, or says what cannot be read."""
    if ended.returncode == plain.returncode and ended.stderr == plain.stderr:
        assert same, "it left other files, without a word"
        return
    assert ended.returncode != 0, f"it did not fail: {ended.stderr}"
    assert problem in ended.stderr, f"it does not say \"{problem}\": {ended.stderr}"
    untrue = [words for words in UNTRUE if words in ended.stderr]
    assert not untrue, f"it says \"{untrue[0]}\": {ended.stderr}"
