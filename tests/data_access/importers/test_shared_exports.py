"""The exports that nobody in this project wrote: read as a new user would, without a mapping."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from data_access.importers.records import ImportRefused, Records, preview, read_records


def read(shared: Path, kind: str, file: str) -> Records:
    records = read_records(kind, shared / "data" / file, default_currency="USD")
    assert records.read == records.accepted + records.rejections.height + records.ignored
    return records


def test_the_maven_deals_equal_a_recount_of_the_file(shared: Path) -> None:
    records = read(shared, "deals", "maven_crm/sales_pipeline.csv")
    with (shared / "data/maven_crm/sales_pipeline.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    stages = Counter(row["deal_stage"] for row in rows)
    statuses = Counter(records.frame["status"].to_list())
    assert (records.read, records.accepted, records.rejections.height) == (len(rows), len(rows), 0)
    assert (statuses["won"], statuses["lost"]) == (stages["Won"], stages["Lost"])
    assert statuses["open"] == stages["Engaging"] + stages["Prospecting"]
    won = sum(int(row["close_value"]) for row in rows if row["deal_stage"] == "Won")
    assert records.frame["amount"].sum() == won * 100
    closed = {row["opportunity_id"]: row["close_date"] for row in rows if row["close_date"]}
    read_closed = records.frame.filter(records.frame["closed_on"].is_not_null())
    assert {key: f"{day}" for key, day in read_closed.select("key", "closed_on").rows()} == closed
    assert {"win_rate_value", "lost_amount", "open_pipeline", "margin", "discount"} <= set(records.cannot_compute)
    assert "win_rate_count" not in records.cannot_compute


def test_the_maven_people_accounts_and_products_are_read(shared: Path) -> None:
    people = read(shared, "people", "maven_crm/sales_teams.csv")
    assert (people.accepted, people.frame["manager"].n_unique(), people.frame["team"].n_unique()) == (35, 6, 3)
    accounts = read(shared, "accounts", "maven_crm/accounts.csv")
    assert accounts.accepted == 85
    assert accounts.frame["parent"].drop_nulls().n_unique() > 1
    products = read(shared, "products", "maven_crm/products.csv")
    assert dict(products.frame.select("name", "list_amount").rows())["GTX Pro"] == 482_100


@pytest.mark.parametrize(
    ("kind", "file"),
    [
        ("deals", "fivetran_salesforce/seeds/sf_opportunity_data.csv"),
        ("people", "fivetran_salesforce/seeds/sf_user_data.csv"),
        ("accounts", "fivetran_salesforce/seeds/sf_account_data.csv"),
        ("activities", "fivetran_salesforce/seeds/sf_event_data.csv"),
        ("activities", "fivetran_salesforce/seeds/sf_task_data.csv"),
        ("deals", "fivetran_hubspot/seeds/deal_data.csv"),
        ("people", "fivetran_hubspot/seeds/owner_data.csv"),
        ("accounts", "fivetran_hubspot/seeds/company_data.csv"),
        ("stage-history", "fivetran_hubspot/seeds/deal_stage_data.csv"),
    ],
)
def test_every_row_of_a_connectors_table_is_accepted(shared: Path, kind: str, file: str) -> None:
    records = read(shared, kind, file)
    with (shared / "data" / file).open(encoding="utf-8", newline="") as stream:
        count = sum(1 for _ in csv.DictReader(stream))
    assert (records.accepted, records.rejections.height) == (count, 0)


def test_snapshots_of_deals_are_no_stage_history(shared: Path) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(shared, "stage-history", "fivetran_salesforce/seeds/sf_opportunity_history_data.csv")
    assert refused.value.mapping_key == "columns.deal"


@pytest.mark.parametrize(
    ("stub", "kind", "fields"),
    [
        ("hubspot_ui_deals", "deals", {"id", "name", "stage", "close_on", "owner", "amount", "product"}),
        ("hubspot_ui_deals_with_stages", "deals", {"id", "name", "stage", "opened_on", "owner", "lost_reason"}),
        (
            "pipedrive_list_deals",
            "deals",
            {"id", "name", "amount", "opened_on", "closed_on", "stage", "status", "account"},
        ),
        ("pipedrive_list_deals_wide", "deals", {"stage", "name", "owner", "amount", "account", "expected_close_on"}),
        (
            "sf_dataexport_opportunity",
            "deals",
            {"id", "deleted", "account", "is_won", "is_closed", "owner", "next_step"},
        ),
        ("sf_dataexport_account", "accounts", {"id", "name", "parent", "sector", "employees"}),
        ("sf_dataexport_event", "activities", {"id", "deal", "at", "rep", "kind"}),
        ("sf_dataexport_opportunityhistory", "stage-history", {"deal", "stage", "entered_at", "amount"}),
        ("sf_report_opportunity_field_history", "stage-history", {"deal", "stage", "entered_at", "field"}),
        ("sf_report_opportunity_history", "stage-history", {"deal", "stage", "entered_at", "from_stage"}),
        ("sfdmu", "deals", {"name", "stage", "close_on", "account"}),
        ("zoho_export_deals", "deals", {"id", "name", "account", "stage", "close_on", "amount"}),
    ],
)
def test_an_observed_header_is_understood(shared: Path, stub: str, kind: str, fields: set[str]) -> None:
    file = shared / "data" / "crm_export_headers" / "header_stubs" / f"{stub}.csv"
    assert fields <= {field for field, header in preview(kind, file).mapping.columns.items() if header}
    with pytest.raises(ImportRefused, match="no rows"):
        read_records(kind, file)
