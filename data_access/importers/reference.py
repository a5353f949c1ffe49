"""What makes an account, a product or a quota of a row. Periods are calendar periods; from and to can say otherwise."""

from __future__ import annotations

import calendar
import datetime as dt
import re

import polars as pl

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

_PERIODS = (
    # 2025-Q1, 2025 Q1, FY25 Q1, Q1 2025, Q1/25, Q1-FY2025, 1. Quartal 2025, T1 2025
    (
        re.compile(r"^(?:FY|GJ)?\s*(?P<year>\d{4}|\d{2})\s*[-/ .]*\s*[QTK]\s*(?P<quarter>[1-4])$", re.IGNORECASE),
        "quarter",
    ),
    (
        re.compile(
            r"^(?:[QTK]\s*(?P<quarter>[1-4])|(?P<q>[1-4])\.?\s*(?:quartal|quarter|trimestre|kwartaal))"
            r"\s*[-/ .,']*\s*(?:FY|GJ)?\s*(?P<year>\d{4}|\d{2})$",
            re.IGNORECASE,
        ),
        "quarter",
    ),
    (
        re.compile(r"^(?P<year>\d{4})\s*[-/ .]?\s*H\s*(?P<half>[12])$|^H\s*(?P<h>[12])\s*[-/ ]?\s*(?P<y>\d{4})$", re.I),
        "half",
    ),
    (re.compile(r"^(?P<year>\d{4})\s*[-/.]\s*M?(?P<month>\d{1,2})$", re.IGNORECASE), "month"),
    (re.compile(r"^M?(?P<month>\d{1,2})\s*[-/.]\s*(?P<year>\d{4})$", re.IGNORECASE), "month"),
    (re.compile(r"^(?:FY|GJ)?\s*(?P<year>(?:19|20|21)\d{2})(?:\.0)?$", re.IGNORECASE), "year"),
)


def read_quotas(reading: Reading) -> Columns:
    """Return the plain columns of quotas and which of them the file supplies.

    A quota's span is ``from`` and ``to``, or a single period (2025-Q1, 2025-03, Mar 2025, 2025), or a year beside a
    quarter or month. Asks for ``columns.rep``, ``columns.from`` and ``columns.amount``.
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
        start, end = _from_periods(reading, columns["from"])
        columns["from"], columns["to"] = columns["from"].fill_null(start), columns["to"].fill_null(end)
    amounts, columns["currency"] = reading.money("amount")
    columns |= amounts
    for name in ("rep", "from", "to", "amount"):
        reading.require(columns[name], f"The quota's {name}")
    reading.reject(columns["from"] > columns["to"], "The quota ends before it begins; swap from and to.")
    return columns, _supplied(reading, "from", "to")


def _from_periods(reading: Reading, start: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Return the first and last day of each row's period; a lone ``from`` on a first of month is that month."""
    texts = _period_texts(reading)
    length = _length_of_header(reading.mapping.columns.get("period", ""))
    known = {text: period_of(text, length) for text in texts.drop_nulls().unique()}
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
    if any(text.upper().lstrip().startswith(("FY", "GJ")) or "FY" in text.upper() for text in known):
        reading.notes.append("Fiscal periods were read as calendar periods; use from and to if your year begins later.")
    lone = start.dt.month_end().zip_with(start.dt.day() == 1, start.clear(start.len()))
    return first, last.fill_null(lone)


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


def period_of(text: str, length: str = "month") -> tuple[dt.date, dt.date] | None:
    """Return the first and last day of a written period, None where it is none.

    A full date means the month, quarter or year (``length``) in which it lies.
    """
    for pattern, name in _PERIODS:
        if match := pattern.match(text.strip()):
            found = {key: value for key, value in match.groupdict().items() if value}
            year = int(found.get("year") or found["y"])
            year += 2000 if year < 100 else 0
            if name == "year":
                return _span(year, 1, 12)
            if name == "quarter":
                return _span(year, int(found.get("quarter") or found["q"]) * 3 - 2, 3)
            if name == "half":
                return _span(year, int(found.get("half") or found["h"]) * 6 - 5, 6)
            month = int(found["month"])
            return _span(year, month, 1) if 1 <= month <= 12 else None
    named = re.fullmatch(r"(\D{3,12}?)\.?[\s\-/'.]*(\d{4}|\d{2})", text.strip())
    if named and (month_text := dates.MONTH_OF.get(named[1].strip(" .").casefold())):
        year = int(named[2])
        return _span(year + (2000 if year < 100 else 0), int(month_text), 1)
    read = dates.read_dates(pl.Series("period", [text]), None)
    rows, _ = dates.settle_orders([read], {}, Questions(strict=False))
    day = dates.days(rows["period"], "period", "UTC", "UTC")["value"][0]
    if day is None:
        return None
    months = {"month": 1, "quarter": 3, "year": 12}[length]
    return _span(day.year, (day.month - 1) // months * months + 1, months)


def _span(year: int, month: int, months: int) -> tuple[dt.date, dt.date] | None:
    if not dates.EARLIEST <= year <= dates.LATEST:
        return None
    last = month + months - 1
    return dt.date(year, month, 1), dt.date(year, last, calendar.monthrange(year, last)[1])
