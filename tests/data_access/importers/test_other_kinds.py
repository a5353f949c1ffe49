"""People, accounts, products, quotas, stage history, activities and calls."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data_access.importers.events import first_of_each_stage
from data_access.importers.files import read_sheet
from data_access.importers.mapping import Mapping
from data_access.importers.reading import Reading
from data_access.importers.records import ImportRefused, Records
from data_access.importers.reference import period_of, read_quotas
from data_access.importers.refusal import Questions
from tests.data_access.importers.written import Read

UTC = dt.UTC


def columns(records: Records, *names: str) -> list[tuple[Any, ...]]:
    return records.frame.select(names).rows()


@pytest.mark.parametrize(
    ("kind", "text", "key"),
    [
        ("people", "email\na@b.c\n", "columns.name"),
        ("accounts", "id,sector\n1,x\n", "columns.name"),
        ("products", "id,price\n1,5\n", "columns.name"),
        ("quotas", "period,amount\n2025-Q1,5\n", "columns.rep"),
        ("quotas", "rep,period\nAnn,2025-Q1\n", "columns.amount"),
        ("quotas", "rep,amount\nAnn,5\n", "columns.from"),
        ("stage-history", "stage,entered_at\nWon,2026-01-31\n", "columns.deal"),
        ("stage-history", "deal,entered_at\n1,2026-01-31\n", "columns.stage"),
        ("stage-history", "deal,stage\n1,Won\n", "columns.entered_at"),
        ("activities", "rep,kind\nAnn,call\n", "columns.at"),
        ("activities", "at,kind\n2026-01-31,call\n", "columns.rep"),
        ("calls", "rep,seconds\nAnn,5\n", "columns.started_at"),
        ("calls", "started_at,seconds\n2026-01-31,5\n", "columns.rep"),
    ],
)
def test_a_missing_column_is_refused_by_the_key_to_set(read: Read, kind: str, text: str, key: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        read(kind, text)
    assert refused.value.mapping_key == key
    assert key in str(refused.value)


# ---- People ----------------------------------------------------------------------------------------------------


def test_people_are_known_by_id_else_by_name_else_by_address(read: Read) -> None:
    records = read("people", "id,name,email\nu1,Ann Lee,a@x.org\n,Bo Ek,\n,Cy Do,C1@x.org\n,Cy Do,c2@x.org\n,BO EK!,\n")
    assert columns(records, "key") == [("u1",), ("boek",), ("c1@x.org",), ("c2@x.org",)]
    assert "line 3" in records.rejections["reason"][0]


def test_two_people_with_ids_may_share_a_name(read: Read) -> None:
    assert read("people", "id,name\nu1,Ann Lee\nu2,Ann Lee\n").frame.height == 2


@pytest.mark.parametrize(
    "header", ["First Name,Last Name", "Vorname,Nachname", "Prénom,Nom", "Nombre,Apellidos", "Voornaam,Achternaam"]
)
def test_first_and_last_name_make_a_name(read: Read, header: str) -> None:
    records = read("people", f"{header},manager\nÄnne,Müller,Bo Ek\n")
    assert columns(records, "name", "manager") == [("Änne Müller", "Bo Ek")]
    assert "name" in records.provided


def test_a_user_export_keeps_manager_ids_and_who_is_active(read: Read) -> None:
    records = read(
        "people",
        "Id,Name,Email,IsActive,ManagerId,Title,Department\n"
        "0051G000007Ez4XQAS,Ann,A@X.org,1,000000000000000AAA,AE,East\n"
        "0051G000007EpSPQA0,Bo,b@x.org,0,0051G000007Ez4XQAS,AE,East\n",
    )
    assert columns(records, "key", "manager", "active", "email", "team") == [
        ("0051G000007Ez4X", None, True, "a@x.org", "East"),
        ("0051G000007EpSP", "0051G000007Ez4X", False, "b@x.org", "East"),
    ]


def test_a_person_without_name_and_id_is_rejected(read: Read) -> None:
    assert read("people", "id,name,email\n,,a@x.org\nu1,,\n").rejections["line"].to_list() == [2]


# ---- Accounts and products -------------------------------------------------------------------------------------


def test_accounts_keep_their_row_when_the_number_of_employees_is_no_number(read: Read) -> None:
    records = read("accounts", 'Account,Industry,Employees,Parent Account\nAcme,IT,1-10,\nGlobex,IT,"2,822",Acme\n')
    assert columns(records, "key", "employees", "parent") == [("acme", None, None), ("globex", 2822, "Acme")]
    assert any("employees" in note for note in records.notes)


def test_products_have_a_price_in_minor_units(read: Read) -> None:
    records = read("products", "product,series,sales_price\nGTX Pro,GTX,4821\n", default_currency="USD")
    assert columns(records, "key", "name", "list_amount", "currency") == [("gtxpro", "GTX Pro", 482100, "USD")]


# ---- Quotas ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2025-Q1", (2025, 1, 1), (2025, 3, 31)),
        ("Q4 2025", (2025, 10, 1), (2025, 12, 31)),
        ("Q2/25", (2025, 4, 1), (2025, 6, 30)),
        ("FY25 Q3", (2025, 7, 1), (2025, 9, 30)),
        ("1. Quartal 2025", (2025, 1, 1), (2025, 3, 31)),
        ("2024-02", (2024, 2, 1), (2024, 2, 29)),
        ("02/2025", (2025, 2, 1), (2025, 2, 28)),
        ("Mar 2025", (2025, 3, 1), (2025, 3, 31)),
        ("März 25", (2025, 3, 1), (2025, 3, 31)),
        ("2025", (2025, 1, 1), (2025, 12, 31)),
        ("H2 2025", (2025, 7, 1), (2025, 12, 31)),
        ("2025-03-01", (2025, 3, 1), (2025, 3, 31)),
    ],
)
def test_a_period_is_read_however_it_is_written(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert period_of(text) == (dt.date(*first), dt.date(*last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("FY2026 Q2", (2025, 5, 1), (2025, 7, 31)),
        ("FY26-Q2", (2025, 5, 1), (2025, 7, 31)),
        ("Q4 FY26", (2025, 11, 1), (2026, 1, 31)),
        ("GJ2026 Q1", (2025, 2, 1), (2025, 4, 30)),
        ("H2 FY2026", (2025, 8, 1), (2026, 1, 31)),
        ("FY2026", (2025, 2, 1), (2026, 1, 31)),
        ("fy26", (2025, 2, 1), (2026, 1, 31)),
        ("2026 Q2", (2026, 4, 1), (2026, 6, 30)),
        ("Q2 2026", (2026, 4, 1), (2026, 6, 30)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("2026-05", (2026, 5, 1), (2026, 5, 31)),
    ],
)
def test_only_a_period_that_says_fiscal_year_follows_the_companys_fiscal_year(
    text: str, first: tuple[int, int, int], last: tuple[int, int, int]
) -> None:
    assert period_of(text, fiscal_year_starts_in=2) == (dt.date(*first), dt.date(*last))


@given(st.integers(1960, 2140), st.integers(1, 12))
def test_the_quarters_of_a_fiscal_year_make_the_year_without_a_gap(year: int, starts_in: int) -> None:
    quarters = [period_of(f"FY{year} Q{number}", fiscal_year_starts_in=starts_in) for number in range(1, 5)]
    days = [day for span in quarters if span for day in span]
    whole = period_of(f"FY{year}", fiscal_year_starts_in=starts_in)
    assert whole == (days[0], days[-1])
    assert [(later - earlier).days for earlier, later in zip(days[1::2], days[2::2], strict=False)] == [1, 1, 1]
    assert days[-1].year == year


def quotas_by(tmp_path: Path, starts_in: int, text: str) -> tuple[list[dt.date], list[str]]:
    """First days and notes of a quotas file as a company reads it whose fiscal year starts in that month."""
    file = tmp_path / "quotas.csv"
    file.write_text(text)
    sheet = read_sheet(file, "quotas", Mapping(), lambda _: 1, lambda headers: range(len(headers)))
    columns = {name: name for name in sheet.headers if name != "Fiscal Quarter"}
    mapping = Mapping(columns=columns | ({"period": "Fiscal Quarter"} if "Fiscal Quarter" in sheet.headers else {}))
    reading = Reading("quotas", sheet, mapping, "UTC", "USD", Questions())
    found, _ = read_quotas(reading, starts_in)
    return found["from"].to_list(), reading.notes


def test_the_result_says_how_fiscal_periods_were_read(tmp_path: Path) -> None:
    starts, notes = quotas_by(tmp_path, 2, "rep,period,amount\nAnn,FY2026 Q2,100\nAnn,2026-Q4,100\n")
    assert starts == [dt.date(2025, 5, 1), dt.date(2026, 10, 1)]
    assert notes == [
        "Periods with FY were read by a fiscal year that starts in February and is named by the calendar year it ends"
        " in: FY2026 Q2 is 2025-05-01 to 2025-07-31. If that is not yours, change the setting fiscal_year_starts_in, or"
        " name from and to."
    ]


def test_plain_periods_in_a_fiscal_column_stay_calendar_periods_and_the_result_says_so(tmp_path: Path) -> None:
    text = "rep,Fiscal Quarter,amount\nAnn,2026-Q2,100\n"
    starts, notes = quotas_by(tmp_path, 2, text)
    assert starts == [dt.date(2026, 4, 1)]
    assert ["read as calendar periods" in note for note in notes] == [True]
    assert quotas_by(tmp_path, 1, text) == (starts, [])


@pytest.mark.parametrize("text", ["banana", "2025-Q5", "2025-13", "Q1", "0025"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert period_of(text) is None


def test_quotas_come_with_a_span_a_period_or_a_year_and_a_quarter(read: Read) -> None:
    spans = [
        read("quotas", "rep,from,to,amount\nAnn,2025-01-01,2025-03-31,100\n"),
        read("quotas", "Sales Rep,Quarter,Quota\nAnn,2025-Q1,100\n"),
        read("quotas", "Owner,Year,Quarter,Target\nAnn,2025,Q1,100\n"),
        read("quotas", "Owner,Year,Quarter,Target\nAnn,2025,1,100\n"),
    ]
    for records in spans:
        assert columns(records, "rep", "from", "to", "amount") == [
            ("Ann", dt.date(2025, 1, 1), dt.date(2025, 3, 31), 10000)
        ]
        assert {"from", "to"} <= records.provided


def test_a_quota_must_be_whole_and_run_forwards(read: Read) -> None:
    records = read(
        "quotas",
        "rep,from,to,amount\n,2025-01-31,2025-03-31,1\nAnn,2025-03-31,2025-01-31,1\nAnn,2025-01-31,2025-03-31,\n",
    )
    assert records.rejections["line"].to_list() == [2, 3, 4]


# ---- Stage history ---------------------------------------------------------------------------------------------


def test_a_field_history_is_reduced_to_the_moves_of_the_stage(read: Read) -> None:
    records = read(
        "stage-history",
        "Opportunity ID,Opportunity Name,Stage,Field / Event,Old Value,New Value,Edit Date\n"
        "D1,Big,Closed Won,Created.,,,1/1/2026\n"
        "D1,Big,Closed Won,Stage,Offer,Closed Won,1/15/2026\n"
        "D1,Big,Closed Won,Amount,1,2,1/16/2026\n",
    )
    assert columns(records, "deal", "stage", "status") == [("D1", "Closed Won", "won")]
    assert (records.read, records.accepted, records.ignored) == (3, 1, 2)


def test_an_edit_within_a_stage_stays_but_is_no_move(read: Read) -> None:
    records = read(
        "stage-history",
        "OpportunityId,StageName,Amount,CreatedDate\n"
        "D1,Won,5,2026-03-01 10:00:00\nD1,Offer,5,2026-02-01 10:00:00\nD1,Offer,4,2026-01-01 10:00:00\n",
    )
    assert records.accepted == 3
    moves = first_of_each_stage(records.frame)
    assert moves.select("stage", "amount").rows() == [("Offer", 400), ("Won", 500)]


def test_two_moves_at_one_instant_are_two_entries(read: Read) -> None:
    text = "deal,stage,entered_at\nD1,Offer,2026-01-31 10:00\nD1,Won,2026-01-31 10:00\n"
    assert read("stage-history", text).frame["key"].n_unique() == 2


# ---- Activities ------------------------------------------------------------------------------------------------


def test_an_activity_needs_a_time_and_a_rep_or_a_deal(read: Read) -> None:
    records = read(
        "activities",
        "Activity date,Owner,Associated Deal IDs,Type,Status\n"
        "2026-01-31 10:00,Ann,,Call,Completed\n"
        "2026-01-31 10:00,,12;13,Meeting,Not Started\n"
        "2026-01-31 10:00,,,Call,\n"
        ",Ann,,Call,\n",
        time_zone="Europe/Berlin",
    )
    assert columns(records, "at", "rep", "deal", "kind", "planned") == [
        (dt.datetime(2026, 1, 31, 9, tzinfo=UTC), "Ann", None, "Call", False),
        (dt.datetime(2026, 1, 31, 9, tzinfo=UTC), None, "12", "Meeting", True),
    ]
    assert records.rejections["line"].to_list() == [4, 5]


# ---- Calls -----------------------------------------------------------------------------------------------------


def test_calls_of_a_task_list_are_the_only_rows_kept(read: Read) -> None:
    records = read(
        "calls",
        "Id,OwnerId,TaskSubtype,CreatedDate,CallDurationInSeconds,CallType\n"
        "1,u1,Call,2026-01-31T10:00:00Z,62,Outbound\n2,u1,Email,2026-01-31T10:00:00Z,,\n",
    )
    assert columns(records, "id", "seconds", "direction") == [("1", 62, "outbound")]
    assert (records.read, records.ignored) == (2, 1)


@pytest.mark.parametrize(
    ("header", "cell", "seconds"),
    [
        ("Duration", "00:05:32", 332),
        ("Duration", "5:32", 332),
        ("duration", "332", 332),
        ("Duration (ms)", "332000", 332),
        ("Duration in minutes", "5.5", 330),
        ("End time", "2026-01-31T10:05:32Z", 332),
        ("Duration", "pending", None),
    ],
)
def test_the_length_of_a_call_is_in_seconds(read: Read, header: str, cell: str, seconds: int | None) -> None:
    records = read("calls", f"agent,start time,{header}\nAnn,2026-01-31T10:00:00Z,{cell}\n")
    assert records.frame["seconds"].to_list() == [seconds]


CDR = (
    '"","{src}","{dst}","sip0","""{src}"" <{src}>","SIP/{src}-1","","{app}","{data}","2020-08-25 16:11:41",'
    '"2020-08-25 16:11:50","2020-08-25 16:12:41",60,51,"ANSWERED","DOCUMENTATION","{id}",""\n'
)


@pytest.mark.parametrize(
    ("data", "mode"),
    [
        ("SIP/8001", "listen"),
        ("SIP/8001-0000a,q", "listen"),
        ("SIP/8001,qw", "whisper"),
        ("SIP/8001,B", "barge"),
        ("SIP/8001,qd", "unknown"),
        ("PJSIP/8001,g(sales)w", "whisper"),
    ],
)
def test_a_call_list_of_asterisk_needs_no_header_and_shows_who_listens_in(read: Read, data: str, mode: str) -> None:
    text = CDR.format(src="8001", dst="0305551234", app="Dial", data="SIP/x,,gT", id="1.1")
    text += CDR.format(src="9001", dst="555", app="ChanSpy", data=data, id="1.2")
    records = read("calls", text)
    assert columns(records, "line", "id", "rep", "direction", "supervisor", "mode", "seconds") == [
        (1, "1.1", "8001", "outbound", None, None, 51),
        (2, "1.2", "8001", None, "9001", mode, 51),
    ]


def test_a_call_log_with_actions_shows_who_listens_in(read: Read) -> None:
    records = read(
        "calls",
        "id,startTime,duration,direction,action,from,to\n"
        "1,2026-01-31T10:00:00Z,30,Outbound,Phone Call,Ann,+49123\n"
        "2,2026-01-31T10:00:00Z,30,Inbound,Phone Call,+49123,Ann\n"
        "3,2026-01-31T10:00:00Z,30,Outbound,Barge In Call,Bo,Ann\n",
    )
    assert columns(records, "rep", "direction", "supervisor", "mode") == [
        ("Ann", "outbound", None, None),
        ("Ann", "inbound", None, None),
        ("Ann", None, "Bo", "barge"),
    ]


def test_a_call_that_names_its_supervisor_keeps_its_direction(read: Read) -> None:
    records = read(
        "calls",
        "Call ID,User,Start Time,Duration,Direction,Monitored By,Monitor Type\n"
        "1,Ann,2026-01-31 10:00,62,Incoming call,Bo,Whisper coaching\n",
    )
    assert columns(records, "direction", "supervisor", "mode") == [("inbound", "Bo", "whisper")]


def test_a_supervisor_without_a_mode_is_unknown(read: Read) -> None:
    records = read("calls", "rep,started_at,supervisor,mode\nAnn,2026-01-31 10:00,Bo,\nAnn,2026-01-31 11:00,,\n")
    assert columns(records, "mode") == [("unknown",), (None,)]
