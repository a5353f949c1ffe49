"""What followed a trigger, and what may be said about it."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from coaching import motivation
from coaching.motivation import AGREED, SCORES, USES, advice, hints, response_words, with_outcomes
from coaching.trigger_response import TRIGGER_RESPONSE

D = dt.date
USED, LATER = D(2026, 3, 2), D(2026, 6, 1)


def uses(*, skill: int | None = 7, stored: bool | None = None, trigger: str = "praise") -> pl.DataFrame:
    row = (1, 10, 100, 200, skill, trigger, "warm", USED, stored)
    return pl.DataFrame([row], schema=USES, orient="row")


def agreed(*done: dt.date | None) -> pl.DataFrame:
    return pl.DataFrame([(1, day) for day in done], schema=AGREED, orient="row")


def scores(*levels: tuple[dt.date, float]) -> pl.DataFrame:
    return pl.DataFrame([(100, 7, day, level) for day, level in levels], schema=SCORES, orient="row")


def outcome(made: pl.DataFrame, promises: pl.DataFrame, levels: pl.DataFrame, as_of: dt.date = LATER) -> bool | None:
    found: bool | None = with_outcomes(made, promises, levels, as_of)["followed"][0]
    return found


@pytest.mark.parametrize(
    ("done", "followed"),
    [(D(2026, 3, 2), True), (D(2026, 3, 16), True), (D(2026, 3, 17), False), (None, False)],
)
def test_an_agreed_action_counts_when_it_was_done_within_fourteen_days(done: dt.date | None, followed: bool) -> None:
    assert outcome(uses(), agreed(done), scores()) is followed


def test_before_the_fourteen_days_are_over_nothing_is_known_of_an_action_not_done_yet() -> None:
    assert outcome(uses(), agreed(None), scores(), as_of=D(2026, 3, 16)) is None
    assert outcome(uses(), agreed(None), scores(), as_of=D(2026, 3, 17)) is False
    assert outcome(uses(), agreed(D(2026, 3, 5)), scores(), as_of=D(2026, 3, 4)) is None
    assert outcome(uses(), agreed(D(2026, 3, 5)), scores(), as_of=D(2026, 3, 5)) is True


def test_without_an_agreement_the_next_observation_tells_and_the_same_day_is_no_next_one() -> None:
    before, same_day = (D(2026, 2, 20), 50.0), (USED, 75.0)
    assert outcome(uses(), agreed(), scores(before)) is None
    assert outcome(uses(), agreed(), scores(before, same_day)) is None
    assert outcome(uses(), agreed(), scores(before, (D(2026, 3, 20), 75.0))) is True
    assert outcome(uses(), agreed(), scores(before, (D(2026, 3, 20), 50.0))) is False
    # Only the next one counts.
    assert outcome(uses(), agreed(), scores(before, (D(2026, 3, 20), 50.0), (D(2026, 4, 20), 100.0))) is False
    assert outcome(uses(skill=None), agreed(), scores(before, (D(2026, 3, 20), 75.0))) is None


def test_a_level_that_rose_counts_even_where_the_action_was_not_done() -> None:
    assert outcome(uses(), agreed(None), scores((D(2026, 2, 20), 50.0), (D(2026, 3, 10), 75.0))) is True


def test_a_stored_outcome_stands() -> None:
    assert outcome(uses(stored=False), agreed(D(2026, 3, 3)), scores()) is False
    assert outcome(uses(stored=True), agreed(None), scores()) is True


def test_an_observation_after_the_as_of_date_is_not_known_yet() -> None:
    levels = scores((D(2026, 2, 20), 50.0), (D(2026, 3, 20), 75.0))
    assert outcome(uses(), agreed(), levels, as_of=D(2026, 3, 19)) is None


def response(trigger: str, tries: int, worked: int, best: float) -> tuple[object, ...]:
    return (100, trigger, tries, worked, 0.58, 0.38, 0.76, best)


def responses(*rows: tuple[object, ...]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=TRIGGER_RESPONSE, orient="row")


def test_fewer_than_five_tries_are_not_enough_yet() -> None:
    few = responses(response("praise", 4, 3, 0.2)).row(0, named=True)
    enough = responses(response("praise", 5, 3, 0.2)).row(0, named=True)
    assert response_words(few) == "not enough yet (4 of 5 tries); something followed 3"
    assert "to be expected 58" in response_words(enough).replace("\u00a0", " ")
    assert "38–76 %" in response_words(enough).replace("\u00a0", " ")


def test_advice_names_a_trigger_only_on_enough_tries_and_never_the_doubting_challenge() -> None:
    clear = responses(response("praise", 6, 5, 0.7), response("challenge_negative", 9, 9, 0.3))
    assert advice(clear, ()).startswith("Praise: something followed 5 of 6 times")
    thin = responses(response("praise", 4, 4, 0.7))
    assert advice(thin, ()) == "Praise is worth another try: something followed 4 of 4 times so far."
    doubting = responses(response("challenge_negative", 12, 12, 0.95), response("praise", 0, 0, 0.01))
    for preferred in ((), ("challenge_negative",), ("challenge_negative", "money")):
        assert "oubting" not in advice(doubting, preferred)
    assert "money" in advice(doubting, ("challenge_negative", "money"))


def test_hints_speak_of_stacked_money_and_recognition_and_of_repeated_doubting() -> None:
    rows = [(n, n, 100, 200, 7, name, "warm", USED, None) for n, name in enumerate(["money", "recognition"])]
    stacked = pl.DataFrame(rows, schema=USES, orient="row")
    assert any("one of them is enough" in hint for hint in hints(stacked, ()))
    twice = stacked.with_columns(pl.lit("challenge_negative").alias("trigger"))
    assert any("put it to the task" in hint for hint in hints(twice, ()))
    assert hints(uses(), ()) == []
    assert hints(uses(), ("money",)) == ["Named by the rep and not tried lately: money."]


def test_words_label_nobody() -> None:
    for text in (motivation.METHOD, *motivation.TRIGGER_NAMES.values(), *motivation.WEIGHT_NAMES):
        assert "type" not in text.split()
        assert "personality" not in text
