"""The plan's page and its part of the progress page, as two people use them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import reading, writing
from data_access.queries import plans as queries
from data_access.scope import operator
from tests.companies import PEOPLE, TODAY, deal, load
from tests.copies import sqlite_copies_of
from tests.demo import id_of, sight_of
from tests.pages.opening import PLAN, PROGRESS, figures, opened, words
from ui.empty_states import NO_SUCH_PERSON
from ui.loaders import plans as loaders
from ui.plan_section import assessed


def founded(engine: sa.Engine) -> None:
    """Ravi sells for Maya: ten deals decided last quarter, one open; three exports."""
    load(engine, "people", PEOPLE, dt.date(2026, 1, 1))
    rows = [deal(f"w{n}", status="won", closed="2026-08-10") for n in range(3)]
    rows += [deal(f"l{n}", status="lost", closed="2026-09-10") for n in range(7)]
    for day in (dt.date(2026, 11, 6), dt.date(2026, 11, 13), TODAY):
        load(engine, "deals", [*rows, deal("open", amount=1000), deal("rosas", "rosa")], day)
    with writing(engine) as connection:
        ensure_default_scorecard(connection)


copy = sqlite_copies_of(founded)


@pytest.fixture
def company(copy: sa.Engine, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    """What the pages look at and may write to."""
    monkeypatch.setenv("COACHING_DATABASE_URL", str(copy.url))
    return copy


def plan_page(who: str, rep: str = "Ravi") -> AppTest:
    return opened(PLAN, who, rep=id_of(rep))


def fill(app: AppTest, form: str, field: str, value: object) -> None:
    """Type into a field by its name in the form."""
    key = f"{form}|{field}"
    for kind in ("text_area", "text_input", "number_input", "radio", "selectbox", "date_input"):
        for element in getattr(app, kind):
            if element.key == key:
                element.set_value(value)
                app.run()
                assert not app.exception
                return
    raise AssertionError(f"there is no field {key}")


def press(app: AppTest, key: str) -> None:
    app.button(key=key).click().run()
    assert not app.exception, app.exception


def proposed_plan() -> AppTest:
    """Maya proposes to double the open pipeline."""
    app, form = plan_page("Maya"), f"plan:{id_of('Ravi')}"
    fill(app, form, "metric", "open_pipeline")
    fill(app, form, "amount", 100.0)
    fill(app, form, "why_business", "A fuller quarter")
    fill(app, form, "why_rep", "Calmer weeks")
    fill(app, form, "action_0", "Ask for the cost of the problem")
    press(app, f"{form}_save")
    return app


def state(engine: sa.Engine) -> dict[str, pl.DataFrame]:
    with reading(engine) as connection:
        asked: dict[str, Any] = {"as_of": TODAY, "today": TODAY}
        return {
            "plans": queries.plans(operator(), connection, **asked),
            "objectives": queries.objectives(operator(), connection, **asked),
            "actions": queries.actions(operator(), connection, **asked),
        }


def test_maya_sees_the_baseline_and_the_target_while_she_types_and_proposes(company: sa.Engine) -> None:
    app, form = plan_page("Maya"), f"plan:{id_of('Ravi')}"
    assert "no current plan with Ravi Nair" in words(app)
    fill(app, form, "metric", "open_pipeline")
    assert "Baseline today: $1.0 k, n = 3. Mean of the last 3 exports" in words(app)
    fill(app, form, "amount", 100.0)
    assert "Target: double, $2.0 k." in words(app)
    fill(app, form, "action_0", "Ask for the cost of the problem")
    press(app, f"{form}_save")
    assert "The plan is proposed" in app.success[0].value
    [row] = state(company)["objectives"].to_dicts()
    assert (row["metric_key"], row["target_value"], row["baseline_value"], row["status"]) == (
        "open_pipeline",
        1.0,
        1000,
        "proposed",
    )
    assert "1 objective, not agreed by both yet" in words(app)


def test_what_is_typed_last_is_saved_though_the_button_is_pressed_at_once(company: sa.Engine) -> None:
    """The browser sends the last field and the button together: no run has drawn the page with the words yet."""
    app, form = plan_page("Maya"), f"plan:{id_of('Ravi')}"
    fill(app, form, "metric", "open_pipeline")
    app.number_input(key=f"{form}|amount").set_value(100.0)
    app.text_input(key=f"{form}|action_0").set_value("Ask for the cost of the problem")
    press(app, f"{form}_save")
    assert "Ask for the cost of the problem" in words(app)
    [row] = state(company)["objectives"].to_dicts()
    assert row["target_value"] == 1.0

    app, form = plan_page("Maya"), f"revision:{row['plan_id']}"
    app.text_input(key=f"{form}|action_1").set_value("Ask for a second name")
    app.text_area(key=f"{form}|reason").set_value("Two people decide")
    press(app, f"{form}_save")
    assert "Added: Ask for a second name" in words(app)

    app = opened(PLAN, "Ravi")
    app.radio(key=f"verdict:{row['plan_id']}|verdict").set_value("adjusted")
    press(app, f"verdict:{row['plan_id']}_sign")
    assert "Ravi Nair signed **Adjusted**" in words(plan_page("Maya"))


def test_a_refusal_is_a_sentence_and_keeps_every_word(company: sa.Engine) -> None:
    app, form = plan_page("Maya"), f"plan:{id_of('Ravi')}"
    fill(app, form, "summary", "Fewer deals, better known")
    press(app, f"{form}_save")
    assert "Say what is to be reached" in app.error[0].value
    assert app.text_area(key=f"{form}|summary").value == "Fewer deals, better known"
    assert state(company)["plans"].is_empty()


def test_a_half_written_plan_survives_a_reload(company: sa.Engine) -> None:
    form = f"plan:{id_of('Ravi')}"
    fill(plan_page("Maya"), form, "action_0", "Ask for the cost of the problem")
    again = plan_page("Maya")
    assert again.text_input(key=f"{form}|action_0").value == "Ask for the cost of the problem"
    assert "your words were kept" in words(again)
    # Dana's own form is hers.
    assert plan_page("Dana").text_input(key=f"{form}|action_0").value == ""


def test_ravi_counters_and_maya_takes_it_over(company: sa.Engine) -> None:
    proposed_plan()
    [row] = state(company)["objectives"].to_dicts()
    form = f"answer:{row['objective_id']}"
    app = opened(PLAN, "Ravi")
    assert "Waiting for your answer" in words(app)
    assert "Calmer weeks" in words(app)
    fill(app, form, "answer", "counter")
    press(app, f"{form}_send")
    assert "Say why" in app.error[0].value
    fill(app, form, "amount", 50.0)
    fill(app, form, "reason", "Two of my accounts are closing")
    press(app, f"{form}_send")
    assert "Your counter is with your coach" in app.success[0].value
    app = plan_page("Maya")
    assert "The rep proposes **+50 %**" in words(app)
    assert "Two of my accounts are closing" in words(app)
    press(app, f"meet:{row['objective_id']}_take")
    assert "the rep's target holds now" in app.success[0].value
    [row] = state(company)["objectives"].to_dicts()
    assert (row["target_value"], row["status"], row["baseline_value"]) == (0.5, "accepted", 1000)


def test_ravi_objects_and_pulling_rank_is_refused(company: sa.Engine) -> None:
    proposed_plan()
    [row] = state(company)["objectives"].to_dicts()
    app, form = opened(PLAN, "Ravi"), f"answer:{row['objective_id']}"
    fill(app, form, "answer", "object")
    fill(app, form, "reason", "My market is shrinking")
    press(app, f"{form}_send")
    assert "You object." in words(app)
    assert "The rep objects" not in words(app)
    app, form = plan_page("Maya"), f"meet:{row['objective_id']}"
    assert "The rep objects." in words(app)
    fill(app, form, "step", "escalate")
    fill(app, form, "note", "I insist")
    press(app, f"{form}_step")
    assert "Pulling rank is the last resort" in app.error[0].value
    fill(app, form, "step", "listen_again")
    press(app, f"{form}_step")
    assert "listen again: I insist" in words(app)


def test_two_people_write_on_one_plan_and_the_second_loses_nothing(company: sa.Engine) -> None:
    proposed_plan()
    form = f"revision:{state(company)['plans']['plan_id'][0]}"
    maya, dana = plan_page("Maya"), plan_page("Dana")
    fill(maya, form, "reason", "Ravi asked for one more")
    fill(maya, form, "action_1", "Ask for a second name")
    fill(dana, form, "reason", "The calls moved to video")
    fill(dana, form, "action_1", "End each call with a date")
    press(dana, f"{form}_save")
    assert "new version" in dana.success[0].value
    press(maya, f"{form}_save")
    assert "Somebody saved this while you were writing" in maya.error[0].value
    told = words(maya)
    assert "Dana Whitfield revised the plan on 20 Nov 2026: The calls moved to video" in told
    assert "Added: End each call with a date" in told
    assert maya.text_input(key=f"{form}|action_1").value == "Ask for a second name"
    press(maya, f"{form}_rebase")
    fill(maya, form, "action_2", "End each call with a date")
    press(maya, f"{form}_save")
    latest = state(company)["actions"]
    assert latest["number"].max() == 3
    assert latest.filter(pl.col("number") == 3).height == 3
    assert "Ravi asked for one more" in words(maya)


def test_an_untouched_form_follows_what_somebody_else_saved(company: sa.Engine) -> None:
    proposed_plan()
    form = f"revision:{state(company)['plans']['plan_id'][0]}"
    maya, dana = plan_page("Maya"), plan_page("Dana")
    fill(dana, form, "reason", "The calls moved to video")
    fill(dana, form, "action_1", "End each call with a date")
    press(dana, f"{form}_save")
    maya.run()
    assert maya.text_input(key=f"{form}|action_1").value == "End each call with a date"
    assert not maya.warning


def test_the_same_words_as_in_rosas_plan_are_named(company: sa.Engine) -> None:
    proposed_plan()
    app, form = plan_page("Maya", "Rosa"), f"plan:{id_of('Rosa')}"
    fill(app, form, "action_0", "ask for the COST of the problem!")
    assert "The same words stand in the plan of Ravi Nair" in words(app)


def test_done_is_marked_and_taken_back_and_two_people_close_the_plan(company: sa.Engine) -> None:
    proposed_plan()
    action, plan_id = state(company)["actions"]["action_id"][0], state(company)["plans"]["plan_id"][0]
    app = opened(PLAN, "Ravi")
    press(app, f"done_{action}")
    assert state(company)["actions"]["done_on"][0] == TODAY
    press(app, f"done_{action}")
    assert state(company)["actions"]["done_on"][0] is None
    press(app, f"verdict:{plan_id}_sign")
    assert "Somebody else has to sign" in app.success[0].value
    maya = plan_page("Maya")
    assert "Ravi Nair signed **Met**" in words(maya)
    press(maya, f"verdict:{plan_id}_sign")
    assert "the plan is closed" in maya.success[0].value
    assert "no current plan with Ravi Nair" in words(maya)
    assert "Met" in words(opened(PROGRESS, "Maya", rep=id_of("Ravi")))


def test_the_progress_page_shows_the_objective_and_a_coach_without_a_plan_gets_a_way_to_one(company: sa.Engine) -> None:
    before = opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    assert "No plan with Ravi Nair on 20 Nov 2026" in words(before)
    proposed_plan()
    app = opened(PROGRESS, "Maya", rep=id_of("Ravi"))
    assert "Open pipeline: double by" in words(app)
    assert "baseline $1.0 k, n = 3, as of 20 Nov 2026" in words(app)
    assert any("Open pipeline" in figure["layout"]["title"]["text"] for figure in figures(app))
    # Ravi has not answered yet, so nothing is called agreed.
    assert [element.value.replace("\u00a0", " ") for element in app.subheader if "objective" in element.value] == [
        "1 objective: not agreed yet"
    ]
    [drawn] = [str(each["layout"]) for each in figures(app) if "Open pipeline" in each["layout"]["title"]["text"]]
    assert "not agreed" in drawn
    assert "First version of the plan" in words(app)
    earlier = opened(PROGRESS, "Maya", rep=id_of("Ravi"), as_of="2026-11-19")
    assert "No plan with Ravi Nair on 19 Nov 2026" in words(earlier)


def test_hostile_words_are_shown_and_not_obeyed(company: sa.Engine) -> None:
    app, form = plan_page("Maya"), f"plan:{id_of('Ravi')}"
    text = "![x](http://example.org/x.png) **loud** :red[red] <script>"
    fill(app, form, "metric", "open_pipeline")
    fill(app, form, "amount", 100.0)
    fill(app, form, "action_0", text)
    press(app, f"{form}_save")
    for page in (PLAN, PROGRESS):
        shown = opened(page, "Maya", rep=id_of("Ravi"))
        written = [element.value for element in shown.markdown if "loud" in element.value]
        assert written
        assert all("\\!\\[x\\]" in value and "\\*\\*loud" in value for value in written)


# ---- On the demo company -----------------------------------------------------------------------------------------


def test_in_the_demo_every_verdict_comes_with_a_reason_and_some_answers_are_open(demo: str) -> None:
    dana = sight_of("Dana")
    with_plans = loaders.quality(dana, as_of=TODAY)
    assert with_plans.height >= 8
    verdicts, states = set(), set()
    for rep_id in with_plans["rep_id"]:
        for goal in loaders.standing(dana, rep_id=rep_id, as_of=TODAY)["objectives"].to_dicts():
            if goal["plan_status"] == "active":
                found, _ = assessed(dana, goal, TODAY)
                assert found.reason
                verdicts.add(found.verdict)
                states.add(goal["status"])
    assert {"met", "off_path", "too_early"} <= verdicts
    assert "accepted" in states
    assert states & {"proposed", "countered", "objected"}


def test_ravi_sees_the_same_objectives_as_maya_and_omar_sees_nothing(demo: str) -> None:
    own, managers = words(opened(PLAN, "Ravi")), words(plan_page("Maya"))
    for text in ("Objectives", "For the business"):
        assert text in own
        assert text in managers
    other = opened(PLAN, "Omar", rep=id_of("Ravi"))
    unknown = opened(PLAN, "Omar", rep=999_999)
    assert NO_SUCH_PERSON in words(other)
    assert words(other) == words(unknown)


@pytest.mark.parametrize("who", ["Eve", "Ada", "executive", "admin"])
def test_nobody_else_learns_anything_from_the_address(demo: str, who: str) -> None:
    app = opened(PLAN, who, rep=id_of("Ravi"))
    assert NO_SUCH_PERSON in words(app)
    assert "Ravi" not in words(app)
