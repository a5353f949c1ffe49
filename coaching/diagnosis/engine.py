"""Puts a diagnosis together: levers, layers, the focus and the sentence. Pure: evidence in, diagnoses out."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from coaching.diagnosis import layers, words
from coaching.diagnosis.cases import cases_of, counted, sources_of, totals_of, values_of, worth_of_a_next_step
from coaching.diagnosis.definitions import DEFINITIONS, LeverDefinition
from coaching.diagnosis.evidence import Evidence, too_few_peers
from coaching.diagnosis.measuring import FEWEST_CASES, measured_counts, measured_values
from coaching.diagnosis.pricing import level, price
from coaching.diagnosis.result import (
    LEVERS,
    Diagnosis,
    LayerFinding,
    LayerMeasure,
    Lever,
    compared_figures,
    not_evaluated,
    person_source,
)
from coaching.diagnosis.standing import Standing, Standings, critical, standings
from coaching.metrics import Unit
from coaching.peers import SMALLEST_GROUP

LEVER_LEVEL = 0.12
"""Chance that any lever of somebody like their peers is called out, all levers together."""
SKILL_LEVEL = 0.01
"""The same for all skills together. docs/diagnosis.md holds what the two come to over 20 made-up companies."""


@dataclass(frozen=True)
class Company:
    """What is the same for everybody who is asked about: made once for a day, then asked about people one by one."""

    evidence: Evidence
    sources: dict[str, dict[int, tuple[str, ...]]]
    """Per lever the latest rows that show it, of each person."""
    totals: dict[int, dict[str, Any]]
    groups: dict[int, str]
    compared: dict[str, Standings]
    """Per lever."""
    values: dict[str, dict[int, tuple[float | None, int]]]
    """Per lever and person: the figure as counted and its n."""
    case_counts: dict[str, dict[int, int]]
    """Per lever and person: the cases there are to compare."""
    step_worth: tuple[float, float] | None
    layers: layers.Compared


def diagnosed(evidence: Evidence, rep_ids: list[int]) -> list[Diagnosis]:
    """One Diagnosis per id, in the order given; of ids that are not among the people, why there is none."""
    company = compare(evidence)
    return [diagnosis(company, rep_id) for rep_id in rep_ids]


def compare(evidence: Evidence) -> Company:
    """Everybody in ``evidence`` made ready for ``diagnosis``: what is dear, and the same whoever is asked about."""
    rows = counted(evidence)
    totals = totals_of(rows, evidence)
    people = evidence.people
    groups = dict(people.select("person_id", "group").iter_rows())
    reference = frozenset(people.filter("is_reference")["person_id"].to_list())
    compared, values, case_counts = {}, {}, {}
    for key in LEVERS:
        definition = DEFINITIONS[key]
        if definition.kind == "count":
            measured, cases = measured_counts(rows.opened, people, evidence.window), rows.opened
        else:
            cases = cases_of(key, rows, evidence)
            measured = measured_values(cases, people, evidence.window, definition.kind)
        case_counts[key] = dict(cases.drop_nulls().group_by("person_id").agg(pl.len()).sort("person_id").iter_rows())
        compared[key] = standings(measured, groups, reference, definition.is_good_up)
        found = values_of(key, rows, evidence, totals)
        values[key] = {row["person_id"]: (row["value"], row["n"]) for row in found.iter_rows(named=True)}
    return Company(
        evidence=evidence,
        sources={key: sources_of(key, rows, evidence) for key in LEVERS},
        totals={row["person_id"]: row for row in totals.iter_rows(named=True)},
        groups=groups,
        compared=compared,
        values=values,
        case_counts=case_counts,
        # Of peers only: who else is asked about must not change what a next step is worth.
        step_worth=worth_of_a_next_step(rows.only(sorted(reference))),
        layers=layers.compared(evidence, totals, groups, reference),
    )


def diagnosis(company: Company, rep_id: int) -> Diagnosis:
    """The diagnosis of one person; of somebody who is not among the people, why there is none."""
    evidence = company.evidence
    if rep_id not in company.groups:
        return not_evaluated(rep_id, evidence.as_of, "Nothing says that this person sells on that day.")
    stands = {key: company.compared[key].of(rep_id) for key in LEVERS}
    tried = sum(found is not None for found in stands.values())
    judged = {key: _judged(company, rep_id, key, stands[key], tried) for key in LEVERS}
    levers = tuple(lever for lever, _ in judged.values())
    findings, skills = layers.findings(
        company.layers, evidence, rep_id, levers, SKILL_LEVEL, _is_ramping(company, rep_id)
    )
    strengths = layers.strengths(findings, levers)
    chances = {key: found.chance_bad for key, found in stands.items() if found is not None}
    focus = _focus(judged)
    since, until = max(evidence.from_on, _own_start(company, rep_id)), evidence.window.end
    span = words.span_words(since, until, evidence.as_of)
    parts: dict[str, Any]
    if focus is not None:
        parts = _lever_focus(company, rep_id, focus, judged, chances, tried, span)
    else:
        weak = min((found for found in skills if found.is_weak), key=lambda found: found.chance, default=None)
        if weak is not None:
            parts = _skill_focus(weak, len(skills), rep_id)
        else:
            parts = _no_focus(company, rep_id, findings, span)
    told = [words.strength_words(strengths, levers), parts.pop("told")]
    return Diagnosis(
        rep_id=rep_id,
        as_of=evidence.as_of,
        layers=findings,
        levers=levers,
        strengths=strengths,
        sentence=" ".join(part for part in told if part),
        since=since,
        until=until,
        **parts,
    )


def _own_start(company: Company, rep_id: int) -> dt.date:
    """First day of a person that counts."""
    mine = company.evidence.people.filter(pl.col("person_id") == rep_id)
    first: dt.date = mine["measured_from"][0]
    return first


def _is_ramping(company: Company, rep_id: int) -> bool:
    return _own_start(company, rep_id) > company.evidence.window.end


# ---- Levers --------------------------------------------------------------------------------------------------------


def _judged(company: Company, rep_id: int, key: str, standing: Standing | None, tried: int) -> tuple[Lever, float]:
    """A lever and its reliable value: what that part of its gap is worth which stands out; 0 where none does."""
    definition, evidence = DEFINITIONS[key], company.evidence
    value, n = company.values[key].get(rep_id, (None, 0))
    base = _base(company, key, definition, standing) if standing else None
    if standing is None or base is None:
        return _bare(company, rep_id, key, value, n), 0.0
    level_of_one = LEVER_LEVEL / tried
    bound = critical(level_of_one, standing.freedom)
    found = price(definition, standing, company.totals[rep_id], base, company.step_worth, bound, evidence.minor)

    def unit(deviation: float) -> float:
        amount = base * level(definition, deviation)
        return min(amount, 1.0) if definition.unit is Unit.SHARE else amount

    is_reliable = standing.chance_bad < level_of_one
    lever = Lever(
        key=key,
        label=definition.label,
        value=value,
        n=n,
        low=unit(standing.low),
        high=unit(standing.high),
        peers_median=unit(standing.median),
        peers_top=unit(standing.top),
        target=found.target if found else "median",
        price=found.value if found else None,
        price_low=found.low if found else None,
        price_high=found.high if found else None,
        is_reliable=is_reliable,
        is_strength=standing.chance_good < level_of_one,
        says="",
        unit=str(definition.unit),
        shrunk=unit(standing.shrunk),
        noise_share=standing.noise_share(definition.is_good_up, bound),
        peer_count=len(standing.peer_ids),
        source_ids=company.sources[key].get(rep_id, ()),
        compared_n=standing.n,
    )
    chance = standing.chance_bad if is_reliable else standing.chance_good
    lever = _said(lever, words.lever_sentence(lever, definition, evidence.currency, chance, tried))
    return lever, max(found.reliable, 0.0) if found else 0.0


def _said(lever: Lever, says: str) -> Lever:
    return Lever(**{**vars(lever), "says": says})


def _bare(company: Company, rep_id: int, key: str, value: float | None, n: int) -> Lever:
    """A lever that cannot be compared, and why."""
    definition, evidence = DEFINITIONS[key], company.evidence
    known = company.compared[key]
    peers = known.peer_count(rep_id, company.groups[rep_id])
    cases = company.case_counts[key].get(rep_id, 0)
    if not len(known.measured.person_id) or (value is None and not company.values[key]):
        why = definition.no_data
    elif _is_ramping(company, rep_id):
        why = "still ramping"
    elif known.measured.of(rep_id) is None:
        why = words.too_few_cases(cases, definition.cases, FEWEST_CASES)
    elif peers < SMALLEST_GROUP:
        why = too_few_peers(peers)
    else:
        why = definition.no_data
    return Lever(
        key=key,
        label=definition.label,
        value=value,
        n=n,
        low=None,
        high=None,
        peers_median=None,
        peers_top=None,
        target="median",
        price=None,
        price_low=None,
        price_high=None,
        is_reliable=False,
        is_strength=False,
        says=words.not_compared(value, definition, n, evidence.currency, why),
        unit=str(definition.unit),
        peer_count=peers,
        source_ids=company.sources[key].get(rep_id, ()),
        compared_n=cases,
    )


def _base(company: Company, key: str, definition: LeverDefinition, standing: Standing) -> float | None:
    """What the lever comes to at a deviation of 0: the median over the peers; None where they have no such figure."""
    measured, values = company.compared[key].measured, company.values[key]
    bases = []
    for peer in standing.peer_ids:
        value, place = values.get(peer, (None, 0))[0], measured.of(peer)
        if value is not None and place is not None:
            bases.append(value / level(definition, float(measured.own[place])))
    return float(np.median(bases)) if len(bases) >= SMALLEST_GROUP else None


# ---- The focus -----------------------------------------------------------------------------------------------------


def _focus(judged: dict[str, tuple[Lever, float]]) -> Lever | None:
    """Of the levers that stand out the one with the highest reliable value; of equal ones the first."""
    out = [(worth, -place, lever) for place, (lever, worth) in enumerate(judged.values()) if lever.is_reliable]
    return max(out, key=lambda found: found[:2])[2] if out else None


def _lever_focus(
    company: Company,
    rep_id: int,
    lever: Lever,
    judged: dict[str, tuple[Lever, float]],
    chances: dict[str, float],
    tried: int,
    span: str,
) -> dict[str, Any]:
    rivals = sum(other.is_reliable for other, _ in judged.values()) - 1
    currency = company.evidence.currency
    return {
        "focus": lever.key,
        "focus_kind": "lever",
        "focus_label": lever.label,
        "layer": DEFINITIONS[lever.key].layer,
        "status": "not_yet",
        "price": lever.price,
        "low": lever.price_low,
        "high": lever.price_high,
        "n": lever.n,
        "reason": words.reason_for(lever, chances[lever.key], rivals, tried, currency),
        "told": words.focus_words(lever, currency, span),
        "source_ids": lever.source_ids or (person_source(rep_id),),
    }


def _skill_focus(weak: layers.SkillStanding, tried: int, rep_id: int) -> dict[str, Any]:
    return {
        "focus": weak.slug,
        "focus_kind": "skill",
        "focus_label": weak.measure.label,
        "layer": "skill",
        "status": "not_yet",
        "n": weak.measure.n,
        "reason": words.reason_for_skill(weak.measure, weak.chance, tried),
        "told": words.skill_words(weak.measure),
        "source_ids": (person_source(rep_id),),
    }


def _no_focus(company: Company, rep_id: int, findings: tuple[LayerFinding, ...], span: str) -> dict[str, Any]:
    open_ones = [finding for finding in findings if finding.status == "not_yet"]
    passed = any(finding.status == "pass" for finding in findings)
    figures = compared_figures(findings)
    told = _counted(figures) if figures else ""
    unknown = words.STILL_RAMPING if _is_ramping(company, rep_id) else findings[0].reason
    if open_ones:
        reason = words.still_open(open_ones, told, span, unknown)
    elif figures:
        usual = sum(abs(figure.noise_share or 0.0) <= 1 for figure in figures)
        reason = words.no_focus(told, usual, len(figures), max(figure.peer_count for figure in figures), span)
    else:
        reason = unknown
    # A layer that is open without a lever or skill of it being the focus is so for the first of its own measures.
    n = open_ones[0].measures[0].n if open_ones else company.totals[rep_id]["closed_count"]
    return {
        "layer": open_ones[0].layer if open_ones else None,
        "status": "not_yet" if open_ones else "pass" if passed else "not_evaluated",
        "n": n,
        "reason": reason,
        "told": reason,
        "source_ids": (open_ones[0].source_ids if open_ones else ()) or (person_source(rep_id),),
    }


def _counted(figures: list[LayerMeasure]) -> str:
    levers = sum(figure.key in LEVERS for figure in figures)
    skills = sum(figure.key.startswith("skill_level:") for figure in figures)
    return words.counted(len(figures), levers, skills)
