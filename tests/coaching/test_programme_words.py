"""The words around the programme's pictures: three numbers by colour, and nothing that a colour forbids."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import pytest

from charts import programme as charts
from coaching import programme_words as words
from coaching.roi.guardrails import Guardrails
from coaching.roi.method_text import method_text
from tests import programme_results as results

FROZEN = {
    "frozen_id": 7,
    "as_of": dt.date(2026, 11, 5),
    "frozen_at": dt.datetime(2026, 11, 6, 9, tzinfo=dt.UTC),
    "frozen_by": "Eve Castellan",
    "reason": None,
}


def labels(found: dict[str, Any]) -> list[str]:
    return [cell.label for cell in words.three_numbers(found)]


def values(found: dict[str, Any]) -> str:
    return " | ".join(f"{cell.value} {cell.detail}" for cell in words.three_numbers(found)).replace("\u00a0", " ")


def test_green_and_blue_tell_effect_return_and_chance_each_with_its_range() -> None:
    for found in (results.result(), results.blue()):
        assert labels(found) == [words.EFFECT, words.RETURN, "Chance it more than paid for itself"]
    assert values(results.result()) == (
        "$12,100 Between $6,100 and $18,100 | +93 % Between 0 % and +185 % | 98 in 100 89 in 100 for somebody"
        " sceptical beforehand"
    )


def test_amber_tells_the_interval_without_its_middle_and_grey_tells_no_amount() -> None:
    assert labels(results.amber()) == [words.VISIBLE, words.EFFECT, words.RETURN]
    assert "$6,100 to $18,100" in values(results.amber())
    assert "$12,100" not in values(results.amber())
    assert "$" not in values(results.grey())
    assert "%" in values(results.grey())
    assert words.missing(results.result()) == []
    assert len(words.missing(results.amber())) == 1


def test_where_everybody_is_coached_at_once_even_the_smallest_visible_effect_is_none_yet() -> None:
    panel = results.company(reps=20)
    start = panel.panel.start.copy()
    start[:] = 6
    together = dataclasses.replace(panel, panel=dataclasses.replace(panel.panel, start=start))
    found = results.result(together)
    assert words.three_numbers(found)[0].value == "None yet"
    assert "There is no one left to compare with." in " ".join(words.missing(found))


def test_where_nobody_is_enrolled_the_verdict_says_so_and_speaks_of_no_number_of_reps() -> None:
    found = results.grey()
    found["visible_share"], found["sizes"]["people_coached"] = None, 0
    visible, _, _ = words.three_numbers(found)
    assert (visible.value, visible.detail) == ("None yet", "Nobody is enrolled yet, so there is nobody to compare.")


def test_the_money_names_the_effect_of_the_first_twelve_months_that_it_rests_on() -> None:
    found = results.result()
    inputs = found["money"]["inputs"]
    write = words.amounts(found)
    own = write.say(inputs["effect"], inputs["se"])
    said = words.first_year(found)
    assert f"first twelve months of each rep, in which the effect is {own} per rep and month" in said
    _, worth, _ = words.three_numbers(found)
    assert worth.made.endswith(said)
    found["money"]["inputs"]["rep_months"] = 0
    assert words.first_year(found) == ""


def test_what_was_set_differently_since_is_told_in_the_words_of_the_settings() -> None:
    frozen = {"outcome": "margin", "visible_grey": 0.25, "margin": None, "assumed_minutes": 30}
    assert words.redefined(frozen, {"visible_grey": 0.25, "margin": None, "assumed_minutes": 30}) == []
    assert words.redefined(frozen, {"visible_grey": 0.2, "margin": 0.6, "assumed_minutes": 45, "skip": 4}) == [
        "“minutes of a session without a length” was 30 and is 45.",
        "“margin” was not set and is 60\u00a0%.",
        "“Smallest visible effect” was 25\u00a0% and is 20\u00a0%.",
    ]


def test_only_a_drawn_start_brings_the_sentence_about_drawing_again() -> None:
    assert len(words.lottery_lines(results.blue())) == 1
    drawn = {**results.amber(), "lotteries": results.blue()["lotteries"]}
    assert words.lottery_lines(drawn) == []


def test_a_result_frozen_later_says_both_days_and_who_froze_it() -> None:
    today = dt.date(2026, 11, 20)
    said = words.frozen_words(FROZEN, dt.date(2026, 11, 6), today).replace("\u00a0", " ")
    assert said.startswith("Frozen by Eve Castellan on 6 Nov 2026 (14 days ago) from what was known on 5 Nov 2026")
    same = words.frozen_words({**FROZEN, "frozen_by": None}, dt.date(2026, 11, 5), today).replace("\u00a0", " ")
    assert same == "Frozen on 5 Nov 2026 (15 days ago); newer data come in with the next result."


def test_every_picture_has_words_on_how_it_is_made() -> None:
    public = {name for name in charts.__all__ if callable(getattr(charts, name))}
    assert set(words.MADE) == public


def test_what_a_comparison_takes_follows_the_thresholds_that_are_set() -> None:
    told = " ".join(words.needed(Guardrails(fewest_coached=31, months_before=9)))
    assert "31 reps who have been coached" in told
    assert "9 months of results before the start" in told


@pytest.mark.parametrize("made", [results.result, results.amber, results.grey, results.blue])
def test_the_method_text_holds_every_threshold_verdict_and_limit(made: Any) -> None:
    found = made()
    text = method_text(found, FROZEN)
    for key, value in found["definitions"].items():
        assert f"{key} = {value}" in text
    for sentence in (found["said"]["sentence"], *found["said"]["cannot_claim"], words.HISTORY, found["data_hash"]):
        assert sentence in text
    assert text.startswith("# How the programme's result was made")
    assert "None" not in text.split("Every threshold")[0]
    assert ("drawn, so no months before the start" in text) is found["drawn"]


def test_the_method_text_of_a_grey_result_holds_no_amount() -> None:
    assert "$" not in method_text(results.grey(), FROZEN)
