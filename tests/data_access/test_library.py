"""Strong moments are shared with the rep's consent, or not at all."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from coaching.observations import Rating, ScoreDraft
from coaching.people import Role, Viewer
from data_access.commands import library as commands
from data_access.commands import observations as observing
from data_access.engine import reading
from data_access.queries import library as queries
from data_access.scope import NotPermitted, operator, stand_in
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, load, someone
from tests.copies import copies_of
from tests.data_access.test_observations import do, opened, person_id, recorded

STRONG = (ScoreDraft("discovery", 5, "Waited until the customer named the figure"), ScoreDraft("objections", 3, "Fine"))
EVERYBODY = ("maya", "omar", "dana", "ravi", "wim")


company = copies_of(opened)


def shelf(engine: sa.Engine, who: str | Viewer, as_of: dt.date = TODAY) -> list[tuple[Any, ...]]:
    viewer = someone(engine, who) if isinstance(who, str) else who
    with reading(engine) as connection:
        found = queries.examples(viewer, connection, as_of)
    return found.select("person_name", "skill", "level", "evidence", "anchor").rows()


def asked(engine: sa.Engine, who: str) -> list[int]:
    with reading(engine) as connection:
        return queries.examples_to_answer(someone(engine, who), connection)["observation_id"].to_list()


def test_a_moment_is_shown_only_between_consent_and_taking_it_back(company: sa.Engine) -> None:
    moment = recorded(company, "maya", scores=STRONG)
    do(company, commands.offer_example, "maya", moment)
    assert asked(company, "ravi") == [moment]
    assert asked(company, "rosa") == asked(company, "maya") == []
    for who in EVERYBODY:
        assert shelf(company, who) == []
    do(company, commands.agree_to_example, "ravi", moment)
    for who in EVERYBODY:
        [(name, skill, level, evidence, anchor)] = shelf(company, who)
        assert (name, skill, level) == ("Ravi Nair", "discovery", 5)
        assert evidence == "Waited until the customer named the figure"
        assert anchor.startswith("As level 4")
    for nobody in (someone(company, "eve"), someone(company, "ada"), operator(), stand_in(Role.ADMIN)):
        assert shelf(company, nobody) == []
        with reading(company) as connection:
            assert queries.role_models(nobody, connection).is_empty()
    # As of the day before, nobody had agreed yet; once taken back it is gone from every date.
    assert shelf(company, "wim", TODAY - dt.timedelta(days=1)) == []
    do(company, commands.take_back_example, "ravi", moment)
    for who in EVERYBODY:
        assert shelf(company, who) == []
    with pytest.raises(CommandRefused, match="taken the offer back"):
        do(company, commands.agree_to_example, "ravi", moment)


def test_the_coach_withdraws_and_others_take_part_in_none_of_it(company: sa.Engine) -> None:
    moment = recorded(company, "maya", scores=STRONG)
    for who in ("dana", "omar", "ravi", "eve"):
        with pytest.raises(NotPermitted):
            do(company, commands.offer_example, who, moment)
    do(company, commands.offer_example, "maya", moment)
    for who in ("maya", "dana", "rosa", "eve"):
        with pytest.raises(NotPermitted):
            do(company, commands.agree_to_example, who, moment)
    for who in ("dana", "omar", "rosa"):
        with pytest.raises(NotPermitted):
            do(company, commands.take_back_example, who, moment)
    do(company, commands.agree_to_example, "ravi", moment)
    with pytest.raises(CommandRefused, match="withdraw the example first"):
        do(company, observing.undo_observation, "maya", moment)
    do(company, commands.take_back_example, "maya", moment)
    assert shelf(company, "ravi") == []


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"visibility": "private"}, "private"),
        ({"ask_own_view": True}, "not seen it yet"),
        ({"scores": (ScoreDraft("discovery", 5), ScoreDraft("objections", 3, "Fine"))}, "two highest"),
    ],
)
def test_what_has_nothing_to_show_is_not_offered(company: sa.Engine, changes: dict[str, Any], said: str) -> None:
    moment = recorded(company, "maya", **{"scores": STRONG, **changes})
    with pytest.raises(CommandRefused, match=said):
        do(company, commands.offer_example, "maya", moment)


def test_coaching_conversations_and_own_views_stay_out_of_the_library(company: sa.Engine) -> None:
    of_maya = recorded(
        company,
        "dana",
        "maya",
        kind="coach_the_coach",
        scorecard="coaching",
        scores=(ScoreDraft("listens", 5, "Waited"),),
    )
    with pytest.raises(CommandRefused, match="between the two of you"):
        do(company, commands.offer_example, "dana", of_maya)
    first = recorded(company, "maya", ask_own_view=True)
    own = do(company, observing.record_self_view, "ravi", first, Rating(STRONG))
    for who in ("ravi", "maya"):
        with pytest.raises(NotPermitted):
            do(company, commands.offer_example, who, own)


def test_a_manager_whose_rep_has_moved_offers_nothing_any_more(company: sa.Engine) -> None:
    moment = recorded(company, "maya", scores=STRONG)
    moved = [dict(row) for row in PEOPLE]
    next(row for row in moved if row["id"] == "ravi").update(manager="omar", team="West")
    load(company, "people", moved, TODAY + dt.timedelta(days=1))
    later = NOW + dt.timedelta(days=1)
    for who in ("maya", "omar"):
        with pytest.raises(NotPermitted):
            do(company, commands.offer_example, who, moment, now=later)


def test_role_models_are_for_everybody_who_sells_or_coaches(company: sa.Engine) -> None:
    for who in EVERYBODY:
        with reading(company) as connection:
            found = queries.role_models(someone(company, who), connection)
        assert found.height == 8, who
        assert found["body"].null_count() == found["skill"].null_count() == 0
    assert person_id(company, "ravi") > 0
