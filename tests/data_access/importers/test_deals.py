"""What becomes of a row of deals: its result, its dates, its amounts and currency, its key."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from data_access.importers.records import ImportRefused, Records
from data_access.importers.schemas import RECORD_SCHEMAS
from tests.data_access.importers.written import Read


def columns(records: Records, *names: str) -> list[tuple[Any, ...]]:
    return records.frame.select(names).rows()


# ---- Open, won or lost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("Closed Won", "won"),
        ("06 - Closed/Won (100%)", "won"),
        ("closedwon", "won"),
        ("Gewonnen", "won"),
        ("Cerrada ganada", "won"),
        ("Fermée gagnée", "won"),
        ("Closed Lost", "lost"),
        ("Closed Lost - No Decision", "lost"),
        ("Lost - won by a rival", "lost"),
        ("Perdido", "lost"),
        ("Verloren", "lost"),
        ("Negotiation", "open"),
        ("Engaging", "open"),
        ("Not won yet", "open"),
        ("Win back", "open"),
        ("Qualifizierung", "open"),
    ],
)
def test_a_stage_tells_how_a_deal_stands(read: Read, stage: str, status: str) -> None:
    assert columns(read("deals", f"id,stage\n1,{stage}\n"), "status") == [(status,)]


def test_the_mapping_has_the_last_word_on_stages(read: Read) -> None:
    text = "id,stage\n1,Done deal\n2,closed WON\n3,Offer\n"
    records = read("deals", text, {"status": {"done DEAL": "won", "Closed Won": "open"}})
    assert columns(records, "status") == [("won",), ("open",), ("open",)]
    assert any("won: Done deal" in note for note in records.notes)


def test_flags_beat_words_and_a_closed_deal_that_is_not_won_is_lost(read: Read) -> None:
    records = read("deals", "Id,StageName,IsClosed,IsWon\n1,Zu,1,1\n2,Zu,1,0\n3,Zu,0,0\n4,Closed Won,0,0\n")
    assert columns(records, "status") == [("won",), ("lost",), ("open",), ("open",)]


def test_a_closed_deal_of_which_nothing_says_more_is_rejected(read: Read) -> None:
    records = read("deals", "id,stage,is_closed\n1,Done,true\n2,Closed Won,true\n3,Offer,false\n")
    assert columns(records, "id", "status") == [("2", "won"), ("3", "open")]
    assert "[status]" in records.rejections["reason"][0]


@pytest.mark.parametrize(
    "stage", ["Closed", "06 - CLOSED (100%)", "Geschlossen", "Fermé", "Fermée", "Cerrado", "Chiuso", "Gesloten"]
)
def test_a_stage_that_only_says_closed_is_rejected_rather_than_taken_for_open(read: Read, stage: str) -> None:
    records = read("deals", f"id,stage,Close Date\n1,{stage},2026-01-31\n2,Offer,2026-09-30\n")
    assert columns(records, "id", "status") == [("2", "open")]
    assert "[status]" in records.rejections["reason"][0]
    mapped = read("deals", f"id,stage,Close Date\n1,{stage},2026-01-31\n", {"status": {stage: "won"}})
    assert columns(mapped, "status", "closed_on") == [("won", dt.date(2026, 1, 31))]


def test_a_closed_deal_is_kept_where_anything_says_how_it_ended(read: Read) -> None:
    text = (
        "id,stage,status,is_won,Lost time\n1,Closed,Won,,\n2,Closed Lost,Closed,,\n3,Closed,,true,\n"
        "4,Closed,,,2026-02-28\n5,Closed,Open,,\n6,Offer,Closed,,\n"
    )
    records = read("deals", text)
    assert columns(records, "id", "status") == [("1", "won"), ("2", "lost"), ("3", "won"), ("4", "lost"), ("5", "open")]
    assert records.rejections["line"].to_list() == [7]


def test_won_and_lost_times_tell_and_the_later_one_counts(read: Read) -> None:
    records = read(
        "deals",
        "Deal - ID,Deal - Won time,Deal - Lost time\n"
        "1,2026-01-31 10:00,\n2,,2026-02-28 10:00\n3,,\n4,2026-01-31,2026-02-28\n5,2026-03-31,2026-02-28\n",
    )
    assert columns(records, "status", "closed_on") == [
        ("won", dt.date(2026, 1, 31)),
        ("lost", dt.date(2026, 2, 28)),
        ("open", None),
        ("lost", dt.date(2026, 2, 28)),
        ("won", dt.date(2026, 3, 31)),
    ]


def test_a_status_column_beats_the_stage_where_it_says_something(read: Read) -> None:
    records = read(
        "deals", "id,stage,status\n1,Offer,Won\n2,Closed Won,Open\n3,Closed Lost,In review\n4,Offer,deleted\n"
    )
    assert columns(records, "status", "deleted") == [("won", None), ("open", None), ("lost", None), ("open", True)]


def test_results_as_codes_are_read_in_a_status_and_never_in_a_stage(read: Read) -> None:
    assert columns(read("deals", "id,win/loss\n1,O\n2,W\n3,l\n"), "status") == [("open",), ("won",), ("lost",)]
    assert columns(read("deals", "id,stage\n1,0\n2,1\n3,2\n"), "status") == [("open",)] * 3
    assert columns(read("deals", "id,statecode\n1,0\n2,1\n3,2\n"), "status") == [("open",), ("won",), ("lost",)]


# ---- Dates -----------------------------------------------------------------------------------------------------


def test_one_close_date_is_when_a_deal_closed_or_is_expected_to(read: Read) -> None:
    records = read("deals", "id,stage,Close Date\n1,Closed Won,2026-01-31\n2,Offer,2026-09-30\n")
    assert columns(records, "closed_on", "expected_close_on") == [
        (dt.date(2026, 1, 31), None),
        (None, dt.date(2026, 9, 30)),
    ]
    assert {"closed_on", "expected_close_on"} <= records.provided


def test_an_actual_close_date_beats_the_general_one(read: Read) -> None:
    text = (
        "id,stage,Close Date,Actual Close Date\n"
        "1,Won,2026-03-31,2026-02-15\n2,Won,2026-03-31,\n3,Offer,2026-03-31,2026-01-31\n"
    )
    records = read("deals", text)
    assert columns(records, "closed_on", "expected_close_on") == [
        (dt.date(2026, 2, 15), None),
        (dt.date(2026, 3, 31), None),
        (None, dt.date(2026, 3, 31)),
    ]
    assert any("1 open deals" in note for note in records.notes)


def test_the_date_of_a_close_is_that_of_the_companys_zone(read: Read) -> None:
    text = "id,stage,closed_on\n1,Won,2026-03-31T23:30:00Z\n"
    assert columns(read("deals", text, time_zone="Pacific/Auckland"), "closed_on") == [(dt.date(2026, 4, 1),)]
    assert columns(read("deals", text, time_zone="America/New_York"), "closed_on") == [(dt.date(2026, 3, 31),)]


def test_an_open_date_column_asks_for_its_own_key(read: Read) -> None:
    text = "id,stage,opened_on,closed_on\n1,Won,2026-01-31,01/02/2026\n"
    with pytest.raises(ImportRefused) as refused:
        read("deals", text)
    assert refused.value.mapping_key == "date_formats.closed_on"
    for mapping in ({"date_format": "day first"}, {"date_formats": {"closed_on": "%d/%m/%Y"}}):
        assert columns(read("deals", text, mapping), "closed_on") == [(dt.date(2026, 2, 1),)]


# ---- Amounts and currencies ------------------------------------------------------------------------------------


def test_a_lost_deal_with_amount_zero_has_none(read: Read) -> None:
    records = read("deals", "id,stage,amount\n1,Lost,0\n2,Won,0\n3,Offer,0\n4,Lost,5\n")
    assert columns(records, "amount") == [(None,), (0,), (0,), (500,)]


def test_a_won_deal_takes_its_actual_revenue(read: Read) -> None:
    text = "id,Status,Est. revenue,Actual revenue\n1,Won,100,90\n2,Lost,100,0\n3,Open,100,\n4,Won,100,\n"
    assert columns(read("deals", text), "amount") == [(9000,), (10000,), (10000,), (10000,)]


def test_amounts_are_in_minor_units_of_their_currency(read: Read) -> None:
    for currency, minor in (("USD", 150_000), ("JPY", 1_500), ("BHD", 1_500_000)):
        records = read("deals", f"id,stage,amount,currency\n1,Won,1500,{currency}\n")
        assert (columns(records, "amount", "currency"), records.currency) == ([(minor, currency)], currency)


def test_several_currencies_need_rates_and_keep_their_own_amounts(read: Read) -> None:
    text = "id,stage,amount,currency\n1,Won,100,EUR\n2,Won,100,USD\n3,Won,1000,JPY\n"
    with pytest.raises(ImportRefused, match="EUR, JPY, USD") as refused:
        read("deals", text)
    assert refused.value.mapping_key == "rates"
    records = read("deals", text, {"currency": "USD", "rates": {"EUR": 1.1, "JPY": 0.0065}})
    assert columns(records, "amount", "currency") == [(10000, "EUR"), (10000, "USD"), (1000, "JPY")]
    assert records.currency == "USD"
    with pytest.raises(ImportRefused, match="JPY"):
        read("deals", text, {"currency": "USD", "rates": {"EUR": 1.1}})


def test_a_deal_without_an_amount_brings_no_second_currency(read: Read) -> None:
    records = read("deals", "id,stage,amount,currency\n1,Won,100,EUR\n2,Offer,,USD\n")
    assert records.currency == "EUR"


@pytest.mark.parametrize(
    ("header", "cell", "mapping", "expected"),
    [
        ("amount", "£100", {}, "GBP"),
        ("Amount (CHF)", "100", {}, "CHF"),
        ("amount", "100", {"currency": "SEK"}, "SEK"),
        ("amount", "100", {"constants": {"currency": "nok"}}, "NOK"),
        ("amount", "100", {}, "AUD"),
        ("amount", "$100", {}, "AUD"),
    ],
)
def test_the_currency_comes_from_the_cell_the_header_the_mapping_or_the_company(
    read: Read, header: str, cell: str, mapping: dict[str, Any], expected: str
) -> None:
    records = read("deals", f"id,stage,{header}\n1,Won,{cell}\n", mapping, default_currency="AUD")
    assert records.currency == expected


def test_a_sign_in_one_cell_is_the_currency_of_the_bare_ones(read: Read) -> None:
    records = read("deals", 'id,stage,amount\n1,Won,"95,570.69"\n2,Won,"$12,400.00"\n', default_currency="EUR")
    assert columns(records, "amount", "currency") == [(9557069, "USD"), (1240000, "USD")]


def test_a_word_that_is_no_currency_rejects_its_row(read: Read) -> None:
    records = read("deals", "id,stage,amount,currency\n1,Won,1,US Dollar\n2,Won,1,Taler\n")
    assert records.frame["currency"].to_list() == ["USD"]
    assert "Taler" in records.rejections["reason"][0]


# ---- Keys ------------------------------------------------------------------------------------------------------


def test_ids_stay_text_and_both_forms_of_a_salesforce_id_are_one_deal(read: Read) -> None:
    records = read(
        "deals", "Id,OwnerId,StageName\n006q000000HddohAAB,0051G000007Ez4XQAS,Offer\n006q000000Hddoh,,Offer\n"
    )
    assert columns(records, "key", "id", "owner") == [("006q000000Hddoh", "006q000000HddohAAB", "0051G000007Ez4X")]
    assert records.rejections["line"].to_list() == [3]


@pytest.mark.parametrize("header", ["id", "owner", "account"])
def test_ids_that_a_spreadsheet_shortened_are_refused(read: Read, header: str) -> None:
    names = ["id", "owner", "account"]
    row = ["1.24E+09" if name == header else "x" for name in names]
    with pytest.raises(ImportRefused, match="spreadsheet") as refused:
        read("deals", f"{','.join(names)},stage\n{','.join(row)},Won\n")
    assert refused.value.mapping_key == f"columns.{header}"


def test_deals_without_ids_are_told_apart_by_owner_account_name_and_opening(read: Read) -> None:
    text = "owner,account,name,opened_on,stage\nAnn Lee,Acme,Big,2026-01-31,Won\nANN LEE,acme!,Small,2026-01-31,Won\n"
    assert columns(read("deals", text), "key") == [("annlee|acme|big|2026-01-31",), ("annlee|acme|small|2026-01-31",)]


def test_where_deals_without_ids_repeat_the_mapping_must_say_so(read: Read) -> None:
    text = "owner,account,stage,amount\nAnn,Acme,Won,1\nAnn,Acme,Won,1\nAnn,Acme,Lost,2\n"
    with pytest.raises(ImportRefused) as refused:
        read("deals", text)
    assert refused.value.mapping_key == "row"
    records = read("deals", text, {"row": "deal"})
    assert (records.accepted, records.duplicates) == (3, 0)
    assert records.frame["key"].n_unique() == 3


# ---- What the file supplies ------------------------------------------------------------------------------------


def test_a_blank_column_is_supplied_and_an_absent_one_is_not(read: Read) -> None:
    records = read("deals", "id,stage,owner\n1,Won,\n")
    assert "owner" in records.provided
    assert "account" not in records.provided
    assert columns(records, "owner", "account") == [(None, None)]


def test_constants_and_values_of_the_mapping_are_used(read: Read) -> None:
    mapping = {
        "columns": {"name": "What", "product": ""},
        "constants": {"owner": "Ann"},
        "values": {"stage": {"zu": "Closed Won"}},
    }
    records = read("deals", "id,What,product,stage\n1,A,P,ZU\n", mapping)
    assert columns(records, "name", "owner", "product", "stage", "status") == [("A", "Ann", None, "Closed Won", "won")]


def test_a_mapping_that_does_not_fit_the_file_is_refused_by_its_key(read: Read) -> None:
    text = "id,stage\n1,Won\n"
    for mapping, key in (
        ({"columns": {"amount": "Volume"}}, "columns.amount"),
        ({"columns": {"colour": "id"}}, "columns.colour"),
        ({"constants": {"colour": "red"}}, "constants.colour"),
    ):
        with pytest.raises(ImportRefused) as refused:
            read("deals", text, mapping)
        assert refused.value.mapping_key == key


def test_what_cannot_be_computed_is_said(read: Read) -> None:
    full = "id,stage,owner,account,opened_on,closed_on,expected_close_on,amount,cost,list_amount,next_step,competitor\n"
    rows = [
        "1,Won,Ann,Acme,2026-01-31,2026-02-28,,10,5,12,x,",
        "2,Lost,Ann,Acme,2026-01-31,2026-02-28,,10,5,12,x,Rival",
        "3,Offer,Ann,Acme,2026-01-31,,2026-03-31,10,5,12,x,",
    ]
    assert read("deals", full + "\n".join(rows)).cannot_compute == ()
    only_won = read("deals", full + rows[0]).cannot_compute
    assert {"win_rate_count", "win_rate_value", "lost_amount", "open_pipeline", "pipeline_coverage"} <= set(only_won)
    bare = read("deals", "id,stage,amount\n1,Won,5\n2,Lost,0\n")
    assert {
        "win_rate_value",
        "lost_amount",
        "open_pipeline",
        "sales_cycle_days",
        "pipeline_generated",
        "margin",
    } <= set(bare.cannot_compute)
    assert {"discount", "quota_attainment", "crm_hygiene", "accounts_lost"} <= set(bare.cannot_compute)
    assert "win_rate_count" in bare.cannot_compute  # no closed deal has a date
    assert any("owner" in note for note in bare.notes)


# ---- HubSpot's stage columns -----------------------------------------------------------------------------------


def test_hubspots_date_entered_columns_become_stage_entries(read: Read) -> None:
    records = read(
        "deals",
        'Record ID,Deal Stage,"Date entered ""Qualified (Sales)""","Date entered “Closed won (Sales)”",'
        "hs_v2_date_entered_x\n"
        '1,Closed won,2026-01-02 09:00,2026-03-31 23:30,\n2,Qualified,2026-02-13 09:00,,\n"bad row",\n',
        time_zone="Europe/Berlin",
    )
    assert records.stage_entries.schema == RECORD_SCHEMAS["stage-history"]
    assert records.stage_entries.select("deal", "stage", "status", "entered_at").rows() == [
        ("1", "Qualified", "open", dt.datetime(2026, 1, 2, 8, tzinfo=dt.UTC)),
        ("1", "Closed won", "won", dt.datetime(2026, 3, 31, 21, 30, tzinfo=dt.UTC)),
        ("2", "Qualified", "open", dt.datetime(2026, 2, 13, 8, tzinfo=dt.UTC)),
    ]
    assert records.stage_entries["key"].n_unique() == 3


def test_a_stage_is_named_with_its_pipeline_where_the_deals_do_so(read: Read) -> None:
    records = read("deals", 'id,stage,"Date entered ""Won (Sales)"""\n1,Won (Sales),2026-01-31\n')
    assert records.stage_entries["stage"].to_list() == ["Won (Sales)"]


def test_other_deals_have_no_stage_entries(read: Read) -> None:
    assert read("deals", "id,stage\n1,Won\n").stage_entries.equals(pl.DataFrame(schema=RECORD_SCHEMAS["stage-history"]))
