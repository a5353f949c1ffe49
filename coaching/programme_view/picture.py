"""One picture: its frame, sentence, words and table, or why it is not drawn. Knows no findings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl
from polars._typing import SchemaDict


@dataclass(frozen=True)
class Picture:
    """One chart: ``frame``, ``sentence`` and ``words`` go to the function of the same name in charts.programme."""

    sentence: str
    frame: pl.DataFrame
    alt: str
    """The same in plain words, with the figures."""
    table: pl.DataFrame
    """The same values, to be read."""
    words: dict[str, Any]
    note: str = ""
    why_not: str = ""
    """Not empty = nothing may be drawn, and why."""


def not_drawn(title: str, schema: SchemaDict, why: str) -> Picture:
    """A picture that holds its title and the reason alone."""
    return Picture(
        sentence=title,
        frame=pl.DataFrame(schema=schema),
        alt=f"{title}. {why}",
        table=pl.DataFrame(),
        words={},
        why_not=why or "There is nothing to compare yet.",
    )


def framed(rows: list[dict[str, Any]], schema: SchemaDict) -> pl.DataFrame:
    """The columns of ``schema`` out of the rows; null where a row lacks one."""
    return pl.DataFrame([{name: row.get(name) for name in schema} for row in rows], schema=schema)


def as_title(sentence: str) -> str:
    """Without its full stop."""
    return sentence.removesuffix(".")


def lower_first(words: str) -> str:
    """For the middle of a sentence."""
    return words[:1].lower() + words[1:]
