"""What makes an account, a product or a quota of a row. Periods are calendar periods unless they say FY."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass

import polars as pl

from coaching.periods import Calendar, add_months
from data_access.importers import dates
from data_access.importers.reading import Reading
from data_access.importers.refusal import Questions
from data_access.importers.schemas import plain_fields

Columns = tuple[dict[str, pl.Series], frozenset[str]]


def read_accounts(reading: Reading) -> Columns:
    """Return the plain columns of accounts and which of them the file supplies. Asks for ``columns.name``."""
    reading.ask_for("names the accounts", "name")
    columns = {name: reading.text(name) for name in ("name", "sector", "region")}
    columns |= {"id": reading.identifier(), "parent": reading.reference("parent")}
    columns["employees"] = reading.number("employees", lenient=True)
    reading.require(columns["name"], "The account's name")
    return columns, _supplied(reading)


def read_products(reading: Reading) -> Columns:
    """Return the plain columns of products and which of them the file supplies. Asks for ``columns.name``."""
    reading.ask_for("names the products", "name")
    columns = {name: reading.text(name) for name in ("name", "series")}
    columns["id"] = reading.identifier()
    amounts, columns["currency"] = reading.money("list_amount")
    columns |= amounts
    reading.require(columns["name"], "The product's name")
    return columns, _supplied(reading)


def _supplied(reading: Reading, *derived: str) -> frozenset[str]:
    supplied = {name for name in plain_fields(reading.kind) if reading.has(name)} | set(derived)
    return frozenset(supplied | ({"currency"} if reading.currency is not None else set()))


# ---- Quotas ----------------------------------------------------------------------------------------------------

MONTHS_IN = {"month": 1, "quarter": 3, "half": 6, "year": 12}
_YEAR = r"(?P<year>\d{4}|\d{2})"
_FISCAL = r"(?P<fiscal>FY|GJ)?\s*"
_PERIODS = tuple(
    (re.compile(pattern, re.IGNORECASE), length)
    for pattern, length in (
        # 2025-Q1, 2025 Q1, FY25 Q1, Q1 2025, Q1/25, Q1-FY2025, 1. Quartal 2025, T1 2025
        (rf"^{_FISCAL}{_YEAR}\s*[-/ .]*\s*[QTK]\s*(?P<number>[1-4])$", "quarter"),
        (rf"^[QTK]\s*(?P<number>[1-4])\s*[-/ .,']*\s*{_FISCAL}{_YEAR}$", "quarter"),
        (
            r"^(?P<number>[1-4])\.?\s*(?:quartal|quarter|trimestre|kwartaal)"
            rf"\s*[-/ .,']*\s*{_FISCAL}{_YEAR}$",
            "quarter",
        ),
        (rf"^{_FISCAL}{_YEAR}\s*[-/ .]?\s*H\s*(?P<number>[12])$", "half"),
        (rf"^H\s*(?P<number>[12])\s*[-/ ]?\s*{_FISCAL}{_YEAR}$", "half"),
        (r"^(?P<year>\d{4})\s*[-/.]\s*M?(?P<number>\d{1,2})$", "month"),
        (r"^M?(?P<number>\d{1,2})\s*[-/.]\s*(?P<year>\d{4})$", "month"),
        (rf"^(?P<fiscal>FY|GJ)\s*{_YEAR}(?:\.0)?$", "year"),
        (r"^(?P<year>(?:19|20|21)\d{2})(?:\.0)?$", "year"),
    )
)


def read_quotas(reading: Reading, fiscal_year_starts_in: int = 1) -> Columns:
    """Return the plain columns of quotas and which of them the file supplies.

    A quota's span is ``from`` and ``to``, or a single period (2025-Q1, 2025-03, Mar 2025, 2025, FY25 Q1), or a year
    beside a quarter or month. ``fiscal_year_starts_in``: the company's, month 1..12, for periods that say FY. Asks for
    ``columns.rep``, ``columns.from`` and ``columns.amount``.
    """
    reading.ask_for("says whose the quotas are", "rep")
    reading.ask_for("holds the quotas' amounts", "amount")
    spans = reading.has("from") and reading.has("to")
    if not spans:
        reading.ask_for("says from when to when the quotas hold", "from", "period", "year")
    columns = {"rep": reading.reference("rep")}
    rows = reading.date_rows(("from", "to"))
    columns["from"], columns["to"] = reading.days(rows, "from"), reading.days(rows, "to")
    if not spans:
        start, end = _from_periods(reading, columns["from"], fiscal_year_starts_in)
        columns["from"], columns["to"] = columns["from"].fill_null(start), columns["to"].fill_null(end)
    amounts, columns["currency"] = reading.money("amount")
    columns |= amounts
    for name in ("rep", "from", "to", "amount"):
        reading.require(columns[name], f"The quota's {name}")
    reading.reject(columns["from"] > columns["to"], "The quota ends before it begins; swap from and to.")
    return columns, _supplied(reading, "from", "to")


def _from_periods(reading: Reading, start: pl.Series, fiscal_year_starts_in: int) -> tuple[pl.Series, pl.Series]:
    """Return the first and last day of each row's period; a lone ``from`` on a first of month is that month."""
    texts = _period_texts(reading)
    length = _length_of_header(reading.mapping.columns.get("period", ""))
    labels = texts.drop_nulls().unique(maintain_order=True)
    known = {text: period_of(text, length, fiscal_year_starts_in) for text in labels}
    first = texts.replace_strict(
        {text: span and span[0] for text, span in known.items()}, default=None, return_dtype=pl.Date
    )
    last = texts.replace_strict(
        {text: span and span[1] for text, span in known.items()}, default=None, return_dtype=pl.Date
    )
    reading.reject(
        texts.is_not_null() & first.is_null(),
        pl.DataFrame({"text": texts})
        .select(
            pl.format('period "{}" is not read; write it as 2025-Q1, 2025-03 or 2025.', pl.col("text").str.slice(0, 60))
        )
        .to_series(),
    )
    reading.notes += _fiscal_notes(reading, {text: span for text, span in known.items() if span}, fiscal_year_starts_in)
    lone = start.dt.month_end().zip_with(start.dt.day() == 1, start.clear(start.len()))
    return first, last.fill_null(lone)


def _fiscal_notes(reading: Reading, known: dict[str, tuple[dt.date, dt.date]], fiscal_year_starts_in: int) -> list[str]:
    """How periods of a fiscal year were read: those that say FY, and plain ones in a column that is called fiscal."""
    month = calendar.month_name[fiscal_year_starts_in]
    fiscal = [text for text in known if (written := _written_period(text)) and written.is_fiscal]
    if fiscal:
        named = "" if fiscal_year_starts_in == 1 else " and is named by the calendar year it ends in"
        first, last = known[fiscal[0]]
        return [
            f"Periods with FY were read by a fiscal year that starts in {month}{named}: {fiscal[0]} is {first} to"
            f" {last}. If that is not yours, change the setting fiscal_year_starts_in, or name from and to."
        ]
    headers = [reading.mapping.columns.get(name, "").casefold() for name in ("period", "year")]
    if known and fiscal_year_starts_in != 1 and any(w in h for h in headers for w in ("fiscal", "geschäftsjahr")):
        return [
            f"Periods without FY were read as calendar periods, though your fiscal year starts in {month}. If they are"
            " fiscal ones, write FY before the year, or name from and to."
        ]
    return []


def _period_texts(reading: Reading) -> pl.Series:
    """Return the period of each row as one text, put together where year and quarter or month stand apart."""
    period, year = reading.text("period"), reading.text("year")
    header = reading.mapping.columns.get("period", "")
    if not reading.has("year"):
        return period
    letter = "Q" if _length_of_header(header) == "quarter" else "M"
    frame = pl.DataFrame({"period": period, "year": year.str.replace(r"\.0$", "")})
    number = pl.col("period").str.extract(r"^\D{0,8}(\d{1,2})\D{0,8}(?:\.0)?$", 1)
    month = pl.col("period").str.to_lowercase().replace_strict(dates.MONTH_OF, default=None, return_dtype=pl.String)
    quarter = pl.col("period").str.contains(r"(?i)^[QT]\s*\d$")
    joined = (
        pl.when(pl.col("period").is_null())
        .then("year")
        .when(month.is_not_null())
        .then(pl.concat_str("year", pl.lit("-"), month))
        .when(quarter | (number.is_not_null() & pl.lit(letter == "Q")))
        .then(pl.concat_str("year", pl.lit("-Q"), number))
        .when(number.is_not_null() & (pl.col("period").str.len_chars() <= 4))
        .then(pl.concat_str("year", pl.lit("-"), number))
        .otherwise("period")
    )
    return frame.select(joined).to_series()


def _length_of_header(header: str) -> str:
    folded = header.casefold()
    if any(word in folded for word in ("quarter", "quartal", "trimest", "kwartaal")):
        return "quarter"
    return "year" if any(word in folded for word in ("year", "jahr", "année", "año")) else "month"


@dataclass(frozen=True)
class _Written:
    """A period as its label says it: the second (``number``) quarter (of ``months``) of a calendar or fiscal year."""

    year: int
    number: int
    months: int
    is_fiscal: bool


def period_of(text: str, length: str = "month", fiscal_year_starts_in: int = 1) -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a written period, None where it is none.

    A full date means the month, quarter or year (``length``) in which it lies. A period that says FY (or GJ) is one of
    the fiscal year, which starts in the month ``fiscal_year_starts_in``; every other one is a calendar period.
    """
    written = _written_period(text) or _month_by_name(text)
    if written:
        return _span(written, fiscal_year_starts_in)
    read = dates.read_dates(pl.Series("period", [text]), None)
    rows, _ = dates.settle_orders([read], {}, Questions(strict=False))
    day = dates.days(rows["period"], "period", "UTC", "UTC")["value"][0]
    if day is None:
        return None
    months = MONTHS_IN[length]
    return _span(_Written(day.year, (day.month - 1) // months + 1, months, is_fiscal=False), fiscal_year_starts_in)


def _written_period(text: str) -> _Written | None:
    for pattern, length in _PERIODS:
        if match := pattern.match(text.strip()):
            found = match.groupdict()
            return _Written(
                _full_year(found["year"]), int(found.get("number") or 1), MONTHS_IN[length], bool(found.get("fiscal"))
            )
    return None


def _month_by_name(text: str) -> _Written | None:
    named = re.fullmatch(r"(\D{3,12}?)\.?[\s\-/'.]*(\d{4}|\d{2})", text.strip())
    month = dates.MONTH_OF.get(named[1].strip(" .").casefold()) if named else None
    return _Written(_full_year(named[2]), int(month), 1, is_fiscal=False) if named and month else None


def _full_year(digits: str) -> int:
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _span(written: _Written, fiscal_year_starts_in: int) -> tuple[dt.date, dt.date] | None:
    in_year = 1 <= written.number <= 12 // written.months
    if not in_year or not dates.EARLIEST <= written.year <= dates.LATEST:
        return None
    starts_in = fiscal_year_starts_in if written.is_fiscal else 1
    year = Calendar(fiscal_year_starts_in=starts_in).fiscal_year(written.year)
    first = add_months(year.start, (written.number - 1) * written.months)
    return first, add_months(first, written.months) - dt.timedelta(days=1)
