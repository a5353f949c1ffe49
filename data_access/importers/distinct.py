"""Does costly work once per distinct text of a column. Knows nothing of what the work is."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl

# Below this, or where most texts differ, looking the results up costs more than it saves.
_SMALL = 1_000


def by_distinct(texts: pl.Series, work: Callable[[pl.Series], pl.DataFrame]) -> pl.DataFrame:
    """Return ``work(texts)``, computed on the distinct texts only where that pays.

    ``work`` must return one row per text, in order, and depend on each text alone.
    """
    if texts.len() < _SMALL:
        return work(texts)
    distinct = texts.unique()
    if distinct.len() > 0.5 * texts.len():
        return work(texts)
    results = work(distinct).with_columns(distinct.alias("__text"))
    found = (
        texts.alias("__text").to_frame().join(results, on="__text", how="left", nulls_equal=True, maintain_order="left")
    )
    return found.drop("__text")
