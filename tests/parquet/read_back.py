"""Reads the Parquet copies of results with pyarrow and DuckDB, and compares every value with the CSV tables.

    python tests/parquet/read_back.py DIR...
"""

import csv
import gzip
import json
import pathlib
import sys

import duckdb
import pyarrow
import pyarrow.parquet

TYPES = {
    "string": (pyarrow.string(), str),
    "integer": (pyarrow.int64(), int),
    "number": (pyarrow.float64(), float),
    "boolean": (pyarrow.bool_(), lambda text: text == "1"),
}


def rows_of(path: pathlib.Path) -> list[list[str]]:
    opened = gzip.open(path, "rt", newline="") if path.suffix == ".gz" else path.open(newline="")
    with opened as file:
        return list(csv.reader(file))


def check(folder: pathlib.Path) -> tuple[int, int]:
    tables = json.loads((folder / "datapackage.json").read_text())["resources"]
    values = 0
    for table in tables:
        fields = table["schema"]["fields"]
        header, *rows = rows_of(folder / table["path"])
        assert header == [field["name"] for field in fields], table["name"]
        file = folder / "parquet" / f"{table['name']}.parquet"
        copy = pyarrow.parquet.read_table(file)
        assert copy.column_names == header, file
        assert copy.num_rows == len(rows), file
        queried = duckdb.sql(f"select * from '{file}'")
        assert queried.columns == header, file
        queried_columns = list(zip(*queried.fetchall())) if rows else [()] * len(header)
        for k, field in enumerate(fields):
            arrow, read = TYPES[field["type"]]
            expected = [read(row[k]) if row[k] else None for row in rows]
            where = f"{file}, {field['name']}"
            assert copy.schema.field(k).type == arrow, where
            assert copy.schema.field(k).nullable == (not field.get("constraints", {}).get("required", False)), where
            assert copy.column(k).to_pylist() == expected, where
            assert list(queried_columns[k]) == expected, where
            values += len(expected)
    return len(tables), values


if len(sys.argv) < 2:
    sys.exit("name the folders of results")
for name in sys.argv[1:]:
    tables, values = check(pathlib.Path(name))
    print(f"{name}: {tables} tables, {values} values agree in pyarrow and DuckDB")
