"""``roi`` without a file: what the programme's page says, from the shared database, and frozen with --freeze."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from typing import Any

import sqlalchemy as sa

from coaching import numbers, programme_words
from coaching.costs import KINDS
from coaching.people import Viewer
from coaching.roi.rounding import Amounts, rounded
from data_access import audit
from data_access.commands.programme import freeze_evidence
from data_access.engine import reading, writing
from data_access.queries import roi
from data_access.scope import NotPermitted

NOT_YOURS = "Executives, sales leaders and whoever runs the company's data see what the programme changed."


def printed(
    viewer: Viewer, engine: sa.Engine, arguments: argparse.Namespace, *, today: dt.date, now: dt.datetime
) -> str:
    """What is printed. Raises NotPermitted for whoever sees no programme, CommandRefused where it cannot be frozen."""
    as_of = arguments.as_of or today
    changes: list[str] = []
    if arguments.freeze:
        with writing(engine) as connection:
            number = freeze_evidence(viewer, connection, as_of=as_of, reason=arguments.reason, now=now)
        with reading(engine) as connection:
            found = roi.frozen_result(viewer, connection, number)
            changes = roi.changed_since_frozen(viewer, connection, number)
    else:
        number = None
        with reading(engine) as connection:
            found = roi.evidence(viewer, connection, as_of=as_of, today=today)
        if found is not None:
            with writing(engine) as connection:
                audit.record(connection, viewer.person_id, f"read evidence as {viewer.role}", now=now)
    if found is None:
        raise NotPermitted(NOT_YOURS)
    taken = dt.date.fromisoformat(found["as_of"])
    if taken != as_of:
        print(f"{numbers.day(as_of)} has not come yet: {numbers.day(taken)} was taken instead.", file=sys.stderr)
    if arguments.format == "json":
        kept = {"frozen": number, "changes": changes} if number is not None else {}
        return json.dumps({**found, **kept}, indent=1, allow_nan=False) + "\n"
    return "\n".join(_lines(found, number, changes)) + "\n"


def _lines(found: dict[str, Any], number: int | None, changes: list[str]) -> list[str]:
    said = found["said"]
    lines = [said["visible"], f"{said['badge']}. {said['sentence']}"]
    lines += [said["money_sentence"]] if said["money_sentence"] else []
    lines += filter(None, said["reason_sentences"])
    lines += [found["words"][key] for key in ("dip", "placebo", "breakdown", "before_after") if found["words"][key]]
    lines += ["", "Money", *_money_lines(found)]
    lines += ["", "Cost", *_cost_lines(found)]
    lines += ["", "Levels", *_ladder_lines(found)]
    if said["shows_estimate"]:
        lines += ["", "Checks", *_check_lines(found)]
    for one in found["lotteries"]:
        why = one["words"] or one["why_not"]
        lines += ["", f"Drawn order {one['lottery_id']} (seed {one['seed']}): {one['hypothesis']}", why]
    lines += ["", "What we cannot claim:", *(f"- {claim}" for claim in said["cannot_claim"])]
    lines += ["", *_method_lines(found)]
    if number is not None:
        lines += ["", f"Frozen as result {number}.", *changes]
    return lines


def _money_lines(found: dict[str, Any]) -> list[str]:
    worth, currency = found["money"], found["currency"]
    if not worth["shown"]:
        return [worth["why"]]
    parts = [f"{step['what']}: {numbers.money(step['amount'], currency)}" for step in worth["bridge"]]
    net, given, write = worth["net"], worth["inputs"], programme_words.amounts(found)
    error = given["se"] * given["rep_months"] * given["margin"] * given["realisation"]
    left, low, high = (numbers.money(rounded(net[key], error), currency) for key in ("value", "low", "high"))
    least = write.say(worth["break_even_effect"], given["se"])
    return [
        *parts,
        f"Left: {left} (between {low} and {high})",
        f"It pays if it adds at least {least} per rep and month.",
        f"Paid back: {worth['payback_words']}.",
    ]


def _cost_lines(found: dict[str, Any]) -> list[str]:
    cost, currency = found["cost"], found["currency"]
    lines = []
    for row in cost["kinds"]:
        hours = f", {numbers.count(round(row['hours']))} hours" if row["hours"] else ""
        lines.append(f"{KINDS.get(row['kind'], row['kind'])}: {numbers.money(row['amount'], currency)}{hours}")
    total = cost["note"] if cost["total"] is None else f"In all: {numbers.money(cost['total'], currency)}"
    # Results that were frozen before the rule have neither.
    said = [cost.get("rule", ""), cost.get("later_words", "")]
    return [*lines, total, *(words for words in said if words)]


def _ladder_lines(found: dict[str, Any]) -> list[str]:
    lines = []
    for rung in found["ladder"]:
        steps = [
            f"{step['what']} {step['value']}" + (f" ({step['interval']})" if step["interval"] else "")
            for step in rung["steps"]
        ]
        lines.append(f"{rung['level']} {rung['name']}: {'; '.join(steps) or rung['note']}")
    return lines


def _check_lines(found: dict[str, Any]) -> list[str]:
    lines, write = [], programme_words.amounts(found)
    for check in found["checks"]:
        one = check.get("estimate")
        if one is not None:
            middle, low, high = (_said(write, one, key) for key in ("estimate", "low", "high"))
            lines.append(f"{check['label']}: {middle} ({low} to {high})")
        elif "share" not in check:
            lines.append(f"{check['label']}: {check['why_not']}")
    return lines


def _said(write: Amounts, one: dict[str, Any], key: str) -> str:
    """A figure with the digits that its error allows."""
    return numbers.NO_DATA if one[key] is None else write.say(one[key], one["se"] or 0.0)


def _method_lines(found: dict[str, Any]) -> list[str]:
    months = found["months"]
    span = f"{months['count']} months, {months['first']} to {months['last']}" if months["count"] else "no month"
    return [
        f"As of {found['as_of']}: {span}, {found['outcome']} per rep and month.",
        f"Definitions {found['definition_version']}, data {found['data_hash'][:12]}, code {found['code_version']}.",
    ]
