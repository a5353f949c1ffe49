"""What a rep's own page says first, and who looked."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import polars as pl

from coaching import frames, my_coaching
from coaching.objectives import Assessment
from tests.availability import PROJECT

TODAY = dt.date(2026, 11, 20)


def judged(metric_key: str, verdict: str) -> tuple[dict[str, str], Assessment]:
    values = dict.fromkeys(field.name for field in dataclasses.fields(Assessment)) | {"verdict": verdict}
    return {"metric_key": metric_key}, Assessment(**values)  # type: ignore[arg-type]


def plain(sentences: list[str]) -> list[str]:
    return [sentence.replace("\u00a0", " ") for sentence in sentences]


def test_good_news_comes_first_then_what_waits_then_the_next_session() -> None:
    found = my_coaching.top_sentences(
        [judged("open_pipeline", "met"), judged("win_rate_count", "off_path")],
        ["Discovery"],
        2,
        dt.date(2026, 11, 27),
        TODAY,
    )
    assert plain(found) == [
        "Open pipeline has reached its target; Discovery is growing.",
        "2 things wait for your word.",
        "Your next session is in 7 days, on 27 Nov 2026.",
    ]


def test_several_objectives_on_path_are_told_in_one_breath() -> None:
    found = my_coaching.top_sentences([judged("margin", "on_path"), judged("won_count", "on_path")], [], 0, None, TODAY)
    assert found == ["Margin and Deals won are on path."]


def test_without_good_news_nothing_is_called_bad_and_without_anything_there_is_a_next_step() -> None:
    found = my_coaching.top_sentences([judged("margin", "off_path")], [], 0, None, TODAY)
    assert plain(found) == ["1 objective agreed; nothing has reached its target yet."]
    assert "bring an outcome of your own" in my_coaching.top_sentences([], [], 0, None, TODAY)[0]


def test_a_skill_is_growing_only_where_its_whole_interval_says_so() -> None:
    standings = pl.DataFrame({"name": ["Discovery", "Closing", "Listening"], "growth_low": [0.3, -0.1, None]})
    assert my_coaching.growing(standings) == ["Discovery"]


def test_the_plan_stands_in_one_sentence() -> None:
    sentence = my_coaching.plan_sentence(
        {"coach_name": "Maya Lindgren", "starts_on": dt.date(2026, 8, 3)},
        [{"metric_key": "win_rate_count"}],
        [{"done_on": TODAY}, {"done_on": None}],
    )
    assert plain([sentence]) == ["Your plan with Maya Lindgren since 3 Aug 2026 for win rate; 1 of 2 actions done."]


def test_a_look_is_told_with_the_pages_own_name_and_the_day() -> None:
    look = {"viewer_name": "Maya Lindgren", "looked_on": dt.date(2026, 11, 12), "page": "rep-progress"}
    assert plain([my_coaching.look_words(look, TODAY)]) == ["Maya Lindgren opened Progress on 12 Nov"]
    old = look | {"looked_on": dt.date(2025, 12, 30), "viewer_name": None, "page": "rep-gone_page"}
    assert plain([my_coaching.look_words(old, TODAY)]) == [
        "Somebody whose name is not kept opened Rep gone page on 30 Dec 2025"
    ]


def test_every_page_that_notes_a_look_has_a_name_to_be_told_by() -> None:
    files = [*(PROJECT / "pages").rglob("*.py"), *(PROJECT / "ui").glob("*.py")]
    said = re.compile(r'(?:looks\.note\([^)]*?\], |page=)"([a-z_-]+)"')
    noted = {name for file in files for name in said.findall(file.read_text())}
    assert len(noted) >= 6
    assert noted <= set(my_coaching.PAGE_NAMES)


def test_people_who_looked_are_counted_once_each() -> None:
    at = dt.datetime(2026, 11, 12, tzinfo=dt.UTC)
    rows = [(TODAY, at, name, page) for name, page in (("Maya", "a"), ("Maya", "b"), ("Dana", "a"))]
    looks = pl.DataFrame(rows, schema=frames.LOOKS, orient="row")
    assert plain([my_coaching.looks_sentence(looks)]) == ["2 people opened your record in the last 90 days"]
    assert my_coaching.looks_sentence(looks.clear()).startswith("Nobody else")


def test_what_one_said_is_repeated_and_nothing_is_guessed() -> None:
    said = pl.DataFrame({"trigger": ["praise", "money"], "weight": [4, 1]})
    assert my_coaching.moved_sentence(said) == "You say that praise moves you."
    assert "yours to say" in my_coaching.moved_sentence(said.clear())
