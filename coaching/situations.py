"""What the data shows about a rep that is worth a question, as rules over frames. No database, no words of advice.

Each function turns rows into ``questions.Situation``; the row that shows it best comes first in ``source_ids``. Weights
lie between 0 and 1 and only decide what is asked first.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Mapping
from typing import Any

import polars as pl

from coaching import numbers, skills
from coaching.diagnosis import LEVERS, Diagnosis
from coaching.metrics import metric
from coaching.pooling import t95
from coaching.questions import GENERIC, Situation

MOST_OF_ONE_KIND = 2
"""More rows of one kind make no better question."""
OLDEST_LEVEL_DAYS = 180
"""A level whose last score is older says nothing about today."""
FEWEST_SCORES = 2
HALF_A_LEVEL = 12.5
"""Of 0 to 100 on a scale of five levels: own and other view closer than that are one view."""
RECENT_DAYS, BEFORE_DAYS = 90, 270
"""Discounts of the last 90 days are held against those of the 270 days before."""
FEWEST_RECENT, FEWEST_BEFORE = 5, 8
MISSED_DAYS = 60
"""A promise that is longer past its day has been left behind by both; talking about it helps nobody."""
FRESH_LOSS, SAME_DAY = 0.05, 0.0005
"""What a loss of today weighs more than one of 90 days ago, and, less than a day of that, the largest of one day."""
SHOWN_ROWS = 3
NAME_LENGTH = 60


def deal_name(row: Mapping[str, Any]) -> str:
    """How people call a deal: its title, else its customer, else its number."""
    for column in ("name", "account_name", "external_id"):
        if row.get(column):
            return numbers.plain_name(str(row[column]), NAME_LENGTH)
    return f"deal {row['deal_id']}"


def _said(row: Mapping[str, Any]) -> str:
    """The deal with its customer, since titles repeat themselves."""
    name, account = deal_name(row), numbers.plain_name(row.get("account_name"), NAME_LENGTH)
    return f"{name}, {account}" if account and account not in name else name


def of_deals(
    to_look_at: pl.DataFrame, standing: pl.DataFrame, settled: Collection[int] = frozenset()
) -> list[Situation]:
    """Stalled, slipped and lost deals out of ``deals_to_look_at``'s rows; ``standing``: all open deals of the rep.

    A loss is asked about once: ``settled`` are the deals that were talked about before. The newest loss comes first.
    """
    whole = _amount(standing["amount"])
    found: list[Situation] = []
    for row in to_look_at.iter_rows(named=True):
        if row["kind"] == "lost_to_competitor" and row["deal_id"] in settled:
            continue
        share = min((row["amount"] or 0) / whole, 1.0) if whole else 0.0
        name, days = deal_name(row), str(row["since_days"])
        fills = {"deal": name, "days": days}
        if row["kind"] == "stalled":
            weight, fills["stage"] = 0.7, _word(row["stage"], GENERIC["stage"])
        elif row["kind"] == "slipped":
            weight = 0.55
        else:
            weight, fills["competitor"] = 0.6, _word(row["competitor"], GENERIC["competitor"])
        says = f"{_said(row)}: {_lower(_clean(row['reason'], 160))}"
        if row["kind"] == "lost_to_competitor":
            # What it was worth decides between losses of one day only.
            more = FRESH_LOSS * max(RECENT_DAYS - row["since_days"], 0) / RECENT_DAYS + SAME_DAY * share
        else:
            more = 0.15 * share
        found.append(_about_deal(row["kind"], row, says, weight + more, fills))
    return _heaviest(found)


def without_next_step(
    standing: pl.DataFrame, planned: pl.DataFrame | None, *, steps_are_known: bool
) -> list[Situation]:
    """Open deals with neither a next step in the CRM nor a planned activity.

    ``planned``: deal_id of activities to come, None where no activities are loaded. ``steps_are_known``: the exports
    hold next steps. Where neither is known, nothing is missing.
    """
    if not steps_are_known and planned is None:
        return []
    rows = standing.filter(pl.col("next_step").is_null() | (pl.col("next_step").str.strip_chars() == ""))
    if planned is not None:
        rows = rows.filter(~pl.col("deal_id").is_in(planned["deal_id"].drop_nulls().to_list()))
    whole = _amount(standing["amount"])
    found = []
    for row in rows.iter_rows(named=True):
        share = min((row["amount"] or 0) / whole, 1.0) if whole else 0.0
        name = deal_name(row)
        reasons = ["no next step in the CRM"] * steps_are_known + ["nothing planned"] * (planned is not None)
        known = " and ".join(reasons)
        found.append(_about_deal("no_next_step", row, f"{_said(row)}: {known}", 0.5 + 0.15 * share, {"deal": name}))
    return _heaviest(found)


def single_contacts(seen: pl.DataFrame, standing: pl.DataFrame) -> list[Situation]:
    """Open deals in which an observer saw one contact; ``seen``: observation_id, deal_id, observed_on, behaviour."""
    rows = seen.join(standing, on="deal_id", how="inner", maintain_order="left")
    rows = rows.sort("observed_on", "observation_id", descending=True).unique(
        "deal_id", keep="first", maintain_order=True
    )
    found = []
    for row in rows.iter_rows(named=True):
        name = deal_name(row)
        says = f"{_said(row)}: seen on {numbers.day(row['observed_on'])}, {_lower(_clean(row['behaviour'], 120))}"
        sources = (f"observation:{row['observation_id']}", f"deal:{row['deal_id']}")
        found.append(Situation("single_contact", sources, says, 0.6, {"deal": name}, deal_id=row["deal_id"]))
    return _heaviest(found)


def discount_creep(won: pl.DataFrame, as_of: dt.date) -> list[Situation]:
    """The own discount of the last 90 days beside that of the 270 days before, where the rise is more than noise.

    ``won``: deal_id, name, account_name, external_id, closed_on, amount, list_amount. Means of the deals' discounts,
    compared by Welch's t test at 95 %: 5 deals or more lately, 8 or more before.
    """
    shares = won.filter(pl.col("list_amount") > 0).with_columns(
        (1 - pl.col("amount") / pl.col("list_amount")).alias("discount")
    )
    edge = as_of - dt.timedelta(days=RECENT_DAYS)
    first = edge - dt.timedelta(days=BEFORE_DAYS)
    recent = shares.filter((pl.col("closed_on") > edge) & (pl.col("closed_on") <= as_of))
    before = shares.filter((pl.col("closed_on") > first) & (pl.col("closed_on") <= edge))
    if recent.height < FEWEST_RECENT or before.height < FEWEST_BEFORE or not _is_more(recent, before):
        return []
    rows = recent.sort("discount", "closed_on", "deal_id", descending=True).head(SHOWN_ROWS)
    top = rows.row(0, named=True)
    fills = {
        "deal": deal_name(top),
        "share": numbers.share(recent["discount"].mean()),  # type: ignore[arg-type]
        "before": numbers.share(before["discount"].mean()),  # type: ignore[arg-type]
    }
    says = (
        f"Own discount {fills['share']} on {numbers.plural(recent.height, 'deal')} won in {RECENT_DAYS} days, "
        f"{fills['before']} on {numbers.count(before.height)} before; most on {_said(top)}"
    )
    sources = tuple(f"deal:{deal_id}" for deal_id in rows["deal_id"])
    return [Situation("discount_creep", sources, says, 0.65, fills, deal_id=top["deal_id"])]


def _is_more(recent: pl.DataFrame, before: pl.DataFrame) -> bool:
    """Welch's t test, the 97.5 % point: a rise that the spread of single deals does not explain."""
    late, early = recent["discount"], before["discount"]
    rise = float(late.mean() or 0.0) - float(early.mean() or 0.0)  # type: ignore[arg-type]
    parts = [float(each.var() or 0.0) / each.len() for each in (late, early)]  # type: ignore[arg-type]
    error = math.sqrt(sum(parts))
    if error == 0:
        return rise > 0
    df = sum(parts) ** 2 / sum(part**2 / (each.len() - 1) for part, each in zip(parts, (late, early), strict=True))
    return rise / error > float(t95(df))


def skill_gaps(history: pl.DataFrame, skill_list: pl.DataFrame, as_of: dt.date) -> list[Situation]:
    """The lowest levels that are below competent (50 of 100), from 2 scores by others on, not older than 180 days.

    ``history``: frames.SCORES of the rep; ``skill_list``: frames.SKILLS.
    """
    levels = skills.levels_at(skills.running_levels(history), [as_of]).join(skill_list, on="skill_id", how="inner")
    oldest = as_of - dt.timedelta(days=OLDEST_LEVEL_DAYS)
    low = levels.filter(
        (pl.col("level") < skills.COMPETENT) & (pl.col("level_n") >= FEWEST_SCORES) & (pl.col("observed_on") >= oldest)
    ).sort("level", "position")
    found = []
    for row in low.head(MOST_OF_ONE_KIND).iter_rows(named=True):
        name = _clean(row["name"])
        says = (
            f"{name}: level {round(row['level'])} of 100, the mean of the last {row['level_n']} scores, "
            f"competent from {round(skills.COMPETENT)}"
        )
        weight = 0.45 + 0.3 * (skills.COMPETENT - row["level"]) / skills.COMPETENT
        sources = _observations(skills.by_others(history), row["skill_id"])
        found.append(Situation("skill_gap", sources, says, weight, {"skill": _lower(name)}, skill=row["slug"]))
    return found


def perception_gaps(history: pl.DataFrame, skill_list: pl.DataFrame, as_of: dt.date) -> list[Situation]:
    """The largest difference between own and coach's view over calls that both scored, each way, from half a level on.

    From 2 calls on, the last not older than 180 days.
    """
    pairs = skills.both_views(history)
    gaps = skills.perception_gaps(history).join(skill_list, on="skill_id", how="inner")
    oldest = as_of - dt.timedelta(days=OLDEST_LEVEL_DAYS)
    gaps = gaps.filter((pl.col("n") >= FEWEST_SCORES) & (pl.col("last_on") >= oldest))
    found = []
    for key, way in (("self_above", 1), ("self_below", -1)):
        rows = gaps.filter(pl.col("gap") * way >= HALF_A_LEVEL).sort((pl.col("gap") * -way), "position")
        for row in rows.head(1).iter_rows(named=True):
            name = _clean(row["name"])
            says = (
                f"{name}: own view {round(row['self_level'])}, coach's view {round(row['observer_level'])} of 100 "
                f"on the same {numbers.plural(row['n'], 'call')}"
            )
            sources = _observations(pairs, row["skill_id"])
            found.append(Situation(key, sources, says, 0.5, {"skill": _lower(name)}, skill=row["slug"]))
    return found


def _observations(scores: pl.DataFrame, skill_id: int) -> tuple[str, ...]:
    """The latest observations that scored a skill."""
    rows = scores.filter(pl.col("skill_id") == skill_id).sort("observed_on", "observation_id", descending=True)
    return tuple(f"observation:{number}" for number in rows["observation_id"].unique(maintain_order=True)[:SHOWN_ROWS])


def open_gaps(gaps: pl.DataFrame, as_of: dt.date) -> list[Situation]:
    """Questions that could not be answered yet, the oldest first; ``gaps``: lessons.GAPS.

    The same question about the same deal, noted again, is one: the first day counts, the rows of all stand behind it.
    """
    found = []
    still = gaps.filter(pl.col("closed_at").is_null()).sort("noted_at", "gap_id")
    for same in same_questions(still, "deal_id"):
        row = same[0]
        days = max((as_of - row["noted_at"].date()).days, 0)
        fills = {"days": str(days)}
        if row["deal_name"]:
            fills["deal"] = _clean(row["deal_name"])
        about = f" ({_clean(row['deal_name'])})" if row["deal_name"] else ""
        says = f"Open since {numbers.day(row['noted_at'].date())}: {_clean(row['question'], 120)}{about}"
        weight = 0.55 if days > 14 else 0.45
        sources = tuple(f"knowledge_gap:{each['gap_id']}" for each in same)
        found.append(Situation("knowledge_gap", sources, says, weight, fills, deal_id=row["deal_id"]))
    return _heaviest(found)


def same_questions(gaps: pl.DataFrame, *beside: str) -> list[list[dict[str, Any]]]:
    """Rows of lessons.GAPS in their order, those that ask the same put together; ``beside``: columns that have to be
    the same as well."""
    found: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in gaps.iter_rows(named=True):
        words = " ".join(row["question"].casefold().split())
        found.setdefault((words, *(row[name] for name in beside)), []).append(row)
    return list(found.values())


def resistant_objectives(objectives: pl.DataFrame) -> list[Situation]:
    """Objectives that the rep objected to or answered with a target of their own; ``objectives``: frames.OBJECTIVES."""
    rows = objectives.filter(
        pl.col("status").is_in(["objected", "countered"]) & (pl.col("plan_status") != "closed")
    ).sort("answered_at", "objective_id", descending=[True, False], nulls_last=True)
    found = []
    for row in rows.iter_rows(named=True):
        label = metric(row["metric_key"]).label
        answered = numbers.day(row["answered_at"].date()) if row["answered_at"] is not None else "a day not noted"
        what = "an objection" if row["status"] == "objected" else "another target"
        says = f"Objective on {_lower(label)}: {what} stands since {answered}"
        sources = (f"objective:{row['objective_id']}",)
        found.append(
            Situation("resistant_objective", sources, says, 0.9, {"objective": objective_words(row["metric_key"])})
        )
    return _heaviest(found)


def objective_words(metric_key: str) -> str:
    """What a question calls an objective: "the objective on win rate"."""
    return f"the objective on {_lower(metric(metric_key).label)}"


def missed_commitments(promises: pl.DataFrame, rep_id: int, as_of: dt.date) -> list[Situation]:
    """Open promises of the rep, past their day by 60 days at most, the latest first.

    ``promises``: frames.COMMITMENTS.
    """
    late = promises.filter(
        (pl.col("by_id") == rep_id)
        & (pl.col("side") == "rep")
        & pl.col("done_on").is_null()
        & pl.col("due_on").is_between(as_of - dt.timedelta(days=MISSED_DAYS), as_of, closed="left")
    ).sort("due_on", "commitment_id", descending=[True, False])
    found = []
    for row in late.iter_rows(named=True):
        days = (as_of - row["due_on"]).days
        says = f"Promise due {numbers.day(row['due_on'])}, still open: {_clean(row['promise'], 120)}"
        sources = (f"commitment:{row['commitment_id']}",)
        found.append(Situation("missed_commitment", sources, says, 0.8, {"days": str(days)}))
    return _heaviest(found)


def top_performer(
    attainment: float | None, top_quartile: float | None, peers: int, rows: tuple[str, ...], quarter: str
) -> list[Situation]:
    """At quota or above in the last full quarter and, of at least five like-for-like peers, among the top quarter.

    ``rows``: the deals won in it and its quota. Without peers enough, attainment alone decides.
    """
    if attainment is None or attainment < 1 or not rows or (top_quartile is not None and attainment < top_quartile):
        return []
    share = numbers.share(attainment)
    beside = f"top quarter of {numbers.count(peers)} peers" if top_quartile is not None else "too few peers to compare"
    return [Situation("top_performer", rows, f"{share} of quota in {quarter}, {beside}", 0.4, {"share": share})]


def focus_of(diagnosed: Diagnosis | None) -> tuple[str, tuple[str, ...], str] | None:
    """Key, rows and reason of what a diagnosis points to; None where nothing stands out from noise."""
    if diagnosed is None or diagnosed.focus is None:
        return None
    return diagnosed.focus, diagnosed.source_ids, diagnosed.reason or diagnosed.sentence


def of_focus(key: str, sources: tuple[str, ...], words: str, skill_list: pl.DataFrame) -> list[Situation]:
    """What the diagnosis points to; nothing for a key that is neither a lever nor a skill, or without rows."""
    if not sources:
        return []
    # The first sentence says it; the rest is for whoever opens the diagnosis.
    says = _clean(words.partition(". ")[0], 240)
    if key in LEVERS:
        return [Situation(f"focus_{key}", sources, says, 1.0)]
    named = skill_list.filter(pl.col("slug") == key)
    if named.is_empty():
        return []
    return [Situation("skill_gap", sources, says, 1.0, {"skill": _lower(_clean(named["name"][0]))}, skill=key)]


def steady(rep_id: int, others: int) -> Situation:
    """What is left to ask about where the data points to little."""
    says = "Apart from that nothing stands out in the data" if others else "Nothing stands out in the data"
    return Situation("steady", (f"person:{rep_id}",), says, 0.05)


# ---- Shared --------------------------------------------------------------------------------------------------------


def _about_deal(key: str, row: Mapping[str, Any], says: str, weight: float, fills: dict[str, str]) -> Situation:
    return Situation(key, (f"deal:{row['deal_id']}",), says, round(weight, 6), fills, deal_id=row["deal_id"])


def _heaviest(found: list[Situation]) -> list[Situation]:
    """The weightiest few of each kind; the order they came in decides between equals."""
    kept: list[Situation] = []
    for situation in sorted(found, key=lambda each: -each.weight):
        if sum(each.key == situation.key for each in kept) < MOST_OF_ONE_KIND:
            kept.append(situation)
    return kept


def _amount(amounts: pl.Series) -> float:
    return float(amounts.drop_nulls().sum() or 0)


def _clean(text: str | None, longest: int = NAME_LENGTH) -> str:
    return numbers.plain_name(text, longest).rstrip(".")


def _word(text: str | None, otherwise: str) -> str:
    return _clean(text) or otherwise


def _lower(text: str) -> str:
    """The text inside a sentence; a word in capitals keeps them."""
    return text if len(text) > 1 and text[1].isupper() else f"{text[:1].lower()}{text[1:]}"
