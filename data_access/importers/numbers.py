"""Reads numbers and amounts as people and systems write them. The decimal sign is settled by the whole column.

Rules, in this order:

1. A cell is taken apart: sign, brackets, currency, blanks or apostrophes between thousands, ``k``, ``M`` and ``bn``.
2. Every cell that can be read in one way only says which decimal sign the column uses (``95,570.69``, ``1234,5``).
   The majority counts; a tie goes to the dot, which machines write. A column without any such cell takes the sign of
   the other number columns of the file.
3. Where nothing settles it, ``45,000`` is forty-five thousand. ``45.000`` stays open: the row is rejected, or the file
   is refused (key ``decimal``) where that is more than half of the column.
4. A cell that does not fit the column's sign is rejected, never bent into shape.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as MappingType
from dataclasses import dataclass

import polars as pl

from data_access.importers.currencies import CODES, SHARED_SIGNS, SIGNS
from data_access.importers.distinct import by_distinct
from data_access.importers.refusal import Questions
from data_access.importers.text import clean

NOTHING = (
    *("-", "–", "—", "--", "---", "N/A", "n/a", "NA", "n.a.", "none", "None", "NONE", "null", "NULL", "Null", "nil"),
    *("\\N", "(null)", "<null>", "#N/A", "(blank)", "(none)", "unknown", "pending"),
)
# Beyond this an amount is a slip: it would not fit the database in currencies with three decimals.
TOO_LARGE = 1e15
_NOISE = 1e-6

_PLAIN = r"^-?\d+(?:\.\d+)?$"
_FACTORS = {
    **dict.fromkeys(("k", "tsd", "tsd.", "thousand"), 1e3),
    **dict.fromkeys(("m", "mm", "mn", "mio", "mio.", "mln", "million"), 1e6),
    **dict.fromkeys(("b", "bn", "mrd", "mrd.", "billion"), 1e9),
}
_OPEN = r"^[1-9]\d{0,2}[.,]\d{3}$"
# Texts that can only be read with this decimal sign.
_SETTLES = {
    ".": (
        r"^\d{1,3}(?:,\d{2,3})*,\d{3}\.\d*$|^\d{1,3}(?:,\d{2,3})+,\d{3}$|^\d{4,}\.\d*$|^\d*\.\d{0,2}$|^\d*\.\d{4,}$"
        r"|^0+\.\d+$|^\d*\.\d+[eE]"
    ),
    ",": (
        r"^\d{1,3}(?:\.\d{2,3})*\.\d{3},\d*$|^\d{1,3}(?:\.\d{2,3})+\.\d{3}$|^\d{4,},\d*$|^\d*,\d{0,2}$|^\d*,\d{4,}$"
        r"|^0+,\d+$|^\d*,\d+[eE]"
    ),
}
# The same for cells that are digits and a dot: what almost every export holds.
_PLAIN_SETTLES_DOT = r"^-?(?:\d+\.\d{1,2}|\d+\.\d{4,}|\d{4,}\.\d+|0+\.\d+)$"
_PLAIN_OPEN = r"^-?[1-9]\d{0,2}\.\d{3}$"
_FITS = {
    ".": r"^(?:\d+|\d{1,3}(?:,\d{2,3})*,\d{3})?(?:\.\d*)?(?:[eE][+-]?\d{1,3})?$",
    ",": r"^(?:\d+|\d{1,3}(?:\.\d{2,3})*\.\d{3})?(?:,\d*)?(?:[eE][+-]?\d{1,3})?$",
}
_GROUPING = {".": ",", ",": "."}

_PARTS = {"body": pl.String, "negative": pl.Boolean, "factor": pl.Float64, "currency": pl.String, "decimal": pl.String}


@dataclass(frozen=True)
class NumberColumn:
    """A column of numbers taken apart.

    ``text`` holds every cell. ``special`` holds those that are more than digits and a dot: index, text, body (digits
    and separators), negative, factor, currency (a code or a sign) and decimal (the sign of this cell where blanks
    between thousands settle it).
    """

    name: str
    text: pl.Series
    special: pl.DataFrame

    @property
    def filled(self) -> int:
        """How many cells hold anything."""
        return self.text.len() - self.text.null_count()


def take_apart(column: pl.Series) -> NumberColumn:
    """Take the cells of a text column apart; placeholders such as "n/a" or "-" are no numbers and become null."""
    texts = clean(column, NOTHING).alias("text")
    special = (~texts.str.contains(_PLAIN)).fill_null(value=False)
    cells = texts.filter(special)
    index = pl.Series("index", special.arg_true(), dtype=pl.UInt32)
    parts = by_distinct(cells, _special_parts)
    return NumberColumn(column.name, texts, pl.DataFrame([index, cells]).hstack(parts))


def _plain_parts(cells: pl.DataFrame) -> pl.DataFrame:
    """Take plain cells (index, text) apart like special ones."""
    return cells.with_columns(
        body=pl.col("text").str.strip_prefix("-"),
        negative=pl.col("text").str.starts_with("-"),
        factor=pl.lit(1.0),
        currency=pl.lit(None, pl.String),
        decimal=pl.lit(None, pl.String),
    )


def _special_parts(texts: pl.Series) -> pl.DataFrame:
    """Take texts apart that are more than digits and a dot."""
    body = pl.col("body")
    sign = "|".join(sign.replace("$", r"\$").replace(".", r"\.") for sign in sorted(SIGNS, key=len, reverse=True))
    frame = texts.alias("body").to_frame().with_columns(body.str.replace_all(r"[−‒–—﹣－]", "-"))
    frame = frame.with_columns(negative=body.str.contains(r"^\(.*\)$"))
    frame = frame.with_columns(body.str.replace(r"^\((.*)\)$", "${1}"))
    # The sign may stand before or after the currency: -$5, $-5, 5-, -5 €.
    known = [*CODES, *SIGNS]
    before, after = rf"^([-+]?)\s*([A-Z]{{3}}|{sign})", rf"([A-Z]{{3}}|{sign})(\s*-?)$"
    leads = body.str.extract(before, 2).is_in(known).fill_null(False)
    trails = ~leads & body.str.extract(after, 1).is_in(known).fill_null(False)
    frame = frame.with_columns(
        currency=pl.when(leads).then(body.str.extract(before, 2)).when(trails).then(body.str.extract(after, 1)),
        body=pl.when(leads)
        .then(body.str.replace(before, "${1}"))
        .when(trails)
        .then(body.str.replace(after, "${2}"))
        .otherwise(body)
        .str.strip_chars(" "),
    )
    frame = frame.with_columns(negative=pl.col("negative") ^ body.str.contains(r"^-|-$"))
    frame = frame.with_columns(body.str.replace(r"^[-+]\s*|\s*-$", ""))
    frame = frame.with_columns(
        factor=body.str.extract(r"[\d.,]\s?(\p{L}+\.?)$", 1)
        .str.to_lowercase()
        .replace_strict(_FACTORS, default=None, return_dtype=pl.Float64)
        .fill_null(1.0)
    )
    frame = frame.with_columns(
        pl.when(pl.col("factor") != 1.0).then(body.str.replace(r"\s?\p{L}+\.?$", "")).otherwise(body)
    )
    grouped = body.str.contains(r"^\d{1,3}(?:[ '’`]\d{3})+(?:[.,]\d*)?$")
    return frame.with_columns(decimal=pl.when(grouped).then(body.str.extract(r"([.,])\d*$", 1))).select(
        pl.when(grouped).then(body.str.replace_all(r"[ '’`]", "")).otherwise(body).alias("body"),
        *(pl.col(name).cast(dtype) for name, dtype in _PARTS.items() if name != "body"),
    )


# ---- The decimal sign ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Evidence:
    """How many cells of a column can only be read with a dot, only with a comma, or with either."""

    dot: int
    comma: int
    open_dot: int
    open_comma: int

    @property
    def sign(self) -> str | None:
        """The decimal sign that the cells agree on; None where no cell says anything."""
        return None if self.dot == self.comma == 0 else ("," if self.comma > self.dot else ".")


def evidence(column: NumberColumn) -> Evidence:
    """Count what the cells of a column say about its decimal sign."""
    body, own = pl.col("body"), pl.col("decimal")

    def count(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(value=False).sum()

    plain = column.text.to_frame().select(
        dot=count(pl.col("text").str.contains(_PLAIN_SETTLES_DOT)),
        open=count(pl.col("text").str.contains(_PLAIN_OPEN)),
    )
    special = column.special.select(
        dot=count((own == ".") | (own.is_null() & body.str.contains(_SETTLES["."]))),
        comma=count((own == ",") | (own.is_null() & body.str.contains(_SETTLES[","]))),
        open_dot=count(own.is_null() & body.str.contains(_OPEN) & body.str.contains(".", literal=True)),
        open_comma=count(own.is_null() & body.str.contains(_OPEN) & body.str.contains(",", literal=True)),
    )
    dot, comma, open_dot, open_comma = special.row(0)
    return Evidence(dot + plain["dot"][0], comma, open_dot + plain["open"][0], open_comma)


def decimal_signs(
    columns: MappingType[str, NumberColumn], named: str | None, questions: Questions
) -> tuple[dict[str, str | None], list[str]]:
    """Settle the decimal sign of every number column of a file together.

    Returns field -> sign, None where ``45.000`` stays open, and notes. Asks for ``decimal`` where more than half of a
    column stays open.
    """
    if named is not None:
        return dict.fromkeys(columns, named), []
    found = {name: evidence(column) for name, column in columns.items()}
    pooled = Evidence(sum(e.dot for e in found.values()), sum(e.comma for e in found.values()), 0, 0).sign
    signs: dict[str, str | None] = {}
    notes = []
    for name, seen in found.items():
        sign = seen.sign or pooled
        if sign is None and seen.open_comma and not seen.open_dot:
            sign = "."
            notes.append(f"{name}: the comma was read as a thousands separator (set decimal to change it).")
        elif sign is None and seen.open_dot * 2 > columns[name].filled:
            questions.ask(
                f'{name}: numbers such as "{_example(columns[name])}" can be read in two ways; '
                'set decimal to "." or ",".',
                "decimal",
            )
        elif sign == ",":
            notes.append(f"{name}: the comma is the decimal sign.")
        signs[name] = sign
    return signs, notes


def _example(column: NumberColumn) -> str:
    open_ones = column.special.filter(pl.col("body").str.contains(_OPEN))["text"]
    plain = column.text.filter(column.text.str.contains(_PLAIN_OPEN).fill_null(value=False))
    return str((plain if open_ones.is_empty() else open_ones)[0])


# ---- The values ------------------------------------------------------------------------------------------------


def numbers(column: NumberColumn, sign: str | None) -> pl.DataFrame:
    """Return ``value`` Float64 and ``reason`` String (null where the cell is sound or empty)."""
    return _values(column, sign, None, lambda cells: _as_float(_canonical(cells, column.name, sign), column.name))


def minor_units(column: NumberColumn, sign: str | None, exponents: pl.Series) -> pl.DataFrame:
    """Return ``value`` Int64 in minor units and ``reason`` String; ``exponents`` holds each row's decimals.

    Digits are kept exactly. What remains beyond the minor unit is dropped where it is float noise (less than a
    millionth of the unit) and a reason to reject where it is not.
    """
    several = exponents.n_unique() > 1
    unit = 0.0 if several or exponents.is_empty() else float(10 ** int(exponents[0]))

    def exactly(cells: pl.DataFrame) -> pl.DataFrame:
        parts = _canonical(cells, column.name, sign).with_columns(exponent=exponents.gather(cells["index"]))
        pieces = [
            _minor_for(parts.filter(pl.col("exponent") == exponent), column.name, int(exponent))
            for exponent in parts["exponent"].unique().to_list()
        ]
        return pl.concat(pieces) if pieces else parts.select("index", value=pl.lit(0, pl.Int64), reason="reason")

    read = _values(column, sign, unit, exactly)
    return read.with_columns(pl.col("value").cast(pl.Int64))


# Up to here ``value * unit`` as a float is closer to the true amount than the noise that is forgiven.
_EXACT_IN_FLOATS = 1e10


def _values(
    column: NumberColumn, sign: str | None, unit: float | None, carefully: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    """Read plain cells at once, and the others ``carefully`` (index, text ... -> index, value, reason).

    ``unit``: minor units to the unit, None for plain numbers, 0 to send every cell through ``carefully``.
    """
    text = pl.col("text")
    frame = column.text.to_frame().with_row_index("index")
    # With a comma as the decimal sign, or none settled, a dot is not to be taken at its word.
    trusted = text.str.contains(_PLAIN) if sign == "." else text.str.contains(r"^-?\d+$")
    plain = pl.when(trusted).then(text).cast(pl.Float64, strict=False) * (1.0 if unit is None else unit)
    frame = frame.with_columns(value=plain + 0.0)
    if unit is not None:
        rounded = pl.col("value").round()
        noise = (pl.col("value") - rounded).abs() > _NOISE * unit
        frame = frame.with_columns(value=pl.when(~noise).then(rounded))
    sound = pl.col("value").abs() < (-1.0 if unit == 0 else _EXACT_IN_FLOATS)
    left = frame.filter(text.is_not_null() & ~sound.fill_null(value=False))
    if left.is_empty():
        return frame.select("value", reason=pl.lit(None, pl.String))
    special = column.special.join(left.select("index"), on="index", how="semi")
    others = left.select("index", "text").join(column.special.select("index"), on="index", how="anti")
    careful = carefully(pl.concat([special, _plain_parts(others).select(special.columns)]))
    # Not by way of floats: they hold no more than fifteen digits.
    kind = pl.Float64 if unit is None else pl.Int64
    return (
        frame.select("index", pl.when(sound).then("value").cast(kind))
        .join(
            careful.select("index", "reason", careful=pl.col("value").cast(kind)),
            on="index",
            how="left",
            maintain_order="left",
        )
        .select(pl.coalesce("value", "careful"), "reason")
    )


def _as_float(parts: pl.DataFrame, name: str) -> pl.DataFrame:
    value = pl.col("canonical").cast(pl.Float64, strict=False) * pl.col("factor") * _signed()
    too_large = pl.col("value").abs() >= TOO_LARGE
    return parts.with_columns(value=value + 0.0).select(
        "index",
        value=pl.when(~too_large).then("value"),
        reason=pl.coalesce("reason", _reason(name, too_large, "is too large")),
    )


def _canonical(parts: pl.DataFrame, name: str, sign: str | None) -> pl.DataFrame:
    """Add ``canonical`` (digits with a dot, null where unreadable) and the first ``reason``."""
    body = pl.col("body")
    own = pl.col("decimal").fill_null(sign or ".")
    fits = {each: (own == each) & body.str.contains(_FITS[each]) & body.str.contains(r"\d") for each in _FITS}
    open_ = body.str.contains(_OPEN) & pl.col("decimal").is_null() & pl.lit(sign is None)
    canonical: pl.Expr = pl.lit(None, pl.String)
    for each, condition in fits.items():
        plain = body.str.replace_all(_GROUPING[each], "", literal=True).str.replace(",", ".", literal=True)
        canonical = pl.when(condition & ~open_).then(plain).otherwise(canonical)
    parts = parts.with_columns(canonical=canonical, unsettled=open_)
    wrong = pl.col("canonical").is_null() & pl.col("text").is_not_null()
    two_ways = pl.format(
        '{} "{}" can be read in two ways; set decimal to "." or "," in the mapping.', pl.lit(name), _shown()
    )
    return parts.with_columns(
        reason=pl.when(wrong & pl.col("unsettled"))
        .then(two_ways)
        .otherwise(_reason(name, wrong, "is not a number that fits its column"))
    )


def _signed() -> pl.Expr:
    return pl.when(pl.col("negative")).then(-1).otherwise(1)


def _reason(name: str, condition: pl.Expr, what: str) -> pl.Expr:
    text = pl.format('{} "{}" {}; correct it or leave the cell empty.', pl.lit(name), _shown(), pl.lit(what))
    return pl.when(condition).then(text).otherwise(pl.lit(None, pl.String))


def _shown() -> pl.Expr:
    return pl.col("text").str.slice(0, 60)


def _minor_for(parts: pl.DataFrame, name: str, exponent: int) -> pl.DataFrame:
    """Convert the rows whose currency has ``exponent`` decimals."""
    exact = (pl.col("factor") == 1.0) & ~pl.col("canonical").str.contains("[eE]")
    whole = pl.col("canonical").str.extract(r"^0*(\d*)", 1)
    fraction = pl.col("canonical").str.extract(r"\.(\d*)", 1).fill_null("")
    unit = 10**exponent
    digits = pl.concat_str(whole, fraction.str.slice(0, exponent).str.pad_end(exponent, "0"))
    rest = pl.concat_str(pl.lit("0."), fraction.str.slice(exponent), pl.lit("0")).cast(pl.Float64, strict=False)
    scaled = pl.col("canonical").cast(pl.Float64, strict=False) * pl.col("factor") * unit
    frame = parts.with_columns(
        too_large=pl.when(exact).then(whole.str.len_bytes() > 15).otherwise(scaled.abs() >= TOO_LARGE * unit),
        digits=pl.when(digits == "").then(pl.lit("0")).otherwise(digits).cast(pl.Int64, strict=False),
        rest=rest,
        scaled=scaled,
        exact=exact,
    ).with_columns(rounded=pl.col("scaled").round().cast(pl.Int64, strict=False))
    noise = _NOISE * unit
    frame = frame.with_columns(
        minor=pl.when("exact")
        .then(pl.col("digits") + (pl.col("rest") > 0.5).cast(pl.Int64))
        .otherwise(pl.col("rounded")),
        excess=pl.when("exact")
        .then(pl.min_horizontal(pl.col("rest"), 1 - pl.col("rest")) > noise)
        .otherwise((pl.col("scaled") - pl.col("rounded")).abs() > noise),
    )
    decimals = "more decimals than its currency has"
    return frame.select(
        "index",
        value=pl.when(~pl.col("too_large") & ~pl.col("excess")).then(pl.col("minor") * _signed()),
        reason=pl.coalesce(
            "reason",
            _reason(name, pl.col("too_large"), "is too large"),
            _reason(name, pl.col("excess"), f"has {decimals}"),
        ),
    )


def currencies_of(column: NumberColumn, default: str | None) -> pl.Series:
    """Return the ISO code that stands in each cell, null where none does.

    A sign that several currencies share means the ``default`` currency where that is one of them.
    """
    nowhere = pl.Series("currency", [None], dtype=pl.String).new_from_index(0, column.text.len())
    named = column.special.filter(pl.col("currency").is_not_null())
    if named.is_empty():
        return nowhere
    shared = {sign: default if default in codes else SIGNS[sign] for sign, codes in SHARED_SIGNS.items()}
    return nowhere.scatter(named["index"], named["currency"].replace({**SIGNS, **shared}))
