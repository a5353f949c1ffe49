"""Reads are cached per viewer and per state of the data, and never hand one viewer what belongs to another."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from data_access.engine import open_engine, writing
from data_access.settings import touch
from data_access.tables import person
from tests.databases import sqlite_url
from tests.demo import TODAY, id_of, sight_of
from ui import loaders


def names(first_name: str) -> set[str]:
    return set(loaders.people(sight_of(first_name), TODAY)["name"])


def test_the_same_question_of_two_managers_has_two_answers(demo: str) -> None:
    maya, omar = names("Maya"), names("Omar")
    assert "Ravi Menon" in maya
    assert "Ravi Menon" not in omar
    # The second time the answers come from the cache.
    assert (names("Maya"), names("Omar")) == (maya, omar)


def test_dana_sees_both_teams_eve_and_ada_see_no_single_person(demo: str) -> None:
    assert names("Dana") >= names("Maya") | names("Omar")
    assert names("Eve") == names("Ada") == set()


def test_two_topics_may_call_a_read_by_the_same_name(demo: str) -> None:
    def of_one_topic(_connection: Any) -> str:
        return "one"

    def of_another_topic(_connection: Any) -> str:
        return "another"

    of_one_topic.__module__, of_another_topic.__module__ = "ui.loaders.one", "ui.loaders.another"
    maya = sight_of("Maya")
    first = [loaders.read("rows", maya, {}, fetch) for fetch in (of_one_topic, of_another_topic)]
    again = [loaders.read("rows", maya, {}, fetch) for fetch in (of_one_topic, of_another_topic)]
    assert first == again == ["one", "another"]


def test_every_parameter_is_part_of_the_key(demo: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def note(key: str, read: Any) -> Any:
        asked.append(key)
        return pl.DataFrame()

    maya, dana = sight_of("Maya"), sight_of("Dana")
    monkeypatch.setattr(loaders, "_kept", note)
    base: dict[str, Any] = {
        "by": "rep",
        "keys": ["won_amount"],
        "start": dt.date(2026, 10, 1),
        "end": dt.date(2026, 12, 31),
        "as_of": TODAY,
    }
    changes: list[dict[str, Any]] = [
        {},
        {"by": "team"},
        {"keys": ["won_count"]},
        {"start": dt.date(2026, 9, 1)},
        {"end": dt.date(2026, 11, 30)},
        {"as_of": dt.date(2026, 11, 1)},
        {"every": "month"},
        {"team_id": 1},
        {"rep_ids": [1]},
    ]
    for change in changes:
        loaders.metric_values(maya, **(base | change))
    loaders.metric_values(dana, **base)
    loaders.metric_values(loaders.Sight(maya.viewer, maya.company, maya.data_version + 1), **base)
    assert len(set(asked)) == len(changes) + 2


def test_what_was_written_since_is_read_anew(
    sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    before = loaders.sight_of("admin")
    assert before is not None
    assert not before.company.has_people
    engine = open_engine(sqlite_database_url)
    with writing(engine) as connection:
        connection.execute(
            sa.insert(person).values(name="Ravi Nair", name_key="ravinair", role="rep", is_reference=True, version=1)
        )
        touch(connection)
    engine.dispose()
    after = loaders.sight_of("admin")
    assert after is not None
    assert after.company.has_people


def test_somebody_unknown_somebody_else_and_garbage_are_nobody(demo: str) -> None:
    for chosen in ("999999", "0", "-1", "1 or 1=1", "", "rep", "manager", "operator", "9" * 30, "²"):
        assert loaders.sight_of(chosen) is None, chosen


def test_rights_are_read_anew_each_time_so_that_a_leaver_is_out_at_once(
    demo_url: str, tmp_path: Path, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "copy.sqlite3"
    shutil.copyfile(str(sa.make_url(demo_url).database), copy)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(copy))
    maya = id_of("Maya")
    assert loaders.sight_of(maya) is not None
    engine = open_engine(sqlite_url(copy))
    with writing(engine) as connection:
        leaves = sa.update(person).where(person.c.id == int(maya))
        connection.execute(leaves.values(left_on=TODAY - dt.timedelta(days=1)))
    engine.dispose()
    # Nothing told the caches: whoever may look is read from the database in every run.
    assert loaders.sight_of(maya) is None


def test_a_figure_is_drawn_once_for_the_same_content_and_anew_for_a_change_in_the_middle(fresh_caches: None) -> None:
    drawn: list[int] = []

    def chart(frame: pl.DataFrame, *, sentence: str) -> int:
        drawn.append(frame.height)
        return len(drawn)

    frame = pl.DataFrame({"value": list(range(100))})
    other = frame.with_columns(pl.when(pl.col("value") == 50).then(-1).otherwise("value").alias("value"))
    assert loaders.drawn(chart, frame, sentence="a") == 1
    assert loaders.drawn(chart, frame.clone(), sentence="a") == 1
    # Streamlit's own hash of a polars frame looks at its first and last rows only.
    assert loaders.drawn(chart, other, sentence="a") == 2
    assert loaders.drawn(chart, frame, sentence="b") == 3


def test_a_database_without_tables_is_a_sentence_and_no_traceback(
    tmp_path: Any, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assert "no tables" in str(loaders.problem_with_database())
