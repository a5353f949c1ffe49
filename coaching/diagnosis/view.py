"""What pages show of a diagnosis: the tree's nodes, its table, its title and footnotes. Pure, no new number."""

from __future__ import annotations

import polars as pl

from coaching import numbers
from coaching.diagnosis import words
from coaching.diagnosis.definitions import DEFINITIONS
from coaching.diagnosis.evidence import RAMP_DAYS
from coaching.diagnosis.result import (
    KNOWLEDGE_GAPS,
    Diagnosis,
    LayerFinding,
    LayerMeasure,
    Lever,
    compared_figures,
)
from coaching.metrics import metric

NODES = {
    "node": pl.Int64,
    "parent": pl.Int64,
    "depth": pl.Int64,
    "key": pl.String,
    "label": pl.String,
    "own": pl.String,
    "mark": pl.String,
    "noise_share": pl.Float64,
    "says": pl.String,
}
"""Layers, their measures and levers, top-down; node = 1, 2, ...; own = the figure as text; mark = one of MARKS."""
MARKS = {
    "focus": "the focus",
    "short": "stands out, short of the peers",
    "strong": "stands out, beyond the peers",
    "open": "still open",
    "usual": "within noise",
    "unknown": "not evaluated",
}
TABLE = dict.fromkeys(
    ("layer", "what", "own", "cleaned", "interval", "n", "median", "top", "peers", "verdict", "price"), pl.String
)
STATUS_WORDS = {"pass": "pass", "not_yet": "not yet", "not_evaluated": "not evaluated"}


def title(found: Diagnosis) -> str:
    """What is to be seen and over which time, in a few words; the heading of a page's section."""
    if found.focus is not None:
        said = f"Worth working on: {words.inside(found.focus_label)}"
        # A level of a skill is that of its last scores, whenever they were given.
        return said if found.focus_kind == "skill" else _with_span(said, found)
    figures = compared_figures(found.layers)
    if not figures:
        return "Not compared with peers yet"
    short = [figure for figure in figures if mark_of(found, figure) in {"focus", "short"}]
    strong = [figure for figure in figures if mark_of(found, figure) == "strong"]
    if short:
        return (
            f"No lever to work on, but short of the peers: {words.listed([words.inside(one.label) for one in short])}"
        )
    return _with_span(f"Nothing{' short of the peers' if strong else ''} stands out from noise", found)


def _with_span(said: str, found: Diagnosis) -> str:
    span = span_of(found)
    return f"{said}, {span}" if span else said


def span_of(found: Diagnosis) -> str:
    """Over which time the cases count: over the last 24 months; empty where nothing was compared."""
    return words.span_words(found.since, found.until, found.as_of)


def days_of(found: Diagnosis) -> str:
    """The same where there is room for a few words: 24 months to 22 Nov 2026; as of a day where nothing counts."""
    if found.since is None or found.until is None or found.until < found.since:
        return f"as of {numbers.day(found.as_of)}"
    return f"{words.months_of(found.since, found.until)} to {numbers.day(found.until)}"


def why_not_the_tiles(found: Diagnosis) -> str:
    """Why a figure here differs from a tile of the page, said once; empty where nothing is compared."""
    span = span_of(found)
    if not span or not compared_figures(found.layers):
        return ""
    days = numbers.span(found.since, found.until) if found.since and found.until else ""
    return (
        "Other numbers than in the tiles, and both are right: a tile counts the chosen period; here cases count "
        f"{span} ({days}), and to compare, each figure is pulled towards the peers, the more the fewer cases it has."
    )


def tree_title(found: Diagnosis) -> str:
    """The tree's title: what stands out of how many figures."""
    figures = compared_figures(found.layers)
    out = [figure.label for figure in figures if mark_of(found, figure) in {"focus", "short"}]
    strong = [figure.label for figure in figures if mark_of(found, figure) == "strong"]
    if not figures:
        return "Nothing can be compared with peers yet"
    whole = numbers.plural(len(figures), "figure")
    if not out and not strong:
        lie = "lies" if len(figures) == 1 else "lie"
        return f"{'The only' if len(figures) == 1 else 'All'} {whole} {lie} within noise of like-for-like peers"
    parts = []
    if out:
        parts.append(f"short of the peers: {words.listed(out[:3])}")
    if strong:
        parts.append(f"beyond them: {words.listed(strong[:3])}")
    count = len(out) + len(strong)
    return f"{count} of {whole} {'stands' if count == 1 else 'stand'} out; {'; '.join(parts)}"


def nodes(found: Diagnosis, currency: str) -> pl.DataFrame:
    """NODES of a diagnosis."""
    rows = [{**row, "own": _own(row, currency)} for row in _rows(found)]
    return pl.DataFrame([{name: row[name] for name in NODES} for row in rows], schema=NODES)


def _own(row: dict[str, object], currency: str) -> str:
    measure = row["measure"]
    if isinstance(measure, LayerMeasure):
        return words.figure(measure.value, measure.unit, currency)
    return str(row["own"])


def _rows(found: Diagnosis) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for finding in found.layers:
        layer = len(rows) + 1
        rows.append(_layer_row(finding, layer))
        under, depth = layer, 1
        for measure in finding.measures:
            rows.append(_measure_row(found, finding, measure, len(rows) + 1, under, depth))
            if measure.key == "quota_attainment":
                # What a quarter comes to is made of the levers that follow.
                under, depth = len(rows), 2
    return rows


def _layer_row(finding: LayerFinding, node: int) -> dict[str, object]:
    mark = {"pass": "usual", "not_yet": "open", "not_evaluated": "unknown"}[finding.status]
    return {
        "node": node,
        "parent": None,
        "depth": 0,
        "key": finding.layer,
        "label": finding.layer.capitalize(),
        "own": STATUS_WORDS[finding.status],
        "mark": mark,
        "noise_share": None,
        "says": finding.reason,
        "measure": None,
    }


def _measure_row(
    found: Diagnosis, finding: LayerFinding, measure: LayerMeasure, node: int, parent: int, depth: int
) -> dict[str, object]:
    return {
        "node": node,
        "parent": parent,
        "depth": depth,
        "key": measure.key,
        "label": measure.label,
        "own": "",
        "mark": mark_of(found, measure),
        "noise_share": measure.noise_share,
        "says": measure.says,
        "measure": measure,
    }


def mark_of(found: Diagnosis, measure: LayerMeasure) -> str:
    """One of MARKS; of a count that is not compared only whether something is open."""
    lever = found.lever(measure.key)
    if measure.key == KNOWLEDGE_GAPS:
        return "open" if found.finding("knowledge").status == "not_yet" else "usual"
    if found.focus is not None and measure.key in {found.focus, f"skill_level:{found.focus}"}:
        return "focus"
    if lever is not None and (lever.is_reliable or lever.is_strength):
        return "short" if lever.is_reliable else "strong"
    if lever is None and words.outside_noise(measure):
        return "short" if words.outside_noise(measure) < 0 else "strong"
    return "unknown" if measure.peers_median is None else "usual"


def table(found: Diagnosis, currency: str) -> pl.DataFrame:
    """TABLE: the tree as text, a row per measure and lever; a layer without any has a row of its own."""
    rows = []
    for finding in found.layers:
        if not finding.measures:
            nothing = dict.fromkeys(TABLE, "") | {"layer": finding.layer.capitalize(), "verdict": finding.reason}
            rows.append(nothing)
        for measure in finding.measures:
            rows.append(_table_row(found, finding, measure, currency))
    return pl.DataFrame(rows, schema=TABLE)


def _table_row(found: Diagnosis, finding: LayerFinding, measure: LayerMeasure, currency: str) -> dict[str, str]:
    lever = found.lever(measure.key)
    is_compared = measure.peers_median is not None

    def told(value: float | None) -> str:
        return words.figure(value, measure.unit, currency) if value is not None else ""

    between = f"{told(measure.low)} to {told(measure.high)}" if measure.low is not None else ""
    return {
        "layer": finding.layer.capitalize(),
        "what": numbers.plain_name(measure.label),
        "own": told(measure.value) or numbers.NO_DATA,
        "cleaned": told(measure.shrunk),
        "interval": between,
        "n": numbers.count(measure.n),
        "median": told(measure.peers_median),
        "top": told(measure.peers_top),
        "peers": numbers.count(measure.peer_count),
        "verdict": MARKS[mark_of(found, measure)] if is_compared else _why_not(measure),
        "price": words.price_words(lever, currency) if lever is not None and is_compared else "",
    }


def _why_not(measure: LayerMeasure) -> str:
    """Why a figure stands beside no peers, as a cell of a table; of a count what it says."""
    why = measure.says.rpartition(words.NOT_COMPARED)[2]
    return why.partition(". ")[0].rstrip(".")


def measure_of(found: Diagnosis, key: str) -> LayerMeasure | None:
    """The measure of a node's key; None for a layer."""
    return next((one for finding in found.layers for one in finding.measures if one.key == key), None)


def explanation(key: str) -> str:
    """How a figure is made, and what its price supposes: the registry's words where it is the registry's."""
    definition = DEFINITIONS.get(key)
    if definition is not None:
        return (
            f"{definition.formula}. {f'The price supposes: {definition.pricing}' if definition.pricing else ''}".strip()
        )
    if key.startswith("skill_level:"):
        return f"{metric(key).formula}."
    if key == "quota_attainment":
        return f"{metric(key).formula}, over whole fiscal quarters, the last four at most."
    if key == "activities":
        return "Calls, mails, meetings and tasks done in the last 13 weeks, by who did them."
    return "Questions that stayed open and were written down, less those the rep has closed."


def price_sentence(lever: Lever, currency: str) -> str:
    """What moving a lever would be worth a quarter."""
    return words.price_words(lever, currency)


def how_it_is_done(found: Diagnosis) -> str:
    """What the comparison rests on, in the words of the section's footnote."""
    return (
        f"Without anybody's first {RAMP_DAYS} days. Attainment is of whole quarters, activities of 13 weeks, a skill's "
        "level of its last three scores. Peers: at least five of the same role, segment and tenure; their median and "
        "top quartile, never their names. The grey band is what chance and the usual differences between peers "
        "explain; it allows for looking at all levers at once."
    )
