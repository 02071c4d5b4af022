"""Packs the built program into an archive for its platform: the program, completions, the manual page, the scenarios,
the documents that a user reads, the licence, and what the program consists of (a bill of materials, CycloneDX).

    python3 .ci/archive.py target/release dist

The same program gives the same bytes: entries are sorted and have the time of the last commit. Needs cargo-cyclonedx.
"""

import gzip
import io
import json
import os
import pathlib
import platform
import subprocess
import sys
import tarfile

SHELLS = {"bash": "mingle.bash", "zsh": "_mingle", "fish": "mingle.fish", "powershell": "_mingle.ps1", "elvish": "mingle.elv"}
DOCUMENTS = ("README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff")


def output(*command: str) -> bytes:
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout


def bill_of_materials(time: int) -> bytes:
    """The crates of the program on this platform with versions, licences and checksums, the same in every folder."""
    host = next(line.split()[1] for line in output("rustc", "-vV").decode().splitlines() if line.startswith("host:"))
    written = pathlib.Path("bill-of-materials.json")
    command = ["cargo", "cyclonedx", "--format=json", "--spec-version=1.5", "--target", host, "--override-filename", written.stem]
    try:
        # With this variable the tool takes the time from it, and gives no serial number, which would be random.
        subprocess.run(command, check=True, env=os.environ | {"SOURCE_DATE_EPOCH": str(time)})
        text = written.read_text(encoding="utf-8")
    finally:
        written.unlink(missing_ok=True)
    materials = json.loads(text.replace(pathlib.Path.cwd().as_uri(), "file://"))
    return (json.dumps(materials, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def contents(program: pathlib.Path, materials: bytes) -> dict[str, tuple[bytes, int]]:
    """What lies at which path in the archive, with its mode."""
    files = {program.name: (program.read_bytes(), 0o755), "man/mingle.1": (output(str(program), "man"), 0o644)}
    for shell, name in SHELLS.items():
        files[f"completions/{name}"] = (output(str(program), "completions", shell), 0o644)
    files["mingle.cdx.json"] = (materials, 0o644)
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
    materials = bill_of_materials(time)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path, (data, mode) in sorted(contents(program, materials).items()):
            entry = tarfile.TarInfo(f"{name}/{path}")
            entry.size, entry.mode, entry.mtime = len(data), mode, time
            archive.addfile(entry, io.BytesIO(data))
    target.mkdir(parents=True, exist_ok=True)
    path = target / f"{name}.tar.gz"
    with path.open("wb") as file, gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=time) as compressed:
        compressed.write(packed.getvalue())
    # Beside the archive too, for those who look at it before they take anything.
    (target / f"{name}.cdx.json").write_bytes(materials)
    print(path)


main()
