"""The body of ``python -m data_access diagnose``: diagnoses as JSON or as text, and the entry in the audit trail."""

from __future__ import annotations

import datetime as dt
import json
import sys
from typing import Any

import sqlalchemy as sa

from coaching import numbers
from coaching.diagnosis import Diagnosis, LayerFinding, Lever, not_evaluated, view
from coaching.people import Viewer
from data_access import audit
from data_access.asked_about import seller, why_away
from data_access.engine import reading, writing
from data_access.queries.diagnosis import diagnoses
from data_access.queries.people import sellers
from data_access.settings import settings

NOBODY_THEN = "No file of that day or before says that this person sells."


def printed(
    viewer: Viewer,
    engine: sa.Engine,
    *,
    rep: str | None,
    as_of: dt.date,
    today: dt.date,
    form: str,
    now: dt.datetime,
) -> str:
    """What the command prints: ``form`` "json" or "text". Raises NotPermitted where ``rep`` is nobody in scope who
    sells; of somebody who was not there on ``as_of`` it says so.

    ``rep`` is the person's number, the id in the CRM or the name; without it everybody in scope who sells.
    """
    with reading(engine) as connection:
        ids = None if rep is None else [seller(viewer, connection, rep, today)]
        people = {row["person_id"]: row for row in sellers(viewer, connection, today, today).iter_rows(named=True)}
        found = diagnoses(viewer, connection, rep_ids=ids, as_of=as_of, today=today)
        if not found and ids:
            found = [not_evaluated(ids[0], as_of, why_away(connection, ids[0], as_of) or NOBODY_THEN)]
        currency = settings(connection)["reporting_currency"] or ""
    with writing(engine) as connection:
        detail = {"reps": [one.rep_id for one in found] if rep is not None else len(found), "as_of": as_of.isoformat()}
        audit.record(connection, viewer.person_id, f"read diagnoses as {viewer.role}", detail=detail, now=now)
    if not found:
        print(f"Nobody in view sold on {as_of}: there is nothing to compare.", file=sys.stderr)
    if form == "json":
        rows = [entry(one, people.get(one.rep_id)) for one in found]
        return json.dumps(rows, ensure_ascii=False, indent=2) + "\n"
    return "".join(_text(one, people.get(one.rep_id), currency) for one in found)


def entry(found: Diagnosis, person: dict[str, Any] | None) -> dict[str, Any]:
    """One diagnosis for JSON: money in major units a quarter, shares 0..1, null = no data or nothing stands out."""
    return {
        "rep": found.rep_id,
        "id": person["external_id"] if person else None,
        "name": numbers.plain_name(person["name"]) if person else None,
        "as_of": found.as_of.isoformat(),
        "layer": found.layer,
        "status": found.status,
        "focus": found.focus,
        "lever": found.focus if found.focus_kind == "lever" else None,
        "skill": found.focus if found.focus_kind == "skill" else None,
        "price": _rounded(found.price),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "n": found.n,
        "reason": _plain(found.reason),
        "sentence": _plain(found.sentence),
        "strengths": list(found.strengths),
        "source_ids": list(found.source_ids),
        "since": found.since.isoformat() if found.since else None,
        "until": found.until.isoformat() if found.until else None,
        "layers": [_layer(finding) for finding in found.layers],
        "levers": [_lever(lever) for lever in found.levers],
    }


def _layer(finding: LayerFinding) -> dict[str, Any]:
    measures = [{name: _plain(value) for name, value in vars(measure).items()} for measure in finding.measures]
    return {
        "layer": finding.layer,
        "status": finding.status,
        "reason": _plain(finding.reason),
        "measures": measures,
        "source_ids": list(finding.source_ids),
    }


def _lever(lever: Lever) -> dict[str, Any]:
    money = {"price", "price_low", "price_high"}
    return {name: _rounded(value) if name in money else _plain(value) for name, value in vars(lever).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str):
        # Who reads this with a script looks for "36 %", not for a space that does not break.
        return value.replace(numbers.SPACE, " ")
    return list(value) if isinstance(value, tuple) else value


def _rounded(price: float | None) -> float | None:
    return None if price is None else round(price, 2)


def _text(found: Diagnosis, person: dict[str, Any] | None, currency: str) -> str:
    name = numbers.plain_name(person["name"]) if person else f"Rep {found.rep_id}"
    lines = [f"{name} ({found.rep_id}), as of {found.as_of.isoformat()}: {view.title(found)}", f"  {found.sentence}"]
    if found.focus is not None:
        lines.append(f"  Why this: {found.reason}")
    for finding in found.layers:
        lines.append(f"  {finding.layer.capitalize()}: {view.STATUS_WORDS[finding.status]}. {finding.reason}")
    for row in view.table(found, currency).iter_rows(named=True):
        if row["what"]:
            worth = f" {row['price']}" if row["price"] else ""
            lines.append(f"    {row['what']}: {row['own']} (n {row['n']}), {row['verdict']}.{worth}")
    return "\n".join(lines).replace(numbers.SPACE, " ") + "\n\n"
