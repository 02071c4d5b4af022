#!/usr/bin/env python3
"""Writes the figures of docs/dependencies.md, or checks them.

    python3 .ci/dependencies.py check          fails if the page has other figures, build times aside
    python3 .ci/dependencies.py write          writes them, with the build times that the page has
    python3 .ci/dependencies.py write --build  builds everything in a new folder and takes the build times from there

Figures are of Linux on x86-64. A dependency "alone brings" the crates that would go with it: every path from mingle to
them leads through it. A build time is the processor time of the compiler for a dependency and for these crates, so it
says little else about the machine than how fast it is. It is measured by standing between cargo and the compiler.
"""

import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

PAGE = pathlib.Path("docs/dependencies.md")
PLATFORM = "x86_64-unknown-linux-gnu"
# Tables of the page by the words of the comments around them, and whether they are about the tests.
TABLES = {"figures of the program": False, "figures of the tests": True}
HEADER = "| crate | version | licence | kB | alone brings | kB | build, s |\n|---|---|---|--:|--:|--:|--:|\n"
NOT_SOURCE = {"tests", "benches", "examples", "fuzz"}


class Graph:
    """Who needs whom, without mingle's own needs for tests unless these are asked for."""

    def __init__(self) -> None:
        command = ["cargo", "metadata", "--locked", "--format-version=1", "--all-features", "--filter-platform", PLATFORM]
        data = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
        self.root = data["resolve"]["root"]
        self.packages = {package["id"]: package for package in data["packages"]}
        self.needs: dict[str, list[tuple[str, set[str | None]]]] = {
            node["id"]: [(need["pkg"], {kind["kind"] for kind in need["dep_kinds"]}) for need in node["deps"]]
            for node in data["resolve"]["nodes"]
        }

    def direct(self, tests: bool) -> list[str]:
        """What mingle itself asks for, for the program or for its tests alone."""
        return sorted(need for need, purposes in self.needs[self.root] if (purposes == {"dev"}) == tests)

    def reached(self, tests: bool, without: str = "") -> set[str]:
        """Every crate that is built, if one of them and all that it needs is left out."""
        found, new = {self.root}, [self.root]
        while new:
            crate = new.pop()
            for need, purposes in self.needs[crate]:
                counts = purposes - {"dev"} or (tests and crate == self.root)
                if counts and need not in found and need != without:
                    found.add(need)
                    new.append(need)
        return found

    def alone(self, crate: str, tests: bool) -> set[str]:
        return self.reached(tests) - self.reached(tests, without=crate) - {crate}

    def kilobytes(self, crates: set[str]) -> float:
        """Rust source, without tests, benches and examples, and the fonts of `notosans`."""
        return sum(size(pathlib.Path(self.packages[crate]["manifest_path"]).parent) for crate in crates) / 1000


def size(folder: pathlib.Path) -> int:
    paths = (path for end in ("*.rs", "*.ttf") for path in folder.rglob(end))
    return sum(path.stat().st_size for path in paths if not NOT_SOURCE & set(path.relative_to(folder).parts))


def licence(package: dict) -> str:
    return package["license"].replace("/", " OR ")


def row(graph: Graph, crate: str, tests: bool, time: str) -> str:
    package, alone = graph.packages[crate], graph.alone(crate, tests)
    own, others = graph.kilobytes({crate}), graph.kilobytes(alone)
    return (
        f"| `{package['name']}` | {package['version']} | {licence(package)} | {own:.0f} "
        f"| {len(alone) or ''} | {f'{others:.0f}' if alone else ''} | {time} |\n"
    )


def hollow(folder: pathlib.Path) -> pathlib.Path:
    """A package that has the dependencies of this one and nothing else; returns its manifest."""
    for path in ("src/lib.rs", "src/main.rs", "src/build.rs", "tests/it/main.rs", *map(str, pathlib.Path().glob("benches/*.rs"))):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text("fn main() {}\n")
    for name in ("Cargo.toml", "Cargo.lock"):
        shutil.copy(name, folder)
    return folder / "Cargo.toml"


def build(graph: Graph) -> dict[str, float]:
    """Processor seconds of the compiler by package id: the program, then what only a feature or the tests need."""
    with tempfile.TemporaryDirectory() as folder:
        log = pathlib.Path(folder, "times")
        own = {"RUSTC_WRAPPER": str(pathlib.Path(__file__).resolve()), "DEPENDENCIES_LOG": str(log), "CARGO_INCREMENTAL": "0"}
        command = ["cargo", "build", "--release", "--locked", "--target-dir", f"{folder}/target"]
        further = ["--all-features", "--all-targets", "--manifest-path", str(hollow(pathlib.Path(folder, "hollow")))]
        by_name: dict[str, float] = {}
        for arguments in ([], further):
            log.write_text("")
            subprocess.run(command + arguments, check=True, env=os.environ | own)
            built: dict[str, float] = {}
            for line in log.read_text().splitlines():
                name, seconds = line.rsplit(" ", 1)
                built[name] = built.get(name, 0) + float(seconds)
            # What is built again, with other features, counts as the program has it.
            by_name = built | by_name
    print(f"{sum(by_name.values()):.0f} s of processor time, of which mingle {by_name['mingle ' + graph.packages[graph.root]['version']]:.0f} s")
    return {id: by_name.get(f"{package['name']} {package['version']}", 0) for id, package in graph.packages.items()}


def times(graph: Graph, text: str, measured: dict[str, float] | None) -> dict[str, str]:
    """The cell of the build time of each direct dependency."""
    if measured is None:
        return dict(re.findall(r"^\| `([^`]+)` \|(?:[^|]*\|){5} ([\d.]*) \|$", text, re.MULTILINE))
    cells = {}
    for tests in TABLES.values():
        for crate in graph.direct(tests):
            parts = graph.alone(crate, tests) | {crate}
            cells[graph.packages[crate]["name"]] = f"{sum(measured[part] for part in parts):.1f}"
    return cells


def page(measured: dict[str, float] | None, graph: Graph) -> str:
    text = PAGE.read_text()
    cells = times(graph, text, measured)
    for words, tests in TABLES.items():
        rows = "".join(
            row(graph, crate, tests, cells.get(graph.packages[crate]["name"], "")) for crate in graph.direct(tests)
        )
        start, end = f"<!-- {words} -->\n", f"<!-- end of {words} -->\n"
        before, rest = text.split(start)
        text = before + start + HEADER + rows + end + rest.split(end)[1]
    return text


def compile_timed(command: list[str]) -> int:
    """Runs the compiler for cargo, and notes the processor time that it took for a package."""
    # The compiler shares the files of cargo that limit the number of jobs.
    code = subprocess.run(command, check=False, close_fds=False).returncode
    used, name = resource.getrusage(resource.RUSAGE_CHILDREN), os.environ.get("CARGO_PKG_NAME")
    if name and "--crate-name" in command:
        with open(os.environ["DEPENDENCIES_LOG"], "a", encoding="utf-8") as log:
            log.write(f"{name} {os.environ['CARGO_PKG_VERSION']} {used.ru_utime + used.ru_stime:.2f}\n")
    return code


def main() -> None:
    arguments = sys.argv[1:]
    if "DEPENDENCIES_LOG" in os.environ:
        sys.exit(compile_timed(arguments))
    if arguments[:1] not in (["check"], ["write"]):
        sys.exit(__doc__)
    graph = Graph()
    text = page(build(graph) if "--build" in arguments else None, graph)
    if arguments[0] == "write":
        PAGE.write_text(text)
    elif text != PAGE.read_text():
        sys.exit(f"{PAGE} has older figures: python3 .ci/dependencies.py write")


main()
