"""The best-technique library: which moments are worth sharing, and how a search finds them. No database, no screen."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

LEVELS_BELOW_TOP = 1
"""A moment is worth sharing from one level below the top of its scale on."""


def is_strong(level: int, highest: int) -> bool:
    """Whether a level is high enough to learn from: 4 and 5 of 5."""
    return level >= highest - LEVELS_BELOW_TOP


def problems_of_offer(
    moments: Sequence[tuple[int, int, str | None]], *, visibility: str, is_released: bool, is_about_a_rep: bool
) -> list[str]:
    """Why an observation cannot be offered as an example; ``moments`` are level, highest level and evidence."""
    if not is_about_a_rep:
        return ["The library shows selling conversations; a coaching conversation stays between the two of you."]
    if visibility != "shared":
        return ["Your words about it are private, so there is nothing to show. Offer one whose words are shared."]
    if not is_released:
        return ["The rep has not seen it yet. Offer it once it is open to both of you."]
    if not any(is_strong(level, highest) and evidence for level, highest, evidence in moments):
        return ["An example needs a skill on one of the two highest levels, with evidence in words."]
    return []


def found(examples: pl.DataFrame, words: str, skill: str | None = None) -> pl.DataFrame:
    """The rows of frames.EXAMPLES (or another frame with skill, skill_name and texts) that hold every word searched.

    Case does not matter; all text columns are searched. ``skill``: only this one, by its slug.
    """
    rows = examples if skill is None else examples.filter(pl.col("skill") == skill)
    text = pl.concat_str(
        [pl.col(name).fill_null("") for name, kind in rows.schema.items() if kind == pl.String], separator=" "
    ).str.to_lowercase()
    for word in words.casefold().split():
        rows = rows.filter(text.str.contains(word, literal=True))
    return rows
