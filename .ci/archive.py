"""Packs the built program into an archive for its platform: the program, completions, the manual page, the scenarios,
the documents that a user reads, and the licence.

    python3 .ci/archive.py target/release dist

The same program gives the same bytes: entries are sorted and have the time of the last commit.
"""

import gzip
import io
import pathlib
import platform
import subprocess
import sys
import tarfile

SHELLS = {"bash": "mingle.bash", "zsh": "_mingle", "fish": "mingle.fish", "powershell": "_mingle.ps1", "elvish": "mingle.elv"}
DOCUMENTS = ("README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff")


def output(*command: str) -> bytes:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def contents(program: pathlib.Path) -> dict[str, tuple[bytes, int]]:
    """What lies at which path in the archive, with its mode."""
    files = {program.name: (program.read_bytes(), 0o755), "man/mingle.1": (output(str(program), "man"), 0o644)}
    for shell, name in SHELLS.items():
        files[f"completions/{name}"] = (output(str(program), "completions", shell), 0o644)
    # Only what is part of the sources, not what else lies in these folders.
    for path in output("git", "ls-files", *DOCUMENTS, "scenarios", "docs").decode().splitlines():
        files[path] = (pathlib.Path(path).read_bytes(), 0o644)
    return files


def main() -> None:
    built, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    program = next(path for path in (built / "mingle", built / "mingle.exe") if path.exists())
    version = output(str(program), "--version").decode().split()[1]
    time = int(output("git", "log", "-1", "--format=%ct"))
    name = f"mingle-{version}-{platform.system().lower()}-{platform.machine().lower()}"
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, (data, mode) in sorted(contents(program).items()):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mode, entry.mtime = len(data), mode, time
            archive.addfile(entry, io.BytesIO(data))
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{name}.tar.gz"
    with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=time) as compressed:
        compressed.write(packed.getvalue())
    print(path)


main()
