"""The plain columns of every kind of import: what leaves the importers, whatever the file looked like."""

from __future__ import annotations

import polars as pl

CRM_KINDS = ("people", "deals", "accounts", "products", "quotas", "stage-history", "activities", "calls")
COACHING_KINDS = ("sessions", "observations", "plans", "absences", "holidays", "policy", "costs")
"""What companies have recorded about their coaching elsewhere; see ``coaching_files``."""
KINDS = (*CRM_KINDS, *COACHING_KINDS)

INSTANT = pl.Datetime("us", "UTC")
_TEXT, _DAY, _MONEY, _FLAG, _NUMBER, _REAL = pl.String, pl.Date, pl.Int64, pl.Boolean, pl.Int64, pl.Float64

# Money is in minor units of the row's currency (JPY 1, USD 100, BHD 1000 to the unit).
_PLAIN: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "people": {
        "key": _TEXT,
        "id": _TEXT,
        "name": _TEXT,
        "email": _TEXT,
        "role": _TEXT,
        "manager": _TEXT,
        "team": _TEXT,
        "started_on": _DAY,
        "left_on": _DAY,
        "region": _TEXT,
        "segment": _TEXT,
        "active": _FLAG,
    },
    "deals": {
        "key": _TEXT,
        "id": _TEXT,
        "name": _TEXT,
        "owner": _TEXT,
        "account": _TEXT,
        "product": _TEXT,
        "stage": _TEXT,
        "status": _TEXT,
        "opened_on": _DAY,
        "expected_close_on": _DAY,
        "closed_on": _DAY,
        "amount": _MONEY,
        "currency": _TEXT,
        "cost": _MONEY,
        "list_amount": _MONEY,
        "next_step": _TEXT,
        "lost_reason": _TEXT,
        "competitor": _TEXT,
        "deleted": _FLAG,
    },
    "accounts": {
        "key": _TEXT,
        "id": _TEXT,
        "name": _TEXT,
        "sector": _TEXT,
        "region": _TEXT,
        "parent": _TEXT,
        "employees": _NUMBER,
    },
    "products": {
        "key": _TEXT,
        "id": _TEXT,
        "name": _TEXT,
        "series": _TEXT,
        "list_amount": _MONEY,
        "currency": _TEXT,
    },
    "quotas": {"key": _TEXT, "rep": _TEXT, "from": _DAY, "to": _DAY, "amount": _MONEY, "currency": _TEXT},
    "stage-history": {
        "key": _TEXT,
        "deal": _TEXT,
        "stage": _TEXT,
        "status": _TEXT,
        "entered_at": INSTANT,
        "amount": _MONEY,
        "currency": _TEXT,
        "owner": _TEXT,
    },
    "activities": {
        "key": _TEXT,
        "id": _TEXT,
        "deal": _TEXT,
        "rep": _TEXT,
        "at": INSTANT,
        "kind": _TEXT,
        "planned": _FLAG,
    },
    "calls": {
        "key": _TEXT,
        "id": _TEXT,
        "rep": _TEXT,
        "account": _TEXT,
        "deal": _TEXT,
        "started_at": INSTANT,
        "seconds": _NUMBER,
        "direction": _TEXT,
        "supervisor": _TEXT,
        "mode": _TEXT,
    },
    "sessions": {
        "key": _TEXT,
        "id": _TEXT,
        "rep": _TEXT,
        "coach": _TEXT,
        "kind": _TEXT,
        "planned_on": _DAY,
        "held_at": INSTANT,
        "status": _TEXT,
        "missed_by": _TEXT,
        "minutes": _NUMBER,
        "method": _TEXT,
        "angle": _TEXT,
        "skill": _TEXT,
        "trigger": _TEXT,
        "tone": _TEXT,
        "questions": _NUMBER,
        "instructions": _NUMBER,
    },
    "observations": {
        "key": _TEXT,
        "id": _TEXT,
        "rep": _TEXT,
        "observer": _TEXT,
        "observed_at": INSTANT,
        "channel": _TEXT,
        "mode": _TEXT,
        "scorecard": _TEXT,
        "skill": _TEXT,
        "level": _NUMBER,
        "evidence": _TEXT,
        "visibility": _TEXT,
    },
    "plans": {
        "key": _TEXT,
        "id": _TEXT,
        "rep": _TEXT,
        "coach": _TEXT,
        "metric": _TEXT,
        "baseline": _REAL,
        "target": _REAL,
        "target_kind": _TEXT,
        "agreed_on": _DAY,
        "due_on": _DAY,
        "why": _TEXT,
    },
    "absences": {"key": _TEXT, "rep": _TEXT, "from": _DAY, "to": _DAY, "reason": _TEXT},
    "holidays": {"key": _TEXT, "date": _DAY, "region": _TEXT, "name": _TEXT},
    "policy": {"key": _TEXT, "role": _TEXT, "every_days": _NUMBER, "tolerance_days": _NUMBER, "from": _DAY},
    "costs": {
        "key": _TEXT,
        "from": _DAY,
        "to": _DAY,
        "kind": _TEXT,
        "amount": _MONEY,
        "currency": _TEXT,
        "rep": _TEXT,
        "coach": _TEXT,
        "programme": _TEXT,
    },
}

LINE_AND_RAW: dict[str, pl.DataType | type[pl.DataType]] = {"line": pl.Int64, "raw": pl.String}
RECORD_SCHEMAS: dict[str, pl.Schema] = {kind: pl.Schema({**plain, **LINE_AND_RAW}) for kind, plain in _PLAIN.items()}
REJECTION_SCHEMA = pl.Schema({"line": pl.Int64, "reason": pl.String, "raw": pl.String})


def plain_fields(kind: str) -> tuple[str, ...]:
    """Return the plain columns of a kind, in order, without ``key``, ``line`` and ``raw``."""
    return tuple(name for name in _PLAIN[kind] if name != "key")
