"""Tiles: one number each, with its n or interval, its change against the period before, and its definition.

A change is coloured only where it says something: not on few cases, and for a share not while the old value still lies
inside the new one's interval. Good is teal and bad is amber, each with an arrow and a sign.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import streamlit as st

from coaching import numbers
from coaching.metrics import Direction, Metric, metric
from ui import plain_text

Values = dict[str, Any]
Colour = Literal["blue", "orange", "gray"]

SMALLEST_WIDTH = 150
# The icon of a help text follows a space, so it would stand alone on a line of its own below a label that just fits.
# Taken out of the flow it stays where the last word ends, and the label keeps its place free.
_TOGETHER = """<style>
.st-key-tiles [data-testid="stCaptionContainer"] p:has([data-testid="stTooltipIcon"]) { padding-right: 1.75rem; }
.st-key-tiles [data-testid="stCaptionContainer"] p > span:has([data-testid="stTooltipIcon"]) {
  position: absolute; margin: .2rem 0 0 .15rem;
}
</style>"""
COLOURED_FROM_N = 10
"""A change on fewer cases is told, and not called good or bad."""


def row(
    keys: Sequence[str],
    now: Values,
    before: Values,
    *,
    currency: str,
    before_words: str,
    trends: dict[str, list[float]] | None = None,
) -> None:
    """Tiles of equal height that wrap. ``now`` and ``before`` are rows of metric values; ``trends`` past values."""
    st.html(_TOGETHER)
    st.caption(f"Changes compare with {before_words}.")
    grid = st.grid(
        len(keys) if len(keys) <= 4 else 4, min_column_width=SMALLEST_WIDTH, gap="small", border=True, key="tiles"
    )
    for key in keys:
        with grid.cell(), st.container(gap="xsmall"):
            _tile(metric(key), now, before, currency, (trends or {}).get(key))


def _tile(entry: Metric, now: Values, before: Values, currency: str, trend: list[float] | None) -> None:
    value, old = now.get(entry.key), before.get(entry.key)
    n = case_count(entry.key, now)
    is_thin = n is not None and n < entry.smallest_n
    text = numbers.value(value, entry.unit, currency, n)
    difference = value - old if value is not None and old is not None else None
    change = numbers.change(difference, entry.unit, currency)
    colour, arrow = _direction(entry, difference, change, now, old, is_thin)
    # A metric cuts a label that is too long for its tile; this one wraps.
    st.caption(entry.label, help=definition(entry))
    st.metric(
        entry.label,
        f":gray[{text}]" if value is None or (is_thin and n) else text,
        None if difference is None else change,
        delta_color=colour,
        delta_arrow=arrow,
        label_visibility="collapsed",
        chart_data=trend if trend and len(trend) > 2 else None,
        chart_type="line",
        height="content",
    )
    st.caption(_detail(entry, now, currency, n, is_thin) if value is not None else f"{entry.no_data}.")


def case_count(key: str, values: Values) -> float | None:
    """How many cases stand behind a value, where that is told."""
    column = CASES.get(key, f"{key}_n")
    return values.get(column)


CASES = {
    "average_deal_size": "won_count",
    "median_deal_size": "won_count",
    "sales_cycle_days": "won_count",
    "pipeline_generated": "opened_count",
    "margin": "won_count",
    "open_pipeline": "open_count",
}
"""Where the n of a metric that is no counted share is found."""


def _direction(
    entry: Metric, difference: float | None, change: str, now: Values, old: float | None, is_thin: bool
) -> tuple[Colour, Literal["up", "down", "off"]]:
    if difference is None or change == "unchanged":
        return "gray", "off"
    arrow: Literal["up", "down"] = "up" if difference > 0 else "down"
    low, high = now.get(f"{entry.key}_low"), now.get(f"{entry.key}_high")
    within = low is not None and high is not None and old is not None and low <= old <= high
    n = case_count(entry.key, now)
    few = n is not None and n < COLOURED_FROM_N
    if is_thin or few or within or entry.direction is Direction.NONE:
        return "gray", arrow
    # The theme's blue is its teal, in a shade for text.
    return "blue" if (difference > 0) == (entry.direction is Direction.UP) else "orange", arrow


def _detail(entry: Metric, now: Values, currency: str, n: float | None, is_thin: bool) -> str:
    write = DETAILS.get(entry.key)
    parts = [write(now, currency)] if write else []
    spread = numbers.interval(now.get(f"{entry.key}_low"), now.get(f"{entry.key}_high"))
    if spread and not write:
        parts.append(f"between {spread}")
    if n is not None and entry.key != "at_quota_share":
        parts.append(
            f"n{numbers.SPACE}={numbers.SPACE}{numbers.count(n)}" + (", too few to say much" if is_thin and n else "")
        )
    return ", ".join(part for part in parts if part)


def _attainment(now: Values, currency: str) -> str:
    return f"{numbers.money(now.get('won_amount'), currency)} of {numbers.money(now.get('quota'), currency)}"


def _at_quota(now: Values, _currency: str) -> str:
    share, n = now.get("at_quota_share"), now.get("at_quota_share_n")
    if share is None or not n:
        return ""
    # With whoever left in these days: more than are in the table beside it.
    return f"{numbers.count(share * n)} of {numbers.plural(round(n), 'rep')} with a quota"


def _coverage(now: Values, _currency: str) -> str:
    needed = now.get("needed_coverage")
    return f"{numbers.times(needed)} is needed" if needed is not None else "needed coverage: no data"


def _average(now: Values, currency: str) -> str:
    median = now.get("median_deal_size")
    return f"median {numbers.money(median, currency)}" if median is not None else ""


DETAILS: dict[str, Callable[[Values, str], str]] = {
    "quota_attainment": _attainment,
    "at_quota_share": _at_quota,
    "pipeline_coverage": _coverage,
    "average_deal_size": _average,
}
"""What stands below a value beside its n; the others show their interval."""


def definition(entry: Metric) -> str:
    """A metric's help text from the registry."""
    parts = [f"**{entry.label}**: {entry.formula}."]
    if entry.denominator:
        parts.append(f"Out of: {entry.denominator}.")
    parts.append(f"Dated by: {entry.date_basis}.")
    if entry.smallest_n > 1:
        parts.append(f"Below n = {entry.smallest_n} it says little and is shown pale.")
    if entry.also:
        parts.append(entry.also)
    return " ".join(parts)


def definition_card(entry: Metric) -> None:
    """A metric with everything the registry says about it, for the definitions page."""
    with st.container(border=True, gap="xsmall", key=f"metric_{entry.key}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"**{entry.label}**", width="content")
            st.caption(plain_text.label(f"{entry.key}, {entry.unit}"), width="content")
        st.markdown(f"{entry.formula}.")
        facts = [f"dated by {entry.date_basis}"]
        if entry.denominator:
            facts.insert(0, f"{entry.numerator} ÷ {entry.denominator}")
        facts.append(
            {"up": "more is better", "down": "less is better", "none": "neither way is better"}[entry.direction]
        )
        if entry.counted_share:
            facts.append("with a Wilson 95 % interval")
        if entry.smallest_n > 1:
            facts.append(f"pale below n = {entry.smallest_n}")
        facts.append(f"without data: “{entry.no_data}”")
        words = "; ".join(facts)
        st.caption(f"{words[0].upper()}{words[1:]}.")
        if entry.also:
            st.caption(entry.also)
