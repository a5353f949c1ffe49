"""The list of observations on a rep's progress page, as each of those who open it sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.observations import ObservationDraft, Rating, ScoreDraft
from data_access.commands import observations as commands
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import open_engine, writing
from tests.companies import NOW, PEOPLE, deal, load
from tests.demo import id_of
from tests.pages.opening import PROGRESS, opened, words
from ui import loaders


@pytest.fixture
def company(sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    engine = open_engine(sqlite_database_url)
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("r1", "ravi")])
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    yield engine
    engine.dispose()


def do(engine: sa.Engine, who: str, command: Any, *arguments: Any) -> Any:
    sight = loaders.sight_of(id_of(who))
    assert sight is not None
    with writing(engine) as connection:
        return command(sight.viewer, connection, *arguments, NOW)


def observed(engine: sa.Engine, hours_ago: int, **more: Any) -> int:
    given: dict[str, Any] = {"scores": (ScoreDraft("discovery", 4),), "channel": "phone", **more}
    moment = NOW - dt.timedelta(hours=hours_ago)
    draft = ObservationDraft(int(id_of("Ravi")), None, moment, **given)
    return int(do(engine, "Maya", commands.record_observation, draft))


def section(who: str) -> AppTest:
    """Ravi's progress page, of which the section is a part."""
    return opened(PROGRESS, who, rep=id_of("Ravi"))


def test_a_period_without_observations_says_so(company: sa.Engine) -> None:
    for who in ("Maya", "Ravi"):
        assert "Nothing was observed" in words(section(who))


def test_words_levels_and_the_own_view_stand_together(company: sa.Engine) -> None:
    first = observed(company, 3, ask_own_view=True, went_well="You waited", one_thing="Slow down")
    assert "You waited" not in words(section("Ravi"))
    assert "Maya Lindgren has scored" in words(section("Ravi"))
    do(company, "Ravi", commands.record_self_view, first, Rating((ScoreDraft("discovery", 2),)))
    for who in ("Maya", "Ravi", "Dana"):
        written = words(section(who)).replace("*", "")
        assert "1 conversation observed" in written
        assert "Finding out what matters 4 (own view 2)" in written
        assert "Went well: You waited" in written
        assert "The one thing: Slow down" in written


def test_private_words_stay_out_of_everybody_elses_list(company: sa.Engine) -> None:
    observed(company, 3, visibility="private", went_well="Mine alone")
    assert "Mine alone" in words(section("Maya"))
    for who in ("Ravi", "Dana"):
        written = words(section(who))
        assert "Mine alone" not in written
        assert "The words are Maya Lindgren’s alone" in written
        assert "Finding out what matters" in written


def test_the_latest_stand_first_and_many_are_folded_away(company: sa.Engine) -> None:
    for hours in range(2, 8):
        observed(company, hours, went_well=f"{hours} hours ago")
    app = section("Dana")
    assert words(app).index("2 hours ago") < words(app).index("3 hours ago") < words(app).index("7 hours ago")
    assert "4 earlier conversations" in [each.label.replace("\u00a0", " ") for each in app.expander]
