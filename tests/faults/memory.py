"""From a random request on the system has no more memory: the program ends by an abort with a message, or by an error."""

import pathlib
import random
import signal
import subprocess
import tempfile

from common import CASES, Context, Tally, Trial, call

# Rust's words, and those of the C library where it needs memory itself.
ABORTED = ("memory allocation of", "out of memory")


def check(context: Context) -> Tally:
    tally, numbers = Tally(), random.Random(context.seed)
    for case in context.cases(CASES):
        trial = Trial(context, case)
        requests = count(context, trial)
        tried = [numbers.randint(1, requests) for _ in range(100 if context.full else 4)]

        def one(at: int, trial: Trial = trial) -> str | None:
            return trial.check(f"request {at} of {requests}", lambda folder: meet(folder, at, trial), "memory")

        def meet(folder: pathlib.Path, at: int, trial: Trial) -> subprocess.CompletedProcess:
            ended = call(context.program, folder, trial.case.command, **faulty(context, at))
            if ended.returncode == -signal.SIGABRT:
                assert any(words in ended.stderr for words in ABORTED), f"it does not say that there is no memory: {ended.stderr}"
                # As good as killed.
                return subprocess.CompletedProcess(ended.args, -signal.SIGKILL, ended.stdout, ended.stderr)
            return ended

        found = list(context.pool.map(one, tried))
        print(f"  {case.name}: {len(tried)} of {requests} requests", flush=True)
        tally.add(found)
    return tally


def faulty(context: Context, at: int) -> dict[str, str]:
    return {"LD_PRELOAD": str(context.shim), "FAULT_OF": "memory", "FAULT_AT": str(at)}


def count(context: Context, trial: Trial) -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = trial.copy(pathlib.Path(name) / "work")
        count = folder / "count"
        ended = call(context.program, folder, trial.case.command, **faulty(context, 0), FAULT_COUNT=str(count))
        assert ended.returncode == 0, ended.stderr
        return int(count.read_text())
