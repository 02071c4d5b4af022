"""At random moments the program is killed or gets signals, while it works, reads, writes or draws."""

import pathlib
import random
import signal
import subprocess
import time

from common import BET, CASES, QUIET, RUN, SWEEP, Case, Context, Tally, Trial

# Long enough that most moments are in the work itself.
LONG = ("--set", "replicates=60", "--set", "rounds=60")
LONG_BET = ("--set", "bet.worlds=40")
LONGER_SWEEP = ("--set", "replicates=60")
REFINED = (*LONGER_SWEEP, "--set", "sweep.refine=true", "--set", "sweep.depth=2")
DRAWN = ("--threads", "1", "--out", "out")
CASES_OF_WORK = [
    Case("long-run", (*RUN, *LONG), after=[(*RUN, *LONG), ("report", "out")], anew=[(*RUN, *LONG, "--force")]),
    Case(
        "long-bet",
        (*BET, *LONG_BET),
        after=[(*BET, *LONG_BET), ("report", "out")],
        anew=[(*BET, *LONG_BET, "--force")],
    ),
    Case("long-sweep", (*SWEEP, *LONGER_SWEEP), after=[(*SWEEP, *LONGER_SWEEP, "--resume")]),
    Case("refined-sweep", (*SWEEP, *REFINED), after=[(*SWEEP, *REFINED, "--resume")]),
    Case(
        "run-with-charts",
        ("run", "s.toml", *DRAWN),
        after=[("run", "s.toml", *DRAWN), ("chart", "out"), ("report", "out")],
        anew=[("run", "s.toml", *DRAWN, "--force")],
    ),
]
ENDS = {
    "kill": [signal.SIGKILL],
    "signal 2": [signal.SIGINT],
    "signal 2 twice": [signal.SIGINT, signal.SIGINT],
    "signal 15": [signal.SIGTERM],
    "signal 1": [signal.SIGHUP],
}


def check(context: Context) -> Tally:
    """Two hundred kills, and fifty of each other kind; a fifth of them in a short check."""
    tally, numbers = Tally(), random.Random(context.seed)
    cases = context.cases(CASES_OF_WORK + [case for case in CASES if case.name in ("run-forced", "merge", "chart")])
    for number, case in enumerate(cases):
        trial = Trial(context, case)
        lasts = duration(context, trial)
        share = 1 if context.full else 5
        counts = {how: (200 if how == "kill" else 50) // len(cases) // share + 1 for how in ENDS}
        tried = [(how, numbers.random(), numbers.random()) for how in ENDS for _ in range(counts[how])]

        def one(fault: tuple[str, float, float]) -> str | None:
            how, at, later = fault
            moments = [1.1 * at * lasts, 0.3 * later * lasts]
            kind = "signal 2" if how.endswith("twice") else how
            return trial.check(f"{how} after {moments[0]:.4f} s", lambda folder: meet(folder, how, moments), kind)

        def meet(folder: pathlib.Path, how: str, moments: list[float]) -> subprocess.CompletedProcess:
            child = start(context, trial, folder)
            try:
                for signalled, moment in zip(ENDS[how], moments):
                    time.sleep(moment)
                    child.send_signal(signalled)
                out, err = child.communicate(timeout=120)
            finally:
                child.kill()
            assert "panicked" not in err, err
            return subprocess.CompletedProcess(child.args, child.returncode, out, err)

        found = list(context.pool.map(one, tried))
        print(f"  {case.name}: {len(tried)} moments of {lasts:.2f} s", flush=True)
        tally.add(found)
    return tally


def start(context: Context, trial: Trial, folder: pathlib.Path) -> subprocess.Popen:
    return subprocess.Popen(
        [context.program, *QUIET, *trial.case.command],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def duration(context: Context, trial: Trial) -> float:
    folder = trial.copy(trial.template.with_name(trial.template.name + "-timed"))
    begun = time.monotonic()
    start(context, trial, folder).communicate(timeout=120)
    return time.monotonic() - begun
