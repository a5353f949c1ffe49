"""Cached reads of the best-technique library."""

from __future__ import annotations

import datetime as dt

import polars as pl

from data_access.queries import library as queries
from ui import loaders
from ui.loaders import Sight


def role_models(sight: Sight) -> pl.DataFrame:
    """skill, skill_name, description, title, body of the right behaviours in words."""
    return loaders.read("role_models", sight, {}, lambda c: queries.role_models(sight.viewer, c))


def examples(sight: Sight, as_of: dt.date) -> pl.DataFrame:
    """frames.EXAMPLES that reps have agreed to share."""
    return loaders.read("examples", sight, {"as_of": as_of}, lambda c: queries.examples(sight.viewer, c, as_of))
