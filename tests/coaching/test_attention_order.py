"""The order of the list: the sum behind a place, the floor for every third, what was put off, and the words of it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coaching import numbers
from coaching.attention import weighing, words
from coaching.attention.order import (
    FIRST_ROWS,
    KNOWN,
    LONGEST_SNOOZE_DAYS,
    PEOPLE,
    SNOOZES,
    Listing,
    SnoozeDraft,
    Weights,
    listing,
    neglect,
    thirds,
    weight_problems,
)
from coaching.attention.rules import ALERTS, RULES

TODAY = dt.date(2026, 11, 20)
NAMES = ("Ada", "Ben", "Cleo", "Dov", "Eli", "Fay", "Gus", "Hal", "Ida", "Jon")


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


def alert(rep: int, rule: str, value: float | None = 10_000.0, **more: Any) -> dict[str, Any]:
    row = {"rep_id": rep, "name": NAMES[rep], "rule": rule, "is_good": False, "words": f"{rule} of {NAMES[rep]}"}
    rest = {"level": 1, "n": 9.0, "value": value, "is_measured": True, "confidence": 1.0, "source_ids": ["deal:1"]}
    return row | rest | more


def people(*unseen: float | None, tiers: Sequence[int | None] | None = None) -> pl.DataFrame:
    rows = [
        {
            "rep_id": n,
            "name": NAMES[n],
            "unseen_days": days,
            "due_after_days": 17.0,
            "tier": tiers[n] if tiers else None,
        }
        for n, days in enumerate(unseen)
    ]
    return pl.DataFrame(rows, schema=PEOPLE)


def put_off(**changes: Any) -> pl.DataFrame:
    row = {"snooze_id": 1, "rule": "stalled_deals", "level": 1, "rep_id": 0, "reason": "Away with the buyer"}
    dates = {"until_on": TODAY + dt.timedelta(days=7), "put_off_on": TODAY}
    return pl.DataFrame([row | dates | changes], schema=SNOOZES)


def made(
    alerts: list[dict[str, Any]],
    everybody: pl.DataFrame,
    snoozes: pl.DataFrame | None = None,
    weights: Weights | None = None,
    on: dt.date = TODAY,
) -> Listing:
    nothing = pl.DataFrame(schema=SNOOZES)
    frame = pl.DataFrame(alerts, schema=ALERTS)
    return listing(frame, everybody, nothing if snoozes is None else snoozes, weights or Weights(), on)


def order(found: Listing) -> list[str]:
    return [entry.name for entry in found.needs]


# ---- The sum -----------------------------------------------------------------------------------------------------


def test_a_place_is_expected_value_times_confidence_times_neglect_and_the_sum_is_kept() -> None:
    rows = [
        alert(0, "stalled_deals", 20_000.0, confidence=0.5),
        alert(0, "promise_overdue", 6_000.0),
    ]
    entry = made(rows, people(17.0)).needs[0]
    assert [(reason.rule, reason.share) for reason in entry.reasons] == [
        ("stalled_deals", 10_000.0),
        ("promise_overdue", 6_000.0),
    ]
    assert entry.expected == 16_000.0
    assert entry.neglect == 2.0
    assert entry.priority == 32_000.0


def test_of_one_topic_the_largest_counts_and_the_others_are_told_with_it() -> None:
    rows = [alert(0, "gap_widening", 5_000.0), alert(0, "thin_pipeline", 8_000.0)]
    entry = made(rows, people(0.0)).needs[0]
    assert entry.expected == 8_000.0
    assert [(reason.rule, reason.is_counted) for reason in entry.reasons] == [
        ("thin_pipeline", True),
        ("gap_widening", False),
    ]
    assert plain(words.reason_sum_words(entry.reasons[1], "USD")) == "counted with the other reason about quota"


def test_whoever_was_not_met_for_long_comes_before_who_has_a_little_more_at_stake() -> None:
    rows = [alert(0, "stalled_deals", 12_000.0), alert(1, "stalled_deals", 10_000.0)]
    assert order(made(rows, people(3.0, 3.0))) == ["Ada", "Ben"]
    assert order(made(rows, people(3.0, 30.0))) == ["Ben", "Ada"]
    assert order(made(rows, people(3.0, 30.0), weights=Weights(neglect=0.0))) == ["Ada", "Ben"]


def test_equal_sums_stand_by_the_time_without_a_meeting_and_then_by_name() -> None:
    rows = [alert(n, "stalled_deals") for n in (2, 1, 0)]
    assert order(made(rows, people(70.0, 80.0, 70.0))) == ["Ben", "Ada", "Cleo"]


def test_a_weight_moves_a_rule_and_none_takes_it_off_the_list() -> None:
    rows = [alert(0, "stalled_deals", 12_000.0), alert(1, "promise_overdue", 10_000.0)]
    assert order(made(rows, people(3.0, 3.0), weights=Weights({"promise_overdue": 2.0}))) == ["Ben", "Ada"]
    off = Weights({"stalled_deals": 0.0})
    assert order(made(rows, people(3.0, 3.0), weights=off)) == ["Ben"]
    assert words.flags(pl.DataFrame(rows, schema=ALERTS), off) == {1: "promise overdue"}


def test_without_any_amount_how_grave_things_are_decides_and_no_money_is_named() -> None:
    rows = [alert(0, "copied_plan", None), alert(1, "promise_overdue", None)]
    found = made(rows, people(3.0, 3.0))
    assert order(found) == ["Ben", "Ada"]
    assert plain(words.place_words(found.needs[0], "USD")) == "0.12"
    for told in (words.sum_words, words.why_words, words.place_words):
        assert "$" not in told(found.needs[0], "USD")


def test_good_news_stands_in_a_list_of_its_own() -> None:
    found = made([alert(0, "record_month", is_good=True), alert(0, "stalled_deals")], people(3.0))
    assert [reason.rule for reason in found.needs[0].reasons] == ["stalled_deals"]
    assert [reason.rule for reason in found.news[0].reasons] == ["record_month"]


@given(st.one_of(st.none(), st.floats(0, 5_000)), st.floats(0, 5_000), st.floats(1, 400), st.floats(0, 5))
def test_neglect_never_shrinks_a_sum_grows_with_the_days_and_has_an_end(
    days: float | None, more: float, due: float, weight: float
) -> None:
    now = neglect(days, due, weight)
    assert 1 <= now <= 1 + 3 * weight + 1e-9
    assert neglect(None if days is None else days + more, due, weight) >= now - 1e-9


amounts = st.lists(st.tuples(st.sampled_from([rule.key for rule in RULES]), st.floats(0, 1e6)), max_size=12)


@given(st.lists(amounts, min_size=1, max_size=8))
def test_everybody_with_a_reason_is_listed_once_in_the_order_of_their_sums(reps: list[list[tuple[str, float]]]) -> None:
    rows = [alert(n, rule, value) for n, told in enumerate(reps) for rule, value in dict(told).items()]
    # Nobody is past the floor here.
    rows = [row for row in rows if row["rule"] != "not_seen"]
    found = made(rows, people(*[5.0] * len(reps)))
    assert sorted(order(found)) == sorted({row["name"] for row in rows})
    # A hair's breadth orders nobody.
    sums = [round(entry.priority, 6) for entry in found.needs]
    assert sums == sorted(sums, reverse=True)
    for entry in found.needs:
        assert entry.expected == pytest.approx(sum(reason.share for reason in entry.reasons))


# ---- The floor ---------------------------------------------------------------------------------------------------


def late(rep: int, value: float = 10.0) -> dict[str, Any]:
    return alert(rep, "not_seen", value)


def test_a_third_that_nobody_looked_at_gets_a_place_among_the_first_five() -> None:
    large = [alert(n, "stalled_deals", 100_000.0 - n) for n in range(7)]
    everybody = people(*[5.0] * 7, 60.0, 70.0, tiers=[0] * 7 + [2, 2])
    found = made([*large, late(7), late(8)], everybody)
    assert order(found)[:FIRST_ROWS] == ["Ada", "Ben", "Cleo", "Dov", "Ida"]
    assert order(found)[FIRST_ROWS:] == ["Eli", "Fay", "Gus", "Hal"]
    marked = [entry.name for entry in found.needs if entry.is_for_floor]
    assert marked == ["Ida"]


def test_a_third_of_which_somebody_late_is_among_the_first_anyway_needs_no_place() -> None:
    large = [alert(n, "stalled_deals", 100_000.0 - n) for n in range(6)]
    found = made([*large, late(0), late(6)], people(*[40.0] * 7, tiers=[2] * 7))
    assert order(found)[:FIRST_ROWS] == ["Ada", "Ben", "Cleo", "Dov", "Eli"]
    assert not any(entry.is_for_floor for entry in found.needs)


def test_never_more_than_three_of_five_places_go_to_the_floor() -> None:
    large = [alert(n, "stalled_deals", 100_000.0 - n) for n in range(5)]
    tiers: list[int | None] = [0, 0, 0, 0, 0, 0, 1, 2, None]
    found = made([*large, *(late(n) for n in (5, 6, 7, 8))], people(*[5.0] * 5, *[60.0] * 4, tiers=tiers))
    assert order(found)[:2] == ["Ada", "Ben"]
    assert sum(entry.is_for_floor for entry in found.needs[:FIRST_ROWS]) == 3
    assert len(set(order(found))) == 9


@given(st.dictionaries(st.integers(0, 30), st.one_of(st.none(), st.floats(0, 5)), max_size=20))
def test_thirds_hold_everybody_with_a_value_and_are_no_labels_on_a_handful(values: dict[int, float | None]) -> None:
    found = thirds(values)
    known = {key: value for key, value in values.items() if value is not None}
    assert set(found) == (set(known) if len(known) >= 6 else set())
    for one in found:
        for other in found:
            assert not (known[one] < known[other] and found[one] > found[other])


# ---- Putting off -------------------------------------------------------------------------------------------------


def test_what_was_put_off_is_counted_and_gone_until_its_day() -> None:
    rows = [alert(0, "stalled_deals"), alert(0, "promise_overdue", 1.0)]
    found = made(rows, people(3.0), put_off())
    assert [reason.rule for reason in found.needs[0].reasons] == ["promise_overdue"]
    assert words.put_off_sentence(found) == "1 put off"
    assert (found.put_off[0].rule, found.put_off[0].reason) == ("stalled_deals", "Away with the buyer")
    back = made(rows, people(3.0), put_off(), on=TODAY + dt.timedelta(days=7))
    assert len(back.needs[0].reasons) == 2
    assert back.put_off == ()


def test_whose_only_reason_is_put_off_leaves_the_list() -> None:
    found = made([alert(0, "stalled_deals")], people(3.0), put_off())
    assert found.needs == ()
    assert words.nothing_words(found, True) == ("Nobody else stands out.", "What you put off stands below.")


def test_it_comes_back_when_the_fact_goes_further_in_kind_and_not_when_it_eases() -> None:
    at_two = put_off(level=2)
    for level, is_listed in ((1, False), (2, False), (3, True)):
        found = made([alert(0, "stalled_deals", level=level)], people(3.0), at_two)
        assert bool(found.needs) is is_listed


def test_another_rule_and_another_rep_are_not_put_off_with_it() -> None:
    rows = [alert(0, "slipped_deals"), alert(1, "stalled_deals")]
    assert order(made(rows, people(3.0, 3.0), put_off())) == ["Ada", "Ben"]


def test_of_several_the_latest_holds() -> None:
    both = pl.concat([put_off(level=3), put_off(snooze_id=2, level=1)])
    assert order(made([alert(0, "stalled_deals", level=2)], people(3.0), both)) == ["Ada"]


FINE = SnoozeDraft("stalled_deals", 1, 14, "Away with the buyer", TODAY + dt.timedelta(days=7))


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"rule": "nothing"}, "Choose which reason"),
        ({"level": 4}, "reload the page"),
        ({"reason": "  no "}, "in a few words"),
        ({"reason": "\u200b" * 9}, "in a few words"),
        ({"reason": "\u202e\u200b\x00\u3164 \ufeff\u2060"}, "in a few words"),
        ({"reason": "x" * 301}, "within 300 characters"),
        ({"until_on": None}, "Say until when"),
        ({"until_on": TODAY}, "from tomorrow on"),
        ({"until_on": TODAY + dt.timedelta(days=LONGEST_SNOOZE_DAYS + 1)}, "from tomorrow on"),
    ],
)
def test_a_draft_says_how_to_mend_it(changes: dict[str, Any], problem: str) -> None:
    assert FINE.problems(TODAY) == []
    told = SnoozeDraft(**(vars(FINE) | changes)).problems(TODAY)
    assert len(told) == 1
    assert problem in told[0]


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ([], "pairs of a rule and a number"),
        ({"stalled": 1}, "There is no rule 'stalled'"),
        ({"stalled_deals": -1}, "a number from 0"),
        ({"stalled_deals": "2"}, "a number from 0"),
        ({"stalled_deals": True}, "a number from 0"),
        ({"stalled_deals": 5.1}, "a number from 0"),
    ],
)
def test_weights_that_mean_nothing_are_refused_in_words(values: Any, problem: str) -> None:
    assert problem in weight_problems(values)[0]
    assert weight_problems({"stalled_deals": 0, "promise_overdue": 2.5}) == []


def test_a_reason_is_kept_as_one_line_that_can_be_read() -> None:
    draft = SnoozeDraft(**(vars(FINE) | {"reason": " Away\u200b with\nthe \u202ebuyer\x00 "}))
    assert draft.tidy().reason == "Away with the buyer"


# ---- Weights -----------------------------------------------------------------------------------------------------


def changes(*rows: tuple[str, Any, int, str | None]) -> pl.DataFrame:
    """Key, value, minutes ago and by whom, the latest first."""
    noon = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
    told = [(key, json.dumps(value), noon - dt.timedelta(minutes=minutes), by) for key, value, minutes, by in rows]
    return pl.DataFrame(told, schema=weighing.CHANGES, orient="row")


def test_undo_goes_back_to_what_stood_before_the_last_change_or_to_the_default() -> None:
    nothing = changes()
    assert weighing.former(nothing, weighing.RULE_SETTINGS) == {}
    assert weighing.last_change(nothing, weighing.RULE_SETTINGS) is None
    once = changes(("attention_weights", {"skill_drop": 2}, 5, "Ada Brook"))
    assert weighing.former(once, weighing.RULE_SETTINGS) == {"attention_weights": {}}
    twice = changes(
        ("attention_weights", {"skill_drop": 3}, 1, "Ada Brook"), ("attention_weights", {"skill_drop": 2}, 5, None)
    )
    assert weighing.former(twice, weighing.RULE_SETTINGS) == {"attention_weights": {"skill_drop": 2}}
    last = weighing.last_change(twice, weighing.RULE_SETTINGS)
    assert last is not None
    assert last["set_by_name"] == "Ada Brook"


def test_settings_that_were_set_together_go_back_together_and_others_stay() -> None:
    both = changes(
        ("attention_floor_weeks", 6, 1, None), ("attention_neglect", 2.0, 1, None), ("attention_neglect", 0.5, 9, None)
    )
    assert weighing.former(both, weighing.ORDER_SETTINGS) == {"attention_neglect": 0.5, "attention_floor_weeks": 4}
    alone = changes(("attention_floor_weeks", 6, 1, None), ("attention_neglect", 0.5, 9, None))
    assert weighing.former(alone, weighing.ORDER_SETTINGS) == {"attention_floor_weeks": 4}


def test_the_weights_are_told_in_words_that_can_be_read() -> None:
    assert weighing.weights_sentence(Weights()) == "Every rule weighs 1."
    told = weighing.weights_sentence(Weights({"gap_widening": 0.0, "stalled_deals": 2.0, "skill_drop": 1.0}))
    assert told == "Every rule weighs 1, except: gap widening is never listed; stalled weighs 2."


# ---- Words -------------------------------------------------------------------------------------------------------


def verdict(rules: dict[int, str], height: int = 3, quotas: bool = True, sessions: bool = True) -> list[str]:
    frames = {
        "alerts": pl.DataFrame([alert(rep, rule) for rep, rule in rules.items()], schema=ALERTS),
        "people": people(*[3.0] * height),
        "known": pl.DataFrame([(quotas, sessions)], schema=KNOWN, orient="row"),
    }
    return [plain(sentence) for sentence in words.verdict(frames)]


def test_the_verdict_tells_the_need_and_then_the_good_news() -> None:
    assert verdict({0: "gap_widening", 1: "cadence_breach", 2: "record_month"}) == [
        "1 of 3 reps is falling further behind the quota to date.",
        "1 of 3 reps is past their next session.",
        "Good news: 1 record month.",
    ]


def test_a_team_in_which_all_is_well_hears_that_too() -> None:
    assert verdict({}) == ["Nobody is falling further behind the quota to date.", "Nobody is past their next session."]


def test_what_is_not_loaded_is_not_called_well() -> None:
    assert verdict({}, quotas=False, sessions=False) == []
    assert verdict({}, height=0) == []


def test_the_breakdown_says_every_part_of_the_sum() -> None:
    rows = [
        alert(0, "stalled_deals", 20_000.0, confidence=0.5),
        alert(0, "promise_overdue", 6_000.0, is_measured=False),
    ]
    entry = made(rows, people(17.0), weights=Weights({"stalled_deals": 2.0})).needs[0]
    assert [plain(words.reason_sum_words(reason, "USD")) for reason in entry.reasons] == [
        "$20 k (the three largest of them × the win rate) × 50 % sure × weight 2 = $20 k",
        "$6.0 k (10 % of what is won in a usual quarter) × a fact = $6.0 k",
    ]
    assert plain(words.n_words(entry.reasons[0])) == "rests on 9 open deals"
    assert plain(words.neglect_words(entry)) == (
        "× 2.00 for neglect: last coached or observed 17 days ago, a session is due after 17 days"
    )
    assert plain(words.sum_words(entry, "USD")) == "$26 k × 2.00 = $52 k: what the list is ordered by."
    assert plain(words.why_words(entry, "USD")) == "$46 k at stake × 57 % sure × 2.00 for neglect = $52 k"
    assert plain(words.place_words(entry, "USD")) == "$52 k"


@given(st.lists(amounts, min_size=1, max_size=8), st.lists(st.floats(0.0, 60), min_size=8, max_size=8))
def test_the_figure_beside_a_name_is_the_one_that_orders_and_only_the_floor_stands_out_of_it(
    reps: list[list[tuple[str, float]]], unseen: list[float]
) -> None:
    rows = [alert(n, rule, value) for n, told in enumerate(reps) for rule, value in dict(told).items()]
    found = made(rows, people(*unseen[: len(reps)]))
    shown = [round(entry.priority, 6) for entry in found.needs if not entry.is_for_floor]
    assert shown == sorted(shown, reverse=True)
    for entry in found.needs:
        assert words.why_words(entry, "USD").endswith(f"= {words.place_words(entry, 'USD')}")


def test_who_stands_there_because_of_the_floor_is_marked_with_the_reason() -> None:
    assert (
        plain(words.floor_words(4))
        == "Stands here, whatever the figure, so that every rep is seen at least every 4 weeks"
    )
    assert plain(words.floor_words(1)).endswith("at least every week")


def test_a_row_tells_two_reasons_and_how_many_more() -> None:
    rows = [alert(0, rule, 100.0 - n) for n, rule in enumerate(("stalled_deals", "promise_overdue", "skill_drop"))]
    entry = made(rows, people(3.0)).needs[0]
    assert words.row_reasons(entry) == ["stalled_deals of Ada", "promise_overdue of Ada"]
    assert plain(words.more_words(entry)) == "1 more reason"


def test_sources_are_told_by_table_and_number_and_figures_by_their_name() -> None:
    told = words.source_words(["deal:12", "shadowed_cycle:3", "metric:gap_to_date", "metric:skill_level:discovery"])
    assert told == "deal 12, shadowed cycle 3, gap to quota to date, skill level: discovery"
    assert words.source_words([f"deal:{n}" for n in range(9)]).endswith("deal 5 and 3 more")


def test_flags_stand_in_the_order_of_the_rules_good_news_last() -> None:
    rows = [alert(0, "record_month", is_good=True), alert(0, "stalled_deals"), alert(0, "promise_overdue")]
    reps = pl.DataFrame({"row_id": [0, 1]})
    flagged = words.with_flags(reps, pl.DataFrame(rows, schema=ALERTS), Weights())
    assert flagged["flags"].to_list() == ["stalled, promise overdue, record month", ""]


def test_an_empty_list_says_why_it_is_empty() -> None:
    assert words.nothing_words(made([], people()), True) == ("No reps in view.", "")
    assert words.nothing_words(made([], people(3.0)), True)[0] == "Nobody stands out."
    assert "Neither quotas nor coaching sessions" in words.nothing_words(made([], people(3.0)), False)[1]
