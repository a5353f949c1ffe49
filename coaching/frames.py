"""The columns and types that cross layers. Names follow one grammar: _on date, _at UTC timestamp, _count, _share
(0..1), _days, _id, _amount (integer minor units of the reporting currency). Holds no computation."""

from __future__ import annotations

import polars as pl
from polars._typing import SchemaDict

PEOPLE: SchemaDict = {
    "person_id": pl.Int64,
    "external_id": pl.String,
    "name": pl.String,
    "role": pl.String,
    "started_on": pl.Date,
    "left_on": pl.Date,
    "region": pl.String,
    "segment": pl.String,
    "team_id": pl.Int64,
    "team_name": pl.String,
    "manager_id": pl.Int64,
    "manager_name": pl.String,
    "sells": pl.Boolean,
}
"""People in scope with their home team on the day asked for."""

TEAMS: SchemaDict = {
    "team_id": pl.Int64,
    "external_id": pl.String,
    "name": pl.String,
    "parent_id": pl.Int64,
    "leader_id": pl.Int64,
}

MEMBERSHIPS: SchemaDict = {
    "person_id": pl.Int64,
    "team_id": pl.Int64,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
}
"""Home teams; starts_on is never null (0001-01-01 = open-ended backwards), ends_on exclusive, null = still so."""

CLOSED_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "owner_id": pl.Int64,
    "account_id": pl.Int64,
    "product_id": pl.Int64,
    "status": pl.String,
    "opened_on": pl.Date,
    "closed_on": pl.Date,
    "amount": pl.Int64,
    "cost": pl.Int64,
    "list_amount": pl.Int64,
    "lost_reason": pl.String,
    "competitor": pl.String,
}

OPENED_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "owner_id": pl.Int64,
    "opened_on": pl.Date,
    "amount": pl.Int64,
}
"""Deals opened in a period with the owner at opening."""

OPEN_DEALS: SchemaDict = {
    "deal_id": pl.Int64,
    "external_id": pl.String,
    "name": pl.String,
    "owner_id": pl.Int64,
    "account_id": pl.Int64,
    "account_name": pl.String,
    "product_name": pl.String,
    "stage": pl.String,
    "opened_on": pl.Date,
    "expected_close_on": pl.Date,
    "amount": pl.Int64,
    "next_step": pl.String,
    "competitor": pl.String,
}

STAGE_ENTRIES: SchemaDict = {
    "deal_id": pl.Int64,
    "stage": pl.String,
    "entered_on": pl.Date,
    "entered_at": pl.Datetime("us", "UTC"),
}

QUOTAS: SchemaDict = {
    "person_id": pl.Int64,
    "starts_on": pl.Date,
    "ends_on": pl.Date,
    "amount": pl.Int64,
    "started_on": pl.Date,
    "left_on": pl.Date,
}

FACTS: SchemaDict = {
    "rep_key": pl.Int64,
    "team_key": pl.Int64,
    "atom_on": pl.Date,
    "opened_count": pl.Int64,
    "opened_amount_count": pl.Int64,
    "opened_amount": pl.Int64,
    "won_count": pl.Int64,
    "won_amount_count": pl.Int64,
    "won_amount": pl.Int64,
    "lost_count": pl.Int64,
    "lost_amount_count": pl.Int64,
    "lost_amount": pl.Int64,
    "margin_count": pl.Int64,
    "margin_amount": pl.Int64,
    "margin_cost": pl.Int64,
    "discount_count": pl.Int64,
    "discount_amount": pl.Int64,
    "discount_list_amount": pl.Int64,
    "lost_reason_count": pl.Int64,
    "lost_competitor_count": pl.Int64,
    "session_count": pl.Int64,
    "session_minutes": pl.Int64,
    "observation_count": pl.Int64,
}
"""Additive parts of the latest knowledge; 0 in a key = no owner, no team."""

FACT_PARTS = [name for name in FACTS if name not in {"rep_key", "team_key", "atom_on"}]

COACHING_EVENTS: SchemaDict = {
    "person_id": pl.Int64,
    "happened_on": pl.Date,
    "kind": pl.String,
    "label": pl.String,
}
"""Sessions held and observations released, for marks on a time axis."""

ACCOUNTS_LOST: SchemaDict = {
    "account_id": pl.Int64,
    "account_name": pl.String,
    "owner_id": pl.Int64,
    "last_won_on": pl.Date,
    "last_won_amount": pl.Int64,
    "lost_on": pl.Date,
    "competitor": pl.String,
    "reason": pl.String,
}


def empty(schema: SchemaDict) -> pl.DataFrame:
    """A frame with the columns and no row: what "nothing there" looks like in every layer."""
    return pl.DataFrame(schema=schema)
