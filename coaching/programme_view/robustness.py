"""The figure beside other ways of counting the same effect, and how many of them agree. Judges none of them."""

from __future__ import annotations

from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers, programme_words
from coaching.programme_view.picture import Picture, framed, not_drawn
from coaching.programme_view.reading import (
    PLACEBO,
    headline,
    holds_zero,
    interval_words,
    why_not_estimated,
    why_withheld,
    written,
)
from coaching.roi.rounding import Amounts

CHECKS: SchemaDict = {
    "key": pl.String,
    "label": pl.String,
    "estimate": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "n": pl.Int64,
    "own": pl.String,
    "interval": pl.String,
    "mark": pl.String,
    "why_not": pl.String,
}
"""own and interval = the figure as text; mark: headline, check or placebo; an estimate that is not known is null."""
CHECK_LABELS = {
    "headline": "The figure we report",
    "symmetric": "As many months before the start as after",
    PLACEBO: "A made-up earlier start: should be near 0",
}


def checks(found: dict[str, Any]) -> Picture:
    """The figure beside other ways of counting it, a start that was made up, and the simple figure struck through."""
    title, whole, why = "The same effect, counted in other ways", headline(found), why_withheld(found)
    if why or whole is None:
        return not_drawn(title, CHECKS, why or why_not_estimated(found, "headline"))
    amounts = programme_words.amounts(found)
    wanted = sorted(
        (check for check in found["checks"] if "estimate" in check),
        key=lambda check: (check["estimate"] is None, check["key"] == PLACEBO),
    )
    rows = [_check_row(check, amounts) for check in wanted]
    sentence = _agreement([row for row in rows if row["mark"] == "check"], whole, found["effect"])
    struck, _, reason = found["words"]["before_after"].partition(". ")
    share = next((one["share"] for one in found["checks"] if one["key"] == "largest_deals_share"), None)
    return Picture(
        sentence=sentence,
        frame=framed(rows, CHECKS),
        alt=f"{sentence}. "
        + " ".join(f"{row['label']}: {row['own']} ({row['interval']})." for row in rows if row["own"])
        + f" {found['words']['before_after']}",
        table=pl.DataFrame(
            [(row["label"], row["own"], row["interval"], row["n"], row["why_not"]) for row in rows],
            schema=["Check", "Per rep and month", "Interval", "Rep-months or reps", "Why it is not known"],
            orient="row",
        ),
        words={
            "currency": found["currency"],
            "outcome": found["outcome"],
            "struck": struck,
            "reason": reason,
        },
        note="" if share is None else f"{numbers.share(max(share, 0.0))} of the effect hangs on the largest deals.",
    )


def _check_row(check: dict[str, Any], amounts: Amounts) -> dict[str, Any]:
    one: dict[str, Any] = check["estimate"] or {}
    mark = {"headline": "headline", PLACEBO: "placebo"}.get(check["key"], "check")
    return {
        **dict.fromkeys(("estimate", "low", "high", "n")),
        **one,
        "key": check["key"],
        "label": CHECK_LABELS.get(check["key"], check["label"]),
        "own": written(amounts, one) if one else "",
        "interval": interval_words(amounts, one) if one else "",
        "mark": mark,
        "why_not": check["why_not"],
    }


def _agreement(others: list[dict[str, Any]], whole: dict[str, Any], effect: str) -> str:
    """How many of the other ways point where the headline points; without a clear effect, how many find one."""
    known = [row for row in others if row["estimate"] is not None]
    ways = numbers.plural(len(known), "other way", "other ways")
    if not known:
        return "No other way of counting is possible yet"
    if effect == "none":
        clear = sum(not holds_zero(row) for row in known)
        finds = "finds" if clear < 2 else "find"
        return f"{numbers.count(clear) if clear else 'None'} of {ways} of counting {finds} a clear effect"
    same = sum((row["estimate"] > 0) == (whole["estimate"] > 0) for row in known)
    if len(known) == 1:
        return f"The only other way of counting {'points' if same else 'does not point'} the same way"
    if same == len(known):
        return f"All {ways} of counting point the same way"
    how_many = numbers.count(same) if same else "None"
    return f"{how_many} of {ways} of counting {'points' if same < 2 else 'point'} the same way"
