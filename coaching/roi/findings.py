"""Everything the programme's page says, as plain data: what is frozen, printed and drawn. Deterministic; no clock.

The keys follow the parts of the page (roi.md 5.1). Figures are in major units of the currency per rep and month unless
their name says otherwise; null = not known.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from coaching import numbers
from coaching.people import SMALLEST_TEAM
from coaching.roi import money
from coaching.roi.clustering import Estimate, Scored
from coaching.roi.dose import WARNING, WATERMARK, dose_association
from coaching.roi.evidence import Evidence, evidence
from coaching.roi.gate import Context
from coaching.roi.guardrails import Guardrails
from coaching.roi.imputation import Expected, expected, headline, mean_effect
from coaching.roi.ladder import TOP, Rung, Step, ladder
from coaching.roi.loaded_cost import LoadedCost
from coaching.roi.outcomes import BOOKINGS, MARGIN
from coaching.roi.panel import CannotEstimate, Panel
from coaching.roi.rep_months import RepMonths, people_leaving, worst_case_of_people
from coaching.roi.report import report
from coaching.roi.rounding import Amounts
from coaching.roi.segments import within_segments
from coaching.roi.tiers import tier_of, tier_sentence
from coaching.roi.verdict import (
    Verdict,
    before_after_words,
    breakdown_words,
    dip_words,
    placebo_words,
    verdict,
    visible_words,
)

TIER_NAMES = ("Lowest fifth", "Middle three fifths", "Highest fifth")
COST_RULE = (
    "Benefits are counted for each rep's first twelve months, and so are hours, whether the rep can be compared or not."
    " What is not of one rep counts in full until the last of these months, and so does every preparation before the"
    " first start."
)
CHECKS = {
    "headline": "The figure above",
    "symmetric": "Months mirrored around the dip",
    "history": "Expected from each rep's own history",
    "skip_2": "Two months left out before the start",
    "skip_4": "Four months left out",
    "skip_6": "Six months left out",
    "unexposed": "Without team-mates of coached reps",
    "balanced": "Reps with every month only",
    "placebo_clean": "A start made up three months too early",
}
OTHER_TEAMS = "Other teams"
SCEPTICAL_SHARE = 0.05
"""Spread of the effects that a sceptic expects, as a share of the average."""
FEWEST_LEAVERS = 20
HISTOGRAM = np.linspace(-100, 400, 51)
"""ROI in per cent; draws beyond count in the first and the last bar."""
DATA: dict[str, Any] = {"person_id": pl.Int64, "closed_on": pl.Date, "value": pl.Float64}
"""The largest won deals of coached reps, value in major units of the primary outcome."""
HOURS: dict[str, Any] = {"person_id": pl.Int64, "month": pl.Date, "hours": pl.Float64, "sessions": pl.Int64}


@dataclass(frozen=True)
class Given:
    """What the findings are made of."""

    panel: RepMonths
    cost: LoadedCost
    """In minor units."""
    currency: str
    scale: int
    """Minor units in a major one."""
    guardrails: Guardrails
    hours: pl.DataFrame
    """HOURS of coaching sessions held."""
    deals: pl.DataFrame
    """DATA."""
    margin: float | None
    """Margin as a share of bookings: used where the outcome is bookings. None = not known."""
    realisation: float = 1.0
    replacement_cost: float | None = None
    """Of a rep who leaves, major units; None = not set."""
    drawn: bool = False
    definition_changed: bool = False
    coach_is_manager: bool | None = None
    team_names: Mapping[int, str] = field(default_factory=dict)
    lower_levels: tuple[Step, ...] = ()
    """Steps of the ladder from level 0 to 3."""
    learning_coverage: float | None = None
    application_coverage: float | None = None


def findings(given: Given) -> dict[str, Any]:
    """All parts. Raises nothing for a thin or an empty panel: what is not known is null, with the reason beside."""
    panel, limits = given.panel.panel, given.guardrails
    skip = limits.skip_when_drawn if given.drawn else limits.skip
    model = _model(panel, skip, limits.fewest_clean_months)
    found = _of_people(given.panel, evidence(panel, limits, given.drawn), model)
    largest = _largest(given, model, skip)
    amounts = Amounts(before=_symbol(given.currency))
    context = Context(
        given.drawn,
        largest["share"],
        given.definition_changed,
        given.coach_is_manager,
        _without_largest(given, found, largest, amounts),
    )
    said = verdict(found, context, limits, amounts)
    # With something to withhold, the note of the top level says whether it is withheld and why.
    top = ladder([Step(TOP, "", "")], given.learning_coverage, given.application_coverage)[-1]
    worth = _money(given, found, said, model, top.note)
    rungs = ladder(
        [*given.lower_levels, *_upper_levels(found, said, amounts, worth)],
        given.learning_coverage,
        given.application_coverage,
    )
    return {
        **report(found, said),
        "currency": given.currency,
        "outcome": given.panel.outcome,
        "months": _months(given.panel),
        "said": _said(said, found, worth, given.panel.units["person_id"].n_unique()),
        "words": _words(found, said, amounts),
        "sizes": _sizes(given.panel, found),
        "margin_missing_share": given.panel.margin_missing_share,
        "by_team": found.by_team,
        "visible_share": _number(found.visible_share),
        "start_map": _start_map(given.panel, skip),
        "teams": _teams(given),
        "actual_and_expected": _lines(given.panel, found),
        "curve": _curve(found, skip),
        "checks": _checks(given, found, largest, skip),
        "leaving": _leaving(found),
        "money": worth,
        "tiers": _tiers(given, found, skip),
        "dose": _dose(given, found, model),
        "cost": _cost(given),
        "ladder": [_rung(rung, worth) for rung in rungs],
        "intangibles": _intangibles(given, found),
        "reps_left_out": {"too_few_clean_months": found.reps_without_level, "unconnected": found.reps_unconnected},
    }


def _symbol(currency: str) -> str:
    return numbers.money(1.0, currency).removesuffix("1")


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _estimate(found: Estimate | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "estimate": _number(found.value),
        "se": _number(found.se),
        "low": _number(found.low),
        "high": _number(found.high),
        "clusters": found.clusters,
        "n": found.n,
    }


def _model(panel: Panel, skip: int, fewest: int) -> Expected | None:
    try:
        return expected(panel, -panel.skips(skip), fewest)
    except CannotEstimate:
        return None


def _of_people(panel: RepMonths, found: Evidence, model: Expected | None) -> Evidence:
    """With leaving counted by people: a rep who moves to another team begins a new row and has not left."""
    whole = found.of("headline")
    worst = None if model is None or whole is None else worst_case_of_people(panel, model, whole)
    return dataclasses.replace(found, leaving=people_leaving(panel), worst_case=worst)


def _months(panel: RepMonths) -> dict[str, Any]:
    ends = [month.isoformat() for month in panel.months]
    return {"first": ends[0] if ends else None, "last": ends[-1] if ends else None, "count": len(ends)}


def _said(said: Verdict, found: Evidence, worth: dict[str, Any], people: int) -> dict[str, Any]:
    return {
        "colour": said.colour,
        "effect": said.effect,
        "badge": said.badge,
        "sentence": said.sentence,
        "money_sentence": worth["sentence"],
        "reason_sentences": list(said.reason_sentences),
        "cannot_claim": list(said.cannot_claim),
        "shows_estimate": said.shows_estimate,
        "shows_money": worth["shown"],
        "visible": visible_words(found, people),
    }


def _words(found: Evidence, said: Verdict, amounts: Amounts) -> dict[str, str]:
    whole = found.of("headline")
    shown = said.shows_estimate and whole is not None
    effect = f"{amounts.say(whole.value, whole.se)} ({amounts.say_range(whole)})" if shown and whole else ""
    return {
        "effect": effect,
        "placebo": placebo_words(found, amounts) if shown else "",
        "before_after": before_after_words(found, amounts) if shown else "",
        "dip": dip_words(found) if shown else "",
        "breakdown": breakdown_words(found) if said.shows_estimate else "",
    }


def _sizes(panel: RepMonths, found: Evidence) -> dict[str, Any]:
    """The counts of the panel, whose rows are spells, and of the people behind them."""
    counts = dataclasses.asdict(found.sizes)
    known = {key: _number(value) if isinstance(value, float) else value for key, value in counts.items()}
    people = panel.units["person_id"]
    coached = people.filter(pl.Series(panel.panel.is_coached, dtype=pl.Boolean)).n_unique()
    return {**known, "people": people.n_unique(), "people_coached": coached}


# ---- Who was coached since when ------------------------------------------------------------------------------------


def _start_map(panel: RepMonths, skip: int) -> list[str]:
    """A row per rep spell without a name, by start: "." not coached, "d" left out, "c" coached, " " not there."""
    inside = panel.panel
    since, there = inside.since, inside.there
    state = np.where(since >= 0, "c", np.where(since >= -inside.skips(skip), "d", "."))
    rows = ["".join(row) for row in np.where(there, state, " ")]
    return [rows[place] for place in np.lexsort((np.arange(inside.reps), inside.start))]


def _teams(given: Given) -> list[dict[str, Any]]:
    """Teams of the last month of the panel by name, those of fewer than five people as one; none if that is a handful.

    Hours per coached rep-month since the first start.
    """
    panel = given.panel
    if not panel.months:
        return []
    hours = panel.matrix(given.hours.select("person_id", "month", "hours"), "hours")
    now, coached = panel.panel.there[:, -1], (panel.panel.since >= 0) & panel.panel.there
    groups: dict[str, list[int]] = {}
    for row, team in enumerate(panel.units["team_id"].to_list()):
        groups.setdefault(given.team_names.get(team, OTHER_TEAMS), []).append(row)
    sizes = {name: int(now[rows].sum()) for name, rows in groups.items()}
    named = sorted(name for name, size in sizes.items() if size >= SMALLEST_TEAM and name != OTHER_TEAMS)
    rest = sum(size for name, size in sizes.items() if name not in named)
    # What is left must not be a handful either: the smallest named team hides it.
    while named and 0 < rest < SMALLEST_TEAM:
        smallest = min(named, key=lambda name: (sizes[name], name))
        named.remove(smallest)
        rest += sizes[smallest]
    folded = [row for name, rows in groups.items() if name not in named for row in rows]
    shown = [(name, groups[name]) for name in named]
    if rest >= SMALLEST_TEAM:
        shown.append((OTHER_TEAMS, folded))
    found = []
    for name, rows in shown:
        cells = coached[rows]
        found.append(
            {
                "team": name,
                "reps": int(now[rows].sum()),
                "coached": int((now[rows] & (panel.panel.since[rows, -1] >= 0)).sum()),
                "coached_rep_months": int(cells.sum()),
                "hours_per_rep_month": _number(float(hours[rows][cells].mean())) if cells.any() else None,
            }
        )
    return found


def _lines(panel: RepMonths, found: Evidence) -> list[dict[str, Any]]:
    return [
        {"month": month.isoformat(), "actual": _number(actual), "expected": _number(without)}
        for month, actual, without in zip(panel.months, found.actual.tolist(), found.expected.tolist(), strict=True)
    ]


def _curve(found: Evidence, skip: int) -> dict[str, Any] | None:
    if found.curve is None:
        return None
    points = [{"first": one.first, "last": one.last, **(_estimate(one.estimate) or {})} for one in found.curve.points]
    return {
        "points": points,
        "base_before": found.curve.base_before,
        "band": _number(found.curve.band),
        "dip_from": -skip,
        "breakdown": _number(found.breakdown),
    }


# ---- Checks --------------------------------------------------------------------------------------------------------


def _largest(given: Given, model: Expected | None, skip: int) -> dict[str, Any]:
    """The headline without the largest deals of the coached months, and the share of it that hangs on them.

    Taken out of the outcome as it is, which is winsorised afterwards at the same value as the panel.
    """
    nothing: dict[str, Any] = {"estimate": None, "share": None, "note": "No deal closed in the coached months."}
    panel = given.panel
    if model is None or given.deals.is_empty():
        return nothing
    row, column, inside = panel.cell_of(given.deals["person_id"], given.deals["closed_on"])
    value = given.deals["value"].to_numpy()
    places = np.flatnonzero(inside)
    places = places[model.window(0)[row[places], column[places]]]
    if not len(places):
        return nothing
    places = places[np.argsort(-value[places], kind="stable")[: given.guardrails.largest_deals]]
    outcome = panel.raw.outcome.copy()
    np.subtract.at(outcome, (row[places], column[places]), value[places])
    try:
        whole = mean_effect(model, model.window(0))
        again = expected(
            panel.panel.with_outcome(np.minimum(outcome, panel.cap)),
            -panel.panel.skips(skip),
            given.guardrails.fewest_clean_months,
        )
        without = mean_effect(again, model.window(0))
        estimate = without.by_rep()
    except CannotEstimate as reason:
        return {**nothing, "note": str(reason)}
    share = 1 - without.value / whole.value if whole.value > 0 else None
    return {"estimate": estimate, "share": share, "note": ""}


def _share_says_nothing(found: Evidence, share: float) -> bool:
    """Whether an effect is so near to nothing that a share of it means nothing."""
    whole = found.of("headline")
    return share > 1 or whole is None or whole.low <= 0 <= whole.high


def _without_largest(given: Given, found: Evidence, largest: dict[str, Any], amounts: Amounts) -> str:
    """The effect and what it is without the largest deals; empty where its share says more, or is not known."""
    whole, without, share = found.of("headline"), largest["estimate"], largest["share"]
    if whole is None or without is None or share is None or not _share_says_nothing(found, share):
        return ""
    return (
        f"Without the {given.guardrails.largest_deals} largest deals the effect would be"
        f" {amounts.say(without.value, without.se)} and not {amounts.say(whole.value, whole.se)} per rep and month."
    )


def _checks(given: Given, found: Evidence, largest: dict[str, Any], skip: int) -> list[dict[str, Any]]:
    rows: list[tuple[str, str, Estimate | None, str]] = [
        (key, label, found.of(key), found.missing.get(key, "")) for key, label in CHECKS.items()
    ]
    deals = f"Without the {given.guardrails.largest_deals} largest deals"
    rows.append(("largest_deals", deals, largest["estimate"], largest["note"]))
    rows.append(("worst_case", "If months of those who left had no effect", found.worst_case, ""))
    share, no_share = largest["share"], largest["note"]
    if share is not None and _share_says_nothing(found, share):
        share, no_share = None, "The effect is too close to nothing for a share of it: see it without these deals."
    fewest = given.guardrails.fewest_clean_months
    inside = given.panel.panel
    segments = [name.split(" / ")[0] for name in given.panel.units["segment"].to_list()]
    made: list[tuple[str, str, Callable[[], Scored]]] = [
        ("segments", "Months compared within each segment", lambda: within_segments(inside, segments, skip, fewest)),
        ("raw", "Very large months as they are", lambda: headline(given.panel.raw, skip, fewest)),
        ("bookings", "Bookings instead of margin", lambda: headline(given.panel.bookings, skip, fewest)),
    ]
    for key, label, make in made:
        if key == "bookings" and given.panel.outcome == BOOKINGS:
            continue
        try:
            scored = make()
            clustered = scored.by(inside.team) if found.by_team and inside.team is not None else scored.by_rep()
            rows.append((key, label, clustered, ""))
        except CannotEstimate as reason:
            rows.append((key, label, None, str(reason)))
    return [
        {"key": key, "label": label, "estimate": _estimate(one), "why_not": "" if one else why or "Not known."}
        for key, label, one, why in rows
    ] + [
        {
            "key": "largest_deals_share",
            "label": "Share of the effect from them",
            "share": _number(share),
            "why_not": no_share,
        }
    ]


def _leaving(found: Evidence) -> dict[str, Any] | None:
    return None if found.leaving is None else dataclasses.asdict(found.leaving)


# ---- Money ---------------------------------------------------------------------------------------------------------


def _money(given: Given, found: Evidence, said: Verdict, model: Expected | None, withheld: str) -> dict[str, Any]:
    """Nothing but the reason where the verdict shows no money, or a part of it is not known."""
    first_year = found.of("first_year")
    factor = 1.0 if given.panel.outcome == MARGIN else given.margin
    why = ""
    if not said.shows_money:
        why = "A return is shown only where the effect may be told from chance and from other causes."
    elif withheld:
        why = withheld
    elif given.cost.total is None:
        why = given.cost.note
    elif factor is None:
        why = "The margin of what is sold is not known: load costs of deals, or set programme_margin."
    if why or first_year is None or model is None or given.cost.total is None or factor is None:
        return {"shown": False, "why": why or found.missing.get("first_year", ""), "sentence": ""}
    put_in = money.inputs(first_year, given.cost.total / given.scale, factor, given.realisation)
    doubts = {
        "margin_sd": 0.0 if given.panel.outcome == MARGIN else 0.03,
        "realisation_counts": None
        if given.realisation >= 1
        else (100 * given.realisation, 100 * (1 - given.realisation)),
    }
    sceptic = money.sceptical(put_in, SCEPTICAL_SHARE * abs(found.sizes.mean))
    earlier = found.of("first_year_without_last")
    without_last = None if earlier is None else earlier.value * earlier.n * factor * given.realisation
    bars = money.tornado(put_in, benefit_without_last=without_last, **doubts)  # type: ignore[arg-type]
    drawn = money.roi_draws(put_in, **doubts)  # type: ignore[arg-type]
    payback = money.payback_range(put_in)
    return {
        "shown": True,
        "why": "",
        "sentence": _money_sentence(put_in, sceptic),
        "inputs": {
            "effect": put_in.effect,
            "se": put_in.se,
            "df": put_in.df,
            "rep_months": put_in.rep_months,
            "cost": put_in.cost,
            "margin": put_in.margin,
            "margin_is_in_the_outcome": given.panel.outcome == MARGIN,
            "realisation": put_in.realisation,
            "realisation_is_assumed": given.realisation >= 1,
        },
        "benefit": _range(money.benefit(put_in)),
        "net": _range(money.net(put_in)),
        "roi_percent": _range(money.roi(put_in)),
        "roi_words": _roi_words(put_in),
        "benefit_cost_ratio": _number(money.benefit_cost_ratio(put_in)),
        "payback_months": None if payback is None else payback.value,
        "payback_range": _range(payback),
        "payback_words": money.payback_said(put_in),
        "first_month_paid_back": None if payback is None else _paid_back(given, model, put_in),
        "break_even_effect": _number(money.break_even_effect(put_in)),
        "chance": _number(money.chance_of_gain(put_in)),
        "sceptical": {
            "effect": sceptic.effect,
            "sd": sceptic.sd,
            "roi_percent": _number(sceptic.roi),
            "chance": _number(sceptic.chance_of_gain),
        },
        "bridge": _bridge(given, put_in),
        "tornado": [{"what": bar.what, "low": bar.low, "high": bar.high} for bar in bars if bar.width > 0],
        "roi_draws": _histogram(drawn),
    }


def _range(found: money.Range | None) -> dict[str, Any] | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}


def _roi_words(put_in: money.Inputs) -> str:
    found = money.roi(put_in)
    if found is None:
        return money.NOT_APPLICABLE
    low, high = money.percent_words(found.low), money.percent_words(found.high)
    return f"{money.percent_words(found.value)} (between {low} and {high})"


def _money_sentence(put_in: money.Inputs, sceptic: money.Sceptical) -> str:
    return (
        f"Return on cost: {_roi_words(put_in)}. Chance it more than paid for itself:"
        f" {money.chance_words(money.chance_of_gain(put_in))},"
        f" or {money.chance_words(sceptic.chance_of_gain)} if you start out sceptical."
    )


def _paid_back(given: Given, model: Expected, put_in: money.Inputs) -> int | None:
    """The month since the first cost in which what came in has covered what was spent; None = not yet."""
    targets = model.window(0, 11)
    gained = np.where(targets, model.effect, 0.0).sum(axis=0) * put_in.margin * put_in.realisation
    by_month = dict(zip(given.panel.months, gained.tolist(), strict=True))
    spent = {month: amount / given.scale for month, amount in _spent(given.cost.monthly)}
    months = sorted({*spent, *(month for month, gain in by_month.items() if gain)})
    return money.first_month_paid_back(
        [by_month.get(month, 0.0) for month in months], [spent.get(month, 0.0) for month in months]
    )


def _spent(monthly: pl.DataFrame) -> list[tuple[dt.date, float]]:
    return list(monthly.group_by("month", maintain_order=True).agg(pl.col("amount").sum()).sort("month").iter_rows())


def _bridge(given: Given, put_in: money.Inputs) -> list[dict[str, Any]]:
    """From extra results to what is left, step by step; amounts add up to the net."""
    extra = put_in.effect * put_in.rep_months
    steps = []
    if given.panel.outcome == BOOKINGS:
        steps.append(("Extra bookings", extra))
        steps.append(("Cost of what was sold", extra * (put_in.margin - 1)))
    else:
        steps.append(("Extra margin", extra))
    if put_in.realisation < 1:
        steps.append(("Cancelled or not invoiced", extra * put_in.margin * (put_in.realisation - 1)))
    for kind, _, amount in given.cost.breakdown.iter_rows():
        steps.append((kind, -(amount or 0.0) / given.scale))
    return [{"what": what, "amount": amount} for what, amount in steps]


def _histogram(drawn: np.ndarray) -> dict[str, Any] | None:
    if not len(drawn):
        return None
    counts, _ = np.histogram(np.clip(drawn, HISTOGRAM[0], HISTOGRAM[-1]), HISTOGRAM)
    low, middle, high = np.quantile(drawn, [0.025, 0.5, 0.975]).tolist()
    return {
        "edges": HISTOGRAM.tolist(),
        "counts": counts.tolist(),
        "low": low,
        "median": middle,
        "high": high,
        "above_zero_share": float((drawn > 0).mean()),
    }


def _cost(given: Given) -> dict[str, Any]:
    cost, scale = given.cost, given.scale
    kinds = [
        {"kind": kind, "hours": hours, "amount": None if amount is None else amount / scale}
        for kind, hours, amount in cost.breakdown.iter_rows()
    ]
    monthly = [
        {
            "month": month.isoformat(),
            "kind": kind,
            "amount": None if amount is None else amount / scale,
            "source": source,
        }
        for month, kind, _, amount, source in cost.monthly.iter_rows()
    ]
    return {
        "first": cost.first.isoformat(),
        "last": cost.last.isoformat(),
        "kinds": kinds,
        "monthly": monthly,
        "total": None if cost.total is None else cost.total / scale,
        "note": cost.note,
        "left_out_as_counted": cost.left_out / scale,
        "rule": COST_RULE,
        "later": cost.later / scale,
        "later_hours": cost.later_hours,
        "later_words": _later_words(given),
    }


def _later_words(given: Given) -> str:
    """What is not charged because its benefit is not counted either; empty where nothing is."""
    cost = given.cost
    amount = numbers.money(cost.later / given.scale, given.currency) if cost.later else ""
    hours = f"{numbers.plural(round(cost.later_hours), 'hour')} of coaches" if cost.later_hours >= 0.5 else ""
    spent = f"{amount} ({hours})" if amount and hours else amount or hours
    if not spent:
        return ""
    return (
        f"After reps' first twelve months another {spent} went into coaching; neither this nor what it brought is"
        " counted."
    )


# ---- For whom, how much --------------------------------------------------------------------------------------------


def _tiers(given: Given, found: Evidence, skip: int) -> dict[str, Any]:
    panel = given.panel.panel
    if not given.panel.months:
        return {"sentence": "", "tiers": [], "why_not": "There is no month to compare."}
    hours = given.panel.matrix(given.hours.select("person_id", "month", "hours"), "hours")
    place = tier_of(panel, skip=skip)
    coached = (panel.since >= 0) & panel.there
    total = float(np.nansum(hours[coached & (place >= 0)[:, None]]))
    rows = []
    for one in found.tiers:
        cells = coached & (place == one.tier)[:, None]
        spent = float(np.nansum(hours[cells]))
        rows.append(
            {
                "tier": TIER_NAMES[one.tier],
                "reps": one.reps,
                "effect": _estimate(one.estimate),
                "p_holm": one.p_holm,
                "hours_per_rep_month": spent / int(cells.sum()) if cells.any() else None,
                "hours_share": spent / total if total else None,
            }
        )
    sentence = tier_sentence(found.tiers, found.sizes.mean, given.guardrails.visible_tier) if found.tiers else ""
    return {"sentence": sentence, "tiers": rows, "why_not": found.missing.get("tiers", "")}


def _dose(given: Given, found: Evidence, model: Expected | None) -> dict[str, Any]:
    words = {"watermark": WATERMARK, "warning": WARNING}
    if model is None:
        return {**words, "slope": None, "bins": [], "why_not": found.missing.get("headline", "")}
    hours = given.panel.matrix(given.hours.select("person_id", "month", "hours"), "hours")
    try:
        dose = dose_association(model, hours, team=given.panel.panel.team if found.by_team else None)
    except CannotEstimate as reason:
        return {**words, "slope": None, "bins": [], "why_not": str(reason)}
    bins = [
        {"hours_from": one.low, "hours_to": _number(one.high), "hours": one.hours, **(_estimate(one.estimate) or {})}
        for one in dose.bins
    ]
    return {**words, "slope": _estimate(dose.slope), "bins": bins, "why_not": ""}


# ---- The ladder and what is not money ------------------------------------------------------------------------------


def _upper_levels(found: Evidence, said: Verdict, amounts: Amounts, worth: dict[str, Any]) -> list[Step]:
    whole = found.of("headline")
    steps = []
    if said.shows_estimate and whole is not None:
        value, reach = amounts.say(whole.value, whole.se), amounts.say_range(whole)
        steps.append(Step(4, "Effect per rep and month", value, reach, whole.n))
    if worth["shown"] and worth["roi_percent"] is not None:
        percent = worth["roi_percent"]
        low, high = money.percent_words(percent["low"]), money.percent_words(percent["high"])
        steps.append(Step(5, "Return on cost", money.percent_words(percent["value"]), f"{low} to {high}"))
    return steps


def _rung(rung: Rung, worth: dict[str, Any]) -> dict[str, Any]:
    is_withheld = rung.level == TOP and not worth["shown"]
    return {
        "level": rung.level,
        "name": rung.name,
        "question": rung.question,
        "note": worth["why"] if is_withheld else rung.note,
        "steps": [dataclasses.asdict(step) for step in rung.steps],
    }


def _intangibles(given: Given, found: Evidence) -> list[dict[str, Any]]:
    """What has no price here; who stays has one only with enough leavers and a difference that is more than chance."""
    leaving = found.leaving
    rows: list[dict[str, Any]] = []
    if leaving is not None:
        passes = leaving.left >= FEWEST_LEAVERS and leaving.p < given.guardrails.leaving_p
        value = None
        if passes and given.replacement_cost is not None:
            value = money.retention_value(leaving.difference, leaving.coached_months, given.replacement_cost)
        coached, other = (
            f"{numbers.count(left)} left in {numbers.count(months)} rep-months"
            for left, months in (
                (leaving.coached_left, leaving.coached_months),
                (leaving.other_left, leaving.other_months),
            )
        )
        rows.append(
            {
                "what": "Reps who stay",
                "words": f"Coached: {coached}. Not coached: {other}.",
                "is_more_than_chance": passes,
                "value": _number(value),
            }
        )
    return rows
