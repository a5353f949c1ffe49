"""Reads for the onboarding page."""

from __future__ import annotations

import datetime as dt

import polars as pl

from data_access.queries import onboarding as queries
from ui import loaders
from ui.loaders import Sight


def shadowed_stages(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """onboarding.SHADOWED of one rep."""
    today = sight.company.today
    return loaders.read(
        "shadowed_stages",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.shadowed_stages(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def sign_offs(sight: Sight, *, rep_id: int, as_of: dt.date) -> pl.DataFrame:
    """signed_at, signer_name, note, the latest first."""
    today = sight.company.today
    return loaders.read(
        "sign_offs",
        sight,
        {"rep_id": rep_id, "as_of": as_of},
        lambda c: queries.sign_offs(sight.viewer, c, rep_id=rep_id, as_of=as_of, today=today),
    )


def newcomers(sight: Sight, *, since: dt.date, as_of: dt.date) -> pl.DataFrame:
    """person_id, name, started_on, complete_count, stage_count, signed_at of newcomers in view, by name."""
    today = sight.company.today
    return loaders.read(
        "newcomers",
        sight,
        {"since": since, "as_of": as_of},
        lambda c: queries.newcomers(sight.viewer, c, since=since, as_of=as_of, today=today),
    )


def sellers_to_shadow(sight: Sight, *, rep_id: int) -> pl.DataFrame:
    """person_id, name of the rep's team."""
    today = sight.company.today
    return loaders.read(
        "sellers_to_shadow",
        sight,
        {"rep_id": rep_id},
        lambda c: queries.sellers_to_shadow(sight.viewer, c, rep_id=rep_id, today=today),
    )
