"""Role-model first: a new rep sits in on ten full sales cycles before selling. Rules and words; no database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers

CYCLES = 10
STAGES = {
    "prospecting": "Prospecting",
    "discovery": "Discovery",
    "presentation": "Presentation",
    "negotiation": "Negotiation",
    "close": "Close",
}
"""A full cycle in its order; the names are those of the method, not of a CRM."""
LONGEST_NOTE = 2_000
SHORTEST_REASON = 15

SHADOWED: SchemaDict = {
    "number": pl.Int64,
    "stage": pl.String,
    "seen_on": pl.Date,
    "noticed": pl.String,
    "seller_name": pl.String,
}
"""Stages that a new rep sat in on, by cycle and stage."""


@dataclass(frozen=True)
class ShadowedStageDraft:
    """A stage of a sales cycle that the new rep sat in on."""

    number: int
    stage: str
    seen_on: dt.date | None
    seller_id: int | None
    noticed: str = ""

    def problems(self, today: dt.date) -> list[str]:
        """Sentences that say how to mend it; empty = fine."""
        found = []
        if not 1 <= self.number <= CYCLES:
            found.append(f"Choose the cycle, 1 to {CYCLES}.")
        if self.stage not in STAGES:
            found.append(f"Choose the stage: {', '.join(STAGES.values())}.")
        if self.seen_on is None:
            found.append("Say on which day it was.")
        elif self.seen_on > today:
            found.append("The day lies ahead; note it once it has happened.")
        if self.seller_id is None:
            found.append("Say whom you sat in with.")
        if not self.noticed.strip():
            found.append("Write down one thing you noticed: that is what stays.")
        if len(self.noticed) > LONGEST_NOTE:
            found.append(f"What was noticed takes up to {LONGEST_NOTE} characters; shorten it.")
        return found


def sign_off_problems(note: str, complete: int) -> list[str]:
    """Why a sign-off to sell cannot stand as it is: with fewer than ten full cycles it needs a reason."""
    if len(note) > LONGEST_NOTE:
        return [f"The note takes up to {LONGEST_NOTE} characters; shorten it."]
    if complete < CYCLES and len(note.strip()) < SHORTEST_REASON:
        return [f"{complete} of {CYCLES} full cycles are noted. Say in the note what makes up for the rest."]
    return []


def complete_count(shadowed: pl.DataFrame) -> int:
    """Cycles of which all five stages were seen. ``shadowed``: SHADOWED."""
    stages = shadowed.group_by("number").agg(pl.col("stage").n_unique().alias("n"))
    return stages.filter(pl.col("n") == len(STAGES)).height


def grid(shadowed: pl.DataFrame) -> pl.DataFrame:
    """Every cycle and stage, seen or not: number, stage, seen_on, noticed, seller_name (null = not yet)."""
    whole = pl.DataFrame({"number": list(range(1, CYCLES + 1))}, schema={"number": pl.Int64}).join(
        pl.DataFrame({"stage": list(STAGES)}), how="cross"
    )
    return whole.join(shadowed, on=["number", "stage"], how="left", maintain_order="left").select(list(SHADOWED))


def sentence(shadowed: pl.DataFrame) -> str:
    """How far it is, and what was seen least."""
    if shadowed.is_empty():
        return "No shadowed sales cycle is noted yet"
    complete = complete_count(shadowed)
    start = f"{numbers.count(complete)} of {CYCLES} full sales cycles shadowed"
    if complete == CYCLES:
        return start
    seen = dict(shadowed.group_by("stage").agg(pl.len()).iter_rows())
    least = min(STAGES, key=lambda stage: seen.get(stage, 0))
    return f"{start}; seen least: {STAGES[least].lower()} ({seen.get(least, 0)} of {CYCLES})"


def next_missing(shadowed: pl.DataFrame) -> tuple[int, str]:
    """The first cycle and stage not seen yet: what the form opens with; the last one where all are seen."""
    missing = grid(shadowed).filter(pl.col("seen_on").is_null())
    return (missing["number"][0], missing["stage"][0]) if missing.height else (CYCLES, "close")


def noticed_rows(shadowed: pl.DataFrame) -> pl.DataFrame:
    """What was noticed for a table, the latest first: seen_on, cycle, stage, seller, noticed."""
    return shadowed.sort("seen_on", "number", descending=True).select(
        "seen_on",
        pl.col("number").alias("cycle"),
        pl.col("stage").replace_strict(STAGES, default="", return_dtype=pl.String),
        pl.col("seller_name").map_elements(numbers.plain_name, return_dtype=pl.String).alias("seller"),
        pl.col("noticed").map_elements(lambda text: numbers.plain_name(text, 300), return_dtype=pl.String),
    )


def ramp_words(months: float | None, started_on: dt.date | None, as_of: dt.date) -> str:
    """How long the ramp took or has run."""
    if months is not None:
        return f"Ramp: two months in a row at 80 % of quota after {numbers.months(months)}."
    if started_on is None:
        return "Ramp: not known, as no start date is loaded."
    return f"Ramp: here for {numbers.tenure(started_on, as_of)}; not yet two months in a row at 80 % of quota."


def sign_off_words(signed: list[dict[str, Any]]) -> str:
    """Who signed that the rep may sell, and when. ``signed``: signed_on, signer_name, the latest first."""
    if not signed:
        return "Not yet signed off to sell."
    last = signed[0]
    return f"Signed off to sell by {numbers.plain_name(last['signer_name'])} on {numbers.day(last['signed_on'])}."


def signed_rows(signed: pl.DataFrame) -> list[dict[str, Any]]:
    """``signed`` (signed_at, signer_name) as rows with signed_on, the latest first."""
    return signed.select(pl.col("signed_at").dt.date().alias("signed_on"), "signer_name").to_dicts()


def newcomers_sentence(newcomers: pl.DataFrame) -> str:
    """How many started within the last year."""
    if newcomers.is_empty():
        return "Nobody in your view started within the last year"
    waiting = newcomers["signed_at"].null_count()
    start = f"{numbers.plural(newcomers.height, 'rep')} started within the last year"
    return f"{start}, {numbers.count(waiting)} not yet signed off to sell" if waiting else f"{start}, all signed off"


def newcomer_rows(newcomers: pl.DataFrame) -> pl.DataFrame:
    """Each newcomer in words: name, words; in the order given (by name)."""
    return pl.DataFrame(
        [
            {
                "name": row["name"],
                "words": f"since {numbers.day(row['started_on'])}: {row['complete_count']} of {CYCLES} cycles, "
                + (
                    f"signed off on {numbers.day(row['signed_at'].date())}"
                    if row["signed_at"]
                    else f"{row['stage_count']} stages seen, not yet signed off"
                ),
            }
            for row in newcomers.iter_rows(named=True)
        ],
        schema={"name": pl.String, "words": pl.String},
    )


def attainment_sentence(line: pl.DataFrame) -> str:
    """The ramp figure's title: months at 80 % or more. ``line``: value per month."""
    known = line.filter(pl.col("value").is_not_null())
    if known.is_empty():
        return "Attainment by month: no data yet"
    reached = known.filter(pl.col("value") >= 0.8).height
    return f"{numbers.count(reached)} of {numbers.plural(known.height, 'month')} at 80 % of quota or more"
