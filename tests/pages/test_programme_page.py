"""The programme's page: Eve reads the verdict first, sees no money where the cause is not known, and freezes once."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.testing.v1 import AppTest

from coaching.costs import CostDraft
from data_access.commands.programme import enter_cost
from data_access.commands.settings import change_setting
from data_access.engine import open_engine, reading, writing
from data_access.scope import operator
from data_access.tables import frozen_evidence
from tests import programme_results as results
from tests.availability import PROJECT
from tests.companies import NOW, PEOPLE, TODAY, load
from tests.data_access.programme_companies import enrol_half, load_company
from tests.demo import id_of, names_of, sight_of
from tests.pages.opening import PROGRAMME, figures, opened, said, words
from ui import exports, sign_in
from ui.actions import Refused
from ui.actions import programme as actions
from ui.loaders import programme as loads

PARTS = ("start", "sure", "pay", "who", "cost", "ladder", "intangibles", "audit", "freeze")


@pytest.fixture
def company(sqlite_database_url: str, fresh_caches: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    """Dana's people without deals, which the pages look at; tests put frozen results beside."""
    monkeypatch.setenv("COACHING_DATABASE_URL", sqlite_database_url)
    engine = open_engine(sqlite_database_url)
    load(engine, "people", PEOPLE)
    yield engine
    engine.dispose()


def unfolded(who: str = "Eve", **address: object) -> AppTest:
    """The page with every part open."""
    app = opened(PROGRAMME, who, **address)
    for part in PARTS:
        app.session_state[f"part_{part}"] = True
    app.run()
    assert not app.exception
    return app


def titles(app: AppTest) -> str:
    """What the figures say above themselves."""
    return " ".join(figure["layout"]["title"]["text"] for figure in figures(app)).replace("\u00a0", " ")


def offered(app: AppTest) -> list[str]:
    """The results to choose from."""
    return [option.replace("\u00a0", " ") for option in app.selectbox(key="result_choice").options]


def strip(app: AppTest) -> str:
    """The words of the verdict: from its badge to what the first picture is made of."""
    texts = [element.value for element in app.markdown]
    first = next(place for place, text in enumerate(texts) if "-badge[" in text)
    end = next(place for place, text in enumerate(texts) if place > first and "**Counted.**" in text)
    return " ".join(texts[first:end]).replace("\\", "").replace("\u00a0", " ").replace("\u2060", "")


# ---- What the colours show -----------------------------------------------------------------------------------------


def test_green_shows_effect_return_and_chance_before_anything_else(company: sa.Engine) -> None:
    results.keep(company, results.result())
    app = opened(PROGRAMME, "Eve")
    shown = strip(app)
    assert "Likely caused by coaching" in shown
    assert "Coaching raised results by about $12,100 per rep and month (between $6,100 and $18,100)." in shown
    assert "### $12,100" in shown
    assert "Return on cost (ROI)" in shown
    assert "### +93 %" in shown
    assert "Between 0 % and +185 %" in shown
    assert "### 98 in 100" in shown
    assert "89 in 100 for somebody sceptical beforehand" in shown
    assert "What we cannot claim" in words(app)
    # The two pictures before the fold; the others are drawn when their part is opened.
    assert len(figures(app)) == 2


def test_every_part_opens_with_its_pictures_each_with_what_it_is_made_of_and_a_table(company: sa.Engine) -> None:
    results.keep(company, results.result())
    app = unfolded()
    assert len(figures(app)) == 12
    shown = words(app)
    for part in ("Dated by.", "Counted.", "Interval."):
        assert shown.count(part) > 8
    assert len(app.dataframe) >= 12 + 2
    for level in ("0 Input", "1 Reaction", "2 Learning", "3 Application", "4 Impact", "5 Return"):
        assert level in shown
    assert "DerSimonian and Laird" in shown
    assert "200 reps, 123 of them coached" in shown


def test_amber_shows_the_interval_why_the_cause_is_not_known_and_no_return(company: sa.Engine) -> None:
    results.keep(company, results.amber())
    app = unfolded()
    shown = strip(app)
    assert "Moves together, cause unknown" in shown
    assert "### $6,100 to $18,100" in shown
    assert "### $12,100" not in words(app)
    assert "Why the cause is not known" in shown
    assert "A definition has changed since the last frozen result" in shown
    assert "Smallest visible effect" in shown
    assert "Pictures that come with the answer: from extra results to what is left" in words(app)
    assert "%" not in strip(app).split("Return on cost (ROI)")[1].split("Why")[0]


def test_grey_shows_no_estimate_anywhere_and_no_dollar_beside_the_return(company: sa.Engine) -> None:
    results.keep(company, results.grey())
    app = unfolded()
    shown = strip(app)
    assert "Not enough evidence" in shown
    assert "What is missing" in shown
    assert "8 % of the average" in shown
    assert "ROI" in shown
    assert "$" not in shown
    effect = results.result()["words"]["effect"].replace("\u00a0", " ")
    for secret in ("12,100", "18,100", "6,100", "+93 %"):
        assert secret in effect or secret in results.result()["said"]["money_sentence"].replace("\u00a0", " ")
        assert secret not in words(app)
        assert secret not in titles(app)
    # What was spent is known all the same, and stands far from any return.
    assert "Coaching cost $4.0 M" in titles(app)
    for element in [*app.markdown, *app.caption]:
        assert not ("$" in element.value and "ROI" in element.value)


def test_blue_says_what_drawing_the_order_again_would_show(company: sa.Engine) -> None:
    results.keep(company, results.blue())
    app = unfolded()
    assert "Tested by lottery" in strip(app)
    assert "drawing the start order again would show an effect at least as large in" in strip(app)
    # What somebody wrote is text.
    assert "Coached reps win <b>more</b> margin" in words(app)
    assert all("<b>" not in element.value.replace(r"\<", "") for element in app.markdown)


def test_without_a_margin_the_effect_is_shown_and_the_reason_stands_in_the_place_of_the_return(
    company: sa.Engine,
) -> None:
    results.keep(company, results.result(margin=None))
    shown = strip(opened(PROGRAMME, "Eve"))
    assert "### $12,100" in shown
    assert "The margin of what is sold is not known" in shown
    assert "in 100" not in shown


# ---- Which result --------------------------------------------------------------------------------------------------


def test_the_latest_result_up_to_the_day_is_shown_and_the_address_names_another(company: sa.Engine) -> None:
    first = results.keep(company, results.grey(as_of=dt.date(2026, 7, 5)), reason="Before the <i>board</i>")
    second = results.keep(company, results.result(as_of=dt.date(2026, 10, 5)), day=2)
    app = opened(PROGRAMME, "Eve")
    assert "Likely caused by coaching" in words(app)
    assert offered(app) == ["As of 5 Oct 2026", "As of 5 Jul 2026"]
    assert "Frozen by the operator on 7 Oct 2026 (44 days ago) from what was known on 5 Oct 2026" in words(app)
    assert "The verdict was “Not enough evidence” and is now “Likely caused by coaching”." in words(app)
    app.selectbox(key="result_choice").select(first).run()
    assert said(app, "result") == str(first)
    assert "Not enough evidence" in strip(app)
    assert "What changed since" not in words(app)
    app.selectbox(key="result_choice").select(second).run()
    assert said(app, "result") is None
    earlier = unfolded(as_of="2026-08-01")
    assert "Not enough evidence" in strip(earlier)
    assert "Reason: Before the <i>board</i>." in words(earlier)
    ahead = opened(PROGRAMME, "Eve", as_of="2026-08-01", result=second)
    assert "There is no such result up to this day; the latest one is shown." in words(ahead)
    assert "Not enough evidence" in strip(ahead)
    before = opened(PROGRAMME, "Eve", as_of="2026-05-01")
    assert "No result speaks for a day up to 1 May 2026" in words(before)
    before.button(key="look_today").click().run()
    assert "Likely caused by coaching" in words(before)


def test_a_day_that_is_not_there_is_answered_with_the_day_that_is_shown(company: sa.Engine) -> None:
    results.keep(company, results.result())
    for asked, shown in (("1900-01-01", "1 Jan 1990"), ("2999-01-01", "20 Nov 2026"), ("soon", "20 Nov 2026")):
        assert f"Shown as of {shown}: the address asks for a day" in words(opened(PROGRAMME, "Eve", as_of=asked))
    for asked in ("2026-11-06", TODAY.isoformat()):
        assert "Shown as of" not in words(opened(PROGRAMME, "Eve", as_of=asked))


def test_thresholds_set_since_are_named_and_the_hurdle_of_today_is_a_line(company: sa.Engine) -> None:
    results.keep(company, results.result())
    before = unfolded()
    assert "Set differently" not in words(before)
    assert "hurdle" not in words(before)
    with writing(company) as connection:
        for name, value in (("programme_guardrails", {"visible_grey": 0.2}), ("programme_hurdle_percent", 120)):
            change_setting(operator(), connection, name, value, NOW)
    told = words(unfolded())
    assert "Set differently since this result was frozen" in told
    assert "“Smallest visible effect” was 25 % and is 20 %." in told
    assert "The hurdle, +120 %, is the one set today." in told
    assert "Set differently" not in words(opened(PROGRAMME, "Eve", as_of="2026-11-06"))


def test_the_page_reads_what_was_frozen_and_computes_nothing_anew(company: sa.Engine) -> None:
    kept = results.result()
    kept["said"]["sentence"] = "Coaching raised results by the number that was frozen."
    results.keep(company, kept)
    # The company of these tests has not one deal: whatever were computed from it would be grey.
    assert "by the number that was frozen" in strip(opened(PROGRAMME, "Eve"))


def test_a_page_of_the_programme_loads_no_statistics_package(company: sa.Engine) -> None:
    results.keep(company, results.result())
    code = (
        "import sys; from tests.pages.opening import PROGRAMME, figures, opened;"
        " app = opened(PROGRAMME, 'Eve'); assert len(figures(app)) == 2;"
        " print(*{name.split('.')[0] for name in sys.modules})"
    )
    url = company.url.render_as_string()
    told = subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT,
        env={**os.environ, "COACHING_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    loaded = set(told.stdout.split())
    assert "numpy" in loaded
    assert not loaded & {"scipy", "pyfixest", "diff_diff", "statsmodels", "linearmodels", "sklearn"}


# ---- Who sees it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["Maya", "Ravi"])
def test_a_manager_and_a_rep_are_shown_to_their_own_page(company: sa.Engine, who: str) -> None:
    results.keep(company, results.result())
    app = opened(PROGRAMME, who)
    assert "What the programme changed is for executives, sales leaders and the admin" in words(app)
    assert "12,100" not in words(app)
    assert not figures(app)
    assert any("Go to your page" in str(link.proto) for link in app.get("page_link"))


def test_leader_executive_and_admin_read_the_same_and_the_admin_freezes_nothing(company: sa.Engine) -> None:
    results.keep(company, results.result())
    pages = [unfolded(who) for who in ("Dana", "Eve", "Ada")]
    assert len({strip(page) for page in pages}) == 1
    assert ["freeze_now" in {button.key for button in page.button} for page in pages] == [True, True, False]
    assert "An executive or a sales leader freezes results." in words(pages[2])


def test_the_demo_company_has_two_frozen_quarters_and_names_nobody_who_sells(demo: str) -> None:
    app = unfolded()
    assert offered(app) == ["As of 5 Oct 2026", "As of 5 Jul 2026"]
    assert "Frozen by Eve" in words(app)
    assert "has no frozen result yet" not in words(app)
    shown = words(app) + titles(app) + " ".join(table.value.to_csv() for table in app.dataframe)
    assert not [name for name in names_of("rep") if name in shown]


# ---- Before there is a result, and freezing ------------------------------------------------------------------------


def test_where_nobody_is_enrolled_the_page_says_what_a_comparison_takes_and_invents_nothing(company: sa.Engine) -> None:
    app = opened(PROGRAMME, "Eve")
    assert "Nobody is enrolled in a programme, so there is nothing to compare" in words(app)
    assert "Not enough evidence" in words(app)
    assert "20 reps who have been coached for 3 months or longer" in words(app)
    assert not figures(app)
    assert not [button for button in app.button if "freeze" in str(button.key)]


@pytest.fixture
def enrolled(company: sa.Engine) -> sa.Engine:
    """48 reps with 20 months of deals, half of them enrolled."""
    load_company(company, effect=3_000)
    enrol_half(company)
    return company


def test_eve_freezes_the_first_result_with_one_click_and_a_second_one_with_a_reason(enrolled: sa.Engine) -> None:
    assert "24 people are enrolled" in words(opened(PROGRAMME, "Ada"))
    app = opened(PROGRAMME, "Eve")
    assert "Nothing has been frozen yet" in words(app)
    app.button(key="freeze_first").click().run()
    assert not app.exception
    assert "Likely caused by coaching" in strip(app)
    assert "Frozen by Eve Castellan on 20 Nov 2026" in words(app)
    assert "Frozen: the result that speaks for 20 Nov 2026" in app.success[0].value.replace("\u00a0", " ")
    app = unfolded()
    assert app.button(key="freeze_now").disabled
    assert "write down why there is to be another one" in words(app)
    # The same figures once more are not kept.
    app.text_input(key="programme_freeze|reason").set_value("Once more").run()
    app.button(key="freeze_now").click().run()
    assert not app.exception
    assert "has just these figures" in app.warning[0].value
    with writing(enrolled) as connection:
        licences = CostDraft(dt.date(2026, 1, 1), dt.date(2026, 6, 30), "tools", 600_000, "USD")
        enter_cost(sight_of("Ada").viewer, connection, licences, NOW)
    app.text_input(key="programme_freeze|reason").set_value("Licences were missing").run()
    app.button(key="freeze_now").click().run()
    assert not app.exception
    assert app.text_input(key="programme_freeze|reason").value == ""
    assert len(app.selectbox(key="result_choice").options) == 2
    assert "Reason: Licences were missing." in words(app)
    assert "The cost is known now." in words(app)
    with reading(enrolled) as connection:
        rows = connection.execute(sa.select(frozen_evidence.c.reason).order_by(frozen_evidence.c.id)).scalars().all()
    assert rows == [None, "Licences were missing"]


def test_the_second_of_two_clicks_finds_the_result_of_the_first(
    enrolled: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "current_sight", lambda: sight_of("Eve"))
    first = actions.freeze(TODAY, None, seen=0)
    assert actions.freeze(TODAY, None, seen=0) == first
    assert isinstance(first, int)
    # Who has seen the first one asks for another, and that takes a reason.
    again = actions.freeze(TODAY, None, seen=first)
    assert isinstance(again, Refused)
    assert "write down why" in again.problems[0]
    assert loads.frozen(sight_of("Eve")).height == 1


def test_a_quarter_without_a_result_is_named_with_the_button_for_whoever_may(enrolled: sa.Engine) -> None:
    results.keep(enrolled, results.grey(as_of=dt.date(2026, 9, 29)))
    shown = words(opened(PROGRAMME, "Ada"))
    assert "The quarter that ended on 30 Sep 2026 has no frozen result yet." in shown
    assert "Freeze this quarter’s result" not in shown
    assert "Freeze this quarter’s result" not in words(opened(PROGRAMME, "Dana", as_of="2026-10-30"))
    app = opened(PROGRAMME, "Dana")
    app.button(key="freeze_quarter").click().run()
    assert not app.exception
    assert "has no frozen result yet" not in words(app)
    # The one before was made with other definitions, and the engine says so.
    assert "A definition has changed since the last frozen result" in strip(app)


# ---- On paper, and to take along -----------------------------------------------------------------------------------


@pytest.mark.parametrize("made", [results.result, results.amber, results.grey])
def test_the_view_for_paper_has_verdict_ladder_limits_and_audit_and_nothing_to_open(
    company: sa.Engine, made: Callable[[], dict[str, Any]]
) -> None:
    results.keep(company, made())
    app = opened(PROGRAMME, "Eve")
    app.button(key="to_paper").click().run()
    assert said(app, "paper") == "1"
    shown = words(app)
    for part in ("What we cannot claim", "Method and audit", "What has no price", "0 Input", "5 Return"):
        assert part in shown
    assert not app.expander
    assert len(figures(app)) >= 3
    assert ("$" in strip_of_paper(shown)) is (made is not results.grey)
    app.button(key="leave_paper").click().run()
    assert said(app, "paper") is None
    assert app.expander


def strip_of_paper(shown: str) -> str:
    return shown.split("did it pay, and how sure are we?")[1].split("What we cannot claim")[0].split("0 Input")[0]


def test_downloads_hold_the_frozen_result_the_panel_without_names_and_the_method(enrolled: sa.Engine) -> None:
    opened(PROGRAMME, "Eve").button(key="freeze_first").click().run()
    sight = sight_of("Eve")
    number = loads.frozen(sight)["frozen_id"][0]
    asked = {"frozen_id": number}
    kept = exports.programme_result(sight, asked)
    assert kept is not None
    told = json.loads(kept.body)
    assert told.pop("frozen")["frozen_by"] == "Eve Castellan"
    assert told == loads.result(sight, number)
    panel = exports.programme_panel(sight, asked)
    assert panel is not None
    assert panel.height == told["sizes"]["rep_months"]
    assert "Rep p" not in panel.write_csv()
    method = exports.programme_method(sight, asked)
    assert method is not None
    text = method.body.decode()
    assert told["data_hash"] in text
    assert told["said"]["sentence"] in text
    for kind in ("programme_result", "programme_panel", "programme_method"):
        assert exports.EXPORTS[kind](sight_of("Maya"), asked) is None
        assert exports.EXPORTS[kind](sight, {"frozen_id": 999}) is None


def test_links_to_other_pages_do_not_carry_the_chosen_result_along(company: sa.Engine) -> None:
    number = results.keep(company, results.result())
    app = opened(PROGRAMME, "Dana", result=number, as_of="2026-11-10")
    links = [str(link.proto) for link in app.get("page_link")]
    assert any("as_of=2026-11-10" in link for link in links)
    assert not any("result=" in link for link in links)
    assert id_of("Dana") in "".join(links)
