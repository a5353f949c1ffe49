"""What a programme took: Ada enters what it cost, Dana says who starts when or lets the lot decide."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.costs import CostDraft
from coaching.programme import EnrolmentDraft, RateDraft
from coaching.roi.lottery_draw import LotteryDraft
from coaching.sessions import SessionDraft
from data_access.commands import programme as commands
from data_access.commands import sessions
from data_access.commands.settings import change_setting
from data_access.engine import reading, writing
from data_access.queries import programme, roi
from data_access.scope import NotPermitted, operator
from data_access.settings import SettingRefused, checked
from data_access.tables import programme_cost, programme_enrolment, start_lottery
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.data_access.programme_companies import load_company

DAY = dt.timedelta(days=1)
FIRST_DAYS = (dt.date(2026, 12, 1), dt.date(2027, 1, 1))


@pytest.fixture
def company(engine: sa.Engine) -> sa.Engine:
    """Maya's Ravi and Rosa, Omar's Wim and Wanda, with a deal of Ravi's."""
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("d1", status="won", opened="2026-05-01", closed="2026-06-01")])
    return engine


def tools(amount: int = 600_00, **more: Any) -> CostDraft:
    given = {"starts_on": dt.date(2026, 1, 1), "ends_on": dt.date(2026, 6, 30), "kind": "tools", "currency": "USD"}
    return CostDraft(amount=amount, **{**given, **more})


def lottery(**more: Any) -> LotteryDraft:
    usual: dict[str, Any] = {
        "hypothesis": "Coached reps sell more within six months.",
        "coach_hours": 8.0,
        "hours_per_rep": 4.0,
        "first_days": FIRST_DAYS,
        "seed": "4711",
    }
    return LotteryDraft(**{**usual, **more})


# ---- Costs ---------------------------------------------------------------------------------------------------------


def test_a_cost_counts_from_the_day_it_was_entered_until_the_day_it_was_taken_back(company: sa.Engine) -> None:
    ada, eve = someone(company, "ada"), someone(company, "eve")
    with writing(company) as connection:
        number = commands.enter_cost(ada, connection, tools(), NOW - 5 * DAY)
        with pytest.raises(CommandRefused, match="stands there already"):
            commands.enter_cost(ada, connection, tools(), NOW)
        commands.withdraw_cost(ada, connection, number, NOW - 2 * DAY)
        with pytest.raises(CommandRefused, match="already"):
            commands.withdraw_cost(ada, connection, number, NOW)
        again = commands.enter_cost(ada, connection, tools(700_00), NOW)
    with reading(company) as connection:
        known = {
            days: programme.costs(eve, connection, as_of=TODAY - days * DAY)["cost_id"].to_list()
            for days in (6, 5, 3, 2, 0)
        }
        assert known == {6: [], 5: [number], 3: [number], 2: [], 0: [again]}
        row = programme.costs(eve, connection, as_of=TODAY).to_dicts()[0]
        assert (row["kind"], row["reporting_amount"], row["entered_by"]) == ("tools", 700_00, "Ada Brook")
        assert not row["is_imported"]
        lines = programme.cost_lines(operator(), connection, as_of=TODAY)
        assert lines.rows() == [("tools", dt.date(2026, 1, 1), dt.date(2026, 6, 30), 700_00.0)]
        assert programme.costs(someone(company, "maya"), connection, as_of=TODAY).is_empty()


def test_what_a_file_said_is_corrected_by_a_file(company: sa.Engine) -> None:
    row = {"from": "2026-01-01", "to": "2026-06-30", "kind": "tools", "amount": "600", "currency": "USD"}
    load(company, "costs", [row])
    ada = someone(company, "ada")
    with writing(company) as connection:
        number = connection.execute(sa.select(programme_cost.c.id)).scalar_one()
        with pytest.raises(CommandRefused, match="from a file"):
            commands.withdraw_cost(ada, connection, number, NOW)
        with pytest.raises(CommandRefused, match="stands there already"):
            commands.enter_cost(ada, connection, tools(), NOW)
        with pytest.raises(NotPermitted):
            commands.withdraw_cost(ada, connection, 10_000, NOW)
    with reading(company) as connection:
        # The first file of a kind is known since ever.
        assert programme.costs(ada, connection, as_of=TODAY - 90 * DAY)["is_imported"].to_list() == [True]


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (tools(kind="lunch"), "what the money was spent on"),
        (tools(currency="EUR"), "enter the amount in USD"),
        (tools(starts_on=TODAY + DAY, ends_on=TODAY + 9 * DAY), "once it has begun"),
        (tools(programme="nowhere"), "no such programme"),
        (tools(rep_id=10_000), "nobody with this id"),
    ],
)
def test_a_cost_that_cannot_be_is_refused_in_a_sentence(sqlite_engine: sa.Engine, draft: CostDraft, words: str) -> None:
    load(sqlite_engine, "people", PEOPLE)
    load(sqlite_engine, "deals", [deal("d1", status="won", opened="2026-05-01", closed="2026-06-01")])
    with writing(sqlite_engine) as connection, pytest.raises(CommandRefused, match=words):
        commands.enter_cost(someone(sqlite_engine, "ada"), connection, draft, NOW)


def test_without_a_reporting_currency_no_amount_is_taken(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE)
    with writing(sqlite_engine) as connection, pytest.raises(CommandRefused, match="reporting currency first"):
        commands.enter_cost(someone(sqlite_engine, "ada"), connection, tools(), NOW)


def test_the_reporting_currency_stays_once_an_hour_has_a_cost(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE)
    ada = someone(sqlite_engine, "ada")
    with writing(sqlite_engine) as connection:
        change_setting(ada, connection, "reporting_currency", "USD", NOW)
        commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", hourly=90.0), NOW)
        with pytest.raises(SettingRefused, match="reported in USD"):
            change_setting(ada, connection, "reporting_currency", "EUR", NOW)


def test_the_latest_word_on_a_day_is_what_an_hour_costs(company: sa.Engine) -> None:
    ada = someone(company, "ada")
    from_salary = RateDraft("coach", "USD", salary=140_000, benefits_share=0.25, productive_hours=1_800)
    with writing(company) as connection:
        commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", hourly=80.0), NOW - 3 * DAY)
        commands.set_hour_rate(ada, connection, from_salary, NOW)
        later = RateDraft("coach", "USD", dt.date(2026, 7, 1), hourly=110.0)
        commands.set_hour_rate(ada, connection, later, NOW)
        with pytest.raises(CommandRefused, match="yearly salary"):
            commands.set_hour_rate(ada, connection, RateDraft("rep", "USD"), NOW)
    with reading(company) as connection:
        found = programme.rates(ada, connection, as_of=TODAY)
        assert found.rows() == [("coach", dt.date(1, 1, 1), 97_22.0), ("coach", dt.date(2026, 7, 1), 110_00.0)]
        assert programme.rates(ada, connection, as_of=TODAY - DAY)["hourly"].to_list() == [80_00.0]
        basis = programme.hour_rates(ada, connection, as_of=TODAY)["basis"][0]
        assert json.loads(basis) == {"salary": 140_000, "benefits_share": 0.25, "productive_hours": 1_800}


def test_hours_count_from_the_day_of_enrolment_and_without_a_length_as_the_settings_assume(company: sa.Engine) -> None:
    maya, dana = someone(company, "maya"), someone(company, "dana")
    ravi, rosa = (someone(company, name).person_id for name in ("ravi", "rosa"))
    assert ravi is not None
    assert rosa is not None
    with writing(company) as connection:
        commands.enrol_rep(dana, connection, EnrolmentDraft(ravi, TODAY - 10 * DAY, "chosen"), NOW)
        for rep, days, minutes, preparation in (
            (ravi, 3, 60, 15),
            (ravi, 2, None, None),
            (ravi, 20, 45, 5),
            (rosa, 3, 60, 5),
        ):
            draft = SessionDraft(
                rep, held_at=NOW - days * DAY, status="held", minutes=minutes, preparation_minutes=preparation
            )
            sessions.record_session(maya, connection, draft, NOW)
    with reading(company) as connection:
        found = programme.times(operator(), connection, until=TODAY, as_of=TODAY)
        assert found.rows() == [(TODAY - 3 * DAY, 60.0, 15.0, 1), (TODAY - 2 * DAY, 30.0, 0.0, 1)]
        hours = programme.session_hours(operator(), connection, until=TODAY, as_of=TODAY)
        mine = hours.filter(person_id=ravi)
        assert float(mine["hours"].sum()) == pytest.approx(2.25)
        assert programme.session_hours(maya, connection, until=TODAY, as_of=TODAY).is_empty()


# ---- Who starts when -----------------------------------------------------------------------------------------------


def test_dana_enrols_a_rep_once_and_the_first_day_stays(company: sa.Engine) -> None:
    dana, maya, omar = (someone(company, name) for name in ("dana", "maya", "omar"))
    ravi = someone(company, "ravi").person_id
    assert ravi is not None
    draft = EnrolmentDraft(ravi, dt.date(2026, 9, 14), "chosen")
    with writing(company) as connection:
        for nobody in (maya, omar, someone(company, "ravi"), someone(company, "eve")):
            with pytest.raises(NotPermitted):
                commands.enrol_rep(nobody, connection, draft, NOW)
        commands.enrol_rep(dana, connection, draft, NOW)
        with pytest.raises(CommandRefused, match="enrolled already"):
            commands.enrol_rep(dana, connection, draft, NOW)
        with pytest.raises(NotPermitted):
            commands.enrol_rep(dana, connection, EnrolmentDraft(10_000, TODAY, "chosen"), NOW)
        with pytest.raises(CommandRefused, match="written by the draw"):
            commands.enrol_rep(dana, connection, EnrolmentDraft(ravi, TODAY, "lottery"), NOW)
    with reading(company) as connection:
        assert programme.enrolled(dana, connection, as_of=TODAY, today=TODAY).rows() == [
            (ravi, "Ravi Nair", dt.date(2026, 9, 14), "chosen")
        ]
        assert programme.enrolled(dana, connection, as_of=TODAY - DAY, today=TODAY).is_empty()
        for nobody in (maya, someone(company, "eve")):
            assert programme.enrolled(nobody, connection, as_of=TODAY, today=TODAY).is_empty()
            assert programme.eligible(nobody, connection, today=TODAY).is_empty()
        assert programme.eligible(dana, connection, today=TODAY)["key"].to_list() == ["rosa", "wanda", "wim"]


def test_dana_draws_the_starting_order_and_anybody_can_draw_it_again(company: sa.Engine) -> None:
    dana, eve = someone(company, "dana"), someone(company, "eve")
    with writing(company) as connection:
        with pytest.raises(NotPermitted):
            commands.draw_lottery(someone(company, "maya"), connection, lottery(), NOW)
        with pytest.raises(CommandRefused, match="after today"):
            commands.draw_lottery(dana, connection, lottery(first_days=(TODAY, FIRST_DAYS[1])), NOW)
        number = commands.draw_lottery(dana, connection, lottery(), NOW)
        with pytest.raises(CommandRefused, match="two reps or more"):
            commands.draw_lottery(dana, connection, lottery(seed="luckier"), NOW)
    with reading(company) as connection:
        [found] = programme.lotteries(dana, connection, today=TODAY)
        assert found["lottery_id"] == number
        assert found["terms"]["eligible"] == ["ravi", "rosa", "wanda", "wim"]
        by_hand = sorted(
            found["terms"]["eligible"], key=lambda key: hashlib.sha256(f"{found['seed']}:{key}".encode()).hexdigest()
        )
        assert [one["key"] for one in found["order"]] == by_hand
        assert [one["wave"] for one in found["order"]] == [1, 1, 2, 2]
        assert (found["terms"]["waves"], found["terms"]["reps_per_wave"]) == (2, 2)
        enrolled = programme.enrolled(dana, connection, as_of=TODAY, today=TODAY)
        assert set(enrolled["reason"]) == {"lottery"}
        assert sorted(enrolled["starts_on"]) == [FIRST_DAYS[0]] * 2 + [FIRST_DAYS[1]] * 2
        # An executive sees that and how it was drawn, and no name.
        [seen] = programme.lotteries(eve, connection, today=TODAY)
        assert (seen["order"], seen["seed"], "eligible" in seen["terms"]) == ([], "4711", False)
        assert programme.lotteries(someone(company, "maya"), connection, today=TODAY) == []
        evidence = roi.evidence(eve, connection, as_of=TODAY, today=TODAY)
    assert evidence is not None
    [tested] = evidence["lotteries"]
    assert (tested["reps"], tested["p"], tested["badge"]) == (4, None, None)
    assert tested["why_not"]
    assert not evidence["drawn"]


def test_a_drawn_start_is_tested_by_drawing_again(sqlite_engine: sa.Engine) -> None:
    """Drawn in June 2025, looked at in November 2026: coaching added $3,000 to every drawn month (by the file)."""
    load_company(sqlite_engine)
    dana = someone(sqlite_engine, "dana")
    then = dt.datetime(2025, 6, 20, 9, 0, tzinfo=dt.UTC)
    days = tuple(dt.date(2025 + month // 12, month % 12 + 1, 1) for month in range(8, 14))
    draft = lottery(coach_hours=32.0, first_days=days)
    with writing(sqlite_engine) as connection:
        preview = roi.lottery_preview(dana, connection, months=18, today=TODAY)
        assert preview is not None
        assert preview["eligible"] == 48
        assert 0 < preview["visible_share"] < 1
        commands.draw_lottery(dana, connection, draft, then)
        [drawn] = programme.lotteries(dana, connection, today=TODAY)
    when = {one["key"]: dt.date.fromisoformat(one["starts_on"]) for one in drawn["order"]}
    gained = [
        deal(
            f"gain-{key}-{place}",
            key,
            status="won",
            opened=day.isoformat(),
            closed=day.isoformat(),
            amount=3_000,
            cost=0,
        )
        for key, start in when.items()
        for place in range(20)
        if start <= (day := dt.date(2025 + (place + 2) // 12, (place + 2) % 12 + 1, 15))
    ]
    load(sqlite_engine, "deals", gained, TODAY)
    with reading(sqlite_engine) as connection:
        found = roi.evidence(dana, connection, as_of=TODAY, today=TODAY)
    assert found is not None
    [tested] = found["lotteries"]
    assert found["drawn"]
    assert tested["estimate"]["low"] < 3_000 < tested["estimate"]["high"]
    assert tested["p"] <= 0.01
    assert "drawing the start order again" in tested["words"]
    assert (found["verdict"], found["said"]["badge"]) == ("blue", "Tested by lottery")


def test_two_people_with_one_id_cannot_be_drawn_and_two_programmes_have_to_be_named(sqlite_engine: sa.Engine) -> None:
    load(sqlite_engine, "people", PEOPLE)
    dana = someone(sqlite_engine, "dana")
    ravi = someone(sqlite_engine, "ravi").person_id
    assert ravi is not None
    with writing(sqlite_engine) as connection:
        with pytest.raises(CommandRefused, match="no such programme"):
            commands.enrol_rep(dana, connection, EnrolmentDraft(ravi, TODAY, "chosen"), NOW, programme_id=7)
        commands.draw_lottery(dana, connection, lottery(), NOW)
        assert connection.scalar(sa.select(sa.func.count()).select_from(start_lottery)) == 1
        assert connection.scalar(sa.select(sa.func.count()).select_from(programme_enrolment)) == 4
        names = programme.programmes(dana, connection)
    assert names.select("slug", "starts_on").rows() == [("coaching-programme", FIRST_DAYS[0])]
    assert isinstance(names, pl.DataFrame)


# ---- Settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("programme_outcome", "pipeline"),
        ("programme_margin", 1.5),
        ("programme_realisation", 0),
        ("programme_assumed_minutes", "long"),
        ("programme_replacement_cost", -1),
        ("programme_guardrails", "{"),
        ("programme_guardrails", "[]"),
        ("programme_guardrails", {"luck": 1}),
        ("programme_guardrails", {"skip": 2.5}),
        ("programme_guardrails", {"skip": True}),
        ("programme_guardrails", {"visible_grey": float("nan")}),
        ("programme_guardrails", {"visible_grey": 1.5}),
        ("programme_guardrails", {"visible_amber": 0.3}),
        ("programme_luck", 1),
    ],
)
def test_settings_that_mean_nothing_are_refused(key: str, value: Any) -> None:
    with pytest.raises(SettingRefused):
        checked(key, value)


@pytest.mark.parametrize(
    ("key", "value", "stored"),
    [
        ("programme_outcome", "margin", "margin"),
        ("programme_margin", "", None),
        ("programme_margin", "0.6", 0.6),
        ("programme_replacement_cost", 50_000, 50_000.0),
        ("programme_guardrails", '{"skip": 4, "visible_grey": 0.25}', {"skip": 4}),
        ("programme_guardrails", {}, {}),
    ],
)
def test_settings_are_kept_as_they_are_meant(key: str, value: Any, stored: Any) -> None:
    assert checked(key, value) == stored
