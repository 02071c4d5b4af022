"""What the package promises."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pandas as pd
import pytest

import mingle

SMALL = """
title = "Small & <small>"
rounds = 24
burn_in = 8
replicates = 3
[population]
agents = 60
[bet]
usual = "NA"
first = "NA"
worlds = 3
focals = 3
horizons = [0, 4]
[[factor]]
name = "fee"
keys = "calls.fee"
values = [0, 0.3]
[[strategy]]
name = "NA"
share = 0.5
ask = 0.9
serve = 0.1
[[strategy]]
name = "servant"
share = 0.5
"""


@pytest.fixture(scope="module")
def result() -> mingle.Result:
    return mingle.run(SMALL, agents=True, events=True, network=[7, 23])


def test_tables_have_the_rows_and_numbers_of_their_files(result: mingle.Result) -> None:
    for name in result.tables:
        with open(result.dir / f"{name}.csv", newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            rows = list(reader)
        frame = result[name]
        assert len(frame) == len(rows) and list(frame.columns) == list(reader.fieldnames or [])
        for column in frame.columns:
            values = frame[column].to_list()
            if pd.api.types.is_numeric_dtype(frame[column]) and frame[column].dtype != "boolean":
                wanted = [float("nan") if row[column] == "" else float(row[column]) for row in rows]
                found = [float("nan") if pd.isna(value) else float(value) for value in values]
                assert str(found) == str(wanted), (name, column)
            elif frame[column].dtype != "boolean":
                found_texts = ["" if pd.isna(value) else str(value) for value in values]
                assert found_texts == [row[column] for row in rows], (name, column)
            else:
                assert [str(int(value)) for value in values] == [row[column] for row in rows]


def test_strategies_are_categories_in_the_order_of_the_scenario_whatever_their_names(result: mingle.Result) -> None:
    assert result.summary["strategy"].cat.categories.to_list() == ["NA", "servant"]
    assert not result.summary["strategy"].isna().any()
    assert result.agents["need"].dtype == "Int64"
    assert result.agents["active"].dtype == "boolean"


def test_settings_reach_the_program_and_the_same_seed_gives_the_same_numbers() -> None:
    first = mingle.run(SMALL, set={"calls.fee": 0, "reputation.kind": "public"}, seed=7, threads=1)
    again = mingle.run(SMALL, set={"calls.fee": 0.0, "reputation.kind": "public"}, seed=7, threads=2)
    assert 'kind = "public"' in first.manifest["resolved"]
    pd.testing.assert_frame_equal(first.rounds, again.rounds)
    assert (first.rounds["pull"].dropna() == 0).all()


def test_a_bet_and_a_sweep_have_their_tables_and_charts() -> None:
    bet = mingle.bet(SMALL, decompose=True, story="luckiest")
    assert len(bet.bet) == 3 * 3 * 2 and "bet_parts" in bet.tables
    last = bet.bet[bet.bet["horizon"] == bet.bet["horizon"].max()]
    assert abs(bet.story["difference"].sum() - last["difference"].max()) < 1e-9
    sweep = mingle.sweep(SMALL, charts=True)
    assert sweep.sweep_contrasts["fee"].unique().tolist() == [0.0, 0.3]
    chart = sweep.plot(sweep.charts[0])
    assert isinstance(chart, mingle.Chart) and chart._repr_svg_().startswith("<svg")
    assert len(sweep.plot()) == len(sweep.charts)  # type: ignore[arg-type]


def test_a_notebook_shows_words_and_the_summary_escaped(result: mingle.Result) -> None:
    page = result._repr_html_()
    assert "Small &amp; &lt;small&gt;" in page and "<table" in page
    assert result.words[0] in repr(result)


def test_polars_has_the_same_values(result: mingle.Result) -> None:
    frame = result.table("rounds", engine="polars")
    assert frame.height == len(result.rounds)
    assert frame["net"].to_list() == result.rounds["net"].to_list()


def test_columns_are_described(result: mingle.Result) -> None:
    described = result.describe("contrasts")
    assert described.loc["p_adjusted", "type"] == "number" and "Holm" in str(described.loc["p_adjusted", "description"])
    with pytest.raises(KeyError, match="no table 'nothing'; there are rounds"):
        result.describe("nothing")
    with pytest.raises(AttributeError):
        result.nothing  # noqa: B018


def test_a_result_in_a_folder_is_kept_and_not_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "kept"
    mingle.run(SMALL, out=out, charts=False)
    with pytest.raises(mingle.MingleError, match="--force"):
        mingle.run(SMALL, out=out, charts=False)
    mingle.run(SMALL, out=out, charts=False, force=True, replicates=2)
    assert mingle.read(out).manifest["replicates_done"] == 2
    with pytest.raises(FileNotFoundError, match="holds no result"):
        mingle.read(tmp_path)


def test_a_temporary_folder_goes_with_the_result() -> None:
    result = mingle.run(SMALL, charts=False)
    folder = result.dir
    assert folder.is_dir()
    del result
    assert not folder.exists()


def test_faults_are_told_with_place_and_fix() -> None:
    with pytest.raises(mingle.MingleError) as told:
        mingle.run("[calls]\nfeee = 2")
    assert "unknown key `feee`" in str(told.value) and "did you mean" in str(told.value)
    with pytest.raises(TypeError, match="expected a number"):
        mingle.run(SMALL, set={"calls.fee": object()})


def test_a_path_is_not_taken_for_a_text(tmp_path: Path) -> None:
    file = tmp_path / "fee=0.toml"
    file.write_text(SMALL, encoding="utf-8")
    assert mingle.run(str(file), charts=False).manifest["scenario_file"] == "fee=0.toml"


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_before_anything_is_whole_keeps_the_older_result_and_returns_nothing(tmp_path: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out = tmp_path / "out"
    older = mingle.run(SMALL, out=out, charts=False).manifest
    threading.Timer(2.0, lambda: os.kill(os.getpid(), signal.SIGINT)).start()
    with pytest.raises(mingle.Interrupted) as stopped:
        slow = {"population.agents": 200_000, "rounds": 2_000}
        mingle.run(SMALL, set=slow, replicates=1, out=out, charts=False, force=True)
    assert stopped.value.result is None
    assert mingle.read(out).manifest == older


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupt_stops_stops_the_program_and_keeps_what_is_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    # A shell that runs this in the background has it ignore interrupts.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(3.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    started = time.monotonic()
    with pytest.raises(mingle.Interrupted) as stopped:
        mingle.run(SMALL, set={"population.agents": 300}, replicates=20_000, out=out, charts=False)
    assert time.monotonic() - started < 30
    kept = stopped.value.result
    assert kept is not None and 0 < kept.manifest["replicates_done"] < 20_000
    assert len(kept.rounds) == kept.manifest["replicates_done"] * 24 * 2


def test_the_module_is_the_program() -> None:
    done = subprocess.run([sys.executable, "-m", "mingle", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == mingle.version()
    failed = subprocess.run([sys.executable, "-m", "mingle", "nothing"], capture_output=True, text=True, check=False)
    assert failed.returncode == 2
