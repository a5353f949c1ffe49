"""XLSX and Parquet as delimited text, after a look at what they unpack to. Never opens what could fill the memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path

import fastexcel
import polars as pl
import pyarrow.lib
import pyarrow.parquet as pq
from polars.exceptions import PanicException

from data_access.importers.decoding import Decoded
from data_access.importers.refusal import ImportRefused

# What a workbook or a Parquet file may unpack to. Both can be a thousand times larger than the file itself.
MOST_UNPACKED_BYTES = 400_000_000
MOST_PARQUET_CELLS = 60_000_000
MOST_PARQUET_BYTES = 1_500_000_000
# How much may come out of one byte before it is called an attack rather than a table.
_MOST_RATIO = 400

SheetScore = Callable[[Sequence[str]], int]


def workbook_text(path: Path, name: str | None, header_score: SheetScore) -> tuple[Decoded, str, tuple[str, ...]]:
    """Return a sheet of a workbook as delimited text, its name and what to tell the user.

    The sheet is ``name``, else the visible one whose header is known best (the first of equals). Line numbers are row
    numbers: a line break inside a cell becomes a space. Raises ImportRefused for what is no workbook or unpacks to
    more than MOST_UNPACKED_BYTES, and for a ``name`` that is not there.
    """
    _check_unpacked_size(path)
    try:
        # By content, so that neither library ever judges by the file's name.
        workbook = fastexcel.read_excel(path.read_bytes())
        sheets = workbook.sheet_names
        if name is not None and name not in sheets:
            raise ImportRefused(f'The workbook has no sheet "{name}"; it has: {", ".join(sheets)}.', "sheet")
        chosen = name or _best_sheet(workbook, header_score)
        frame = _rows_of(workbook, chosen)
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError, PanicException) as error:
        raise ImportRefused("The workbook cannot be read; open it in a spreadsheet and save it again.") from error
    if frame.is_empty():
        raise ImportRefused(f'The sheet "{chosen}" is empty.', "sheet")
    several = len(sheets) > 1 and name is None
    notes = (f'Read the sheet "{chosen}"; set sheet to read another.',) if several else ()
    return _as_text(frame, header=False), chosen, notes


def _best_sheet(workbook: fastexcel.ExcelReader, header_score: SheetScore) -> str:
    best, best_score = workbook.sheet_names[0], -1
    for name in workbook.sheet_names:
        top = workbook.load_sheet(name, header_row=None, skip_rows=0, n_rows=40, dtypes="string")
        if top.visible != "visible":
            continue
        rows = top.to_polars().rows() if top.height and top.width else []
        score = max((header_score([cell or "" for cell in row]) for row in rows), default=-1)
        if score > best_score:
            best, best_score = name, score
    return best


def _rows_of(workbook: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
    return sheet.to_polars() if sheet.height and sheet.width else pl.DataFrame()


def _check_unpacked_size(path: Path) -> None:
    """Unpack every part to nowhere, because the sizes that an archive states about itself need not be true."""
    packed = max(path.stat().st_size, 1)
    total = 0
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "xl/workbook.xml" not in names:
                raise ImportRefused("The file is a ZIP archive; unpack it and import the table inside.")
            for part in archive.infolist():
                with archive.open(part) as stream:
                    while piece := stream.read(1 << 20):
                        total += len(piece)
                        if total > MOST_UNPACKED_BYTES or (total > 50_000_000 and total > _MOST_RATIO * packed):
                            raise ImportRefused(
                                "The workbook unpacks to more than can be read safely; save the sheet as CSV."
                            )
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise ImportRefused("The workbook is damaged or protected by a password; save it again without one.") from error


def parquet_text(path: Path) -> tuple[Decoded, tuple[str, ...]]:
    """Return a Parquet file as delimited text with a header, and what to tell the user.

    The size is judged by rows × columns from the metadata, because the stated byte sizes can be far too small.
    Raises ImportRefused for what is no Parquet file or too large.
    """
    try:
        with pq.ParquetFile(path) as file:
            rows, columns = file.metadata.num_rows, file.metadata.num_columns
            if rows * columns > MOST_PARQUET_CELLS:
                raise ImportRefused(
                    f"The Parquet file holds {rows:,} rows of {columns} columns, too much to read safely; split it."
                )
            frames, size = [], 0
            for batch in file.iter_batches(batch_size=65_536):
                size += batch.nbytes
                if size > MOST_PARQUET_BYTES:
                    raise ImportRefused("The Parquet file unpacks to more than can be read safely; split it.")
                frames.append(pl.from_arrow(batch))
            names = file.schema_arrow.names
    except (pyarrow.lib.ArrowException, OSError, ValueError, pl.exceptions.PolarsError, PanicException) as error:
        raise ImportRefused("The Parquet file is damaged or uses a feature that cannot be read.") from error
    tables = [frame for frame in frames if isinstance(frame, pl.DataFrame)]
    frame = pl.concat(tables) if tables else pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    nested = [name for name in names if frame[name].dtype.is_nested() or frame[name].dtype == pl.Binary]
    notes = (f"Columns that are no plain values were left out: {', '.join(nested)}.",) if nested else ()
    return _as_text(frame.drop(nested), header=True), notes


def _as_text(frame: pl.DataFrame, *, header: bool) -> Decoded:
    """Write a frame as CSV, one line per row."""
    texts = frame.select(pl.all().cast(pl.String))
    if frame.height:
        texts = frame.select(_texts(frame[name]) for name in frame.columns)
    buffer = io.BytesIO()
    if not header:  # the workbook's own header is its first row
        texts.write_csv(buffer, include_header=False)
    else:
        texts.write_csv(buffer)
    return Decoded(buffer.getvalue(), "utf-8", None)


def _texts(column: pl.Series) -> pl.Expr:
    """The values of a column as texts that the readers of dates and numbers understand."""
    here = pl.col(column.name)
    if isinstance(column.dtype, pl.Datetime):
        zoned = column.dtype.time_zone is not None
        utc = here.dt.convert_time_zone("UTC") if zoned else here
        return utc.dt.strftime("%Y-%m-%d %H:%M:%S%.6f" + ("Z" if zoned else ""))
    return here.cast(pl.String).str.replace_all(r"[\r\n\x00]+", " ")
