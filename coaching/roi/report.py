"""The evidence as plain data for the command line: fixed keys, numbers as they are, nothing where nothing is known."""

from __future__ import annotations

import math
from typing import Any

from coaching.roi.clustering import Estimate
from coaching.roi.evidence import Evidence
from coaching.roi.verdict import Verdict

BY_REP = (
    "headline",
    "twfe",
    "callaway_santanna",
    "symmetric",
    "history",
    "before_after",
    "placebo_dip",
    "placebo_clean",
)


def report(found: Evidence, said: Verdict) -> dict[str, Any]:
    """Keys: headline, headline_team, twfe, callaway_santanna, symmetric, history, before_after, placebo_dip,
    placebo_clean (each estimate, se, clusters, low, high, or None), mde80, event_curve, verdict, effect, reasons, and
    not_estimated: a sentence for each of them that is None (or an empty curve), by key.

    Errors are by rep, those of headline_team by team (sandwich); mde80 is of the clustering that the verdict uses.
    """
    rows: dict[str, Any] = {key: _estimate(found.by_rep(key)) for key in BY_REP}
    ordered = {"headline": rows.pop("headline"), "headline_team": _estimate(found.headline_by_team), **rows}
    missing = {**found.missing}
    if "headline_by_team" in missing:
        missing["headline_team"] = missing.pop("headline_by_team")
    if found.mde80 is None:
        missing["mde80"] = missing.get("headline", missing.get("headline_team", ""))
    return {
        **ordered,
        "mde80": _number(found.mde80),
        "event_curve": _curve(found),
        "verdict": said.colour,
        "effect": said.effect,
        "reasons": list(said.reasons),
        "not_estimated": {key: missing[key] for key in (*ordered, "mde80", "event_curve") if key in missing},
    }


def _curve(found: Evidence) -> list[dict[str, Any]]:
    if found.curve_by_rep is None:
        return []
    return [
        {"e": point.first, **{key: value for key, value in _known(point.estimate).items() if key != "clusters"}}
        | {"n": point.estimate.n}
        for point in found.curve_by_rep.points
    ]


def _estimate(found: Estimate | None) -> dict[str, Any] | None:
    return None if found is None else _known(found)


def _known(found: Estimate) -> dict[str, Any]:
    return {
        "estimate": _number(found.value),
        "se": _number(found.se),
        "clusters": found.clusters,
        "low": _number(found.low),
        "high": _number(found.high),
    }


def _number(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)
