"""Cached reads of diagnoses."""

from __future__ import annotations

import datetime as dt

import polars as pl

from coaching.diagnosis import Diagnosis
from data_access.queries import diagnosis as diagnosis_queries
from data_access.queries.diagnosis import Peers
from ui import loaders
from ui.loaders import Sight


def peers(sight: Sight, as_of: dt.date) -> Peers:
    """What everybody is compared with on a day, read once for all viewers: no viewer's scope is in it."""
    everybody, today = loaders.of_the_company(sight), sight.company.today
    return loaders.read(
        "diagnosis_peers",
        everybody,
        {"as_of": as_of},
        lambda c: diagnosis_queries.peers(everybody.viewer, c, as_of=as_of, today=today),
    )


def diagnoses(sight: Sight, as_of: dt.date) -> list[Diagnosis]:
    """One per rep in the viewer's scope who sells, by id."""
    today, known = sight.company.today, peers(sight, as_of)
    return loaders.read(
        "diagnoses",
        sight,
        {"as_of": as_of},
        lambda c: diagnosis_queries.diagnoses(sight.viewer, c, rep_ids=None, as_of=as_of, today=today, known=known),
    )


def diagnosis(sight: Sight, rep_id: int, as_of: dt.date) -> Diagnosis | None:
    """The diagnosis of one rep; None for somebody out of the viewer's scope or who does not sell."""
    if loaders.person(sight, rep_id, as_of) is None:
        # Nobody's peers are read for somebody who is out of scope.
        return None
    today, known = sight.company.today, peers(sight, as_of)
    found = loaders.read(
        "diagnosis",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: diagnosis_queries.diagnoses(sight.viewer, c, rep_ids=[rep_id], as_of=as_of, today=today, known=known),
    )
    return found[0] if found else None


def rows_behind(sight: Sight, source_ids: tuple[str, ...], as_of: dt.date) -> pl.DataFrame:
    """The deals and observations that a diagnosis names; see data_access.queries.diagnosis.ROWS_BEHIND."""
    today = sight.company.today
    return loaders.read(
        "rows_behind",
        sight,
        {"source_ids": source_ids, "as_of": as_of},
        lambda c: diagnosis_queries.rows_behind(sight.viewer, c, source_ids=list(source_ids), as_of=as_of, today=today),
    )
