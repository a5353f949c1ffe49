"""What coaches' reps gained: for leaders, about coaches below them alone, and hidden with the effect of the whole."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.periods import add_months
from coaching.roi.coach_effects import IN_SEGMENTS
from data_access.engine import open_engine, reading, writing
from data_access.queries import roi
from data_access.scope import operator
from data_access.tables import session
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.data_access.programme_companies import FIRST, MONTHS, REPS, code, enrol_half, load_company, reps, starts
from tests.databases import sqlite_url

DAY = dt.timedelta(days=1)
COACHES = ("maya", "omar", "dana", "lena")


def people() -> list[dict[str, Any]]:
    """As ``load_company``, with Lena, who leads Omar from the day after on; Dana keeps Maya."""
    staff = [{**row, "manager": "lena"} if row["id"] == "omar" else row for row in PEOPLE if row["role"] != "Rep"]
    lena = {"id": "lena", "name": "Lena Vogt", "role": "Sales leader", "manager": "", "team": ""}
    return [*staff, lena, *reps()]


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """24 of 48 reps are coached, six by each of four; a session in the first month and every third one after."""
    file = tmp_path_factory.mktemp("roi_coaches") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    load_company(engine, effect=3_000)
    load(engine, "people", people(), TODAY + DAY, now=NOW + DAY)
    enrol_half(engine)
    ids = {name: someone(engine, name, TODAY + DAY).person_id for name in (*COACHES, *map(code, range(REPS // 2)))}
    rows = []
    for rep in range(REPS // 2):
        for place in range(int(starts()[rep]), MONTHS, 3):
            on = add_months(FIRST, place).replace(day=20)
            rows.append({"rep_id": ids[code(rep)], "coach_id": ids[COACHES[rep % 4]], "held_on": on})
    same = {"kind": "other_coach", "status": "held", "minutes": 45, "recorded_at": NOW, "visibility": "shared"}
    with writing(engine) as connection:
        connection.execute(sa.insert(session), [{**row, **same} for row in rows])
    yield engine
    engine.dispose()


def gained(engine: sa.Engine, who: str | None, as_of: dt.date = TODAY + DAY) -> dict[str, Any] | None:
    viewer = operator() if who is None else someone(engine, who, TODAY + DAY)
    with reading(engine) as connection:
        return roi.effects_of_coaches(viewer, connection, as_of=as_of, today=TODAY + DAY)


def test_leaders_see_themselves_and_coaches_below_them_with_the_same_figures(company: sa.Engine) -> None:
    dana, lena = gained(company, "dana"), gained(company, "lena")
    assert dana is not None
    assert lena is not None
    assert dana["rows"].schema == pl.Schema(IN_SEGMENTS)
    assert dana["rows"]["name"].to_list() == ["Dana Whitfield", "Maya Lindgren"]
    assert lena["rows"]["name"].to_list() == ["Lena Vogt", "Omar Haddad"]
    assert dana["rows"]["rep_count"].to_list() == lena["rows"]["rep_count"].to_list() == [6, 6]
    assert (dana["why_not"], dana["outcome"], dana["currency"]) == ("", "margin", "USD")
    # Whether coaches differ at all is a matter of everybody in the segment, so both read the same.
    assert dana["differs"] == lena["differs"]
    for found in (dana, lena):
        # Coaching adds 1,800 of margin with everybody; the largest months are cut.
        assert found["rows"].filter((pl.col("low") > 800) & (pl.col("high") < 2_800)).height == 2
        assert found["rows"].filter(pl.col("expected").is_between("low", "high")).height == 2
        assert not found["rows"]["can_separate"].any()


@pytest.mark.parametrize("who", ["maya", "eve", "ada", code(0), None])
def test_nobody_else_gets_a_row(company: sa.Engine, who: str | None) -> None:
    assert gained(company, who) is None


def test_what_hides_the_effect_of_the_whole_hides_that_of_a_coach(company: sa.Engine) -> None:
    # Enrolments were written down on TODAY: the day before nobody was known to be coached.
    earlier = gained(company, "dana", TODAY - DAY)
    assert earlier is not None
    assert earlier["rows"].is_empty()
    assert (earlier["verdict"], earlier["why_not"]) == ("grey", roi.HIDDEN_WITH_THE_WHOLE)


def test_two_coaches_are_not_set_beside_each_other(company: sa.Engine) -> None:
    with company.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        maya = someone(company, "maya", TODAY + DAY).person_id
        connection.execute(sa.update(session).where(session.c.coach_id != maya).values(kind="peer"))
        found = roi.effects_of_coaches(
            someone(company, "dana", TODAY + DAY), connection, as_of=TODAY + DAY, today=TODAY + DAY
        )
        transaction.rollback()
    assert found is not None
    assert "three coaches" in found["why_not"]
    assert found["rows"]["low"].null_count() == found["rows"].height == 1
