"""Results as data frames."""

from __future__ import annotations

import html
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd

#: Rows of a table that a notebook shows.
_ROWS_SHOWN = 40


class Chart:
    """A chart of a result; a notebook shows it."""

    def __init__(self, svg: str, name: str) -> None:
        self.svg = svg
        self.name = name

    def _repr_svg_(self) -> str:
        return self.svg

    def __repr__(self) -> str:
        return f"<chart {self.name}>"


class Result:
    """The result of a run, a bet or a sweep: a folder with tables, charts and a manifest.

    Tables are attributes, as ``result.summary``, or ``result["summary"]``; they are read when they are first asked for.
    """

    def __init__(self, folder: Path, scratch: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self.dir = folder
        self._scratch = scratch  # Kept, so that a temporary folder lasts as long as this.
        self.manifest: dict[str, Any] = _json(folder / "manifest.json")
        package = _json(folder / "datapackage.json")
        self._resources: dict[str, dict[str, Any]] = {each["name"]: each for each in package["resources"]}
        self._tables: dict[str, pd.DataFrame] = {}

    @property
    def tables(self) -> list[str]:
        """Names of the tables."""
        return list(self._resources)

    @property
    def charts(self) -> list[str]:
        """Names of the charts."""
        return sorted(path.stem for path in (self.dir / "charts").glob("*.svg"))

    @property
    def words(self) -> list[str]:
        """The answer in sentences, as the terminal shows it, and the warnings."""
        return [line for part in self.manifest.get("words", {}).values() for line in _lines(part)]

    @property
    def report(self) -> Path:
        """The page about the result."""
        return self.dir / "report.html"

    def describe(self, table: str) -> pd.DataFrame:
        """The columns of a table, with types, units and meanings."""
        fields = self._resource(table)["schema"]["fields"]
        rows = [{key: field.get(key, "") for key in ("name", "type", "unit", "description")} for field in fields]
        return pd.DataFrame(rows).set_index("name")

    def table(self, name: str, engine: str = "pandas") -> Any:
        """A table as a DataFrame of pandas, or of polars with ``engine="polars"``.

        Whole numbers that can be missing are ``Int64``; names are categories in the order of the scenario.
        """
        if name not in self._tables:
            self._tables[name] = self._read(name)
        frame = self._tables[name]
        if engine == "pandas":
            return frame
        if engine == "polars":
            import polars as pl

            return pl.from_pandas(frame)
        raise ValueError(f'expected the engine "pandas" or "polars", found {engine!r}')

    def plot(self, name: str | None = None) -> Chart | list[Chart]:
        """A chart by name, or all charts."""
        if name is None:
            return [self._chart(each) for each in self.charts]
        return self._chart(name)

    def _chart(self, name: str) -> Chart:
        if name not in self.charts:
            raise KeyError(f"no chart {name!r}; there are {', '.join(self.charts) or 'none'}")
        return Chart((self.dir / "charts" / f"{name}.svg").read_text(encoding="utf-8"), name)

    def _resource(self, name: str) -> dict[str, Any]:
        try:
            return self._resources[name]
        except KeyError:
            raise KeyError(f"no table {name!r}; there are {', '.join(self.tables)}") from None

    def _read(self, name: str) -> pd.DataFrame:
        resource = self._resource(name)
        types = {field["name"]: _type(field) for field in resource["schema"]["fields"]}
        flags = [column for column, kind in types.items() if kind == "boolean"]
        read: dict[str, Any] = {column: "Int64" if column in flags else kind for column, kind in types.items()}
        # Without this the name NA or null of a strategy would be read as missing.
        empty: Any = {column: [""] for column, kind in types.items() if kind != "string"}
        path = self.dir / str(resource["path"])
        frame = pd.read_csv(path, dtype=read, encoding="utf-8", keep_default_na=False, na_values=empty)
        for flag in flags:
            frame[flag] = frame[flag].astype("boolean")
        return frame

    def __getitem__(self, name: str) -> pd.DataFrame:
        frame: pd.DataFrame = self.table(name)
        return frame

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name.startswith("_") or name not in self._resources:
            raise AttributeError(f"a result of {self.__dict__.get('manifest', {}).get('command')} has no {name!r}")
        return self[name]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self.tables]

    def __repr__(self) -> str:
        return "\n".join([f"<result of mingle {self.manifest['command']} in {self.dir}>", *self.words])

    def _repr_html_(self) -> str:
        title = html.escape(str(self.manifest.get("title", "")))
        words = "".join(f"<li>{html.escape(line)}</li>" for line in self.words)
        return f"<h4>{title}</h4><ul>{words}</ul>{self._shown().to_html(max_rows=_ROWS_SHOWN, index=False)}"

    def _shown(self) -> pd.DataFrame:
        """The table that tells most."""
        if "summary" in self._resources:
            summary = self["summary"]
            net: pd.DataFrame = summary[summary["metric"].astype(str) == "net"]
            return net
        name = next(name for name in ("bet_summary", "sweep_contrasts", "sweep_bet", self.tables[0]) if name in self.tables)
        return self[name]


def read(folder: os.PathLike[str] | str, *, scratch: tempfile.TemporaryDirectory[str] | None = None) -> Result:
    """Reads the result in a folder, as the program wrote it.

    Raises ``FileNotFoundError`` if there is none.
    """
    path = Path(folder)
    if not (path / "manifest.json").is_file():
        raise FileNotFoundError(f"{path} holds no result: it has no manifest.json")
    return Result(path, scratch)


def _type(field: dict[str, Any]) -> Any:
    kind, constraints = field["type"], field.get("constraints", {})
    if kind == "string":
        return pd.CategoricalDtype(constraints["enum"]) if "enum" in constraints else "string"
    if kind == "integer":
        return "int64" if constraints.get("required") else "Int64"
    return {"number": "float64", "boolean": "boolean"}[kind]


def _json(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _lines(part: Any) -> list[str]:
    return [str(line) for line in part] if isinstance(part, list) else [str(part)] if part else []
