"""The tree, the table and the sentences of a diagnosis."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import polars as pl
import pytest

from coaching import numbers
from coaching.diagnosis import LAYERS, LEVERS, not_evaluated, view, words
from coaching.diagnosis import evidence as shapes
from coaching.diagnosis.definitions import DEFINITIONS
from coaching.diagnosis.engine import diagnosed
from coaching.metrics import BY_KEY
from coaching.periods import Period
from tests.coaching.sold import AS_OF, Habits, alike, company, levels, quotas

YEAR = Period(dt.date(2025, 10, 1), dt.date(2026, 9, 30))
WHOLE = company(
    alike(16, p1=Habits(wins=0.2, size=1_600_000)),
    quotas=quotas(dict.fromkeys(range(1, 17), 80_000_000), YEAR),
    quota_period=YEAR,
    levels=levels({number: 50.0 + number for number in range(1, 17)}),
    gaps=pl.DataFrame([(1, 4, dt.date(2026, 5, 1), True)], schema=shapes.GAPS, orient="row"),
)
BEHIND, USUAL = diagnosed(WHOLE, [1, 4])
FEW = diagnosed(company(alike(3)), [1])[0]


def plain(text: str) -> str:
    return text.replace(numbers.SPACE, " ")


def test_every_node_hangs_below_its_layer_and_levers_below_what_they_make_up() -> None:
    rows = {row["node"]: row for row in view.nodes(BEHIND, "USD").to_dicts()}
    assert list(rows) == list(range(1, len(rows) + 1))
    layers = [row["label"].lower() for row in rows.values() if row["depth"] == 0]
    assert tuple(layers) == LAYERS
    by_key = {row["key"]: row for row in rows.values()}
    assert set(LEVERS) <= set(by_key)
    assert rows[by_key["win_rate"]["parent"]]["key"] == "quota_attainment"
    assert rows[by_key["quota_attainment"]["parent"]]["key"] == "results"
    assert rows[by_key["pipeline"]["parent"]]["key"] == "effort"
    assert all(rows[row["parent"]]["depth"] == row["depth"] - 1 for row in rows.values() if row["depth"])


def test_a_mark_tells_the_focus_what_is_strong_what_is_open_and_what_is_noise() -> None:
    marks = dict(view.nodes(BEHIND, "USD").select("key", "mark").iter_rows())
    assert marks["win_rate"] == "focus"
    assert marks["deal_size"] == "strong"
    assert marks["knowledge_gaps"] == "open"
    assert marks["cycle"] == "usual"
    assert {"focus", "short"}.isdisjoint(view.nodes(USUAL, "USD").filter(pl.col("depth") > 0)["mark"])
    assert set(view.nodes(FEW, "USD")["mark"]) == {"unknown"}
    assert set(marks.values()) <= set(view.MARKS)


def test_the_distance_is_counted_in_what_noise_explains_and_good_points_one_way() -> None:
    shares = dict(view.nodes(BEHIND, "USD").select("key", "noise_share").iter_rows())
    assert shares["win_rate"] < -1 < 1 < shares["deal_size"]
    assert shares["results"] is None
    slow = diagnosed(company(alike(16, p1=Habits(days=65))), [1])[0]
    assert dict(view.nodes(slow, "USD").select("key", "noise_share").iter_rows())["cycle"] < -1


def test_the_title_says_what_stands_out() -> None:
    assert plain(view.title(BEHIND)) == "Worth working on: win rate, over the last 24 months"
    assert plain(view.title(USUAL)) == "Nothing stands out from noise, over the last 24 months"
    assert view.title(FEW) == view.title(not_evaluated(1, AS_OF, "why")) == "Not compared with peers yet"
    assert "stand out; short of the peers: Win rate" in view.tree_title(BEHIND)
    assert "beyond them: " in view.tree_title(BEHIND)
    assert view.tree_title(USUAL).startswith("All ")
    assert view.tree_title(FEW) == "Nothing can be compared with peers yet"


def test_the_table_says_the_same_as_the_tree_with_n_interval_and_peers() -> None:
    table = view.table(BEHIND, "USD")
    row = table.filter(pl.col("what") == "Win rate").to_dicts()[0]
    won = BEHIND.lever("win_rate")
    assert won is not None
    assert (row["n"], row["peers"], row["verdict"]) == (str(won.n), "15", "the focus")
    assert row["own"] == words.figure(won.value, "share", "USD")
    assert " to " in row["interval"]
    assert "a quarter" in row["price"]
    figures = view.nodes(BEHIND, "USD").filter(pl.col("depth") > 0).height
    assert table.filter(pl.col("what") != "").height == figures
    few = view.table(FEW, "USD")
    assert "too few peers" in few["verdict"][0]
    assert set(few["price"]) == {""}


@pytest.mark.parametrize("key", [*LEVERS, "quota_attainment", "activities", "knowledge_gaps", "skill_level:discovery"])
def test_every_figure_explains_itself(key: str) -> None:
    assert len(view.explanation(key)) > 30
    assert view.explanation(key).endswith(".")


def test_levers_with_an_entry_in_the_registry_are_counted_as_the_registry_says() -> None:
    named = [found.metric_key for found in DEFINITIONS.values() if found.metric_key]
    assert len(named) == 6
    assert set(named) <= set(BY_KEY)


def test_what_the_comparison_rests_on_is_said_below_it() -> None:
    assert "at least five of the same role, segment and tenure" in plain(view.how_it_is_done(BEHIND))


def test_why_a_figure_differs_from_a_tile_is_said_once_with_the_days_that_count() -> None:
    said = plain(view.why_not_the_tiles(BEHIND))
    assert "over the last 24 months (1 Oct 2024 – 30 Sep 2026)" in said
    assert "a tile counts the chosen period" in said
    assert view.why_not_the_tiles(FEW) == view.why_not_the_tiles(not_evaluated(1, AS_OF, "why")) == ""
    assert "chosen period" not in plain(view.how_it_is_done(BEHIND))


@pytest.mark.parametrize(
    ("since", "until", "said"),
    [
        (dt.date(2024, 10, 1), AS_OF, "over the last 24 months"),
        (dt.date(2026, 1, 1), AS_OF, "over the last 9 months"),
        (dt.date(2026, 9, 10), AS_OF, "over the last month"),
        (dt.date(2024, 7, 1), dt.date(2026, 6, 30), "over the 24 months to 30 Jun 2026"),
        (None, None, ""),
    ],
)
def test_the_span_is_told_in_months(since: dt.date | None, until: dt.date | None, said: str) -> None:
    assert plain(words.span_words(since, until, AS_OF)) == said


def test_the_tree_names_its_months_in_a_few_words() -> None:
    assert plain(view.days_of(BEHIND)) == "24 months to 30 Sep 2026"
    assert plain(view.days_of(not_evaluated(1, AS_OF, "why"))) == "as of 30 Sep 2026"


def test_something_short_that_is_no_lever_is_no_focus_and_stands_in_the_title() -> None:
    done = [(person, block, 10 if person == 1 else 40) for person in range(1, 16) for block in (0, 1)]
    slow = diagnosed(company(alike(15), activities=pl.DataFrame(done, schema=shapes.ACTIVITIES, orient="row")), [1])[0]
    assert slow.focus is None
    assert view.title(slow) == "No lever to work on, but short of the peers: activities a week"
    assert plain(view.tree_title(slow)) == "1 of 9 figures stands out; short of the peers: Activities a week"


@pytest.mark.parametrize(
    ("chance", "said"),
    [(1 / 90, "about once in 90"), (0.0, "less than once in 1,000"), (1e-9, "less than once in 1,000")],
)
def test_chances_are_told_as_once_in_so_many(chance: float, said: str) -> None:
    assert words.odds(chance) == said


def test_a_price_that_may_be_nothing_says_so() -> None:
    lever = BEHIND.lever("win_rate")
    assert lever is not None
    sure = replace(lever, price=10_000.0, price_low=2_000.0, price_high=18_000.0)
    assert plain(words.price_words(sure, "USD")) == (
        "Reaching the peers' median would be worth about $10 k a quarter ($2.0 k to $18 k)."
    )
    assert "may be worth nothing" in words.price_words(replace(sure, price_low=-1.0), "USD")
    assert "No price" in words.price_words(replace(sure, price=None), "USD")
    there = replace(sure, price=0.0, price_low=0.0, price_high=0.0, is_reliable=False)
    assert words.price_words(there, "USD") == "Already at or beyond the peers' median."


def test_what_is_within_noise_is_not_said_to_be_worth_something_for_sure() -> None:
    lever = BEHIND.lever("cycle")
    assert lever is not None
    usual = replace(lever, price=10_000.0, price_low=858.0, price_high=19_000.0, is_reliable=False, target="median")
    assert plain(words.price_words(replace(usual, is_strength=False), "USD")) == (
        "If the difference is real, reaching the peers' median would be worth about $10 k a quarter ($858 to $19 k); "
        "if not, nothing."
    )


def test_a_figure_has_one_name_in_the_tree_the_table_and_the_sentence_and_that_of_the_registry() -> None:
    labels = {entry.label for entry in DEFINITIONS.values()}
    named = dict(view.nodes(BEHIND, "USD").select("key", "label").iter_rows())
    assert labels <= set(view.table(BEHIND, "USD")["what"])
    assert {named[key] for key in LEVERS} == labels
    assert max(map(len, labels)) <= 22
    assert DEFINITIONS["competitor_losses"].label == BY_KEY["competitor_loss_share"].label


def test_nothing_is_said_about_the_person() -> None:
    for found in (BEHIND, USUAL, FEW):
        said = f"{found.sentence} {found.reason} {' '.join(layer.reason for layer in found.layers)}".casefold()
        for word in ("you", "he", "she", "weak", "bad", "poor", "fail", "failed", "lazy", "worst", "rank"):
            assert not re.search(rf"\b{word}\b", said), word
