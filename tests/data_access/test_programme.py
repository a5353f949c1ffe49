"""What a programme took: Ada enters what it cost, Dana says who starts when or lets the lot decide."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa

from coaching.costs import CostDraft
from coaching.people import Role
from coaching.programme import CurrencyRateDraft, EnrolmentDraft, RateDraft
from coaching.roi import lottery_draw
from coaching.roi.lottery_draw import LotteryDraft
from coaching.sessions import SessionDraft
from data_access.commands import programme as commands
from data_access.commands import sessions
from data_access.commands.settings import change_setting
from data_access.engine import reading, writing
from data_access.queries import programme, roi
from data_access.scope import NotPermitted, operator, stand_in
from data_access.settings import SettingRefused, checked
from data_access.tables import audit_entry, programme_cost, programme_enrolment, start_lottery
from data_access.writes import CommandRefused
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import copies_of, copy_of
from tests.data_access.programme_companies import load_company

DAY = dt.timedelta(days=1)
FIRST_DAYS = (dt.date(2026, 12, 1), dt.date(2027, 1, 1))


def founded(engine: sa.Engine) -> None:
    """Maya's Ravi and Rosa, Omar's Wim and Wanda, with a deal of Ravi's."""
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("d1", status="won", opened="2026-05-01", closed="2026-06-01")])


company = copies_of(founded)


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
        (tools(-500_00), "below zero"),
        (tools(0), "amount is 0"),
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


def test_a_cost_taken_back_today_can_count_again_and_one_of_an_earlier_day_cannot(company: sa.Engine) -> None:
    ada = someone(company, "ada")
    with writing(company) as connection:
        number = commands.enter_cost(ada, connection, tools(), NOW - 5 * DAY)
        with pytest.raises(CommandRefused, match="not been taken back"):
            commands.restore_cost(ada, connection, number, NOW)
        commands.withdraw_cost(ada, connection, number, NOW - 2 * DAY)
        with pytest.raises(CommandRefused, match="earlier day"):
            commands.restore_cost(ada, connection, number, NOW)
        again = commands.enter_cost(ada, connection, tools(), NOW)
        commands.withdraw_cost(ada, connection, again, NOW)
        commands.restore_cost(ada, connection, again, NOW)
        commands.withdraw_cost(ada, connection, again, NOW)
        commands.enter_cost(ada, connection, tools(), NOW)
        with pytest.raises(CommandRefused, match="stands there already"):
            commands.restore_cost(ada, connection, again, NOW)
        with pytest.raises(NotPermitted):
            commands.restore_cost(ada, connection, 10_000, NOW)
    with reading(company) as connection:
        known = [programme.costs(ada, connection, as_of=TODAY - days * DAY).height for days in (3, 1, 0)]
    assert known == [1, 0, 1]


def test_a_rate_of_just_now_is_taken_out_and_the_audit_keeps_it(company: sa.Engine) -> None:
    ada = someone(company, "ada")
    with writing(company) as connection:
        old = commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", hourly=80.0), NOW - 2 * DAY)
        wrong = commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", hourly=8_000.0), NOW)
        with pytest.raises(CommandRefused, match="more than 24 hours ago"):
            commands.undo_hour_rate(ada, connection, old, NOW)
        commands.undo_hour_rate(ada, connection, wrong, NOW + dt.timedelta(hours=23))
        with pytest.raises(NotPermitted):
            commands.undo_hour_rate(ada, connection, wrong, NOW)
    with reading(company) as connection:
        assert programme.rates(ada, connection, as_of=TODAY)["hourly"].to_list() == [80_00.0]
        detail = connection.scalar(sa.select(audit_entry.c.detail).where(audit_entry.c.action == "undo hour rate"))
        assert json.loads(detail or "")["amount"] == 8_000_00


def test_a_currency_is_worth_what_was_said_for_the_day_and_what_was_entered_stays(company: sa.Engine) -> None:
    ada = someone(company, "ada")
    days = {"starts_on": dt.date(2026, 4, 1), "ends_on": dt.date(2026, 4, 30)}
    with writing(company) as connection:
        commands.set_currency_rate(ada, connection, CurrencyRateDraft("eur", 1.1), NOW)
        commands.set_currency_rate(ada, connection, CurrencyRateDraft("EUR", 1.2, dt.date(2026, 3, 1)), NOW)
        commands.set_currency_rate(ada, connection, CurrencyRateDraft("JPY", 0.0066), NOW)
        commands.enter_cost(ada, connection, tools(100_00, currency="EUR"), NOW)
        commands.enter_cost(ada, connection, tools(100_00, currency="EUR", **days), NOW)
        commands.enter_cost(ada, connection, tools(50_000, currency="JPY", kind="travel"), NOW)
        commands.set_currency_rate(ada, connection, CurrencyRateDraft("EUR", 1.5), NOW)
        for draft, words in (
            (CurrencyRateDraft("USD", 1.0), "worth itself"),
            (CurrencyRateDraft("XQZ", 1.0), "not a currency code"),
            (CurrencyRateDraft("EUR", 0.0), "what one unit is worth"),
            (CurrencyRateDraft("Euro", 1.0), "three letters"),
        ):
            with pytest.raises(CommandRefused, match=words):
                commands.set_currency_rate(ada, connection, draft, NOW)
    with reading(company) as connection:
        found = programme.costs(ada, connection, as_of=TODAY)
        assert sorted(found["reporting_amount"]) == [110_00, 120_00, 330_00]
        rates = programme.currency_rates(ada, connection)
        assert rates.rows()[:2] == [("EUR", dt.date(2026, 3, 1), 1.2), ("EUR", None, 1.5)]
        assert rates["worth"][2] == pytest.approx(0.0066)
        assert programme.currency_rates(someone(company, "dana"), connection).is_empty()


def test_the_margin_is_known_from_the_settings_or_from_a_coached_deal_with_its_cost(company: sa.Engine) -> None:
    ada, dana, ravi = (someone(company, name) for name in ("ada", "dana", "ravi"))
    assert ravi.person_id is not None
    load(company, "deals", [deal("d1", status="won", opened="2026-05-01", closed="2026-06-01", cost=40)], TODAY)
    with writing(company) as connection:
        assert not programme.margin_is_known(ada, connection, as_of=TODAY)
        commands.enrol_rep(dana, connection, EnrolmentDraft(ravi.person_id, dt.date(2026, 7, 1), "chosen"), NOW)
        assert not programme.margin_is_known(ada, connection, as_of=TODAY)
        load_day = EnrolmentDraft(ravi.person_id, dt.date(2026, 5, 1), "chosen")
        connection.execute(sa.update(programme_enrolment).values(starts_on=load_day.starts_on))
        assert programme.margin_is_known(ada, connection, as_of=TODAY)
        assert not programme.margin_is_known(ravi, connection, as_of=TODAY)
        connection.execute(sa.delete(programme_enrolment))
        commands.set_programme_settings(ada, connection, {"programme_margin": 0.4}, NOW)
        assert programme.margin_is_known(dana, connection, as_of=TODAY)


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
        [row] = programme.enrolled(dana, connection, as_of=TODAY, today=TODAY).to_dicts()
        assert (row["person_id"], row["name"], row["starts_on"]) == (ravi, "Ravi Nair", dt.date(2026, 9, 14))
        assert (row["reason"], row["key"], row["enrolled_by"], row["is_imported"]) == (
            "chosen",
            "ravi",
            "Dana Whitfield",
            False,
        )
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


def test_several_are_enrolled_together_or_none_of_them(company: sa.Engine) -> None:
    dana = someone(company, "dana")
    ravi, rosa, wim = (someone(company, name).person_id for name in ("ravi", "rosa", "wim"))
    assert ravi is not None
    assert rosa is not None
    assert wim is not None
    enrolments = [EnrolmentDraft(one, TODAY, "all at once") for one in (ravi, rosa)]
    with writing(company) as connection:
        for drafts, words in (
            ([], "at least one"),
            ([*enrolments, enrolments[0]], "named twice"),
            ([enrolments[0], EnrolmentDraft(rosa, None, "chosen")], "first day"),
        ):
            with pytest.raises(CommandRefused, match=words):
                commands.enrol_reps(dana, connection, drafts, NOW)
        with pytest.raises(NotPermitted):
            commands.enrol_reps(dana, connection, [*enrolments, EnrolmentDraft(10_000, TODAY, "chosen")], NOW)
        assert len(commands.enrol_reps(dana, connection, enrolments, NOW)) == 2
        with pytest.raises(CommandRefused, match="1 of them are enrolled already"):
            commands.enrol_reps(dana, connection, [enrolments[0], EnrolmentDraft(wim, TODAY, "chosen")], NOW)
        assert programme.not_enrolled_count(dana, connection, today=TODAY) == 2
        assert programme.not_enrolled_count(someone(company, "maya"), connection, today=TODAY) == 0


def test_only_a_slip_of_today_is_taken_out_again(company: sa.Engine) -> None:
    """Not one of yesterday, of a draw, or one that a frozen result has counted: that would be choosing the result."""
    dana, omar, eve = (someone(company, name) for name in ("dana", "omar", "eve"))
    ravi, rosa = (someone(company, name).person_id for name in ("ravi", "rosa"))
    assert ravi is not None
    assert rosa is not None
    with writing(company) as connection:
        old = commands.enrol_rep(dana, connection, EnrolmentDraft(ravi, TODAY, "chosen"), NOW - 2 * DAY)
        with pytest.raises(CommandRefused, match="more than 24 hours ago"):
            commands.undo_enrolments(dana, connection, [old], NOW)
        new = commands.enrol_rep(dana, connection, EnrolmentDraft(rosa, TODAY, "chosen"), NOW)
        for nobody in (omar, eve):
            with pytest.raises(NotPermitted):
                commands.undo_enrolments(nobody, connection, [new], NOW)
        commands.undo_enrolments(dana, connection, [new], NOW)
        with pytest.raises(NotPermitted):
            commands.undo_enrolments(dana, connection, [new], NOW)
        new = commands.enrol_rep(dana, connection, EnrolmentDraft(rosa, TODAY, "chosen"), NOW)
        commands.freeze_evidence(eve, connection, as_of=TODAY, reason="To see", now=NOW)
        with pytest.raises(CommandRefused, match="frozen"):
            commands.undo_enrolments(dana, connection, [new], NOW)
        commands.draw_lottery(dana, connection, lottery(coach_hours=4.0), NOW)
        drawn = programme.enrolled(dana, connection, as_of=TODAY, today=TODAY).filter(pl.col("reason") == "lottery")
        with pytest.raises(CommandRefused, match="drawn by lot"):
            commands.undo_enrolments(dana, connection, drawn["enrolment_id"].to_list(), NOW)
        assert connection.scalar(sa.select(sa.func.count()).select_from(programme_enrolment)) == 4


def test_an_admin_gets_ids_of_the_files_and_no_name(company: sa.Engine) -> None:
    dana, ada = someone(company, "dana"), someone(company, "ada")
    with writing(company) as connection:
        assert programme.eligible(ada, connection, today=TODAY)["name"].null_count() == 4
        commands.draw_lottery(dana, connection, lottery(), NOW)
        for viewer in (ada, stand_in(Role.ADMIN)):
            found = programme.enrolled(viewer, connection, as_of=TODAY, today=TODAY)
            assert (sorted(found["key"]), found["name"].null_count()) == (["ravi", "rosa", "wanda", "wim"], 4)
            [people] = programme.drawn_people(viewer, connection, as_of=TODAY, today=TODAY).values()
            assert people["name"].null_count() == 4
        for who in ("eve", "maya"):
            assert programme.drawn_people(someone(company, who), connection, as_of=TODAY, today=TODAY) == {}
        waves = programme.wave_progress(someone(company, "eve"), connection, as_of=TODAY)
        assert waves.select("wave", "reps", "begun", "left").rows() == [(1, 2, 0, 0), (2, 2, 0, 0)]
        assert programme.wave_progress(someone(company, "maya"), connection, as_of=TODAY).is_empty()


def test_a_draw_is_of_the_list_that_was_looked_at(company: sa.Engine) -> None:
    dana, ravi = someone(company, "dana"), someone(company, "ravi")
    assert ravi.person_id is not None
    seen = lottery_draw.list_code(["wim", "rosa", "ravi", "wanda"])
    with writing(company) as connection:
        number = commands.enrol_rep(dana, connection, EnrolmentDraft(ravi.person_id, TODAY, "chosen"), NOW)
        with pytest.raises(CommandRefused, match="changed since you looked"):
            commands.draw_lottery(dana, connection, lottery(coach_hours=4.0), NOW, seen=seen)
        commands.undo_enrolments(dana, connection, [number], NOW)
        with pytest.raises(CommandRefused, match="6 to 60 months"):
            commands.draw_lottery(dana, connection, lottery(), NOW, seen=seen, months=5)
        commands.draw_lottery(dana, connection, lottery(), NOW, seen=seen, months=36)
        [found] = programme.lotteries(dana, connection, today=TODAY)
        assert (found["terms"]["months"], found["reps"], found["is_repeatable"]) == (36, 4, True)
        assert found["drawn_by"] == "Dana Whitfield"


# ---- At the same moment --------------------------------------------------------------------------------------------


@pytest.fixture
def on_postgresql(postgresql: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    """Where two write at one moment: SQLite's writers take turns by themselves."""
    with copy_of(founded, "postgresql", request, tmp_path) as engine:
        yield engine


def at_once(engine: sa.Engine, first: Callable[..., object], second: Callable[..., object]) -> str:
    """``first`` has written and not yet finished when ``second`` begins; the sentence that refuses the second."""
    has_begun, has_written = threading.Event(), threading.Event()

    def late() -> str:
        has_written.wait(20)
        has_begun.set()
        try:
            with writing(engine) as connection:
                second(connection)
        except CommandRefused as refusal:
            return str(refusal)
        return "carried out"

    with ThreadPoolExecutor(1) as pool:
        with writing(engine) as connection:
            answer = pool.submit(late)
            first(connection)
            has_written.set()
            has_begun.wait(20)
            # The second waits for the lock: it has nothing to say before the first is done.
            with pytest.raises(TimeoutError):
                answer.result(0.4)
        return answer.result(20)


def test_of_two_who_enrol_somebody_at_once_the_second_is_told_in_a_sentence(on_postgresql: sa.Engine) -> None:
    dana, ravi = someone(on_postgresql, "dana"), someone(on_postgresql, "ravi")
    assert ravi.person_id is not None
    draft = EnrolmentDraft(ravi.person_id, TODAY, "chosen")

    def enrol(connection: sa.Connection) -> object:
        return commands.enrol_rep(dana, connection, draft, NOW)

    assert "enrolled already" in at_once(on_postgresql, enrol, enrol)


def test_of_two_draws_at_once_the_second_finds_nobody_left_and_nobody_is_enrolled_twice(
    on_postgresql: sa.Engine,
) -> None:
    dana, ada = someone(on_postgresql, "dana"), someone(on_postgresql, "ada")
    said = at_once(
        on_postgresql,
        lambda connection: commands.draw_lottery(dana, connection, lottery(), NOW),
        lambda connection: commands.draw_lottery(ada, connection, lottery(seed="luckier"), NOW),
    )
    assert "two reps or more" in said
    with reading(on_postgresql) as connection:
        rows = connection.execute(sa.select(programme_enrolment.c.person_id)).all()
        assert (len(rows), len(set(rows))) == (4, 4)
        assert connection.scalar(sa.select(sa.func.count()).select_from(start_lottery)) == 1


def test_a_draw_and_an_enrolment_at_once_take_turns(on_postgresql: sa.Engine) -> None:
    dana, wim = someone(on_postgresql, "dana"), someone(on_postgresql, "wim")
    assert wim.person_id is not None
    draft = EnrolmentDraft(wim.person_id, TODAY, "chosen")
    seen = lottery_draw.list_code(["wim", "rosa", "ravi", "wanda"])
    said = at_once(
        on_postgresql,
        lambda connection: commands.enrol_rep(dana, connection, draft, NOW),
        lambda connection: commands.draw_lottery(dana, connection, lottery(), NOW, seen=seen),
    )
    assert "changed since you looked" in said


def test_two_who_enter_one_cost_or_one_threshold_at_once_lose_nothing(on_postgresql: sa.Engine) -> None:
    ada = someone(on_postgresql, "ada")

    def enter(connection: sa.Connection) -> object:
        return commands.enter_cost(ada, connection, tools(), NOW)

    assert "stands there already" in at_once(on_postgresql, enter, enter)
    said = at_once(
        on_postgresql,
        lambda connection: commands.set_guardrail(ada, connection, "skip", 4, NOW),
        lambda connection: commands.set_guardrail(ada, connection, "fewest_coached", 30, NOW),
    )
    assert said == "carried out"
    with reading(on_postgresql) as connection:
        assert programme.guardrails(ada, connection).skip == 4
        assert programme.guardrails(ada, connection).fewest_coached == 30


# ---- Settings ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("programme_outcome", "pipeline"),
        ("programme_margin", 1.5),
        ("programme_realisation", 0),
        ("programme_assumed_minutes", "long"),
        ("programme_replacement_cost", -1),
        ("programme_hurdle_percent", -1),
        ("programme_hurdle_percent", 1_001),
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
        ("programme_hurdle_percent", "150", 150.0),
        ("programme_hurdle_percent", "", None),
        ("programme_guardrails", '{"skip": 4, "visible_grey": 0.25}', {"skip": 4}),
        ("programme_guardrails", {}, {}),
    ],
)
def test_settings_are_kept_as_they_are_meant(key: str, value: Any, stored: Any) -> None:
    assert checked(key, value) == stored


def test_who_changed_a_threshold_last_is_told_from_the_audit_trail(company: sa.Engine) -> None:
    ada, dana = someone(company, "ada"), someone(company, "dana")
    with writing(company) as connection:
        assert commands.set_guardrail(ada, connection, "skip", 4, NOW - 2 * DAY) == 4
        commands.set_guardrail(operator(), connection, "visible_grey", 0.3, NOW - DAY)
        assert commands.set_guardrail(ada, connection, "visible_grey", None, NOW) == 0.25
        for name, value, words in (("luck", 1, "no threshold"), ("skip", 2.5, "whole"), ("skip", -1, "negative")):
            with pytest.raises(CommandRefused, match=words):
                commands.set_guardrail(ada, connection, name, value, NOW)
        changed = commands.set_programme_settings(
            ada, connection, {"programme_margin": 0.5, "programme_outcome": "auto"}, NOW
        )
        assert changed == {"programme_margin": None}
        wrong: list[dict[str, Any]] = [{"programme_margin": 2}, {"programme_guardrails": {}}, {"time_zone": "UTC"}]
        for values in wrong:
            with pytest.raises(CommandRefused):
                commands.set_programme_settings(ada, connection, values, NOW)
    with reading(company) as connection:
        rows = programme.setting_changes(ada, connection).rows()
        assert [(name, who, moment) for name, who, moment in rows] == [
            ("programme_margin", "Ada Brook", NOW),
            ("skip", "Ada Brook", NOW - 2 * DAY),
            ("visible_grey", "Ada Brook", NOW),
        ]
        assert programme.setting_changes(dana, connection).is_empty()
        assert programme.programme_settings(dana, connection) == {}
        assert programme.programme_settings(ada, connection)["programme_guardrails"] == {"skip": 4}
        assert programme.guardrails(dana, connection).skip == 4
