"""Skills out of both databases: what counts, who sees whose, and what was known when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.people import Role
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading
from data_access.queries import skills as skill_queries
from data_access.scope import operator, stand_in
from data_access.tables import (
    import_run,
    observation,
    person,
    plan,
    plan_revision,
    score,
    scorecard,
    scorecard_item,
    scorecard_version,
    session,
    skill,
)
from tests.companies import PEOPLE, TODAY, load, measure, someone, value
from tests.copies import copies_of

D = dt.date
START = D(2026, 1, 5)


def at(on: dt.date, hour: int = 10) -> dt.datetime:
    return dt.datetime(on.year, on.month, on.day, hour, tzinfo=dt.UTC)


def ids(engine: sa.Engine) -> dict[str, int]:
    with reading(engine) as connection:
        return {row.external_id: row.id for row in connection.execute(sa.select(person.c.external_id, person.c.id))}


def observe(
    engine: sa.Engine,
    rep: str,
    on: dt.date,
    by: str = "maya",
    *,
    kind: str = "coach",
    released: bool | dt.datetime = True,
    pair: int | None = None,
    version: int | None = None,
    **levels: int,
) -> int:
    """An observation with a level (1..5) per skill; its id."""
    who = ids(engine)
    with engine.begin() as connection:
        card = "coach" if kind == "coach_the_coach" else "rep"
        chosen = version or connection.scalar(
            sa.select(scorecard_version.c.id)
            .join(scorecard, scorecard.c.id == scorecard_version.c.scorecard_id)
            .where(scorecard.c.kind == card)
        )
        found = connection.execute(
            sa.select(skill.c.slug, scorecard_item.c.id)
            .join(skill, skill.c.id == scorecard_item.c.skill_id)
            .where(scorecard_item.c.scorecard_version_id == chosen)
        )
        items = {row.slug: row.id for row in found}
        row = {
            "person_id": who[rep],
            "observer_id": who[by],
            "kind": kind,
            "paired_observation_id": pair,
            "observed_at": at(on),
            "observed_on": on,
            "channel": "phone",
            "scorecard_version_id": chosen,
            "visibility": "shared",
            "released_at": at(on, 12) if released is True else released or None,
            "recorded_at": at(on, 11),
            "version": 1,
        }
        key = connection.execute(sa.insert(observation).values(row)).inserted_primary_key
        assert key is not None
        new_id = int(key[0])
        connection.execute(
            sa.insert(score),
            [{"observation_id": new_id, "scorecard_item_id": items[s], "level": n} for s, n in levels.items()],
        )
    return new_id


def founded(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        ensure_default_scorecard(connection)
    load(engine, "people", PEOPLE)


company = copies_of(founded)


def observe_monthly(engine: sa.Engine, rep: str, levels: Sequence[int], by: str = "maya") -> None:
    for number, given in enumerate(levels):
        observe(engine, rep, START + dt.timedelta(days=30 * number), by, discovery=given)


KEYS = "skill_level:discovery skill_growth:discovery"


def test_ravis_level_is_the_mean_of_his_last_three_released_scores(company: sa.Engine) -> None:
    observe_monthly(company, "ravi", [1, 3, 4, 5])
    found = measure(company, KEYS, "rep")
    assert value(found, "skill_level:discovery", "ravi") == pytest.approx(75)
    assert value(found, "skill_level:discovery_n", "ravi") == 3
    assert value(found, "skill_level:discovery_low", "ravi") == pytest.approx(12.9, abs=0.01)
    assert value(found, "skill_growth:discovery_n", "ravi") == 4
    assert value(found, "skill_growth:discovery", "ravi") > 0
    assert value(found, "skill_level:discovery", "rosa") is None
    assert value(found, "skill_level:discovery_n", "rosa") is None


def test_scores_that_nobody_has_shown_the_rep_never_count(company: sa.Engine) -> None:
    observe(company, "ravi", D(2026, 3, 2), discovery=5, released=False)
    assert value(measure(company, KEYS, "rep"), "skill_level:discovery", "ravi") is None
    observe(company, "ravi", D(2026, 3, 3), discovery=2)
    assert value(measure(company, KEYS, "rep"), "skill_level:discovery", "ravi") == 25


def test_a_score_counts_from_the_end_of_the_day_on_which_it_was_released(company: sa.Engine) -> None:
    observe(company, "ravi", D(2026, 3, 2), discovery=3, released=at(D(2026, 3, 9)))
    day: dict[str, Any] = {"start": "2026-01-01", "end": "2026-03-31"}
    before = measure(company, KEYS, "rep", **day, as_of="2026-03-08")
    assert value(before, "skill_level:discovery", "ravi") is None
    after = measure(company, KEYS, "rep", **day, as_of="2026-03-09")
    assert value(after, "skill_level:discovery", "ravi") == 50


def test_the_reps_own_view_and_the_coaching_of_coaches_are_no_level_of_selling(company: sa.Engine) -> None:
    observe(company, "ravi", D(2026, 3, 2), "ravi", kind="self", discovery=5)
    observe(company, "ravi", D(2026, 3, 2), "omar", kind="second_rater", discovery=2)
    observe(company, "maya", D(2026, 3, 2), "dana", kind="coach_the_coach", listens=5)
    found = measure(company, KEYS, "rep")
    assert value(found, "skill_level:discovery", "ravi") == 25
    with pytest.raises(KeyError, match="no skill 'listens'"):
        measure(company, "skill_level:listens", "rep")


def test_levels_month_by_month_know_what_was_observed_by_then(company: sa.Engine) -> None:
    observe_monthly(company, "ravi", [1, 2, 3])
    found = measure(company, KEYS, "rep", "2025-12-01", "2026-04-30", every="month").filter(pl.col("id") == "ravi")
    assert found["skill_level:discovery"].to_list() == [None, 0, 12.5, 25, 25]
    assert found["skill_level:discovery_n"].to_list() == [None, 1, 2, 3, 3]


def test_a_page_of_the_past_does_not_change_when_more_is_observed_and_released(company: sa.Engine) -> None:
    observe_monthly(company, "ravi", [1, 2, 3, 3])
    asked: dict[str, Any] = {"start": "2026-01-01", "end": "2026-04-30", "as_of": "2026-04-30", "every": "month"}
    before = measure(company, KEYS, "rep", **asked)
    for day in (D(2026, 5, 4), D(2026, 6, 1), D(2026, 7, 1)):
        observe(company, "ravi", day, discovery=5)
        observe(company, "rosa", day, discovery=1)
    assert measure(company, KEYS, "rep", **asked).equals(before)


def test_a_team_is_the_mean_of_its_reps_and_says_how_many(company: sa.Engine) -> None:
    observe(company, "ravi", D(2026, 3, 2), discovery=5)
    observe(company, "rosa", D(2026, 3, 2), discovery=2)
    observe(company, "wim", D(2026, 3, 2), "omar", discovery=1)
    teams = measure(company, KEYS, "team")
    assert value(teams, "skill_level:discovery", "East") == pytest.approx((100 + 25) / 2)
    assert value(teams, "skill_level:discovery_n", "East") == 2
    assert value(teams, "skill_level:discovery", "West") == 0
    assert value(teams, "skill_level:discovery_low", "West") is None
    whole = measure(company, KEYS)
    assert value(whole, "skill_level:discovery") == pytest.approx(125 / 3)
    assert value(whole, "skill_level:discovery_n") == 3


def test_maya_and_ravi_see_the_same_level_and_growth_although_ravi_sees_nobody_else(company: sa.Engine) -> None:
    for rep, levels in {"ravi": [1, 2, 3, 4], "rosa": [3, 3, 2, 3], "wim": [2, 2, 2, 3], "wanda": [4, 4, 5, 5]}.items():
        observe_monthly(company, rep, levels)
    ravi, maya = someone(company, "ravi"), someone(company, "maya")
    mine = measure(company, KEYS, "rep", viewer=ravi).to_dicts()
    hers = measure(company, KEYS, "rep", viewer=maya)
    assert mine == hers.filter(pl.col("id") == "ravi").to_dicts()
    assert set(hers["id"]) == {"ravi", "rosa"}
    everybody = measure(company, KEYS, "rep").filter(pl.col("id") == "ravi").to_dicts()
    assert mine == everybody


def report(engine: sa.Engine, who: str, as_of: dt.date = TODAY) -> dict[str, pl.DataFrame]:
    viewer = operator() if who == "operator" else someone(engine, who)
    with reading(engine) as connection:
        return skill_queries.skill_report(viewer, connection, at=as_of, as_of=as_of, today=TODAY)


def test_standings_and_leniency_are_those_of_people_in_view_only(company: sa.Engine) -> None:
    who = ids(company)
    for rep in ("ravi", "rosa", "wim"):
        first = observe(company, rep, D(2026, 3, 2), "maya", discovery=4, opening=4)
        observe(company, rep, D(2026, 3, 2), "omar", kind="second_rater", pair=first, discovery=2, opening=3)
    seen = {name: report(company, name) for name in ("ravi", "maya", "omar", "dana", "eve", "ada", "operator")}
    people = {name: set(found["standings"]["person_id"]) for name, found in seen.items()}
    east = {who["ravi"], who["rosa"]}
    assert people == {
        "ravi": {who["ravi"]},
        "maya": east,
        "omar": {who["wim"]},
        "dana": east | {who["wim"]},
        "eve": set(),
        "ada": set(),
        "operator": east | {who["wim"]},
    }
    raters = {name: found["raters"]["name"].to_list() for name, found in seen.items()}
    assert raters["maya"] == ["Maya Lindgren"]
    assert raters["omar"] == ["Omar Haddad"]
    assert raters["dana"] == ["Maya Lindgren", "Omar Haddad"]
    assert raters["ravi"] == raters["eve"] == raters["ada"] == []
    given = dict(seen["dana"]["raters"].select("name", "leniency").iter_rows())
    assert given["Maya Lindgren"] > 0 > given["Omar Haddad"]
    pairs = {name: found["agreement"]["pair_count"][0] for name, found in seen.items()}
    assert pairs == {"ravi": 2, "maya": 4, "omar": 2, "dana": 6, "eve": 6, "ada": 0, "operator": 6}


def test_ravis_history_says_who_and_how_and_not_one_word_of_evidence(company: sa.Engine) -> None:
    first = observe(company, "ravi", D(2026, 3, 2), discovery=3)
    observe(company, "ravi", D(2026, 3, 2), "ravi", kind="self", pair=first, discovery=5)
    observe(company, "ravi", D(2026, 3, 4), discovery=1, released=False)
    found = {name: history(company, name) for name in ("ravi", "maya", "dana", "omar", "eve", "ada")}
    assert found["ravi"]["kind"].to_list() == ["coach", "self"]
    assert found["ravi"]["observer_name"].to_list() == ["Maya Lindgren", "Ravi Nair"]
    assert found["ravi"]["channel"].to_list() == ["phone", "phone"]
    assert found["maya"].equals(found["ravi"])
    assert found["dana"].equals(found["ravi"])
    assert [found[name].height for name in ("omar", "eve", "ada")] == [0, 0, 0]
    assert "evidence" not in found["ravi"].columns


def history(engine: sa.Engine, who: str, as_of: dt.date = TODAY) -> pl.DataFrame:
    with reading(engine) as connection:
        return skill_queries.skill_history(
            someone(engine, who), connection, rep_id=ids(engine)["ravi"], at=as_of, as_of=as_of, today=TODAY
        )


def hold(engine: sa.Engine, rep: str, on: dt.date, by: str = "maya", about: str = "discovery", **more: Any) -> None:
    who = ids(engine)
    with engine.begin() as connection:
        skill_id = connection.scalar(sa.select(skill.c.id).where(skill.c.slug == about))
        row = {
            "rep_id": who[rep],
            "coach_id": who[by],
            "kind": "own_manager",
            "held_at": at(on),
            "held_on": on,
            "status": "held",
            "method": "role_play",
            "angle": "From a strength",
            "skill_id": skill_id,
            "visibility": "private",
            "note": "nobody else's business",
            "recorded_at": at(on),
            "version": 1,
        }
        connection.execute(sa.insert(session).values(row | more))


def test_a_coachs_scores_after_their_own_session_on_the_skill_are_marked(company: sa.Engine) -> None:
    hold(company, "ravi", D(2026, 3, 2))
    observe(company, "ravi", D(2026, 2, 2), discovery=2, opening=2)
    observe(company, "ravi", D(2026, 4, 2), discovery=4, opening=2)
    observe(company, "ravi", D(2026, 4, 3), "dana", discovery=4)
    found = history(company, "maya")
    assert found.filter(pl.col("after_own_coaching"))["observed_on"].to_list() == [D(2026, 4, 2)]


def test_what_was_tried_holds_methods_and_angles_of_held_sessions_and_no_note(company: sa.Engine) -> None:
    hold(company, "ravi", D(2026, 3, 2))
    hold(company, "ravi", D(2026, 3, 9), status="missed", missed_by="rep", held_at=None, held_on=None)
    hold(company, "ravi", D(2026, 3, 16), skill_id=None)
    hold(company, "rosa", D(2026, 3, 16))
    rep_id = ids(company)["ravi"]
    for name, expected in (("maya", 1), ("ravi", 1), ("omar", 0), ("eve", 0), ("ada", 0)):
        with reading(company) as connection:
            found = skill_queries.work_on_skills(
                someone(company, name), connection, rep_id=rep_id, at=TODAY, as_of=TODAY, today=TODAY
            )
        assert found.height == expected, name
        assert found["method"].to_list() == ["role_play"] * expected
        assert "note" not in found.columns


def test_plans_are_marked_once_they_are_agreed_and_have_begun(company: sa.Engine) -> None:
    rep_id, coach_id = ids(company)["ravi"], ids(company)["maya"]
    with company.begin() as connection:
        for on, status in ((D(2026, 2, 2), "closed"), (D(2026, 5, 4), "active"), (D(2026, 6, 1), "draft")):
            row = {"rep_id": rep_id, "coach_id": coach_id, "starts_on": on, "status": status, "version": 1}
            key = connection.execute(sa.insert(plan).values(row)).inserted_primary_key
            assert key is not None
            said = {"plan_id": int(key[0]), "number": 1, "reason": "first", "recorded_at": at(on)}
            connection.execute(sa.insert(plan_revision).values(said))

    def starts(name: str, as_of: dt.date) -> list[dt.date]:
        with reading(company) as connection:
            return skill_queries.plan_starts(
                someone(company, name), connection, rep_id=rep_id, as_of=as_of, today=TODAY
            )

    assert starts("maya", TODAY) == starts("ravi", TODAY) == [D(2026, 2, 2), D(2026, 5, 4)]
    assert starts("maya", D(2026, 3, 1)) == [D(2026, 2, 2)]
    assert starts("omar", TODAY) == starts("eve", TODAY) == []


def test_a_new_version_of_the_scorecard_keeps_old_scores_and_is_named(company: sa.Engine) -> None:
    observe(company, "ravi", D(2026, 3, 2), discovery=3)
    with company.begin() as connection:
        card = connection.scalar(sa.select(scorecard.c.id).where(scorecard.c.kind == "rep"))
        skill_id = connection.scalar(sa.select(skill.c.id).where(skill.c.slug == "discovery"))
        key = connection.execute(
            sa.insert(scorecard_version).values(scorecard_id=card, number=2, starts_on=D(2026, 4, 1))
        ).inserted_primary_key
        assert key is not None
        second = int(key[0])
        connection.execute(
            sa.insert(scorecard_item).values(
                scorecard_version_id=second, skill_id=skill_id, position=1, lowest=0, highest=10
            )
        )
    observe(company, "ravi", D(2026, 4, 2), version=second, discovery=10)
    found = report(company, "maya")["standings"].row(0, named=True)
    assert (found["level"], found["level_n"], found["version_count"]) == (75.0, 2, 2)
    with reading(company) as connection:
        named = skill_queries.scorecard_starts(operator(), connection, TODAY)
        earlier = skill_queries.scorecard_starts(operator(), connection, D(2026, 3, 31))
    assert named.select("number", "starts_on").rows() == [(2, D(2026, 4, 1))]
    assert earlier.is_empty()


def test_coaching_skill_is_the_level_on_the_coaching_scorecard_and_no_score_is_no_row(company: sa.Engine) -> None:
    observe(company, "maya", D(2026, 3, 2), "dana", kind="coach_the_coach", listens=5, trust=3)
    observe(company, "maya", D(2026, 6, 2), "dana", kind="coach_the_coach", listens=5, trust=5)
    observe(company, "maya", D(2026, 7, 2), "dana", kind="coach_the_coach", listens=1, released=False)
    seen = {}
    for name in ("dana", "maya", "omar", "ravi", "eve", "ada"):
        with reading(company) as connection:
            seen[name] = skill_queries.coach_skill_levels(someone(company, name), connection, as_of=TODAY, today=TODAY)
    row = seen["dana"].row(0, named=True)
    assert (row["name"], row["level"], row["level_n"]) == ("Maya Lindgren", pytest.approx(87.5), 2)
    assert row["last_on"] == D(2026, 6, 2)
    assert seen["dana"].height == 1
    assert seen["maya"].equals(seen["dana"])
    assert [seen[name].height for name in ("omar", "ravi", "eve", "ada")] == [0, 0, 0, 0]
    with reading(company) as connection:
        by_skill = skill_queries.coach_skills(someone(company, "dana"), connection, as_of=TODAY, today=TODAY)
        skills = skill_queries.skill_list(operator(), connection, "coach")
    named = by_skill.join(skills, on="skill_id").select("slug", "level").rows()
    assert dict(named) == {"listens": 100.0, "trust": 75.0}


BIG = [
    *PEOPLE,
    *({"id": f"e{n}", "name": f"Rep East {n}", "role": "Rep", "manager": "maya", "team": "East"} for n in range(4)),
    *({"id": f"w{n}", "name": f"Rep West {n}", "role": "Rep", "manager": "omar", "team": "West"} for n in range(4)),
]


def test_the_executive_gets_no_level_of_fewer_than_five_not_even_by_subtraction(company: sa.Engine) -> None:
    engine = company
    load(engine, "people", BIG)
    eve = someone(engine, "eve")
    for rep in ("ravi", "rosa", "e0", "e1", "e2"):
        observe(engine, rep, D(2026, 3, 2), discovery=3)
    for rep in ("wim", "wanda", "w0", "w1"):
        observe(engine, rep, D(2026, 3, 2), "omar", discovery=5)
    teams = measure(engine, KEYS, "team", viewer=eve)
    assert {"East", "West"} <= set(teams["id"])
    # West's four could be worked out from the whole less East, so East is withheld as well.
    assert value(teams, "skill_level:discovery", "West") is None
    assert value(teams, "skill_level:discovery", "East") is None
    assert value(measure(engine, KEYS, viewer=eve), "skill_level:discovery_n") == 9
    observe(engine, "w2", D(2026, 3, 2), "omar", discovery=5)
    teams = measure(engine, KEYS, "team", viewer=eve)
    assert value(teams, "skill_level:discovery", "East") == 50
    assert value(teams, "skill_level:discovery_n", "West") == 5
    assert measure(engine, KEYS, "rep", viewer=eve).is_empty()
    # A leader sees the reps themselves, so nothing is withheld.
    assert value(measure(engine, KEYS, "team", viewer=someone(engine, "dana")), "skill_level:discovery", "West") == 100


def test_a_rep_who_has_left_counts_in_no_total_afterwards_and_still_before(company: sa.Engine) -> None:
    engine = company
    gone = [row | {"left_on": "2026-05-31" if row["id"] == "rosa" else ""} for row in PEOPLE]
    load(engine, "people", gone)
    observe(engine, "ravi", D(2026, 3, 2), discovery=5)
    observe(engine, "rosa", D(2026, 3, 2), discovery=1)
    asked: dict[str, Any] = {"start": "2026-05-01", "end": "2026-06-30", "every": "month"}
    assert measure(engine, KEYS, **asked)["skill_level:discovery_n"].to_list() == [2, 1]
    assert measure(engine, KEYS, **asked)["skill_level:discovery"].to_list() == [50, 100]


def test_an_import_that_is_not_published_does_not_exist(company: sa.Engine) -> None:
    seen = observe(company, "ravi", D(2026, 3, 2), discovery=5)
    with company.begin() as connection:
        row = connection.execute(sa.select(import_run)).mappings().first()
        assert row is not None
        values = {**row, "kind": "observations", "published_at": None, "is_base": False}
        values.pop("id")
        key = connection.execute(sa.insert(import_run).values(values)).inserted_primary_key
        assert key is not None
        connection.execute(sa.update(observation).where(observation.c.id == seen).values(import_id=int(key[0])))
    assert value(measure(company, KEYS, "rep"), "skill_level:discovery", "ravi") is None


def test_an_empty_company_has_skills_and_no_level(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        ensure_default_scorecard(connection)
    with reading(engine) as connection:
        skills = skill_queries.skill_list(operator(), connection)
        found = skill_queries.skill_report(stand_in(Role.EXECUTIVE), connection, at=TODAY, as_of=TODAY, today=TODAY)
    assert skills["position"].to_list() == list(range(8))
    assert skills["slug"][0] == "preparing"
    assert found["standings"].is_empty()
    assert found["raters"].is_empty()
    assert value(measure(engine, KEYS), "skill_level:discovery") is None
