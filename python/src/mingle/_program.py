"""Runs the program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sysconfig
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Union

from ._progress import Bar
from ._result import Result, read

#: A scenario: the path of a file, or its text, which has a line break in it.
Scenario = Union[str, os.PathLike[str]]

_INTERRUPTED = 130


class MingleError(RuntimeError):
    """The program refused or failed; the text is its message."""


class Interrupted(KeyboardInterrupt):
    """A command was interrupted.

    ``result`` is what was kept, if anything was whole.
    """

    def __init__(self, message: str, result: Result | None) -> None:
        super().__init__(message)
        self.result = result


def program() -> Path:
    """The program that is used: ``MINGLE_PROGRAM``, or that of this package, or the first on the path.

    Raises ``MingleError`` if there is none.
    """
    named = os.environ.get("MINGLE_PROGRAM")
    if named:
        return Path(named)
    suffix = ".exe" if os.name == "nt" else ""
    for scheme in (sysconfig.get_default_scheme(), sysconfig.get_preferred_scheme("user")):
        path = Path(sysconfig.get_path("scripts", scheme)) / f"mingle{suffix}"
        if path.is_file():
            return path
    found = shutil.which("mingle")
    if found is None:
        raise MingleError("the program mingle is not installed; install its wheel, or set MINGLE_PROGRAM to its path")
    return Path(found)


def version() -> str:
    """Version and source of the program."""
    done = subprocess.run([str(program()), "--version"], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _value(value: Any) -> str:
    """A value as ``--set`` takes it: numbers, truth values, texts and lists as in TOML."""
    if isinstance(value, str):
        return value
    if hasattr(value, "item"):  # a number of numpy
        value = value.item()
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(json.dumps(v) if isinstance(v, str) else _value(v) for v in value) + "]"
    if isinstance(value, (bool, int, float)):
        return json.dumps(value)
    raise TypeError(f"expected a number, a truth value, a text or a list of these, found {value!r}")


def _stop(process: subprocess.Popen[str]) -> None:
    """Asks the program to stop, and waits until it has kept what is whole."""
    if os.name == "nt":
        process.terminate()
    else:
        process.send_signal(signal.SIGINT)
    process.wait()


def _wait(process: subprocess.Popen[str], bar: Bar) -> str:
    """Shows progress until the program ends; returns its messages."""
    messages = []
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("progress "):
            _, done, total, words = line.rstrip("\n").split(" ", 3)
            bar.update(int(done), int(total), words)
        else:
            messages.append(line)
    process.wait()
    return "".join(messages)


def _call(command: str, scenario: Scenario, out: os.PathLike[str] | str | None, options: list[str],
          progress: bool) -> Result:
    scratch = None
    if out is None:
        scratch = tempfile.TemporaryDirectory(prefix="mingle-")
        out = Path(scratch.name) / "result"
    folder, text = Path(out), os.fspath(scenario)
    older = _manifest(folder)
    with tempfile.TemporaryDirectory(prefix="mingle-scenario-") as written:
        file = Path(text)
        if isinstance(scenario, str) and "\n" in text:
            file = Path(written) / "scenario.toml"
            file.write_text(text, encoding="utf-8")
        arguments = [str(program()), command, str(file), "--out", str(folder), "--progress", "lines", *options]
        # In a group of its own the program has an interrupt from here only, and once.
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                   encoding="utf-8", start_new_session=True)
        bar = Bar(progress)
        try:
            messages = _wait(process, bar)
        except KeyboardInterrupt:
            _stop(process)
            messages = process.stderr.read() if process.stderr else ""
        finally:
            bar.close()
            if process.stderr is not None:
                process.stderr.close()
    if process.returncode not in (0, _INTERRUPTED):
        raise MingleError(messages.strip())
    if process.returncode == _INTERRUPTED:
        # What was there before is not of this command.
        kept = _manifest(folder) not in (None, older)
        raise Interrupted(messages.strip(), read(folder, scratch=scratch) if kept else None)
    return read(folder, scratch=scratch)


def _manifest(folder: Path) -> bytes | None:
    """The manifest of the result in a folder, if there is one."""
    try:
        return (folder / "manifest.json").read_bytes()
    except OSError:
        return None


def _options(set: Mapping[str, Any] | None, threads: int | None, force: bool, charts: bool,
             more: Mapping[str, Any]) -> list[str]:
    options = [word for key, value in (set or {}).items() for word in ("--set", f"{key}={_value(value)}")]
    for name, value in {"threads": threads, **more}.items():
        if value is not None:
            options += [f"--{name.replace('_', '-')}", str(value)]
    return options + ["--force"] * force + ["--no-charts"] * (not charts)


def run(
    scenario: Scenario,
    *,
    set: Mapping[str, Any] | None = None,
    out: os.PathLike[str] | str | None = None,
    force: bool = False,
    seed: int | None = None,
    replicates: int | None = None,
    level: float | None = None,
    threads: int | None = None,
    agents: bool = False,
    events: bool = False,
    network: Iterable[int] = (),
    charts: bool = True,
    progress: bool = True,
) -> Result:
    """Runs a scenario.

    ``scenario`` is a path or a text; ``set`` changes keys, as in ``{"calls.fee": 0}``. The result is written to
    ``out``, else to a temporary folder that lasts as long as the ``Result``. ``agents``, ``events`` and ``network``
    (rounds) ask for further tables.

    Raises ``MingleError`` if the scenario has faults or ``out`` holds a result and ``force`` is not set, and
    ``Interrupted`` if it is interrupted.
    """
    options = _options(set, threads, force, charts, {"seed": seed, "replicates": replicates, "level": level})
    rounds = ",".join(str(int(round)) for round in network)
    options += ["--agents"] * agents + ["--events"] * events + (["--network", rounds] if rounds else [])
    return _call("run", scenario, out, options, progress)


def bet(
    scenario: Scenario,
    *,
    set: Mapping[str, Any] | None = None,
    out: os.PathLike[str] | str | None = None,
    force: bool = False,
    seed: int | None = None,
    level: float | None = None,
    threads: int | None = None,
    decompose: bool = False,
    story: str | None = None,
    charts: bool = True,
    progress: bool = True,
) -> Result:
    """Plays the bet of a scenario; as :func:`run`. ``decompose`` splits the difference over the traits. ``story`` tells how
    the evening becomes money: of the ``"typical"`` or the ``"luckiest"`` focal agent, of ``"both"``, or of
    ``"WORLD:AGENT"``."""
    options = _options(set, threads, force, charts, {"seed": seed, "level": level})
    options += ["--decompose"] * decompose + (["--story", story] if story is not None else [])
    return _call("bet", scenario, out, options, progress)


def sweep(
    scenario: Scenario,
    *,
    set: Mapping[str, Any] | None = None,
    out: os.PathLike[str] | str | None = None,
    force: bool = False,
    resume: bool = False,
    seed: int | None = None,
    replicates: int | None = None,
    level: float | None = None,
    threads: int | None = None,
    charts: bool = True,
    progress: bool = True,
) -> Result:
    """Runs a scenario at every point of its design; as :func:`run`. ``resume`` goes on with an interrupted sweep in
    ``out``."""
    options = _options(set, threads, force, charts, {"seed": seed, "replicates": replicates, "level": level})
    return _call("sweep", scenario, out, options + ["--resume"] * resume, progress)
