"""Reads dates and instants as systems and people write them. Day or month first is settled by the whole column.

Rules, in this order:

1. ISO dates, month names, spreadsheet serials and Unix times can be read in one way only; they may stand mixed.
2. ``a/b/yyyy`` dates are compared by their separator and the length of the year. The one order that fits every date of
   such a group is taken; one that fits at least 95 % is taken too, and the other rows are rejected.
3. Where several orders fit all of a group, the other date columns of the same file decide if they use the same
   separator and agree. Otherwise the file is refused (key ``date_format`` or ``date_formats.FIELD``): never guessed.
4. A two-digit year first (``20-10-16``) is considered with dashes, or where nothing else fits. It is taken, or dropped,
   where the other reading makes the years span more than 15.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

import polars as pl

from data_access.importers.distinct import by_distinct
from data_access.importers.mapping import ORDERS
from data_access.importers.numbers import NOTHING
from data_access.importers.refusal import ImportRefused, Questions
from data_access.importers.text import clean

EARLIEST, LATEST = 1950, 2150
# How systems write "no end".
_ENDLESS = 9999
_MOST_YEARS = 15
_MOSTLY = 0.95
_EXCEL_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - a naive wall-clock origin

_NO_DATE = (*NOTHING, "0000-00-00", "0000-00-00 00:00:00", "00/00/0000", "00.00.0000", "1900-01-00")

_MONTHS = {
    1: "jan january januar jänner janvier janv ene enero januari gen gennaio janeiro styczeń sty tammikuu leden",
    2: "feb february februar février févr fev fév febrero februari febbraio fevereiro luty lut helmikuu únor",
    3: "mar march märz mär mrz mars marzo maart mrt março marzec maaliskuu březen",
    4: "apr april avril avr abr abril aprile kwiecień kwi huhtikuu duben",
    5: "may mai mayo mei mag maggio maio maj toukokuu květen",
    6: "jun june juni juin junio giu giugno junho czerwiec cze kesäkuu červen",
    7: "jul july juli juillet juil julio lug luglio julho lipiec lip heinäkuu červenec",
    8: "aug august août aout ago agosto augustus augusti sierpień sie elokuu srpen",
    9: "sep sept september septembre septiembre set settembre setembro wrzesień wrz syyskuu září",
    10: "oct october okt oktober octobre octubre ott ottobre out outubro październik paź lokakuu říjen",
    11: "nov november novembre noviembre novembro listopad lis marraskuu",
    12: "dec december dez dezember décembre déc dic diciembre dicembre dezembro grudzień gru joulukuu prosinec",
}
MONTH_OF = {name: str(number) for number, names in _MONTHS.items() for name in names.split()}

_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+|\p{L}{2,12}\.?,\s+)?"
_TIME = (
    r"(?:(?:\s*[T,]\s*|\s+)(?:(?:at|um|à|a las)\s+)?(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d{2})(?:[:.](?P<second>\d{2})"
    r"(?:[.,](?P<fraction>\d{1,9}))?)?)?\s*(?P<half>[ap]\.?\s?m\.?)?\s*"
    r"(?P<zone>(?:Z|UTC|GMT)?\s?(?:[+-]\d{2}(?::?\d{2})?)?)(?:\s*\((?:\w|\s)*\))?)?"
)
_BODY = (
    r"(?:(?P<y1>\d{4})[-/.年]\s?(?P<m1>\d{1,2})[-/.月]\s?(?P<d1>\d{1,2})日?"
    r"|(?P<a>\d{1,2})\s?(?P<separator>[-/.])\s?(?P<b>\d{1,2})\s?[-/.]\s?(?P<c>\d{4}|\d{2})"
    r"|(?P<y2>(?:19|20|21)\d{2})(?P<m2>\d{2})(?P<d2>\d{2})"
    r"|(?P<d3>\d{1,2})(?:st|nd|rd|th|\.|º|er)?[\s\-/.]*(?:de\s+)?(?P<n3>\p{L}{3,12})\.?[\s\-/.,']*(?:de\s+)?(?P<y3>\d{4}|\d{2})"
    r"|(?P<n4>\p{L}{3,12})\.?[\s\-]+(?P<d4>\d{1,2})(?:st|nd|rd|th)?,?[\s\-]+(?P<y4>\d{4}|\d{2})"
    r"|(?P<y5>\d{4})[-\s/](?P<n5>\p{L}{3,12})\.?[-\s/](?P<d5>\d{1,2}))"
)
# "Wed Mar 04 2026 10:00:00 GMT+0100" fits; "Wed Mar 04 10:00:00 2026" does not.
_PATTERN = rf"(?i)^{_WEEKDAY}{_BODY}{_TIME}\.?$"

# Columns of a read text: ``moment`` is the wall clock, or UTC where ``zoned``; a numeric date keeps a, b, c instead.
_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "moment": pl.Datetime("us"),
    "zoned": pl.Boolean,
    "timed": pl.Boolean,
    "a": pl.Int64,
    "b": pl.Int64,
    "c": pl.Int64,
    "group": pl.String,
    "seconds": pl.Float64,
    "offset": pl.Int64,
}


@dataclass(frozen=True)
class DateColumn:
    """A column of dates after the first look: ``text``, and what ``_SCHEMA`` says of each.

    A column of nothing but ISO dates has no more than text, moment, zoned and timed.
    """

    name: str
    rows: pl.DataFrame

    @property
    def groups(self) -> list[str]:
        """Separator and length of the year of the numeric dates in it."""
        if "group" not in self.rows.columns:
            return []
        return [str(group) for group in self.rows["group"].drop_nulls().unique().sort()]


def read_dates(column: pl.Series, pattern: str | None) -> DateColumn:
    """Read what can be read in one way only. ``pattern`` is a strptime pattern that is tried first.

    Raises ImportRefused for a pattern that is none.
    """
    texts = clean(column, _NO_DATE).alias("text")
    read = by_distinct(texts, lambda distinct: _read(distinct, pattern))
    return DateColumn(column.name, read.with_columns(texts))


def _read(texts: pl.Series, pattern: str | None) -> pl.DataFrame:
    """Try the pattern, then what machines write, then everything else on what is left."""
    moment = pl.Series("moment", [None] * texts.len(), dtype=pl.Datetime("us"))
    timed = pl.Series("timed", [False] * texts.len(), dtype=pl.Boolean)
    zoned = timed.alias("zoned")
    if pattern is not None:
        moment, timed = _by_pattern(texts, pattern)
    # strptime takes "20-10-16" for a day in the year 20.
    iso = texts.to_frame("text").select(pl.when(pl.col("text").str.contains(r"^\d{4}-")).then("text"))["text"]
    day = iso.str.to_date("%Y-%m-%d", strict=False).cast(pl.Datetime("us"))
    seconds = iso.str.to_datetime("%Y-%m-%d %H:%M:%S", time_unit="us", strict=False)
    frame = pl.DataFrame({"text": texts, "moment": moment, "timed": timed, "zoned": zoned}).with_columns(
        moment=pl.coalesce("moment", day, seconds),
        timed=pl.col("timed") | (pl.col("moment").is_null() & day.is_null() & seconds.is_not_null()),
    )
    empty = [pl.lit(None, dtype).alias(name) for name, dtype in _SCHEMA.items() if name not in frame.columns]
    left = frame["moment"].is_null() & frame["text"].is_not_null()
    if not left.any():
        return frame.select("moment", "zoned", "timed")
    done = frame.filter(~left).select(*frame.columns, *empty).select(*_SCHEMA)
    rest = _read_freely(frame.filter(left)["text"])
    index = pl.concat([(~left).arg_true(), left.arg_true()])
    return pl.concat([done, rest]).with_columns(index.alias("index")).sort("index").drop("index")


def _by_pattern(texts: pl.Series, pattern: str) -> tuple[pl.Series, pl.Series]:
    """Read texts by a strptime pattern; an hour in the pattern makes instants of them."""
    timed = any(part in pattern for part in ("%H", "%I", "%T", "%R", "%X", "%s"))
    try:
        if timed:
            moment = texts.str.to_datetime(pattern, time_unit="us", strict=False)
            if isinstance(moment.dtype, pl.Datetime) and moment.dtype.time_zone is not None:
                moment = moment.dt.convert_time_zone("UTC").dt.replace_time_zone(None)
        else:
            moment = texts.str.to_date(pattern, strict=False).cast(pl.Datetime("us"))
    except (pl.exceptions.PolarsError, ValueError) as error:
        raise ImportRefused(f'"{pattern}" is not a date pattern; use one such as "%d/%m/%Y".', "date_format") from error
    return moment.alias("moment"), (moment.is_not_null() & timed).alias("timed")


def _read_freely(texts: pl.Series) -> pl.DataFrame:
    parts = texts.str.extract_groups(_PATTERN).struct.unnest().with_columns(texts.alias("text"))
    year, month, day = (
        pl.coalesce(*(pl.col(f"{letter}{place}") for place in places))
        for letter, places in (("y", (1, 2, 3, 4, 5)), ("m", (1, 2)), ("d", (1, 2, 3, 4, 5)))
    )
    named = pl.coalesce("n3", "n4", "n5").str.to_lowercase()
    named_month = named.replace_strict(MONTH_OF, default=None, return_dtype=pl.String)
    hour = pl.col("hour").cast(pl.Int64)
    afternoon = pl.col("half").str.to_lowercase().str.starts_with("p")
    hour = (
        pl.when(pl.col("half").is_null())
        .then(hour)
        .when((hour < 1) | (hour > 12))
        .then(pl.lit(99))  # 13 PM: no hour
        .otherwise(hour % 12 + pl.when(afternoon).then(12).otherwise(0))
    )
    minute, second = (pl.col(name).cast(pl.Int64).fill_null(0) for name in ("minute", "second"))
    fraction = pl.concat_str(pl.lit("0."), pl.col("fraction")).cast(pl.Float64).fill_null(0.0)
    zone = pl.col("zone").str.to_uppercase()
    hours, minutes = (pl.col("zone").str.extract(r"([+-]\d{2}):?(\d{2})?$", place) for place in (1, 2))
    offset = hours.cast(pl.Int64).abs() * 60 + minutes.cast(pl.Int64).fill_null(0)
    offset = pl.when(hours.str.starts_with("-")).then(-offset).otherwise(offset)
    lonely_hour = pl.col("hour").is_not_null() & pl.col("minute").is_null() & pl.col("half").is_null()
    sound_time = pl.col("hour").is_null() | ((hour < 24) & (minute < 60) & (second < 61) & ~lonely_hour)
    whole = _date(_full_year(year), pl.coalesce(month, named_month), day)
    parts = parts.with_columns(
        seconds=pl.when(pl.col("hour").is_not_null()).then(hour * 3600 + minute * 60 + second + fraction),
        offset=pl.when(zone != "").then(offset.fill_null(0)),
        whole=pl.when(sound_time).then(whole),
        **{letter: pl.when(sound_time).then(pl.col(letter).cast(pl.Int64)) for letter in "abc"},
        group=pl.concat_str("separator", pl.col("c").str.len_chars().cast(pl.String)),
    )
    return _with_serials(_with_time(parts, pl.col("whole")).select("text", *_SCHEMA))


def _full_year(year: pl.Expr) -> pl.Expr:
    """Two digits as POSIX reads them: 69–99 are 1969–1999, 00–68 are 2000–2068."""
    century = pl.when(year >= "69").then(pl.lit("19")).otherwise(pl.lit("20"))
    return pl.when(year.str.len_chars() == 2).then(pl.concat_str(century, year)).otherwise(year)


def _date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    """Null where there is no such day."""
    text = pl.concat_str(year, pl.lit("-"), month.str.zfill(2), pl.lit("-"), day.str.zfill(2))
    return text.str.to_date("%Y-%m-%d", strict=False)


def _with_time(frame: pl.DataFrame, date: pl.Expr) -> pl.DataFrame:
    """Set ``moment``, ``timed`` and ``zoned`` from a date, ``seconds`` into the day and the ``offset`` from UTC."""
    microseconds = (pl.col("seconds").fill_null(0.0) * 1e6).round().cast(pl.Int64)
    minutes = pl.col("offset").fill_null(0)
    return frame.with_columns(
        moment=date.cast(pl.Datetime("us")) + pl.duration(microseconds=microseconds) - pl.duration(minutes=minutes),
        timed=pl.col("seconds").is_not_null(),
        zoned=pl.col("offset").is_not_null(),
    )


def _with_serials(frame: pl.DataFrame) -> pl.DataFrame:
    """Add spreadsheet serials (days since 1899-12-30) and Unix times (seconds, milli- and microseconds)."""
    text = pl.col("text")
    serial = pl.when(text.str.contains(r"^[1-9]\d{4}(?:\.\d+)?$")).then(text.cast(pl.Float64, strict=False))
    # A serial's fraction is a float: the nearest second is what was meant.
    from_serial = pl.lit(_EXCEL_EPOCH) + pl.duration(seconds=(serial * 86_400).round().cast(pl.Int64))
    unix = pl.when(text.str.contains(r"^1\d{9}(?:\d{3}|\d{6})?$")).then(text.cast(pl.Int64, strict=False))
    scale = (
        pl.when(text.str.len_bytes() == 10).then(1_000_000).when(text.str.len_bytes() == 13).then(1_000).otherwise(1)
    )
    from_unix = (unix * scale).cast(pl.Datetime("us"))
    is_serial, is_unix = from_serial.is_not_null(), from_unix.is_not_null()
    return frame.with_columns(
        moment=pl.coalesce("moment", from_serial, from_unix),
        timed=pl.when(is_serial).then(serial % 1 != 0).otherwise(pl.col("timed") | is_unix),
        zoned=pl.col("zoned") | is_unix,
    ).select(*_SCHEMA)


# ---- Day first or month first ----------------------------------------------------------------------------------

_PLACES = {"dmy": ("c", "b", "a"), "mdy": ("c", "a", "b"), "ymd": ("a", "b", "c")}


def settle_orders(
    columns: list[DateColumn], named: MappingType[str, str], questions: Questions
) -> tuple[dict[str, pl.DataFrame], list[str]]:
    """Give every numeric date of the file its order. ``named``: field -> "day first", ... or a pattern.

    Returns field -> the column's rows with ``moment`` completed (null where the text is no date), and notes. Asks for
    ``date_format`` where an order cannot be told.
    """
    candidates = {(column.name, group): _candidates(column, group) for column in columns for group in column.groups}
    settled = {place: orders[0] for place, orders in candidates.items() if len(orders) == 1}
    notes: list[str] = []
    chosen: dict[tuple[str, str], str] = {}
    for (name, group), orders in candidates.items():
        order = _order_of(named[name]) if name in named else None
        if order is None and len(orders) == 1:
            order = orders[0]
        if order is None and orders:
            elsewhere = {other for (_, same), other in settled.items() if same == group}
            if len(elsewhere) == 1 and (agreed := elsewhere.pop()) in orders:
                order = agreed
                notes.append(f"{name}: dates are {_spoken(agreed)}, like the other dates of the file.")
        if order is not None:
            chosen[name, group] = order
            if name not in named and [order] == orders:
                notes.append(f"{name}: dates are {_spoken(order)}.")
        elif orders:
            key = f"date_formats.{name}" if len(columns) > 1 else "date_format"
            questions.ask(
                f'{name}: dates such as "{_example(columns, name, group)}" can be read in two ways; '
                f"set {key} to {_choices(orders)} (date_format settles all columns at once).",
                key,
            )
    rows = {column.name: _ordered(column, chosen) for column in columns}
    return rows, list(dict.fromkeys(notes))


def _spoken(order: str) -> str:
    return next(words for words, each in ORDERS.items() if each == order)


def _choices(orders: list[str]) -> str:
    return " or ".join(f'"{_spoken(order)}"' for order in orders)


def _order_of(named: str) -> str | None:
    """The order that a mapping's date format states."""
    if named in ORDERS:
        return ORDERS[named]
    found = {"d": named.find("%d"), "m": named.find("%m"), "y": max(named.find("%y"), named.find("%Y"))}
    if "%D" in named:
        return "mdy"
    if "%F" in named or min(found.values()) < 0:
        return None
    return "".join(sorted(found, key=lambda part: found[part]))


def _example(columns: list[DateColumn], name: str, group: str) -> str:
    rows = next(column.rows for column in columns if column.name == name)
    here = rows.filter(pl.col("group") == group)
    open_ones = here.filter((pl.col("a") <= 12) & (pl.col("b") <= 12) & (pl.col("a") != pl.col("b")))
    return str((here if open_ones.is_empty() else open_ones)["text"][0])


def _group(column: DateColumn, group: str) -> pl.DataFrame:
    return column.rows.filter((pl.col("group") == group) & pl.col("a").is_not_null()).select(
        "a", "b", "c", *(_numeric_date(order, group).alias(order) for order in _orders(group))
    )


def _orders(group: str) -> tuple[str, ...]:
    return ("dmy", "mdy", "ymd") if group.endswith("2") else ("dmy", "mdy")


def _numeric_date(order: str, group: str) -> pl.Expr:
    year, month, day = (pl.col(place) for place in _PLACES[order])
    if group.endswith("2"):
        year = year + pl.when(year >= 69).then(1900).otherwise(2000)
    return _date(year.cast(pl.String), month.cast(pl.String), day.cast(pl.String))


def _candidates(column: DateColumn, group: str) -> list[str]:
    """Return the orders in which the dates of a group can be read: one, if the column settles it.

    Empty where no order is needed, because none of the texts is a date or each of them can be read in one way only.
    """
    dates = _group(column, group)
    orders = list(_orders(group))
    readable = dates.filter(pl.any_horizontal(pl.col(order).is_not_null() for order in orders))
    if readable.is_empty():
        return []
    shares = {order: readable[order].count() / readable.height for order in orders}
    fitting = [order for order in orders if shares[order] == 1.0]
    if not fitting:
        best = max(orders, key=lambda order: shares[order])
        if shares[best] >= _MOSTLY:
            return [best]
        fitting = [order for order in orders if shares[order] > 0]
        if "ymd" in fitting and len(fitting) > 1 and shares["ymd"] < max(shares.values()):
            fitting.remove("ymd")
        several = pl.sum_horizontal(pl.col(order).is_not_null().cast(pl.Int32) for order in fitting) > 1
        differing = several & (pl.max_horizontal(*fitting) != pl.min_horizontal(*fitting))
        return fitting if readable.select(differing.any()).item() else []
    fitting = _without_year_first(readable, fitting, group)
    same = all(readable[fitting[0]].equals(readable[order]) for order in fitting[1:])
    return fitting[:1] if same else fitting


def _without_year_first(readable: pl.DataFrame, fitting: list[str], group: str) -> list[str]:
    """Keep or drop the reading that puts a two-digit year first, where another one fits as well."""
    others = [order for order in fitting if order != "ymd"]
    if "ymd" not in fitting or not others:
        return fitting
    if not group.startswith("-"):
        return others

    def span(place: str) -> int:
        return int(readable[place].max() or 0) - int(readable[place].min() or 0)  # type: ignore[arg-type]

    first, last = span("a"), span("c")
    if first > _MOST_YEARS >= last:
        return others
    if last > _MOST_YEARS >= first:
        return ["ymd"]
    return fitting


def _ordered(column: DateColumn, chosen: MappingType[tuple[str, str], str]) -> pl.DataFrame:
    """Complete ``moment`` for the numeric dates: in the chosen order, else where one order alone fits."""
    rows = column.rows
    date = pl.lit(None, pl.Date)
    for group in column.groups:
        order = chosen.get((column.name, group))
        if order is not None:
            read = _numeric_date(order, group)
        else:
            dmy, mdy = _numeric_date("dmy", group), _numeric_date("mdy", group)
            read = pl.when(mdy.is_null() | (mdy == dmy)).then(dmy).when(dmy.is_null()).then(mdy)
        date = pl.when(pl.col("group") == group).then(read).otherwise(date)
    if not column.groups:
        return rows
    numeric = pl.col("group").is_not_null() & pl.col("a").is_not_null() & pl.col("moment").is_null()
    if not rows.select(numeric.any()).item():
        return rows
    return pl.concat(
        [rows.with_row_index("index").filter(~numeric), _with_time(rows.with_row_index("index").filter(numeric), date)]
    ).sort("index")


# ---- Dates and instants ----------------------------------------------------------------------------------------


def days(rows: pl.DataFrame, name: str, file_zone: str, company_zone: str) -> pl.DataFrame:
    """Return ``value`` Date in the company's zone and ``reason`` String.

    An instant is converted before its date is taken. A date without a time stays, and so do the times of a column
    that are midnight throughout: those are dates that a system wrote as times.
    """
    moment = pl.col("moment")
    unzoned = rows.filter(~pl.col("zoned") & moment.is_not_null())["moment"]
    only_dates = unzoned.is_empty() or bool((unzoned == unzoned.dt.truncate("1d")).all())
    if only_dates or file_zone == company_zone:
        wall = moment.dt.date()
    else:
        wall = (
            pl.when("timed")
            .then(_in_utc(moment, file_zone).dt.convert_time_zone(company_zone).dt.date())
            .otherwise(moment.dt.date())
        )
    zoned = moment.dt.replace_time_zone("UTC").dt.convert_time_zone(company_zone).dt.date()
    value = pl.when("zoned").then(zoned).otherwise(wall)
    return _checked(rows, value, name)


def instants(rows: pl.DataFrame, name: str, file_zone: str, company_zone: str) -> pl.DataFrame:
    """Return ``value`` in UTC and ``reason``; a date without a time is midnight in the company's zone."""
    moment = pl.col("moment")
    value = (
        pl.when("zoned")
        .then(moment.dt.replace_time_zone("UTC"))
        .when("timed")
        .then(_in_utc(moment, file_zone))
        .otherwise(_in_utc(moment, company_zone))
    )
    return _checked(rows, value, name)


def _in_utc(moment: pl.Expr, zone: str) -> pl.Expr:
    """A wall clock as UTC: the first of two equal times in autumn; in spring's gap, the hour later."""
    local = moment.dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    later = moment.dt.offset_by("1h").dt.replace_time_zone(zone, ambiguous="earliest", non_existent="null")
    return pl.coalesce(local, later).dt.convert_time_zone("UTC")


def _checked(rows: pl.DataFrame, value: pl.Expr, name: str) -> pl.DataFrame:
    """Null out years that no CRM means, with a reason; the year 9999 ("no end") is no date and no fault."""
    frame = rows.select("text", value=value).with_columns(year=pl.col("value").dt.year())
    outside = ~pl.col("year").is_between(EARLIEST, LATEST)
    endless = pl.col("year") == _ENDLESS
    unread = pl.col("value").is_null() & pl.col("text").is_not_null()
    shown = pl.col("text").str.slice(0, 60)
    return frame.select(
        value=pl.when(outside).then(None).otherwise("value"),
        reason=pl.when(unread)
        .then(pl.format('{} "{}" is not a date; write it as 2026-03-31 or leave it empty.', pl.lit(name), shown))
        .when(outside & ~endless)
        .then(pl.format('{} "{}" is not in the years {} to {}.', pl.lit(name), shown, pl.lit(EARLIEST), pl.lit(LATEST)))
        .otherwise(pl.lit(None, pl.String)),
    )
