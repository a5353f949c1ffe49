"""The four layers, looked at top-down: results, effort, knowledge, skill. Pure.

A layer is "not_yet" where something in it is off by more than noise, "pass" where nothing is, and "not_evaluated" with
the reason where nothing could be compared.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import polars as pl

from coaching import numbers
from coaching.diagnosis import words
from coaching.diagnosis.definitions import DEFINITIONS
from coaching.diagnosis.evidence import Evidence, too_few_peers
from coaching.diagnosis.measuring import FEWEST_CASES
from coaching.diagnosis.result import KNOWLEDGE_GAPS, LAYERS, LayerFinding, LayerMeasure, Lever
from coaching.diagnosis.standing import Measured, Standing, Standings, critical, standings
from coaching.measures import prorated_quotas
from coaching.metrics import Unit
from coaching.peers import SMALLEST_GROUP

MEASURE_LEVEL = 0.025
"""Chance of one peer to be called off in a layer's own measure: attainment, activities."""
ACTIVITY_DAYS = 91
GAP_DAYS = 14
"""A knowledge gap that has been open for longer is still to be closed."""
FEWEST_OF_A_RESULT = 3
RESTS_ON = ("win_rate", "pipeline")
"""The lever whose cases every other one of its layer is made of."""


@dataclass(frozen=True)
class Compared:
    """The layers' own measures of everybody."""

    attainment: Standings
    attained: dict[int, tuple[float, int]]
    """Attainment and the deals won behind it."""
    is_quota_known: bool
    activity: Standings
    done: dict[int, int]
    skills: dict[str, Standings]
    groups: dict[int, str]
    reference: frozenset[int]


@dataclass(frozen=True)
class SkillStanding:
    """One skill of one person beside the peers."""

    slug: str
    measure: LayerMeasure
    chance: float
    is_weak: bool
    is_strength: bool


def compared(evidence: Evidence, totals: pl.DataFrame, groups: dict[int, str], reference: frozenset[int]) -> Compared:
    """Attainment, activities and levels of skills made ready for comparison."""
    attained = _attained(evidence)
    skills = {}
    for slug in evidence.levels["slug"].unique(maintain_order=True):
        rows = evidence.levels.filter((pl.col("slug") == slug) & pl.col("person_id").is_in(list(groups)))
        skills[slug] = standings(_measured_levels(rows), groups, reference, True)
    return Compared(
        attainment=standings(_measured_attainment(attained, groups, reference), groups, reference, True),
        attained={
            person: (share, count)
            for person, share, count in attained.select("person_id", "attained", "won_count").iter_rows()
        },
        is_quota_known=evidence.quotas.height > 0,
        activity=standings(_measured_activity(evidence, reference), groups, reference, True),
        done=dict(
            evidence.activities.group_by("person_id").agg(pl.col("done_count").sum()).sort("person_id").iter_rows()
        ),
        skills=skills,
        groups=groups,
        reference=reference,
    )


def findings(
    known: Compared,
    evidence: Evidence,
    rep_id: int,
    levers: tuple[Lever, ...],
    skill_level: float,
    is_ramping: bool,
) -> tuple[tuple[LayerFinding, ...], list[SkillStanding]]:
    """The four findings in their order, and where the skills that can be compared stand."""
    skills = _skills(known, evidence, rep_id, skill_level)
    found = {
        "results": _results(known, evidence, rep_id, levers, is_ramping),
        "effort": _effort(known, evidence, rep_id, levers, is_ramping),
        "knowledge": _knowledge(known, evidence, rep_id),
        "skill": _skill_layer(known, evidence, rep_id, skills),
    }
    return tuple(found[layer] for layer in LAYERS), skills


def strengths(found: tuple[LayerFinding, ...], levers: tuple[Lever, ...]) -> tuple[str, ...]:
    """Labels of what stands out on the good side, in the order of the layers."""
    certain = {lever.key: lever.is_strength for lever in levers}
    measures = [measure for finding in found for measure in finding.measures]
    return tuple(measure.label for measure in measures if certain.get(measure.key, words.outside_noise(measure) > 0))


# ---- Results -------------------------------------------------------------------------------------------------------


def _attained(evidence: Evidence) -> pl.DataFrame:
    """person_id, attained, won_count, error (relative): won amount over quota of the whole quarters."""
    schema = {"person_id": pl.Int64, "attained": pl.Float64, "won_count": pl.Int64, "error": pl.Float64}
    period = evidence.quota_period
    if period is None or evidence.quotas.is_empty():
        return pl.DataFrame(schema=schema)
    spans = pl.DataFrame({"span_start": [period.start], "span_end": [period.end]})
    due = prorated_quotas(evidence.quotas, spans).group_by("person_id").agg(pl.col("quota_minor").sum())
    won = evidence.closed.filter(
        (pl.col("status") == "won")
        & pl.col("amount").is_not_null()
        & pl.col("closed_on").is_between(period.start, period.end)
    ).sort("person_id", "deal_id")
    rows = []
    for (person,), mine in won.group_by("person_id", maintain_order=True):
        amounts = mine["amount"].to_numpy().astype(np.float64)
        rows.append((person, float(amounts.sum()), len(amounts), math.sqrt(float((amounts**2).sum()))))
    sums = pl.DataFrame(
        rows,
        schema={"person_id": pl.Int64, "won": pl.Float64, "won_count": pl.Int64, "root": pl.Float64},
        orient="row",
    )
    joined = due.filter(pl.col("quota_minor") > 0).join(sums, on="person_id", how="inner").filter(pl.col("won") > 0)
    return joined.select(
        "person_id",
        (pl.col("won") / pl.col("quota_minor")).alias("attained"),
        "won_count",
        (pl.col("root") / pl.col("won")).alias("error"),
    ).sort("person_id")


def _measured_attainment(attained: pl.DataFrame, groups: dict[int, str], reference: frozenset[int]) -> Measured:
    rows = attained.filter(pl.col("person_id").is_in(list(groups)) & (pl.col("won_count") >= FEWEST_OF_A_RESULT))
    value = rows["attained"].to_numpy()
    # The error of a sum grows with the sum: that of the usual attainment, not of a lucky or unlucky one.
    usual = float(np.median(value)) if len(value) else 1.0
    return Measured(
        rows["person_id"].to_numpy().astype(np.int64),
        rows["won_count"].to_numpy().astype(np.int64),
        value,
        (rows["error"].to_numpy() * usual) ** 2,
    )


def _results(
    known: Compared, evidence: Evidence, rep_id: int, levers: tuple[Lever, ...], is_ramping: bool
) -> LayerFinding:
    measures, off = [], []
    if rep_id in known.attained and evidence.quota_period is not None:
        attained, won_count = known.attained[rep_id]
        standing = known.attainment.of(rep_id)
        measure = _measure(
            "quota_attainment",
            "Quota attainment",
            Unit.SHARE,
            attained,
            standing,
            known.attainment,
            known,
            rep_id,
            won_count,
        )
        is_off = standing is not None and standing.chance_bad < MEASURE_LEVEL
        is_short = measure.high is not None and measure.high < 1
        span = numbers.span(evidence.quota_period.start, evidence.quota_period.end)
        says = f"{words.measure_sentence(measure, evidence.currency)} Whole quarters, {span}."
        measures.append(replace(measure, says=says))
        if is_off:
            off.append("Quota attainment: below the peers by more than noise")
        elif is_short:
            off.append("Quota attainment: below quota by more than noise")
    return _with_levers("results", measures, off, levers, is_ramping)


def _with_levers(
    layer: str, measures: list[LayerMeasure], off: list[str], levers: tuple[Lever, ...], is_ramping: bool
) -> LayerFinding:
    mine = [lever for lever in levers if DEFINITIONS[lever.key].layer == layer]
    measures = [*measures, *map(_as_measure, mine)]
    off = [*off, *(f"{lever.label}: more than noise" for lever in mine if lever.is_reliable)]
    if not any(measure.peers_median is not None for measure in measures):
        return LayerFinding(layer, "not_evaluated", _why_not(mine, is_ramping), tuple(measures))
    status = "not_yet" if off else "pass"
    return LayerFinding(layer, status, words.layer_reason(layer, status, measures, off), tuple(measures))


def _why_not(levers: list[Lever], is_ramping: bool) -> str:
    if is_ramping:
        return words.STILL_RAMPING
    # What everything of the layer rests on is named first, not what one more file would bring.
    ordered = sorted(levers, key=lambda lever: lever.key not in RESTS_ON)
    reasons = [lever.says.partition(words.NOT_COMPARED)[2] for lever in ordered]
    few = [reason for kind in ("too few peers", "too few cases") for reason in reasons if reason.startswith(kind)]
    return words.why_not((few or reasons or ["no data"])[0])


def _as_measure(lever: Lever) -> LayerMeasure:
    return LayerMeasure(
        key=lever.key,
        label=lever.label,
        value=lever.value,
        shrunk=lever.shrunk,
        low=lever.low,
        high=lever.high,
        n=lever.n,
        peers_median=lever.peers_median,
        peers_top=lever.peers_top,
        peer_count=lever.peer_count,
        unit=lever.unit,
        says=lever.says,
        noise_share=lever.noise_share,
    )


def _measure(
    key: str,
    label: str,
    unit: Unit,
    value: float | None,
    standing: Standing | None,
    everybody: Standings,
    known: Compared,
    rep_id: int,
    n: int = 0,
    scale: float = 1.0,
    chance: float = MEASURE_LEVEL,
) -> LayerMeasure:
    """A measure beside the peers; ``scale`` turns what was compared into the unit shown."""
    if standing is None:
        peers = everybody.peer_count(rep_id, known.groups.get(rep_id, ""))
        why = too_few_peers(peers) if peers < SMALLEST_GROUP else "too few cases"
        return LayerMeasure(key, label, value, None, None, None, n, None, None, peers, str(unit), why)
    return LayerMeasure(
        key=key,
        label=label,
        value=value,
        shrunk=standing.shrunk * scale,
        low=standing.low * scale,
        high=standing.high * scale,
        n=standing.n,
        peers_median=standing.median * scale,
        peers_top=standing.top * scale,
        peer_count=len(standing.peer_ids),
        unit=str(unit),
        says="",
        noise_share=standing.noise_share(True, critical(chance, standing.freedom)),
    )


# ---- Effort --------------------------------------------------------------------------------------------------------


def _measured_activity(evidence: Evidence, reference: frozenset[int]) -> Measured:
    """Activities done in 13 weeks by people who count for all of them; the two halves tell how much weeks differ."""
    since = evidence.window.end - dt.timedelta(days=ACTIVITY_DAYS - 1)
    there = evidence.people.filter(pl.col("measured_from") <= since).select("person_id")
    rows = evidence.activities.join(there, on="person_id", how="semi")
    wide = (
        rows.group_by("person_id")
        .agg(
            pl.col("done_count").filter(pl.col("block") == 0).sum().alias("late"),
            pl.col("done_count").filter(pl.col("block") == 1).sum().alias("early"),
        )
        .sort("person_id")
    )
    late, early = wide["late"].to_numpy().astype(np.float64), wide["early"].to_numpy().astype(np.float64)
    ids = wide["person_id"].to_numpy().astype(np.int64)
    total = late + early
    peers = np.isin(ids, np.array(sorted(reference), dtype=np.int64)) & (total > 0)
    lean = late[peers].sum() / total[peers].sum() if peers.any() else 0.5
    # Holidays fall into one half for everybody: what is left differs from person to person.
    square = (late - lean * total) ** 2 / np.maximum(total * lean * (1 - lean), 1e-9)
    noise = max(float(square[peers].mean()), 1.0) if peers.any() else 1.0
    kept = total >= FEWEST_CASES
    usual = float(np.median(total[kept])) if kept.any() else 1.0
    return Measured(ids[kept], total[kept].astype(np.int64), total[kept], np.full(int(kept.sum()), noise * usual))


def _effort(
    known: Compared, evidence: Evidence, rep_id: int, levers: tuple[Lever, ...], is_ramping: bool
) -> LayerFinding:
    measures, off = [], []
    standing, done = known.activity.of(rep_id), known.done.get(rep_id)
    if done is not None:
        weeks = ACTIVITY_DAYS / 7
        measure = _measure(
            "activities",
            "Activities a week",
            Unit.COUNT,
            done / weeks,
            standing,
            known.activity,
            known,
            rep_id,
            done,
            1 / weeks,
        )
        is_off = standing is not None and standing.chance_bad < MEASURE_LEVEL
        says = f"{words.measure_sentence(measure, evidence.currency)} Calls, mails, meetings and tasks done in "
        measures.append(replace(measure, says=f"{says}the last 13 weeks."))
        if is_off:
            off.append("Activities: below the peers by more than noise")
    return _with_levers("effort", measures, off, levers, is_ramping)


# ---- Knowledge -----------------------------------------------------------------------------------------------------


def _knowledge(known: Compared, evidence: Evidence, rep_id: int) -> LayerFinding:
    gaps = evidence.gaps
    if gaps.is_empty():
        why = "Nobody has written down yet what a rep could not answer."
        return LayerFinding("knowledge", "not_evaluated", why)
    mine = gaps.filter(pl.col("person_id") == rep_id)
    if mine.is_empty():
        why = "No question that stayed open has been written down with this person yet."
        return LayerFinding("knowledge", "not_evaluated", why)
    still = mine.filter("is_open")
    late = still.filter(pl.col("noted_on") <= evidence.as_of - dt.timedelta(days=GAP_DAYS))
    counts = gaps.group_by("person_id").agg(pl.col("is_open").sum().cast(pl.Float64).alias("open"))
    by_person = dict(counts.iter_rows())
    group = known.groups.get(rep_id)
    peers = [
        by_person.get(peer, 0.0) for peer in sorted(known.reference) if peer != rep_id and known.groups[peer] == group
    ]
    enough = len(peers) >= SMALLEST_GROUP
    words_of = f"{numbers.count(still.height)} open of {numbers.plural(mine.height, 'knowledge gap')} noted"
    measure = LayerMeasure(
        key=KNOWLEDGE_GAPS,
        label="Open knowledge gaps",
        value=float(still.height),
        shrunk=None,
        low=None,
        high=None,
        n=mine.height,
        peers_median=float(np.median(peers)) if enough else None,
        peers_top=float(np.quantile(peers, 0.25)) if enough else None,
        peer_count=len(peers),
        unit=str(Unit.COUNT),
        says=f"{words_of}. Counted, not estimated: there is no interval.",
    )
    if late.height:
        why = f"{numbers.plural(late.height, 'knowledge gap')} open for more than {GAP_DAYS} days."
        ids = late.sort("noted_on", "gap_id")["gap_id"]
        return LayerFinding("knowledge", "not_yet", why, (measure,), tuple(f"knowledge_gap:{gap}" for gap in ids))
    return LayerFinding("knowledge", "pass", f"{words_of}; none for more than {GAP_DAYS} days.", (measure,))


# ---- Skill ---------------------------------------------------------------------------------------------------------


def _measured_levels(rows: pl.DataFrame) -> Measured:
    kept = rows.filter(pl.col("adjusted").is_not_null() & (pl.col("variance") > 0)).sort("person_id")
    return Measured(
        kept["person_id"].to_numpy().astype(np.int64),
        kept["level_n"].to_numpy().astype(np.int64),
        kept["adjusted"].to_numpy().astype(np.float64),
        kept["variance"].to_numpy().astype(np.float64),
    )


def _skills(known: Compared, evidence: Evidence, rep_id: int, skill_level: float) -> list[SkillStanding]:
    """Skills of one person that can be compared, in the order of the scorecard."""
    mine = evidence.levels.filter(pl.col("person_id") == rep_id).to_dicts()
    stands = {row["slug"]: known.skills[row["slug"]].of(rep_id) for row in mine}
    tried = sum(found is not None for found in stands.values())
    return [
        _skill(known, row, standing, skill_level / tried, rep_id)
        for row in mine
        if (standing := stands[row["slug"]]) is not None
    ]


def _skill(known: Compared, row: dict[str, Any], standing: Standing, level: float, rep_id: int) -> SkillStanding:
    slug = row["slug"]
    measure = _measure(
        f"skill_level:{slug}",
        row["name"],
        Unit.LEVEL,
        row["level"],
        standing,
        known.skills[slug],
        known,
        rep_id,
        chance=level,
    )
    is_weak, is_strength = standing.chance_bad < level, standing.chance_good < level
    says = words.measure_sentence(measure, "")
    says += f" Compared less the raters' leniency, {numbers.count(standing.own)}; the last 3 released scores."
    return SkillStanding(slug, replace(measure, says=says), standing.chance_bad, is_weak, is_strength)


def _skill_layer(known: Compared, evidence: Evidence, rep_id: int, skills: list[SkillStanding]) -> LayerFinding:
    if evidence.levels.is_empty():
        return LayerFinding("skill", "not_evaluated", "No released score by a coach yet.")
    if not skills:
        mine = evidence.levels.filter(pl.col("person_id") == rep_id)
        if mine.is_empty():
            why = "no released score of this person by a coach yet"
        else:
            slug = mine["slug"][0]
            why = too_few_peers(known.skills[slug].peer_count(rep_id, known.groups.get(rep_id, "")))
        return LayerFinding("skill", "not_evaluated", words.why_not(why))
    measures = tuple(found.measure for found in skills)
    off = [f"{found.measure.label}: below the peers by more than noise" for found in skills if found.is_weak]
    status = "not_yet" if off else "pass"
    return LayerFinding("skill", status, words.layer_reason("skill", status, measures, off), measures)
