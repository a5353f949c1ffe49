"""What a diagnosis says about one rep: four layers, the levers with their prices, and at most one focus.

Holds shapes only, no arithmetic. Money in major units per quarter, shares 0..1, days as days. None = no data.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

LAYERS = ("results", "effort", "knowledge", "skill")
"""In the order in which they are looked at."""
STATUSES = ("pass", "not_yet", "not_evaluated")
LEVERS = (
    "pipeline",
    "qualified_share",
    "win_rate",
    "deal_size",
    "cycle",
    "no_next_step",
    "competitor_losses",
    "discounting",
)
"""Deals opened × qualified share × win rate × deal size over cycle days, then the side levers."""

KNOWLEDGE_GAPS = "knowledge_gaps"
"""The one measure that is no figure beside peers."""


@dataclass(frozen=True)
class LayerMeasure:
    """One number of a layer beside what like-for-like peers show."""

    key: str
    """The registry's key, ``skill_level:<slug>`` or a lever's key."""
    label: str
    value: float | None
    """As counted."""
    shrunk: float | None
    """After shrinking towards the peers: what is compared."""
    low: float | None
    high: float | None
    """95 % interval of ``shrunk``."""
    n: int
    peers_median: float | None
    peers_top: float | None
    """The good quartile, whichever way is up."""
    peer_count: int
    unit: str
    """A value of coaching.metrics.Unit."""
    says: str
    """One sentence."""
    noise_share: float | None = None
    """Distance from the peers' median, good is positive, in units of what noise explains: beyond ±1 it stands out."""


@dataclass(frozen=True)
class LayerFinding:
    """One layer: pass, not yet or not evaluated, and why."""

    layer: str
    """One of LAYERS."""
    status: str
    """One of STATUSES."""
    reason: str
    measures: tuple[LayerMeasure, ...] = ()
    source_ids: tuple[str, ...] = ()
    """Rows that keep the layer from being passed, as "table:id", where single rows do."""


@dataclass(frozen=True)
class Lever:
    """One lever and what moving it to the peers' median or top quartile would be worth a quarter."""

    key: str
    """One of LEVERS."""
    label: str
    value: float | None
    """As counted."""
    n: int
    """Cases that ``value`` is counted on."""
    low: float | None
    high: float | None
    """95 % interval of the shrunk value."""
    peers_median: float | None
    peers_top: float | None
    target: str
    """"median" or "top quartile": what the price is the distance to."""
    price: float | None
    price_low: float | None
    price_high: float | None
    """Major units per quarter with a 95 % interval; None = cannot be priced."""
    is_reliable: bool
    """The gap stands out from noise although several levers were looked at."""
    is_strength: bool
    """Stands out on the good side."""
    says: str
    """One sentence."""
    unit: str = "share"
    """A value of coaching.metrics.Unit."""
    shrunk: float | None = None
    """After shrinking towards the peers: what is compared."""
    peer_count: int = 0
    noise_share: float | None = None
    """As in LayerMeasure."""
    source_ids: tuple[str, ...] = ()
    """The rows behind it, as "table:id"."""
    compared_n: int = 0
    """Cases that are compared with those of peers: of deal size, cycle and discount the lost deals as well."""


@dataclass(frozen=True)
class Diagnosis:
    """What is known of one rep on a day."""

    rep_id: int
    as_of: dt.date
    layers: tuple[LayerFinding, ...]
    """In the order of LAYERS, all four."""
    levers: tuple[Lever, ...]
    """In the order of LEVERS."""
    strengths: tuple[str, ...] = ()
    """Labels of levers and skills that stand out on the good side."""
    focus: str | None = None
    """Key of a lever, or a skill's short name; None = nothing stands out from noise."""
    focus_kind: str | None = None
    """"lever" or "skill"."""
    layer: str | None = None
    """The layer the focus is on; without a focus the first that is not passed, None where none is."""
    status: str = "not_evaluated"
    """Status of that layer; "pass" where all that could be evaluated are passed."""
    price: float | None = None
    low: float | None = None
    high: float | None = None
    """Of the focus, major units per quarter with a 95 % interval; None without a focus or a price."""
    n: int = 0
    """Cases behind the focus; without one those of the layer that is open, else the closed deals."""
    sentence: str = ""
    """What a person reads: what is strong first, then the focus and why."""
    reason: str = ""
    """Why this focus, or why none."""
    source_ids: tuple[str, ...] = ()
    """Rows behind the focus, as "table:id"; the latest ones where there are many. Without a focus those that keep a
    layer open, else the person, about whom all of it is told: never empty."""
    focus_label: str = ""
    """The focus as people call it."""
    since: dt.date | None = None
    until: dt.date | None = None
    """First and last day that cases were counted on."""

    def finding(self, layer: str) -> LayerFinding:
        """The finding of a layer. Raises KeyError for a word that is none of LAYERS."""
        return next((found for found in self.layers if found.layer == layer), None) or _unknown(layer)

    def lever(self, key: str) -> Lever | None:
        """The lever of a key; None where it was not looked at."""
        return next((lever for lever in self.levers if lever.key == key), None)


def compared_figures(findings: Iterable[LayerFinding]) -> list[LayerMeasure]:
    """The measures and levers that stand beside peers' figures: what is counted wherever figures are counted.

    Open questions are counted against days, so they are none of them.
    """
    measures = [measure for finding in findings for measure in finding.measures]
    return [measure for measure in measures if measure.peers_median is not None and measure.key != KNOWLEDGE_GAPS]


def _unknown(layer: str) -> LayerFinding:
    raise KeyError(f"There is no layer '{layer}'. Known: {', '.join(LAYERS)}")


def not_evaluated(rep_id: int, as_of: dt.date, reason: str) -> Diagnosis:
    """A diagnosis of somebody about whom nothing can be said yet, and why."""
    return Diagnosis(
        rep_id=rep_id,
        as_of=as_of,
        layers=tuple(LayerFinding(layer, "not_evaluated", reason) for layer in LAYERS),
        levers=(),
        layer=None,
        sentence=reason,
        reason=reason,
        source_ids=(person_source(rep_id),),
    )


def person_source(rep_id: int) -> str:
    """What stands for everything that counts for somebody where no single row does."""
    return f"person:{rep_id}"
