"""The coaching loop from end to end, in a real browser and on real files: Maya observes Ravi, he looks at the same
call, both agree an objective and a plan, a session follows, Ada loads the results, and both sign what became of it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from coaching import numbers
from data_access.default_scorecard import ensure_default_scorecard
from data_access.engine import open_engine, reading, writing
from data_access.tables import person
from tests.browser.waiting import wait_idle
from tests.companies import PEOPLE, csv_bytes, deal, load
from tests.databases import sqlite_url

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

NOW = dt.datetime.now(dt.UTC)
TODAY = NOW.date()
DAYS_INTO_THE_SLOT = 3
JOINED = TODAY - dt.timedelta(days=20 * 14 + DAYS_INTO_THE_SLOT)
"""Slots of two weeks count from here: today is a few days into one, the one before it and its tolerance are over."""
LAST_EXPORT = TODAY - dt.timedelta(days=7)
EXPORTS = {TODAY - dt.timedelta(days=21): 9_000, TODAY - dt.timedelta(days=14): 10_000, LAST_EXPORT: 11_000}
"""Exports with Ravi's open pipeline on each day; the baseline is their mean, $10 k."""
NEW_PIPELINE = 24_000

PREPARING, DISCOVERY, NEXT_STEPS = "Preparing the conversation", "Finding out what matters", "Agreeing the next step"
MAYAS_EVIDENCE = "He asked what a day of downtime costs and waited for the number"
ONE_THING = "End each call with a date in both calendars"
RAVIS_EVIDENCE = "I said I would call back, and the customer nodded"
ACTION, SECOND_ACTION = "Open every first call with the cost of the problem", "Ask for a second name in every account"
WHY_IT_CHANGES = "The pipeline is full; now it is about more than one person per account"
MAYAS_PROMISE, RAVIS_PROMISE = "Join the call with the harbour", "Send the two open calendars"


@dataclass(frozen=True)
class Company:
    """The served company: the address's ids by first name."""

    ids: dict[str, int]

    def at(self, path: str, who: str, **more: str) -> str:
        """A page's address as ``who`` opens it; more names of the address with whose id each has."""
        asked = "".join(f"&{name}={self.ids[whose]}" for name, whose in more.items())
        return f"{path}?as={self.ids[who]}{asked}"


@pytest.fixture(scope="module")
def app_database_url(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """East and West with a past: Ravi's deals in three exports, a quota, one session long ago; nothing observed yet."""
    file = tmp_path_factory.mktemp("loop") / "company.sqlite3"
    file.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(sqlite_url(file))
    with writing(engine) as connection:
        ensure_default_scorecard(connection)
    load(engine, "people", [{**row, "started_on": JOINED.isoformat()} for row in PEOPLE], JOINED, now=NOW)
    for day, amount in EXPORTS.items():
        load(engine, "deals", deals(amount), day, now=NOW)
    quarter = {"from": f"{TODAY.year}-01-01", "to": f"{TODAY.year}-12-31", "amount": 60_000, "currency": "USD"}
    load(engine, "quotas", [{"rep": "ravi", **quarter}], LAST_EXPORT, now=NOW)
    held = {"rep": "ravi", "coach": "maya", "status": "held", "held_at": f"{JOINED + dt.timedelta(days=8)} 10:00"}
    load(engine, "sessions", [{**held, "kind": "own_manager", "minutes": 30}], LAST_EXPORT, now=NOW)
    engine.dispose()
    return sqlite_url(file)


def days_ago(days: int) -> str:
    return (TODAY - dt.timedelta(days=days)).isoformat()


def deals(open_amount: int) -> list[dict[str, Any]]:
    """An export: what Ravi has won and lost, and the one deal of each rep that is open; ``open_amount`` is Ravi's."""
    began, decided, opened = days_ago(200), days_ago(60), days_ago(50)
    rows = [deal(f"won-{n}", status="won", opened=began, closed=decided, amount=4_000) for n in range(4)]
    rows += [deal(f"lost-{n}", status="lost", opened=began, closed=decided, amount=3_000) for n in range(6)]
    rows += [deal("harbour", opened=opened, amount=open_amount), deal("quarry", "rosa", opened=opened)]
    return [{**row, "name": f"Cranes {row['id']}"} for row in rows]


@pytest.fixture(scope="module")
def company(app_database_url: str) -> Company:
    engine = open_engine(app_database_url)
    with reading(engine) as connection:
        rows = connection.execute(sa.select(person.c.name, person.c.id)).all()
    engine.dispose()
    return Company({name.split()[0]: key for name, key in rows})


# ---- What hands do -----------------------------------------------------------------------------------------------


def visit(page: Page, address: str, title: str) -> None:
    """Open a page by its address and wait until it stands."""
    from playwright.sync_api import expect

    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    wait_idle(page)


def main(page: Page) -> Locator:
    return page.get_by_test_id("stMain")


def as_shown(words: str) -> re.Pattern[str]:
    """Words as a page shows them: spaces that may not break, and what keeps a colon from being read as markup."""
    return re.compile(r"\s+".join(re.escape(word) for word in words.split()).replace(":", ":\u2060?"))


def sees(page: Page, *texts: str) -> None:
    """Each of these words stands on the page."""
    from playwright.sync_api import expect

    for text in texts:
        expect(main(page)).to_contain_text(as_shown(text))


def sees_nothing_of(page: Page, *texts: str) -> None:
    """None of these words stands on the page, which has come to rest."""
    from playwright.sync_api import expect

    wait_idle(page)
    for text in texts:
        expect(main(page)).not_to_contain_text(as_shown(text))


def write(page: Page, label: str, words: str) -> None:
    """Type into a field and leave it, as the Tab key does."""
    field = main(page).get_by_label(label, exact=True)
    field.fill(words)
    field.press("Tab")


def choose(page: Page, label: str, option: str) -> None:
    """Type the beginning of an option into a select box and take it."""
    from playwright.sync_api import expect

    # The box may have come with the answer before: it is drawn anew once more when the page has come to rest.
    wait_idle(page)
    box = page.get_by_role("combobox", name=label, exact=True)
    box.fill(option)
    page.get_by_role("option", name=option, exact=True).click()
    expect(box).to_have_value(option)


def tap(page: Page, question: str, answer: str) -> None:
    """Choose an answer of a question with a few."""
    from playwright.sync_api import expect

    group = page.get_by_role("radiogroup", name=question, exact=True)
    group.get_by_text(answer, exact=True).click()
    expect(group.get_by_role("radio", name=answer, exact=True)).to_be_checked()


def press(page: Page, button: str, then: str) -> None:
    """Click a button and wait until the page says what came of it."""
    main(page).get_by_role("button", name=button, exact=True).click()
    sees(page, then)
    wait_idle(page)


def score(page: Page, skill: str, level: int, anchor: str, evidence: str = "") -> None:
    """Give a level, read what it looks like, and say why."""
    block = page.locator("[class*='st-key-skill_']").filter(has_text=skill)
    block.get_by_role("button", name=str(level), exact=True).click()
    sees(page, f"{level}: {anchor}")
    if evidence:
        write(page, f"Evidence for “{skill}”", evidence)


def row_of(page: Page, *texts: str) -> list[str]:
    """The cells in view of the one table row with these words. Tables draw on a canvas; beside it stands the same for
    screen readers."""
    rows = page.get_by_test_id("stDataFrame").locator("tr")
    for text in texts:
        rows = rows.filter(has_text=text)
    rows.wait_for(state="attached")
    return [" ".join(text.split()) for text in rows.locator("[role=gridcell]").all_text_contents()]


# ---- The steps ---------------------------------------------------------------------------------------------------


def maya_observes_a_call_and_a_reload_loses_nothing(page: Page, company: Company) -> None:
    from playwright.sync_api import expect

    visit(page, company.at("/record-observation", "Maya", rep="Ravi"), "Record an observation")
    tap(page, "How did you see it?", "In the field")
    score(page, DISCOVERY, 4, "The customer puts a number on the problem", MAYAS_EVIDENCE)
    score(page, NEXT_STEPS, 2, "Names a next step of one's own, without a date.")
    sees(page, "2 of 8 scored")
    wait_idle(page)

    page.reload()
    sees(page, "restored", "2 of 8 scored", "4: The customer puts a number on the problem")
    wait_idle(page)
    expect(page.get_by_label(f"Evidence for “{DISCOVERY}”")).to_have_value(MAYAS_EVIDENCE)
    score(page, PREPARING, 3, "States a goal and knows the history")
    write(page, "What went well", "Ravi let the customer finish")
    write(page, "The one thing", ONE_THING)
    expect(page.get_by_role("checkbox", name=re.compile("Ask Ravi Nair for their own view"))).to_be_checked()
    press(page, "Save", "Saved: 3 skills scored for Ravi Nair.")
    sees(page, "Ravi Nair is asked for their own view first")


def ravi_finds_the_call_but_no_score_before_his_own(page: Page, company: Company) -> None:
    hidden = (MAYAS_EVIDENCE, ONE_THING, "Ravi let the customer finish", f"{DISCOVERY} 4")
    visit(page, company.at("/rep-progress", "Ravi"), "Ravi Nair")
    sees(page, "Not enough observations yet (0 of 3)", "What is your own view?")
    sees_nothing_of(page, *hidden)
    visit(page, company.at("/me-my-coaching", "Ravi"), "My coaching")
    sees(page, "1 thing waits for your word.", "scored by Maya Lindgren", "Nothing was observed in the last 90 days")
    sees_nothing_of(page, *hidden)


def ravi_scores_the_same_call_and_both_see_the_gap(page: Page, company: Company) -> None:
    page.get_by_role("link", name="Score it myself").click()
    sees(page, "Maya Lindgren has scored this call. Score it as you saw it")
    wait_idle(page)
    sees_nothing_of(page, MAYAS_EVIDENCE, ONE_THING)
    score(page, DISCOVERY, 4, "The customer puts a number on the problem")
    score(page, NEXT_STEPS, 4, "Both sides have a step, a date and a name", RAVIS_EVIDENCE)
    score(page, PREPARING, 3, "States a goal and knows the history")
    gap = "Both views agree on 2 of 3 skills; on “Agreeing the next step” the own view is 2 levels higher"
    press(page, "Save", gap)
    sees(page, f"{NEXT_STEPS} (1 to 5): Maya Lindgren 2, You 4", MAYAS_EVIDENCE, ONE_THING)

    visit(page, company.at("/me-my-coaching", "Ravi"), "My coaching")
    sees(page, "1 observation in the last 90 days", f"One thing: {ONE_THING}")
    sees_nothing_of(page, "waits for your word")

    visit(page, company.at("/rep-progress", "Maya", rep="Ravi"), "Ravi Nair")
    sees(page, "1 conversation observed", "1 of them with an own view", f"{NEXT_STEPS} 2 (own view 4)")
    # Levels 4 and 2 of 5 are 75 and 25 of 100.
    assert row_of(page, NEXT_STEPS, "novice")[3] == "+50 (1 call)"
    main(page).get_by_role("link", name="Open", exact=True).click()
    sees(page, gap, f"{NEXT_STEPS} (1 to 5): You 2, Own view 4", RAVIS_EVIDENCE)


def maya_proposes_and_ravi_accepts_an_objective(page: Page, company: Company) -> None:
    visit(page, company.at("/record-plan", "Maya", rep="Ravi"), "Plan")
    sees(page, "There is no current plan with Ravi Nair")
    write(page, "The plan in a sentence", "Fewer deals, better known")
    choose(page, "What is to change", "Open pipeline")
    days = ", ".join(numbers.day(day) for day in EXPORTS)
    sees(page, f"Baseline today: $10 k, n = 3. Mean of the last 3 exports: {days}.")
    write(page, "Change in % (100 = double)", "100")
    sees(page, "Target: double, $20 k.")
    write(page, "Why it matters to the business", "A fuller quarter")
    write(page, "Why it matters to the rep", "Calmer weeks")
    write(page, "Action 1", ACTION)
    press(page, "Propose the plan", "The plan is proposed. The rep answers its objective.")
    sees(page, "with 1 objective, not agreed by both yet", "Waiting for the rep's answer")

    visit(page, company.at("/me-my-coaching", "Ravi"), "My coaching")
    sees(page, "1 thing waits for your word.", "Maya Lindgren proposes an objective", "Open pipeline: double by")
    sees(page, "Waiting for your answer", "For you: Calmer weeks")
    press(page, "I agree", "Agreed. You can still come back to it")
    sees(page, "1 objective agreed; nothing has reached its target yet.")
    sees_nothing_of(page, "waits for your word")

    visit(page, company.at("/rep-progress", "Maya", rep="Ravi"), "Ravi Nair")
    sees(page, "1 objective: too early to say", "Too early to say. A forecast needs 6 weekly values")
    sees(
        page, f"Now $11 k ({numbers.day(LAST_EXPORT)}); target $20 k (10 % of the way); baseline $10 k, n = 3,", ACTION
    )
    sees_nothing_of(page, "Waiting for the rep's answer")


def maya_writes_a_session_up_and_the_next_one_is_due_later(page: Page, company: Company) -> None:
    end_of_slot = TODAY + dt.timedelta(days=13 - DAYS_INTO_THE_SLOT)
    visit(page, company.at("/team-cadence", "Maya"), "Cadence")
    sees(page, "2 of 2 reps are past their next session")
    wait_idle(page)
    _, stands, _, _, next_due, *_ = row_of(page, "Ravi Nair")
    assert (stands, next_due) == ("past the next session", end_of_slot.isoformat())

    visit(page, company.at("/record-session", "Maya", rep="Ravi"), "Session")
    write(page, "Minutes", "40")
    write(page, "Topics, one per line", "The harbour\nA date in both calendars")
    choose(page, "Method", "Role-play")
    choose(page, "Skill", NEXT_STEPS)
    choose(page, "Action of the plan", ACTION)
    write(page, "Questions you asked", "6")
    write(page, "Instructions you gave", "2")
    write(page, "I promise", MAYAS_PROMISE)
    write(page, "Ravi promises", RAVIS_PROMISE)
    press(page, "Save", "The session is written down: 2 promises, 2 topics.")
    sees(page, f"Held {numbers.day(TODAY)} with Ravi Nair · 40 minutes · Role-play · {NEXT_STEPS}")

    visit(page, company.at("/team-cadence", "Maya"), "Cadence")
    sees(page, "1 of 2 reps is past their next session")
    wait_idle(page)
    _, stands, last, _, next_due, *_ = row_of(page, "Ravi Nair")
    assert (stands, last) == ("held, next one later", TODAY.isoformat())
    assert next_due == (end_of_slot + dt.timedelta(days=14)).isoformat()
    visit(page, company.at("/rep-progress", "Maya", rep="Ravi"), "Ravi Nair")
    sees(page, "Last session today, last observed today.", "worked on in 1 session")
    sees(page, f"Tried so far: most often {NEXT_STEPS} (1 session)")


def ravi_keeps_his_promise_and_answers_the_pulse(page: Page, company: Company) -> None:
    visit(page, company.at("/me-my-coaching", "Ravi"), "My coaching")
    sees(page, "2 promises open, 1 of them yours.", MAYAS_PROMISE, RAVIS_PROMISE)
    mine = page.locator("[class*='st-key-promise_']").filter(has_text=RAVIS_PROMISE)
    mine.get_by_role("button", name="Done").click()
    sees(page, "1 promise open.", "Kept lately (1 of 1)")
    for question, answer in (
        ("Was it useful?", "5"),
        ("Did you feel heard?", "4"),
        ("Is it clear what comes next?", "5"),
    ):
        tap(page, question, answer)
    press(page, "Send without my name", "Thank you. Nobody can tell which answer is yours.")

    visit(page, company.at("/record-session", "Maya", rep="Ravi"), "Session")
    sees(page, "1 promise of yours open", "Kept lately (1 of 1)", "The last session was today")


def ada_loads_new_results_and_the_verdict_changes(page: Page, company: Company, file: Path) -> None:
    from playwright.sync_api import expect

    file.write_bytes(csv_bytes(deals(NEW_PIPELINE)))
    visit(page, company.at("/admin-imports", "Ada") + "&kind=deals", "Imports")
    page.locator('input[type="file"]').set_input_files(file)
    sees(page, f"12 deals would be loaded, as of {numbers.day(TODAY)}")
    wait_idle(page)
    page.get_by_role("button", name="Load 12 deals", exact=True).click()
    expect(page.get_by_role("heading", name="12 deals loaded", exact=True)).to_be_visible()
    sees(page, "1 changed, 11 unchanged.")

    visit(page, company.at("/rep-progress", "Maya", rep="Ravi"), "Ravi Nair")
    sees(page, "1 objective: met", f"Met. $24 k on {numbers.day(TODAY)} reaches $20 k.")
    days = ", ".join(numbers.day(day) for day in EXPORTS)
    frozen = f"baseline $10 k, n = 3, as of {numbers.day(TODAY)}. Mean of the last 3 exports: {days}."
    sees(page, f"Now $24 k ({numbers.day(TODAY)}); target $20 k (140 % of the way); {frozen}")
    visit(page, company.at("/me-my-coaching", "Ravi"), "My coaching")
    sees(page, "Open pipeline has reached its target.")


def maya_revises_and_both_sign(page: Page, company: Company) -> None:
    visit(page, company.at("/record-plan", "Maya", rep="Ravi"), "Plan")
    main(page).get_by_text("Revise the plan", exact=True).click()
    write(page, "Why the plan changes", WHY_IT_CHANGES)
    write(page, "Action 2", SECOND_ACTION)
    press(page, "Save as a new version", "The plan has a new version; the earlier ones stay readable.")

    visit(page, company.at("/rep-progress", "Maya", rep="Ravi"), "Ravi Nair")
    sees(page, ACTION, SECOND_ACTION)
    main(page).get_by_text("How the plan came about (2 versions)").click()
    sees(page, f"Maya Lindgren: {WHY_IT_CHANGES}", f"Added: {SECOND_ACTION}")
    sees(page, "Maya Lindgren: First version of the plan", "Ravi Nair, open pipeline: accepted")

    visit(page, company.at("/record-plan", "Ravi"), "Plan")
    tap(page, "Was it reached?", "Met")
    press(page, "Sign first", "Signed. Somebody else has to sign the same.")
    visit(page, company.at("/record-plan", "Maya", rep="Ravi"), "Plan")
    sees(page, "Ravi Nair signed Met.")
    press(page, "Sign", "Both have signed: the plan is closed.")
    sees(page, "There is no current plan with Ravi Nair")
    visit(page, company.at("/rep-progress", "Maya", rep="Ravi"), "Ravi Nair")
    sees(page, "Earlier plans (1)")
    main(page).get_by_text("Earlier plans (1)").click()
    sees(page, "with Maya Lindgren: Met")


def ravi_reads_who_looked(page: Page, company: Company) -> None:
    visit(page, company.at("/me-my-coaching", "Ravi"), "My coaching")
    sees(page, "1 person opened your record in the last 90 days")
    day = numbers.day_and_month(TODAY)
    sees(page, *(f"Maya Lindgren opened {name} on {day}" for name in ("Progress", "Plan", "Session", "Observation")))


def test_the_loop_from_an_observation_to_a_signed_verdict(browser_page: Page, company: Company, tmp_path: Path) -> None:
    page = browser_page
    maya_observes_a_call_and_a_reload_loses_nothing(page, company)
    ravi_finds_the_call_but_no_score_before_his_own(page, company)
    ravi_scores_the_same_call_and_both_see_the_gap(page, company)
    maya_proposes_and_ravi_accepts_an_objective(page, company)
    maya_writes_a_session_up_and_the_next_one_is_due_later(page, company)
    ravi_keeps_his_promise_and_answers_the_pulse(page, company)
    ada_loads_new_results_and_the_verdict_changes(page, company, tmp_path / "deals.csv")
    maya_revises_and_both_sign(page, company)
    ravi_reads_who_looked(page, company)
