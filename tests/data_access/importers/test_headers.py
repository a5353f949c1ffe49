"""What columns mean by their names: general rules over one alias table, tried on header sets of many systems."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from data_access.importers.headers import guess, header_currency, squash, stage_of_header
from data_access.importers.mapping import Mapping
from data_access.importers.refusal import ImportRefused, Questions


def guessed(kind: str, headers: str | list[str], rows: list[str] | None = None) -> dict[str, str]:
    """The guessed columns of a header line, with one row of cells or none."""
    names = headers.split(",") if isinstance(headers, str) else headers
    schema = {str(position): pl.String for position in range(len(names))}
    cells = pl.DataFrame([rows] if rows else [], schema=schema, orient="row")
    mapping, _ = guess(kind, names, cells, Mapping(), Questions())
    return {field: header for field, header in mapping.columns.items() if header}


def test_the_plain_columns_are_themselves() -> None:
    for kind, plain in {
        "people": "id,name,email,role,manager,team,started_on,left_on",
        "deals": "id,owner,account,product,stage,status,opened_on,expected_close_on,closed_on,amount,currency,cost,"
        "list_amount,next_step,lost_reason,competitor",
        "quotas": "rep,from,to,amount,currency",
        "stage-history": "deal,stage,entered_at",
        "activities": "id,deal,rep,at,kind,planned",
        "calls": "id,rep,account,deal,started_at,seconds,direction,supervisor,mode",
    }.items():
        assert guessed(kind, plain) == {name: name for name in plain.split(",")}


def test_salesforces_data_export_is_known() -> None:
    columns = guessed(
        "deals",
        "Id,IsDeleted,AccountId,Name,StageName,Amount,Probability,ExpectedRevenue,CloseDate,NextStep,IsClosed,IsWon,"
        "OwnerId,CreatedDate,LastModifiedDate,SystemModstamp,FiscalYear,MainCompetitors__c",
    )
    assert columns == {
        "id": "Id",
        "deleted": "IsDeleted",
        "account": "AccountId",
        "name": "Name",
        "stage": "StageName",
        "amount": "Amount",
        "close_on": "CloseDate",
        "next_step": "NextStep",
        "is_closed": "IsClosed",
        "is_won": "IsWon",
        "owner": "OwnerId",
        "opened_on": "CreatedDate",
        "competitor": "MainCompetitors__c",
    }


def test_a_dynamics_export_is_known_by_its_hidden_first_column() -> None:
    columns = guessed(
        "deals",
        "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Account,"
        "Est. close date,Est. revenue,Actual revenue,Actual close date,Pipeline Phase,Status,Status Reason,Owner,"
        "Created On,Currency",
    )
    assert columns["id"] == "(Do Not Modify) Opportunity"
    assert columns["expected_close_on"] == "Est. close date"
    assert columns["closed_on"] == "Actual close date"
    assert (columns["amount"], columns["won_amount"]) == ("Est. revenue", "Actual revenue")


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Deal - Owner", "owner"),
        ("Deal - Deal created", "opened_on"),
        ("Organization - Name", "account"),
        ("Account.Name", "account"),
        ("Owner: Full Name", "owner"),
        ("property_dealname", "name"),
        ("property_closedate", "close_on"),
        ("hs_closed_won_date", "won_on"),
        ("sales_agent", "owner"),
        ("engage_date", "opened_on"),
        ("close_value", "amount"),
        ("Amount (EUR)", "amount"),
        ("Deal Value in USD", "amount"),
        ("Closing Date", "close_on"),
        ("Actual Close Date", "closed_on"),
        ("Expected Close Date", "expected_close_on"),
        ("Closed Lost Reason", "lost_reason"),
        ("Competitor__c", "competitor"),
        ("Abschlussdatum", "close_on"),
        ("Propriétaire de la transaction", "owner"),
        ("Etapa del negocio", "stage"),
        ("Verwachte sluitingsdatum", "expected_close_on"),
        ("Nome do negócio", "name"),
        ("Importo", "amount"),
    ],
)
def test_a_header_of_a_deal_is_known_whatever_its_dress(header: str, field: str) -> None:
    assert guessed("deals", [header]) == {field: header}


def test_translated_headers_of_every_kind_are_known() -> None:
    assert set(guessed("people", "Vorname,Nachname,E-Mail,Vorgesetzter,Abteilung,Eintrittsdatum")) == {
        *("first_name", "last_name", "email", "manager", "team", "started_on")
    }
    assert set(guessed("accounts", "Société,Secteur,Effectif,Pays")) == {"name", "sector", "employees", "region"}
    assert set(guessed("quotas", "Vendedor,Desde,Hasta,Cuota")) == {"rep", "from", "to", "amount"}


def test_a_blank_column_gives_way_to_the_next_best_and_the_result_says_so() -> None:
    columns = guessed("deals", "Owner,Assigned To,Stage", ["", "Ann", "Won"])
    assert columns["owner"] == "Assigned To"
    cells = pl.DataFrame([["", "Ann"]], schema={"0": pl.String, "1": pl.String}, orient="row")
    _, notes = guess("deals", ["Owner", "Assigned To"], cells, Mapping(), Questions())
    assert notes == ['owner is read from "Assigned To": "Owner" holds nothing.']


def test_a_state_of_the_union_is_no_status() -> None:
    assert "status" not in guessed("deals", "Name,Stage,State", ["A", "Won", "New York"])
    assert guessed("deals", "Name,Stage,State", ["A", "Offer", "Lost"])["status"] == "State"


def test_a_name_is_preferred_to_an_id_unless_it_belongs_to_two() -> None:
    headers = ["Id", "Stage", "Owner Id", "Owner Name"]
    schema = {str(position): pl.String for position in range(4)}
    for second, expected in (("u1", "Owner Name"), ("u2", "Owner Id")):
        cells = pl.DataFrame(
            [["1", "Won", "u1", "Ann Lee"], ["2", "Won", second, "ann lee"]], schema=schema, orient="row"
        )
        mapping, notes = guess("deals", headers, cells, Mapping(), Questions())
        assert mapping.columns["owner"] == expected
        assert bool(notes) == (expected == "Owner Id")


def test_two_columns_of_one_name_that_differ_ask_which() -> None:
    headers = ["Id", "Stage", "Amount", "Amount (2)"]
    schema = {str(position): pl.String for position in range(4)}
    with pytest.raises(ImportRefused) as refused:
        guess(
            "deals",
            headers,
            pl.DataFrame([["1", "Won", "5", "7"]], schema=schema, orient="row"),
            Mapping(),
            Questions(),
        )
    assert refused.value.mapping_key == "columns.amount"
    same = pl.DataFrame([["1", "Won", "5", "5"]], schema=schema, orient="row")
    assert guess("deals", headers, same, Mapping(), Questions())[0].columns["amount"] == "Amount"
    chosen = Mapping(columns={"amount": "Amount (2)"})
    assert guess("deals", headers, same, chosen, Questions())[0].columns["amount"] == "Amount (2)"


def test_an_empty_header_in_the_mapping_turns_a_guess_off() -> None:
    cells = pl.DataFrame(schema={"0": pl.String, "1": pl.String})
    mapping, _ = guess("deals", ["Stage", "Amount"], cells, Mapping(columns={"amount": ""}), Questions())
    assert mapping.columns == {"amount": "", "stage": "Stage"}


@pytest.mark.parametrize(
    ("header", "stage"),
    [
        ('Date entered "Qualified (Sales)"', "Qualified (Sales)"),
        ("Date entered 'Qualified (Sales)'", "Qualified (Sales)"),
        ("Date entered “Qualified (Sales)”", "Qualified (Sales)"),
        ("hs_v2_date_entered_closedwon", "closedwon"),
        ("property_hs_date_entered_123", "123"),
        ("Date entered", None),
        ("Close Date", None),
    ],
)
def test_hubspots_stage_columns_name_their_stage(header: str, stage: str | None) -> None:
    assert stage_of_header(header) == stage


def test_a_header_can_name_the_currency() -> None:
    assert header_currency("Amount (EUR)") == "EUR"
    assert header_currency("Betrag €") == "EUR"
    assert header_currency("Deal Value in USD") == "USD"
    assert header_currency("All deals") is None


def test_squashing_takes_case_accents_and_punctuation() -> None:
    assert squash("Propriétaire  de_la-Transaction") == squash("proprietaire delatransaction")


def test_every_observed_header_set_of_deals_yields_what_an_import_needs(shared: Path) -> None:
    sets = json.loads((shared / "data" / "crm_export_headers" / "headers.json").read_text(encoding="utf-8"))
    seen = 0
    for entry in sets:
        if str(entry["object"]).lower() not in ("deals", "opportunity") or "history" in entry["key"].lower():
            continue
        columns = guessed("deals", entry["columns"])
        assert {"stage", "status"} & set(columns), entry["key"]
        assert {"id", "name"} & set(columns), entry["key"]
        seen += 1
    assert seen >= 8
