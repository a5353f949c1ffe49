"""What a file is, whatever it is called: formats, encodings, delimiters, hostile contents."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from data_access.importers import workbooks
from data_access.importers.mapping import Mapping, dump_mapping, load_mapping
from data_access.importers.records import ImportRefused, Records, preview, read_records
from tests.data_access.importers.written import Read

ROWS = "id;owner;stage;amount\n1;Änne Müller;Won;10,50\n2;José;Lost;7,25\n"


def owners(records: Records) -> list[str | None]:
    return records.frame["owner"].to_list()


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_names_are_intact_in_every_encoding_and_with_every_line_end(read: Read, encoding: str, line_end: str) -> None:
    records = read("deals", ROWS.replace("\n", line_end).encode(encoding))
    assert owners(records) == ["Änne Müller", "José"]
    assert records.frame["amount"].to_list() == [1050, 725]
    assert records.read == records.accepted == 2


def test_the_assumed_encoding_is_said(read: Read) -> None:
    assert any("cp1252" in note for note in read("deals", ROWS.encode("cp1252")).notes)
    assert not any("cp1252" in note for note in read("deals", ROWS).notes)


def test_a_named_encoding_is_used(read: Read) -> None:
    content = "id,owner,stage\n1,Łukasz,Won\n".encode("cp1250")
    assert owners(read("deals", content, {"encoding": "cp1250"})) == ["Łukasz"]


def test_utf8_with_one_broken_byte_loses_only_its_row(read: Read) -> None:
    lines = [f"{number},Änne Müller,Won" for number in range(20)]
    content = ("id,owner,stage\n" + "\n".join(lines) + "\n99,Jos").encode() + b"\xe9,Won\n"
    records = read("deals", content)
    assert (records.accepted, records.rejections.height) == (20, 1)
    assert owners(records)[0] == "Änne Müller"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(read: Read, delimiter: str) -> None:
    text = ROWS.replace(",", ".").replace(";", delimiter)
    assert read("deals", text).frame["amount"].to_list() == [1050, 725]


def test_a_single_column_is_not_cut_at_its_commas(read: Read) -> None:
    assert read("people", "name\nLee, Ann\nEk, Bo\n").frame["name"].to_list() == ["Lee, Ann", "Ek, Bo"]


def test_a_spreadsheets_own_line_names_the_delimiter(read: Read) -> None:
    records = read("deals", "sep=;\n" + ROWS)
    assert (records.read, records.accepted, records.ignored) == (3, 2, 1)


def test_the_mapping_can_name_the_delimiter(read: Read) -> None:
    assert read("deals", "id^stage\n1^Won\n", {"delimiter": "^"}).accepted == 1
    with pytest.raises(ImportRefused) as refused:
        read("deals", "id,stage\n1,Won\n", {"delimiter": ";;"})
    assert refused.value.mapping_key == "delimiter"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\n\n  \n", "empty"),
        (b"MZ\x90\x00\x03\x00\x00\x00", "program"),
        (b"\x7fELF\x02\x01", "program"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x1f\x8b\x08\x00", "compressed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "xlsx"),
        (b"\x89PNG\r\n", "picture"),
        (b"<html><table>", "web page"),
        (b'[{"id": 1}]', "JSON"),
        (b"id,stage\n1,W\x00n\n", "NUL"),
        (b"id,stage\n1,\x81\x8d\n", "decoded"),
        (b"PK\x03\x04 not a zip", "damaged"),
        (b"PAR1 not a parquet", "damaged"),
        (b"id,stage\n", "no rows"),
        (b"id,name\n1,A\n", "columns.stage"),
        (b"stage,amount\nWon,5\n", "columns.id"),
    ],
)
def test_what_is_no_table_of_deals_is_refused_with_a_sentence(read: Read, content: bytes, words: str) -> None:
    with pytest.raises(ImportRefused, match=words):
        read("deals", content)


@pytest.mark.parametrize("name", ["=cmd.csv", "a; rm -rf x.csv", "x.exe", "export", "-v.csv", "$(id).csv"])
def test_the_name_of_a_file_says_nothing(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    file.write_text(ROWS)
    assert read_records("deals", file).accepted == 2


@pytest.mark.parametrize("name", ["none.csv", "x" * 5000, "nul\0.csv", "../../none/passwd.csv"])
def test_a_file_that_cannot_be_opened_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(ImportRefused, match="cannot be read"):
        read_records("deals", tmp_path / name)
    with pytest.raises(ImportRefused):
        read_records("deals", tmp_path)


def _workbook(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    notes = book.add_worksheet("Notes")
    notes.write(0, 0, "Exported by Dana")
    sheet = book.add_worksheet("Deals")
    day = book.add_format({"num_format": "dd.mm.yyyy"})
    sheet.write_row(2, 0, ["", "Id", "Deal Owner", "Stage", "Amount", "Close Date", "Created"])
    for row, (identifier, owner, stage, amount) in enumerate(
        [(1234567890123, "Änne\nMüller", "Won", 1050.5), (2, "José", "Lost", 7)], start=3
    ):
        sheet.write_row(row, 0, [row, identifier, owner, stage, amount])
        sheet.write_datetime(row, 5, dt.datetime(2026, 3, row), day)
        sheet.write(row, 6, 45631 + row)
    book.close()


def test_a_workbook_is_read_from_the_sheet_that_looks_like_deals(tmp_path: Path) -> None:
    file = tmp_path / "really a workbook.csv"
    _workbook(file)
    records = read_records("deals", file)
    assert records.frame["id"].to_list() == ["1234567890123", "2"]
    assert owners(records) == ["Änne Müller", "José"]
    assert records.frame["amount"].to_list() == [105050, 700]
    assert records.frame["closed_on"].to_list() == [dt.date(2026, 3, 3), dt.date(2026, 3, 4)]
    assert records.frame["opened_on"].to_list() == [dt.date(2024, 12, 8), dt.date(2024, 12, 9)]
    assert records.frame["line"].to_list() == [4, 5]
    assert records.read == records.accepted + records.ignored == 4
    assert records.mapping.sheet == "Deals"


def test_a_sheet_that_is_not_there_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "book.xlsx"
    _workbook(file)
    with pytest.raises(ImportRefused) as refused:
        read_records("deals", file, mapping=Mapping(sheet="Others"))
    assert refused.value.mapping_key == "sheet"
    with pytest.raises(ImportRefused):
        read_records("deals", file, mapping=Mapping(sheet="Notes"))


def test_a_parquet_file_keeps_its_types(tmp_path: Path) -> None:
    file = tmp_path / "deals.parquet"
    pl.DataFrame(
        {
            "id": [1, 2],
            "owner": ["Änne, Müller", 'José "Pepe"'],
            "stage": ["Won", "Lost"],
            "amount": [1050.5, None],
            "close_date": [dt.datetime(2026, 3, 31, 23, 30, tzinfo=dt.UTC), None],
            "opened_on": [dt.date(2026, 1, 2), None],
            "is_won": [True, False],
            "tags": [["a"], []],
        }
    ).write_parquet(file)
    records = read_records("deals", file, time_zone="Pacific/Auckland")
    assert records.frame["id"].to_list() == ["1", "2"]
    assert owners(records) == ["Änne, Müller", 'José "Pepe"']
    assert records.frame["amount"].to_list() == [105050, None]
    assert records.frame["closed_on"].to_list() == [dt.date(2026, 4, 1), None]
    assert records.frame["opened_on"].to_list() == [dt.date(2026, 1, 2), None]
    assert any("tags" in note for note in records.notes)


def test_a_parquet_file_with_too_many_cells_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "deals.parquet"
    pl.DataFrame({"id": range(1000), "stage": ["Won"] * 1000}).write_parquet(file)
    monkeypatch.setattr(workbooks, "MOST_PARQUET_CELLS", 1999)
    with pytest.raises(ImportRefused, match="1,000 rows"):
        read_records("deals", file)


def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    monkeypatch.setattr("fastexcel.read_excel", lambda *_: pytest.fail("it was opened"))
    with pytest.raises(ImportRefused, match="unpacks"):
        read_records("deals", file)


def test_an_archive_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "export.xlsx"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("Opportunity.csv", "Id,StageName\n")
    with pytest.raises(ImportRefused, match="unpack it"):
        read_records("deals", file)


def test_a_preview_lists_every_question_and_does_not_raise(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(
        ",stage,opened_on,closed_on,amount,currency\n"
        "1,Won,01/02/2026,03.04.2026,5,USD\n"
        "2,Lost,05/06/2026,07.08.2026,45.000,EUR\n"
    )
    shown = preview("deals", file)
    keys = [question.mapping_key for question in shown.questions]
    assert {"date_formats.opened_on", "date_formats.closed_on", "rates"} <= set(keys)
    assert shown.headers[1] == "stage"
    assert shown.rows.columns[0] == "column 1"
    assert shown.rows["stage"].to_list() == ["Won", "Lost"]
    assert shown.mapping.columns["amount"] == "amount"
    with pytest.raises(ImportRefused):
        read_records("deals", file)


def test_a_preview_of_a_header_alone_shows_what_it_means(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text("Record ID,Deal Name,Deal Stage,Close Date\n")
    shown = preview("deals", file)
    assert shown.mapping.columns == {
        "id": "Record ID",
        "name": "Deal Name",
        "stage": "Deal Stage",
        "close_on": "Close Date",
    }
    assert "no rows" in shown.questions[0].sentence


def test_progress_goes_from_nothing_to_all_rows(tmp_path: Path) -> None:
    file = tmp_path / "deals.csv"
    file.write_text(ROWS)
    seen: list[tuple[int, int | None]] = []
    read_records("deals", file, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen, key=lambda each: each[0])
    assert seen[0][0] == 0
    assert seen[-1] == (2, 2)


def test_a_kind_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportRefused, match="kind"):
        read_records("leads", tmp_path / "x.csv")


@pytest.mark.parametrize(
    "content",
    [
        ROWS.encode("cp1252"),
        ROWS.encode("utf-16"),
        ROWS.replace(";", "\t").encode("utf-8-sig"),
        b"id,stage,amount,Amount,closed_on\n1,Won,5,5,31/01/2026\n2,Lost,0,0,\n",
        ("id,owner,stage\n" + "1,Änne Müller,Won\n" * 12 + "2,Jos").encode() + b"\xe9,Won\n",
    ],
)
def test_the_mapping_that_was_used_reads_the_file_again_to_the_same_records(
    read: Read, tmp_path: Path, content: bytes
) -> None:
    first = read("deals", content)
    (tmp_path / "used.toml").write_text(dump_mapping(first.mapping), encoding="utf-8")
    again = read_records("deals", tmp_path / "export.csv", mapping=load_mapping(tmp_path / "used.toml"))
    assert again.frame.equals(first.frame)
    assert again.rejections.equals(first.rejections)
    assert again.mapping == first.mapping
