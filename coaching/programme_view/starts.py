"""What could be seen at all with this many reps, and who was coached since when. Names nobody."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers
from coaching.programme_view.picture import Picture, as_title, not_drawn
from coaching.programme_view.reading import headline, months_of
from coaching.roi.rounding import spoken

NO_MONTH = "There is no month to compare yet: it takes reps, closed deals and somebody who is coached."
NOT_THERE, NOT_COACHED, LEFT_OUT, COACHED = 0, 1, 2, 3
STATES = {" ": NOT_THERE, ".": NOT_COACHED, "d": LEFT_OUT, "c": COACHED}
"""What became of a rep's month, by its letter in the findings."""
VISIBLE: SchemaDict = {"value": pl.Float64, "low": pl.Float64, "high": pl.Float64, "n": pl.Int64, "label": pl.String}
"""Shares of the average result; no row where the estimate is withheld."""
START_MAP: SchemaDict = {"row": pl.Int64, "cells": pl.List(pl.UInt8)}
"""A row per rep in one team, without a name; cells by month as in STATES."""


def visible(found: dict[str, Any]) -> Picture:
    """What this many reps and months can show at all, and what was measured; in grey the former alone."""
    share, mean, whole = found["visible_share"], found["sizes"]["mean"], headline(found)
    said = found["said"]["visible"]
    if share is None:
        return not_drawn("What could be seen with this many reps and months", VISIBLE, said)
    rows = []
    if found["said"]["shows_estimate"] and whole and mean and whole["se"] is not None:
        parts = {key: whole[key] / abs(mean) for key in ("estimate", "se", "low", "high")}
        rows = [(parts["estimate"], parts["low"], parts["high"], whole["n"], _share_words(parts))]
    table = [("Smallest effect that can be seen", numbers.share(share))]
    table += [("Measured effect, with its interval", row[4]) for row in rows]
    is_open = not rows or rows[0][1] <= 0 <= rows[0][2]
    return Picture(
        sentence=as_title(said),
        frame=pl.DataFrame(rows, schema=VISIBLE, orient="row"),
        alt=said + "".join(f" Measured: {row[4]} of the average." for row in rows),
        table=pl.DataFrame(table, schema=["What", "Share of the average result"], orient="row"),
        words={"share": share, "outcome": found["outcome"]},
        note="A smaller effect would often go unseen: yours may be real and still invisible." if is_open else "",
    )


def _share_words(parts: dict[str, float]) -> str:
    """−4.9 % (−19.0 % to 9.1 %), with the digits that the error allows."""
    value, low, high = (spoken(100 * parts[key], 100 * parts["se"]) for key in ("estimate", "low", "high"))
    return f"{value}{numbers.SPACE}% ({low} to {high}{numbers.SPACE}%)"


def start_map(found: dict[str, Any]) -> Picture:
    """Who was coached since when: a line per rep and team, without a name."""
    rows, months, sizes = sorted(found["start_map"], key=_place), months_of(found), found["sizes"]
    if not rows or not months:
        return not_drawn("Who was coached, since when", START_MAP, NO_MONTH)
    counted = [{state: sum(row[at] == state for row in rows) for state in STATES} for at in range(len(months))]
    coached, last = sizes["people_coached"], numbers.month(months[-1])
    who = f"{numbers.count(coached) if coached else 'None'} of {numbers.plural(sizes['people'], 'rep')}"
    sentence = f"{who} {'was' if coached < 2 else 'were'} coached by {last}"
    stripes = _stripes(rows)
    says = [f"{numbers.month(month)}: {_counts_in_words(one)}" for month, one in zip(months, counted, strict=True)]
    return Picture(
        sentence=f"{sentence}; striped months are left out" if stripes else sentence,
        frame=pl.DataFrame(
            {"row": range(len(rows)), "cells": [[STATES[state] for state in row] for row in rows]},
            schema=START_MAP,
        ),
        alt=f"{sentence}. {says[0]}. {says[-1]}.",
        table=pl.DataFrame(
            [
                (numbers.month(month), *(one[state] for state in "cd. "))
                for month, one in zip(months, counted, strict=True)
            ],
            schema=["Month", "Coached", "Left out before the start", "Not coached yet", "Not there"],
            orient="row",
        ),
        words={"months": [month.isoformat() for month in months], "stripes": stripes, "says": says},
        note="A line is a rep in one team, by start; whoever changes team begins a new line."
        + (" Striped months count neither as before nor as after." if stripes else ""),
    )


def _place(row: str) -> tuple[int, int, str]:
    """Lines by start; those without one last. Equal ones lie together, so that stripes are one block."""
    first = min((at for at in (row.find("d"), row.find("c")) if at >= 0), default=len(row))
    coached = row.find("c")
    return (coached if coached >= 0 else len(row), first, row)


def _stripes(rows: Sequence[str]) -> list[dict[str, int]]:
    """Blocks of neighbouring lines whose left-out months are the same: first_row, last_row, first, last (places)."""
    blocks = []
    for (first, count), lines in itertools.groupby(enumerate(rows), key=lambda line: _left_out(line[1])):
        places = [at for at, _ in lines]
        if count:
            last = first + count - 1
            blocks.append({"first_row": places[0], "last_row": places[-1], "first": first, "last": last})
    return blocks


def _left_out(row: str) -> tuple[int, int]:
    return row.find("d"), row.count("d")


def _counts_in_words(counted: dict[str, int]) -> str:
    parts = [(counted["c"], "coached"), (counted["d"], "in months left out"), (counted["."], "not coached yet")]
    said = [f"{numbers.count(number)} {words}" for number, words in parts if number or words == "coached"]
    return ", ".join(said)
