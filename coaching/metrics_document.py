"""Writes docs/metrics.md from the registry, so that the document says what the pages say."""

from __future__ import annotations

from coaching.metrics import DEFINED, Metric

INTRODUCTION = """# Metrics

Generated from `coaching/metrics.py` by `python -m data_access metrics-document`; a test holds that it is current. The
same entries explain every number on a page (*Definitions*) and at the command line.

No data is an empty cell, never 0. A flow counts events from the first to the last day of a period, both included, in
the company time zone. A stock holds at a moment: the period's end or the as-of date, whichever is earlier. Intervals on
counted shares are Wilson 95 %.
"""


def metrics_document() -> str:
    """The whole document: one section per metric in the registry's order."""
    return "\n".join([INTRODUCTION, *(_section(entry) for entry in DEFINED)])


def _section(entry: Metric) -> str:
    over = f" ÷ {entry.denominator}" if entry.denominator else ""
    lines = [
        f"## {entry.label}",
        "",
        f"`{entry.key}` · {entry.unit}{' · stock' if entry.is_stock else ''}",
        "",
        f"- {entry.formula}",
        f"- Counted: {entry.numerator}{over}",
        f"- Dates: {entry.date_basis}",
        f"- Good news: {_good(entry)}",
        f"- Smallest n to speak of: {entry.smallest_n}",
        f"- Without data: {entry.no_data}",
    ]
    if entry.also:
        lines.append(f"- {entry.also}")
    return "\n".join(lines) + "\n"


def _good(entry: Metric) -> str:
    return {"up": "when it rises", "down": "when it falls", "none": "neither way"}[entry.direction]
