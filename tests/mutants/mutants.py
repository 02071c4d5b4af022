"""Mutation testing: changes the program in thousands of small ways, one at a time, and looks which of them no test notices.

    python3 tests/mutants/mutants.py [--sample N] [--seed N] [--seconds S] [--longest S] [PATH...]

A mutant is a small change of the source: an operator replaced, a function that returns a fixed value, an arm of a match left
out. All mutants are compiled at once into a copy of the crate in target/mutants, each behind a switch, and a variable of the
environment says which one is on. Every test is run once to see which mutants it reaches. Then each mutant is on for the tests
that reach it, those of its own file and fast ones first, until one fails. PATH limits the mutants to files whose path starts
with it, and --sample to so many, drawn at random with a seed. A mutant survives if the tests that reach it pass for S seconds
(--seconds, 30 by default). Tests that take longer than --longest (1200 seconds by default) without a mutant are left out.

What is known is kept in target/mutants: a run that was interrupted goes on, and a change of the sources starts a new one. Mutants
are tried in random order, so what an interrupted run has tried is a sample. At the end come a table, and
target/mutants/survivors.tsv: what no test noticed, by file and line. Some survivors are right: a mutant that does what the source
does. It needs Python 3.11 and Linux.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import pathlib
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).parent.resolve()
ROOT = HERE.parent.parent
WORK = ROOT / "target" / "mutants"
TREE = WORK / "tree"
FOLDERS = ("src/model", "src/stats", "src/scenario", "src/results")
# Quick to build, and the program is still fast enough for the slowest tests.
PROFILE = [f"--config=profile.release.package.mingle.{setting}" for setting in ("opt-level=1", "debug=false")]
# Some mutants make code that the compiler can see to be wrong.
LINTS = ("arithmetic_overflow", "unconditional_panic", "overflowing_literals", "unconditional_recursion")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("paths", nargs="*", metavar="PATH")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--longest", type=float, default=1200.0)
    arguments = parser.parse_args()
    prepare()
    mutants, binaries = build()
    tests = trace(binaries, arguments.longest)
    wanted = [m for m in mutants.values() if not arguments.paths or m["file"].startswith(tuple(arguments.paths))]
    if arguments.sample:
        wanted = random.Random(arguments.seed).sample(wanted, min(arguments.sample, len(wanted)))
    results = switch_on(wanted, tests, arguments.seconds)
    report(wanted, results)


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


# The copy of the crate.


def tracked() -> list[str]:
    listed = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True).stdout
    return [name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


def state() -> str:
    """A hash over everything that a result depends on."""
    digest = hashlib.sha256()
    for name in tracked():
        if name.startswith(("src/", "tests/", "scenarios/", "Cargo.")) and name != "tests/mutants/mutants.py":
            digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()


def prepare() -> None:
    """Forgets what is known of other sources."""
    WORK.mkdir(parents=True, exist_ok=True)
    known = WORK / "state"
    if not known.exists() or known.read_text() != state():
        for path in [*WORK.glob("tests-*.json"), *(WORK / name for name in ("built.json", "results.jsonl", "without"))]:
            path.unlink(missing_ok=True)
        known.write_text(state())


def copy_tree(without: set[int]) -> dict[int, dict]:
    """Makes the copy of the crate, with switches. Returns the mutants by number."""
    fresh = WORK / "fresh"
    shutil.rmtree(fresh, ignore_errors=True)
    for name in tracked():
        (fresh / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, fresh / name)
        shutil.copymode(ROOT / name, fresh / name)
    shutil.copyfile(HERE / "switches.rs", fresh / "src" / "switches.rs")
    with (fresh / "src" / "lib.rs").open("a") as file:
        file.write("\nmod switches;\n")
    manifest = fresh / "Cargo.toml"
    text = manifest.read_text()
    lints = "".join(f'{lint} = "allow"\n' for lint in LINTS)
    manifest.write_text(text.replace("[lints.rust]\n", f"[lints.rust]\n{lints}"))
    (WORK / "without").write_text("\n".join(map(str, sorted(without))))
    rewriter = ["cargo", "run", "--release", "--locked", "--quiet", "--manifest-path", HERE / "Cargo.toml"]
    rewriter += ["--target-dir", WORK / "rewriter", "--", fresh, WORK / "without", *FOLDERS]
    listed = subprocess.run(rewriter, check=True, capture_output=True, text=True).stdout
    replace(TREE, fresh)
    names = ("number", "file", "line", "function", "words")
    rows = [dict(zip(names, line.split("\t"))) for line in listed.splitlines()]
    return {int(row["number"]): row for row in rows}


def replace(old: pathlib.Path, new: pathlib.Path) -> None:
    """Gives a folder the files of another. Files that are the same keep their time, so that cargo does not build them again."""
    names = {path.relative_to(new) for path in new.rglob("*") if path.is_file()}
    for path in list(old.rglob("*")):
        if path.is_file() and path.relative_to(old) not in names:
            path.unlink()
    for name in names:
        if not (old / name).exists() or (old / name).read_bytes() != (new / name).read_bytes():
            (old / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(new / name, old / name)
            shutil.copymode(new / name, old / name)


def cargo(*arguments: str) -> list[dict]:
    """The messages of a command of cargo."""
    command = ["cargo", *arguments, "--release", "--locked", "--message-format=json", *PROFILE]
    environment = dict(os.environ, CARGO_TARGET_DIR=str(WORK / "build"))
    done = subprocess.run(command, cwd=TREE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def blamed(message: dict) -> set[int]:
    """The mutants that an error of the compiler comes from: the innermost around a place that it names."""
    for primary in (True, False):
        for span in message["spans"]:
            while span.get("expansion"):
                span = span["expansion"]["span"]
            if span["is_primary"] != primary:
                continue
            text = (TREE / span["file_name"]).read_bytes() if (TREE / span["file_name"]).exists() else b""
            start, opened = span["byte_start"], []
            for mark in re.finditer(rb"/\*(?:@(\d*)|\[([\d,]+)|\])\*/", text[:start + 6]):
                if mark.end() > start + 6:
                    break
                if mark.group() in (b"/*@*/", b"/*]*/"):
                    if opened:
                        opened.pop()
                else:
                    opened.append({int(n) for n in (mark.group(1) or mark.group(2)).split(b",")})
            if opened:
                return opened[-1]
    return set()


def build() -> tuple[dict[int, dict], dict[str, str]]:
    """Compiles the copy; mutants that do not compile are left out. Returns the mutants and the programs with tests."""
    known = WORK / "built.json"
    if known.exists():
        mutants, binaries = json.loads(known.read_text())
        return {int(number): mutant for number, mutant in mutants.items()}, binaries
    left_out = WORK / "without"
    without = {int(n) for n in left_out.read_text().split()} if left_out.exists() else set()
    while True:
        mutants = copy_tree(without)
        messages = [m["message"] for m in cargo("check", "--lib") if m["reason"] == "compiler-message"]
        errors = [m for m in messages if m["level"] == "error" and m["spans"]]
        if not errors:
            break
        found = set().union(*(blamed(error) for error in errors)) - without
        say(f"{len(errors)} errors of the compiler, {len(found)} more mutants left out")
        if not found:
            sys.exit("the copy does not compile:\n" + "\n".join(error["rendered"] for error in errors[:3]))
        without |= found
    say(f"{len(mutants)} mutants, {len(without)} more do not compile; building the tests")
    binaries = {}
    for message in cargo("test", "--no-run", "--lib", "--test=it"):
        if message["reason"] == "compiler-artifact" and message.get("executable") and message["profile"]["test"]:
            binaries[message["target"]["name"]] = message["executable"]
        if message["reason"] == "compiler-message" and message["message"]["level"] == "error":
            sys.exit(message["message"]["rendered"])
    if set(binaries) != {"mingle", "it"}:
        sys.exit(f"the tests were not built: {binaries}")
    known.write_text(json.dumps([mutants, binaries]))
    return mutants, binaries


# Tests.


def limits() -> None:
    """A mutant may ask for any memory, and write any file."""
    resource.setrlimit(resource.RLIMIT_AS, (6 << 30, 6 << 30))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 30, 1 << 30))


def run(binary: str, names: list[str], mutant: str, seconds: float) -> tuple[str, str]:
    """Runs tests in one process: ("pass", ""), ("fail", the first that failed) or ("timeout", "")."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        environment = dict(os.environ, MINGLE_MUTANT=mutant, TMPDIR=scratch, RUST_BACKTRACE="0", INSTA_UPDATE="no")
        command = [binary, "--exact", "--test-threads=1", *names]
        process = subprocess.Popen(
            command, cwd=TREE, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
            text=True, errors="replace", process_group=0, preexec_fn=limits,
        )
        try:
            output, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return "timeout", ""
        finally:
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
    if process.returncode == 0:
        return "pass", ""
    failed = re.search(r"^test (\S+) .*FAILED$", output, re.MULTILINE)
    return "fail", failed.group(1) if failed else "aborted"


def trace(binaries: dict[str, str], longest: float) -> list[dict]:
    """Every test that passes in time: its program, name, seconds, and the mutants that it reaches."""
    known = WORK / f"tests-{longest:g}.json"
    if known.exists():
        return json.loads(known.read_text())
    jobs = []
    for binary in binaries.values():
        listed = [
            re.findall(r"^(\S+): test$", subprocess.run([binary, *options], cwd=TREE, capture_output=True, text=True).stdout, re.M)
            for options in (["--list"], ["--list", "--ignored"])
        ]
        jobs += [(binary, name) for name in listed[0] if name not in listed[1]]
    say(f"looking at what each of {len(jobs)} tests reaches")

    def one(job: tuple[str, str]) -> dict | None:
        binary, name = job
        with tempfile.NamedTemporaryFile() as file:
            begun = time.monotonic()
            result, _ = run(binary, [name], f"trace:{file.name}", longest)
            seconds = time.monotonic() - begun
            reached = sorted({int(line) for line in pathlib.Path(file.name).read_text().split()})
        if result != "pass":
            say(f"{name} is not used: " + (f"longer than {longest:g} s" if result == "timeout" else "it fails without any mutant"))
            return None
        return dict(binary=binary, name=name, seconds=seconds, reached=reached)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        tests = [test for test in pool.map(one, jobs) if test and test["reached"]]
    known.write_text(json.dumps(tests))
    return tests


# Mutants.


def groups_of(mutant: dict, tests: list[dict], budget: float) -> list[list[dict]]:
    """Tests in groups of one program each, as many as take the budget and at least one: those of the mutant's own file first,
    then fast ones."""
    bounds = (0.2, 1.0, 5.0, float("inf"))
    module = mutant["file"].removeprefix("src/").removesuffix(".rs").removesuffix("/mod").replace("/", "::") + "::"
    place = lambda test: next(i for i, bound in enumerate(bounds) if test["seconds"] < bound)
    order = lambda test: (not test["name"].startswith(module), place(test), test["binary"])
    groups, spent, last = [], 0.0, None
    for test in sorted(tests, key=lambda test: (order(test), test["seconds"])):
        if spent and spent + test["seconds"] > budget:
            continue
        spent += test["seconds"]
        size = bounds[place(test)] if place(test) < 3 else 0.0
        if last != order(test) or sum(t["seconds"] for t in groups[-1]) > size:
            groups.append([])
        last = order(test)
        groups[-1].append(test)
    return groups


def switch_on(mutants: list[dict], tests: list[dict], budget: float) -> dict[int, dict]:
    """What becomes of each mutant; what is known already is not done again."""
    log = WORK / "results.jsonl"
    results = {}
    if log.exists():
        for line in log.read_text().splitlines():
            row = json.loads(line)
            results[row["number"]] = row
    reaching = collections.defaultdict(list)
    for test in tests:
        for number in test["reached"]:
            reaching[number].append(test)
    left = [m for m in mutants if int(m["number"]) not in results]
    random.Random(1).shuffle(left)
    lock, begun = threading.Lock(), time.monotonic()

    def one(mutant: dict) -> None:
        number = int(mutant["number"])
        groups = groups_of(mutant, reaching[number], budget)
        row = dict(number=number, state="survived" if groups else "not reached", by="", tried=0, reaching=len(reaching[number]))
        for group in groups:
            usual = sum(test["seconds"] for test in group)
            state, by = run(group[0]["binary"], [test["name"] for test in group], str(number), 10 + 10 * usual)
            row["tried"] += len(group)
            if state != "pass":
                row.update(state="caught" if state == "fail" else "timeout", by=by)
                break
        with lock:
            results[number] = row
            with log.open("a") as file:
                file.write(json.dumps(row) + "\n")
            if len(results) % 100 == 0:
                say(f"{len(results)} mutants tried, {time.monotonic() - begun:.0f} s; {len(mutants)} are wanted")

    pool = concurrent.futures.ThreadPoolExecutor(os.cpu_count())
    try:
        list(pool.map(one, left))
    except KeyboardInterrupt:
        say("interrupted; the table has what was tried")
    pool.shutdown(cancel_futures=True)
    return results


def report(mutants: list[dict], results: dict[int, dict]) -> None:
    table = collections.defaultdict(collections.Counter)
    survivors = []
    for mutant in mutants:
        result = results.get(int(mutant["number"]))
        if result is None:
            continue
        table["/".join(mutant["file"].split("/")[:2])][result["state"]] += 1
        if result["state"] in ("survived", "not reached"):
            survivors.append("\t".join([*mutant.values(), result["state"], f"{result['tried']} of {result['reaching']} tests"]))
    states = ("caught", "timeout", "survived", "not reached")
    print("\t".join(("folder", "mutants", *states)))
    for folder, counts in sorted(table.items()):
        print("\t".join(map(str, (folder, sum(counts.values()), *(counts[state] for state in states)))))
    (WORK / "survivors.tsv").write_text("".join(f"{line}\n" for line in survivors))
    print(f"{len(survivors)} survivors are in {WORK / 'survivors.tsv'}")


if __name__ == "__main__":
    main()
