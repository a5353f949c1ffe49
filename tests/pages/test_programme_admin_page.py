"""Costs and rules on their page: Ada enters and takes back, Dana enrols, and each sees no more than they keep."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.costs import KINDS, CostDraft
from coaching.guardrail_words import WARNING, WORDS
from coaching.programme import PARTS, EnrolmentDraft, RateDraft
from data_access.commands import programme as commands
from data_access.engine import reading, writing
from data_access.queries import programme
from data_access.scope import operator
from data_access.settings import settings
from data_access.tables import programme_cost, programme_enrolment
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import sqlite_copies_of
from tests.pages.opening import PROGRAMME_DATA, opened, said, words

DAY = dt.timedelta(days=1)
COST, RATE, ENROL, SETTINGS, GUARD = "programme-cost", "hour-rate", "enrolment", "programme-settings", "guardrail"


def founded(engine: sa.Engine) -> None:
    """Maya's Ravi and Rosa, Omar's Wim and Wanda, and a deal of Ravi's without its cost."""
    load(engine, "people", PEOPLE)
    load(engine, "deals", [deal("d1", status="won", opened="2026-05-01", closed="2026-06-01")])


founded_company = sqlite_copies_of(founded)


@pytest.fixture
def company(founded_company: sa.Engine, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    monkeypatch.setenv("COACHING_DATABASE_URL", founded_company.url.render_as_string(hide_password=False))
    return founded_company


def page(who: str = "Ada", **address: object) -> AppTest:
    return opened(PROGRAMME_DATA, who, **address)


def field(app: AppTest, form: str, name: str) -> Any:
    key = f"{form}|{name}"
    kinds = (app.number_input, app.text_input, app.text_area, app.date_input, app.selectbox, app.radio, app.multiselect)
    return next(widget for kind in kinds for widget in kind if widget.key == key)


def told(app: AppTest) -> str:
    assert not app.exception
    more = " ".join(str(element.value) for element in [*app.warning, *app.success, *app.code])
    return f"{words(app)} {more}".replace("\\", "")


def has(app: AppTest, key: str) -> bool:
    return key in {button.key for button in app.button}


def cost_rows(company: sa.Engine) -> list[tuple[int, bool]]:
    with reading(company) as connection:
        rows = connection.execute(sa.select(programme_cost.c.amount, programme_cost.c.withdrawn_at))
        return [(row.amount, row.withdrawn_at is None) for row in rows]


# ---- What is missing -----------------------------------------------------------------------------------------------


def test_ada_is_told_what_is_missing_for_a_return_and_led_to_where_it_is_done(company: sa.Engine) -> None:
    app = page()
    text = told(app)
    assert "4 things are missing before a return can be shown." in text
    assert "Nobody is enrolled" in text
    assert "hours without a rate are not free" in text
    assert app.radio(key="programme_part").value == "enrolments"
    app.button(key="step_margin").click().run()
    assert said(app, "part") == "rules"
    assert app.radio(key="programme_part").value == "rules"
    app.radio(key="programme_part").set_value("costs").run()
    assert said(app, "part") == "costs"
    ada, dana, ravi = (someone(company, name) for name in ("ada", "dana", "ravi"))
    assert ravi.person_id is not None
    with writing(company) as connection:
        commands.enrol_rep(dana, connection, EnrolmentDraft(ravi.person_id, TODAY - 200 * DAY, "chosen"), NOW)
        for who in ("coach", "rep"):
            commands.set_hour_rate(ada, connection, RateDraft(who, "USD", hourly=80.0), NOW)
        commands.set_programme_settings(ada, connection, {"programme_margin": 0.6}, NOW)
    app = page()
    text = told(app)
    assert "Everything that a return needs has been entered." in text
    assert "What else it costs, worth a look." in text
    assert "1 rep is enrolled" in text


def test_a_rate_that_begins_after_the_first_start_leaves_hours_without_a_cost(company: sa.Engine) -> None:
    ada, dana, ravi = (someone(company, name) for name in ("ada", "dana", "ravi"))
    assert ravi.person_id is not None
    with writing(company) as connection:
        commands.enrol_rep(dana, connection, EnrolmentDraft(ravi.person_id, dt.date(2026, 3, 2), "chosen"), NOW)
        commands.set_hour_rate(ada, connection, RateDraft("coach", "USD", dt.date(2026, 6, 1), hourly=80.0), NOW)
    assert "Hours before have no cost: enter a rate that reaches back." in told(page())
    with writing(company) as connection:
        given = CostDraft(dt.date(2026, 3, 1), dt.date(2026, 5, 31), "coach hours", 900_00, "USD")
        commands.enter_cost(ada, connection, given, NOW)
    assert "Before that the entered costs hold." in told(page())


# ---- Costs ---------------------------------------------------------------------------------------------------------


def test_ada_enters_a_cost_sees_it_takes_it_back_and_lets_it_count_again(company: sa.Engine) -> None:
    app = page(part="costs")
    assert "No cost has been entered or loaded yet." in told(app)
    assert "from,to,kind,amount,currency" in told(app)
    field(app, COST, "amount").set_value(600.5).run()
    field(app, COST, "first").set_value(dt.date(2026, 1, 1)).run()
    field(app, COST, "last").set_value(dt.date(2026, 6, 30)).run()
    app.button(key="cost_save").click().run()
    assert "The cost is entered." in told(app)
    [table] = [frame.value for frame in app.dataframe]
    assert table["amount"].to_list() == [600.5]
    assert table["by"].to_list() == ["Ada Brook"]
    assert "1 entry" in told(app)
    app.button(key="undo_costs").click().run()
    assert "Taken back." in told(app)
    assert cost_rows(company) == [(60_050, False)]
    with writing(company) as connection:
        number = commands.enter_cost(
            someone(company, "ada"), connection, CostDraft(dt.date(2026, 1, 1), TODAY, "travel", 90_00, "USD"), NOW
        )
    app = page(part="costs")
    app.button(key=f"cost_back_{number}").click().run()
    assert "The cost is taken back." in told(app)
    app.button(key="undo_costs").click().run()
    assert "It counts again." in told(app)
    assert cost_rows(company) == [(60_050, False), (90_00, True)]


def test_the_way_back_from_a_cost_is_there_after_a_reload_until_ada_says_that_it_is_fine(company: sa.Engine) -> None:
    app = page(part="costs")
    field(app, COST, "amount").set_value(600.0).run()
    app.button(key="cost_save").click().run()
    app = page(part="costs")
    assert "Tools and licences" in told(app)
    app.button(key="undo_costs").click().run()
    assert "Taken back." in told(app)
    assert cost_rows(company) == [(60_000, False)]
    app = page(part="costs")
    app.button(key="undo_costs").click().run()
    assert "It counts again." in told(app)
    assert cost_rows(company) == [(60_000, True)]
    # Whoever let it count again wants it to count; a cost of somebody else is not theirs to undo from here.
    assert not has(page(part="costs"), "undo_costs")
    with writing(company) as connection:
        draft = CostDraft(dt.date(2026, 1, 1), TODAY, "travel", 90_00, "USD")
        commands.enter_cost(operator(), connection, draft, NOW)
    assert not has(page(part="costs"), "undo_costs")
    field(app := page(part="costs"), COST, "kind").set_value("evaluation").run()
    field(app, COST, "amount").set_value(70.0).run()
    app.button(key="cost_save").click().run()
    app = page(part="costs")
    app.button(key="fine_costs").click().run()
    assert not has(app, "undo_costs")
    assert not has(page(part="costs"), "undo_costs")
    assert len(cost_rows(company)) == 3


def test_settings_that_were_saved_go_back_together_after_a_reload(company: sa.Engine) -> None:
    app = page(part="rules")
    field(app, SETTINGS, "programme_margin").set_value(62.5).run()
    field(app, SETTINGS, "programme_realisation").set_value(90.0).run()
    app.button(key="settings_save").click().run()
    app = page(part="rules")
    assert "Changed last: Margin, Invoiced of what is booked." in told(app)
    app.button(key="undo_settings").click().run()
    assert "It is as it was before." in told(app)
    with reading(company) as connection:
        found = settings(connection)
    assert (found["programme_margin"], found["programme_realisation"]) == (None, 1.0)
    app = page(part="rules")
    app.button(key="fine_settings").click().run()
    assert not has(page(part="rules"), "undo_settings")


def test_a_cost_that_cannot_be_is_refused_and_what_was_typed_stays(company: sa.Engine) -> None:
    app = page(part="costs")
    app.button(key="cost_save").click().run()
    assert "Give the amount." in told(app)
    for amount, why in ((-500.0, "The amount is below zero"), (0.001, "The amount is 0")):
        field(app, COST, "amount").set_value(amount).run()
        app.button(key="cost_save").click().run()
        assert why in told(app)
        assert field(app, COST, "amount").value == amount
    assert cost_rows(company) == []
    field(app, COST, "amount").set_value(70.0).run()
    field(app, COST, "currency").set_value("eur").run()
    app.button(key="cost_save").click().run()
    assert "Nothing says what EUR is worth" in told(app)
    assert field(app, COST, "amount").value == 70.0
    field(app, "currency-rate", "currency").set_value("EUR").run()
    field(app, "currency-rate", "worth").set_value(1.1).run()
    app.button(key="currency_save").click().run()
    assert "Costs entered from now on use it." in told(app)
    assert "1 EUR = 1.1 USD, since ever" in told(app)
    app.button(key="cost_save").click().run()
    assert "The cost is entered." in told(app)
    [table] = [frame.value for frame in app.dataframe]
    assert (table["amount"].to_list(), table["currency"].to_list()) == ([77.0], ["EUR"])


def test_a_kind_narrows_the_costs_and_those_of_a_file_are_not_taken_back_here(company: sa.Engine) -> None:
    row = {"from": "2026-01-01", "to": "2026-06-30", "amount": "600", "currency": "USD"}
    load(company, "costs", [{**row, "kind": "tools"}, {**row, "kind": "travel", "amount": "40"}])
    app = page(part="costs")
    assert "2 entries, $640 in all; 0 by hand, 2 from files." in told(app)
    app.selectbox(key="costs_shown").set_value("travel").run()
    [table] = [frame.value for frame in app.dataframe]
    assert table["kind"].to_list() == [KINDS["travel"]]
    assert not [button for button in app.button if str(button.key).startswith("cost_back_")]


# ---- What an hour costs --------------------------------------------------------------------------------------------


def test_an_hours_cost_is_worked_out_as_it_is_typed_set_and_taken_back(company: sa.Engine) -> None:
    app = page(part="rates")
    assert "No rate has been entered yet" in told(app)
    field(app, RATE, "salary").set_value(140_000.0).run()
    assert "140,000 × 1.25 ÷ 1,800 hours = **97.22** an hour in USD" in told(app)
    field(app, RATE, "hours").set_value(1_600.0).run()
    assert "**109.38** an hour" in told(app)
    field(app, RATE, "hours").set_value(1_800.0).run()
    app.button(key="rate_save").click().run()
    assert "The rate is set." in told(app)
    assert "USD 97.22 an hour, since ever" in told(app)
    assert "entered by Ada Brook" in told(app)
    assert "**Rep**: no rate yet" in told(app)
    app.button(key="undo_rates").click().run()
    assert "No rate has been entered yet" in told(app)


def test_a_wrong_amount_is_refused_and_an_old_rate_is_corrected_by_a_new_one(company: sa.Engine) -> None:
    ada = someone(company, "ada")
    with writing(company) as connection:
        number = commands.set_hour_rate(ada, connection, RateDraft("rep", "USD", hourly=50.0), NOW - 2 * DAY)
    app = page(part="rates")
    assert not [button for button in app.button if button.key == f"rate_back_{number}"]
    field(app, RATE, "who").set_value("rep").run()
    field(app, RATE, "way").set_value("amount").run()
    app.button(key="rate_save").click().run()
    assert "Give the cost of an hour" in told(app)
    field(app, RATE, "hourly").set_value(76.39).run()
    app.button(key="rate_save").click().run()
    assert "USD 76.39 an hour" in told(app)
    assert "USD 50.00" not in told(app)


# ---- Who since when ------------------------------------------------------------------------------------------------


def test_dana_enrols_two_at_once_sees_them_and_takes_a_slip_back(company: sa.Engine) -> None:
    ravi, wim = (someone(company, name).person_id for name in ("ravi", "wim"))
    app = page("Dana", part="costs")
    assert not app.radio
    assert "Rates, costs and thresholds are kept by an admin." in told(app)
    app.button(key="enrol_save").click().run()
    assert "Choose at least one rep." in told(app)
    field(app, ENROL, "people").set_value([ravi, wim]).run()
    field(app, ENROL, "first").set_value(dt.date(2026, 9, 1)).run()
    app.button(key="enrol_save").click().run()
    assert "2 reps are enrolled." in told(app)
    [table] = [frame.value for frame in app.dataframe]
    assert set(table["who"]) == {"Ravi Nair", "Wim de Boer"}
    assert set(table["by"]) == {"Dana Whitfield"}
    app.button(key="undo_enrolments").click().run()
    assert "Nobody in your view is enrolled yet." in told(app)
    with reading(company) as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(programme_enrolment)) == 0


def test_ada_enrols_by_the_ids_of_the_file_and_reads_no_name(company: sa.Engine) -> None:
    app = page(part="enrolments")
    field(app, ENROL, "ids").set_value("ravi, nobody").run()
    app.button(key="enrol_save").click().run()
    assert "Nobody who can be enrolled has the id nobody" in told(app)
    field(app, ENROL, "ids").set_value("ravi\nwanda, ravi").run()
    app.button(key="enrol_save").click().run()
    assert "2 reps are enrolled." in told(app)
    [table] = [frame.value for frame in app.dataframe]
    assert set(table["who"]) == {"ravi", "wanda"}
    assert "Nair" not in told(app)
    with reading(company) as connection:
        assert set(programme.enrolled(operator(), connection, as_of=TODAY, today=TODAY)["key"]) == {"ravi", "wanda"}


def test_what_was_entered_yesterday_can_no_longer_be_taken_back(company: sa.Engine) -> None:
    dana, ravi, rosa = (someone(company, name) for name in ("dana", "ravi", "rosa"))
    assert ravi.person_id is not None
    assert rosa.person_id is not None
    with writing(company) as connection:
        old = commands.enrol_rep(dana, connection, EnrolmentDraft(ravi.person_id, TODAY, "chosen"), NOW - 2 * DAY)
        new = commands.enrol_rep(dana, connection, EnrolmentDraft(rosa.person_id, TODAY, "chosen"), NOW)
    keys = {button.key for button in page("Dana").button}
    assert f"enrolment_back_{new}" in keys
    assert f"enrolment_back_{old}" not in keys


# ---- Settings and thresholds ---------------------------------------------------------------------------------------


def test_ada_sets_the_margin_and_everything_else_stays_and_takes_it_back(company: sa.Engine) -> None:
    app = page(part="rules")
    assert WARNING in told(app)
    field(app, SETTINGS, "programme_margin").set_value(62.5).run()
    app.button(key="settings_save").click().run()
    assert "The settings are saved." in told(app)
    assert "Margin: last changed 20 Nov 2026, Ada Brook." in told(app)
    with reading(company) as connection:
        assert settings(connection)["programme_margin"] == 0.625
        assert settings(connection)["programme_realisation"] == 1.0
    app.button(key="undo_settings").click().run()
    assert "It is as it was before." in told(app)
    with reading(company) as connection:
        assert settings(connection)["programme_margin"] is None
    app.button(key="settings_save").click().run()
    assert "Nothing was changed." in told(app)


def test_a_threshold_is_set_marked_with_who_and_when_and_reset(company: sa.Engine) -> None:
    app = page(part="rules")
    assert "as delivered" in " ".join(expander.label for expander in app.expander)
    shown = told(app)
    assert all(one.explanation in shown for one in WORDS.values())
    field(app, GUARD, "name").set_value("visible_amber").run()
    field(app, GUARD, "value_visible_amber").set_value(90.0).run()
    app.button(key="guardrail_save").click().run()
    assert "cannot lie above" in told(app)
    field(app, GUARD, "value_visible_amber").set_value(12.0).run()
    app.button(key="guardrail_save").click().run()
    assert "“Smallest visible effect” is set." in told(app)
    assert "| **12 %** | 15 % |" in told(app)
    assert "20 Nov 2026, Ada Brook" in told(app)
    assert "1 changed" in " ".join(expander.label for expander in app.expander)
    assert field(app, GUARD, "name").value == "visible_amber"
    app.button(key="guardrail_reset").click().run()
    assert "| 15 % | 15 % |" in told(app)
    app.button(key="undo_guardrails").click().run()
    with reading(company) as connection:
        assert settings(connection)["programme_guardrails"] == {"visible_amber": 0.12}


# ---- Who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Maya", "Ravi", "Eve", "executive"])
def test_nobody_else_finds_more_than_the_way_to_their_own_page(company: sa.Engine, who: str) -> None:
    app = page(who, part="costs")
    assert "kept by an admin; a sales leader enrols reps here" in told(app)
    assert not app.dataframe
    assert not [button for button in app.button if str(button.key).endswith("_save")]


@pytest.mark.parametrize("part", PARTS)
def test_every_part_opens_on_a_company_with_people_alone_and_on_none(
    sqlite_engine: sa.Engine,
    sqlite_database_url: str,
    fresh_caches: None,
    monkeypatch: pytest.MonkeyPatch,
    part: str,
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    assert "Nothing has been loaded yet" in told(page("admin", part=part))
    load(sqlite_engine, "people", PEOPLE)
    assert page("Ada", part=part).radio(key="programme_part").value == part
