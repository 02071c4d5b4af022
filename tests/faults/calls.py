"""At each call that changes a file the program is killed, or gets a signal, or the call fails."""

import errno
import pathlib
import signal
import subprocess
import tempfile

from common import CASES, Context, Tally, Trial, call

# A call fails once; from a call on the disk is full.
ERRORS = (*(str(error) for error in (errno.ENOSPC, errno.EIO, errno.EACCES)), f"{errno.ENOSPC}+")
SIGNALS = tuple(f"signal {int(number)}" for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP))


def check(context: Context) -> Tally:
    tally = Tally()
    for case in context.cases(CASES):
        trial = Trial(context, case)

        def meet(folder: pathlib.Path, at: int, how: str, **extra: str) -> subprocess.CompletedProcess:
            extra |= {"LD_PRELOAD": str(context.shim), "FAULT_AT": str(at), "FAULT_HOW": how}
            return call(context.program, folder, trial.case.command, **extra)

        with tempfile.TemporaryDirectory() as name:
            folder = trial.copy(pathlib.Path(name) / "work")
            count = folder / "count"
            assert meet(folder, 0, "0", FAULT_COUNT=str(count)).returncode == 0
            calls = int(count.read_text())
        # Another start for each way, so that few trials meet many calls, and each way is tried.
        every = min(context.every, calls)
        hows = ["kill", *ERRORS, *SIGNALS]
        starts = [(how, 1 + number * every // len(hows)) for number, how in enumerate(hows)]
        tried = [(at, how) for how, start in starts for at in range(start, calls + 1, every)]

        def one(fault: tuple[int, str]) -> str | None:
            at, how = fault
            return trial.check(f"call {at} of {calls}, {how}", lambda folder: meet(folder, at, how), how)

        found = list(context.pool.map(one, tried))
        print(f"  {case.name}: {len(tried)} faults at {calls} calls", flush=True)
        tally.add(found)
    return tally
