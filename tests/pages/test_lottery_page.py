"""The start-order lottery on its page: what it could show comes first, one draw that stays, and who may see what."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.programme import EnrolmentDraft
from coaching.roi import lottery_words
from coaching.roi.lottery_draw import LotteryDraft
from coaching.roi.verdict import NOT_ENOUGH, TESTED
from coaching.sessions import SessionDraft
from data_access.commands import programme as commands
from data_access.commands import sessions
from data_access.engine import reading, writing
from data_access.tables import frozen_evidence, programme_enrolment, start_lottery
from tests.companies import NOW, PEOPLE, TODAY, deal, load, someone
from tests.copies import sqlite_copies_of
from tests.pages.opening import LOTTERY, figures, opened, said, words
from ui import exports, loaders

DAY = dt.timedelta(days=1)
FORM = "start-lottery"
HYPOTHESIS = "We think that coached reps keep more of their renewals."


def founded(engine: sa.Engine) -> None:
    """Four reps with ten months of results: enough to know how much they vary."""
    load(engine, "people", PEOPLE)
    rows = [
        deal(
            f"{owner}-{month}",
            owner,
            status="won",
            opened=f"2026-{month:02}-01",
            closed=f"2026-{month:02}-12",
            amount=1_000 + 900 * ((place * 7 + month * month) % 9),
        )
        for place, owner in enumerate(("ravi", "rosa", "wim", "wanda"))
        for month in range(1, 11)
    ]
    load(engine, "deals", rows)


founded_company = sqlite_copies_of(founded)


@pytest.fixture
def company(founded_company: sa.Engine, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    monkeypatch.setenv("COACHING_DATABASE_URL", founded_company.url.render_as_string(hide_password=False))
    return founded_company


def draft(**more: Any) -> LotteryDraft:
    days = (dt.date(2026, 12, 1), dt.date(2027, 3, 1))
    given: dict[str, Any] = {"hypothesis": HYPOTHESIS, "coach_hours": 8.0, "hours_per_rep": 4.0, "first_days": days}
    return LotteryDraft(**{**given, "seed": "4711", **more})


def drawn(company: sa.Engine, now: dt.datetime = NOW, **more: Any) -> int:
    with writing(company) as connection:
        return commands.draw_lottery(someone(company, "dana"), connection, draft(**more), now)


def field(app: AppTest, name: str) -> Any:
    key = f"{FORM}|{name}"
    kinds = (app.number_input, app.text_input, app.text_area, app.date_input)
    return next(widget for kind in kinds for widget in kind if widget.key == key)


def shown(app: AppTest) -> str:
    return words(app) + " ".join(str(element.value) for element in [*app.code, *app.warning, *app.success])


def draws_there(company: sa.Engine) -> int:
    with reading(company) as connection:
        return int(connection.scalar(sa.select(sa.func.count()).select_from(start_lottery)) or 0)


# ---- Before the draw -----------------------------------------------------------------------------------------------


def test_dana_is_told_what_could_be_seen_before_anything_else_and_what_would_make_it_better(company: sa.Engine) -> None:
    app = opened(LOTTERY, "Dana")
    assert [heading.value for heading in app.subheader] == ["First: what could it show?", "Then: the terms"]
    text = shown(app)
    assert "4 reps could start coaching" in text
    assert "4 reps in 4 waves: within 24 months of the first start, effects of about" in text
    assert "answers only very large effects" in text
    assert "how often chance alone does as well" in text
    assert "the time from the first wave to the last is what counts" in text
    assert lottery_words.FAIR in text
    assert "Everybody gets coached" in text
    app.number_input(key="lottery_months").set_value(36).run()
    assert said(app, "months") == "36"
    assert "within 36 months of the first start" in words(app)
    app = opened(LOTTERY, "Dana", months=9_999)
    assert "within 60 months" in words(app)


def test_hours_decide_how_many_start_at_a_time_and_the_days_follow_the_months_between(company: sa.Engine) -> None:
    app = opened(LOTTERY, "Dana")
    field(app, "coach_hours").set_value(8.0).run()
    assert "4 reps, 2 at a time: 2 waves." in words(app)
    assert [field(app, f"day_{wave}").value for wave in (1, 2)] == [dt.date(2026, 12, 1), dt.date(2027, 3, 1)]
    field(app, "between").set_value(1).run()
    assert field(app, "day_2").value == dt.date(2027, 1, 1)
    closer = words(app)
    field(app, "between").set_value(6).run()
    share = [int(text.split("about ")[1].split(" %")[0]) for text in (closer, words(app))]
    assert share[0] > share[1], "waves further apart show smaller effects"
    field(app, "coach_hours").set_value(40.0).run()
    assert "hours for everybody at once" in shown(app)
    assert app.button(key="lottery_draw").disabled


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("hypothesis", " \u200b ", "Write down what you expect"),
        ("seed", "a:b", "without a colon"),
        ("day_1", TODAY, "after today"),
        ("day_2", dt.date(2026, 12, 20), "month of its own"),
    ],
)
def test_terms_that_cannot_be_are_said_at_once_and_nothing_can_be_drawn(
    company: sa.Engine, name: str, value: Any, why: str
) -> None:
    app = opened(LOTTERY, "Dana")
    field(app, name).set_value(value).run()
    assert why in shown(app)
    assert app.button(key="lottery_draw").disabled


def test_too_few_results_are_said_and_no_share_is_invented(
    sqlite_engine: sa.Engine, sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    load(sqlite_engine, "people", PEOPLE)
    text = words(opened(LOTTERY, "Dana"))
    assert "is not known yet: too few results are loaded" in text
    assert "Load a year of closed deals first" in text


# ---- The draw ------------------------------------------------------------------------------------------------------


def test_dana_draws_once_is_asked_first_and_everybody_is_enrolled(company: sa.Engine) -> None:
    app = opened(LOTTERY, "Dana")
    field(app, "coach_hours").set_value(8.0).run()
    field(app, "hypothesis").set_value(HYPOTHESIS).run()
    app.button(key="lottery_draw").click().run()
    assert "It cannot be changed or drawn again" in words(app)
    assert draws_there(company) == 0
    app.button(key="lottery_no").click().run()
    assert not [button for button in app.button if button.key == "lottery_yes"]
    app.button(key="lottery_draw").click().run()
    app.button(key="lottery_yes").click().run()
    assert not app.exception
    assert "Drawn and locked." in shown(app)
    text = words(app)
    assert "4 reps in 2 waves; the first starts on 1 Dec 2026." in text
    assert HYPOTHESIS in text
    assert "by Dana Whitfield" in text
    assert "could start coaching" not in text
    assert not [button for button in app.button if button.key == "lottery_draw"]
    with reading(company) as connection:
        row = connection.execute(sa.select(start_lottery)).mappings().one()
        enrolled = connection.execute(sa.select(programme_enrolment)).mappings().all()
    assert row["seed"] == TODAY.isoformat()
    assert {one["reason"] for one in enrolled} == {"lottery"}
    assert len(enrolled) == 4
    terms = json.loads(row["terms"])
    assert terms["months"] == 24
    assert terms["visible_share"] > 0


def test_a_list_that_changed_since_it_was_looked_at_is_not_drawn_from(company: sa.Engine) -> None:
    app = opened(LOTTERY, "Dana")
    app.button(key="lottery_draw").click().run()
    ravi = someone(company, "ravi").person_id
    assert ravi is not None
    with writing(company) as connection:
        commands.enrol_reps(someone(company, "dana"), connection, [EnrolmentDraft(ravi, TODAY, "chosen")], NOW)
    app.button(key="lottery_yes").click().run()
    assert "Who can start has changed since you looked" in shown(app)
    assert draws_there(company) == 0
    assert "3 reps could start coaching" in words(app)


# ---- After the draw ------------------------------------------------------------------------------------------------


def test_the_drawn_order_stands_with_names_for_dana_ids_for_an_admin_and_counts_for_eve(company: sa.Engine) -> None:
    number = drawn(company)
    app = opened(LOTTERY, "Dana")
    [table] = [frame.value for frame in app.dataframe]
    assert set(table["who"]) == {"Ravi Nair", "Rosa Marin", "Wim de Boer", "Wanda Król"}
    assert list(table["wave"]) == [1, 1, 2, 2]
    assert len(figures(app)) == 1
    app = opened(LOTTERY, "Ada")
    [table] = [frame.value for frame in app.dataframe]
    assert set(table["who"]) == {"ravi", "rosa", "wim", "wanda"}
    assert "state" not in table
    assert "Nair" not in shown(app)
    app = opened(LOTTERY, "Eve")
    assert not app.dataframe
    text = shown(app)
    assert "Who starts when is seen by those who lead the reps" in text
    assert "4711" in text
    assert "Drawn again just now from list and seed: the same order" in text
    assert not {"ravi", "wanda", "Nair"} & set(text.replace(",", " ").split())
    for who, there in (("Dana", True), ("Ada", True), ("Eve", False), ("Maya", False)):
        sight = loaders.sight_of(str(someone(company, who.lower()).person_id))
        assert sight is not None
        for kind in ("lottery_ids", "lottery_order"):
            assert (exports.EXPORTS[kind](sight, {"lottery_id": number}) is not None) is there
            assert exports.EXPORTS[kind](sight, {"lottery_id": 10_000}) is None


def test_anybody_with_list_and_seed_draws_the_same_order_with_the_line_on_the_page(
    company: sa.Engine, tmp_path: Path
) -> None:
    number = drawn(company, seed="it's $HOME & 4711")
    app = opened(LOTTERY, "Dana")
    [line] = [code.value for code in app.code]
    sight = loaders.sight_of(str(someone(company, "dana").person_id))
    assert sight is not None
    listed = exports.EXPORTS["lottery_ids"](sight, {"lottery_id": number})
    assert isinstance(listed, exports.Document)
    (tmp_path / "ids.txt").write_bytes(listed.body)
    again = subprocess.run(
        line.replace("python3", sys.executable, 1), shell=True, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    [table] = [frame.value for frame in opened(LOTTERY, "Ada").dataframe]
    assert again.stdout.split() == list(table["who"])


def test_a_tampered_order_is_said_to_be_one(company: sa.Engine) -> None:
    drawn(company)
    with writing(company) as connection:
        order = json.loads(connection.scalar(sa.select(start_lottery.c.drawn_order)) or "")
        order[0], order[1] = order[1], order[0]
        connection.execute(sa.update(start_lottery).values(drawn_order=json.dumps(order)))
    assert "do not give the order that is stored" in words(opened(LOTTERY, "Eve"))


def test_progress_counts_who_has_had_a_session_since_their_day(company: sa.Engine) -> None:
    then = dt.datetime(2026, 8, 20, 9, 0, tzinfo=dt.UTC)
    drawn(company, then, first_days=(dt.date(2026, 9, 1), dt.date(2027, 1, 4)))
    app = opened(LOTTERY, "Dana")
    assert "0 of 2 whose day has come have begun; the next wave starts on 4 Jan 2027." in words(app)
    [table] = [frame.value for frame in app.dataframe]
    first = table["who"][0]
    coach = someone(company, "maya" if first in {"Ravi Nair", "Rosa Marin"} else "omar")
    rep = someone(company, {"Ravi Nair": "ravi", "Rosa Marin": "rosa", "Wim de Boer": "wim"}.get(first, "wanda"))
    assert rep.person_id is not None
    with writing(company) as connection:
        for days in (100, 3):
            held = SessionDraft(rep.person_id, held_at=NOW - days * DAY, status="held", minutes=30)
            sessions.record_session(coach, connection, held, NOW)
    app = opened(LOTTERY, "Dana")
    assert "1 of 2 whose day has come have begun" in words(app)
    [table] = [frame.value for frame in app.dataframe]
    assert list(table["state"]) == ["has begun", "no session yet", "to come", "to come"]
    assert "1 of 2 whose day has come" in words(opened(LOTTERY, "Eve"))


def test_the_result_is_read_from_the_frozen_one_and_grey_hides_its_figures(company: sa.Engine) -> None:
    number = drawn(company)
    assert "No result that has been frozen speaks of this draw yet." in words(opened(LOTTERY, "Eve"))
    with writing(company) as connection:
        commands.freeze_evidence(someone(company, "eve"), connection, as_of=TODAY, reason="After the draw", now=NOW)
    app = opened(LOTTERY, "Eve")
    assert "It is too early to say." in words(app)
    with writing(company) as connection:
        found = json.loads(connection.scalar(sa.select(frozen_evidence.c.result)) or "")
        [one] = found["lotteries"]
        assert one["lottery_id"] == number
        sentence = "If coaching did nothing, drawing the start order again would show this in 3 of 1,000 cases."
        found["lotteries"] = [{**one, "badge": TESTED, "words": sentence, "p": 0.003, "why_not": ""}]
        connection.execute(sa.update(frozen_evidence).values(result=json.dumps(found)))
    text = words(opened(LOTTERY, "Dana"))
    assert sentence in text
    assert "frozen as of 20 Nov 2026" in text
    assert lottery_words.result_words({**one, "badge": NOT_ENOUGH, "words": sentence})[1].count("3 of 1,000") == 0


# ---- Who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Maya", "Ravi"])
def test_managers_and_reps_find_the_way_to_their_own_page(company: sa.Engine, who: str) -> None:
    drawn(company)
    app = opened(LOTTERY, who)
    assert "for those who lead the programme" in words(app)
    assert "4711" not in shown(app)
    assert not app.dataframe


@pytest.mark.parametrize("who", ["Eve", "executive"])
def test_an_executive_reads_what_could_be_drawn_and_draws_nothing(company: sa.Engine, who: str) -> None:
    app = opened(LOTTERY, who)
    text = words(app)
    assert "4 reps in the whole company can be drawn" in text
    assert "effects of about" in text
    assert not [button for button in app.button if str(button.key).startswith("lottery_")]


def test_hostile_words_in_a_hypothesis_are_shown_and_never_obeyed(company: sa.Engine) -> None:
    bad = "See ![x](http://a.example/x.png) <b>it</b> :red[now]"
    drawn(company, hypothesis=bad)
    app = opened(LOTTERY, "Dana")
    assert bad in words(app)
    assert not any("](http" in element.value for element in app.markdown)
