"""When a situation holds: one case where it does, one where it just does not, and one with too little data."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
from polars._typing import SchemaDict

from coaching import frames, lessons, situations
from coaching.diagnosis import LEVERS, not_evaluated
from coaching.questions import SITUATIONS, Situation

AS_OF = dt.date(2026, 11, 20)
DAY = dt.timedelta(days=1)
LOOK: SchemaDict = {**frames.OPEN_DEALS, "kind": pl.String, "reason": pl.String, "since_days": pl.Int64}
SKILLS = pl.DataFrame(
    {
        "skill_id": [1, 2],
        "slug": ["discovery", "decision"],
        "name": ["Finding out", "The decision"],
        "position": [0, 1],
    },
    schema=frames.SKILLS,
)


def table(schema: SchemaDict, *rows: dict[str, Any]) -> pl.DataFrame:
    """Rows with the columns of a frame; what a row does not say is null."""
    return pl.DataFrame([{**dict.fromkeys(schema), **row} for row in rows], schema=schema)


def at(days_ago: int) -> dt.datetime:
    return dt.datetime.combine(AS_OF - days_ago * DAY, dt.time(12), dt.UTC)


def whole(found: list[Situation]) -> list[Situation]:
    """Each with its rows, and with everything that its kind of question fills in."""
    for each in found:
        assert each.source_ids
        assert all(
            row.partition(":")[0].replace("_", "").isalpha() and row.partition(":")[2].isdecimal()
            for row in each.source_ids
        )
        assert all(each.fills.get(name) for name in SITUATIONS[each.key].blanks), each
        assert 0 < each.weight <= 1
        assert each.says
        assert not each.says.endswith(".")
    return found


def looked_at(number: int, kind: str, amount: int | None = 100, **more: Any) -> dict[str, Any]:
    row = {"deal_id": number, "name": f"Deal {number}", "kind": kind, "amount": amount, "since_days": 40}
    return {**row, "reason": "40 days in Discovery", **more}


# ---- Deals ---------------------------------------------------------------------------------------------------------


def test_deals_to_look_at_become_situations_of_their_kind_the_heavier_first() -> None:
    rows = table(
        LOOK,
        looked_at(1, "stalled", 100, stage="Discovery"),
        looked_at(2, "stalled", 900),
        looked_at(3, "stalled", 500),
        looked_at(4, "slipped"),
        looked_at(5, "lost_to_competitor", None, competitor="Northwind"),
    )
    found = whole(situations.of_deals(rows, rows))
    assert [each.source_ids for each in found] == [("deal:2",), ("deal:3",), ("deal:5",), ("deal:4",)]
    assert [each.deal_id for each in found] == [2, 3, 5, 4]
    assert found[2].fills["competitor"] == "Northwind"
    assert found[0].fills["stage"] == "its stage"
    assert found[0].says == "Deal 2: 40 days in Discovery"


def lost(number: int, days: int, amount: int | None = 100) -> dict[str, Any]:
    return looked_at(number, "lost_to_competitor", amount, competitor="Northwind", since_days=days)


def test_the_newest_loss_comes_first_whatever_it_was_worth_and_of_one_day_the_largest() -> None:
    standing = table(frames.OPEN_DEALS, open_deal(9, amount=1_000))
    rows = table(LOOK, lost(1, 38, 900_000), lost(2, 3, 10), lost(3, 4, 500), lost(4, 3, 20))
    found = situations.of_deals(rows, standing)
    assert [each.deal_id for each in found] == [4, 2]
    assert found[0].weight > found[1].weight
    whole_weights = [
        each.weight for each in situations.of_deals(table(LOOK, lost(1, 90, 900_000), lost(2, 0)), standing)
    ]
    assert whole_weights == pytest.approx([0.65, 0.6], abs=0.001)


def test_a_loss_that_was_talked_about_is_not_asked_about_again_and_a_stalled_deal_is() -> None:
    rows = table(LOOK, lost(1, 3), lost(2, 9), looked_at(3, "stalled"))
    found = situations.of_deals(rows, rows, {1, 3})
    assert {each.deal_id for each in found} == {2, 3}


def test_a_deal_is_called_by_its_title_its_customer_or_its_number_and_the_sentence_names_both() -> None:
    assert situations.deal_name({"deal_id": 1, "name": "Pumps", "account_name": "Acme"}) == "Pumps"
    assert situations.deal_name({"deal_id": 1, "name": None, "account_name": "Acme"}) == "Acme"
    assert situations.deal_name({"deal_id": 1, "name": None, "account_name": None}) == "deal 1"
    rows = table(LOOK, looked_at(1, "stalled", account_name="Acme"))
    assert situations.of_deals(rows, rows)[0].says.startswith("Deal 1, Acme: ")


def open_deal(number: int, step: str | None = None, amount: int | None = 100) -> dict[str, Any]:
    return {"deal_id": number, "name": f"Deal {number}", "next_step": step, "amount": amount}


def planned(*numbers: int) -> pl.DataFrame:
    return pl.DataFrame({"deal_id": numbers}, schema={"deal_id": pl.Int64})


def test_a_deal_without_a_next_step_in_the_crm_and_without_a_plan_is_named() -> None:
    rows = table(frames.OPEN_DEALS, open_deal(1, "Call on Monday"), open_deal(2), open_deal(3, "  "), open_deal(4))
    found = whole(situations.without_next_step(rows, planned(4), steps_are_known=True))
    assert [each.deal_id for each in found] == [2, 3]
    assert found[0].says == "Deal 2: no next step in the CRM and nothing planned"


def test_without_activities_the_crm_alone_decides_and_without_the_column_activities_do() -> None:
    rows = table(frames.OPEN_DEALS, open_deal(1))
    assert situations.without_next_step(rows, None, steps_are_known=True)[0].says.endswith("no next step in the CRM")
    assert situations.without_next_step(rows, planned(), steps_are_known=False)[0].says.endswith("nothing planned")


def test_where_exports_hold_neither_nothing_is_missing() -> None:
    rows = table(frames.OPEN_DEALS, open_deal(1))
    assert situations.without_next_step(rows, None, steps_are_known=False) == []
    assert situations.without_next_step(rows.clear(), planned(), steps_are_known=True) == []


def test_one_contact_is_known_from_an_observation_of_a_deal_that_is_still_open() -> None:
    schema = {"observation_id": pl.Int64, "deal_id": pl.Int64, "observed_on": pl.Date, "behaviour": pl.String}
    words = "One contact; how a decision is made has not been asked."
    seen = pl.DataFrame(
        [(9, 1, AS_OF - DAY, words), (8, 1, AS_OF - 9 * DAY, words), (7, 5, AS_OF - DAY, words)],
        schema=schema,
        orient="row",
    )
    found = whole(situations.single_contacts(seen, table(frames.OPEN_DEALS, open_deal(1))))
    assert [each.source_ids for each in found] == [("observation:9", "deal:1")]
    assert situations.single_contacts(seen.clear(), table(frames.OPEN_DEALS, open_deal(1))) == []


WON: SchemaDict = {**frames.CLOSED_DEALS, "name": pl.String, "account_name": pl.String, "external_id": pl.String}


def won(discounts: list[float], days_ago: int, first: int = 0) -> list[dict[str, Any]]:
    return [
        {
            "deal_id": first + place, "name": f"Deal {first + place}", "list_amount": 10_000,
            "amount": round(10_000 * (1 - share)), "closed_on": AS_OF - (days_ago + place) * DAY,
        }
        for place, share in enumerate(discounts)
    ]  # fmt: skip


BEFORE = [0.04, 0.06, 0.05, 0.05, 0.04, 0.06, 0.05, 0.05]


def test_discounts_that_grow_by_more_than_noise_name_the_deals_with_the_most() -> None:
    rows = table(WON, *won([0.14, 0.16, 0.15, 0.18, 0.15], 5), *won(BEFORE, 120, 50))
    [found] = whole(situations.discount_creep(rows, AS_OF))
    assert found.source_ids[0] == "deal:3"
    assert len(found.source_ids) == 3
    assert (found.fills["share"], found.fills["before"]) == ("16\u00a0%", "5\u00a0%")


@pytest.mark.parametrize(
    ("lately", "before", "why"),
    [
        ([0.05, 0.25, 0.02, 0.20, 0.01], BEFORE, "single deals vary as much"),
        ([0.15, 0.16, 0.15, 0.18], BEFORE, "four deals are too few"),
        ([0.15, 0.16, 0.15, 0.18, 0.15], BEFORE[:7], "seven deals before are too few"),
        ([0.01, 0.02, 0.01, 0.02, 0.01], BEFORE, "they shrink"),
        ([0.05] * 5, [0.05] * 8, "they stay"),
    ],
)
def test_discounts_that_do_not_reliably_grow_say_nothing(lately: list[float], before: list[float], why: str) -> None:
    rows = table(WON, *won(lately, 5), *won(before, 120, 50))
    assert situations.discount_creep(rows, AS_OF) == [], why


def test_deals_without_a_list_price_are_no_discounts() -> None:
    rows = table(WON, *won([0.14, 0.16, 0.15, 0.18, 0.15], 5), *won(BEFORE, 120, 50))
    assert situations.discount_creep(rows.with_columns(pl.lit(None, pl.Int64).alias("list_amount")), AS_OF) == []
    assert situations.discount_creep(rows.with_columns(pl.lit(0, pl.Int64).alias("list_amount")), AS_OF) == []


# ---- Skills --------------------------------------------------------------------------------------------------------


def score(
    number: int, skill: int, scaled: float, days_ago: int, kind: str = "coach", pair: int | None = None
) -> dict[str, Any]:
    return {
        "observation_id": number, "person_id": 4, "observer_id": 2, "kind": kind, "paired_observation_id": pair,
        "observed_at": at(days_ago), "observed_on": AS_OF - days_ago * DAY, "skill_id": skill, "version_id": 1,
        "level": 1, "scaled": scaled, "step": 25.0,
    }  # fmt: skip


def test_the_lowest_levels_below_competent_are_gaps_with_the_latest_scores_as_rows() -> None:
    history = table(
        frames.SCORES,
        score(1, 1, 25, 40), score(2, 1, 25, 20), score(3, 1, 50, 10),
        score(4, 2, 75, 10), score(5, 2, 75, 5),
    )  # fmt: skip
    [found] = whole(situations.skill_gaps(history, SKILLS, AS_OF))
    assert (found.skill, found.fills["skill"]) == ("discovery", "finding out")
    assert found.source_ids == ("observation:3", "observation:2", "observation:1")
    assert "level 33 of 100, the mean of the last 3 scores" in found.says


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([score(1, 1, 50, 20), score(2, 1, 50, 10)], "competent"),
        ([score(1, 1, 0, 10)], "one score"),
        ([score(1, 1, 0, 200), score(2, 1, 0, 181)], "too old"),
        ([score(1, 1, 0, 20, "self"), score(2, 1, 0, 10, "self")], "nobody else scored"),
    ],
)
def test_no_gap_where_the_level_is_there_or_little_is_known(rows: list[dict[str, Any]], why: str) -> None:
    assert situations.skill_gaps(table(frames.SCORES, *rows), SKILLS, AS_OF) == [], why


def both(own: float, seen: float, *days_ago: int) -> pl.DataFrame:
    rows = []
    for place, days in enumerate(days_ago):
        rows.append(score(10 + place, 1, seen, days))
        rows.append(score(20 + place, 1, own, days, "self", 10 + place))
    return table(frames.SCORES, *rows)


def test_half_a_level_between_the_two_views_of_two_calls_is_a_situation_either_way() -> None:
    [above] = whole(situations.perception_gaps(both(75, 62.5, 10, 20), SKILLS, AS_OF))
    assert (above.key, above.source_ids) == ("self_above", ("observation:10", "observation:11"))
    assert "own view 75, coach's view 62 of 100" in above.says
    [below] = whole(situations.perception_gaps(both(50, 75, 10, 20), SKILLS, AS_OF))
    assert below.key == "self_below"


def test_less_than_half_a_level_one_call_or_old_calls_are_none() -> None:
    assert situations.perception_gaps(both(75, 63, 10, 20), SKILLS, AS_OF) == []
    assert situations.perception_gaps(both(100, 0, 10), SKILLS, AS_OF) == []
    assert situations.perception_gaps(both(100, 0, 200, 210), SKILLS, AS_OF) == []


# ---- What was recorded ---------------------------------------------------------------------------------------------


def gap(number: int, days_ago: int, **more: Any) -> dict[str, Any]:
    return {"gap_id": number, "question": "What does a stop cost?", "noted_at": at(days_ago), **more}


def test_open_questions_are_situations_the_old_ones_heavier_and_closed_ones_none() -> None:
    rows = table(lessons.GAPS, gap(1, 3), gap(2, 30, deal_id=7, deal_name="Pumps"), gap(3, 40, closed_at=at(1)))
    found = whole(situations.open_gaps(rows, AS_OF))
    assert [each.source_ids for each in found] == [("knowledge_gap:2",), ("knowledge_gap:1",)]
    assert (found[0].fills["days"], found[0].fills["deal"], found[0].deal_id) == ("30", "Pumps", 7)


def test_the_same_open_question_noted_twice_about_one_deal_is_one_and_names_the_deal() -> None:
    about = {"deal_id": 7, "deal_name": "Pumps"}
    rows = table(lessons.GAPS, gap(1, 3, **about), gap(2, 30, **about), gap(3, 20, deal_id=8, deal_name="Pipes"))
    rows = rows.with_columns(question=pl.lit("Who signs?"))
    found = whole(situations.open_gaps(rows, AS_OF))
    assert [each.source_ids for each in found] == [("knowledge_gap:2", "knowledge_gap:1"), ("knowledge_gap:3",)]
    assert [each.says.rpartition(" (")[2] for each in found] == ["Pumps)", "Pipes)"]


def objective(number: int, status: str, plan_status: str = "active") -> dict[str, Any]:
    row = {"objective_id": number, "metric_key": "win_rate_count", "status": status, "plan_status": plan_status}
    return {**row, "answered_at": at(number)}


def test_an_objection_or_another_target_that_stands_is_a_situation() -> None:
    statuses = ("objected", "countered", "accepted", "proposed", "closed")
    rows = [objective(number, status) for number, status in enumerate(statuses, start=1)]
    found = whole(situations.resistant_objectives(table(frames.OBJECTIVES, *rows, objective(9, "objected", "closed"))))
    assert [each.source_ids for each in found] == [("objective:1",), ("objective:2",)]
    assert found[0].fills["objective"] == "the objective on win rate"
    assert "an objection stands since 19" in found[0].says
    assert "another target stands" in found[1].says


def promise(number: int, due: int, **more: Any) -> dict[str, Any]:
    row = {
        "commitment_id": number,
        "by_id": 4,
        "side": "rep",
        "promise": "Call the buyer.",
        "due_on": AS_OF - due * DAY,
    }
    return {**row, **more}


def test_a_promise_of_the_rep_past_its_day_is_a_situation_and_nobody_elses() -> None:
    rows = table(
        frames.COMMITMENTS,
        promise(1, 1), promise(2, 60), promise(3, 61), promise(4, 0), promise(5, 9, done_on=AS_OF),
        promise(6, 9, by_id=2, side="coach"), promise(7, 9, side="coach"), promise(8, 9, due_on=None),
    )  # fmt: skip
    found = whole(situations.missed_commitments(rows, 4, AS_OF))
    assert [each.source_ids for each in found] == [("commitment:1",), ("commitment:2",)]
    assert found[0].says.endswith("still open: Call the buyer")


def test_strong_results_count_from_quota_on_and_beside_enough_peers_from_their_top_quarter_on() -> None:
    rows = ("deal:1", "quota:2")
    [found] = whole(situations.top_performer(1.2, 1.1, 9, rows, "1 Jul"))
    assert found.says == "120\u00a0% of quota in 1 Jul, top quarter of 9 peers"
    [alone] = situations.top_performer(1.0, None, 3, rows, "1 Jul")
    assert "too few peers" in alone.says
    assert situations.top_performer(1.2, 1.21, 9, rows, "1 Jul") == []
    assert situations.top_performer(0.99, None, 0, rows, "1 Jul") == []
    assert situations.top_performer(None, 1.0, 9, rows, "1 Jul") == []
    assert situations.top_performer(1.2, 1.1, 9, (), "1 Jul") == []


# ---- The diagnosis, and nothing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("lever", LEVERS)
def test_every_lever_of_the_diagnosis_has_a_situation_of_its_own(lever: str) -> None:
    words = "The win rate is where most is to gain. One of 33 peers is as far off."
    [found] = whole(situations.of_focus(lever, ("deal:1",), words, SKILLS))
    assert found.says == "The win rate is where most is to gain"
    assert found.key == f"focus_{lever}"
    assert found.weight == 1


def test_a_skill_in_focus_is_a_skill_gap_and_what_is_neither_or_has_no_rows_is_nothing() -> None:
    [found] = whole(situations.of_focus("discovery", ("observation:1",), "Finding out lies behind.", SKILLS))
    assert (found.key, found.skill) == ("skill_gap", "discovery")
    assert situations.of_focus("discovery", (), "Without rows", SKILLS) == []
    assert situations.of_focus("unheard_of", ("deal:1",), "Nobody knows it", SKILLS) == []


def test_a_diagnosis_without_a_focus_points_to_nothing() -> None:
    assert situations.focus_of(None) is None
    assert situations.focus_of(not_evaluated(4, AS_OF, "Too few peers.")) is None


def test_where_the_data_points_to_little_that_is_said() -> None:
    [alone, beside] = whole([situations.steady(4, 0), situations.steady(4, 2)])
    assert alone.says == "Nothing stands out in the data"
    assert beside.says.startswith("Apart from that")
    assert alone.source_ids == ("person:4",)
