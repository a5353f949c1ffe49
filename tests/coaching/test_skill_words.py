"""What the pages say about skills."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from coaching import frames, skill_words
from coaching.numbers import MINUS

SKILLS = pl.DataFrame(
    {"skill_id": [1, 2, 3], "slug": ["discovery", "negotiating", "next_steps"], "position": [0, 1, 2]}
).with_columns(pl.Series("name", ["Discovery", "Negotiating", "Next steps"]))
SKILLS = SKILLS.select(pl.col(name).cast(kind) for name, kind in frames.SKILLS.items())


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def totals(**levels: tuple[float, float, float, float, float, float]) -> pl.DataFrame:
    """level, low, high, growth, low, high per slug; six reps."""
    values: dict[str, Any] = {}
    for slug, (level, low, high, growth, growth_low, growth_high) in levels.items():
        values |= {
            f"skill_level:{slug}": level,
            f"skill_level:{slug}_low": low,
            f"skill_level:{slug}_high": high,
            f"skill_level:{slug}_n": 6.0,
            f"skill_growth:{slug}": growth,
            f"skill_growth:{slug}_low": growth_low,
            f"skill_growth:{slug}_high": growth_high,
            f"skill_growth:{slug}_n": 5.0,
        }
    return skill_words.total_cells(values, SKILLS)


def test_the_verdict_names_the_strongest_skill_what_has_grown_and_the_widest_gap() -> None:
    found = totals(
        discovery=(61, 52, 70, 1.4, 0.6, 2.2),
        negotiating=(31, 25, 37, 1.9, -0.4, 4.2),
        next_steps=(55, 45, 65, 0.8, 0.1, 1.5),
    )
    assert [plain(sentence) for sentence in skill_words.verdict(found)] == [
        "Discovery is the strongest skill (level 61 of 100, 6 reps).",
        "Discovery has grown most (+1.4 a month, 0.6 to 2.2).",
        "Negotiating is the widest gap (level 31).",
    ]


def test_the_verdict_claims_neither_growth_nor_a_gap_that_could_be_chance() -> None:
    found = totals(discovery=(61, 42, 80, 1.4, -0.6, 3.4), negotiating=(51, 25, 77, 0.1, -0.4, 0.6))
    sentences = [plain(sentence) for sentence in skill_words.verdict(found)]
    assert "No skill's growth is clear yet." in sentences
    assert sentences[-1] == "Negotiating is the widest gap (level 51, not clearly below the others yet)."
    assert skill_words.verdict(totals()) == []


def test_members_are_those_who_sell_in_the_team_or_below_it_by_name() -> None:
    tree = pl.DataFrame(
        {"team_id": [1, 2, 3], "parent_id": [None, 1, 1]}, schema={"team_id": pl.Int64, "parent_id": pl.Int64}
    )
    people = pl.DataFrame(
        {
            "person_id": [1, 2, 3, 4, 5],
            "name": ["Wim", "Maya", "Ravi", "Ada", "Rosa"],
            "team_id": [3, 2, 2, None, 2],
            "sells": [True, False, True, True, True],
        }
    )
    assert skill_words.members(people, tree, 2)["name"].to_list() == ["Ravi", "Rosa"]
    assert skill_words.members(people, tree, 1)["name"].to_list() == ["Ravi", "Rosa", "Wim"]
    assert skill_words.members(people, tree, None)["name"].to_list() == ["Ravi", "Rosa", "Wim"]


def standings(*rows: dict[str, Any]) -> pl.DataFrame:
    empty = dict.fromkeys(frames.SKILL_STANDINGS)
    base = {"level_n": 3, "version_count": 1, "score_count": 5, "last_on": dt.date(2026, 11, 1)}
    return pl.DataFrame([{**empty, **base, **row} for row in rows], schema=frames.SKILL_STANDINGS, orient="row")


def test_rep_cells_hold_every_skill_and_an_adjusted_level_claims_no_interval() -> None:
    people = pl.DataFrame({"person_id": [2, 1], "name": ["Rosa", "Ravi"]})
    known = standings(
        {"person_id": 1, "skill_id": 1, "level": 50.0, "adjusted": 57.0, "level_low": 10.0, "level_high": 90.0}
    )
    raw = skill_words.rep_cells(people, SKILLS, known, adjusted=False)
    assert raw["name"].to_list() == ["Ravi"] * 3 + ["Rosa"] * 3
    assert raw["level"].to_list() == [50.0] + [None] * 5
    assert raw["low"][0] == 10.0
    less = skill_words.rep_cells(people, SKILLS, known, adjusted=True)
    assert (less["level"][0], less["low"][0], less["high"][0]) == (57.0, None, None)


def test_quartiles_need_three_reps() -> None:
    people = pl.DataFrame({"person_id": [1, 2, 3], "name": ["A", "B", "C"]})
    rows = [{"person_id": p, "skill_id": 1, "level": 25.0 * p} for p in (1, 2, 3)]
    rows.append({"person_id": 1, "skill_id": 2, "level": 50.0})
    found = skill_words.spreads(skill_words.rep_cells(people, SKILLS, standings(*rows), False), SKILLS).to_dicts()
    assert [(row["middle"], row["low"], row["high"], row["n"]) for row in found] == [
        (50.0, 37.5, 62.5, 3),
        (50.0, None, None, 1),
        (None, None, None, None),
    ]


def test_skills_of_fewer_than_three_scores_are_named_with_what_is_there() -> None:
    rows = pl.DataFrame({"name": ["Discovery", "Opening", "Price"], "score_count": [3, 1, None]})
    assert skill_words.too_few_words(rows) == "Not enough observations yet: Opening (1 of 3), Price (0 of 3)."
    assert skill_words.too_few_words(rows.head(1)) == ""


def row(**more: Any) -> dict[str, Any]:
    return {"level": 60.0, "growth": 2.0, "growth_low": 1.0, "growth_high": 3.0, **more}


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (row(), "10–20 months"),
        (row(level=90.0), "reached"),
        (row(growth=None, growth_low=None, growth_high=None), "too early"),
        (row(growth_low=-3.0, growth_high=7.0), "too early"),
        (row(level=10.0, growth=0.4, growth_low=0.3, growth_high=0.5), "over 3 years"),
        (row(level=60.0, growth=1.0, growth_low=0.0, growth_high=2.0), "16 months or more"),
    ],
)
def test_the_way_to_mastery_is_a_span_of_months_or_too_early(standing: dict[str, Any], expected: str) -> None:
    assert plain(skill_words.mastery_words(standing)) == expected


def test_a_perception_gap_carries_its_sign_and_its_calls() -> None:
    assert plain(skill_words.gap_words({"gap": 12.4, "n": 2}) or "") == "+12 (2 calls)"
    assert plain(skill_words.gap_words({"gap": -7.0, "n": 1}) or "") == f"{MINUS}7 (1 call)"
    assert skill_words.gap_words(None) is None


def test_what_was_tried_is_counted_per_skill_the_most_frequent_first() -> None:
    worked = pl.DataFrame(
        {
            "held_on": [dt.date(2026, 1, 5), dt.date(2026, 2, 5), dt.date(2026, 3, 5)],
            "skill_id": [1, 1, 1],
            "method": ["test", "role_play", "role_play"],
            "angle": ["From a strength", None, "From a strength"],
        }
    )
    found = skill_words.work_rows(worked, SKILLS).to_dicts()
    assert found == [
        {
            "skill": "Discovery",
            "sessions": 3,
            "methods": "Role-play\u00a02, test",
            "angles": "From a strength\u00a02",
            "last_on": dt.date(2026, 3, 5),
        }
    ]
    assert skill_words.work_rows(worked.clear(), SKILLS).is_empty()


def test_agreement_is_a_number_with_its_pairs_and_a_word_only_on_enough_calls() -> None:
    found = {"kappa": 0.65, "low": 0.5, "high": 0.8, "pair_count": 30, "call_count": 10}
    words = plain(skill_words.agreement_words(found))
    assert "agree well" in words
    assert "weighted kappa 0.65, 95 % interval 0.50 to 0.80, 30 scores given twice on 10 calls" in words
    assert "too few calls to say" in skill_words.agreement_words(found | {"call_count": 4})
    assert "not enough yet" in skill_words.agreement_words(found | {"kappa": None})


def test_the_heatmaps_table_says_the_same_as_the_heatmap() -> None:
    people = pl.DataFrame({"person_id": [1], "name": ["Ravi"]})
    known = standings(
        {"person_id": 1, "skill_id": 2, "level": 62.0, "growth": 1.0, "growth_low": 0.2, "growth_high": 1.8}
    )
    cells = skill_words.rep_cells(people, SKILLS, known, False)
    line = skill_words.table_rows(cells, SKILLS, dt.date(2026, 11, 20)).row(0, named=True)
    assert line["discovery"] is None
    assert plain(line["negotiating"]) == "62 ↑ (n 3, 1 Nov 2026)"


# ---- What is shown first, and what is downloaded -------------------------------------------------------------------


def standing_rows(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {**frames.SKILL_STANDINGS, "position": pl.Int64}
    return pl.DataFrame([dict.fromkeys(schema) | row for row in rows], schema=schema)


def test_skills_that_clearly_grow_or_fall_come_first_then_those_with_the_most_scores() -> None:
    grows = {"skill_id": 1, "position": 3, "score_count": 4, "growth_low": 0.2, "growth_high": 2.0}
    falls = {"skill_id": 2, "position": 2, "score_count": 9, "growth_low": -2.0, "growth_high": -0.1}
    unclear = {"skill_id": 3, "position": 0, "score_count": 30, "growth_low": -1.0, "growth_high": 1.0}
    unknown, same = {"skill_id": 4, "position": 4, "score_count": 3}, {"skill_id": 5, "position": 1, "score_count": 3}
    found = skill_words.most_telling(standing_rows(unknown, unclear, grows, same, falls))
    assert found["skill_id"].to_list() == [2, 1, 3, 5, 4]


def test_the_download_has_a_row_for_each_rep_and_skill_and_nothing_where_nobody_scored() -> None:
    people = pl.DataFrame({"person_id": [7, 3], "name": ["Ravi", "Astrid"]})
    skill_list = pl.DataFrame(
        {"skill_id": [2, 1], "slug": ["price", "opening"], "name": ["Holding the price", "Opening"], "position": [1, 0]}
    )
    known = standing_rows({"person_id": 7, "skill_id": 2, "level": 62.5, "level_n": 3, "growth": 0.5}).drop("position")
    found = skill_words.level_rows(people, skill_list, known)
    assert found.select("rep", "skill").rows() == [
        ("Astrid", "opening"),
        ("Astrid", "price"),
        ("Ravi", "opening"),
        ("Ravi", "price"),
    ]
    assert found["level"].to_list() == [None, None, None, 62.5]
    assert found["growth_per_month"].to_list() == [None, None, None, 0.5]
    assert not {"skill_id", "position", "person_id"} & set(found.columns)
