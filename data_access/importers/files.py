"""From a path to a sheet: what the bytes say the file is, never its name. The one place that opens files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from data_access.importers.decoding import decode
from data_access.importers.delimited import read_delimited
from data_access.importers.mapping import Mapping
from data_access.importers.phone import with_asterisk_header
from data_access.importers.refusal import ImportRefused
from data_access.importers.sheet import Sheet
from data_access.importers.workbooks import parquet_text, workbook_text

MOST_BYTES = 2_000_000_000

# What is often renamed to .csv, or handed in for one, and what to do instead.
_SIGNATURES = (
    (b"MZ", "The file is a Windows program, not a table."),
    (b"\x7fELF", "The file is a program, not a table."),
    (b"%PDF", "The file is a PDF; export the table as CSV, XLSX or Parquet."),
    (b"\x1f\x8b", "The file is compressed (gzip); unpack it first."),
    (b"BZh", "The file is compressed (bzip2); unpack it first."),
    (b"\xfd7zXZ", "The file is compressed (xz); unpack it first."),
    (b"(\xb5/\xfd", "The file is compressed (zstd); unpack it first."),
    (b"\xd0\xcf\x11\xe0", "The file is an old Excel workbook (.xls) or protected by a password; save it as .xlsx."),
    (b"SQLite format 3", "The file is a database; export the table as CSV."),
    (b"\x89PNG", "The file is a picture, not a table."),
    (b"\xff\xd8\xff", "The file is a picture, not a table."),
    (b"GIF8", "The file is a picture, not a table."),
    (b"{\\rtf", "The file is a text document; export the table as CSV, XLSX or Parquet."),
)
_WRITTEN = (
    (("<!doctype html", "<html", "<table", "<head", "<meta"), "The file is a web page; export the report as CSV."),
    (("<?xml",), "The file is XML; export the table as CSV, XLSX or Parquet."),
    (("{", "[{", "[["), "The file is JSON; export the table as CSV, XLSX or Parquet."),
)


def read_sheet(
    path: Path,
    kind: str,
    mapping: Mapping,
    header_score: Callable[[Sequence[str]], int],
    choose: Callable[[tuple[str, ...]], Sequence[int]],
) -> Sheet:
    """Read a file of any supported kind (CSV, TSV, XLSX, Parquet) into a sheet of texts.

    Raises ImportRefused for what is none of them, is empty, cannot be decoded or is too large.
    """
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise ImportRefused("This is not a file.")
        with path.open("rb") as stream:
            start = stream.read(4096)
            if size > MOST_BYTES:
                raise ImportRefused(f"The file is larger than {MOST_BYTES // 10**9} GB; split it into several.")
            if start.startswith(b"PK\x03\x04"):
                text, name, notes = workbook_text(path, mapping.sheet, header_score)
                return read_delimited(
                    text, delimiter=",", header_score=header_score, choose=choose, notes=notes, sheet=name
                )
            if start.startswith(b"PAR1"):
                text, notes = parquet_text(path)
                return read_delimited(
                    text, delimiter=",", header_score=header_score, choose=choose, notes=notes, sheet="Parquet"
                )
            _refuse_other_contents(start)
            data = start + stream.read()
    except OSError as error:
        raise ImportRefused(f"The file cannot be read: {error.strerror or 'unknown reason'}.") from error
    except ValueError as error:  # a NUL character in the path
        raise ImportRefused("The file cannot be read: its name is not valid.") from error
    decoded = decode(data, mapping.encoding)
    del data, start
    headed, added = with_asterisk_header(decoded) if kind == "calls" else (decoded, False)
    del decoded
    sheet = read_delimited(
        headed,
        delimiter=mapping.delimiter,
        header_score=header_score,
        choose=choose,
        notes=(headed.note,) if headed.note else (),
    )
    return _one_line_up(sheet) if added else sheet


def _one_line_up(sheet: Sheet) -> Sheet:
    """Number the lines as they are in the file, which has no header of its own."""
    up = pl.col("line") - 1
    notes = (*sheet.notes, "The file has no header; it was read as a call list of Asterisk.")
    return replace(sheet, cells=sheet.cells.with_columns(up), rejections=sheet.rejections.with_columns(up), notes=notes)


def _refuse_other_contents(start: bytes) -> None:
    for signature, sentence in _SIGNATURES:
        if start.startswith(signature):
            # "MZ" and "BZh" could begin a header: a program or an archive also holds bytes that no text has.
            if len(signature) < 4 and not any(byte < 9 or byte == 0x7F for byte in start):
                continue
            raise ImportRefused(sentence)
    written = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for beginnings, sentence in _WRITTEN:
        if written.startswith(tuple(beginning.encode() for beginning in beginnings)):
            raise ImportRefused(sentence)
