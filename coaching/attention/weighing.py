"""The weights of the order as settings of the company: who set them when, what they were before, and the defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from polars._typing import SchemaDict

from coaching import numbers
from coaching.attention.order import Weights
from coaching.attention.rules import BY_KEY

RULE_SETTINGS = ("attention_weights",)
ORDER_SETTINGS = ("attention_neglect", "attention_floor_weeks")
DEFAULTS: Mapping[str, Any] = {
    "attention_weights": {},
    "attention_neglect": Weights().neglect,
    "attention_floor_weeks": Weights().floor_weeks,
}
"""The values where nobody has set anything."""

CHANGES: SchemaDict = {
    "key": pl.String,
    "value": pl.String,
    "set_at": pl.Datetime("us", "UTC"),
    "set_by_name": pl.String,
}
"""Every change of these settings, the latest first. value: as JSON; set_by_name: "an admin" for
one without a name of their own; null at the command line, and for who is not to read it."""


def last_change(changes: pl.DataFrame, keys: Sequence[str]) -> dict[str, Any] | None:
    """The latest row of CHANGES about one of ``keys``; None where nobody has set any."""
    mine = changes.filter(pl.col("key").is_in(keys))
    return mine.row(0, named=True) if mine.height else None


def former(changes: pl.DataFrame, keys: Sequence[str]) -> dict[str, Any]:
    """What those of ``keys`` that were set last were before; empty where nobody has set any.

    Several that were set in the same moment go back together.
    """
    last = last_change(changes, keys)
    if last is None:
        return {}
    found = {}
    for key in keys:
        mine = changes.filter(pl.col("key") == key)["value"].to_list()
        if changes.filter((pl.col("key") == key) & (pl.col("set_at") == last["set_at"])).height:
            found[key] = json.loads(mine[1]) if len(mine) > 1 else DEFAULTS[key]
    return found


def weights_sentence(weights: Weights) -> str:
    """Which rules weigh other than 1: Every rule weighs 1, except: stalled weighs 2; gap widening is not listed."""
    told = [
        f"{BY_KEY[key].flag} {'is never listed' if value == 0 else f'weighs {value:g}'}"
        for key, value in weights.rules.items()
        if key in BY_KEY and value != 1
    ]
    return f"Every rule weighs 1, except: {'; '.join(told)}." if told else "Every rule weighs 1."


def values_words(values: Mapping[str, Any]) -> str:
    """Settings of the order in words, as after "back to": neglect 1, everybody seen within 4 weeks."""
    told = []
    if "attention_weights" in values:
        told.append(weights_sentence(Weights(values["attention_weights"])).rstrip(".").lower())
    if "attention_neglect" in values:
        told.append(f"neglect {values['attention_neglect']:g}")
    if "attention_floor_weeks" in values:
        told.append(f"everybody seen within {numbers.plural(int(values['attention_floor_weeks']), 'week')}")
    return ", ".join(told)
