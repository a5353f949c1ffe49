"""python -m data_access diagnose: what a script reads, and what a person does."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.diagnosis import LAYERS, LEVERS
from data_access.__main__ import DONE, REFUSED, main
from data_access.engine import open_engine
from data_access.tables import audit_entry
from tests.data_access.test_diagnosis import fill
from tests.data_access.test_skills import ids
from tests.databases import sqlite_url

ARGUMENTS = ("--as-of", "2026-11-20", "--format", "json")


@pytest.fixture(scope="module")
def filled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("command") / "company.sqlite3"
    shutil.copyfile(sqlite_template, file)
    engine = open_engine(sqlite_url(file))
    fill(engine)
    engine.dispose()
    return file


@pytest.fixture
def run(filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(filled))

    def command(*words: str) -> tuple[int, str, str]:
        code = main(["diagnose", *words])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


@pytest.fixture
def engine(filled: Path) -> Iterator[sa.Engine]:
    opened = open_engine(sqlite_url(filled))
    yield opened
    opened.dispose()


def read(run: Any, *words: str) -> list[dict[str, Any]]:
    code, out, err = run(*words, *ARGUMENTS)
    assert code == DONE, err
    found: list[dict[str, Any]] = json.loads(out)
    return found


def test_one_entry_per_rep_in_scope_with_every_promised_key(run: Any) -> None:
    found = read(run)
    assert len(found) == 10
    promised = {"rep", "layer", "status", "focus", "lever", "skill", "price", "low", "high", "n", "reason", "as_of"}
    for entry in found:
        assert promised | {"layers", "levers", "name"} <= set(entry)
        assert [layer["layer"] for layer in entry["layers"]] == list(LAYERS)
        assert [lever["key"] for lever in entry["levers"]] == list(LEVERS)
        assert entry["as_of"] == "2026-11-20"
        assert entry["focus"] == (entry["lever"] or entry["skill"])
    [ravi] = [entry for entry in found if entry["id"] == "ravi"]
    assert (ravi["focus"], ravi["lever"], ravi["skill"]) == ("win_rate", "win_rate", None)
    assert ravi["low"] <= ravi["price"] <= ravi["high"]
    assert "\u00a0" not in json.dumps(found, ensure_ascii=False)
    calm = [entry for entry in found if entry["focus"] is None]
    assert calm
    assert all((entry["price"], entry["low"], entry["high"]) == (None, None, None) for entry in calm)


def test_a_rep_is_named_by_number_id_or_name(run: Any, engine: sa.Engine) -> None:
    number = ids(engine)["ravi"]
    by_number, by_id, by_name = (read(run, "--rep", text) for text in (str(number), "ravi", "Ravi Nair"))
    assert by_number == by_id == by_name
    assert [entry["rep"] for entry in by_number] == [number]


def test_a_viewer_reads_the_same_as_on_the_page_and_nobody_elses(run: Any) -> None:
    as_maya, as_operator = read(run, "--viewer", "maya", "--rep", "ravi"), read(run, "--rep", "ravi")
    assert as_maya == as_operator
    assert {entry["id"] for entry in read(run, "--viewer", "omar")} == {"wim", "wanda", "wes", "wyn", "wolf"}
    assert read(run, "--viewer", "eve") == []
    code, out, err = run("--viewer", "omar", "--rep", "ravi", *ARGUMENTS)
    assert (code, out) == (REFUSED, "")
    unknown = run("--viewer", "omar", "--rep", "nobody", *ARGUMENTS)[2]
    assert "There is no such person in this view: 'nobody'" in unknown
    # Out of scope reads like not there.
    assert err.replace("ravi", "nobody") == unknown


def test_as_text_it_is_read_by_a_person(run: Any) -> None:
    code, out, _ = run("--rep", "ravi", "--as-of", "2026-11-20")
    assert code == DONE
    assert "Ravi Nair" in out
    assert "Worth working on: win rate" in out
    assert "Results: not yet." in out
    assert "Skill: not evaluated." in out
    assert "\xa0" not in out


def test_of_a_day_on_which_nothing_was_known_of_a_rep_the_reason_is_printed(run: Any) -> None:
    code, out, _ = run("--rep", "ravi", "--as-of", "2019-01-01", "--format", "json")
    assert code == DONE
    [entry] = json.loads(out)
    assert (entry["name"], entry["status"], entry["focus"]) == ("Ravi Nair", "not_evaluated", None)
    assert entry["reason"] == "Not here yet on 1 Jan 2019: the first day is 1 Jan 2020."
    code, out, err = run("--as-of", "2019-01-01", "--format", "json")
    assert (code, json.loads(out)) == (DONE, [])
    assert "Nobody in view sold on 2019-01-01" in err


@pytest.mark.parametrize("command", [["diagnose"], ["brief", "--viewer", "dana"]])
def test_whoever_does_not_sell_is_refused_by_both_commands(
    filled: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(filled))
    assert main([*command, "--rep", "maya"]) == REFUSED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "'maya' does not sell" in printed.err


@pytest.mark.parametrize(
    "command", [["diagnose", "--rep", "ravi"], ["brief", "--rep", "ravi"], ["digest", "--for", "maya"]]
)
def test_a_day_still_to_come_is_said_to_have_been_replaced(
    filled: Path, command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(filled))
    assert main([*command, "--as-of", "2090-01-01"]) == DONE
    assert "--as-of 2090-01-01 has not come yet: " in capsys.readouterr().err


def test_the_brief_of_a_day_before_the_first_says_why_it_is_empty(
    filled: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(filled))
    assert main(["brief", "--rep", "ravi", "--as-of", "2019-01-01", "--format", "json"]) == DONE
    assert "Not here yet on 1 Jan 2019: the first day is 1 Jan 2020." in capsys.readouterr().err


def test_reading_it_is_written_down_without_a_name_or_a_finding(run: Any, engine: sa.Engine) -> None:
    read(run, "--viewer", "maya", "--rep", "ravi")
    numbers = ids(engine)
    with engine.connect() as connection:
        last = connection.execute(sa.select(audit_entry).order_by(audit_entry.c.id.desc()).limit(1)).one()
    assert last.actor_id == numbers["maya"]
    assert last.action == "read diagnoses as manager"
    assert json.loads(last.detail) == {"as_of": "2026-11-20", "reps": [numbers["ravi"]]}
