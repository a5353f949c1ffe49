"""Cuts a delimited text into lines, records and cells. Knows nothing of their meaning; loses no line."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import polars as pl

from data_access.importers import footers
from data_access.importers.decoding import UNREADABLE, Decoded
from data_access.importers.refusal import ImportRefused
from data_access.importers.schemas import REJECTION_SCHEMA
from data_access.importers.sheet import Sheet, distinct_headers

DELIMITERS = (",", ";", "\t", "|")
_NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}
_SPOKEN = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}
# The longest text field of the common CRMs holds 131,072 characters; more is a broken quote or an attack.
LONGEST_CELL = 131_072
# A record that runs over more lines than this is an unclosed quote.
MOST_LINES = 500
_HEADER_LINES = 40
OPEN = object()

HeaderScore = Callable[[Sequence[str]], int]
ChooseColumns = Callable[[tuple[str, ...]], Sequence[int]]


@dataclass(frozen=True)
class Grammar:
    """How cells are written for one delimiter: as polars reads them (``strict``), and what else can be understood."""

    delimiter: str

    @property
    def strict(self) -> str:
        cell = rf'(?:"(?:[^"]|"")*"|[^"{self._escaped}]*)'
        return rf"^{cell}(?:{self._escaped}{cell})*$"

    @property
    def _escaped(self) -> str:
        return re.escape(self.delimiter)

    @property
    def blank(self) -> str:
        return rf'^[\s"\x{{feff}}\x{{a0}}{self._escaped}]*$'

    def cut(self, text: str) -> list[str] | object | None:
        """Return the cells of a record; ``OPEN`` where a quote is still open at its end, None where it is broken.

        Beside the standard form this reads blanks around quoted cells and quotes inside unquoted ones (5" pipe).
        """
        quoted, unclosed, plain = _cell_patterns(self.delimiter)
        cells: list[str] = []
        position = 0
        while True:
            if match := quoted.match(text, position):
                cells.append(match[1].replace('""', '"'))
            elif unclosed.match(text, position):
                return OPEN
            elif match := plain.match(text, position):
                cells.append(match[0])
            else:
                return None
            position = match.end()
            if position >= len(text):
                return cells
            position += 1  # the delimiter

    def cells(self, line: str) -> list[str]:
        """Return the cells of one line, cut at every delimiter where the line is no sound record."""
        found = self.cut(line)
        return found if isinstance(found, list) else [cell.strip(' "') for cell in line.split(self.delimiter)]


_PATTERNS: dict[str, tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]] = {}


def _cell_patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    if delimiter not in _PATTERNS:
        d = re.escape(delimiter)
        _PATTERNS[delimiter] = (
            re.compile(rf' *"([^"]*(?:""[^"]*)*)" *(?={d}|\Z)'),
            re.compile(r' *"[^"]*(?:""[^"]*)*\Z'),
            re.compile(rf'(?! *")[^{d}\n]*(?={d}|\Z)'),
        )
    return _PATTERNS[delimiter]


def read_delimited(
    decoded: Decoded,
    *,
    delimiter: str | None,
    header_score: HeaderScore,
    choose: ChooseColumns,
    notes: tuple[str, ...] = (),
    sheet: str | None = None,
) -> Sheet:
    """Read delimited UTF-8 text.

    ``header_score`` counts the known column names in a line, which tells the header from a report's title lines;
    ``choose`` names the columns to keep, by position. Raises ImportRefused for an empty file.
    """
    lines = pl.read_lines(io.BytesIO(decoded.data))["line"] if decoded.data.strip() else pl.Series([], dtype=pl.String)
    top = lines.head(_HEADER_LINES).to_list()
    if not any(line.strip() for line in top):
        raise ImportRefused("The file is empty.")
    titles = 0
    if match := re.fullmatch(r'"?sep=(.)"?', top[0].strip("\ufeff "), flags=re.IGNORECASE):
        delimiter, titles = delimiter or match[1], 1  # a spreadsheet's own way of naming its delimiter
    grammar = Grammar(_delimiter(top[titles:], delimiter, header_score))
    header = _header(top, titles, grammar, header_score)
    headers = distinct_headers(header.cells)
    body = pl.DataFrame({"line": pl.int_range(header.end + 1, lines.len() + 1, eager=True), "raw": lines[header.end :]})
    rows = _rows(body, header, grammar, damaged=decoded.damaged)
    chosen = sorted(choose(headers))
    untouched = decoded.data if rows.sound.height == body.height and rows.sound["text"].equals(body["raw"]) else None
    cells = _cut_sound(rows.sound, chosen, header, grammar, untouched)
    if rows.mended:
        cells = pl.concat([cells, _mended_frame(rows.mended, chosen)]).sort("line")
    spoken = _SPOKEN.get(grammar.delimiter, f'"{grammar.delimiter}"')
    return Sheet(
        headers=headers,
        cells=cells,
        rejections=pl.DataFrame(rows.rejected, schema=REJECTION_SCHEMA, orient="row").sort("line"),
        ignored=rows.ignored + header.start,
        notes=(*notes, *(() if sheet else (f"Cells are separated by {spoken}.",))),
        delimiter=None if sheet else grammar.delimiter,
        encoding=None if sheet else decoded.encoding,
        sheet=sheet,
    )


# ---- The header ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Header:
    """The header's cells and the lines it takes: ``start`` to before ``end``, counted from 0."""

    cells: list[str]
    start: int
    end: int
    raw: str


def _delimiter(lines: Sequence[str], named: str | None, header_score: HeaderScore) -> str:
    """Return the named delimiter, else the one under which the header is known best and the lines agree best."""
    if named is not None:
        delimiter = _NAMES.get(named.lower(), named)
        if len(delimiter) != 1 or delimiter in '"\n' or ord(delimiter) > 0x7F:
            raise ImportRefused('delimiter must be one character, such as ";" or "tab".', "delimiter")
        return delimiter

    def fit(delimiter: str) -> tuple[int, float, int]:
        grammar = Grammar(delimiter)
        cut = [grammar.cells(line) for line in lines if line.strip()]
        widths = [len(cells) for cells in cut]
        scores = [header_score(cells) for cells in cut]
        best = max(scores)
        if best:
            width = widths[scores.index(best)]
            return best, widths.count(width) / len(cut), width
        several = [width for width in widths if width > 1]
        usual = max(set(several), key=lambda width: (several.count(width), width), default=1)
        return 0, several.count(usual) / len(cut), usual

    return max(DELIMITERS, key=fit)


def _header(lines: Sequence[str], titles: int, grammar: Grammar, header_score: HeaderScore) -> _Header:
    """Find the header: the first line, unless that is a report's title and a later line names known columns."""
    records = list(_records(lines, titles, grammar))
    filled = [sum(bool(cell.strip()) for cell in record.cells) for record in records]
    scores = [header_score(record.cells) for record in records]
    first = next((index for index, count in enumerate(filled) if count), None)
    if first is None:
        raise ImportRefused("The file is empty: its first lines hold nothing but delimiters.")
    usual = max(set(filled[first:]), key=lambda count: (filled.count(count), count))
    best = scores.index(max(scores[first:]), first)
    # A title has fewer cells than the table, or knows no column where a later line knows several; one word that
    # happens to be a column's name does not make a header of a row.
    few_cells = filled[first] * 2 <= usual and scores[best] > scores[first]
    is_title = few_cells or (scores[first] == 0 and scores[best] >= 2)
    return records[best] if is_title else records[first]


def _records(lines: Sequence[str], start: int, grammar: Grammar) -> list[_Header]:
    """Cut the top of a file into records, with those that run over several lines."""
    records = []
    index = start
    while index < len(lines):
        end = index + 1
        while grammar.cut("\n".join(lines[index:end])) is OPEN and end < len(lines):
            end += 1
        raw = "\n".join(lines[index:end])
        cells = grammar.cut(raw)
        if not isinstance(cells, list):
            end, raw = index + 1, lines[index]
            cells = grammar.cells(raw)
        records.append(_Header(cells, index, end, raw))
        index = end
    return records


# ---- The rows --------------------------------------------------------------------------------------------------


@dataclass
class _Rows:
    """Every line after the header, sorted out.

    ``sound``: line, raw, text (what to cut). ``mended``: records that only the slow reader understands.
    """

    sound: pl.DataFrame
    mended: list[tuple[int, str, list[str]]]
    rejected: list[tuple[int, str, str]]
    ignored: int


def _rows(body: pl.DataFrame, header: _Header, grammar: Grammar, *, damaged: bool) -> _Rows:
    """Sort the lines into records, rejected ones and those that hold no record."""
    rows = _Rows(body, [], [], 0)
    _join_open_records(rows, header, grammar)
    _leave_out_what_is_no_record(rows, header, grammar)
    _check_widths(rows, len(header.cells), grammar)
    _check_lengths(rows, grammar)
    if damaged:
        _reject_where(rows, pl.col("raw").str.contains(UNREADABLE, literal=True), "it holds damaged characters")
    return rows


def _join_open_records(rows: _Rows, header: _Header, grammar: Grammar) -> None:
    """Take out every line that is no sound record by itself, joined with the lines that belong to it."""
    raw = rows.sound["raw"]
    sound = ~raw.str.contains('"', literal=True) | raw.str.contains(grammar.strict)
    if sound.all():
        return
    first = int(rows.sound["line"][0])
    taken = 0  # lines before this index belong to an earlier record
    removed: list[int] = []
    for index in (~sound).arg_true().to_list():
        if index < taken:
            continue
        text, cells, end = _extend(raw, index, grammar)
        cells = _fit(cells, len(header.cells)) if cells is not None else None
        if cells is None and end > index + 1:  # closed, but not the right width: the quote was a slip after all
            text, end = raw[index], index + 1
        if cells is not None:
            rows.mended.append((first + index, text, cells))
        elif (whole := grammar.cut(text)) is OPEN or whole is None:
            reason = "A quote is opened and not closed properly; close it or double the quotes inside the cell."
            rows.rejected.append((first + index, reason, text))
        else:
            assert isinstance(whole, list)
            rows.rejected.append((first + index, _width_reason(len(whole), len(header.cells)), text))
        removed.extend(range(index, end))
        taken = end
    rows.sound = rows.sound.filter(~pl.int_range(pl.len()).is_in(removed))


def _extend(raw: pl.Series, index: int, grammar: Grammar) -> tuple[str, list[str] | None, int]:
    """Return the record that begins at a line: its text, its cells (None if it never becomes one), the line after."""
    parts = [raw[index]]
    cells = grammar.cut(parts[0])
    end = index + 1
    size = len(parts[0])
    while cells is OPEN and end < raw.len() and len(parts) < MOST_LINES and size < 2 * LONGEST_CELL:
        parts.append(raw[end])
        size += len(parts[-1])
        end += 1
        if '"' in parts[-1]:  # no other line can close the quote
            cells = grammar.cut("\n".join(parts))
    if isinstance(cells, list):
        return "\n".join(parts), cells, end
    return parts[0], None, index + 1


def _fit(cells: list[str], width: int) -> list[str] | None:
    """Return the cells without empty ones beyond the header; None where their number still differs."""
    extra = cells[width:]
    return cells[:width] if len(cells) >= width and not any(cell.strip() for cell in extra) else None


def _width_reason(found: int, width: int) -> str:
    cells = "1 cell" if found == 1 else f"{found} cells"
    return f"The row has {cells} instead of {width}; add the missing cells or quote the cell with a delimiter in it."


def _leave_out_what_is_no_record(rows: _Rows, header: _Header, grammar: Grammar) -> None:
    """Count blank lines, repeated headers, totals and the footer of a report, and take them out."""
    before = rows.sound.height
    rows.sound = _without_footer(rows.sound, len(header.cells), grammar)
    rows.sound = rows.sound.filter(
        ~pl.col("raw").str.contains(grammar.blank) & (pl.col("raw").str.strip_chars() != header.raw.strip())
    )
    suspects = rows.sound.filter(pl.col("raw").str.contains(footers.SUSPECT))
    totals = [line for line, raw in suspects.select("line", "raw").rows() if footers.is_total(grammar.cells(raw))]
    if totals:
        rows.sound = rows.sound.filter(~pl.col("line").is_in(totals))
    rows.ignored += before - rows.sound.height


def _without_footer(body: pl.DataFrame, width: int, grammar: Grammar) -> pl.DataFrame:
    """Cut off the footer; blank lines at the very end do not count towards how far up it is looked for."""
    filled = (~body["raw"].str.contains(grammar.blank)).arg_true()
    last = int(filled[-1]) + 1 if filled.len() else 0
    start = max(0, last - footers.TAIL)
    tail = body["raw"][start:last].to_list()
    return body.head(start + footers.footer_start(tail, grammar.cells, width))


def _check_widths(rows: _Rows, width: int, grammar: Grammar) -> None:
    """Reject the lines that have another number of cells than the header; empty cells beyond it do not count."""
    raw = pl.col("raw")
    unquoted = (
        pl.when(raw.str.contains('"', literal=True))
        .then(raw.str.replace_all(r'"(?:[^"]|"")*"', ""))
        .otherwise(raw)
        .str.count_matches(grammar.delimiter, literal=True)
    )
    counted = rows.sound.with_columns(raw.alias("text"), (unquoted + 1).cast(pl.Int64).alias("width"))
    wrong = counted.filter(pl.col("width") != width)
    if wrong.is_empty():
        rows.sound = counted.drop("width")
        return
    trimmed: list[pl.DataFrame] = []
    for found in wrong["width"].unique().sort().to_list():
        part = wrong.filter(pl.col("width") == found)
        surplus = found - width
        fits = (
            part["raw"].str.contains(rf"(?:{re.escape(grammar.delimiter)}\s*){{{surplus}}}$")
            if 0 < surplus < 100
            else None
        )
        if fits is not None and fits.any():
            cut = pl.col("raw").str.replace(rf"(?:{re.escape(grammar.delimiter)}\s*){{{surplus}}}$", "")
            trimmed.append(part.filter(fits).with_columns(cut.alias("text")))
            part = part.filter(~fits)
        rows.rejected += [(line, _width_reason(found, width), text) for line, text in part.select("line", "raw").rows()]
    sound = counted.filter(pl.col("width") == width)
    rows.sound = (pl.concat([sound, *trimmed]).sort("line") if trimmed else sound).drop("width")


def _check_lengths(rows: _Rows, grammar: Grammar) -> None:
    """Reject rows with a cell longer than any CRM writes."""
    reason = f"A cell is longer than {LONGEST_CELL:,} characters; shorten it or close its quote."
    long = rows.sound.filter(pl.col("raw").str.len_bytes() > LONGEST_CELL)
    too_long = {line for line, raw in long.select("line", "raw").rows() if _longest(grammar.cells(raw)) > LONGEST_CELL}
    rows.rejected += [(line, reason, raw) for line, raw in long.select("line", "raw").rows() if line in too_long]
    if too_long:
        rows.sound = rows.sound.filter(~pl.col("line").is_in(sorted(too_long)))
    rows.rejected += [(line, reason, raw) for line, raw, cells in rows.mended if _longest(cells) > LONGEST_CELL]
    rows.mended = [record for record in rows.mended if _longest(record[2]) <= LONGEST_CELL]


def _longest(cells: list[str]) -> int:
    return max(map(len, cells))


def _reject_where(rows: _Rows, condition: pl.Expr, why: str) -> None:
    """Reject sound and mended records for what their raw text holds."""
    reason = f"The row cannot be used: {why}; mend them and import the row again."
    hit = rows.sound.filter(condition)
    rows.rejected += [(line, reason, raw) for line, raw in hit.select("line", "raw").rows()]
    rows.sound = rows.sound.filter(~condition)
    rows.rejected += [(line, reason, raw) for line, raw, _ in rows.mended if UNREADABLE in raw]
    rows.mended = [record for record in rows.mended if UNREADABLE not in record[1]]


# ---- The cells -------------------------------------------------------------------------------------------------


def _cut_sound(
    sound: pl.DataFrame, chosen: Sequence[int], header: _Header, grammar: Grammar, untouched: bytes | None
) -> pl.DataFrame:
    """Cut the sound lines into cells. ``untouched``: the file itself, where none of its lines was left out."""
    if sound.is_empty():
        return pl.DataFrame(schema=_cell_schema(chosen))
    if untouched is None:
        data, skip = sound["text"].str.join("\n").item().encode(), 0
    else:
        data, skip = untouched, header.end
    cells = pl.read_csv(
        data,
        has_header=False,
        skip_lines=skip,
        separator=grammar.delimiter,
        infer_schema=False,
        columns=list(chosen),
    )
    cells.columns = [str(position) for position in chosen]
    return sound.select("line", "raw").hstack(cells)


def _mended_frame(mended: list[tuple[int, str, list[str]]], chosen: Sequence[int]) -> pl.DataFrame:
    rows = [(line, raw, *(cells[position] for position in chosen)) for line, raw, cells in mended]
    return pl.DataFrame(rows, schema=_cell_schema(chosen), orient="row")


def _cell_schema(chosen: Sequence[int]) -> dict[str, pl.DataType | type[pl.DataType]]:
    return {"line": pl.Int64, "raw": pl.String, **{str(position): pl.String for position in chosen}}
