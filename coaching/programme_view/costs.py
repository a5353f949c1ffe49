"""What coaching cost, by month and by kind: spent, not estimated. A month that is not known in full has no sum."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import costs, numbers
from coaching.programme_view.picture import Picture, as_title, framed, lower_first, not_drawn

NOT_KNOWN = "not known"
COST: SchemaDict = {"month": pl.Date, "group": pl.String, "amount": pl.Float64, "says": pl.String}
"""amount is null where a part of it is not known."""
BOUGHT = "Tools, training and travel"
COST_GROUPS = {
    "Coaches' time": ("coach hours", "preparation"),
    "Reps' time": ("rep hours",),
    BOUGHT: ("tools", "training", "travel"),
    "Running and evaluating it": ("management", "evaluation", "other"),
}


def cost(found: dict[str, Any]) -> Picture:
    """What coaching cost by month, in four parts; months in which a part is not known are marked."""
    told, currency = found["cost"], found["currency"]
    if not told["monthly"]:
        return not_drawn("What coaching cost", COST, told["note"])
    groups = _groups({row["kind"] for row in told["monthly"]})
    rows = _monthly_cost(told["monthly"], currency, groups)
    whole, first = told["total"], numbers.month(dt.date.fromisoformat(told["first"]))
    sentence = as_title(told["note"].partition(":")[0])
    if whole is not None:
        spent = f"Coaching cost {numbers.money(whole, currency)} since {first}"
        parts = {name: sum(row["amount"] or 0.0 for row in rows if row["group"] == name) for name in groups}
        largest = max(parts, key=lambda name: parts[name])
        share = numbers.share(parts[largest] / whole) if whole > 0 else ""
        sentence = f"{spent}; the largest part is {lower_first(largest)} ({share})" if share else spent
    kinds = cost_kinds(found)
    return Picture(
        sentence=sentence,
        frame=framed(rows, COST),
        alt=f"{sentence}. " + " ".join(f"{what}: {amount}." for what, _, amount, _ in kinds.iter_rows()),
        table=pl.DataFrame(
            [
                (
                    numbers.month(dt.date.fromisoformat(row["month"])),
                    _kind(row["kind"]),
                    _cost_words(row, currency),
                    row["source"],
                )
                for row in told["monthly"]
            ],
            schema=["Month", "Kind", "Cost", "Known from"],
            orient="row",
        ),
        words={"currency": currency, "groups": list(groups)},
        note=told["note"],
    )


def cost_kinds(found: dict[str, Any]) -> pl.DataFrame:
    """Kind, Hours, Cost and Share of the whole, as text; largest first and what is not known last."""
    told, currency = found["cost"], found["currency"]
    rows = sorted(told["kinds"], key=lambda row: (row["amount"] is None, -(row["amount"] or 0.0)))
    return pl.DataFrame(
        [
            (
                _kind(row["kind"]),
                "" if row["hours"] is None else numbers.count(row["hours"]),
                _cost_words(row, currency),
                numbers.share(row["amount"] / told["total"]) if told["total"] and row["amount"] is not None else "",
            )
            for row in rows
        ],
        schema={"Kind": pl.String, "Hours": pl.String, "Cost": pl.String, "Share": pl.String},
        orient="row",
    )


def _groups(kinds: set[str]) -> dict[str, tuple[str, ...]]:
    """COST_GROUPS; what is bought is called by the kinds there are: nobody travels in "tools and training"."""
    bought = [kind for kind in COST_GROUPS[BOUGHT] if kind in kinds]
    listed = " and ".join(part for part in (", ".join(bought[:-1]), *bought[-1:]) if part)
    name = listed.capitalize() or BOUGHT
    return {name if group == BOUGHT else group: of for group, of in COST_GROUPS.items()}


def _monthly_cost(
    monthly: list[dict[str, Any]], currency: str, groups: dict[str, tuple[str, ...]]
) -> list[dict[str, Any]]:
    """A row per month and group that has any; null where a part of it is not known."""
    rows = []
    for month in sorted({row["month"] for row in monthly}):
        for group, kinds in groups.items():
            mine = [row for row in monthly if row["month"] == month and row["kind"] in kinds]
            if not mine:
                continue
            known = [row["amount"] for row in mine if row["amount"] is not None]
            day = dt.date.fromisoformat(month)
            parts = ", ".join(f"{_kind(row['kind']).lower()} {_cost_words(row, currency)}" for row in mine)
            amount = sum(known) if len(known) == len(mine) else None
            says = f"{numbers.month(day)}: {parts}"
            rows.append({"month": day, "group": group, "amount": amount, "says": says})
    return rows


def _kind(kind: str) -> str:
    return costs.KINDS.get(kind, kind)


def _cost_words(row: dict[str, Any], currency: str) -> str:
    return NOT_KNOWN if row["amount"] is None else numbers.money(row["amount"], currency)
