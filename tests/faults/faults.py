"""Lets the program meet faults, and looks at what is left.

    python3 tests/faults/faults.py PROGRAM [--full] [--every K] [--seed N] [--only NAME] [KIND...]

Kinds of faults, each in a file of its own, all by default:

    calls     killed, signalled or refused at calls that change files (every K-th)
    moments   killed, interrupted once and twice, terminated or hung up at random moments
    together  two and more programs at once in one folder
    disk      a disk with little room or few files, read-only, vanished; files of the user
    output    standard output closed, full or not read; messages that cannot be written
    clock     a clock that is set back
    memory    no more memory from a moment on
    reads     refused at calls that read files, folders and facts about them (every K-th)

Afterwards, whatever it was:

- the user's own files in the folder are as they were;
- an older result is whole, or the new one is;
- the program did not panic, hang, or report success without a whole result, and it says what happened;
- the command that goes on (the same, --resume, merge) gives the bytes of a run without any fault, and leaves no other file.

With --full every call, 200 kills and every size of the disk (300 at most) are tried. It needs Linux and a C compiler, and root for small disks.
"""

import argparse
import importlib
import os
import pathlib
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

# Nothing is left in the folder of the sources.
sys.dont_write_bytecode = True

from common import Context  # noqa: E402

HERE = pathlib.Path(__file__).parent
KINDS = ("calls", "moments", "together", "disk", "output", "clock", "memory", "reads")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=lambda name: str(pathlib.Path(name).resolve()))
    parser.add_argument("kinds", nargs="*", choices=[*KINDS, []], metavar="KIND")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--every", type=int)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", help="this case alone")
    # Kinds may follow options.
    arguments = parser.parse_intermixed_args()
    unshared()
    print(f"seed {arguments.seed}", flush=True)
    failed = 0
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(os.cpu_count()) as pool:
        shim = pathlib.Path(name) / "shim.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, HERE / "shim.c", "-ldl"], check=True)
        every = arguments.every or (1 if arguments.full else 71)
        context = Context(
            program=arguments.program,
            shim=shim,
            scratch=pathlib.Path(name),
            full=arguments.full,
            every=every,
            seed=arguments.seed,
            only=arguments.only,
            pool=pool,
        )
        for kind in arguments.kinds or KINDS:
            begun = time.monotonic()
            print(f"{kind}:", flush=True)
            tally = importlib.import_module(kind).check(context)
            print(f"{kind}: {tally.tried} tried, {len(tally.faults)} wrong, {time.monotonic() - begun:.0f} s", flush=True)
            for fault in tally.faults:
                print(f"  {fault}", file=sys.stderr)
            failed += len(tally.faults)
    sys.exit(1 if failed else 0)


def unshared() -> None:
    """Goes on in a name space of its own where that is allowed, so that small disks are seen nowhere else."""
    if "MINGLE_FAULTS_UNSHARED" in os.environ or os.geteuid() != 0:
        return
    command = ["unshare", "--mount", "--propagation", "private"]
    if subprocess.run([*command, "true"], capture_output=True).returncode == 0:
        os.environ["MINGLE_FAULTS_UNSHARED"] = "1"
        os.execvp(command[0], [*command, sys.executable, *sys.argv])


if __name__ == "__main__":
    main()
