"""The evidence from the shared database: the panel equals a recount, frozen results can be computed again, and nobody
sees more than they may."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import sqlalchemy as sa

from coaching.costs import CostDraft
from coaching.programme import EnrolmentDraft, RateDraft
from coaching.roi.lottery_draw import LotteryDraft
from coaching.roi.panel import Panel, fingerprint, winsorised
from coaching.roi.rounding import spoken
from coaching.sessions import SessionDraft
from data_access import __main__ as command_line
from data_access import roi_company
from data_access.commands import programme as commands
from data_access.commands import sessions
from data_access.commands import settings as settings_commands
from data_access.engine import backup, open_engine, reading, writing
from data_access.queries import programme, roi
from data_access.scope import NotPermitted, operator
from data_access.tables import frozen_evidence, programme_enrolment
from data_access.writes import CommandRefused
from tests.companies import NOW, TODAY, deal, load, someone
from tests.data_access.programme_companies import FIRST, MONTHS, REPS, amounts, code, enrol_half, load_company, starts
from tests.databases import sqlite_url

DAY = dt.timedelta(days=1)
LAST_WHOLE = dt.date(2026, 10, 1)


def expected_panel(effect: float = 0.0) -> Panel:
    """What the files say, laid out by hand: the margin of every rep and month."""
    outcome = np.round(amounts(effect) * 100) - np.round(np.round(amounts(effect) * 40, 6))
    team = np.arange(REPS) % 2
    return winsorised(Panel(outcome / 100, starts(), team, np.ones((REPS, MONTHS), dtype=np.bool_)))


@pytest.fixture(scope="module")
def company(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[sa.Engine]:
    """48 reps over 20 months in whom coaching added $3,000 a month; nobody writes to it and keeps it."""
    file = tmp_path_factory.mktemp("roi") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    load_company(engine, effect=3_000)
    enrol_half(engine)
    yield engine
    engine.dispose()


def evidence(engine: sa.Engine, who: str | None = None, as_of: dt.date = TODAY) -> dict[str, Any]:
    viewer = operator() if who is None else someone(engine, who)
    with reading(engine) as connection:
        found = roi.evidence(viewer, connection, as_of=as_of, today=TODAY)
    assert found is not None
    return found


def test_the_panel_and_its_numbers_are_the_same_on_either_database_and_after_another_file(engine: sa.Engine) -> None:
    load_company(engine, effect=3_000)
    enrol_half(engine)
    by_hand = expected_panel(3_000)
    with reading(engine) as connection:
        panel = roi._read(operator(), connection, TODAY).panel
    assert panel.months == [dt.date(2025 + (place + 2) // 12, (place + 2) % 12 + 1, 1) for place in range(MONTHS)]
    assert panel.panel.outcome == pytest.approx(by_hand.outcome)
    assert panel.panel.start.tolist() == by_hand.start.tolist()
    first = evidence(engine)
    assert first["data_hash"] == fingerprint(panel.panel) == fingerprint(by_hand)
    eve = someone(engine, "eve")
    with writing(engine) as connection:
        number = commands.freeze_evidence(eve, connection, as_of=TODAY, reason=None, now=NOW)
    # A later file changes what is known from its own date on; what was known on the day stays and is read from rows.
    later = [deal(f"{code(1)}-3", code(1), status="won", opened="2025-06-12", closed="2025-06-12", amount=1, cost=0)]
    load(engine, "deals", later, TODAY + 5 * DAY, now=NOW + 5 * DAY)
    with reading(engine) as connection:
        frozen = roi.frozen_result(operator(), connection, number)
        again = roi.evidence(operator(), connection, as_of=TODAY, today=TODAY + 6 * DAY)
        corrected = roi.evidence(operator(), connection, as_of=TODAY + 6 * DAY, today=TODAY + 6 * DAY)
    assert frozen is not None
    assert again is not None
    assert corrected is not None
    assert json.loads(json.dumps(again)) == frozen
    assert corrected["data_hash"] != frozen["data_hash"]
    # Costs, rates and enrolments that are written down later were not known then.
    ada, omar = someone(engine, "ada"), someone(engine, "omar")
    dana = someone(engine, "dana")
    assert omar.person_id is not None
    with writing(engine) as connection:
        late = NOW + 5 * DAY
        cost = CostDraft(dt.date(2026, 1, 1), dt.date(2026, 6, 30), "tools", 600_000, "USD")
        commands.enter_cost(ada, connection, cost, late)
        commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", hourly=97.22), late)
        coached = someone(engine, code(0)).person_id
        assert coached is not None
        at = dt.datetime(2026, 1, 8, 9, tzinfo=dt.UTC)
        sessions.record_session(
            someone(engine, "maya"), connection, SessionDraft(coached, held_at=at, status="held"), late
        )
        rep = someone(engine, code(30)).person_id
        assert rep is not None
        commands.enrol_rep(dana, connection, EnrolmentDraft(rep, dt.date(2026, 2, 2), "chosen"), late)
        row = connection.execute(
            sa.select(programme_enrolment).where(programme_enrolment.c.person_id == rep)
        ).mappings()
        of_omar = {**row.one(), "person_id": omar.person_id}
        del of_omar["id"]
        connection.execute(programme_enrolment.insert(), of_omar)
    with reading(engine) as connection:
        again = roi.evidence(operator(), connection, as_of=TODAY, today=TODAY + 6 * DAY)
    assert json.loads(json.dumps(again)) == frozen
    # The same figures are not kept twice.
    with writing(engine) as connection, pytest.raises(CommandRefused, match=f"Result {number} speaks for"):
        commands.freeze_evidence(eve, connection, as_of=TODAY, reason="Once more", now=NOW + 6 * DAY)
    with reading(engine) as connection:
        assert roi.frozen(operator(), connection)["frozen_id"].to_list() == [number]


def told(found: Any) -> Any:
    """The same with nine significant digits: what two databases and two processors may differ in lies below."""
    if isinstance(found, dict):
        return {key: told(value) for key, value in found.items()}
    if isinstance(found, list):
        return [told(value) for value in found]
    return float(f"{found:.9g}") if isinstance(found, float) else found


def test_both_databases_tell_the_same_to_the_digit(engine: sa.Engine, company: sa.Engine) -> None:
    load_company(engine, effect=3_000)
    enrol_half(engine)
    one, other = evidence(engine), evidence(company)
    assert told(one) == told(other)
    assert one["data_hash"] == other["data_hash"]
    assert one["code_version"] == other["code_version"]


def test_the_effect_that_was_put_in_is_found_as_margin(company: sa.Engine) -> None:
    found = evidence(company)
    # 3,000 of bookings a month, of which 60 % is margin.
    assert found["outcome"] == "margin"
    assert found["headline"]["low"] < 1_800 < found["headline"]["high"]
    assert (found["verdict"], found["effect"]) == ("green", "raised")
    assert (found["sizes"]["people"], found["sizes"]["people_coached"]) == (48, 24)
    assert found["months"] == {"first": FIRST.isoformat(), "last": LAST_WHOLE.isoformat(), "count": MONTHS}
    assert json.loads(json.dumps(found, allow_nan=False)) == found


def test_no_cost_known_is_no_return_and_never_a_cost_of_nothing(company: sa.Engine) -> None:
    found = evidence(company)
    assert found["said"]["shows_estimate"]
    assert found["cost"]["total"] is None
    assert found["money"]["shown"] is False
    assert found["said"]["money_sentence"] == ""
    assert "learning of" in found["money"]["why"]
    assert found["ladder"][5]["steps"] == []
    assert found["ladder"][5]["note"] == found["money"]["why"]


def test_executives_leaders_and_the_admin_read_the_same_and_nobody_else_reads_anything(company: sa.Engine) -> None:
    whole = evidence(company)
    for who in ("eve", "dana", "ada"):
        assert evidence(company, who) == whole
    for who in ("maya", code(1)):
        viewer = someone(company, who)
        with reading(company) as connection:
            assert roi.evidence(viewer, connection, as_of=TODAY, today=TODAY) is None
            assert roi.panel_rows(viewer, connection, as_of=TODAY, today=TODAY).is_empty()
            assert roi.frozen(viewer, connection).is_empty()
            assert roi.frozen_result(viewer, connection, 1) is None
            assert roi.lottery_preview(viewer, connection, months=12, today=TODAY) is None
            assert not roi.freeze_is_due(viewer, connection, today=TODAY)


def test_no_name_of_a_rep_and_no_small_team_stands_in_the_evidence(company: sa.Engine) -> None:
    text = json.dumps(evidence(company))
    assert "Rep p" not in text
    assert all(team["reps"] >= 5 for team in evidence(company)["teams"])
    assert [(team["team"], team["reps"], team["coached"]) for team in evidence(company)["teams"]] == [
        ("East", 24, 12),
        ("West", 24, 12),
    ]


def test_the_download_of_the_panel_gives_the_same_headline_through_the_file_engine(
    company: sa.Engine, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with reading(company) as connection:
        rows = roi.panel_rows(someone(company, "eve"), connection, as_of=TODAY, today=TODAY)
    rows.write_csv(tmp_path / "panel.csv")
    columns = [
        "--unit",
        "rep",
        "--team",
        "team",
        "--period",
        "month",
        "--outcome",
        "outcome",
        "--start",
        "coached_from",
    ]
    assert command_line.main(["roi", "--panel", str(tmp_path / "panel.csv"), *columns]) == command_line.DONE
    printed = json.loads(capsys.readouterr().out)
    assert printed["headline"]["estimate"] == pytest.approx(evidence(company)["headline"]["estimate"])
    assert printed["verdict"] == "green"


def test_eve_freezes_the_quarter_once_and_gives_a_reason_for_every_other_result(company: sa.Engine) -> None:
    eve, maya, ada = (someone(company, name) for name in ("eve", "maya", "ada"))
    with company.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        assert roi.freeze_is_due(eve, connection, today=TODAY)
        for nobody in (maya, ada):
            with pytest.raises(NotPermitted):
                commands.freeze_evidence(nobody, connection, as_of=TODAY, reason="Why not", now=NOW)
        first = commands.freeze_evidence(eve, connection, as_of=TODAY, reason=None, now=NOW)
        assert not roi.freeze_is_due(eve, connection, today=TODAY)
        with pytest.raises(CommandRefused, match="write down why"):
            commands.freeze_evidence(eve, connection, as_of=TODAY, reason=" ", now=NOW)
        with pytest.raises(CommandRefused, match="has not come yet"):
            commands.freeze_evidence(eve, connection, as_of=TODAY + DAY, reason="Early", now=NOW)
        cost = CostDraft(dt.date(2026, 1, 1), dt.date(2026, 6, 30), "tools", 600_000, "USD")
        commands.enter_cost(ada, connection, cost, NOW)
        second = commands.freeze_evidence(eve, connection, as_of=TODAY, reason="Licences were missing", now=NOW)
        rows = roi.frozen(eve, connection)
        assert rows["frozen_id"].to_list() == [second, first]
        assert rows["frozen_by"].to_list() == ["Eve Castellan"] * 2
        assert rows["reason"].to_list() == ["Licences were missing", None]
        assert rows["data_hash"].n_unique() == rows["code_version"].n_unique() == 1
        assert roi.changed_since_frozen(eve, connection, second) == ["The cost is known now."]
        assert roi.changed_since_frozen(eve, connection, first) == []
        transaction.rollback()


def test_another_definition_after_a_frozen_result_is_amber_and_says_so(company: sa.Engine) -> None:
    eve, ada = someone(company, "eve"), someone(company, "ada")
    with company.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        earlier = TODAY - DAY
        commands.freeze_evidence(eve, connection, as_of=earlier, reason=None, now=NOW)
        settings_commands.change_setting(ada, connection, "programme_guardrails", '{"skip": 4}', NOW)
        found = roi.evidence(eve, connection, as_of=TODAY, today=TODAY)
        assert found is not None
        assert (found["verdict"], found["reasons"]) == ("amber", ["definition_changed"])
        assert found["definitions"]["skip"] == 4
        number = commands.freeze_evidence(eve, connection, as_of=TODAY, reason="Managers look back further", now=NOW)
        said = roi.changed_since_frozen(eve, connection, number)
        assert "“Months before the start left out” was 3 and is 4." in said
        transaction.rollback()


def test_an_enrolment_written_down_later_was_not_known_on_an_earlier_day(company: sa.Engine) -> None:
    found = evidence(company, as_of=TODAY - DAY)
    assert found["sizes"]["coached"] == 0
    assert found["verdict"] == "grey"
    assert found["words"]["effect"] == ""


def test_costs_and_lower_levels_together_give_a_return(company: sa.Engine) -> None:
    ada = someone(company, "ada")
    lenient = json.dumps({"visible_amber": 0.25})
    with company.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        settings_commands.change_setting(ada, connection, "programme_guardrails", lenient, NOW)
        cost = CostDraft(dt.date(2026, 1, 1), dt.date(2026, 10, 31), "tools", 10_000_00, "USD")
        commands.enter_cost(ada, connection, cost, NOW)
        commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", hourly=97.22), NOW)
        found = roi.evidence(ada, connection, as_of=TODAY, today=TODAY)
        assert found is not None
        assert found["cost"]["total"] == pytest.approx(10_000)
        # Nobody observed anybody: Phillips' first rule withholds the return although the cost is known.
        assert not found["money"]["shown"]
        transaction.rollback()


def test_what_prepared_the_programme_is_charged_and_hours_of_a_second_year_are_not(company: sa.Engine) -> None:
    """p00 began on 3 November 2025, the first of all."""
    ada, maya = someone(company, "ada"), someone(company, "maya")
    rep = someone(company, code(0)).person_id
    assert rep is not None
    with company.execution_options(writes=True).connect() as connection, connection.begin() as transaction:
        travel = CostDraft(dt.date(2025, 9, 1), dt.date(2025, 9, 3), "travel", 3_000_00, "USD")
        commands.enter_cost(ada, connection, travel, NOW)
        prepared = roi.evidence(ada, connection, as_of=TODAY, today=TODAY)
        assert prepared is not None
        assert prepared["cost"]["total"] == pytest.approx(3_000)
        assert prepared["cost"]["first"] == "2025-09-01"
        for who in ("coach", "rep"):
            commands.set_hour_rate(ada, connection, RateDraft(who, "USD", hourly=100), NOW)
        for on in (dt.datetime(2025, 11, 20, 9, tzinfo=dt.UTC), dt.datetime(2026, 1, 8, 9, tzinfo=dt.UTC)):
            held = SessionDraft(rep, held_at=on, status="held", minutes=60, preparation_minutes=0)
            sessions.record_session(maya, connection, held, NOW)
        found = roi.evidence(ada, connection, as_of=TODAY, today=TODAY)
        assert found is not None
        assert found["cost"]["total"] == pytest.approx(3_000 + 2 * 200)
        assert found["cost"]["later_words"] == ""
        every, of_months = (
            programme.times(operator(), connection, until=TODAY, as_of=TODAY, months=months)["held_on"].to_list()
            for months in (None, 2)
        )
        assert every == [dt.date(2025, 11, 20), dt.date(2026, 1, 8)]
        assert of_months == every[:1]
        assert programme.times(operator(), connection, until=TODAY, as_of=TODAY, months=3).height == 2
        # The largest deals are those of coached months, each rep's own.
        deals = roi_company.largest_deals(
            connection, programme.starts(operator(), connection, as_of=TODAY), TODAY, True, 100
        )
        begun = programme.starts(operator(), connection, as_of=TODAY)
        joined = deals.join(begun, on="person_id")
        assert joined.height == deals.height == np.isfinite(starts()).sum() * MONTHS - int(starts()[:24].sum())
        assert (joined["closed_on"] >= joined["starts_on"].dt.month_start()).all()
        transaction.rollback()


def test_without_costs_of_deals_bookings_are_compared_and_money_waits_for_a_margin(sqlite_engine: sa.Engine) -> None:
    load_company(sqlite_engine, effect=3_000, with_costs=False)
    enrol_half(sqlite_engine)
    found = evidence(sqlite_engine)
    assert found["outcome"] == "bookings"
    assert found["headline"]["low"] < 3_000 < found["headline"]["high"]
    assert "bookings" not in [check["key"] for check in found["checks"]]


def test_the_command_line_prints_everything_and_freezes(
    company: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "copy.sqlite3"
    backup(company, file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    monkeypatch.setattr(command_line, "now", lambda: NOW)
    assert command_line.main(["roi", "--format", "json"]) == command_line.DONE
    printed = json.loads(capsys.readouterr().out)
    assert printed == evidence(company)
    assert command_line.main(["roi", "--viewer", "eve", "--freeze"]) == command_line.DONE
    text = capsys.readouterr().out
    assert "Likely caused by coaching" in text
    assert "Frozen as result 1." in text
    assert command_line.main(["roi", "--freeze"]) == command_line.REFUSED
    assert "write down why" in capsys.readouterr().err
    words = ["roi", "--freeze", "--reason", "Asked for", "--as-of", "2026-11-20", "--format", "json"]
    assert command_line.main(words) == command_line.REFUSED
    assert "Result 1 speaks for 20\u00a0Nov\u00a02026 already" in capsys.readouterr().err
    # Nobody has to know a figure of a day to come, and who asks for one is told what they got.
    assert command_line.main(["roi", "--as-of", "2999-01-01"]) == command_line.DONE
    told_beside = capsys.readouterr()
    assert told_beside.err == "1\u00a0Jan\u00a02999 has not come yet: 20\u00a0Nov\u00a02026 was taken instead.\n"
    assert told_beside.out == text[: text.index("\nFrozen as result")]
    words = ["roi", "--freeze", "--reason", "The costs came late", "--as-of", "2026-11-19", "--format", "json"]
    assert command_line.main(words) == command_line.DONE
    assert json.loads(capsys.readouterr().out)["frozen"] == 2
    assert command_line.main(["roi", "--freeze", "--as-of", "2999-01-01"]) == command_line.REFUSED
    assert capsys.readouterr().err.strip().endswith("choose today or an earlier day.")
    assert command_line.main(["roi", "--viewer", "maya"]) == command_line.REFUSED
    assert "sales leaders" in capsys.readouterr().err
    assert command_line.main(["roi", "--panel", "x.csv"]) == command_line.REFUSED
    assert "--unit, --period, --outcome, --start" in capsys.readouterr().err
    assert command_line.main(["roi", "--panel", "x.csv", "--freeze"]) == command_line.REFUSED
    engine = open_engine()
    with reading(engine) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(frozen_evidence)) == 2
        assert roi.frozen(operator(), connection)["frozen_by"].to_list() == ["Eve Castellan", "the operator"]
    engine.dispose()


def test_figures_of_the_command_line_have_the_digits_that_their_error_allows(
    company: sa.Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "copy.sqlite3"
    backup(company, file)
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_url(file))
    monkeypatch.setattr(command_line, "now", lambda: NOW)
    assert command_line.main(["roi"]) == command_line.DONE
    found = evidence(company)
    printed = capsys.readouterr().out
    for key, label in (("headline", "The figure above"), ("symmetric", "Months mirrored around the dip")):
        one = next(check["estimate"] for check in found["checks"] if check["key"] == key)
        middle, low, high = (spoken(one[name], one["se"]).replace("-", "") for name in ("estimate", "low", "high"))
        assert f"{label}: ${middle} (${low} to ${high})" in printed


# ---- Some were drawn, some were not --------------------------------------------------------------------------------


def figures(found: dict[str, Any]) -> dict[str, Any]:
    """Everything that is estimated."""
    names = ("headline", "headline_team", "symmetric", "history", "placebo_dip", "placebo_clean", "twfe", "event_curve")
    return {name: found[name] for name in (*names, "checks", "tiers", "curve", "actual_and_expected", "said", "words")}


def test_drawing_reps_who_start_next_month_changes_no_figure_of_those_who_were_chosen(
    company: sa.Engine, tmp_path: Path
) -> None:
    file = tmp_path / "copy.sqlite3"
    backup(company, file)
    engine = open_engine(sqlite_url(file))
    before = evidence(engine)
    waves = (dt.date(2026, 12, 1), dt.date(2027, 1, 1))
    draft = LotteryDraft("Coached reps sell more within a year.", 12.0, 1.0, waves, "a seed")
    with writing(engine) as connection:
        commands.draw_lottery(someone(engine, "dana"), connection, draft, NOW)
    after = evidence(engine)
    assert len(after["lotteries"]) == 1
    assert not after["drawn"]
    assert figures(after) == figures(before)
    assert after["data_hash"] == before["data_hash"]
    engine.dispose()


def test_an_empty_database_is_grey_and_says_what_is_missing(sqlite_engine: sa.Engine) -> None:
    with reading(sqlite_engine) as connection:
        found = roi.evidence(operator(), connection, as_of=TODAY, today=TODAY)
    assert found is not None
    assert found["verdict"] == "grey"
    assert found["months"] == {"first": None, "last": None, "count": 0}
    assert found["cost"]["note"]


# ---- The reference company -----------------------------------------------------------------------------------------


def test_the_reference_company_is_grey_and_no_return_is_invented(shared: Path, sqlite_engine: sa.Engine) -> None:
    folder, on = shared / "data" / "maven_crm", dt.date(2017, 12, 31)
    for kind, name in (("deals", "sales_pipeline"), ("people", "sales_teams")):
        load(sqlite_engine, kind, (folder / f"{name}.csv").read_bytes(), on)
    with reading(sqlite_engine) as connection:
        found = roi.evidence(operator(), connection, as_of=on, today=TODAY)
    assert found is not None
    assert (found["verdict"], found["said"]["badge"]) == ("grey", "Not enough evidence")
    assert found["outcome"] == "bookings"
    assert found["sizes"]["people"] == 30
    assert not found["money"]["shown"]
    assert found["words"]["effect"] == ""
    assert "ROI" not in json.dumps(found["said"])
    assert "$" not in found["said"]["sentence"] + found["said"]["money_sentence"]


def test_rows_of_the_panel_name_no_rep(company: sa.Engine) -> None:
    with reading(company) as connection:
        rows = roi.panel_rows(someone(company, "dana"), connection, as_of=TODAY, today=TODAY)
    assert rows.height == REPS * MONTHS
    assert rows.schema == pl.Schema(roi.PANEL_ROWS)
