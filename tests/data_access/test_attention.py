"""Who needs whom, from what people wrote and what exports said; who sees the list; putting off and taking back."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.attention.order import Listing, SnoozeDraft, Weights, listing
from coaching.observations import ObservationDraft, ScoreDraft
from coaching.people import Role, Viewer
from coaching.plans import ActionDraft, ObjectiveDraft, PlanDraft
from coaching.sessions import CommitmentDraft, SessionDraft
from data_access import audit
from data_access.commands import attention as commands
from data_access.commands import observations, plans, sessions
from data_access.commands.settings import change_setting
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import open_engine, reading, writing
from data_access.queries import attention as queries
from data_access.scope import NotPermitted, data_version, operator, stand_in
from data_access.settings import SettingRefused, checked
from data_access.tables import alert_snooze, audit_entry
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.databases import sqlite_url

DAY = dt.timedelta(days=1)
WEEK = 7 * DAY
STARTED = {"started_on": "2025-01-01"}
LATE = "2026-11-01"
"""When five of Ravi's deals were to close."""


def ready(engine: sa.Engine) -> sa.Engine:
    """Ravi has slipped deals and lost some to Acme; Rosa, Wim and Wanda sell as they should."""
    load(engine, "people", [row | STARTED for row in PEOPLE], dt.date(2026, 1, 1))
    rows = [deal(f"late{n}", expected_close_on=LATE, amount=1000 * (n + 1)) for n in range(5)]
    rows += [deal(f"fine{n}", "rosa", expected_close_on="2026-12-20") for n in range(5)]
    for owner in ("ravi", "rosa", "wim", "wanda"):
        rows += [deal(f"{owner}w{n}", owner, status="won", closed=f"2026-09-{n + 1:02}") for n in range(10)]
        lost_to = {"competitor": "Acme", "lost_reason": "Price"} if owner == "ravi" else {}
        rows += [deal(f"{owner}l{n}", owner, status="lost", closed=f"2026-10-{n + 1:02}", **lost_to) for n in range(6)]
    load(engine, "deals", rows, TODAY)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    return engine


@pytest.fixture
def company(engine: sa.Engine) -> sa.Engine:
    return ready(engine)


@pytest.fixture(scope="module")
def built(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same company in a file, made once, to be copied and never opened."""
    file = tmp_path_factory.mktemp("attention") / "company.sqlite3"
    shutil.copyfile(sqlite_template, file)
    engine = open_engine(sqlite_url(file))
    ready(engine)
    engine.dispose()
    return file


@pytest.fixture
def small(built: Path, tmp_path: Path) -> Iterator[sa.Engine]:
    """The same company where the kind of database does not matter."""
    shutil.copyfile(built, tmp_path / "company.sqlite3")
    engine = open_engine(sqlite_url(tmp_path / "company.sqlite3"))
    yield engine
    engine.dispose()


def id_of(engine: sa.Engine, who: str) -> int:
    found = someone(engine, who).person_id
    assert found is not None
    return found


def run(engine: sa.Engine, who: str, command: Callable[[Viewer, sa.Connection], Any]) -> Any:
    with writing(engine) as connection:
        return command(someone(engine, who), connection)


def found(
    engine: sa.Engine, who: str | Viewer = "maya", as_of: dt.date = TODAY, today: dt.date = TODAY, **more: Any
) -> dict[str, pl.DataFrame]:
    viewer = someone(engine, who) if isinstance(who, str) else who
    with reading(engine) as connection:
        return queries.attention(viewer, connection, as_of=as_of, today=today, **more)


def rules_about(
    engine: sa.Engine, rep: str = "ravi", who: str = "maya", as_of: dt.date = TODAY, **more: Any
) -> set[str]:
    alerts = found(engine, who, as_of, **more)["alerts"]
    return set(alerts.filter(pl.col("rep_id") == id_of(engine, rep))["rule"])


def shown(engine: sa.Engine, who: str = "maya", as_of: dt.date = TODAY) -> Listing:
    frames = found(engine, who, as_of)
    with reading(engine) as connection:
        viewer = someone(engine, who)
        put_off = queries.snoozes(viewer, connection, as_of=as_of)
        weights = queries.attention_weights(viewer, connection)
    return listing(frames["alerts"], frames["people"], put_off, weights, as_of)


# ---- What is found -----------------------------------------------------------------------------------------------


def test_deals_of_the_crm_put_ravi_on_mayas_list_with_the_deals_as_sources(company: sa.Engine) -> None:
    alerts = found(company)["alerts"]
    slipped = alerts.filter(pl.col("rule") == "slipped_deals").row(0, named=True)
    assert (slipped["rep_id"], slipped["n"]) == (id_of(company, "ravi"), 5.0)
    assert slipped["words"] == "5\u00a0deals past the expected close and still open"
    assert len(slipped["source_ids"]) == 5
    lost = alerts.filter(pl.col("rule") == "competitor_losses").row(0, named=True)
    assert lost["rep_id"] == id_of(company, "ravi")
    assert "6 of 16 deals closed in 90\u00a0days lost to Acme (0\u00a0% elsewhere)" in lost["words"]


def test_two_reps_with_different_data_get_different_reasons(small: sa.Engine) -> None:
    assert rules_about(small, "ravi") != rules_about(small, "rosa")
    assert "slipped_deals" not in rules_about(small, "rosa")


def coached(engine: sa.Engine, days_ago: int, *promises: CommitmentDraft, by: str = "maya") -> int:
    """A session that was held and written down so many days ago."""
    then = NOW - days_ago * DAY
    draft = SessionDraft(
        id_of(engine, "ravi"), held_at=then - dt.timedelta(hours=1), status="held", minutes=30, commitments=promises
    )
    return int(run(engine, by, lambda viewer, c: sessions.record_session(viewer, c, draft, then)))


def promises_of(engine: sa.Engine, session_id: int) -> list[int]:
    from data_access.tables import commitment

    with reading(engine) as connection:
        return list(connection.scalars(sa.select(commitment.c.id).where(commitment.c.session_id == session_id)))


def test_what_maya_promised_comes_up_once_its_day_has_passed_and_goes_when_it_is_kept(company: sa.Engine) -> None:
    session_id = coached(company, 20, CommitmentDraft("coach", "Bring the price list", TODAY - 5 * DAY))
    assert "promise_overdue" not in rules_about(company, as_of=TODAY - 5 * DAY)
    assert "promise_overdue" in rules_about(company, as_of=TODAY - 4 * DAY)
    alerts = found(company)["alerts"].filter(pl.col("rule") == "promise_overdue")
    [promise] = promises_of(company, session_id)
    assert alerts["source_ids"].to_list() == [[f"commitment:{promise}"]]
    assert alerts["words"][0].startswith("You promised “Bring the price list”")
    run(company, "maya", lambda viewer, c: sessions.keep_commitment(viewer, c, promise, TODAY, NOW))
    assert "promise_overdue" not in rules_about(company)
    # The day before nobody knew that it would be kept.
    assert "promise_overdue" in rules_about(company, as_of=TODAY - DAY)


def test_dana_reads_whose_promise_it_is(small: sa.Engine) -> None:
    coached(small, 20, CommitmentDraft("coach", "Bring the price list", TODAY - 5 * DAY))
    alerts = found(small, "dana")["alerts"].filter(pl.col("rule") == "promise_overdue")
    assert alerts["words"][0].startswith("Maya Lindgren promised")


def test_a_promise_that_ravi_kept_in_time_is_owed_praise_until_some_is_noted(small: sa.Engine) -> None:
    session_id = coached(small, 10, CommitmentDraft("rep", "Call the buyer", TODAY))
    [promise] = promises_of(small, session_id)
    run(small, "ravi", lambda viewer, c: sessions.keep_commitment(viewer, c, promise, TODAY - DAY, NOW))
    assert "praise_owed" in rules_about(small)
    praised = SessionDraft(id_of(small, "ravi"), held_at=NOW - dt.timedelta(hours=1), status="held", trigger="praise")
    run(small, "maya", lambda viewer, c: sessions.record_session(viewer, c, praised, NOW))
    assert "praise_owed" not in rules_about(small)


def test_the_cadence_is_told_as_on_its_own_page_and_unknown_without_any_session(small: sa.Engine) -> None:
    assert "cadence_breach" not in rules_about(small)
    coached(small, 40)
    alerts = found(small)["alerts"].filter(pl.col("rep_id") == id_of(small, "ravi"))
    told = dict(alerts.select("rule", "words").iter_rows())
    assert "last one 11\u00a0Oct" in told["cadence_breach"]
    assert told["not_seen"].startswith("Neither coached nor observed for 40\u00a0days")
    coached(small, 0)
    assert not {"cadence_breach", "not_seen"} & rules_about(small)


def test_a_planned_session_that_is_not_written_up_waits_three_days(small: sa.Engine) -> None:
    draft = SessionDraft(id_of(small, "ravi"), planned_on=TODAY - 3 * DAY, status="planned")
    then = NOW - WEEK
    session_id = run(small, "maya", lambda viewer, c: sessions.plan_session(viewer, c, draft, then))
    alerts = found(small)["alerts"].filter(pl.col("rule") == "not_written_up")
    assert alerts["source_ids"].to_list() == [[f"session:{session_id}"]]
    assert "not_written_up" not in rules_about(small, as_of=TODAY - DAY)


def observed(engine: sa.Engine, days_ago: int, level: int) -> int:
    """Maya saw Ravi so many days ago, wrote it down at once and showed it to him."""
    then = NOW - days_ago * DAY
    at = then - dt.timedelta(hours=1)
    scores = (ScoreDraft("discovery", level, "Asked what happens if nothing changes."),)
    draft = ObservationDraft(id_of(engine, "ravi"), None, at, scores=scores, went_well="The silence.")
    return int(run(engine, "maya", lambda viewer, c: observations.record_observation(viewer, c, draft, then)))


@pytest.mark.parametrize(("before", "now", "rule"), [(5, 1, "skill_drop"), (2, 4, "skill_reached")])
def test_a_level_that_moved_names_the_observations_it_is_made_of(
    small: sa.Engine, before: int, now: int, rule: str
) -> None:
    for days in (120, 110, 100):
        observed(small, days, before)
    assert rule not in rules_about(small)
    ids = [observed(small, days, now) for days in (20, 15, 10)]
    alerts = found(small)["alerts"].filter(pl.col("rule") == rule)
    assert alerts["source_ids"].to_list() == [[f"observation:{number}" for number in ids]]
    assert alerts["is_good"].to_list() == [rule == "skill_reached"]
    if rule == "skill_drop":
        # Ten days earlier only two of the three new scores were known.
        assert rule not in rules_about(small, as_of=TODAY - 11 * DAY)


def objecting(engine: sa.Engine, days_ago: int) -> int:
    """Ravi objected to an objective so many days ago; its number."""
    then = NOW - days_ago * DAY
    ravi, maya = id_of(engine, "ravi"), id_of(engine, "maya")
    goal = ObjectiveDraft(
        ravi, maya, "won_count", None, 0.2, "relative", then.date(), TODAY + 90 * DAY, "Fuller", "Calmer"
    )
    action = ActionDraft(None, None, "Read the last two notes before each call")
    draft = PlanDraft(ravi, 0, then.date(), None, "Fewer deals, better known", (action,), (goal,))
    run(engine, "maya", lambda viewer, c: plans.propose_plan(viewer, c, draft, now=then))
    from data_access.tables import objective

    with reading(engine) as connection:
        number = int(connection.scalar(sa.select(objective.c.id)) or 0)
    run(
        engine,
        "ravi",
        lambda viewer, c: plans.answer_objective(viewer, c, number, 1, "object", now=then, reason="Not mine to move"),
    )
    return number


def test_an_objection_waits_a_week_and_is_met_by_listening_again(company: sa.Engine) -> None:
    number = objecting(company, 8)
    assert "objection_unanswered" not in rules_about(company, as_of=TODAY - 2 * DAY)
    alerts = found(company)["alerts"].filter(pl.col("rule") == "objection_unanswered")
    assert alerts["source_ids"].to_list() == [[f"objective:{number}"]]
    run(
        company,
        "maya",
        lambda viewer, c: plans.meet_resistance(viewer, c, number, "listen_again", "He is right", now=NOW),
    )
    assert "objection_unanswered" not in rules_about(company)


def test_a_copied_plan_names_whose_it_is_copied_from(small: sa.Engine) -> None:
    actions = tuple(ActionDraft(None, None, f"Do thing {n} before each call") for n in range(3))
    for rep in ("ravi", "rosa"):
        draft = PlanDraft(id_of(small, rep), 0, TODAY, None, "Fewer deals", actions)
        with writing(small) as connection:
            plans.propose_plan(someone(small, "maya"), connection, draft, now=NOW)
    alerts = found(small)["alerts"].filter(pl.col("rule") == "copied_plan").sort("name")
    assert [words.split(" in ")[1] for words in alerts["words"]] == ["Rosa Marin's plan", "Ravi Nair's plan"]


# ---- Who sees it -------------------------------------------------------------------------------------------------


def test_a_manager_sees_their_own_reps_a_leader_everybody_below_and_nobody_themselves(small: sa.Engine) -> None:
    assert found(small, "maya")["people"]["name"].to_list() == ["Ravi Nair", "Rosa Marin"]
    assert found(small, "omar")["people"]["name"].to_list() == ["Wanda Król", "Wim de Boer"]
    assert found(small, "dana")["people"]["name"].to_list() == [
        "Ravi Nair",
        "Rosa Marin",
        "Wanda Król",
        "Wim de Boer",
    ]
    assert id_of(small, "ravi") not in found(small, "omar")["alerts"]["rep_id"].to_list()


@pytest.mark.parametrize("who", ["eve", "ada", "ravi"])
def test_nobody_else_gets_a_row(small: sa.Engine, who: str) -> None:
    frames = found(small, who)
    assert frames["alerts"].is_empty()
    assert frames["people"].is_empty()


@pytest.mark.parametrize("viewer", [operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)])
def test_those_without_a_name_get_none_either(small: sa.Engine, viewer: Viewer) -> None:
    assert found(small, viewer)["alerts"].is_empty()


def test_a_team_below_is_a_part_of_the_leaders_list_and_a_strange_one_none_of_it(small: sa.Engine) -> None:
    from data_access.queries.people import teams

    with reading(small) as connection:
        tree = teams(someone(small, "dana"), connection, TODAY, TODAY)
    east = tree.filter(pl.col("name") == "East")["team_id"][0]
    assert found(small, "dana", team_id=east)["people"]["name"].to_list() == ["Ravi Nair", "Rosa Marin"]
    assert found(small, "omar", team_id=east)["people"].is_empty()


# ---- As of a past day --------------------------------------------------------------------------------------------


def test_a_list_of_a_past_day_stays_as_it_was_whatever_is_written_or_loaded_later(company: sa.Engine) -> None:
    coached(company, 30, CommitmentDraft("coach", "Bring the price list", TODAY - 20 * DAY))
    day = TODAY
    before = found(company, as_of=day, today=day)
    later = day + WEEK
    rows = [deal(f"late{n}", status="won", closed=later.isoformat(), amount=5) for n in range(5)]
    load(company, "deals", rows, later, now=NOW + WEEK)
    draft = SessionDraft(id_of(company, "ravi"), held_at=NOW + WEEK - dt.timedelta(hours=1), status="held", minutes=30)
    run(company, "maya", lambda viewer, c: sessions.record_session(viewer, c, draft, NOW + WEEK))
    after = found(company, as_of=day, today=later)
    assert after["alerts"].equals(before["alerts"])
    assert after["people"].equals(before["people"])
    assert not found(company, as_of=later, today=later)["alerts"].equals(before["alerts"])


def test_before_anything_was_known_the_list_is_empty_and_raises_nothing(small: sa.Engine) -> None:
    frames = found(small, as_of=dt.date(1990, 1, 1))
    assert frames["alerts"].is_empty()
    assert frames["known"].row(0) == (False, False)


def test_an_empty_company_has_an_empty_list(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE)
    frames = found(sqlite_engine)
    assert frames["alerts"].is_empty()
    assert frames["people"].height == 2


# ---- Putting off -------------------------------------------------------------------------------------------------


def snooze(engine: sa.Engine, who: str = "maya", now: dt.datetime = NOW, **changes: Any) -> int:
    values: dict[str, Any] = {
        "rule": "slipped_deals",
        "level": 3,
        "rep_id": id_of(engine, "ravi"),
        "reason": "The buyer is away",
        "until_on": now.date() + WEEK,
    }
    draft = SnoozeDraft(**values | changes)
    return int(run(engine, who, lambda viewer, c: commands.snooze_alert(viewer, c, draft, now)))


def reasons(engine: sa.Engine, who: str = "maya", as_of: dt.date = TODAY) -> set[str]:
    return {reason.rule for entry in shown(engine, who, as_of).needs for reason in entry.reasons}


def test_maya_puts_a_reason_off_dana_still_sees_it_and_undo_brings_it_back(company: sa.Engine) -> None:
    assert "slipped_deals" in reasons(company)
    number = snooze(company)
    assert "slipped_deals" not in reasons(company)
    assert [row.reason for row in shown(company).put_off] == ["The buyer is away"]
    assert "slipped_deals" in reasons(company, "dana")
    assert shown(company, "dana").put_off == ()
    run(company, "maya", lambda viewer, c: commands.lift_snooze(viewer, c, number, NOW))
    assert "slipped_deals" in reasons(company)


def test_it_comes_back_on_its_day_and_when_it_goes_further_in_kind(small: sa.Engine) -> None:
    snooze(small, until_on=TODAY + DAY)
    assert "slipped_deals" not in reasons(small)
    with reading(small) as connection:
        assert queries.snoozes(someone(small, "maya"), connection, as_of=TODAY + DAY).is_empty()
    snooze(small, level=2)
    assert "slipped_deals" in reasons(small)


def test_the_list_of_yesterday_knows_nothing_of_what_is_put_off_today(small: sa.Engine) -> None:
    number = snooze(small, now=NOW - 2 * DAY)
    run(small, "maya", lambda viewer, c: commands.lift_snooze(viewer, c, number, NOW))
    with reading(small) as connection:
        viewer = someone(small, "maya")
        days = [TODAY - 3 * DAY, TODAY - 2 * DAY, TODAY - DAY, TODAY]
        assert [queries.snoozes(viewer, connection, as_of=day).height for day in days] == [0, 1, 1, 0]


def test_only_its_author_reads_what_was_put_off(small: sa.Engine) -> None:
    snooze(small)
    with reading(small) as connection:
        for who in ("ravi", "dana", "omar", "eve", "ada"):
            assert queries.snoozes(someone(small, who), connection, as_of=TODAY).is_empty()
        for viewer in (operator(), stand_in(Role.EXECUTIVE), stand_in(Role.ADMIN)):
            assert queries.snoozes(viewer, connection, as_of=TODAY).is_empty()


def test_putting_off_again_takes_the_place_of_the_first_and_changes_no_figure(small: sa.Engine) -> None:
    with reading(small) as connection:
        before = data_version(connection)
    snooze(small)
    second = snooze(small, reason="She is on leave")
    with reading(small) as connection:
        held = queries.snoozes(someone(small, "maya"), connection, as_of=TODAY)
        # What is remembered of every page stays remembered.
        assert data_version(connection) == before
        entries = connection.execute(sa.select(audit_entry.c.action, audit_entry.c.subject, audit_entry.c.detail)).all()
        assert audit.first_broken_entry(connection) is None
    assert held["snooze_id"].to_list() == [second]
    written = [tuple(entry) for entry in entries if entry.action == "put off alert"]
    assert written == [("put off alert", f"alert_snooze {second + n}", None) for n in (-1, 0)]


@pytest.mark.parametrize("who", ["omar", "ravi", "eve", "ada"])
def test_nobody_else_puts_anything_off_about_ravi_or_takes_it_back(small: sa.Engine, who: str) -> None:
    number = snooze(small)
    with pytest.raises(NotPermitted):
        snooze(small, who)
    with pytest.raises(NotPermitted):
        run(small, who, lambda viewer, c: commands.lift_snooze(viewer, c, number, NOW))
    with reading(small) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(alert_snooze)) == 1


def lately(engine: sa.Engine, who: str = "maya", now: dt.datetime = NOW) -> dict[str, Any] | None:
    with reading(engine) as connection:
        return queries.put_off_lately(someone(engine, who), connection, now=now, today=TODAY)


def test_what_was_put_off_within_a_day_is_known_to_its_author_until_it_is_taken_back(small: sa.Engine) -> None:
    assert lately(small) is None
    number = snooze(small)
    row = lately(small)
    assert row is not None
    assert (row["snooze_id"], row["name"], row["rule"]) == (number, "Ravi Nair", "slipped_deals")
    assert lately(small, now=NOW + dt.timedelta(hours=23)) is not None
    assert lately(small, now=NOW + dt.timedelta(hours=24)) is None
    for who in ("dana", "omar", "ravi", "eve", "ada"):
        assert lately(small, who) is None
    run(small, "maya", lambda viewer, c: commands.lift_snooze(viewer, c, number, NOW))
    assert lately(small) is None


def test_a_reason_is_kept_as_it_can_be_read(small: sa.Engine) -> None:
    snooze(small, reason=" The\u200b buyer\nis \u202eaway\x00 ")
    assert [row.reason for row in shown(small).put_off] == ["The buyer is away"]


def test_a_reason_without_words_or_a_day_is_refused(small: sa.Engine) -> None:
    for changes in (
        {"reason": ""},
        {"reason": "\u200b" * 20},
        {"reason": "\x00\u202e\u2060" * 9},
        {"until_on": None},
        {"until_on": TODAY + 91 * DAY},
        {"rule": "nothing"},
    ):
        with pytest.raises(CommandRefused):
            snooze(small, **changes)


def promised(engine: sa.Engine, by: str, due_on: dt.date, at: dt.datetime) -> None:
    """Somebody who coaches Ravi promised him something."""
    draft = SessionDraft(
        id_of(engine, "ravi"), held_at=at, commitments=(CommitmentDraft("coach", "Bring the price list", due_on),)
    )
    run(engine, by, lambda viewer, c: sessions.record_session(viewer, c, draft, at))


def test_a_promise_of_the_coach_does_not_vanish_by_waiting(company: sa.Engine) -> None:
    promised(company, "maya", TODAY - 150 * DAY, NOW - 160 * DAY)
    assert "promise_overdue" in rules_about(company)
    assert "promise_overdue" in rules_about(company, who="dana")
    assert "promise_overdue" not in rules_about(company, as_of=TODAY - 150 * DAY)


def test_a_promise_of_somebody_who_has_left_is_nobodys_debt_any_more(small: sa.Engine) -> None:
    promised(small, "dana", TODAY - 150 * DAY, NOW - 160 * DAY)
    assert "promise_overdue" in rules_about(small)
    gone = [row | STARTED | {"left": "2026-11-10" if row["id"] == "dana" else ""} for row in PEOPLE]
    load(small, "people", gone, TODAY)
    assert "promise_overdue" not in rules_about(small)


# ---- Settings ----------------------------------------------------------------------------------------------------


def test_an_admin_moves_the_order_for_everybody(small: sa.Engine) -> None:
    with writing(small) as connection:
        ada = someone(small, "ada")
        change_setting(ada, connection, "attention_weights", '{"slipped_deals": 0, "stale_plan": 1}', NOW)
        change_setting(ada, connection, "attention_neglect", "0.5", NOW)
        change_setting(ada, connection, "attention_floor_weeks", 6, NOW)
    with reading(small) as connection:
        weights = queries.attention_weights(someone(small, "maya"), connection)
    assert weights == Weights({"slipped_deals": 0.0}, 0.5, 6)
    assert "slipped_deals" not in reasons(small)


def test_the_floor_follows_the_setting(small: sa.Engine) -> None:
    coached(small, 30)
    assert "not_seen" in rules_about(small)
    with writing(small) as connection:
        change_setting(operator(), connection, "attention_floor_weeks", 5, NOW)
    assert "not_seen" not in rules_about(small)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("attention_weights", "not json"),
        ("attention_weights", '{"stalled": 1}'),
        ("attention_neglect", "-1"),
        ("attention_neglect", "much"),
        ("attention_floor_weeks", 0),
        ("product_address", "javascript:alert(1)"),
        ("product_address", "https://user@example.com"),
        ("product_address", "https://a.example/?x=1"),
        ("product_address", 'https://a.example/"><script>'),
    ],
)
def test_settings_that_mean_nothing_are_refused(key: str, value: Any) -> None:
    with pytest.raises(SettingRefused):
        checked(key, value)


def test_an_address_is_kept_without_its_last_slash_and_can_be_taken_out() -> None:
    assert checked("product_address", "https://coaching.example.com/") == "https://coaching.example.com"
    assert checked("product_address", "") is None


def test_who_set_the_weights_when_is_told_the_latest_first(small: sa.Engine) -> None:
    with writing(small) as connection:
        change_setting(someone(small, "ada"), connection, "attention_weights", {"slipped_deals": 2}, NOW - DAY)
        change_setting(operator(), connection, "attention_neglect", 0.5, NOW)
        change_setting(someone(small, "ada"), connection, "pairs_at_most", 3, NOW)
        change_setting(stand_in(Role.ADMIN), connection, "attention_floor_weeks", 6, NOW)
    with reading(small) as connection:
        rows = queries.weight_changes(someone(small, "maya"), connection)
        hidden = queries.weight_changes(someone(small, "ravi"), connection)
    assert rows.select("key", "value", "set_by_name").rows() == [
        ("attention_floor_weeks", "6", "an admin"),
        ("attention_neglect", "0.5", None),
        ("attention_weights", '{"slipped_deals": 2.0}', "Ada Brook"),
    ]
    assert rows["set_at"].to_list() == [NOW, NOW, NOW - DAY]
    assert hidden["set_by_name"].to_list() == [None, None, None]
